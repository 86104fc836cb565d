//! Small texts by key that all processes may read, until their time is over.
//!
//! A copy of what is durable elsewhere: without Redis there is nothing on it, and nobody misses it.

use redis::aio::ConnectionManager;

/// Largest text that is laid down, in bytes.
const MOST_BYTES: usize = 64 * 1024;

/// The shelf in Redis; an empty one without it.
#[derive(Clone, Default)]
pub struct Shelf(Option<ConnectionManager>);

impl std::fmt::Debug for Shelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "Shelf::Redis" } else { "Shelf::None" })
    }
}

impl Shelf {
    pub(super) fn redis(connection: ConnectionManager) -> Self {
        Self(Some(connection))
    }

    /// The text under a key.
    pub async fn get(&self, key: &str) -> Option<String> {
        let mut connection = self.0.clone()?;
        let mut command = redis::cmd("GET");
        let asking = command.arg(key).query_async(&mut connection);
        super::in_time(asking).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the shelf could not be read");
            None
        })
    }

    /// Lays a text down for some milliseconds; one that is too large is left out.
    pub async fn put(&self, key: &str, text: &str, keep_ms: i64) {
        let Some(mut connection) = self.0.clone() else { return };
        if text.len() > MOST_BYTES || keep_ms <= 0 {
            return;
        }
        let mut command = redis::cmd("SET");
        let asking = command.arg(key).arg(text).arg("PX").arg(keep_ms);
        let laid: Result<(), _> = super::in_time(asking.query_async(&mut connection)).await;
        if let Err(error) = laid {
            tracing::warn!(%error, "the shelf could not be filled");
        }
    }

    /// Takes a text away.
    pub async fn remove(&self, key: &str) {
        let Some(mut connection) = self.0.clone() else { return };
        let mut command = redis::cmd("DEL");
        let asking = command.arg(key).query_async(&mut connection);
        let gone: Result<(), _> = super::in_time(asking).await;
        if let Err(error) = gone {
            tracing::warn!(%error, "the shelf could not be cleared");
        }
    }
}
