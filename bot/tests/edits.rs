//! Changes of a live site as owners say them, and what becomes of them.

#[expect(dead_code, reason = "each test file uses a part")]
mod support;

use sitespark_bot::conversation::{Effect, Event, Live, Reviewing, SiteFacts, State, Talk, step};
use sitespark_bot::message::Content;
use sitespark_bot::texts::Texts;
use sitespark_core::brief::Language;
use sitespark_core::site::Edit;

fn said(text: &str) -> (State, Vec<Effect>) {
    let mut facts = support::facts(Language::Id);
    facts.sites.push(SiteFacts {
        id: support::site_id(),
        name: "Kopi Senja".to_owned(),
        url: "http://kopi-senja.toko.test".to_owned(),
        live: true,
        items: ["Kopi Susu", "Roti Bakar", "Es Teh Manis"].map(str::to_owned).to_vec(),
    });
    let live = Live {
        site: support::site_id(),
        url: "http://kopi-senja.toko.test".to_owned(),
        formal: false,
    };
    let state = State::Reviewing(Reviewing { live, talk: Talk::default() });
    let event = Event::Said(Content::Text { text: text.to_owned() });
    step(state, event, &facts, support::NOW_MS, &Texts::load())
}

/// The edits of a message in short, or what else it led to.
fn told(text: &str) -> String {
    let (state, effects) = said(text);
    let mut parts = Vec::new();
    for effect in &effects {
        match effect {
            Effect::ApplyEdits { edits, .. } => parts.extend(edits.iter().map(short)),
            Effect::Rename { subdomain, .. } => parts.push(format!("rename {subdomain}")),
            Effect::Undo(_) => parts.push("undo".to_owned()),
            Effect::Say(_) | Effect::SetLanguage(_) | Effect::StartRun { .. } => {}
            Effect::WriteAgain(_) => {}
            Effect::CancelRun(_) | Effect::ClaimDaily | Effect::AcceptReferral { .. } => {}
            Effect::FetchPhoto { .. } | Effect::Mute => {}
        }
    }
    if let State::Refining(refining) = &state
        && let Some(slot) = &refining.slot
    {
        parts.push(format!("ask {slot:?}"));
    }
    if let State::Reviewing(reviewing) = &state
        && let Some(pending) = &reviewing.talk.pending
    {
        parts.push(format!("{pending:?}"));
    }
    parts.join("; ")
}

fn short(edit: &Edit) -> String {
    match edit {
        Edit::SetName { name } => format!("name {name}"),
        Edit::SetPhone { phone } => format!("phone {}", phone.as_deref().unwrap_or("-")),
        Edit::SetAddress { address, city } => {
            format!(
                "address {} / {}",
                address.as_deref().unwrap_or("-"),
                city.as_deref().unwrap_or("-")
            )
        }
        Edit::SetHours { hours } => {
            format!("hours {}", hours.as_ref().map_or(0, |h| h.spans.len()))
        }
        Edit::PutItem { item } => format!("put {} {:?}", item.name, item.price_rupiah),
        Edit::SetPrice { item, price_rupiah } => format!("price {item} {price_rupiah}"),
        Edit::RemoveItem { item } => format!("remove {item}"),
        Edit::SetSoldOut { item, sold_out } => format!("sold out {item} {sold_out}"),
        Edit::Recolour { .. } => "recolour".to_owned(),
        Edit::SetTheme { theme } => format!("theme {theme}"),
        Edit::SetHeading { section, heading } => format!("heading {} {heading}", section.slug()),
        Edit::SetHidden { section, hidden } => format!("hidden {} {hidden}", section.slug()),
        Edit::AddPhoto { .. } => "photo".to_owned(),
        Edit::PutPerson { person } => format!("person {}", person.name),
        Edit::RemovePerson { name } => format!("remove person {name}"),
        Edit::PutTestimonial { testimonial } => format!("said {}", testimonial.text),
        Edit::RemoveTestimonial { text } => format!("remove said {text}"),
        Edit::SetLook { section, variant, .. } => format!("look {} {variant:?}", section.slug()),
        Edit::PutLink { link } => format!("link {}", link.url),
        Edit::SetCertificate { certificate } => {
            format!("certificate {} {}", certificate.kind, certificate.number)
        }
        Edit::RemoveCertificate { kind } => format!("no certificate {kind}"),
        Edit::SetQris { photo } => format!("qris {}", photo.is_some()),
        Edit::SetTimeZone { zone } => format!("zone {}", zone.as_deref().unwrap_or("-")),
        Edit::SetLanguages { languages } => format!("languages {}", languages.join("+")),
    }
}

const TABLE: [(&str, &str); 67] = [
    ("NIB 1234567890123", "certificate nib 1234567890123"),
    ("tambah sertifikat halal ID00410000123450721", "certificate halal ID00410000123450721"),
    ("no pirt kami 201347101012325 ya kak", "certificate pirt 2013471010123-25"),
    ("hapus sertifikat halal", "no certificate halal"),
    ("dua bahasa dong kak", "languages id+en"),
    ("websitenya jadi dua bahasa", "languages id+en"),
    ("satu bahasa saja", "languages "),
    ("hapus bahasa inggris", "languages "),
    ("zona waktu WITA", "zone wita"),
    ("hapus qris", "qris false"),
    ("pirt 12345678", ""),
    ("ganti nomor WA jadi 0813 1111 2222", "phone +6281311112222"),
    ("nomor wa ganti 0813-1111-2222", "phone +6281311112222"),
    ("0813 1111 2222", "phone +6281311112222"),
    ("nama jadi Kopi Pagi", "name Kopi Pagi"),
    ("ganti nama usaha jadi Kopi Pagi ya kak", "name Kopi Pagi"),
    ("namanya ganti jadi Kopi Pagi", "name Kopi Pagi"),
    ("jam buka senin-sabtu 8-5", "hours 1"),
    ("sekarang buka jam 9 sampai jam 9 malam", "hours 1"),
    ("ganti jam buka jadi setiap hari 07.00-21.00", "hours 1"),
    ("alamat Jl. Melati 5, Bandung", "address Jl. Melati 5, Bandung / Bandung"),
    ("ganti alamat ke Jl. Kenanga 12", "address Jl. Kenanga 12 / -"),
    ("tambah menu Es Jeruk 5rb", "put Es Jeruk Some(5000)"),
    ("tolong tambahin es jeruk 5rb dong kak", "put Es jeruk Some(5000)"),
    ("tambah Es Jeruk 5rb, Teh Tarik 8rb", "put Es Jeruk Some(5000); put Teh Tarik Some(8000)"),
    ("harga kopi susu jadi 20rb", "price Kopi Susu 20000"),
    ("kopi susu naik jadi 20rb", "price Kopi Susu 20000"),
    ("kopi susu 20rb", "price Kopi Susu 20000"),
    ("kopi ssusu jadi 20.000", "price Kopi Susu 20000"),
    ("hapus menu roti", "remove Roti Bakar"),
    ("hapus roti bakar", "remove Roti Bakar"),
    ("kopi susu habis", "sold out Kopi Susu true"),
    ("kak kopi susu lagi kosong ya", "sold out Kopi Susu true"),
    ("kopi susu ada lagi", "sold out Kopi Susu false"),
    ("kopi susu udah ready", "sold out Kopi Susu false"),
    ("ganti warna hijau", "recolour"),
    ("warnanya hijau tua dong", "recolour"),
    ("ubah warna jadi biru muda", "recolour"),
    ("judulnya Kopi enak tiap pagi", "heading hero Kopi enak tiap pagi"),
    ("ganti judul jadi \"Ngopi yuk\"", "heading hero Ngopi yuk"),
    ("sembunyikan galeri", "hidden gallery true"),
    ("hilangkan bagian tanya jawab", "hidden faq true"),
    ("tampilkan galeri lagi", "hidden gallery false"),
    ("ig @kopisenja", "link https://www.instagram.com/kopisenja"),
    ("tambah link https://shopee.co.id/kopisenja", "link https://shopee.co.id/kopisenja"),
    ("ganti alamat situs jadi kopi-pagi", "rename kopi-pagi"),
    ("ganti link jadi kopi pagi", "rename kopi-pagi"),
    ("ganti nomor", "ask Phone"),
    ("ganti harga kopi susu", "ask Price { item: Some(\"Kopi Susu\") }"),
    ("tambah menu", "ask NewItem"),
    ("kembalikan", "undo"),
    ("batalkan perubahan", "undo"),
    ("saya mau web buat laundry", "NewOrChange { said: \"saya mau web buat laundry\" }"),
    ("change the phone number to 0813 1111 2222", "phone +6281311112222"),
    ("change the name to Kopi Pagi", "name Kopi Pagi"),
    ("open monday-saturday 8-17", "hours 1"),
    ("add Iced Tea 5k", "put Iced Tea Some(5000)"),
    ("price of kopi susu to 20k", "price Kopi Susu 20000"),
    ("remove roti bakar", "remove Roti Bakar"),
    ("kopi susu sold out", "sold out Kopi Susu true"),
    ("kopi susu is back", "sold out Kopi Susu false"),
    ("make it green", "recolour"),
    ("hide gallery", "hidden gallery true"),
    ("change the heading to Fresh every day", "heading hero Fresh every day"),
    ("undo", "undo"),
    ("nomor wa 0813", "ask Phone"),
    ("hapus nomor", "phone -"),
];

#[test]
fn changes_are_understood_as_owners_say_them() {
    let wrong: Vec<String> = TABLE
        .iter()
        .filter_map(|(text, expected)| {
            let found = told(text);
            (found != *expected).then(|| format!("{text:?}: {found:?}, not {expected:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn small_talk_changes_nothing() {
    for text in ["wah keren", "asdf qwer", "berapa harganya?", "hmm", "pelanggan saya suka", "?"] {
        assert_eq!(told(text), "", "{text}");
    }
}
