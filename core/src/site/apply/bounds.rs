//! The bounds of what owners say, for documents that come from outside: no edit ever looked at them.

use super::items::NOTE_CHARS_AT_MOST;
use super::people::{PEOPLE_AT_MOST, TESTIMONIALS_AT_MOST};
use super::{
    CERTIFICATES_AT_MOST, Document, DocumentItem, ITEM_CHARS_AT_MOST, ITEMS_AT_MOST, LINKS_AT_MOST,
    NAME_CHARS, PHOTOS_AT_MOST, RUPIAH_AT_MOST,
};
use crate::site::document::SectionKind;

const PAGES_AT_MOST: usize = 12;
/// Each family may stand on a page more than once, but not without end.
const SECTIONS_AT_MOST: usize = 4 * SectionKind::ALL.len();

/// Says what of a document is more than an owner could have told in the chat.
///
/// # Errors
/// The first bound that is crossed, in a plain sentence.
pub fn check_bounds(document: &Document) -> Result<(), String> {
    let business = &document.business;
    let name_chars = business.name.trim().chars().count();
    let (least, most) = (NAME_CHARS.start(), NAME_CHARS.end());
    ensure(NAME_CHARS.contains(&name_chars), || {
        format!("the business's name is not {least} to {most} characters long")
    })?;
    let counts = [
        ("items", business.items.len(), ITEMS_AT_MOST),
        ("photos", business.photos.len(), PHOTOS_AT_MOST),
        ("links", business.links.len(), LINKS_AT_MOST),
        ("certificates", business.certificates.len(), CERTIFICATES_AT_MOST),
        ("people", business.people.len(), PEOPLE_AT_MOST),
        ("testimonials", business.testimonials.len(), TESTIMONIALS_AT_MOST),
        ("pages", document.pages.len(), PAGES_AT_MOST),
    ];
    for (what, count, most) in counts {
        ensure(count <= most, || format!("it has {count} {what}, and at most {most} are taken"))?;
    }
    for page in &document.pages {
        let count = page.sections.len();
        let told =
            || format!("a page has {count} sections, and at most {SECTIONS_AT_MOST} are taken");
        ensure(count <= SECTIONS_AT_MOST, told)?;
    }
    business.items.iter().try_for_each(check_item)
}

fn check_item(item: &DocumentItem) -> Result<(), String> {
    let chars = item.name.trim().chars().count();
    let told = || format!("an item's name is not 1 to {ITEM_CHARS_AT_MOST} characters long");
    ensure((1..=ITEM_CHARS_AT_MOST).contains(&chars), told)?;
    let note_chars = item.note.as_deref().unwrap_or_default().chars().count();
    let short = note_chars <= NOTE_CHARS_AT_MOST;
    ensure(short, || {
        format!("the note of {} is longer than {NOTE_CHARS_AT_MOST} characters", item.name)
    })?;
    let prices = [item.price_rupiah, item.price_to_rupiah];
    let sound = prices.into_iter().flatten().all(|price| (0..=RUPIAH_AT_MOST).contains(&price));
    ensure(sound, || format!("the price of {} is not from 0 to {RUPIAH_AT_MOST}", item.name))?;
    let upward =
        item.price_to_rupiah.is_none_or(|to| item.price_rupiah.is_some_and(|from| from <= to));
    ensure(upward, || format!("the price of {} ends below its beginning", item.name))
}

fn ensure(holds: bool, told: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(told()) }
}
