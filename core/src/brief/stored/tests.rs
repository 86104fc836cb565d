use proptest::prelude::*;

use super::*;
use crate::brief::LinkKind;

const FIXTURE: &str = include_str!("../fixtures/brief_v1.json");

fn load(json: &str) -> Result<Brief, StoredBriefError> {
    Brief::try_from(serde_json::from_str::<StoredBrief>(json).unwrap())
}

#[test]
fn version_one_still_loads_whole() {
    let brief = load(FIXTURE).unwrap();
    assert_eq!(brief.trade, Some(Answer::new(Trade::Bakery, "toko kue")));
    assert_eq!(brief.items[0].price.as_ref().unwrap().to_string(), "Rp85.000–Rp90.000/toples");
    assert_eq!(brief.items[1].price, None);
    assert_eq!(brief.features.as_ref().unwrap().value.len(), 2);
    assert_eq!(brief.style.as_ref().unwrap().value.tone, Some(Tone::Warm));
    let contact = &brief.contact.as_ref().unwrap().value;
    assert_eq!(contact.phone, Phone::parse("0812-3456-7890").ok());
    assert_eq!(contact.hours, Hours::parse("senin-jumat 8-5"));
    assert_eq!(contact.links[0].kind, LinkKind::Instagram);
    assert_eq!(brief.photos[0].colour, Rgb { r: 16, g: 32, b: 48 });
    assert_eq!(brief.logo, None);
}

#[test]
fn what_was_loaded_is_written_again_unchanged() {
    let json: serde_json::Value = serde_json::from_str(FIXTURE).unwrap();
    let mut written = serde_json::to_value(StoredBrief::from(&load(FIXTURE).unwrap())).unwrap();
    let bolu = written["items"][1].as_object_mut().unwrap();
    bolu.retain(|_, value| !value.is_null());
    assert_eq!(written, json);
}

#[test]
fn a_later_version_is_refused_by_name() {
    let later = FIXTURE.replace("\"version\": 1", "\"version\": 2");
    assert_eq!(load(&later), Err(StoredBriefError::UnknownVersion(2)));
}

#[test]
fn wrong_values_are_refused() {
    for (right, wrong, field) in [
        ("\"bakery\"", "\"bakeri\"", "trade"),
        ("+6281234567890", "0812", "phone"),
        ("#102030", "blue", "colour"),
        ("1020 }", "2000 }", "opening span"),
        ("https://www", "http://www", "link"),
    ] {
        let json = FIXTURE.replace(right, wrong);
        assert_eq!(load(&json), Err(StoredBriefError::Invalid(field)), "{wrong}");
    }
}

fn a_logo() -> Photo {
    Photo {
        id: PhotoId("ab".repeat(32)),
        width_px: 640,
        height_px: 480,
        caption: None,
        colour: Rgb { r: 200, g: 10, b: 20 },
        focus: Focus { x_pct: 40, y_pct: 60 },
    }
}

fn briefs() -> impl Strategy<Value = Brief> {
    let text = "\\PC{0,20}";
    let price =
        (1_i64..1_000_000, proptest::option::of(1_i64..1_000_000), proptest::option::of(text));
    let item = (text, proptest::option::of(price), proptest::option::of(text)).prop_map(
        |(name, price, note)| Item {
            name,
            price: price.map(|(from, to, unit)| Price {
                from: Rupiah(from),
                to: to.map(Rupiah),
                unit,
                starts: from % 2 == 0,
            }),
            note,
            photo: None,
        },
    );
    let features = proptest::collection::btree_set(0..Feature::ALL.len(), 0..4);
    let contact = (any::<bool>(), proptest::option::of(text), any::<bool>()).prop_map(
        |(phone, address, hours)| Contact {
            phone: Phone::parse("+65 8123 4567").ok().filter(|_| phone),
            address,
            hours: Hours::parse("senin-jumat 18-2, minggu 24 jam").filter(|_| hours),
            time_zone: Some(TimeZone::Wita).filter(|_| hours),
            email: Email::parse("ani@kue.id").filter(|_| phone),
            links: Link::find_all("tiktok @ani.kue https://kue.id"),
            ..Contact::default()
        },
    );
    (
        (any::<bool>(), proptest::option::of(0..Trade::ALL.len()), proptest::option::of(text)),
        proptest::collection::vec(item, 0..3),
        (proptest::option::of(features), proptest::option::of(contact)),
        proptest::option::of((0..Tone::ALL.len(), any::<[u8; 3]>())),
        proptest::collection::vec(text, 0..3),
    )
        .prop_map(|((english, trade, name), items, (features, contact), style, notes)| Brief {
            language: if english { Language::En } else { Language::Id },
            trade: trade.map(|at| Answer::new(Trade::ALL[at], "kata pemilik")),
            name: name.clone().map(|name| Answer::new(name.clone(), name)),
            audience: name.map(|said| Answer::new(String::new(), said)),
            features: features.map(|all| {
                Answer::new(all.into_iter().map(|at| Feature::ALL[at]).collect(), "fitur")
            }),
            items,
            style: style.map(|(tone, [r, g, b])| {
                let colour = Some(Rgb { r, g, b });
                Answer::new(Style { tone: Some(Tone::ALL[tone]), colour }, "gaya")
            }),
            contact: contact.map(|contact| Answer::new(contact, "kontak")),
            notes,
            photos: Vec::new(),
            logo: english.then(a_logo),
            certificates: Certificate::parse(CertificateKind::Nib, "1234567890123")
                .ok()
                .into_iter()
                .filter(|_| english)
                .collect(),
            second_language: english.then_some(Language::Id),
        })
}

proptest! {
    #[test]
    fn every_brief_comes_back_as_it_was(brief in briefs()) {
        let json = serde_json::to_string(&StoredBrief::from(&brief)).unwrap();
        prop_assert!(json.contains("\"version\":1"));
        prop_assert_eq!(load(&json), Ok(brief));
    }
}
