//! A site as data: what the writer fills, edits change, versions freeze and the compiler reads.
//!
//! The JSON form of a [`Document`] is a public format (`sitespark export`): its shape changes only
//! together with [`SCHEMA`] and an upgrade from every older one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The number of the document shape written today.
pub const SCHEMA: u32 = 1;

/// One website.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Shape of this document, [`SCHEMA`] when written by this program.
    pub schema: u32,
    /// `id` or `en`.
    pub language: String,
    /// The facts the sections show.
    pub business: Business,
    /// Title and description for search and sharing.
    pub meta: Meta,
    /// How it looks.
    pub design: Design,
    /// The home page (empty slug) first.
    pub pages: Vec<Page>,
    /// The same site in other languages, each below its tag: `/en/`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub translations: Vec<Translation>,
}

/// The words of a site in another language; facts and looks are those of the document.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Translation {
    /// `id` or `en`, not the document's own.
    pub language: String,
    /// The trade in this language; empty when none.
    #[serde(default)]
    pub trade_said: String,
    /// Title and description; those of the document while empty.
    pub meta: Option<Meta>,
    /// Names of pages by their slugs.
    #[serde(default)]
    pub titles: BTreeMap<String, String>,
    /// Words by the ids of sections; a section without stays in the document's language.
    #[serde(default)]
    pub words: BTreeMap<String, Words>,
}

/// Facts, all from the owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Business {
    /// The name on the sign.
    pub name: String,
    /// A [`crate::brief::Trade`] slug.
    pub trade: String,
    /// The owner's own words for the trade, such as "kedai kopi"; empty when none.
    pub trade_said: String,
    /// Products or services in the owner's order.
    pub items: Vec<DocumentItem>,
    /// WhatsApp or telephone as E.164.
    pub phone: Option<String>,
    /// Street address.
    pub address: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// Opening hours.
    pub hours: Option<DocumentHours>,
    /// E-mail.
    pub email: Option<String>,
    /// Social and marketplace pages.
    pub links: Vec<DocumentLink>,
    /// The owner's photos.
    pub photos: Vec<DocumentPhoto>,
    /// `wib`, `wita` or `wit` when said; otherwise the town tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Certificates and licences with their numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<DocumentCertificate>,
    /// The owner's own picture of their QRIS code; never cropped, never among the photos.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qris: Option<DocumentPhoto>,
    /// The owner's logo, beside the name at the top and on the icons; never among the photos.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<DocumentPhoto>,
    /// A painted picture for the first view while there is no photo; shown as an illustration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub illustration: Option<DocumentPhoto>,
    /// Painted pictures further down while there is no photo, by the [`SectionKind`] slug of their
    /// section; shown as illustrations.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub small_illustrations: BTreeMap<String, DocumentPhoto>,
    /// Who works here, only as the owner named them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<DocumentPerson>,
    /// What customers said, only as the owner passed it on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub testimonials: Vec<DocumentTestimonial>,
}

/// A certificate or licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentCertificate {
    /// A [`crate::brief::CertificateKind`] slug.
    pub kind: String,
    /// The number, of the form [`crate::brief::Certificate::parse`] takes.
    pub number: String,
}

/// Someone who works here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentPerson {
    /// The name as the owner gave it.
    pub name: String,
    /// What they do, in the owner's words; empty when not told.
    #[serde(default)]
    pub role: String,
    /// An id in [`Business::photos`].
    #[serde(default)]
    pub photo: Option<String>,
}

/// A customer's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentTestimonial {
    /// What was said, in full.
    pub text: String,
    /// Who said it; empty when the owner did not tell.
    #[serde(default)]
    pub author: String,
}

/// A product or service on the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentItem {
    /// What it is called.
    pub name: String,
    /// Lowest price in whole Rupiah.
    pub price_rupiah: Option<i64>,
    /// Highest price in whole Rupiah when a range was said.
    pub price_to_rupiah: Option<i64>,
    /// The price is the least it costs: "mulai Rp25.000".
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub price_starts: bool,
    /// What the price is for, such as "kg"; shown after a slash.
    pub unit: Option<String>,
    /// A short remark.
    pub note: Option<String>,
    /// An id in [`Business::photos`].
    pub photo: Option<String>,
    /// Not to be ordered now.
    #[serde(default)]
    pub sold_out: bool,
}

/// Opening hours as spans; a day may stand in several (a break at noon).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentHours {
    /// Open day and night; `spans` is empty then.
    pub always: bool,
    /// Spans in the order said.
    pub spans: Vec<DocumentSpan>,
}

/// One span of opening hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentSpan {
    /// ISO weekdays, 1 is Monday, ascending.
    pub days: Vec<u8>,
    /// Minutes after midnight.
    pub opens_min: u16,
    /// Minutes after midnight; less than `opens_min` when it closes after midnight.
    pub closes_min: u16,
}

/// A page elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentLink {
    /// A [`crate::brief::LinkKind`] slug.
    pub kind: String,
    /// An https address.
    pub url: String,
}

/// A stored photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentPhoto {
    /// SHA-256 of the master in hex.
    pub id: String,
    /// Width of the master in pixels.
    pub width_px: u32,
    /// Height of the master in pixels.
    pub height_px: u32,
    /// What it shows, in words; used as the alternative text.
    pub alt: String,
    /// Dominant colour as `#rrggbb`.
    pub colour: String,
    /// What frames of another shape keep in sight, across and down in hundredths; the middle when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focus: Option<[u8; 2]>,
}

/// For search results and shared links.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// At most 60 characters.
    pub title: String,
    /// At most 160 characters.
    pub description: String,
}

/// Which theme, in which colours.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Design {
    /// A theme file's id.
    pub theme: String,
    /// The colour all others are derived from, `#rrggbb`.
    pub colour: String,
    /// Breaks ties so that two shops of one trade differ.
    pub seed: u32,
    /// A pairing of typefaces by its id; the theme's first when empty or unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub letters: String,
    /// The look of the top of the page; the theme's first when empty or unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub header: String,
    /// The look of the foot of the page; the theme's first when empty or unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub footer: String,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Path below `/` without slashes; empty for the home page.
    pub slug: String,
    /// Name in the navigation.
    pub title: String,
    /// From top to bottom.
    pub sections: Vec<Section>,
}

/// A part of a page: a family, one of its variants, and the words in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Unique in the document; the anchor on the page.
    pub id: String,
    /// Which family of component.
    pub kind: SectionKind,
    /// Which look of the family; an unknown one falls back to the family's first.
    pub variant: String,
    /// Its words.
    pub words: Words,
    /// Kept but not shown.
    #[serde(default)]
    pub hidden: bool,
    /// Kept as it is: no edit of its words, place or presence is taken until it is opened again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub locked: bool,
    /// How this one departs from its theme.
    #[serde(default, skip_serializing_if = "SectionStyle::is_empty")]
    pub style: SectionStyle,
}

/// How one section departs from its theme: choices from lists, never rules of style.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SectionStyle {
    /// What it stands on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surface: Option<Surface>,
    /// Where its heading stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub align: Option<Align>,
    /// How much room it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub density: Option<Density>,
}

impl SectionStyle {
    /// Whether everything follows the theme.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What a section stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Surface {
    /// The page.
    Ground,
    /// A shade beside the page.
    Band,
    /// A pastel of the owner's colour.
    Tint,
    /// The owner's colour itself.
    Brand,
    /// Nearly black, of the owner's hue.
    Deep,
}

impl Surface {
    /// Every surface.
    pub const ALL: [Self; 5] = [Self::Ground, Self::Band, Self::Tint, Self::Brand, Self::Deep];
}

/// Where a heading stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// At the start of the line.
    Start,
    /// In the middle.
    Centre,
}

/// How much room a section has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Density {
    /// Little.
    Snug,
    /// As usual, whatever the theme.
    Normal,
    /// Much.
    Airy,
}

/// The families of components.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SectionKind {
    /// First view: heading, lead, main action, photo or art.
    Hero,
    /// Three or four reasons; `words.points`.
    Features,
    /// Items with prices; facts come from [`Business::items`].
    Catalogue,
    /// The owner's photos.
    Gallery,
    /// The story; `words.paragraphs`.
    About,
    /// How to order or book, as numbered steps; `words.points`.
    Steps,
    /// Questions and answers; `words.points` (title is the question).
    Faq,
    /// Hours, address, map link.
    Visit,
    /// One strong invitation.
    Cta,
    /// All ways to reach the business, and the form.
    Contact,
    /// Services with their prices as a list; facts come from [`Business::items`].
    Prices,
    /// Who works here; facts come from [`Business::people`].
    Team,
    /// What customers said; facts come from [`Business::testimonials`].
    Testimonials,
}

impl SectionKind {
    /// Every family.
    pub const ALL: [Self; 13] = [
        Self::Hero,
        Self::Features,
        Self::Catalogue,
        Self::Gallery,
        Self::About,
        Self::Steps,
        Self::Faq,
        Self::Visit,
        Self::Cta,
        Self::Contact,
        Self::Prices,
        Self::Team,
        Self::Testimonials,
    ];

    /// The stable name.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Hero => "hero",
            Self::Features => "features",
            Self::Catalogue => "catalogue",
            Self::Gallery => "gallery",
            Self::About => "about",
            Self::Steps => "steps",
            Self::Faq => "faq",
            Self::Visit => "visit",
            Self::Cta => "cta",
            Self::Contact => "contact",
            Self::Prices => "prices",
            Self::Team => "team",
            Self::Testimonials => "testimonials",
        }
    }

    /// The family of a stable name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }
}

/// The words of one section: plain text, never markup. Which fields a family shows stands at
/// [`SectionKind`]; the others stay empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Words {
    /// The heading, at most 80 characters.
    pub heading: String,
    /// One or two sentences under it, at most 240 characters; empty for none.
    #[serde(default)]
    pub lead: String,
    /// Short titled texts.
    #[serde(default)]
    pub points: Vec<Point>,
    /// Running text.
    #[serde(default)]
    pub paragraphs: Vec<String>,
    /// The label of the section's button, at most 30 characters; empty for the default.
    #[serde(default)]
    pub action: String,
}

/// A short titled text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Point {
    /// At most 80 characters.
    pub title: String,
    /// At most 240 characters.
    pub text: String,
}
