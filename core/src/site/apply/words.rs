//! The words of one section, as an owner dictates them.

use super::super::document::{Document, Point, SectionKind, Words};
use super::super::edit::EditError;
use super::{HEADING_CHARS_AT_MOST, ensure, sections};

const LEAD_CHARS_AT_MOST: usize = 240;
const PARAGRAPH_CHARS_AT_MOST: usize = 600;
const ACTION_CHARS_AT_MOST: usize = 30;
const POINTS_AT_MOST: usize = 20;
const PARAGRAPHS_AT_MOST: usize = 12;

/// The sentences under the heading.
pub(super) fn set_lead(
    document: &mut Document,
    kind: SectionKind,
    lead: &str,
) -> Result<(), EditError> {
    bounded(lead, 0, LEAD_CHARS_AT_MOST)?;
    lead.trim().clone_into(&mut open(document, kind)?.lead);
    Ok(())
}

/// The label of the button.
pub(super) fn set_action(
    document: &mut Document,
    kind: SectionKind,
    action: &str,
) -> Result<(), EditError> {
    bounded(action, 0, ACTION_CHARS_AT_MOST)?;
    action.trim().clone_into(&mut open(document, kind)?.action);
    Ok(())
}

/// One paragraph; the one after the last is added, an empty one is taken out.
pub(super) fn set_paragraph(
    document: &mut Document,
    kind: SectionKind,
    number: u32,
    text: &str,
) -> Result<(), EditError> {
    bounded(text, 0, PARAGRAPH_CHARS_AT_MOST)?;
    let paragraphs = &mut open(document, kind)?.paragraphs;
    let count = paragraphs.len();
    if text.trim().is_empty() {
        paragraphs.remove(place(number, count)?);
        return Ok(());
    }
    let at = place(number, count + 1)?;
    ensure(at < PARAGRAPHS_AT_MOST, "there are too many paragraphs")?;
    match paragraphs.get_mut(at) {
        Some(paragraph) => text.trim().clone_into(paragraph),
        None => paragraphs.push(text.trim().to_owned()),
    }
    Ok(())
}

/// One titled text; the one after the last is added.
pub(super) fn set_point(
    document: &mut Document,
    kind: SectionKind,
    number: u32,
    point: &Point,
) -> Result<(), EditError> {
    check(point)?;
    let points = &mut open(document, kind)?.points;
    let at = place(number, points.len() + 1)?;
    ensure(at < POINTS_AT_MOST, "there are too many points")?;
    match points.get_mut(at) {
        Some(one) => one.clone_from(point),
        None => points.push(point.clone()),
    }
    Ok(())
}

/// One more titled text; one of the same title is replaced.
pub(super) fn put_point(
    document: &mut Document,
    kind: SectionKind,
    point: &Point,
) -> Result<(), EditError> {
    check(point)?;
    let points = &mut open(document, kind)?.points;
    let same = |one: &Point| one.title.to_lowercase() == point.title.to_lowercase();
    match points.iter().position(same) {
        Some(at) => points[at].clone_from(point),
        None => {
            ensure(points.len() < POINTS_AT_MOST, "there are too many points")?;
            points.push(point.clone());
        }
    }
    Ok(())
}

/// A titled text out.
pub(super) fn remove_point(
    document: &mut Document,
    kind: SectionKind,
    number: u32,
) -> Result<(), EditError> {
    let points = &mut open(document, kind)?.points;
    let at = place(number, points.len())?;
    points.remove(at);
    Ok(())
}

/// All words at once.
pub(super) fn set_all(
    document: &mut Document,
    kind: SectionKind,
    words: &Words,
) -> Result<(), EditError> {
    check_all(words)?;
    open(document, kind)?.clone_from(words);
    Ok(())
}

fn open(document: &mut Document, kind: SectionKind) -> Result<&mut Words, EditError> {
    Ok(&mut sections::open(document, kind)?.words)
}

/// The index of a number counted from 1 among `count`.
fn place(number: u32, count: usize) -> Result<usize, EditError> {
    let at = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    at.filter(|at| *at < count).ok_or_else(|| EditError::NotFound(number.to_string()))
}

fn check(point: &Point) -> Result<(), EditError> {
    bounded(&point.title, 1, HEADING_CHARS_AT_MOST)?;
    bounded(&point.text, 0, PARAGRAPH_CHARS_AT_MOST)
}

fn check_all(words: &Words) -> Result<(), EditError> {
    bounded(&words.heading, 0, HEADING_CHARS_AT_MOST)?;
    bounded(&words.lead, 0, LEAD_CHARS_AT_MOST)?;
    bounded(&words.action, 0, ACTION_CHARS_AT_MOST)?;
    ensure(words.points.len() <= POINTS_AT_MOST, "there are too many points")?;
    ensure(words.paragraphs.len() <= PARAGRAPHS_AT_MOST, "there are too many paragraphs")?;
    words.points.iter().try_for_each(check)?;
    words.paragraphs.iter().try_for_each(|text| bounded(text, 1, PARAGRAPH_CHARS_AT_MOST))
}

fn bounded(text: &str, least: usize, most: usize) -> Result<(), EditError> {
    let chars = text.trim().chars().count();
    ensure((least..=most).contains(&chars), "a text is too short or too long")
}
