//! From a document to the files of a site: pure, the same bytes for the same document.
//!
//! It never reads a photo (pages only refer to them) and never writes script.

mod frame;
mod spoken;

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::RgbImage;
use sha2::{Digest, Sha256};

use super::document::{Document, DocumentPhoto};
use super::labels::labels;
use super::languages;
use super::letters;
use super::logo::logo;
use super::markup::Markup;
use super::order::{ORDER_SHEET, OrderSheet};
use super::palette::{Palette, parse_hex};
use super::photo::PhotoUse;
use super::pictures::pictures;
use super::poster::poster;
use super::proofs;
use super::shop;
use super::theme::{Cut, Footer, Header, Theme, match_theme, theme};
use crate::brief::Language;

pub(super) use frame::Frame;
pub(super) use spoken::{Alternate, Spoken};

/// Where a site lives and who runs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Scheme and host without a slash at the end, such as `https://kopi.example.id`.
    pub origin: String,
    /// The operator's name, in the footer and the privacy note.
    pub operator: String,
    /// When the document last changed.
    pub updated_at_ms: i64,
}

/// A finished file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltFile {
    /// From the root of the site, such as `/menu/index.html`.
    pub path: String,
    /// With its charset.
    pub media_type: &'static str,
    /// What is sent.
    pub bytes: Vec<u8>,
    /// Whether the name changes with the bytes, so that it may be kept for a year.
    pub immutable: bool,
}

/// All files of a site but the photos, and which photos it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltSite {
    /// In no order that matters, no path twice.
    pub files: Vec<BuiltFile>,
    /// The photo files the pages refer to.
    pub photos: Vec<PhotoUse>,
    /// Base64 SHA-256 of each inline style element, for the content security policy.
    pub style_hashes: Vec<String>,
}

/// Why a document has no site.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// A document without pages, or whose first is not the home page.
    #[error("the first page is not the home page")]
    NoHome,
    /// The colour is not `#rrggbb`.
    #[error("{0:?} is not a colour")]
    Colour(String),
    /// The origin is not scheme and host alone.
    #[error("{0:?} is not an origin")]
    Origin(String),
    /// A page's slug is malformed, reserved or taken.
    #[error("{0:?} cannot be the path of a page")]
    PageSlug(String),
    /// A section's id is malformed or taken.
    #[error("{0:?} cannot be the id of a section")]
    SectionId(String),
    /// A template could not be rendered.
    #[error("a page cannot be rendered")]
    Template(#[from] askama::Error),
}

pub(super) const HTML: &str = "text/html; charset=utf-8";

/// What of an owner's pictures goes into rendered ones; drawn instead where it is not at hand.
#[derive(Debug, Clone, Default)]
pub struct Pixels {
    /// Of [`lead_photo`], for the card.
    pub lead: Option<RgbImage>,
    /// Of [`logo_photo`], for the icons and the card.
    pub logo: Option<RgbImage>,
}

/// Pages and pictures together, the card and the icons drawn.
pub fn compile(document: &Document, place: &Place) -> Result<BuiltSite, CompileError> {
    compile_with(document, place, &Pixels::default())
}

/// Pages and pictures together.
pub fn compile_with(
    document: &Document,
    place: &Place,
    pixels: &Pixels,
) -> Result<BuiltSite, CompileError> {
    let (pages, drawn) = rayon::join(
        || compile_pages(document, place),
        || rayon::join(|| pictures(document, pixels), || poster(document, place)),
    );
    let mut built = pages?;
    built.files.extend(drawn.0);
    built.files.extend(drawn.1);
    Ok(built)
}

/// The photo that leads a site, if there is one.
pub fn lead_photo(document: &Document) -> Option<&DocumentPhoto> {
    shop::shown_photos(&document.business).0
}

/// The logo of a site, if there is one.
pub fn logo_photo(document: &Document) -> Option<&DocumentPhoto> {
    logo(&document.business)
}

/// Everything but the rendered PNG pictures, which [`pictures`] makes apart.
pub fn compile_pages(document: &Document, place: &Place) -> Result<BuiltSite, CompileError> {
    let frame = Frame::of(document, place, Spoken::of(document, document))?;
    let mut files = frame.pages()?;
    files.extend(frame.lost_page()?);
    files.extend(frame.small_files()?);
    for translation in languages::shown(document) {
        let other = languages::translated(document, translation);
        let frame = Frame::of(&other, place, Spoken::of(document, &other))?;
        files.extend(frame.pages()?);
    }
    if let Some(sheet) = OrderSheet::of(document) {
        let json = serde_json::to_value(&sheet).unwrap_or_default();
        let json = Markup::json(&json).to_string();
        files.push(file(ORDER_SHEET, "application/json; charset=utf-8", json));
    }
    let style_hashes = hashes(&files).into_iter().collect();
    Ok(BuiltSite { files, photos: proofs::photo_uses(&document.business), style_hashes })
}

/// The hashes of the style elements of pages: nobody's text can begin one.
fn hashes(files: &[BuiltFile]) -> BTreeSet<String> {
    let pages = files.iter().filter(|file| file.media_type == HTML);
    let texts = pages.filter_map(|file| std::str::from_utf8(&file.bytes).ok());
    texts
        .filter_map(|html| html.split_once("<style>")?.1.split_once("</style>"))
        .map(|(css, _)| STANDARD.encode(Sha256::digest(css)))
        .collect()
}

/// The theme a document names, or the best match when it is no longer known.
pub(super) fn theme_of(document: &Document) -> &'static Theme {
    theme(&document.design.theme).unwrap_or_else(|| {
        let seed = document.design.seed;
        match_theme(&document.business.trade, None, None, &BTreeSet::new(), seed)
    })
}

/// What a document says of letters, top and foot; the theme's first where it says nothing known.
pub(super) fn cut_of(document: &Document, theme: &Theme) -> Cut {
    let (design, usual) = (&document.design, theme.usual());
    Cut {
        letters: letters::letters(&design.letters).unwrap_or(usual.letters),
        header: Header::from_slug(&design.header).unwrap_or(usual.header),
        footer: Footer::from_slug(&design.footer).unwrap_or(usual.footer),
    }
}

/// The palette of a document.
pub(super) fn palette_of(document: &Document) -> Option<Palette> {
    let scheme = &theme_of(document).scheme;
    let colour = parse_hex(&document.design.colour)?;
    Some(Palette::derive(colour, scheme.ground, scheme.hero, scheme.shift))
}

/// The language of a document; Indonesian for unknown ones.
pub(super) fn language_of(document: &Document) -> Language {
    Language::from_tag(&document.language).unwrap_or_default()
}

pub(super) fn page_path(slug: &str) -> String {
    if slug.is_empty() { "/index.html".to_owned() } else { format!("/{slug}/index.html") }
}

pub(super) fn page_href(slug: &str) -> String {
    if slug.is_empty() { "/".to_owned() } else { format!("/{slug}/") }
}

pub(super) fn file(path: &str, media_type: &'static str, text: String) -> BuiltFile {
    BuiltFile { path: path.to_owned(), media_type, bytes: text.into_bytes(), immutable: false }
}

/// At most `most` characters, cut at a word.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let short: String = text.chars().take(most.saturating_sub(1)).collect();
    let whole = short.rfind(' ').map_or(short.as_str(), |at| &short[..at]);
    format!("{}…", whole.trim_end_matches([',', '.', ';', ' ']))
}

fn check(document: &Document, place: &Place) -> Result<(), CompileError> {
    if document.pages.first().is_none_or(|page| !page.slug.is_empty()) {
        return Err(CompileError::NoHome);
    }
    let origin = url::Url::parse(&place.origin)
        .is_ok_and(|url| url.origin().ascii_serialization() == place.origin);
    if !origin {
        return Err(CompileError::Origin(place.origin.clone()));
    }
    let fixed = |language: Language| {
        let labels = labels(language);
        [
            labels.privacy_slug.as_str(),
            labels.thanks_slug.as_str(),
            labels.order_slug.as_str(),
            language.tag(),
        ]
    };
    let mut slugs: BTreeSet<&str> = Language::ALL.into_iter().flat_map(fixed).collect();
    slugs.extend(["photos", "form"]);
    let mut ids = BTreeSet::new();
    for page in &document.pages {
        if !(page.slug.is_empty() || is_name(&page.slug)) || !slugs.insert(&page.slug) {
            return Err(CompileError::PageSlug(page.slug.clone()));
        }
        for section in &page.sections {
            if !is_name(&section.id) || !ids.insert(section.id.as_str()) {
                return Err(CompileError::SectionId(section.id.clone()));
            }
        }
    }
    Ok(())
}

/// A letter, then letters, digits and hyphens or underscores, all lower-case, at most 40.
fn is_name(text: &str) -> bool {
    const NAME_AT_MOST: usize = 40;
    text.len() <= NAME_AT_MOST
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b))
}

#[cfg(test)]
mod tests;
