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

/// The language of a first greeting that only one language has: "hello", not "halo" or "hi".
pub(crate) fn of_greeting(text: &str) -> Option<Language> {
    is_in("english-greetings", &normalise(text)).then_some(Language::En)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_english_greeting_is_english() {
        assert_eq!(of_greeting("Hello!"), Some(Language::En));
        for text in ["halo", "hi", "hai kak", "hello kak"] {
            assert_eq!(of_greeting(text), None, "{text}");
        }
    }

    #[rstest::rstest]
    #[case("I want a website for my bakery", Some(Language::En))]
    #[case("mau bikin web buat warung kopi", Some(Language::Id))]
    #[case("halo", None)]
    #[case("Kopi Senja", None)]
    fn clear_languages_are_told(#[case] text: &str, #[case] expected: Option<Language>) {
        assert_eq!(clearly(text), expected);
    }
}
