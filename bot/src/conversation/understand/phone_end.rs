//! "belakangnya 3319 bukan 3391": a number put right by some of its digits.

use std::ops::RangeInclusive;

use sitespark_core::brief::Phone;

use super::words::{mentions, normalise};

/// Digits that are a part of a number: fewer are a count or an hour.
const PART: RangeInclusive<usize> = 3..=6;
/// The same where it is said that they are.
const END: RangeInclusive<usize> = 2..=6;

/// The number that is meant; `known` is the one that was told.
pub(crate) fn mended(text: &str, known: &Phone) -> Option<Phone> {
    let plain = normalise(text);
    if Phone::find(text).is_some() || text.contains("Rp") {
        return None;
    }
    let of_end = mentions("digit-end", &plain);
    let part = if of_end { END } else { PART };
    // "550.000" is a price, "3319," is not; "4 angka terakhir": how many there are is none of them.
    let figures: Vec<&str> = text
        .split_whitespace()
        .map(|word| word.trim_end_matches([',', '.', '!']))
        .filter(|word| word.contains(|c: char| c.is_ascii_digit()) && (word.len() > 1 || !of_end))
        .collect();
    let is_part =
        |word: &&str| word.bytes().all(|b| b.is_ascii_digit()) && part.contains(&word.len());
    if !figures.iter().all(is_part) {
        return None;
    }
    let digits = known.wa_digits();
    let told = match figures[..] {
        [end] if of_end => {
            format!("{}{end}", digits.get(..digits.len().checked_sub(end.len())?)?)
        }
        [first, second] if mentions("old-price", &plain) || mentions("right-words", &plain) => {
            let place = |part| {
                place(digits, part)
                    .filter(|_| digits.ends_with(part) || mentions("phone-label", &plain))
            };
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

/// Where a number has these digits: at its end, or once.
fn place(number: &str, part: &str) -> Option<usize> {
    if number.ends_with(part) {
        return Some(number.len() - part.len());
    }
    let mut places = number.match_indices(part);
    let (at, _) = places.next()?;
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
    #[case("sorry, it ends in 3319 not 3391", Some("+6281234563319"))]
    #[case("nomornya 435 harusnya bukan 345", Some("+6281243563391"))]
    #[case("The room should be Rp 345.000 per night from 012", None)]
    #[case("paket 345 harusnya 500", None)]
    #[case("75rb bukan 3391", None)]
    #[case("belakangnya 3391", None)]
    #[case("dua angka terakhir 19 ya", Some("+6281234563319"))]
    #[case("4 digit terakhir 3319", Some("+6281234563319"))]
    #[case("belakangnya 19", Some("+6281234563319"))]
    #[case("harga 3319 bukan 4", None)]
    #[case("3319 bukan 3310", None)]
    #[case("0812 3456 3319 bukan 3391", None)]
    #[case("jalan kenanga 3319", None)]
    fn digits_are_put_right(#[case] text: &str, #[case] expected: Option<&str>) {
        let known = Phone::parse("0812 3456 3391").unwrap();
        assert_eq!(mended(text, &known).as_ref().map(Phone::as_e164), expected);
    }
}
