//! Sections in and out, up and down, locked and open.

use super::super::compile::{language_of, theme_of};
use super::super::document::{Document, Page, Section, SectionKind, SectionStyle, Words};
use super::super::edit::{EditError, SectionPlace};
use super::super::labels::labels;
use super::{ensure, is_meant};

/// The first section of a family, if it is not locked.
pub(super) fn open(document: &mut Document, kind: SectionKind) -> Result<&mut Section, EditError> {
    let section = all(document).find(|one| is_meant(one, kind)).ok_or_else(|| missing(kind))?;
    refuse_locked(section)?;
    Ok(section)
}

/// A locked section is left as it is.
pub(super) fn refuse_locked(section: &Section) -> Result<(), EditError> {
    if section.locked {
        return Err(EditError::Locked(section.kind.slug().to_owned()));
    }
    Ok(())
}

/// Puts a section in at the place its family has on a page; one that is there is shown again.
pub(super) fn add(
    document: &mut Document,
    kind: SectionKind,
    words: Option<&Words>,
) -> Result<(), EditError> {
    if all(document).any(|one| is_meant(one, kind)) {
        for section in all(document).filter(|one| is_meant(one, kind)) {
            refuse_locked(section)?;
            section.hidden = false;
        }
        return Ok(());
    }
    let section = fresh(document, kind, words);
    let home = document.pages.first_mut().ok_or_else(|| missing(kind))?;
    let later = home.sections.iter().position(|one| order(one.kind) > order(kind));
    home.sections.insert(later.unwrap_or(home.sections.len()), section);
    Ok(())
}

/// Takes every section of a family out; the first view stays.
pub(super) fn remove(document: &mut Document, kind: SectionKind) -> Result<(), EditError> {
    ensure(kind != SectionKind::Hero, "the first view cannot be taken out")?;
    open(document, kind)?;
    for page in &mut document.pages {
        page.sections.retain(|one| !is_meant(one, kind) || one.locked);
    }
    Ok(())
}

/// Moves the first section of a family within its page.
pub(super) fn shift(
    document: &mut Document,
    kind: SectionKind,
    place: SectionPlace,
) -> Result<(), EditError> {
    ensure(kind != SectionKind::Hero, "the first view stays on top")?;
    open(document, kind)?;
    let holds = |page: &&mut Page| page.sections.iter().any(|one| is_meant(one, kind));
    let page = document.pages.iter_mut().find(holds).ok_or_else(|| missing(kind))?;
    let from = page.sections.iter().position(|one| is_meant(one, kind));
    let section = page.sections.remove(from.ok_or_else(|| missing(kind))?);
    let found = landing(page, from.unwrap_or(0), place);
    let at = found.as_ref().map_or(from.unwrap_or(0), |at| *at);
    page.sections.insert(at.min(page.sections.len()), section);
    found.map(drop)
}

/// Where a section that stood at `from` comes to stand among the others.
fn landing(page: &Page, from: usize, place: SectionPlace) -> Result<usize, EditError> {
    let find = |kind: SectionKind| {
        page.sections.iter().position(|one| is_meant(one, kind)).ok_or_else(|| missing(kind))
    };
    let top = usize::from(page.sections.first().is_some_and(|one| one.kind == SectionKind::Hero));
    let shown_above = page.sections[..from].iter().rposition(|one| !one.hidden);
    let shown_below = page.sections[from..].iter().position(|one| !one.hidden);
    let at = match place {
        SectionPlace::First => top,
        SectionPlace::Last => page.sections.len(),
        SectionPlace::Up => shown_above.unwrap_or(from),
        SectionPlace::Down => shown_below.map_or(from, |below| from + below + 1),
        SectionPlace::Before { section } => find(section)?,
        SectionPlace::After { section } => find(section)? + 1,
    };
    Ok(at.max(top))
}

/// Locks or opens every section of a family.
pub(super) fn lock(
    document: &mut Document,
    kind: SectionKind,
    locked: bool,
) -> Result<(), EditError> {
    let mut found = false;
    for section in all(document).filter(|one| is_meant(one, kind)) {
        section.locked = locked;
        found = true;
    }
    if found { Ok(()) } else { Err(missing(kind)) }
}

/// A new section of a family, in the look of the theme.
pub(super) fn fresh(document: &Document, kind: SectionKind, words: Option<&Words>) -> Section {
    let heading =
        || labels(language_of(document)).section(kind, &document.business.trade).to_owned();
    Section {
        id: free_id(document, kind),
        kind,
        variant: theme_of(document).variant_for(kind, document.design.seed).to_owned(),
        words: words.cloned().unwrap_or_else(|| Words { heading: heading(), ..Words::default() }),
        hidden: false,
        style: SectionStyle::default(),
        locked: false,
    }
}

pub(super) fn free_id(document: &Document, kind: SectionKind) -> String {
    let taken = |id: &str| {
        document.pages.iter().flat_map(|page| &page.sections).any(|section| section.id == id)
    };
    let count = document.pages.iter().map(|page| page.sections.len()).sum::<usize>();
    let numbered = (2..count + 3).map(|number| format!("{}-{number}", kind.slug()));
    std::iter::once(kind.slug().to_owned())
        .chain(numbered)
        .find(|id| !taken(id))
        .expect("one more name than sections is free")
}

fn all(document: &mut Document) -> impl Iterator<Item = &mut Section> {
    document.pages.iter_mut().flat_map(|page| &mut page.sections)
}

fn order(kind: SectionKind) -> usize {
    SectionKind::ALL.iter().position(|one| *one == kind).unwrap_or(SectionKind::ALL.len())
}

fn missing(kind: SectionKind) -> EditError {
    EditError::NotFound(kind.slug().to_owned())
}
