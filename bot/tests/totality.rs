//! Every state answers every event, says something to whoever spoke, and survives storage.

#[expect(dead_code, reason = "each test file uses a part")]
mod support;

use proptest::prelude::*;
use sitespark_bot::conversation::{
    Collecting, Complete, Confirming, Deed, Done, EditRefusal, Effect, Event, ExportFile, Facts,
    Generating, HistoryLine, Live, NoPicture, Objection, Outcome, Pending, PhotoRefusal,
    PhotoReport, PickOption, Refining, Reviewing, RunFailure, RunReport, SiteFacts, Slot, State,
    Step, Talk, Told, WordPart, from_stored, step, to_stored,
};
use sitespark_bot::message::{Choice, Content, Message};
use sitespark_bot::texts::Texts;
use sitespark_core::brief::{Answer, Brief, Contact, Feature, Language, Phone, Style, Tone, Trade};
use sitespark_core::ids::Tokens;
use sitespark_core::safety::Forbidden;
use sitespark_core::site::document::SectionKind;
use sitespark_core::site::{Edit, Part};
use sitespark_core::sites::{Traffic, VersionLine};

fn brief() -> Brief {
    let phone = Phone::parse("0812 3456 7890").ok();
    Brief {
        language: Language::Id,
        trade: Some(Answer::new(Trade::Clinic, "klinik gigi")),
        name: Some(Answer::new("Klinik Senyum".to_owned(), "Klinik Senyum")),
        audience: Some(Answer::new("keluarga".to_owned(), "keluarga")),
        features: Some(Answer::new([Feature::Visit].into(), "jam buka")),
        style: Some(Answer::new(Style { tone: Some(Tone::Modern), colour: None }, "modern")),
        contact: Some(Answer::new(Contact { phone, ..Contact::default() }, "0812 3456 7890")),
        ..Brief::default()
    }
}

fn talks() -> Vec<Talk> {
    let pending = [
        None,
        Some(Pending::Cancel),
        Some(Pending::Restart),
        Some(Pending::NewOrChange { said: "web laundry".to_owned() }),
        Some(Pending::TakeName { name: "kopi-2".to_owned() }),
        Some(Pending::Address),
        Some(Pending::Pick {
            options: vec![PickOption {
                label: "Kopi".to_owned(),
                edits: vec![Edit::SetSoldOut { item: "Kopi".to_owned(), sold_out: true }],
            }],
        }),
        Some(Pending::DeleteSite { site: support::site_id(), name: "Kopi <b>".to_owned() }),
        Some(Pending::Forget),
        Some(Pending::Rewrite {
            section: Some(SectionKind::About),
            said: "lebih santai".to_owned(),
        }),
        Some(Pending::WriteAgain { run: support::run_id() }),
    ];
    pending
        .into_iter()
        .map(|pending| Talk {
            last_error: Some("oops-unclear-1".to_owned()),
            pending,
            photos_waiting: 1,
            offered: vec![Choice { id: "do:back".to_owned(), label: "Kembali".to_owned() }],
            answered: Some(Step::Name),
            late_photos: 1,
            told: vec![heard("m1", Some(Step::Name), "Kopi Senja"), heard("m2", None, "halo")],
        })
        .collect()
}

fn heard(message: &str, step: Option<Step>, text: &str) -> Told {
    Told { message: message.to_owned(), step, text: text.to_owned() }
}

fn slots() -> Vec<Slot> {
    vec![
        Slot::Name,
        Slot::Phone,
        Slot::Address,
        Slot::Hours,
        Slot::Colour,
        Slot::Heading,
        Slot::NewItem,
        Slot::RemoveItem,
        Slot::Price { item: None },
        Slot::Price { item: Some("Kopi".to_owned()) },
        Slot::Subdomain,
        Slot::RemovePhoto,
        Slot::Words { section: SectionKind::About, part: WordPart::Paragraph(2) },
        Slot::Words { section: SectionKind::Hero, part: WordPart::Action },
    ]
}

/// Every state with everything it can carry.
fn states() -> Vec<State> {
    let live =
        Live { site: support::site_id(), url: "http://k.toko.test".to_owned(), formal: true };
    let mut states = vec![State::Welcome];
    for talk in talks() {
        for brief in [Brief::default(), brief()] {
            let brief = Box::new(brief);
            states.extend(Step::ALL.map(|step| {
                State::Collecting(Collecting {
                    brief: brief.clone(),
                    step,
                    settled: [Step::Items].into(),
                    picked: [Feature::Faq].into(),
                    subdomain: None,
                    talk: talk.clone(),
                })
            }));
            let subdomain = Some("kopi".to_owned());
            states.push(State::Confirming(Confirming {
                brief: brief.clone(),
                subdomain: subdomain.clone(),
                talk: talk.clone(),
            }));
            for live in [false, true] {
                states.push(State::Generating(Generating {
                    brief: brief.clone(),
                    subdomain: subdomain.clone(),
                    run: support::run_id(),
                    site: support::site_id(),
                    url: "http://k.toko.test".to_owned(),
                    preview_url: "http://toko.test/preview/7".to_owned(),
                    live,
                    talk: talk.clone(),
                }));
            }
        }
        states.push(State::Reviewing(Reviewing { live: live.clone(), talk: talk.clone() }));
        for slot in slots().into_iter().map(Some).chain([None]) {
            let (live, talk) = (live.clone(), talk.clone());
            states.push(State::Refining(Refining { live, slot, waiting: 1, looks: true, talk }));
        }
        for live in [None, Some(live.clone())] {
            states.push(State::Complete(Complete { live, talk: talk.clone() }));
        }
    }
    states
}

const TEXTS: [&str; 46] = [
    "",
    "?",
    "😀",
    "halo",
    "ya",
    "tidak",
    "batal",
    "kembali",
    "bantuan",
    "saldo",
    "riwayat",
    "klaim",
    "undang",
    "bahasa",
    "english",
    "buat baru",
    "situs saya",
    "kembalikan",
    "ulangi",
    "terserah",
    "cukup",
    "skip",
    "makasih",
    "status",
    "ganti nama",
    "ubah",
    "1",
    "08123",
    "bayarnya gimana?",
    "tambah menu Es Teh 5rb",
    "saya mau web buat laundry",
    "warna hijau",
    "hapus menu roti",
    "alamatnya kopi-senja",
    "hubungkan",
    "hubungkan ABCD2345",
    "riwayat",
    "redo",
    "kirim file web saya",
    "hapus website saya",
    "hapus data saya",
    "ganti tampilan",
    "tulisannya lebih santai",
    "balikin bagian menu kayak kemarin",
    "naikin semua harga 10%",
    "kopi abis",
];

const TAPS: [&str; 28] = [
    "trade:food",
    "audience:everyone",
    "feature:faq",
    "tone:warm",
    "colour:red",
    "change",
    "change:name",
    "change:subdomain",
    "change:items",
    "do:yes",
    "do:cancel",
    "do:new",
    "do:claim",
    "do:undo",
    "do:done",
    "site:00000000000000000000000000000009",
    "name:suggested",
    "sure",
    "keep",
    "site-change",
    "version:3",
    "pick:0",
    "pick:9",
    "look",
    "own-writer",
    "do:forget",
    "made-up",
    "",
];

fn contents() -> Vec<Content> {
    let texts = TEXTS.map(|text| Content::Text { text: text.to_owned() });
    let taps = TAPS.map(|id| Content::Choice { id: id.to_owned() });
    let mut all: Vec<Content> = texts.into_iter().chain(taps).collect();
    let file = support::file;
    all.extend([
        Content::Start { payload: None },
        Content::Start { payload: Some("ref_abc".to_owned()) },
        Content::Photo { file: file(), caption: Some("Kopi 18rb".to_owned()) },
        Content::Voice { file: file() },
        Content::Location { latitude: -6.9, longitude: 107.6, label: Some("Toko".to_owned()) },
        Content::Location { latitude: f64::NAN, longitude: 900.0, label: None },
        Content::Contact { name: "Ani".to_owned(), phone: "+6281234567890".to_owned() },
        Content::Contact { name: "Ani".to_owned(), phone: "12".to_owned() },
        Content::Document { file: file(), name: None, caption: None },
        Content::Sticker { emoji: None },
        Content::Unsupported,
    ]);
    all
}

fn reports() -> Vec<Event> {
    let url = || "http://k.toko.test".to_owned();
    let outcomes = [
        Outcome::RunStarted {
            run: support::run_id(),
            site: support::site_id(),
            url: url(),
            preview_url: url(),
        },
        Outcome::Forbidden(Forbidden::Gambling),
        Outcome::WritingAgain {
            run: support::run_id(),
            site: support::site_id(),
            url: url(),
            preview_url: url(),
            brief: Box::default(),
        },
        Outcome::NothingToWrite,
        Outcome::InsufficientTokens { available: Tokens(3), price: Tokens(50) },
        Outcome::GenerationsUsedUp { per_day: 3 },
        Outcome::SubdomainRefused {
            asked: "a".to_owned(),
            taken: true,
            suggestion: "a-2".to_owned(),
        },
        Outcome::Renamed { url: url() },
        Outcome::RunCancelled { released: Tokens(50) },
        Outcome::RunNotCancelled,
        Outcome::Undone { version: 2 },
        Outcome::NothingToUndo,
        Outcome::DailyClaimed { amount: Tokens(10), balance: Tokens(60) },
        Outcome::DailyNotYet { next_at_ms: i64::MAX },
        Outcome::ReferralAccepted { amount: Tokens(25) },
        Outcome::ReferralIgnored,
    ];
    let line = VersionLine {
        number: 2,
        at_ms: i64::MIN,
        live: true,
        changed: vec![Part::Items, Part::Colour, Part::Order, Part::Section(SectionKind::Faq)],
    };
    let traffic = Traffic { today: 1, week: 20, month: i64::MAX, letters: 3 };
    let linked =
        |state: Option<State>| Done::Linked { state: state.map(Box::new), moved: Tokens(5) };
    let did = [
        Done::Redone { version: 3 },
        Done::NothingToRedo,
        Done::Versions(vec![
            line.clone(),
            VersionLine { number: 1, live: false, changed: Vec::new(), ..line },
        ]),
        Done::Versions(Vec::new()),
        Done::RewriteBegun,
        Done::Picturing,
        Done::NoPictures,
        Done::Visitors { name: "Kopi".to_owned(), traffic: Traffic::default() },
        Done::Visitors { name: "Kopi".to_owned(), traffic },
        Done::SiteDeleted { name: "Kopi".to_owned() },
        Done::Forgotten,
        Done::LinkCode { code: "ABCD2345".to_owned(), minutes: 10 },
        Done::TooManyCodes,
        linked(None),
        linked(Some(State::Welcome)),
        Done::LinkedBefore,
        Done::LinkWrong,
        Done::LinkTooMany,
    ];
    let live = RunReport::Live {
        url: url(),
        picture_key: "og".to_owned(),
        picture_url: url(),
        captured: Tokens(50),
    };
    let shown = RunReport::Shown { url: url(), picture_key: "og".to_owned(), picture_url: url() };
    let failed = |reason| RunReport::Failed { reason, released: Tokens(50) };
    let runs = [
        RunReport::Stage(sitespark_core::generation::Stage::Intent),
        live,
        shown,
        RunReport::Written { url: url(), captured: Tokens(50) },
        RunReport::Unwritten { url: url(), released: Tokens(50) },
        failed(RunFailure::Refused(Objection::Impersonation)),
        failed(RunFailure::Refused(Objection::AsksSecrets)),
        failed(RunFailure::Refused(Objection::LinkLookAlike)),
        failed(RunFailure::Refused(Objection::Unnamed)),
        failed(RunFailure::Forbidden(Forbidden::Drugs)),
        failed(RunFailure::Internal),
    ];
    let photos = [
        PhotoReport::Ready(support::photo(Some("Kopi 18rb"))),
        PhotoReport::Refused(PhotoRefusal::TooLarge),
        PhotoReport::Refused(PhotoRefusal::Unreadable),
        PhotoReport::Refused(PhotoRefusal::Gone),
    ];
    let refusals = [
        EditRefusal::NotFound,
        EditRefusal::Refused,
        EditRefusal::Forbidden(Forbidden::Scam),
        EditRefusal::Locked,
        EditRefusal::Nothing,
        EditRefusal::Internal,
    ];
    let edits = std::iter::once(Ok(())).chain(refusals.map(Err));
    let file =
        ExportFile { key: "exports/1.zip".to_owned(), name: "kopi.zip".to_owned(), url: url() };
    let site = support::site_id();
    let run = support::run_id();
    outcomes
        .into_iter()
        .chain(did.map(Outcome::Did))
        .map(Event::Came)
        .chain([
            Event::Rewritten { site, captured: Tokens(10) },
            Event::Exported { site, file: Some(file) },
            Event::Exported { site, file: None },
            Event::Compared { site, picture: Ok("pictures/comparisons/1-a.jpg".to_owned()) },
            Event::Compared { site, picture: Err(NoPicture::Same) },
            Event::Compared { site, picture: Err(NoPicture::Failed) },
            Event::Silence,
            Event::Reacted { emoji: "👍".to_owned(), latest: true },
            Event::Reacted { emoji: String::new(), latest: false },
            Event::Edited { message: "m1".to_owned(), text: "Kopi Pagi 20rb".to_owned() },
            Event::Edited { message: "m2".to_owned(), text: "warung soto".to_owned() },
            Event::Edited { message: "unknown".to_owned(), text: "ya".to_owned() },
            Event::LinkedElsewhere,
        ])
        .chain(runs.into_iter().map(|report| Event::Run { run, report }))
        .chain(photos.into_iter().map(Event::Photo))
        .chain([Event::Visitor {
            name: "Budi <b>".to_owned(),
            contact: String::new(),
            message: "Halo, pesan 2 ya".to_owned(),
        }])
        .chain(edits.map(|result| Event::Edit { site: support::site_id(), result }))
        .collect()
}

fn all_facts() -> Vec<Facts> {
    let id = support::facts(Language::Id);
    let site = SiteFacts {
        id: support::site_id(),
        name: "Kopi Senja <b>".to_owned(),
        url: "http://k.toko.test".to_owned(),
        live: true,
        items: vec!["Kopi susu".to_owned(), "Roti".to_owned()],
        prices: vec![Some((18_000, None)), None],
    };
    let line = HistoryLine { kind: "refund".to_owned(), amount: Tokens(50), at_ms: i64::MIN };
    let poor = Facts {
        language: Language::En,
        name: None,
        available: Tokens(0),
        referral_url: None,
        history: Some(vec![line]),
        sites: vec![site],
        ..id.clone()
    };
    vec![id, poor]
}

/// Whether an effect brings an answer, at once or as an outcome or report.
fn answers(effect: &Effect) -> bool {
    match effect {
        Effect::Say(_) | Effect::StartRun { .. } | Effect::CancelRun(_) | Effect::Undo(_) => true,
        Effect::Rename { .. } | Effect::ClaimDaily | Effect::FetchPhoto { .. } => true,
        Effect::SetLanguage(_) | Effect::ApplyEdits { .. } => false,
        Effect::WriteAgain(_) | Effect::RecallMovements => true,
        Effect::AcceptReferral { .. } | Effect::Mute => false,
        Effect::Do(deed) => match deed {
            Deed::Redo(_) | Deed::ListVersions(_) | Deed::DeleteSite(_) | Deed::Forget => true,
            Deed::Rewrite { .. } | Deed::MakeLinkCode | Deed::EnterLinkCode { .. } => true,
            Deed::Compare(_) | Deed::CountVisitors(_) => true,
            Deed::Refine { .. } | Deed::Export(_) => false,
        },
    }
}

/// The bounds every message keeps.
fn check(message: &Message) {
    let text = message.body.to_plain();
    assert!(!text.trim().is_empty(), "an empty message");
    assert!(text.chars().count() < 1_000, "too long: {text}");
    let hole = |part: &str| ["kak", "anda", "name", "url"].iter().any(|arg| part.starts_with(arg));
    assert!(!text.split("{$").skip(1).any(hole), "a hole: {text}");
    let key = |word: &str| {
        ["ask-", "say-", "oops-", "label-", "word-", "stage-"].iter().any(|p| word.starts_with(p))
    };
    assert!(!text.split_whitespace().any(key), "a bare key: {text}");
    assert!(message.choices.len() <= 10, "{text}");
    for choice in &message.choices {
        assert!(choice.id.is_ascii() && choice.id.len() <= 40, "{}", choice.id);
        let length = choice.label.chars().count();
        assert!((1..=24).contains(&length), "{}", choice.label);
    }
    for link in &message.links {
        assert!(link.label.chars().count() <= 20, "{}", link.label);
    }
}

fn run(state: &State, event: Event, facts: &Facts, texts: &Texts) -> (State, Vec<Effect>) {
    let (next, effects) = step(state.clone(), event, facts, support::NOW_MS, texts);
    for effect in &effects {
        if let Effect::Say(message) = effect {
            check(message);
        }
    }
    let loaded = from_stored(&to_stored(&next)).expect("every state loads again");
    assert_eq!(loaded, next);
    (next, effects)
}

#[test]
fn every_state_answers_everything_a_person_does() {
    let texts = Texts::load();
    for facts in all_facts() {
        for state in states() {
            for content in contents() {
                let (_, effects) = run(&state, Event::Said(content.clone()), &facts, &texts);
                assert!(effects.iter().any(answers), "silence: {state:?} {content:?}");
            }
        }
    }
}

#[test]
fn every_state_takes_every_report() {
    let texts = Texts::load();
    for facts in all_facts() {
        for state in states() {
            for event in reports() {
                run(&state, event, &facts, &texts);
            }
        }
    }
}

#[test]
fn who_blocked_us_hears_nothing() {
    let texts = Texts::load();
    for state in states() {
        let facts = support::facts(Language::Id);
        let (next, effects) = run(&state, Event::Said(Content::Blocked), &facts, &texts);
        assert_eq!((next, effects), (state, vec![Effect::Mute]));
    }
}

#[test]
fn the_same_error_sentence_never_comes_twice_in_a_row() {
    let texts = Texts::load();
    let facts = support::facts(Language::Id);
    for state in states().into_iter().filter(|state| !matches!(state, State::Welcome)) {
        let mut state = state;
        let mut last = String::new();
        for _ in 0..4 {
            let event = Event::Said(Content::Text { text: "08123".to_owned() });
            let (next, effects) = run(&state, event, &facts, &texts);
            let said: String = effects
                .iter()
                .filter_map(|effect| match effect {
                    Effect::Say(message) => Some(message.body.to_plain()),
                    Effect::SetLanguage(_)
                    | Effect::RecallMovements
                    | Effect::StartRun { .. }
                    | Effect::CancelRun(_) => None,
                    Effect::Undo(_) | Effect::ApplyEdits { .. } | Effect::Rename { .. } => None,
                    Effect::WriteAgain(_) => None,
                    Effect::ClaimDaily | Effect::AcceptReferral { .. } => None,
                    Effect::FetchPhoto { .. } | Effect::Mute | Effect::Do(_) => None,
                })
                .collect();
            assert!(said.is_empty() || said != last, "twice: {said} in {next:?}");
            last = said;
            state = next;
        }
    }
}

#[test]
fn stored_states_of_version_one_load() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/state/v1");
    let mut names: Vec<&str> = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let text = std::fs::read_to_string(entry.expect("readable").path()).expect("text");
        let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let state = from_stored(&value).expect("version one loads");
        names.push(state.name());
        assert_eq!(to_stored(&state)["state"], value["state"]);
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 7, "{names:?}");
}

#[test]
fn an_unknown_version_is_refused() {
    for value in ["{}", r#"{"version":2,"state":"welcome"}"#, r#"{"version":1,"state":"x"}"#] {
        let value: serde_json::Value = serde_json::from_str(value).expect("JSON");
        assert!(from_stored(&value).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_text_is_left_without_an_answer(text in "\\PC{0,200}", at in 0_usize..10_000) {
        let states = states();
        let state = &states[at % states.len()];
        let texts = Texts::load();
        let facts = support::facts(Language::Id);
        let event = Event::Said(Content::Text { text });
        let (_, effects) = run(state, event, &facts, &texts);
        prop_assert!(effects.iter().any(answers));
    }

    #[test]
    fn words_of_owners_never_break_a_conversation(
        words in proptest::collection::vec(0_usize..TEXTS.len(), 1..12),
        noise in "[a-z0-9 ,.?rbjt@/-]{0,30}",
    ) {
        let texts = Texts::load();
        let facts = support::facts(Language::Id);
        let mut state = State::Welcome;
        for word in words {
            let text = format!("{} {noise}", TEXTS[word]);
            let (next, effects) = run(&state, Event::Said(Content::Text { text }), &facts, &texts);
            prop_assert!(effects.iter().any(answers));
            state = next;
        }
    }
}

/// `WRITE_FIXTURES=1` writes them, for when a version is new; a landed version's never change.
#[test]
fn the_version_written_today_has_a_fixture_of_every_state() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/state/v1");
    let write = std::env::var_os("WRITE_FIXTURES").is_some();
    let mut written = std::collections::BTreeMap::new();
    for state in states().into_iter().rev() {
        written.insert(state.name(), to_stored(&state));
    }
    for (name, value) in written {
        let path = format!("{folder}/{name}.json");
        if write {
            let text = serde_json::to_string_pretty(&value).expect("JSON");
            std::fs::write(&path, text + "\n").expect("written");
        }
        let text = std::fs::read_to_string(&path).expect("a fixture of every state");
        let stored: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(stored["version"], value["version"], "{name}");
        assert_eq!(from_stored(&stored).expect("it loads").name(), name);
    }
}
