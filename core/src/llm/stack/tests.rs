//! Every behaviour of a provider, over real HTTP.

mod metering;

use std::sync::Arc;

use rstest::rstest;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::*;
use crate::clock::ManualClock;
use crate::ids::RunId;
use crate::llm::fake::{Behaviour, FAKE_KEY, FakeModel, MemoryCallLog, Script};
use crate::llm::{AnswerFormat, CallLimits, Capabilities, FaultKind, ProviderConfig, strict};

const NOW_MS: i64 = 1_795_219_200_000;
/// What the fake's 1000 prompt tokens, 400 of them cached, and 200 written ones cost on gpt-4o-mini.
const COST_NANO_USD: i64 = 600 * 150 + 400 * 75 + 200 * 600;

fn quick() -> StackConfig {
    StackConfig {
        retry: RetryConfig { more_tries: 2, first_pause_ms: 1, longest_pause_ms: 2_000 },
        breaker: BreakerConfig { failures: 2, rest_ms: 1_000 },
        ..StackConfig::default()
    }
}

fn provider(name: &str, model: &FakeModel, tier: Option<Tier>) -> OpenAiProvider {
    provider_at(name, model.base_url(), tier)
}

fn provider_at(name: &str, base_url: String, tier: Option<Tier>) -> OpenAiProvider {
    // Another test may have installed it before.
    rustls::crypto::ring::default_provider().install_default().ok();
    let config = ProviderConfig {
        name: name.to_owned(),
        base_url,
        model: "gpt-4o-mini".to_owned(),
        api_key: SecretString::from(FAKE_KEY.to_owned()),
        tier,
    };
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    OpenAiProvider::with_http_client(config, http, Arc::new(ManualClock::at(NOW_MS))).unwrap()
}

fn stack(models: &[&FakeModel], config: StackConfig, clock: &ManualClock) -> LlmStack {
    let names = ["first", "second", "third"];
    let providers = names.iter().zip(models).map(|(name, model)| provider(name, model, None));
    LlmStack::new(providers.collect(), config, Arc::new(clock.clone()))
}

fn recording(models: &[&FakeModel], config: StackConfig, records: Records) -> LlmStack {
    let names = ["first", "second", "third"];
    let providers = names.iter().zip(models).map(|(name, model)| provider(name, model, None));
    let clock = Arc::new(ManualClock::at(NOW_MS));
    LlmStack::with_records(providers.collect(), config, clock, records)
}

fn request() -> LlmRequest {
    LlmRequest {
        run: None,
        stage: "content",
        prompt: "content@1".to_owned(),
        tier: Tier::Strong,
        system: "Write.".to_owned(),
        user: r#"<owner_data>{"name":"Kue Ani","language":"id","items":[]}</owner_data>"#
            .to_owned(),
        schema_name: "content_hero".to_owned(),
        schema: json!({
            "type": "object",
            "properties": {"heading": {"type": "string"}, "lead": {"type": "string"}},
            "required": ["heading", "lead"],
            "additionalProperties": false,
        }),
        temperature: 0.7,
        max_tokens: 300,
        picture: None,
    }
}

/// Asks one provider that does `script`: the outcome and how many requests it took.
async fn ask_one(script: impl Into<Script>) -> (Result<LlmAnswer, LlmError>, usize) {
    let model = FakeModel::start(script).await;
    let outcome = stack(&[&model], quick(), &ManualClock::at(NOW_MS)).ask(&request()).await;
    (outcome, model.count())
}

#[tokio::test]
async fn one_ask_is_one_request_of_the_right_form() {
    let model = FakeModel::start(Behaviour::Good).await;
    let answer = stack(&[&model], quick(), &ManualClock::at(NOW_MS)).ask(&request()).await.unwrap();
    assert_eq!(model.violations(), Vec::<String>::new());
    let [sent] = model.requests().try_into().unwrap();
    assert_eq!(sent.authorization.as_deref(), Some(format!("Bearer {FAKE_KEY}").as_str()));
    assert_eq!(sent.schema_name(), "content_hero");
    assert_eq!(sent.body["temperature"], json!(0.7));
    assert_eq!(sent.body["max_tokens"], json!(300));
    assert_eq!(strict::mismatches(&answer.json, &request().schema), Vec::<String>::new());
    assert_eq!((answer.provider.as_str(), answer.model.as_str()), ("first", "gpt-4o-mini"));
    assert_eq!((answer.prompt_tokens, answer.completion_tokens), (1000, 200));
    assert_eq!(answer.cost_nano_usd, COST_NANO_USD);
}

#[rstest]
#[case::good(Behaviour::Good)]
#[case::fenced(Behaviour::Fenced)]
#[case::no_usage(Behaviour::NoUsage)]
#[case::lying(Behaviour::Lying)]
#[case::injecting(Behaviour::Injecting)]
#[case::wrong_schema(Behaviour::WrongSchema)]
#[tokio::test]
async fn whatever_is_an_object_is_an_answer(#[case] behaviour: Behaviour) {
    let (outcome, count) = ask_one(behaviour).await;
    assert!(outcome.unwrap().json.is_object());
    assert_eq!(count, 1);
}

#[rstest]
#[case::rate_limit(Behaviour::RateLimited(None))]
#[case::server_error(Behaviour::ServerError)]
#[case::cut_off(Behaviour::CutOff)]
#[case::garbage(Behaviour::Garbage)]
#[case::numeric_code(Behaviour::NumericCode)]
#[tokio::test]
async fn what_may_pass_is_tried_three_times_and_no_more(#[case] behaviour: Behaviour) {
    let (outcome, count) = ask_one([behaviour.clone()]).await;
    assert!(matches!(outcome, Err(LlmError::Unavailable(_))), "{outcome:?}");
    assert_eq!(count, 3);
    let (outcome, count) = ask_one([behaviour.clone(), behaviour, Behaviour::Good]).await;
    assert!(outcome.is_ok(), "{outcome:?}");
    assert_eq!(count, 3);
}

#[rstest]
#[case::quota(Behaviour::QuotaExhausted)]
#[case::key(Behaviour::Error(401, "invalid_api_key"))]
#[case::model(Behaviour::Error(404, "model_not_found"))]
#[case::too_long(Behaviour::Error(400, "context_length_exceeded"))]
#[tokio::test]
async fn what_waiting_does_not_cure_is_tried_once(#[case] behaviour: Behaviour) {
    let (outcome, count) = ask_one(behaviour).await;
    assert!(matches!(outcome, Err(LlmError::Unavailable(_))), "{outcome:?}");
    assert_eq!(count, 1);
}

#[rstest]
#[case::refusing(Behaviour::Refusing)]
#[case::filtered(Behaviour::Filtered)]
#[case::policy(Behaviour::Error(400, "content_policy_violation"))]
#[tokio::test]
async fn a_refusal_is_final(#[case] behaviour: Behaviour) {
    let (refusing, other) =
        (FakeModel::start(behaviour).await, FakeModel::start(Behaviour::Good).await);
    let outcome =
        stack(&[&refusing, &other], quick(), &ManualClock::at(NOW_MS)).ask(&request()).await;
    assert!(matches!(outcome, Err(LlmError::Refused(_))), "{outcome:?}");
    assert_eq!((refusing.count(), other.count()), (1, 0));
}

#[rstest]
#[case::truncated(Behaviour::Truncated)]
#[case::null(Behaviour::NullContent)]
#[case::prose(Behaviour::SayText("Tentu! Ini jawabannya:".to_owned()))]
#[tokio::test]
async fn an_unusable_answer_is_told_and_another_provider_asked(#[case] behaviour: Behaviour) {
    let (outcome, count) = ask_one(behaviour.clone()).await;
    assert!(matches!(outcome, Err(LlmError::Unusable(_))), "{outcome:?}");
    assert_eq!(count, 1);
    let (bad, good) = (FakeModel::start(behaviour).await, FakeModel::start(Behaviour::Good).await);
    let outcome = stack(&[&bad, &good], quick(), &ManualClock::at(NOW_MS)).ask(&request()).await;
    assert_eq!(outcome.unwrap().provider, "second");
}

#[tokio::test]
async fn providers_are_asked_in_order_and_the_fitting_tier_first() {
    let models = [
        FakeModel::start(Behaviour::Good).await,
        FakeModel::start(Behaviour::QuotaExhausted).await,
        FakeModel::start(Behaviour::Good).await,
    ];
    let providers = vec![
        provider("fast", &models[0], Some(Tier::Fast)),
        provider("strong", &models[1], Some(Tier::Strong)),
        provider("any", &models[2], None),
    ];
    let stack = LlmStack::new(providers, quick(), Arc::new(ManualClock::at(NOW_MS)));
    assert_eq!(stack.ask(&request()).await.unwrap().provider, "any");
    let fast = LlmRequest { tier: Tier::Fast, ..request() };
    assert_eq!(stack.ask(&fast).await.unwrap().provider, "fast");
    assert_eq!(models.iter().map(FakeModel::count).collect::<Vec<_>>(), [1, 1, 1]);
}

#[tokio::test]
async fn a_provider_of_another_tier_is_better_than_none() {
    let model = FakeModel::start(Behaviour::Good).await;
    let only = vec![provider("fast", &model, Some(Tier::Fast))];
    let stack = LlmStack::new(only, quick(), Arc::new(ManualClock::at(NOW_MS)));
    assert_eq!(stack.ask(&request()).await.unwrap().provider, "fast");
}

#[tokio::test]
async fn without_a_provider_nothing_is_configured() {
    let stack = LlmStack::new(Vec::new(), quick(), Arc::new(ManualClock::at(NOW_MS)));
    assert!(!stack.is_configured());
    assert_eq!(stack.ask(&request()).await, Err(LlmError::NotConfigured));
}

#[tokio::test]
async fn the_wish_to_wait_is_honoured_and_one_beyond_the_bound_passes_on() {
    let started = std::time::Instant::now();
    let (outcome, count) = ask_one([Behaviour::RateLimited(Some(30)), Behaviour::Good]).await;
    assert!(outcome.is_ok() && started.elapsed() >= Duration::from_millis(30));
    assert_eq!(count, 2);
    let busy = FakeModel::start(Behaviour::RateLimited(Some(2_001))).await;
    let good = FakeModel::start(Behaviour::Good).await;
    let outcome = stack(&[&busy, &good], quick(), &ManualClock::at(NOW_MS)).ask(&request()).await;
    assert_eq!(outcome.unwrap().provider, "second");
    assert_eq!(busy.count(), 1);
}

#[tokio::test]
async fn the_breaker_opens_after_failures_and_closes_by_the_clock() {
    let model = FakeModel::start(Behaviour::ServerError).await;
    let clock = ManualClock::at(NOW_MS);
    let stack = stack(&[&model], quick(), &clock);
    for _ in 0..2 {
        stack.ask(&request()).await.unwrap_err();
    }
    assert_eq!(model.count(), 6);
    let rested = stack.ask(&request()).await.unwrap_err();
    assert!(rested.to_string().contains("resting"), "{rested}");
    assert_eq!(model.count(), 6);
    model.set_script(Behaviour::Good);
    clock.advance_ms(1_000);
    stack.ask(&request()).await.unwrap();
    stack.ask(&request()).await.unwrap();
    assert_eq!(model.count(), 8);
}

#[tokio::test]
async fn the_deadline_bounds_the_whole_ask() {
    let hanging = || Behaviour::Slow(600_000, Box::new(Behaviour::Good));
    let models = [FakeModel::start(hanging()).await, FakeModel::start(hanging()).await];
    let config = StackConfig { deadline_ms: 60, ..quick() };
    let stack = stack(&[&models[0], &models[1]], config, &ManualClock::at(NOW_MS));
    let late = stack.ask(&request()).await.unwrap_err();
    assert!(late.to_string().contains("the deadline passed"), "{late}");
}

#[tokio::test]
async fn beside_a_slow_provider_the_next_is_asked_and_both_are_written_down() {
    let slow = FakeModel::start(Behaviour::Slow(600_000, Box::new(Behaviour::Good))).await;
    let good = FakeModel::start(Behaviour::Good).await;
    let hedge = HedgeConfig { after_ms: 5, not_before_ms: 5 };
    let log = Arc::new(MemoryCallLog::default());
    let records = Records { log: Some(log.clone()), cache: None };
    let stack = recording(&[&slow, &good], StackConfig { hedge, ..quick() }, records);
    assert_eq!(stack.ask(&request()).await.unwrap().provider, "second");
    assert_eq!((slow.count(), good.count()), (1, 1));
    let cut_off = async {
        while log.calls().len() < 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), cut_off).await.unwrap();
    let calls = log.calls();
    let find = |name: &str| calls.iter().find(|call| call.provider == name).unwrap();
    assert_eq!((&*find("second").status, find("second").cost_nano_usd), ("ok", COST_NANO_USD));
    let lost = find("first");
    assert!(lost.status == "cancelled" && lost.estimated, "{lost:?}");
    assert!(lost.cost_nano_usd >= 300 * 600, "{lost:?}");
}

#[tokio::test]
async fn the_timeouts_of_the_client_hold() {
    let slow = FakeModel::start(Behaviour::Slow(600_000, Box::new(Behaviour::Good))).await;
    // Another test may have installed it before.
    rustls::crypto::ring::default_provider().install_default().ok();
    let setting = slow.setting("slow", "KEY");
    let lookup = |_: &str| Some(FAKE_KEY.to_owned());
    let config = ProviderConfig::parse_list(&setting, &lookup).unwrap().remove(0);
    let limits = CallLimits { connect_timeout_ms: 1_000, total_timeout_ms: 40 };
    let provider = OpenAiProvider::new(config, limits, Arc::new(ManualClock::at(NOW_MS))).unwrap();
    let fault = provider.call(&request()).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Transient { retry_after_ms: None });
    assert_eq!(fault.reason, "no answer in time");
}

#[tokio::test]
async fn no_server_is_a_transient_fault() {
    let model = FakeModel::start(Behaviour::Good).await;
    let gone = model.base_url();
    drop(model);
    tokio::task::yield_now().await;
    let fault = provider_at("gone", gone, None).call(&request()).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Transient { retry_after_ms: None });
}

#[rstest]
#[case("temperature")]
#[case("response_format")]
#[case("max_tokens")]
#[tokio::test]
async fn a_refused_field_is_dropped_and_remembered(#[case] field: &'static str) {
    let model = FakeModel::start(Behaviour::RefuseField(field)).await;
    let provider = provider("first", &model, None);
    let answer = provider.call(&request()).await.unwrap();
    assert_eq!(strict::mismatches(&answer.json, &request().schema), Vec::<String>::new());
    let learning = model.count();
    provider.call(&request()).await.unwrap();
    assert_eq!(model.count(), learning + 1);
    assert_eq!(model.requests().last().unwrap().body.get(field), None);
    assert_eq!(model.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_schema_that_is_not_forced_stands_in_the_instructions() {
    let model = FakeModel::start(Behaviour::Good).await;
    let provider = provider("first", &model, None);
    let able = provider.capabilities();
    for answer_format in [AnswerFormat::JsonObject, AnswerFormat::Plain] {
        let provider = provider.clone().with_capabilities(Capabilities { answer_format, ..able });
        provider.call(&request()).await.unwrap();
        let sent = model.requests().pop().unwrap();
        assert!(sent.message("system").contains(&request().schema.to_string()));
    }
    assert_eq!(model.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn no_key_is_shown_anywhere() {
    let model = FakeModel::start(Behaviour::Error(401, "invalid_api_key")).await;
    let provider = provider("first", &model, None);
    let fault = provider.call(&request()).await.unwrap_err();
    let stack = LlmStack::new(vec![provider.clone()], quick(), Arc::new(ManualClock::at(NOW_MS)));
    let error = stack.ask(&request()).await.unwrap_err();
    assert!(fault.reason.contains("[key]"), "{fault}");
    for shown in [format!("{provider:?} {fault:?} {stack:?}"), format!("{error} {error:?}")] {
        assert!(!shown.contains(FAKE_KEY), "{shown}");
    }
}

#[tokio::test]
async fn a_provider_without_a_key_sends_none() {
    let model = FakeModel::start(Behaviour::Good).await;
    // Another test may have installed it before.
    rustls::crypto::ring::default_provider().install_default().ok();
    let setting = format!("local={}|llama3||", model.base_url());
    let config = ProviderConfig::parse_list(&setting, &|_| None).unwrap().remove(0);
    let clock: SharedClock = Arc::new(ManualClock::at(NOW_MS));
    let provider = OpenAiProvider::new(config, CallLimits::default(), clock).unwrap();
    let answer = provider.call(&request()).await.unwrap();
    assert_eq!(answer.cost_nano_usd, 0);
    assert_eq!(model.requests()[0].authorization, None);
}

#[tokio::test]
async fn a_spent_budget_ends_the_run_before_the_next_request() {
    let model = FakeModel::start([Behaviour::Good, Behaviour::Truncated]).await;
    let spend = SpendLimits { run_nano_usd: 2 * COST_NANO_USD, ..SpendLimits::default() };
    let records = Records { log: Some(Arc::new(MemoryCallLog::default())), cache: None };
    let stack = recording(&[&model], StackConfig { spend, ..quick() }, records);
    let asked = LlmRequest { run: Some(RunId::fresh()), ..request() };
    stack.ask(&asked).await.unwrap();
    // An answer that cannot be used is paid for all the same.
    assert!(matches!(stack.ask(&asked).await, Err(LlmError::Unusable(_))));
    assert_eq!(stack.ask(&asked).await, Err(LlmError::OverBudget(OverBudget::Run)));
    assert_eq!(model.count(), 2);
    model.set_script(Behaviour::Good);
    let another = LlmRequest { run: Some(RunId::fresh()), ..request() };
    assert!(stack.ask(&another).await.is_ok());
}

#[tokio::test]
async fn an_equal_request_is_answered_from_memory_until_its_answer_is_no_good() {
    let db = crate::testing::db::sqlite().await;
    let model = FakeModel::start(Behaviour::Good).await;
    let clock = ManualClock::at(NOW_MS);
    let log = Arc::new(MemoryCallLog::default());
    let cache = AnswerCache::new(db.db().clone(), crate::live::Shelf::default());
    let records = Records { log: Some(log.clone()), cache: Some(cache) };
    let providers = vec![provider("first", &model, None)];
    let stack = LlmStack::with_records(providers, quick(), Arc::new(clock.clone()), records);
    let first = stack.ask(&request()).await.unwrap();
    let other_run = LlmRequest { run: Some(RunId::fresh()), ..request() };
    let second = stack.ask(&other_run).await.unwrap();
    assert_eq!((second.json, second.cost_nano_usd), (first.json, 0));
    assert_eq!((model.count(), &*log.calls()[1].status), (1, "cached"));
    stack.forget(&request()).await;
    stack.ask(&request()).await.unwrap();
    assert_eq!(model.count(), 2);
    clock.advance_ms(crate::llm::cache::KEEP_MS);
    stack.ask(&request()).await.unwrap();
    assert_eq!(model.count(), 3);
}

#[tokio::test]
async fn tokens_that_nobody_counted_are_guessed() {
    let (answer, _) = ask_one(Behaviour::NoUsage).await;
    let answer = answer.unwrap();
    assert!(answer.estimated);
    assert!((20..200).contains(&answer.prompt_tokens), "{answer:?}");
    assert!((10..100).contains(&answer.completion_tokens), "{answer:?}");
    assert!(answer.cost_nano_usd > 0);
}

#[tokio::test]
async fn requests_under_way_at_one_provider_are_bounded() {
    let model = FakeModel::start(Behaviour::Slow(600_000, Box::new(Behaviour::Good))).await;
    let stack =
        stack(&[&model], StackConfig { concurrency: 2, ..quick() }, &ManualClock::at(NOW_MS));
    let asks: Vec<_> = (0..3)
        .map(|_| {
            let stack = stack.clone();
            tokio::spawn(async move { stack.ask(&request()).await })
        })
        .collect();
    let two_came = async {
        while model.count() < 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), two_came).await.unwrap();
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(model.count(), 2);
    asks.iter().for_each(tokio::task::JoinHandle::abort);
}
