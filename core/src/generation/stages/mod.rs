//! The thinking of the stages: what a model is asked, what of its answer is taken, and what stands
//! in when there is none.
//!
//! Pure. Nothing here asks a model, stores or retries, and no answer passes unchecked.

pub mod content;
pub mod design;
mod facts;
mod fault;
pub mod images;
pub mod intent;
pub mod menu;
pub mod meta;
#[cfg(test)]
pub(crate) mod sample;
mod schema;
mod text;

pub use fault::{Breach, StageFault};

#[cfg(test)]
mod cost_tests;
#[cfg(test)]
mod tests;
