//! Wake-up calls inside this process: a lane with new work does not wait for the next poll.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use tokio::sync::Notify;

use super::Lane;

/// One bell a lane.
#[derive(Debug, Default)]
pub struct Signals {
    inbox: Notify,
    jobs: Notify,
    outbox: Notify,
    drained: Notify,
    outside: Outside,
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
        self.bell(lane).notify_one();
    }

    /// Waits for the lane's next ring.
    pub async fn woken(&self, lane: Lane) {
        self.bell(lane).notified().await;
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

    fn bell(&self, lane: Lane) -> &Notify {
        match lane {
            Lane::Inbox => &self.inbox,
            Lane::Jobs => &self.jobs,
            Lane::Outbox => &self.outbox,
        }
    }
}
