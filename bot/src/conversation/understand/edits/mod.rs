//! Changes of a live site as owners say them, read into typed edits.
//!
//! Needs no network and never guesses: where two things can be meant, both are offered.

mod fields;
mod hours;
mod items;
mod looks;
mod people;
mod photos;
mod repriced;
mod sections;
mod several;
mod shelf;
mod stock;
mod undo;
mod why;

use sitespark_core::brief::{CertificateKind, Item, LinkKind, Phone, PhoneError};
use sitespark_core::generation::Refinement;
use sitespark_core::site::Edit;
use sitespark_core::site::document::SectionKind;

use super::change::field_at_front;
use super::naming::clean_name;
use super::reason::is_reason;
use super::tap::Field;
use super::words::{
    cut_all, cut_end, cut_prefix, has_figures, is_in, list, mentions, normalise, split_at_word,
};
use super::{correction, gather, phone_end, proofs};
use crate::conversation::convert;
use crate::conversation::state::{PickOption, Slot};
pub(crate) use fields::slot_of;
use fields::{address, changed, colour, field_change, heading, phone, stated};
pub(crate) use repriced::reprices_last;
use several::read_several;
pub(crate) use shelf::Shelf;
pub(crate) use undo::{brings_back, takes_back};
use why::{reasoned, without_why};

/// What an owner wants done with a live site.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Wish {
    /// Changes that are complete.
    Edits(Vec<Edit>),
    /// Changes that are complete, and what was said besides and not understood.
    Partly(Vec<Edit>, Vec<String>),
    /// One of several changes is meant.
    Pick(Vec<PickOption>),
    /// A change beyond typed edits, free of charge.
    Refine(Refinement),
    /// Words in another manner, by a model where there is one.
    Rewrite {
        /// Which family of sections; all without one.
        section: Option<SectionKind>,
        /// What was said.
        said: String,
    },
    /// Another web address.
    Rename(String),
    /// A change whose value is still to be told.
    Ask(Slot),
    /// It names an item that is not on the site.
    NoItem(String),
    /// The number cannot be one.
    BadPhone(PhoneError),
    /// The number is not one of that certificate.
    BadCertificate(CertificateKind),
    /// Wants something changed, without saying what.
    Something,
}

impl Wish {
    /// Whether it can be said with the word "website" without meaning a new one.
    pub(crate) const fn is_about_a_site(&self) -> bool {
        match self {
            Self::Refine(_) | Self::Rewrite { .. } => true,
            Self::Edits(_) | Self::Partly(..) | Self::Pick(_) | Self::Rename(_) => false,
            Self::Ask(_) | Self::NoItem(_) | Self::BadPhone(_) => false,
            Self::BadCertificate(_) | Self::Something => false,
        }
    }
}

/// Longest name of an item taken from a sentence, in characters.
const MAX_ITEM_CHARS: usize = 80;

/// Most edits of one message.
const MAX_EDITS: usize = 20;

/// Reads a message about a site. `None` when it is no change.
pub(crate) fn read(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    let text = correction::read(text).unwrap_or(text);
    if proofs::wants_two_languages(text)
        && let Some(wish) = proofs::wish(text)
    {
        return Some(wish);
    }
    let wish = cut_end("politeness", cut_end("name-tail", cut_all("politeness", text)));
    let wish = uncalled(cut_end("vocative-tail", wish), shelf);
    let dropped = dropped(wish, shelf);
    let wish = dropped.as_deref().unwrap_or(wish);
    // Who dictates a sentence to its end means its last word, too.
    let dictated = text.trim_end().ends_with(['.', '!', '?', '"', '”']);
    let told = if dictated { cut_all("politeness", text) } else { wish };
    looks::rather(wish)
        .or_else(|| number(wish, shelf))
        .or_else(|| repriced::repriced(wish, shelf))
        .or_else(|| corrected(wish, shelf))
        .or_else(|| whole(told, shelf))
        .or_else(|| reasoned(wish, shelf))
        .or_else(|| read_several(wish, shelf, false))
        .or_else(|| read_one(wish, shelf))
        .or_else(|| read_several(wish, shelf, true))
}

/// "skip water damage, I don't do those" as "hapus …"; "drop the skirt to 350k" is a price.
fn dropped(text: &str, shelf: &Shelf<'_>) -> Option<String> {
    let rest = cut_all("item-lead", cut_prefix("drop-verbs", text)?);
    let (first, why) = rest.split_once([',', '.', ';']).unwrap_or((rest, ""));
    let whole = shelf.at_front(first).is_some_and(|(_, behind)| normalise(behind).is_empty());
    // "skip water damage" where it is "Water damage clean", with the reason behind.
    let part = is_reason(why) && first.contains(' ') && shelf.sure(first).is_some();
    let priced = mentions("price-nouns", &normalise(first)) || price_of(first).is_some();
    ((whole || part) && !priced).then(|| format!("hapus {rest}"))
}

/// How one calls an elder sister in Sunda, and what there is to drink.
const TEA: &str = "teh";

/// "dek kerupuk ikan habis", "eh lae tambal bocor 100rb": without who is called before what is meant.
fn uncalled<'t>(text: &'t str, shelf: &Shelf<'_>) -> &'t str {
    let Some((first, rest)) = text.split_once(char::is_whitespace) else { return text };
    let meant = |rest: &str| {
        shelf.at_front(rest).is_some() || begins_with_verb(rest) || field_at_front(rest).is_some()
    };
    let plain = normalise(first);
    let called = is_in("vocative-tail", &plain) && shelf.at_front(text).is_none();
    // "teh tambah gula 7rb" is a tea.
    let meant = if plain == TEA { shelf.at_front(rest).is_some() } else { meant(rest) };
    if called && meant { rest } else { text }
}

/// "wa nya salah, belakangnya 3319".
fn number(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    let meant = phone_end::mended(text, &Phone::parse(shelf.phone?).ok()?)?;
    Some(one(Edit::SetPhone { phone: Some(meant.as_e164().to_owned()) }))
}

/// The item that changes are about, where it is one.
pub(crate) fn spoken_of(edits: &[Edit]) -> Option<&str> {
    match edits {
        [Edit::SetPrice { item, .. } | Edit::SetPriceRange { item, .. }] => Some(item),
        [Edit::RenameItem { name, .. }] => Some(name),
        [Edit::PutItem { item }] => Some(&item.name),
        _ => None,
    }
}

/// Reads the answer to what a change still lacks.
pub(crate) fn read_slot(slot: &Slot, text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    let text = text.trim();
    match slot {
        Slot::Name => clean_name(text).map(|name| Wish::Edits(vec![Edit::SetName { name }])),
        Slot::Phone => Some(phone(text)),
        Slot::Address => Some(address(text)),
        Slot::Hours => hours::told(text),
        Slot::Colour => colour(text),
        Slot::Heading => heading(text),
        Slot::NewItem => new_items(text, true),
        Slot::RemoveItem => Some(remove_item(text, shelf)),
        Slot::Price { item: Some(item) } => price_of(text).map(|price| set_price(item, price)),
        Slot::Price { item: None } => items::priced(text, shelf),
        Slot::Subdomain => Some(Wish::Rename(text.to_owned())),
        Slot::RemovePhoto => {
            photos::pick(&normalise(text)).map(|photo| one(Edit::RemovePhoto { photo }))
        }
        Slot::Words { section, part } => {
            (!normalise(text).is_empty()).then(|| one(sections::edit(*section, *part, text)))
        }
    }
}

/// What must be read before a message is cut into pieces: running text, and all prices at once.
fn whole(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    hours::stated(text)
        .or_else(|| looks::search(text))
        .or_else(|| sections::words(text))
        .or_else(|| cut_prefix("add-verbs", text).and_then(people::testimonial))
        .or_else(|| cut_prefix("put-verbs", text).and_then(people::testimonial))
        .or_else(|| cut_prefix("add-verbs", text).and_then(people::person))
        .or_else(|| cut_prefix("add-verbs", text).and_then(sections::added))
        .or_else(|| cut_prefix("add-verbs", text).and_then(hours::stated))
        .or_else(|| items::noted(text, shelf))
        .or_else(|| items::all_prices(text, shelf))
}

/// "nama tokonya salah, harusnya Kopi Pagi".
fn corrected(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    let Some((before, value)) = split_at_word("right-words", text) else {
        // "harga cek salah, 75rb bukan 50rb"
        let (before, value) = split_at_word("wrong-words", text)?;
        let item = cut_prefix("price-nouns", before)?;
        return priced_item(
            item,
            split_at_word("old-price", value).map_or(value, |(new, _)| new),
            shelf,
        );
    };
    let wrong = split_at_word("wrong-words", before).map_or(before, |(named, _)| named);
    let named = wrong.trim_end_matches(|c: char| c.is_whitespace() || ",.:;".contains(c));
    let named = cut_prefix("the-words", named).unwrap_or(named);
    let value = cut_all("connectors", value);
    match field_at_front(named) {
        Some((field, rest)) if normalise(rest).is_empty() => field_change(field, value, shelf),
        Some((Field::Price, item)) => priced_item(item, value, shelf),
        Some(_) | None => priced_item(named, value, shelf),
    }
}

fn priced_item(item: &str, value: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    let price_rupiah = price_of(value)?;
    let set = |item: &str| Edit::SetPrice { item: item.to_owned(), price_rupiah };
    Some(items::about(shelf, cut_all("item-nouns", item), set, None))
}

/// Words for what is done to something, said behind it, and the verb that says the same before it.
const PASSIVES: [(&str, &str); 3] =
    [("passive-remove", "hapus"), ("passive-hide", "sembunyikan"), ("passive-show", "tampilkan")];

/// "es teh manis dihapus" as "hapus es teh manis".
fn active(text: &str) -> Option<String> {
    if let Some(item) = taken_off(text) {
        return Some(format!("hapus {item}"));
    }
    PASSIVES.into_iter().find_map(|(list, verb)| {
        // "mohon dihapus badal umrah"
        if let Some(rest) = cut_prefix(list, text).filter(|rest| !rest.is_empty()) {
            return Some(format!("{verb} {rest}"));
        }
        let (before, after) = split_at_word(list, text)?;
        let after = without_why(after);
        Some(format!("{verb} {before} {after}").trim_end().to_owned())
    })
}

/// "take the dinner plate off the list": what goes stands between.
fn taken_off(text: &str) -> Option<&str> {
    let rest = cut_prefix("take-verbs", text).or_else(|| cut_prefix("remove-verbs", text))?;
    let (item, _) = split_at_word("off-words", rest)?;
    let behind = normalise(&rest[item.len()..]);
    behind.split(' ').all(|word| is_in("off-more", word)).then_some(item)
}

fn read_one(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    if let Some(active) = active(text) {
        return read_active(&active, shelf);
    }
    read_active(text, shelf)
}

fn read_active(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    if let Some(wish) = items::removed_behind(text, shelf).or_else(|| items::removed(text, shelf)) {
        return Some(wish);
    }
    if let Some(wish) = proofs::wish(text) {
        return Some(wish);
    }
    if let Some(wish) = photos::read(text, shelf) {
        return Some(wish);
    }
    if let Some(rest) = cut_prefix("add-verbs", text) {
        return added(rest);
    }
    items::renamed(text, shelf)
        .or_else(|| items::replaced(text, shelf))
        .or_else(|| looks::language(text))
        .or_else(|| sections::locked(text))
        .or_else(|| sections::moved(text))
        .or_else(|| items::moved(text, shelf))
        .or_else(|| sections::restored(text, shelf))
        .or_else(|| items::dropped(text, shelf))
        .or_else(|| stock::told(text, shelf))
        .or_else(|| sections::shown(text))
        .or_else(|| removed(text, shelf))
        .or_else(|| looks::rewritten(text))
        .or_else(|| looks::look(text))
        .or_else(|| changed(text, shelf))
        .or_else(|| stated(text, shelf))
}

fn added(rest: &str) -> Option<Wish> {
    let rest = cut_all("add-particles", rest);
    let named = cut_all("item-nouns", rest);
    if normalise(named).is_empty() {
        return Some(Wish::Ask(Slot::NewItem));
    }
    let found = gather::gather(rest, None);
    if let Some(link) = found.links.first() {
        return Some(one(Edit::PutLink { link: convert::link(link) }));
    }
    if let Some((field, value)) = field_at_front(rest)
        && matches!(field, Field::Phone | Field::Address | Field::Hours)
    {
        return field_change(field, value, &Shelf::EMPTY);
    }
    new_items(named, true).or_else(|| plainly_named(named))
}

/// Most words of an item that is told without a price.
const MAX_PLAIN_WORDS: usize = 5;

/// "tambahkan layanan legalisasi dokumen": one item alone, its price not told.
fn plainly_named(text: &str) -> Option<Wish> {
    let name = cut_end("politeness", cut_end("name-tail", text));
    let name = name.trim_matches(|c: char| !c.is_alphanumeric() && c != ')');
    let normal = normalise(name);
    let words = normal.split(' ').count();
    let sound = (1..=MAX_PLAIN_WORDS).contains(&words)
        && normal.chars().filter(|c| c.is_alphabetic()).count() >= 3
        && !normal.split(' ').any(|word| is_in("not-sold", word))
        && !mentions("oversight", &normal)
        && !name.contains(['?', ':', '@']);
    let item = Item { name: first_large(name), price: None, note: None, photo: None };
    sound.then(|| one(Edit::PutItem { item: convert::item(&item) }))
}

fn first_large(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The text before one of the list's phrases at its end.
fn without_suffix<'a>(words: &str, text: &'a str) -> Option<&'a str> {
    let (before, _) = split_where(text, |rest| is_in(words, &normalise(rest)))?;
    Some(cut_end("politeness", before))
}

fn split_where(text: &str, fits: impl Fn(&str) -> bool) -> Option<(&str, &str)> {
    let mut at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        if at > 0 && fits(&text[at..]) {
            return Some((text[..at].trim_end(), &text[at..]));
        }
        at += word.len();
    }
    None
}

fn removed(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    let rest = cut_end("politeness", cut_prefix("remove-verbs", text)?);
    let name = cut_all("item-nouns", rest);
    if normalise(name).is_empty() {
        return Some(Wish::Ask(Slot::RemoveItem));
    }
    if let Some(wish) = people::removed(rest) {
        return Some(wish);
    }
    if let Some(kind) = link_kind(rest) {
        return Some(one(Edit::RemoveLink { kind: kind.slug().to_owned() }));
    }
    if cut_prefix("email-words", rest).is_some_and(|rest| normalise(rest).is_empty()) {
        return Some(one(Edit::SetEmail { email: None }));
    }
    if shelf.sure(name).is_none()
        && let Some((field, "")) = field_at_front(rest)
    {
        let edit = match field {
            Field::Phone => Edit::SetPhone { phone: None },
            Field::Address => Edit::SetAddress { address: None, city: None },
            Field::Hours => Edit::SetHours { hours: None },
            Field::Trade | Field::Name | Field::Audience | Field::Features | Field::Items => {
                return Some(Wish::Something);
            }
            Field::Style | Field::Colour | Field::Contact | Field::Subdomain => {
                return Some(Wish::Something);
            }
            Field::Heading | Field::Price => return Some(Wish::Something),
        };
        return Some(one(edit));
    }
    Some(remove_item(name, shelf))
}

fn remove_item(text: &str, shelf: &Shelf<'_>) -> Wish {
    let name = cut_all("item-nouns", cut_prefix("remove-verbs", text).unwrap_or(text));
    items::about(shelf, name, |item| Edit::RemoveItem { item: item.to_owned() }, None)
}

/// The service whose page is named, and nothing else.
fn link_kind(text: &str) -> Option<LinkKind> {
    let named = normalise(cut_all("link-nouns", text));
    LinkKind::ALL.into_iter().find(|kind| is_in(&format!("link-{}", kind.slug()), &named))
}

fn new_items(text: &str, unpriced: bool) -> Option<Wish> {
    // "pijat kepala 15rb biar pelanggan ketiduran": what for is no part of it.
    let text = split_at_word("purpose-words", text)
        .filter(|(item, why)| has_figures(item) && !has_figures(why))
        .map_or(text, |(item, _)| item);
    let edits: Vec<Edit> = sitespark_core::brief::parse_items(text)
        .iter()
        // "tambah selimut 20rb kak, tadi lupa": why it was not told before.
        .filter(|item| {
            item.price.is_some() || unpriced && !mentions("oversight", &normalise(&item.name))
        })
        .take(MAX_EDITS)
        .map(|item| Edit::PutItem { item: convert::item(item) })
        .collect();
    (!edits.is_empty()).then_some(Wish::Edits(edits))
}

fn set_price(item: &str, price_rupiah: i64) -> Wish {
    one(Edit::SetPrice { item: item.to_owned(), price_rupiah })
}

/// The amount a text names, also without an item's name before it.
fn price_of(text: &str) -> Option<i64> {
    convert::price(text).map(|price| price.from.0)
}

fn one(edit: Edit) -> Wish {
    Wish::Edits(vec![edit])
}

fn short(name: &str) -> String {
    name.trim().chars().take(MAX_ITEM_CHARS).collect()
}

/// Whether a text begins with a word for changing, adding or taking away.
pub(crate) fn begins_with_verb(text: &str) -> bool {
    let text = cut_all("politeness", text);
    [
        "verbs",
        "add-verbs",
        "remove-verbs",
        "hide-verbs",
        "show-verbs",
        "restore-verbs",
        "move-verbs",
    ]
    .iter()
    .any(|words| !list(words).is_empty() && cut_prefix(words, text).is_some())
}
