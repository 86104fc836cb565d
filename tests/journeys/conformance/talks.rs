//! The journeys.

use sitespark_core::clock::Clock;

use super::stage::Trouble;
use super::{Act, Person, Place, Said, Stage, on_every_channel};
use crate::support::pictures::jpeg;
use crate::support::world::START_MS;
use crate::support::{CAFE, CAFE_FACTS, CAFE_HOST};

const LIVE_SITES: &str = "select count(*) from sites where status = 'live'";
const MUTED: &str = "select count(*) from identities where muted";

on_every_channel![
    one_rich_message_is_asked_only_for_the_rest,
    six_answers_by_taps_lead_to_a_live_site,
    a_photo_with_its_price_comes_to_the_page,
    a_long_summary_is_cut_and_nothing_of_it_is_lost,
    an_owners_marks_stay_text,
    every_kind_of_message_is_answered,
    one_bubble_tells_how_far_it_is,
    who_blocks_us_is_left_alone_until_they_write,
    a_troubled_server_gets_every_message_once,
    the_same_update_again_changes_nothing,
    a_tap_on_an_old_question_breaks_nothing,
    what_comes_at_once_is_one_turn_that_fills_all,
    an_edited_answer_is_corrected_and_a_site_is_not,
    an_emoji_on_the_open_question_is_a_yes,
    the_place_and_the_number_can_be_shared,
    whoever_is_forgotten_is_told_so,
];

fn joined(said: &[Said]) -> String {
    said.iter().map(|said| said.text.as_str()).collect::<Vec<_>>().join("\n")
}

async fn one_rich_message_is_asked_only_for_the_rest(stage: Stage) {
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    let told = person.say("bikin web toko kue Ani, warna pink, WA 0812 3456 7890").await;
    assert!(joined(&told).contains("Toko Kue Ani"), "{told:#?}");
    for line in ["buat ibu-ibu", "menu sama foto", "Brownies 45rb, bolu pandan 35rb", "gas"] {
        person.say(line).await;
    }
    assert_eq!(house.count(LIVE_SITES).await, 1);
    stage.end(house).await;
}

async fn six_answers_by_taps_lead_to_a_live_site(stage: Stage) {
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    person.say("halo").await;
    person.tap("Kuliner").await;
    person.say(CAFE[2]).await;
    person.tap("Anak muda").await;
    person.tap("Menu & harga").await;
    person.tap("Jam buka").await;
    person.tap("Lanjut").await;
    person.say(CAFE[5]).await;
    person.tap("Hangat").await;
    person.tap("Cokelat").await;
    person.say(CAFE[7]).await;
    let live = person.tap("Ya, buat").await;
    assert!(joined(&live).contains("kopi-senja.situs.test"), "{live:#?}");
    let page = house.page(CAFE_HOST, "/").await;
    for fact in CAFE_FACTS {
        assert!(page.contains(fact), "{fact} is not on the page");
    }
    stage.end(house).await;
}

/// In our own chats their lines go as well, and what is said last stays: told by another journey.
async fn whoever_is_forgotten_is_told_so(stage: Stage) {
    if !stage.is_outside() {
        return;
    }
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    for line in ["halo", CAFE[1], CAFE[2], "hapus data saya"] {
        person.say(line).await;
    }
    let told = joined(&person.tap("Ya, hapus").await);
    assert!(told.contains("sudah saya hapus"), "{told}");
    assert_eq!(house.count("select count(*) from identities").await, 0);
    assert_eq!(house.count("select count(*) from deliveries").await, 0, "nothing is kept of it");
    stage.end(house).await;
}

async fn a_photo_with_its_price_comes_to_the_page(stage: Stage) {
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    for line in &CAFE[..4] {
        person.say(line).await;
    }
    let told = person.act(Act::Photo(jpeg(), Some("Nastar 85rb".to_owned()))).await;
    assert!(!told.is_empty());
    for line in CAFE[4..].iter().chain(&["ya"]) {
        person.say(line).await;
    }
    let page = house.page(CAFE_HOST, "/").await;
    assert!(page.contains("Nastar") && page.contains("Rp85.000"), "{page}");
    assert!(page.contains(".webp"), "no photo on the page");
    stage.end(house).await;
}

async fn a_long_summary_is_cut_and_nothing_of_it_is_lost(stage: Stage) {
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    for line in &CAFE[..5] {
        person.say(line).await;
    }
    let kinds = ["Nastar Keju Spesial Lebaran", "Kastengel Edam Panggang", "Putri Salju Mede"];
    let items: Vec<String> = (1..=24)
        .map(|number| {
            format!("{} {} {}rb", kinds[number % 3], (b'a' + number as u8) as char, number + 20)
        })
        .collect();
    person.say(&items.join("\n")).await;
    person.say(CAFE[6]).await;
    let summary = person.say(CAFE[7]).await;
    let text = joined(&summary);
    assert!(text.contains("Jl. Braga") && text.contains("Kopi Senja"), "{text}");
    assert!(
        !summary.last().is_none_or(|last| last.choices.is_empty()),
        "the yes is on the last piece"
    );
    person.say("ya").await;
    let page = house.page(CAFE_HOST, "/").await;
    assert!(page.contains("Rp21.000") && page.contains("Rp44.000"), "{page}");
    stage.end(house).await;
}

async fn an_owners_marks_stay_text(stage: Stage) {
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    person.say("halo").await;
    person.say("kedai kopi").await;
    let told = person.say("Kopi *Senja* _Ani_ <b>&amp;</b> `x` @everyone").await;
    let text = joined(&told);
    // WhatsApp knows no way to write a mark: there a sign that looks like it stands in its place.
    let alike = text
        .replace(['\u{2217}'], "*")
        .replace('\u{2cd}', "_")
        .replace('\u{2018}', "`")
        .replace('\u{203a}', ">");
    assert!(alike.contains("*Senja* _Ani_ <b>"), "{text}");
    for line in &CAFE[3..] {
        person.say(line).await;
    }
    person.say("ya").await;
    assert_eq!(house.count(LIVE_SITES).await, 1);
    stage.end(house).await;
}

async fn every_kind_of_message_is_answered(stage: Stage) {
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    person.say("halo").await;
    person.say("kedai kopi").await;
    let acts = [
        Act::Voice(b"OggS".to_vec()),
        Act::Sticker,
        Act::Document,
        Act::Location(-6.2, 106.8),
        Act::Contact("Bu Ani".to_owned(), "0812 3456 7890".to_owned()),
        Act::Text("Kopi Senja".to_owned()),
    ];
    for act in acts {
        let named = format!("{act:?}");
        let told = person.act(act).await;
        assert!(!told.is_empty(), "no answer to {named}");
    }
    stage.end(house).await;
}

async fn one_bubble_tells_how_far_it_is(stage: Stage) {
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    for line in CAFE {
        person.say(line).await;
    }
    let live = person.say("ya").await;
    let with_picture = live.iter().filter(|said| said.has_picture).count();
    assert_eq!(with_picture, 1, "{live:#?}");
    if stage.is_outside() {
        assert!(
            live.len() <= 3,
            "at most a first word, the picture and what comes next: {live:#?}"
        );
    }
    stage.end(house).await;
}

async fn who_blocks_us_is_left_alone_until_they_write(stage: Stage) {
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    if stage.is_outside() {
        stage.trouble_next(&Trouble::Blocked);
        assert_eq!(person.say("halo").await, []);
        assert_eq!(house.count(MUTED).await, 1);
    }
    assert!(!person.say("halo lagi").await.is_empty());
    assert_eq!(house.count(MUTED).await, 0);
    stage.end(house).await;
}

async fn a_troubled_server_gets_every_message_once(stage: Stage) {
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    for trouble in [Trouble::TooFast, Trouble::Broken, Trouble::TooFast] {
        stage.trouble_next(&trouble);
    }
    assert_eq!(person.say("halo").await.len(), 1);
    if stage.is_outside() {
        assert!(stage.world.clock.now_ms() >= START_MS + 7_000, "it did not wait as asked");
    }
    stage.end(house).await;
}

async fn the_same_update_again_changes_nothing(stage: Stage) {
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    let hello = person.update(Act::Text("halo".to_owned())).await;
    for _ in 0..3 {
        person.bring(&hello).await;
    }
    house.settle().await;
    let heard = person.heard().await;
    assert_eq!(heard.len(), 1, "{heard:#?}");
    person.say("kedai kopi").await;
    person.bring(&hello).await;
    house.settle().await;
    assert_eq!(person.heard().await.len(), 2);
    stage.end(house).await;
}

async fn a_tap_on_an_old_question_breaks_nothing(stage: Stage) {
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    person.say("halo").await;
    let old = person.update(Act::Choice("trade:food".to_owned())).await;
    for line in &CAFE[1..6] {
        person.say(line).await;
    }
    person.bring(&old).await;
    house.settle().await;
    for id in ["trade:nowhere", "x", "do:done; drop table"] {
        person.act(Act::Choice(id.to_owned())).await;
    }
    for line in &CAFE[6..] {
        person.say(line).await;
    }
    person.say("ya").await;
    assert_eq!(house.count(LIVE_SITES).await, 1);
    stage.end(house).await;
}

async fn what_comes_at_once_is_one_turn_that_fills_all(stage: Stage) {
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    person.say("halo").await;
    for line in &CAFE[1..] {
        let update = person.update(Act::Text((*line).to_owned())).await;
        person.bring(&update).await;
    }
    house.settle().await;
    person.say("ya").await;
    assert_eq!(house.count(LIVE_SITES).await, 1);
    stage.end(house).await;
}

async fn an_edited_answer_is_corrected_and_a_site_is_not(stage: Stage) {
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    person.say(CAFE[0]).await;
    person.say(CAFE[1]).await;
    let name = person.update(Act::Text("Kopi Pagi".to_owned())).await;
    person.do_to(&name).await;
    person.say(CAFE[3]).await;
    match person.edited(&name, CAFE[2]) {
        Some(edit) => {
            let told = joined(&person.do_to(&edit).await);
            assert!(told.contains("Kopi Senja"), "{told}");
            assert_eq!(person.do_to(&edit).await, [], "the same edit");
            let again = person.edited(&name, CAFE[2]).expect("as before");
            assert_eq!(person.do_to(&again).await, [], "an edit that changes nothing");
        }
        None => drop(person.say("ganti nama jadi Kopi Senja").await),
    }
    for line in CAFE[4..].iter().chain(&["ya"]) {
        person.say(line).await;
    }
    if let Some(edit) = person.edited(&name, "Kopi Malam") {
        let told = joined(&person.do_to(&edit).await);
        assert!(told.contains("ganti nama"), "{told}");
    }
    let page = house.page(CAFE_HOST, "/").await;
    for fact in CAFE_FACTS {
        assert!(page.contains(fact), "{fact} is not on the page");
    }
    assert!(!page.contains("Kopi Pagi") && !page.contains("Kopi Malam"));
    assert_eq!(house.count(LIVE_SITES).await, 1);
    stage.end(house).await;
}

async fn an_emoji_on_the_open_question_is_a_yes(stage: Stage) {
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    // Nobody is greeted for an emoji.
    let hello = person.update(Act::Text(CAFE[0].to_owned())).await;
    person.do_to(&hello).await;
    for line in &CAFE[1..] {
        person.say(line).await;
    }
    let Some(heart) = person.reaction("❤️", 0) else {
        person.say("ya").await;
        assert_eq!(house.count(LIVE_SITES).await, 1);
        return stage.end(house).await;
    };
    for (emoji, but) in [("😂", 0), ("👍", 1)] {
        let aside = person.reaction(emoji, but).expect("as before");
        assert_eq!(person.do_to(&aside).await, [], "{emoji} on the newest but {but}");
    }
    assert_eq!(house.count(LIVE_SITES).await, 0);
    let live = person.do_to(&heart).await;
    assert!(joined(&live).contains("kopi-senja.situs.test"), "{live:#?}");
    assert_eq!(person.do_to(&heart).await, [], "the same again");
    let thumb = person.reaction("👍", 0).expect("as before");
    assert_eq!(person.do_to(&thumb).await, [], "applause is no wish");
    assert_eq!(house.count(LIVE_SITES).await, 1);
    stage.end(house).await;
}

async fn the_place_and_the_number_can_be_shared(stage: Stage) {
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    for line in &CAFE[..7] {
        person.say(line).await;
    }
    assert!(stage.asks_for_the_place(), "one tap shares the place where an app can do that");
    person.act(Act::Location(-6.914_744, 107.609_810)).await;
    let summary = person.act(Act::Contact("Ani".to_owned(), "0812 3456 7890".to_owned())).await;
    assert!(joined(&summary).contains("0812"), "{summary:#?}");
    person.say("ya").await;
    let page = house.page(CAFE_HOST, "/").await;
    assert!(page.contains("6281234567890"), "{page}");
    // Who cannot share a place writes a link, which is read like any text.
    let is_shared = stage.place != Place::Discord;
    assert!(page.contains("google.com/maps"), "there is no map");
    assert!(!is_shared || page.contains("107.6098"), "not the place that was shared");
    stage.end(house).await;
}
