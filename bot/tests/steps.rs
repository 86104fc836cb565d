//! Single steps: what was, what happened, what is and is wished for; refusals included.

#[path = "steps/closed.rs"]
mod closed;
#[expect(dead_code, reason = "each test file uses a part")]
#[path = "support/everything.rs"]
mod everything;
#[path = "steps/menus.rs"]
mod menus;
#[path = "steps/reactions.rs"]
mod reactions;
#[expect(dead_code, reason = "each test file uses a part")]
mod support;

use sitespark_bot::conversation::{
    Effect, Event, Outcome, Pending, PhotoReport, RunFailure, RunReport, SiteFacts, State, Step,
};
use sitespark_bot::message::Content;
use sitespark_core::brief::{Language, PhotoRole, Trade};
use sitespark_core::ids::Tokens;
use support::Chat;

/// A chat that stands at the summary.
fn summary(language: Language) -> Chat {
    let mut chat = Chat::new(language);
    chat.text("bikin web toko kue Ani, warna pink, WA 0812 3456 7890");
    chat.text("ibu-ibu");
    chat.tap("do:any");
    chat.tap("do:skip");
    assert_eq!(chat.state.name(), "confirming", "{}", chat.log);
    chat.log.clear();
    chat
}

fn open_step(chat: &Chat) -> Option<Step> {
    match &chat.state {
        State::Collecting(state) => Some(state.step),
        State::Welcome | State::Confirming(_) | State::Generating(_) => None,
        State::Reviewing(_) | State::Refining(_) | State::Complete(_) => None,
    }
}

#[test]
fn a_start_link_with_a_code_accepts_the_invitation() {
    let mut chat = Chat::new(Language::Id);
    chat.event(Event::Said(Content::Start { payload: Some("ref_BUDI9".to_owned()) }));
    let accept = Effect::AcceptReferral { code: "BUDI9".to_owned() };
    let mut again = Chat::new(Language::Id);
    let payload = Some("ref_BUDI9".to_owned());
    let start = Event::Said(Content::Start { payload });
    let (_, effects) = sitespark_bot::conversation::step(
        std::mem::take(&mut again.state),
        start,
        &again.facts,
        support::NOW_MS,
        &again.texts,
    );
    assert!(effects.contains(&accept));
    assert_eq!(open_step(&chat), Some(Step::Trade));
}

#[test]
fn a_code_with_strange_letters_is_left_alone() {
    let mut chat = Chat::new(Language::Id);
    chat.event(Event::Said(Content::Start { payload: Some("ref_<b>'; --".to_owned()) }));
    assert!(!chat.effects.iter().any(|effect| matches!(effect, Effect::AcceptReferral { .. })));
}

#[test]
fn the_first_message_sets_the_language_when_it_is_clear() {
    let mut chat = Chat::new(Language::Id);
    chat.text("Hello, I would like a website for my bakery");
    assert_eq!(chat.facts.language, Language::En);
    let mut chat = Chat::new(Language::En);
    chat.text("halo kak, saya mau bikin web");
    assert_eq!(chat.facts.language, Language::Id);
    let mut chat = Chat::new(Language::En);
    chat.text("halo");
    assert_eq!(chat.facts.language, Language::En);
}

#[test]
fn an_answer_in_clear_english_is_asked_on_in_english() {
    let mut chat = Chat::new(Language::Id);
    for said in ["halo", "dental clinic", "Bright Smile", "families with children"] {
        chat.text(said);
    }
    assert_eq!(chat.facts.language, Language::En);
    let State::Collecting(state) = &chat.state else { panic!("{}", chat.log) };
    assert_eq!(state.brief.language, Language::En);
}

#[test]
fn a_name_or_a_product_in_english_changes_no_language() {
    let mut chat = Chat::new(Language::Id);
    chat.text("kedai kopi");
    chat.text("The House of Coffee and Friends for You");
    assert_eq!(chat.facts.language, Language::Id);
}

#[test]
fn a_district_between_street_and_city_stays_in_the_address() {
    let mut chat = summary(Language::Id);
    chat.text("ganti kontak");
    chat.text("0857 1122 3344, jl raya bogor km 27, ciracas, jakarta timur. senin-jumat 8-17");
    let State::Confirming(state) = &chat.state else { panic!("{}", chat.log) };
    let address = state.brief.contact.as_ref().and_then(|told| told.value.address.as_deref());
    assert_eq!(address, Some("jl raya bogor km 27, ciracas, jakarta timur"));
}

#[test]
fn a_city_behind_the_name_is_no_part_of_it() {
    let mut chat = Chat::new(Language::Id);
    chat.text("buat usaha jahit saya namanya Jahit Bu Tini di Solo");
    let State::Collecting(state) = &chat.state else { panic!("{}", chat.log) };
    let name = state.brief.name.as_ref().map(|name| name.value.as_str());
    assert_eq!(name, Some("Jahit Bu Tini"));
    assert_eq!(
        state.brief.contact.as_ref().and_then(|told| told.value.city.as_deref()),
        Some("Solo")
    );
}

#[test]
fn the_language_can_be_switched_anywhere_and_the_site_follows() {
    let mut chat = summary(Language::Id);
    chat.text("english");
    assert_eq!(chat.facts.language, Language::En);
    chat.text("yes");
    assert_eq!(chat.started.as_ref().map(|brief| brief.language), Some(Language::En));
}

#[test]
fn too_few_tokens_keep_the_brief_and_say_how_to_get_more() {
    let mut chat = summary(Language::Id);
    chat.facts.available = Tokens(20);
    chat.text("ya");
    assert_eq!(chat.state.name(), "confirming");
    assert!(chat.log.contains("kurang 30 token"), "{}", chat.log);
    chat.text("klaim");
    assert_eq!(chat.state.name(), "confirming");
    assert!(chat.log.contains("+10 token"), "{}", chat.log);
}

#[test]
fn a_taken_name_offers_a_free_one_and_yes_takes_it() {
    let mut chat = summary(Language::Id);
    chat.taken.push("toko-kue-ani".to_owned());
    chat.text("ya");
    let pending = chat.state_pending();
    assert_eq!(pending, Some(Pending::TakeName { name: "toko-kue-ani-2".to_owned() }));
    chat.text("boleh");
    let State::Generating(making) = &chat.state else { panic!("{}", chat.log) };
    assert_eq!(making.url, "http://toko-kue-ani-2.toko.test");
}

#[test]
fn a_taken_name_can_be_answered_with_another() {
    let mut chat = summary(Language::Id);
    chat.taken.push("toko-kue-ani".to_owned());
    chat.text("ya");
    chat.text("tidak");
    chat.text("kue ani bandung");
    chat.text("ya");
    let State::Generating(making) = &chat.state else { panic!("{}", chat.log) };
    assert_eq!(making.url, "http://kue-ani-bandung.toko.test");
}

#[test]
fn cancelling_asks_first_and_never_mind_keeps_everything() {
    let mut chat = summary(Language::Id);
    chat.text("batal");
    assert_eq!(chat.state_pending(), Some(Pending::Cancel));
    chat.text("gak jadi");
    assert_eq!(chat.state.name(), "confirming");
    chat.text("batal");
    chat.text("ya");
    assert_eq!(chat.state.name(), "complete");
}

#[test]
fn a_run_can_be_stopped_and_tried_again() {
    let mut chat = summary(Language::Id);
    chat.text("ya");
    chat.text("batal");
    assert_eq!(chat.state.name(), "confirming");
    assert!(chat.log.contains("50 token kembali"), "{}", chat.log);
    chat.text("ya");
    assert_eq!(chat.state.name(), "generating");
}

#[test]
fn a_failed_run_says_the_tokens_are_back_and_can_be_repeated() {
    let mut chat = summary(Language::Id);
    chat.text("ya");
    let report = RunReport::Failed { reason: RunFailure::Internal, released: Tokens(50) };
    chat.event(Event::Run { run: support::run_id(), report });
    assert_eq!(chat.state.name(), "confirming");
    assert!(chat.log.contains("50 token sudah kembali"), "{}", chat.log);
    chat.text("coba lagi");
    assert_eq!(chat.state.name(), "generating", "{}", chat.log);
}

#[test]
fn a_new_wish_beside_a_live_site_is_asked_about() {
    let mut chat = summary(Language::Id);
    chat.text("ya");
    chat.go_live();
    chat.text("saya mau web buat laundry");
    assert!(matches!(chat.state_pending(), Some(Pending::NewOrChange { .. })));
    chat.text("buat baru");
    assert_eq!(open_step(&chat), Some(Step::Name));
    let trade = chat.state.brief().and_then(|brief| brief.trade.as_ref());
    assert_eq!(trade.map(|answer| answer.value), Some(Trade::Laundry));
}

#[test]
fn a_daily_bonus_too_early_says_when() {
    let mut chat = summary(Language::Id);
    let next_at_ms = support::NOW_MS + 3 * 3_600_000;
    chat.event(Event::Came(Outcome::DailyNotYet { next_at_ms }));
    assert!(chat.log.contains("nanti jam 15.00"), "{}", chat.log);
}

#[test]
fn back_goes_one_question_back_and_forth_again() {
    let mut chat = Chat::new(Language::Id);
    for said in ["halo", "warung kopi", "Kopi Senja", "kembali"] {
        chat.text(said);
    }
    assert_eq!(open_step(&chat), Some(Step::Name));
    chat.text("Kopi Pagi");
    assert_eq!(open_step(&chat), Some(Step::Audience));
}

#[test]
fn a_clinic_is_addressed_formally() {
    let mut chat = Chat::new(Language::Id);
    chat.text("saya mau buat website klinik gigi");
    chat.log.clear();
    chat.text("Klinik Senyum");
    chat.text("bantuan");
    chat.text("saldo");
    assert!(!chat.log.contains("Kak"), "{}", chat.log);
}

#[test]
fn a_known_owner_is_welcomed_back_with_the_site() {
    let mut chat = Chat::new(Language::Id);
    chat.facts.sites.push(SiteFacts {
        id: support::site_id(),
        name: "Kopi Senja".to_owned(),
        url: "http://kopi-senja.toko.test".to_owned(),
        live: true,
        items: Vec::new(),
        prices: Vec::new(),
        phone: None,
    });
    chat.text("halo");
    assert_eq!(chat.state.name(), "reviewing");
    assert!(chat.log.contains("http://kopi-senja.toko.test"));
}

#[test]
fn a_place_and_a_card_fill_the_contact() {
    let mut chat = Chat::new(Language::Id);
    chat.text("warung kopi");
    let place = Content::Location { latitude: -6.9, longitude: 107.6, label: None };
    chat.event(Event::Said(place));
    let phone = "+62 812 3456 7890".to_owned();
    chat.event(Event::Said(Content::Contact { name: "Ani".to_owned(), phone }));
    let contact = chat.state.brief().and_then(|brief| brief.contact.clone()).map(|c| c.value);
    let contact = contact.unwrap_or_default();
    assert_eq!(contact.links.len(), 1);
    assert_eq!(
        contact.phone.map(|phone| phone.as_e164().to_owned()).as_deref(),
        Some("+6281234567890")
    );
    assert_eq!(open_step(&chat), Some(Step::Name));
}

#[test]
fn an_album_is_acknowledged_once() {
    let mut chat = Chat::new(Language::Id);
    chat.text("warung kopi");
    chat.log.clear();
    for _ in 0..3 {
        chat.event(Event::Said(Content::Photo { file: support::file(), caption: None }));
    }
    assert_eq!(chat.log.matches("Makasih fotonya").count(), 1);
    assert_eq!(chat.log.matches("fetch photo").count(), 3);
}

#[test]
fn a_photo_sent_while_the_site_is_made_goes_up_once_it_is_live() {
    let mut chat = summary(Language::Id);
    chat.text("ya");
    let caption = Some("Kue lapis 60rb".to_owned());
    chat.event(Event::Said(Content::Photo { file: support::file(), caption: caption.clone() }));
    let photo = support::photo(caption.as_deref());
    chat.event(Event::Photo(PhotoReport::Ready(photo)));
    assert_eq!(chat.state.name(), "generating", "{}", chat.log);
    chat.log.clear();
    chat.go_live();
    assert!(chat.log.contains("AddPhoto") && chat.log.contains("PutItem"), "{}", chat.log);
    assert_eq!(chat.state.name(), "refining");
}

#[test]
fn a_logo_sent_while_the_site_is_made_goes_up_once_it_is_live() {
    let mut chat = summary(Language::Id);
    chat.text("ya");
    let caption = Some("logo".to_owned());
    chat.event(Event::Said(Content::Photo { file: support::file(), caption }));
    chat.event(Event::Photo(PhotoReport::Logo(support::photo(None))));
    assert_eq!(chat.state.name(), "generating", "{}", chat.log);
    chat.log.clear();
    chat.go_live();
    assert!(chat.log.contains("SetLogo") && !chat.log.contains("AddPhoto"), "{}", chat.log);
}

#[test]
fn a_captioned_logo_is_fetched_as_one_also_when_there_are_photos_enough() {
    let mut chat = summary(Language::Id);
    let State::Confirming(open) = &mut chat.state else { panic!("{}", chat.log) };
    open.brief.photos = vec![support::photo(None); 24];
    let caption = Some("Logo Toko Kue Ani".to_owned());
    chat.event(Event::Said(Content::Photo { file: support::file(), caption }));
    let role = |effect: &Effect| match effect {
        Effect::FetchPhoto { role, caption, .. } => Some((*role, caption.clone())),
        _ => None,
    };
    assert_eq!(chat.effects.iter().find_map(role), Some((PhotoRole::Logo, None)));
    chat.event(Event::Photo(PhotoReport::Logo(support::photo(None))));
    let brief = chat.state.brief().expect("a brief");
    assert_eq!((brief.photos.len(), brief.logo.is_some()), (24, true));
    assert_eq!(chat.state.name(), "confirming");
}

#[test]
fn a_place_after_live_is_said_in_words() {
    let mut chat = summary(Language::Id);
    chat.text("ya");
    chat.go_live();
    chat.log.clear();
    let place = Content::Location { latitude: -6.9, longitude: 107.6, label: None };
    chat.event(Event::Said(place));
    assert!(chat.log.contains("titik lokasi di peta"), "{}", chat.log);
    assert!(!chat.log.contains("| • https"), "{}", chat.log);
}

#[test]
fn the_first_message_may_be_a_photo_or_a_place() {
    let mut chat = Chat::new(Language::Id);
    chat.event(Event::Said(Content::Photo { file: support::file(), caption: None }));
    assert!(chat.log.contains("fetch photo"), "{}", chat.log);
    let mut chat = Chat::new(Language::Id);
    let place = Content::Location { latitude: -6.9, longitude: 107.6, label: None };
    chat.event(Event::Said(place));
    let links = chat
        .state
        .brief()
        .and_then(|brief| brief.contact.as_ref())
        .map(|told| told.value.links.len());
    assert_eq!((links, open_step(&chat)), (Some(1), Some(Step::Trade)), "{}", chat.log);
}

#[test]
fn a_picture_sent_as_a_file_is_a_photo() {
    let mut chat = Chat::new(Language::Id);
    chat.text("warung kopi");
    let file = sitespark_bot::message::FileRef {
        media_type: Some("image/png".to_owned()),
        ..support::file()
    };
    chat.event(Event::Said(Content::Document { file, name: None, caption: None }));
    assert!(chat.log.contains("fetch photo"), "{}", chat.log);
}

#[test]
fn anger_is_answered_calmly_and_never_twice_in_the_same_words() {
    let mut chat = Chat::new(Language::Id);
    chat.text("warung kopi");
    chat.log.clear();
    chat.text("goblok lu");
    chat.text("dasar bot goblok");
    assert_eq!(open_step(&chat), Some(Step::Name), "{}", chat.log);
    assert_eq!(chat.log.matches("Maaf kalau ada yang bikin kesal").count(), 1, "{}", chat.log);
}

#[test]
fn a_notary_is_addressed_formally() {
    let mut chat = Chat::new(Language::Id);
    chat.text("saya notaris, mau buat website");
    chat.log.clear();
    chat.text("Kantor Notaris Dewi");
    chat.text("saldo");
    assert!(!chat.log.contains("Kak"), "{}", chat.log);
}

#[test]
fn a_question_inside_an_answer_is_answered_and_the_answer_kept() {
    let mut chat = Chat::new(Language::Id);
    chat.text("warung kopi");
    chat.text("Kopi Senja. ini gratis kan?");
    assert!(chat.log.contains("token"), "{}", chat.log);
    let name = chat.state.brief().and_then(|brief| brief.name.as_ref());
    assert_eq!(name.map(|name| name.value.as_str()), Some("Kopi Senja"), "{}", chat.log);
}
