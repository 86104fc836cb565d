//! A book of requests in memory.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;

use crate::ids::RunId;
use crate::llm::call_log::{CallLog, CallLogError, CallRecord, status};

/// A book that a test reads.
#[derive(Debug, Default)]
pub struct MemoryCallLog(Mutex<Vec<CallRecord>>);

impl MemoryCallLog {
    /// Every request so far.
    pub fn calls(&self) -> Vec<CallRecord> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn sum(&self, counts: impl Fn(&CallRecord) -> bool) -> i64 {
        self.calls().iter().filter(|call| counts(call)).map(|call| call.cost_nano_usd).sum()
    }
}

#[async_trait]
impl CallLog for MemoryCallLog {
    async fn write(&self, call: &CallRecord) -> Result<(), CallLogError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(call.clone());
        Ok(())
    }

    async fn spent_since(&self, from_ms: i64) -> Result<i64, CallLogError> {
        Ok(self.sum(|call| call.at_ms >= from_ms))
    }

    async fn spent_by_run(&self, run: RunId) -> Result<i64, CallLogError> {
        Ok(self.sum(|call| call.run == Some(run)))
    }
}

/// A request of a run that cost so much.
pub fn call(run: Option<RunId>, cost_nano_usd: i64, at_ms: i64) -> CallRecord {
    CallRecord {
        run,
        stage: "content".to_owned(),
        prompt: "content@1".to_owned(),
        provider: "fake".to_owned(),
        model: "gpt-4o-mini".to_owned(),
        status: status::OK.to_owned(),
        prompt_tokens: 10,
        completion_tokens: 5,
        cost_nano_usd,
        estimated: false,
        latency_ms: 3,
        at_ms,
    }
}
