//! Names nobody may pose as and labels nobody may take: data, and how alike two names look.

use std::sync::LazyLock;

use serde::Deserialize;

/// The lists of `brands.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Brands {
    exact: Vec<String>,
    inside: Vec<String>,
    pub(super) suspicious: Vec<String>,
    pub(super) secrets: Vec<String>,
    pub(super) reserved: Vec<String>,
}

static BRANDS: LazyLock<Brands> = LazyLock::new(|| {
    let mut brands: Brands =
        toml::from_str(include_str!("brands.toml")).expect("the embedded brands are tested");
    for name in brands.exact.iter_mut().chain(&mut brands.inside) {
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
        for word in ["kopi", "danau", "brilian", "warna", "bandana", "abcatering", "mandiriutama"] {
            assert_eq!(brands().like_word(word), None, "{word}");
        }
    }
}
