//! "ganti nama", "ubah warna jadi hijau": which answer shall change, and to what.

use super::tap::Field;
use super::words::{cut_all, cut_prefix, is_in, normalise};

/// A wish to change an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change<'a> {
    /// Which; `None` when it was not said.
    pub(crate) field: Option<Field>,
    /// The new value as written; empty when it was not said.
    pub(crate) value: &'a str,
}

/// Reads a wish that begins with a word for changing.
pub(crate) fn read(text: &str) -> Option<Change<'_>> {
    let wish = cut_all("politeness", cut_all("hearsay", cut_all("politeness", text)));
    // "kang jenenge diganti": without who is called.
    let wish = wish
        .split_once(char::is_whitespace)
        .filter(|(first, rest)| {
            is_in("vocative-tail", &normalise(first)) && field_at_front(rest).is_some()
        })
        .map_or(wish, |(_, rest)| rest);
    let Some(rest) = cut_prefix("verbs", wish) else { return said_behind(wish) };
    let rest = cut_all("politeness", rest);
    match field_at_front(rest) {
        Some((field, value)) => {
            Some(Change { field: Some(field), value: cut_all("connectors", value) })
        }
        None if bare(rest) => Some(Change { field: None, value: "" }),
        None => None,
    }
}

/// "nomornya ganti 0857…", "jam nya salah, 11-22": the word for changing behind what is changed.
fn said_behind(wish: &str) -> Option<Change<'_>> {
    let (field, rest) = field_at_front(wish)?;
    let value = cut_prefix("verbs-behind", cut_all("politeness", rest))?;
    let value = cut_all("connectors", cut_all("verbs-behind", value));
    Some(Change { field: Some(field), value })
}

/// The field a text begins with, and what follows it: the longest name wins.
pub(crate) fn field_at_front(text: &str) -> Option<(Field, &str)> {
    Field::ALL
        .into_iter()
        .filter_map(|field| cut_prefix(field.words(), text).map(|rest| (field, rest)))
        .min_by_key(|(_, rest)| rest.len())
}

fn bare(rest: &str) -> bool {
    matches!(
        normalise(rest).as_str(),
        "" | "jawaban"
            | "jawabannya"
            | "data"
            | "datanya"
            | "sesuatu"
            | "something"
            | "an answer"
            | "answer"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("ganti nama", Some(Field::Name), "")]
    #[case("ubah warnanya jadi hijau tua", Some(Field::Colour), "hijau tua")]
    #[case("kak mau ganti nomor WA jadi 0813 1111 2222", Some(Field::Phone), "0813 1111 2222")]
    #[case("ganti alamat situs jadi kopi-senja", Some(Field::Subdomain), "kopi-senja")]
    #[case("change the name to Kopi Pagi", Some(Field::Name), "Kopi Pagi")]
    #[case("ubah", None, "")]
    #[case("nomornya juga ganti 0857 1234 0088", Some(Field::Phone), "0857 1234 0088")]
    #[case("jam nya salah, 11-22", Some(Field::Hours), "11-22")]
    #[case("namanya diganti Kopi Pagi", Some(Field::Name), "Kopi Pagi")]
    #[case("alamatnya salah", Some(Field::Address), "")]
    fn changes_are_read(#[case] text: &str, #[case] field: Option<Field>, #[case] value: &str) {
        assert_eq!(read(text), Some(Change { field, value }));
    }

    #[test]
    fn other_sentences_are_no_change() {
        assert_eq!(read("Kopi Senja"), None);
        assert_eq!(read("nama saya Ani"), None);
        assert_eq!(read("menu ayam geprek"), None);
    }
}
