//! Lanes that answer, fail or hang on a sign: nothing here waits for a time to pass but the hedge's
//! own millisecond.

use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use tokio::sync::Notify;
use tower::service_fn;
use tower::util::BoxCloneSyncService;

use super::*;

/// At once, as far as a clock can tell.
const AT_ONCE: HedgeConfig = HedgeConfig { after_ms: 1, not_before_ms: 1 };
/// Never, as far as a test can tell.
const NEVER: HedgeConfig = HedgeConfig { after_ms: 3_600_000, not_before_ms: 3_600_000 };

/// What a lane does with each request.
#[derive(Clone)]
enum Does {
    Answer,
    Fail,
    Refuse,
    Hang,
    /// Waits for the sign, then does the other.
    When(Arc<Notify>, Box<Does>),
    /// Gives the sign, then does the other.
    Sign(Arc<Notify>, Box<Does>),
}

impl Does {
    async fn play(self, name: String) -> Result<LlmAnswer, CallFault> {
        match self {
            Self::Answer => Ok(answer(name)),
            Self::Fail => Err(CallFault::transient("down")),
            Self::Refuse => Err(CallFault::new(FaultKind::Refused, "no")),
            Self::Hang => pending().await,
            Self::When(sign, then) => {
                sign.notified().await;
                Box::pin(then.play(name)).await
            }
            Self::Sign(sign, then) => {
                sign.notify_one();
                Box::pin(then.play(name)).await
            }
        }
    }
}

/// A lane and how often it was asked.
fn lane(name: &str, does: Does) -> (Lane, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let (count, told) = (asked.clone(), name.to_owned());
    let service = service_fn(move |_: LlmRequest| {
        count.fetch_add(1, Ordering::SeqCst);
        does.clone().play(told.clone())
    });
    let service = BoxCloneSyncService::new(service);
    (Lane { name: name.to_owned(), tier: None, service, pace: Arc::default() }, asked)
}

fn answer(provider: String) -> LlmAnswer {
    LlmAnswer {
        json: json!({}),
        provider,
        model: "m".to_owned(),
        prompt_tokens: 0,
        completion_tokens: 0,
        cost_nano_usd: 0,
        estimated: false,
        latency_ms: 0,
    }
}

fn request() -> LlmRequest {
    LlmRequest {
        run: None,
        stage: "content",
        prompt: "content@1".to_owned(),
        tier: Tier::Strong,
        system: String::new(),
        user: String::new(),
        schema_name: "x".to_owned(),
        schema: json!({}),
        temperature: 0.0,
        max_tokens: 1,
        picture: None,
    }
}

fn chain(lanes: Vec<Lane>, hedge: HedgeConfig) -> Chain {
    Chain { lanes: lanes.into(), hedge, deadline: Duration::from_secs(60) }
}

async fn ask(lanes: Vec<Lane>, hedge: HedgeConfig) -> Result<String, LlmError> {
    chain(lanes, hedge).oneshot(request()).await.map(|answer| answer.provider)
}

#[tokio::test]
async fn a_quick_answer_needs_no_second_request() {
    let ((first, _), (second, asked)) = (lane("first", Does::Answer), lane("second", Does::Answer));
    assert_eq!(ask(vec![first, second], AT_ONCE).await, Ok("first".to_owned()));
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_slow_first_is_overtaken_by_the_second() {
    let ((first, _), (second, _)) = (lane("first", Does::Hang), lane("second", Does::Answer));
    assert_eq!(ask(vec![first, second], AT_ONCE).await, Ok("second".to_owned()));
}

#[tokio::test]
async fn the_first_may_still_win_over_its_hedge() {
    let sign = Arc::new(Notify::new());
    let (first, _) = lane("first", Does::When(sign.clone(), Box::new(Does::Answer)));
    let (second, _) = lane("second", Does::Sign(sign, Box::new(Does::Hang)));
    assert_eq!(ask(vec![first, second], AT_ONCE).await, Ok("first".to_owned()));
}

#[tokio::test]
async fn where_both_fail_the_third_is_asked() {
    let sign = Arc::new(Notify::new());
    let (first, _) = lane("first", Does::When(sign.clone(), Box::new(Does::Fail)));
    let (second, _) = lane("second", Does::Sign(sign, Box::new(Does::Fail)));
    let (third, _) = lane("third", Does::Answer);
    assert_eq!(ask(vec![first, second, third], AT_ONCE).await, Ok("third".to_owned()));
}

#[tokio::test]
async fn a_failed_first_is_followed_without_a_hedge() {
    let ((first, _), (second, _)) = (lane("first", Does::Fail), lane("second", Does::Answer));
    assert_eq!(ask(vec![first, second], NEVER).await, Ok("second".to_owned()));
}

#[tokio::test]
async fn a_refusal_ends_the_race() {
    let ((first, _), (second, _)) = (lane("first", Does::Hang), lane("second", Does::Refuse));
    let outcome = ask(vec![first, second], AT_ONCE).await;
    assert!(matches!(outcome, Err(LlmError::Refused(_))), "{outcome:?}");
}

#[tokio::test]
async fn a_lane_alone_is_asked_again_only_when_its_pace_is_known() {
    let (slow, asked) = lane("only", Does::Hang);
    let alone = chain(vec![slow.clone()], AT_ONCE);
    let few = Chain { deadline: Duration::from_millis(30), ..alone.clone() };
    few.clone().oneshot(request()).await.unwrap_err();
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    for _ in 0..PACE_WINDOW {
        slow.pace.note(Duration::from_millis(10));
    }
    few.oneshot(request()).await.unwrap_err();
    assert_eq!(asked.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn never_more_than_two_are_under_way() {
    let lanes = ["a", "b", "c"].map(|name| lane(name, Does::Hang));
    let asked = lanes.clone().map(|(_, asked)| asked);
    let lanes = lanes.into_iter().map(|(lane, _)| lane).collect();
    let chain = Chain { deadline: Duration::from_millis(30), ..chain(lanes, AT_ONCE) };
    let outcome = chain.oneshot(request()).await;
    assert!(matches!(outcome, Err(LlmError::Unavailable(_))), "{outcome:?}");
    assert_eq!(asked.map(|count| count.load(Ordering::SeqCst)), [1, 1, 0]);
}

#[test]
fn a_lane_is_waited_for_as_long_as_it_usually_takes_within_bounds() {
    let (slow, _) = lane("a", Does::Hang);
    let chain = chain(vec![slow.clone()], HedgeConfig::default());
    let patience = || u64::try_from(chain.patience(&slow).as_millis()).unwrap();
    assert_eq!(patience(), 12_000);
    for ms in 0..40 {
        slow.pace.note(Duration::from_millis(2_000 + ms * 10));
    }
    assert_eq!(patience(), 2_380);
    for _ in 0..PACE_WINDOW {
        slow.pace.note(Duration::from_millis(5));
    }
    assert_eq!(patience(), 1_500);
    for _ in 0..PACE_WINDOW {
        slow.pace.note(Duration::from_millis(50_000));
    }
    assert_eq!(patience(), 12_000);
}
