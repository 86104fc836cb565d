//! What is sold out, is there again, or is not to be had for a while.

use sitespark_core::site::Edit;

use super::items::{about, listed};
use super::repriced::price_alone;
use super::shelf::Shelf;
use super::{Wish, begins_with_verb, one, without_suffix};
use crate::conversation::understand::words::{
    cut_all, cut_end, cut_prefix, is_in, normalise, split_at_word,
};

/// "kopi susu habis", "es teh ada lagi", "nastar sama putri salju abis".
pub(super) fn told(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    if let Some(paused) = paused(text, shelf) {
        return Some(paused);
    }
    // "we ran out of baguette", "kehabisan nastar", "sold out: private session".
    for (words, sold_out) in [("ran-out", true), ("back-again", false), ("sold-out", true)] {
        let Some(name) = cut_prefix(words, text) else { continue };
        let name = without_suffix("back-in-stock", name).unwrap_or(name);
        if let Some(item) = shelf.sure(cut_all("item-nouns", cut_end("name-tail", name))) {
            return Some(one(Edit::SetSoldOut { item: item.to_owned(), sold_out }));
        }
    }
    // "repaint lagi habis slotnya, tandain habis dulu"
    if let Some((first, mark)) = text.split_once(", ")
        && let Some(as_what) = cut_prefix("mark-verbs", mark)
        && is_in("sold-out", &normalise(cut_end("stock-tail", as_what)))
        && let Some((item, _)) = shelf.first_in(first)
    {
        return Some(one(Edit::SetSoldOut { item: item.to_owned(), sold_out: true }));
    }
    // "ikan asin lagi kosong, angin kencang": why stands behind.
    if let Some((first, why)) = text.split_once(", ")
        && !why.bytes().any(|b| b.is_ascii_digit())
        && !shelf.is_named_in(&normalise(why))
        && (!begins_with_verb(why) || is_in("back-in-stock", why))
        && let Some(wish @ Wish::Edits(_)) = told(first, shelf)
    {
        return Some(wish);
    }
    // "bawang merah wis ana maning, 38rb/kg": there again, at another price.
    if let Some((first, price)) = text.split_once(", ")
        && let Some(price_rupiah) = price_alone(price)
        && let Some(Wish::Edits(mut edits)) = told(first, shelf)
        && let [Edit::SetSoldOut { item, sold_out: false }] = edits.as_slice()
    {
        let item = item.clone();
        edits.push(Edit::SetPrice { item, price_rupiah });
        return Some(Wish::Edits(edits));
    }
    // "madu trigona kosong sampai panen"
    let text = split_at_word("until-words", text)
        .map(|(before, _)| before)
        .filter(|before| without_suffix("sold-out", before).is_some())
        .unwrap_or(text);
    let suffix = |words| {
        without_suffix(words, text).or_else(|| without_suffix(words, cut_end("stock-tail", text)))
    };
    let mut told = [("back-in-stock", false), ("sold-out", true)]
        .map(|(words, sold_out)| (suffix(words), sold_out));
    // "not available" is more than "available".
    told.sort_by_key(|(name, _)| name.map_or(usize::MAX, str::len));
    for (name, sold_out) in told {
        let Some(name) = name else { continue };
        let name = cut_all("item-lead", cut_end("stock-tail", name));
        let name = cut_all("item-nouns", name);
        // "mark the bikini top as sold out"
        let marked = cut_prefix("mark-verbs", name).filter(|_| shelf.sure(name).is_none());
        let name = marked.map_or(name, |name| cut_all("item-lead", cut_end("stock-as", name)));
        if normalise(name).is_empty() {
            return None;
        }
        let set = |item: &str| Edit::SetSoldOut { item: item.to_owned(), sold_out };
        let names = listed(name);
        let found: Vec<Edit> = names.iter().filter_map(|name| shelf.sure(name)).map(set).collect();
        if names.len() > 1 && found.len() == names.len() {
            return Some(Wish::Edits(found));
        }
        return Some(about(shelf, name, set, None));
    }
    None
}

/// "kelas grup ditutup dulu": an item named in full that is not to be had for a while.
fn paused(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    let (name, behind) = split_at_word("paused", text)?;
    let named = cut_all("item-nouns", cut_all("item-lead", cut_end("stock-tail", name)));
    let item = shelf.sure(named)?.to_owned();
    // Whatever follows is why: "tune up off dulu, montirnya pulkam".
    let bare = !behind.bytes().any(|b| b.is_ascii_digit());
    bare.then(|| one(Edit::SetSoldOut { item, sold_out: true }))
}
