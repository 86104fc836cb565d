//! A live site written again: its facts as a brief, and other words for its sections.

use std::collections::BTreeSet;

use super::{Plan, meta, write};
use crate::brief::{
    Answer, Brief, Contact, Email, Feature, Focus, Hours, Item, Language, Link, LinkKind, OpenSpan,
    Phone, Photo, PhotoId, Price, Rgb, Rupiah, TimeZone, Trade,
};
use crate::site::Edit;
use crate::site::document::{
    Business, Document, DocumentHours, DocumentItem, DocumentPhoto, Section, SectionKind,
};

/// Voices tried before a section keeps its words.
const MOST_VOICES: u32 = 12;

/// What a site claims, as a brief. `told` is what its owner once said; of it only what a document
/// does not hold is taken: for whom, and the sentences about the business.
pub fn brief_of(document: &Document, told: Option<&Brief>) -> Brief {
    let business = &document.business;
    let trade = Trade::from_slug(&business.trade).unwrap_or(Trade::Other);
    Brief {
        language: Language::from_tag(&document.language).unwrap_or_default(),
        trade: Some(Answer::new(trade, business.trade_said.clone())),
        name: Some(Answer::new(business.name.clone(), business.name.clone())),
        audience: told.and_then(|told| told.audience.clone()),
        features: Some(Answer::new(features(document), "")),
        items: business.items.iter().map(item).collect(),
        style: told.and_then(|told| told.style.clone()),
        contact: Some(Answer::new(contact(business), "")),
        notes: told.map(|told| told.notes.clone()).unwrap_or_default(),
        photos: business.photos.iter().filter_map(photo).collect(),
        ..Brief::default()
    }
}

/// Other words for every section that is open, or for one family: the built-in writer in another
/// of its voices. `turn` says which comes next.
pub fn other_voice(
    document: &Document,
    told: Option<&Brief>,
    only: Option<SectionKind>,
    turn: u32,
) -> Vec<Edit> {
    let brief = brief_of(document, told);
    let plan = plan_of(document);
    let first = document.design.seed.wrapping_add(turn);
    open_sections(document, only)
        .into_iter()
        .filter_map(|section| {
            let words = (0..MOST_VOICES)
                .map(|step| write(&brief, &plan, section.kind, first.wrapping_add(step)))
                .find(|words| *words != section.words && !words.heading.is_empty())?;
            Some(Edit::SetWords { section: section.kind, words })
        })
        .collect()
}

/// The whole site in another language: labels, menu, and every open section in the built-in
/// writer's words. What the owner wrote about items stays as it is.
pub fn translated(document: &Document, told: Option<&Brief>, language: Language) -> Vec<Edit> {
    let mut target = document.clone();
    language.tag().clone_into(&mut target.language);
    let brief = brief_of(&target, told);
    let plan = plan_of(&target);
    let seed = document.design.seed;
    let words = open_sections(document, None).into_iter().map(|section| Edit::SetWords {
        section: section.kind,
        words: write(&brief, &plan, section.kind, seed),
    });
    let language = Edit::SetLanguage { language: target.language.clone() };
    let described = Edit::SetMeta { meta: meta(&brief, &plan, seed) };
    std::iter::once(language).chain(words).chain([described]).collect()
}

/// Fills in the words of sections that are to be added without any.
pub fn with_words(document: &Document, told: Option<&Brief>, edits: &[Edit]) -> Vec<Edit> {
    let fill = |edit: &Edit| match edit {
        Edit::AddSection { section, words: None } => {
            let brief = brief_of(document, told);
            let words = write(&brief, &plan_of(document), *section, document.design.seed);
            Edit::AddSection { section: *section, words: Some(words) }
        }
        other => other.clone(),
    };
    edits.iter().map(fill).collect()
}

/// The first section of each family whose words may change.
pub fn open_sections(document: &Document, only: Option<SectionKind>) -> Vec<&Section> {
    let mut seen = BTreeSet::new();
    let sections = document.pages.iter().flat_map(|page| &page.sections);
    let wanted = |section: &&Section| only.is_none_or(|kind| kind == section.kind);
    sections.filter(wanted).filter(|one| seen.insert(one.kind)).filter(|one| !one.locked).collect()
}

fn plan_of(document: &Document) -> Plan {
    let trade = Trade::from_slug(&document.business.trade).unwrap_or(Trade::Other);
    let sections = document.pages.iter().flat_map(|page| &page.sections);
    Plan { trade, sections: sections.map(|section| section.kind).collect() }
}

/// What the sections of a site say that their owner wanted.
fn features(document: &Document) -> BTreeSet<Feature> {
    let has = |kind| {
        document.pages.iter().flat_map(|page| &page.sections).any(|section| section.kind == kind)
    };
    let features = [
        (SectionKind::Catalogue, Feature::Catalogue),
        (SectionKind::Gallery, Feature::Gallery),
        (SectionKind::Steps, Feature::Order),
        (SectionKind::Visit, Feature::Visit),
        (SectionKind::About, Feature::About),
        (SectionKind::Faq, Feature::Faq),
    ];
    features.into_iter().filter(|(kind, _)| has(*kind)).map(|(_, feature)| feature).collect()
}

fn item(item: &DocumentItem) -> Item {
    let price = item.price_rupiah.map(|from| Price {
        from: Rupiah(from),
        to: item.price_to_rupiah.map(Rupiah),
        unit: item.unit.clone(),
        starts: item.price_starts,
    });
    let photo = item.photo.clone().map(PhotoId);
    Item { name: item.name.clone(), price, note: item.note.clone(), photo }
}

fn contact(business: &Business) -> Contact {
    let links = business.links.iter().filter_map(|link| {
        let kind = LinkKind::from_slug(&link.kind)?;
        Some(Link { kind, url: link.url.clone() })
    });
    Contact {
        phone: business.phone.as_deref().and_then(|phone| Phone::parse(phone).ok()),
        address: business.address.clone(),
        city: business.city.clone(),
        hours: business.hours.as_ref().map(hours),
        email: business.email.as_deref().and_then(Email::parse),
        links: links.collect(),
        time_zone: business.time_zone.as_deref().and_then(TimeZone::from_slug),
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

fn photo(photo: &DocumentPhoto) -> Option<Photo> {
    Some(Photo {
        id: PhotoId(photo.id.clone()),
        width_px: photo.width_px,
        height_px: photo.height_px,
        caption: None,
        colour: Rgb::from_hex(&photo.colour)?,
        focus: Focus::from_stored(photo.focus),
    })
}
