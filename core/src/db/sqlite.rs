//! SQLite: one writer, many readers, and grouped commits.
//!
//! Each transaction is a savepoint inside the open group. Whoever finishes first asks for the
//! group's commit; the writer's lock is fair, so everybody who stood in line before that joins the
//! same commit and the same `fsync`. A transaction's `commit` returns only after that `fsync`
//! (`synchronous=full`): what was acknowledged survives a power cut, at a fraction of its price.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use tokio::sync::{Mutex, OwnedMutexGuard, watch};

use super::readers::{Reader, Readers};
use super::{ACQUIRE_TIMEOUT, STATEMENTS};

/// Pages of the write-ahead log before they are brought home: a page that many commits change is
/// brought home once.
const WAL_PAGES: &str = "4000";
/// What the writer remembers, in kibibytes with a minus before them: while no other process writes, none
/// of it is read twice.
const WRITER_CACHE: &str = "-16384";
/// What each reader remembers: every commit makes it forget.
const READER_CACHE: &str = "-2048";
/// Opens a group and its first transaction.
const FIRST_MEMBER: &str = "begin immediate; savepoint member";
/// Keeps what the transaction before did and opens the next.
const NEXT_MEMBER: &str = "release member; savepoint member";
/// Opens a transaction in a group whose last one is not known to have a savepoint.
const ONLY_MEMBER: &str = "savepoint member";

/// The embedded database.
#[derive(Debug)]
pub struct SqliteDb {
    writer: Arc<Mutex<Writer>>,
    readers: Readers,
}

/// The one connection that writes, and the group it is gathering.
#[derive(Debug)]
struct Writer {
    connection: SqliteConnection,
    group: Option<Group>,
    /// The last transaction's savepoint still stands: the next one's opening, or the group's commit,
    /// releases it. One trip to the engine a transaction is saved so.
    standing: bool,
    /// A transaction was dropped in the middle: its savepoint must be rolled back first.
    abandoned: bool,
}

/// Transactions that will share one commit.
#[derive(Debug)]
struct Group {
    outcome: watch::Sender<GroupOutcome>,
    /// Somebody stands in line to commit it.
    commit_due: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum GroupOutcome {
    Open,
    Durable,
    Lost,
}

/// One transaction: a savepoint while it holds the writer.
#[derive(Debug)]
pub struct SqliteTx {
    writer: OwnedMutexGuard<Writer>,
    owner: Arc<Mutex<Writer>>,
    finished: bool,
}

impl SqliteDb {
    /// Opens the file, making it and its folder when missing.
    pub(super) async fn open(url: &str) -> Result<Self, sqlx::Error> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(ACQUIRE_TIMEOUT)
            .pragma("temp_store", "memory")
            .pragma("wal_autocheckpoint", WAL_PAGES)
            .pragma("cache_size", WRITER_CACHE)
            .statement_cache_capacity(STATEMENTS);
        if let Some(folder) = options.get_filename().parent() {
            std::fs::create_dir_all(folder).map_err(sqlx::Error::Io)?;
        }
        make_private(options.get_filename()).map_err(sqlx::Error::Io)?;
        let connection = options.connect().await?;
        let readers = options.read_only(true).pragma("query_only", "true");
        let readers = Readers::open(&readers.pragma("cache_size", READER_CACHE)).await?;
        let writer = Writer { connection, group: None, standing: false, abandoned: false };
        Ok(Self { writer: Arc::new(Mutex::new(writer)), readers })
    }

    /// A connection for reading, once one is free. Reads are short, and whoever waits here has a bound
    /// of their own. An error once the database is closed.
    pub async fn reader(&self) -> Result<Reader<'_>, sqlx::Error> {
        self.readers.lend().await
    }

    /// Waits for the writer and joins or opens a group.
    pub(super) async fn begin(&self) -> Result<SqliteTx, sqlx::Error> {
        let lock = Arc::clone(&self.writer).lock_owned();
        let writer = tokio::time::timeout(ACQUIRE_TIMEOUT, lock)
            .await
            .map_err(|_| sqlx::Error::PoolTimedOut)?;
        whole(open_member(writer, Arc::clone(&self.writer))).await
    }

    pub(super) async fn close(&self) {
        commit_group(Arc::clone(&self.writer)).await;
        self.readers.close().await;
    }

    /// The writer's connection outside any transaction, for migrations.
    pub(crate) async fn exclusively<T>(
        &self,
        work: impl AsyncFnOnce(&mut SqliteConnection) -> Result<T, sqlx::Error>,
    ) -> Result<T, sqlx::Error> {
        let mut writer = self.writer.lock().await;
        writer.settle().await?;
        writer.commit().await?;
        work(&mut writer.connection).await
    }
}

/// Makes the file, if it is not there, for its owner alone: it holds what customers wrote. The engine makes
/// the files beside it alike.
fn make_private(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    match std::fs::File::options().write(true).create_new(true).mode(0o600).open(file) {
        Err(error) if !file.exists() => Err(error),
        Ok(_) | Err(_) => Ok(()),
    }
}

impl Writer {
    /// Clears away what a dropped transaction left.
    async fn settle(&mut self) -> Result<(), sqlx::Error> {
        if !std::mem::take(&mut self.abandoned) {
            return Ok(());
        }
        let undone = sqlx::raw_sql("rollback to member").execute(&mut self.connection).await;
        if undone.is_err() {
            self.lose().await;
        }
        Ok(())
    }

    /// Commits the open group, if any, and tells its members.
    async fn commit(&mut self) -> Result<(), sqlx::Error> {
        let Some(group) = self.group.take() else { return Ok(()) };
        self.standing = false;
        let committed = sqlx::raw_sql("commit").execute(&mut self.connection).await;
        let outcome = if committed.is_ok() { GroupOutcome::Durable } else { GroupOutcome::Lost };
        if committed.is_err() {
            self.clear().await;
        }
        group.outcome.send_replace(outcome);
        committed.map(drop)
    }

    /// Gives the whole group up: the engine has rolled it back or cannot go on with it.
    async fn lose(&mut self) {
        self.clear().await;
        if let Some(group) = self.group.take() {
            group.outcome.send_replace(GroupOutcome::Lost);
        }
    }

    async fn clear(&mut self) {
        self.standing = false;
        // Fails when the engine has already rolled back by itself, which is what is wanted.
        let rolled_back = sqlx::raw_sql("rollback").execute(&mut self.connection).await;
        tracing::warn!(already = rolled_back.is_err(), "a group of transactions was rolled back");
    }
}

impl SqliteTx {
    /// The connection, inside this transaction's savepoint.
    pub fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.writer.connection
    }

    /// Waits until the group is on disk.
    pub(super) async fn commit(self) -> Result<(), sqlx::Error> {
        let mut outcome = self.join_group()?;
        let settled = outcome.wait_for(|state| *state != GroupOutcome::Open).await;
        match settled.map(|state| *state) {
            Ok(GroupOutcome::Durable) => Ok(()),
            Ok(GroupOutcome::Lost | GroupOutcome::Open) | Err(_) => Err(sqlx::Error::WorkerCrashed),
        }
    }

    /// Makes this transaction part of the group, for good: what is left is the group's commit.
    fn join_group(mut self) -> Result<watch::Receiver<GroupOutcome>, sqlx::Error> {
        self.finished = true;
        let outcome = self.writer.group.as_ref().map(|group| group.outcome.subscribe());
        self.ask_for_commit();
        outcome.ok_or(sqlx::Error::WorkerCrashed)
    }

    /// Puts a committer at the end of the writer's line, once a group.
    fn ask_for_commit(&mut self) {
        // Without a runtime the process is ending; what is not committed is meant to be lost then.
        if let Some(group) = &mut self.writer.group
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
            && !std::mem::replace(&mut group.commit_due, true)
        {
            runtime.spawn(commit_group(Arc::clone(&self.owner)));
        }
    }
}

impl Drop for SqliteTx {
    fn drop(&mut self) {
        if !self.finished {
            self.writer.abandoned = true;
            self.ask_for_commit();
        }
    }
}

/// Does a few statements to their end even when nobody waits for them any more: half of them would
/// leave the writer in a state that its books do not show.
async fn whole<T: Send + 'static>(
    work: impl Future<Output = Result<T, sqlx::Error>> + Send + 'static,
) -> Result<T, sqlx::Error> {
    tokio::spawn(work).await.unwrap_or(Err(sqlx::Error::WorkerCrashed))
}

async fn open_member(
    mut writer: OwnedMutexGuard<Writer>,
    owner: Arc<Mutex<Writer>>,
) -> Result<SqliteTx, sqlx::Error> {
    writer.settle().await?;
    let first = writer.group.is_none();
    let text = match (first, writer.standing) {
        (true, _) => FIRST_MEMBER,
        (false, true) => NEXT_MEMBER,
        (false, false) => ONLY_MEMBER,
    };
    writer.standing = false;
    let opened = sqlx::query(text).execute(&mut writer.connection).await;
    if first && opened.is_ok() {
        let (outcome, _) = watch::channel(GroupOutcome::Open);
        writer.group = Some(Group { outcome, commit_due: false });
    } else if first {
        // Nothing is open when it was the beginning that failed, which is as well.
        let _nothing_open = sqlx::raw_sql("rollback").execute(&mut writer.connection).await;
    }
    writer.standing = opened.is_ok();
    let mut tx = SqliteTx { writer, owner, finished: true };
    if let Err(error) = opened {
        tx.ask_for_commit();
        return Err(error);
    }
    tx.finished = false;
    Ok(tx)
}

async fn commit_group(writer: Arc<Mutex<Writer>>) {
    let mut writer = writer.lock().await;
    let settled = writer.settle().await;
    let committed = writer.commit().await;
    if let Err(error) = settled.and(committed) {
        tracing::error!(%error, "a group of transactions could not be committed");
    }
}
