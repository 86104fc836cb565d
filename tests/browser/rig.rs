//! The processes of the browser journey: the program, chromedriver and one headless Chromium.
//!
//! Everything is on this machine: names other than localhost do not resolve inside the browser.
//! Never ends a process it did not start.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, ensure};
use axum::http::Method;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use url::Url;

const CHROMIUM: &str = "/usr/bin/chromium";
const CHROMEDRIVER: &str = "/usr/bin/chromedriver";
/// Longest any one thing is waited for.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
/// Longest the program gets to put its work down.
const DRAIN: Duration = Duration::from_secs(25);
/// Lines a process may print before the one that is waited for.
const MOST_LINES: usize = 100;

/// Whether this machine has what the journeys need; where it must have it, an error.
pub(crate) fn is_ready() -> anyhow::Result<bool> {
    if let Some(path) = [CHROMIUM, CHROMEDRIVER].into_iter().find(|path| !Path::new(path).exists())
    {
        ensure!(std::env::var("CI").as_deref() != Ok("true"), "{path} is not installed");
        println!("skipped: {path} is not installed");
        return Ok(false);
    }
    sitespark::init_tls();
    Ok(true)
}

/// A running program on a data folder of its own.
pub(crate) struct Program {
    child: Option<Child>,
    /// The one port of everything.
    pub(crate) port: u16,
    data: tempfile::TempDir,
}

impl Program {
    /// Starts `sitespark serve` on an empty folder and waits until it says where it listens.
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let data = tempfile::tempdir()?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut program = Self { child: None, port, data };
        program.begin().await?;
        Ok(program)
    }

    /// Starts it on what is there, where it was before.
    pub(crate) async fn begin(&mut self) -> anyhow::Result<()> {
        let (port, data) = (self.port, self.data.path());
        let mut child = Command::new(env!("CARGO_BIN_EXE_sitespark"))
            .arg("serve")
            .current_dir(data)
            .env_clear()
            .env("LISTEN", format!("127.0.0.1:{port}"))
            .env("DATA_DIR", data)
            .env("PUBLIC_URL", format!("http://localhost:{port}"))
            .env("SITES_DOMAIN", format!("localhost:{port}"))
            .env("CHROMIUM_PATH", "off")
            .env("LOG", "warn")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("the program does not start")?;
        let said = child.stdout.take().expect("standard output is piped");
        self.child = Some(child);
        line_with(said, "Open http://").await?;
        Ok(())
    }

    /// The address of the page with the chat.
    pub(crate) fn page(&self) -> String {
        format!("http://localhost:{}/?lang=id", self.port)
    }

    /// The address of a site.
    pub(crate) fn site(&self, name: &str) -> String {
        format!("http://{name}.localhost:{}/", self.port)
    }

    /// Asks it to end, and expects that it drains and says all is well.
    pub(crate) async fn end(&mut self) -> anyhow::Result<()> {
        let mut child = self.child.take().context("the program does not run")?;
        let pid = child.id().context("the program ended by itself")?;
        tell_to_end(u64::from(pid)).await?;
        let ended = tokio::time::timeout(DRAIN, child.wait()).await??;
        ensure!(ended.success(), "the program ended with {ended}");
        Ok(())
    }
}

/// Chromedriver and the browser it leads.
pub(crate) struct Browser {
    driver: Child,
    chromium_pid: Option<u64>,
    /// Says what to do to the browser.
    pub(crate) client: Client,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Opens an empty browser that logs its console and its requests.
    pub(crate) async fn open() -> anyhow::Result<Self> {
        let profile = tempfile::tempdir()?;
        let mut driver = Command::new(CHROMEDRIVER)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("chromedriver does not start")?;
        let said = driver.stdout.take().expect("standard output is piped");
        let line = line_with(said, "started successfully on port ").await?;
        let port = line.rsplit(' ').next().unwrap_or_default().trim_end_matches('.');
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wishes(profile.path()))
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .context("chromium does not open")?;
        let chromium_pid =
            client.capabilities().and_then(|all| all.get("goog:processID")).and_then(Value::as_u64);
        Ok(Self { driver, chromium_pid, client, _profile: profile })
    }

    /// Closes the browser, by its process id when it does not listen any more.
    pub(crate) async fn close(mut self) -> anyhow::Result<()> {
        let closed = tokio::time::timeout(PATIENCE, self.client.close()).await;
        if !matches!(closed, Ok(Ok(())))
            && let Some(pid) = self.chromium_pid
        {
            tell_to_end(pid).await?;
        }
        self.driver.kill().await.context("chromedriver does not end")
    }
}

/// The window every step looks through.
#[derive(Clone)]
pub(crate) struct Window {
    client: Client,
    shots: PathBuf,
    /// Addresses the browser asked for, as far as its log was read.
    asked: Arc<Mutex<Vec<String>>>,
}

impl Window {
    /// Looks through this browser; pictures go to the folder for a target's temporary files.
    pub(crate) fn of(browser: &Browser) -> anyhow::Result<Self> {
        let shots = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
        std::fs::create_dir_all(&shots)?;
        println!("pictures: {}", shots.display());
        Ok(Self { client: browser.client.clone(), shots, asked: Arc::default() })
    }

    /// Makes the window this wide and high, as a phone or as a desk.
    pub(crate) async fn resize(&self, width: u32, height: u32) -> anyhow::Result<()> {
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600,
        });
        let command = json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": metrics });
        self.post("goog/cdp/execute", command).await?;
        Ok(())
    }

    /// Runs a script in every page from now on, before the page's own.
    pub(crate) async fn before_each_page(&self, script: &str) -> anyhow::Result<()> {
        let params = json!({ "source": script });
        let command = json!({ "cmd": "Page.addScriptToEvaluateOnNewDocument", "params": params });
        self.post("goog/cdp/execute", command).await?;
        Ok(())
    }

    /// Opens an address.
    pub(crate) async fn open(&self, address: &str) -> anyhow::Result<()> {
        self.client.goto(address).await.with_context(|| format!("{address} does not open"))
    }

    /// Loads the page again.
    pub(crate) async fn reload(&self) -> anyhow::Result<()> {
        Ok(self.client.refresh().await?)
    }

    /// Waits until something fits this XPath, then taps it.
    pub(crate) async fn tap(&self, path: &str) -> anyhow::Result<()> {
        let found = self.wait(path).await?;
        // Pages scroll smoothly; a tap must not land where the element was on the way.
        let still = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
        self.client.execute(still, vec![serde_json::to_value(&found)?]).await?;
        found.click().await.with_context(|| format!("{path} cannot be tapped"))
    }

    /// Waits until something fits this XPath.
    pub(crate) async fn wait(&self, path: &str) -> anyhow::Result<fantoccini::elements::Element> {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::XPath(path)).await;
        if found.is_err() {
            self.picture("what-was-there-instead").await?;
        }
        found.with_context(|| format!("nothing on the page fits {path}"))
    }

    /// Types into what fits this XPath.
    pub(crate) async fn write(&self, path: &str, text: &str) -> anyhow::Result<()> {
        Ok(self.wait(path).await?.send_keys(text).await?)
    }

    /// Presses keys where the focus is.
    pub(crate) async fn press(&self, keys: &str) -> anyhow::Result<()> {
        Ok(self.client.active_element().await?.send_keys(keys).await?)
    }

    /// The first page of the frame becomes what the steps see.
    pub(crate) async fn enter_frame(&self, path: &str) -> anyhow::Result<()> {
        Ok(self.wait(path).await?.enter_frame().await?)
    }

    /// Back out of the frame.
    pub(crate) async fn leave_frame(&self) -> anyhow::Result<()> {
        Ok(self.client.clone().enter_parent_frame().await?)
    }

    /// What a script returns.
    pub(crate) async fn ask(&self, script: &str) -> anyhow::Result<Value> {
        Ok(self.client.execute(script, Vec::new()).await?)
    }

    /// All text of the page that a person can read.
    pub(crate) async fn text(&self) -> anyhow::Result<String> {
        let text = self.ask("return document.body.innerText").await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Keeps what the window shows as a picture.
    pub(crate) async fn picture(&self, name: &str) -> anyhow::Result<()> {
        let png = self.client.screenshot().await?;
        Ok(std::fs::write(self.shots.join(format!("{name}.png")), png)?)
    }

    /// Fails when the page can be pushed sideways.
    pub(crate) async fn expect_no_overflow(&self) -> anyhow::Result<()> {
        let over = self
            .ask("const d = document.documentElement; return d.scrollWidth - d.clientWidth")
            .await?;
        ensure!(over == 0, "the page is {over} px wider than the window");
        Ok(())
    }

    /// Faults in the console, breaches of the content policy among them.
    pub(crate) async fn faults(&self) -> anyhow::Result<Vec<String>> {
        let lines = self.log("browser").await?;
        let faults = lines.iter().filter(|line| line["level"] == "SEVERE");
        Ok(faults.map(|line| line["message"].to_string()).collect())
    }

    /// Where requests went so far: `host:port`.
    pub(crate) async fn hosts(&self) -> anyhow::Result<BTreeSet<String>> {
        self.read_requests().await?;
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let mut hosts = BTreeSet::new();
        for address in asked.iter() {
            let url = Url::parse(address)?;
            if matches!(url.scheme(), "http" | "https" | "ws" | "wss") {
                hosts.insert(url.authority().to_owned());
            }
        }
        Ok(hosts)
    }

    /// Waits until the browser has asked for an address that begins so.
    pub(crate) async fn asked_for(&self, begin: &str) -> anyhow::Result<String> {
        let search = async {
            loop {
                self.read_requests().await?;
                let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone();
                if let Some(found) = asked.into_iter().find(|one| one.starts_with(begin)) {
                    return anyhow::Ok(found);
                }
            }
        };
        let found = tokio::time::timeout(PATIENCE, search).await;
        found.with_context(|| format!("the browser never asked for {begin}"))?
    }

    /// Keeps the addresses the log tells of; reading empties it.
    async fn read_requests(&self) -> anyhow::Result<()> {
        for line in self.log("performance").await? {
            let event: Value = serde_json::from_str(line["message"].as_str().unwrap_or_default())?;
            let event = &event["message"];
            if event["method"] == "Network.requestWillBeSent" {
                let address = event["params"]["request"]["url"].as_str().unwrap_or_default();
                let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
                asked.push(address.to_owned());
            }
        }
        Ok(())
    }

    async fn log(&self, kind: &str) -> anyhow::Result<Vec<Value>> {
        let lines = self.post("se/log", json!({ "type": kind })).await?;
        lines.as_array().cloned().context("a log is a list")
    }

    async fn post(&self, path: &'static str, body: Value) -> anyhow::Result<Value> {
        Ok(self.client.issue_cmd(DriverCommand { path, body }).await?)
    }
}

/// A command of chromedriver that the standard does not have.
#[derive(Debug)]
struct DriverCommand {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for DriverCommand {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

fn wishes(profile: &Path) -> serde_json::Map<String, Value> {
    let flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--no-proxy-server",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1",
    ];
    let mut args: Vec<Value> = flags.into_iter().map(Value::from).collect();
    args.push(format!("--user-data-dir={}", profile.display()).into());
    let wishes = json!({
        "browserName": "chrome",
        "goog:chromeOptions": { "binary": CHROMIUM, "args": args },
        "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
    });
    wishes.as_object().cloned().expect("written as an object above")
}

async fn tell_to_end(pid: u64) -> anyhow::Result<()> {
    let told = Command::new("kill").arg(pid.to_string()).status().await?;
    ensure!(told.success(), "process {pid} could not be told to end");
    Ok(())
}

async fn line_with(
    out: impl AsyncRead + Unpin + Send + 'static,
    wanted: &str,
) -> anyhow::Result<String> {
    let mut lines = BufReader::new(out).lines();
    let search = async {
        for _ in 0..MOST_LINES {
            let line = lines.next_line().await?.context("it ended before it was ready")?;
            if line.contains(wanted) {
                return Ok(line);
            }
        }
        anyhow::bail!("it never said {wanted:?}")
    };
    let found = tokio::time::timeout(PATIENCE, search).await.context("it was not ready in time")?;
    // What it prints later is read and forgotten, so that its pipe never fills or breaks.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    found
}
