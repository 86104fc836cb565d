//! Providers one after the other, and a second one beside the first when that is slow.
//!
//! Lanes of the wanted tier come first, the others stand in. At most [`MOST_AT_ONCE`] requests of one
//! ask are under way; the first answer wins and the other is dropped.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use tokio::time::Instant;
use tower::{Service, ServiceExt};

use super::{Lane, fault};
use crate::llm::{CallFault, FaultKind, LlmAnswer, LlmError, LlmRequest, Tier};

/// Requests of one ask under way: the first and its hedge.
const MOST_AT_ONCE: usize = 2;
/// Answers whose times are remembered of a lane.
const PACE_WINDOW: usize = 64;
/// Answers from which a lane's pace is known.
const PACE_KNOWN_FROM: usize = 20;

/// When a second request is sent beside a slow one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HedgeConfig {
    /// After this at the latest.
    pub after_ms: u64,
    /// Never before this, however quick a provider usually is.
    pub not_before_ms: u64,
}

impl Default for HedgeConfig {
    fn default() -> Self {
        Self { after_ms: 12_000, not_before_ms: 1_500 }
    }
}

/// How long a lane's latest answers took.
#[derive(Debug, Default)]
pub(super) struct Pace(Mutex<VecDeque<u64>>);

impl Pace {
    fn times(&self) -> MutexGuard<'_, VecDeque<u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, took: Duration) {
        let mut times = self.times();
        if times.len() >= PACE_WINDOW {
            times.pop_front();
        }
        times.push_back(u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
    }

    /// What nineteen of twenty answers stayed below; `None` while too few are known.
    fn p95_ms(&self) -> Option<u64> {
        let mut sorted: Vec<u64> = self.times().iter().copied().collect();
        if sorted.len() < PACE_KNOWN_FROM {
            return None;
        }
        sorted.sort_unstable();
        sorted.get(sorted.len() * 95 / 100).copied()
    }
}

/// All lanes as one service.
#[derive(Clone)]
pub(super) struct Chain {
    pub(super) lanes: Arc<[Lane]>,
    pub(super) hedge: HedgeConfig,
    pub(super) deadline: Duration,
}

impl Chain {
    /// Lanes whose tier fits first, each group in the order of the settings.
    fn lanes_for(&self, tier: Tier) -> VecDeque<&Lane> {
        let fits = |lane: &&Lane| lane.tier.is_none_or(|able| able == tier);
        let others = self.lanes.iter().filter(|lane| !fits(lane));
        self.lanes.iter().filter(fits).chain(others).collect()
    }

    fn patience(&self, lane: &Lane) -> Duration {
        let usual = lane.pace.p95_ms().unwrap_or(self.hedge.after_ms);
        Duration::from_millis(
            usual.clamp(self.hedge.not_before_ms.min(self.hedge.after_ms), self.hedge.after_ms),
        )
    }

    async fn race(&self, request: &LlmRequest, failed: &Failures) -> Option<LlmAnswer> {
        let mut waiting = self.lanes_for(request.tier);
        let mut current = waiting.pop_front()?;
        let mut running = FuturesUnordered::new();
        running.push(current.run(request));
        let mut slow = Box::pin(tokio::time::sleep(self.patience(current)));
        let mut hedged = false;
        loop {
            tokio::select! {
                biased;
                Some((lane, outcome)) = running.next() => {
                    match outcome {
                        Ok(answer) => return Some(answer),
                        Err(fault) if fault.kind == FaultKind::Refused => {
                            failed.add(&lane.name, fault);
                            return None;
                        }
                        Err(fault) => failed.add(&lane.name, fault),
                    }
                    if running.is_empty() {
                        current = waiting.pop_front()?;
                        running.push(current.run(request));
                        slow = Box::pin(tokio::time::sleep(self.patience(current)));
                        hedged = false;
                    }
                }
                () = &mut slow, if !hedged && running.len() < MOST_AT_ONCE => {
                    hedged = true;
                    // Alone, a lane is asked twice only when it is slower than it usually is.
                    let again = current.pace.p95_ms().map(|_| current);
                    if let Some(second) = waiting.pop_front().or(again) {
                        tracing::info!(llm.provider = second.name, "a second model is asked beside a slow one");
                        running.push(second.run(request));
                    }
                }
            }
        }
    }

    async fn ask(&self, request: &LlmRequest) -> Result<LlmAnswer, LlmError> {
        let failed = Failures::default();
        match tokio::time::timeout(self.deadline, self.race(request, &failed)).await {
            Ok(Some(answer)) => Ok(answer),
            Ok(None) => Err(failed.told(None)),
            Err(_) => Err(failed.told(Some("the deadline passed"))),
        }
    }
}

impl Lane {
    async fn run(&self, request: &LlmRequest) -> (&Self, Result<LlmAnswer, CallFault>) {
        let begun = Instant::now();
        let outcome = self.service.clone().oneshot(request.clone()).await;
        if outcome.is_ok() {
            self.pace.note(begun.elapsed());
        }
        (self, outcome)
    }
}

impl Service<LlmRequest> for Chain {
    type Response = LlmAnswer;
    type Error = LlmError;
    type Future = BoxFuture<'static, Result<LlmAnswer, LlmError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), LlmError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: LlmRequest) -> Self::Future {
        let chain = self.clone();
        async move { chain.ask(&request).await }.boxed()
    }
}

/// What went wrong so far; readable even when the ask is cut off by its deadline.
#[derive(Default)]
struct Failures(Mutex<Vec<(String, CallFault)>>);

impl Failures {
    fn list(&self) -> MutexGuard<'_, Vec<(String, CallFault)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, provider: &str, fault: CallFault) {
        tracing::warn!(
            llm.provider = provider,
            llm.fault = fault.kind.label(),
            reason = %fault.reason,
            "a model did not answer"
        );
        self.list().push((provider.to_owned(), fault));
    }

    /// The error for the caller: refused or unusable if the last answer there was is that.
    fn told(&self, end: Option<&str>) -> LlmError {
        let list = self.list();
        let reasons = list.iter().map(|(name, fault)| format!("{name}: {fault}"));
        let reasons: Vec<_> = reasons.chain(end.map(str::to_owned)).collect();
        let reason = reasons.join("; ");
        let decisive = list.iter().rev().find(|(_, fault)| {
            end.is_none() && matches!(fault.kind, FaultKind::Refused | FaultKind::Unusable)
        });
        match decisive {
            Some((_, fault)) => fault::CallFault::new(fault.kind, reason).into(),
            None => LlmError::Unavailable(reason),
        }
    }
}

#[cfg(test)]
#[path = "chain_tests.rs"]
mod tests;
