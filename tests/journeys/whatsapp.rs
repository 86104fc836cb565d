//! WhatsApp.

use std::sync::Arc;

use reqwest::StatusCode;
use serde_json::{Value, json};
use sitespark_bot::channels::fakes::{FakeGraph, GraphFailure};
use sitespark_core::clock::Clock;

use crate::support::whatsapp::{
    APP_SECRET, Person, VERIFY_TOKEN, change, connect, deliver, deliver_raw, delivery, signature,
    words,
};
use crate::support::world::START_MS;
use crate::support::{CAFE, CAFE_FACTS, CAFE_HOST, Running, World};

const NUMBER: &str = "6281234567890";
const SCOPED: &str = "ID.13491208655302741918";

async fn whatsapp_world() -> (World, Arc<FakeGraph>) {
    let fake = Arc::new(FakeGraph::start().await);
    let mut world = World::new();
    connect(&mut world, &fake);
    world.keep_time_with(&fake);
    (world, fake)
}

fn budi<'a>(house: &'a Running, fake: &'a FakeGraph) -> Person<'a> {
    Person { house, fake, number: Some(NUMBER), scoped_id: Some(SCOPED) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_challenge_is_given_back_to_who_knows_the_word() {
    let (world, _fake) = whatsapp_world().await;
    let house = world.start().await;
    let ask = async |token: &str, mode: &str| {
        let query = format!("hub.mode={mode}&hub.challenge=1158201444&hub.verify_token={token}");
        house.get("chat.test", &format!("/webhook/whatsapp?{query}")).await
    };
    let right = ask(VERIFY_TOKEN, "subscribe").await;
    assert_eq!((right.status, right.text().as_str()), (StatusCode::OK, "1158201444"));
    for (token, mode) in [("lain", "subscribe"), ("", "subscribe"), (VERIFY_TOKEN, "unsubscribe")] {
        let wrong = ask(token, mode).await;
        assert_eq!(wrong.status, StatusCode::FORBIDDEN, "{token} {mode}");
        assert!(!wrong.text().contains("1158201444"));
    }
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_what_is_signed_is_heard() {
    let (world, fake) = whatsapp_world().await;
    let house = world.start().await;
    let person = budi(&house, &fake);
    let messages = json!({ "messages": [person.text("halo")] });
    let body = delivery(vec![vec![change(&fake, vec![person.card()], messages)]]).to_string();
    let right = signature(body.as_bytes(), APP_SECRET);
    let other = signature(body.as_bytes(), "rahasia-lain");
    let changed = body.replace("halo", "hapus");
    for (body, signature) in [
        (&body, None),
        (&body, Some(other.as_str())),
        (&body, Some("sha256=")),
        (&body, Some(&right[7..])),
        (&changed, Some(&right)),
    ] {
        let status = deliver_raw(&house, body, signature).await.status;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{signature:?}");
    }
    assert_eq!(house.count("select count(*) from queue").await, 0);
    assert_eq!(deliver_raw(&house, &body, Some(&right)).await.status, StatusCode::OK);
    house.settle().await;
    assert_eq!(fake.sent_to(NUMBER).len(), 1);
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_by_taps_and_text_lead_to_a_live_site() {
    let (world, fake) = whatsapp_world().await;
    let house = world.start().await;
    let person = budi(&house, &fake);
    person.say("halo").await;
    person.tap("Kuliner").await;
    person.say(CAFE[2]).await;
    person.say(CAFE[3]).await;
    person.say(CAFE[4]).await;
    person.say(CAFE[5]).await;
    person.say(CAFE[6]).await;
    person.say(CAFE[7]).await;
    let live = person.tap("Ya, buat").await;
    let told = live.iter().map(words).collect::<Vec<_>>().join("\n");
    assert!(told.contains("http://kopi-senja.situs.test"), "{told}");
    assert_eq!(house.tokens(&person.name()).await, 50);
    let page = house.page(CAFE_HOST, "/").await;
    for fact in CAFE_FACTS {
        assert!(page.contains(fact), "{fact} is not on the page");
    }
    assert!(fake.calls().iter().any(|call| call.params["status"] == "read"), "taps are seen");
    assert_eq!(fake.violations(), [""; 0]);
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn choices_keep_to_three_buttons_ten_lines_or_numbers() {
    let (world, fake) = whatsapp_world().await;
    let house = world.start().await;
    let person = budi(&house, &fake);
    for line in ["halo", "6", "Bengkel Jaya", "1", "terserah saja", "skip", "modern"] {
        person.say(line).await;
    }
    let mut kinds = std::collections::BTreeSet::new();
    for message in fake.sent_to(NUMBER) {
        let kind = message.pointer("/interactive/type").and_then(Value::as_str).unwrap_or("text");
        kinds.insert(kind.to_owned());
    }
    assert!(kinds.contains("list") && kinds.contains("button"), "{kinds:?}");
    // Typed numbers were understood: the sixth trade is a workshop.
    let brief =
        house.count("select count(*) from conversations where json(state) like '%workshop%'").await;
    assert_eq!(brief, 1);
    assert_eq!(fake.violations(), [""; 0]);
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_of_two_people_is_taken_apart_and_kept_in_order() {
    let (world, fake) = whatsapp_world().await;
    let house = world.start().await;
    let one = budi(&house, &fake);
    let two = Person { house: &house, fake: &fake, number: None, scoped_id: Some("ID.777") };
    let both = vec![one.card(), two.card()];
    let said = |letters: Vec<Value>| change(&fake, both.clone(), json!({ "messages": letters }));
    let other = json!({ "field": "account_update", "value": { "event": "X" } });
    let batch = delivery(vec![
        vec![said(vec![one.text("halo"), two.text("halo")]), other],
        vec![
            said(vec![two.text("laundry"), one.text("kedai kopi")]),
            said(vec![one.text("Kopi Senja")]),
        ],
    ]);
    deliver(&house, &batch).await;
    deliver(&house, &batch).await;
    house.settle().await;
    let (first, second) = (fake.sent_to(NUMBER), fake.sent_to("ID.777"));
    assert_eq!((first.len(), second.len()), (3, 2), "one answer each, once");
    assert!(words(&first[2]).contains("Kopi Senja"), "{}", words(&first[2]));
    assert!(words(&second[1]).contains("2/6"), "{}", words(&second[1]));
    assert_eq!(house.count("select count(*) from conversations").await, 2);
    assert_eq!(fake.violations(), [""; 0]);
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_statuses_in_disorder_the_furthest_stays() {
    let (world, fake) = whatsapp_world().await;
    let house = world.start().await;
    budi(&house, &fake).say("halo").await;
    let of = "select message_ref from deliveries where channel = 'whatsapp'";
    let id: String = sqlx::query_scalar(of).fetch_one(&house.pool).await.unwrap();
    for status in ["read", "sent", "delivered", "read", "sent"] {
        let status = json!({ "id": id, "status": status, "timestamp": "1793509300", "recipient_id": NUMBER });
        deliver(
            &house,
            &delivery(vec![vec![change(&fake, vec![], json!({ "statuses": [status] }))]]),
        )
        .await;
    }
    let failed = json!({ "id": "wamid.unknown", "status": "failed", "timestamp": "1793509300",
        "recipient_id": NUMBER, "errors": [{ "code": 131_047 }] });
    deliver(&house, &delivery(vec![vec![change(&fake, vec![], json!({ "statuses": [failed] }))]]))
        .await;
    let kept = "select count(*) from deliveries where status = 'read' and rank = 3";
    assert_eq!(house.count(kept).await, 1);
    assert_eq!(house.count("select count(*) from deliveries").await, 1);
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_throttled_pair_is_waited_out_and_a_closed_window_is_final() {
    let (world, fake) = whatsapp_world().await;
    let house = world.start().await;
    let person = budi(&house, &fake);
    fake.fail_next("messages", GraphFailure::Code(131_056));
    fake.fail_next("messages", GraphFailure::Internal);
    assert_eq!(person.say("halo").await.len(), 1);
    assert!(world.clock.now_ms() > START_MS, "it did not wait");
    house.assert_tidy().await;

    fake.fail_next("messages", GraphFailure::Code(131_047));
    fake.fail_next("messages", GraphFailure::Code(131_047));
    person.say("kedai kopi").await;
    let dead = house.dead().await;
    assert_eq!(dead.len(), 1, "{dead:?}");
    assert!(dead[0].1.contains("free answers"), "{dead:?}");
    assert_eq!(fake.violations(), [""; 0]);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_changes_their_number_goes_on_where_they_were() {
    let (world, fake) = whatsapp_world().await;
    let house = world.start().await;
    let before = Person { house: &house, fake: &fake, number: Some(NUMBER), scoped_id: None };
    before.say("halo").await;
    before.say("kedai kopi").await;
    let moved = before.letter(json!({ "type": "system", "system": {
        "type": "user_changed_number", "body": "moved", "wa_id": "6289900001111" } }));
    assert_eq!(before.send(moved).await, [Value::Null; 0]);
    let after =
        Person { house: &house, fake: &fake, number: Some("6289900001111"), scoped_id: None };
    let told = after.say("Kopi Senja").await;
    assert!(words(&told[0]).contains("3/6"), "{told:#?}");
    for (what, sql) in [
        ("conversation", "select count(*) from conversations"),
        ("wallet", "select count(*) from accounts where kind = 'wallet'"),
    ] {
        assert_eq!(house.count(sql).await, 1, "one {what}");
    }
    assert_eq!(fake.violations(), [""; 0]);
    house.assert_tidy().await;
    house.stop().await;
}
