//! The writer's phrase book: candidates from the data files, rendered with facts, chosen by seed.
//!
//! Must never leave a slot open: a phrase whose fact is missing is no candidate.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::brief::{Language, Trade};
use crate::site::choice::pick;

/// The texts of one file: one trade's, or those of all trades.
#[derive(Debug, Deserialize)]
pub(super) struct Book {
    /// Words of the trade that fill slots.
    #[serde(default)]
    pub(super) vocab: BTreeMap<String, String>,
    #[serde(default)]
    lines: HashMap<String, Vec<String>>,
    #[serde(default)]
    points: HashMap<String, Vec<[String; 2]>>,
    /// Names for places of business.
    #[serde(default)]
    pub(super) places: Vec<String>,
    /// Single words of the language; in the common file only.
    pub(super) words: Option<LanguageWords>,
}

/// Small words the code joins facts with.
#[derive(Debug, Deserialize)]
pub(super) struct LanguageWords {
    pub(super) and: String,
    pub(super) from: String,
    pub(super) comma_before_and: bool,
    pub(super) nouns: HashSet<String>,
    pub(super) every_day: String,
    pub(super) always: String,
    pub(super) clock_mark: String,
    pub(super) day_range: String,
    pub(super) home: String,
    pub(super) photo_alt: String,
    pub(super) days: Vec<String>,
}

macro_rules! books {
    ($language:literal) => {
        [
            include_str!(concat!("phrases/", $language, "/food.toml")),
            include_str!(concat!("phrases/", $language, "/bakery.toml")),
            include_str!(concat!("phrases/", $language, "/fashion.toml")),
            include_str!(concat!("phrases/", $language, "/salon.toml")),
            include_str!(concat!("phrases/", $language, "/laundry.toml")),
            include_str!(concat!("phrases/", $language, "/workshop.toml")),
            include_str!(concat!("phrases/", $language, "/clinic.toml")),
            include_str!(concat!("phrases/", $language, "/tutoring.toml")),
            include_str!(concat!("phrases/", $language, "/photography.toml")),
            include_str!(concat!("phrases/", $language, "/events.toml")),
            include_str!(concat!("phrases/", $language, "/contractor.toml")),
            include_str!(concat!("phrases/", $language, "/shop.toml")),
            include_str!(concat!("phrases/", $language, "/technology.toml")),
            include_str!(concat!("phrases/", $language, "/other.toml")),
            include_str!(concat!("phrases/", $language, "/common.toml")),
        ]
    };
}

/// Files of both languages: the trades in the order of [`Trade::ALL`], then the common one.
static BOOKS: LazyLock<[Vec<Book>; 2]> = LazyLock::new(|| {
    let read = |texts: [&str; 15]| {
        texts.iter().map(|text| toml::from_str(text).expect("a test reads every file")).collect()
    };
    [read(books!("id")), read(books!("en"))]
});

/// What fills the slots, by name; a missing fact has no entry.
pub(super) type Slots = BTreeMap<&'static str, String>;

/// The texts for one trade in one language.
#[derive(Clone, Copy)]
pub(super) struct Voice {
    /// The trade's own texts.
    pub(super) own: &'static Book,
    /// The texts of all trades.
    pub(super) common: &'static Book,
}

impl Voice {
    pub(super) fn of(trade: Trade, language: Language) -> Self {
        let books = match language {
            Language::Id => &BOOKS[0],
            Language::En => &BOOKS[1],
        };
        let at = Trade::ALL.iter().position(|other| *other == trade).unwrap_or(books.len() - 2);
        Self { own: &books[at], common: &books[books.len() - 1] }
    }

    /// The small words of the language.
    pub(super) fn words(self) -> &'static LanguageWords {
        self.common.words.as_ref().expect("a test finds them in both common files")
    }

    /// Every line of a key that the facts allow and that fits, the trade's own first.
    pub(super) fn lines(self, key: &str, slots: &Slots, max_chars: usize) -> Vec<String> {
        let texts = [self.own, self.common].into_iter().filter_map(|book| book.lines.get(key));
        let rendered = texts.flatten().filter_map(|text| render(text, slots));
        rendered.filter(|text| text.chars().count() <= max_chars).collect()
    }

    /// One line of a key; empty when none fits.
    pub(super) fn line(self, key: &str, slots: &Slots, max_chars: usize, seed: u32) -> String {
        let mut lines = self.lines(key, slots, max_chars);
        if lines.is_empty() {
            return String::new();
        }
        let at = pick(seed, key, lines.len());
        lines.swap_remove(at)
    }

    /// One line of a key whose last line is the plainest, taken only when nothing else fits.
    pub(super) fn told_line(self, key: &str, slots: &Slots, max_chars: usize, seed: u32) -> String {
        let mut lines = self.lines(key, slots, max_chars);
        if lines.len() > 1 {
            lines.pop();
        }
        let at = pick(seed, key, lines.len());
        lines.into_iter().nth(at).unwrap_or_default()
    }

    /// Titled texts of a key from one book that the facts allow and that fit, in file order.
    pub(super) fn points(book: &Book, key: &str, slots: &Slots) -> Vec<(String, String)> {
        let texts = book.points.get(key).into_iter().flatten();
        let rendered =
            texts.filter_map(|[title, text]| Some((render(title, slots)?, render(text, slots)?)));
        rendered
            .filter(|(title, text)| {
                title.chars().count() <= super::MAX_HEADING_CHARS
                    && text.chars().count() <= super::MAX_LEAD_CHARS
            })
            .collect()
    }
}

/// Splits "[phone !city] text" into its condition and the text.
fn condition(template: &str) -> (&str, &str) {
    template
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
        .map_or(("", template), |(condition, text)| (condition, text.trim_start()))
}

/// The text with its slots filled; `None` when a condition fails or a fact is missing.
pub(super) fn render(template: &str, slots: &Slots) -> Option<String> {
    let (condition, text) = condition(template);
    let holds = condition.split_whitespace().all(|fact| match fact.strip_prefix('!') {
        Some(absent) => !slots.contains_key(absent),
        None => slots.contains_key(fact),
    });
    if !holds {
        return None;
    }
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (slot, tail) = after.split_once('}')?;
        out.push_str(before);
        match slots.get(slot) {
            Some(value) => out.push_str(value),
            None => out.push_str(&capitalised(slots.get(slot.to_lowercase().as_str())?)),
        }
        rest = tail;
    }
    out.push_str(rest);
    Some(out)
}

/// With a capital first letter.
pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots() -> Slots {
        Slots::from([("name", "Kopi Senja".to_owned()), ("goods", "menu".to_owned())])
    }

    #[test]
    fn a_slot_is_filled_and_capitalised_on_demand() {
        assert_eq!(render("{Goods} dari {name}", &slots()).unwrap(), "Menu dari Kopi Senja");
    }

    #[test]
    fn a_missing_fact_or_a_failed_condition_drops_the_phrase() {
        for text in ["{city}", "[city] Halo", "[!name] Halo", "{name"] {
            assert_eq!(render(text, &slots()), None, "{text}");
        }
        assert_eq!(render("[name !city] Halo", &slots()).as_deref(), Some("Halo"));
    }

    #[test]
    fn every_file_has_its_words_and_every_section_three_voices() {
        for language in Language::ALL {
            for trade in Trade::ALL {
                let voice = Voice::of(trade, language);
                assert_eq!(voice.words().days.len(), 7);
                for word in ["place", "kind", "you", "goods", "order"] {
                    assert!(voice.own.vocab.contains_key(word), "{trade:?} {word}");
                }
                for key in [
                    "hero",
                    "hero_lead",
                    "catalogue",
                    "catalogue_lead",
                    "features",
                    "about",
                    "gallery",
                    "gallery_lead",
                    "steps",
                    "steps_lead",
                    "faq",
                    "faq_lead",
                    "visit",
                    "visit_lead",
                    "cta",
                    "cta_lead",
                    "contact",
                    "contact_lead",
                ] {
                    let own = voice.own.lines.get(key).map_or(0, Vec::len);
                    let common = voice.common.lines.get(key).map_or(0, Vec::len);
                    assert!(own + common >= 3, "{trade:?} {key}");
                }
                assert!(
                    voice.own.lines["hero"].len() >= 5 && voice.own.lines["about_open"].len() >= 3
                );
                assert!(voice.own.points["features"].len() >= 4);
            }
        }
    }

    #[test]
    fn a_seed_always_picks_the_same() {
        assert_eq!(pick(7, "hero", 5), pick(7, "hero", 5));
        let picks: std::collections::HashSet<_> =
            (0..40).map(|seed| pick(seed, "hero", 5)).collect();
        assert_eq!(picks.len(), 5);
    }
}
