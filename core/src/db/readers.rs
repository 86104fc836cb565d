//! Connections for reading the embedded database, lent one at a time.
//!
//! They stay open as long as the house and cannot break, so nobody asks them before and after each use whether
//! they are well, as a pool for servers does: that would be most of the price of a small read.

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, PoisonError};

use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Connections there are.
const READERS: usize = 4;

#[derive(Debug)]
pub(super) struct Readers {
    free: Semaphore,
    idle: Mutex<Vec<SqliteConnection>>,
}

/// A connection for reading; given back when dropped.
#[derive(Debug)]
pub struct Reader<'a> {
    connection: Option<SqliteConnection>,
    home: &'a Readers,
    _place: SemaphorePermit<'a>,
}

impl Readers {
    pub(super) async fn open(options: &SqliteConnectOptions) -> Result<Self, sqlx::Error> {
        let mut idle = Vec::with_capacity(READERS);
        for _ in 0..READERS {
            idle.push(options.connect().await?);
        }
        Ok(Self { free: Semaphore::new(READERS), idle: Mutex::new(idle) })
    }

    /// A connection once one is free; an error once they are closed.
    pub(super) async fn lend(&self) -> Result<Reader<'_>, sqlx::Error> {
        let place = self.free.acquire().await.map_err(|_| sqlx::Error::PoolClosed)?;
        let connection = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Ok(Reader { connection, home: self, _place: place })
    }

    /// Lends nothing any more and closes the connections that nobody has.
    pub(super) async fn close(&self) {
        self.free.close();
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for connection in idle {
            if let Err(error) = sqlx::Connection::close(connection).await {
                tracing::debug!(%error, "a reader was not closed in order");
            }
        }
    }
}

impl Deref for Reader<'_> {
    type Target = SqliteConnection;
    fn deref(&self) -> &SqliteConnection {
        self.connection.as_ref().expect("a place comes with a connection")
    }
}

impl DerefMut for Reader<'_> {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        self.connection.as_mut().expect("a place comes with a connection")
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let mut idle = self.home.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.extend(self.connection.take());
    }
}
