//! Tries again what is worth it: few times, with growing and jittered pauses.

use std::task::{Context, Poll};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use tower::{Layer, Service, ServiceExt};

use crate::llm::{CallFault, FaultKind};

/// When and how often a try is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryConfig {
    /// Tries after the first.
    pub more_tries: u32,
    /// The pause before the second try, at most; it doubles each time.
    pub first_pause_ms: u64,
    /// No pause is longer. A provider that asks for more is given up for this ask.
    pub longest_pause_ms: u64,
}

impl Default for RetryConfig {
    fn default() -> Self {
        Self { more_tries: 2, first_pause_ms: 500, longest_pause_ms: 10_000 }
    }
}

impl RetryConfig {
    /// The pause before try number `tries + 1`; `None` when there is to be none. `jitter` is from
    /// 0 to 1 and shortens a pause of ours by up to half; a pause that was asked for is kept.
    fn pause(&self, fault: &CallFault, tries: u32, jitter: f64) -> Option<Duration> {
        let retry_after_ms = match fault.kind {
            FaultKind::Transient { retry_after_ms } => retry_after_ms,
            FaultKind::Permanent
            | FaultKind::Rejected
            | FaultKind::Refused
            | FaultKind::Unusable
            | FaultKind::Resting => return None,
        };
        if tries > self.more_tries {
            return None;
        }
        let doubled = self.first_pause_ms.saturating_mul(1 << (tries - 1).min(16));
        let longest = doubled.min(self.longest_pause_ms);
        let own = Duration::from_millis(longest).mul_f64(1.0 - jitter.clamp(0.0, 1.0) / 2.0);
        match retry_after_ms {
            Some(asked_ms) if asked_ms > self.longest_pause_ms => None,
            Some(asked_ms) => Some(own.max(Duration::from_millis(asked_ms))),
            None => Some(own),
        }
    }
}

/// Makes [`Retry`] services.
#[derive(Debug, Clone)]
pub(super) struct RetryLayer(RetryConfig);

impl RetryLayer {
    pub(super) fn new(config: RetryConfig) -> Self {
        Self(config)
    }
}

impl<S> Layer<S> for RetryLayer {
    type Service = Retry<S>;

    fn layer(&self, inner: S) -> Retry<S> {
        Retry { config: self.0, inner }
    }
}

/// A service that tries again.
#[derive(Debug, Clone)]
pub(super) struct Retry<S> {
    config: RetryConfig,
    inner: S,
}

impl<S, R> Service<R> for Retry<S>
where
    S: Service<R, Error = CallFault> + Clone + Send + 'static,
    S::Response: Send,
    S::Future: Send,
    R: Clone + Send + 'static,
{
    type Response = S::Response;
    type Error = CallFault;
    type Future = BoxFuture<'static, Result<S::Response, CallFault>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), CallFault>> {
        // Each try waits for the inner service by itself, so that no pause holds its place.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: R) -> Self::Future {
        let Self { config, inner } = self.clone();
        async move {
            let mut tries = 0;
            let mut spent_nano_usd: i64 = 0;
            loop {
                tries += 1;
                let fault = match inner.clone().oneshot(request.clone()).await {
                    Ok(answer) => return Ok(answer),
                    Err(fault) => fault,
                };
                spent_nano_usd = spent_nano_usd.saturating_add(fault.spent_nano_usd);
                match config.pause(&fault, tries, rand::random()) {
                    Some(pause) => tokio::time::sleep(pause).await,
                    None => return Err(fault.costing(spent_nano_usd)),
                }
            }
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use rstest::rstest;
    use tower::service_fn;

    use super::*;

    const CONFIG: RetryConfig =
        RetryConfig { more_tries: 2, first_pause_ms: 400, longest_pause_ms: 10_000 };
    const QUICK: RetryConfig =
        RetryConfig { more_tries: 2, first_pause_ms: 1, longest_pause_ms: 10_000 };

    fn transient(retry_after_ms: Option<u64>) -> CallFault {
        CallFault::new(FaultKind::Transient { retry_after_ms }, "busy")
    }

    /// Asks a service that always fails with `fault`; how often it was tried, and the last fault.
    async fn try_out(fault: CallFault) -> (u32, CallFault) {
        let tries = Arc::new(AtomicU32::new(0));
        let counted = tries.clone();
        let failing = service_fn(move |()| {
            counted.fetch_add(1, Ordering::SeqCst);
            let fault = fault.clone();
            async move { Err::<(), _>(fault) }
        });
        let last = RetryLayer::new(QUICK).layer(failing).oneshot(()).await.unwrap_err();
        (tries.load(Ordering::SeqCst), last)
    }

    #[rstest]
    #[case::first(None, 1, 0.0, Some(400))]
    #[case::doubled(None, 2, 0.0, Some(800))]
    #[case::jitter_halves_at_most(None, 2, 1.0, Some(400))]
    #[case::spent(None, 3, 0.0, None)]
    #[case::asked(Some(3_000), 1, 1.0, Some(3_000))]
    #[case::asked_for_less_than_ours(Some(5), 1, 0.0, Some(400))]
    #[case::asked_for_the_most(Some(10_000), 2, 0.0, Some(10_000))]
    #[case::asked_for_too_much(Some(10_001), 1, 0.0, None)]
    fn a_pause_is_ours_or_what_was_asked_for(
        #[case] retry_after_ms: Option<u64>,
        #[case] tries: u32,
        #[case] jitter: f64,
        #[case] pause_ms: Option<u64>,
    ) {
        let pause = CONFIG.pause(&transient(retry_after_ms), tries, jitter);
        assert_eq!(pause, pause_ms.map(Duration::from_millis));
    }

    #[test]
    fn no_pause_grows_beyond_the_longest() {
        let config = RetryConfig { more_tries: 90, ..CONFIG };
        let longest = Duration::from_millis(config.longest_pause_ms);
        assert_eq!(config.pause(&transient(None), 80, 0.0), Some(longest));
    }

    #[tokio::test]
    async fn a_transient_fault_is_tried_three_times_and_the_cost_of_all_is_kept() {
        let (tries, last) = try_out(transient(None).costing(7)).await;
        assert_eq!((tries, last.spent_nano_usd), (3, 21));
    }

    #[tokio::test]
    async fn the_wished_pause_is_waited_for() {
        let started = std::time::Instant::now();
        let (tries, _) = try_out(transient(Some(20))).await;
        assert_eq!(tries, 3);
        assert!(started.elapsed() >= Duration::from_millis(40));
    }

    #[rstest]
    #[case(FaultKind::Transient { retry_after_ms: Some(10_001) })]
    #[case(FaultKind::Permanent)]
    #[case(FaultKind::Rejected)]
    #[case(FaultKind::Refused)]
    #[case(FaultKind::Unusable)]
    #[case(FaultKind::Resting)]
    #[tokio::test]
    async fn what_waiting_cannot_cure_is_tried_once(#[case] kind: FaultKind) {
        let fault = CallFault::new(kind, "no");
        assert_eq!(try_out(fault.clone()).await, (1, fault));
    }
}
