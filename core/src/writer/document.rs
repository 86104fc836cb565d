//! From facts and words to a document.

use std::collections::BTreeMap;

use crate::brief::{Brief, Certificate, Contact, Hours, Item, Photo, Rgb, spelled_place};
use crate::site::document::{
    Business, Design, Document, DocumentCertificate, DocumentHours, DocumentItem, DocumentLink,
    DocumentPhoto, DocumentSpan, Meta, Page, SCHEMA, Section, SectionKind, SectionStyle, Words,
};

use super::phrases::{Slots, Voice, render};
use super::{Plan, slots, write};

/// Longest caption that is shown as a photo's alternative text.
const MAX_ALT_CHARS: usize = 120;

/// A document of a brief's facts and the given words; a planned section without words gets the
/// built-in writer's. Section ids are the kinds' slugs.
pub fn assemble(
    brief: &Brief,
    plan: &Plan,
    words: &BTreeMap<SectionKind, Words>,
    meta: Meta,
    design: Design,
    variants: impl Fn(SectionKind) -> String,
) -> Document {
    let section = |kind: &SectionKind| Section {
        id: kind.slug().to_owned(),
        kind: *kind,
        variant: variants(*kind),
        words: words.get(kind).cloned().unwrap_or_else(|| write(brief, plan, *kind, design.seed)),
        hidden: false,
        locked: false,
        style: SectionStyle::default(),
    };
    let sections = plan.sections.iter().map(section).collect();
    let title = slots::language_words(brief.language).home.clone();
    let document = Document {
        schema: SCHEMA,
        language: brief.language.tag().to_owned(),
        business: business(brief, plan),
        meta,
        design,
        pages: vec![Page { slug: String::new(), title, sections }],
        translations: Vec::new(),
    };
    match brief.second_language {
        Some(language) => super::translate::with_language(document, brief, language),
        None => document,
    }
}

fn business(brief: &Brief, plan: &Plan) -> Business {
    let voice = Voice::of(plan.trade, brief.language);
    let kind = voice.own.vocab.get("kind").map_or("", String::as_str);
    let name = slots::name(brief, kind);
    let nowhere = Contact::default();
    let contact = brief.contact.as_ref().map_or(&nowhere, |answer| &answer.value);
    let links = contact.links.iter();
    Business {
        trade: plan.trade.slug().to_owned(),
        trade_said: slots::trade_said(brief, plan.trade),
        items: brief.items.iter().map(item).collect(),
        phone: contact.phone.as_ref().map(|phone| phone.as_e164().to_owned()),
        address: contact.address.as_deref().map(spelled_place),
        city: contact.city.as_deref().map(spelled_place),
        hours: contact.hours.as_ref().map(hours),
        email: contact.email.as_ref().map(|email| email.as_str().to_owned()),
        links: links
            .map(|link| DocumentLink { kind: link.kind.slug().to_owned(), url: link.url.clone() })
            .collect(),
        photos: brief
            .photos
            .iter()
            .filter(|shot| !shot.is_qris())
            .map(|shot| photo(shot, &name, voice))
            .collect(),
        time_zone: contact.time_zone.map(|zone| zone.slug().to_owned()),
        certificates: brief.certificates.iter().map(certificate).collect(),
        qris: brief.photos.iter().find(|shot| shot.is_qris()).map(|shot| photo(shot, &name, voice)),
        logo: brief.logo.as_ref().map(|shot| photo(shot, &name, voice)),
        illustration: None,
        small_illustrations: BTreeMap::default(),
        people: Vec::new(),
        testimonials: Vec::new(),
        name,
    }
}

fn item(item: &Item) -> DocumentItem {
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

fn certificate(certificate: &Certificate) -> DocumentCertificate {
    DocumentCertificate {
        kind: certificate.kind().slug().to_owned(),
        number: certificate.number().to_owned(),
    }
}

fn hours(hours: &Hours) -> DocumentHours {
    let spans = hours.spans.iter().map(|span| DocumentSpan {
        days: span.days.clone(),
        opens_min: span.opens_min,
        closes_min: span.closes_min,
    });
    DocumentHours { always: hours.always, spans: spans.collect() }
}

fn photo(photo: &Photo, name: &str, voice: Voice) -> DocumentPhoto {
    let caption = photo.caption.as_deref().map(slots::cleaned);
    let usable = caption.filter(|text| (1..=MAX_ALT_CHARS).contains(&text.chars().count()));
    let named = || render(&voice.words().photo_alt, &Slots::from([("name", name.to_owned())]));
    DocumentPhoto {
        id: photo.id.0.clone(),
        width_px: photo.width_px,
        height_px: photo.height_px,
        alt: usable.or_else(named).unwrap_or_default(),
        colour: Rgb::to_hex(photo.colour),
        focus: photo.focus.stored(),
    }
}
