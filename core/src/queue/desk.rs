//! The desk of a lane's worker, for whoever puts work in from the same process.
//!
//! A row that nobody stands before is taken up by the statement that puts it in, as if it had been claimed
//! in that moment, and handed over once it is durable. That saves a look, a claim and a commit. SQLite
//! only: there is one writer, so that nobody else can put in a row of the same key meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::{Claimed, Lane, NewRow, Signals};

/// Where a lane's worker takes work.
#[derive(Debug)]
pub(crate) struct Desk {
    owner: String,
    lease_ms: i64,
    /// Rows that may be worked at once.
    places: Arc<Semaphore>,
    /// Rows that are due were there at the last look: the next finish may let one of them go on, and
    /// what comes in has to wait behind them.
    has_more: AtomicBool,
    tray: mpsc::UnboundedSender<Handed>,
}

/// A place at a desk, kept until the row it is for is worked.
#[derive(Debug)]
pub(crate) struct Place {
    desk: Arc<Desk>,
    permit: OwnedSemaphorePermit,
}

/// A row that is its worker's already.
#[derive(Debug)]
pub(crate) struct Handed {
    pub(super) row: Claimed,
    place: Place,
}

/// A desk that takes work from others; not any more once this is dropped.
#[derive(Debug)]
pub(super) struct OpenDesk<'a> {
    signals: &'a Signals,
    lane: Lane,
    desk: Arc<Desk>,
}

impl Desk {
    /// A desk with so many places, and what is handed over at it.
    pub(super) fn new(
        owner: String,
        lease_ms: i64,
        places: usize,
    ) -> (Arc<Self>, mpsc::UnboundedReceiver<Handed>) {
        let (tray, handed) = mpsc::unbounded_channel();
        let places = Arc::new(Semaphore::new(places));
        let desk = Self { owner, lease_ms, places, has_more: AtomicBool::new(false), tray };
        (Arc::new(desk), handed)
    }

    /// Lets others of this process hand work over.
    pub(super) fn open<'a>(self: &Arc<Self>, signals: &'a Signals, lane: Lane) -> OpenDesk<'a> {
        signals.set_desk(lane, Some(Arc::clone(self)));
        OpenDesk { signals, lane, desk: Arc::clone(self) }
    }

    /// A place for a row that is put in now, if one is free and nobody waits for it.
    pub(super) fn reserve(self: &Arc<Self>) -> Option<Place> {
        if self.has_more() {
            return None;
        }
        let permit = Arc::clone(&self.places).try_acquire_owned().ok()?;
        Some(Place { desk: Arc::clone(self), permit })
    }

    /// All places that are free now.
    pub(super) fn reserve_all(self: &Arc<Self>) -> Vec<Place> {
        let free = || Arc::clone(&self.places).try_acquire_owned().ok();
        std::iter::from_fn(free).map(|permit| Place { desk: Arc::clone(self), permit }).collect()
    }

    /// Returns once nobody has a place.
    pub(super) async fn vacated(&self, places: usize) {
        let all = u32::try_from(places).unwrap_or(u32::MAX);
        // The semaphore is never closed.
        let _all = self.places.acquire_many(all).await;
    }

    pub(super) fn has_more(&self) -> bool {
        self.has_more.load(Ordering::SeqCst)
    }

    pub(super) fn set_has_more(&self, has_more: bool) {
        self.has_more.store(has_more, Ordering::SeqCst);
    }
}

impl Place {
    /// Whose the row will be.
    pub(super) fn owner(&self) -> &str {
        &self.desk.owner
    }

    /// Until when, when it is put in now.
    pub(super) fn lease_until_ms(&self, now_ms: i64) -> i64 {
        now_ms + self.desk.lease_ms
    }

    /// The row that was put in for it.
    pub(super) fn taken(self, seq: i64, row: &NewRow, now_ms: i64) -> Handed {
        let row = Claimed {
            seq,
            lane: row.lane,
            key: row.key.clone(),
            cause: row.cause.clone(),
            payload: row.payload.clone(),
            attempt: 1,
            failures: 0,
            owner: self.desk.owner.clone(),
            created_at_ms: now_ms,
            is_followed: false,
        };
        self.claimed(row)
    }

    /// A row that was claimed for it.
    pub(super) fn claimed(self, row: Claimed) -> Handed {
        Handed { row, place: self }
    }
}

impl Handed {
    /// Whether a row that was put in with or after this one stands behind it.
    pub(super) fn is_before(&self, row: &NewRow) -> bool {
        self.row.lane == row.lane && self.row.key == row.key && self.row.cause != row.cause
    }

    /// Gives it to its worker. One that has gone leaves it to the end of its lease, as if it had died.
    pub(crate) fn hand_over(self) {
        let desk = Arc::clone(&self.place.desk);
        // The worker may have gone: the lease of the row ends, and another takes it.
        let _gone = desk.tray.send(self);
    }

    /// The row, and what frees its place when dropped.
    pub(super) fn into_parts(self) -> (Claimed, OwnedSemaphorePermit) {
        (self.row, self.place.permit)
    }
}

impl Drop for OpenDesk<'_> {
    fn drop(&mut self) {
        self.signals.close_desk(self.lane, &self.desk);
    }
}
