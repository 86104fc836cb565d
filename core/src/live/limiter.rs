//! Rate limits as token buckets: a steady rate with a burst.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use redis::aio::ConnectionManager;

use super::LiveError;

/// A steady rate and how far one may run ahead of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Steady rate.
    pub per_minute: u32,
    /// How many may come at once.
    pub burst: u32,
}

/// Buckets kept in memory before idle ones are swept.
const MOST_BUCKETS: usize = 100_000;
/// A millisecond's share of a minute.
const MINUTE_MS: i64 = 60_000;

/// Counts what comes by key. The generic cell rate algorithm: one number a key.
#[derive(Debug, Clone)]
pub struct Limiter(Kind);

#[derive(Clone)]
enum Kind {
    InProcess(Arc<Mutex<HashMap<String, i64>>>),
    Redis(ConnectionManager),
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::InProcess(_) => "InProcess",
            Self::Redis(_) => "Redis",
        })
    }
}

/// KEYS[1] bucket; ARGV: now, milliseconds a unit costs, milliseconds of burst. Times in milliseconds.
const SCRIPT: &str = r"
local due = tonumber(redis.call('get', KEYS[1]) or '0')
local now, cost, slack = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
if due < now then due = now end
local wait = due + cost - slack - now
if wait > 0 then return wait end
redis.call('set', KEYS[1], due + cost, 'px', slack + cost)
return 0
";

impl Limiter {
    /// Counted in this process alone.
    pub fn in_process() -> Self {
        Self(Kind::InProcess(Arc::default()))
    }

    pub(super) fn redis(connection: ConnectionManager) -> Self {
        Self(Kind::Redis(connection))
    }

    /// Takes one unit of `key`; `Err` holds the milliseconds until one is free. When Redis does not
    /// answer the unit is granted: a limit protects the house and must not close it.
    pub async fn take(&self, key: &str, limit: Limit, now_ms: i64) -> Result<(), i64> {
        let cost_ms = (MINUTE_MS / i64::from(limit.per_minute.max(1))).max(1);
        let slack_ms = cost_ms * i64::from(limit.burst.max(1));
        let wait_ms = match &self.0 {
            Kind::InProcess(buckets) => take_local(buckets, key, cost_ms, slack_ms, now_ms),
            Kind::Redis(connection) => {
                let asking = ask_redis(connection.clone(), key, [now_ms, cost_ms, slack_ms]);
                super::in_time(asking).await.unwrap_or_else(|error| {
                    tracing::warn!(%error, "a rate limit could not be asked");
                    0
                })
            }
        };
        if wait_ms > 0 { Err(wait_ms) } else { Ok(()) }
    }

    pub(super) async fn ping(&self) -> Result<(), LiveError> {
        if let Kind::Redis(connection) = &self.0 {
            let _pong: String = redis::cmd("PING").query_async(&mut connection.clone()).await?;
        }
        Ok(())
    }
}

fn take_local(
    buckets: &Mutex<HashMap<String, i64>>,
    key: &str,
    cost_ms: i64,
    slack_ms: i64,
    now_ms: i64,
) -> i64 {
    let mut buckets = buckets.lock().unwrap_or_else(PoisonError::into_inner);
    if buckets.len() >= MOST_BUCKETS {
        buckets.retain(|_, due| *due > now_ms);
    }
    let due = buckets.get(key).copied().unwrap_or(0).max(now_ms);
    let wait_ms = due + cost_ms - slack_ms - now_ms;
    if wait_ms <= 0 {
        buckets.insert(key.to_owned(), due + cost_ms);
    }
    wait_ms
}

async fn ask_redis(
    mut connection: ConnectionManager,
    key: &str,
    numbers: [i64; 3],
) -> Result<i64, redis::RedisError> {
    let script = redis::Script::new(SCRIPT);
    let mut call = script.key(format!("sitespark:limit:{key}"));
    for number in numbers {
        call.arg(number);
    }
    call.invoke_async(&mut connection).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_burst_passes_and_the_next_waits_its_turn() {
        let limiter = Limiter::in_process();
        let limit = Limit { per_minute: 60, burst: 3 };
        for _ in 0..3 {
            assert_eq!(limiter.take("a", limit, 1_000).await, Ok(()));
        }
        assert_eq!(limiter.take("a", limit, 1_000).await, Err(1_000));
        assert_eq!(limiter.take("b", limit, 1_000).await, Ok(()), "another key is free");
        assert_eq!(limiter.take("a", limit, 2_000).await, Ok(()), "a second refills one");
    }
}
