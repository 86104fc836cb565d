//! What is said beside a wish and wishes nothing: "minyak mahal", "mama marah".

use super::change::field_at_front;
use super::edits::begins_with_verb;
use super::gather::gather;
use super::words::{mentions, normalise};

/// Most words of a reason; whoever says more tells more.
const MAX_WORDS: usize = 10;

/// Whether a piece only tells why. It must hold nothing that could be a wish, a fact or a condition.
pub(crate) fn is_reason(piece: &str) -> bool {
    let plain = normalise(piece);
    let words = plain.split(' ').filter(|word| !word.is_empty()).count();
    let wishes = ["conditional", "wrong-words", "verbs", "add-verbs", "remove-verbs", "hide-verbs"];
    (1..=MAX_WORDS).contains(&words)
        && !piece.contains(|c: char| c.is_ascii_digit() || c == '?')
        && !wishes.iter().any(|list| mentions(list, &plain))
        && !begins_with_verb(piece)
        && field_at_front(piece).is_none()
        && tells_nothing(piece)
}

fn tells_nothing(piece: &str) -> bool {
    let found = gather(piece, None);
    !found.has_style()
        && !found.has_contact()
        && found.features.is_empty()
        && found.items.is_empty()
        && found.audience.is_none()
        && found.certificates.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("minyak mahal", true)]
    #[case("mama marah 😂", true)]
    #[case("people will complain", true)]
    #[case("I don't do those anymore", true)]
    #[case("warna biru", false)]
    #[case("khusus member", false)]
    #[case("kalau pesan banyak", false)]
    #[case("nomor WA saya salah", false)]
    #[case("pelanggannya mahasiswa", false)]
    #[case("ganti nama jadi Warung Baru", false)]
    #[case("buka jam 8 pagi", false)]
    fn a_reason_holds_no_wish(#[case] piece: &str, #[case] expected: bool) {
        assert_eq!(is_reason(piece), expected, "{piece}");
    }
}
