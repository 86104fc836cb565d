//! Edits of who works here and of what customers said: only what the owner gives, nothing made up.

use super::super::compile::{language_of, theme_of};
use super::super::document::{
    Document, DocumentPerson, DocumentTestimonial, Section, SectionKind, SectionStyle, Words,
};
use super::super::labels::labels;
use super::super::theme::variants;
use super::sections::free_id;
use super::{EditError, ensure, key};

pub(super) const PEOPLE_AT_MOST: usize = 24;
pub(super) const TESTIMONIALS_AT_MOST: usize = 24;
const PERSON_CHARS: std::ops::RangeInclusive<usize> = 2..=60;
const SAID_CHARS: std::ops::RangeInclusive<usize> = 3..=600;

/// Puts a person in; one of the same name is replaced.
pub(super) fn put_person(
    document: &mut Document,
    person: &DocumentPerson,
) -> Result<(), EditError> {
    let sound = PERSON_CHARS.contains(&person.name.trim().chars().count())
        && person.role.chars().count() <= *PERSON_CHARS.end();
    ensure(sound, "the name is not 2 to 60 characters")?;
    let people = &mut document.business.people;
    match people.iter_mut().find(|one| key(&one.name) == key(&person.name)) {
        Some(one) => one.clone_from(person),
        None => {
            ensure(people.len() < PEOPLE_AT_MOST, "there are too many people")?;
            people.push(person.clone());
        }
    }
    show(document, SectionKind::Team);
    Ok(())
}

/// Takes a person out.
pub(super) fn remove_person(document: &mut Document, name: &str) -> Result<(), EditError> {
    let people = &mut document.business.people;
    let before = people.len();
    people.retain(|one| key(&one.name) != key(name));
    if people.len() < before { Ok(()) } else { Err(EditError::NotFound(name.to_owned())) }
}

/// Puts a customer's words in; the same words are replaced.
pub(super) fn put_testimonial(
    document: &mut Document,
    said: &DocumentTestimonial,
) -> Result<(), EditError> {
    let sound = SAID_CHARS.contains(&said.text.trim().chars().count())
        && said.author.chars().count() <= *PERSON_CHARS.end();
    ensure(sound, "the words are not 3 to 600 characters")?;
    let testimonials = &mut document.business.testimonials;
    match testimonials.iter_mut().find(|one| key(&one.text) == key(&said.text)) {
        Some(one) => one.clone_from(said),
        None => {
            let room = testimonials.len() < TESTIMONIALS_AT_MOST;
            ensure(room, "there are too many testimonials")?;
            testimonials.push(said.clone());
        }
    }
    show(document, SectionKind::Testimonials);
    Ok(())
}

/// Takes out the words that begin so, or those of an author of that name.
pub(super) fn remove_testimonial(document: &mut Document, text: &str) -> Result<(), EditError> {
    let testimonials = &mut document.business.testimonials;
    let wanted = key(text);
    let before = testimonials.len();
    let meant = |one: &DocumentTestimonial| {
        !wanted.is_empty() && (key(&one.text).starts_with(&wanted) || key(&one.author) == wanted)
    };
    testimonials.retain(|one| !meant(one));
    if testimonials.len() < before { Ok(()) } else { Err(EditError::NotFound(text.to_owned())) }
}

/// Another look for a family: a variant of it, a style, or both.
pub(super) fn set_look(
    document: &mut Document,
    kind: SectionKind,
    variant: Option<&str>,
    style: Option<SectionStyle>,
) -> Result<(), EditError> {
    let known = variant.is_none_or(|variant| variants(kind).contains(&variant));
    ensure(known, "the variant is not one of its family")?;
    let sections = document.pages.iter_mut().flat_map(|page| &mut page.sections);
    let mut found = false;
    for section in sections.filter(|section| section.kind == kind) {
        if let Some(variant) = variant {
            variant.clone_into(&mut section.variant);
        }
        section.style = style.unwrap_or(section.style);
        found = true;
    }
    if found { Ok(()) } else { Err(EditError::NotFound(kind.slug().to_owned())) }
}

/// Shows a family; a site without it gets it before its last invitation, else at the end.
fn show(document: &mut Document, kind: SectionKind) {
    let mut sections = document.pages.iter_mut().flat_map(|page| &mut page.sections);
    if let Some(section) = sections.find(|one| one.kind == kind) {
        section.hidden = false;
        return;
    }
    drop(sections);
    let trade = document.business.trade.clone();
    let heading = labels(language_of(document)).section(kind, &trade).to_owned();
    let variant = theme_of(document).variant_for(kind, document.design.seed).to_owned();
    let id = free_id(document, kind);
    let Some(home) = document.pages.first_mut() else { return };
    let last = |kind| home.sections.iter().position(|one: &Section| one.kind == kind);
    let at = last(SectionKind::Cta).or_else(|| last(SectionKind::Contact));
    let words = Words { heading, ..Words::default() };
    let style = SectionStyle::default();
    let section = Section { id, kind, variant, words, hidden: false, style, locked: false };
    home.sections.insert(at.unwrap_or(home.sections.len()), section);
}
