//! Amounts of money inside running text: digits, groups, "rb" and "jt", slang and spelled numbers.
//!
//! Works on ASCII-lower-cased text, so byte places are those of the original.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

use super::phrase::Word;

/// The largest amount that is believed.
pub(super) const MAX_RUPIAH: i64 = 100_000_000_000;
/// Most characters one written number may have.
const MAX_NUMBER_BYTES: usize = 18;
/// Most words one spelled amount may have.
const MAX_SPELLED_WORDS: usize = 12;

#[derive(Deserialize)]
struct WordLists {
    measures: HashSet<String>,
    units: HashSet<String>,
    numbered: HashSet<String>,
}

static LISTS: LazyLock<WordLists> = LazyLock::new(|| {
    toml::from_str(include_str!("words/amounts.toml"))
        .expect("every test of prices reads this file")
});

/// What a number says about itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number {
    digits: i64,
    scale: u32,
    grouped: bool,
}

/// An amount at a place in the text.
#[derive(Debug, Clone)]
pub(super) struct Amount {
    /// Rupiah, or the bare number when neither currency nor magnitude was written.
    pub(super) value: i64,
    /// The magnitude that was written, 1 for none.
    pub(super) magnitude: i64,
    /// Whether a currency, magnitude or slang word makes it surely money.
    pub(super) sure: bool,
    /// The number before its magnitude, to be read again with another.
    pub(super) number: Option<Number>,
    /// Where it stands.
    pub(super) range: Range<usize>,
}

impl Number {
    /// The number times a magnitude, when that is a whole amount within the bounds.
    pub(super) fn times(self, magnitude: i64) -> Option<i64> {
        // "1.250 juta" is a million and a quarter, "1.250 ribu" could be either: not read.
        let scale = match (self.grouped, magnitude) {
            (true, 1) => 0,
            (true, 1_000_000..) if self.digits < 1_000_000 => 3,
            (true, _) => return None,
            (false, _) => self.scale,
        };
        let scaled = self.digits.checked_mul(magnitude)?;
        let divisor = 10_i64.pow(scale);
        let value = scaled / divisor;
        (scaled % divisor == 0 && value <= MAX_RUPIAH).then_some(value)
    }
}

/// The amount that begins exactly at byte `at`, which must not be inside a word or number.
pub(super) fn amount_at(lower: &str, at: usize) -> Option<Amount> {
    let currency = currency_len(&lower[at..]);
    let start = at + currency.unwrap_or(0);
    let (number, end) = number_at(lower, start)?;
    let (magnitude, end) = magnitude_at(lower, end)
        .or_else(|| short_million(lower, at, number, end))
        .unwrap_or((1, end));
    let value = number.times(magnitude)?;
    let named = lower[end..].trim_start_matches(' ').strip_prefix("rupiah").map(str::len);
    let end = named.map_or(end, |rest| lower.len() - rest);
    let mut amount = Amount {
        value,
        magnitude,
        sure: currency.is_some() || magnitude > 1 || named.is_some(),
        number: Some(number),
        range: at..end,
    };
    add_thousands(lower, &mut amount);
    amount.range.end = cents_end(lower, amount.range.end);
    let glued = lower[amount.range.end..].starts_with(|c: char| c.is_alphanumeric() || c == '%');
    (!glued && value > 0).then_some(amount)
}

/// Whether a bare number in a sentence may be a price: round, large enough, and not a measure or a
/// house number.
pub(super) fn plausible_bare(lower: &str, amount: &Amount) -> bool {
    let (scaled, grouped) = amount.number.map_or((false, false), |n| (n.scale > 0, n.grouped));
    let round = amount.value % if grouped { 50 } else { 100 } == 0;
    if amount.value < 500 || !round || scaled {
        return false;
    }
    let after = lower[amount.range.end..].trim_start();
    let next: String = after.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
    let before = lower[..amount.range.start].trim_end_matches([' ', '.', ':']);
    let previous = before.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    // "Kilat 6 jam 12.000": no clock shows thousands.
    let clock = matches!(previous, "jam" | "pukul");
    !LISTS.measures.contains(&next) && (clock && grouped || !LISTS.numbered.contains(previous))
}

/// Bytes of "rp", "rp.", "idr" with the space after.
fn currency_len(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("rp").or_else(|| text.strip_prefix("idr"))?;
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    Some(text.len() - rest.len())
}

fn number_at(lower: &str, at: usize) -> Option<(Number, usize)> {
    let bytes = &lower.as_bytes()[at..];
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut len = 0;
    while digit(len) || (len > 0 && matches!(bytes.get(len), Some(b'.' | b',')) && digit(len + 1)) {
        len += 1;
    }
    if len == 0 || len > MAX_NUMBER_BYTES {
        return None;
    }
    Some((number(&lower[at..at + len])?, at + len))
}

/// Reads "25", "1,5", "25.000", "10,000.00".
fn number(written: &str) -> Option<Number> {
    let parts: Vec<&str> = written.split(['.', ',']).collect();
    let marks: Vec<char> = written.chars().filter(|c| !c.is_ascii_digit()).collect();
    let is_grouped = |parts: &[&str]| {
        (1..=3).contains(&parts[0].len())
            && !parts[0].starts_with('0')
            && parts[1..].iter().all(|part| part.len() == 3)
    };
    let parse = |parts: &[&str]| parts.concat().parse::<i64>().ok();
    let (last, most) = parts.split_last()?;
    let uniform = |marks: &[char]| marks.windows(2).all(|pair| pair[0] == pair[1]);
    match parts.len() {
        1 if last.len() > 1 && last.starts_with('0') => None,
        1 => Some(Number { digits: parse(&parts)?, scale: 0, grouped: false }),
        _ if uniform(&marks) && is_grouped(&parts) => {
            Some(Number { digits: parse(&parts)?, scale: 0, grouped: true })
        }
        2 if last.len() <= 2 => {
            let scale = u32::try_from(last.len()).ok()?;
            Some(Number { digits: parse(&parts)?, scale, grouped: false })
        }
        _ if *last == "00" && uniform(&marks[..marks.len() - 1]) && is_grouped(most) => {
            Some(Number { digits: parse(most)?, scale: 0, grouped: true })
        }
        _ => None,
    }
}

fn magnitude_at(lower: &str, at: usize) -> Option<(i64, usize)> {
    let rest = &lower[at..];
    let spaces = rest.len() - rest.trim_start_matches(' ').len();
    let word_len = rest[spaces..].bytes().take_while(u8::is_ascii_lowercase).count();
    let end = at + spaces + word_len;
    let magnitude = magnitude(&rest[spaces..spaces + word_len])?;
    let bounded = !lower[end..].starts_with(|c: char| c.is_alphanumeric());
    (spaces <= 2 && bounded).then_some((magnitude, end))
}

/// "from 1.5m": a million where a price is announced; elsewhere it is a length.
fn short_million(lower: &str, at: usize, number: Number, end: usize) -> Option<(i64, usize)> {
    const LEADS: [&str; 7] = ["from", "mulai", "dari", "at", "rp", "idr", "is"];
    let rest = lower[end..].strip_prefix('m')?;
    let before = lower[..at].trim_end_matches([' ', '.', ':']);
    let lead = before.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let told = LEADS.contains(&lead) || lower[at..].starts_with("rp") || ends_part(rest);
    let fits = told && number.scale > 0 && !rest.starts_with(|c: char| c.is_alphanumeric());
    fits.then_some((1_000_000, end + 1))
}

/// "palm size 1.2m, half day 3m": nothing that could cost something follows in the same part.
fn ends_part(rest: &str) -> bool {
    let rest = rest.trim_start_matches(' ');
    let next = rest.trim_start_matches([',', ';', '\n', ' ']);
    let price_follows = next.starts_with(|c: char| c.is_ascii_digit()) || next.starts_with("rp");
    (rest.is_empty() || rest.starts_with([',', ';', '\n', ')', '/'])) && !price_follows
}

/// Whether goods or work are counted by a word: "sak", "rit", "pertemuan".
pub(super) fn is_unit_word(word: &str) -> bool {
    LISTS.units.contains(word)
}

/// What a word multiplies a number by.
pub(super) fn magnitude(word: &str) -> Option<i64> {
    match word {
        "rb" | "rbu" | "ribu" | "rebu" | "ewu" | "ewon" | "ribuan" | "rban" | "k" | "thousand" => {
            Some(1_000)
        }
        "jt" | "jta" | "juta" | "yuta" | "jutaan" | "jeti" | "million" | "mio" | "mill" => {
            Some(1_000_000)
        }
        "miliar" | "milyar" | "billion" => Some(1_000_000_000),
        _ => None,
    }
}

/// "1 juta 250 ribu" and "1jt 250rb" are one amount.
fn add_thousands(lower: &str, amount: &mut Amount) {
    if amount.magnitude != 1_000_000 {
        return;
    }
    let rest = &lower[amount.range.end..];
    // "2 juta setengah"
    if let Some(behind) = rest.trim_start_matches(' ').strip_prefix("setengah") {
        // Behind a comma something else begins.
        let near = behind.split(|c: char| !c.is_alphanumeric() && c != ' ').next().unwrap_or("");
        let next = near.split(' ').find(|word| !word.is_empty());
        let whole = !behind.starts_with(char::is_alphanumeric);
        if whole && next.is_none_or(|next| !HALVED.contains(&next)) {
            amount.value += 500_000;
            amount.range.end = lower.len() - behind.len();
            amount.number = None;
        }
        return;
    }
    let start = amount.range.end + (rest.len() - rest.trim_start_matches(' ').len());
    let Some((number, end)) = number_at(lower, start) else { return };
    let Some((1_000, end)) = magnitude_at(lower, end) else { return };
    if let Some(value) = number.times(1_000).filter(|value| *value < 1_000_000) {
        amount.value += value;
        amount.range.end = end;
        amount.number = None;
    }
}

/// Past ",-", ".-" or "-an" behind an amount.
fn cents_end(lower: &str, end: usize) -> usize {
    let rest = &lower[end..];
    let tail = [",-", ".-", ",--", "-an"].into_iter().filter(|tail| rest.starts_with(tail));
    end + tail.map(str::len).max().unwrap_or(0)
}

/// Market slang for round amounts. Tens and hundreds are thousands today: nobody asks Rp50.
fn slang(word: &str) -> Option<i64> {
    Some(match word {
        "gopek" => 500,
        "seceng" | "ceceng" => 1_000,
        "noceng" => 2_000,
        "goceng" => 5_000,
        "ceban" => 10_000,
        "noban" => 20_000,
        "jigo" => 25_000,
        "saban" => 30_000,
        "goban" | "gocap" => 50_000,
        "cepek" | "cepekceng" => 100_000,
        "pekgo" => 150_000,
        "nopek" => 200_000,
        "cetiao" => 1_000_000,
        "gotiao" => 5_000_000,
        _ => return None,
    })
}

/// The slang or spelled amount ("dua puluh lima ribu") that begins at word `at`, and its word count.
pub(super) fn spoken_at(words: &[Word], at: usize) -> Option<(Amount, usize)> {
    let rest = &words[at..words.len().min(at + MAX_SPELLED_WORDS)];
    let (value, len) =
        slang(&rest.first()?.text).map(|value| (value, 1)).or_else(|| spelled(rest))?;
    let range = rest[0].range.start..rest[len - 1].range.end;
    let amount = Amount { value, magnitude: 1_000, sure: true, number: None, range };
    (1..=MAX_RUPIAH).contains(&value).then_some((amount, len))
}

/// Spelled Indonesian with a magnitude in it; the amount and how many words it took.
fn spelled(words: &[Word]) -> Option<(i64, usize)> {
    let (mut total, mut part, mut unit) = (0_i64, 0_i64, 0_i64);
    let mut best = None;
    for (at, word) in words.iter().enumerate() {
        match word.text.as_str() {
            "sepuluh" => part += 10,
            "sebelas" => part += 11,
            "seratus" => part += 100,
            "belas" => part += std::mem::take(&mut unit) + 10,
            "puluh" => part += std::mem::take(&mut unit) * 10,
            "ratus" => part += std::mem::take(&mut unit) * 100,
            "seribu" | "sejuta" => {
                total += if word.text == "seribu" { 1_000 } else { 1_000_000 };
                best = Some((total, at + 1));
            }
            // "setengah juta", "dua setengah juta"
            "setengah" if words.get(at + 1).is_some_and(|next| next.text == "juta") => {
                return Some((total + (part + unit) * 1_000_000 + 500_000, at + 2));
            }
            // "dua juta setengah", but "dua juta setengah hari" is the price of half a day.
            "setengah" if at > 0 && matches!(words[at - 1].text.as_str(), "juta" | "sejuta") => {
                let next = words.get(at + 1).map_or("", |next| next.text.as_str());
                if !HALVED.contains(&next) {
                    return Some((total + 500_000, at + 1));
                }
                break;
            }
            "ribu" | "juta" if part + unit > 0 => {
                let times = if word.text == "ribu" { 1_000 } else { 1_000_000 };
                total += (std::mem::take(&mut part) + std::mem::take(&mut unit)) * times;
                best = Some((total, at + 1));
            }
            other => match ONES.iter().position(|one| *one == other) {
                Some(one) => unit = i64::try_from(one).ok()? + 1,
                None => break,
            },
        }
    }
    let hundreds = part + unit;
    let used = words.iter().take_while(|word| is_spelled(&word.text)).count();
    match best {
        Some((total, _)) if hundreds >= 100 => Some((total + hundreds, used)),
        best => best,
    }
}

/// What half of is measured and rented out.
const HALVED: [&str; 20] = [
    "hari", "jam", "kg", "kilo", "lusin", "tahun", "bulan", "meter", "liter", "malam", "porsi",
    "ekor", "lapangan", "badan", "kodi", "gram", "ons", "resep", "dibayar", "bayar",
];

const ONES: [&str; 9] =
    ["satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"];

fn is_spelled(word: &str) -> bool {
    ONES.contains(&word)
        || matches!(word, "sepuluh" | "sebelas" | "seratus" | "seribu" | "sejuta")
        || matches!(word, "belas" | "puluh" | "ratus" | "ribu" | "juta")
}
