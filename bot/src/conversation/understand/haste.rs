//! "udah langsung bikin aja": who wants the site made, whatever is still open.

use super::words::{canonical, knows, mentions, normalise};

/// Fewest words of such a wish: "buat" alone answers many a question.
const MIN_WORDS: usize = 2;

/// Whether every word of a message wants it made at once. "buat semua orang" tells for whom.
pub(crate) fn wants_it_now(text: &str) -> bool {
    let plain = canonical(&normalise(text));
    let words: Vec<&str> = plain.split(' ').filter(|word| !knows("courtesy", word)).collect();
    let fits = |word: &&str| knows("make-now", word) || knows("make-now-more", word);
    words.len() >= MIN_WORDS
        && words.iter().all(fits)
        && words.iter().any(|word| knows("make-now", word))
        && !mentions("all-words", &plain)
}
