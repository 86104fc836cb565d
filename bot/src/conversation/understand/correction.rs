//! "salah, hpnya 0813…", "bukan, yang nomor 2": what was said before was wrong.

use super::words::{cut_all, cut_prefix, normalise};

/// What follows the words by which somebody takes back the last answer; `None` when there are no
/// such words or nothing follows.
pub(crate) fn read(text: &str) -> Option<&str> {
    let rest = cut_prefix("correction", cut_all("interjection", text))?;
    let rest = cut_all("correction", cut_all("interjection", rest));
    (!normalise(rest).is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("salah, hpnya 0813 1111 2222", Some("hpnya 0813 1111 2222"))]
    #[case("bukan, yang nomor 2", Some("yang nomor 2"))]
    #[case("eh salah yang kedua", Some("yang kedua"))]
    #[case("ralat: Kopi Pagi", Some("Kopi Pagi"))]
    #[case("sorry, I mean Sunny Bakery", Some("Sunny Bakery"))]
    #[case("salah", None)]
    #[case("Kopi Senja", None)]
    #[case("eh namanya Kopi Pagi", None)]
    fn corrections_are_read(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(read(text), expected);
    }
}
