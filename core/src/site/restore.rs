//! What changed between two documents, and one part of a site as it was before.

use super::apply::{is_meant, refresh};
use super::document::{Business, Design, Document, Page, Section, SectionKind};

/// Something about a site that a person would call one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The name on the sign.
    Name,
    /// The line of business.
    Trade,
    /// Items, their prices and what is sold out.
    Items,
    /// Phone and e-mail.
    Contact,
    /// Pages elsewhere.
    Links,
    /// Street address and town.
    Address,
    /// Opening hours.
    Hours,
    /// Photos.
    Photos,
    /// The logo.
    Logo,
    /// Who works here.
    People,
    /// What customers said.
    Testimonials,
    /// The main colour.
    Colour,
    /// The theme.
    Theme,
    /// The language.
    Language,
    /// What search results show.
    Meta,
    /// The order of sections.
    Order,
    /// A section's words, its presence or its lock.
    Section(SectionKind),
}

/// What is not the same in two documents, in the order of the page.
pub fn changed_parts(before: &Document, after: &Document) -> Vec<Part> {
    let (old, new) = (&before.business, &after.business);
    let uncoloured = Design { colour: before.design.colour.clone(), ..after.design.clone() };
    let facts = [
        (Part::Name, old.name != new.name),
        (Part::Trade, old.trade != new.trade || old.trade_said != new.trade_said),
        (Part::Items, old.items != new.items),
        (Part::Contact, old.phone != new.phone || old.email != new.email),
        (Part::Links, old.links != new.links),
        (Part::Address, old.address != new.address || old.city != new.city),
        (Part::Hours, old.hours != new.hours),
        (Part::Photos, old.photos != new.photos),
        (Part::Logo, old.logo != new.logo),
        (Part::People, old.people != new.people),
        (Part::Testimonials, old.testimonials != new.testimonials),
        (Part::Colour, before.design.colour != after.design.colour),
        (Part::Theme, before.design != uncoloured),
        (Part::Language, before.language != after.language),
        (Part::Meta, before.meta != after.meta),
        (Part::Order, kinds(before) != kinds(after) && sorted(before) == sorted(after)),
    ];
    let sections =
        SectionKind::ALL.into_iter().filter(|kind| said(before, *kind) != said(after, *kind));
    let facts = facts.into_iter().filter(|(_, changed)| *changed).map(|(part, _)| part);
    facts.chain(sections.map(Part::Section)).collect()
}

/// Whether a visitor finds the same in a family of sections: its words, and the facts it shows.
pub fn is_same_part(one: &Document, other: &Document, kind: SectionKind) -> bool {
    said(one, kind) == said(other, kind) && shows_the_same(&one.business, &other.business, kind)
}

/// The document with one family of sections, and the facts it shows, as they were in an older one.
/// Every other section stays as it is, but for sentences that tell a fact which is another now.
pub fn restore_section(now: &Document, then: &Document, kind: SectionKind) -> Document {
    let mut restored = now.clone();
    for page in &mut restored.pages {
        if let Some(old) = then.pages.iter().find(|old| old.slug == page.slug) {
            restore_on(page, old, kind);
        }
    }
    restore_facts(&mut restored.business, &then.business, kind);
    refresh(now, &mut restored);
    restored
}

fn restore_on(page: &mut Page, old: &Page, kind: SectionKind) {
    page.sections.retain(|section| !is_meant(section, kind));
    for (at, section) in old.sections.iter().enumerate().filter(|(_, one)| is_meant(one, kind)) {
        let above = old.sections[..at].iter().rev();
        let below = above
            .filter_map(|one| page.sections.iter().position(|other| other.id == one.id))
            .next()
            .map_or(0, |found| found + 1);
        page.sections.insert(below, section.clone());
    }
}

fn restore_facts(now: &mut Business, then: &Business, kind: SectionKind) {
    match kind {
        SectionKind::Catalogue | SectionKind::Prices => now.items.clone_from(&then.items),
        SectionKind::Team => now.people.clone_from(&then.people),
        SectionKind::Testimonials => now.testimonials.clone_from(&then.testimonials),
        SectionKind::Gallery => now.photos.clone_from(&then.photos),
        SectionKind::Visit => {
            now.hours.clone_from(&then.hours);
            now.address.clone_from(&then.address);
            now.city.clone_from(&then.city);
        }
        SectionKind::Contact => {
            now.phone.clone_from(&then.phone);
            now.email.clone_from(&then.email);
            now.links.clone_from(&then.links);
        }
        SectionKind::Hero | SectionKind::Features | SectionKind::About | SectionKind::Steps => {}
        SectionKind::Faq | SectionKind::Cta => {}
    }
}

/// Whether two businesses show the same in a family.
fn shows_the_same(one: &Business, other: &Business, kind: SectionKind) -> bool {
    match kind {
        SectionKind::Catalogue | SectionKind::Prices => one.items == other.items,
        SectionKind::Gallery => one.photos == other.photos,
        SectionKind::Visit => {
            one.hours == other.hours && one.address == other.address && one.city == other.city
        }
        SectionKind::Contact => {
            one.phone == other.phone && one.email == other.email && one.links == other.links
        }
        SectionKind::Team => one.people == other.people,
        SectionKind::Testimonials => one.testimonials == other.testimonials,
        SectionKind::Hero | SectionKind::Features | SectionKind::About | SectionKind::Steps => true,
        SectionKind::Faq | SectionKind::Cta => true,
    }
}

fn sections(document: &Document) -> impl Iterator<Item = &Section> {
    document.pages.iter().flat_map(|page| &page.sections)
}

/// A family's sections but for their looks.
fn said(document: &Document, kind: SectionKind) -> Vec<Section> {
    let plain = |section: &Section| Section { variant: String::new(), ..section.clone() };
    sections(document).filter(|section| is_meant(section, kind)).map(plain).collect()
}

fn kinds(document: &Document) -> Vec<SectionKind> {
    sections(document).map(|section| section.kind).collect()
}

fn sorted(document: &Document) -> Vec<SectionKind> {
    let mut kinds = kinds(document);
    kinds.sort();
    kinds
}
