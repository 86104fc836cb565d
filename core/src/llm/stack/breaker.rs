//! Leaves a provider alone that keeps failing, and lets one request through to see whether it is
//! back.
//!
//! Time comes from the clock; nothing runs in the background.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use futures::FutureExt;
use futures::future::BoxFuture;
use tower::{Layer, Service, ServiceExt};

use crate::clock::SharedClock;
use crate::llm::{CallFault, FaultKind};

/// When a provider is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerConfig {
    /// Asks in a row that must fail. A fault only the operator can cure counts at once.
    pub failures: u32,
    /// How long it is left alone.
    pub rest_ms: i64,
}

impl Default for BreakerConfig {
    fn default() -> Self {
        Self { failures: 3, rest_ms: 30_000 }
    }
}

#[derive(Debug, Default)]
struct State {
    failures: u32,
    opened_at_ms: Option<i64>,
    probing: bool,
}

/// The state of one provider, shared by all asks.
struct Breaker {
    config: BreakerConfig,
    clock: SharedClock,
    state: Mutex<State>,
}

impl Breaker {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets an ask in, or tells that the provider rests.
    fn enter(self: &Arc<Self>) -> Result<Entry, CallFault> {
        let mut state = self.state();
        if let Some(opened_at_ms) = state.opened_at_ms {
            let rests = self.clock.now_ms() < opened_at_ms + self.config.rest_ms;
            if rests || state.probing {
                return Err(CallFault::new(FaultKind::Resting, "resting after failures"));
            }
            state.probing = true;
        }
        Ok(Entry { breaker: self.clone(), is_probe: state.probing })
    }

    fn note<T>(&self, outcome: &Result<T, CallFault>) {
        let mut state = self.state();
        let weight = match outcome.as_ref().err().map(|fault| fault.kind) {
            Some(FaultKind::Transient { .. }) => 1,
            Some(FaultKind::Permanent) => self.config.failures,
            // The provider answered; what it said is another matter.
            Some(
                FaultKind::Rejected | FaultKind::Refused | FaultKind::Unusable | FaultKind::Resting,
            )
            | None => 0,
        };
        if weight == 0 {
            *state = State::default();
            return;
        }
        state.failures = state.failures.saturating_add(weight);
        if state.failures >= self.config.failures || state.opened_at_ms.is_some() {
            state.opened_at_ms = Some(self.clock.now_ms());
        }
    }
}

/// An ask under way. A probe that is dropped half-way frees the place for the next.
struct Entry {
    breaker: Arc<Breaker>,
    is_probe: bool,
}

impl Drop for Entry {
    fn drop(&mut self) {
        if self.is_probe {
            self.breaker.state().probing = false;
        }
    }
}

/// Makes services that share one breaker.
#[derive(Clone)]
pub(super) struct BreakerLayer(Arc<Breaker>);

impl BreakerLayer {
    pub(super) fn new(config: BreakerConfig, clock: SharedClock) -> Self {
        Self(Arc::new(Breaker { config, clock, state: Mutex::default() }))
    }
}

impl<S> Layer<S> for BreakerLayer {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Guarded<S> {
        Guarded { breaker: self.0.clone(), inner }
    }
}

/// A service behind a breaker.
#[derive(Clone)]
pub(super) struct Guarded<S> {
    breaker: Arc<Breaker>,
    inner: S,
}

impl<S, R> Service<R> for Guarded<S>
where
    S: Service<R, Error = CallFault> + Clone + Send + 'static,
    S::Response: Send,
    S::Future: Send,
    R: Send + 'static,
{
    type Response = S::Response;
    type Error = CallFault;
    type Future = BoxFuture<'static, Result<S::Response, CallFault>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), CallFault>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: R) -> Self::Future {
        let Self { breaker, inner } = self.clone();
        async move {
            let entry = breaker.enter()?;
            let outcome = inner.oneshot(request).await;
            breaker.note(&outcome);
            drop(entry);
            outcome
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tower::service_fn;

    use super::*;
    use crate::clock::ManualClock;

    const CONFIG: BreakerConfig = BreakerConfig { failures: 2, rest_ms: 1_000 };

    /// What the provider does next.
    #[derive(Clone, Copy)]
    enum Next {
        Answer,
        Fail(FaultKind),
        Hang,
    }

    const FAIL: Next = Next::Fail(FaultKind::Transient { retry_after_ms: None });

    struct Bench {
        clock: ManualClock,
        layer: BreakerLayer,
    }

    impl Bench {
        fn new() -> Self {
            let clock = ManualClock::at(5_000);
            let layer = BreakerLayer::new(CONFIG, Arc::new(clock.clone()));
            Self { clock, layer }
        }

        /// Asks a provider that does `next`; `None` when it was left alone.
        async fn ask(&self, next: Next) -> Option<Result<(), CallFault>> {
            let service = service_fn(move |()| async move {
                match next {
                    Next::Answer => Ok(()),
                    Next::Fail(kind) => Err(CallFault::new(kind, "failed")),
                    Next::Hang => pending().await,
                }
            });
            let outcome = self.layer.layer(service).oneshot(()).await;
            let rested = outcome.as_ref().is_err_and(|fault| fault.kind == FaultKind::Resting);
            (!rested).then_some(outcome)
        }
    }

    #[tokio::test]
    async fn it_opens_after_failures_in_a_row_only() {
        let bench = Bench::new();
        for next in [FAIL, Next::Answer, FAIL] {
            assert!(bench.ask(next).await.is_some());
        }
        assert!(bench.ask(FAIL).await.is_some());
        assert!(bench.ask(Next::Answer).await.is_none());
    }

    #[tokio::test]
    async fn it_closes_after_a_rest_and_one_good_probe() {
        let bench = Bench::new();
        bench.ask(FAIL).await;
        bench.ask(FAIL).await;
        bench.clock.advance_ms(999);
        assert!(bench.ask(Next::Answer).await.is_none());
        bench.clock.advance_ms(1);
        assert_eq!(bench.ask(Next::Answer).await, Some(Ok(())));
        assert!(bench.ask(FAIL).await.is_some());
        assert!(bench.ask(Next::Answer).await.is_some());
    }

    #[tokio::test]
    async fn a_failed_probe_starts_the_rest_again() {
        let bench = Bench::new();
        bench.ask(FAIL).await;
        bench.ask(FAIL).await;
        bench.clock.advance_ms(1_000);
        assert!(bench.ask(FAIL).await.is_some());
        bench.clock.advance_ms(999);
        assert!(bench.ask(Next::Answer).await.is_none());
    }

    #[tokio::test]
    async fn one_probe_at_a_time_and_a_dropped_one_frees_its_place() {
        let bench = Bench::new();
        bench.ask(FAIL).await;
        bench.ask(FAIL).await;
        bench.clock.advance_ms(1_000);
        let mut probe = Box::pin(bench.ask(Next::Hang));
        assert!(futures::poll!(&mut probe).is_pending());
        assert!(bench.ask(Next::Answer).await.is_none());
        drop(probe);
        assert_eq!(bench.ask(Next::Answer).await, Some(Ok(())));
    }

    #[tokio::test]
    async fn what_only_the_operator_cures_opens_at_once() {
        let bench = Bench::new();
        bench.ask(Next::Fail(FaultKind::Permanent)).await;
        assert!(bench.ask(Next::Answer).await.is_none());
    }

    #[tokio::test]
    async fn a_bad_answer_is_no_outage() {
        let bench = Bench::new();
        for kind in [FaultKind::Refused, FaultKind::Unusable, FaultKind::Rejected] {
            assert!(bench.ask(Next::Fail(kind)).await.is_some());
        }
        assert!(bench.ask(Next::Answer).await.is_some());
    }
}
