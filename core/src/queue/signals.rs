//! Wake-up calls inside this process: a lane with new work does not wait for the next poll.

use tokio::sync::Notify;

use super::Lane;

/// One bell a lane.
#[derive(Debug, Default)]
pub struct Signals {
    inbox: Notify,
    jobs: Notify,
    outbox: Notify,
    drained: Notify,
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
