//! One template per section family, and the choice of what it shows.

use askama::Template;

use super::art;
use super::compile::CompileError;
use super::document::{Document, Section, SectionKind, Words};
use super::labels::{Labels, fill};
use super::markup::Markup;
use super::proofs;
use super::shop::{self, Action, HoursRow, ItemView, Thrift};
use super::theme::{ArtStyle, Theme, variants};
use super::trades;

/// More drawn cards than this repeat their drawings too visibly.
const DRAWN_CARDS_AT_MOST: usize = 9;

/// Where a section stands.
pub(super) struct At<'a> {
    id: &'a str,
    variant: &'a str,
    ground: &'static str,
    kick: Option<String>,
}

/// What all sections of a site share.
#[derive(Clone)]
pub(super) struct Site<'a> {
    pub(super) document: &'a Document,
    pub(super) labels: &'static Labels,
    pub(super) theme: &'a Theme,
    pub(super) motifs: usize,
    /// How sparing the page must be.
    pub(super) thrift: Thrift,
    /// Where "look at the items" leads, when the site shows them.
    pub(super) items_href: Option<String>,
    /// Where the form stands, when the site has one.
    pub(super) form_href: Option<String>,
    /// Where several things can be ordered at once, when they can.
    pub(super) order_href: Option<String>,
    /// Where forms are sent to.
    pub(super) forms: Forms,
}

/// Addresses of forms and of what is said about their data.
#[derive(Clone)]
pub(super) struct Forms {
    pub(super) contact: String,
    pub(super) privacy: String,
}

/// The look a section really gets.
pub(super) fn variant<'a>(section: &'a Section, theme: &'a Theme) -> &'a str {
    let known = variants(section.kind);
    if section.variant.is_empty() {
        theme.variant(section.kind)
    } else if known.contains(&section.variant.as_str()) {
        &section.variant
    } else {
        known[0]
    }
}

/// Renders one section; `order` counts shown sections from the top, `first` marks the page's heading.
pub(super) fn render(
    site: &Site<'_>,
    section: &Section,
    order: usize,
    first: bool,
) -> Result<Markup, CompileError> {
    let at = At {
        id: &section.id,
        variant: variant(section, site.theme),
        ground: if order % 2 == 1 { "" } else { " alt" },
        kick: site.kick(section),
    };
    let words = &section.words;
    let labels = site.labels;
    match section.kind {
        SectionKind::Hero => site.hero(at, words, first),
        SectionKind::Features => Markup::of(&Features { at, words, motifs: site.motifs }),
        SectionKind::Catalogue => site.catalogue(at, words),
        SectionKind::Gallery => site.gallery(at, words),
        SectionKind::About => site.about(at, words),
        SectionKind::Steps => Markup::of(&Steps { at, words }),
        SectionKind::Faq => Markup::of(&Faq { at, words }),
        SectionKind::Visit => site.visit(at, words),
        SectionKind::Cta => Markup::of(&Cta { at, words, actions: site.actions(words, false) }),
        SectionKind::Contact => Markup::of(&Contact {
            at,
            words,
            labels,
            ways: shop::ways(&site.document.business, labels),
            consent: fill(&labels.form_consent, &[("name", &site.document.business.name)]),
            action: &site.forms.contact,
            privacy: &site.forms.privacy,
            proofs: proofs::part(&site.document.business, labels)?,
        }),
    }
}

impl Site<'_> {
    fn kick(&self, section: &Section) -> Option<String> {
        let business = &self.document.business;
        if section.kind == SectionKind::Hero {
            let said = capitalised(business.trade_said.trim());
            let parts: Vec<String> = [Some(said), business.city.clone()]
                .into_iter()
                .flatten()
                .filter(|part| !part.is_empty())
                .collect();
            return (!parts.is_empty()).then(|| parts.join(" · "));
        }
        let label = self.labels.section(section.kind, &business.trade);
        let heading = section.words.heading.to_lowercase();
        (!heading.contains(&label.to_lowercase())).then(|| label.to_owned())
    }

    /// The buttons of a section: the best way to reach the shop, then the items or the form.
    fn actions(&self, words: &Words, more: bool) -> Vec<Action> {
        let labels = self.labels;
        let form = self.form_href.clone().map(|href| Action {
            icon: "mail",
            href,
            label: labels.write.clone(),
            name: String::new(),
        });
        let mut actions: Vec<Action> =
            shop::main_action(&self.document.business, labels).or(form).into_iter().collect();
        if let Some(first) = actions.first_mut().filter(|_| !words.action.is_empty()) {
            first.label.clone_from(&words.action);
        }
        if let Some(href) = self.items_href.clone().filter(|_| more) {
            let list = labels.catalogue_of(&self.document.business.trade).to_lowercase();
            let label = fill(&labels.see_items, &[("item", &list)]);
            actions.push(Action { icon: "down", href, label, name: String::new() });
        }
        actions
    }

    fn hero(&self, at: At<'_>, words: &Words, first: bool) -> Result<Markup, CompileError> {
        let (document, labels) = (self.document, self.labels);
        let size = match at.variant {
            "full" => (960, 480),
            "centred" => (1200, 240),
            "poster" => (720, 360),
            _ => (600, 480),
        };
        let sizes = match at.variant {
            "full" | "centred" => "100vw",
            "poster" => "(min-width:56rem) 42rem, 100vw",
            _ => "(min-width:56rem) 33rem, 100vw",
        };
        let otherwise = fill(&labels.photo, &[("name", &document.business.name)]);
        let picture = match shop::shown_photos(&document.business).0 {
            Some(photo) => shop::picture(photo, sizes, true, &otherwise)?,
            None => self.art(size, 0),
        };
        Markup::of(&Hero {
            at,
            words,
            first,
            picture,
            actions: self.actions(words, true),
            facts: self.facts(),
        })
    }

    fn facts(&self) -> Vec<Action> {
        let business = &self.document.business;
        let fact = |icon, label| Action { icon, href: String::new(), label, name: String::new() };
        let place = business.address.clone().filter(|address| !address.is_empty());
        let hours = shop::hours(business, self.labels).map(|rows| {
            match rows.iter().find(|row| row.is_open(self.labels)) {
                None => self.labels.always_open.clone(),
                Some(row) => {
                    let zone = shop::time_zone(business).map_or("", |zone| zone.label());
                    format!("{} {} {zone}", row.days, row.spans.join(", ")).trim_end().to_owned()
                }
            }
        });
        let clock = hours.map(|label| fact("clock", label));
        place.map(|label| fact("pin", label)).into_iter().chain(clock).collect()
    }

    /// A drawing; `more` tells several on one site apart.
    fn art(&self, size: (u32, u32), more: u32) -> Markup {
        let seed = self.document.design.seed.wrapping_add(more);
        let style = if self.thrift >= Thrift::Bare { ArtStyle::Scene } else { self.theme.art };
        let drawn = art::compose(style, size, self.motifs, seed);
        let (width, height) = size;
        Markup::ours(format!(
            "<svg viewBox=\"0 0 {width} {height}\" preserveAspectRatio=\"xMidYMid slice\" aria-hidden=\"true\">{drawn}</svg>"
        ))
    }

    fn catalogue(&self, at: At<'_>, words: &Words) -> Result<Markup, CompileError> {
        let items = shop::items(self.document, self.labels, at.variant == "cards", self.thrift)?;
        let pictured = items.iter().any(|item| item.picture.is_some());
        let drawn = pictured || items.len() <= DRAWN_CARDS_AT_MOST;
        let (labels, motifs) = (self.labels, trades::fitting(&self.document.business));
        let order = self.order_href.as_deref();
        Markup::of(&Catalogue { at, words, labels, items, drawn, motifs, order })
    }

    fn gallery(&self, at: At<'_>, words: &Words) -> Result<Markup, CompileError> {
        let otherwise = fill(&self.labels.photo, &[("name", &self.document.business.name)]);
        let photos = shop::shown_photos(&self.document.business)
            .1
            .into_iter()
            .map(|photo| {
                let sizes = "(min-width:48rem) 24rem, 100vw";
                Ok(GalleryPhoto { picture: shop::picture(photo, sizes, false, &otherwise)? })
            })
            .collect::<Result<_, CompileError>>()?;
        let label = self.labels.section(SectionKind::Gallery, &self.document.business.trade);
        Markup::of(&Gallery { at, words, photos, label })
    }

    fn about(&self, at: At<'_>, words: &Words) -> Result<Markup, CompileError> {
        let business = &self.document.business;
        let otherwise = fill(&self.labels.photo, &[("name", &business.name)]);
        let picture = match (at.variant, shop::shown_photos(business).1.last()) {
            ("picture", Some(photo)) => {
                shop::picture(photo, "(min-width:56rem) 33rem, 100vw", false, &otherwise)?
            }
            ("picture", None) => self.art((480, 360), 1),
            _ => Markup::default(),
        };
        Markup::of(&About { at, words, picture })
    }

    fn visit(&self, at: At<'_>, words: &Words) -> Result<Markup, CompileError> {
        let (business, labels) = (&self.document.business, self.labels);
        let map = shop::map_link(business).map(|href| Action {
            icon: "pin",
            href,
            label: labels.map.clone(),
            name: String::new(),
        });
        Markup::of(&Visit {
            at,
            words,
            labels,
            hours: shop::hours(business, labels),
            zone: shop::time_zone(business)
                .filter(|_| business.hours.as_ref().is_some_and(|hours| !hours.always))
                .map(|zone| zone.label()),
            place: shop::place(business),
            actions: map.into_iter().collect(),
        })
    }
}

/// With a capital at its start.
pub(super) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[derive(Template)]
#[template(path = "site/sections/hero.html")]
struct Hero<'a> {
    at: At<'a>,
    words: &'a Words,
    first: bool,
    picture: Markup,
    actions: Vec<Action>,
    facts: Vec<Action>,
}

#[derive(Template)]
#[template(path = "site/sections/features.html")]
struct Features<'a> {
    at: At<'a>,
    words: &'a Words,
    motifs: usize,
}

#[derive(Template)]
#[template(path = "site/sections/catalogue.html")]
struct Catalogue<'a> {
    at: At<'a>,
    words: &'a Words,
    labels: &'a Labels,
    items: Vec<ItemView>,
    drawn: bool,
    motifs: usize,
    order: Option<&'a str>,
}

struct GalleryPhoto {
    picture: Markup,
}

#[derive(Template)]
#[template(path = "site/sections/gallery.html")]
struct Gallery<'a> {
    at: At<'a>,
    words: &'a Words,
    photos: Vec<GalleryPhoto>,
    label: &'a str,
}

#[derive(Template)]
#[template(path = "site/sections/about.html")]
struct About<'a> {
    at: At<'a>,
    words: &'a Words,
    picture: Markup,
}

#[derive(Template)]
#[template(path = "site/sections/steps.html")]
struct Steps<'a> {
    at: At<'a>,
    words: &'a Words,
}

#[derive(Template)]
#[template(path = "site/sections/faq.html")]
struct Faq<'a> {
    at: At<'a>,
    words: &'a Words,
}

#[derive(Template)]
#[template(path = "site/sections/visit.html")]
struct Visit<'a> {
    at: At<'a>,
    words: &'a Words,
    labels: &'a Labels,
    hours: Option<Vec<HoursRow>>,
    zone: Option<&'static str>,
    place: Option<String>,
    actions: Vec<Action>,
}

#[derive(Template)]
#[template(path = "site/sections/cta.html")]
struct Cta<'a> {
    at: At<'a>,
    words: &'a Words,
    actions: Vec<Action>,
}

#[derive(Template)]
#[template(path = "site/sections/contact.html")]
struct Contact<'a> {
    at: At<'a>,
    words: &'a Words,
    labels: &'a Labels,
    ways: Vec<Action>,
    consent: String,
    action: &'a str,
    privacy: &'a str,
    proofs: Markup,
}
