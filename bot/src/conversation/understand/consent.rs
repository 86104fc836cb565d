//! A yes to the summary, in whatever words stand around it.

use super::change;
use super::gather::gather;
use super::question;
use super::words::{canonical, cut_all, is_laughter, knows, mentions, normalise};
use crate::conversation::state::Step;

/// Most words of a message that is a yes by one of its words.
const MAX_WORDS: usize = 8;
/// The yes stands among the first words.
const FIRST_WORDS: usize = 2;

/// "iya bener pak itu", "yes crete it": agrees with one of its first words, and neither asks, nor
/// denies, nor tells anything that the summary does not have.
pub(crate) fn is_given(text: &str) -> bool {
    let plain = canonical(&normalise(cut_all("interjection", text)));
    let beside = |word: &str| knows("courtesy", word) && !knows("consent-core", word);
    let words: Vec<&str> =
        plain.split(' ').filter(|word| !beside(word) && !is_laughter(word)).collect();
    // "everything is correct": the words around a yes do not count.
    let told = words.iter().filter(|word| {
        knows("consent-core", word) || !knows("agree-more", word) && !knows("make-now-more", word)
    });
    let agrees = told.take(FIRST_WORDS).any(|word| knows("consent-core", word));
    let refuses = ["denial", "but-words", "correction", "wrong-words", "add-verbs"]
        .iter()
        .chain(["remove-verbs", "hide-verbs", "show-verbs"].iter())
        .any(|list| mentions(list, &plain));
    agrees
        && !refuses
        && (1..=MAX_WORDS).contains(&words.len())
        && !text.contains('?')
        && !text.chars().any(|c| c.is_ascii_digit())
        && question::read(text).is_none()
        && change::read(text).is_none()
        && !gather(text, Some(Step::Contact)).is_telling()
}
