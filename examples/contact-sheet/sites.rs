//! The sites as this program publishes and serves them, in a data folder of their own, and as folders.

use std::path::Path;

use anyhow::Context;
use metrics_exporter_prometheus::PrometheusBuilder;
use sitespark::config::Settings;
use sitespark::house::House;
use sitespark::http::run_http;
use sitespark::serve::{ALL_ROLES, build_front};
use sitespark_core::brief::Language;
use sitespark_core::generation;
use sitespark_core::ids::{Tokens, WorkspaceId};
use sitespark_core::photos;
use sitespark_core::site::Subdomain;
use sitespark_core::site::document::Document;
use sitespark_core::sites::{self, Change, Pack, PackedFile};
use sitespark_core::testing::briefs::{self, Case};
use sitespark_core::users::{self, Welcome};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// When the sites say they were last changed.
const UPDATED_AT_MS: i64 = 1_820_000_000_000;

/// A house with nothing in it but the sites.
pub(crate) struct Shelf {
    house: House,
    owner: WorkspaceId,
    /// Goes when the house does.
    _data: tempfile::TempDir,
}

impl Shelf {
    /// An empty one, which will answer on this port.
    pub(crate) async fn open(port: u16) -> anyhow::Result<Self> {
        sitespark::init_tls();
        let data = tempfile::tempdir()?;
        let settings = Settings::read(&|name| match name {
            "LISTEN" => Some(format!("127.0.0.1:{port}")),
            "DATA_DIR" => Some(data.path().display().to_string()),
            "PUBLIC_URL" => Some(format!("http://localhost:{port}")),
            "SITES_DOMAIN" => Some(format!("localhost:{port}")),
            _ => None,
        })?;
        let house = House::open(settings).await?;
        let mut tx = house.db.begin().await?;
        let who = Welcome {
            channel: "contact-sheet",
            external_id: "owner",
            name: None,
            phone: None,
            language: Language::default(),
        };
        let owner = users::welcome(&mut tx, &who, Tokens(0), UPDATED_AT_MS).await?.workspace;
        tx.commit().await?;
        Ok(Self { house, owner, _data: data })
    }

    /// Publishes the sites of briefs and writes their files; answers the names of those that the gate
    /// let through.
    pub(crate) async fn fill(&self, folder: &Path, told: Vec<Told>) -> anyhow::Result<Vec<String>> {
        let mut names = Vec::new();
        for Told { name, text } in told {
            let read = move || match text {
                Some(text) => briefs::read(name, &text),
                None => briefs::case(name),
            };
            let case = tokio::task::spawn_blocking(read).await?;
            match self.publish(&case, &folder.join(name)).await {
                Ok(()) => names.push(name.to_owned()),
                Err(fault) => println!("{name:<16} is not live: {fault:#}"),
            }
        }
        Ok(names)
    }

    async fn publish(&self, case: &Case, folder: &Path) -> anyhow::Result<()> {
        let House { db, objects, publisher, .. } = &self.house;
        for photo in &case.photos {
            // A master is named by its own bytes; cleaning it anew would give another name.
            objects.put(&photos::master_key(&photo.id.0), photo.jpeg.clone().into()).await?;
        }
        let document = generation::sketch(&case.brief);
        let pack = publisher.build(document.clone(), case.name, UPDATED_AT_MS).await?;
        publisher.store(&pack).await?;
        let name = Subdomain::parse(case.name).context("a brief's name is a subdomain")?;
        let business = &document.business.name;
        let mut tx = db.begin().await?;
        let site = sites::create_site(&mut tx, self.owner, business, &name, UPDATED_AT_MS).await?;
        let cause = format!("contact-sheet:{}", case.name);
        let change = Change::Next;
        sites::publish(&mut tx, site, change, &document, &pack, &cause, UPDATED_AT_MS).await?;
        tx.commit().await?;
        save(folder, "/document.json", &serde_json::to_vec_pretty(&document)?)?;
        for (path, file) in &pack.manifest.files {
            save(folder, path, &self.bytes(&pack, file).await?)?;
        }
        tell(case, &document, &pack);
        Ok(())
    }

    async fn bytes(&self, pack: &Pack, file: &PackedFile) -> anyhow::Result<Vec<u8>> {
        if let Some(object) = &file.object {
            return Ok(self.house.objects.get(object).await?.to_vec());
        }
        let (at, length) = (usize::try_from(file.plain.0)?, usize::try_from(file.plain.1)?);
        Ok(pack.bytes[at..at + length].to_vec())
    }

    /// Answers as `sitespark serve` does, until it is dropped: the sites, and the operator's page at
    /// `localhost` itself. Nobody works here, so the chat takes messages and answers none.
    pub(crate) async fn serve(self, listener: TcpListener) -> anyhow::Result<()> {
        let (stop, mut tasks) = (CancellationToken::new(), JoinSet::new());
        let metrics = PrometheusBuilder::new().build_recorder().handle();
        let front = build_front(&self.house, &ALL_ROLES, metrics, &stop, &mut tasks).await?;
        run_http(listener, front, &stop).await;
        Ok(())
    }
}

/// A brief by its name; one of our own where there is no text.
pub(crate) struct Told {
    name: &'static str,
    text: Option<String>,
}

/// The briefs whose name holds `only`: those of a folder, or our own.
pub(crate) fn told(folder: Option<&Path>, only: &str) -> anyhow::Result<Vec<Told>> {
    let Some(folder) = folder else {
        let names = briefs::names().filter(|name| name.contains(only));
        return Ok(names.map(|name| Told { name, text: None }).collect());
    };
    let mut told = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if path.extension().is_some_and(|end| end == "toml") && stem.contains(only) {
            // Names of briefs are as old as the program, and this one ends with them.
            let name = stem.to_owned().leak();
            told.push(Told { name, text: Some(std::fs::read_to_string(&path)?) });
        }
    }
    told.sort_by_key(|one| one.name);
    Ok(told)
}

fn tell(case: &Case, document: &Document, pack: &Pack) {
    let files = &pack.manifest.files;
    let photo_bytes: u64 =
        files.values().filter(|file| file.object.is_some()).map(|file| file.plain.1).sum();
    println!(
        "{:<16} {:<9} {:<8} {:>6} bytes, {} photos in {} bytes",
        case.name,
        document.design.theme,
        document.design.colour,
        files.get("/").map_or(0, |home| home.plain.1),
        case.photos.len(),
        photo_bytes,
    );
}

/// `/menu/` goes to `menu/index.html`.
fn save(folder: &Path, path: &str, bytes: &[u8]) -> anyhow::Result<()> {
    let name = if path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    let path = folder.join(name.trim_start_matches('/'));
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    Ok(std::fs::write(path, bytes)?)
}
