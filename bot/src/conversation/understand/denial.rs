//! "wa nya gak ada", "belum punya alamat": there is no such thing, and that is an answer.

use super::change::field_at_front;
use super::tap::Field;
use super::words::{canonical, is_in, knows, mentions, normalise};

/// What a piece says there is none of. Each of its words must be part of saying so.
pub(crate) fn read(piece: &str) -> Option<Field> {
    let plain = canonical(&normalise(piece));
    if knows("no-place", &plain) {
        return Some(Field::Address);
    }
    if mentions("price-later", &plain) && !piece.chars().any(|c| c.is_ascii_digit()) {
        return Some(Field::Price);
    }
    let words: Vec<&str> = plain.split(' ').collect();
    if !words.iter().any(|word| knows("denial", word)) {
        return None;
    }
    let told = words.into_iter().filter(|word| {
        !knows("denial", word) && !knows("denial-more", word) && !knows("courtesy", word)
    });
    let told = told.collect::<Vec<_>>().join(" ");
    match field_at_front(&told)? {
        (field, "") => Some(field),
        _ => None,
    }
}

/// "alamat ga ada, online aja": whether each piece of a message says that something is not there.
pub(crate) fn is_all(text: &str) -> bool {
    let mut pieces = text.split([',', '.', ';', '\n']).filter(|piece| {
        let plain = normalise(piece);
        !plain.is_empty() && !plain.split(' ').all(|word| is_in("courtesy", word))
    });
    let denied = |piece: &str| read(piece).is_some();
    pieces.next().is_some_and(denied) && pieces.all(denied)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("wa nya gak ada", Some(Field::Phone))]
    #[case("ga punya wa kak", Some(Field::Phone))]
    #[case("no whatsapp", Some(Field::Phone))]
    #[case("alamatnya belum ada", Some(Field::Address))]
    #[case("menunya belum siap", Some(Field::Items))]
    #[case("jualan online aja", Some(Field::Address))]
    #[case("harga tergantung survey pak", Some(Field::Price))]
    #[case("gak ada", None)]
    #[case("wa 0812", None)]
    #[case("Toko Tanpa Nama", None)]
    fn denials_are_read(#[case] text: &str, #[case] expected: Option<Field>) {
        assert_eq!(read(text), expected);
    }
}
