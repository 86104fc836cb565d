//! Several providers as one model: remembered, bounded in money, time and number of tries.
//!
//! A request goes outward in: cache, budget, then the chain of providers with its deadline and hedge,
//! and in each provider breaker, retry, timeout, concurrency bound and meter. A refusal is final:
//! another provider is not asked to say what the first would not.

mod breaker;
mod budget;
mod cached;
mod chain;
mod meter;
mod retry;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tower::util::BoxCloneSyncService;
use tower::{BoxError, ServiceBuilder, ServiceExt};

use super::cache::AnswerCache;
use super::call_log::CallLog;
use super::{CallFault, Llm, LlmAnswer, LlmError, LlmRequest, OpenAiProvider, Tier, fault};
use crate::clock::SharedClock;

pub use breaker::BreakerConfig;
pub(super) use budget::Purse;
pub use budget::{OverBudget, SpendLimits};
pub use chain::HedgeConfig;
pub use retry::RetryConfig;

use breaker::BreakerLayer;
use budget::BudgetLayer;
use cached::CacheLayer;
use chain::{Chain, Pace};
use meter::{MeterLayer, Meters};
use retry::RetryLayer;

/// Longest request that is sent, in characters of its two texts; the stages stay far below it.
const MAX_REQUEST_CHARS: usize = 60_000;

/// The bounds of a stack.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StackConfig {
    /// For one try at one provider.
    pub try_timeout_ms: u64,
    /// For the whole ask, over all tries and providers.
    pub deadline_ms: u64,
    /// Requests under way at one provider: a site asks for a dozen things at once.
    pub concurrency: usize,
    /// When a second request goes out beside a slow one.
    pub hedge: HedgeConfig,
    /// When and how often a try is repeated.
    pub retry: RetryConfig,
    /// When a provider is left alone.
    pub breaker: BreakerConfig,
    /// How much may be spent, where there is a book to tell what was.
    pub spend: SpendLimits,
}

impl Default for StackConfig {
    fn default() -> Self {
        Self {
            try_timeout_ms: 45_000,
            deadline_ms: 90_000,
            concurrency: 24,
            hedge: HedgeConfig::default(),
            retry: RetryConfig::default(),
            breaker: BreakerConfig::default(),
            spend: SpendLimits::default(),
        }
    }
}

/// What a stack keeps: nothing by default.
#[derive(Clone, Default)]
pub struct Records {
    /// Answers to be given again.
    pub cache: Option<AnswerCache>,
    /// The book of every request; without it nothing bounds what is spent.
    pub log: Option<Arc<dyn CallLog>>,
}

type Service = BoxCloneSyncService<LlmRequest, LlmAnswer, CallFault>;

/// One provider behind its layers.
#[derive(Clone)]
struct Lane {
    name: String,
    tier: Option<Tier>,
    service: Service,
    pace: Arc<Pace>,
}

/// Providers in order of preference, behind the layers. Clones share breakers and books.
#[derive(Clone)]
pub struct LlmStack {
    names: Vec<String>,
    cache: Option<AnswerCache>,
    service: BoxCloneSyncService<LlmRequest, LlmAnswer, LlmError>,
}

impl std::fmt::Debug for LlmStack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LlmStack").field("providers", &self.names).finish_non_exhaustive()
    }
}

impl LlmStack {
    /// A stack over `providers` in the order given that keeps nothing. Without any, every ask
    /// answers [`LlmError::NotConfigured`].
    pub fn new(providers: Vec<OpenAiProvider>, config: StackConfig, clock: SharedClock) -> Self {
        Self::with_records(providers, config, clock, Records::default())
    }

    /// The same with a memory and a book.
    pub fn with_records(
        providers: Vec<OpenAiProvider>,
        config: StackConfig,
        clock: SharedClock,
        records: Records,
    ) -> Self {
        let meters = Meters::new(records.log.clone(), clock.clone());
        let lanes = providers
            .into_iter()
            .map(|provider| Lane {
                name: provider.name().to_owned(),
                tier: provider.tier(),
                service: layered(provider, config, &clock, &meters),
                pace: Arc::default(),
            })
            .collect();
        Self::over(lanes, config, &clock, records)
    }

    fn over(lanes: Vec<Lane>, config: StackConfig, clock: &SharedClock, records: Records) -> Self {
        let names = lanes.iter().map(|lane| lane.name.clone()).collect();
        let Records { cache, log } = records;
        let meters = Meters::new(log.clone(), clock.clone());
        let chain = Chain {
            lanes: lanes.into(),
            hedge: config.hedge,
            deadline: Duration::from_millis(config.deadline_ms),
        };
        let service = ServiceBuilder::new()
            .layer(CacheLayer::new(cache.clone(), meters, clock.clone()))
            .layer(BudgetLayer::new(config.spend, log, clock.clone()))
            .service(chain);
        Self { names, cache, service: BoxCloneSyncService::new(service) }
    }

    /// Whether there is any provider to ask.
    pub fn is_configured(&self) -> bool {
        !self.names.is_empty()
    }
}

#[async_trait]
impl Llm for LlmStack {
    async fn ask(&self, request: &LlmRequest) -> Result<LlmAnswer, LlmError> {
        if self.names.is_empty() {
            return Err(LlmError::NotConfigured);
        }
        let chars = request.system.chars().count() + request.user.chars().count();
        if chars > MAX_REQUEST_CHARS {
            return Err(LlmError::Unavailable(format!("a request of {chars} characters")));
        }
        self.service.clone().oneshot(request.clone()).await
    }

    async fn forget(&self, request: &LlmRequest) {
        if let Some(cache) = &self.cache {
            cache.forget(&request.input_hash()).await;
        }
    }
}

/// One provider in its layers, from the outside in.
fn layered(
    provider: OpenAiProvider,
    config: StackConfig,
    clock: &SharedClock,
    meters: &Meters,
) -> Service {
    let meter = MeterLayer::new(provider.config(), meters.clone());
    let service = ServiceBuilder::new()
        .layer(BreakerLayer::new(config.breaker, clock.clone()))
        .layer(RetryLayer::new(config.retry))
        .map_err(timed_out)
        .timeout(Duration::from_millis(config.try_timeout_ms))
        .concurrency_limit(config.concurrency.max(1))
        .layer(meter)
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

#[cfg(test)]
mod tests;
