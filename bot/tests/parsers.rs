//! Properties of understanding: no text upsets a step, and what is said back is read as it was meant.

#[expect(dead_code, reason = "each test file uses a part")]
mod support;

use proptest::prelude::*;
use sitespark_core::brief::{Hours, Language, Phone, Price};
use support::Chat;

/// What people type, in scraps that can stand in any order.
const SCRAPS: [&str; 40] = [
    "kak",
    "gak ada",
    "wa",
    "0812 3456 7890",
    "eh salah",
    "bukan",
    "yang",
    "nomor 2",
    "warna",
    "pink",
    "jual",
    "nastar 85rb",
    "namanya",
    "Ani's Cookies",
    "di Bandung",
    "jl melati 5",
    "buka",
    "senin-jumat",
    "8-17",
    "ig @kopi",
    "terserah",
    "wkwk",
    "goblok",
    "berapa lama?",
    "menu",
    "foto2",
    "hapus",
    "ganti",
    "1 dan 3",
    "👍",
    "1️⃣",
    "nggih",
    "\n",
    ",",
    "?",
    "@",
    "Rp",
    "toko kue",
    "maksudnya",
    "\u{202e}",
];

fn scraps() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(SCRAPS.to_vec()), 1..9)
        .prop_map(|scraps| scraps.join(" "))
}

/// A chat whose summary is shown.
fn summary() -> Chat {
    let mut chat = Chat::new(Language::Id);
    chat.text("bikin web toko kue Ani, jual bolu 40rb, warna pink, WA 0812 3456 7890");
    chat.text("ibu-ibu");
    chat.text("menu");
    assert_eq!(chat.state.name(), "confirming", "{}", chat.log);
    chat
}

fn hours(chat: &Chat) -> Option<Hours> {
    chat.state.brief()?.contact.as_ref()?.value.hours.clone()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_run_of_scraps_upsets_a_conversation(texts in prop::collection::vec(scraps(), 1..8)) {
        let mut chat = Chat::new(Language::Id);
        for text in texts {
            chat.log.clear();
            chat.text(&text);
            prop_assert!(chat.log.contains("  | ") || chat.log.contains("  ("), "silence: {text}");
        }
    }

    #[test]
    fn hours_said_back_are_read_as_the_same(
        first in 0_usize..7, last in 0_usize..7, opens in 6_u16..12, closes in 13_u16..24
    ) {
        const DAYS: [&str; 7] = ["senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu"];
        let mut chat = summary();
        chat.log.clear();
        chat.text(&format!("buka {}-{} {opens:02}.00-{closes:02}.00", DAYS[first], DAYS[last]));
        let told = hours(&chat);
        prop_assert!(told.is_some(), "{}", chat.log);
        let line = chat.log.lines().filter(|line| line.contains("| Kontak:")).find_map(|line| {
            line.find("buka ").map(|at| line[at..].to_owned())
        });
        let line = line.expect("the summary says the hours");
        chat.text(&line);
        prop_assert_eq!(hours(&chat), told, "{}", chat.log);
    }

    #[test]
    fn a_phone_said_back_is_the_same(digits in "08[1-9][0-9]{8,9}") {
        if let Ok(phone) = Phone::parse(&digits) {
            prop_assert_eq!(Phone::parse(&phone.national()), Ok(phone));
        }
    }

    #[test]
    fn a_price_said_back_is_the_same(from in 5_i64..900, more in 1_i64..90, unit in "(|kg|bulan|porsi|orang)") {
        let unit = if unit.is_empty() { String::new() } else { format!("/{unit}") };
        for text in [format!("{from}rb{unit}"), format!("{from}-{}rb{unit}", from + more)] {
            let price = Price::parse(&text);
            prop_assert!(price.is_some(), "{text}");
            let again = price.as_ref().and_then(|price| Price::parse(&price.to_string()));
            prop_assert_eq!(again, price);
        }
    }
}
