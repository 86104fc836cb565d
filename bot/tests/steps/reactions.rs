//! The emoji that a person's messages get: few, and never the only answer.

use sitespark_bot::message::Reaction;

use super::*;

/// What a message gets.
fn earned(chat: &mut Chat, content: Content) -> Vec<Reaction> {
    chat.reactions.clear();
    chat.event(Event::Said(content));
    std::mem::take(&mut chat.reactions)
}

fn said(chat: &mut Chat, text: &str) -> Vec<Reaction> {
    earned(chat, Content::Text { text: text.to_owned() })
}

fn sticker(chat: &mut Chat, emoji: Option<&str>) -> Vec<Reaction> {
    earned(chat, Content::Sticker { emoji: emoji.map(str::to_owned) })
}

fn photo() -> Content {
    Content::Photo { file: support::file(), caption: None }
}

fn place(latitude: f64) -> Content {
    Content::Location { latitude, longitude: 107.6, label: None }
}

fn card(phone: &str) -> Content {
    Content::Contact { name: "Ani".to_owned(), phone: phone.to_owned() }
}

fn begun() -> Chat {
    let mut chat = Chat::new(Language::Id);
    chat.text("warung kopi");
    chat
}

fn live() -> Chat {
    let mut chat = summary(Language::Id);
    chat.text("ya");
    chat.go_live();
    chat
}

#[test]
fn thanks_get_a_heart_wherever_they_are_said() {
    let mut making = summary(Language::Id);
    making.text("ya");
    for mut chat in [begun(), making, live()] {
        for thanks in ["makasih ya kak", "thank you so much", "matur nuwun", "🙏🙏", "❤\u{fe0f}"]
        {
            let before = chat.log.len();
            assert_eq!(said(&mut chat, thanks), [Reaction::Heart], "{thanks}: {}", chat.log);
            assert!(chat.log.len() > before, "{thanks} is answered in words, too");
        }
    }
}

#[test]
fn answers_moods_and_questions_get_none() {
    let mut chat = begun();
    for text in ["goblok", "makasih goblok", "lama banget sih", "wkwkwk", "berapa harganya?"] {
        assert_eq!(said(&mut chat, text), [], "{text}");
    }
    for answer in ["Kopi Senja", "mahasiswa", "menu, jam buka", "skip", "udah oke", "hangat"] {
        assert_eq!(said(&mut chat, answer), [], "{answer}");
    }
    assert_eq!(earned(&mut chat, Content::Choice { id: "do:thanks".to_owned() }), []);
    let mut chat = live();
    for change in ["ganti warna jadi biru", "undo", "udah oke", "halo", "jelek"] {
        assert_eq!(said(&mut chat, change), [], "{change}");
    }
}

#[test]
fn of_stickers_only_the_kind_ones_get_a_heart() {
    let mut chat = begun();
    for kind in ["🙏", "❤\u{fe0f}", "🥰", "💕", "🤗"] {
        assert_eq!(sticker(&mut chat, Some(kind)), [Reaction::Heart], "{kind}");
    }
    for other in [Some("👍"), Some("😡"), Some("😂"), None] {
        assert_eq!(sticker(&mut chat, other), [], "{other:?}");
    }
}

#[test]
fn an_album_gets_one_and_the_next_photo_its_own() {
    for mut chat in [begun(), live()] {
        assert_eq!(earned(&mut chat, photo()), [Reaction::Taken]);
        for _ in 0..2 {
            assert_eq!(earned(&mut chat, photo()), []);
        }
        for _ in 0..3 {
            chat.event(Event::Photo(PhotoReport::Ready(support::photo(None))));
        }
        assert_eq!(chat.reactions, [], "reports are about no message");
        assert_eq!(earned(&mut chat, photo()), [Reaction::Taken]);
    }
}

#[test]
fn what_is_not_kept_gets_none() {
    let mut chat = summary(Language::Id);
    for odd in [place(300.0), card("bukan nomor"), Content::Unsupported, Content::Blocked] {
        assert_eq!(earned(&mut chat, odd.clone()), [], "{odd:?}");
    }
    let State::Confirming(open) = &mut chat.state else { panic!("{}", chat.log) };
    open.brief.photos = vec![support::photo(None); 24];
    assert_eq!(earned(&mut chat, photo()), [], "there are photos enough");
    // While the site is put up, a pin is asked for again later.
    let mut chat = summary(Language::Id);
    chat.text("ya");
    assert_eq!(earned(&mut chat, place(-6.9)), []);
}

#[test]
fn a_pin_and_a_card_that_are_kept_get_a_thumb() {
    for mut chat in [begun(), summary(Language::Id), live()] {
        assert_eq!(earned(&mut chat, place(-6.9)), [Reaction::Taken], "{}", chat.log);
        let phone = card("+62 812 3456 7890");
        assert_eq!(earned(&mut chat, phone), [Reaction::Taken], "{}", chat.log);
    }
}

#[test]
fn the_yes_that_begins_a_site_is_celebrated_and_no_other() {
    let mut chat = summary(Language::Id);
    assert_eq!(said(&mut chat, "ya"), [Reaction::Party]);
    // Praise and thanks at the summary are the yes.
    for yes in ["mantap, bikin sekarang", "makasih ya kak"] {
        let mut chat = summary(Language::Id);
        assert_eq!(said(&mut chat, yes), [Reaction::Party], "{yes}: {}", chat.log);
    }
    let mut chat = summary(Language::Id);
    chat.facts.available = Tokens(10);
    assert_eq!(said(&mut chat, "ya"), [], "there is not enough to pay with");
    let mut chat = summary(Language::Id);
    chat.taken = vec!["toko-kue-ani".to_owned()];
    assert_eq!(said(&mut chat, "ya"), [], "the name is somebody else's");
    assert_eq!(said(&mut chat, "ya"), [Reaction::Party], "{}", chat.log);
    let mut chat = live();
    assert_eq!(said(&mut chat, "ya"), []);
}
