//! One headless Chromium a view, led by chromedriver. Never ends a process it did not start.

use std::path::Path;
use std::process::Stdio;

use anyhow::Context;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};

const CHROMIUM: &str = "/usr/bin/chromium";
const CHROMEDRIVER: &str = "/usr/bin/chromedriver";
/// Lines chromedriver may print before the one with its port.
const LINES_AT_MOST: usize = 50;

/// What the sites are looked at with.
#[derive(Clone, Copy)]
pub(crate) enum View {
    /// 360 wide.
    Phone,
    /// 1280 wide.
    Desk,
}

impl View {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Phone, Self::Desk];

    /// How a picture's file name ends.
    pub(crate) const fn slug(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Desk => "desk",
        }
    }

    const fn size(self) -> (u32, u32) {
        match self {
            Self::Phone => (360, 1620),
            Self::Desk => (1280, 1920),
        }
    }
}

/// What pictures need and this machine lacks.
pub(crate) fn missing() -> Option<&'static str> {
    [CHROMIUM, CHROMEDRIVER].into_iter().find(|path| !Path::new(path).exists())
}

/// Writes `NAME-VIEW.png` of every site.
pub(crate) async fn photograph(
    view: View,
    dark: bool,
    names: &[String],
    port: u16,
    out: &Path,
) -> anyhow::Result<()> {
    let profile = tempfile::tempdir()?;
    let (mut driver, at) = start_driver().await?;
    let client = ClientBuilder::new(HttpConnector::new())
        .capabilities(wishes(view, dark, profile.path()))
        .connect(&format!("http://127.0.0.1:{at}"))
        .await
        .context("chromium does not open")?;
    let taken = take_all(&client, view, names, port, out).await;
    client.close().await?;
    driver.kill().await?;
    taken
}

async fn take_all(
    client: &Client,
    view: View,
    names: &[String],
    port: u16,
    out: &Path,
) -> anyhow::Result<()> {
    const ALL_PICTURES: &str = "const done = arguments[0]; \
        Promise.all([...document.images].map(i => { i.loading = 'eager'; return i.decode().catch(() => {}) })) \
        .then(() => requestAnimationFrame(() => done(document.documentElement.scrollWidth)))";
    for name in names {
        client.goto(&format!("http://{name}.localhost:{port}/")).await?;
        let wide = client.execute_async(ALL_PICTURES, Vec::new()).await?;
        if wide.as_u64().is_some_and(|wide| wide > u64::from(view.size().0)) {
            println!("{name} is {wide} wide on the {}", view.slug());
        }
        let png = client.screenshot().await?;
        std::fs::write(out.join(format!("{name}-{}.png", view.slug())), png)?;
    }
    Ok(())
}

async fn start_driver() -> anyhow::Result<(Child, u16)> {
    let mut driver = Command::new(CHROMEDRIVER)
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("chromedriver does not start")?;
    let said = driver.stdout.take().context("its output is piped")?;
    let port = port_in(said).await?;
    Ok((driver, port))
}

async fn port_in(said: ChildStdout) -> anyhow::Result<u16> {
    let mut lines = BufReader::new(said).lines();
    for _ in 0..LINES_AT_MOST {
        let line = lines.next_line().await?.context("chromedriver has ended")?;
        if let Some((_, port)) = line.split_once("started successfully on port ") {
            return Ok(port.trim_end_matches('.').parse()?);
        }
    }
    anyhow::bail!("chromedriver does not say its port")
}

fn wishes(view: View, dark: bool, profile: &Path) -> serde_json::Map<String, Value> {
    let (width, height) = view.size();
    let mut arguments = vec![
        "--headless=new".to_owned(),
        "--no-sandbox".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--hide-scrollbars".to_owned(),
        "--no-proxy-server".to_owned(),
        format!("--user-data-dir={}", profile.display()),
        format!("--window-size={width},{height}"),
    ];
    if dark {
        arguments.push("--blink-settings=preferredColorScheme=0".to_owned());
    }
    let screen = json!({ "width": width, "height": height, "pixelRatio": 1, "touch": false });
    let options = json!({
        "binary": CHROMIUM,
        "args": arguments,
        "mobileEmulation": { "deviceMetrics": screen },
    });
    [("goog:chromeOptions".to_owned(), options)].into_iter().collect()
}
