//! Bare numbers that stand for thousands where goods are told: "gas melon 22, galon 20".

use sitespark_core::brief::parse_items;

use super::words::{is_in, normalise};

/// Digits of a number that leaves its thousands out.
const DIGITS: std::ops::RangeInclusive<usize> = 1..=3;

/// Prices in full of small things such as copies.
const CHEAP_RUPIAH: std::ops::RangeInclusive<i64> = 1_000..=2_000;

/// "bakso biasa 12 bakso urat 15": a bare number behind words is thousands. Among prices that are
/// told in full only one that ends a part or stands before a unit: "brio 250/hari, hiace 1,1jt".
pub(crate) fn spelled(text: &str) -> String {
    let items = parse_items(text);
    let prices = || items.iter().filter_map(|item| item.price.as_ref());
    let mixed = prices().next().is_some();
    // "print hitam 500, print warna 1500": where things cost little, a number is what it says.
    let cheap = prices().any(|price| CHEAP_RUPIAH.contains(&price.from.0));
    let words: Vec<&str> = text.split_inclusive(char::is_whitespace).collect();
    let mut out = String::with_capacity(text.len());
    for at in 0..words.len() {
        match number_at(&words, at, mixed).filter(|number| {
            let literal = cheap && number.len() == *DIGITS.end();
            !(literal || mixed && is_alone_by_piece(&words, at))
        }) {
            Some(number) => {
                out.push_str(&words[at].replacen(number, &format!("{number}rb"), 1));
            }
            None => out.push_str(words[at]),
        }
    }
    out
}

/// "lele 24rb/kg, bibit 250/ekor": among prices told in full, the only one for a single piece.
fn is_alone_by_piece(words: &[&str], at: usize) -> bool {
    let unit = |word: &str| {
        let (number, unit) = word.trim().split_once('/')?;
        let unit = normalise(unit);
        (number.len() == *DIGITS.end() && is_in("piece-units-more", &unit)).then_some(unit)
    };
    let Some(own) = unit(words[at]) else { return false };
    words.iter().filter(|word| normalise(word).ends_with(&own)).count() == 1
}

/// Whether the piece before a price begins with what costs little by the piece.
fn begins_small_goods(words: &[&str], at: usize) -> bool {
    let ends = |word: &&str| word.trim_end().ends_with([',', ';']) || word.contains('\n');
    let start = words[..at].iter().rposition(ends).map_or(0, |end| end + 1);
    words.get(start).is_some_and(|word| is_in("small-goods", &normalise(word)))
}

/// The number in a word, when it stands for thousands.
fn number_at<'a>(words: &[&'a str], at: usize, mixed: bool) -> Option<&'a str> {
    let bare =
        |at: usize| words.get(at).map_or("", |word| word.trim().trim_end_matches([',', ';', '.']));
    let word = bare(at);
    let (number, unit) = word.split_once('/').map_or((word, None), |(n, unit)| (n, Some(unit)));
    let short = DIGITS.contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    let before = at.checked_sub(1).map(bare)?;
    // "Rp 150/ekor" is told in full, and what a comma parts from the words before counts something.
    let counts = words[at - 1].trim_end().ends_with([',', ';'])
        && bare(at + 1).starts_with(char::is_alphabetic)
        && words[at].trim_end().len() == word.len();
    // "bibit lele 250/ekor, bibit nila 400/ekor" cost what they say.
    let fry = unit.is_some() && number.len() == *DIGITS.end() && begins_small_goods(words, at);
    let literal = is_in("currency", &normalise(before)) || counts || fry;
    let named = before.ends_with(char::is_alphabetic) && !is_in("numbered", &normalise(before));
    // "jam 8 pagi" tells when it opens.
    let hour = number.parse::<u32>().is_ok_and(|hour| hour <= 24);
    let timed =
        is_in("clock-lead", &normalise(before)) || is_in("clock-parts", &normalise(bare(at + 1)));
    let clock = hour && timed;
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
    (short && named && fits && !clock && !literal).then_some(number)
}

#[cfg(test)]
mod tests {
    #[rstest::rstest]
    #[case(
        "senin sampe sabtu jam 8 pagi sampe jam 5 sore",
        "senin sampe sabtu jam 8 pagi sampe jam 5 sore"
    )]
    #[case("bakso biasa 12 bakso urat 15", "bakso biasa 12rb bakso urat 15rb")]
    #[case("brio 250/hari, hiace 1,1jt", "brio 250rb/hari, hiace 1,1jt")]
    #[case("lele 24rb/kg, bibit lele 250/ekor", "lele 24rb/kg, bibit lele 250/ekor")]
    #[case("ayam 85rb/ekor, bebek 110/ekor", "ayam 85rb/ekor, bebek 110rb/ekor")]
    #[case("print hitam 500, print warna 1500", "print hitam 500, print warna 1500")]
    fn bare_numbers_are_thousands_unless_others_say_so(#[case] text: &str, #[case] spelled: &str) {
        assert_eq!(super::spelled(text), spelled);
    }
}
