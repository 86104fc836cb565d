//! What is shared between processes but may be lost: news and rate limits.
//!
//! With `REDIS_URL` they travel through Redis; without it their in-process twins stand in. Nothing
//! that must not be lost goes through here: a missed piece of news is found by polling.

mod bus;
mod limiter;
mod shelf;

use std::time::Duration;

pub use bus::{Bus, News};
pub use limiter::{Limit, Limiter};
pub use shelf::Shelf;

/// Redis could not be reached or did not answer.
#[derive(Debug, thiserror::Error)]
#[error("redis failed")]
pub struct LiveError(#[from] redis::RedisError);

/// Longest Redis is waited for: nothing that goes through it is worth holding anybody up.
const PATIENCE: Duration = Duration::from_millis(300);

/// An answer of Redis, or a failure when it takes too long: a lost connection is made anew for
/// seconds before a command hears of it.
async fn in_time<T>(
    answer: impl Future<Output = Result<T, redis::RedisError>>,
) -> Result<T, redis::RedisError> {
    let late = |_| redis::RedisError::from(std::io::Error::from(std::io::ErrorKind::TimedOut));
    tokio::time::timeout(PATIENCE, answer).await.unwrap_or_else(|elapsed| Err(late(elapsed)))
}

/// News and limits of one process.
#[derive(Debug, Clone)]
pub struct Live {
    /// News.
    pub bus: Bus,
    /// Rate limits.
    pub limiter: Limiter,
    /// Copies of what is durable elsewhere.
    pub shelf: Shelf,
}

impl Live {
    /// Both in this process alone.
    pub fn in_process() -> Self {
        Self { bus: Bus::in_process(), limiter: Limiter::in_process(), shelf: Shelf::default() }
    }

    /// Both through Redis.
    pub async fn redis(url: &str) -> Result<Self, LiveError> {
        let client = redis::Client::open(url)?;
        let connection = redis::aio::ConnectionManager::new(client.clone()).await?;
        Ok(Self {
            bus: Bus::redis(client, connection.clone()),
            limiter: Limiter::redis(connection.clone()),
            shelf: Shelf::redis(connection),
        })
    }

    /// Answers when Redis does; at once without it.
    pub async fn ping(&self) -> Result<(), LiveError> {
        self.limiter.ping().await
    }
}
