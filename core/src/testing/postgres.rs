//! A temporary PostgreSQL: one cluster a test process, one database a test.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::server::{Server, Start, find_program, free_port, insist};

/// Connections of all tests of a process together.
const MOST_CONNECTIONS: u32 = 600;
/// Users the server may run as when the tests run as root, which it refuses to.
const SUBSTITUTES: [&str; 2] = ["postgres", "nobody"];
/// Its superuser.
const SUPERUSER: &str = "sitespark";
/// Nothing has to survive a power cut here.
const SETTINGS: [&str; 5] = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "listen_addresses=127.0.0.1",
    "shared_buffers=64MB",
];

/// A running cluster.
#[derive(Debug)]
pub struct Cluster {
    port: u16,
    databases: AtomicU32,
    _server: Server,
}

impl Cluster {
    /// The cluster of this process, started at the first call; `None` when the programs are missing.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
        SHARED.get_or_init(Self::start).as_ref()
    }

    /// Starts a cluster of one's own; `None` when the programs are missing.
    pub fn start() -> Option<Self> {
        let folders = installed_folders();
        let programs = find_program("initdb", &folders).zip(find_program("postgres", &folders));
        let Some((initdb, postgres)) = programs else {
            super::skip("PostgreSQL server binaries");
            return None;
        };
        Some(insist("PostgreSQL", || start_with(&initdb, &postgres)))
    }

    /// Makes an empty database; answers its address.
    pub async fn fresh_database(&self) -> Result<String, sqlx::Error> {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let mut connection = PgConnection::connect(&self.url("postgres")).await?;
        sqlx::raw_sql(AssertSqlSafe(format!("create database {name}")))
            .execute(&mut connection)
            .await?;
        connection.close().await?;
        Ok(self.url(&name))
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://{SUPERUSER}@127.0.0.1:{}/{database}", self.port)
    }
}

fn start_with(initdb: &Path, postgres: &Path) -> Result<Cluster, String> {
    let text = |error: std::io::Error| error.to_string();
    // Removed by the guard of the server, which outlives this process by a moment.
    let folder = tempfile::Builder::new().prefix("pg").tempdir().map_err(text)?.keep();
    let identity = substitute_for_root(&folder).map_err(text)?;
    make_cluster(initdb, &folder, identity)?;
    let port = free_port().map_err(text)?;
    let mut command: Vec<String> = vec![postgres.display().to_string(), "-D".to_owned()];
    command.extend([folder.join("data").display().to_string(), "-p".to_owned(), port.to_string()]);
    command.extend(["-k".to_owned(), folder.display().to_string()]);
    command.extend(["-c".to_owned(), format!("max_connections={MOST_CONNECTIONS}")]);
    command.extend(SETTINGS.iter().flat_map(|setting| ["-c".to_owned(), (*setting).to_owned()]));
    let server = Server::start(&Start {
        command: &command,
        identity,
        signal: "QUIT",
        folder: &folder,
        ready: "database system is ready to accept connections",
    })?;
    Ok(Cluster { port, databases: AtomicU32::new(0), _server: server })
}

fn make_cluster(initdb: &Path, folder: &Path, identity: Option<(u32, u32)>) -> Result<(), String> {
    let mut command = Command::new(initdb);
    if let Some((user, group)) = identity {
        command = Command::new("setpriv");
        command.arg(format!("--reuid={user}")).arg(format!("--regid={group}"));
        command.arg("--clear-groups").arg(initdb);
    }
    command.args(["--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C", "-U", SUPERUSER]);
    command.arg("-D").arg(folder.join("data")).current_dir(folder);
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}

/// The user and group to run as when we are root, with the folder handed to them.
fn substitute_for_root(folder: &Path) -> std::io::Result<Option<(u32, u32)>> {
    if id_number(&["-u"]) != Some(0) {
        return Ok(None);
    }
    let found =
        SUBSTITUTES.iter().find_map(|name| id_number(&["-u", name]).zip(id_number(&["-g", name])));
    if let Some((user, group)) = found {
        std::os::unix::fs::chown(folder, Some(user), Some(group))?;
    }
    Ok(found)
}

fn id_number(arguments: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(arguments).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// Where Debian keeps the server's programs, newest first.
fn installed_folders() -> Vec<PathBuf> {
    let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") else { return Vec::new() };
    let mut folders: Vec<PathBuf> =
        versions.flatten().map(|entry| entry.path().join("bin")).collect();
    folders.sort();
    folders.reverse();
    folders
}
