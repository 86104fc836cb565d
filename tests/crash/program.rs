//! The real binary as a child: started, killed without warning, started again.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::LazyLock;
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::time::Instant;

/// Longest the program may take until it answers.
const READY_WITHIN: Duration = Duration::from_secs(60);
/// Longest it may take to end after a SIGTERM: its own drain and a little.
const STOPPED_WITHIN: Duration = Duration::from_secs(30);
/// How often a wait looks again.
pub(crate) const LOOK_AGAIN: Duration = Duration::from_millis(40);
/// How long the program's leases last, so that what a killed one held is soon taken over.
const LEASE_MS: &str = "300";
/// Bytes shown of the log when something went wrong.
const LOG_TAIL_BYTES: usize = 6_000;
/// The host of the program's own pages; asked for by header only.
pub(crate) const HOUSE_HOST: &str = "bot.test";
/// Where its sites live, likewise.
pub(crate) const SITES_DOMAIN: &str = "shops.test";
/// The secret of the deliveries from Telegram.
pub(crate) const WEBHOOK_SECRET: &str = "crash-secret";

/// What starts the program so that it ends with the test's thread even when the test is killed; it
/// becomes the program, under the same process id. Elsewhere than on Linux only the guard ends it.
static PARENTAL: LazyLock<Option<PathBuf>> = LazyLock::new(|| {
    let path = PathBuf::from("/usr/bin/setpriv");
    path.exists().then_some(path)
});

/// How the program is started, every time the same.
pub(crate) struct Program {
    address: SocketAddr,
    folder: PathBuf,
    settings: Vec<(String, String)>,
    child: Option<Child>,
}

impl Program {
    /// A program on a free port with its data in `folder`; not started yet.
    pub(crate) fn new(folder: &Path, database_url: &str, more: &[(&str, String)]) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a loopback port is free");
        let address = listener.local_addr().expect("a bound listener has an address");
        let own = [
            ("LISTEN", address.to_string()),
            ("DATABASE_URL", database_url.to_owned()),
            ("DATA_DIR", folder.display().to_string()),
            ("PUBLIC_URL", format!("https://{HOUSE_HOST}")),
            ("SITES_DOMAIN", SITES_DOMAIN.to_owned()),
            ("QUEUE_LEASE_MS", LEASE_MS.to_owned()),
            ("TELEGRAM_MODE", "webhook".to_owned()),
            ("TELEGRAM_WEBHOOK_SECRET", WEBHOOK_SECRET.to_owned()),
            ("CHROMIUM_PATH", "off".to_owned()),
            ("LOG", "warn".to_owned()),
        ];
        let settings = own.iter().chain(more).map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
        Self { address, folder: folder.to_owned(), settings, child: None }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Starts it; does not wait until it answers.
    pub(crate) fn start(&mut self) {
        let log = File::options().create(true).append(true).open(self.log_path());
        let log = log.expect("the log can be written");
        let again = log.try_clone().expect("a file can be opened twice");
        let mut command = self.command(PARENTAL.as_deref(), &["serve"]);
        command.stdout(Stdio::from(log)).stderr(Stdio::from(again)).kill_on_drop(true);
        self.child = Some(command.spawn().expect("the binary starts"));
    }

    /// Waits until it answers.
    pub(crate) async fn wait_ready(&mut self, http: &reqwest::Client) {
        let begun = Instant::now();
        let url = format!("http://{}/readyz", self.address);
        loop {
            self.assert_running();
            if http.get(&url).send().await.is_ok_and(|answer| answer.status().is_success()) {
                return;
            }
            assert!(begun.elapsed() < READY_WITHIN, "no answer in time; {}", self.log_tail());
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Fails when the program ended by itself.
    pub(crate) fn assert_running(&mut self) {
        let child = self.child.as_mut().expect("the program was started");
        if let Some(status) = child.try_wait().expect("a child can be asked") {
            panic!("the program ended by itself with {status}; {}", self.log_tail());
        }
    }

    /// SIGKILL, and waits until it is gone.
    pub(crate) async fn kill(&mut self) {
        self.assert_running();
        let mut child = self.child.take().expect("the program was started");
        child.kill().await.expect("a child of ours can be killed");
    }

    /// SIGTERM; the program drains and ends well.
    pub(crate) async fn stop(&mut self) {
        self.assert_running();
        let mut child = self.child.take().expect("the program was started");
        let id = child.id().expect("a running child has an id").to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status().await;
        assert!(sent.is_ok_and(|status| status.success()), "the signal was not sent");
        let ended = tokio::time::timeout(STOPPED_WITHIN, child.wait()).await;
        let status = ended.expect("the drain is bounded").expect("a child can be waited for");
        assert!(status.success(), "after SIGTERM: {status}; {}", self.log_tail());
    }

    /// Runs another command of the binary on the same data; answers whether it succeeded and what
    /// it said.
    pub(crate) async fn run(&self, arguments: &[&str]) -> (bool, String) {
        let output = self.command(None, arguments).output().await.expect("the binary runs");
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&said).into_owned())
    }

    fn command(&self, wrapper: Option<&Path>, arguments: &[&str]) -> Command {
        let binary = env!("CARGO_BIN_EXE_sitespark");
        let mut command = Command::new(wrapper.unwrap_or(Path::new(binary)));
        if wrapper.is_some() {
            command.args(["--pdeathsig", "KILL", binary]);
        }
        command.args(arguments).env_clear().envs(self.settings.iter().cloned());
        // Without a .env file of whoever runs the test.
        command.current_dir(&self.folder).stdin(Stdio::null());
        command
    }

    fn log_path(&self) -> PathBuf {
        self.folder.join("program.log")
    }

    /// The last of what it logged.
    pub(crate) fn log_tail(&self) -> String {
        let log = std::fs::read(self.log_path()).unwrap_or_default();
        let tail = &log[log.len().saturating_sub(LOG_TAIL_BYTES)..];
        format!("its log ends:\n{}", String::from_utf8_lossy(tail))
    }
}
