//! Photos: which one is meant, and what shall become of it.

use sitespark_core::site::{Edit, PhotoPick};

use super::shelf::Shelf;
use super::{Wish, one};
use crate::conversation::state::Slot;
use crate::conversation::understand::words::{cut_prefix, list, mentions, normalise};

/// Largest number a photo can have.
const MOST_PHOTOS: u32 = 40;

/// "fotonya yang kedua hapus", "jadikan foto ke-3 foto utama", "foto kedua buat nastar".
pub(super) fn read(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    let normal = normalise(text);
    if !mentions("photo-words", &normal) || normal.chars().any(|c| c == '?') {
        return None;
    }
    let pick = pick(&normal);
    let verb_in = |list: &str| mentions(list, &normal);
    if verb_in("remove-verbs") {
        return Some(match pick {
            Some(photo) => one(Edit::RemovePhoto { photo }),
            None if only_photo(&normal) => Wish::Ask(Slot::RemovePhoto),
            None => return None,
        });
    }
    let photo = pick?;
    if let Some((_, after)) = normal.split_once(" buat ").or_else(|| normal.split_once(" untuk "))
        && let Some(item) = shelf.sure(after)
    {
        return Some(one(Edit::SetItemPhoto { item: item.to_owned(), photo: Some(photo) }));
    }
    let rest: Vec<&str> = normal.split(' ').skip(1).collect();
    let as_hero = mentions("photo-hero", &rest.join(" "));
    (as_hero && (verb_in("verbs") || verb_in("move-verbs")))
        .then(|| one(Edit::SetHeroPhoto { photo }))
}

/// Nothing but a verb, the word for a photo, and small words.
fn only_photo(normal: &str) -> bool {
    normal.split(' ').count() <= 3
}

/// The photo an answer names: "2", "yang kedua", "terakhir".
pub(super) fn pick(normal: &str) -> Option<PhotoPick> {
    if mentions("photo-last", normal) {
        return Some(PhotoPick::Last);
    }
    let words: Vec<&str> = normal.split(' ').collect();
    let number = words
        .iter()
        .find_map(|word| ordinal(word))
        .filter(|number| (1..=MOST_PHOTOS).contains(number))?;
    Some(PhotoPick::Number { number })
}

/// "kedua", "2", "ke2" as 2.
pub(super) fn ordinal(word: &str) -> Option<u32> {
    let digits = word.strip_prefix("ke").unwrap_or(word);
    if let Ok(number) = digits.parse() {
        return Some(number);
    }
    (1..=9).find(|number| list(&format!("ordinal-{number}")).contains(&word))
}

/// A number a text begins with, also as "ke-2", and what follows.
pub(super) fn ordinal_at_front(text: &str) -> Option<(u32, &str)> {
    let text = text.trim_start();
    let text = cut_prefix("which-words", text).unwrap_or(text);
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let word = normalise(&text[..end]).replace(' ', "");
    ordinal(&word).map(|number| (number, text[end..].trim_start()))
}
