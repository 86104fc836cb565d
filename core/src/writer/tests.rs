use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::brief::{
    Answer, Contact, Hours, Item, Language, Phone, Photo, PhotoId, Price, Rgb, Rupiah, parse_items,
};
use crate::site::document::Design;

/// A full brief of each trade, in the words of an owner.
fn sample(trade: Trade, language: Language) -> Brief {
    let (name, said, items, audience, city, note) = match (trade, language) {
        (Trade::Food, Language::Id) => (
            "Kopi Senja",
            "kedai kopi",
            "Kopi susu 18rb, Americano 15rb",
            "anak muda dan pekerja",
            "Bandung",
            "Kami juga menerima pesanan untuk rapat",
        ),
        (Trade::Food, Language::En) => (
            "Kopi Senja",
            "coffee shop",
            "Iced latte 28k, Americano 22k",
            "students",
            "Bandung",
            "We also take orders for meetings",
        ),
        (Trade::Bakery, Language::Id) => (
            "Kue Ani",
            "toko kue",
            "Nastar 85rb/toples, Putri salju 90rb/toples",
            "ibu-ibu arisan",
            "Cimahi",
            "Pesanan dibuat setelah dikonfirmasi",
        ),
        (Trade::Bakery, Language::En) => (
            "Ani Bakes",
            "bakery",
            "Nastar 85k, Brownies 65k",
            "families",
            "Cimahi",
            "Orders are baked after we confirm",
        ),
        (Trade::Fashion, _) => (
            "Distro Lentik",
            "distro",
            "Kaos polos 75rb, Jaket denim 250rb",
            "mahasiswa",
            "Malang",
            "Ukuran dari S sampai XL",
        ),
        (Trade::Salon, _) => (
            "Salon Melati",
            "salon",
            "Creambath 60rb, Potong rambut 40rb",
            "perempuan",
            "Solo",
            "Tersedia ruang tertutup",
        ),
        (Trade::Laundry, _) => (
            "Bersih Wangi",
            "laundry",
            "Cuci kering 7rb/kg, Setrika 5rb/kg",
            "anak kos",
            "Depok",
            "Kami dekat kampus",
        ),
        (Trade::Workshop, _) => (
            "Bengkel Jaya",
            "bengkel motor",
            "Ganti oli 50rb, Servis ringan 75rb",
            "pengendara motor",
            "Bekasi",
            "Menerima motor matik",
        ),
        (Trade::Clinic, _) => (
            "Klinik Gigi Senyum",
            "klinik gigi",
            "Scaling 250rb, Tambal gigi 200rb",
            "keluarga",
            "Semarang",
            "Pasien diharapkan datang sesuai janji",
        ),
        (Trade::Tutoring, _) => (
            "Rumah Pintar",
            "bimbel",
            "Les matematika 300rb sebulan, Les bahasa Inggris 350rb sebulan",
            "siswa SD dan SMP",
            "Bogor",
            "Belajar dalam kelompok kecil",
        ),
        (Trade::Photography, _) => (
            "Jendela Foto",
            "fotografer",
            "Foto wisuda 350rb, Foto keluarga 500rb",
            "keluarga muda",
            "Yogyakarta",
            "Bisa di studio atau di luar ruangan",
        ),
        (Trade::Events, _) => (
            "Rona Dekor",
            "dekorasi",
            "Dekorasi lamaran 2,5jt, Dekorasi ulang tahun 1,5jt",
            "calon pengantin",
            "Surabaya",
            "Menerima konsep dari pemilik acara",
        ),
        (Trade::Contractor, _) => (
            "Bangun Rapi",
            "renovasi rumah",
            "Cat rumah, Pasang keramik, Renovasi dapur",
            "pemilik rumah",
            "Tangerang",
            "Survei lokasi dengan janji",
        ),
        (Trade::Shop, _) => (
            "Toko Berkah",
            "toko kelontong",
            "Beras 14rb/kg, Minyak goreng 18rb, Gula 16rb",
            "warga sekitar",
            "Garut",
            "Menerima pembelian eceran",
        ),
        (Trade::Technology, _) => (
            "Klik Servis",
            "servis laptop",
            "Install ulang 100rb, Ganti keyboard 250rb",
            "pelajar dan kantor",
            "Medan",
            "Data pelanggan dicadangkan lebih dulu",
        ),
        (Trade::Other, _) => (
            "Sewa Lancar",
            "rental mobil",
            "Avanza 350rb/hari, Innova 500rb/hari",
            "wisatawan",
            "Denpasar",
            "Dengan atau tanpa sopir",
        ),
    };
    Brief {
        language,
        trade: Some(Answer::new(trade, said)),
        name: Some(Answer::new(name.into(), name)),
        audience: Some(Answer::new(audience.into(), audience)),
        features: None,
        items: parse_items(items),
        style: None,
        contact: Some(Answer::new(
            Contact {
                phone: Phone::parse("0812-3456-7890").ok(),
                address: Some("Jl. Merdeka No. 12".into()),
                city: Some(city.into()),
                hours: Hours::parse("senin-jumat 08.00-17.00, sabtu 08.00-12.00"),
                ..Contact::default()
            },
            "",
        )),
        notes: vec![note.into()],
        photos: vec![photo()],
    }
}

fn photo() -> Photo {
    let colour = Rgb { r: 10, g: 20, b: 30 };
    Photo { id: PhotoId("ab".repeat(32)), width_px: 800, height_px: 600, caption: None, colour }
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
    for language in Language::ALL {
        for trade in Trade::ALL {
            let brief = sample(trade, language);
            let plan = plan(&brief);
            for (seed, kind) in
                (0..12).flat_map(|seed| plan.sections.iter().map(move |k| (seed, k)))
            {
                let words = write(&brief, &plan, *kind, seed);
                assert_eq!(unproven(&words, &brief), Vec::<String>::new(), "{trade:?} {kind:?}");
            }
        }
    }
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
    assert_eq!(plan(&brief).sections, PAGE_ORDER);
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
    let design = Design { theme: "t".into(), colour: "#aa3355".into(), seed: 3 };
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
    assert_eq!(ids, PAGE_ORDER.map(SectionKind::slug));
    assert_eq!(document.pages[0].sections[0].words, write(&brief, &plan, SectionKind::Hero, 3));
}

/// Briefs as wild as an owner may make them.
fn briefs() -> impl Strategy<Value = Brief> {
    let text = "[A-Za-z0-9 .,'é-]{0,90}";
    let item =
        ("[A-Za-z ]{1,70}", proptest::option::of(1_i64..9_000_000)).prop_map(|(name, price)| {
            Item {
                name,
                price: price.map(|from| Price { from: Rupiah(from), to: None, unit: None }),
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
        told.extend(brief.items.iter().filter_map(|item| item.price.as_ref().map(Price::to_string)));
        for contact in &brief.contact {
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
