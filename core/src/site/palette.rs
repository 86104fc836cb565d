//! From one colour to every colour of a site, readable by construction.
//!
//! Lightness is solved in OKLCH against the finished eight-bit values: a text colour leaves here only
//! with a contrast of at least [`TEXT_CONTRAST`] on each ground it may stand on.

use palette::convert::FromColorUnclamped;
use palette::{FromColor, Oklab, Oklch, Srgb};
use serde::Deserialize;

use crate::brief::Rgb;

/// WCAG 2 level AA for text of any size.
pub const TEXT_CONTRAST: f64 = 4.5;
/// What the solver aims at, so that rounding never falls under the bound.
const AIM: f64 = 4.6;
/// What running text aims at.
const INK_AIM: f64 = 9.0;
/// How far a button may be darkened to carry white letters before it gets dark letters instead.
const DARKEN_AT_MOST: f32 = 0.09;

/// The ground a site stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// Clean white.
    White,
    /// White with a breath of the owner's colour.
    Paper,
    /// Warm cream whatever the colour.
    Cream,
    /// A pastel of the owner's colour.
    Tint,
    /// A cool, clear grey.
    Cool,
    /// Dark by day, too.
    Night,
}

impl Ground {
    /// Every ground.
    pub const ALL: [Self; 6] =
        [Self::White, Self::Paper, Self::Cream, Self::Tint, Self::Cool, Self::Night];
}

/// The ground of the first view and of invitations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeroGround {
    /// As the page.
    Plain,
    /// A stronger pastel.
    Band,
    /// Nearly black, of the owner's hue.
    Deep,
    /// The owner's colour itself.
    Bold,
}

impl HeroGround {
    /// Every ground of a first view.
    pub const ALL: [Self; 4] = [Self::Plain, Self::Band, Self::Deep, Self::Bold];
}

/// All colours in one light.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shades {
    /// The page.
    pub ground: Rgb,
    /// Cards.
    pub surface: Rgb,
    /// Every other section.
    pub band: Rgb,
    /// Running text.
    pub ink: Rgb,
    /// Quiet text.
    pub soft: Rgb,
    /// Hairlines; never text.
    pub line: Rgb,
    /// Buttons.
    pub primary: Rgb,
    /// Letters on buttons.
    pub on_primary: Rgb,
    /// Links, prices, small headings.
    pub link: Rgb,
    /// The first view.
    pub hero: Rgb,
    /// Text on the first view.
    pub hero_ink: Rgb,
    /// Quiet text on the first view.
    pub hero_soft: Rgb,
    /// Buttons on the first view.
    pub hero_button: Rgb,
    /// Letters on those buttons.
    pub hero_on: Rgb,
    /// A second colour in drawings; never text.
    pub deco: Rgb,
    /// A pale colour in drawings; never text.
    pub wash: Rgb,
    /// A section in a pastel; running text of the page reads on it.
    pub tint: Rgb,
    /// A section that is nearly black by day, too.
    pub deep: Rgb,
    /// Cards on it.
    pub deep_surface: Rgb,
    /// Text on both.
    pub deep_ink: Rgb,
    /// Quiet text on both.
    pub deep_soft: Rgb,
    /// Links, prices and buttons on both.
    pub deep_link: Rgb,
    /// Hairlines there; never text.
    pub deep_line: Rgb,
}

/// The colours by day and by night.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    /// For light surroundings.
    pub light: Shades,
    /// For `prefers-color-scheme: dark`.
    pub dark: Shades,
}

impl Palette {
    /// Derives all colours; `shift` turns the hue of the second colour, in degrees.
    pub fn derive(colour: Rgb, ground: Ground, hero: HeroGround, shift: f32) -> Self {
        let base = Base::of(colour, shift);
        let dark = shades(&base, Ground::Night, hero);
        let light = match ground {
            Ground::Night => dark,
            Ground::White | Ground::Paper | Ground::Cream | Ground::Tint | Ground::Cool => {
                shades(&base, ground, hero)
            }
        };
        Self { light, dark }
    }
}

impl Shades {
    /// Every text colour with a ground it stands on somewhere.
    pub fn pairs(&self) -> [(&'static str, Rgb, Rgb); 22] {
        [
            ("ink on tint", self.ink, self.tint),
            ("soft on tint", self.soft, self.tint),
            ("link on tint", self.link, self.tint),
            ("ink on deep", self.deep_ink, self.deep),
            ("soft on deep", self.deep_soft, self.deep),
            ("link on deep", self.deep_link, self.deep),
            ("ink on deep surface", self.deep_ink, self.deep_surface),
            ("soft on deep surface", self.deep_soft, self.deep_surface),
            ("link on deep surface", self.deep_link, self.deep_surface),
            ("ink on ground", self.ink, self.ground),
            ("ink on surface", self.ink, self.surface),
            ("ink on band", self.ink, self.band),
            ("soft on ground", self.soft, self.ground),
            ("soft on surface", self.soft, self.surface),
            ("soft on band", self.soft, self.band),
            ("link on ground", self.link, self.ground),
            ("link on surface", self.link, self.surface),
            ("link on band", self.link, self.band),
            ("letters on buttons", self.on_primary, self.primary),
            ("ink on hero", self.hero_ink, self.hero),
            ("soft on hero", self.hero_soft, self.hero),
            ("letters on hero buttons", self.hero_on, self.hero_button),
        ]
    }
}

/// The WCAG 2 contrast ratio of two colours, 1 to 21.
pub fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Reads `#rrggbb`.
pub fn parse_hex(text: &str) -> Option<Rgb> {
    let digits = text.strip_prefix('#').filter(|rest| rest.len() == 6 && rest.is_ascii())?;
    let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    Some(Rgb { r: part(0)?, g: part(2)?, b: part(4)? })
}

/// Writes `#rrggbb`.
pub fn hex(colour: Rgb) -> String {
    format!("#{:02x}{:02x}{:02x}", colour.r, colour.g, colour.b)
}

/// The OKLCH hue in degrees (0 to 360), or `None` for greys.
pub fn hue_of(colour: Rgb) -> Option<f32> {
    let lch = to_oklch(colour);
    (lch.chroma > 0.03).then(|| lch.hue.into_positive_degrees())
}

/// A photo's colour as one to build a palette on: its hue, bright and full enough for buttons. `None`
/// for greys and near-greys.
pub fn accent(colour: Rgb) -> Option<Rgb> {
    const GREY_UNDER: f32 = 0.035;
    let lch = to_oklch(colour);
    let hue = lch.hue.into_positive_degrees();
    (lch.chroma >= GREY_UNDER)
        .then(|| oklch(lch.l.clamp(0.42, 0.66), lch.chroma.clamp(0.1, 0.19), hue))
}

/// The colour of an OKLCH triple, chroma reduced until a screen can show it.
pub fn oklch(lightness: f32, chroma: f32, hue: f32) -> Rgb {
    const TRIES: usize = 32;
    let mut chroma = chroma.max(0.0);
    for _ in 0..TRIES {
        let rgb: Srgb<f32> = Srgb::from_color_unclamped(Oklch::new(lightness, chroma, hue));
        let fits = |part: f32| (-0.002..=1.002).contains(&part);
        if fits(rgb.red) && fits(rgb.green) && fits(rgb.blue) {
            break;
        }
        chroma *= 0.9;
    }
    let rgb: Srgb<u8> = Srgb::from_color(Oklch::new(lightness, chroma, hue)).into_format();
    Rgb { r: rgb.red, g: rgb.green, b: rgb.blue }
}

/// The colour turned by degrees of hue, with its strength multiplied and its lightness moved.
pub fn turned(colour: Rgb, degrees: f32, strength: f32, lighter: f32) -> Rgb {
    let lch = to_oklch(colour);
    let lightness = (lch.l + lighter).clamp(0.0, 1.0);
    oklch(lightness, lch.chroma * strength, lch.hue.into_positive_degrees() + degrees)
}

/// How far apart two colours look: the distance in OKLab, 0 to about 1.
pub fn difference(one: Rgb, other: Rgb) -> f32 {
    let lab = |colour: Rgb| {
        Oklab::from_color(Srgb::new(colour.r, colour.g, colour.b).into_format::<f32>())
    };
    let (one, other) = (lab(one), lab(other));
    let parts = [one.l - other.l, one.a - other.a, one.b - other.b];
    parts.iter().map(|part| part * part).sum::<f32>().sqrt()
}

/// What is kept of the owner's colour.
struct Base {
    lightness: f32,
    chroma: f32,
    hue: f32,
    second: f32,
}

impl Base {
    fn of(colour: Rgb, shift: f32) -> Self {
        let lch = to_oklch(colour);
        let hue = lch.hue.into_positive_degrees();
        Self { lightness: lch.l, chroma: lch.chroma, hue, second: hue + shift }
    }
}

fn shades(base: &Base, ground: Ground, hero: HeroGround) -> Shades {
    let night = ground == Ground::Night;
    let [page, surface, band] = grounds(base, ground);
    let tint = oklch(if night { 0.265 } else { 0.92 }, base.chroma.min(0.055), base.hue);
    let on = [page, surface, band, tint];
    let towards = if night { Towards::Light } else { Towards::Dark };
    let ink_chroma = base.chroma.min(0.03);
    let ink = solve(if night { 0.93 } else { 0.27 }, ink_chroma, base.hue, &on, INK_AIM, towards);
    let soft = solve(if night { 0.74 } else { 0.5 }, ink_chroma, base.hue, &on, AIM, towards);
    let start = if night { base.lightness.max(0.72) } else { base.lightness.min(0.6) };
    let link = solve(start, base.chroma, base.hue, &on, AIM, towards);
    let (primary, on_primary) = button(base, night);
    let first = first_view(base, hero, night, &Given { page, ink, soft, primary, on_primary });
    let grey = base.chroma < 0.03;
    let deep = deep(base, night);
    Shades {
        ground: page,
        surface,
        band,
        ink,
        soft,
        line: oklch(if night { 0.36 } else { 0.88 }, base.chroma.min(0.022), base.hue),
        primary,
        on_primary,
        link,
        hero: first.ground,
        hero_ink: first.ink,
        hero_soft: first.soft,
        hero_button: first.button,
        hero_on: first.on,
        deco: oklch(
            if night { 0.7 } else { 0.76 },
            if grey { 0.03 } else { base.chroma.clamp(0.09, 0.15) },
            base.second,
        ),
        wash: oklch(
            if night { 0.32 } else { 0.89 },
            if grey { 0.004 } else { base.chroma.clamp(0.03, 0.048) },
            base.hue,
        ),
        tint,
        deep: deep.ground,
        deep_surface: deep.surface,
        deep_ink: deep.ink,
        deep_soft: deep.soft,
        deep_link: deep.link,
        deep_line: deep.line,
    }
}

struct Deep {
    ground: Rgb,
    surface: Rgb,
    ink: Rgb,
    soft: Rgb,
    link: Rgb,
    line: Rgb,
}

/// A section that is dark in every light.
fn deep(base: &Base, night: bool) -> Deep {
    let shade = |lightness| oklch(lightness, base.chroma.min(0.055), base.hue);
    let ground = shade(if night { 0.15 } else { 0.25 });
    let surface = shade(if night { 0.21 } else { 0.31 });
    let text =
        |from, chroma, aim| solve(from, chroma, base.hue, &[ground, surface], aim, Towards::Light);
    Deep {
        ground,
        surface,
        ink: text(0.96, 0.01, INK_AIM),
        soft: text(0.82, base.chroma.min(0.03), AIM),
        link: text(base.lightness.max(0.76), base.chroma.min(0.15), AIM),
        line: shade(if night { 0.32 } else { 0.42 }),
    }
}

fn grounds(base: &Base, ground: Ground) -> [Rgb; 3] {
    let little = |most: f32| base.chroma.min(most);
    match ground {
        Ground::White => [
            oklch(1.0, 0.0, base.hue),
            oklch(1.0, 0.0, base.hue),
            oklch(0.968, little(0.012), base.hue),
        ],
        Ground::Paper => [
            oklch(0.985, little(0.006), base.hue),
            oklch(1.0, 0.0, base.hue),
            oklch(0.955, little(0.022), base.hue),
        ],
        Ground::Cream => {
            [oklch(0.975, 0.014, 85.0), oklch(0.992, 0.008, 90.0), oklch(0.945, 0.027, 80.0)]
        }
        Ground::Tint => [
            oklch(0.958, little(0.026), base.hue),
            oklch(0.99, little(0.006), base.hue),
            oklch(0.925, little(0.045), base.hue),
        ],
        Ground::Cool => {
            [oklch(0.976, 0.006, 240.0), oklch(1.0, 0.0, 240.0), oklch(0.948, 0.012, 240.0)]
        }
        Ground::Night => [
            oklch(0.185, little(0.016), base.hue),
            oklch(0.235, little(0.02), base.hue),
            oklch(0.215, little(0.024), base.hue),
        ],
    }
}

fn button(base: &Base, night: bool) -> (Rgb, Rgb) {
    let white = Rgb { r: 255, g: 255, b: 255 };
    let lightness = base.lightness.clamp(if night { 0.42 } else { 0.3 }, 0.9);
    let own = oklch(lightness, base.chroma, base.hue);
    let dark = oklch(0.2, base.chroma.min(0.05), base.hue);
    let darkened = solve(lightness, base.chroma, base.hue, &[white], AIM, Towards::Dark);
    if lightness - to_oklch(darkened).l <= DARKEN_AT_MOST {
        (darkened, white)
    } else if contrast(own, dark) >= AIM {
        (own, dark)
    } else {
        (solve(lightness, base.chroma, base.hue, &[dark], AIM, Towards::Light), dark)
    }
}

struct Given {
    page: Rgb,
    ink: Rgb,
    soft: Rgb,
    primary: Rgb,
    on_primary: Rgb,
}

struct FirstView {
    ground: Rgb,
    ink: Rgb,
    soft: Rgb,
    button: Rgb,
    on: Rgb,
}

fn first_view(base: &Base, hero: HeroGround, night: bool, given: &Given) -> FirstView {
    let Given { page, ink, soft, primary, on_primary } = *given;
    match hero {
        HeroGround::Plain => FirstView { ground: page, ink, soft, button: primary, on: on_primary },
        HeroGround::Band => {
            let ground = oklch(if night { 0.25 } else { 0.915 }, base.chroma.min(0.055), base.hue);
            let towards = if night { Towards::Light } else { Towards::Dark };
            let text =
                |from, aim| solve(from, base.chroma.min(0.04), base.hue, &[ground], aim, towards);
            FirstView {
                ground,
                ink: text(if night { 0.93 } else { 0.26 }, INK_AIM),
                soft: text(if night { 0.78 } else { 0.42 }, AIM),
                button: primary,
                on: on_primary,
            }
        }
        HeroGround::Deep => {
            let ground = oklch(if night { 0.15 } else { 0.24 }, base.chroma.min(0.055), base.hue);
            let text =
                |from, chroma, aim| solve(from, chroma, base.hue, &[ground], aim, Towards::Light);
            FirstView {
                ground,
                ink: text(0.96, 0.01, INK_AIM),
                soft: text(0.82, base.chroma.min(0.03), AIM),
                button: text(base.lightness.max(0.74), base.chroma.min(0.15), AIM),
                on: ground,
            }
        }
        HeroGround::Bold => FirstView {
            ground: primary,
            ink: on_primary,
            soft: on_primary,
            button: on_primary,
            on: primary,
        },
    }
}

#[derive(Clone, Copy)]
enum Towards {
    Light,
    Dark,
}

/// Moves lightness from `start` as little as it takes to read on every ground; to black or white at most.
fn solve(start: f32, chroma: f32, hue: f32, on: &[Rgb], aim: f64, towards: Towards) -> Rgb {
    const HALVINGS: usize = 9;
    let (end, last) = match towards {
        Towards::Light => (1.0, Rgb { r: 255, g: 255, b: 255 }),
        Towards::Dark => (0.0, Rgb { r: 0, g: 0, b: 0 }),
    };
    let reads = |colour: Rgb| on.iter().all(|ground| contrast(colour, *ground) >= aim);
    let first = oklch(start, chroma, hue);
    if reads(first) {
        return first;
    }
    // What is kept in `found` has been measured, so the search may end anywhere.
    let (mut near, mut far, mut found) = (start, end, last);
    for _ in 0..HALVINGS {
        let middle = f32::midpoint(near, far);
        let colour = oklch(middle, chroma, hue);
        if reads(colour) {
            (far, found) = (middle, colour);
        } else {
            near = middle;
        }
    }
    found
}

fn to_oklch(colour: Rgb) -> Oklch<f32> {
    Oklch::from_color(Srgb::new(colour.r, colour.g, colour.b).into_format::<f32>())
}

fn luminance(colour: Rgb) -> f64 {
    let part = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(colour.r) + 0.7152 * part(colour.g) + 0.0722 * part(colour.b)
}

#[cfg(test)]
mod tests;
