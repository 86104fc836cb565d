//! HTTP in: verify, store, answer.

pub mod verify;
pub mod web;
