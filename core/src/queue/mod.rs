//! One durable queue in the same database as everything else, with lanes for what comes in, what is
//! to be done and what goes out.
//!
//! Putting a row in joins the caller's transaction. Rows of one key are handled one at a time, in the
//! order they were put in; rows of different keys never wait for each other. A row is leased while it
//! is worked on; when its worker dies the lease ends and another takes over. Every finish is fenced by
//! owner and attempt, so that a worker that lost its lease changes nothing.

mod desk;
mod error;
mod model;
mod put;
mod signals;
mod store;
mod together;
mod worker;

pub(crate) use desk::Handed;
pub use error::QueueError;
pub use model::{
    Backoff, Claimed, DeadRow, Held, Lane, LaneDepth, NewRow, Verdict, Waiting, apart, beside,
    own_key,
};
pub use put::{push, push_all, push_many, stand_in_line};
pub use signals::Signals;
pub(crate) use store::forget_dead;
pub use store::{
    behind, dead_rows, depths, finish, finish_behind, finish_many, has_elders, hasten, is_quiet,
    purge_finished, rename_key, retry_dead, retry_one_dead,
};
pub use together::{Errand, Gathering, Means, Pushes};
pub use worker::{Burial, Handler, Lease, MOST_TAKEOVERS, Worker, WorkerSettings};
