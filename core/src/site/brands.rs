//! Names nobody may pose as and labels nobody may take: data, and how alike two names look.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// Most neighbouring words that may spell one name: "B C A", "Go Pay".
const MOST_PARTS: usize = 4;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    rare: Vec<String>,
    inside: Vec<String>,
    common: Vec<String>,
    innocent: Vec<String>,
    beside: Vec<String>,
    office: Vec<String>,
    titles: Vec<String>,
    agents: Vec<String>,
    baits: Vec<String>,
    lures: Vec<String>,
    traps: Vec<String>,
    always: Vec<String>,
    secrets: Vec<String>,
    asking: Vec<String>,
    warning: Vec<String>,
    excuses: Vec<String>,
    reserved: Vec<String>,
    confusable: HashMap<char, char>,
}

/// A protected name.
#[derive(Debug)]
pub(super) struct Brand {
    /// As its owner writes it.
    pub(super) shown: String,
    folded: String,
    /// In plain small letters, nothing folded.
    plain: String,
    /// Looked for within words too.
    inside: bool,
}

impl Brand {
    /// Whether a word is this name, letter by letter.
    pub(super) fn is_spelled(&self, word: &str) -> bool {
        plain(word) == self.plain
    }
}

/// The lists of `brands.toml`.
pub(super) struct Brands {
    rare: Vec<Brand>,
    common: Vec<Brand>,
    innocent: Vec<String>,
    beside: Vec<String>,
    office: Vec<String>,
    titles: Vec<String>,
    agents: Vec<String>,
    pub(super) baits: Vec<String>,
    pub(super) lures: Vec<String>,
    pub(super) traps: Vec<String>,
    pub(super) always: Vec<String>,
    pub(super) secrets: Vec<String>,
    pub(super) asking: Vec<String>,
    pub(super) warning: Vec<String>,
    pub(super) excuses: Vec<String>,
    pub(super) reserved: Vec<String>,
    confusable: HashMap<char, char>,
}

static BRANDS: LazyLock<Brands> = LazyLock::new(|| {
    let lists: Lists =
        toml::from_str(include_str!("brands.toml")).expect("the embedded brands are tested");
    let confusable = lists.confusable;
    let fold = |word: &String| fold_with(word, &confusable);
    let brand = |inside: bool| {
        let confusable = &confusable;
        move |shown: String| Brand {
            folded: fold_with(&shown, confusable),
            plain: plain(&shown),
            shown,
            inside,
        }
    };
    let rare = lists.rare.into_iter().map(brand(false));
    let inside = lists.inside.into_iter().map(brand(true));
    Brands {
        rare: inside.chain(rare).collect(),
        common: lists.common.into_iter().map(brand(false)).collect(),
        innocent: lists.innocent,
        beside: lists.beside.iter().map(fold).collect(),
        office: lists.office.iter().map(fold).collect(),
        titles: lists.titles.iter().map(fold).collect(),
        agents: lists.agents,
        baits: lists.baits,
        lures: lists.lures,
        traps: lists.traps,
        always: lists.always,
        secrets: lists.secrets,
        asking: lists.asking,
        warning: lists.warning,
        excuses: lists.excuses,
        reserved: lists.reserved,
        confusable,
    }
});

/// The lists.
pub(super) fn brands() -> &'static Brands {
    &BRANDS
}

impl Brands {
    /// The rare name that a single word looks like: itself, with figures around it, glued to a word of
    /// offices, or holding one of those that are looked for inside.
    pub(super) fn like_word(&self, word: &str) -> Option<&Brand> {
        if self.innocent.contains(&plain(word)) {
            return None;
        }
        let bare = folded(word.trim_matches(|c: char| c.is_ascii_digit()));
        let whole = folded(word);
        let glued = |brand: &Brand| {
            let rest =
                whole.strip_prefix(&brand.folded).or_else(|| whole.strip_suffix(&brand.folded));
            rest.is_some_and(|rest| self.beside.iter().any(|beside| beside == rest))
        };
        self.rare.iter().find(|brand| {
            let within = brand.inside && whole.contains(&brand.folded);
            within || whole == brand.folded || bare == brand.folded || glued(brand)
        })
    }

    /// The rare name that words spell, alone or as neighbours: "Go Pay".
    pub(super) fn like_words(&self, words: &[&str]) -> Option<&Brand> {
        words.iter().find_map(|word| self.like_word(word)).or_else(|| self.spelled(words))
    }

    fn spelled(&self, words: &[&str]) -> Option<&Brand> {
        (2..=MOST_PARTS.min(words.len())).find_map(|count| {
            words.windows(count).find_map(|parts| {
                let joined = folded(&parts.concat());
                self.rare.iter().find(|brand| brand.folded == joined)
            })
        })
    }

    /// The everyday word that is also a protected name, which a single word looks like.
    pub(super) fn like_common(&self, word: &str) -> Option<&Brand> {
        let word = folded(word);
        self.common.iter().find(|brand| brand.folded == word)
    }

    /// A text in small letters with look-alikes of other alphabets made Latin and figures inside words
    /// made letters: "p1n", "p4ssw0rd".
    pub(super) fn readable(&self, text: &str) -> String {
        let latin = text
            .chars()
            .flat_map(char::to_lowercase)
            .map(|letter| self.confusable.get(&letter).copied().unwrap_or(letter));
        let latin: String = latin.collect();
        latin.split_inclusive(|c: char| c.is_whitespace()).map(unmasked).collect()
    }

    /// A rare name that a word imitates with other letters: "BR1", "Sh0pee", "ВСА" in Cyrillic.
    pub(super) fn imitated(&self, word: &str) -> Option<&Brand> {
        let brand = self.like_word(word)?;
        let plain = plain(word.trim_matches(|c: char| c.is_ascii_digit()));
        let honest = plain.contains(&brand.plain);
        (!honest).then_some(brand)
    }

    /// The name these words say and nothing else: "BCA", "Layanan Resmi BRI", "PT Bank Mandiri Tbk".
    /// "Permata" alone may be anybody's shop.
    pub(super) fn is_named(&self, words: &[&str]) -> Option<&Brand> {
        let official = |word: &str| {
            let word = folded(word);
            self.beside.contains(&word) || self.titles.contains(&word)
        };
        let rest: Vec<&str> = words.iter().copied().filter(|word| !official(word)).collect();
        if rest.len() == 1 {
            let whole = folded(rest[0]);
            let office = words.iter().any(|word| self.office.contains(&folded(word)));
            let common = self.common.iter().filter(|_| office);
            if let Some(brand) = self.rare.iter().chain(common).find(|one| one.folded == whole) {
                return Some(brand);
            }
        }
        let joined = folded(&rest.concat());
        let glued = folded(&words.concat());
        let same = |brand: &&Brand| brand.folded == joined || brand.folded == glued;
        self.rare.iter().find(same)
    }

    /// Whether a name is that of somebody who works for an office: "Agen BRI Pak Tono".
    pub(super) fn is_agent(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.agents.contains(&word.to_lowercase()))
    }

    /// Whether these words of an address together pose as a protected name.
    pub(super) fn poses(&self, words: &[&str]) -> bool {
        let beside =
            |word: Option<&&str>| word.is_some_and(|word| self.beside.contains(&folded(word)));
        let official = words.iter().enumerate().any(|(at, word)| {
            let before = at.checked_sub(1).and_then(|before| words.get(before));
            let common = self.like_common(word).is_some();
            common && (beside(before) || beside(words.get(at + 1)))
        });
        let alone = words.len() == 1 && self.like_common(words[0]).is_some();
        self.like_words(words).is_some() || self.is_named(words).is_some() || official || alone
    }
}

/// Figures among letters as the letters they stand for.
fn unmasked(word: &str) -> String {
    let mixed = word.chars().any(|c| c.is_ascii_digit()) && word.chars().any(char::is_alphabetic);
    if !mixed {
        return word.to_owned();
    }
    word.chars()
        .map(|letter| match letter {
            '0' => 'o',
            '1' => 'i',
            '3' => 'e',
            '4' => 'a',
            '5' => 's',
            other => other,
        })
        .collect()
}

/// The letters and figures of a word in small letters, accents off, nothing else folded.
fn plain(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A word as the eye takes it: lower case, letters only, look-alikes made one.
pub(super) fn folded(word: &str) -> String {
    fold_with(word, &BRANDS.confusable)
}

fn fold_with(word: &str, confusable: &HashMap<char, char>) -> String {
    let latin: String = word
        .chars()
        .flat_map(char::to_lowercase)
        .map(|letter| confusable.get(&letter).copied().unwrap_or(letter))
        .collect();
    let latin = deunicode::deunicode(&latin).to_lowercase();
    let folded: String = latin
        .chars()
        .filter_map(|letter| match letter {
            '0' => Some('o'),
            '1' | '!' | '|' | 'l' => Some('i'),
            '3' => Some('e'),
            '4' | '@' => Some('a'),
            '5' | '$' => Some('s'),
            '7' => Some('t'),
            letter => letter.is_ascii_alphanumeric().then_some(letter),
        })
        .collect();
    folded.replace("rn", "m").replace("vv", "w")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swapped_letters_look_alike() {
        for word in [
            "klikbca",
            "kl1kbca",
            "KLIKBCA",
            "t0kopedia",
            "tokoped1a",
            "shopee",
            "0vo",
            "BRl",
            "tokopedia-promo",
            "ВСА",
            "ЅһорЕе",
            "𝐁𝐂𝐀",
            "b.c.a",
            "bca88",
            "promobri",
        ] {
            assert!(brands().like_word(word).is_some(), "{word}");
        }
    }

    #[test]
    fn honest_words_do_not() {
        for word in [
            "kopi",
            "danau",
            "dana",
            "mandiri",
            "brilian",
            "warna",
            "bandana",
            "abcatering",
            "mandiriutama",
            "pin",
            "brimob",
            "febritama",
            "ovum",
            "brilink",
            "sabrina",
            "bali",
        ] {
            let like = brands().like_word(word).map(|brand| brand.shown.as_str());
            assert_eq!(like, None, "{word}");
        }
    }

    #[test]
    fn only_other_letters_imitate() {
        for word in ["BR1", "Sh0pee", "T0kopedia", "ВСА", "0VO"] {
            assert!(brands().imitated(word).is_some(), "{word}");
        }
        for word in ["BRI", "shopee", "Tokopedia", "bca88", "Gopay"] {
            assert!(brands().imitated(word).is_none(), "{word}");
        }
    }
}
