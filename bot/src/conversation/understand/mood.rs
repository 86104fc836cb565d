//! What is no answer but a mood: laughter, anger, haste, small talk about something else.

use super::words::{canonical, is_in, is_large, is_laughter, knows, list, mentions, normalise};

/// Most words of a message that is nothing but a mood.
const MAX_WORDS: usize = 10;

/// Fewest words of a sentence in small letters that is hardly a name.
pub(crate) const MIN_SENTENCE_WORDS: usize = 4;

/// What a person is in the mood of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Nothing but laughter.
    Laughs,
    /// Calls us names.
    Scolds,
    /// Finds it slow or hard.
    Hurries,
    /// Wants something that is not ours to give.
    Strays,
}

/// "Pelan Bike Hire. pelan means slow": words written large one after the other are a name.
fn names_something(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.windows(2).any(|pair| pair.iter().all(|word| is_large(word)))
}

/// Whether thanks are meant as such: "all good" only says that nothing more is wanted.
pub(crate) fn is_warm(thanks: &str) -> bool {
    !is_in("thanks-dry", &normalise(thanks))
}

/// Whether an emoji is one that people are kind with.
pub(crate) fn is_kind(emoji: &str) -> bool {
    let kind = ["emoji-thanks", "emoji-kind"].into_iter().flat_map(list);
    kind.into_iter().any(|known| emoji.contains(known))
}

/// Reads a message that holds no answer. With `strict`, where any words can be the answer, each
/// word must be part of the mood.
pub(crate) fn read(text: &str, strict: bool) -> Option<Mood> {
    let plain = canonical(&normalise(text));
    let words: Vec<&str> = plain.split(' ').collect();
    if plain.is_empty() || words.len() > MAX_WORDS {
        return None;
    }
    let all = |list: &str| {
        let part =
            |word: &&str| knows(list, word) || knows("courtesy", word) || knows("mood-more", word);
        words.iter().all(part) && words.iter().any(|word| knows(list, word))
    };
    let tells = |list: &str| if strict { all(list) } else { mentions(list, &plain) };
    let laughs = |word: &&str| is_laughter(word);
    if words.iter().any(laughs) && words.iter().all(|word| laughs(word) || knows("courtesy", word))
    {
        Some(Mood::Laughs)
    } else if tells("rude") {
        Some(Mood::Scolds)
    } else if mentions("stray", &plain)
        && (!strict || words.iter().any(|word| knows("stray-lead", word)))
    {
        Some(Mood::Strays)
    } else if (tells("hurry") || knows("hurry", &plain)) && !names_something(text) {
        Some(Mood::Hurries)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("wkwkwk kak", Some(Mood::Laughs))]
    #[case("goblok lu", Some(Mood::Scolds))]
    #[case("ribet banget anjir", Some(Mood::Scolds))]
    #[case("lama amat sih", Some(Mood::Hurries))]
    #[case("buatin puisi cinta dong", Some(Mood::Strays))]
    #[case("write me a poem", Some(Mood::Strays))]
    #[case("Ayam Goblok Pak Tomo", None)]
    #[case("Kopi Senja", None)]
    fn a_mood_is_read_where_a_name_is_asked(#[case] text: &str, #[case] expected: Option<Mood>) {
        assert_eq!(read(text, true), expected);
    }
}
