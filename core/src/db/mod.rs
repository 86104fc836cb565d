//! One SQL text on two engines.
//!
//! Stores write a query once; [`each_engine!`] spells it for SQLite and for PostgreSQL, natively.
//! A [`Tx`] is handed to everything that must commit together. On SQLite all transactions of a
//! moment share one commit and one `fsync` (see [`sqlite`]): durable, and still fast.
//! Nothing in here may await the network of anybody but the database while a transaction is open.

mod migrate;
mod postgres;
mod readers;
mod sqlite;
mod writing;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::queue::{Handed, Lane, Signals};

pub use migrate::MigrateError;
/// What the database says when it does not do it.
pub type DbError = sqlx::Error;
pub use postgres::PostgresTx;
pub use readers::Reader;
pub use sqlite::{SqliteDb, SqliteTx};

/// Spells one body for both engines.
///
/// `each_engine!(read db, pool => …)` runs it once on a connection for reading,
/// `each_engine!(tx tx, conn => …)` on the connection of an open transaction
/// (reborrow as `&mut *conn` when it is used twice).
#[macro_export]
macro_rules! each_engine {
    (read $db:expr, $pool:ident => $body:expr) => {
        match $db.engine() {
            $crate::db::Engine::Sqlite(db) => {
                let mut reader = db.reader().await?;
                let $pool = &mut *reader;
                $body
            }
            $crate::db::Engine::Postgres($pool) => $body,
        }
    };
    (tx $tx:expr, $conn:ident => $body:expr) => {
        match $tx.engine() {
            $crate::db::TxEngine::Sqlite(open) => {
                let $conn = open.connection();
                $body
            }
            $crate::db::TxEngine::Postgres(open) => {
                let $conn = open.connection();
                $body
            }
        }
    };
}

/// Statements a connection remembers: what is done for several at once is one a size.
const STATEMENTS: usize = 384;
/// Longest a connection or the one writer is waited for.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// The database, whichever engine `DATABASE_URL` picked. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Db {
    engine: Arc<Engine>,
    signals: Arc<Signals>,
}

/// The engine in use; only [`each_engine!`] looks at it.
#[derive(Debug)]
pub enum Engine {
    /// A file beside the program.
    Sqlite(SqliteDb),
    /// A server.
    Postgres(sqlx::PgPool),
}

/// An open transaction. Dropped without [`Tx::commit`] it leaves nothing behind.
#[derive(Debug)]
pub struct Tx {
    engine: TxEngine,
    signals: Arc<Signals>,
    woken: Vec<Lane>,
    handed: Vec<Handed>,
}

/// The engine's side of a transaction; only [`each_engine!`] looks at it.
#[derive(Debug)]
pub enum TxEngine {
    /// A savepoint in the group that is being gathered.
    Sqlite(SqliteTx),
    /// A transaction of its own.
    Postgres(PostgresTx),
}

impl Db {
    /// Opens `sqlite://PATH` (made when missing) or `postgres://…`. Does not migrate.
    pub async fn open(url: &str) -> Result<Self, sqlx::Error> {
        let engine = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Engine::Postgres(postgres::connect(url).await?)
        } else {
            Engine::Sqlite(SqliteDb::open(url).await?)
        };
        Ok(Self { engine: Arc::new(engine), signals: Arc::new(Signals::default()) })
    }

    /// Brings the schema up to date. Safe to run from several processes at once.
    pub async fn migrate(&self) -> Result<(), MigrateError> {
        migrate::run(self).await
    }

    /// How many migrations are still to run.
    pub async fn pending_migrations(&self) -> Result<usize, sqlx::Error> {
        migrate::pending(self).await
    }

    /// Begins a transaction. Everything that must stand or fall together goes into one.
    pub async fn begin(&self) -> Result<Tx, sqlx::Error> {
        let engine = match &*self.engine {
            Engine::Sqlite(db) => TxEngine::Sqlite(db.begin().await?),
            Engine::Postgres(pool) => TxEngine::Postgres(PostgresTx::begin(pool).await?),
        };
        Ok(Tx { engine, signals: Arc::clone(&self.signals), woken: Vec::new(), handed: Vec::new() })
    }

    /// The engine, for [`each_engine!`].
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// `sqlite` or `postgres`.
    pub fn engine_name(&self) -> &'static str {
        match &*self.engine {
            Engine::Sqlite(_) => "sqlite",
            Engine::Postgres(_) => "postgres",
        }
    }

    /// Wake-up calls of the queue's lanes in this process.
    pub fn signals(&self) -> &Arc<Signals> {
        &self.signals
    }

    /// Answers when the database does.
    pub async fn ping(&self) -> Result<(), sqlx::Error> {
        each_engine!(read self, pool => sqlx::query("select 1").execute(pool).await.map(drop))
    }

    /// Closes the connections for reading, or the pool; waits for what is being committed.
    pub async fn close(&self) {
        match &*self.engine {
            Engine::Sqlite(db) => db.close().await,
            Engine::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Commits, and returns once it is durable. Lanes woken in this transaction hear of it after, and
    /// rows that were taken up in it are handed to their workers.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        if self.handed.is_empty() {
            return self.settle().await;
        }
        // Whoever asked for it may give up before it is durable; the rows are to be worked all the same.
        tokio::spawn(self.settle()).await.map_err(|_| sqlx::Error::WorkerCrashed)?
    }

    async fn settle(mut self) -> Result<(), sqlx::Error> {
        let has_caller = self.signals.has_caller();
        if let (TxEngine::Postgres(open), false) = (&mut self.engine, has_caller) {
            for lane in &self.woken {
                postgres::notify(open, *lane).await?;
            }
        }
        match self.engine {
            TxEngine::Sqlite(open) => open.commit().await?,
            TxEngine::Postgres(open) => open.commit().await?,
        }
        for lane in self.woken {
            self.signals.wake(lane);
            if has_caller {
                self.signals.call_others(lane);
            }
        }
        self.handed.into_iter().for_each(Handed::hand_over);
        Ok(())
    }

    /// Waits for every transaction that stands in line under one of these names and was here before; the
    /// places are kept until this one ends. SQLite has one writer anyway. Names are taken in one order,
    /// so that two who want several of the same never wait for each other in a ring.
    pub async fn stand_in_line(&mut self, names: BTreeSet<String>) -> Result<(), sqlx::Error> {
        match &mut self.engine {
            TxEngine::Sqlite(_) => Ok(()),
            TxEngine::Postgres(open) => postgres::stand_in_line(open, names).await,
        }
    }

    /// Gives everything up. Dropping does the same; this one says so.
    pub fn roll_back(self) {}

    /// The engine, for [`each_engine!`].
    pub fn engine(&mut self) -> &mut TxEngine {
        &mut self.engine
    }

    /// The wake-up calls of this process.
    pub(crate) fn signals(&self) -> &Signals {
        &self.signals
    }

    /// Rows that were taken up in this transaction; they are handed over after the commit.
    pub(crate) fn handed(&mut self) -> &mut Vec<Handed> {
        &mut self.handed
    }

    /// Remembers that a lane has new work; it is woken after the commit.
    pub fn wake(&mut self, lane: Lane) {
        if !self.woken.contains(&lane) {
            self.woken.push(lane);
        }
    }
}

/// Listens for wake-up calls of other processes and passes them on in this one, and calls them when
/// this one has work for them, until cancelled.
/// SQLite has no such calls: there the lanes' own polling finds foreign work.
pub async fn forward_wakes(db: &Db, stop: tokio_util::sync::CancellationToken) {
    if let Engine::Postgres(pool) = db.engine() {
        postgres::forward_wakes(pool, db.signals(), stop).await;
    }
}
