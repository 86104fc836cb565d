use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::brief::{
    Answer, Contact, Focus, Hours, Item, Language, Phone, Photo, PhotoId, Price, Rgb, Rupiah,
    parse_items,
};
use crate::site::document::Design;

/// A full brief of each trade, in the words of an owner.
fn sample(trade: Trade, language: Language) -> Brief {
    let samples: BTreeMap<String, BTreeMap<String, [String; 6]>> =
        toml::from_str(include_str!("samples.toml")).unwrap();
    let [name, said, items, audience, city, note] = samples[language.tag()][trade.slug()].clone();
    Brief {
        language,
        trade: Some(Answer::new(trade, said)),
        name: Some(Answer::new(name.clone(), name)),
        audience: Some(Answer::new(audience.clone(), audience)),
        features: None,
        items: parse_items(&items),
        style: None,
        contact: Some(Answer::new(
            Contact {
                phone: Phone::parse("0812-3456-7890").ok(),
                address: Some("Jl. Merdeka No. 12".into()),
                city: Some(city),
                hours: Hours::parse("senin-jumat 08.00-17.00, sabtu 08.00-12.00"),
                ..Contact::default()
            },
            "",
        )),
        notes: vec![note],
        photos: vec![photo()],
        ..Brief::default()
    }
}

#[test]
fn names_in_one_sentence_are_spelled_alike() {
    let items =
        |text: &str| Brief { items: parse_items(text), ..sample(Trade::Food, Language::Id) };
    let told = |brief: &Brief| {
        let voice = Voice::of(Trade::Food, Language::Id);
        slots::slots(brief, voice, Trade::Food, 1)["items"].clone()
    };
    assert_eq!(told(&items("nasi box 25rb, tumpeng 300rb")), "nasi box dan tumpeng");
    assert_eq!(told(&items("nasi box 25rb, Indomie Goreng 15rb")), "Nasi box dan Indomie Goreng");
    assert_eq!(told(&items("Tumpeng 300rb, Kembul 25rb")), "Tumpeng dan Kembul");
}

fn photo() -> Photo {
    let colour = Rgb { r: 10, g: 20, b: 30 };
    let id = PhotoId("ab".repeat(32));
    Photo { id, width_px: 800, height_px: 600, caption: None, colour, focus: Focus::default() }
}

/// Everything written for a brief, as one text.
fn site(brief: &Brief, seed: u32) -> String {
    let plan = plan(brief);
    let meta = meta(brief, &plan, seed);
    let mut out = format!("# {}\n{}\n", meta.title, meta.description);
    for kind in &plan.sections {
        let words = write(brief, &plan, *kind, seed);
        out += &format!("\n[{}] {}\n", kind.slug(), words.heading);
        for line in
            [&words.lead].into_iter().chain(&words.paragraphs).filter(|line| !line.is_empty())
        {
            out += &format!("{line}\n");
        }
        for point in &words.points {
            out += &format!("- {}: {}\n", point.title, point.text);
        }
        if !words.action.is_empty() {
            out += &format!("({})\n", words.action);
        }
    }
    out
}

#[test]
fn every_trade_speaks_in_both_languages() {
    for language in Language::ALL {
        for trade in Trade::ALL {
            let name = format!("{}_{}", trade.slug(), language.tag());
            insta::assert_snapshot!(name, site(&sample(trade, language), 7));
        }
    }
}

#[test]
fn the_writer_passes_its_own_fact_check() {
    let mut found = BTreeSet::new();
    for (trade, language) in Trade::ALL.into_iter().flat_map(|t| Language::ALL.map(|l| (t, l))) {
        let brief = sample(trade, language);
        let plan = plan(&brief);
        for (seed, kind) in (0..12).flat_map(|seed| plan.sections.iter().map(move |k| (seed, k))) {
            found.extend(unproven(&write(&brief, &plan, *kind, seed), &brief));
        }
    }
    assert_eq!(found, BTreeSet::new());
}

#[test]
fn nobody_is_asked_to_come_where_no_address_was_told() {
    for (trade, language) in Trade::ALL.into_iter().flat_map(|t| Language::ALL.map(|l| (t, l))) {
        let mut brief = sample(trade, language);
        brief.notes.clear();
        if let Some(contact) = &mut brief.contact {
            contact.value.address = None;
        }
        let plan = plan(&brief);
        for seed in 0..12 {
            let visit = write(&brief, &plan, SectionKind::Visit, seed);
            let about = write(&brief, &plan, SectionKind::About, seed).paragraphs.join(" ");
            let text = format!("{} {} {about}", visit.heading, visit.lead).to_lowercase();
            for invitation in ["mampir", "datang langsung", "drop by", "come by", "in person"] {
                assert!(!text.contains(invitation), "{text}");
            }
        }
    }
}

/// Every answer to the questions of visitors, over many seeds.
fn answers(brief: &Brief) -> BTreeSet<String> {
    let plan = plan(brief);
    let words = |seed| write(brief, &plan, SectionKind::Faq, seed).points;
    (0..60).flat_map(words).map(|point| point.text).collect()
}

#[test]
fn a_price_that_only_begins_somewhere_is_told_as_such() {
    for (language, items, exact) in [
        (Language::Id, "Ganti ban luar mulai 180rb, Tune up 90rb", "luar Rp180"),
        (Language::Id, "Foto prewedding mulai dari 1,5jt", "prewedding Rp1"),
        (Language::En, "Family photos starting at 900k, Portrait 600k", "photos Rp900"),
    ] {
        let mut brief = sample(Trade::Workshop, language);
        brief.items = parse_items(items);
        let all = answers(&brief).into_iter().collect::<Vec<_>>().join("\n");
        assert!(!all.contains(exact), "{all}");
        assert!(!all.contains("sampai Rp") && !all.contains("to Rp"), "{all}");
        assert!(all.contains("mulai Rp") || all.contains("from Rp"), "{all}");
    }
}

#[test]
fn some_of_them_is_said_only_where_there_are_more() {
    let mut brief = sample(Trade::Bakery, Language::Id);
    let some = ["di antaranya", "antara lain", "misalnya", "lainnya", "selebihnya"];
    let says = |brief: &Brief| {
        let all = answers(brief).into_iter().collect::<Vec<_>>().join("\n").to_lowercase();
        some.iter().filter(|word| all.contains(**word)).count()
    };
    brief.items = parse_items("nastar 85rb, putri salju 90rb, bolu 40rb");
    assert_eq!(says(&brief), 0, "{:?}", answers(&brief));
    brief.items = parse_items("nastar 85rb, putri salju 90rb, bolu 40rb, lapis 100rb");
    assert_eq!(says(&brief), some.len(), "{:?}", answers(&brief));
}

#[test]
fn seeds_give_several_voices() {
    for trade in Trade::ALL {
        let brief = sample(trade, Language::Id);
        let plan = plan(&brief);
        for kind in SectionKind::ALL {
            let all: BTreeSet<_> =
                (0..60).map(|seed| write(&brief, &plan, kind, seed).heading).collect();
            assert!(all.len() >= 3, "{trade:?} {kind:?}: {all:?}");
        }
    }
}

#[test]
fn no_heading_is_one_of_two_families() {
    const KEYS: [&str; 11] = [
        "hero",
        "catalogue",
        "team",
        "testimonials",
        "gallery",
        "visit",
        "cta",
        "contact",
        "features",
        "steps",
        "faq",
    ];
    for (trade, language) in
        Trade::ALL.into_iter().flat_map(|one| [(one, Language::Id), (one, Language::En)])
    {
        let writing = Writing::of(&sample(trade, language), trade, 0);
        let mut whose = std::collections::BTreeMap::new();
        for key in KEYS {
            for line in writing.voice.lines(key, &writing.slots, MAX_HEADING_CHARS) {
                let other = *whose.entry(line.to_lowercase()).or_insert(key);
                assert_eq!(other, key, "{trade:?} {language:?}: {line:?}");
            }
        }
    }
}

#[test]
fn a_bare_brief_still_gets_a_site() {
    let brief = Brief::default();
    let plan = plan(&brief);
    let kinds = [SectionKind::Hero, SectionKind::Features, SectionKind::Cta, SectionKind::Contact];
    assert_eq!(plan.sections, kinds);
    for kind in plan.sections.clone() {
        assert!(!write(&brief, &plan, kind, 1).heading.is_empty());
    }
    assert!(!write(&brief, &plan, SectionKind::Contact, 1).action.contains("WhatsApp"));
}

#[test]
fn facts_decide_which_sections_there_are() {
    let mut brief = sample(Trade::Bakery, Language::Id);
    let kinds = plan(&brief).sections;
    assert_eq!((kinds[0], kinds[9]), (SectionKind::Hero, SectionKind::Contact));
    let all: std::collections::BTreeSet<_> = kinds.into_iter().collect();
    assert_eq!(all.len(), 10, "{all:?}");
    brief.items.clear();
    brief.photos.clear();
    brief.contact = None;
    let kinds = plan(&brief).sections;
    for gone in [
        SectionKind::Catalogue,
        SectionKind::Gallery,
        SectionKind::Steps,
        SectionKind::Faq,
        SectionKind::Visit,
    ] {
        assert!(!kinds.contains(&gone), "{gone:?}");
    }
}

#[test]
fn the_document_holds_the_facts_of_the_brief() {
    let brief = sample(Trade::Bakery, Language::Id);
    let plan = plan(&brief);
    let design =
        Design { theme: "t".into(), colour: "#aa3355".into(), seed: 3, ..Design::default() };
    let document =
        assemble(&brief, &plan, &BTreeMap::new(), meta(&brief, &plan, 3), design, |kind| {
            format!("{}-a", kind.slug())
        });
    assert_eq!(document.business.name, "Kue Ani");
    assert_eq!(document.business.trade_said, "toko kue");
    assert_eq!(document.business.items[0].price_rupiah, Some(85_000));
    assert_eq!(document.business.phone.as_deref(), Some("+6281234567890"));
    assert_eq!(document.business.photos[0].alt, "Foto dari Kue Ani");
    let ids: Vec<_> =
        document.pages[0].sections.iter().map(|section| section.id.as_str()).collect();
    let planned: Vec<_> = plan.sections.iter().map(|kind| kind.slug()).collect();
    assert_eq!(ids, planned);
    assert_eq!(document.pages[0].sections[0].words, write(&brief, &plan, SectionKind::Hero, 3));
}

/// Briefs as wild as an owner may make them.
fn briefs() -> impl Strategy<Value = Brief> {
    let text = "[A-Za-z0-9 .,'é-]{0,90}";
    let item =
        ("[A-Za-z ]{1,70}", proptest::option::of(1_i64..9_000_000)).prop_map(|(name, price)| {
            Item {
                name,
                price: price.map(|from| Price {
                    from: Rupiah(from),
                    to: None,
                    unit: None,
                    starts: false,
                }),
                note: None,
                photo: None,
            }
        });
    let contact =
        (any::<bool>(), proptest::option::of(text), proptest::option::of(text), any::<bool>())
            .prop_map(|(phone, address, city, hours)| Contact {
                phone: Phone::parse("0812-3456-7890").ok().filter(|_| phone),
                address,
                city,
                hours: Hours::parse("senin-jumat 8-5, minggu 9-12").filter(|_| hours),
                ..Contact::default()
            });
    (
        (any::<bool>(), 0..Trade::ALL.len(), text, proptest::option::of(text)),
        proptest::collection::vec(item, 0..6),
        proptest::option::of(contact),
        proptest::collection::vec(text, 0..4),
        any::<bool>(),
    )
        .prop_map(|((english, trade, name, audience), items, contact, notes, photos)| Brief {
            language: if english { Language::En } else { Language::Id },
            trade: Some(Answer::new(Trade::ALL[trade], name.clone())),
            name: Some(Answer::new(name.clone(), name)),
            audience: audience.map(|audience| Answer::new(audience.clone(), audience)),
            items,
            contact: contact.map(|contact| Answer::new(contact, "")),
            notes,
            photos: if photos { vec![photo()] } else { Vec::new() },
            ..Brief::default()
        })
}

fn assert_fits(words: &Words) {
    let chars = |text: &str| text.chars().count();
    assert!((1..=MAX_HEADING_CHARS).contains(&chars(&words.heading)), "{}", words.heading);
    assert!(chars(&words.lead) <= MAX_LEAD_CHARS && chars(&words.action) <= MAX_ACTION_CHARS);
    assert!(words.points.iter().all(|point| {
        (1..=MAX_HEADING_CHARS).contains(&chars(&point.title))
            && (1..=MAX_LEAD_CHARS).contains(&chars(&point.text))
    }));
    let paragraph = |text: &String| (1..=MAX_PARAGRAPH_CHARS).contains(&chars(text));
    assert!(words.paragraphs.iter().all(paragraph));
}

/// Runs of digits without leading zeros.
fn numbers(text: &str) -> BTreeSet<String> {
    let groups = text.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty());
    groups.map(|group| group.trim_start_matches('0').to_owned()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn limits_hold_and_nothing_is_invented(brief in briefs(), seed: u32) {
        let plan = plan(&brief);
        let mut told = vec!["0812-3456-7890 8 00 17 9 12".to_owned()];
        told.extend(brief.name.iter().map(|name| name.value.clone()));
        told.extend(brief.audience.iter().map(|audience| audience.value.clone()));
        told.extend(brief.notes.iter().cloned());
        let prices = brief.items.iter().filter_map(|item| item.price.as_ref());
        told.extend(prices.map(Price::to_string));
        if let Some(contact) = &brief.contact {
            told.extend(contact.value.address.iter().chain(&contact.value.city).cloned());
        }
        let told = numbers(&told.join("\n"));
        for kind in SectionKind::ALL {
            let words = write(&brief, &plan, kind, seed);
            assert_fits(&words);
            prop_assert_eq!(&words, &write(&brief, &plan, kind, seed));
        }
        let meta = meta(&brief, &plan, seed);
        prop_assert!((1..=MAX_TITLE_CHARS).contains(&meta.title.chars().count()));
        prop_assert!((1..=MAX_DESCRIPTION_CHARS).contains(&meta.description.chars().count()));
        let text = site(&brief, seed);
        prop_assert!(!text.contains(['{', '}']), "{text}");
        prop_assert!(numbers(&text).is_subset(&told), "{text}");
    }
}

#[test]
fn services_with_prices_are_a_price_list_and_goods_are_a_catalogue() {
    let mut laundry = sample(Trade::Laundry, Language::Id);
    laundry.items = parse_items("cuci kering 7rb/kg, setrika 5rb/kg");
    assert_eq!(list_of(&laundry), Some(SectionKind::Prices));
    laundry.items[0].photo = Some(photo().id);
    assert_eq!(list_of(&laundry), Some(SectionKind::Catalogue));
    let mut bakery = sample(Trade::Bakery, Language::Id);
    assert_eq!(list_of(&bakery), Some(SectionKind::Catalogue));
    bakery.items.clear();
    assert_eq!(list_of(&bakery), None);
}

#[test]
fn names_side_by_side_begin_alike() {
    let listed = |items: &str| -> String {
        let brief = Brief { items: parse_items(items), ..sample(Trade::Food, Language::Id) };
        (0..20).map(|seed| site(&brief, seed)).collect()
    };
    let mixed = listed("Nasi box 25rb, Indomie goreng 12rb");
    assert!(mixed.contains("Nasi box dan Indomie goreng"), "{mixed}");
    assert!(!mixed.contains("nasi box dan Indomie"), "{mixed}");
    assert!(!mixed.contains("nasi box Rp25.000 dan Indomie"), "{mixed}");
    let common = listed("Nasi box 25rb, Tumpeng 300rb");
    assert!(common.contains("nasi box dan tumpeng"), "{common}");
}
