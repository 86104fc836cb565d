//! Tells Indonesian from English by the small words.

use sitespark_core::brief::Language;

use super::words::{is_in, normalise};

/// By how many small words one language must lead to be sure.
const MIN_LEAD: usize = 2;

/// The language a text is clearly written in.
pub(crate) fn clearly(text: &str) -> Option<Language> {
    let normal = normalise(text);
    let count = |list| normal.split(' ').filter(|word| is_in(list, word)).count();
    let (id, en) = (count("indonesian"), count("english"));
    if id >= en + MIN_LEAD {
        Some(Language::Id)
    } else if en >= id + MIN_LEAD {
        Some(Language::En)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("I want a website for my bakery", Some(Language::En))]
    #[case("mau bikin web buat warung kopi", Some(Language::Id))]
    #[case("halo", None)]
    #[case("Kopi Senja", None)]
    fn clear_languages_are_told(#[case] text: &str, #[case] expected: Option<Language>) {
        assert_eq!(clearly(text), expected);
    }
}
