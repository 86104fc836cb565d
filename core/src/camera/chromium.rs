//! A headless Chromium as a camera: one at a time, for a bounded time, with a profile of its own, on
//! pages of our own and no network.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use async_trait::async_trait;
use image::RgbImage;
use image::imageops::crop_imm;
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;

use super::folder::{Folder, sweep};
use super::pages::{Files, Shelf, Showing, frames};
use super::{CameraFault, PAGE_TALL, PHONE_WIDE, PageCamera};
use crate::sites::Version;
use crate::storage::Objects;

/// Where systems put the browser.
const USUAL_PLACES: [&str; 6] = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/chromium-headless-shell",
    "/usr/bin/google-chrome-stable",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
/// Longest one start of the browser may take, with all its pages.
const PATIENCE: Duration = Duration::from_secs(20);
/// What the browser leaves in its folder.
const PICTURE: &str = "page.png";
/// What keeps the browser small, quiet and away from everything but the loopback ports of its pages.
/// Its own sandbox is off because few servers allow one to a service; what it opens is written by the
/// page compiler alone, and its policy lets no script run.
const FLAGS: [&str; 23] = [
    "--headless",
    "--no-sandbox",
    "--no-zygote",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--renderer-process-limit=1",
    "--disable-extensions",
    "--disable-default-apps",
    "--disable-component-update",
    "--disable-background-networking",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-breakpad",
    "--disable-quic",
    "--no-first-run",
    "--no-pings",
    "--mute-audio",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
    "--force-prefers-reduced-motion",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    // Loopback goes around the proxy; whatever does not finds nobody there.
    "--proxy-server=http://127.0.0.1:9",
    "--js-flags=--max-old-space-size=64",
];

/// The browser at one of the usual places.
pub fn find_chromium() -> Option<PathBuf> {
    USUAL_PLACES.into_iter().map(PathBuf::from).find(|path| path.is_file())
}

/// Takes pictures with a headless Chromium.
pub struct Chromium {
    program: PathBuf,
    objects: Objects,
    patience: Duration,
    /// One browser at a time: each takes a few hundred megabytes.
    place: Semaphore,
}

impl Chromium {
    /// A camera with this browser; the versions' files are in `objects`. What browsers of a program that
    /// was killed have left behind is removed first.
    pub fn new(program: PathBuf, objects: Objects) -> Self {
        sweep(&std::env::temp_dir());
        Self { program, objects, patience: PATIENCE, place: Semaphore::new(1) }
    }

    /// The same with another bound.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Starts the browser on a page and waits until it has left its picture and ended.
    async fn photograph(
        &self,
        address: &str,
        wide: u32,
        folder: &Path,
    ) -> Result<Vec<u8>, CameraFault> {
        let picture = folder.join(PICTURE);
        let run = async {
            let mut browser = Browser::start(&self.program, address, wide, folder)?;
            browser.child.wait().await?;
            tokio::fs::read(&picture).await
        };
        match tokio::time::timeout(self.patience, run).await {
            Ok(bytes) => bytes.map_err(CameraFault::Nothing),
            Err(_) => Err(CameraFault::Late),
        }
    }
}

#[async_trait]
impl PageCamera for Chromium {
    async fn take(&self, versions: &[Version]) -> Result<Vec<RgbImage>, CameraFault> {
        let _place = self.place.try_acquire().map_err(|_| CameraFault::Busy)?;
        let mut shown = Vec::with_capacity(versions.len());
        for version in versions {
            let files = Files::of(version, &self.objects);
            let showing = Showing::open(Shelf::Version(files)).await;
            shown.push(showing.map_err(CameraFault::Nothing)?);
        }
        let page = frames(shown.iter().map(|showing| showing.port));
        let page = Showing::open(Shelf::Page(page)).await.map_err(CameraFault::Nothing)?;
        let folder = Folder::make().map_err(CameraFault::Nothing)?;
        let address = format!("http://127.0.0.1:{}/", page.port);
        let count = versions.len();
        let wide = u32::try_from(count).unwrap_or(1).saturating_mul(PHONE_WIDE);
        let png = Box::pin(self.photograph(&address, wide, folder.path())).await?;
        tokio::task::spawn_blocking(move || cut_apart(&png, count))
            .await
            .map_err(|error| CameraFault::Nothing(io::Error::other(error)))?
    }
}

/// The frames of the picture.
fn cut_apart(png: &[u8], count: usize) -> Result<Vec<RgbImage>, CameraFault> {
    let sheet = image::load_from_memory_with_format(png, image::ImageFormat::Png)
        .map_err(CameraFault::Unreadable)?
        .into_rgb8();
    let frames = (0..).step_by(PHONE_WIDE as usize).take(count);
    Ok(frames.map(|left| crop_imm(&sheet, left, 0, PHONE_WIDE, PAGE_TALL).to_image()).collect())
}

/// What watches over a browser: it leads the group that the browser's processes are in, waits for the end
/// of a pipe that nobody writes to, and ends the group. The pipe ends with whoever started the browser,
/// however they end.
const WATCH: &str = "read _; kill -s KILL 0";

/// A running browser with all its processes: they are a group of their own, and end together.
struct Browser {
    child: Child,
    watch: Child,
    group: Option<Pid>,
}

impl Browser {
    fn start(program: &Path, address: &str, wide: u32, folder: &Path) -> io::Result<Self> {
        let watch = Command::new("/bin/sh")
            .args(["-c", WATCH])
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let id = watch.id().and_then(|id| i32::try_from(id).ok());
        let child = Command::new(program)
            .args(FLAGS)
            .arg(format!("--user-data-dir={}", folder.join("profile").display()))
            .arg(format!("--window-size={wide},{PAGE_TALL}"))
            .arg(format!("--screenshot={}", folder.join(PICTURE).display()))
            .arg(address)
            // It gets none of our settings: keys are among them.
            .env_clear()
            .env("HOME", folder)
            .env("TMPDIR", folder)
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(id.unwrap_or(0))
            .kill_on_drop(true)
            .spawn()?;
        Ok(Self { child, watch, group: id.and_then(Pid::from_raw) })
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The end of its pipe would make the watch do the same; here it is done at once.
        drop(self.watch.stdin.take());
        // Nobody is left where all have ended by themselves: that is no fault.
        let _gone = self.group.map(|group| kill_process_group(group, Signal::KILL));
    }
}

#[cfg(test)]
#[path = "chromium_tests.rs"]
mod tests;
