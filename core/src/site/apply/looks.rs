//! Trade, theme, language, and what search results show.

use std::collections::BTreeSet;

use super::super::document::{Document, Meta};
use super::super::edit::EditError;
use super::super::theme::{match_theme, themes};
use super::{ensure, set_theme};
use crate::brief::{Language, Rgb, Tone, Trade};

const TITLE_CHARS_AT_MOST: usize = 60;
const DESCRIPTION_CHARS_AT_MOST: usize = 160;
const SAID_CHARS_AT_MOST: usize = 60;

/// The line of business.
pub(super) fn set_trade(document: &mut Document, trade: &str, said: &str) -> Result<(), EditError> {
    ensure(Trade::from_slug(trade).is_some(), "the trade is unknown")?;
    let short = said.chars().count() <= SAID_CHARS_AT_MOST;
    ensure(short, "the words for the trade are longer than 60 characters")?;
    trade.clone_into(&mut document.business.trade);
    said.trim().clone_into(&mut document.business.trade_said);
    Ok(())
}

/// Another theme that fits.
pub(super) fn retheme(document: &mut Document, tone: Option<&str>) -> Result<(), EditError> {
    let theme = another(document, tone.and_then(Tone::from_slug));
    set_theme(document, &theme)
}

/// The language of labels and menu.
pub(super) fn set_language(document: &mut Document, language: &str) -> Result<(), EditError> {
    ensure(Language::ALL.iter().any(|one| one.tag() == language), "no such language")?;
    language.clone_into(&mut document.language);
    Ok(())
}

/// Title and description for search and sharing.
pub(super) fn set_meta(
    document: &mut Document,
    title: &str,
    description: &str,
) -> Result<(), EditError> {
    let (title, description) = (title.trim(), description.trim());
    let title_chars = title.chars().count();
    ensure(
        (1..=TITLE_CHARS_AT_MOST).contains(&title_chars),
        "the title is not 1 to 60 characters",
    )?;
    let fits = description.chars().count() <= DESCRIPTION_CHARS_AT_MOST;
    ensure(fits, "the description is longer than 160 characters")?;
    document.meta = Meta { title: title.to_owned(), description: description.to_owned() };
    Ok(())
}

/// The next theme in the draw for this business that is not the one there is.
fn another(document: &Document, tone: Option<Tone>) -> String {
    let colour = Rgb::from_hex(&document.design.colour);
    let now = &document.design.theme;
    let count = u32::try_from(themes().len()).unwrap_or(u32::MAX);
    let at = themes().iter().position(|theme| theme.id == *now).unwrap_or(0);
    let first = document.design.seed.wrapping_add(u32::try_from(at).unwrap_or(0));
    (1..=count)
        .map(|step| {
            let seed = first.wrapping_add(step);
            &match_theme(&document.business.trade, tone, colour, &BTreeSet::new(), seed).id
        })
        .chain(themes().iter().map(|theme| &theme.id))
        .find(|id| *id != now)
        .unwrap_or(now)
        .clone()
}
