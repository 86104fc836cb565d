//! What each section of a page shows, and on which ground.

mod views;

use super::art;
use super::choice::pick;
use super::compile::CompileError;
use super::document::{
    Document, DocumentPerson, DocumentPhoto, Section, SectionKind, SectionStyle, Surface, Words,
};
use super::labels::{Labels, fill};
use super::letters::Capitals;
use super::marks;
use super::markup::Markup;
use super::proofs;
use super::shop::{self, Action, Thrift};
use super::style;
use super::theme::{ArtStyle, Theme, variants};
use views::{
    About, At, Catalogue, Contact, Cta, Faq, Features, Gallery, GalleryPhoto, Hero, PersonView,
    Prices, Steps, Team, Testimonials, Visit,
};

/// More drawn cards than this repeat their drawings too visibly.
const DRAWN_CARDS_AT_MOST: usize = 9;

/// What a drawing further down the page is like.
const SECOND: [ArtStyle; 3] = [ArtStyle::Cloth, ArtStyle::Still, ArtStyle::Rays];

/// A word of so many letters may be wider than its column.
const LONG_WORD: usize = 11;
/// A word as wide as so many small letters, in hundredths, is wider than a phone in letters of full size,
/// and in those of long words.
const WIDE_WORD: usize = 1_040;
const WIDER_WORD: usize = 1_400;

/// Items on the board of a first view.
const SLATE_ITEMS_AT_MOST: usize = 5;
/// Letters that stand for a person without a photo.
const INITIALS_AT_MOST: usize = 2;

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

/// How a section departs from the page, once the theme's rhythm is counted in.
pub(super) fn style(section: &Section, theme: &Theme, order: usize, variant: &str) -> SectionStyle {
    let own = section.style;
    let surface = match section.kind {
        SectionKind::Hero => own.surface,
        SectionKind::Cta if variant == "band" => own.surface.or(Some(Surface::Brand)),
        SectionKind::Features
        | SectionKind::Catalogue
        | SectionKind::Gallery
        | SectionKind::About
        | SectionKind::Steps
        | SectionKind::Faq
        | SectionKind::Visit
        | SectionKind::Cta
        | SectionKind::Contact
        | SectionKind::Prices
        | SectionKind::Team
        | SectionKind::Testimonials => own.surface.or(Some(theme.rhythm.surface(order))),
    };
    SectionStyle { surface, ..own }
}

/// Renders one section; `order` counts shown sections from the top, `first` marks the page's heading.
pub(super) fn render(
    site: &Site<'_>,
    section: &Section,
    order: usize,
    first: bool,
) -> Result<Markup, CompileError> {
    let variant = variant(section, site.theme);
    let style = style(section, site.theme, order, variant);
    let below = section.kind != SectionKind::Hero && style.surface == Some(Surface::Ground);
    let ground = style::classes(style) + if below { site.theme.rhythm.class(order) } else { "" };
    let at = At { id: &section.id, variant, ground, kick: site.kick(section) };
    let words = &section.words;
    match section.kind {
        SectionKind::Hero => site.hero(at, words, first),
        SectionKind::Features => Markup::of(&Features { at, words, motifs: site.motifs }),
        SectionKind::Catalogue => site.catalogue(at, words),
        SectionKind::Gallery => site.gallery(at, words),
        SectionKind::About => site.about(at, words),
        SectionKind::Steps => Markup::of(&Steps { at, words }),
        SectionKind::Faq => Markup::of(&Faq { at, words }),
        SectionKind::Visit => site.visit(at, words),
        SectionKind::Cta => site.cta(at, words),
        SectionKind::Contact => site.contact(at, words),
        SectionKind::Prices => site.prices(at, words),
        SectionKind::Team => site.team(at, words),
        SectionKind::Testimonials => site.testimonials(at, words),
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
            "arch" => (480, 600),
            "board" => (600, 338),
            "stack" => (960, 384),
            _ => (600, 480),
        };
        let sizes = match at.variant {
            "full" | "centred" => "100vw",
            "stack" | "type" => "(min-width:72.5rem) 70rem, 100vw",
            "poster" => "(min-width:56rem) 42rem, 100vw",
            "arch" => "25rem",
            _ => "(min-width:56rem) 33rem, 100vw",
        };
        let otherwise = fill(&labels.photo, &[("name", &document.business.name)]);
        let photo = shop::shown_photos(&document.business).0;
        let painted = shop::illustration(&document.business);
        let roomy = self.thrift < Thrift::Plain;
        let slate = if roomy && at.variant == "board" { self.slate() } else { Vec::new() };
        // A row of drawings stands for the picture there, and where bytes are dear the board does.
        let scarce = self.thrift >= Thrift::Sketched && !slate.is_empty();
        let bare = at.variant == "type" || scarce;
        let picture = match photo {
            Some(photo) => shop::picture(photo, sizes, true, &otherwise)?,
            None if bare => Markup::default(),
            None => match painted {
                Some(painted) => shop::illustrated(painted, sizes, true, &labels.illustration)?,
                None => self.art(size, 0),
            },
        };
        Markup::of(&Hero {
            drawn: photo.is_none() && (bare || painted.is_none()),
            pictured: photo.is_some() || !bare,
            motifs: self.motifs,
            slate,
            at,
            words,
            first,
            long: self.long(&words.heading),
            picture,
            actions: self.actions(words, true),
            facts: self.facts(),
        })
    }

    /// The class of a heading whose longest word needs smaller letters; capitals are wider than others.
    fn long(&self, heading: &str) -> &'static str {
        let letters = super::compile::cut_of(self.document, self.theme).letters;
        let wide = match letters.capitals {
            Capitals::Upper => 130,
            Capitals::SmallCaps => 115,
            Capitals::None | Capitals::Lower => 100,
        };
        let longest = heading.split_whitespace().map(|word| word.chars().count()).max();
        let letters = longest.unwrap_or_default();
        match (letters, letters * wide) {
            (LONG_WORD.., WIDER_WORD..) => "longer",
            (LONG_WORD.., _) => "long",
            (_, WIDE_WORD..) => "wide",
            _ => "",
        }
    }

    /// The first items that have a price.
    fn slate(&self) -> Vec<(String, String)> {
        let items = self.document.business.items.iter().filter(|item| !item.sold_out);
        let language = super::compile::language_of(self.document);
        let price = |item| shop::price(item, language);
        let priced = items.filter_map(|item| Some((item.name.clone(), price(item)?)));
        priced.take(SLATE_ITEMS_AT_MOST).collect()
    }

    /// Address and hours in a line each.
    pub(super) fn facts(&self) -> Vec<Action> {
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
        if self.thrift == Thrift::Plain || self.thrift >= Thrift::Sketched && more > 0 {
            let drawing =
                "<svg viewBox=\"0 0 100 100\" aria-hidden=\"true\"><use href=\"#_m0\"/></svg>";
            return Markup::ours(drawing.to_owned());
        }
        let seed = self.document.design.seed.wrapping_add(more);
        let art = self.theme.art_for(self.document.design.seed);
        let style = match self.thrift {
            Thrift::Sketched | Thrift::Bare | Thrift::Plain => ArtStyle::Scene,
            Thrift::None | Thrift::TerseLinks | Thrift::Unlisted if more == 0 => art,
            // A second drawing in the style of the first looks like a copy of it.
            Thrift::None | Thrift::TerseLinks | Thrift::Unlisted => {
                let others = SECOND.into_iter().filter(|one| *one != art).collect::<Vec<_>>();
                others[pick(seed, "second", others.len())]
            }
        };
        let drawn = art::compose(style, size, self.motifs, seed);
        let (width, height) = size;
        Markup::ours(format!(
            "<svg viewBox=\"0 0 {width} {height}\" preserveAspectRatio=\"xMidYMid slice\" aria-hidden=\"true\">{drawn}</svg>"
        ))
    }

    fn catalogue(&self, at: At<'_>, words: &Words) -> Result<Markup, CompileError> {
        let pictures = matches!(at.variant, "cards" | "shelf" | "tiles");
        let mut items = shop::items(self.document, self.labels, pictures, self.thrift)?;
        let pictured = items.iter().any(|item| item.picture.is_some());
        let drawn = pictured || items.len() <= DRAWN_CARDS_AT_MOST;
        let symbols = if pictures && drawn {
            Markup::ours(marks::mark(&self.document.business, &mut items, self.thrift))
        } else {
            Markup::default()
        };
        let labels = self.labels;
        let order = self.order_href.as_deref();
        let name = labels.catalogue_of(&self.document.business.trade);
        Markup::of(&Catalogue { at, words, labels, items, drawn, symbols, name, order })
    }

    fn prices(&self, at: At<'_>, words: &Words) -> Result<Markup, CompileError> {
        let items = shop::items(self.document, self.labels, false, self.thrift)?;
        Markup::of(&Prices { at, words, labels: self.labels, items })
    }

    fn team(&self, at: At<'_>, words: &Words) -> Result<Markup, CompileError> {
        let people = self.document.business.people.iter();
        let people = people.map(|one| self.person(one)).collect::<Result<_, _>>()?;
        Markup::of(&Team { at, words, people })
    }

    fn person<'p>(&'p self, person: &'p DocumentPerson) -> Result<PersonView<'p>, CompileError> {
        let DocumentPerson { name, role, photo } = person;
        let meant = |one: &&DocumentPhoto| Some(&one.id) == photo.as_ref() && shop::is_photo(one);
        let photo = self.document.business.photos.iter().find(meant);
        let picture = photo.map(|one| shop::picture(one, "14rem", false, name)).transpose()?;
        let firsts = name.split_whitespace().filter_map(|word| word.chars().next());
        let initials = firsts.take(INITIALS_AT_MOST).flat_map(char::to_uppercase).collect();
        Ok(PersonView { name, role, initials, picture })
    }

    fn testimonials(&self, at: At<'_>, words: &Words) -> Result<Markup, CompileError> {
        let said = self.document.business.testimonials.as_slice();
        let label = &self.labels.testimonials;
        Markup::of(&Testimonials { at, words, said, label })
    }

    fn cta(&self, at: At<'_>, words: &Words) -> Result<Markup, CompileError> {
        let picture = match at.variant {
            "picture" => self.small_picture(SectionKind::Cta, 2)?,
            _ => Markup::default(),
        };
        Markup::of(&Cta { at, words, picture, actions: self.actions(words, false) })
    }

    /// The painted picture of a section further down, or a drawing.
    fn small_picture(&self, kind: SectionKind, more: u32) -> Result<Markup, CompileError> {
        let painted = shop::small_illustration(&self.document.business, kind);
        match painted.filter(|_| self.thrift < Thrift::Plain) {
            Some(painted) => {
                let sizes = "(min-width:56rem) 33rem, 100vw";
                shop::illustrated(painted, sizes, false, &self.labels.illustration)
            }
            None => Ok(self.art((480, 360), more)),
        }
    }

    fn contact(&self, at: At<'_>, words: &Words) -> Result<Markup, CompileError> {
        let (business, labels) = (&self.document.business, self.labels);
        let ways = shop::ways(business, labels);
        let consent = fill(&labels.form_consent, &[("name", &business.name)]);
        let (action, privacy) = (self.forms.contact.as_str(), self.forms.privacy.as_str());
        let proofs = proofs::part(business, labels)?;
        Markup::of(&Contact { at, words, labels, ways, consent, action, privacy, proofs })
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
        let (lead, others) = shop::shown_photos(business);
        // The photo of the first view once more says nothing new.
        let photo = others.last().filter(|one| lead.is_none_or(|lead| lead.id != one.id));
        let picture = match (at.variant, photo) {
            ("picture", Some(photo)) => {
                shop::picture(photo, "(min-width:56rem) 33rem, 100vw", false, &otherwise)?
            }
            ("picture", None) => self.small_picture(SectionKind::About, 1)?,
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
