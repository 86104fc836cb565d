//! Telegram when it says no, repeats itself or gets ahead of itself.

use serde_json::{Value, json};
use sitespark_bot::channels::fakes::TelegramFailure;
use sitespark_core::clock::Clock;

use crate::support::telegram::{deliver, deliver_at_once};
use crate::support::world::START_MS;
use crate::support::{CAFE, CAFE_FACTS, CAFE_HOST};
use crate::telegram::{ani, telegram_world};

const MUTED: &str = "select count(*) from identities where muted";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_blocks_the_bot_is_left_alone_until_they_write() {
    let (world, fake) = telegram_world().await;
    let house = world.start().await;
    let person = ani(&house, &fake);
    fake.fail_next("sendMessage", TelegramFailure::Blocked);
    assert_eq!(person.say("halo").await.len(), 0);
    assert_eq!(house.count(MUTED).await, 1);
    assert_eq!(person.say("halo lagi").await.len(), 1);
    assert_eq!(house.count(MUTED).await, 0);

    let status = |status: &str| json!({ "status": status, "user": { "id": 123_456, "is_bot": true, "first_name": "B" } });
    let blocked = json!({ "update_id": 5, "my_chat_member": { "chat": { "id": 71, "type": "private" },
        "from": { "id": 71, "is_bot": false, "first_name": "Ani" }, "date": 1_793_509_200,
        "old_chat_member": status("member"), "new_chat_member": status("kicked") } });
    assert_eq!(person.send(blocked).await.len(), 0);
    assert_eq!(house.count(MUTED).await, 1);
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_requests_are_waited_out_and_the_message_comes_once() {
    let (world, fake) = telegram_world().await;
    let house = world.start().await;
    let person = ani(&house, &fake);
    fake.fail_next("sendMessage", TelegramFailure::RetryAfter(7));
    fake.fail_next("sendMessage", TelegramFailure::RetryAfter(40));
    assert_eq!(person.say("halo").await.len(), 1);
    assert!(world.clock.now_ms() >= START_MS + 47_000, "it did not wait as asked");
    assert_eq!(fake.calls_of("sendMessage").len(), 3);
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_troubled_server_is_tried_again() {
    let (world, fake) = telegram_world().await;
    let house = world.start().await;
    let person = ani(&house, &fake);
    for _ in 0..5 {
        fake.fail_next("sendMessage", TelegramFailure::Internal);
    }
    assert_eq!(person.say("halo").await.len(), 1);
    assert_eq!(fake.calls_of("sendMessage").len(), 6);
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn markup_that_is_not_understood_is_left_out() {
    let (world, fake) = telegram_world().await;
    let house = world.start().await;
    let person = ani(&house, &fake);
    fake.fail_next("sendMessage", TelegramFailure::BadMarkup);
    assert_eq!(person.say("halo").await.len(), 1);
    let last = fake.calls_of("sendMessage").pop().unwrap();
    assert_eq!(last.params.get("parse_mode"), None);
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chat_that_moved_is_answered_where_it_is_now() {
    let (world, fake) = telegram_world().await;
    let house = world.start().await;
    fake.fail_next("sendMessage", TelegramFailure::MigrateTo(-1_005));
    assert_eq!(ani(&house, &fake).say("halo").await.len(), 0);
    assert_eq!(fake.shown(-1_005).len(), 1);
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_update_fifty_times_has_one_effect() {
    let (world, fake) = telegram_world().await;
    let house = world.start().await;
    let person = ani(&house, &fake);
    let mut all: Vec<Value> = Vec::new();
    for line in CAFE {
        let update = person.letter(json!({ "text": line }));
        all.push(update.clone());
        deliver_at_once(&house, std::iter::repeat_n(&update, 50)).await;
        house.settle().await;
        assert_eq!(fake.shown(71).len(), all.len(), "one answer to {line}");
    }
    let (yes, tap) = person.tapped("Ya, buat");
    fake.expect_tap(&tap);
    deliver_at_once(&house, std::iter::repeat_n(&yes, 50)).await;
    all.push(yes);
    // Everything once more, backwards and all at once, while the site is being made.
    deliver_at_once(&house, all.iter().rev().chain(&all)).await;
    house.settle().await;
    for (what, sql) in [
        ("conversation", "select count(*) from conversations"),
        ("wallet", "select count(*) from accounts where kind = 'wallet'"),
        ("run", "select count(*) from runs where status = 'live'"),
        ("site", "select count(*) from sites"),
        ("charge", "select count(*) from transfers where phase = 'capture'"),
    ] {
        assert_eq!(house.count(sql).await, 1, "one {what}");
    }
    assert_eq!(house.tokens(&person.name()).await, 50);
    assert_eq!(fake.shown(71).len(), all.len(), "one answer each");
    let answered = async || fake.calls_of("answerCallbackQuery").len() == 1;
    house.until("the tap is answered once", answered).await;
    assert_eq!(fake.violations(), [""; 0]);
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_and_taps_in_disorder_are_all_answered_and_lead_on() {
    let (world, fake) = telegram_world().await;
    let house = world.start().await;
    let person = ani(&house, &fake);
    person.say("halo").await;
    let (trade, first) = person.tapped("Kuliner");
    let (again, second) = person.tapped("Laundry");
    fake.expect_tap(&first);
    fake.expect_tap(&second);
    let name = person.letter(json!({ "text": "Kopi Senja" }));
    let hours = person.letter(json!({ "text": "buka tiap hari 08.00-22.00" }));
    let help = person.letter(json!({ "text": "bantuan" }));
    let before = fake.shown(71).len();
    deliver_at_once(&house, [&hours, &again, &name, &help, &trade]).await;
    house.settle().await;
    // Words that wait together are answered together.
    assert!(fake.shown(71).len() >= before + 4, "somebody was not answered");
    let answered = async || fake.calls_of("answerCallbackQuery").len() == 2;
    house.until("both taps are answered", answered).await;
    // A tap on a question of long ago, then the owner begins anew and comes through.
    assert_eq!(deliver(&house, &trade).await.status, 200);
    person.say("mulai lagi").await;
    person.say("ya").await;
    for line in CAFE {
        person.say(line).await;
    }
    person.say("ya").await;
    let sites = house.count("select count(*) from sites where status = 'live'").await;
    assert_eq!(sites, 1, "{:#?}", fake.shown(71));
    let page = house.page(CAFE_HOST, "/").await;
    for fact in CAFE_FACTS {
        assert!(page.contains(fact), "{fact} is not on the page");
    }
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_album_is_one_turn() {
    let (world, fake) = telegram_world().await;
    let house = world.start().await;
    let person = ani(&house, &fake);
    for line in &CAFE[..4] {
        person.say(line).await;
    }
    let before = fake.shown(71).len();
    for number in 0..4 {
        let id = format!("album-{number}");
        fake.add_file(&id, &crate::support::pictures::jpeg());
        let photo = json!([{ "file_id": id, "file_unique_id": "u", "width": 640, "height": 480 }]);
        let letter = person.letter(json!({ "photo": photo, "media_group_id": "77" }));
        deliver(&house, &letter).await;
    }
    house.settle().await;
    let told = fake.shown(71).split_off(before);
    assert_eq!(told.len(), 2, "one word that they came, one that they are kept: {told:#?}");
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_calls_in_a_group_is_answered_in_private() {
    let (world, fake) = telegram_world().await;
    let house = world.start().await;
    let account = house.house.telegram.as_ref().unwrap().setup(None).await.unwrap();
    house.house.telegram_name.set(account.username).unwrap();
    let person = ani(&house, &fake);
    let in_group = |text: &str| {
        let mut letter = person.letter(json!({ "text": text }));
        letter["message"]["chat"] = json!({ "id": -5, "type": "supergroup" });
        letter
    };
    deliver(&house, &in_group("halo semua")).await;
    deliver(&house, &in_group("@sitespark_test_bot bikin web toko kue Ani")).await;
    house.settle().await;
    assert!(fake.shown(71)[0].text.contains("Ani"), "{:#?}", fake.shown(71));
    let pointer = fake.shown(-5);
    assert_eq!(pointer.len(), 1, "{pointer:#?}");
    assert!(pointer[0].keyboard.to_string().contains("https://t.me/sitespark_test_bot"));
    assert_eq!(fake.violations(), [""; 0]);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tap_that_carries_nothing_is_answered() {
    let (world, fake) = telegram_world().await;
    let house = world.start().await;
    let person = ani(&house, &fake);
    person.say("halo").await;
    let mut tap = person.tapped_id("x");
    tap["callback_query"].as_object_mut().unwrap().remove("data");
    person.send(tap).await;
    let answered = async || fake.calls_of("answerCallbackQuery").len() == 1;
    house.until("the tap is answered", answered).await;
    assert_eq!(fake.violations(), [""; 0]);
    house.assert_tidy().await;
    house.stop().await;
}
