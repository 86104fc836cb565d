//! "bentar ya kak", "hang on": somebody needs a moment before they answer.

use super::gather::gather;
use super::words::{canonical, cut_all, cut_prefix, knows, mentions, normalise};

/// Most words of a message that asks to wait and says why.
const MAX_WORDS: usize = 9;

/// Whether a message says nothing but that we shall wait, and perhaps why.
pub(crate) fn asks_to_wait(text: &str) -> bool {
    let plain = canonical(&normalise(text));
    let words: Vec<&str> = plain.split(' ').collect();
    let beside = |word: &&str| knows("wait-words", word) || knows("wait-more", word);
    let figures = plain.bytes().any(|b| b.is_ascii_digit());
    if plain.is_empty() || words.len() > MAX_WORDS || figures || text.contains('?') {
        return false;
    }
    if mentions("wait-words", &plain) && words.iter().all(beside) {
        return true;
    }
    let told = cut_all("courtesy", cut_all("interjection", text));
    let led = cut_prefix("wait-words", told).or_else(|| cut_prefix("wait-words", text));
    let why = led.map(|rest| normalise(cut_all("courtesy", cut_all("wait-words", rest))));
    let sound = why.is_some_and(|why| {
        why.split(' ').next().is_some_and(|word| knows("wait-reasons", &canonical(word)))
    });
    sound && !gather(text, None).is_telling()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("eh bentar", true)]
    #[case("hang on", true)]
    #[case("oops", true)]
    #[case("bentar ya kak", true)]
    #[case("sebentar, saya tanya istri dulu", true)]
    #[case("bentar kak lagi nyetir", true)]
    #[case("one sec, let me check", true)]
    #[case("eh tunggu alamatnya Jl. Melati 5", false)]
    #[case("bentar, yang keju hapus aja", false)]
    #[case("wait, private lesson is 650k", false)]
    #[case("Warung Sebentar", false)]
    #[case("aku", false)]
    fn who_needs_a_moment_is_given_one(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(asks_to_wait(text), expected, "{text}");
    }
}
