//! Counts every try: how many, how long, at what price; in the metrics and in the book.
//!
//! A try that is cut off is written down too, as dear as it may have been: its provider goes on and
//! bills it, and nobody hears how much.

use std::sync::Arc;
use std::task::{Context, Poll};

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::time::Instant;
use tower::{Layer, Service};

use crate::clock::SharedClock;
use crate::llm::call_log::{CallLog, CallRecord, measure, status};
use crate::llm::prices::Tariff;
use crate::llm::{CallFault, LlmAnswer, LlmRequest, ProviderConfig, Usage, tokens};

const LATENCY: &str = "sitespark_ai_latency_seconds";

/// Where counts go.
#[derive(Clone)]
pub(super) struct Meters {
    log: Option<Arc<dyn CallLog>>,
    clock: SharedClock,
}

impl Meters {
    pub(super) fn new(log: Option<Arc<dyn CallLog>>, clock: SharedClock) -> Self {
        Self { log, clock }
    }

    /// Counts an answer that nobody had to be asked for.
    pub(super) async fn count_cached(&self, request: &LlmRequest, answer: &LlmAnswer) {
        let mut record = blank(request, &answer.provider, &answer.model);
        status::CACHED.clone_into(&mut record.status);
        record.at_ms = self.clock.now_ms();
        measure(&record);
        self.write(&record).await;
    }

    async fn write(&self, record: &CallRecord) {
        let Some(log) = &self.log else { return };
        if let Err(error) = log.write(record).await {
            tracing::error!(%error, "a request to a model could not be written down");
        }
    }

    /// The same from where nothing can be waited for.
    fn write_later(&self, record: CallRecord) {
        let Some(log) = self.log.clone() else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let meters = Self { log: Some(log), clock: self.clock.clone() };
        // Bounded by the requests under way: each is dropped once.
        runtime.spawn(async move { meters.write(&record).await });
    }
}

fn blank(request: &LlmRequest, provider: &str, model: &str) -> CallRecord {
    CallRecord {
        run: request.run,
        stage: request.stage.to_owned(),
        prompt: request.prompt.clone(),
        provider: provider.to_owned(),
        model: model.to_owned(),
        status: String::new(),
        prompt_tokens: 0,
        completion_tokens: 0,
        cost_nano_usd: 0,
        estimated: false,
        latency_ms: 0,
        at_ms: 0,
    }
}

/// Makes [`Meter`] services for one model of one provider.
#[derive(Clone)]
pub(super) struct MeterLayer {
    provider: String,
    model: String,
    tariff: Tariff,
    meters: Meters,
}

impl MeterLayer {
    pub(super) fn new(config: &ProviderConfig, meters: Meters) -> Self {
        let (provider, model) = (config.name.clone(), config.model.clone());
        Self { provider, model, tariff: Tariff::of(config), meters }
    }
}

impl<S> Layer<S> for MeterLayer {
    type Service = Meter<S>;

    fn layer(&self, inner: S) -> Meter<S> {
        Meter { layer: self.clone(), inner }
    }
}

/// A service whose calls are counted.
#[derive(Clone)]
pub(super) struct Meter<S> {
    layer: MeterLayer,
    inner: S,
}

impl<S> Service<LlmRequest> for Meter<S>
where
    S: Service<LlmRequest, Response = LlmAnswer, Error = CallFault>,
    S::Future: Send + 'static,
{
    type Response = LlmAnswer;
    type Error = CallFault;
    type Future = BoxFuture<'static, Result<LlmAnswer, CallFault>>;

    fn poll_ready(&mut self, ctx: &mut Context<'_>) -> Poll<Result<(), CallFault>> {
        self.inner.poll_ready(ctx)
    }

    fn call(&mut self, request: LlmRequest) -> Self::Future {
        let mut tally = Tally::begin(&self.layer, &request);
        let answering = self.inner.call(request);
        async move {
            let outcome = answering.await;
            tally.note(&outcome);
            tally.close().await;
            outcome
        }
        .boxed()
    }
}

/// A call under way; written down when it ends, also when a timeout cuts it off.
struct Tally {
    meters: Meters,
    started: Instant,
    record: CallRecord,
    closed: bool,
}

impl Tally {
    fn begin(layer: &MeterLayer, request: &LlmRequest) -> Self {
        let mut record = blank(request, &layer.provider, &layer.model);
        status::CANCELLED.clone_into(&mut record.status);
        let usage = Usage {
            prompt_tokens: tokens::estimate_prompt(request),
            completion_tokens: i64::from(request.max_tokens),
            ..Usage::default()
        };
        record.prompt_tokens = usage.prompt_tokens;
        record.completion_tokens = usage.completion_tokens;
        record.estimated = true;
        record.cost_nano_usd = layer.tariff.nano_usd(&usage, layer.meters.clock.now_ms());
        Self { meters: layer.meters.clone(), started: Instant::now(), record, closed: false }
    }

    /// A method, so that the future owns the whole tally and not copies of its fields.
    fn note(&mut self, outcome: &Result<LlmAnswer, CallFault>) {
        let record = &mut self.record;
        match outcome {
            Ok(answer) => {
                status::OK.clone_into(&mut record.status);
                record.prompt_tokens = answer.prompt_tokens;
                record.completion_tokens = answer.completion_tokens;
                record.cost_nano_usd = answer.cost_nano_usd;
                record.estimated = answer.estimated;
            }
            Err(fault) => {
                fault.kind.label().clone_into(&mut record.status);
                record.prompt_tokens = fault.usage.prompt_tokens;
                record.completion_tokens = fault.usage.completion_tokens;
                record.cost_nano_usd = fault.spent_nano_usd;
                record.estimated = false;
            }
        }
    }

    fn finish(&mut self) {
        self.closed = true;
        let took = self.started.elapsed();
        self.record.latency_ms = i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
        self.record.at_ms = self.meters.clock.now_ms();
        measure(&self.record);
        let (model, stage) = (self.record.model.clone(), self.record.stage.clone());
        metrics::histogram!(LATENCY, "model" => model, "stage" => stage).record(took.as_secs_f64());
    }

    /// In the book before the answer is passed on: what was paid is known whatever comes after.
    async fn close(mut self) {
        self.finish();
        self.meters.write(&self.record).await;
    }
}

impl Drop for Tally {
    fn drop(&mut self) {
        if !self.closed {
            self.finish();
            self.meters.write_later(self.record.clone());
        }
    }
}
