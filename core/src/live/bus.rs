//! News: small hints that something changed. Hints only: whoever hears one reads the database.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::StreamExt;
use redis::AsyncCommands;
use redis::aio::ConnectionManager;
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

/// Hints kept for a slow listener before it is told that it missed some.
const BACKLOG: usize = 1_024;
/// The Redis channel.
const CHANNEL: &str = "sitespark:news";
/// Pause before a broken subscription is made anew.
const RESUBSCRIBE_PAUSE: Duration = Duration::from_secs(1);

/// Something changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "news", rename_all = "snake_case")]
pub enum News {
    /// A site's address now shows something else, or nothing.
    Site {
        /// The name below the sites' domain.
        subdomain: String,
    },
    /// A local conversation has a new line.
    Chat {
        /// The channel's stable name.
        channel: String,
        /// The chat.
        chat: String,
    },
    /// A draft has grown.
    Preview {
        /// The run.
        run: String,
    },
}

/// Carries news to every listener in this process, and through Redis to every process.
#[derive(Debug, Clone)]
pub struct Bus {
    local: broadcast::Sender<News>,
    redis: Option<Arc<RedisBus>>,
}

struct RedisBus {
    client: redis::Client,
    connection: ConnectionManager,
    /// Whether this process hears what it tells.
    subscribed: AtomicBool,
}

/// Notes a subscription for as long as it lasts.
struct Subscribed<'a>(&'a AtomicBool);

impl<'a> Subscribed<'a> {
    fn note(flag: &'a AtomicBool) -> Self {
        flag.store(true, Ordering::Release);
        Self(flag)
    }
}

impl Drop for Subscribed<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl std::fmt::Debug for RedisBus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RedisBus")
    }
}

impl Bus {
    /// News for this process alone.
    pub fn in_process() -> Self {
        Self { local: broadcast::channel(BACKLOG).0, redis: None }
    }

    /// News for every process on the same Redis.
    pub(super) fn redis(client: redis::Client, connection: ConnectionManager) -> Self {
        let redis =
            Some(Arc::new(RedisBus { client, connection, subscribed: AtomicBool::new(false) }));
        Self { local: broadcast::channel(BACKLOG).0, redis }
    }

    /// Tells everybody. Losing a hint is harmless, so failures are only logged.
    pub async fn publish(&self, news: News) {
        if let Some(redis) = &self.redis {
            let text = serde_json::to_string(&news).expect("plain data is always JSON");
            let mut connection = redis.connection.clone();
            let telling = connection.publish::<_, _, i64>(CHANNEL, text);
            match super::in_time(telling).await {
                // It comes back to this process, unless its own subscription is down.
                Ok(_) if redis.subscribed.load(Ordering::Acquire) => return,
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "news could not go through redis"),
            }
        }
        // Nobody listening is no fault.
        let _unheard = self.local.send(news);
    }

    /// Whether news reach other processes.
    pub fn is_shared(&self) -> bool {
        self.redis.is_some()
    }

    /// Listens from now on. A `Lagged` answer means: look at everything.
    pub fn subscribe(&self) -> broadcast::Receiver<News> {
        self.local.subscribe()
    }

    /// Brings news from Redis into this process until stopped; returns at once without Redis.
    pub async fn forward(&self, stop: CancellationToken) {
        let Some(redis) = &self.redis else { return };
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => return,
                ended = self.listen(redis) => {
                    if let Err(error) = ended {
                        tracing::warn!(%error, "the news subscription broke off");
                    }
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(RESUBSCRIBE_PAUSE) => {}
            }
        }
    }

    async fn listen(&self, redis: &RedisBus) -> Result<(), redis::RedisError> {
        let mut subscription = redis.client.get_async_pubsub().await?;
        subscription.subscribe(CHANNEL).await?;
        let _noted = Subscribed::note(&redis.subscribed);
        let mut messages = subscription.into_on_message();
        while let Some(message) = messages.next().await {
            let text: String = message.get_payload()?;
            match serde_json::from_str(&text) {
                // Nobody listening is no fault.
                Ok(news) => drop(self.local.send(news)),
                Err(error) => tracing::debug!(%error, "news of another version were passed over"),
            }
        }
        Ok(())
    }
}
