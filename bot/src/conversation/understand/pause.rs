//! "bentar ya kak", "hang on": somebody needs a moment before they answer.

use super::gather::gather;
use super::reason::is_reason;
use super::words::{canonical, cut_all, cut_prefix, has_figures, knows, mentions, normalise};
use crate::conversation::state::Step;

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
    let bare = |rest| cut_all("courtesy", cut_all("agree", cut_all("wait-words", rest)));
    let why = led.map(|rest| normalise(cut_all("courtesy", bare(rest))));
    let sound = why.is_some_and(|why| {
        why.split(' ').next().is_some_and(|word| knows("wait-reasons", &canonical(word)))
    });
    sound && !gather(text, None).is_telling()
}

/// Fewest words behind a word for waiting that are no goods.
const MIN_GOODS_REASON_WORDS: usize = 4;
/// Most words of a reason for waiting that no list knows.
const MAX_REASON_WORDS: usize = 5;

/// "sebentar kaka oven bunyi": a word for waiting, and in small letters something that answers nothing.
/// Only where the open question has no answers in a few plain words of any kind.
pub(crate) fn waits_a_moment(text: &str, asked: Step) -> bool {
    // "pasar sepi bana. tunggu uni liek daftar harga dulu yo": no goods in there.
    if asked == Step::Items {
        let last = text.trim_end_matches(['.', '!', ' ']).rsplit(['.', '!', '\n']).next();
        let led = last.and_then(|last| cut_prefix("wait-words", last)).map(normalise);
        let long = led.is_some_and(|rest| rest.split(' ').count() >= MIN_GOODS_REASON_WORDS);
        return long && !has_figures(text);
    }
    let free = matches!(asked, Step::Trade | Step::Name);
    let told = cut_all("courtesy", cut_all("interjection", text));
    let Some(rest) = cut_prefix("wait-words", told).or_else(|| cut_prefix("wait-words", text))
    else {
        return false;
    };
    let why = cut_all("courtesy", cut_all("wait-words", rest));
    let plain = normalise(why);
    let words = plain.split(' ').filter(|word| !word.is_empty()).count();
    !free
        && (2..=MAX_REASON_WORDS).contains(&words)
        && !why.contains(char::is_uppercase)
        && ["which", "people-lead", "audience-label"]
            .iter()
            .all(|list| cut_prefix(list, why).is_none())
        && !["people-words", "everybody", "age-words"].iter().any(|list| mentions(list, &plain))
        && is_reason(why)
        && !gather(why, Some(asked)).is_telling()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("sebentar kaka oven bunyi", true)]
    #[case("bentar, ibu ibu kompleks", false)]
    #[case("bentar, yang habis gajian", false)]
    #[case("tunggu, keluarga muda", false)]
    #[case("bentar, semua kalangan aja", false)]
    #[case("tunggu, warna biru tua", false)]
    #[case("bentar, daftar harga sama foto", false)]
    #[case("bentar 0812 3456 7890", false)]
    fn a_reason_for_waiting_answers_nothing(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(waits_a_moment(text, Step::Audience), expected, "{text}");
    }

    #[rstest::rstest]
    #[case("eh bentar", true)]
    #[case("bentar nggih kak ada pasien", true)]
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
