//! What an owner hears whose site the operator has taken off.

use sitespark_bot::conversation::{EditRefusal, Event, SiteFacts, State};
use sitespark_bot::message::Content;
use sitespark_core::brief::Language;
use sitespark_core::ids::SiteId;
use uuid::Uuid;

use super::support::{self, Chat};

const OTHER: &str = "http://laundry-ani.toko.test";

/// A chat whose site is live, with nothing said yet.
fn live(language: Language) -> Chat {
    let mut chat = super::summary(language);
    chat.text("ya");
    chat.go_live();
    // What was told before was told in Indonesian.
    chat.facts.language = language;
    chat.log.clear();
    chat
}

fn suspended(language: Language) -> Chat {
    let mut chat = live(language);
    chat.facts.sites[0].live = false;
    chat
}

fn deleted(language: Language) -> Chat {
    let mut chat = live(language);
    chat.facts.sites.clear();
    chat.facts.gone = Some(support::site_id());
    chat
}

fn add_other(chat: &mut Chat) {
    chat.facts.sites.push(SiteFacts {
        id: SiteId(Uuid::from_u128(21)),
        name: "Laundry Ani".to_owned(),
        url: OTHER.to_owned(),
        live: true,
        items: Vec::new(),
        prices: Vec::new(),
        phone: None,
    });
}

#[test]
fn whatever_is_wanted_of_a_suspended_site_its_owner_is_told_so_at_once() {
    let wishes = [
        "status",
        "halo",
        "ganti warna hijau",
        "tambah menu es teh 5rb",
        "kembalikan",
        "selesai",
        "terima kasih",
        "batal",
        "ya",
        "asdf qwer",
        "minta filenya",
    ];
    for wish in wishes {
        let mut chat = suspended(Language::Id);
        chat.text(wish);
        assert!(chat.log.contains("sedang dinonaktifkan oleh pengelola"), "{wish}: {}", chat.log);
        for wrong in ["tayang di", "Siap, saya ubah", "tetap tayang", "(edits", "dihapus"] {
            assert!(!chat.log.contains(wrong), "{wish}: {}", chat.log);
        }
    }
    let mut chat = suspended(Language::Id);
    chat.event(Event::Said(Content::Photo { file: support::file(), caption: None }));
    assert!(chat.log.contains("sedang dinonaktifkan"), "{}", chat.log);
    assert!(!chat.log.contains("fetch photo"), "{}", chat.log);
    let mut chat = suspended(Language::En);
    chat.text("hello");
    assert!(chat.log.contains("has switched your website"), "{}", chat.log);
}

#[test]
fn what_is_not_about_the_site_goes_on() {
    for (wish, told) in
        [("saldo", "token"), ("bantuan", "Bilang saja"), ("situs saya", "(sedang dinonaktifkan)")]
    {
        let mut chat = suspended(Language::Id);
        chat.text(wish);
        assert!(chat.log.contains(told), "{wish}: {}", chat.log);
    }
    let mut chat = suspended(Language::Id);
    chat.text("buat baru");
    assert_eq!(chat.state.name(), "collecting", "{}", chat.log);
}

#[test]
fn a_site_that_is_back_is_talked_of_as_before() {
    let mut chat = suspended(Language::Id);
    chat.text("status");
    chat.facts.sites[0].live = true;
    chat.log.clear();
    chat.text("ganti warna hijau");
    assert!(chat.log.contains("Siap, saya ubah"), "{}", chat.log);
}

#[test]
fn a_deleted_site_is_told_of_once_and_is_no_suspended_one() {
    for wish in ["status", "halo", "ganti warna hijau", "kembalikan", "hapus website"] {
        let mut chat = deleted(Language::Id);
        chat.text(wish);
        assert!(chat.log.contains("sudah dihapus oleh pengelola"), "{wish}: {}", chat.log);
        for wrong in ["dinonaktifkan", "Siap, saya ubah", "tetap tayang", "(edits"] {
            assert!(!chat.log.contains(wrong), "{wish}: {}", chat.log);
        }
        assert_eq!(chat.state.live(), None);
        chat.facts.gone = None;
        chat.log.clear();
        chat.text("status");
        assert!(!chat.log.contains("dihapus"), "{wish}: {}", chat.log);
    }
    let mut chat = deleted(Language::En);
    chat.text("status");
    assert!(chat.log.contains("the operator has deleted your website"), "{}", chat.log);
}

#[test]
fn nothing_that_was_meant_for_a_deleted_site_happens_to_another() {
    let mut chat = deleted(Language::Id);
    add_other(&mut chat);
    chat.text("ganti warna hijau");
    assert!(chat.log.contains("sudah dihapus") && chat.log.contains(OTHER), "{}", chat.log);
    assert!(!chat.log.contains("(edits"), "{}", chat.log);
    chat.facts.gone = None;
    chat.text("ganti warna hijau");
    assert!(chat.log.contains("(edits"), "{}", chat.log);
}

#[test]
fn a_change_that_came_too_late_for_a_deleted_site_says_so() {
    let mut chat = deleted(Language::Id);
    let result = Err(EditRefusal::Closed);
    chat.event(Event::Edit { site: support::site_id(), result });
    assert!(
        chat.log.contains("sudah dihapus") && !chat.log.contains("ditayangkan"),
        "{}",
        chat.log
    );
}

#[test]
fn a_returning_owner_of_a_suspended_site_hears_so() {
    let mut chat = Chat::new(Language::Id);
    add_other(&mut chat);
    chat.facts.sites[0].live = false;
    chat.text("halo");
    assert!(chat.log.contains("Halo lagi Kak Ani!"), "{}", chat.log);
    assert!(chat.log.contains("sedang dinonaktifkan"), "{}", chat.log);
    let mut nameless = Chat::new(Language::En);
    nameless.facts.name = None;
    add_other(&mut nameless);
    nameless.state = State::Welcome;
    nameless.text("hello");
    assert!(
        nameless.log.contains("Hi again! ") && nameless.log.contains(OTHER),
        "{}",
        nameless.log
    );
}
