//! Figures that are spelled: a phone number read out digit by digit, "dua puluh empat jam".

use super::words::{is_in, list, normalise};

/// Fewest digits in a row that are a number somebody reads out.
const MIN_DIGITS: usize = 8;
/// The lists of words for the digits, nought first.
const DIGITS: [&str; 10] = [
    "digit-0", "digit-1", "digit-2", "digit-3", "digit-4", "digit-5", "digit-6", "digit-7",
    "digit-8", "digit-9",
];

/// A text with digits in place of the words for them, where enough stand in a row.
pub(crate) fn written(text: &str) -> String {
    // "Senin s.d. Jumat" is one span.
    let text = without_dashes(text).replace("s.d.", "s/d").replace("S.d.", "s/d");
    let text = with_single_stops(&text);
    let text = &round_the_clock(&text);
    let words: Vec<&str> = text.split_inclusive(char::is_whitespace).collect();
    let digits: Vec<Option<char>> = words.iter().map(|word| digit(word)).collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < words.len() {
        let run = digits[at..].iter().take_while(|digit| digit.is_some()).count();
        if run < MIN_DIGITS {
            out.push_str(words[at]);
            at += 1;
            continue;
        }
        out.extend(digits[at..at + run].iter().flatten());
        let last = words[at + run - 1];
        out.push_str(&last[last.trim_end_matches(|c: char| !c.is_alphanumeric()).len()..]);
        at += run;
    }
    out
}

/// "Rp 130.000,-/kg": the dash that says that there are no cents.
fn without_dashes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(",-") {
        let (before, behind) = rest.split_at(at);
        out.push_str(before);
        let cents = before.ends_with(|c: char| c.is_ascii_digit())
            && !behind[2..].starts_with(|c: char| c.is_ascii_digit());
        out.push_str(if cents { "" } else { ",-" });
        rest = &behind[2..];
    }
    out.push_str(rest);
    out
}

/// "no wa 081253417768.. rumah di …": two stops in a row are one, but where they lead to a price.
fn with_single_stops(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['.', ',']) {
        let stop = rest.as_bytes()[at];
        let run = rest.as_bytes()[at..].iter().take_while(|byte| **byte == stop).count();
        let behind = &rest[at + run..];
        let leads = behind.trim_start().starts_with(|c: char| c.is_ascii_digit() || c == 'R');
        let kept = if (2..=MOST_STOPS).contains(&run) && !leads { 1 } else { run };
        out.push_str(&rest[..at + kept]);
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// Most stops in a row that are one; more draw a line to a price.
const MOST_STOPS: usize = 3;

fn digit(word: &str) -> Option<char> {
    let word = normalise(word);
    let value = DIGITS.iter().position(|list| is_in(list, &word))?;
    char::from_digit(u32::try_from(value).ok()?, 10)
}

fn round_the_clock(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let spelled =
        list("day-and-night").iter().find_map(|phrase| Some((lower.find(phrase)?, phrase)));
    match spelled {
        Some((at, phrase)) => format!("{}24 jam{}", &text[..at], &text[at + phrase.len()..]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("nomer saya nol delapan lima dua tiga tiga empat tujuh", "nomer saya 08523347")]
    #[case("zero eight one two three four five six, call me", "08123456, call me")]
    #[case("buka dua puluh empat jam", "buka 24 jam")]
    #[case("satu dua tiga", "satu dua tiga")]
    #[case("Rp 130.000,-/kg, Rp 15.000,-", "Rp 130.000/kg, Rp 15.000")]
    #[case("dari 5,-7 sampai 8", "dari 5,-7 sampai 8")]
    #[case("no wa 0812.. rumah di,, sini...", "no wa 0812. rumah di, sini.")]
    #[case("Kopi hitam ... 8.000", "Kopi hitam ... 8.000")]
    fn what_is_read_out_is_written(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(written(text), expected);
    }
}
