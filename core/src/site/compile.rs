//! From a document to the files of a site: pure, the same bytes for the same document.
//!
//! It never reads a photo (pages only refer to them) and never writes script.

use std::collections::BTreeSet;

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::RgbImage;
use sha2::{Digest, Sha256};

use super::document::{Document, DocumentPhoto, Page, Section, SectionKind};
use super::gate::PAGE_BYTES_AT_MOST;
use super::labels::{Labels, fill, labels};
use super::languages;
use super::letters;
use super::markup::{Markup, pack};
use super::order::{ORDER_SHEET, OrderSheet};
use super::palette::{Palette, hex, parse_hex};
use super::photo::{self, PhotoUse};
use super::pictures::{card_path, pictures};
use super::poster::poster;
use super::proofs;
use super::sections::{self, Forms, Site};
use super::shop::{self, Action, Thrift};
use super::theme::{Cut, Footer, Header, Theme, match_theme, theme};
use super::{art, structured, style, trades};
use crate::brief::Language;

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

/// Pages and pictures together, the card drawn.
pub fn compile(document: &Document, place: &Place) -> Result<BuiltSite, CompileError> {
    compile_with(document, place, None)
}

/// Pages and pictures together; `lead` holds the pixels of [`lead_photo`], for the card.
pub fn compile_with(
    document: &Document,
    place: &Place,
    lead: Option<&RgbImage>,
) -> Result<BuiltSite, CompileError> {
    let mut built = compile_pages(document, place)?;
    built.files.extend(pictures(document, lead));
    built.files.extend(poster(document, place));
    Ok(built)
}

/// The photo that leads a site, if there is one.
pub fn lead_photo(document: &Document) -> Option<&DocumentPhoto> {
    shop::shown_photos(&document.business).0
}

/// Everything but the rendered PNG pictures, which [`pictures`] makes apart.
pub fn compile_pages(document: &Document, place: &Place) -> Result<BuiltSite, CompileError> {
    let frame = Frame::of(document, place, Spoken::of(document, document))?;
    let mut files = frame.pages()?;
    files.extend(frame.lost_page()?);
    files.extend(frame.small_files()?);
    let mut style_hashes: BTreeSet<String> = frame.style_hashes().into_iter().collect();
    for translation in languages::shown(document) {
        let other = languages::translated(document, translation);
        let frame = Frame::of(&other, place, Spoken::of(document, &other))?;
        files.extend(frame.pages()?);
        style_hashes.extend(frame.style_hashes());
    }
    if let Some(sheet) = OrderSheet::of(document) {
        let json = serde_json::to_value(&sheet).unwrap_or_default();
        let json = Markup::json(&json).to_string();
        files.push(file(ORDER_SHEET, "application/json; charset=utf-8", json));
    }
    let style_hashes = style_hashes.into_iter().collect();
    Ok(BuiltSite { files, photos: proofs::photo_uses(&document.business), style_hashes })
}

/// In which language pages are written, where they stand, and which others there are.
#[derive(Clone)]
pub(super) struct Spoken {
    /// Before the path of every page: empty, or `/en`.
    pub(super) base: String,
    /// The site's languages, its own first; one alone when there is no other.
    pub(super) all: Vec<(Language, String)>,
}

impl Spoken {
    fn of(document: &Document, view: &Document) -> Self {
        let own = language_of(document);
        let others = languages::shown(document);
        let others = others.iter().filter_map(|one| Language::from_tag(&one.language));
        let all: Vec<(Language, String)> = std::iter::once((own, String::new()))
            .chain(others.map(|language| (language, format!("/{}", language.tag()))))
            .collect();
        let here = language_of(view);
        let base = all.iter().find(|(one, _)| *one == here).map_or("", |(_, base)| base).to_owned();
        Self { base, all }
    }

    /// Where a page stands in this language.
    pub(super) fn href(&self, slug: &str) -> String {
        format!("{}{}", self.base, page_href(slug))
    }

    /// The path of a page's file.
    pub(super) fn path(&self, slug: &str) -> String {
        format!("{}{}", self.base, page_path(slug))
    }

    /// Where a form of this language is sent to.
    pub(super) fn form(&self, form: &str) -> String {
        format!("/form{}/{form}", self.base)
    }

    /// The same page in every language, and for visitors of any other; none for a site of one.
    pub(super) fn alternates(&self, slug: &str) -> Vec<Alternate> {
        if self.all.len() < 2 {
            return Vec::new();
        }
        let at = |base: &str| format!("{base}{}", page_href(slug));
        let tagged = |(language, base): &(Language, String)| Alternate {
            tag: language.tag(),
            path: at(base),
            name: labels(*language).language.clone(),
        };
        let own = self.all.first().map_or("", |(_, base)| base.as_str());
        let any = Alternate { tag: "x-default", path: at(own), name: String::new() };
        self.all.iter().map(tagged).chain([any]).collect()
    }

    /// The same page in the other languages, by their own names.
    fn switch(&self, slug: &str) -> Vec<Alternate> {
        let all = self.all.iter().filter(|(_, base)| *base != self.base);
        all.map(|(language, base)| Alternate {
            tag: language.tag(),
            path: format!("{base}{}", page_href(slug)),
            name: labels(*language).language.clone(),
        })
        .collect()
    }
}

/// A page in another language.
pub(super) struct Alternate {
    pub(super) tag: &'static str,
    pub(super) path: String,
    pub(super) name: String,
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

/// What all pages of a site share.
pub(super) struct Frame<'a> {
    pub(super) document: &'a Document,
    pub(super) place: &'a Place,
    pub(super) labels: &'static Labels,
    pub(super) language: Language,
    pub(super) palette: Palette,
    pub(super) cut: Cut,
    pub(super) css: String,
    pub(super) symbols: String,
    pub(super) spoken: Spoken,
    pub(super) site: Site<'a>,
}

impl<'a> Frame<'a> {
    fn of(document: &'a Document, place: &'a Place, spoken: Spoken) -> Result<Self, CompileError> {
        check(document, place)?;
        let language = language_of(document);
        let labels = labels(language);
        let theme = theme_of(document);
        let palette = palette_of(document)
            .ok_or_else(|| CompileError::Colour(document.design.colour.clone()))?;
        let motifs = trades::motifs(&document.business);
        let cut = cut_of(document, theme);
        let takes_orders = OrderSheet::of(document).is_some();
        let has_form = shown(document).any(|(_, one)| one.kind == SectionKind::Contact);
        let mut parts = proofs::styles(&document.business);
        parts.extend((takes_orders && !has_form).then_some(("contact", "")));
        let css = style::sheet(theme, cut, &palette, &used(document, theme))
            + &style::more(&parts)
            + &photo::rules(&document.business);
        let href = |kind| {
            shown(document)
                .find(|(_, section)| section.kind == kind)
                .map(|(page, section)| format!("{}#{}", spoken.href(&page.slug), section.id))
        };
        let site = Site {
            document,
            labels,
            theme,
            motifs: motifs.len(),
            thrift: Thrift::None,
            items_href: href(SectionKind::Catalogue).or_else(|| href(SectionKind::Prices)),
            form_href: href(SectionKind::Contact),
            order_href: takes_orders.then(|| spoken.href(&labels.order_slug)),
            forms: Forms {
                contact: spoken.form("contact"),
                privacy: spoken.href(&labels.privacy_slug),
            },
        };
        let icons = include_str!("../../templates/site/icons.svg").trim();
        let marks = include_str!("../../templates/site/marks.svg").trim();
        let symbols = art::symbols(&motifs) + icons + marks;
        Ok(Self { document, place, labels, language, palette, cut, css, symbols, spoken, site })
    }

    /// The pages of the document and those every site has, in one language.
    fn pages(&self) -> Result<Vec<BuiltFile>, CompileError> {
        let mut files = Vec::new();
        for page in &self.document.pages {
            files.push(file(&self.spoken.path(&page.slug), HTML, self.page(page)?));
        }
        files.extend(self.fixed_pages()?);
        Ok(files)
    }

    /// The hashes of the style elements of all pages.
    fn style_hashes(&self) -> Vec<String> {
        let order = self.site.order_href.is_some().then(|| self.order_css());
        let sheets = std::iter::once(self.css.clone()).chain(order);
        sheets.map(|css| STANDARD.encode(Sha256::digest(css.as_bytes()))).collect()
    }

    /// The style sheet of the order list, which other pages need not carry.
    pub(super) fn order_css(&self) -> String {
        self.css.clone() + &style::more(&[("order", "")])
    }

    /// One page of the document, as lavish as its bound allows.
    fn page(&self, page: &Page) -> Result<String, CompileError> {
        let mut html = String::new();
        for thrift in Thrift::ALL {
            html = self.page_with(page, thrift)?;
            if html.len() <= PAGE_BYTES_AT_MOST {
                break;
            }
        }
        Ok(html)
    }

    fn page_with(&self, page: &Page, thrift: Thrift) -> Result<String, CompileError> {
        let site = Site { thrift, ..self.site.clone() };
        let parts: Vec<&Section> = page
            .sections
            .iter()
            .filter(|section| shop::has_content(self.document, section))
            // They hold no fact, and the button that stays in sight leads on as well.
            .filter(|section| {
                thrift < Thrift::Plain
                    || !matches!(section.kind, SectionKind::Cta | SectionKind::Steps)
            })
            .collect();
        let headed = parts.iter().position(|section| section.kind == SectionKind::Hero);
        let mut body = Markup::default();
        if headed.is_none() {
            let heading =
                if page.slug.is_empty() { &self.document.business.name } else { &page.title };
            body.push(&Markup::of(&PageHead { heading })?);
        }
        let mut named = BTreeSet::new();
        for (order, section) in parts.iter().enumerate() {
            let first = headed == Some(order);
            let order = order + usize::from(headed.is_none());
            let part = sections::render(&site, section, order, first)?;
            // Two landmarks of one name cannot be told apart by who only hears them.
            let fresh = named.insert(heard(&section.words.heading));
            body.push(&if fresh { part } else { part.unnamed(&section.id) });
        }
        let name = &self.document.business.name;
        let home = page.slug.is_empty();
        let title = if home {
            self.document.meta.title.clone()
        } else {
            format!("{} · {name}", page.title)
        };
        let description = if home {
            self.document.meta.description.clone()
        } else {
            let words = parts.iter().map(|section| section.words.lead.trim());
            let lead = words.into_iter().find(|lead| !lead.is_empty());
            cut(&format!("{title}. {}", lead.unwrap_or(&self.document.meta.description)), 160)
        };
        self.wrap(&page.slug, &body, &title, Some((&description, thrift)))
    }

    /// Puts the frame around a body; without a description the page stays out of search.
    pub(super) fn wrap(
        &self,
        slug: &str,
        body: &Markup,
        title: &str,
        description: Option<(&str, Thrift)>,
    ) -> Result<String, CompileError> {
        self.wrap_in(&self.css, slug, body, title, description)
    }

    /// Puts the frame with a style sheet of its own around a body.
    pub(super) fn wrap_in(
        &self,
        sheet: &str,
        slug: &str,
        body: &Markup,
        title: &str,
        description: Option<(&str, Thrift)>,
    ) -> Result<String, CompileError> {
        let business = &self.document.business;
        let home = slug.is_empty() && description.is_some();
        let offers = description.is_some_and(|(_, thrift)| thrift < Thrift::Bare);
        let url = format!("{}{}", self.place.origin, self.spoken.href(slug));
        let structured = home.then(|| {
            Markup::json(&structured::business(self.document, &self.place.origin, &url, offers))
        });
        // Pages that search does not know have no twins to be named; their switch leads home.
        let twin = if description.is_some() { slug } else { "" };
        // Nobody's text holds it: a `<` of theirs is escaped.
        let css = "<css>";
        let page = PageTemplate {
            lang: self.language.tag(),
            title,
            description: description.map_or("", |(text, _)| text),
            shared: description.is_none_or(|(_, thrift)| thrift < Thrift::Plain),
            index: description.is_some(),
            url,
            alternates: self.spoken.alternates(twin),
            languages: self.spoken.switch(twin),
            home: self.spoken.href(""),
            privacy: self.spoken.href(&self.labels.privacy_slug),
            origin: &self.place.origin,
            card: card_path(self.document),
            name: &business.name,
            labels: self.labels,
            scheme: style::schemes(&self.palette),
            theme_colour: hex(self.palette.light.ground),
            css: Markup::ours(css.to_owned()),
            structured,
            symbols: self.used_symbols(body),
            header: self.cut.header.slug(),
            footer: self.cut.footer.slug(),
            over: if self.cut.header == Header::Strip { self.site.facts() } else { Vec::new() },
            nav: self.nav(slug),
            dock: shop::main_action(business, self.labels),
            body,
            place: shop::place(business),
            elsewhere: proofs::elsewhere(business),
            made_with: self.made_with(),
        };
        // The style element is put in after packing: its hash is that of the sheet as it stands.
        Ok(pack(&page.render()?).replacen(css, sheet, 1))
    }

    /// Who made the site; an operator who is named like the program is not named twice.
    fn made_with(&self) -> String {
        let operator = self.place.operator.as_str();
        if self.labels.made_alone.ends_with(operator) {
            return self.labels.made_alone.clone();
        }
        fill(&self.labels.made_with, &[("operator", operator)])
    }

    /// The drawings a page refers to; the first stands beside the name, chat or call in the dock.
    fn used_symbols(&self, body: &Markup) -> Markup {
        const IN_FRAME: [&str; 5] = ["_m0", "_i-chat", "_i-call", "_i-pin", "_i-clock"];
        let parts = self.symbols.split_inclusive("</symbol>").filter(|part| {
            let id = part.split('"').nth(1).unwrap_or_default();
            IN_FRAME.contains(&id) || body.as_str().contains(&format!("\"#{id}\""))
        });
        Markup::ours(parts.collect())
    }

    /// Other pages, then the shown sections of the home page that are worth a link.
    fn nav(&self, here: &str) -> Vec<NavLink> {
        const LINKS_AT_MOST: usize = 6;
        let home = if here.is_empty() { String::new() } else { self.spoken.href("") };
        let mut named = BTreeSet::new();
        let sections = shown(self.document)
            .filter(|(page, section)| page.slug.is_empty() && in_nav(section.kind))
            .filter(|(_, section)| named.insert(section.kind))
            .map(|(_, section)| NavLink {
                href: format!("{home}#{}", section.id),
                label: self.labels.section(section.kind, &self.document.business.trade).to_owned(),
            });
        let pages =
            self.document.pages.iter().skip(1).map(|page| NavLink {
                href: self.spoken.href(&page.slug),
                label: page.title.clone(),
            });
        pages.chain(sections).take(LINKS_AT_MOST).collect()
    }
}

/// Every section that is shown, with its page.
fn shown(document: &Document) -> impl Iterator<Item = (&Page, &Section)> {
    document.pages.iter().flat_map(move |page| {
        let sections = page.sections.iter();
        sections
            .filter(move |section| shop::has_content(document, section))
            .map(move |section| (page, section))
    })
}

/// The looks and grounds of all pages. Which ground a section gets is counted as its page counts.
fn used<'a>(document: &'a Document, theme: &'a Theme) -> style::Used<'a> {
    let mut used = style::Used::default();
    for page in &document.pages {
        let parts = page.sections.iter().filter(|one| shop::has_content(document, one));
        let headless = usize::from(!page.sections.iter().any(|one| is_hero(document, one)));
        for (order, section) in parts.enumerate() {
            let variant = sections::variant(section, theme);
            let style = sections::style(section, theme, order + headless, variant);
            used.add(section.kind, variant, style);
        }
    }
    used
}

fn is_hero(document: &Document, section: &Section) -> bool {
    section.kind == SectionKind::Hero && shop::has_content(document, section)
}

const fn in_nav(kind: SectionKind) -> bool {
    match kind {
        SectionKind::Catalogue
        | SectionKind::Prices
        | SectionKind::Team
        | SectionKind::Gallery
        | SectionKind::About
        | SectionKind::Faq
        | SectionKind::Visit
        | SectionKind::Contact => true,
        SectionKind::Hero
        | SectionKind::Features
        | SectionKind::Steps
        | SectionKind::Cta
        | SectionKind::Testimonials => false,
    }
}

/// A heading as it is heard: spaces and capitals say nothing.
fn heard(heading: &str) -> String {
    heading.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
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

struct NavLink {
    href: String,
    label: String,
}

#[derive(Template)]
#[template(path = "site/page.html")]
struct PageTemplate<'a> {
    lang: &'a str,
    title: &'a str,
    description: &'a str,
    /// Whether the description is said a second time for sharing; it is read from the first else.
    shared: bool,
    index: bool,
    card: &'static str,
    url: String,
    alternates: Vec<Alternate>,
    languages: Vec<Alternate>,
    home: String,
    privacy: String,
    origin: &'a str,
    name: &'a str,
    labels: &'a Labels,
    scheme: &'a str,
    theme_colour: String,
    css: Markup,
    structured: Option<Markup>,
    symbols: Markup,
    header: &'static str,
    footer: &'static str,
    over: Vec<Action>,
    nav: Vec<NavLink>,
    dock: Option<Action>,
    body: &'a Markup,
    place: Option<String>,
    elsewhere: Vec<Action>,
    made_with: String,
}

#[derive(Template)]
#[template(path = "site/sections/page_head.html")]
struct PageHead<'a> {
    heading: &'a str,
}

#[cfg(test)]
mod tests;
