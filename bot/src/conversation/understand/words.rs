//! Words as people type them, made comparable; and the word lists of the parsers.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::spellings::{is_slang, squeezed, usual};

/// Lower case, letters and digits only, single spaces, long-drawn letters cut to two.
pub(crate) fn normalise(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut last = ' ';
    let mut run = 0;
    for raw in text.chars().flat_map(char::to_lowercase) {
        if matches!(raw, '\'' | '’') {
            continue;
        }
        let c =
            if raw.is_alphanumeric() || raw == '/' && last.is_alphanumeric() { raw } else { ' ' };
        run = if c == last { run + 1 } else { 0 };
        if c == ' ' && (last == ' ' || out.is_empty()) || run > 1 && c.is_alphabetic() {
            continue;
        }
        out.push(c);
        last = c;
    }
    out.truncate(out.trim_end().len());
    out
}

/// A normalised text in the spelling of the lists: slang and abbreviations spelled out, drawn-out
/// letters drawn together. For comparison only; never shown.
pub(crate) fn canonical(normalised: &str) -> String {
    let mut out = String::with_capacity(normalised.len());
    for word in normalised.split(' ') {
        if !out.is_empty() {
            out.push(' ');
        }
        let word = squeezed(word);
        match usual(&word) {
            Some(usual) => out.push_str(&squeezed(usual)),
            None => out.push_str(&word),
        }
    }
    out
}

/// A text as written, but with each word in the spelling of the lists: for parsers that need the
/// punctuation.
pub(crate) fn respelled(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for c in text.chars().flat_map(char::to_lowercase).chain(['\n']) {
        if c.is_alphabetic() {
            word.push(c);
            continue;
        }
        let drawn = squeezed(&word);
        match usual(&drawn) {
            Some(usual) => out.push_str(usual),
            // "seninn" is a day all the same.
            None if list("days").contains(&&*drawn) => out.push_str(&drawn),
            None => out.push_str(&word),
        }
        word.clear();
        out.push(c);
    }
    out.truncate(out.len() - 1);
    out
}

/// A list of `words.txt`.
struct WordList {
    /// As in the file.
    written: Vec<&'static str>,
    /// In the spelling of [`canonical`].
    known: HashSet<String>,
    /// What those begin with, cut after each word: most texts are seen to begin otherwise at once.
    beginnings: HashSet<String>,
    /// Words of the longest phrase.
    longest: usize,
}

/// The files of the lists.
pub(super) const SOURCES: [&str; 2] =
    [include_str!("../../../data/words.txt"), include_str!("../../../data/edits.txt")];

/// The lists of `words.txt` and `edits.txt` by name.
static LISTS: LazyLock<HashMap<&'static str, WordList>> = LazyLock::new(|| {
    SOURCES
        .into_iter()
        .flat_map(str::lines)
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(':'))
        .map(|(name, words)| {
            let written: Vec<_> = words.split(',').map(str::trim).collect();
            let known: HashSet<_> = written.iter().map(|phrase| canonical(phrase)).collect();
            let longest = known.iter().map(|phrase| phrase.split(' ').count()).max().unwrap_or(0);
            let beginnings = known.iter().flat_map(|phrase| word_ends(phrase)).map(str::to_owned);
            let beginnings = beginnings.collect();
            (name.trim(), WordList { written, known, beginnings, longest })
        })
        .collect()
});

/// A word list as written; a name that is not in the file is an empty list.
pub(crate) fn list(name: &str) -> &'static [&'static str] {
    LISTS.get(name).map_or(&[], |list| &list.written)
}

/// Whether a list has this word or phrase, however it is spelled.
pub(crate) fn is_in(name: &str, word: &str) -> bool {
    LISTS.get(name).is_some_and(|list| list.known.contains(&canonical(word)))
}

/// Whether a list has this word or phrase, which is canonical already.
pub(crate) fn knows(name: &str, canonical: &str) -> bool {
    LISTS.get(name).is_some_and(|list| list.known.contains(canonical))
}

/// Whether a word is one of a list's, or stands in one of its phrases.
pub(crate) fn knows_part(name: &str, word: &str) -> bool {
    knows(name, word) || list(name).iter().any(|phrase| phrase.split(' ').any(|part| part == word))
}

/// Whether a normalised text contains one of the list's phrases as whole words.
pub(crate) fn mentions(name: &str, normalised: &str) -> bool {
    let Some(list) = LISTS.get(name) else { return false };
    let text = canonical(normalised);
    let mut starts = std::iter::once(0).chain(text.match_indices(' ').map(|(at, _)| at + 1));
    starts.any(|start| {
        word_ends(&text[start..])
            .take_while(|phrase| list.beginnings.contains(*phrase))
            .any(|phrase| list.known.contains(phrase))
    })
}

/// A text cut after its first word, after its second, and so on to the whole.
fn word_ends(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices(' ').map(|(at, _)| &text[..at]).chain([text])
}

/// Whether a word is nothing but laughter: "wkwk", "hahaha", "xixi".
pub(crate) fn is_laughter(word: &str) -> bool {
    const LEAST_CHARS: usize = 4;
    // "heueuh" is a yes.
    if is_slang(word) {
        return false;
    }
    let count = |letter| word.chars().filter(|c| *c == letter).count();
    let only = |letters: &str| word.chars().all(|c| letters.contains(c));
    let drawn = word.chars().count() >= LEAST_CHARS
        && (only("wkoa") && count('w') > 1 && count('k') > 0
            || only("haeiu") && count('h') > 1
            || only("xi") && count('x') > 1);
    drawn || is_in("laughter", word)
}

/// Whether a text holds a figure.
pub(crate) fn has_figures(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
}

/// Whether a word is written as a name is: large at first, small behind.
pub(crate) fn is_large(word: &str) -> bool {
    word.starts_with(char::is_uppercase) && word.chars().any(char::is_lowercase)
}

/// "Simpul Rumi 🧶": each word of letters begins with a capital.
pub(crate) fn is_written_large(line: &str) -> bool {
    let mut words = line.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic));
    words.all(|word| word.starts_with(char::is_uppercase))
}

/// Cuts one of the list's phrases off the front, the longest that fits; case and punctuation are
/// ignored. Answers what follows, as written.
pub(crate) fn cut_prefix<'a>(name: &str, text: &'a str) -> Option<&'a str> {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let list = LISTS.get(name)?;
    let mut phrase = String::new();
    let mut longest = None;
    for (word, end) in leading_words(text).take(list.longest) {
        if !phrase.is_empty() {
            phrase.push(' ');
        }
        let plain = canonical(&normalise(word));
        // "form bookingnya": the ending of what was spoken of, on the last word of a longer phrase.
        if let Some(bare) = plain.strip_suffix("nya").filter(|_| !phrase.is_empty())
            && list.known.contains(&format!("{phrase}{bare}"))
        {
            longest = Some(end);
        }
        phrase.push_str(&plain);
        if !list.beginnings.contains(&phrase) {
            break;
        }
        if list.known.contains(&phrase) {
            longest = Some(end);
        }
    }
    let rest = without_nya(&text[longest?..]);
    Some(rest.trim_start_matches(|c: char| c.is_whitespace() || ":=,-–.".contains(c)))
}

/// The ending of "namanya" where it is written as a word of its own.
const ENDINGS: [&str; 6] = ["nya", "nye", "nyo", "na", "ne", "e"];

/// "nama nya Ani", "nama e Ani": without the ending that many write as a word of its own.
fn without_nya(rest: &str) -> &str {
    let trimmed = rest.trim_start();
    let word = trimmed.find(|c: char| !c.is_alphanumeric()).unwrap_or(trimmed.len());
    // In large letters it is the beginning of a name: "nama E Coffee".
    let ending = ENDINGS.contains(&&trimmed[..word]);
    if ending && !trimmed[word..].starts_with(['-', '@', '.']) { &trimmed[word..] } else { rest }
}

/// Cuts list phrases off the front as long as there are any.
pub(crate) fn cut_all<'a>(name: &str, text: &'a str) -> &'a str {
    let mut rest = text.trim();
    for _ in 0..MAX_CUTS {
        match cut_prefix(name, rest) {
            Some(shorter) if shorter.len() < rest.len() => rest = shorter,
            Some(_) | None => break,
        }
    }
    rest
}

/// Cuts list words off the end as long as there are any.
pub(crate) fn cut_end<'a>(name: &str, text: &'a str) -> &'a str {
    let mut rest = text.trim();
    for _ in 0..MAX_CUTS {
        let trimmed = rest.trim_end_matches(|c: char| c.is_whitespace() || ".,!?~".contains(c));
        let Some((before, last)) = trimmed.rsplit_once(char::is_whitespace) else { break };
        let word = normalise(last);
        // Emoji and laughter stand at the end of anything.
        if !word.is_empty() && !is_laughter(&word) && !is_in(name, &word) {
            break;
        }
        rest = before;
    }
    rest.trim_end()
}

/// Splits at the first of the list's phrases standing as whole words: before, after.
pub(crate) fn split_at_word<'a>(name: &str, text: &'a str) -> Option<(&'a str, &'a str)> {
    let mut at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let rest = &text[at..];
        if at > 0
            && let Some(after) = cut_prefix(name, rest)
        {
            return Some((text[..at].trim_end(), after));
        }
        at += word.len();
    }
    None
}

/// Most words cut from one end.
const MAX_CUTS: usize = 12;

/// The words a text begins with, with nothing but white space between them, and where each ends.
fn leading_words(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        // "Q&A" is two words of one phrase.
        let rest = text[from..].trim_start_matches(|c: char| c.is_whitespace() || c == '&');
        let start = text.len() - rest.len();
        let len = rest
            .char_indices()
            .find(|(_, c)| !c.is_alphanumeric() && *c != '\'')
            .map_or(rest.len(), |(at, _)| at);
        from = start + len;
        (len > 0).then(|| (&text[start..from], from))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_comparable() {
        assert_eq!(normalise("  Halooooo,  Kak!! 😀"), "haloo kak");
        assert_eq!(normalise("Ibu's  toko"), "ibus toko");
        assert_eq!(normalise("???"), "");
    }

    #[test]
    fn many_spellings_are_one() {
        for text in ["gk ada", "ngga ada", "tdk ada", "mboten wonten", "henteu aya", "gaaak ada"] {
            assert_eq!(canonical(&normalise(text)), "gak ada", "{text}");
        }
        assert_eq!(canonical("gg mawar"), "gg mawar");
        assert_eq!(respelled("Jam 5 sore smpe 11.30 malem"), "jam 5 sore sampai 11.30 malam");
        assert!(is_in("days", "senin") && mentions("site-words", "bikin websait dong"));
    }

    #[test]
    fn laughter_is_told_from_words() {
        for word in ["wkwk", "wkwkwkwk", "hahaha", "hehe", "xixixi", "awokwok", "lol"] {
            assert!(is_laughter(word), "{word}");
        }
        for word in ["kakak", "wok", "haha1", "ikhwa", "kawa", "hai", "wawa", "heueuh"] {
            assert!(!is_laughter(word), "{word}");
        }
    }

    #[test]
    fn a_prefix_is_cut_whatever_its_case() {
        assert_eq!(cut_prefix("name-label", "Namanya: Kopi Senja"), Some("Kopi Senja"));
        assert_eq!(cut_prefix("name-label", "Kopi Senja"), None);
        assert_eq!(cut_prefix("name-label", "nama nya Kopi"), Some("Kopi"));
        assert_eq!(cut_prefix("name-label", "nama Nyai Ros"), Some("Nyai Ros"));
    }
}
