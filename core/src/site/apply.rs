//! Applies typed edits to a document: pure, all of them or none.

mod bounds;
mod hours;
mod items;
mod looks;
mod people;
mod photos;
mod sections;
mod stale;
mod words;

use super::document::{
    Document, DocumentCertificate, DocumentItem, DocumentLink, DocumentPhoto, Section, SectionKind,
    Translation,
};
use super::edit::{Edit, EditError};
use super::languages;
use super::palette::parse_hex;
use super::shop::{is_e164, is_photo};
use super::theme::theme;
use crate::brief::{Certificate, CertificateKind, Email, Language, Link, TimeZone, spelled_place};

const NAME_CHARS: std::ops::RangeInclusive<usize> = 2..=60;
const HEADING_CHARS_AT_MOST: usize = 80;
const ITEM_CHARS_AT_MOST: usize = 80;
const ITEMS_AT_MOST: usize = 200;
const PHOTOS_AT_MOST: usize = 40;
const LINKS_AT_MOST: usize = 12;
const CERTIFICATES_AT_MOST: usize = 8;
const RUPIAH_AT_MOST: i64 = 1_000_000_000_000;

pub use bounds::check_bounds;
pub(super) use stale::refresh;

/// The document after all edits, in order; the first that cannot be applied refuses them all. Words
/// in other languages follow; a language that is new has none yet.
pub fn apply(document: &Document, edits: &[Edit]) -> Result<Document, EditError> {
    let mut changed = applied(document, edits)?;
    for translation in &mut changed.translations {
        let told = translation.meta.is_some() || !translation.words.is_empty();
        if told && document.translations.contains(translation) {
            let before = languages::translated(document, translation);
            let own: Vec<Edit> = edits.iter().filter(|edit| !is_written(edit)).cloned().collect();
            *translation = languages::translation_of(&applied(&before, &own)?);
        }
    }
    Ok(changed)
}

/// Words that a writer gave in the document's own language; they say nothing in another.
const fn is_written(edit: &Edit) -> bool {
    matches!(edit, Edit::SetWords { .. } | Edit::SetMeta { .. } | Edit::SetLanguage { .. })
}

fn applied(document: &Document, edits: &[Edit]) -> Result<Document, EditError> {
    let mut changed = document.clone();
    for edit in edits {
        apply_one(&mut changed, edit)?;
    }
    refresh(document, &mut changed);
    Ok(changed)
}

fn apply_one(document: &mut Document, edit: &Edit) -> Result<(), EditError> {
    let business = &mut document.business;
    match edit {
        Edit::SetName { name } => set_name(document, name),
        Edit::SetPhone { phone } => {
            if let Some(phone) = phone {
                ensure(is_e164(phone), "the phone is not in E.164")?;
            }
            business.phone.clone_from(phone);
            Ok(())
        }
        Edit::SetAddress { address, city } => {
            business.address = address.as_deref().map(spelled_place);
            business.city = city.as_deref().map(spelled_place);
            Ok(())
        }
        Edit::SetHours { hours } => hours::set(business, hours.as_ref()),
        Edit::ChangeHours { change } => hours::change(business, change),
        Edit::PutItem { item } => put_item(document, item),
        Edit::SetPrice { item, price_rupiah } => {
            ensure((0..=RUPIAH_AT_MOST).contains(price_rupiah), "the price is out of bounds")?;
            let found = find_item(document, item)?;
            found.price_rupiah = Some(*price_rupiah);
            found.price_to_rupiah = None;
            found.price_starts = false;
            Ok(())
        }
        Edit::RemoveItem { item } => {
            find_item(document, item)?;
            document.business.items.retain(|one| key(&one.name) != key(item));
            Ok(())
        }
        Edit::SetSoldOut { item, sold_out } => {
            find_item(document, item)?.sold_out = *sold_out;
            Ok(())
        }
        Edit::Recolour { colour } => {
            ensure(parse_hex(colour).is_some(), "the colour is not #rrggbb")?;
            document.design.colour.clone_from(colour);
            Ok(())
        }
        Edit::SetTheme { theme } => set_theme(document, theme),
        Edit::SetHeading { section, heading } => set_heading(document, *section, heading),
        Edit::SetHidden { section, hidden } => set_hidden(document, *section, *hidden),
        Edit::AddPhoto { photo } => add_photo(document, photo),
        Edit::SetCertificate { certificate } => set_certificate(document, certificate),
        Edit::RemoveCertificate { kind } => {
            let before = business.certificates.len();
            business.certificates.retain(|one| one.kind != *kind);
            let gone = business.certificates.len() < before;
            if gone { Ok(()) } else { Err(EditError::NotFound(kind.clone())) }
        }
        Edit::SetQris { photo } => {
            ensure(photo.iter().all(is_photo), "the picture is not well described")?;
            business.qris.clone_from(photo);
            Ok(())
        }
        Edit::SetLogo { photo } => {
            ensure(photo.iter().all(is_photo), "the logo is not well described")?;
            business.logo.clone_from(photo);
            Ok(())
        }
        Edit::SetTimeZone { zone } => {
            let known = zone.iter().all(|slug| TimeZone::from_slug(slug).is_some());
            ensure(known, "the time zone is none of Indonesia's")?;
            business.time_zone.clone_from(zone);
            Ok(())
        }
        Edit::SetLanguages { languages } => set_languages(document, languages),
        Edit::PutPerson { person } => people::put_person(document, person),
        Edit::RemovePerson { name } => people::remove_person(document, name),
        Edit::PutTestimonial { testimonial } => people::put_testimonial(document, testimonial),
        Edit::RemoveTestimonial { text } => people::remove_testimonial(document, text),
        Edit::SetLook { section, variant, style } => {
            people::set_look(document, *section, variant.as_deref(), *style)
        }
        Edit::PutLink { link } => {
            let known = Link::of_url(&link.url)
                .ok_or_else(|| EditError::Invalid("the link is not an https page".to_owned()))?;
            let link = &DocumentLink { kind: known.kind.slug().to_owned(), url: known.url };
            let links = &mut business.links;
            // Of one service there is one page; other websites may be several.
            let same = links.iter_mut().find(|one| {
                one.url == link.url || (one.kind == link.kind && link.kind != "website")
            });
            match same {
                Some(one) => one.clone_from(link),
                None => {
                    ensure(links.len() < LINKS_AT_MOST, "there are too many links")?;
                    links.push(link.clone());
                }
            }
            Ok(())
        }
        Edit::RemoveLink { kind } => {
            let before = business.links.len();
            business.links.retain(|link| link.kind != *kind);
            let found = business.links.len() < before;
            if found { Ok(()) } else { Err(EditError::NotFound(kind.clone())) }
        }
        Edit::SetEmail { email } => {
            let sound = email.as_deref().is_none_or(|email| Email::parse(email).is_some());
            ensure(sound, "the e-mail address is none")?;
            business.email.clone_from(email);
            Ok(())
        }
        Edit::SetPriceRange { item, price_rupiah, price_to_rupiah } => {
            items::set_range(document, item, *price_rupiah, *price_to_rupiah)
        }
        Edit::RenameItem { item, name } => items::rename_item(document, item, name),
        Edit::MoveItem { item, place } => items::shift(document, item, place),
        Edit::SetItemNote { item, note } => items::set_note(document, item, note.as_deref()),
        Edit::SetItemPhoto { item, photo } => items::set_photo(document, item, photo.as_ref()),
        Edit::SetTrade { trade, said } => looks::set_trade(document, trade, said),
        Edit::Retheme { tone } => looks::retheme(document, tone.as_deref()),
        Edit::SetLanguage { language } => looks::set_language(document, language),
        Edit::SetMeta { meta } => looks::set_meta(document, &meta.title, &meta.description),
        Edit::SetTitle { title } => {
            let description = document.meta.description.clone();
            looks::set_meta(document, title, &description)
        }
        Edit::SetDescription { description } => {
            let title = document.meta.title.clone();
            looks::set_meta(document, &title, description)
        }
        Edit::SetLead { section, lead } => words::set_lead(document, *section, lead),
        Edit::SetAction { section, action } => words::set_action(document, *section, action),
        Edit::SetParagraph { section, number, text } => {
            words::set_paragraph(document, *section, *number, text)
        }
        Edit::SetPoint { section, number, point } => {
            words::set_point(document, *section, *number, point)
        }
        Edit::PutPoint { section, point } => words::put_point(document, *section, point),
        Edit::RemovePoint { section, number } => words::remove_point(document, *section, *number),
        Edit::SetWords { section, words } => words::set_all(document, *section, words),
        Edit::AddSection { section, words } => sections::add(document, *section, words.as_ref()),
        Edit::RemoveSection { section } => sections::remove(document, *section),
        Edit::MoveSection { section, place } => sections::shift(document, *section, *place),
        Edit::SetLocked { section, locked } => sections::lock(document, *section, *locked),
        Edit::RemovePhoto { photo } => photos::remove(document, photo),
        Edit::SetHeroPhoto { photo } => photos::show_first(document, photo),
    }
}

/// One number of a kind; food and cosmetics may each have their BPOM.
fn set_certificate(
    document: &mut Document,
    certificate: &DocumentCertificate,
) -> Result<(), EditError> {
    let kind = CertificateKind::from_slug(&certificate.kind)
        .ok_or_else(|| EditError::NotFound(certificate.kind.clone()))?;
    let read = Certificate::parse(kind, &certificate.number)
        .map_err(|fault| EditError::Invalid(fault.to_string()))?;
    let certificates = &mut document.business.certificates;
    let told =
        DocumentCertificate { kind: kind.slug().to_owned(), number: read.number().to_owned() };
    let several = kind == CertificateKind::Bpom;
    certificates.retain(|one| one.kind != told.kind || (several && one.number != told.number));
    ensure(certificates.len() < CERTIFICATES_AT_MOST, "there are too many certificates")?;
    certificates.push(told);
    Ok(())
}

/// Languages that stay keep their words.
fn set_languages(document: &mut Document, tags: &[String]) -> Result<(), EditError> {
    let own = super::compile::language_of(document);
    let mut wanted = Vec::new();
    for tag in tags {
        let language = Language::from_tag(tag).ok_or_else(|| EditError::NotFound(tag.clone()))?;
        if language != own && !wanted.contains(&language) {
            wanted.push(language);
        }
    }
    let mut kept = std::mem::take(&mut document.translations);
    document.translations = wanted
        .into_iter()
        .map(|language| match kept.iter().position(|one| one.language == language.tag()) {
            Some(at) => kept.swap_remove(at),
            None => Translation { language: language.tag().to_owned(), ..Translation::default() },
        })
        .collect();
    Ok(())
}

fn set_name(document: &mut Document, name: &str) -> Result<(), EditError> {
    let name = name.trim();
    ensure(NAME_CHARS.contains(&name.chars().count()), "the name is not 2 to 60 characters")?;
    let old = std::mem::replace(&mut document.business.name, name.to_owned());
    rename_words(document, &old);
    Ok(())
}

/// Makes the words of `after` agree with its business where they still tell that of `before`.
pub(crate) fn retell(before: &Document, after: &mut Document) {
    rename_words(after, &before.business.name);
    stale::refresh(before, after);
}

/// The business's name in the place of an old one, in all words.
fn rename_words(document: &mut Document, old: &str) {
    let name = document.business.name.clone();
    if old.is_empty() || old == name {
        return;
    }
    let meta = &mut document.meta;
    let mut texts = vec![&mut meta.title, &mut meta.description];
    for section in document.pages.iter_mut().flat_map(|page| &mut page.sections) {
        let words = &mut section.words;
        texts.extend([&mut words.heading, &mut words.lead, &mut words.action]);
        texts.extend(&mut words.paragraphs);
        texts.extend(words.points.iter_mut().flat_map(|point| [&mut point.title, &mut point.text]));
    }
    for text in texts {
        rename(text, old, &name);
    }
    document.meta.title = super::compile::cut(&document.meta.title, 60);
    document.meta.description = super::compile::cut(&document.meta.description, 160);
}

/// Replaces whole occurrences only: "Ani" does not change "Aniversari".
fn rename(text: &mut String, old: &str, new: &str) {
    if !text.contains(old) {
        return;
    }
    let mut renamed = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(old) {
        let (before, from) = rest.split_at(at);
        let after = &from[old.len()..];
        renamed.push_str(before);
        let joined = renamed.chars().next_back().is_some_and(char::is_alphanumeric)
            || after.chars().next().is_some_and(char::is_alphanumeric);
        renamed.push_str(if joined { old } else { new });
        rest = after;
    }
    renamed.push_str(rest);
    *text = renamed;
}

fn put_item(document: &mut Document, item: &DocumentItem) -> Result<(), EditError> {
    let chars = item.name.trim().chars().count();
    ensure((1..=ITEM_CHARS_AT_MOST).contains(&chars), "the item's name is not 1 to 80 characters")?;
    let priced = [item.price_rupiah, item.price_to_rupiah].into_iter().flatten();
    let sound = priced.into_iter().all(|price| (0..=RUPIAH_AT_MOST).contains(&price));
    ensure(sound, "the price is out of bounds")?;
    match find_item(document, &item.name) {
        Ok(found) => found.clone_from(item),
        Err(_) => {
            ensure(document.business.items.len() < ITEMS_AT_MOST, "there are too many items")?;
            document.business.items.push(item.clone());
        }
    }
    if item.photo.is_some() {
        show_pictures(document);
    }
    Ok(())
}

/// A list of prices has no room for photos: it becomes a list that has.
fn show_pictures(document: &mut Document) {
    let (theme, seed) = (super::compile::theme_of(document), document.design.seed);
    for section in document.pages.iter_mut().flat_map(|page| &mut page.sections) {
        if is_list(section.kind) {
            section.kind = SectionKind::Catalogue;
            let chosen = theme.look(SectionKind::Catalogue, seed, true);
            chosen.clone_into(&mut section.variant);
        }
    }
}

/// The families that list the items; owners call both the same.
pub(super) const fn is_list(kind: SectionKind) -> bool {
    matches!(kind, SectionKind::Catalogue | SectionKind::Prices)
}

pub(super) fn is_meant(section: &Section, kind: SectionKind) -> bool {
    section.kind == kind || (is_list(section.kind) && is_list(kind))
}

fn find_item<'a>(
    document: &'a mut Document,
    name: &str,
) -> Result<&'a mut DocumentItem, EditError> {
    let wanted = key(name);
    document
        .business
        .items
        .iter_mut()
        .find(|item| key(&item.name) == wanted)
        .ok_or_else(|| EditError::NotFound(name.to_owned()))
}

/// Without case and spaces.
fn key(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect()
}

fn set_theme(document: &mut Document, id: &str) -> Result<(), EditError> {
    let theme = theme(id).ok_or_else(|| EditError::NotFound(id.to_owned()))?;
    let seed = document.design.seed;
    document.design.theme = theme.id.clone();
    document.design = theme.cut(seed).put_into(&document.design);
    let pictured = document.business.items.iter().any(|item| item.photo.is_some());
    for section in document.pages.iter_mut().flat_map(|page| &mut page.sections) {
        section.variant = theme.look(section.kind, seed, pictured).to_owned();
    }
    Ok(())
}

fn set_heading(document: &mut Document, kind: SectionKind, heading: &str) -> Result<(), EditError> {
    let heading = heading.trim();
    let chars = heading.chars().count();
    ensure((1..=HEADING_CHARS_AT_MOST).contains(&chars), "the heading is not 1 to 80 characters")?;
    heading.clone_into(&mut sections::open(document, kind)?.words.heading);
    Ok(())
}

fn set_hidden(document: &mut Document, kind: SectionKind, hidden: bool) -> Result<(), EditError> {
    let mut found = false;
    for section in document.pages.iter_mut().flat_map(|page| &mut page.sections) {
        if is_meant(section, kind) {
            sections::refuse_locked(section)?;
            section.hidden = hidden;
            found = true;
        }
    }
    if found { Ok(()) } else { Err(EditError::NotFound(kind.slug().to_owned())) }
}

fn add_photo(document: &mut Document, photo: &DocumentPhoto) -> Result<(), EditError> {
    ensure(is_photo(photo), "the photo is not well described")?;
    let photos = &mut document.business.photos;
    match photos.iter_mut().find(|one| one.id == photo.id) {
        Some(one) => one.clone_from(photo),
        None => {
            ensure(photos.len() < PHOTOS_AT_MOST, "there are too many photos")?;
            photos.push(photo.clone());
        }
    }
    show_gallery(document);
    Ok(())
}

/// A site without a gallery gets one after its list of items, else after the first view.
fn show_gallery(document: &mut Document) {
    let mut sections = document.pages.iter_mut().flat_map(|page| &mut page.sections);
    if let Some(gallery) = sections.find(|one| one.kind == SectionKind::Gallery) {
        gallery.hidden = false;
        return;
    }
    drop(sections);
    let gallery = sections::fresh(document, SectionKind::Gallery, None);
    let Some(home) = document.pages.first_mut() else { return };
    let after = |kind| home.sections.iter().position(|one: &Section| one.kind == kind);
    let at = after(SectionKind::Catalogue).or_else(|| after(SectionKind::Hero));
    home.sections.insert(at.map_or(0, |at| at + 1), gallery);
}

fn ensure(sound: bool, otherwise: &str) -> Result<(), EditError> {
    if sound { Ok(()) } else { Err(EditError::Invalid(otherwise.to_owned())) }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
