//! Items: stock, prices one by one and all together, names, remarks, order.

use std::sync::LazyLock;

use regex::Regex;
use sitespark_core::brief::{Item, find_prices, parse_items};
use sitespark_core::site::{Edit, ItemPlace};

use super::shelf::{Match, Shelf};
use super::{MAX_EDITS, Wish, one, price_of, short};
use crate::conversation::convert;
use crate::conversation::state::PickOption;
use crate::conversation::understand::words::{
    cut_all, cut_end, cut_prefix, is_in, mentions, normalise, split_at_word,
};

/// Longest remark, in characters.
const MAX_NOTE_CHARS: usize = 160;
/// Longest label of a choice, in characters.
const MAX_LABEL_CHARS: usize = 24;
/// Steps a computed price is rounded to, for prices from 1.000 on and below.
const ROUND_RUPIAH: i64 = 100;
const ROUND_SMALL_RUPIAH: i64 = 10;
/// The largest change of all prices, in tenths of a percent.
const MOST_PER_MILLE: i64 = 9_000;

static PERCENT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(\d{1,3})(?:[.,](\d))?\s*(?:%|persen|percent)").expect("the tests read with it")
});

/// What an item would be changed by, for each that may be meant.
pub(super) fn about(
    shelf: &Shelf<'_>,
    name: &str,
    change: impl Fn(&str) -> Edit,
    otherwise: Option<(String, Edit)>,
) -> Wish {
    let options = match shelf.find(name) {
        Match::Sure(item) => return one(change(item)),
        Match::Maybe(items) => items,
        Match::None => Vec::new(),
    };
    let mut options: Vec<PickOption> = options
        .into_iter()
        .map(|item| PickOption { label: label(item), edits: vec![change(item)] })
        .collect();
    options.extend(
        otherwise.map(|(name, edit)| PickOption { label: label(&name), edits: vec![edit] }),
    );
    if options.is_empty() { Wish::NoItem(short(name)) } else { Wish::Pick(options) }
}

fn label(text: &str) -> String {
    text.chars().take(MAX_LABEL_CHARS).collect()
}

/// "otak otak gak jual lagi hapus aja": the word for removing stands at the end.
pub(super) fn removed_behind(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    let (before, after) = split_at_word("remove-verbs", text)?;
    let bare = normalise(cut_all("it-words", after));
    // "yang keju hapus aja dulu lagi gak produksi": why it goes.
    let why = bare.split(' ').next().is_some_and(|word| is_in("removal-reason", word));
    if !bare.is_empty() && !why {
        return None;
    }
    let named = cut_all("item-lead", cut_end("politeness", before));
    let item = shelf.sure(named).or_else(|| shelf.at_front(named).map(|(item, _)| item))?;
    Some(one(Edit::RemoveItem { item: item.to_owned() }))
}

/// "remove passport photo", "hapus yang antar bandara": an item by its whole name, whatever it is
/// called after.
pub(super) fn removed(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    let rest = cut_end("politeness", cut_prefix("remove-verbs", text)?);
    let named = cut_all("item-nouns", cut_all("item-lead", rest));
    let (item, behind) = shelf.at_front(cut_end("name-tail", named))?;
    let bare = normalise(cut_all("it-words", behind));
    let why = bare.split(' ').next().is_some_and(|word| is_in("removal-reason", word));
    (bare.is_empty() || why).then(|| one(Edit::RemoveItem { item: item.to_owned() }))
}

/// "we no longer do drain cleaning": it goes.
pub(super) fn dropped(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    let name = cut_all("item-lead", cut_prefix("no-longer", text)?);
    let name = cut_end("no-longer-tail", cut_end("name-tail", name));
    let item = shelf.sure(cut_all("item-nouns", name))?;
    Some(one(Edit::RemoveItem { item: item.to_owned() }))
}

/// Names in a row: "nastar, kastengel dan putri salju".
pub(super) fn listed(text: &str) -> Vec<String> {
    let normal = text.replace([',', ';', '\n', '&'], " , ");
    let mut names = vec![String::new()];
    for word in normal.split_whitespace() {
        if matches!(word.to_lowercase().as_str(), "," | "dan" | "sama" | "and" | "+") {
            names.push(String::new());
        } else if let Some(last) = names.last_mut() {
            last.push(' ');
            last.push_str(word);
        }
    }
    names.into_iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

/// "naikin semua harga 10%", "semua menu turun 2rb": every price computed anew.
pub(super) fn all_prices(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    let normal = normalise(text);
    if !mentions("all-words", &normal) {
        return None;
    }
    // "kambing kecil naik jadi 1.950.000, habis lebaran mahal semua" is about the one that it names, and
    // "semua jadi 20rb" tells what they cost, not by how much more.
    let becomes = per_mille(text).is_none() && mentions("becomes", &normal);
    if shelf.first_in(text).is_some() {
        return None;
    }
    if becomes {
        return same_for_all(text, shelf);
    }
    let up = mentions("up-words", &normal);
    if up == mentions("down-words", &normal) {
        return None;
    }
    let sign = if up { 1 } else { -1 };
    let change: Box<dyn Fn(i64) -> i64> = match per_mille(text) {
        Some(share) => Box::new(move |price| rounded(price + sign * price * share / 1_000)),
        None => {
            let amount = price_of(text)?;
            Box::new(move |price| price + sign * amount)
        }
    };
    let edits: Vec<Edit> = shelf
        .items
        .iter()
        .filter_map(|item| Some((item, shelf.price_of(item)?)))
        .map(|(item, (from, to))| Edit::SetPriceRange {
            item: item.clone(),
            price_rupiah: change(from).max(0),
            price_to_rupiah: to.map(|to| change(to).max(0)),
        })
        .collect();
    Some(if edits.is_empty() { Wish::Something } else { Wish::Edits(edits) })
}

/// Most words of a wish for one price for everything.
const MAX_ALL_WORDS: usize = 6;

/// "semua jadi 20rb aja": one price for all that has one.
fn same_for_all(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    let price_rupiah = price_of(text)?;
    let priced = shelf.items.iter().filter(|item| shelf.price_of(item).is_some());
    let edits: Vec<Edit> =
        priced.map(|item| Edit::SetPrice { item: item.clone(), price_rupiah }).collect();
    let short = normalise(text).split(' ').count() <= MAX_ALL_WORDS;
    (short && !edits.is_empty()).then_some(Wish::Edits(edits))
}

fn per_mille(text: &str) -> Option<i64> {
    let found = PERCENT.captures(text)?;
    let whole: i64 = found[1].parse().ok()?;
    let tenths: i64 = found.get(2).map_or(Some(0), |tenths| tenths.as_str().parse().ok())?;
    Some(whole * 10 + tenths).filter(|share| (1..=MOST_PER_MILLE).contains(share))
}

fn rounded(price: i64) -> i64 {
    let step = if price >= 1_000 { ROUND_RUPIAH } else { ROUND_SMALL_RUPIAH };
    (price + step / 2) / step * step
}

/// "kopi susu jadi 20rb", "nastar naik 5rb", "Es Jeruk 7rb": a price for an item of the site, or a
/// new item with its price.
pub(super) fn priced(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    let text = without_old_price(text);
    // "airport to kuta 175k": the words of its name are none for a change of price.
    if let Some((item, rest)) = shelf.at_front(text)
        && let [price] = find_prices(rest).as_slice()
        && normalise(&rest[..price.range.start]).is_empty()
        && normalise(&rest[price.range.end..]).is_empty()
    {
        let parsed = parse_items(&format!("{item} {}", &rest[price.range.clone()]));
        let told = parsed.first().filter(|told| told.name.eq_ignore_ascii_case(item));
        return Some(match told {
            Some(told) => one(put(told, shelf)),
            None => set(shelf, item, |_| price.value.from.0),
        });
    }
    if let Some(wish) = by_percent(text, shelf) {
        return Some(wish);
    }
    if let Some((name, value)) = split_at_word("price-verbs", text)
        && let Some(price) = price_of(value)
    {
        let name = without_first_price(name);
        let name =
            cut_prefix("bare-up", name).or_else(|| cut_prefix("bare-down", name)).unwrap_or(name);
        let name = cut_all("item-lead", name);
        let name = cut_all("item-nouns", cut_prefix("price-nouns", name).unwrap_or(name));
        let said = &text[name_end(text, name)..];
        let names = listed(name);
        let known: Vec<&str> = names.iter().filter_map(|name| shelf.sure(name)).collect();
        if names.len() > 1 && known.len() == names.len() {
            let set = |item: &&str| Edit::SetPrice {
                item: (*item).to_owned(),
                price_rupiah: told(shelf, item, said, price).max(0),
            };
            return Some(Wish::Edits(known.iter().map(set).collect()));
        }
        // "jadi 130-220rb": a range takes the place of the price.
        if let Some(to) = convert::price(value).and_then(|price| price.to) {
            let range = |item: &str| Edit::SetPriceRange {
                item: item.to_owned(),
                price_rupiah: price,
                price_to_rupiah: Some(to.0),
            };
            return Some(about(shelf, name, range, None));
        }
        return Some(set(shelf, name, |item| told(shelf, item, said, price)));
    }
    if let Some((name, value)) = after_verb(text)
        && let Some(price) = price_of(value)
    {
        return Some(set(shelf, name, |item| told(shelf, item, text, price)));
    }
    if let Some(wish) = in_thousands(text, shelf) {
        return Some(wish);
    }
    let parsed = parse_items(text);
    let all_priced = !parsed.is_empty() && parsed.iter().all(|item| item.price.is_some());
    if !all_priced {
        return None;
    }
    Some(Wish::Edits(parsed.iter().take(MAX_EDITS).map(|item| put(item, shelf)).collect()))
}

/// "70k now not 65k", "18rb bukan 15rb": without the price that is no more.
fn without_old_price(text: &str) -> &str {
    match split_at_word("old-price", text) {
        Some((told, old)) if price_of(told).is_some() && price_of(old).is_some() => {
            told.trim_end_matches([',', ' '])
        }
        Some(_) | None => text,
    }
}

/// "es teh dari 5rb" before "jadi 6rb": the name alone.
fn without_first_price(name: &str) -> &str {
    match split_at_word("price-from", name) {
        Some((item, old)) if price_of(old).is_some() => item,
        Some(_) | None => name,
    }
}

/// "nastar diskon 20%", "naikin kopi susu 10 persen": one item's price computed anew.
fn by_percent(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    let share = per_mille(text)?;
    let normal = normalise(text);
    let up = mentions("up-words", &normal) || mentions("bare-up", &normal);
    if up == (mentions("down-words", &normal) || mentions("bare-down", &normal)) {
        return None;
    }
    let end = PERCENT.find(text)?.start();
    let before = text[..end].trim_end();
    let named =
        ["up-words", "down-words", "bare-up", "bare-down"].into_iter().find_map(|list| {
            cut_prefix(list, before).or_else(|| split_at_word(list, before).map(|(name, _)| name))
        })?;
    let named = cut_end("price-joints", cut_all("price-nouns", cut_all("item-nouns", named)));
    let item = shelf.sure(named).or_else(|| shelf.at_front(named).map(|(item, _)| item))?;
    let (from, to) = shelf.price_of(item)?;
    let sign = if up { 1 } else { -1 };
    let change = |price: i64| rounded(price + sign * price * share / 1_000).max(0);
    Some(one(Edit::SetPriceRange {
        item: item.to_owned(),
        price_rupiah: change(from),
        price_to_rupiah: to.map(change),
    }))
}

/// "kopi susu 20": thousands, where the item costs thousands now.
fn in_thousands(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    const MOST_DIGITS: usize = 3;
    let (name, last) = text.trim().rsplit_once(char::is_whitespace)?;
    let short = last.len() <= MOST_DIGITS && last.bytes().all(|b| b.is_ascii_digit());
    let name = cut_prefix("price-nouns", cut_end("connectors", name)).unwrap_or(name);
    let item = shelf.sure(cut_end("connectors", name)).filter(|_| short)?;
    let (now, _) = shelf.price_of(item)?;
    let price_rupiah = last.parse::<i64>().ok().filter(|price| *price > 0)? * 1_000;
    (now >= 1_000).then(|| one(Edit::SetPrice { item: item.to_owned(), price_rupiah }))
}

/// The item an edit is about.
pub(super) fn item_of(edit: &Edit) -> Option<&str> {
    match edit {
        Edit::SetPrice { item, .. } | Edit::SetSoldOut { item, .. } => Some(item),
        Edit::PutItem { item } => Some(&item.name),
        _ => None,
    }
}

fn name_end(text: &str, name: &str) -> usize {
    text.find(name).map_or(0, |at| at + name.len())
}

/// "naikin harga nastar 5rb": the item and the amount after a word for up or down.
fn after_verb(text: &str) -> Option<(&str, &str)> {
    let rest = cut_prefix("bare-up", text).or_else(|| cut_prefix("bare-down", text))?;
    let rest = cut_prefix("price-nouns", rest).unwrap_or(rest);
    let at = rest.find(|c: char| c.is_ascii_digit())?;
    let name = cut_end("price-joints", cut_end("connectors", rest[..at].trim_end()));
    Some((name, &rest[at..]))
}

fn set(shelf: &Shelf<'_>, name: &str, price: impl Fn(&str) -> i64) -> Wish {
    let change =
        |item: &str| Edit::SetPrice { item: item.to_owned(), price_rupiah: price(item).max(0) };
    let fresh = Item { name: short(name), price: None, note: None, photo: None };
    let mut fresh = convert::item(&fresh);
    fresh.price_rupiah = Some(price(""));
    let new = (!normalise(name).is_empty())
        .then(|| (format!("+ {}", fresh.name), Edit::PutItem { item: fresh }));
    about(shelf, name, change, new)
}

/// "naik 5rb" adds, "naik jadi 90rb" sets; without "jadi" the amount itself tells which is meant.
fn told(shelf: &Shelf<'_>, item: &str, said: &str, amount: i64) -> i64 {
    let normal = normalise(said);
    let first = normal.split(' ').next().unwrap_or("");
    let sets = ["jadi", "menjadi", "ke", "to", "sekarang", "now"];
    let is_set = normal.split(' ').any(|word| sets.contains(&word));
    let Some((now, _)) = shelf.price_of(item).filter(|_| !is_set) else { return amount };
    if is_in("bare-up", first) && amount <= now {
        now + amount
    } else if is_in("bare-down", first) && amount * 2 <= now {
        now - amount
    } else {
        amount
    }
}

fn put(item: &Item, shelf: &Shelf<'_>) -> Edit {
    match (shelf.priced(&item.name), &item.price) {
        (Some(known), Some(price)) if price.to.is_none() && price.unit.is_none() => {
            Edit::SetPrice { item: known.to_owned(), price_rupiah: price.from.0 }
        }
        (Some(_) | None, Some(_) | None) => Edit::PutItem { item: convert::item(item) },
    }
}

/// "ganti nama kopi susu jadi kopi gula aren".
pub(super) fn renamed(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    // "servis total ganti nama jadi Overhaul"
    if let Some((old, new)) = split_at_word("rename-verbs", text)
        && let led = cut_all("item-lead", old)
        && let Some(item) = shelf.sure(led).or_else(|| shelf.sure(cut_end("item-tail", led)))
    {
        return rename(item, new);
    }
    let rest = cut_prefix("rename-verbs", text)?;
    let rest = cut_all("item-nouns", rest);
    let (old, new) = split_at_word("connectors", rest)?;
    rename(shelf.sure(cut_all("item-lead", old))?, new)
}

fn rename(item: &str, new: &str) -> Option<Wish> {
    // "jadi pisau dapur, biar orang luar ngerti": why stands behind.
    let new = new.split_once(", ").map_or(new, |(name, _)| name);
    let new = cut_all("connectors", new).trim_end_matches(['.', '!', ',', ' ']);
    let name = short(new.trim_matches(['"', '“', '”']));
    // As the list is written: "tekwan" is "Tekwan" there.
    let large = item.starts_with(char::is_uppercase);
    let name = if large { super::first_large(&name) } else { name };
    (!name.is_empty()).then(|| one(Edit::RenameItem { item: item.to_owned(), name }))
}

/// "es teh diganti jadi es jeruk 6rb", "ganti es teh dengan es jeruk": another item in its place.
pub(super) fn replaced(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    let (old, new) = match cut_prefix("verbs", text) {
        Some(rest) => split_at_word("connectors", rest)?,
        None => split_at_word("replaced-words", text)?,
    };
    let item = shelf.sure(cut_all("item-nouns", old))?.to_owned();
    let new = cut_all("connectors", new);
    let priced = parse_items(new);
    let (named, price) = match priced.as_slice() {
        [only] => (only.name.clone(), only.price.as_ref().map(|price| price.from.0)),
        _ if price_of(new).is_none() => (short(new), None),
        _ => return None,
    };
    let words = normalise(&named);
    let told = words.chars().any(char::is_alphabetic)
        && !is_in("price-nouns", words.split(' ').next().unwrap_or(""))
        && !mentions("sold-out", &words);
    if !told || shelf.sure(&named).is_some_and(|known| known != item) {
        return None;
    }
    let mut edits = vec![Edit::RenameItem { item, name: named.clone() }];
    edits.extend(price.map(|price_rupiah| Edit::SetPrice { item: named, price_rupiah }));
    Some(Wish::Edits(edits))
}

/// "keterangan nastar: isi 50 butir", "hapus keterangan nastar".
pub(super) fn noted(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    if let Some(rest) =
        cut_prefix("remove-verbs", text).and_then(|rest| cut_prefix("note-words", rest))
    {
        let item = shelf.sure(rest)?;
        return Some(one(Edit::SetItemNote { item: item.to_owned(), note: None }));
    }
    // "paket basic kasih keterangan: 1 jam": the item stands before.
    if let Some((item, rest)) = shelf.at_front(text)
        && let Some(value) = cut_prefix("note-verbs", rest)
            .and_then(|rest| cut_prefix("note-words", rest))
            .or_else(|| cut_prefix("note-words", rest))
    {
        return with_note(item, value);
    }
    let rest = cut_prefix("note-verbs", text).unwrap_or(text);
    let rest = cut_prefix("note-words", rest)?;
    let (item, value) = shelf.at_front(cut_prefix("for-words", rest).unwrap_or(rest))?;
    with_note(item, value)
}

fn with_note(item: &str, value: &str) -> Option<Wish> {
    let value = super::sections::value_of(value).trim_start_matches([':', '=', '-', ' ']);
    let note: String = value.chars().take(MAX_NOTE_CHARS).collect();
    (!note.trim().is_empty())
        .then(|| one(Edit::SetItemNote { item: item.to_owned(), note: Some(note) }))
}

/// "pindahin nastar ke paling atas", "taruh es teh di bawah kopi susu".
pub(super) fn moved(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    let rest = cut_prefix("move-verbs", text)?;
    let (item, rest) = shelf.at_front(cut_all("item-nouns", rest))?;
    let rest = cut_end("again", cut_end("politeness", rest));
    let whole = |list: &str| cut_prefix(list, rest).is_some_and(|rest| normalise(rest).is_empty());
    let beside = |list: &str| cut_prefix(list, rest).and_then(|name| shelf.sure(name));
    let place = if whole("to-top") {
        ItemPlace::First
    } else if whole("to-bottom") {
        ItemPlace::Last
    } else if let Some(other) = beside("place-before") {
        ItemPlace::Before { item: other.to_owned() }
    } else {
        ItemPlace::After { item: beside("place-after")?.to_owned() }
    };
    Some(one(Edit::MoveItem { item: item.to_owned(), place }))
}
