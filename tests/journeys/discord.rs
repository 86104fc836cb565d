//! Discord: what only it can do.

use ed25519_dalek::SigningKey;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sitespark_bot::channels::fakes::FakeDiscord;

use crate::support::discord::{Person, choices, connect, deliver, key};
use crate::support::http::read;
use crate::support::{CAFE, Running, World};

const ANI: &str = "55";

async fn discord_world() -> (World, FakeDiscord) {
    let mut world = World::new();
    let fake = FakeDiscord::start_with(world.clock.clone()).await;
    connect(&mut world, &fake);
    (world, fake)
}

fn ani<'a>(house: &'a Running, fake: &'a FakeDiscord) -> Person<'a> {
    Person { house, fake, id: ANI }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_what_discord_signed_is_heard() {
    let (world, fake) = discord_world().await;
    let house = world.start().await;
    let ping = json!({ "id": "1", "application_id": "9", "type": 1, "token": "x", "version": 1 });
    let pong = deliver(&house, &ping, &key()).await;
    assert_eq!((pong.status, pong.text().as_str()), (StatusCode::OK, "{\"type\":1}"));
    assert!(pong.header("content-type").starts_with("application/json"));
    let other = SigningKey::from_bytes(&[8; 32]);
    assert_eq!(deliver(&house, &ping, &other).await.status, StatusCode::UNAUTHORIZED);
    let bare = house.request(Method::POST, "chat.test", "/webhook/discord").json(&ping);
    assert_eq!(read(bare).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(deliver(&house, &json!([1]), &key()).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(house.count("select count(*) from queue").await, 0);
    assert_eq!(fake.violations(), [""; 0]);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_is_put_off_at_once_and_its_sign_becomes_the_answer() {
    let (world, fake) = discord_world().await;
    let house = world.start().await;
    let person = ani(&house, &fake);
    let (asked, _) = person.interaction(2, &json!({ "id": "1", "name": "start", "type": 1 }));
    let reply = person.bring(&asked).await;
    assert_eq!(reply.text(), "{\"type\":5}");
    house.settle().await;
    let seen = person.seen();
    assert_eq!(seen.len(), 1, "{seen:#?}");
    assert!(!seen[0].thinking && seen[0].text.contains("1/6"), "{seen:#?}");
    assert!(choices(&seen[0].components).len() > 5);
    assert_eq!(fake.violations(), [""; 0]);
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_form_tells_everything_at_once() {
    let (world, fake) = discord_world().await;
    let house = world.start().await;
    let person = ani(&house, &fake);
    let (asked, _) = person.interaction(2, &json!({ "id": "1", "name": "website", "type": 1 }));
    let form: Value = serde_json::from_slice(&person.bring(&asked).await.body).unwrap();
    assert_eq!(form["type"], 9);
    let filled = |id: &str, value: &str| json!({ "type": 1, "components": [{ "type": 4, "custom_id": id, "value": value }] });
    let rows = json!([
        filled("trade", "toko kue"),
        filled("name", "Toko Kue Ani"),
        filled("goods", "Nastar 85rb, brownies 45rb"),
        filled("contact", "0812-3456-7890, Jl. Braga 12 Bandung, buka 8-20")
    ]);
    let (answer, _) = person.interaction(5, &json!({ "custom_id": "tell", "components": rows }));
    person.bring(&answer).await;
    house.settle().await;
    let state: String = sqlx::query_scalar("select json(state) from conversations")
        .fetch_one(&house.pool)
        .await
        .unwrap();
    for told in ["bakery", "Toko Kue Ani", "Nastar", "6281234567890", "Braga"] {
        assert!(state.contains(told), "{told} was not understood: {state}");
    }
    assert_eq!(fake.violations(), [""; 0]);
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mention_among_others_is_answered_in_private() {
    let (world, fake) = discord_world().await;
    let house = world.start_listening().await;
    let person = ani(&house, &fake);
    let guild = |text: &str, mentions: Value| {
        person.letter(
            &json!({ "guild_id": "3", "channel_id": "33", "content": text, "mentions": mentions }),
        )
    };
    let me = json!([{ "id": fake.application(), "username": "sitespark", "discriminator": "0", "avatar": null }]);
    fake.dispatch("MESSAGE_CREATE", guild("halo semua", json!([]))).await;
    let text = format!("<@{}> bikin web toko kue Ani", fake.application());
    fake.dispatch("MESSAGE_CREATE", guild(&text, me)).await;
    house.until("the answer is there", async || !person.seen().is_empty()).await;
    house.settle().await;
    assert!(person.seen()[0].text.contains("Ani"));
    let pointer = async || fake.seen("33").len() == 1;
    house.until("others see where it goes on", pointer).await;
    assert!(!fake.seen("33")[0].text.contains("Ani"), "nothing of the talk is told to others");
    assert_eq!(fake.violations(), [""; 0]);
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn interactions_come_over_the_gateway_where_no_address_is_set() {
    let (world, fake) = discord_world().await;
    let house = world.start_listening().await;
    let person = ani(&house, &fake);
    let (mut asked, _) =
        person.interaction(2, &json!({ "id": "1", "name": "start", "type": 1, "options": [] }));
    for (name, value) in [
        ("entitlements", json!([])),
        ("app_permissions", json!("0")),
        ("attachment_size_limit", json!(10_485_760)),
        ("context", json!(1)),
    ] {
        asked[name] = value;
    }
    asked["user"] = json!({ "id": ANI, "username": "ani", "discriminator": "0", "avatar": null });
    person.expect(&asked);
    fake.dispatch("INTERACTION_CREATE", asked).await;
    house
        .until("the answer is there", async || {
            person.seen().iter().any(|seen| seen.text.contains("1/6"))
        })
        .await;
    house.settle().await;
    assert_eq!(person.seen().len(), 1);
    assert_eq!(fake.violations(), [""; 0]);
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_breaks_off_is_found_again() {
    let (world, fake) = discord_world().await;
    let house = world.start_listening().await;
    let person = ani(&house, &fake);
    fake.dispatch("MESSAGE_CREATE", person.letter(&json!({ "content": "halo" }))).await;
    house.until("the first answer is there", async || person.seen().len() == 1).await;
    fake.break_off();
    let again = async || {
        let (identified, resumed) = fake.sessions();
        identified + resumed >= 2
    };
    house.until("somebody is there again", again).await;
    fake.dispatch("MESSAGE_CREATE", person.letter(&json!({ "content": CAFE[1] }))).await;
    house.until("the second answer is there", async || person.seen().len() == 2).await;
    house.settle().await;
    house.assert_tidy().await;
    house.stop().await;
}
