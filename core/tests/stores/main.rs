//! What core's storage promises, held against both engines: SQLite always, PostgreSQL where its
//! programs are installed (and in CI without exception).
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod backup;
mod db;
mod desk;
mod endings;
mod files;
mod generation;
mod held;
mod live;
mod model;
mod models;
mod names;
mod queue;
mod sites;
mod support;
mod users;
mod wallet;
mod worker;
