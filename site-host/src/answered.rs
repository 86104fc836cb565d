//! Answers by their status, as a metric.

use std::sync::OnceLock;

use axum::http::StatusCode;
use metrics::Counter;

/// Statuses that are counted one by one; higher ones mean nothing to anybody.
const STATUSES: usize = 600;

/// A counter for each status, looked up in the registry when it is first needed.
pub(crate) struct Answered(Box<[OnceLock<Counter>; STATUSES]>);

impl Default for Answered {
    fn default() -> Self {
        Self(Box::new([const { OnceLock::new() }; STATUSES]))
    }
}

impl Answered {
    /// Counts one.
    pub(crate) fn count(&self, status: StatusCode) {
        let Some(counter) = self.0.get(usize::from(status.as_u16())) else { return };
        let named = || {
            let status = status.as_str().to_owned();
            metrics::counter!("sitespark_site_requests_total", "status" => status)
        };
        counter.get_or_init(named).increment(1);
    }
}
