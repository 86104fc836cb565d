//! Phone numbers as E.164.
//!
//! Numbers are read as Indonesian unless they begin with a plus.

use std::fmt;
use std::ops::Range;

use phonenumber::{Mode, country};

/// Digits before which a text counts as too short for a number.
const MIN_DIGITS: usize = 9;
/// Digits after which a text counts as too long: E.164 has 15, written with a leading 0.
const MAX_DIGITS: usize = 16;
/// Fewest digits a number with its country can have.
const MIN_STORED: usize = 7;
/// Numbers that are read from one text.
const MAX_NUMBERS: usize = 4;
/// Groups of digits that one number may be written in: "0 8 1 2 …" is one digit each.
const MAX_GROUPS: usize = 16;

/// A valid number in E.164, such as `+6281234567890`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

/// Why a text is not a phone number; each gets its own kind sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// No run of digits in it.
    #[error("no number in the text")]
    Missing,
    /// Digits are missing.
    #[error("the number is too short")]
    TooShort,
    /// There are too many digits.
    #[error("the number is too long")]
    TooLong,
    /// No country or operator uses it.
    #[error("no such number exists")]
    Unknown,
}

/// Digits that follow one another with nothing but number punctuation between them.
struct Cluster {
    plus: bool,
    groups: Vec<Range<usize>>,
}

impl Phone {
    /// The number in a text; other words may stand around it.
    ///
    /// # Errors
    /// Says what is wrong with the longest run of digits when no valid number is there.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        if let Some((phone, _)) = Self::find(text) {
            return Ok(phone);
        }
        let digits = |cluster: &Cluster| cluster.groups.iter().map(Range::len).sum::<usize>();
        match clusters(text).iter().map(digits).max() {
            None => Err(PhoneError::Missing),
            Some(count) if count < MIN_DIGITS => Err(PhoneError::TooShort),
            Some(count) if count >= MAX_DIGITS => Err(PhoneError::TooLong),
            Some(count) => Err(Self::verdict(text, count)),
        }
    }

    /// The first valid number in a text and its bytes, the plus included.
    pub fn find(text: &str) -> Option<(Self, Range<usize>)> {
        clusters(text).iter().find_map(|cluster| {
            (0..cluster.groups.len()).find_map(|first| cluster.number_from(text, first))
        })
    }

    /// Every valid number in a text and its bytes, from left to right.
    pub fn find_all(text: &str) -> Vec<(Self, Range<usize>)> {
        let mut found: Vec<(Self, Range<usize>)> = Vec::new();
        while found.len() < MAX_NUMBERS {
            let from = found.last().map_or(0, |(_, range)| range.end);
            let Some((phone, range)) = Self::find(&text[from..]) else { break };
            found.push((phone, range.start + from..range.end + from));
        }
        found
    }

    /// Whether it is a mobile number of Indonesia, which is what WhatsApp is used with.
    pub fn is_mobile(&self) -> bool {
        self.0.starts_with("+628")
    }

    /// A number from storage. Only the shape is checked, so that numbering plans may change under it.
    pub(super) fn from_stored(e164: &str) -> Option<Self> {
        let digits = e164.strip_prefix('+')?;
        let well_formed =
            (MIN_STORED..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        well_formed.then(|| Self(e164.to_owned()))
    }

    /// The E.164 text with its plus sign.
    pub fn as_e164(&self) -> &str {
        &self.0
    }

    /// The digits alone, as wa.me wants them.
    pub fn wa_digits(&self) -> &str {
        self.0.trim_start_matches('+')
    }

    /// As people here write it: `0812-3456-7890`; foreign numbers keep their country, `+65 8123 4567`.
    pub fn national(&self) -> String {
        let Ok(number) = phonenumber::parse(None, &self.0) else { return self.0.clone() };
        let mode = if self.0.starts_with("+62") { Mode::National } else { Mode::International };
        number.format().mode(mode).to_string()
    }

    /// Whether a number with a plausible count of digits is too short, too long or unknown.
    fn verdict(text: &str, count: usize) -> PhoneError {
        let local = text.trim_start().starts_with("08") || !text.contains('+');
        match count {
            14.. if local => PhoneError::TooLong,
            ..10 if local => PhoneError::TooShort,
            _ => PhoneError::Unknown,
        }
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Digits of a mobile number that is written in one piece, at the least.
const MIN_WHOLE_DIGITS: usize = 11;

impl Cluster {
    /// The longest valid number that begins with group `first`.
    fn number_from(&self, text: &str, first: usize) -> Option<(Phone, Range<usize>)> {
        let plus = self.plus && first == 0;
        let last = self.groups.len().min(first + MAX_GROUPS);
        // "081999888777 8am": a number in one piece is whole, and a time of the clock is no part.
        let whole = self.groups[first].len() >= MIN_WHOLE_DIGITS;
        let last = if whole { first + 1 } else { last };
        let clock = |end: usize| {
            const CLOCK: [&str; 6] = ["am", "pm", "pagi", "siang", "sore", "malam"];
            let behind = text[self.groups[end - 1].end..].trim_start().to_ascii_lowercase();
            end > first + 1 && CLOCK.into_iter().any(|word| behind.starts_with(word))
        };
        (first + 1..=last).rev().filter(|end| !clock(*end)).find_map(|end| {
            let groups = &self.groups[first..end];
            let digits: String = groups.iter().map(|group| &text[group.clone()]).collect();
            let written = &text[groups[0].start..groups[groups.len() - 1].end];
            let phone = Phone(e164(&digits, plus, written)?);
            Some((phone, groups[0].start - usize::from(plus)..groups[groups.len() - 1].end))
        })
    }
}

/// The E.164 of digits as somebody in Indonesia writes them.
fn e164(digits: &str, plus: bool, written: &str) -> Option<String> {
    if digits.len() < MIN_STORED || digits.len() > MAX_DIGITS {
        return None;
    }
    let full = if plus || digits.starts_with("62") {
        let rest = digits.strip_prefix("62");
        rest.map_or_else(
            || format!("+{digits}"),
            |rest| format!("+62{}", rest.trim_start_matches('0')),
        )
    } else if let Some(rest) = digits.strip_prefix("0062") {
        format!("+62{rest}")
    } else if let Some(rest) = digits.strip_prefix('0') {
        if written.find(['.', '/']).is_some_and(|at| at < 3) {
            return None;
        }
        format!("+62{rest}")
    } else if digits.starts_with('8') && !written.contains(['.', '/']) && digits.len() >= MIN_DIGITS
    {
        format!("+62{digits}")
    } else {
        return None;
    };
    let number = phonenumber::parse(Some(country::ID), &full).ok()?;
    let formatted = number.format().mode(Mode::E164).to_string();
    (phonenumber::is_valid(&number) && formatted == full).then_some(formatted)
}

/// Runs of digits joined by at most two characters of number punctuation.
fn clusters(text: &str) -> Vec<Cluster> {
    let bytes = text.as_bytes();
    let mut found: Vec<Cluster> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let len = bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
        let group = at..at + len;
        at += len;
        let plus = group.start > 0 && bytes[group.start - 1] == b'+';
        match found.last_mut() {
            Some(cluster) if !plus && joins(bytes, cluster, group.start) => {
                cluster.groups.push(group)
            }
            _ => found.push(Cluster { plus, groups: vec![group] }),
        }
    }
    found
}

fn joins(bytes: &[u8], cluster: &Cluster, start: usize) -> bool {
    let end = cluster.groups.last().map_or(0, |group| group.end);
    let between = &bytes[end..start];
    // A full stop with a space behind it ends a sentence.
    let ends = between.windows(2).any(|pair| pair == b". ");
    (1..=3).contains(&between.len())
        && !ends
        && between.iter().all(|b| matches!(b, b' ' | b'-' | b'.' | b'(' | b')' | b'/'))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("0812-3456-7890", "+6281234567890")]
    #[case("6281234567890", "+6281234567890")]
    #[case("+62 812 3456 7890", "+6281234567890")]
    #[case("+62 (0)812-3456-7890", "+6281234567890")]
    #[case("wa 0812 3456 7890 ya", "+6281234567890")]
    #[case("WA:081234567890", "+6281234567890")]
    #[case("wa0812.3456.7890", "+6281234567890")]
    #[case("812 3456 7890", "+6281234567890")]
    #[case("https://wa.me/6281234567890?text=hai", "+6281234567890")]
    #[case("(021) 7654321", "+62217654321")]
    #[case("+65 8123 4567", "+6581234567")]
    #[case("nastar 85.000, order 0857 1234 5678", "+6285712345678")]
    #[case("buka 08.00-21.00 hub 0812-3456-7890", "+6281234567890")]
    #[case("0812 3456 7890 10rb", "+6281234567890")]
    #[case("0817 700 8899. 9am till 6pm", "+628177008899")]
    fn a_number_is_read_as_people_write_it(#[case] text: &str, #[case] e164: &str) {
        assert_eq!(Phone::parse(text).as_ref().map(Phone::as_e164), Ok(e164));
    }

    #[rstest]
    #[case("08123", PhoneError::TooShort)]
    #[case("0812345678901234", PhoneError::TooLong)]
    #[case("081234567890123", PhoneError::TooLong)]
    #[case("gak ada", PhoneError::Missing)]
    #[case("", PhoneError::Missing)]
    #[case("+999 123 456 789", PhoneError::Unknown)]
    #[case("buka 08.00-21.00", PhoneError::TooShort)]
    #[case("000000000000", PhoneError::Unknown)]
    fn what_is_wrong_is_named(#[case] text: &str, #[case] error: PhoneError) {
        assert_eq!(Phone::parse(text), Err(error));
    }

    #[test]
    fn the_found_bytes_are_the_number() {
        let text = "hubungi +62 812-3456-7890, ya";
        let (_, range) = Phone::find(text).unwrap();
        assert_eq!(&text[range], "+62 812-3456-7890");
    }

    #[test]
    fn a_number_is_shown_as_people_know_it() {
        let phone = Phone::parse("+6281234567890").unwrap();
        assert_eq!(phone.national(), "0812-3456-7890");
        assert_eq!(phone.wa_digits(), "6281234567890");
    }

    #[test]
    fn every_number_of_a_text_is_found() {
        let text = "telp 0711-355-111, wa 0811 7171 888";
        let found: Vec<_> =
            Phone::find_all(text).into_iter().map(|(phone, _)| phone.is_mobile()).collect();
        assert_eq!(found, [false, true]);
    }

    #[test]
    fn a_foreign_number_keeps_its_country() {
        assert_eq!(Phone::parse("+65 81234567").unwrap().national(), "+65 8123 4567");
    }

    proptest::proptest! {
        #[test]
        fn no_text_upsets_it(text in "\\PC{0,80}") {
            if let Some((_, range)) = Phone::find(&text) {
                proptest::prop_assert!(text.get(range).is_some());
            }
            // Whatever it answers: it must not panic.
            let _ = Phone::parse(&text);
        }

        #[test]
        fn its_own_form_is_read_back(rest in "8[1257][0-9]{8,9}") {
            if let Ok(phone) = Phone::parse(&format!("0{rest}")) {
                proptest::prop_assert_eq!(Phone::parse(phone.as_e164()), Ok(phone.clone()));
                proptest::prop_assert_eq!(Phone::parse(&phone.national()), Ok(phone.clone()));
                proptest::prop_assert_eq!(Phone::from_stored(phone.as_e164()), Some(phone));
            }
        }
    }
}
