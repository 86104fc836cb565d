//! The rules of SiteSpark: wallet, sites, generation, queue and storage.
//!
//! Core never names a channel and never speaks HTTP to visitors.

pub mod backup;
pub mod brief;
pub mod byte_range;
pub mod camera;
pub mod causes;
pub mod clock;
pub mod db;
pub mod generation;
pub mod ids;
mod kept;
pub mod live;
pub mod llm;
pub mod photos;
pub mod plain;
pub mod queue;
pub mod safety;
pub mod site;
pub mod sites;
pub mod storage;
#[cfg(any(test, feature = "fakes"))]
pub mod testing;
pub mod users;
pub mod wallet;
pub mod writer;
