//! HTTP out: serve the sites by Host.
