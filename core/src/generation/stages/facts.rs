//! What a model is shown of a brief: enough to write from, and nothing by which anyone could be
//! reached.

use serde_json::{Value, json};

use super::text;
use crate::brief::{Brief, Item, Price, Tone, Trade};

/// Most items shown to a model.
const MAX_ITEMS: usize = 40;
/// Most notes shown to a model.
const MAX_NOTES: usize = 20;
/// Most characters of one text shown to a model.
const MAX_TEXT_CHARS: usize = 240;

/// The owner's words for the data block.
pub(super) fn of(brief: &Brief) -> Value {
    let contact = brief.contact.as_ref().map(|answer| &answer.value);
    let features: Vec<_> = brief
        .features
        .iter()
        .flat_map(|answer| answer.value.iter().map(|feature| feature.slug()))
        .collect();
    let photos: Vec<_> =
        brief.photos.iter().filter_map(|photo| photo.caption.as_deref()).map(shown).collect();
    json!({
        "language": brief.language.tag(),
        "name": name(brief),
        "trade": trade(brief).slug(),
        "trade_said": brief.trade.as_ref().map(|answer| shown(&answer.said)).unwrap_or_default(),
        "audience": brief.audience.as_ref().map(|answer| shown(&answer.value)).unwrap_or_default(),
        "wanted": features,
        "items": brief.items.iter().take(MAX_ITEMS).map(item).collect::<Vec<_>>(),
        "notes": brief.notes.iter().take(MAX_NOTES).map(|note| shown(note)).collect::<Vec<_>>(),
        "town": contact.and_then(|contact| contact.city.as_deref()).map(shown).unwrap_or_default(),
        "has_whatsapp_or_phone": contact.is_some_and(|contact| contact.phone.is_some()),
        "has_address": contact.is_some_and(|contact| contact.address.is_some()),
        "has_opening_hours": contact.is_some_and(|contact| contact.hours.is_some()),
        "photos": brief.photos.len(),
        "photo_captions": photos,
    })
}

/// The name of the business; empty when it was not told.
pub(super) fn name(brief: &Brief) -> String {
    brief.name.as_ref().map(|answer| text::even(&answer.value)).unwrap_or_default()
}

/// The trade as told.
pub(super) fn trade(brief: &Brief) -> Trade {
    brief.trade.as_ref().map_or(Trade::Other, |answer| answer.value)
}

/// The tone as told.
pub(super) fn tone(brief: &Brief) -> Option<Tone> {
    brief.style.as_ref().and_then(|answer| answer.value.tone)
}

fn shown(said: &str) -> String {
    text::cut(&text::without_contacts(said), MAX_TEXT_CHARS)
}

fn item(item: &Item) -> Value {
    json!({
        "name": shown(&item.name),
        "price": item.price.as_ref().map(price),
        "note": item.note.as_deref().map(shown),
    })
}

fn price(price: &Price) -> String {
    let to = price.to.map(|to| format!(" - {to}")).unwrap_or_default();
    let unit = price.unit.as_deref().map(|unit| format!("/{unit}")).unwrap_or_default();
    format!("{}{to}{unit}", price.from)
}
