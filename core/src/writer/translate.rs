//! A site in a second language, from the same facts: its words are the built-in writer's.
//!
//! What owners said themselves stays as they said it; what they called their trade and their guests is
//! left to the other language's own words.

use crate::brief::{
    Answer, Brief, Contact, Email, Focus, Hours, Item, Language, Link, OpenSpan, Phone, Photo,
    PhotoId, Price, Rgb, Rupiah, TimeZone, Trade,
};
use crate::site::document::{Business, Document, DocumentHours, DocumentItem, Translation};
use crate::site::{translated, translation_of};

use super::{Plan, meta, plan, slots, write};

/// Gives every language of a document that has no words yet the built-in writer's.
pub fn fill_languages(document: &mut Document) {
    let empty = |one: &Translation| one.meta.is_none() && one.words.is_empty();
    if !document.translations.iter().any(empty) {
        return;
    }
    let brief = brief_of(document);
    let source = document.clone();
    for translation in document.translations.iter_mut().filter(|one| empty(one)) {
        if let Some(language) = Language::from_tag(&translation.language) {
            *translation = written(&source, &brief, language);
        }
    }
}

/// A document with its words in one more language; its own is no other.
pub(super) fn with_language(mut document: Document, brief: &Brief, language: Language) -> Document {
    if language.tag() != document.language {
        let translation = written(&document, brief, language);
        document.translations.push(translation);
    }
    document
}

fn written(document: &Document, brief: &Brief, language: Language) -> Translation {
    let mut spoken = Brief { language, audience: None, ..brief.clone() };
    if let Some(trade) = &mut spoken.trade {
        trade.said.clear();
    }
    let plan: Plan = plan(&spoken);
    let seed = document.design.seed;
    let mut other = translated(
        document,
        &Translation { language: language.tag().to_owned(), ..Translation::default() },
    );
    other.meta = meta(&spoken, &plan, seed);
    for page in &mut other.pages {
        if page.slug.is_empty() {
            page.title.clone_from(&slots::language_words(language).home);
        }
        for section in &mut page.sections {
            section.words = write(&spoken, &plan, section.kind, seed);
        }
    }
    translation_of(&other)
}

/// The facts of a document as an owner would have told them.
fn brief_of(document: &Document) -> Brief {
    let business = &document.business;
    let photo = |photo: &crate::site::document::DocumentPhoto| {
        Some(Photo {
            id: PhotoId(photo.id.clone()),
            width_px: photo.width_px,
            height_px: photo.height_px,
            caption: None,
            colour: Rgb::from_hex(&photo.colour)?,
            focus: Focus::default(),
        })
    };
    let trade = Trade::from_slug(&business.trade).unwrap_or(Trade::Other);
    Brief {
        language: Language::from_tag(&document.language).unwrap_or_default(),
        trade: Some(Answer::new(trade, business.trade_said.clone())),
        name: Some(Answer::new(business.name.clone(), business.name.clone())),
        items: business.items.iter().map(item).collect(),
        contact: Some(Answer::new(contact(business), String::new())),
        photos: business.photos.iter().filter_map(photo).collect(),
        ..Brief::default()
    }
}

fn contact(business: &Business) -> Contact {
    Contact {
        phone: business.phone.as_deref().and_then(|phone| Phone::parse(phone).ok()),
        address: business.address.clone(),
        city: business.city.clone(),
        hours: business.hours.as_ref().map(hours),
        time_zone: business.time_zone.as_deref().and_then(TimeZone::from_slug),
        email: business.email.as_deref().and_then(Email::parse),
        links: business.links.iter().filter_map(|link| Link::of_url(&link.url)).collect(),
    }
}

fn hours(hours: &DocumentHours) -> Hours {
    let spans = hours.spans.iter().map(|span| OpenSpan {
        days: span.days.clone(),
        opens_min: span.opens_min,
        closes_min: span.closes_min,
    });
    Hours { always: hours.always, spans: spans.collect() }
}

fn item(item: &DocumentItem) -> Item {
    let price = item.price_rupiah.map(|from| Price {
        from: Rupiah(from),
        to: item.price_to_rupiah.map(Rupiah),
        unit: item.unit.clone(),
        starts: item.price_starts,
    });
    Item { name: item.name.clone(), price, note: item.note.clone(), photo: None }
}
