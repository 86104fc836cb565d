//! Themes: how sites look, as data in `core/themes/*.toml`, and which one fits a business.
//!
//! A theme never holds words and never holds colours, only how colours are derived.

mod parts;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::choice::pick;
use super::document::{Design, SectionKind};
use super::letters::{self, Letters};
use super::palette::{hue_of, turned};
use super::trades;
use crate::brief::{Feature, Rgb, Tone};

pub use parts::{
    Border, Buttons, Corners, Footer, Header, Heads, Rhythm, Scheme, Shadow, Shape, Space, variants,
};

/// One look. Where it lists several choices, the first is the usual one and the seed takes any.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// The stable name, as in the file's name.
    pub id: String,
    /// What it is like, in a sentence, for those who choose.
    pub idea: String,
    /// Trade slugs it was drawn for, best first.
    pub trades: Vec<String>,
    /// Tone slugs it speaks.
    pub tones: Vec<String>,
    /// OKLCH hues in degrees that suit it; empty when every colour does.
    pub hues: Vec<u16>,
    /// Feature slugs it shows well.
    pub features: Vec<String>,
    /// Ids of pairings of typefaces.
    pub letters: Vec<String>,
    /// Headings in the middle.
    pub centred: bool,
    /// Drawings where there is no photo.
    pub art: Vec<ArtStyle>,
    /// What lies over large grounds.
    pub texture: Texture,
    /// How the grounds of sections follow each other.
    pub rhythm: Rhythm,
    /// What headings are adorned with.
    pub heads: Heads,
    /// How the top of the page is set.
    pub headers: Vec<Header>,
    /// How the foot of the page is set.
    pub footers: Vec<Footer>,
    /// How colours are derived.
    pub scheme: Scheme,
    /// Corners, shadows, borders, buttons and room.
    pub shape: Shape,
    /// The variants of each section family.
    pub variants: BTreeMap<String, Vec<String>>,
}

/// How drawings are composed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArtStyle {
    /// A board of geometric tiles.
    Mosaic,
    /// Arched niches with things in them.
    Arches,
    /// Rings around one thing.
    Orbit,
    /// A cloth with a repeating motif.
    Cloth,
    /// One large thing before a light and hills.
    Scene,
    /// Things close together on a laid table.
    Still,
    /// Things on the sill of a window.
    Window,
    /// Streets from above, with a pin.
    Map,
    /// One thing so near that the frame cuts it.
    Close,
    /// A round sign before beams.
    Rays,
    /// Shelves with things between boxes and jars.
    Shelf,
    /// A counter under an awning.
    Stall,
}

impl ArtStyle {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Mosaic,
        Self::Arches,
        Self::Orbit,
        Self::Cloth,
        Self::Scene,
        Self::Still,
        Self::Window,
        Self::Map,
        Self::Close,
        Self::Rays,
        Self::Shelf,
        Self::Stall,
    ];
}

/// What lies over large grounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Texture {
    /// Nothing.
    None,
    /// Fine dots.
    Dots,
    /// Squared paper.
    Grid,
    /// Diagonal lines.
    Stripes,
    /// Soft lights of the second colour.
    Glow,
}

/// Looks of the list of items that have room for photos.
const PICTURED: [&str; 3] = ["cards", "tiles", "shelf"];

/// What a theme leaves to the seed, decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// A pairing of typefaces.
    pub letters: &'static Letters,
    /// The top of the page.
    pub header: Header,
    /// The foot of the page.
    pub footer: Footer,
}

impl Cut {
    /// The design with these choices written down.
    pub fn put_into(self, design: &Design) -> Design {
        Design {
            letters: self.letters.id.clone(),
            header: self.header.slug().to_owned(),
            footer: self.footer.slug().to_owned(),
            ..design.clone()
        }
    }
}

impl Theme {
    /// The usual variant of a section family.
    pub fn variant(&self, kind: SectionKind) -> &str {
        self.choices(kind).first().map_or(variants(kind)[0], String::as_str)
    }

    /// The variant of a section family that a seed chooses.
    pub fn variant_for(&self, kind: SectionKind, seed: u32) -> &str {
        let choices = self.choices(kind);
        let at = pick(seed, kind.slug(), choices.len());
        choices.get(at).map_or(variants(kind)[0], String::as_str)
    }

    /// How the drawings of a site with this seed are composed.
    pub fn art_for(&self, seed: u32) -> ArtStyle {
        self.art.get(pick(seed, "art", self.art.len())).copied().unwrap_or(ArtStyle::Scene)
    }

    /// As [`Self::variant_for`]; a list whose items have photos gets a look that shows them.
    pub fn look(&self, kind: SectionKind, seed: u32, pictured: bool) -> &str {
        if kind != SectionKind::Catalogue || !pictured {
            return self.variant_for(kind, seed);
        }
        let choices = self.choices(kind).iter().map(String::as_str);
        let showing: Vec<_> = choices.filter(|one| PICTURED.contains(one)).collect();
        let at = pick(seed, kind.slug(), showing.len());
        showing.get(at).copied().unwrap_or(PICTURED[0])
    }

    fn choices(&self, kind: SectionKind) -> &[String] {
        self.variants.get(kind.slug()).map_or(&[], Vec::as_slice)
    }

    /// Letters, top and foot that a seed chooses.
    pub fn cut(&self, seed: u32) -> Cut {
        let at = |name: &str, count: usize| pick(seed, name, count);
        let letters = self.letters.get(at("letters", self.letters.len()));
        let header = self.headers.get(at("header", self.headers.len()));
        let footer = self.footers.get(at("footer", self.footers.len()));
        Cut {
            letters: letters.and_then(|id| letters::letters(id)).unwrap_or(&letters::all()[0]),
            header: header.copied().unwrap_or(Header::Bar),
            footer: footer.copied().unwrap_or(Footer::Line),
        }
    }

    /// Letters, top and foot without a choice: the first of each.
    pub fn usual(&self) -> Cut {
        let letters = self.letters.first().and_then(|id| letters::letters(id));
        Cut {
            letters: letters.unwrap_or(&letters::all()[0]),
            header: self.headers.first().copied().unwrap_or(Header::Bar),
            footer: self.footers.first().copied().unwrap_or(Footer::Line),
        }
    }
}

macro_rules! theme_files {
    ($($name:literal),* $(,)?) => {
        [$(include_str!(concat!("../../themes/", $name, ".toml"))),*]
    };
}

static THEMES: LazyLock<Vec<Theme>> = LazyLock::new(|| {
    theme_files![
        "adonan",
        "album",
        "apotek",
        "arunika",
        "awan",
        "balai",
        "bata",
        "batik",
        "bengkel",
        "beton",
        "catatan",
        "cermin",
        "cetakbiru",
        "distro",
        "etalase",
        "galeri",
        "garasi",
        "gerai",
        "gerobak",
        "halaman",
        "jahitan",
        "janur",
        "jemur",
        "kabar",
        "kaca",
        "kapur",
        "kebun",
        "kelas",
        "kelontong",
        "kilat",
        "klinik",
        "konfeti",
        "kontak",
        "kriya",
        "lapak",
        "lemari",
        "lensa",
        "lulur",
        "lurus",
        "manis",
        "nota",
        "oli",
        "ombak",
        "panggung",
        "pangkas",
        "pasar",
        "permen",
        "pesta",
        "piring",
        "rapor",
        "rawat",
        "renda",
        "resep",
        "rumah",
        "sabun",
        "sahabat",
        "senyum",
        "setrika",
        "sirkuit",
        "sutra",
        "teras",
        "toko",
        "tungku",
        "undangan",
        "warung",
    ]
    .into_iter()
    .map(|text| toml::from_str(text).expect("the embedded themes are tested"))
    .collect()
});

/// Every theme, by name.
pub fn themes() -> &'static [Theme] {
    &THEMES
}

/// The theme of a stable name.
pub fn theme(id: &str) -> Option<&'static Theme> {
    THEMES.iter().find(|theme| theme.id == id)
}

/// Points by which a theme may fall short and still be drawn, so that two shops of one trade need not
/// look alike.
const NEAR: usize = 8;

/// Every theme, the best first: trade weighs 40, tone 20, colour 20, features 20; `seed` breaks ties
/// and near ties.
pub fn ranked(
    trade: &str,
    tone: Option<Tone>,
    colour: Option<Rgb>,
    features: &BTreeSet<Feature>,
    seed: u32,
) -> Vec<&'static Theme> {
    let score = |theme: &Theme| {
        let fit = trade_score(theme, trade)
            + tone.map_or(0, |tone| if has(&theme.tones, tone.slug()) { 20 } else { 0 })
            + colour.map_or(0, |colour| colour_score(theme, colour))
            + feature_score(theme, features);
        fit * 1000 + pick(seed, &theme.id, NEAR * 1000)
    };
    let mut ranked: Vec<_> = THEMES.iter().collect();
    ranked.sort_by_cached_key(|theme| std::cmp::Reverse(score(theme)));
    ranked
}

/// The first of [`ranked`].
pub fn match_theme(
    trade: &str,
    tone: Option<Tone>,
    colour: Option<Rgb>,
    features: &BTreeSet<Feature>,
    seed: u32,
) -> &'static Theme {
    ranked(trade, tone, colour, features, seed)[0]
}

/// A colour for a business that named none: near one that people expect of its trade, stronger or
/// quieter by its tone, and its own by the seed.
pub fn default_colour(trade: &str, tone: Option<Tone>, seed: u32) -> Rgb {
    const DEGREES: usize = 25;
    let colours = &trades::of(trade).colours;
    let colour = colours[pick(seed, "colour", colours.len())];
    let part =
        |name: &str, count: usize| u16::try_from(pick(seed, name, count)).map_or(0.0, f32::from);
    let (strength, lighter) = match tone {
        None | Some(Tone::Warm) => (1.0, 0.0),
        Some(Tone::Modern) => (1.08, 0.0),
        Some(Tone::Elegant) => (0.55, -0.05),
        Some(Tone::Cheerful) => (1.15, 0.06),
        Some(Tone::Professional) => (0.9, -0.05),
    };
    let degrees = part("hue", DEGREES) - 12.0;
    turned(
        colour,
        degrees,
        strength + part("strength", 5) / 40.0 - 0.05,
        lighter + part("light", 7) / 100.0 - 0.03,
    )
}

fn has(list: &[String], slug: &str) -> bool {
    list.iter().any(|one| one == slug)
}

fn trade_score(theme: &Theme, trade: &str) -> usize {
    match theme.trades.iter().position(|one| one == trade) {
        Some(0..=2) => 40,
        Some(_) => 36,
        None if theme.trades.iter().any(|one| one == "other") => 12,
        None => 0,
    }
}

fn colour_score(theme: &Theme, colour: Rgb) -> usize {
    const NEAR_DEGREES: f32 = 35.0;
    let Some(hue) = hue_of(colour) else { return 10 };
    let away = |other: u16| {
        let raw = (hue - f32::from(other)).abs() % 360.0;
        raw.min(360.0 - raw)
    };
    if theme.hues.is_empty() {
        14
    } else if theme.hues.iter().any(|other| away(*other) <= NEAR_DEGREES) {
        20
    } else {
        0
    }
}

fn feature_score(theme: &Theme, features: &BTreeSet<Feature>) -> usize {
    if features.is_empty() {
        return 0;
    }
    let shared = features.iter().filter(|one| has(&theme.features, one.slug())).count();
    20 * shared / features.len()
}

#[cfg(test)]
mod tests;
