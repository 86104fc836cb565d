//! Whole conversations: transcripts of the way through.

#[expect(dead_code, reason = "each test file uses a part")]
mod support;

use sitespark_bot::conversation::{Event, State};
use sitespark_core::brief::Language;
use support::Chat;

#[test]
fn happy_path_in_indonesian() {
    let mut chat = Chat::new(Language::Id);
    for said in ["halo", "warung kopi", "Kopi Senja", "anak muda"] {
        chat.text(said);
    }
    chat.tap("feature:catalogue");
    chat.tap("feature:visit");
    chat.tap("do:done");
    chat.text("Kopi susu 18rb, roti bakar 12rb");
    chat.tap("tone:warm");
    chat.tap("colour:brown");
    chat.text("0812 3456 7890, Jl. Melati 5 Bandung, buka 8-22");
    chat.text("ya");
    chat.text("masih lama gak?");
    chat.go_live();
    chat.text("kopi susu jadi 20rb");
    chat.event(Event::Edit { site: support::site_id(), result: Ok(()) });
    chat.text("ganti nomor");
    chat.text("0813 1111 2222");
    chat.event(Event::Edit { site: support::site_id(), result: Ok(()) });
    chat.text("makasih ya kak");
    assert!(matches!(chat.state, State::Complete(_)));
    insta::assert_snapshot!(chat.log);
}

#[test]
fn happy_path_in_english() {
    let mut chat = Chat::new(Language::Id);
    chat.text("Hi, I want a website for my bakery");
    for said in ["Sunny Bakery", "families", "menu, photos and opening hours", "skip"] {
        chat.text(said);
    }
    chat.text("elegant, dark green");
    chat.text("my number is 0812 3456 7890, open monday-saturday 8-17");
    chat.text("web address sunny-bread");
    chat.text("yes please");
    chat.go_live();
    chat.text("add Iced Tea 5k");
    chat.event(Event::Edit { site: support::site_id(), result: Ok(()) });
    chat.text("undo");
    chat.text("thanks");
    assert!(matches!(chat.state, State::Complete(_)));
    insta::assert_snapshot!(chat.log);
}
