//! Counts every try: how many, how long, at what price.

use std::task::{Context, Poll};

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::time::Instant;
use tower::{Layer, Service};

use crate::llm::{CallFault, LlmAnswer, LlmRequest};

const REQUESTS: &str = "sitespark_ai_requests_total";
const COST: &str = "sitespark_ai_cost_usd";
const LATENCY: &str = "sitespark_ai_latency_seconds";

/// Makes [`Meter`] services for one model.
#[derive(Debug, Clone)]
pub(super) struct MeterLayer(String);

impl MeterLayer {
    pub(super) fn new(model: String) -> Self {
        Self(model)
    }
}

impl<S> Layer<S> for MeterLayer {
    type Service = Meter<S>;

    fn layer(&self, inner: S) -> Meter<S> {
        Meter { model: self.0.clone(), inner }
    }
}

/// A service whose calls are counted.
#[derive(Debug, Clone)]
pub(super) struct Meter<S> {
    model: String,
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
        let mut tally = Tally {
            model: self.model.clone(),
            stage: request.stage,
            started: Instant::now(),
            status: "cancelled",
            nano_usd: 0,
        };
        let answering = self.inner.call(request);
        async move {
            let outcome = answering.await;
            tally.note(&outcome);
            outcome
        }
        .boxed()
    }
}

/// A call under way; written down when it ends, also when a timeout cuts it off.
struct Tally {
    model: String,
    stage: &'static str,
    started: Instant,
    status: &'static str,
    nano_usd: i64,
}

impl Tally {
    /// A method, so that the future owns the whole tally and not copies of its fields.
    fn note(&mut self, outcome: &Result<LlmAnswer, CallFault>) {
        (self.status, self.nano_usd) = match outcome {
            Ok(answer) => ("ok", answer.cost_nano_usd),
            Err(fault) => (fault.kind.label(), fault.spent_nano_usd),
        };
    }
}

impl Drop for Tally {
    fn drop(&mut self) {
        let (model, stage, status) = (self.model.clone(), self.stage, self.status);
        metrics::counter!(REQUESTS, "model" => model.clone(), "stage" => stage, "status" => status)
            .increment(1);
        metrics::histogram!(LATENCY, "model" => model.clone(), "stage" => stage)
            .record(self.started.elapsed().as_secs_f64());
        if self.nano_usd > 0 {
            // For the eye only; what is owed is kept in integers.
            let usd = self.nano_usd as f64 / 1e9;
            metrics::gauge!(COST, "model" => model, "stage" => stage).increment(usd);
        }
    }
}
