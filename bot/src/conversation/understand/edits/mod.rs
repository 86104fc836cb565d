//! Changes of a live site as owners say them, read into typed edits.
//!
//! Needs no network and never guesses: where two things can be meant, both are offered.

mod hours;
mod items;
mod looks;
mod people;
mod photos;
mod sections;
mod shelf;

use sitespark_core::brief::{
    CertificateKind, Email, Hours, Item, LinkKind, Phone, PhoneError, Rgb, Trade,
};
use sitespark_core::generation::Refinement;
use sitespark_core::site::Edit;
use sitespark_core::site::document::SectionKind;

use super::change::{self, field_at_front};
use super::naming::{clean_name, title_case};
use super::tap::Field;
use super::words::{cut_all, cut_end, cut_prefix, is_in, list, mentions, normalise, split_at_word};
use super::{correction, gather, proofs, segments};
use crate::conversation::convert;
use crate::conversation::state::{PickOption, Slot};

pub(crate) use shelf::Shelf;

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

/// Longest heading, in characters.
const MAX_HEADING_CHARS: usize = 80;
/// Longest name of an item taken from a sentence, in characters.
const MAX_ITEM_CHARS: usize = 80;
/// Longest street address, in characters.
const MAX_ADDRESS_CHARS: usize = 200;
/// Longest words for a trade, in characters.
const MAX_TRADE_CHARS: usize = 60;
/// A site of which nothing is known.
const NOTHING: Shelf<'_> = Shelf { items: &[], prices: &[], today_ms: 0 };
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
    let wish = cut_end("vocative-tail", wish);
    // Who dictates a sentence to its end means its last word, too.
    let dictated = text.trim_end().ends_with(['.', '!', '?', '"', '”']);
    let told = if dictated { cut_all("politeness", text) } else { wish };
    looks::rather(wish)
        .or_else(|| corrected(wish, shelf))
        .or_else(|| whole(told, shelf))
        .or_else(|| read_several(wish, shelf, false))
        .or_else(|| read_one(wish, shelf))
        .or_else(|| read_several(wish, shelf, true))
}

/// "eh balikin nama yang tadi": takes the last change back, whatever it was.
pub(crate) fn takes_back(text: &str) -> bool {
    let wish = cut_all("politeness", cut_all("interjection", text));
    let Some(rest) = cut_prefix("restore-verbs", wish) else { return false };
    let normal = normalise(rest);
    mentions("restore-tail", &normal)
        && sections::restored(wish, &NOTHING).is_none()
        && !normal.chars().any(|c| c.is_ascii_digit())
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
        .or_else(|| cut_prefix("add-verbs", text).and_then(people::person))
        .or_else(|| cut_prefix("add-verbs", text).and_then(sections::added))
        .or_else(|| items::noted(text, shelf))
        .or_else(|| items::all_prices(text, shelf))
}

/// "nama tokonya salah, harusnya Kopi Pagi".
fn corrected(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    let (before, value) = split_at_word("right-words", text)?;
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

/// Several changes in one message. What is understood is done; what is not is told. With `loose`
/// half of it may be no change.
fn read_several(text: &str, shelf: &Shelf<'_>, loose: bool) -> Option<Wish> {
    let pieces = pieces(text);
    if pieces.len() < 2 {
        return None;
    }
    let (mut edits, mut missed): (Vec<Edit>, Vec<String>) = (Vec::new(), Vec::new());
    let mut verb = String::new();
    for piece in pieces.iter().take(MAX_EDITS) {
        let piece = cut_end("politeness", cut_all("politeness", piece));
        if normalise(piece).is_empty() || no_longer_always(piece) {
            continue;
        }
        let carried = format!("{verb} {piece}");
        // "nasi uduk lagi kosong, hapus aja": what was spoken of is meant.
        if let Some(edit) = edits.last().and_then(|edit| taken_out(piece, edit)) {
            edits.pop();
            edits.push(edit);
            continue;
        }
        if edits.last().is_some_and(|edit| says_again(piece, edit)) {
            continue;
        }
        let read = corrected(piece, shelf)
            .or_else(|| whole(piece, shelf))
            .or_else(|| read_one(piece, shelf))
            .filter(|wish| matches!(wish, Wish::Edits(_)))
            .or_else(|| (!verb.is_empty()).then(|| read_one(&carried, shelf)).flatten())
            .or_else(|| {
                // "nastar ada lagi, harganya 87rb": the price is of what was spoken of.
                let item = edits.last().and_then(items::item_of)?;
                cut_prefix("price-nouns", piece)?;
                items::priced(&format!("{item} {piece}"), shelf)
            });
        match read {
            Some(Wish::Edits(more)) => edits.extend(more),
            Some(_) | None => missed.push(piece.to_owned()),
        }
        if let Some(rest) = leading_verb(piece) {
            verb = piece[..piece.len() - rest.len()].trim().to_owned();
        }
    }
    match (edits.is_empty(), missed.is_empty()) {
        (true, _) => None,
        (false, true) => Some(Wish::Edits(edits)),
        (false, false) if missed.len() < edits.len() + usize::from(loose) => {
            Some(Wish::Partly(edits, missed))
        }
        (false, false) => None,
    }
}

/// "innova lagi full, tandai kosong dulu": the same once more.
fn says_again(piece: &str, before: &Edit) -> bool {
    let Some(rest) = cut_prefix("mark-verbs", piece) else { return false };
    let told = cut_end("stock-tail", rest);
    matches!(before, Edit::SetSoldOut { sold_out: true, .. })
        && (is_in("sold-out", &normalise(rest)) || is_in("sold-out", &normalise(told)))
}

/// "sekarang gak 24 jam lagi": the hours themselves follow.
fn no_longer_always(piece: &str) -> bool {
    let normal = normalise(piece);
    mentions("denial", &normal) && Hours::parse(piece).is_some_and(|hours| hours.always)
}

/// "hapus aja" behind an item that is out of stock: it goes.
fn taken_out(piece: &str, before: &Edit) -> Option<Edit> {
    let rest = cut_prefix("remove-verbs", piece)?;
    let bare = normalise(rest);
    let points = bare.is_empty() || bare.split(' ').all(|word| is_in("it-words", word));
    match before {
        Edit::SetSoldOut { item, .. } if points => Some(Edit::RemoveItem { item: item.clone() }),
        _ => None,
    }
}

/// Pieces between line breaks, commas and words that join clauses.
fn pieces(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for piece in segments::split(text, false) {
        let mut rest = piece.as_str();
        for _ in 0..MAX_EDITS {
            match split_at_word("clause-words", rest) {
                Some((before, after)) if !before.is_empty() => {
                    all.push(before.to_owned());
                    rest = after;
                }
                Some(_) | None => break,
            }
        }
        all.push(rest.to_owned());
    }
    with_hours_joined(all)
}

/// "senin-jumat 8-5, sabtu 8-12, minggu tutup" are hours of one week, not three changes.
fn with_hours_joined(pieces: Vec<String>) -> Vec<String> {
    let mut joined: Vec<String> = Vec::new();
    for piece in pieces {
        let first = normalise(&piece).split(' ').next().unwrap_or("").to_owned();
        let goes_on = is_in("days", &first) || is_in("hours-more", &first);
        match joined.last_mut() {
            Some(last) if goes_on && Hours::parse(last).is_some() => {
                last.push_str(", ");
                last.push_str(&piece);
            }
            Some(_) | None => joined.push(piece),
        }
    }
    joined
}

/// Words for what is done to something, said behind it, and the verb that says the same before it.
const PASSIVES: [(&str, &str); 3] =
    [("passive-remove", "hapus"), ("passive-hide", "sembunyikan"), ("passive-show", "tampilkan")];

/// "es teh manis dihapus" as "hapus es teh manis".
fn active(text: &str) -> Option<String> {
    PASSIVES.into_iter().find_map(|(list, verb)| {
        let (before, after) = split_at_word(list, text)?;
        Some(format!("{verb} {before} {after}").trim_end().to_owned())
    })
}

/// What follows a word for adding, removing, hiding or showing.
fn leading_verb(piece: &str) -> Option<&str> {
    ["add-verbs", "remove-verbs", "hide-verbs", "show-verbs"]
        .into_iter()
        .find_map(|verbs| cut_prefix(verbs, piece))
}

fn read_one(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    if let Some(active) = active(text) {
        return read_active(&active, shelf);
    }
    read_active(text, shelf)
}

fn read_active(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    if let Some(wish) = items::removed_behind(text, shelf) {
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
    items::replaced(text, shelf)
        .or_else(|| items::renamed(text, shelf))
        .or_else(|| looks::language(text))
        .or_else(|| sections::locked(text))
        .or_else(|| sections::moved(text))
        .or_else(|| items::moved(text, shelf))
        .or_else(|| sections::restored(text, shelf))
        .or_else(|| items::dropped(text, shelf))
        .or_else(|| items::stock(text, shelf))
        .or_else(|| sections::shown(text))
        .or_else(|| removed(text, shelf))
        .or_else(|| looks::rewritten(text))
        .or_else(|| looks::look(text))
        .or_else(|| changed(text, shelf))
        .or_else(|| stated(text, shelf))
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
        return field_change(field, value, &NOTHING);
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

/// Begins with a word for changing.
fn changed(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    let rest = cut_prefix("verbs", text)?;
    if let Some(change) = change::read(text) {
        return match change.field {
            Some(field) => field_change(field, change.value, shelf),
            None => Some(Wish::Something),
        };
    }
    stated(rest, shelf).or_else(|| colour(rest)).or(Some(Wish::Something))
}

/// Says how something is, without a word for changing.
fn stated(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    if let Some((field, value)) = field_at_front(text) {
        let value = cut_all("connectors", cut_prefix("verbs", value).unwrap_or(value));
        let said = !value.is_empty() || matches!(field, Field::Price);
        let told = match field {
            Field::Name | Field::Address | Field::Colour | Field::Heading | Field::Subdomain => {
                said
            }
            Field::Phone => value.chars().any(|c| c.is_ascii_digit()),
            Field::Hours => hours::told(value).is_some(),
            Field::Price | Field::Style => said,
            Field::Items => {
                !sitespark_core::brief::parse_items(value).is_empty() && price_of(value).is_some()
            }
            Field::Trade | Field::Audience | Field::Features | Field::Contact => false,
        };
        if told {
            return field_change(field, value, shelf);
        }
    }
    bare(text, shelf)
}

/// A value alone: a priced item, a number, hours, a link, an address.
fn bare(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    if let Some(wish) = hours::stated(text).or_else(|| items::priced(text, shelf)) {
        return Some(wish);
    }
    let found = gather::gather(text, None);
    let mut edits = Vec::new();
    if let Some(phone) = &found.phone {
        edits.push(Edit::SetPhone { phone: Some(phone.as_e164().to_owned()) });
    }
    edits.extend(found.links.iter().map(|link| Edit::PutLink { link: convert::link(link) }));
    if let Some(change) = &found.hours_change {
        edits.push(Edit::ChangeHours { change: convert::hours_change(change) });
    } else if let Some(hours) = &found.hours {
        edits.push(Edit::SetHours { hours: Some(convert::hours(hours)) });
    }
    if found.address.is_some() {
        let bounded = |text: &String| text.chars().take(MAX_ADDRESS_CHARS).collect();
        let address = found.address.as_ref().map(bounded);
        edits.push(Edit::SetAddress { address, city: found.city.clone() });
    }
    let counts = text.chars().any(|c| c.is_ascii_digit()) || shelf.is_named_in(&normalise(text));
    if let (Some(colour), true) = (found.style.colour, found.trade.is_none() && !counts) {
        edits.push(Edit::Recolour { colour: convert::colour(colour) });
    }
    let email = found.email.as_ref().map(Email::as_str).map(str::to_owned);
    edits.extend(email.map(|email| Edit::SetEmail { email: Some(email) }));
    match (edits.is_empty(), found.phone_error) {
        (false, _) => Some(Wish::Edits(edits)),
        (true, Some(error)) => Some(Wish::BadPhone(error)),
        (true, None) if found.style.tone.is_some() && mentions("tone-wish", &normalise(text)) => {
            let tone = found.style.tone.map(|tone| tone.slug().to_owned());
            Some(one(Edit::Retheme { tone }))
        }
        (true, None) => None,
    }
}

fn field_change(field: Field, value: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    if value.is_empty() && field == Field::Style {
        return Some(one(Edit::Retheme { tone: None }));
    }
    if value.is_empty() {
        return Some(slot_of(field).map_or(Wish::Something, Wish::Ask));
    }
    match field {
        Field::Name => Some(
            clean_name(value).map_or(Wish::Ask(Slot::Name), |name| one(Edit::SetName { name })),
        ),
        Field::Phone => Some(phone(value)),
        Field::Address => Some(address(value)),
        Field::Hours => hours::told(value).or(Some(Wish::Ask(Slot::Hours))),
        Field::Colour => colour(value).or(Some(Wish::Ask(Slot::Colour))),
        Field::Style => colour(value).or_else(|| {
            let tone = sitespark_core::brief::Tone::parse(value);
            Some(one(Edit::Retheme { tone: tone.map(|tone| tone.slug().to_owned()) }))
        }),
        Field::Heading => heading(value),
        Field::Subdomain => Some(Wish::Rename(value.to_owned())),
        Field::Price | Field::Items => {
            let named = cut_all("item-nouns", value);
            items::priced(named, shelf).or_else(|| {
                Some(match shelf.sure(named) {
                    Some(item) => Wish::Ask(Slot::Price { item: Some(item.to_owned()) }),
                    None => Wish::NoItem(short(named)),
                })
            })
        }
        Field::Trade => Some(trade(value)),
        Field::Audience | Field::Features | Field::Contact => Some(Wish::Something),
    }
}

fn trade(value: &str) -> Wish {
    match Trade::parse(value) {
        Some(trade) => one(Edit::SetTrade {
            trade: trade.slug().to_owned(),
            said: value.trim().chars().take(MAX_TRADE_CHARS).collect(),
        }),
        None => Wish::Something,
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
    let text = text.strip_prefix("di ").unwrap_or(text);
    if Phone::find(text).is_some_and(|(_, range)| range.len() == text.len()) {
        return phone(text);
    }
    let last = text.rsplit(',').next().unwrap_or("").trim();
    let city = is_in("cities", &normalise(last)).then(|| title_case(last));
    let city = city.or_else(|| gather::city_in(text));
    let address = text.chars().take(MAX_ADDRESS_CHARS).collect();
    one(Edit::SetAddress { address: Some(address), city })
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
    let edits: Vec<Edit> = sitespark_core::brief::parse_items(text)
        .iter()
        .filter(|item| unpriced || item.price.is_some())
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
