//! What is shared between processes but may be lost: news and rate limits.
//!
//! With `REDIS_URL` they travel through Redis; without it their in-process twins stand in. Nothing
//! that must not be lost goes through here: a missed piece of news is found by polling.

mod bus;
mod limiter;

pub use bus::{Bus, News};
pub use limiter::{Limit, Limiter};

/// Redis could not be reached or did not answer.
#[derive(Debug, thiserror::Error)]
#[error("redis failed")]
pub struct LiveError(#[from] redis::RedisError);

/// News and limits of one process.
#[derive(Debug, Clone)]
pub struct Live {
    /// News.
    pub bus: Bus,
    /// Rate limits.
    pub limiter: Limiter,
}

impl Live {
    /// Both in this process alone.
    pub fn in_process() -> Self {
        Self { bus: Bus::in_process(), limiter: Limiter::in_process() }
    }

    /// Both through Redis.
    pub async fn redis(url: &str) -> Result<Self, LiveError> {
        let client = redis::Client::open(url)?;
        let connection = redis::aio::ConnectionManager::new(client.clone()).await?;
        Ok(Self {
            bus: Bus::redis(client, connection.clone()),
            limiter: Limiter::redis(connection),
        })
    }

    /// Answers when Redis does; at once without it.
    pub async fn ping(&self) -> Result<(), LiveError> {
        self.limiter.ping().await
    }
}
