//! The style sheet of a site: tokens from theme and colour, then only the pieces its sections use.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::LazyLock;

use super::document::{Align, Density, SectionKind, SectionStyle, Surface};
use super::palette::{Ground, Palette, Shades, hex};
use super::theme::{Border, Buttons, Corners, Cut, Rhythm, Shadow, Space, Texture, Theme};

macro_rules! sheets {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../templates/site/css/", $name, ".css")))),*]
    };
}

/// Pieces by `family` (shared by its variants) and `family-variant`.
static PIECES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let mut pieces = BTreeMap::new();
    for (family, text) in sheets![
        "base",
        "heads",
        "label",
        "buttons",
        "rhythm",
        "surface",
        "header",
        "footer",
        "hero",
        "features",
        "catalogue",
        "gallery",
        "about",
        "steps",
        "faq",
        "visit",
        "cta",
        "contact",
        "order",
        "proofs",
        "prices",
        "team",
        "testimonials",
        "texture",
    ] {
        let mut parts = text.split("/*= ");
        pieces.insert(family.to_owned(), pack(parts.next().unwrap_or_default()));
        for part in parts {
            if let Some((variant, rules)) = part.split_once(" */") {
                pieces.insert(format!("{family}-{variant}"), pack(rules));
            }
        }
    }
    pieces
});

/// What the sections of a site use: looks as (family, variant), and pieces for what they stand on.
#[derive(Default)]
pub(super) struct Used<'a> {
    looks: BTreeSet<(&'static str, &'a str)>,
    pieces: BTreeSet<(&'static str, &'static str)>,
}

impl<'a> Used<'a> {
    /// Adds a section in its look.
    pub(super) fn add(&mut self, kind: SectionKind, variant: &'a str, style: SectionStyle) {
        self.looks.insert((kind.slug(), variant));
        // Looks that bring a panel of their own.
        let own = match (kind.slug(), variant) {
            ("cta", "band" | "card") | ("contact", "panel") => Some(Surface::Brand),
            ("visit" | "catalogue" | "prices", "board") => Some(Surface::Deep),
            _ => None,
        };
        for surface in [own, style.surface].into_iter().flatten() {
            self.put(surface_piece(surface));
        }
        self.put(style.align.map_or("", align_piece));
        self.put(style.density.map_or("", density_piece));
    }

    fn put(&mut self, piece: &'static str) {
        if !piece.is_empty() {
            self.pieces.insert(("surface", piece));
        }
    }
}

/// The classes of a section that say how it departs from its theme.
pub(super) fn classes(style: SectionStyle) -> String {
    let surface = match style.surface {
        None | Some(Surface::Ground) => "",
        Some(Surface::Band) => " alt",
        Some(Surface::Tint) => " tint",
        Some(Surface::Brand) => " on",
        Some(Surface::Deep) => " deep",
    };
    let align = match style.align {
        None => "",
        Some(Align::Start) => " al-s",
        Some(Align::Centre) => " al-c",
    };
    let density = match style.density {
        None => "",
        Some(Density::Snug) => " d-s",
        Some(Density::Normal) => " d-n",
        Some(Density::Airy) => " d-a",
    };
    [surface, align, density].concat()
}

const fn surface_piece(surface: Surface) -> &'static str {
    match surface {
        Surface::Ground | Surface::Band => "",
        Surface::Tint => "tint",
        Surface::Brand => "brand",
        Surface::Deep => "deep",
    }
}

const fn align_piece(align: Align) -> &'static str {
    match align {
        Align::Start => "start",
        Align::Centre => "centre",
    }
}

const fn density_piece(density: Density) -> &'static str {
    match density {
        Density::Snug => "snug",
        Density::Normal => "normal",
        Density::Airy => "airy",
    }
}

/// The rules for the frame of a site and for what its sections use, still without the tokens.
pub(super) fn rules(theme: &Theme, cut: Cut, used: &Used<'_>) -> String {
    let mut css = String::with_capacity(14 * 1024);
    let frame = [
        ("base", ""),
        ("base", "text"),
        ("header", ""),
        ("header", cut.header.slug()),
        ("footer", ""),
        ("footer", cut.footer.slug()),
        ("heads", theme.heads.slug()),
        ("label", cut.letters.label.slug()),
        ("buttons", buttons_slug(theme.shape.buttons)),
        ("rhythm", rhythm_slug(theme.rhythm)),
        ("texture", texture_slug(theme.texture)),
    ];
    for (family, variant) in frame {
        piece(&mut css, family, variant);
    }
    let mut last = "";
    for (family, variant) in &used.looks {
        if *family != last {
            piece(&mut css, family, "");
            last = family;
        }
        piece(&mut css, family, variant);
    }
    // What a section stands on outranks what its family says, so it comes last.
    for (family, variant) in &used.pieces {
        piece(&mut css, family, variant);
    }
    css
}

/// A whole style sheet: rules, and before them the tokens they use.
pub(super) fn sheet(theme: &Theme, cut: Cut, palette: &Palette, rules: &str) -> String {
    tokens(theme, cut, palette, rules) + rules
}

/// Pieces of parts that stand inside sections, or on one page alone.
pub(super) fn more(parts: &[(&str, &str)]) -> String {
    let mut css = String::new();
    for (family, variant) in parts {
        piece(&mut css, family, variant);
    }
    css
}

fn piece(css: &mut String, family: &str, variant: &str) {
    let found = if variant.is_empty() {
        PIECES.get(family)
    } else {
        PIECES.get(&format!("{family}-{variant}"))
    };
    css.push_str(found.map_or("", std::string::String::as_str));
}

fn pack(rules: &str) -> String {
    rules.lines().map(str::trim).collect()
}

const fn buttons_slug(buttons: Buttons) -> &'static str {
    match buttons {
        Buttons::Solid => "solid",
        Buttons::Lift => "lift",
        Buttons::Label => "label",
        Buttons::Arrow => "arrow",
    }
}

const fn rhythm_slug(rhythm: Rhythm) -> &'static str {
    match rhythm {
        Rhythm::Ruled => "ruled",
        Rhythm::Framed => "framed",
        Rhythm::Bands | Rhythm::Plain | Rhythm::Accent | Rhythm::Inverse => "none",
    }
}

const fn texture_slug(texture: Texture) -> &'static str {
    match texture {
        Texture::None => "none",
        Texture::Dots => "dots",
        Texture::Grid => "grid",
        Texture::Stripes => "stripes",
        Texture::Glow => "glow",
    }
}

/// The surroundings a site has colours for.
pub(super) fn schemes(palette: &Palette) -> &'static str {
    if palette.dark == palette.light { "dark" } else { "light dark" }
}

/// The tokens that `rules` use.
fn tokens(theme: &Theme, cut: Cut, palette: &Palette, rules: &str) -> String {
    let mut set = String::with_capacity(1024);
    cut.letters.write_tokens(&mut set);
    shape(&mut set, theme);
    let used = |name: &str| {
        let call = format!("var(--{name})");
        rules.contains(&call) || set.contains(&call)
    };
    let mut css = format!(":root{{color-scheme:{};", schemes(palette));
    colours(&mut css, &palette.light, used);
    css.push_str(&set);
    css.push('}');
    if palette.dark != palette.light {
        css.push_str("@media (prefers-color-scheme:dark){:root{");
        colours(&mut css, &palette.dark, used);
        css.push_str("}}");
    }
    css
}

fn colours(css: &mut String, shades: &Shades, used: impl Fn(&str) -> bool) {
    let list = [
        ("g", shades.ground),
        ("s", shades.surface),
        ("b", shades.band),
        ("i", shades.ink),
        ("x", shades.ink),
        ("y", shades.surface),
        ("m", shades.soft),
        ("l", shades.line),
        ("p", shades.primary),
        ("o", shades.on_primary),
        ("bp", shades.primary),
        ("bo", shades.on_primary),
        ("k", shades.link),
        ("h", shades.hero),
        ("hi", shades.hero_ink),
        ("hm", shades.hero_soft),
        ("hb", shades.hero_button),
        ("ho", shades.hero_on),
        ("q", shades.deco),
        ("t", shades.wash),
        ("z", shades.ground),
        ("xm", shades.soft),
        ("xk", shades.link),
        ("tg", shades.tint),
        ("dg", shades.deep),
        ("ds", shades.deep_surface),
        ("di", shades.deep_ink),
        ("dm", shades.deep_soft),
        ("dk", shades.deep_link),
        ("dl", shades.deep_line),
    ];
    for (name, colour) in list.into_iter().filter(|one| used(one.0)) {
        // A string takes all that is written to it.
        let _ = write!(css, "--{name}:{};", hex(colour));
    }
    let lines = shades.hero_ink;
    if used("tx") {
        // A string takes all that is written to it.
        let _ = write!(css, "--tx:rgb({} {} {}/.07);", lines.r, lines.g, lines.b);
    }
}

fn shape(css: &mut String, theme: &Theme) {
    let (card, button) = match theme.shape.corners {
        Corners::Sharp => ("0px", "0px"),
        Corners::Soft => ("8px", "8px"),
        Corners::Round => ("20px", "14px"),
        Corners::Pill => ("26px", "99px"),
        Corners::Leaf => ("12px", "4px 16px"),
    };
    let panel = if theme.shape.corners == Corners::Leaf { "4px 32px" } else { card };
    let field = match theme.shape.corners {
        Corners::Sharp => "0px",
        Corners::Soft | Corners::Leaf => "8px",
        Corners::Round | Corners::Pill => "14px",
    };
    let (shadow, button_shadow) = match theme.shape.shadow {
        Shadow::None => ("none", "none"),
        Shadow::Soft => ("0 1px 2px rgb(0 0 0/.06),0 12px 32px -8px rgb(0 0 0/.14)", "none"),
        Shadow::Hard => ("6px 6px 0 var(--x)", "3px 3px 0 var(--x)"),
    };
    let alike = theme.scheme.ground == Ground::White && theme.shape.shadow == Shadow::None;
    let border = match theme.shape.border {
        // A white card on white ground is seen by its edge alone.
        Border::None if alike => "1px solid var(--l)",
        Border::None => "0 solid transparent",
        Border::Hair => "1px solid var(--l)",
        Border::Bold => "2px solid var(--x)",
    };
    let space = match theme.shape.space {
        Space::Tight => ".78",
        Space::Normal => "1",
        Space::Airy => "1.2",
    };
    let (align, margin) = if theme.centred { ("center", "auto") } else { ("left", "0") };
    // A string takes all that is written to it.
    let _ = write!(
        css,
        "--r:{card};--rc:{panel};--rb:{button};--rf:{field};--cs:{shadow};--bs:{button_shadow};--cb:{border};\
         --sp:{space};--al:{align};--am:{margin}"
    );
}

#[cfg(test)]
mod tests {
    use super::super::theme::variants;
    use super::*;

    #[test]
    fn a_card_is_told_from_its_ground_in_every_theme() {
        for theme in super::super::theme::themes() {
            let mut set = String::new();
            shape(&mut set, theme);
            let bare = set.contains("--cs:none") && set.contains("--cb:0 solid");
            assert!(!bare || theme.scheme.ground != Ground::White, "{}", theme.id);
        }
    }

    #[test]
    fn every_variant_has_its_rules() {
        for kind in SectionKind::ALL {
            for variant in variants(kind) {
                let piece = format!("{}-{variant}", kind.slug());
                assert!(PIECES.get(&piece).is_some_and(|rules| !rules.is_empty()), "{piece}");
            }
        }
    }
}
