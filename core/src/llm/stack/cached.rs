//! Gives the answer of an equal request again, and keeps new ones.

use std::task::{Context, Poll};

use futures::FutureExt;
use futures::future::BoxFuture;
use tower::{Layer, Service, ServiceExt};

use crate::clock::SharedClock;
use crate::llm::cache::{AnswerCache, KEEP_MS, KeptAnswer};
use crate::llm::{LlmAnswer, LlmError, LlmRequest};

use super::meter::Meters;

/// Makes services that look on the shelf first.
#[derive(Clone)]
pub(super) struct CacheLayer {
    cache: Option<AnswerCache>,
    meters: Meters,
    clock: SharedClock,
}

impl CacheLayer {
    pub(super) fn new(cache: Option<AnswerCache>, meters: Meters, clock: SharedClock) -> Self {
        Self { cache, meters, clock }
    }
}

impl<S> Layer<S> for CacheLayer {
    type Service = Cached<S>;

    fn layer(&self, inner: S) -> Cached<S> {
        Cached { layer: self.clone(), inner }
    }
}

/// A service whose answers are kept.
#[derive(Clone)]
pub(super) struct Cached<S> {
    layer: CacheLayer,
    inner: S,
}

impl<S> Service<LlmRequest> for Cached<S>
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
        let Self { layer, inner } = self.clone();
        async move {
            let Some(cache) = layer.cache else { return inner.oneshot(request).await };
            let hash = request.input_hash();
            if let Some(kept) = cache.find(&hash, layer.clock.now_ms()).await {
                let answer = free_of_charge(kept);
                layer.meters.count_cached(&request, &answer).await;
                return Ok(answer);
            }
            let answer = inner.oneshot(request).await?;
            let now_ms = layer.clock.now_ms();
            let kept = KeptAnswer {
                json: answer.json.clone(),
                provider: answer.provider.clone(),
                model: answer.model.clone(),
                expires_at_ms: now_ms + KEEP_MS,
            };
            cache.keep(&hash, &kept, now_ms).await;
            Ok(answer)
        }
        .boxed()
    }
}

fn free_of_charge(kept: KeptAnswer) -> LlmAnswer {
    LlmAnswer {
        json: kept.json,
        provider: kept.provider,
        model: kept.model,
        prompt_tokens: 0,
        completion_tokens: 0,
        cost_nano_usd: 0,
        estimated: false,
        latency_ms: 0,
    }
}
