//! What was told before and is changed or taken back while questions are open: read as changes of a
//! live site are, so that nobody has to know which of the two is talked to.

use std::collections::BTreeSet;

use sitespark_core::brief::{Brief, Feature, Item, Phone, slips};
use sitespark_core::site::Edit;

use super::absorb::cut;
use super::convert;
use super::names;
use super::turn::Turn;
use super::understand::edits::{self, Shelf, Wish};
use super::understand::gather::{features_instead, refused_features};
use super::understand::naming::clean_name;
use super::understand::phone_end;
use super::understand::reason::is_reason;
use super::understand::segments;
use super::understand::words::{cut_prefix, mentions, normalise};

/// Shortest word in which a slip of the finger is forgiven.
const MIN_TYPO_CHARS: usize = 4;

/// What a message changed.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Amended {
    /// What was taken out, in words.
    pub(crate) gone: Vec<String>,
}

/// Puts other prices and names to items that are known, takes them or parts of the site out, mends the
/// end of a number. `None` where a message does anything else besides, and nothing is changed then.
pub(crate) fn amend(
    brief: &mut Brief,
    spoken: Option<&str>,
    text: &str,
    turn: &Turn<'_>,
) -> Option<Amended> {
    items(brief, spoken, text)
        .or_else(|| parts(brief, text, turn))
        .or_else(|| number(brief, text))
        .or_else(|| shorter_name(brief, text))
}

/// "we dropped the Smash. it's just Sasak Padel": the name that is known, with a word less.
fn shorter_name(brief: &mut Brief, text: &str) -> Option<Amended> {
    let known = brief.name.as_mut()?;
    let words: Vec<String> = known.value.split(' ').map(normalise).collect();
    let told = segments::split(text, false).into_iter().find_map(|piece| {
        let rest = cut_prefix("name-rest", &piece)?.to_owned();
        let name = clean_name(&rest)?;
        let kept: Vec<String> = name.split(' ').map(normalise).collect();
        let fewer = (2..words.len()).contains(&kept.len());
        (fewer && kept.iter().all(|word| words.contains(word))).then_some(name)
    })?;
    known.value = told;
    Some(Amended::default())
}

/// "belakangnya 3319 bukan 3391".
fn number(brief: &mut Brief, text: &str) -> Option<Amended> {
    let known: &mut Phone = brief.contact.as_mut()?.value.phone.as_mut()?;
    *known = phone_end::mended(text, known)?;
    Some(Amended::default())
}

fn items(brief: &mut Brief, spoken: Option<&str>, text: &str) -> Option<Amended> {
    let names: Vec<String> = brief.items.iter().map(|item| item.name.clone()).collect();
    let on = spoken.is_some_and(|item| edits::reprices_last(text, item));
    if !on && !speaks_of_one(text, &names) {
        return None;
    }
    let price =
        |item: &Item| item.price.as_ref().map(|price| (price.from.0, price.to.map(|to| to.0)));
    let prices: Vec<_> = brief.items.iter().map(price).collect();
    let shelf = Shelf { items: &names, prices: &prices, spoken, ..Shelf::EMPTY };
    let told = match edits::read(text, &shelf)? {
        Wish::Edits(told) => told,
        // "skip water damage, I don't do those": why tells nothing.
        Wish::Partly(told, missed) if missed.iter().all(|part| is_reason(part)) => told,
        _ => return None,
    };
    let mut list = brief.items.clone();
    let mut amended = Amended::default();
    for edit in told {
        amended.gone.extend(put(&mut list, edit)?);
    }
    (list != brief.items).then(|| {
        brief.items = list;
        amended
    })
}

/// Whether a word of the text is, within a slip of the finger, one of an item's name. Most answers have
/// none, and reading them as changes takes longer than all else.
fn speaks_of_one(text: &str, names: &[String]) -> bool {
    let names: Vec<String> = names.iter().map(|name| normalise(name)).collect();
    let text = normalise(text);
    let is_near = |word: &str, named: &str| {
        word == named || word.chars().count() >= MIN_TYPO_CHARS && slips(word, named, 1).is_some()
    };
    text.split(' ')
        .any(|word| names.iter().flat_map(|name| name.split(' ')).any(|named| is_near(word, named)))
}

/// Puts one change into the list and answers what it took out; `None` for any other change, and for
/// an item that is new.
fn put(list: &mut Vec<Item>, edit: Edit) -> Option<Option<String>> {
    let find = |list: &[Item], name: &str| {
        list.iter().position(|one| normalise(&one.name) == normalise(name))
    };
    match edit {
        Edit::PutItem { item } => {
            let at = find(list, &item.name)?;
            item.price_rupiah?;
            let told = convert::told_item(&item);
            list[at].price = told.price.or(list[at].price.take());
        }
        Edit::SetPrice { item, price_rupiah } => {
            let at = find(list, &item)?;
            reprice(&mut list[at], price_rupiah, None);
        }
        Edit::SetPriceRange { item, price_rupiah, price_to_rupiah } => {
            let at = find(list, &item)?;
            reprice(&mut list[at], price_rupiah, price_to_rupiah);
        }
        Edit::RemoveItem { item } => {
            let at = find(list, &item)?;
            return Some(Some(list.remove(at).name));
        }
        Edit::RenameItem { item, name } => {
            let at = find(list, &item)?;
            list[at].name = name;
        }
        // Whatever else there is, or will be, is about a site.
        _ => return None,
    }
    Some(None)
}

/// Another price for the same measure.
fn reprice(item: &mut Item, from: i64, to: Option<i64>) {
    let mut told = convert::item(item);
    told.price_rupiah = Some(from);
    told.price_to_rupiah = to;
    item.price = convert::told_item(&told).price;
}

/// "scrap the faq", "galerinya gak usah": parts of the site that were wanted before.
fn parts(brief: &mut Brief, text: &str, turn: &Turn<'_>) -> Option<Amended> {
    // "tidak usah dicantumkan harganya": the list stays, without prices.
    if mentions("price-nouns", &normalise(text)) {
        return None;
    }
    let wanted = &mut brief.features.as_mut()?.value;
    let refused: BTreeSet<Feature> =
        refused_features(text).into_iter().filter(|part| wanted.contains(part)).collect();
    if refused.is_empty() || refused.len() == wanted.len() {
        return None;
    }
    wanted.retain(|part| !refused.contains(part));
    // "galeri gak usah, ganti tanya jawab"
    wanted.extend(features_instead(text));
    let label = |part: &Feature| cut(&turn.plain(names::feature_label(*part), &[]));
    Some(Amended { gone: refused.iter().map(label).collect() })
}

/// The only item that differs between two lists, as it is now.
pub(crate) fn spoken_of(before: &[Item], after: &[Item]) -> Option<String> {
    let mut new = after.iter().filter(|item| !before.contains(item));
    let first = new.next()?;
    (after.len() >= before.len() && new.next().is_none()).then(|| first.name.clone())
}

/// Says what was taken out.
pub(crate) fn note(amended: &Amended, turn: &mut Turn<'_>) {
    if !amended.gone.is_empty() {
        turn.note("say-removed", &[("what", amended.gone.join(", ").into())]);
    }
}
