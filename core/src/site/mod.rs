//! The site as data and its way to pages.
//!
//! Pure: no IO, no clock, no network. Only this context writes markup.

pub mod document;
mod edit;

pub use edit::{Edit, EditError};
