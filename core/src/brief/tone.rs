//! The tone in an owner's words.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::Tone;
use super::phrase::{Lexicon, words};

/// A phrase's tone, and whether any other phrase is better evidence.
type Meaning = (Tone, bool);

static LEXICON: LazyLock<Lexicon<Meaning>> = LazyLock::new(|| {
    let mut lists: BTreeMap<String, Vec<String>> =
        toml::from_str(include_str!("words/tones.toml")).expect("a test reads this file");
    let weak = lists.remove("weak").expect("a test reads this file");
    Lexicon::new(lists.into_iter().flat_map(|(slug, phrases)| {
        let tone = Tone::from_slug(&slug).expect("a test reads this file");
        let weak = weak.clone();
        phrases.into_iter().map(move |phrase| {
            let gives_way = weak.contains(&phrase);
            (phrase, (tone, gives_way))
        })
    }))
});

impl Tone {
    /// The first tone a text asks for, before those that rather describe a colour; in long words one
    /// typing slip is forgiven.
    pub fn parse(text: &str) -> Option<Self> {
        let words = words(text);
        let hits = LEXICON.hits(&words);
        let first = hits.iter().find(|hit| !hit.value.1).or(hits.first()).map(|hit| hit.value);
        first.or_else(|| LEXICON.nearly(&words).map(|hit| hit.value)).map(|(tone, _)| tone)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("elegan dan mewah", Tone::Elegant)]
    #[case("yang ceria dong kak", Tone::Cheerful)]
    #[case("kekinian", Tone::Modern)]
    #[case("Profesional", Tone::Professional)]
    #[case("hangat, kekeluargaan", Tone::Warm)]
    #[case("clean and minimal", Tone::Modern)]
    #[case("elegent", Tone::Elegant)]
    #[case("jangan formal, yang ramah", Tone::Warm)]
    #[case("warna-warni", Tone::Cheerful)]
    #[case("pink pastel imut", Tone::Cheerful)]
    #[case("soft pink", Tone::Elegant)]
    fn a_tone_is_read_from_its_words(#[case] text: &str, #[case] tone: Tone) {
        assert_eq!(Tone::parse(text), Some(tone));
    }

    #[rstest]
    #[case("terserah")]
    #[case("pink")]
    #[case("")]
    fn a_text_without_a_tone_has_none(#[case] text: &str) {
        assert_eq!(Tone::parse(text), None);
    }
}
