//! Whole-word phrases in free text: how trades, tones and colours are recognised.
//!
//! Must never match inside a word: "ban" is not in "banyak".

use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Words of a text that are looked at; the rest is ignored.
const MAX_WORDS: usize = 800;
/// Words in which slips of the finger are looked for.
const MAX_TYPO_WORDS: usize = 40;
/// Shortest word in which one slip of the finger is forgiven.
const MIN_TYPO_CHARS: usize = 6;
/// Words that turn the following phrase into its refusal.
const REFUSALS: [&str; 14] = [
    "gajadi", "jgn", "bukan", "jangan", "tanpa", "selain", "gak", "ga", "tidak", "nggak", "not",
    "no", "without", "except",
];

/// A word, folded for comparison, and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Word {
    /// Lower case, without accents and apostrophes.
    pub(super) text: String,
    /// Byte range in the original text.
    pub(super) range: Range<usize>,
}

/// The words of a text for comparison: lower case, without accents, apostrophes and punctuation.
pub(crate) fn folded_words(text: &str) -> Vec<String> {
    words(text).into_iter().map(|word| word.text).collect()
}

/// Splits a text into folded words.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    let mut open: Option<Word> = None;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if c.is_alphanumeric() {
            let word = open.get_or_insert_with(|| Word { text: String::new(), range: at..at });
            fold(c, &mut word.text);
            word.range.end = end;
        } else if !(matches!(c, '\'' | '’') && open.is_some()) {
            found.extend(open.take());
            if found.len() >= MAX_WORDS {
                break;
            }
        }
    }
    found.extend(open);
    found
}

fn fold(c: char, into: &mut String) {
    match deunicode::deunicode_char(c) {
        Some(plain) if !c.is_ascii() && c.is_alphabetic() => {
            into.extend(
                plain.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()),
            );
        }
        _ => into.extend(c.to_lowercase()),
    }
}

/// Slips of the finger (a letter more, less, other, or two swapped) that lie between two texts, when there
/// are at most so many.
pub fn slips(one: &str, other: &str, most: usize) -> Option<usize> {
    // As many lie between them at least as one is longer, which is far quicker to see.
    if one.chars().count().abs_diff(other.chars().count()) > most {
        return None;
    }
    let slips = strsim::osa_distance(one, other);
    (slips <= most).then_some(slips)
}

/// A phrase found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hit<T> {
    /// What the phrase stands for.
    pub(super) value: T,
    /// Index of its first word.
    pub(super) at: usize,
    /// How many words it has.
    pub(super) len: usize,
    /// How many characters it has.
    pub(super) chars: usize,
}

/// Phrases and what they stand for.
#[derive(Debug)]
pub(super) struct Lexicon<T> {
    phrases: HashMap<String, T>,
    /// Every word of the phrases; none of them is another one mistyped.
    vocabulary: HashSet<String>,
    longest: usize,
}

impl<T: Copy> Lexicon<T> {
    /// A lexicon of phrases that are folded already.
    pub(super) fn new(phrases: impl IntoIterator<Item = (String, T)>) -> Self {
        let phrases: HashMap<String, T> = phrases.into_iter().collect();
        let longest = phrases.keys().map(|p| p.split(' ').count()).max().unwrap_or(0);
        let vocabulary = phrases.keys().flat_map(|p| p.split(' ').map(str::to_owned)).collect();
        Self { phrases, vocabulary, longest }
    }

    /// Phrases from left to right, the longest at each place, none overlapping, refused ones left out.
    pub(super) fn hits(&self, words: &[Word]) -> Vec<Hit<T>> {
        let mut hits = Vec::new();
        let mut at = 0;
        while at < words.len() {
            match self.hit_at(words, at) {
                Some(hit) => {
                    at += hit.len;
                    if !refused(words, hit.at) {
                        hits.push(hit);
                    }
                }
                None => at += 1,
            }
        }
        hits
    }

    fn hit_at(&self, words: &[Word], at: usize) -> Option<Hit<T>> {
        (1..=self.longest.min(words.len() - at)).rev().find_map(|len| {
            let phrase = join(&words[at..at + len]);
            let value = *self.phrases.get(&phrase)?;
            Some(Hit { value, at, len, chars: phrase.chars().count() })
        })
    }

    /// The first long word that is one slip away from a one-word phrase.
    pub(super) fn nearly(&self, words: &[Word]) -> Option<Hit<T>> {
        words.iter().enumerate().take(MAX_TYPO_WORDS).find_map(|(at, word)| {
            let count = word.text.chars().count();
            let known = self.vocabulary.contains(&word.text);
            if count < MIN_TYPO_CHARS || known || refused(words, at) {
                return None;
            }
            let mut near: Vec<(&String, T)> = self
                .phrases
                .iter()
                .filter(|(phrase, _)| phrase.len() >= MIN_TYPO_CHARS)
                .filter(|(phrase, _)| phrase.chars().next() == word.text.chars().next())
                .filter(|(phrase, _)| slips(phrase, &word.text, 1) == Some(1))
                .map(|(phrase, value)| (phrase, *value))
                .collect();
            near.sort_by_key(|(phrase, _)| *phrase);
            let (phrase, value) = *near.first()?;
            Some(Hit { value, at, len: 1, chars: phrase.chars().count() })
        })
    }
}

fn refused(words: &[Word], at: usize) -> bool {
    let word = |back: usize| at.checked_sub(back).map_or("", |at| words[at].text.as_str());
    // "gak jadi merah"
    REFUSALS.contains(&word(1)) || word(1) == "jadi" && REFUSALS.contains(&word(2))
}

fn join(words: &[Word]) -> String {
    words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon() -> Lexicon<u8> {
        Lexicon::new([
            ("toko".into(), 1),
            ("toko kue".into(), 2),
            ("bengkel".into(), 3),
            ("rendang".into(), 4),
            ("les renang".into(), 5),
        ])
    }

    #[test]
    fn the_longest_phrase_at_a_place_is_taken() {
        let hits = lexicon().hits(&words("Toko-Kue & toko"));
        assert_eq!(hits.iter().map(|hit| hit.value).collect::<Vec<_>>(), [2, 1]);
    }

    #[test]
    fn a_phrase_inside_a_word_is_not_found() {
        assert!(lexicon().hits(&words("tokoku")).is_empty());
    }

    #[test]
    fn a_refused_phrase_is_not_found() {
        assert!(lexicon().hits(&words("bukan toko kue")).is_empty());
    }

    #[test]
    fn one_slip_in_a_long_word_is_forgiven() {
        assert_eq!(lexicon().nearly(&words("bengkle motor")).map(|hit| hit.value), Some(3));
        assert!(lexicon().nearly(&words("tokk")).is_none());
        assert!(lexicon().nearly(&words("pelatih renang")).is_none());
    }

    #[test]
    fn accents_and_apostrophes_fold_away() {
        let texts: Vec<_> = words("Café Jum'at").into_iter().map(|word| word.text).collect();
        assert_eq!(texts, ["cafe", "jumat"]);
    }
}
