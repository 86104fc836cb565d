//! The parts a theme is put together from: every choice a theme file may name.

use serde::Deserialize;

use super::super::document::{SectionKind, Surface};
use super::super::palette::{Ground, HeroGround};

/// How the colours of a theme come from the owner's.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    /// The page.
    pub ground: Ground,
    /// The first view.
    pub hero: HeroGround,
    /// Degrees from the first to the second colour.
    pub shift: f32,
}

/// Corners, shadows, borders, buttons and room.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// Corners.
    pub corners: Corners,
    /// Shadows of cards.
    pub shadow: Shadow,
    /// Borders of cards.
    pub border: Border,
    /// Buttons.
    pub buttons: Buttons,
    /// Room around sections.
    pub space: Space,
}

/// Corners of cards and buttons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Corners {
    /// None.
    Sharp,
    /// A little.
    Soft,
    /// Much.
    Round,
    /// Round cards and pill buttons.
    Pill,
    /// One corner round, the others sharp.
    Leaf,
}

/// Shadows of cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shadow {
    /// None.
    None,
    /// Blurred.
    Soft,
    /// A hard offset block.
    Hard,
}

/// Borders of cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Border {
    /// None.
    None,
    /// A hairline.
    Hair,
    /// A thick line in the colour of text.
    Bold,
}

/// How buttons are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Buttons {
    /// Filled.
    Solid,
    /// Filled, on a darker edge that gives way.
    Lift,
    /// Filled, in capitals and wide.
    Label,
    /// Filled, with an arrow.
    Arrow,
}

/// Room around sections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Space {
    /// Little: much on one screen.
    Tight,
    /// Usual.
    Normal,
    /// Much: one thing at a time.
    Airy,
}

/// How the grounds of sections follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rhythm {
    /// Page and band by turns.
    Bands,
    /// The page throughout.
    Plain,
    /// The page throughout, a hairline between.
    Ruled,
    /// A pastel every other time and one dark section.
    Accent,
    /// Dark and light by turns.
    Inverse,
    /// Every other section in a large frame.
    Framed,
}

impl Rhythm {
    /// What a section stands on; `order` counts those below the first view from 1.
    pub(in super::super) const fn surface(self, order: usize) -> Surface {
        match self {
            Self::Bands if order.is_multiple_of(2) => Surface::Band,
            Self::Accent if order % 4 == 2 => Surface::Tint,
            Self::Accent if order % 8 == 4 => Surface::Deep,
            Self::Inverse if order % 3 == 1 => Surface::Deep,
            Self::Inverse if order.is_multiple_of(3) => Surface::Band,
            Self::Bands
            | Self::Plain
            | Self::Ruled
            | Self::Accent
            | Self::Inverse
            | Self::Framed => Surface::Ground,
        }
    }

    /// The class that sections below the first view carry besides.
    pub(in super::super) const fn class(self, order: usize) -> &'static str {
        match self {
            Self::Ruled => " ruled",
            Self::Framed if order.is_multiple_of(2) => " framed",
            Self::Framed | Self::Bands | Self::Plain | Self::Accent | Self::Inverse => "",
        }
    }
}

/// What headings of sections are adorned with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heads {
    /// Nothing.
    Plain,
    /// A short bar above.
    Bar,
    /// A line that runs on beside.
    Line,
    /// A diamond between two lines above.
    Diamond,
    /// Three dots above.
    Dots,
    /// A wave below.
    Wave,
    /// A stroke of a marker behind.
    Marker,
    /// The section's number above.
    Number,
    /// In a column of their own beside the content.
    Side,
}

impl Heads {
    /// The name of its piece of style sheet.
    pub(in super::super) const fn slug(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Bar => "bar",
            Self::Line => "line",
            Self::Diamond => "diamond",
            Self::Dots => "dots",
            Self::Wave => "wave",
            Self::Marker => "marker",
            Self::Number => "number",
            Self::Side => "side",
        }
    }
}

/// How the top of the page is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Header {
    /// Name left, links right.
    Bar,
    /// Name in the middle, links under it.
    Centred,
    /// Name on a block of colour.
    Block,
    /// A line with place and hours above the bar.
    Strip,
    /// A floating bar with round ends.
    Pill,
    /// The name across the page, links under a rule.
    Wordmark,
}

impl Header {
    /// Every look.
    pub const ALL: [Self; 6] =
        [Self::Bar, Self::Centred, Self::Block, Self::Strip, Self::Pill, Self::Wordmark];

    /// The stable name.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Bar => "bar",
            Self::Centred => "centred",
            Self::Block => "block",
            Self::Strip => "strip",
            Self::Pill => "pill",
            Self::Wordmark => "wordmark",
        }
    }

    /// The look of a stable name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.slug() == slug)
    }
}

/// How the foot of the page is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Footer {
    /// One quiet line.
    Line,
    /// Name, hours and links in columns.
    Columns,
    /// Drawing and name in the middle.
    Centred,
    /// The name, as large as the page, on the owner's colour.
    Sign,
}

impl Footer {
    /// Every look.
    pub const ALL: [Self; 4] = [Self::Line, Self::Columns, Self::Centred, Self::Sign];

    /// The stable name.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Columns => "columns",
            Self::Centred => "centred",
            Self::Sign => "sign",
        }
    }

    /// The look of a stable name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.slug() == slug)
    }
}

/// The variants of a section family, the first being what unknown ones fall back to.
pub const fn variants(kind: SectionKind) -> &'static [&'static str] {
    match kind {
        SectionKind::Hero => {
            &["split", "full", "centred", "poster", "arch", "board", "type", "stack"]
        }
        SectionKind::Features => &["cards", "list", "strip", "bento", "checks"],
        SectionKind::Catalogue => &["cards", "menu", "rows", "shelf", "tiles", "board"],
        SectionKind::Gallery => &["mosaic", "strip", "frames", "masonry", "lead"],
        SectionKind::About => &["split", "letter", "picture", "quote"],
        SectionKind::Steps => &["numbers", "line", "cards", "path"],
        SectionKind::Faq => &["fold", "columns", "lines", "bubbles"],
        SectionKind::Visit => &["card", "bands", "board", "banner"],
        SectionKind::Cta => &["band", "card", "line", "picture"],
        SectionKind::Contact => &["split", "stack", "panel"],
        SectionKind::Prices => &["ledger", "board", "tags", "tiers"],
        SectionKind::Team => &["cards", "rows", "circles"],
        SectionKind::Testimonials => &["cards", "large", "shelf"],
    }
}
