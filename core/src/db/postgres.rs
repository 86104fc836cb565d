//! PostgreSQL: a pool, plain transactions, and wake-up calls between processes.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgListener, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, PgPool, Postgres, Transaction};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{ACQUIRE_TIMEOUT, STATEMENTS};
use crate::queue::{Lane, Signals};

/// Connections of one process.
const POOL_SIZE: u32 = 16;
/// How long a connection may have rested and still be used without asking whether it is well.
const UNTESTED: Duration = Duration::from_secs(1);
/// Longest a lock is waited for, and longest a transaction may lie idle: a process that froze within one
/// must not hold up its chats for everybody else.
const BOUNDS: &str = "set lock_timeout = '30s'; set idle_in_transaction_session_timeout = '60s'";
/// The channel wake-up calls travel on; the payload is the lane's name.
const WAKE_CHANNEL: &str = "sitespark_wake";
/// Pause between two rounds of calls, so that many commits share one.
const CALL_PAUSE: Duration = Duration::from_millis(5);
/// How long a server that lets nobody in may be starting up, and how often it is tried.
const STARTING_UP: Duration = Duration::from_secs(5);
const KNOCK_PAUSE: Duration = Duration::from_millis(250);
/// Pause before a broken listener or caller is made anew.
const RELISTEN_PAUSE: Duration = Duration::from_secs(1);

pub(super) async fn connect(url: &str) -> Result<PgPool, sqlx::Error> {
    let options = PgConnectOptions::from_str(url)?.statement_cache_capacity(STATEMENTS);
    knock(&options).await?;
    PgPoolOptions::new()
        .max_connections(POOL_SIZE)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .after_connect(|connection, _| {
            Box::pin(async move { sqlx::raw_sql(BOUNDS).execute(connection).await.map(drop) })
        })
        .before_acquire(|connection, met| {
            Box::pin(async move {
                if met.idle_for >= UNTESTED {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_with(options)
        .await
}

/// Waits until the server lets somebody in. The pool would only say that its time is over, not why.
async fn knock(options: &PgConnectOptions) -> Result<(), sqlx::Error> {
    let until = Instant::now() + STARTING_UP;
    loop {
        let connecting = tokio::time::timeout(ACQUIRE_TIMEOUT, options.connect());
        match connecting.await.unwrap_or_else(|_| Err(sqlx::Error::Io(ErrorKind::TimedOut.into())))
        {
            Ok(connection) => return connection.close().await,
            Err(sqlx::Error::Io(error))
                if error.kind() == ErrorKind::ConnectionRefused && Instant::now() < until =>
            {
                tokio::time::sleep(KNOCK_PAUSE).await;
            }
            Err(error) => return Err(error),
        }
    }
}

/// One transaction.
#[derive(Debug)]
pub struct PostgresTx(Transaction<'static, Postgres>);

impl PostgresTx {
    pub(super) async fn begin(pool: &PgPool) -> Result<Self, sqlx::Error> {
        pool.begin().await.map(Self)
    }

    /// The connection, inside the transaction.
    pub fn connection(&mut self) -> &mut PgConnection {
        &mut self.0
    }

    pub(super) async fn commit(self) -> Result<(), sqlx::Error> {
        self.0.commit().await
    }
}

pub(super) async fn stand_in_line(
    tx: &mut PostgresTx,
    names: BTreeSet<String>,
) -> Result<(), sqlx::Error> {
    sqlx::query("select pg_advisory_xact_lock(hashtextextended(line.name, 0)) from unnest($1) as line (name)")
        .bind(names.into_iter().collect::<Vec<_>>())
        .execute(tx.connection())
        .await
        .map(drop)
}

/// Tells every listening process about work in a lane, when the transaction commits. PostgreSQL lets
/// transactions that do so commit one after the other, each with a sync of its own: a process that
/// serves has a caller instead.
pub(super) async fn notify(tx: &mut PostgresTx, lane: Lane) -> Result<(), sqlx::Error> {
    sqlx::query("select pg_notify($1, $2)")
        .bind(WAKE_CHANNEL)
        .bind(lane.slug())
        .execute(tx.connection())
        .await
        .map(drop)
}

pub(super) async fn forward_wakes(pool: &PgPool, signals: &Arc<Signals>, stop: CancellationToken) {
    let listening = again_and_again(&stop, || listen(pool, signals).boxed());
    let calling = again_and_again(&stop, || call(pool, signals).boxed());
    tokio::join!(listening, calling);
}

/// Does what ends with an error only, and again after a pause.
async fn again_and_again<'a>(
    stop: &CancellationToken,
    work: impl Fn() -> BoxFuture<'a, Result<(), sqlx::Error>>,
) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            ended = work() => {
                if let Err(error) = ended {
                    tracing::warn!(%error, "wake-up calls broke off; polling goes on");
                }
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(RELISTEN_PAUSE) => {}
        }
    }
}

/// Calls other processes for whatever was committed here, a few times a moment at most. A call is a
/// hint and need not reach the disk.
async fn call(pool: &PgPool, signals: &Signals) -> Result<(), sqlx::Error> {
    let mut connection = pool.acquire().await?.detach();
    sqlx::query("set synchronous_commit to off").execute(&mut connection).await?;
    let caller = signals.caller();
    loop {
        caller.needed().await;
        for lane in caller.take() {
            sqlx::query("select pg_notify($1, $2)")
                .bind(WAKE_CHANNEL)
                .bind(lane.slug())
                .execute(&mut connection)
                .await?;
        }
        tokio::time::sleep(CALL_PAUSE).await;
    }
}

async fn listen(pool: &PgPool, signals: &Signals) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(WAKE_CHANNEL).await?;
    loop {
        let call = listener.recv().await?;
        if let Some(lane) = Lane::from_slug(call.payload()) {
            signals.wake(lane);
        }
    }
}
