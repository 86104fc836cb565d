//! Requests to models and kept answers: the book, the budgets that read it, the shelves.

use std::sync::Arc;

use serde_json::json;
use sitespark_core::clock::SharedClock;
use sitespark_core::ids::RunId;
use sitespark_core::live::{Live, Shelf};
use sitespark_core::llm::fake::{Behaviour, FAKE_KEY, FakeModel, call};
use sitespark_core::llm::{
    self, AnswerCache, CallLimits, CallLog, DbCallLog, Llm, LlmError, LlmRequest, LlmStack,
    OpenAiProvider, OverBudget, ProviderConfig, Records, SpendLimits, StackConfig, Tier,
};
use sitespark_core::testing::redis::RedisServer;
use sitespark_core::testing::{START_MS, TestDb, clock};

use crate::both_engines;
use crate::support::{commit, soon};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

both_engines! {
    the_book_adds_up_by_time,
    a_budget_is_read_from_the_book,
    an_answer_is_kept_until_it_is_no_good,
}

fn request(user: &str) -> LlmRequest {
    LlmRequest {
        run: None,
        stage: "content",
        prompt: "content@1".to_owned(),
        tier: Tier::Fast,
        system: "Write.".to_owned(),
        user: user.to_owned(),
        schema_name: "content_hero".to_owned(),
        schema: json!({
            "type": "object",
            "properties": {"heading": {"type": "string"}},
            "required": ["heading"],
            "additionalProperties": false,
        }),
        temperature: 0.5,
        max_tokens: 100,
        picture: None,
    }
}

fn stack(home: &TestDb, model: &FakeModel, shelf: Shelf, spend: SpendLimits) -> LlmStack {
    // Another test may have been first.
    let _picked = rustls::crypto::ring::default_provider().install_default();
    let lookup = |_: &str| Some(FAKE_KEY.to_owned());
    let clock: SharedClock = Arc::new(clock());
    let providers = ProviderConfig::parse_list(&model.setting("fake", "KEY"), &lookup)
        .unwrap()
        .into_iter()
        .map(|config| OpenAiProvider::new(config, CallLimits::default(), clock.clone()).unwrap())
        .collect();
    let records = Records {
        cache: Some(AnswerCache::new(home.db().clone(), shelf)),
        log: Some(Arc::new(DbCallLog::new(home.db().clone()))),
    };
    let config = StackConfig { spend, ..StackConfig::default() };
    LlmStack::with_records(providers, config, clock, records)
}

async fn the_book_adds_up_by_time(home: &TestDb) {
    let book = DbCallLog::new(home.db().clone());
    assert_eq!(book.spent_since(0).await.unwrap(), 0);
    for (cost, at_ms) in [(7, START_MS), (5, START_MS + 1), (3, START_MS + DAY_MS)] {
        book.write(&call(None, cost, at_ms)).await.unwrap();
    }
    assert_eq!(book.spent_since(START_MS).await.unwrap(), 15);
    assert_eq!(book.spent_since(START_MS + 1).await.unwrap(), 8);
    assert_eq!(book.spent_since(START_MS + DAY_MS + 1).await.unwrap(), 0);
    assert_eq!(book.spent_by_run(RunId::fresh()).await.unwrap(), 0);
    let nobody = book.write(&call(Some(RunId::fresh()), 1, START_MS)).await;
    assert!(nobody.is_err(), "a run that is not there cannot pay");
}

async fn a_budget_is_read_from_the_book(home: &TestDb) {
    let model = FakeModel::start(Behaviour::Good).await;
    let spend = SpendLimits { day_nano_usd: 1, ..SpendLimits::default() };
    soon(stack(home, &model, Shelf::default(), spend).ask(&request("a"))).await.unwrap();
    // Another process, another stack, the same book.
    let other = stack(home, &model, Shelf::default(), spend);
    let refused = soon(other.ask(&request("b"))).await.unwrap_err();
    assert_eq!(refused, LlmError::OverBudget(OverBudget::Day));
    assert_eq!(model.count(), 1);
}

async fn an_answer_is_kept_until_it_is_no_good(home: &TestDb) {
    let model = FakeModel::start(Behaviour::Good).await;
    let stack = stack(home, &model, Shelf::default(), SpendLimits::default());
    let asked = request("a");
    let first = soon(stack.ask(&asked)).await.unwrap();
    let again = soon(stack.ask(&asked)).await.unwrap();
    assert_eq!((again.json, again.cost_nano_usd, model.count()), (first.json, 0, 1));
    soon(stack.forget(&asked)).await;
    soon(stack.ask(&asked)).await.unwrap();
    assert_eq!(model.count(), 2);
    commit(home, async |tx| llm::purge_answers(tx, START_MS + 8 * DAY_MS).await.unwrap()).await;
    soon(stack.ask(&asked)).await.unwrap();
    assert_eq!(model.count(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shelf_in_redis_gives_what_was_laid_there() {
    let Some(server) = RedisServer::start() else { return };
    let shelf = soon(Live::redis(&server.url())).await.unwrap().shelf;
    assert_eq!(shelf.get("a").await, None);
    shelf.put("a", "text", 60_000).await;
    assert_eq!(shelf.get("a").await.as_deref(), Some("text"));
    shelf.remove("a").await;
    assert_eq!(shelf.get("a").await, None);
    shelf.put("b", &"x".repeat(65 * 1024), 60_000).await;
    assert_eq!(shelf.get("b").await, None, "too large for a copy");
    Shelf::default().put("c", "text", 60_000).await;
    assert_eq!(Shelf::default().get("c").await, None, "without Redis nothing is there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_in_redis_serves_another_house() {
    let Some(server) = RedisServer::start() else { return };
    let shelf = soon(Live::redis(&server.url())).await.unwrap().shelf;
    let model = FakeModel::start(Behaviour::Good).await;
    let homes =
        [sitespark_core::testing::db::sqlite().await, sitespark_core::testing::db::sqlite().await];
    for home in &homes {
        let stack = stack(home, &model, shelf.clone(), SpendLimits::default());
        soon(stack.ask(&request("a"))).await.unwrap();
    }
    assert_eq!(model.count(), 1);
}
