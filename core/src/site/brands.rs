//! Names nobody may pose as and labels nobody may take: data, and how alike two names look.

use std::sync::LazyLock;

use serde::Deserialize;

/// The lists of `brands.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Brands {
    exact: Vec<String>,
    inside: Vec<String>,
    common: Vec<String>,
    beside: Vec<String>,
    pub(super) baits: Vec<String>,
    pub(super) lures: Vec<String>,
    pub(super) secrets: Vec<String>,
    pub(super) reserved: Vec<String>,
}

static BRANDS: LazyLock<Brands> = LazyLock::new(|| {
    let mut brands: Brands =
        toml::from_str(include_str!("brands.toml")).expect("the embedded brands are tested");
    let Brands { exact, inside, common, beside, .. } = &mut brands;
    for name in [exact, inside, common, beside].into_iter().flatten() {
        *name = folded(name);
    }
    brands
});

/// The lists.
pub(super) fn brands() -> &'static Brands {
    &BRANDS
}

impl Brands {
    /// The protected name that a single word looks like.
    pub(super) fn like_word(&self, word: &str) -> Option<&str> {
        let word = folded(word);
        let exact = self.exact.iter().find(|name| **name == word);
        exact.or_else(|| self.inside.iter().find(|name| word.contains(*name))).map(String::as_str)
    }

    /// The everyday word that is also a protected name, which a single word looks like.
    pub(super) fn like_common(&self, word: &str) -> Option<&str> {
        let word = folded(word);
        self.common.iter().find(|name| **name == word).map(String::as_str)
    }

    /// Whether these words together pose as a protected name.
    pub(super) fn poses(&self, words: &[&str]) -> bool {
        let beside = |at: usize| {
            words.iter().enumerate().any(|(n, word)| n != at && self.beside.contains(&folded(word)))
        };
        let common = words.iter().enumerate().filter(|(_, word)| self.like_common(word).is_some());
        words.iter().any(|word| self.like_word(word).is_some())
            || self.like_word(&words.concat()).is_some()
            || common.into_iter().any(|(at, _)| words.len() == 1 || beside(at))
    }
}

/// A word as the eye takes it: lower case, letters only, look-alikes made one.
pub(super) fn folded(word: &str) -> String {
    let word = deunicode::deunicode(word).to_lowercase();
    let word: String = word
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
    word.replace("rn", "m").replace("vv", "w")
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
        ] {
            assert_eq!(brands().like_word(word), None, "{word}");
        }
    }
}
