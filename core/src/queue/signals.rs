//! Wake-up calls inside this process: a lane with new work does not wait for the next poll.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::Lane;
use super::desk::{Desk, Place};

/// One bell a lane.
#[derive(Debug, Default)]
pub struct Signals {
    inbox: Side,
    jobs: Side,
    outbox: Side,
    drained: Notify,
    outside: Outside,
}

/// What a lane's worker in this process can be reached by.
#[derive(Debug, Default)]
struct Side {
    bell: Notify,
    desk: Mutex<Option<Arc<Desk>>>,
}

/// What other processes are still to be called for.
#[derive(Debug, Default)]
struct Outside {
    has_caller: AtomicBool,
    /// A bit a lane.
    lanes: AtomicU8,
    bell: Notify,
}

/// Somebody who calls other processes; until dropped, nobody else need.
#[derive(Debug)]
pub(crate) struct Caller<'a>(&'a Outside);

impl Caller<'_> {
    /// Waits until there is somebody to call.
    pub(crate) async fn needed(&self) {
        self.0.bell.notified().await;
    }

    /// The lanes to call for; they count as called.
    pub(crate) fn take(&self) -> impl Iterator<Item = Lane> {
        let lanes = self.0.lanes.swap(0, Ordering::SeqCst);
        Lane::ALL.into_iter().filter(move |lane| lanes & bit(*lane) != 0)
    }
}

impl Drop for Caller<'_> {
    fn drop(&mut self) {
        self.0.has_caller.store(false, Ordering::SeqCst);
    }
}

fn bit(lane: Lane) -> u8 {
    match lane {
        Lane::Inbox => 1,
        Lane::Jobs => 2,
        Lane::Outbox => 4,
    }
}

impl Signals {
    /// Rings for whoever works on the lane; remembered if nobody listens right now.
    pub fn wake(&self, lane: Lane) {
        self.side(lane).bell.notify_one();
    }

    /// Waits for the lane's next ring.
    pub async fn woken(&self, lane: Lane) {
        self.side(lane).bell.notified().await;
    }

    /// Takes over calling other processes.
    pub(crate) fn caller(&self) -> Caller<'_> {
        self.outside.has_caller.store(true, Ordering::SeqCst);
        Caller(&self.outside)
    }

    /// Whether somebody calls other processes.
    pub fn has_caller(&self) -> bool {
        self.outside.has_caller.load(Ordering::SeqCst)
    }

    /// Asks the caller to call for a lane.
    pub(crate) fn call_others(&self, lane: Lane) {
        self.outside.lanes.fetch_or(bit(lane), Ordering::SeqCst);
        self.outside.bell.notify_one();
    }

    /// Tells that a row was finished somewhere in this process.
    pub(super) fn note_finish(&self) {
        self.drained.notify_waiters();
    }

    /// Waits until some row was finished in this process.
    pub async fn finished(&self) {
        self.drained.notified().await;
    }

    /// A place for a row that is put in now, where the lane's worker takes it at once.
    pub(super) fn reserve(&self, lane: Lane) -> Option<Place> {
        self.desk(lane).as_ref()?.reserve()
    }

    pub(super) fn set_desk(&self, lane: Lane, desk: Option<Arc<Desk>>) {
        *self.desk(lane) = desk;
    }

    /// Closes a desk, unless another worker has opened one since.
    pub(super) fn close_desk(&self, lane: Lane, closed: &Arc<Desk>) {
        let mut desk = self.desk(lane);
        desk.take_if(|open| Arc::ptr_eq(open, closed));
    }

    fn desk(&self, lane: Lane) -> MutexGuard<'_, Option<Arc<Desk>>> {
        self.side(lane).desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn side(&self, lane: Lane) -> &Side {
        match lane {
            Lane::Inbox => &self.inbox,
            Lane::Jobs => &self.jobs,
            Lane::Outbox => &self.outbox,
        }
    }
}
