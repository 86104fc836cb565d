//! What somebody lives on, told in a sentence about themselves: "we fly tandem paragliders", "mamak
//! awak jual dodol". No list knows every trade; who says that they sell something sells it.

use super::towns::{cut_city, cut_unlisted_town};
use super::words::{cut_all, cut_end, cut_prefix, is_in, mentions, normalise, split_at_word};

/// Most words before whoever it is about: "halo kak perkenalkan saya jual …".
const MAX_LEAD_WORDS: usize = 5;
/// Most words of what is done.
const MAX_WORDS: usize = 6;
/// Fewest letters of a trade that is one word.
const MIN_LETTERS: usize = 4;

/// What somebody says that they do, make or sell; `None` where they say no such thing.
pub(crate) fn told(piece: &str) -> Option<&str> {
    about_oneself(piece)
        .or_else(|| {
            let (before, after) = split_at_word("for-my", piece)?;
            mentions("site-words", &normalise(before)).then_some(after)
        })
        .and_then(trade)
}

/// "kami menyewakan tenda": what stands behind who it is and what they do.
fn about_oneself(piece: &str) -> Option<&str> {
    let mut at = 0;
    for word in piece.split_inclusive(char::is_whitespace).take(MAX_LEAD_WORDS) {
        if let Some(after) = cut_prefix("self-lead", &piece[at..])
            && let Some(what) = cut_prefix("trade-verbs", after)
        {
            return Some(what);
        }
        at += word.len();
    }
    None
}

/// The line of business alone: without where it is, since when and why it is told.
fn trade(what: &str) -> Option<&str> {
    let what = cut_all("trade-articles", what);
    let what = split_at_word("trade-ends", what).map_or(what, |(before, _)| before);
    let (what, _) = cut_city(what);
    let what = cut_unlisted_town(what).map_or(what, |(before, _)| before);
    let what = cut_end("place-tail", cut_end("name-tail", what));
    let plain = normalise(what);
    let words: Vec<&str> = plain.split(' ').collect();
    let letters = plain.chars().filter(|c| c.is_alphabetic()).count();
    let strange = ["not-a-name", "stray", "rude", "denial", "site-words"];
    let first = words.first().copied().unwrap_or("");
    let sound = (1..=MAX_WORDS).contains(&words.len())
        && (words.len() > 1 || what.starts_with(char::is_lowercase))
        && letters >= MIN_LETTERS
        && !what.contains(|c: char| c.is_ascii_digit() || "?@".contains(c))
        && !["person-words", "no-trade", "in-place"].iter().any(|list| is_in(list, first))
        && !words.iter().any(|word| is_in("no-living", word))
        && !strange.iter().any(|list| words.iter().any(|word| is_in(list, word)));
    sound.then(|| what.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("hey, we fly tandem paragliders off the cliff", Some("tandem paragliders"))]
    #[case("mamak awak jual dodol di Tanjung Pura", Some("dodol"))]
    #[case("I am a piano teacher in Kemang", Some("piano teacher"))]
    #[case("i have boat for see dolphin in lovina", Some("boat for see dolphin"))]
    #[case("heyy can u make a site for my dog boarding in Malang", Some("dog boarding"))]
    #[case("assalamualaikum mas, saya nyewain odong-odong di Kediri", Some("odong-odong"))]
    #[case("my wife and I rent out bikes in Yogyakarta", Some("bikes"))]
    #[case("saya jual noken", Some("noken"))]
    #[case("saya ada di Bogor", None)]
    #[case("saya buka jam 8", None)]
    #[case("kami punya pertanyaan", None)]
    #[case("I am Budi", None)]
    #[case("i am confused how this works", None)]
    #[case("we are closed today", None)]
    #[case("kami punya masalah", None)]
    #[case("kami buka setiap hari", None)]
    #[case("kami punya beberapa pilihan nama", None)]
    #[case("we are in Surabaya", None)]
    #[case("I am not sure", None)]
    #[case("saya mau tanya dulu", None)]
    #[case("saya bikin website", None)]
    fn what_people_do_is_heard(#[case] piece: &str, #[case] expected: Option<&str>) {
        assert_eq!(told(piece), expected, "{piece}");
    }
}
