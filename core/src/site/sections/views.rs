//! The templates of the sections: one struct a family, holding exactly what it shows.

use askama::Template;

use super::super::document::{DocumentTestimonial, Words};
use super::super::labels::Labels;
use super::super::markup::Markup;
use super::super::shop::{Action, HoursRow, ItemView};

/// Where a section stands.
pub(super) struct At<'a> {
    pub(super) id: &'a str,
    pub(super) variant: &'a str,
    /// Classes, each with a space before it.
    pub(super) ground: String,
    pub(super) kick: Option<String>,
}

#[derive(Template)]
#[template(path = "site/sections/hero.html")]
pub(super) struct Hero<'a> {
    pub(super) at: At<'a>,
    pub(super) words: &'a Words,
    pub(super) first: bool,
    /// The class of a heading with a word too long for letters of full size; empty otherwise.
    pub(super) long: &'static str,
    pub(super) picture: Markup,
    pub(super) actions: Vec<Action>,
    pub(super) facts: Vec<Action>,
    /// Whether the picture is a drawing.
    pub(super) drawn: bool,
    /// Whether there is a picture.
    pub(super) pictured: bool,
    pub(super) motifs: usize,
    /// The first items with their prices.
    pub(super) slate: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "site/sections/features.html")]
pub(super) struct Features<'a> {
    pub(super) at: At<'a>,
    pub(super) words: &'a Words,
    pub(super) motifs: usize,
}

#[derive(Template)]
#[template(path = "site/sections/catalogue.html")]
pub(super) struct Catalogue<'a> {
    pub(super) at: At<'a>,
    pub(super) words: &'a Words,
    pub(super) labels: &'a Labels,
    pub(super) items: Vec<ItemView>,
    pub(super) drawn: bool,
    /// Drawings of items that the page has not got yet.
    pub(super) symbols: Markup,
    /// What the list is called.
    pub(super) name: &'a str,
    /// Where several things are ordered at once.
    pub(super) order: Option<&'a str>,
}

pub(super) struct GalleryPhoto {
    pub(super) picture: Markup,
}

#[derive(Template)]
#[template(path = "site/sections/gallery.html")]
pub(super) struct Gallery<'a> {
    pub(super) at: At<'a>,
    pub(super) words: &'a Words,
    pub(super) photos: Vec<GalleryPhoto>,
    pub(super) label: &'a str,
}

#[derive(Template)]
#[template(path = "site/sections/about.html")]
pub(super) struct About<'a> {
    pub(super) at: At<'a>,
    pub(super) words: &'a Words,
    pub(super) picture: Markup,
}

#[derive(Template)]
#[template(path = "site/sections/steps.html")]
pub(super) struct Steps<'a> {
    pub(super) at: At<'a>,
    pub(super) words: &'a Words,
}

#[derive(Template)]
#[template(path = "site/sections/faq.html")]
pub(super) struct Faq<'a> {
    pub(super) at: At<'a>,
    pub(super) words: &'a Words,
}

#[derive(Template)]
#[template(path = "site/sections/visit.html")]
pub(super) struct Visit<'a> {
    pub(super) at: At<'a>,
    pub(super) words: &'a Words,
    pub(super) labels: &'a Labels,
    pub(super) hours: Option<Vec<HoursRow>>,
    pub(super) zone: Option<&'static str>,
    pub(super) place: Option<String>,
    pub(super) actions: Vec<Action>,
}

#[derive(Template)]
#[template(path = "site/sections/cta.html")]
pub(super) struct Cta<'a> {
    pub(super) at: At<'a>,
    pub(super) words: &'a Words,
    pub(super) picture: Markup,
    pub(super) actions: Vec<Action>,
}

#[derive(Template)]
#[template(path = "site/sections/contact.html")]
pub(super) struct Contact<'a> {
    pub(super) at: At<'a>,
    pub(super) words: &'a Words,
    pub(super) labels: &'a Labels,
    pub(super) ways: Vec<Action>,
    pub(super) consent: String,
    pub(super) action: &'a str,
    pub(super) privacy: &'a str,
    pub(super) proofs: Markup,
}

#[derive(Template)]
#[template(path = "site/sections/prices.html")]
pub(super) struct Prices<'a> {
    pub(super) at: At<'a>,
    pub(super) words: &'a Words,
    pub(super) labels: &'a Labels,
    pub(super) items: Vec<ItemView>,
}

pub(super) struct PersonView<'a> {
    pub(super) name: &'a str,
    pub(super) role: &'a str,
    pub(super) initials: String,
    pub(super) picture: Option<Markup>,
}

#[derive(Template)]
#[template(path = "site/sections/team.html")]
pub(super) struct Team<'a> {
    pub(super) at: At<'a>,
    pub(super) words: &'a Words,
    pub(super) people: Vec<PersonView<'a>>,
}

#[derive(Template)]
#[template(path = "site/sections/testimonials.html")]
pub(super) struct Testimonials<'a> {
    pub(super) at: At<'a>,
    pub(super) words: &'a Words,
    pub(super) said: &'a [DocumentTestimonial],
    pub(super) label: &'a str,
}
