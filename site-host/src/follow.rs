//! Following what is published: by news at once, by the feed of changes within half a second whatever
//! happens to the news.

use std::collections::BTreeSet;
use std::time::Duration;

use sitespark_core::live::News;
use sitespark_core::sites;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use crate::SiteTable;

/// How often the feed is read.
const FEED_INTERVAL: Duration = Duration::from_millis(400);
/// How far back the feed is read again: rows of one moment may be committed in any order.
const OVERLAP_MS: i64 = 10_000;
/// Lines read at once; where there are more, the next are read behind them.
const MOST_LINES: i64 = 1_000;
/// Lines this old are behind us, whatever clock they were written by.
const LONG_AGO_MS: i64 = 60_000;
/// How often counted views are written down.
const FLUSH_INTERVAL: Duration = Duration::from_secs(10);

/// Keeps a table current until stopped, and writes down its page views.
pub async fn follow(table: SiteTable, stop: CancellationToken) {
    let mut news = table.live.bus.subscribe();
    let mut feed = tokio::time::interval(FEED_INTERVAL);
    feed.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut flush = tokio::time::interval(FLUSH_INTERVAL);
    let mut seen = Seen { since_ms: table.clock.now_ms(), applied: BTreeSet::new() };
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = feed.tick() => seen.read_feed(&table).await,
            _ = flush.tick() => flush_views(&table).await,
            heard = news.recv() => match heard {
                Ok(News::Site { subdomain }) => table.forget(&subdomain),
                Ok(News::Chat { .. } | News::Preview { .. }) => {}
                Err(RecvError::Lagged(_)) => table.forget_all(),
                Err(RecvError::Closed) => break,
            },
        }
    }
    flush_views(&table).await;
}

async fn flush_views(table: &SiteTable) {
    if let Err(error) = table.views.flush(&table.db).await {
        tracing::warn!(%error, "page views could not be written down yet");
    }
}

/// How far the feed was read.
struct Seen {
    since_ms: i64,
    applied: BTreeSet<i64>,
}

impl Seen {
    async fn read_feed(&mut self, table: &SiteTable) {
        let now_ms = table.clock.now_ms();
        let mut current = BTreeSet::new();
        let (mut at_ms, mut seq) = (self.since_ms - OVERLAP_MS, 0);
        loop {
            let lines = match sites::changes_since(&table.db, at_ms, seq, MOST_LINES).await {
                Ok(lines) => lines,
                Err(error) => {
                    tracing::warn!(%error, "the feed of site changes could not be read");
                    // What was applied of it is only applied again.
                    return;
                }
            };
            for line in &lines {
                if !self.applied.contains(&line.seq) {
                    table.forget(&line.subdomain);
                }
                current.insert(line.seq);
                (at_ms, seq) = (line.at_ms, line.seq);
            }
            if lines.len() < usize::try_from(MOST_LINES).unwrap_or(usize::MAX) {
                break;
            }
        }
        self.applied = current;
        self.since_ms = self.since_ms.max(at_ms.min(now_ms)).max(now_ms - LONG_AGO_MS);
    }
}
