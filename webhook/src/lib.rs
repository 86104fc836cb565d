//! HTTP in: verify, store, answer.
