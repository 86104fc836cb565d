//! The book of every request to a model: what was asked of whom, how it ended, what it cost.
//!
//! It is the one source of what has been spent; budgets read it. It never holds what was said.

use async_trait::async_trait;

use crate::ids::RunId;

const REQUESTS: &str = "sitespark_ai_requests_total";
const COST: &str = "sitespark_ai_cost_usd";

/// How a cut-off or failed request ended, and every other one, as a word in metrics and the table.
pub mod status {
    /// Answered.
    pub const OK: &str = "ok";
    /// Answered from what an equal request had brought; nobody was asked.
    pub const CACHED: &str = "cached";
    /// Dropped before its end: too slow, or another answered first.
    pub const CANCELLED: &str = "cancelled";
}

/// One request to one provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRecord {
    /// The run that asked, if one did.
    pub run: Option<RunId>,
    /// The stage that asked.
    pub stage: String,
    /// Name and version of the prompt.
    pub prompt: String,
    /// Who was asked.
    pub provider: String,
    /// Which model.
    pub model: String,
    /// A word of [`status`], or a [`super::FaultKind`] label.
    pub status: String,
    /// Tokens read.
    pub prompt_tokens: i64,
    /// Tokens written.
    pub completion_tokens: i64,
    /// Price in billionths of a US dollar.
    pub cost_nano_usd: i64,
    /// Whether the tokens are a guess, as the provider told none.
    pub estimated: bool,
    /// From sending to the end.
    pub latency_ms: i64,
    /// When it ended, epoch milliseconds.
    pub at_ms: i64,
}

/// The book could not be written or read.
#[derive(Debug, thiserror::Error)]
#[error("the book of model requests failed: {0}")]
pub struct CallLogError(pub String);

/// Where requests are written down.
#[async_trait]
pub trait CallLog: Send + Sync {
    /// Writes one request down; durable when it returns.
    async fn write(&self, call: &CallRecord) -> Result<(), CallLogError>;

    /// What all requests since `from_ms` have cost, in billionths of a US dollar.
    async fn spent_since(&self, from_ms: i64) -> Result<i64, CallLogError>;

    /// What the requests of one run have cost, in billionths of a US dollar.
    async fn spent_by_run(&self, run: RunId) -> Result<i64, CallLogError>;
}

/// Counts a request in the metrics.
pub(super) fn measure(record: &CallRecord) {
    let (model, stage) = (record.model.clone(), record.stage.clone());
    metrics::counter!(REQUESTS,
        "model" => model.clone(), "stage" => stage.clone(), "status" => record.status.clone())
    .increment(1);
    if record.cost_nano_usd > 0 {
        // For the eye only; what is owed is kept in integers.
        let usd = record.cost_nano_usd as f64 / 1e9;
        metrics::gauge!(COST, "model" => model, "stage" => stage).increment(usd);
    }
}
