//! Themes: how sites look, as data in `core/themes/*.toml`, and which one fits a business.
//!
//! A theme never holds words and never holds colours, only how colours are derived.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::document::SectionKind;
use super::palette::{Ground, HeroGround, hue_of};
use super::trades;
use crate::brief::{Feature, Rgb, Tone};

/// One look.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// The stable name, as in the file's name.
    pub id: String,
    /// Trade slugs it was drawn for, best first.
    pub trades: Vec<String>,
    /// Tone slugs it speaks.
    pub tones: Vec<String>,
    /// OKLCH hues in degrees that suit it; empty when every colour does.
    pub hues: Vec<u16>,
    /// Feature slugs it shows well.
    pub features: Vec<String>,
    /// How colours are derived.
    pub scheme: Scheme,
    /// Which letters.
    pub letters: Letters,
    /// Corners, shadows, borders.
    pub shape: Shape,
    /// Drawings where there is no photo.
    pub art: ArtStyle,
    /// What lies over large grounds.
    pub texture: Texture,
    /// How the top of the page is set.
    pub header: Header,
    /// The variant of each section family.
    pub variants: BTreeMap<String, String>,
}

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

/// Faces and how headings are set.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letters {
    /// For headings.
    pub display: Face,
    /// For text.
    pub body: Face,
    /// Weight of headings, 300 to 900.
    pub weight: u16,
    /// Headings in capitals.
    #[serde(default)]
    pub capitals: bool,
    /// How large headings are.
    pub scale: Scale,
    /// Headings in the middle.
    #[serde(default)]
    pub centred: bool,
}

/// A stack of system fonts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Face {
    /// Calm, pen-drawn sans.
    Humanist,
    /// Circles and straight lines.
    Geometric,
    /// The phone's own sans.
    Plain,
    /// Bookish serif.
    OldStyle,
    /// Sharp serif of newspapers.
    Transitional,
    /// Fine, high-contrast serif.
    Didone,
    /// Sturdy serif with square feet.
    Slab,
    /// Soft ends.
    Rounded,
    /// Narrow and strong.
    Condensed,
    /// Typewriter.
    Mono,
}

impl Face {
    /// The CSS font stack; ends in families that Android knows by name.
    pub const fn stack(self) -> &'static str {
        match self {
            Self::Humanist => "Seravek,\"Gill Sans Nova\",Ubuntu,Calibri,\"Noto Sans\",sans-serif",
            Self::Geometric => "Avenir,Montserrat,\"Century Gothic\",\"URW Gothic\",sans-serif",
            Self::Plain => "system-ui,-apple-system,\"Segoe UI\",Roboto,sans-serif",
            Self::OldStyle => {
                "\"Iowan Old Style\",\"Palatino Linotype\",Palatino,\"Noto Serif\",serif"
            }
            Self::Transitional => "Charter,\"Bitstream Charter\",Cambria,\"Noto Serif\",serif",
            Self::Didone => "Didot,\"Bodoni MT\",\"Noto Serif Display\",\"Playfair Display\",serif",
            Self::Slab => "Rockwell,\"Rockwell Nova\",\"Roboto Slab\",\"Noto Serif\",serif",
            Self::Rounded => {
                "ui-rounded,\"Arial Rounded MT Bold\",Nunito,Quicksand,\"Google Sans\",sans-serif"
            }
            Self::Condensed => {
                "\"Avenir Next Condensed\",sans-serif-condensed,\"Roboto Condensed\",\"Arial Narrow\",sans-serif"
            }
            Self::Mono => "ui-monospace,Menlo,Consolas,\"Roboto Mono\",monospace",
        }
    }
}

/// How large headings are against the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Quiet.
    Small,
    /// Usual.
    Medium,
    /// Loud.
    Large,
}

/// Corners, shadows and borders.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// Corners.
    pub corners: Corners,
    /// Shadows of cards.
    pub shadow: Shadow,
    /// Borders of cards.
    pub border: Border,
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
    /// One large thing before sun and hills.
    Scene,
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
}

impl Theme {
    /// The variant this theme gives a section family.
    pub fn variant(&self, kind: SectionKind) -> &str {
        self.variants
            .get(kind.slug())
            .map_or_else(|| variants(kind)[0], std::string::String::as_str)
    }
}

/// The variants of a section family, the first being what unknown ones fall back to.
pub const fn variants(kind: SectionKind) -> &'static [&'static str] {
    match kind {
        SectionKind::Hero => &["split", "full", "centred", "poster"],
        SectionKind::Features => &["cards", "list", "strip"],
        SectionKind::Catalogue => &["cards", "menu", "rows"],
        SectionKind::Gallery => &["mosaic", "strip", "frames"],
        SectionKind::About => &["split", "letter", "picture"],
        SectionKind::Steps => &["numbers", "line"],
        SectionKind::Faq => &["fold", "columns"],
        SectionKind::Visit => &["card", "bands"],
        SectionKind::Cta => &["band", "card"],
        SectionKind::Contact => &["split", "stack"],
    }
}

macro_rules! theme_files {
    ($($name:literal),* $(,)?) => {
        [$(include_str!(concat!("../../themes/", $name, ".toml"))),*]
    };
}

static THEMES: LazyLock<Vec<Theme>> = LazyLock::new(|| {
    theme_files![
        "apotek", "arunika", "bengkel", "beton", "etalase", "galeri", "gerai", "halaman", "kelas",
        "kilat", "klinik", "konfeti", "lapak", "manis", "pangkas", "pesta", "sabun", "sutra",
        "teras", "warung",
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

/// The theme that fits best: trade weighs 40, tone 20, colour 20, features 20; `seed` breaks ties.
pub fn match_theme(
    trade: &str,
    tone: Option<Tone>,
    colour: Option<Rgb>,
    features: &BTreeSet<Feature>,
    seed: u32,
) -> &'static Theme {
    let score = |theme: &Theme| {
        trade_score(theme, trade)
            + tone.map_or(0, |tone| if has(&theme.tones, tone.slug()) { 20 } else { 0 })
            + colour.map_or(0, |colour| colour_score(theme, colour))
            + feature_score(theme, features)
    };
    let best = THEMES.iter().map(score).max().unwrap_or(0);
    // Near misses stay in the draw, so that two shops of one trade need not look alike.
    const NEAR: u32 = 4;
    let near: Vec<_> = THEMES.iter().filter(|theme| score(theme) + NEAR >= best).collect();
    near[seed as usize % near.len()]
}

/// A colour for a business that named none.
pub fn default_colour(trade: &str, seed: u32) -> Rgb {
    let colours = &trades::of(trade).colours;
    colours[seed as usize % colours.len()]
}

fn has(list: &[String], slug: &str) -> bool {
    list.iter().any(|one| one == slug)
}

fn trade_score(theme: &Theme, trade: &str) -> u32 {
    match theme.trades.iter().position(|one| one == trade) {
        Some(0..=2) => 40,
        Some(_) => 36,
        None if theme.trades.iter().any(|one| one == "other") => 12,
        None => 0,
    }
}

fn colour_score(theme: &Theme, colour: Rgb) -> u32 {
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

fn feature_score(theme: &Theme, features: &BTreeSet<Feature>) -> u32 {
    if features.is_empty() {
        return 0;
    }
    let shared = features.iter().filter(|one| has(&theme.features, one.slug())).count();
    u32::try_from(20 * shared / features.len()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brief::Trade;

    #[test]
    fn themes_carry_their_file_names_and_known_words() {
        assert!(themes().len() >= 16);
        for theme in themes() {
            for trade in &theme.trades {
                assert!(Trade::from_slug(trade).is_some(), "{}: {trade}", theme.id);
            }
            for tone in &theme.tones {
                assert!(Tone::from_slug(tone).is_some(), "{}: {tone}", theme.id);
            }
            for feature in &theme.features {
                assert!(Feature::from_slug(feature).is_some(), "{}: {feature}", theme.id);
            }
            for (kind, variant) in &theme.variants {
                let kind = SectionKind::from_slug(kind).expect("a known family");
                assert!(variants(kind).contains(&variant.as_str()), "{}: {variant}", theme.id);
            }
            assert_eq!(theme.variants.len(), SectionKind::ALL.len(), "{}", theme.id);
        }
        let names: BTreeSet<_> = themes().iter().map(|theme| &theme.id).collect();
        assert_eq!(names.len(), themes().len());
    }

    #[test]
    fn every_trade_has_a_theme_drawn_for_it() {
        for trade in Trade::ALL {
            for seed in 0..8 {
                let theme = match_theme(trade.slug(), None, None, &BTreeSet::new(), seed);
                assert!(has(&theme.trades, trade.slug()), "{} got {}", trade.slug(), theme.id);
            }
        }
    }

    #[test]
    fn the_seed_alone_tells_two_shops_apart() {
        let chosen: BTreeSet<_> = (0..12)
            .map(|seed| &match_theme("food", None, None, &BTreeSet::new(), seed).id)
            .collect();
        assert!(chosen.len() >= 2);
    }

    #[test]
    fn tone_and_colour_pull_towards_themes_that_suit_them() {
        let pink = Rgb { r: 236, g: 72, b: 153 };
        for seed in 0..8 {
            let theme =
                match_theme("bakery", Some(Tone::Cheerful), Some(pink), &BTreeSet::new(), seed);
            assert!(has(&theme.tones, "cheerful"), "{}", theme.id);
        }
    }

    #[test]
    fn unknown_trades_still_get_a_theme_and_a_colour() {
        let theme = match_theme("fortune-telling", None, None, &BTreeSet::new(), 7);
        assert!(has(&theme.trades, "other"));
        default_colour("fortune-telling", u32::MAX);
    }
}
