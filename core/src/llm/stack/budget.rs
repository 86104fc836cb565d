//! How much models may cost: each run, and all of them in a day.
//!
//! What was spent is read from the book of requests, so a restart forgets nothing and processes share
//! one purse. Requests under way at once may overdraw it by what they cost.

use std::sync::Arc;
use std::task::{Context, Poll};

use futures::FutureExt;
use futures::future::BoxFuture;
use tower::{Layer, Service, ServiceExt};

use crate::clock::{DAY_MS, SharedClock};
use crate::ids::RunId;
use crate::llm::call_log::CallLog;
use crate::llm::{LlmAnswer, LlmError, LlmRequest};

/// How much may be spent, in billionths of a US dollar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpendLimits {
    /// By one run.
    pub run_nano_usd: i64,
    /// By everybody in one UTC day.
    pub day_nano_usd: i64,
}

impl Default for SpendLimits {
    fn default() -> Self {
        Self { run_nano_usd: 250_000_000, day_nano_usd: 10_000_000_000 }
    }
}

/// Nothing more may be spent: the built-in writer goes on alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OverBudget {
    /// By this run.
    #[error("the budget of the run is spent")]
    Run,
    /// By anybody before midnight UTC.
    #[error("the budget of the day is spent")]
    Day,
    /// What was spent cannot be read.
    #[error("what was spent is not known")]
    Unknown,
}

/// What may be spent, and the book that tells what was.
#[derive(Clone)]
pub(in crate::llm) struct Purse {
    limits: SpendLimits,
    log: Arc<dyn CallLog>,
    clock: SharedClock,
}

impl Purse {
    /// A purse with these limits.
    pub(in crate::llm) fn new(
        limits: SpendLimits,
        log: Arc<dyn CallLog>,
        clock: SharedClock,
    ) -> Self {
        Self { limits, log, clock }
    }

    /// Whether there is money left.
    pub(in crate::llm) async fn check(&self, run: Option<RunId>) -> Result<(), OverBudget> {
        let today_ms = self.clock.now_ms().div_euclid(DAY_MS) * DAY_MS;
        let unknown = |error: crate::llm::CallLogError| {
            tracing::warn!(%error, "no model is asked");
            OverBudget::Unknown
        };
        if self.log.spent_since(today_ms).await.map_err(unknown)? >= self.limits.day_nano_usd {
            return Err(OverBudget::Day);
        }
        let Some(run) = run else { return Ok(()) };
        if self.log.spent_by_run(run).await.map_err(unknown)? >= self.limits.run_nano_usd {
            return Err(OverBudget::Run);
        }
        Ok(())
    }
}

/// Makes services that ask the purse first.
#[derive(Clone)]
pub(super) struct BudgetLayer(Option<Purse>);

impl BudgetLayer {
    /// Without a book nothing is known and nothing is bounded.
    pub(super) fn new(
        limits: SpendLimits,
        log: Option<Arc<dyn CallLog>>,
        clock: SharedClock,
    ) -> Self {
        Self(log.map(|log| Purse::new(limits, log, clock)))
    }
}

impl<S> Layer<S> for BudgetLayer {
    type Service = Budgeted<S>;

    fn layer(&self, inner: S) -> Budgeted<S> {
        Budgeted { purse: self.0.clone(), inner }
    }
}

/// A service that costs money.
#[derive(Clone)]
pub(super) struct Budgeted<S> {
    purse: Option<Purse>,
    inner: S,
}

impl<S> Service<LlmRequest> for Budgeted<S>
where
    S: Service<LlmRequest, Response = LlmAnswer, Error = LlmError> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = LlmAnswer;
    type Error = LlmError;
    type Future = BoxFuture<'static, Result<LlmAnswer, LlmError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), LlmError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: LlmRequest) -> Self::Future {
        let Self { purse, inner } = self.clone();
        async move {
            if let Some(purse) = purse {
                purse.check(request.run).await.map_err(LlmError::OverBudget)?;
            }
            inner.oneshot(request).await
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;
    use crate::llm::fake::{MemoryCallLog, call};

    #[tokio::test]
    async fn a_run_ends_when_its_money_is_spent_and_others_go_on() {
        let log = Arc::new(MemoryCallLog::default());
        let limits = SpendLimits { run_nano_usd: 100, day_nano_usd: 1_000 };
        let clock = Arc::new(ManualClock::at(5 * DAY_MS));
        let purse = Purse { limits, log: log.clone(), clock };
        let (run, other) = (RunId::fresh(), RunId::fresh());
        log.write(&call(Some(run), 99, 5 * DAY_MS)).await.unwrap();
        assert_eq!(purse.check(Some(run)).await, Ok(()));
        log.write(&call(Some(run), 1, 5 * DAY_MS)).await.unwrap();
        assert_eq!(purse.check(Some(run)).await, Err(OverBudget::Run));
        assert_eq!(purse.check(Some(other)).await, Ok(()));
    }

    #[tokio::test]
    async fn a_new_day_brings_new_money() {
        let log = Arc::new(MemoryCallLog::default());
        let limits = SpendLimits { run_nano_usd: 100, day_nano_usd: 10 };
        let clock = ManualClock::at(3 * DAY_MS);
        let purse = Purse { limits, log: log.clone(), clock: Arc::new(clock.clone()) };
        log.write(&call(None, 10, 3 * DAY_MS)).await.unwrap();
        clock.advance_ms(DAY_MS - 1);
        assert_eq!(purse.check(None).await, Err(OverBudget::Day));
        clock.advance_ms(1);
        assert_eq!(purse.check(None).await, Ok(()));
    }
}
