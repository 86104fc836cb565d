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
    assert_eq!((first.len(), second.len()), (1, 1), "one answer to all that came at once");
    assert!(words(&first[0]).contains("Kopi Senja"), "{}", words(&first[0]));
    assert!(words(&second[0]).contains("2/6"), "{}", words(&second[0]));
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
async fn a_throttled_pair_is_waited_out() {
    let (world, fake) = whatsapp_world().await;
    let house = world.start().await;
    let person = budi(&house, &fake);
    fake.fail_next("messages", GraphFailure::Code(131_056));
    fake.fail_next("messages", GraphFailure::Internal);
    assert_eq!(person.say("halo").await.len(), 1);
    assert!(world.clock.now_ms() > START_MS, "it did not wait");
    house.assert_tidy().await;
    assert_eq!(fake.violations(), [""; 0]);
    house.stop().await;
}

/// A status of a message of ours.
async fn tell(house: &Running, fake: &FakeGraph, id: &str, status: &str, code: Option<i64>) {
    let errors: Vec<Value> = code.into_iter().map(|code| json!({ "code": code })).collect();
    let status = json!({ "id": id, "status": status, "timestamp": "1793509300",
        "recipient_id": NUMBER, "errors": errors });
    let change = change(fake, vec![], json!({ "statuses": [status] }));
    deliver(house, &delivery(vec![vec![change]])).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_status_that_comes_before_its_message_is_noted_is_not_lost() {
    let (world, fake) = whatsapp_world().await;
    let house = world.start().await;
    tell(&house, &fake, "wamid.fake1", "delivered", None).await;
    tell(&house, &fake, "wamid.fake1", "sent", None).await;
    assert_eq!(budi(&house, &fake).say("halo").await.len(), 1);
    let noted = "select count(*) from deliveries where message_ref = 'wamid.fake1' and status = 'delivered'";
    assert_eq!(house.count(noted).await, 1);
    assert_eq!(house.count("select count(*) from early_statuses").await, 0);
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_failed_on_the_way_is_said_again_a_few_times() {
    let (world, fake) = whatsapp_world().await;
    let house = world.start().await;
    budi(&house, &fake).say("halo").await;
    for number in 1..=4 {
        let id = format!("wamid.fake{number}");
        tell(&house, &fake, &id, "failed", Some(131_000)).await;
        tell(&house, &fake, &id, "failed", Some(131_000)).await;
        house.settle().await;
    }
    let sent = fake.sent_to(NUMBER);
    assert_eq!(sent.len(), 4, "once and three times again");
    assert!(sent.iter().all(|message| *message == sent[0]));
    // Who cannot be reached at all is left alone.
    budi(&house, &fake).say("kedai kopi").await;
    tell(&house, &fake, "wamid.fake5", "failed", Some(131_026)).await;
    house.settle().await;
    assert_eq!(fake.sent_to(NUMBER).len(), 5);
    assert_eq!(house.count("select count(*) from identities where muted").await, 1);
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_becomes_of_an_emoji_changes_nothing() {
    let (world, fake) = whatsapp_world().await;
    let house = world.start().await;
    let person = budi(&house, &fake);
    person.say("halo").await;
    person.say("makasih kak").await;
    house.until("the heart is there", async || fake.reactions_to(NUMBER).len() == 1).await;
    // Only "sent" is told of one, or that it could not be put there.
    tell(&house, &fake, "wamid.reaction1", "sent", None).await;
    for code in [131_009, 131_000, 131_026, 131_047] {
        tell(&house, &fake, "wamid.reaction1", "failed", Some(code)).await;
    }
    house.settle().await;
    assert_eq!((fake.sent_to(NUMBER).len(), fake.reactions_to(NUMBER).len()), (2, 1));
    assert_eq!(house.count("select count(*) from identities where muted").await, 0);
    assert_eq!(house.count("select count(*) from deliveries").await, 2);
    assert_eq!(person.say("kedai kopi").await.len(), 1);
    assert_eq!(fake.violations(), [""; 0]);
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_a_day_later_waits_for_the_person_who_is_asked_once() {
    let (mut world, fake) = whatsapp_world().await;
    world.set("WHATSAPP_TEMPLATE_NEWS", "kabar_website");
    let house = world.start().await;
    let person = budi(&house, &fake);
    for line in CAFE {
        person.say(line).await;
    }
    person.say("ya").await;
    let before = fake.sent_to(NUMBER).len();
    house.advance_ms(25 * 60 * 60 * 1_000);
    for visitor in ["Sari", "Dewi"] {
        write_in_the_form(&house, visitor).await;
    }
    let templates = || {
        let sent = fake.sent_to(NUMBER).split_off(before);
        sent.into_iter().filter(|message| message["type"] == "template").count()
    };
    house.until("the person is asked to write", async || templates() == 1).await;
    // Meanwhile they took another number.
    let moved = Person { number: Some("628111"), ..budi(&house, &fake) };
    let system = person.letter(json!({ "type": "system",
        "system": { "type": "user_changed_number", "wa_id": "628111" } }));
    let change = change(&fake, vec![], json!({ "messages": [system] }));
    deliver(&house, &delivery(vec![vec![change]])).await;
    let told = moved.say("halo").await.iter().map(words).collect::<Vec<_>>().join("\n");
    assert!(told.contains("Sari") && told.contains("Dewi"), "{told}");
    assert_eq!((templates(), fake.sent_to(NUMBER).len()), (1, before + 1));
    assert_eq!(house.count("select count(*) from conversations").await, 1);
    assert_eq!(fake.violations(), [""; 0]);
    house.assert_tidy().await;
    house.stop().await;
}

/// A visitor of the café's page writes in its form.
async fn write_in_the_form(house: &Running, name: &str) {
    let page = house.page(CAFE_HOST, "/").await;
    let action = page.split("action=\"").nth(1).and_then(|rest| rest.split('"').next());
    let action = action.expect("the page has a form").to_owned();
    let fields = [
        ("name", name),
        ("phone", "0812 1111 2222"),
        ("message", "Buka hari Minggu?"),
        ("consent", "yes"),
    ];
    let request = house.request(reqwest::Method::POST, CAFE_HOST, &action).form(&fields);
    let status = crate::support::http::read(request).await.status;
    assert!(status.is_success() || status.is_redirection(), "{status}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_hides_their_number_goes_on_where_they_were() {
    let (world, fake) = whatsapp_world().await;
    let house = world.start().await;
    let open = Person { scoped_id: None, ..budi(&house, &fake) };
    open.say("halo").await;
    // WhatsApp begins to tell the scoped id beside the number, and then only that.
    budi(&house, &fake).say("kedai kopi").await;
    let hidden = Person { number: None, ..budi(&house, &fake) };
    let told = hidden.say("Kopi Senja").await;
    assert!(words(&told[0]).contains("Kopi Senja"), "{told:#?}");
    let shown_again = budi(&house, &fake).say(CAFE[3]).await;
    assert_eq!(shown_again.len(), 1, "{shown_again:#?}");
    assert_eq!(house.count("select count(*) from conversations").await, 1);
    assert_eq!(house.count("select count(*) from users").await, 1);
    assert_eq!(fake.violations(), [""; 0]);
    house.assert_tidy().await;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_links_to_the_number_once_it_is_known() {
    let (world, fake) = whatsapp_world().await;
    let house = world.start().await;
    assert!(!house.page("chat.test", "/").await.contains("wa.me"), "nobody has asked for it");
    house.stop().await;
    let house = world.start_asking_for_its_number().await;
    let known = async || house.house.whatsapp_number.get().is_some();
    house.until("the number is known", known).await;
    assert!(house.page("chat.test", "/").await.contains("href=\"https://wa.me/6281211112222\""));
    assert_eq!(fake.violations(), [""; 0]);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_from_here_leads_to_the_page() {
    let (world, fake) = whatsapp_world().await;
    let house = world.start().await;
    let person = budi(&house, &fake);
    person.say("halo").await;
    let told = person.say("undang teman").await;
    assert!(words(&told[0]).contains("http://chat.test/?ref="), "{told:#?}");
    house.stop().await;
}
