//! Places in a list as people say them: "2", "no 2", "yang kedua", "1️⃣", "the last one".

use super::words::knows;

/// Places that have a word of their own.
const SPOKEN: [&str; 10] = [
    "place-1", "place-2", "place-3", "place-4", "place-5", "place-6", "place-7", "place-8",
    "place-9", "place-10",
];

/// The place, counted from 0, when a text is nothing but one of a list of `count`.
pub(crate) fn place(text: &str, count: usize) -> Option<usize> {
    match places(text, count)?.as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}

/// All places, counted from 0, when a text is nothing but places of a list of `count`.
pub(crate) fn places(text: &str, count: usize) -> Option<Vec<usize>> {
    let words = text.split(' ').filter(|word| {
        !knows("place-lead", word) && !knows("courtesy", word) && !knows("place-join", word)
    });
    let found: Option<Vec<usize>> = words.map(|word| of_word(word, count)).collect();
    found.filter(|places| !places.is_empty())
}

fn of_word(word: &str, count: usize) -> Option<usize> {
    let digits = word.strip_prefix("ke").unwrap_or(word);
    if let Ok(number) = digits.parse::<usize>() {
        return number.checked_sub(1).filter(|at| *at < count);
    }
    if knows("place-last", word) {
        return count.checked_sub(1);
    }
    SPOKEN.iter().position(|list| knows(list, word)).filter(|at| *at < count)
}

#[cfg(test)]
mod tests {
    use super::super::words::{canonical, normalise};
    use super::*;

    #[rstest::rstest]
    #[case("2", Some(1))]
    #[case("no 2", Some(1))]
    #[case("nomer 2 aja kak", Some(1))]
    #[case("yang kedua", Some(1))]
    #[case("yg ke-2", Some(1))]
    #[case("2️⃣", Some(1))]
    #[case("pilih nomor dua", Some(1))]
    #[case("the first one", Some(0))]
    #[case("yang terakhir", Some(8))]
    #[case("99", None)]
    #[case("no", None)]
    #[case("2 dan 3", None)]
    #[case("dua anak", None)]
    fn a_place_is_read(#[case] text: &str, #[case] expected: Option<usize>) {
        assert_eq!(place(&canonical(&normalise(text)), 9), expected);
    }

    #[rstest::rstest]
    #[case("1 dan 4", Some(vec![0, 3]))]
    #[case("1,2,5", Some(vec![0, 1, 4]))]
    #[case("no 1 sama no 3", Some(vec![0, 2]))]
    #[case("menu", None)]
    fn several_places_are_read(#[case] text: &str, #[case] expected: Option<Vec<usize>>) {
        assert_eq!(places(&canonical(&normalise(text)), 7), expected);
    }
}
