//! Databases and servers for tests: fresh, on 127.0.0.1, ended with the test process.
//!
//! Compiled for tests and behind the feature `fakes` only. A server whose program is not installed is
//! passed over with one printed line; where `CI=true` is set, a missing one fails the test instead.

pub mod briefs;
pub mod db;
pub mod postgres;
pub mod redis;
pub mod s3;
mod scenes;
mod server;

pub use crate::clock::ManualClock;
pub use db::{TestDb, engines};
pub use server::Server;

/// When a test's clock begins: a moment late in 2027, epoch milliseconds.
pub const START_MS: i64 = 1_820_000_000_000;

/// A clock for a test, showing [`START_MS`].
pub fn clock() -> ManualClock {
    ManualClock::at(START_MS)
}

/// Says that a part of the test is passed over because a program is missing; fails it in CI.
pub(crate) fn skip(what: &str) {
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "{what} are not installed, and CI=true wants them"
    );
    println!("skipped: {what} are not installed");
}
