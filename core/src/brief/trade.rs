//! The trade in an owner's words.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::Trade;
use super::phrase::{Lexicon, words};

/// A phrase's trade, and whether any other phrase is better evidence.
type Meaning = (Trade, bool);

static LEXICON: LazyLock<Lexicon<Meaning>> = LazyLock::new(|| {
    let mut lists: BTreeMap<String, Vec<String>> =
        toml::from_str(include_str!("words/trades.toml")).expect("a test reads this file");
    let generic = lists.remove("generic").expect("a test reads this file");
    Lexicon::new(lists.into_iter().flat_map(|(slug, phrases)| {
        let trade = Trade::from_slug(&slug).expect("a test reads this file");
        let generic = generic.clone();
        phrases.into_iter().map(move |phrase| {
            let weak = generic.contains(&phrase);
            (phrase, (trade, weak))
        })
    }))
});

impl Trade {
    /// The trade a text speaks of: the longest known phrase wins, the first of equals; in long words
    /// one typing slip is forgiven when nothing matches as written.
    pub fn parse(text: &str) -> Option<Self> {
        let words = words(text);
        let hits = LEXICON.hits(&words);
        let strong = hits.iter().filter(|hit| !hit.value.1).map(|hit| (hit.chars, hit.value.0));
        let best = strong.reduce(|best, next| if next.0 > best.0 { next } else { best });
        best.map(|(_, trade)| trade)
            .or_else(|| LEXICON.nearly(&words).map(|hit| hit.value.0))
            .or_else(|| hits.first().map(|hit| hit.value.0))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rstest::rstest;

    use super::*;

    #[test]
    fn every_phrase_stands_in_one_list_and_is_folded() {
        let lists: BTreeMap<String, Vec<String>> =
            toml::from_str(include_str!("words/trades.toml")).unwrap();
        assert_eq!(lists.len(), Trade::ALL.len() + 1);
        let mut seen = HashSet::new();
        for (slug, phrases) in lists.iter().filter(|(slug, _)| *slug != "generic") {
            assert!(Trade::from_slug(slug).is_some(), "{slug}");
            for phrase in phrases {
                let folded: Vec<_> = words(phrase).into_iter().map(|word| word.text).collect();
                assert_eq!(&folded.join(" "), phrase);
                assert!(seen.insert(phrase.clone()), "{phrase} stands twice");
            }
        }
        for phrase in &lists["generic"] {
            assert!(seen.contains(phrase), "{phrase} has no trade");
        }
    }

    #[rstest]
    #[case("warkop", Trade::Food)]
    #[case("Kedai kopi kecil di pojokan", Trade::Food)]
    #[case("jualan seblak pedes", Trade::Food)]
    #[case("katering harian", Trade::Food)]
    #[case("toko kopi", Trade::Food)]
    #[case("café", Trade::Food)]
    #[case("bikin web toko kue Ani", Trade::Bakery)]
    #[case("Toko Roti", Trade::Bakery)]
    #[case("home bakery, cookies & cakes", Trade::Bakery)]
    #[case("jual hijab", Trade::Fashion)]
    #[case("distro", Trade::Fashion)]
    #[case("toko tas", Trade::Fashion)]
    #[case("toko sepatu", Trade::Fashion)]
    #[case("barbershop", Trade::Salon)]
    #[case("pangkas rambut", Trade::Salon)]
    #[case("barber shop for men", Trade::Salon)]
    #[case("londri kiloan", Trade::Laundry)]
    #[case("laundri sepatu", Trade::Laundry)]
    #[case("bengkel motor", Trade::Workshop)]
    #[case("tambal ban", Trade::Workshop)]
    #[case("bengkle", Trade::Workshop)]
    #[case("klinik gigi", Trade::Clinic)]
    #[case("praktek bidan", Trade::Clinic)]
    #[case("dokter hewan", Trade::Clinic)]
    #[case("les privat matematika", Trade::Tutoring)]
    #[case("bimbel SD", Trade::Tutoring)]
    #[case("kursus bahasa inggris", Trade::Tutoring)]
    #[case("fotografer wedding", Trade::Photography)]
    #[case("fotogrefer", Trade::Photography)]
    #[case("jasa dekorasi", Trade::Events)]
    #[case("wedding organizer", Trade::Events)]
    #[case("tukang bangunan", Trade::Contractor)]
    #[case("jasa renovasi rumah", Trade::Contractor)]
    #[case("toko kelontong", Trade::Shop)]
    #[case("toko", Trade::Shop)]
    #[case("jual tanaman hias", Trade::Shop)]
    #[case("servis hp", Trade::Technology)]
    #[case("software house", Trade::Technology)]
    #[case("rental mobil", Trade::Other)]
    #[case("kos putri", Trade::Other)]
    fn a_trade_is_read_from_its_words(#[case] text: &str, #[case] trade: Trade) {
        assert_eq!(Trade::parse(text), Some(trade));
    }

    #[rstest]
    #[case("")]
    #[case("banyak")]
    #[case("halo kak selamat siang")]
    #[case("🍰")]
    fn a_text_without_a_trade_has_none(#[case] text: &str) {
        assert_eq!(Trade::parse(text), None);
    }
}
