//! Changes of a live site as owners say them, read into typed edits.

use sitespark_core::brief::{CertificateKind, Hours, Phone, PhoneError, Rgb, parse_items};
use sitespark_core::site::Edit;
use sitespark_core::site::document::SectionKind;

use super::change::{self, field_at_front};
use super::naming::{clean_name, title_case};
use super::tap::Field;
use super::words::{cut_all, cut_end, cut_prefix, is_in, list, mentions, normalise, split_at_word};
use super::{gather, proofs, segments};
use crate::conversation::convert;
use crate::conversation::state::Slot;

/// What an owner wants done with a live site.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Wish {
    /// Changes that are complete.
    Edits(Vec<Edit>),
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
    /// Looks other than colour cannot be changed by talking.
    Tone,
    /// Wants something changed, without saying what.
    Something,
}

/// Longest heading, in characters.
const MAX_HEADING_CHARS: usize = 80;
/// Longest name of an item taken from a sentence, in characters.
const MAX_ITEM_CHARS: usize = 80;
/// Longest street address, in characters.
const MAX_ADDRESS_CHARS: usize = 200;
/// Most edits of one message.
const MAX_EDITS: usize = 20;
/// How alike two item names must be to be the same one mistyped.
const MIN_ITEM_LIKENESS: f64 = 0.86;

/// Reads a message; `items` are the names on the site. `None` when it is no change.
pub(crate) fn read(text: &str, items: &[String]) -> Option<Wish> {
    let wish = cut_end("politeness", cut_end("name-tail", cut_all("politeness", text)));
    let several = read_several(wish, items);
    several.or_else(|| read_one(wish, items))
}

/// Reads the answer to what a change still lacks.
pub(crate) fn read_slot(slot: &Slot, text: &str, items: &[String]) -> Option<Wish> {
    let text = text.trim();
    match slot {
        Slot::Name => clean_name(text).map(|name| Wish::Edits(vec![Edit::SetName { name }])),
        Slot::Phone => Some(phone(text)),
        Slot::Address => Some(address(text)),
        Slot::Hours => hours(text),
        Slot::Colour => colour(text),
        Slot::Heading => heading(text),
        Slot::NewItem => new_items(text, true),
        Slot::RemoveItem => Some(remove_item(text, items)),
        Slot::Price { item: Some(item) } => price_of(text).map(|price| set_price(item, price)),
        Slot::Price { item: None } => priced(text, items),
        Slot::Subdomain => Some(Wish::Rename(text.to_owned())),
    }
}

/// Several changes in one message, each of which must be understood.
fn read_several(text: &str, items: &[String]) -> Option<Wish> {
    let pieces = segments::split(text, false);
    if pieces.len() < 2 {
        return None;
    }
    let mut edits = Vec::new();
    for piece in pieces.iter().take(MAX_EDITS) {
        match read_one(cut_all("politeness", piece), items)? {
            Wish::Edits(more) => edits.extend(more),
            Wish::Rename(_) | Wish::Ask(_) | Wish::NoItem(_) => return None,
            Wish::BadPhone(_) | Wish::BadCertificate(_) | Wish::Tone | Wish::Something => {
                return None;
            }
        }
    }
    Some(Wish::Edits(edits))
}

fn read_one(text: &str, items: &[String]) -> Option<Wish> {
    if let Some(wish) = proofs::wish(text) {
        return Some(wish);
    }
    if let Some(rest) = cut_prefix("add-verbs", text) {
        return added(rest);
    }
    stock(text, items)
        .or_else(|| shown(text))
        .or_else(|| removed(text, items))
        .or_else(|| changed(text, items))
        .or_else(|| stated(text, items))
}

fn added(rest: &str) -> Option<Wish> {
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
        return field_change(field, value, &[]);
    }
    new_items(named, true)
}

/// "kopi susu habis", "es teh ada lagi".
fn stock(text: &str, items: &[String]) -> Option<Wish> {
    for (words, sold_out) in [("back-in-stock", false), ("sold-out", true)] {
        let Some(name) = without_suffix(words, text) else { continue };
        let name = cut_all("item-nouns", name);
        return match find_item(name, items) {
            Some(item) => Some(one(Edit::SetSoldOut { item: item.to_owned(), sold_out })),
            None if normalise(name).is_empty() => None,
            None => Some(Wish::NoItem(short(name))),
        };
    }
    None
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

/// "sembunyikan galeri", "tampilkan faq".
fn shown(text: &str) -> Option<Wish> {
    for (verbs, hidden) in [("hide-verbs", true), ("show-verbs", false)] {
        let Some(rest) = cut_prefix(verbs, text) else { continue };
        let rest = cut_end("again", rest);
        let named = normalise(cut_all("section-nouns", rest));
        let whole = normalise(rest);
        let section = SectionKind::ALL.into_iter().find(|kind| {
            is_in(section_words(*kind), &named) || is_in(section_words(*kind), &whole)
        });
        if let Some(section) = section {
            return Some(one(Edit::SetHidden { section, hidden }));
        }
    }
    None
}

const fn section_words(kind: SectionKind) -> &'static str {
    match kind {
        SectionKind::Hero => "section-hero",
        SectionKind::Features => "section-features",
        SectionKind::Catalogue => "section-catalogue",
        SectionKind::Gallery => "section-gallery",
        SectionKind::About => "section-about",
        SectionKind::Steps => "section-steps",
        SectionKind::Faq => "section-faq",
        SectionKind::Visit => "section-visit",
        SectionKind::Cta => "section-cta",
        SectionKind::Contact => "section-contact",
        SectionKind::Prices => "section-catalogue",
        SectionKind::Team => "section-team",
        SectionKind::Testimonials => "section-testimonials",
    }
}

fn removed(text: &str, items: &[String]) -> Option<Wish> {
    let rest = cut_end("politeness", cut_prefix("remove-verbs", text)?);
    let name = cut_all("item-nouns", rest);
    if normalise(name).is_empty() {
        return Some(Wish::Ask(Slot::RemoveItem));
    }
    if find_item(name, items).is_none()
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
    Some(remove_item(name, items))
}

fn remove_item(text: &str, items: &[String]) -> Wish {
    let name = cut_all("item-nouns", cut_prefix("remove-verbs", text).unwrap_or(text));
    match find_item(name, items) {
        Some(item) => one(Edit::RemoveItem { item: item.to_owned() }),
        None => Wish::NoItem(short(name)),
    }
}

/// Begins with a word for changing.
fn changed(text: &str, items: &[String]) -> Option<Wish> {
    let rest = cut_prefix("verbs", text)?;
    if let Some(change) = change::read(text) {
        return match change.field {
            Some(field) => field_change(field, change.value, items),
            None => Some(Wish::Something),
        };
    }
    stated(rest, items).or_else(|| colour(rest)).or(Some(Wish::Something))
}

/// Says how something is, without a word for changing.
fn stated(text: &str, items: &[String]) -> Option<Wish> {
    if let Some((field, value)) = field_at_front(text) {
        let value = cut_all("connectors", cut_prefix("verbs", value).unwrap_or(value));
        let said = !value.is_empty() || matches!(field, Field::Price);
        let told = match field {
            Field::Name | Field::Address | Field::Colour | Field::Heading | Field::Subdomain => {
                said
            }
            Field::Phone => value.chars().any(|c| c.is_ascii_digit()),
            Field::Hours => Hours::parse(value).is_some(),
            Field::Price | Field::Style => said,
            Field::Items => !parse_items(value).is_empty() && price_of(value).is_some(),
            Field::Trade | Field::Audience | Field::Features | Field::Contact => false,
        };
        if told {
            return field_change(field, value, items);
        }
    }
    bare(text, items)
}

/// A value alone: a priced item, a number, hours, a link, an address.
fn bare(text: &str, items: &[String]) -> Option<Wish> {
    if let Some(wish) = priced(text, items) {
        return Some(wish);
    }
    let found = gather::gather(text, None);
    let mut edits = Vec::new();
    if let Some(phone) = &found.phone {
        edits.push(Edit::SetPhone { phone: Some(phone.as_e164().to_owned()) });
    }
    edits.extend(found.links.iter().map(|link| Edit::PutLink { link: convert::link(link) }));
    if let Some(hours) = &found.hours {
        edits.push(Edit::SetHours { hours: Some(convert::hours(hours)) });
    }
    if found.address.is_some() {
        let bounded = |text: &String| text.chars().take(MAX_ADDRESS_CHARS).collect();
        let address = found.address.as_ref().map(bounded);
        edits.push(Edit::SetAddress { address, city: found.city.clone() });
    }
    if let (Some(colour), true) = (found.style.colour, found.trade.is_none()) {
        edits.push(Edit::Recolour { colour: convert::colour(colour) });
    }
    match (edits.is_empty(), found.phone_error) {
        (false, _) => Some(Wish::Edits(edits)),
        (true, Some(error)) => Some(Wish::BadPhone(error)),
        (true, None) if found.style.tone.is_some() && mentions("tone-wish", &normalise(text)) => {
            Some(Wish::Tone)
        }
        (true, None) => None,
    }
}

fn field_change(field: Field, value: &str, items: &[String]) -> Option<Wish> {
    if value.is_empty() {
        return Some(slot_of(field).map_or(Wish::Something, Wish::Ask));
    }
    match field {
        Field::Name => Some(
            clean_name(value).map_or(Wish::Ask(Slot::Name), |name| one(Edit::SetName { name })),
        ),
        Field::Phone => Some(phone(value)),
        Field::Address => Some(address(value)),
        Field::Hours => hours(value).or(Some(Wish::Ask(Slot::Hours))),
        Field::Colour => colour(value).or(Some(Wish::Ask(Slot::Colour))),
        Field::Style => colour(value).or(Some(Wish::Tone)),
        Field::Heading => heading(value),
        Field::Subdomain => Some(Wish::Rename(value.to_owned())),
        Field::Price | Field::Items => {
            let named = cut_all("item-nouns", value);
            priced(named, items).or_else(|| {
                Some(match find_item(named, items) {
                    Some(item) => Wish::Ask(Slot::Price { item: Some(item.to_owned()) }),
                    None => Wish::NoItem(short(named)),
                })
            })
        }
        Field::Trade | Field::Audience | Field::Features | Field::Contact => Some(Wish::Something),
    }
}

/// What to ask for when a field was named without a value.
pub(crate) fn slot_of(field: Field) -> Option<Slot> {
    match field {
        Field::Name => Some(Slot::Name),
        Field::Phone | Field::Contact => Some(Slot::Phone),
        Field::Address => Some(Slot::Address),
        Field::Hours => Some(Slot::Hours),
        Field::Colour | Field::Style => Some(Slot::Colour),
        Field::Heading => Some(Slot::Heading),
        Field::Items => Some(Slot::NewItem),
        Field::Price => Some(Slot::Price { item: None }),
        Field::Subdomain => Some(Slot::Subdomain),
        Field::Trade | Field::Audience | Field::Features => None,
    }
}

fn phone(text: &str) -> Wish {
    match Phone::find(text).map(|(phone, _)| phone).map_or_else(|| Phone::parse(text), Ok) {
        Ok(phone) => one(Edit::SetPhone { phone: Some(phone.as_e164().to_owned()) }),
        Err(error) => Wish::BadPhone(error),
    }
}

fn address(text: &str) -> Wish {
    let text = cut_prefix("address-label", text).unwrap_or(text).trim();
    let last = text.rsplit(',').next().unwrap_or("").trim();
    let city = is_in("cities", &normalise(last)).then(|| title_case(last));
    let address = text.chars().take(MAX_ADDRESS_CHARS).collect();
    one(Edit::SetAddress { address: Some(address), city })
}

fn hours(text: &str) -> Option<Wish> {
    Hours::parse(text).map(|hours| one(Edit::SetHours { hours: Some(convert::hours(&hours)) }))
}

fn colour(text: &str) -> Option<Wish> {
    Rgb::parse_name(text).map(|colour| one(Edit::Recolour { colour: convert::colour(colour) }))
}

fn heading(text: &str) -> Option<Wish> {
    let heading = text.trim().trim_matches(['"', '“', '”']).trim();
    let heading: String = heading.chars().take(MAX_HEADING_CHARS).collect();
    (!heading.is_empty()).then(|| one(Edit::SetHeading { section: SectionKind::Hero, heading }))
}

fn new_items(text: &str, unpriced: bool) -> Option<Wish> {
    let edits: Vec<Edit> = parse_items(text)
        .iter()
        .filter(|item| unpriced || item.price.is_some())
        .take(MAX_EDITS)
        .map(|item| Edit::PutItem { item: convert::item(item) })
        .collect();
    (!edits.is_empty()).then_some(Wish::Edits(edits))
}

/// "kopi susu jadi 20rb": a price for an item of the site, or a new item with its price.
fn priced(text: &str, items: &[String]) -> Option<Wish> {
    if let Some((name, value)) = split_at_word("price-verbs", text)
        && let Some(price) = price_of(value)
    {
        return Some(match find_item(cut_all("item-nouns", name), items) {
            Some(item) => set_price(item, price),
            None => Wish::NoItem(short(name)),
        });
    }
    let parsed = parse_items(text);
    let all_priced = !parsed.is_empty() && parsed.iter().all(|item| item.price.is_some());
    if !all_priced {
        return None;
    }
    let edits = parsed.iter().take(MAX_EDITS).map(|item| {
        match (find_item(&item.name, items), &item.price) {
            (Some(known), Some(price)) if price.to.is_none() && price.unit.is_none() => {
                Edit::SetPrice { item: known.to_owned(), price_rupiah: price.from.0 }
            }
            (Some(_) | None, Some(_) | None) => Edit::PutItem { item: convert::item(item) },
        }
    });
    Some(Wish::Edits(edits.collect()))
}

fn set_price(item: &str, price_rupiah: i64) -> Wish {
    one(Edit::SetPrice { item: item.to_owned(), price_rupiah })
}

/// The amount a text names, also without an item's name before it.
fn price_of(text: &str) -> Option<i64> {
    convert::price(text).map(|price| price.from.0)
}

/// The site's item of this name: the same, the only one containing it, or the same mistyped.
fn find_item<'a>(name: &str, items: &'a [String]) -> Option<&'a str> {
    let wanted = normalise(name);
    if wanted.is_empty() {
        return None;
    }
    let same = items.iter().find(|item| normalise(item) == wanted);
    let mut containing = items
        .iter()
        .filter(|item| format!(" {} ", normalise(item)).contains(&format!(" {wanted} ")));
    let only = containing.next().filter(|_| containing.next().is_none());
    let alike = items
        .iter()
        .map(|item| (strsim::jaro_winkler(&normalise(item), &wanted), item))
        .filter(|(likeness, _)| *likeness >= MIN_ITEM_LIKENESS)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, item)| item);
    same.or(only).or(alike).map(String::as_str)
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
    ["verbs", "add-verbs", "remove-verbs", "hide-verbs", "show-verbs"]
        .iter()
        .any(|words| !list(words).is_empty() && cut_prefix(words, text).is_some())
}
