//! What all pages of a site share, and each page put into it.

use std::collections::BTreeSet;

use askama::Template;

use super::super::document::{Document, Page, Section, SectionKind};
use super::super::gate::PAGE_BYTES_AT_MOST;
use super::super::labels::{Labels, fill, labels};
use super::super::logo::Mark;
use super::super::markup::{Markup, pack};
use super::super::order::OrderSheet;
use super::super::palette::{Palette, hex};
use super::super::pictures::card_path;
use super::super::sections::{self, Forms, Site};
use super::super::shop::{self, Action, Thrift};
use super::super::theme::{Cut, Header, Theme};
use super::super::worn::Classes;
use super::super::{art, photo, proofs, structured, style, trades};
use super::{
    Alternate, BuiltFile, CompileError, HTML, Place, Spoken, check, cut, cut_of, file, language_of,
    palette_of, theme_of,
};
use crate::brief::Language;

/// What all pages of a site share.
pub(in crate::site) struct Frame<'a> {
    pub(in crate::site) document: &'a Document,
    pub(in crate::site) place: &'a Place,
    pub(in crate::site) labels: &'static Labels,
    pub(in crate::site) language: Language,
    pub(in crate::site) palette: Palette,
    pub(in crate::site) cut: Cut,
    /// Rules of all its pages; each carries those it wears.
    pub(in crate::site) rules: String,
    pub(in crate::site) symbols: String,
    pub(in crate::site) spoken: Spoken,
    pub(in crate::site) site: Site<'a>,
}

impl<'a> Frame<'a> {
    pub(super) fn of(
        document: &'a Document,
        place: &'a Place,
        spoken: Spoken,
    ) -> Result<Self, CompileError> {
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
        parts.extend(takes_orders.then_some(("order", "")));
        let rules = style::rules(theme, cut, &used(document, theme))
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
        let icons = include_str!("../../../templates/site/icons.svg").trim();
        let marks = include_str!("../../../templates/site/marks.svg").trim();
        let symbols = art::symbols(&motifs) + icons + marks;
        Ok(Self { document, place, labels, language, palette, cut, rules, symbols, spoken, site })
    }

    /// The pages of the document and those every site has, in one language.
    pub(super) fn pages(&self) -> Result<Vec<BuiltFile>, CompileError> {
        let mut files = Vec::new();
        for page in &self.document.pages {
            files.push(file(&self.spoken.path(&page.slug), HTML, self.page(page)?));
        }
        files.extend(self.fixed_pages()?);
        Ok(files)
    }

    /// The style sheet of a page: what it wears, and the tokens of that.
    fn sheet(&self, html: &str) -> String {
        let rules = Classes::of(html).keep(&self.rules);
        style::sheet(self.site.theme, self.cut, &self.palette, &rules)
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
    pub(in crate::site) fn wrap(
        &self,
        slug: &str,
        body: &Markup,
        title: &str,
        description: Option<(&str, Thrift)>,
    ) -> Result<String, CompileError> {
        let business = &self.document.business;
        let home = slug.is_empty() && description.is_some();
        let offers = description.is_some_and(|(_, thrift)| thrift < Thrift::Unlisted);
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
            logo: Mark::of(business, self.labels),
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
        let html = pack(&page.render()?);
        Ok(html.replacen(css, &self.sheet(&html), 1))
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
    logo: Option<Mark>,
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
