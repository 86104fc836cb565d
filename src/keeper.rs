//! Housekeeping: holds whose time is over go back to their wallets, old finished rows are forgotten.

use std::time::Duration;

use sitespark_bot::{comparisons, deliveries, exports, reminders, speaking, store};
use sitespark_core::causes::with_causes;
use sitespark_core::clock::SharedClock;
use sitespark_core::db::{Db, DbError};
use sitespark_core::generation;
use sitespark_core::ids::TransferId;
use sitespark_core::sites::Publisher;
use sitespark_core::{llm, queue, wallet};
use tokio_util::sync::CancellationToken;

/// How often the house is looked over.
const ROUND: Duration = Duration::from_secs(30);
/// How often exports, pictures and recordings whose days are over are removed.
const SWEEP: Duration = Duration::from_secs(6 * 60 * 60);
/// Holds given back in one round.
const MOST_HOLDS: i64 = 100;
/// How long causes are remembered: longer than any channel repeats itself (WhatsApp: 7 days).
const KEEP_CAUSES_MS: i64 = 8 * 24 * 60 * 60 * 1_000;

/// How long a status waits for its message to be noted.
const KEEP_STATUSES_MS: i64 = 24 * 60 * 60 * 1_000;

/// Looks after the house.
pub(crate) struct Keeper {
    db: Db,
    clock: SharedClock,
    publisher: Publisher,
}

impl Keeper {
    /// A keeper of this house.
    pub(crate) fn new(db: Db, clock: SharedClock, publisher: Publisher) -> Self {
        Self { db, clock, publisher }
    }

    /// Makes rounds until stopped.
    pub(crate) async fn run(self, stop: CancellationToken) {
        let mut rounds = tokio::time::interval(ROUND);
        let mut sweeps = tokio::time::interval(SWEEP);
        loop {
            let due = async {
                tokio::select! {
                    _ = rounds.tick() => self.round().await,
                    _ = sweeps.tick() => self.sweep().await,
                }
            };
            // Each part is a transaction: one that is let go of leaves nothing.
            if stop.run_until_cancelled(due).await.is_none() {
                return;
            }
        }
    }

    async fn sweep(&self) {
        let (objects, now_ms) = (self.publisher.objects(), self.clock.now_ms());
        note("old exports could not be removed", exports::sweep(objects, now_ms).await);
        note("old pictures could not be removed", comparisons::sweep(objects, now_ms).await);
        note("old recordings could not be removed", speaking::sweep(objects, now_ms).await);
    }

    /// Each part and each hold by itself: one that fails holds up no other.
    async fn round(&self) {
        let now_ms = self.clock.now_ms();
        match wallet::expired_holds(&self.db, now_ms, MOST_HOLDS).await {
            Ok(holds) => {
                for hold in holds {
                    if let Err(error) = self.expire(hold, now_ms).await {
                        let error = format!("{error:#}");
                        tracing::error!(hold.id = %hold, error, "an expired hold could not be given back");
                    }
                }
            }
            Err(error) => tracing::error!(%error, "expired holds could not be looked for"),
        }
        let reminded = reminders::remind(&self.db, &self.clock).await;
        note("who stopped halfway could not be reminded", reminded);
        note("old causes could not be forgotten", self.forget_causes(now_ms).await);
        note("old answers could not be forgotten", self.forget_answers(now_ms).await);
        note("old statuses could not be forgotten", self.forget_statuses(now_ms).await);
    }

    async fn forget_causes(&self, now_ms: i64) -> Result<(), DbError> {
        let mut tx = self.db.begin().await?;
        queue::purge_finished(&mut tx, now_ms - KEEP_CAUSES_MS).await?;
        tx.commit().await
    }

    async fn forget_answers(&self, now_ms: i64) -> Result<(), DbError> {
        let mut tx = self.db.begin().await?;
        llm::purge_answers(&mut tx, now_ms).await?;
        tx.commit().await
    }

    async fn forget_statuses(&self, now_ms: i64) -> Result<(), DbError> {
        let mut tx = self.db.begin().await?;
        deliveries::purge_early(&mut tx, now_ms - KEEP_STATUSES_MS).await?;
        tx.commit().await
    }

    async fn expire(&self, hold: TransferId, now_ms: i64) -> anyhow::Result<()> {
        let mut tx = self.db.begin().await?;
        let told = generation::expire(&mut tx, hold, &self.publisher, now_ms).await?;
        if let Some((run, conversation, report)) = told
            && let Some(key) = store::key_in(&mut tx, conversation).await?
        {
            let row = report.into_row(&key, format!("run:{run}:failed"), now_ms);
            queue::push(&mut tx, &row, now_ms).await?;
        }
        tx.commit().await?;
        tracing::warn!(hold.id = %hold, "an expired hold was given back");
        Ok(())
    }
}

/// A part of the round that failed is tried again in the next.
fn note<T, E: std::error::Error>(what: &str, outcome: Result<T, E>) {
    if let Err(error) = outcome {
        tracing::warn!(error = with_causes(&error), "{what}");
    }
}
