//! Telegram by long polling: an update is confirmed only after it is committed.

use serde_json::json;
use sitespark_bot::channels::fakes::FakeTelegram;

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

/// Waits until the bot is set up; its first poll is under way then.
async fn set_up(house: &Running) {
    house.until("the bot is set up", async || house.house.telegram_name.get().is_some()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_house_killed_before_the_commit_gets_the_update_again() {
    let (world, fake) = polling_world().await;
    let house = world.start_polling().await;
    set_up(&house).await;
    // Nobody can commit while this is open: what is fetched stays in hand.
    let blocker = house.house.db.begin().await.unwrap();
    push(&fake, &house, "halo");
    let last = push(&fake, &house, "kedai kopi");
    house.until("something is fetched", async || offsets(&fake) == [0]).await;
    assert_eq!(house.count("select count(*) from queue").await, 0, "nothing was committed");
    house.kill().await;
    blocker.roll_back();

    let house = world.start_polling().await;
    house.until("both are handled", async || house.count(DONE).await == 2).await;
    house.settle().await;
    // What waited together is answered together.
    assert_eq!(fake.shown(71).len(), 1);
    assert_eq!(house.count("select count(*) from conversations").await, 1);
    push(&fake, &house, "Kopi Senja");
    house.until("both are confirmed", async || offsets(&fake).last() == Some(&(last + 1))).await;
    house.until("the third is handled", async || house.count(DONE).await == 3).await;
    house.settle().await;
    assert!(offsets(&fake).starts_with(&[0, 0]), "nothing was confirmed before the commit");
    assert_eq!(fake.shown(71).len(), 2);
    assert_eq!(fake.violations(), [""; 0]);
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_house_killed_before_the_confirmation_handles_the_update_once() {
    let (world, fake) = polling_world().await;
    let house = world.start_polling().await;
    set_up(&house).await;
    let first = push(&fake, &house, "halo");
    house.until("it is handled", async || house.count(DONE).await == 1).await;
    house.settle().await;
    // The next poll, which would confirm it, is held open by the server.
    house.kill().await;
    assert_eq!(offsets(&fake), [0]);

    let house = world.start_polling().await;
    house.until("it is offered once more", async || offsets(&fake) == [0, 0]).await;
    push(&fake, &house, "kedai kopi");
    house.until("the next is handled", async || house.count(DONE).await == 2).await;
    house.settle().await;
    assert_eq!(offsets(&fake), [0, 0, first + 1]);
    assert_eq!(fake.shown(71).len(), 2, "one answer each");
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn set_up_learns_the_name_and_takes_the_webhook_away() {
    let (world, fake) = polling_world().await;
    let house = world.start_polling().await;
    set_up(&house).await;
    assert_eq!(house.house.telegram_name.get().map(String::as_str), Some("sitespark_test_bot"));
    assert_eq!(fake.calls_of("deleteWebhook").len(), 1);
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
