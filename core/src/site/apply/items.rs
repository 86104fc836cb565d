//! Items: prices, names, remarks, photos, order.

use super::super::document::{Document, DocumentItem};
use super::super::edit::{EditError, ItemPlace, PhotoPick};
use super::{ITEM_CHARS_AT_MOST, RUPIAH_AT_MOST, ensure, find_item, key, photos, rename};

pub(super) const NOTE_CHARS_AT_MOST: usize = 160;

/// One price, or a range.
pub(super) fn set_range(
    document: &mut Document,
    item: &str,
    from: i64,
    to: Option<i64>,
) -> Result<(), EditError> {
    let bounds = from..=RUPIAH_AT_MOST;
    let sound = from >= 0 && bounds.contains(&from) && to.is_none_or(|to| bounds.contains(&to));
    ensure(sound, "the price is out of bounds")?;
    let found = find_item(document, item)?;
    found.price_rupiah = Some(from);
    found.price_to_rupiah = to.filter(|to| *to > from);
    Ok(())
}

/// The remark beside an item.
pub(super) fn set_note(
    document: &mut Document,
    item: &str,
    note: Option<&str>,
) -> Result<(), EditError> {
    let note = note.map(str::trim).filter(|note| !note.is_empty());
    let short = note.is_none_or(|note| note.chars().count() <= NOTE_CHARS_AT_MOST);
    ensure(short, "the remark is longer than 160 characters")?;
    find_item(document, item)?.note = note.map(str::to_owned);
    Ok(())
}

/// Another name, also where running text tells the old one.
pub(super) fn rename_item(
    document: &mut Document,
    item: &str,
    name: &str,
) -> Result<(), EditError> {
    let name = name.trim();
    let chars = name.chars().count();
    ensure((1..=ITEM_CHARS_AT_MOST).contains(&chars), "the item's name is not 1 to 80 characters")?;
    let other = |one: &DocumentItem| key(&one.name) == key(name) && key(&one.name) != key(item);
    ensure(!document.business.items.iter().any(other), "another item has this name")?;
    let found = find_item(document, item)?;
    let old = std::mem::replace(&mut found.name, name.to_owned());
    for section in document.pages.iter_mut().flat_map(|page| &mut page.sections) {
        let words = &mut section.words;
        rename(&mut words.lead, &old, name);
        words.paragraphs.iter_mut().for_each(|text| rename(text, &old, name));
        words.points.iter_mut().for_each(|point| rename(&mut point.text, &old, name));
    }
    rename(&mut document.meta.description, &old, name);
    Ok(())
}

/// Up or down the list.
pub(super) fn shift(
    document: &mut Document,
    item: &str,
    place: &ItemPlace,
) -> Result<(), EditError> {
    let items = &mut document.business.items;
    let find = |items: &[DocumentItem], name: &str| {
        let found = items.iter().position(|one| key(&one.name) == key(name));
        found.ok_or_else(|| EditError::NotFound(name.to_owned()))
    };
    let from = find(items, item)?;
    let moved = items.remove(from);
    let at = match place {
        ItemPlace::First => Ok(0),
        ItemPlace::Last => Ok(items.len()),
        ItemPlace::Before { item } => find(items, item),
        ItemPlace::After { item } => find(items, item).map(|at| at + 1),
    };
    items.insert(*at.as_ref().unwrap_or(&from), moved);
    at.map(drop)
}

/// The photo beside an item.
pub(super) fn set_photo(
    document: &mut Document,
    item: &str,
    pick: Option<&PhotoPick>,
) -> Result<(), EditError> {
    let photo = match pick {
        Some(pick) => {
            let at = photos::find(document, pick)?;
            Some(document.business.photos[at].id.clone())
        }
        None => None,
    };
    find_item(document, item)?.photo = photo;
    Ok(())
}
