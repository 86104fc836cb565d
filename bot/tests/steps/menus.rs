//! Menus and price lists by photo.

use super::*;

/// A chat that is asked what is sold, with somebody there who reads photos.
fn asked_for_items(language: Language) -> Chat {
    let mut chat = Chat::new(language);
    chat.facts.reads_menus = true;
    chat.text("warung kopi");
    chat.text("Kopi Senja");
    chat.text("mahasiswa");
    chat.text("menu, jam buka");
    assert_eq!(open_step(&chat), Some(Step::Items), "{}", chat.log);
    chat.log.clear();
    chat
}

fn send(chat: &mut Chat, caption: Option<&str>) {
    let caption = caption.map(str::to_owned);
    chat.event(Event::Said(Content::Photo { file: support::file(), caption: caption.clone() }));
    let role = chat.effects.iter().find_map(|effect| match effect {
        Effect::FetchPhoto { role, .. } => Some(*role),
        _ => None,
    });
    let photo = support::photo(caption.as_deref());
    chat.event(Event::Photo(match role.expect("a photo is fetched") {
        PhotoRole::Shown => PhotoReport::Ready(photo),
        PhotoRole::Logo => PhotoReport::Logo(photo),
        PhotoRole::Menu => PhotoReport::Menu(photo),
    }));
}

fn read(chat: &mut Chat, items: Option<usize>) {
    let photo = support::photo(Some("menu"));
    chat.event(Event::Menu { photo, items: items.map(everything::menu) });
}

fn menu_waits(chat: &Chat) -> Option<usize> {
    match chat.state_pending() {
        Some(Pending::Menu { items }) => Some(items.len()),
        _ => None,
    }
}

#[test]
fn a_photo_sent_while_items_are_asked_is_read_and_used_only_after_a_yes() {
    let mut chat = asked_for_items(Language::Id);
    send(&mut chat, None);
    assert!(chat.log.contains("(read menu)"), "{}", chat.log);
    read(&mut chat, Some(3));
    assert!(chat.log.contains("Ini yang saya baca"), "{}", chat.log);
    assert_eq!(menu_waits(&chat), Some(3));
    assert_eq!(
        chat.state.brief().map(|brief| (brief.items.len(), brief.photos.len())),
        Some((0, 0))
    );
    chat.text("betul");
    let brief = chat.state.brief().expect("a brief");
    assert_eq!((brief.items.len(), brief.photos.len()), (3, 0), "{}", chat.log);
    assert_eq!(open_step(&chat), Some(Step::Style));
}

#[test]
fn a_list_is_corrected_before_it_is_used_and_other_answers_leave_it_waiting() {
    let mut chat = asked_for_items(Language::Id);
    send(&mut chat, Some("ini menunya kak"));
    read(&mut chat, Some(3));
    chat.text("hapus nomor 2");
    assert_eq!(menu_waits(&chat), Some(2), "{}", chat.log);
    chat.text("nomor 1 jadi 25rb");
    chat.text("tambah es teh 5rb");
    assert_eq!(menu_waits(&chat), Some(3), "{}", chat.log);
    chat.text("bantuan");
    chat.text("wa 0812 3456 7890");
    assert_eq!(menu_waits(&chat), Some(3), "{}", chat.log);
    chat.tap("sure");
    let brief = chat.state.brief().expect("a brief");
    assert_eq!(brief.items.len(), 3);
    assert_eq!(brief.items[0].price.as_ref().map(|price| price.from.0), Some(25_000));
    assert!(brief.contact.as_ref().is_some_and(|contact| contact.value.phone.is_some()));
}

#[test]
fn a_list_that_is_refused_leaves_nothing() {
    for no in ["bukan", "jangan dipakai", "batal"] {
        let mut chat = asked_for_items(Language::Id);
        send(&mut chat, None);
        read(&mut chat, Some(3));
        chat.text(no);
        assert_eq!(menu_waits(&chat), None, "{no}: {}", chat.log);
        assert!(chat.log.contains("tidak saya pakai"), "{no}: {}", chat.log);
        assert_eq!(open_step(&chat), Some(Step::Items));
        assert_eq!(chat.state.brief().map(|brief| brief.items.len()), Some(0));
    }
}

#[test]
fn a_photo_nobody_can_read_stays_a_photo_and_the_list_is_asked_for_in_words() {
    for (items, sentence) in [(None, "belum bisa saya baca"), (Some(0), "belum terbaca")] {
        let mut chat = asked_for_items(Language::Id);
        send(&mut chat, Some("menu"));
        read(&mut chat, items);
        assert!(chat.log.contains(sentence), "{}", chat.log);
        assert_eq!(chat.state.brief().map(|brief| brief.photos.len()), Some(1));
        assert_eq!(open_step(&chat), Some(Step::Items));
    }
    let mut chat = asked_for_items(Language::Id);
    chat.facts.reads_menus = false;
    send(&mut chat, Some("daftar harga"));
    assert!(chat.log.contains("belum bisa membaca daftar dari foto"), "{}", chat.log);
    assert!(!chat.log.contains("(read menu)"), "{}", chat.log);
    assert_eq!(chat.state.brief().map(|brief| brief.photos.len()), Some(1));
}

#[test]
fn only_so_many_photos_are_read_at_once() {
    let mut chat = asked_for_items(Language::En);
    for _ in 0..5 {
        send(&mut chat, Some("menu"));
    }
    assert_eq!(chat.log.matches("(read menu)").count(), 3, "{}", chat.log);
}

#[test]
fn a_menu_for_a_live_site_becomes_edits_after_a_yes() {
    let mut chat = summary(Language::Id);
    chat.facts.reads_menus = true;
    chat.text("ya");
    chat.go_live();
    chat.log.clear();
    chat.facts.sites[0].items = vec!["nasi goreng istimewa kampung bakar nomor 1".to_owned()];
    send(&mut chat, Some("daftar harga"));
    assert!(!chat.log.contains("AddPhoto"), "{}", chat.log);
    read(&mut chat, Some(2));
    assert!(!chat.log.contains("PutItem"), "{}", chat.log);
    chat.text("ya betul");
    assert_eq!(chat.log.matches("PutItem").count(), 1, "{}", chat.log);
    assert_eq!(chat.log.matches("SetPriceRange").count(), 1, "{}", chat.log);
    assert_eq!(menu_waits(&chat), None);
}
