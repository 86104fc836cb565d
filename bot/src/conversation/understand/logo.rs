//! The logo, as owners speak of it: in the words under a picture, and without a picture.
//!
//! Only where nothing else is said: "kaos logo custom" is something that is sold.

use sitespark_core::brief::find_prices;

use super::words::{is_in, normalise};

/// Most words under a picture that can be nothing but this.
const MAX_WORDS: usize = 10;

/// What an owner wants done with their logo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogoWish {
    /// It shall be taken off.
    Remove,
    /// It shall be put on or be another; its picture is still to come.
    Bring,
}

/// Whether the words under a picture say that it is the logo; they may hold the business's name.
pub(crate) fn is_caption(caption: &str, name: Option<&str>) -> bool {
    let name = normalise(name.unwrap_or_default());
    let is_name = |word: &str| name.split(' ').any(|part| part == word);
    find_prices(caption).is_empty()
        && speaks_of_it(&normalise(caption), |word| is_in("logo-bring", word) || is_name(word))
}

/// A wish about the logo, said without its picture.
pub(crate) fn wish(text: &str) -> Option<LogoWish> {
    let normal = normalise(text);
    let verb = |word: &str| is_in("logo-bring", word) || is_in("logo-remove", word);
    let has = |list: &str| normal.split(' ').any(|word| is_in(list, word));
    if !speaks_of_it(&normal, verb) {
        None
    } else if has("logo-remove") {
        Some(LogoWish::Remove)
    } else {
        has("logo-bring").then_some(LogoWish::Bring)
    }
}

/// Whether a text names the logo and nothing else.
pub(crate) fn is_named(text: &str) -> bool {
    speaks_of_it(&normalise(text), |_| false)
}

fn speaks_of_it(normal: &str, other: impl Fn(&str) -> bool) -> bool {
    let is_logo = |word: &str| is_in("logo-words", word);
    let fits = |word: &str| is_logo(word) || is_in("logo-filler", word) || other(word);
    normal.split(' ').count() <= MAX_WORDS
        && normal.split(' ').any(is_logo)
        && normal.split(' ').all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_words_under_a_picture_mark_the_logo() {
        for caption in [
            "logo",
            "Logo",
            "ini logo kami",
            "logo toko",
            "our logo",
            "pakai ini buat logo",
            "ini logonya ya kak, tolong dipasang",
            "logo Kopi Senja",
            "here's our logo",
            "use this as our logo please",
            "jadiin logo dong",
            "logo 🙏",
        ] {
            assert!(is_caption(caption, Some("Kopi Senja")), "{caption}");
        }
    }

    #[test]
    fn goods_and_places_with_a_logo_are_none() {
        for caption in [
            "",
            "kaos logo custom",
            "logo design 1.5 million",
            "mug cetak logo 35rb",
            "foto depan toko",
            "papan nama dengan logo baru di depan toko Kopi Senja Bandung",
            "contoh desain logo klien",
        ] {
            assert!(!is_caption(caption, None), "{caption}");
        }
    }

    #[test]
    fn wishes_about_the_logo_are_told_apart() {
        for (text, wanted) in [
            ("hapus logo", Some(LogoWish::Remove)),
            ("logonya dihapus aja kak", Some(LogoWish::Remove)),
            ("remove the logo", Some(LogoWish::Remove)),
            ("take the logo off please", Some(LogoWish::Remove)),
            ("ganti logo", Some(LogoWish::Bring)),
            ("mau ganti logo dong kak", Some(LogoWish::Bring)),
            ("pasang logo kami", Some(LogoWish::Bring)),
            ("can I change the logo?", Some(LogoWish::Bring)),
            ("bisa pakai logo sendiri?", Some(LogoWish::Bring)),
            ("how do I add our logo", Some(LogoWish::Bring)),
            ("logo", None),
            ("jasa bikin logo", None),
            ("tambah desain logo 500rb", None),
            ("logo design 1.75 million now", None),
            ("hapus desain logo", None),
        ] {
            assert_eq!(wish(text), wanted, "{text}");
        }
    }
}
