//! HTTP in: verify, store, answer.

pub mod web;
