//! "belakangnya 3319 bukan 3391": a number put right by some of its digits.

use std::ops::RangeInclusive;

use sitespark_core::brief::Phone;

use super::words::{canonical, knows_part, mentions, normalise};

/// Digits at the end of a number that somebody may name.
const END: RangeInclusive<usize> = 2..=6;
/// Fewest digits that tell a place in the middle of one.
const MIN_INNER_DIGITS: usize = 4;
/// Lists whose words may stand around the digits: whoever says more may speak of something else.
const BESIDE: [&str; 11] = [
    "digit-end",
    "digit-words",
    "phone-words",
    "correction",
    "interjection",
    "courtesy",
    "politeness",
    "connectors",
    "right-words",
    "wrong-words",
    "old-price",
];

/// The number that is meant; `known` is the one that was told.
pub(crate) fn mended(text: &str, known: &Phone) -> Option<Phone> {
    let (figures, words): (Vec<&str>, Vec<&str>) = text
        .split_whitespace()
        .map(|word| word.trim_end_matches([',', '.', '!']))
        .partition(|word| word.contains(|c: char| c.is_ascii_digit()));
    let plain = normalise(text);
    let of_end = mentions("digit-end", &plain);
    // "4 angka terakhir": how many there are is none of them.
    let counted = |word: &&&str| !(of_end && word.len() == 1);
    let figures: Vec<&str> = figures.iter().filter(counted).copied().collect();
    let is_part =
        |word: &&str| word.bytes().all(|b| b.is_ascii_digit()) && END.contains(&word.len());
    if !figures.iter().all(is_part) || !words.iter().all(|word| is_beside(word)) {
        return None;
    }
    let digits = known.wa_digits();
    let told = match figures[..] {
        [end] if of_end => format!("{}{end}", digits.get(..digits.len().checked_sub(end.len())?)?),
        [first, second] if mentions("old-price", &plain) || mentions("right-words", &plain) => {
            let of_number = of_end || mentions("phone-words", &plain);
            let place = |part: &str| place(digits, part, of_number);
            match (place(first), place(second)) {
                (Some(at), None) => exchanged(digits, (at, first.len()), second),
                (None, Some(at)) => exchanged(digits, (at, second.len()), first),
                _ => return None,
            }
        }
        _ => return None,
    };
    let meant = Phone::parse(&format!("+{told}")).ok()?;
    (meant != *known).then_some(meant)
}

fn is_beside(word: &str) -> bool {
    let plain = canonical(&normalise(word));
    plain.split(' ').all(|word| word.is_empty() || BESIDE.iter().any(|list| knows_part(list, word)))
}

/// Where a number has these digits: at its end, or once within, where a number is spoken of.
fn place(number: &str, part: &str, of_number: bool) -> Option<usize> {
    if number.ends_with(part) && part.len() > *END.start() {
        return Some(number.len() - part.len());
    }
    let mut places = number.match_indices(part);
    let (at, _) = places.next().filter(|_| of_number && part.len() >= MIN_INNER_DIGITS)?;
    places.next().is_none().then_some(at)
}

fn exchanged(number: &str, (at, len): (usize, usize), part: &str) -> String {
    format!("{}{part}{}", &number[..at], &number[at + len..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("eh belakangnya 3319 bukan 3391", Some("+6281234563319"))]
    #[case("bukan 3391, 3319 kak", Some("+6281234563319"))]
    #[case("wa nya salah, ujungnya 3319", Some("+6281234563319"))]
    #[case("sorry, the last digits are 3319 not 3391", Some("+6281234563319"))]
    #[case("dua angka terakhir 19 ya", Some("+6281234563319"))]
    #[case("4 digit terakhir 3319", Some("+6281234563319"))]
    #[case("nomornya 2435 harusnya bukan 2345", Some("+6281243563391"))]
    #[case("sale ends in 10 days", None)]
    #[case("The tour ends in Ubud, 12 people max", None)]
    #[case("our season ends in 2025", None)]
    #[case("hapus dua terakhir, sisakan 10", None)]
    #[case("toko pindah, belakangnya indomaret 24 jam", None)]
    #[case("alamat jl kenanga no 123 bukan 125", None)]
    #[case("no 123 bukan 125", None)]
    #[case("The room should be Rp 345.000 per night from 012", None)]
    #[case("paket 345 harusnya 500", None)]
    #[case("75rb bukan 3391", None)]
    #[case("belakangnya 3391", None)]
    #[case("3319 bukan 3310", None)]
    #[case("0812 3456 3319 bukan 3391", None)]
    #[case("jalan kenanga 3319", None)]
    fn digits_are_put_right(#[case] text: &str, #[case] expected: Option<&str>) {
        let known = Phone::parse("0812 3456 3391").unwrap();
        assert_eq!(mended(text, &known).as_ref().map(Phone::as_e164), expected);
    }
}
