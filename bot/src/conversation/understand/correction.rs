//! "salah, hpnya 0813…", "bukan, yang nomor 2": what was said before was wrong.

use super::words::{cut_all, cut_prefix, is_in, mentions, normalise, split_at_word};

/// What follows the words by which somebody takes back the last answer; `None` when there are no
/// such words or nothing follows.
pub(crate) fn read(text: &str) -> Option<&str> {
    // "maksudnya yang biasa beli gitu kah?" asks back.
    if text.trim_end().ends_with('?') {
        return None;
    }
    let rest = cut_prefix("correction", cut_all("interjection", text))?;
    let rest = cut_all("correction", cut_all("interjection", rest));
    (!normalise(rest).is_empty()).then_some(rest)
}

/// "Rejeki Motor, eh Rezeki Motor": what was said at first, and what is meant. With `named`, where
/// a name is asked, a bare "eh" is enough.
pub(crate) fn within(text: &str, named: bool) -> Option<(&str, &str)> {
    let list = if named { "correction-in-name" } else { "correction-inside" };
    let (before, after) = split_at_word(list, text)?;
    let told = !normalise(before).is_empty() && !normalise(after).is_empty();
    // "jangan sampai salah tulis" asks for care and corrects nothing.
    let warns = mentions("warning-words", &normalise(last_words(before)));
    (told && !warns).then_some((before.trim_end_matches([',', ' ']), after))
}

/// "modern, warna ungu | ungu, navy aja": what is taken back by its own words is left out on both
/// sides.
///
/// Only where the text says that something is not wanted: "i mean cakes, cookies and bread" takes
/// nothing back.
pub(crate) fn unsaid<'t>(text: &str, first: &'t str, meant: &'t str) -> Option<(&'t str, &'t str)> {
    if !mentions("undo-not", &normalise(text)) {
        return None;
    }
    let (again, rest) = meant.split_once(',')?;
    let (kept, last) = first.rsplit_once(',').unwrap_or(("", first));
    let (last, again) = (normalise(last), normalise(again));
    let same = !again.is_empty() && format!(" {last} ").ends_with(&format!(" {again} "));
    (same && !normalise(rest).is_empty()).then_some((kept, rest.trim_start()))
}

/// The part of the sentence that a word for a mistake stands in.
fn last_words(before: &str) -> &str {
    before.rsplit([',', '.', '!', '\n']).next().unwrap_or(before)
}

/// "motor maksudnya": what is meant, said before the word for it.
pub(crate) fn behind(text: &str) -> Option<&str> {
    let trimmed = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let (before, last) = trimmed.rsplit_once(char::is_whitespace)?;
    is_in("correction-last", &normalise(last)).then_some(before)
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
    #[case("maksudnya yg biasa beli gitu kah?", None)]
    #[case("salah", None)]
    #[case("Kopi Senja", None)]
    #[case("eh namanya Kopi Pagi", None)]
    fn corrections_are_read(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(read(text), expected);
    }

    #[test]
    fn what_is_taken_back_by_its_own_words_is_left_out() {
        let told = unsaid("eh jangan", "modern, warna ungu.", "ungu, navy aja");
        assert_eq!(told, Some(("modern", "navy aja")));
        assert_eq!(unsaid("jangan", "nastar 85rb", "nastar 80rb, putri salju 90rb"), None);
        assert_eq!(unsaid("jangan", "warna ungu", "ungu"), None);
        assert_eq!(unsaid("i mean", "we sell cakes", "cakes, cookies and bread"), None);
    }

    #[test]
    fn a_slip_corrected_in_the_same_message_is_told() {
        let within = within("no 0852 1111 eh salah 0852 2222", false);
        assert_eq!(within, Some(("no 0852 1111", "0852 2222")));
        let name = super::within("Rejeki Motor, eh Rezeki Motor", true);
        assert_eq!(name, Some(("Rejeki Motor", "Rezeki Motor")));
        assert_eq!(super::within("es teh 5rb, eh lupa es jeruk 6rb", false), None);
        assert_eq!(super::within("Cahaya Teknik, jangan sampe salah tulis!!", true), None);
        assert_eq!(behind("motor maksudnya"), Some("motor"));
    }
}
