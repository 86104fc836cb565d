//! Requests a second for the sites of ten thousand owners, beside nginx with the same files, the same
//! load, the same number of threads, one after the other.

use std::convert::Infallible;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, ensure};
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use sitespark_core::clock::{Clock, SystemClock};
use sitespark_core::db::Db;
use sitespark_core::ids::{Tokens, WorkspaceId};
use sitespark_core::site::{BuiltFile, Subdomain, compile_pages};
use sitespark_core::sites::{self, Encoded, Pack, PackedFile};
use sitespark_core::users::{self, Welcome};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

use crate::pages::{documents, place};
use crate::program::{free_address, start_once};
use crate::report::{Aim, Report};

const SITES: usize = 10_000;
/// Sites that share one transaction while they are made.
const BATCH: usize = 500;
/// Share of nginx's rate that is wanted.
const SHARE: f64 = 1.3;
/// Threads either server answers with.
const THREADS: &str = "2";
/// Connections that ask at once.
const CONNECTIONS: &str = "64";
const WARM_UP: &str = "6s";
const LASTING: &str = "10s";
/// Bytes before a pack's files that make it this site's own.
const MARK_BYTES: u64 = 16;
/// Files nginx keeps open: all that are asked for, within the usual hard limit of 20,000. The home
/// page is named by a rewrite, so that it opens the compressed file alone.
const MOST_CACHED: usize = SITES + SITES / 2;
const NGINX: &str = "/usr/sbin/nginx";
/// What the program sends with every page, so that both send the same.
const SAFETY: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "strict-origin-when-cross-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ("cross-origin-opener-policy", "same-origin"),
    ("origin-agent-cluster", "?1"),
];

pub(crate) fn all(report: &mut Report) -> anyhow::Result<()> {
    if !Path::new(NGINX).exists() || Command::new("wrk").arg("-v").output().is_err() {
        eprintln!("  nginx or wrk is not installed: the host is left out");
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let csp = runtime.block_on(make_sites(folder.path()))?;
    let script = folder.path().join("wrk.lua");
    std::fs::write(&script, wrk_script())?;
    let ours = {
        let (_, program) =
            start_once(folder.path(), &[("TOKIO_WORKER_THREADS", THREADS), ("LOG", "error")])?;
        let url = format!("http://{}/", program.address);
        let rate = ask(&url, &script)?;
        let memory = program.memory_mb().context("the program's memory cannot be read")?;
        report.add("host: memory with 10,000 sites asked for", memory, "MB", Aim::None);
        rate
    };
    let bare = {
        let server = Bare::start(&csp)?;
        ask(&server.url, &script)?
    };
    let theirs = {
        let server = Nginx::start(folder.path(), &csp)?;
        ask(&server.url, &script)?
    };
    report.add(
        "host: requests a second, 10,000 sites",
        ours,
        "/s",
        Aim::Peer("nginx", theirs, SHARE),
    );
    report.add("host: one answer from memory, hyper alone", bare, "/s", Aim::None);
    Ok(())
}

/// Writes sites, their packs and the same files as folders; answers the policy pages are sent with.
async fn make_sites(folder: &Path) -> anyhow::Result<String> {
    let db = Db::open(&format!("sqlite://{}", folder.join("sitespark.db").display())).await?;
    db.migrate().await?;
    let document = documents()?.swap_remove(0);
    let built = compile_pages(&document, &place())?;
    let csp = "default-src 'none'; img-src 'self' data:; style-src 'self'; manifest-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'";
    let pack = Pack::build(&built.files, csp.to_owned(), "bench");
    let now_ms = SystemClock.now_ms();
    let mut workspace = None;
    for first in (0..SITES).step_by(BATCH) {
        let mut tx = db.begin().await?;
        for number in first..first + BATCH {
            let owner = match workspace {
                Some(owner) => owner,
                None => *workspace.insert(owner(&mut tx, now_ms).await?),
            };
            let own = own_pack(&pack, number);
            let key = folder.join("objects").join(Pack::key(&own.digest));
            write(&key, &own.bytes)?;
            write_folder(folder, number, &built.files, &pack)?;
            let name = Subdomain::parse(&format!("toko{number}"))?;
            let site = sites::create_site(&mut tx, owner, "Toko", &name, now_ms).await?;
            sites::publish(
                &mut tx,
                site,
                sites::Change::Next,
                &document,
                &own,
                &format!("bench:{number}"),
                now_ms,
            )
            .await?;
        }
        tx.commit().await?;
    }
    db.close().await;
    Ok(csp.to_owned())
}

async fn owner(tx: &mut sitespark_core::db::Tx, now_ms: i64) -> anyhow::Result<WorkspaceId> {
    let welcome = Welcome {
        channel: "terminal",
        external_id: "bench",
        name: None,
        phone: None,
        language: sitespark_core::brief::Language::default(),
    };
    Ok(users::welcome(tx, &welcome, Tokens(0), now_ms).await?.workspace)
}

/// The same files in an object of this site's own.
fn own_pack(pack: &Pack, number: usize) -> Pack {
    let mut own = pack.clone();
    own.digest = format!("{number:064x}");
    own.bytes = format!("{number:0width$}", width = MARK_BYTES as usize).into_bytes();
    own.bytes.extend_from_slice(&pack.bytes);
    let moved = |(at, length): (u64, u64)| (at + MARK_BYTES, length);
    for file in own.manifest.files.values_mut() {
        file.plain = moved(file.plain);
        file.br = file.br.map(moved);
        file.gzip = file.gzip.map(moved);
    }
    own
}

/// The home page as nginx wants it: plain and, beside it, compressed before.
fn write_folder(
    folder: &Path,
    number: usize,
    files: &[BuiltFile],
    pack: &Pack,
) -> anyhow::Result<()> {
    let root = folder.join("www").join(format!("toko{number}.sites.test"));
    let home = files.iter().find(|file| file.path == "/index.html").context("a home page")?;
    write(&root.join("index.html"), &home.bytes)?;
    let packed: &PackedFile = pack.manifest.files.get("/").context("a packed home page")?;
    let (at, length) = packed.range(Encoded::Gzip).context("a compressed home page")?;
    let range = usize::try_from(at)?..usize::try_from(at + length)?;
    write(&root.join("index.html.gz"), &pack.bytes[range])
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::create_dir_all(path.parent().context("a folder")?)?;
    Ok(std::fs::write(path, bytes)?)
}

/// Every request is for another site; both servers see the same sequence.
fn wrk_script() -> String {
    format!(
        "math.randomseed(7)\nlocal requests = {{}}\ninit = function(args)\n  for i = 0, {last} do\n    \
         requests[i] = wrk.format('GET', '/', {{ ['Host'] = 'toko' .. i .. '.sites.test', ['Accept-Encoding'] = 'gzip' }})\n  \
         end\nend\nrequest = function()\n  return requests[math.random(0, {last})]\nend\n",
        last = SITES - 1
    )
}

/// Warms a server up, then counts its answers a second.
fn ask(url: &str, script: &Path) -> anyhow::Result<f64> {
    run_wrk(url, script, WARM_UP)?;
    let said = run_wrk(url, script, LASTING)?;
    ensure!(!said.contains("Non-2xx"), "not every answer was a success:\n{said}");
    let rate = said.lines().find_map(|line| line.strip_prefix("Requests/sec:"));
    Ok(rate.context("wrk told no rate")?.trim().parse()?)
}

fn run_wrk(url: &str, script: &Path, lasting: &str) -> anyhow::Result<String> {
    let output = Command::new("wrk")
        .args(["-t1", "-c", CONNECTIONS, "-d", lasting, "-s"])
        .arg(script)
        .arg(url)
        .output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(output.status.success(), "wrk failed: {said}");
    Ok(said)
}

/// The same answer whoever asks, by the HTTP library alone: what is left to win above it.
struct Bare {
    // Its connections end with it.
    _runtime: Runtime,
    url: String,
}

impl Bare {
    fn start(csp: &str) -> anyhow::Result<Self> {
        let threads = THREADS.parse()?;
        let runtime = Builder::new_multi_thread().worker_threads(threads).enable_all().build()?;
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0)))?;
        let url = format!("http://{}/", listener.local_addr()?);
        let (headers, page) = bare_answer(csp)?;
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (headers, page) = (headers.clone(), page.clone());
                let service = service_fn(move |_| {
                    let mut answer = Response::new(Body::from(page.clone()));
                    answer.headers_mut().clone_from(&headers);
                    async move { Ok::<_, Infallible>(answer) }
                });
                // Whoever asks is gone when a connection breaks off.
                let serving = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                tokio::spawn(async move { drop(serving.await) });
            }
        });
        Ok(Self { _runtime: runtime, url })
    }
}

/// A home page as both servers send it.
fn bare_answer(csp: &str) -> anyhow::Result<(HeaderMap, Bytes)> {
    let built = compile_pages(&documents()?.swap_remove(0), &place())?;
    let home = built.files.iter().find(|file| file.path == "/index.html").context("a home page")?;
    let own = [
        ("content-security-policy", csp),
        ("content-type", "text/html; charset=utf-8"),
        ("content-encoding", "gzip"),
        ("accept-ranges", "bytes"),
        ("etag", "\"00000000000000000000000000000000-gz\""),
        ("vary", "Accept-Encoding"),
        ("cache-control", "no-cache"),
    ];
    let mut headers = HeaderMap::new();
    for (name, value) in own.into_iter().chain(SAFETY) {
        headers.insert(HeaderName::from_bytes(name.as_bytes())?, HeaderValue::from_str(value)?);
    }
    Ok((headers, Bytes::from(sites::gzip(&home.bytes))))
}

/// A running nginx of this run's own.
struct Nginx {
    server: Child,
    url: String,
}

impl Nginx {
    fn start(folder: &Path, csp: &str) -> anyhow::Result<Self> {
        let address = free_address()?;
        let config = folder.join("nginx.conf");
        std::fs::write(&config, nginx_config(folder, &address.to_string(), csp)?)?;
        let server = Command::new(NGINX)
            .arg("-p")
            .arg(folder)
            .arg("-c")
            .arg(&config)
            .stderr(Stdio::inherit())
            .spawn()?;
        // It listens before it tells; wrk's own connecting would fail a moment too early.
        std::thread::sleep(Duration::from_secs(1));
        Ok(Self { server, url: format!("http://{address}/") })
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // A quick, orderly end takes the workers along.
        let _told = Command::new("kill").arg("-TERM").arg(self.server.id().to_string()).status();
        let _waited = self.server.wait();
    }
}

fn nginx_config(folder: &Path, address: &str, csp: &str) -> anyhow::Result<String> {
    let mut headers = format!("add_header content-security-policy \"{csp}\";\n");
    for (name, value) in SAFETY {
        writeln!(headers, "add_header {name} \"{value}\";")?;
    }
    headers
        .push_str("add_header vary \"Accept-Encoding\";\nadd_header cache-control \"no-cache\";\n");
    let folder = folder.display();
    Ok(format!(
        "daemon off;\nworker_processes {THREADS};\npid {folder}/nginx.pid;\nerror_log {folder}/nginx.log;\n\
         user root;\nworker_rlimit_nofile 20000;\nevents {{ worker_connections 1024; }}\n\
         http {{\naccess_log off;\nsendfile on;\ntcp_nopush on;\ntcp_nodelay on;\nkeepalive_requests 100000000;\n\
         types {{ text/html html; }}\ncharset utf-8;\ngzip_static on;\n\
         open_file_cache max={MOST_CACHED} inactive=10m;\nopen_file_cache_valid 10m;\nopen_file_cache_errors on;\n\
         server {{\nlisten {address} reuseport;\nserver_name ~^(?<site>[a-z0-9-]+\\.sites\\.test)$;\n\
         root {folder}/www/$site;\nlocation = / {{ rewrite ^ /index.html break; }}\n{headers}}}\n}}\n"
    ))
}
