//! Rupiah amounts and prices.

use std::fmt;
use std::ops::Range;

use super::amount::{Amount, MAX_RUPIAH, amount_at, plausible_bare, spoken_at};
use super::phrase::words;
use super::units::{is_known_unit, is_small_piece, unit_behind, with_unit};
use super::{Found, Language};

/// Smallest bare number that is a price when it is the whole answer.
const MIN_BARE: i64 = 100;
/// Smallest bare number that is a price before a unit: "850/biji".
const MIN_PER_PIECE: i64 = 500;
/// The same where the unit is one of many small things: "250/lembar".
const MIN_PER_SMALL_PIECE: i64 = 50;
/// Whole Rupiah. Never fractional, never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Rupiah(pub i64);

impl Rupiah {
    /// The one amount a text speaks of: "25rb", "1,5jt", "Rp 10.000,-", "goceng". `None` when there
    /// is none, more than one, or a range.
    pub fn parse(text: &str) -> Option<Self> {
        let price = Price::parse(text)?;
        price.to.is_none().then_some(price.from)
    }
}

impl Rupiah {
    /// As a language groups digits: `Rp25.000` in Indonesian, `Rp25,000` in English.
    pub fn shown(self, language: Language) -> String {
        let mark = match language {
            Language::Id => '.',
            Language::En => ',',
        };
        let digits = self.0.to_string();
        let mut text = String::from("Rp");
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(mark);
            }
            text.push(digit);
        }
        text
    }
}

impl fmt::Display for Rupiah {
    /// `Rp25.000`, as Indonesian shops write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown(Language::Id))
    }
}

/// What something costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// The price, or the lower end of a range.
    pub from: Rupiah,
    /// The upper end of a range.
    pub to: Option<Rupiah>,
    /// What it is for, such as "kg"; shown after a slash.
    pub unit: Option<String>,
    /// Said as the least it costs: "mulai 25rb". Never together with an upper end.
    pub starts: bool,
}

impl Price {
    /// The one price a text speaks of; `None` when there is none or more than one.
    ///
    /// A text that is nothing but a number from 100 up is a price too.
    pub fn parse(text: &str) -> Option<Self> {
        let mut found = find_prices(text);
        if found.len() == 1 {
            return found.pop().map(|found| found.value);
        }
        let lower = text.trim().to_ascii_lowercase();
        if !found.is_empty() || lower.is_empty() {
            return None;
        }
        let amount = amount_at(&lower, 0)?;
        let whole = amount.range.end == lower.len() && amount.value >= MIN_BARE;
        whole.then_some(Self { from: Rupiah(amount.value), to: None, unit: None, starts: false })
    }
}

impl Price {
    /// As a language writes it: `Rp10.000–Rp15.000/kg`, `mulai Rp25.000`, `from Rp25,000`.
    pub fn shown(&self, language: Language) -> String {
        let mut text = match (self.starts && self.to.is_none(), language) {
            (false, _) => String::new(),
            (true, Language::Id) => "mulai ".to_owned(),
            (true, Language::En) => "from ".to_owned(),
        };
        text.push_str(&self.from.shown(language));
        if let Some(to) = self.to {
            text.push('–');
            text.push_str(&to.shown(language));
        }
        if let Some(unit) = &self.unit {
            text.push('/');
            text.push_str(unit);
        }
        text
    }

    /// Whether it is one exact amount.
    pub fn is_exact(&self) -> bool {
        self.to.is_none() && !self.starts
    }
}

impl fmt::Display for Price {
    /// `Rp10.000–Rp15.000/kg`, as Indonesian shops write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown(Language::Id))
    }
}

/// Every price in a text, from left to right, with its unit in the byte range.
pub fn find_prices(text: &str) -> Vec<Found<Price>> {
    graded_prices(text).into_iter().map(|(found, _)| found).collect()
}

/// Every price, and whether a currency, magnitude or slang word makes it surely one.
pub(super) fn graded_prices(text: &str) -> Vec<(Found<Price>, bool)> {
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut floor = 0;
    for first in amounts(&lower) {
        if first.range.start < floor {
            continue;
        }
        let (price, range) = priced(&lower, &first);
        let per_piece = lower[range.end..].starts_with('/')
            && unit_behind(&lower[range.end..]).is_some_and(|(unit, _)| {
                let small = is_small_piece(&unit) && first.value >= MIN_PER_SMALL_PIECE;
                small || is_known_unit(&unit) && first.value >= MIN_PER_PIECE
            });
        if !(first.sure || price.to.is_some() || per_piece || plausible_bare(&lower, &first)) {
            continue;
        }
        let (unit, range) = with_unit(&lower, range, floor);
        floor = range.end;
        let sure = first.sure || price.to.is_some();
        found.push((Found { value: Price { unit, ..price }, range }, sure));
    }
    found
}

/// Amounts in a text, sure or not, as written or spoken; they may overlap only as parts of ranges.
fn amounts(lower: &str) -> Vec<Amount> {
    let mut found = Vec::new();
    let mut end = 0;
    let bytes = lower.as_bytes();
    let all = words(lower);
    for at in 0..all.len() {
        let start = all[at].range.start;
        let before = start.checked_sub(1).map(|at| bytes[at]);
        let within = before == Some(b'+')
            || (matches!(before, Some(b'.' | b','))
                && start >= 2
                && bytes[start - 2].is_ascii_digit());
        if start < end || within {
            continue;
        }
        let amount =
            amount_at(lower, start).or_else(|| spoken_at(&all, at).map(|(amount, _)| amount));
        if let Some(amount) = amount {
            end = amount.range.end;
            found.push(amount);
        }
    }
    found
}

/// The price that begins with an amount: alone, or as the lower end of a range.
fn priced(lower: &str, first: &Amount) -> (Price, Range<usize>) {
    let single =
        Price { from: Rupiah(first.value), to: None, unit: None, starts: starts_at(lower, first) };
    let Some((second, spaced)) = upper_end(lower, first) else {
        return (single, first.range.clone());
    };
    let whole = first.range.start..second.range.end;
    let read_as = |amount: &Amount, magnitude: i64| amount.number.and_then(|n| n.times(magnitude));
    let (from, to) = match (first.sure, second.sure) {
        // "10-15rb": the magnitude stands once, behind both.
        (false, true) if first.value < 1_000 => {
            (read_as(first, second.magnitude), Some(second.value))
        }
        (true, false) if second.value < 1_000 && !spaced => {
            (Some(first.value), read_as(&second, first.magnitude))
        }
        (true, true) => (Some(first.value), Some(second.value)),
        // "Rp10.000 - 15.000": the currency stands once, before both.
        (true, false) | (false, true) => (Some(first.value), Some(second.value)),
        (false, false) => {
            let both = plausible_bare(lower, first) && plausible_bare(lower, &second);
            (both.then_some(first.value), both.then_some(second.value))
        }
    };
    match (from, to) {
        (Some(from), Some(to)) if from < to && to <= MAX_RUPIAH => {
            let (from, to) = (Rupiah(from), Some(Rupiah(to)));
            (Price { from, to, unit: None, starts: false }, whole)
        }
        (Some(from), Some(to)) if from == to => (Price { from: Rupiah(from), ..single }, whole),
        _ => (single, first.range.clone()),
    }
}

/// Whether the words before an amount make it the least of several: "mulai dari Rp25.000".
fn starts_at(lower: &str, first: &Amount) -> bool {
    const BEGINNERS: [&str; 5] = ["mulai", "mulainya", "start", "starts", "starting"];
    const TOUCHING: [&str; 4] = ["from", "dari", "minimal", "minimum"];
    const MOST_LEAD_WORDS: usize = 2;
    let before = words(&lower[..first.range.start]);
    let last = before.iter().rev().find(|word| word.text != "rp");
    if last.is_some_and(|word| TOUCHING.contains(&word.text.as_str())) {
        return true;
    }
    let mut near = before.iter().rev().filter(|word| word.text != "rp").take(MOST_LEAD_WORDS);
    near.any(|word| BEGINNERS.contains(&word.text.as_str()))
}

/// The amount behind a range sign, and whether spaces stood around the sign.
fn upper_end(lower: &str, first: &Amount) -> Option<(Amount, bool)> {
    const SIGNS: [&str; 13] = [
        "s/d", "s.d.", "s.d", "sd", "sampai", "sampe", "hingga", "until", "to", "-", "–", "—", "~",
    ];
    let rest = &lower[first.range.end..];
    let trimmed = rest.trim_start_matches(' ');
    let sign = SIGNS.into_iter().find(|sign| trimmed.starts_with(sign))?;
    let after = &trimmed[sign.len()..];
    let behind = after.trim_start_matches(' ');
    let spaced = trimmed.len() < rest.len() || behind.len() < after.len();
    let second = amount_at(lower, lower.len() - behind.len())?;
    Some((second, spaced))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("25rb", 25_000)]
    #[case("25 ribu", 25_000)]
    #[case("25.000", 25_000)]
    #[case("25000", 25_000)]
    #[case("25,000", 25_000)]
    #[case("Rp25.000", 25_000)]
    #[case("Rp 10.000,-", 10_000)]
    #[case("rp. 10.000", 10_000)]
    #[case("Rp10.000,00", 10_000)]
    #[case("IDR 10,000", 10_000)]
    #[case("IDR 10,000.00", 10_000)]
    #[case("10k", 10_000)]
    #[case("2.5k", 2_500)]
    #[case("1,5jt", 1_500_000)]
    #[case("1.5 juta", 1_500_000)]
    #[case("1.250 juta", 1_250_000)]
    #[case("Rp1,25 juta", 1_250_000)]
    #[case("1 juta 250 ribu", 1_250_000)]
    #[case("2 miliar", 2_000_000_000)]
    #[case("25ribuan", 25_000)]
    #[case("25rb-an", 25_000)]
    #[case("goceng", 5_000)]
    #[case("ceban aja", 10_000)]
    #[case("gocap", 50_000)]
    #[case("cepek", 100_000)]
    #[case("seceng", 1_000)]
    #[case("noban", 20_000)]
    #[case("dua puluh lima ribu", 25_000)]
    #[case("lima belas ribu lima ratus", 15_500)]
    #[case("seratus dua puluh ribu", 120_000)]
    #[case("satu juta dua ratus ribu", 1_200_000)]
    #[case("setengah juta", 500_000)]
    #[case("dua juta setengah", 2_500_000)]
    #[case("2 juta setengah", 2_500_000)]
    #[case("dua juta setengah hari", 2_000_000)]
    #[case("sejuta setengah", 1_500_000)]
    #[case("sewa 2 juta setengah, bulan depan naik", 2_500_000)]
    #[case("sapi 1 ekor 20 juta setengah ekor", 20_000_000)]
    #[case("sejuta", 1_000_000)]
    #[case("harganya 25rb aja kak", 25_000)]
    #[case("12500", 12_500)]
    #[case("350", 350)]
    #[case("100.000.000.000", 100_000_000_000)]
    fn an_amount_is_read_as_people_write_it(#[case] text: &str, #[case] rupiah: i64) {
        assert_eq!(Rupiah::parse(text), Some(Rupiah(rupiah)));
    }

    #[rstest]
    #[case("")]
    #[case("25")]
    #[case("99")]
    #[case("Rp0")]
    #[case("gratis")]
    #[case("08123456789")]
    #[case("0812-3456-7890")]
    #[case("11.30")]
    #[case("jam 9")]
    #[case("500 gram")]
    #[case("sejak 2000")]
    #[case("Jl. Merdeka No. 100")]
    #[case("10rb atau 15rb")]
    #[case("1.500rb")]
    #[case("1,2,3")]
    #[case("100.000.000.001")]
    #[case("99999999999999999999999")]
    #[case("30%")]
    fn what_is_no_single_amount_is_not_one(#[case] text: &str) {
        assert_eq!(Rupiah::parse(text), None);
    }

    #[rstest]
    #[case("10-15rb", "Rp10.000–Rp15.000")]
    #[case("10rb s/d 15rb", "Rp10.000–Rp15.000")]
    #[case("10rb-15", "Rp10.000–Rp15.000")]
    #[case("Rp10.000 - 15.000", "Rp10.000–Rp15.000")]
    #[case("10rb sampai 15rb per porsi", "Rp10.000–Rp15.000/porsi")]
    #[case("1 - 2,5jt", "Rp1.000.000–Rp2.500.000")]
    #[case("85rb/kg", "Rp85.000/kg")]
    #[case("85rb per kg", "Rp85.000/kg")]
    #[case("85rb sekilo", "Rp85.000/kg")]
    #[case("sekilo 85rb", "Rp85.000/kg")]
    #[case("per kg 85rb", "Rp85.000/kg")]
    #[case("2000/pcs", "Rp2.000/pcs")]
    #[case("150rb / 3 jam", "Rp150.000/3 jam")]
    #[case("mulai dari 25rb", "mulai Rp25.000")]
    #[case("mulai Rp 25.000/kg", "mulai Rp25.000/kg")]
    #[case("mulai 25rb sampai 40rb", "Rp25.000–Rp40.000")]
    #[case("dari 25rb sampai 40rb", "Rp25.000–Rp40.000")]
    #[case("300rb sebulan", "Rp300.000/bulan")]
    fn a_price_keeps_range_and_unit(#[case] text: &str, #[case] shown: &str) {
        assert_eq!(Price::parse(text).map(|price| price.to_string()).as_deref(), Some(shown));
    }

    #[test]
    fn each_language_groups_digits_its_own_way() {
        let price = Price::parse("mulai 1,5jt/hari").unwrap();
        assert_eq!(price.shown(Language::Id), "mulai Rp1.500.000/hari");
        assert_eq!(price.shown(Language::En), "from Rp1,500,000/hari");
        assert_eq!(Rupiah(500).shown(Language::En), "Rp500");
    }

    #[test]
    fn prices_in_a_sentence_are_found_in_place() {
        let text = "Nastar 85rb sm putri salju 90rb/toples, WA 0812-3456-7890 buka jam 8";
        let found: Vec<_> = find_prices(text).into_iter().map(|f| &text[f.range]).collect();
        assert_eq!(found, ["85rb", "90rb/toples"]);
    }

    proptest! {
        #[test]
        fn no_text_upsets_it(text in "\\PC{0,80}") {
            for found in find_prices(&text) {
                prop_assert!(text.get(found.range).is_some());
                prop_assert!((1..=MAX_RUPIAH).contains(&found.value.from.0));
            }
            // Whatever it answers: it must not panic.
            let _ = Price::parse(&text);
        }

        #[test]
        fn no_market_talk_upsets_it(
            text in "((rp|k|rb|jt|ribu|sekilo|per|sd|juta|[0-9]{1,4}|[.,/ –é-]){1,3} ?){1,12}"
        ) {
            for found in find_prices(&text) {
                prop_assert!(text.get(found.range).is_some());
            }
        }

        #[test]
        fn what_is_shown_is_read_back(amount in 1..=MAX_RUPIAH) {
            prop_assert_eq!(Rupiah::parse(&Rupiah(amount).to_string()), Some(Rupiah(amount)));
        }
    }
}
