//! Several providers as one model: in order, bounded in time, money and number of tries.
//!
//! A request goes outward in: deadline, budget, then provider by provider through breaker, retry,
//! timeout, concurrency bound and meter. A refusal is final: another provider is not asked to say
//! what the first would not.

mod breaker;
mod budget;
mod meter;
mod retry;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tower::util::BoxCloneSyncService;
use tower::{BoxError, ServiceBuilder, ServiceExt};

use super::{
    CallFault, FaultKind, Llm, LlmAnswer, LlmError, LlmRequest, OpenAiProvider, Tier, fault,
};
use crate::clock::SharedClock;

pub use breaker::BreakerConfig;
pub use budget::{Budget, OverBudget, SpendLimit};
pub use retry::RetryConfig;

use breaker::BreakerLayer;
use meter::MeterLayer;
use retry::RetryLayer;

/// The bounds of a stack.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StackConfig {
    /// For one try at one provider.
    pub try_timeout_ms: u64,
    /// For the whole ask, over all tries and providers.
    pub deadline_ms: u64,
    /// Requests under way at one provider.
    pub concurrency: usize,
    /// When and how often a try is repeated.
    pub retry: RetryConfig,
    /// When a provider is left alone.
    pub breaker: BreakerConfig,
}

impl Default for StackConfig {
    fn default() -> Self {
        Self {
            try_timeout_ms: 45_000,
            deadline_ms: 90_000,
            concurrency: 8,
            retry: RetryConfig::default(),
            breaker: BreakerConfig::default(),
        }
    }
}

type Service = BoxCloneSyncService<LlmRequest, LlmAnswer, CallFault>;

/// One provider behind its layers.
#[derive(Clone)]
struct Lane {
    name: String,
    tier: Option<Tier>,
    service: Service,
}

/// Providers in order of preference, behind the layers. Clones share breakers and budgets.
#[derive(Clone)]
pub struct LlmStack {
    lanes: Arc<[Lane]>,
    budgets: Vec<Arc<dyn Budget>>,
    deadline: Duration,
}

impl std::fmt::Debug for LlmStack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<_> = self.lanes.iter().map(|lane| &lane.name).collect();
        f.debug_struct("LlmStack").field("providers", &names).finish_non_exhaustive()
    }
}

impl LlmStack {
    /// A stack over `providers` in the order given. Without any, every ask answers
    /// [`LlmError::NotConfigured`].
    pub fn new(providers: Vec<OpenAiProvider>, config: StackConfig, clock: SharedClock) -> Self {
        let lanes = providers
            .into_iter()
            .map(|provider| Lane {
                name: provider.name().to_owned(),
                tier: provider.tier(),
                service: layered(provider, config, &clock),
            })
            .collect();
        let deadline = Duration::from_millis(config.deadline_ms);
        Self { lanes, budgets: Vec::new(), deadline }
    }

    /// The same stack, its breakers shared, spending from `budget` too: one of a day for all, or
    /// one of a single run.
    pub fn with_budget(&self, budget: Arc<dyn Budget>) -> Self {
        let mut stack = self.clone();
        stack.budgets.push(budget);
        stack
    }

    /// Whether there is any provider to ask.
    pub fn is_configured(&self) -> bool {
        !self.lanes.is_empty()
    }

    /// Lanes whose tier fits first, each group in the order of the settings.
    fn lanes_for(&self, tier: Tier) -> impl Iterator<Item = &Lane> {
        let fits = move |lane: &&Lane| lane.tier.is_none_or(|able| able == tier);
        self.lanes.iter().filter(fits).chain(self.lanes.iter().filter(move |lane| !fits(lane)))
    }

    async fn ask_in_order(&self, request: &LlmRequest, failed: &Failures) -> Option<LlmAnswer> {
        for lane in self.lanes_for(request.tier) {
            if let Err(over) = self.check_budgets().await {
                failed.add(&lane.name, CallFault::new(FaultKind::Resting, over.to_string()));
                return None;
            }
            match lane.service.clone().oneshot(request.clone()).await {
                Ok(answer) => {
                    self.record(answer.cost_nano_usd).await;
                    return Some(answer);
                }
                Err(fault) => {
                    self.record(fault.spent_nano_usd).await;
                    let is_final = fault.kind == FaultKind::Refused;
                    failed.add(&lane.name, fault);
                    if is_final {
                        return None;
                    }
                }
            }
        }
        None
    }

    async fn check_budgets(&self) -> Result<(), OverBudget> {
        for budget in &self.budgets {
            budget.check().await?;
        }
        Ok(())
    }

    async fn record(&self, nano_usd: i64) {
        for budget in &self.budgets {
            budget.record(nano_usd).await;
        }
    }
}

#[async_trait]
impl Llm for LlmStack {
    async fn ask(&self, request: &LlmRequest) -> Result<LlmAnswer, LlmError> {
        if self.lanes.is_empty() {
            return Err(LlmError::NotConfigured);
        }
        let failed = Failures::default();
        match tokio::time::timeout(self.deadline, self.ask_in_order(request, &failed)).await {
            Ok(Some(answer)) => Ok(answer),
            Ok(None) => Err(failed.told(None)),
            Err(_) => Err(failed.told(Some("the deadline passed"))),
        }
    }
}

/// One provider in its layers, from the outside in.
fn layered(provider: OpenAiProvider, config: StackConfig, clock: &SharedClock) -> Service {
    let model = provider.model().to_owned();
    let service = ServiceBuilder::new()
        .layer(BreakerLayer::new(config.breaker, clock.clone()))
        .layer(RetryLayer::new(config.retry))
        .map_err(timed_out)
        .timeout(Duration::from_millis(config.try_timeout_ms))
        .concurrency_limit(config.concurrency.max(1))
        .layer(MeterLayer::new(model))
        .service(provider);
    BoxCloneSyncService::new(service)
}

/// The timeout layer boxes every error; a box that holds no fault of ours is its own.
fn timed_out(error: BoxError) -> CallFault {
    match error.downcast::<CallFault>() {
        Ok(fault) => *fault,
        Err(_) => CallFault::transient("no answer in time"),
    }
}

/// What went wrong so far; readable even when the ask is cut off by its deadline.
#[derive(Default)]
struct Failures(std::sync::Mutex<Vec<(String, CallFault)>>);

impl Failures {
    fn add(&self, provider: &str, fault: CallFault) {
        tracing::warn!(
            llm.provider = provider,
            llm.fault = fault.kind.label(),
            reason = %fault.reason,
            "a model did not answer"
        );
        let mut list = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        list.push((provider.to_owned(), fault));
    }

    /// The error for the caller: refused or unusable if the last answer there was is that.
    fn told(&self, end: Option<&str>) -> LlmError {
        let list = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
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
mod tests;
