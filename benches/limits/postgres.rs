//! The turns again on PostgreSQL: a cluster of its own for this run, as durable as it is by default.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

use crate::program::free_address;
use crate::report::Report;
use crate::turns;

/// Who the server runs as when the run is root's: it refuses to be root.
const SUBSTITUTE: &str = "postgres";
/// Longest the cluster may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn all(report: &mut Report) -> anyhow::Result<()> {
    let Some(programs) = programs() else {
        eprintln!("  PostgreSQL is not installed: its turns are left out");
        return Ok(());
    };
    let folder = tempfile::tempdir()?;
    let cluster = Cluster::start(&programs, folder.path())?;
    let objects = tempfile::tempdir()?;
    turns::measure(report, "postgres", objects.path(), Some(&cluster.url))
}

/// Where the server's programs are, newest version last by name.
fn programs() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|version| Some(version.ok()?.path().join("bin")))
        .filter(|folder| folder.join("initdb").exists())
        .collect();
    versions.sort();
    versions.pop()
}

struct Cluster {
    server: Child,
    url: String,
}

impl Cluster {
    fn start(programs: &Path, folder: &Path) -> anyhow::Result<Self> {
        let owner = owner()?;
        if let Some((user, group)) = owner {
            chown(folder, Some(user), Some(group))?;
        }
        let data = folder.join("data");
        let made = as_owner(&programs.join("initdb"), owner)
            .args(["--auth=trust", "--encoding=UTF8", "--locale=C", "-U", "sitespark", "-D"])
            .arg(&data)
            .current_dir(folder)
            .stdout(Stdio::null())
            .status()?;
        ensure!(made.success(), "the cluster cannot be made");
        let address = free_address()?;
        let server = as_owner(&programs.join("postgres"), owner)
            .arg("-D")
            .arg(&data)
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="])
            .args(["-p", &address.port().to_string()])
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let url = format!("postgres://sitespark@{address}/postgres");
        let cluster = Self { server, url };
        cluster.until_it_answers()?;
        Ok(cluster)
    }

    fn until_it_answers(&self) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            let connecting = <sqlx::PgConnection as sqlx::Connection>::connect(&self.url);
            if runtime.block_on(connecting).is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("the cluster does not answer")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // An immediate end: the cluster is thrown away.
        let _told = Command::new("kill").arg("-QUIT").arg(self.server.id().to_string()).status();
        let _waited = self.server.wait();
    }
}

fn as_owner(program: &Path, owner: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(program);
    if let Some((user, group)) = owner {
        command.uid(user).gid(group);
    }
    command
}

fn owner() -> anyhow::Result<Option<(u32, u32)>> {
    let number = |arguments: &[&str]| -> anyhow::Result<u32> {
        let said = Command::new("id").args(arguments).output()?;
        let text = String::from_utf8(said.stdout)?;
        text.trim().parse().with_context(|| format!("there is no user {SUBSTITUTE}"))
    };
    if number(&["-u"])? != 0 {
        return Ok(None);
    }
    Ok(Some((number(&["-u", SUBSTITUTE])?, number(&["-g", SUBSTITUTE])?)))
}
