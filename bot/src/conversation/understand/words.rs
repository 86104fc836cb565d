//! Words as people type them, made comparable; and the word lists of the parsers.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

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

/// Other spellings by word, from `spellings.txt`.
static SPELLINGS: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    include_str!("../../../data/spellings.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(':'))
        .flat_map(|(word, others)| {
            others.split(',').map(move |other| (squeezed(other.trim()), word.trim()))
        })
        .collect()
});

/// A normalised text in the spelling of the lists: slang and abbreviations spelled out, drawn-out
/// letters drawn together. For comparison only; never shown.
pub(crate) fn canonical(normalised: &str) -> String {
    let mut out = String::with_capacity(normalised.len());
    for word in normalised.split(' ') {
        if !out.is_empty() {
            out.push(' ');
        }
        let word = squeezed(word);
        match SPELLINGS.get(&word) {
            Some(usual) => out.push_str(&squeezed(usual)),
            None => out.push_str(&word),
        }
    }
    out
}

/// The same letter never twice in a row.
fn squeezed(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        if !(c.is_alphabetic() && out.ends_with(c)) {
            out.push(c);
        }
    }
    out
}

/// A list of `words.txt`.
struct WordList {
    /// As in the file.
    written: Vec<&'static str>,
    /// In the spelling of [`canonical`].
    phrases: Vec<String>,
    known: HashSet<String>,
}

/// The lists of `words.txt` by name.
static LISTS: LazyLock<HashMap<&'static str, WordList>> = LazyLock::new(|| {
    include_str!("../../../data/words.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(':'))
        .map(|(name, words)| {
            let written: Vec<_> = words.split(',').map(str::trim).collect();
            let phrases: Vec<_> = written.iter().map(|phrase| canonical(phrase)).collect();
            let known = phrases.iter().cloned().collect();
            (name.trim(), WordList { written, phrases, known })
        })
        .collect()
});

/// A word list as written; a name that is not in the file is an empty list.
pub(crate) fn list(name: &str) -> &'static [&'static str] {
    LISTS.get(name).map_or(&[], |list| &list.written)
}

fn phrases(name: &str) -> &'static [String] {
    LISTS.get(name).map_or(&[], |list| &list.phrases)
}

/// Whether a list has this word or phrase, however it is spelled.
pub(crate) fn is_in(name: &str, word: &str) -> bool {
    LISTS.get(name).is_some_and(|list| list.known.contains(&canonical(word)))
}

/// Whether a normalised text contains one of the list's phrases as whole words.
pub(crate) fn mentions(name: &str, normalised: &str) -> bool {
    let padded = format!(" {} ", canonical(normalised));
    phrases(name).iter().any(|phrase| {
        padded.match_indices(phrase.as_str()).any(|(at, found)| {
            padded[..at].ends_with(' ') && padded[at + found.len()..].starts_with(' ')
        })
    })
}

/// Whether a word is nothing but laughter: "wkwk", "hahaha", "xixi".
pub(crate) fn is_laughter(word: &str) -> bool {
    const LEAST_CHARS: usize = 4;
    let count = |letter| word.chars().filter(|c| *c == letter).count();
    let only = |letters: &str| word.chars().all(|c| letters.contains(c));
    let drawn = word.chars().count() >= LEAST_CHARS
        && (only("wkoa") && count('w') > 1 && count('k') > 0
            || only("haeiu") && count('h') > 1
            || only("xi") && count('x') > 1);
    drawn || is_in("laughter", word)
}

/// Cuts one of the list's phrases off the front, the longest that fits; case and punctuation are
/// ignored. Answers what follows, as written.
pub(crate) fn cut_prefix<'a>(name: &str, text: &'a str) -> Option<&'a str> {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    phrases(name)
        .iter()
        .filter_map(|phrase| cut_words(phrase, text))
        .min_by_key(|rest| rest.len())
        .map(|rest| rest.trim_start_matches(|c: char| c.is_whitespace() || ":=,-–.".contains(c)))
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

/// The rest of `text` after the words of `phrase`, when it begins with them.
fn cut_words<'a>(phrase: &str, text: &'a str) -> Option<&'a str> {
    let mut rest = text;
    for word in phrase.split(' ') {
        rest = rest.trim_start();
        let end = rest
            .char_indices()
            .find(|(_, c)| !c.is_alphanumeric() && *c != '\'')
            .map_or(rest.len(), |(at, _)| at);
        let (first, after) = rest.split_at(end);
        if first.is_empty() || canonical(&normalise(first)) != word {
            return None;
        }
        rest = after;
    }
    Some(rest)
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
        assert!(is_in("days", "senin") && mentions("site-words", "bikin websait dong"));
    }

    #[test]
    fn no_spelling_stands_for_two_words() {
        let mut seen = HashMap::new();
        for line in include_str!("../../../data/spellings.txt").lines() {
            let Some((word, others)) = line.split_once(':').filter(|_| !line.starts_with('#'))
            else {
                continue;
            };
            for other in others.split(',') {
                let before = seen.insert(squeezed(other.trim()), word);
                assert!(before.is_none_or(|before| before == word), "{other} stands twice");
            }
        }
    }

    #[test]
    fn laughter_is_told_from_words() {
        for word in ["wkwk", "wkwkwkwk", "hahaha", "hehe", "xixixi", "awokwok", "lol"] {
            assert!(is_laughter(word), "{word}");
        }
        for word in ["kakak", "wok", "haha1", "ikhwa", "kawa", "hai", "wawa"] {
            assert!(!is_laughter(word), "{word}");
        }
    }

    #[test]
    fn a_prefix_is_cut_whatever_its_case() {
        assert_eq!(cut_prefix("name-label", "Namanya: Kopi Senja"), Some("Kopi Senja"));
        assert_eq!(cut_prefix("name-label", "Kopi Senja"), None);
    }
}
