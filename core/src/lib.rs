//! The rules of SiteSpark: wallet, sites, generation, queue and storage.
//!
//! Core never names a channel and never speaks HTTP to visitors.

pub mod brief;
pub mod clock;
pub mod ids;
pub mod llm;
pub mod site;
pub mod writer;
