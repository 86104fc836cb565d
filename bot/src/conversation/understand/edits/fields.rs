//! Facts and looks that are named, and their new values.

use sitespark_core::brief::{Email, Phone, Rgb, Trade};
use sitespark_core::site::Edit;
use sitespark_core::site::document::SectionKind;

use super::{Shelf, Wish, hours, items, one, price_of, short};
use crate::conversation::convert;
use crate::conversation::state::Slot;
use crate::conversation::understand::change::{self, field_at_front};
use crate::conversation::understand::gather;
use crate::conversation::understand::naming::{clean_name, title_case};
use crate::conversation::understand::tap::Field;
use crate::conversation::understand::words::{
    cut_all, cut_end, cut_prefix, is_in, mentions, normalise,
};

/// Longest heading, in characters.
pub(super) const MAX_HEADING_CHARS: usize = 80;

/// Longest street address, in characters.
pub(super) const MAX_ADDRESS_CHARS: usize = 200;

/// Longest words for a trade, in characters.
pub(super) const MAX_TRADE_CHARS: usize = 60;

/// Begins with a word for changing.
pub(super) fn changed(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
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
pub(super) fn stated(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
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
pub(super) fn bare(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
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

pub(super) fn field_change(field: Field, value: &str, shelf: &Shelf<'_>) -> Option<Wish> {
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

pub(super) fn trade(value: &str) -> Wish {
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

pub(super) fn phone(text: &str) -> Wish {
    match Phone::find(text).map(|(phone, _)| phone).map_or_else(|| Phone::parse(text), Ok) {
        Ok(phone) => one(Edit::SetPhone { phone: Some(phone.as_e164().to_owned()) }),
        Err(error) => Wish::BadPhone(error),
    }
}

pub(super) fn address(text: &str) -> Wish {
    let text = cut_prefix("address-label", text).unwrap_or(text).trim();
    let text =
        cut_prefix("in-place", text).or_else(|| cut_prefix("to-place", text)).unwrap_or(text);
    if Phone::find(text).is_some_and(|(_, range)| range.len() == text.len()) {
        return phone(text);
    }
    // "Jl. A 4, Tangerang ya min, kemarin lupa": an address ends where the talk begins.
    let sorry = |(_, last): &(&str, &str)| mentions("oversight", &normalise(last));
    let text = text.rsplit_once(',').filter(sorry).map_or(text, |(before, _)| before);
    let text = cut_end("name-tail", text.trim());
    let last = text.rsplit(',').next().unwrap_or("").trim();
    let city = is_in("cities", &normalise(last)).then(|| title_case(last));
    let city = city.or_else(|| gather::city_in(text));
    let address = text.chars().take(MAX_ADDRESS_CHARS).collect();
    one(Edit::SetAddress { address: Some(address), city })
}

pub(super) fn colour(text: &str) -> Option<Wish> {
    Rgb::parse_name(text).map(|colour| one(Edit::Recolour { colour: convert::colour(colour) }))
}

pub(super) fn heading(text: &str) -> Option<Wish> {
    let heading = text.trim().trim_matches(['"', '“', '”']).trim();
    let heading: String = heading.chars().take(MAX_HEADING_CHARS).collect();
    (!heading.is_empty()).then(|| one(Edit::SetHeading { section: SectionKind::Hero, heading }))
}
