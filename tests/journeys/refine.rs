//! A live site changed by talking, and what belongs to its owner: versions, files, accounts, data.

use std::time::Instant;

use reqwest::{Method, StatusCode};
use sitespark_bot::message::{Channel, Content, Inbound, Sender};
use sitespark_bot::reminders;
use sitespark_bot::store::{self, Line};
use sitespark_core::clock::SharedClock;

use crate::support::http::read;
use crate::support::talk::Talk;
use crate::support::{CAFE_HOST, Running, World};

/// Edits whose time to the live page is told.
const MANY_EDITS: usize = 120;

async fn cafe() -> (World, Running) {
    let world = World::new();
    let house = world.start().await;
    Talk::new(&house, "ani").go_live().await;
    (world, house)
}

async fn page(house: &Running) -> String {
    let page = read(house.request(Method::GET, CAFE_HOST, "/")).await;
    String::from_utf8(page.body).unwrap()
}

/// Waits until the host shows (or no longer shows) a text: it hears of a publication at once, but
/// not in the same instant.
async fn shows(house: &Running, text: &str, wanted: bool) {
    house
        .until(&format!("{text} shown: {wanted}"), async || {
            page(house).await.contains(text) == wanted
        })
        .await;
}

fn text_of(lines: &[Line]) -> String {
    lines.iter().map(|line| line.message.body.to_plain()).collect::<Vec<_>>().join("\n")
}

fn choice(lines: &[Line], label: &str) -> String {
    let choices = lines.iter().flat_map(|line| &line.message.choices);
    choices
        .clone()
        .find(|one| one.label == label)
        .unwrap_or_else(|| panic!("no {label} in {:?}", choices.collect::<Vec<_>>()))
        .id
        .clone()
}

/// Somebody on the web page.
fn on_web(user: &str, cause: &str, content: Content) -> Inbound {
    Inbound {
        channel: Channel::Web,
        chat: user.to_owned(),
        cause: format!("web:{user}:{cause}"),
        sender: Sender { external_id: user.to_owned(), ..Sender::default() },
        sent_at_ms: 0,
        content,
        acknowledge: None,
        message_ref: None,
        edited: false,
    }
}

async fn say_on_web(house: &Running, user: &str, cause: &str, text: &str) -> Vec<Line> {
    let before = web_lines(house, user).await.len();
    let content = Content::Text { text: text.to_owned() };
    house.house.intake.receive(&[on_web(user, cause, content)]).await.unwrap();
    house.settle().await;
    later(web_lines(house, user).await, before)
}

/// What was said after so many lines; whoever was forgotten begins at none.
fn later(mut lines: Vec<Line>, before: usize) -> Vec<Line> {
    let before = if lines.len() < before { 0 } else { before };
    lines.split_off(before)
}

async fn web_lines(house: &Running, user: &str) -> Vec<Line> {
    let lines = store::lines_after(&house.house.db, Channel::Web, user, 0, 1_000).await.unwrap();
    lines.into_iter().filter(|line| line.from_bot).collect()
}

async fn tap(house: &Running, user: &str, id: &str) -> Vec<Line> {
    let talk = Talk::new(house, user);
    let before = talk.lines().await.len();
    let mut said = Talk::said(user, "");
    said.content = Content::Choice { id: id.to_owned() };
    house.house.intake.receive(&[said]).await.unwrap();
    house.settle().await;
    later(talk.lines().await, before)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_are_live_undone_and_done_again_days_later() {
    let (_world, house) = cafe().await;
    let talk = Talk::new(&house, "ani");
    talk.say("americano naik 5rb").await;
    shows(&house, "Rp20.000", true).await;
    talk.say("americano habis").await;
    talk.say("ganti tampilan").await;
    house.advance_ms(3 * 24 * 60 * 60 * 1_000);
    talk.say("kembalikan").await;
    talk.say("kembalikan").await;
    talk.say("kembalikan").await;
    shows(&house, "Rp15.000", true).await;
    talk.say("redo").await;
    shows(&house, "Rp15.000", false).await;
    talk.say("redo").await;
    talk.say("redo").await;
    let nothing = text_of(&talk.say("redo").await);
    assert!(nothing.contains("Tidak ada pembatalan"), "{nothing}");

    let history = talk.say("riwayat").await;
    assert!(text_of(&history).contains("versi pertama"), "{}", text_of(&history));
    tap(&house, "ani", &choice(&history, "Kembali ke 1")).await;
    shows(&house, "Rp15.000", true).await;
    // Going back is a change like any other: it can be undone as well.
    talk.say("kembalikan").await;
    shows(&house, "Rp15.000", false).await;
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_section_comes_back_as_it_was_yesterday_and_the_rest_stays() {
    let (_world, house) = cafe().await;
    let talk = Talk::new(&house, "ani");
    house.advance_ms(24 * 60 * 60 * 1_000);
    talk.say("americano jadi 99rb").await;
    talk.say("judul atasnya ganti: Ngopi dulu").await;
    shows(&house, "Rp99.000", true).await;
    talk.say("balikin bagian menu kayak kemarin").await;
    shows(&house, "Rp15.000", true).await;
    assert!(page(&house).await.contains("Ngopi dulu"));
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_sections_locks_and_doubts() {
    let (_world, house) = cafe().await;
    let talk = Talk::new(&house, "ani");
    talk.say("kunci bagian kontak").await;
    let locked = text_of(&talk.say("hapus bagian kontak").await);
    assert!(locked.contains("dikunci"), "{locked}");
    talk.say("tambah bagian faq").await;
    talk.say("tambah pertanyaan: Ada colokan? Ada di setiap meja.").await;
    shows(&house, "Ada di setiap meja.", true).await;

    let stock = text_of(&talk.say("kopi susu senja sama amerikano habis").await);
    assert!(stock.contains("Kopi Susu Senja ditandai habis"), "{stock}");
    assert!(stock.contains("Americano ditandai habis"), "{stock}");
    let asked = talk.say("rengginang jadi 20rb").await;
    tap(&house, "ani", &choice(&asked, "+ rengginang")).await;
    shows(&house, "Rp20.000", true).await;

    talk.say("tulisannya dibuat lebih santai").await;
    talk.say("naikin semua harga 10%").await;
    shows(&house, "Rp16.500", true).await;
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_is_handed_over_as_a_file_and_only_to_who_has_the_link() {
    let (_world, house) = cafe().await;
    let said = Talk::new(&house, "ani").say("kirim file web saya").await;
    let file = said.iter().find_map(|line| line.message.document.clone()).expect("a file");
    assert_eq!(
        (file.name.as_str(), file.media_type.as_str()),
        ("kopi-senja.zip", "application/zip")
    );
    let path = file.url.strip_prefix("http://chat.test").unwrap().to_owned();
    let got = read(house.request(Method::GET, "chat.test", &path)).await;
    assert_eq!(got.status, StatusCode::OK);
    let head: &[u8] = got.body.get(..4).unwrap();
    assert_eq!(head, b"PK\x03\x04");
    let text = String::from_utf8_lossy(&got.body).into_owned();
    assert!(text.contains("document.json") && text.contains("index.html"));
    let guessed = format!("/files/20758-{}/kopi-senja.zip", "0".repeat(32));
    let wrong = read(house.request(Method::GET, "chat.test", &guessed)).await;
    assert_eq!(wrong.status, StatusCode::NOT_FOUND);
    house.advance_ms(9 * 24 * 60 * 60 * 1_000);
    let late = read(house.request(Method::GET, "chat.test", &path)).await;
    assert_eq!(late.status, StatusCode::NOT_FOUND);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_talk_goes_on_on_another_channel_with_a_code_that_works_once() {
    let (_world, house) = cafe().await;
    let talk = Talk::new(&house, "ani");
    house.advance_ms(1_000);
    let told = text_of(&talk.say("hubungkan").await);
    let code = told.split_whitespace().find(|word| word.len() >= 9 && word.contains('-')).unwrap();
    let code = code.trim_end_matches(',').to_owned();
    let linked = text_of(&say_on_web(&house, "ani-hp", "1", &code).await);
    assert!(linked.contains("Sudah terhubung"), "{linked}");
    assert_eq!(house.tokens("web:ani-hp").await, house.tokens("terminal:ani").await);
    assert_eq!(house.tokens("web:ani-hp").await, 50, "a second welcome is no second bonus");
    say_on_web(&house, "ani-hp", "2", "americano jadi 33rb").await;
    shows(&house, "Rp33.000", true).await;
    let again = text_of(&say_on_web(&house, "budi", "1", &code).await);
    assert!(again.contains("tidak berlaku"), "{again}");
    for number in 2..7 {
        say_on_web(&house, "budi", &number.to_string(), "kode ABCD2345").await;
    }
    let stopped = text_of(&say_on_web(&house, "budi", "9", "kode ABCD2345").await);
    assert!(stopped.contains("terlalu banyak"), "{stopped}");
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_to_be_forgotten_is_after_saying_yes() {
    let (_world, house) = cafe().await;
    let talk = Talk::new(&house, "ani");
    let asked = talk.say("hapus data saya").await;
    assert!(text_of(&asked).contains("semua data"), "{}", text_of(&asked));
    talk.say("tidak").await;
    assert_eq!(read(house.request(Method::GET, CAFE_HOST, "/")).await.status, StatusCode::OK);
    talk.say("hapus data saya").await;
    let left = tap(&house, "ani", "sure").await;
    assert!(text_of(&left).contains("sudah saya hapus"), "{}", text_of(&left));
    house
        .until("the site is gone", async || {
            read(house.request(Method::GET, CAFE_HOST, "/")).await.status != StatusCode::OK
        })
        .await;
    for table in [
        "select count(*) from identities",
        "select count(*) from versions",
        "select count(*) from conversations where external_id = 'ani'",
        "select count(*) from runs where cast(brief as text) like '%Senja%'",
        "select count(*) from transcript where chat = 'ani' and cast(message as text) like '%Senja%'",
    ] {
        assert_eq!(house.count(table).await, 0, "{table}");
    }
    assert!(house.count("select count(*) from transfers").await > 0, "the ledger stays");
    talk.say("halo").await;
    assert_eq!(house.tokens("terminal:ani").await, 0, "a newcomer is welcomed once");
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_of_messages_is_one_turn_and_every_cause_is_used_once() {
    let world = World::new();
    let house = world.start().await;
    let said = |number: usize, text: &str| {
        on_web("ani", &number.to_string(), Content::Text { text: text.to_owned() })
    };
    let burst = [said(1, "halo kak"), said(2, "mau bikin web kedai kopi"), said(3, "warna coklat")];
    house.house.intake.receive(&burst).await.unwrap();
    house.settle().await;
    let lines = web_lines(&house, "ani").await;
    assert_eq!(lines.len(), 1, "{}", text_of(&lines));
    assert_eq!(
        house.count("select count(*) from queue where lane = 'inbox' and state = 'done'").await,
        3
    );
    // The channel repeats itself: nothing happens again.
    house.house.intake.receive(&burst).await.unwrap();
    house.settle().await;
    assert_eq!(web_lines(&house, "ani").await.len(), 1);
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_stops_halfway_is_reminded_once_and_not_when_they_write() {
    let world = World::new();
    let house = world.start().await;
    let clock: SharedClock = std::sync::Arc::new(world.clock.clone());
    let hour_ms = 60 * 60 * 1_000;
    say_on_web(&house, "ani", "1", "kedai kopi").await;
    house.advance_ms(23 * hour_ms);
    assert_eq!(reminders::remind(&house.house.db, &clock).await.unwrap(), 0);
    say_on_web(&house, "ani", "2", "Kopi Senja").await;
    house.advance_ms(2 * hour_ms);
    assert_eq!(reminders::remind(&house.house.db, &clock).await.unwrap(), 0, "they wrote");
    house.advance_ms(23 * hour_ms);
    let before = web_lines(&house, "ani").await.len();
    let reminded = reminders::remind(&house.house.db, &clock).await.unwrap();
    house.settle().await;
    let lines = web_lines(&house, "ani").await.split_off(before);
    // The keeper of the house may have been quicker.
    assert!(reminded <= 1 && lines.len() == 1, "{}", text_of(&lines));
    assert!(text_of(&lines).contains("Masih mau lanjut"), "{}", text_of(&lines));
    say_on_web(&house, "ani", "3", "anak muda").await;
    house.advance_ms(25 * hour_ms);
    assert_eq!(reminders::remind(&house.house.db, &clock).await.unwrap(), 0, "once is enough");
    house.stop().await;
}

/// Prints how long a fact takes from the message to the live page; the number is no promise here.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_and_twenty_facts_are_live_one_after_another() {
    let (_world, house) = cafe().await;
    let talk = Talk::new(&house, "ani");
    let mut took_ms = Vec::new();
    for number in 0..MANY_EDITS {
        let price = 21 + number;
        let begun = Instant::now();
        talk.begin(&format!("americano jadi {price}rb")).await;
        shows(&house, &format!("Rp{price}.000"), true).await;
        took_ms.push(begun.elapsed().as_millis());
        house.settle().await;
    }
    took_ms.sort_unstable();
    let at = |share: usize| took_ms[(took_ms.len() * share / 100).min(took_ms.len() - 1)];
    println!(
        "fact to live page over {MANY_EDITS} edits: p50 {} ms, p95 {} ms, worst {} ms",
        at(50),
        at(95),
        at(99)
    );
    let versions = house.count("select count(*) from versions").await;
    assert_eq!(usize::try_from(versions).unwrap(), MANY_EDITS + 1);
    house.assert_tidy().await;
    house.stop().await;
}
