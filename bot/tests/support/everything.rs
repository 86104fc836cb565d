//! Every state, text, tap, report and fact that the tests of totality try.

use sitespark_bot::conversation::{
    Collecting, Complete, Confirming, Done, EditRefusal, Event, ExportFile, Facts, Generating,
    HistoryLine, Live, NoPicture, Objection, Outcome, Pending, PhotoRefusal, PhotoReport,
    PickOption, Refining, Reviewing, RunFailure, RunReport, SiteFacts, Slot, State, Step, Talk,
    Told, WordPart,
};
use sitespark_bot::exports::Takeaway;
use sitespark_bot::message::{Choice, Content};
use sitespark_core::brief::{Answer, Brief, Contact, Feature, Language, Phone, Style, Tone, Trade};
use sitespark_core::ids::Tokens;
use sitespark_core::safety::Forbidden;
use sitespark_core::site::document::{DocumentItem, SectionKind};
use sitespark_core::site::{Edit, Part};
use sitespark_core::sites::{Traffic, VersionLine};

use crate::support;

pub(crate) fn brief() -> Brief {
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

/// A list as long as there can be one.
pub(crate) fn menu(lines: usize) -> Vec<DocumentItem> {
    let item = |at: usize| DocumentItem {
        name: format!("Nasi goreng istimewa kampung bakar nomor {at}"),
        price_rupiah: Some(18_000),
        price_to_rupiah: at.is_multiple_of(2).then_some(20_000),
        price_starts: false,
        unit: Some("porsi".to_owned()),
        note: Some("isi dua, pedas".to_owned()),
        photo: None,
        sold_out: false,
    };
    (1..=lines).map(item).collect()
}

pub(crate) fn talks() -> Vec<Talk> {
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
        Some(Pending::Menu { items: menu(60) }),
    ];
    pending
        .into_iter()
        .map(|pending| Talk {
            last_error: Some("oops-unclear-1".to_owned()),
            pending,
            photos_waiting: 1,
            offered: vec![Choice { id: "do:back".to_owned(), label: "Kembali".to_owned() }],
            answered: Some(Step::Name),
            missed: Some(Step::Style),
            removed: Some("Kopi <b>".to_owned()),
            spoken: Some("Kopi <b>".to_owned()),
            late_photos: 1,
            menus_waiting: 2,
            late_logo: true,
            told: vec![heard("m1", Some(Step::Name), "Kopi Senja"), heard("m2", None, "halo")],
        })
        .collect()
}

pub(crate) fn heard(message: &str, step: Option<Step>, text: &str) -> Told {
    Told { message: message.to_owned(), step, text: text.to_owned() }
}

pub(crate) fn slots() -> Vec<Slot> {
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
pub(crate) fn states() -> Vec<State> {
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

pub(crate) const TEXTS: [&str; 50] = [
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
    "ganti logo",
    "hapus logo",
    "nomor 2 jadi 20rb",
    "hapus nomor 1",
];

pub(crate) const TAPS: [&str; 28] = [
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

pub(crate) fn contents() -> Vec<Content> {
    let texts = TEXTS.map(|text| Content::Text { text: text.to_owned() });
    let taps = TAPS.map(|id| Content::Choice { id: id.to_owned() });
    let mut all: Vec<Content> = texts.into_iter().chain(taps).collect();
    let file = support::file;
    all.extend([
        Content::Start { payload: None },
        Content::Start { payload: Some("ref_abc".to_owned()) },
        Content::Photo { file: file(), caption: Some("Kopi 18rb".to_owned()) },
        Content::Photo { file: file(), caption: Some("ini logo kami".to_owned()) },
        Content::Photo { file: file(), caption: Some("daftar harga".to_owned()) },
        Content::Photo { file: file(), caption: None },
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

pub(crate) fn reports() -> Vec<Event> {
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
        PhotoReport::Logo(support::photo(None)),
        PhotoReport::Menu(support::photo(None)),
        PhotoReport::Menu(support::photo(Some("menu"))),
        PhotoReport::Refused(PhotoRefusal::TooLarge),
        PhotoReport::Refused(PhotoRefusal::Unreadable),
        PhotoReport::Refused(PhotoRefusal::Gone),
    ];
    let refusals = [
        EditRefusal::NotFound,
        EditRefusal::Refused,
        EditRefusal::Forbidden(Forbidden::Scam),
        EditRefusal::Locked,
        EditRefusal::Closed,
        EditRefusal::Nothing,
        EditRefusal::Internal,
    ];
    let edits = std::iter::once(Ok(())).chain(refusals.map(Err));
    let file = |what| ExportFile {
        what,
        key: "exports/1.zip".to_owned(),
        name: "kopi.zip".to_owned(),
        url: url(),
    };
    let site = support::site_id();
    let run = support::run_id();
    outcomes
        .into_iter()
        .chain(did.map(Outcome::Did))
        .map(Event::Came)
        .chain([
            Event::Rewritten { site, captured: Tokens(10) },
            Event::Exported { site, file: Some(file(Takeaway::Site)) },
            Event::Exported { site, file: Some(file(Takeaway::Poster)) },
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
        .chain([Some(menu(3)), Some(menu(60)), Some(Vec::new()), None].map(|items| {
            let photo = support::photo(Some("menu"));
            Event::Menu { photo, items }
        }))
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

pub(crate) fn all_facts() -> Vec<Facts> {
    let id = support::facts(Language::Id);
    let site = SiteFacts {
        id: support::site_id(),
        name: "Kopi Senja <b>".to_owned(),
        url: "http://k.toko.test".to_owned(),
        live: true,
        items: vec!["Kopi susu".to_owned(), "Roti".to_owned()],
        prices: vec![Some((18_000, None)), None],
        phone: Some("+6281234567890".to_owned()),
    };
    let line = HistoryLine { kind: "refund".to_owned(), amount: Tokens(50), at_ms: i64::MIN };
    let poor = Facts {
        language: Language::En,
        reads_menus: true,
        name: None,
        available: Tokens(0),
        referral_url: None,
        history: Some(vec![line]),
        sites: vec![site],
        ..id.clone()
    };
    vec![id, poor]
}
