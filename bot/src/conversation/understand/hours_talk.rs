//! Whether somebody speaks of opening hours and of nothing else.

use super::words::{canonical, knows, normalise};

/// Lists whose words may stand in a sentence about hours.
const HOURS_WORDS: [&str; 9] = [
    "clock-words",
    "days",
    "hours-label",
    "hours-more",
    "hours-beside",
    "day-joins",
    "connectors",
    "politeness",
    "courtesy",
];

/// "sabtu jadi 9-12 ya kak": each word is of hours or beside them.
pub(crate) fn is_about_hours(text: &str) -> bool {
    let plain = canonical(&normalise(text));
    let word = |word: &str| {
        let figures = word.bytes().take_while(u8::is_ascii_digit).count();
        figures > 0 && (figures == word.len() || knows("clock-words", &word[figures..]))
            || HOURS_WORDS.iter().any(|list| knows(list, word))
    };
    !plain.is_empty() && plain.split(' ').all(word)
}
