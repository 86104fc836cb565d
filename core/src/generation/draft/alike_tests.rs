//! Two hundred shops as the built-in path draws them: none may look like another.

use super::*;
use crate::brief::{Answer, Contact, Item, Phone, Price, Rgb, Rupiah, Style, Tone, Trade};
use crate::site::likeness::distance;

const SITES: usize = 200;
/// The least distance of any two of them.
const APART_AT_LEAST: f32 = 0.10;
/// The distance that half of all pairs exceed.
const MEDIAN_AT_LEAST: f32 = 0.5;

const FIRST: [&str; 10] =
    ["Kue", "Toko", "Rumah", "Dapur", "Sumber", "Griya", "Mitra", "Karya", "Sinar", "Warung"];
const SECOND: [&str; 20] = [
    "Ani", "Budi", "Citra", "Dewi", "Eka", "Fitri", "Gilang", "Hasan", "Indah", "Joko", "Kartika",
    "Lestari", "Maju", "Nusa", "Oki", "Putri", "Rahayu", "Sari", "Tirta", "Utama",
];
/// What owners like to say: pink, red, green, black, gold, blue.
const COLOURS: [u32; 6] = [0xec_4899, 0xdc_2626, 0x15_803d, 0x11_1111, 0xca_8a04, 0x25_63eb];

/// The shop of a number: trades in turn, every third with a colour of its own, every fifth with a tone.
fn shop(number: usize) -> Brief {
    let trade = Trade::ALL[number % Trade::ALL.len()];
    let name = format!("{} {}", FIRST[number % 10], SECOND[number / 10]);
    let colour = number.is_multiple_of(3).then(|| {
        let [_, r, g, b] = COLOURS[number / 3 % COLOURS.len()].to_be_bytes();
        Rgb { r, g, b }
    });
    let tone = number.is_multiple_of(5).then(|| Tone::ALL[number / 5 % Tone::ALL.len()]);
    let item = |name: &str, rupiah| Item {
        name: name.to_owned(),
        price: Some(Price { from: Rupiah(rupiah), to: None, unit: None, starts: false }),
        note: None,
        photo: None,
    };
    let contact = Contact {
        phone: Phone::parse("0812-3456-7890").ok(),
        city: Some("Bandung".to_owned()),
        ..Contact::default()
    };
    Brief {
        trade: Some(Answer::new(trade, trade.slug())),
        name: Some(Answer::new(name.clone(), name)),
        items: vec![item("Biasa", 20_000), item("Istimewa", 45_000), item("Besar", 90_000)],
        style: Some(Answer::new(Style { tone, colour }, "")),
        contact: Some(Answer::new(contact, "")),
        ..Brief::default()
    }
}

#[test]
fn no_two_of_two_hundred_shops_look_alike() {
    let shops: Vec<Brief> = (0..SITES).map(shop).collect();
    let sites: Vec<Document> = shops.iter().map(built_in_document).collect();
    let mut pairs = Vec::with_capacity(SITES * (SITES - 1) / 2);
    for (at, one) in sites.iter().enumerate() {
        for (other_at, other) in sites.iter().enumerate().skip(at + 1) {
            pairs.push((distance(one, other), at, other_at));
        }
    }
    pairs.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (nearest, median) = (pairs[0], pairs[pairs.len() / 2].0);
    let theme = |at: usize| sites[at].design.theme.as_str();
    let told = format!(
        "of {} pairs: least {:.3} ({} {} and {} {}), median {median:.3}",
        pairs.len(),
        nearest.0,
        sites[nearest.1].business.name,
        theme(nearest.1),
        sites[nearest.2].business.name,
        theme(nearest.2)
    );
    println!("{told}");
    assert!(nearest.0 >= APART_AT_LEAST && median >= MEDIAN_AT_LEAST, "{told}");
}

#[test]
fn the_two_hundred_use_most_themes_and_all_pass_the_gate() {
    let place = crate::site::Place {
        origin: "https://toko.example.id".to_owned(),
        operator: "SiteSpark".to_owned(),
        updated_at_ms: 0,
    };
    let mut used = std::collections::BTreeSet::new();
    for document in (0..SITES).map(shop).map(|brief| built_in_document(&brief)) {
        let built = crate::site::compile_pages(&document, &place).unwrap();
        assert_eq!(crate::site::gate::check(&document, &built), vec![], "{:?}", document.design);
        used.insert(document.design.theme);
    }
    assert!(used.len() * 3 >= crate::site::themes().len() * 2, "{}", used.len());
}
