//! Working a lane: claim, handle, finish, back off, keep leases alive, drain.

use std::collections::HashSet;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures::FutureExt;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::desk::{Desk, Handed};
use super::together::Finishes;
use super::{Backoff, Claimed, Lane, QueueError, Verdict, store};
use crate::clock::SharedClock;
use crate::db::{Db, Tx};

/// What is done with a lane's rows.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// Works one row. Must be idempotent: a row is handled again when its worker died.
    async fn handle(&self, row: &Claimed) -> Verdict;

    /// What a row that is given up for good leaves to be settled, in the transaction that gives it up.
    async fn bury(&self, _tx: &mut Tx, _row: &Claimed, _now_ms: i64) -> Result<(), Burial> {
        Ok(())
    }
}

/// Why a row could not be given up.
pub type Burial = Box<dyn std::error::Error + Send + Sync>;

/// Bounds of a lane's worker.
#[derive(Debug, Clone, Copy)]
pub struct WorkerSettings {
    /// Rows worked at once.
    pub concurrency: usize,
    /// How long a lease lasts without a heartbeat.
    pub lease_ms: i64,
    /// Longest one row may take.
    pub row_timeout: Duration,
    /// Waits between tries.
    pub backoff: Backoff,
}

/// Longest a lane sleeps when nobody rings: finds rows whose time has come and orphans.
const POLL: Duration = Duration::from_millis(1_000);
/// The same where other processes cannot ring.
const POLL_SHARED_FILE: Duration = Duration::from_millis(250);
/// Times a row is taken up before it is held to end its workers. Far above the tries of one that
/// fails: whoever dies beside it counts here, too, and an innocent message must outlive a bad hour.
pub const MOST_TAKEOVERS: i64 = 60;
/// Rest after the database failed.
const STORAGE_REST: Duration = Duration::from_millis(500);
/// How long running rows get when the process is told to stop.
const DRAIN: Duration = Duration::from_secs(20);

/// Works one lane until told to stop.
pub struct Worker {
    db: Db,
    clock: SharedClock,
    lane: Lane,
    owner: String,
    settings: WorkerSettings,
    handler: Arc<dyn Handler>,
    finishes: Finishes,
    in_hand: Arc<InHand>,
    last_beat_ms: AtomicI64,
    desk: Arc<Desk>,
    /// What is handed over at the desk, until this runs.
    handed: Option<UnboundedReceiver<Handed>>,
}

/// Rows being worked on now; their leases are extended together.
#[derive(Debug, Default)]
struct InHand(Mutex<HashSet<i64>>);

/// Keeps a row's lease alive until dropped.
#[derive(Debug)]
pub struct Lease {
    seq: i64,
    in_hand: Arc<InHand>,
}

impl InHand {
    fn all(&self) -> Vec<i64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect()
    }

    fn take(self: &Arc<Self>, seq: i64) -> Lease {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(seq);
        Lease { seq, in_hand: Arc::clone(self) }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.in_hand.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.seq);
    }
}

impl Worker {
    /// A worker of one lane; `owner` is unique to the process.
    pub fn new(
        db: Db,
        clock: SharedClock,
        lane: Lane,
        settings: WorkerSettings,
        handler: Arc<dyn Handler>,
    ) -> Self {
        let owner = uuid::Uuid::now_v7().to_string();
        let (desk, handed) = Desk::new(owner.clone(), settings.lease_ms, settings.concurrency);
        Self {
            finishes: Finishes::new(db.clone()),
            db,
            clock,
            lane,
            owner,
            settings,
            handler,
            in_hand: Arc::default(),
            last_beat_ms: AtomicI64::new(0),
            desk,
            handed: Some(handed),
        }
    }

    /// Works until `stop`, then lets running rows end (at most 20 s).
    pub async fn run(mut self, stop: CancellationToken) {
        let Some(mut handed) = self.handed.take() else { return };
        let worker = Arc::new(self);
        // Ends with this future, however that ends.
        let beating = tokio::spawn(Arc::clone(&worker).beat(stop.clone()));
        let _beating = AbortOnDropHandle::new(beating);
        let mut running = JoinSet::new();
        {
            let _open = worker.desk.open(worker.db.signals(), worker.lane);
            let mut looking = pin!(worker.look_out(&stop));
            loop {
                tokio::select! {
                    () = &mut looking => break,
                    // A look that is under way at the stop lets it be seen here first.
                    Some(row) = handed.recv() => match stop.is_cancelled() {
                        true => worker.refuse(row, &mut running),
                        false => worker.begin(row, &mut running),
                    },
                    Some(_) = running.join_next() => {}
                }
            }
        }
        let drained = tokio::time::timeout(DRAIN, worker.vacate(&mut handed));
        if drained.await.is_err() {
            tracing::warn!(
                lane = worker.lane.slug(),
                "rows still running at the end of the drain are left to their leases"
            );
        }
        running.abort_all();
    }

    fn begin(self: &Arc<Self>, handed: Handed, running: &mut JoinSet<()>) {
        let (row, place) = handed.into_parts();
        let lease = self.in_hand.take(row.seq);
        let worker = Arc::clone(self);
        running.spawn(async move { worker.work(row, lease, place).await });
    }

    fn refuse(self: &Arc<Self>, handed: Handed, running: &mut JoinSet<()>) {
        let worker = Arc::clone(self);
        running.spawn(async move { worker.put_back(handed).await });
    }

    /// Waits until nothing is worked any more; what is still handed over is given back.
    async fn vacate(&self, handed: &mut UnboundedReceiver<Handed>) {
        let mut vacated = pin!(self.desk.vacated(self.settings.concurrency));
        loop {
            tokio::select! {
                () = &mut vacated => return,
                Some(row) = handed.recv() => self.put_back(row).await,
            }
        }
    }

    /// Works everything that is due now and returns when nothing is. For tests and one-shot commands.
    pub async fn drain(self) -> usize {
        let mut worked = 0;
        loop {
            let claimed = self.look().await;
            if claimed.is_empty() {
                return worked;
            }
            for handed in claimed {
                let (row, place) = handed.into_parts();
                let lease = self.in_hand.take(row.seq);
                self.work(row, lease, place).await;
                worked += 1;
            }
        }
    }

    /// Claims what is due whenever somebody rings, and from time to time, until told to stop.
    async fn look_out(&self, stop: &CancellationToken) {
        let is_shared = store::polls_for_foreign_work(&self.db);
        let mut polls = tokio::time::interval(if is_shared { POLL_SHARED_FILE } else { POLL });
        polls.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                // Nothing is claimed any more once it is told to stop, whoever rings.
                biased;
                () = stop.cancelled() => return,
                () = self.db.signals().woken(self.lane) => {}
                _ = polls.tick() => {}
            }
            self.look().await.into_iter().for_each(Handed::hand_over);
        }
    }

    /// Claims as many of the rows that are due as there are free places.
    async fn look(&self) -> Vec<Handed> {
        match self.claim().await {
            Ok(rows) => rows,
            Err(error) => {
                tracing::error!(lane = self.lane.slug(), %error, "claiming work failed");
                tokio::time::sleep(STORAGE_REST).await;
                Vec::new()
            }
        }
    }

    async fn claim(&self) -> Result<Vec<Handed>, sqlx::Error> {
        let now_ms = self.clock.now_ms();
        let has_more = store::has_claimable(&self.db, self.lane, now_ms).await?;
        // Before the claim: whose key is finished after it will ring, whose was finished before it is
        // seen by it.
        self.desk.set_has_more(has_more);
        if !has_more {
            return Ok(Vec::new());
        }
        let places = self.desk.reserve_all();
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let mut tx = self.db.begin().await?;
        let until_ms = now_ms + self.settings.lease_ms;
        // A busy process beats late; that is no reason to take its own rows over from itself.
        if now_ms - self.last_beat_ms.load(Ordering::Relaxed) > self.settings.lease_ms / 2 {
            store::extend(&mut tx, &self.owner, &self.in_hand.all(), until_ms).await?;
        }
        let limit = i64::try_from(places.len()).unwrap_or(i64::MAX);
        let rows = store::claim(&mut tx, self.lane, &self.owner, until_ms, now_ms, limit).await?;
        tx.commit().await?;
        Ok(places.into_iter().zip(rows).map(|(place, row)| place.claimed(row)).collect())
    }

    async fn work(&self, row: Claimed, lease: Lease, place: OwnedSemaphorePermit) {
        let verdict = self.verdict_on(&row).await;
        if let Err(error) = self.settle(&row, verdict).await {
            tracing::warn!(job.seq = row.seq, lane = self.lane.slug(), %error, "a row could not be settled; its lease will end");
        }
        drop((lease, place));
        self.db.signals().note_finish();
        // The key's next row may be waiting behind this one, for another worker of the lane as well;
        // whatever comes later rings itself.
        if self.desk.has_more() {
            self.db.signals().wake(self.lane);
        }
    }

    async fn verdict_on(&self, row: &Claimed) -> Verdict {
        // What is neither told as a failure nor given back ended its worker.
        if row.attempt - row.failures > MOST_TAKEOVERS {
            return Verdict::Dead("its workers died".to_owned());
        }
        let handling = AssertUnwindSafe(self.handler.handle(row)).catch_unwind();
        match tokio::time::timeout(self.settings.row_timeout, handling).await {
            Ok(Ok(verdict)) => verdict,
            Ok(Err(_panic)) => Verdict::Retry("panicked".to_owned()),
            Err(_elapsed) => Verdict::Retry("took too long".to_owned()),
        }
    }

    /// Gives back what was handed over while the stop came, as if it had not been.
    async fn put_back(&self, handed: Handed) {
        let (row, _place) = handed.into_parts();
        if let Err(error) = self.settle(&row, Verdict::Later(0)).await {
            tracing::warn!(job.seq = row.seq, lane = self.lane.slug(), %error, "a row could not be put back; its lease will end");
        }
    }

    async fn settle(&self, row: &Claimed, verdict: Verdict) -> Result<(), QueueError> {
        let now_ms = self.clock.now_ms();
        let (run_at_ms, counts, error) = match verdict {
            Verdict::Finished => return Ok(()),
            Verdict::Done => return self.finishes.finish(row, now_ms).await,
            Verdict::Retry(error) => {
                let failures = row.failures + 1;
                let delay = self.settings.backoff.delay_ms(failures, rand::random());
                (delay.map(|delay| now_ms + delay), (row.attempt, failures), error)
            }
            Verdict::RetryAfter(delay_ms, error) => {
                (Some(now_ms + delay_ms.max(0)), (row.attempt - 1, row.failures), error)
            }
            Verdict::Later(delay_ms) => {
                let counts = (row.attempt - 1, row.failures);
                return self.give_back(row, Some(now_ms + delay_ms.max(0)), counts, None).await;
            }
            Verdict::Dead(error) => (None, (row.attempt, row.failures), error),
        };
        match run_at_ms {
            Some(_) => {
                tracing::warn!(job.seq = row.seq, lane = self.lane.slug(), attempt = row.attempt, %error, "a row will be tried again")
            }
            None => {
                tracing::error!(job.seq = row.seq, lane = self.lane.slug(), attempt = row.attempt, %error, "a row is dead; `sitespark jobs list` shows it")
            }
        }
        self.give_back(row, run_at_ms, counts, Some(&error)).await
    }

    async fn give_back(
        &self,
        row: &Claimed,
        run_at_ms: Option<i64>,
        counts: (i64, i64),
        error: Option<&str>,
    ) -> Result<(), QueueError> {
        let mut tx = self.db.begin().await?;
        store::give_back(&mut tx, row, run_at_ms, counts, error).await?;
        if run_at_ms.is_none() {
            let now_ms = self.clock.now_ms();
            self.handler.bury(&mut tx, row, now_ms).await.map_err(QueueError::Burial)?;
        }
        Ok(tx.commit().await?)
    }

    async fn beat(self: Arc<Self>, stop: CancellationToken) {
        let third = u64::try_from(self.settings.lease_ms / 3).unwrap_or(1).max(1);
        let mut ticks = tokio::time::interval(Duration::from_millis(third));
        let mut ended = false;
        loop {
            tokio::select! {
                () = stop.cancelled(), if !ended => ended = true,
                _ = ticks.tick() => {}
            }
            if let Err(error) = self.extend_leases().await {
                tracing::warn!(%error, "leases could not be extended");
            }
        }
    }

    async fn extend_leases(&self) -> Result<(), sqlx::Error> {
        let seqs = self.in_hand.all();
        if seqs.is_empty() {
            return Ok(());
        }
        let mut tx = self.db.begin().await?;
        let now_ms = self.clock.now_ms();
        let until_ms = now_ms + self.settings.lease_ms;
        store::extend(&mut tx, &self.owner, &seqs, until_ms).await?;
        tx.commit().await?;
        self.last_beat_ms.store(now_ms, Ordering::Relaxed);
        Ok(())
    }
}
