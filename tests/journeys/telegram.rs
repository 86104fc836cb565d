//! Telegram by webhook.

use std::collections::BTreeSet;

use reqwest::{Method, StatusCode};
use serde_json::json;
use sitespark_bot::channels::fakes::FakeTelegram;
use sitespark_core::llm::fake::{Behaviour, FAKE_KEY, FakeModel};

use crate::support::http::read;
use crate::support::telegram::{CHAT_HOST, Person, SECRET, connect, deliver};
use crate::support::{CAFE, CAFE_FACTS, CAFE_HOST, Running, World};

/// A world on Telegram, and its server.
pub(crate) async fn telegram_world() -> (World, FakeTelegram) {
    let fake = FakeTelegram::start().await;
    let mut world = World::new();
    connect(&mut world, &fake, "webhook");
    (world, fake)
}

pub(crate) fn ani<'a>(house: &'a Running, fake: &'a FakeTelegram) -> Person<'a> {
    Person { house, fake, chat: 71 }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_who_knows_the_secret_is_heard() {
    let (world, fake) = telegram_world().await;
    let house = world.start().await;
    let update = ani(&house, &fake).letter(json!({ "text": "halo" }));
    let request = || house.request(Method::POST, CHAT_HOST, "/webhook/telegram").json(&update);
    let header = "X-Telegram-Bot-Api-Secret-Token";
    assert_eq!(read(request()).await.status, StatusCode::UNAUTHORIZED);
    for wrong in ["", "rahasia-webhook-2", "rahasia-webhook-11", "RAHASIA-WEBHOOK-1"] {
        assert_eq!(read(request().header(header, wrong)).await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(house.count("select count(*) from queue").await, 0);
    let taken = read(request().header(header, SECRET)).await;
    assert_eq!((taken.status, taken.body.len()), (StatusCode::OK, 0));
    house.settle().await;
    assert_eq!(fake.shown(71).len(), 1);
    // What cannot be read is acknowledged: it would come for ever.
    assert_eq!(deliver(&house, &json!([1])).await.status, StatusCode::OK);
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn six_answers_by_taps_and_text_lead_to_a_live_site() {
    let (world, fake) = telegram_world().await;
    let house = world.start().await;
    let person = ani(&house, &fake);
    let hello = person.say("/start").await;
    assert!(hello[0].text.contains("1/6"), "{hello:?}");
    person.tap("Kuliner").await;
    person.say("Kopi Senja").await;
    person.tap("Anak muda").await;
    person.tap("Menu & harga").await;
    person.tap("Jam buka").await;
    person.tap("Lanjut").await;
    person.say(CAFE[5]).await;
    person.tap("Hangat").await;
    person.tap("Cokelat").await;
    let summary = person.say(CAFE[7]).await;
    assert!(summary[0].text.contains("http://kopi-senja.situs.test"), "{summary:?}");
    assert_eq!(house.tokens(&person.name()).await, 100);
    let live = person.tap("Ya, buat").await;
    assert_eq!(house.tokens(&person.name()).await, 50);

    let page = house.page(CAFE_HOST, "/").await;
    for fact in CAFE_FACTS {
        assert!(page.contains(fact), "{fact} is not on the page");
    }
    // The bubble of the progress made room for the picture.
    let told: Vec<_> = live.iter().filter(|shown| shown.has_photo).collect();
    assert_eq!(told.len(), 1, "{live:#?}");
    assert!(told[0].text.contains("http://kopi-senja.situs.test"));
    assert_eq!(fake.calls_of("deleteMessage").len(), 1);
    let answered = async || fake.calls_of("answerCallbackQuery").len() == 8;
    house.until("every tap is answered once", answered).await;
    assert_eq!(fake.violations(), [""; 0]);
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_bubble_is_changed_in_place_while_a_model_writes() {
    let (mut world, fake) = telegram_world().await;
    let model = FakeModel::start(Behaviour::Good).await;
    world.set("LLM_PROVIDERS", &model.setting("satu", "FAKE_KEY"));
    world.set("FAKE_KEY", FAKE_KEY);
    let house = world.start().await;
    let person = ani(&house, &fake);
    let live = person.go_live().await;
    let edits = fake.calls_of("editMessageText");
    assert!(edits.len() >= 3, "{edits:#?}");
    let bubbles: BTreeSet<_> =
        edits.iter().map(|call| call.params["message_id"].as_i64()).collect();
    assert_eq!(bubbles.len(), 1, "one bubble is changed again and again");
    assert_eq!(live.iter().filter(|shown| shown.has_photo).count(), 1);
    assert_eq!((fake.violations(), model.violations()), (vec![], vec![]));
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_with_a_price_comes_to_the_page() {
    let (world, fake) = telegram_world().await;
    let house = world.start().await;
    let person = ani(&house, &fake);
    for line in &CAFE[..4] {
        person.say(line).await;
    }
    fake.add_file("foto-1", &crate::support::pictures::jpeg());
    let sizes =
        json!([{ "file_id": "foto-1", "file_unique_id": "u", "width": 640, "height": 480 }]);
    let told =
        person.send(person.letter(json!({ "photo": sizes, "caption": "Nastar 85rb" }))).await;
    assert!(!told.is_empty());
    for line in &CAFE[4..] {
        person.say(line).await;
    }
    person.say("ya").await;
    let page = house.page(CAFE_HOST, "/").await;
    assert!(page.contains("Nastar") && page.contains("Rp85.000"), "{page}");
    assert!(page.contains(".webp"), "no photo on the page");
    assert_eq!(fake.violations(), [""; 0]);
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_logo_stands_at_the_top_and_is_no_photo() {
    let (world, fake) = telegram_world().await;
    let house = world.start().await;
    let person = ani(&house, &fake);
    for line in &CAFE[..4] {
        person.say(line).await;
    }
    fake.add_file("logo-1", &crate::support::pictures::jpeg());
    let sizes =
        json!([{ "file_id": "logo-1", "file_unique_id": "u", "width": 640, "height": 480 }]);
    let told = person.send(person.letter(json!({ "photo": sizes, "caption": "ini logo kami" })));
    assert!(told.await.iter().any(|shown| shown.text.contains("Logonya saya simpan")));
    for line in &CAFE[4..] {
        person.say(line).await;
    }
    person.say("ya").await;
    let page = house.page(CAFE_HOST, "/").await;
    let src = page.split("class=\"logo\" src=\"").nth(1).and_then(|rest| rest.split('"').next());
    assert_eq!(house.get(CAFE_HOST, src.expect("a logo")).await.status, 200);
    assert_eq!(
        page.matches("/photos/").count(),
        page.matches("-160.").count() + page.matches("-320.").count()
    );
    assert_eq!(house.get(CAFE_HOST, "/icon-192.png").await.status, 200);
    for (said, there) in [("hapus logo", false), ("undo", true)] {
        person.say(said).await;
        let seen = async || house.page(CAFE_HOST, "/").await.contains("class=\"logo\"") == there;
        house.until(said, seen).await;
    }
    assert_eq!(fake.violations(), [""; 0]);
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_are_claimed_once_a_day() {
    let (world, fake) = telegram_world().await;
    let house = world.start().await;
    let person = ani(&house, &fake);
    person.say("halo").await;
    person.say("klaim").await;
    assert_eq!(house.tokens(&person.name()).await, 110);
    let refused = person.say("klaim").await;
    assert_eq!((house.tokens(&person.name()).await, refused.len()), (110, 1));
    house.advance_ms(24 * 60 * 60 * 1_000);
    person.say("klaim").await;
    assert_eq!(house.tokens(&person.name()).await, 120);
    house.assert_tidy().await;
    house.stop().await;
}
