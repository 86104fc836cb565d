//! The gate before publishing: what a built site must be, checked on its bytes.
//!
//! It changes nothing and never lets a doubt pass silently: every fault is told, and its kind says
//! whether it keeps the site from going live.

mod phishing;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::compile::{BuiltFile, BuiltSite, palette_of};
use super::document::Document;
use super::palette::{TEXT_CONTRAST, contrast, hex};
use super::shop::is_e164;

/// HTML and CSS of one page.
pub const PAGE_BYTES_AT_MOST: usize = 30 * 1024;
const TITLE_CHARS_AT_MOST: usize = 70;
const DESCRIPTION_CHARS_AT_MOST: usize = 160;

/// Something wrong with a built site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Of which kind.
    pub kind: FaultKind,
    /// The name or word it is about, where there is one.
    pub about: String,
    /// Where and what, for logs and operators.
    pub detail: String,
}

/// The kinds of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FaultKind {
    /// Text that cannot be read on its ground.
    Contrast,
    /// A link or picture that leads nowhere.
    Link,
    /// A phone that is not E.164.
    Phone,
    /// A page larger than [`PAGE_BYTES_AT_MOST`].
    Size,
    /// Not exactly one first heading, or a level left out.
    Headings,
    /// Title or description missing or too long.
    Meta,
    /// Structured data that is not JSON.
    StructuredData,
    /// A picture without words.
    AltText,
    /// Poses as a bank, wallet, marketplace or office.
    Impersonation,
    /// Asks for a PIN, a password, a code or a card number.
    AsksSecrets,
    /// A page elsewhere whose host imitates a protected name.
    LinkLookAlike,
    /// Script, frames, or fields for passwords and cards: nothing of ours writes them.
    Markup,
    /// Is for what no site may be for.
    Forbidden,
}

impl FaultKind {
    /// Whether a site with this fault must not go live.
    pub const fn blocks(self) -> bool {
        match self {
            Self::Contrast
            | Self::Link
            | Self::Phone
            | Self::Headings
            | Self::StructuredData
            | Self::Impersonation
            | Self::AsksSecrets
            | Self::LinkLookAlike
            | Self::Markup
            | Self::Forbidden => true,
            Self::Size | Self::Meta | Self::AltText => false,
        }
    }

    /// What is wrong, for operators.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Contrast => "text that cannot be read on its ground",
            Self::Link => "a link that leads nowhere",
            Self::Phone => "a telephone number nobody can call",
            Self::Size => "a page that is too large",
            Self::Headings => "headings out of order",
            Self::Meta => "a title or description that is missing or too long",
            Self::StructuredData => "structured data that cannot be read",
            Self::AltText => "a picture without words",
            Self::Impersonation => "it poses as somebody else",
            Self::AsksSecrets => "it asks for secrets",
            Self::LinkLookAlike => "a link that imitates a known name",
            Self::Markup => "markup that is not ours",
            Self::Forbidden => "it is for what no site may be for",
        }
    }

    /// The stable name, for logs and metrics.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Contrast => "contrast",
            Self::Link => "link",
            Self::Phone => "phone",
            Self::Size => "size",
            Self::Headings => "headings",
            Self::Meta => "meta",
            Self::StructuredData => "structured_data",
            Self::AltText => "alt_text",
            Self::Impersonation => "impersonation",
            Self::AsksSecrets => "asks_secrets",
            Self::LinkLookAlike => "link_look_alike",
            Self::Markup => "markup",
            Self::Forbidden => "forbidden",
        }
    }
}

/// Every fault of a built site.
pub fn check(document: &Document, built: &BuiltSite) -> Vec<Fault> {
    let mut faults = Vec::new();
    contrasts(document, &mut faults);
    facts(document, &mut faults);
    phishing::check(document, &mut faults);
    if let Err(kind) = crate::safety::check_document(document) {
        put(&mut faults, FaultKind::Forbidden, kind.slug().to_owned());
    }
    for page in built.files.iter().filter(|file| file.path.ends_with(".html")) {
        match std::str::from_utf8(&page.bytes) {
            Ok(html) => check_page(page, html, built, &mut faults),
            Err(_) => put(&mut faults, FaultKind::Meta, format!("{} is not text", page.path)),
        }
    }
    faults
}

fn put(faults: &mut Vec<Fault>, kind: FaultKind, detail: String) {
    faults.push(Fault { kind, about: String::new(), detail });
}

fn contrasts(document: &Document, faults: &mut Vec<Fault>) {
    let Some(palette) = palette_of(document) else {
        put(faults, FaultKind::Contrast, format!("{:?} is no colour", document.design.colour));
        return;
    };
    for (what, text, ground) in [palette.light, palette.dark].iter().flat_map(|one| one.pairs()) {
        if contrast(text, ground) < TEXT_CONTRAST {
            let detail = format!("{what}: {} on {}", hex(text), hex(ground));
            put(faults, FaultKind::Contrast, detail);
        }
    }
}

fn facts(document: &Document, faults: &mut Vec<Fault>) {
    let business = &document.business;
    if let Some(phone) = business.phone.as_deref().filter(|phone| !is_e164(phone)) {
        put(faults, FaultKind::Phone, phone.to_owned());
    }
    let long = document.meta.title.chars().count() > TITLE_CHARS_AT_MOST;
    if document.meta.title.trim().is_empty() || long {
        put(faults, FaultKind::Meta, format!("title {:?}", document.meta.title));
    }
    let long = document.meta.description.chars().count() > DESCRIPTION_CHARS_AT_MOST;
    if document.meta.description.trim().is_empty() || long {
        put(faults, FaultKind::Meta, format!("description {:?}", document.meta.description));
    }
    for photo in business.photos.iter().filter(|photo| photo.alt.trim().is_empty()) {
        put(faults, FaultKind::AltText, photo.id.clone());
    }
}

static HEADING: LazyLock<Regex> = LazyLock::new(|| pattern(r"<h([1-6])[ >]"));
static ID: LazyLock<Regex> = LazyLock::new(|| pattern(r#"[ <]id="([^"]+)""#));
static LINK: LazyLock<Regex> = LazyLock::new(|| pattern(r#" (?:href|src|action)="([^"]*)""#));
static ACTION: LazyLock<Regex> = LazyLock::new(|| pattern(r#"<form[^>]* action="([^"]*)""#));
static SOURCES: LazyLock<Regex> = LazyLock::new(|| pattern(r#" srcset="([^"]*)""#));
static DATA: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"<script type="application/ld\+json">(.*?)</script>"#));

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("our own pattern is well-formed")
}

fn check_page(page: &BuiltFile, html: &str, built: &BuiltSite, faults: &mut Vec<Fault>) {
    let path = &page.path;
    if html.len() > PAGE_BYTES_AT_MOST {
        put(faults, FaultKind::Size, format!("{path} has {} bytes", html.len()));
    }
    headings(path, html, faults);
    markup(path, html, faults);
    for data in DATA.captures_iter(html) {
        if !is_structured(&data[1]) {
            put(faults, FaultKind::StructuredData, path.clone());
        }
    }
    let sources = SOURCES.captures_iter(html).flat_map(|found| {
        let list: Vec<String> = found[1]
            .split(", ")
            .filter_map(|one| one.split(' ').next().map(str::to_owned))
            .collect();
        list
    });
    let links = LINK.captures_iter(html).map(|found| found[1].to_owned());
    let links: BTreeSet<String> = links.chain(sources).collect();
    for link in links {
        if !resolves(&link, html, built) {
            put(faults, FaultKind::Link, format!("{path} to {link}"));
        }
    }
}

/// Whether it is JSON-LD that says what it speaks of.
fn is_structured(text: &str) -> bool {
    let data: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    data["@context"] == "https://schema.org"
        && data["@type"].is_string()
        && data["name"].as_str().is_some_and(|name| !name.is_empty())
}

/// Nothing but our own markup: no script besides data, no frames, no fields for secrets, and forms
/// that are sent to nobody else.
fn markup(path: &str, html: &str, faults: &mut Vec<Fault>) {
    const NEVER: [&str; 7] = [
        "<iframe",
        "<object",
        "<embed",
        "<base",
        " type=\"password\"",
        "autocomplete=\"cc-",
        "=\"javascript:",
    ];
    for found in NEVER.iter().filter(|one| html.contains(**one)) {
        put(faults, FaultKind::Markup, format!("{path} has {found}"));
    }
    if html.matches("<script").count() != DATA.find_iter(html).count() {
        put(faults, FaultKind::Markup, format!("{path} has a script"));
    }
    for form in ACTION.captures_iter(html).filter(|form| !is_form(&form[1])) {
        put(faults, FaultKind::Markup, format!("{path} sends a form to {}", &form[1]));
    }
}

fn headings(path: &str, html: &str, faults: &mut Vec<Fault>) {
    let levels: Vec<u32> =
        HEADING.captures_iter(html).filter_map(|found| found[1].parse().ok()).collect();
    if levels.iter().filter(|level| **level == 1).count() != 1 {
        put(faults, FaultKind::Headings, format!("{path} has not exactly one h1"));
    }
    if levels.windows(2).any(|pair| pair[1] > pair[0] + 1) {
        put(faults, FaultKind::Headings, format!("{path} leaves out a level"));
    }
}

/// Whether a link leads somewhere: elsewhere by a known scheme, or to a file or anchor of this site.
fn resolves(link: &str, html: &str, built: &BuiltSite) -> bool {
    if ["https://", "http://", "mailto:", "tel:"].iter().any(|scheme| link.starts_with(scheme)) {
        return true;
    }
    if is_form(link) || FILES_APART.contains(&link) {
        return true;
    }
    let (path, anchor) = link.split_once('#').map_or((link, None), |(path, id)| (path, Some(id)));
    let has_id = |html: &str, id: &str| ID.captures_iter(html).any(|found| &found[1] == id);
    if path.is_empty() {
        return anchor.is_some_and(|id| has_id(html, id));
    }
    if built.photos.iter().any(|photo| photo.path == path) {
        return true;
    }
    let wanted = if path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    let Some(file) = built.files.iter().find(|file| file.path == wanted) else { return false };
    anchor.is_none_or(|id| std::str::from_utf8(&file.bytes).is_ok_and(|html| has_id(html, id)))
}

/// A form of ours, in the site's own or another language.
fn is_form(link: &str) -> bool {
    let form = link.strip_prefix("/form/").unwrap_or_default();
    let form = form.strip_prefix("en/").or_else(|| form.strip_prefix("id/")).unwrap_or(form);
    form == "contact" || form == super::order::ORDER_FORM
}

/// Files that [`super::pictures`] may bring later.
const FILES_APART: [&str; 4] =
    ["/og.png", "/icon-192.png", "/icon-512.png", "/apple-touch-icon.png"];

#[cfg(test)]
mod tests;
