//! Telegram by long polling: an update is confirmed only after it is committed.

use serde_json::json;
use sitespark_bot::channels::fakes::{FakeTelegram, TelegramFailure};

use crate::support::telegram::{Person, connect};
use crate::support::{Running, World};

async fn polling_world() -> (World, FakeTelegram) {
    let fake = FakeTelegram::start().await;
    let mut world = World::new();
    connect(&mut world, &fake, "polling");
    (world, fake)
}

/// Offsets the bot asked from, in order.
fn offsets(fake: &FakeTelegram) -> Vec<i64> {
    fake.calls_of("getUpdates").iter().filter_map(|call| call.params["offset"].as_i64()).collect()
}

/// Puts what a person says into the line.
fn push(fake: &FakeTelegram, house: &Running, text: &str) -> i64 {
    fake.push_update(Person { house, fake, chat: 71 }.letter(json!({ "text": text })))
}

const DONE: &str = "select count(*) from queue where lane = 'inbox' and state = 'done'";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_house_killed_before_the_commit_gets_the_update_again() {
    let (world, fake) = polling_world().await;
    let house = world.start_polling().await;
    house.until("the first poll is out", async || offsets(&fake) == [0]).await;
    // Nobody can commit while this is open: the update is fetched and stays in hand.
    let blocker = house.house.db.begin().await.unwrap();
    let first = push(&fake, &house, "halo");
    let second = push(&fake, &house, "kedai kopi");
    house.house.db.ping().await.unwrap();
    house.kill().await;
    blocker.roll_back();
    assert_eq!(offsets(&fake), [0], "nothing was confirmed");

    let house = world.start_polling().await;
    house.until("both are handled", async || house.count(DONE).await == 2).await;
    house.settle().await;
    assert_eq!(fake.shown(71).len(), 2);
    assert_eq!(house.count("select count(*) from conversations").await, 1);
    let last = second.max(first) + 1;
    house.until("both are confirmed", async || offsets(&fake).last() == Some(&last)).await;
    assert_eq!(fake.violations(), [""; 0]);
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_house_killed_before_the_confirmation_handles_the_update_once() {
    let (world, fake) = polling_world().await;
    let house = world.start_polling().await;
    house.until("the first poll is out", async || offsets(&fake) == [0]).await;
    fake.fail_next("getUpdates", TelegramFailure::Internal);
    push(&fake, &house, "halo");
    house.until("it is handled", async || house.count(DONE).await == 1).await;
    house.settle().await;
    house.until("the confirmation was tried", async || offsets(&fake).len() == 2).await;
    house.kill().await;

    let house = world.start_polling().await;
    // It is offered once more, and known.
    house.until("it is confirmed", async || offsets(&fake).len() == 4).await;
    house.settle().await;
    assert_eq!(offsets(&fake)[2], 0);
    assert!(offsets(&fake)[3] > 0);
    assert_eq!((house.count(DONE).await, fake.shown(71).len()), (1, 1));
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn set_up_takes_the_webhook_away_and_learns_the_name() {
    let (world, fake) = polling_world().await;
    let house = world.start_polling().await;
    house.until("the first poll is out", async || !offsets(&fake).is_empty()).await;
    assert_eq!(house.house.telegram_name.get().map(String::as_str), Some("sitespark_test_bot"));
    assert_eq!(fake.webhook_url(), None);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_public_address_the_webhook_is_set() {
    let (mut world, fake) = polling_world().await;
    world.set("PUBLIC_URL", "https://chat.test");
    world.set("TELEGRAM_MODE", "auto");
    let house = world.start_polling().await;
    let url = Some("https://chat.test/webhook/telegram".to_owned());
    house.until("the webhook is set", async || fake.webhook_url() == url).await;
    assert_eq!(offsets(&fake), [0; 0]);
    assert_eq!(fake.violations(), [""; 0]);
    house.stop().await;
}
