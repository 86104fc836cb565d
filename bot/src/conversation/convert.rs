//! Values of a brief in the shape a document holds them.

use sitespark_core::brief::{Hours, HoursChange, Item, Link, OpenSpan, Photo, Price, Rgb, Rupiah};
use sitespark_core::site::HoursEdit;
use sitespark_core::site::document::{
    DocumentHours, DocumentItem, DocumentLink, DocumentPhoto, DocumentSpan,
};

pub(crate) fn hours(hours: &Hours) -> DocumentHours {
    DocumentHours { always: hours.always, spans: hours.spans.iter().map(span).collect() }
}

pub(crate) fn hours_change(change: &HoursChange) -> HoursEdit {
    HoursEdit {
        spans: change.spans.iter().map(span).collect(),
        closed: change.closed.clone(),
        usual: change.usual.clone(),
        breaks: change.breaks.iter().map(span).collect(),
        opens_min: change.opens_min,
        closes_min: change.closes_min,
        days: change.days.clone(),
    }
}

fn span(span: &OpenSpan) -> DocumentSpan {
    DocumentSpan { days: span.days.clone(), opens_min: span.opens_min, closes_min: span.closes_min }
}

pub(crate) fn item(item: &Item) -> DocumentItem {
    let price = item.price.as_ref();
    DocumentItem {
        name: item.name.clone(),
        price_rupiah: price.map(|price| price.from.0),
        price_to_rupiah: price.and_then(|price| price.to).map(|to| to.0),
        price_starts: price.is_some_and(|price| price.starts),
        unit: price.and_then(|price| price.unit.clone()),
        note: item.note.clone(),
        photo: item.photo.as_ref().map(|photo| photo.0.clone()),
        sold_out: false,
    }
}

/// The same the other way round.
pub(crate) fn told_item(item: &DocumentItem) -> Item {
    let price = item.price_rupiah.map(|from| Price {
        from: Rupiah(from),
        to: item.price_to_rupiah.map(Rupiah),
        unit: item.unit.clone(),
        starts: item.price_starts && item.price_to_rupiah.is_none(),
    });
    Item { name: item.name.clone(), price, note: item.note.clone(), photo: None }
}

pub(crate) fn link(link: &Link) -> DocumentLink {
    DocumentLink { kind: link.kind.slug().to_owned(), url: link.url.clone() }
}

/// `alt` describes the photo when its owner did not.
pub(crate) fn photo(photo: &Photo, alt: &str) -> DocumentPhoto {
    DocumentPhoto {
        id: photo.id.0.clone(),
        width_px: photo.width_px,
        height_px: photo.height_px,
        alt: photo.caption.clone().unwrap_or_else(|| alt.to_owned()),
        colour: colour(photo.colour),
        focus: photo.focus.stored(),
    }
}

pub(crate) fn colour(colour: Rgb) -> String {
    format!("#{:02x}{:02x}{:02x}", colour.r, colour.g, colour.b)
}

pub(crate) fn price(text: &str) -> Option<Price> {
    Price::parse(text.trim().trim_end_matches(['.', '!', '?']))
}
