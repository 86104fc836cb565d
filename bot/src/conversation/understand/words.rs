//! Words as people type them, made comparable; and the word lists of the parsers.

use std::collections::HashMap;
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

/// The lists of `words.txt` and `edits.txt` by name.
static LISTS: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    [include_str!("../../../data/words.txt"), include_str!("../../../data/edits.txt")]
        .into_iter()
        .flat_map(str::lines)
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(':'))
        .map(|(name, words)| (name.trim(), words.split(',').map(str::trim).collect()))
        .collect()
});

/// A word list; a name that is not in the file is an empty list.
pub(crate) fn list(name: &str) -> &'static [&'static str] {
    LISTS.get(name).map_or(&[], Vec::as_slice)
}

/// Whether a list has this word or phrase.
pub(crate) fn is_in(name: &str, word: &str) -> bool {
    list(name).contains(&word)
}

/// Whether a normalised text contains one of the list's phrases as whole words.
pub(crate) fn mentions(name: &str, normalised: &str) -> bool {
    let padded = format!(" {normalised} ");
    list(name).iter().any(|phrase| padded.contains(&format!(" {phrase} ")))
}

/// Cuts one of the list's phrases off the front, the longest that fits; case and punctuation are
/// ignored. Answers what follows, as written.
pub(crate) fn cut_prefix<'a>(name: &str, text: &'a str) -> Option<&'a str> {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    list(name)
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
        if !is_in(name, &normalise(last)) {
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
        if first.is_empty() || normalise(first) != word {
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
    fn a_prefix_is_cut_whatever_its_case() {
        assert_eq!(cut_prefix("name-label", "Namanya: Kopi Senja"), Some("Kopi Senja"));
        assert_eq!(cut_prefix("name-label", "Kopi Senja"), None);
    }
}
