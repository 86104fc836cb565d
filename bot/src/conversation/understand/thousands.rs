//! Bare numbers that stand for thousands where goods are told: "gas melon 22, galon 20".

use sitespark_core::brief::parse_items;

use super::words::{is_in, normalise};

/// Digits of a number that leaves its thousands out.
const DIGITS: std::ops::RangeInclusive<usize> = 1..=3;

/// "bakso biasa 12 bakso urat 15": a bare number behind words is thousands. Among prices that are
/// told in full only one that ends a part or stands before a unit: "brio 250/hari, hiace 1,1jt".
pub(crate) fn spelled(text: &str) -> String {
    let mixed = parse_items(text).iter().any(|item| item.price.is_some());
    let words: Vec<&str> = text.split_inclusive(char::is_whitespace).collect();
    let mut out = String::with_capacity(text.len());
    for at in 0..words.len() {
        match number_at(&words, at, mixed) {
            Some(number) => {
                out.push_str(&words[at].replacen(number, &format!("{number}rb"), 1));
            }
            None => out.push_str(words[at]),
        }
    }
    out
}

/// The number in a word, when it stands for thousands.
fn number_at<'a>(words: &[&'a str], at: usize, mixed: bool) -> Option<&'a str> {
    let bare =
        |at: usize| words.get(at).map_or("", |word| word.trim().trim_end_matches([',', ';', '.']));
    let word = bare(at);
    let (number, unit) = word.split_once('/').map_or((word, None), |(n, unit)| (n, Some(unit)));
    let short = DIGITS.contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    let before = at.checked_sub(1).map(bare)?;
    let named = before.ends_with(char::is_alphabetic) && !is_in("numbered", &normalise(before));
    let fits = match unit {
        // "850/biji" is what a small thing costs.
        Some(unit) => {
            let small = is_in("piece-units", unit) && number.len() == *DIGITS.end();
            !unit.is_empty() && !small && unit.bytes().all(|b| b.is_ascii_alphabetic())
        }
        None => {
            let next = bare(at + 1);
            let ends = next.is_empty()
                || words[at].trim_end().ends_with([',', ';'])
                || words[at].contains('\n')
                || next == "per";
            let measure = is_in("measures", &normalise(next)) && !words[at].contains('\n');
            (ends || !mixed && !measure) && !(mixed && number.len() < 2)
        }
    };
    (short && named && fits).then_some(number)
}
