//! The style sheet of a site: tokens from theme and colour, then only the pieces its sections use.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::LazyLock;

use super::palette::{Palette, Shades, hex};
use super::theme::{Border, Corners, Header, Scale, Shadow, Texture, Theme};

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
        "header",
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

/// Which section looks a site uses, as (family, variant).
pub(super) type Looks<'a> = BTreeSet<(&'static str, &'a str)>;

/// The whole style sheet, with the pieces of parts that stand inside sections.
pub(super) fn sheet(
    theme: &Theme,
    palette: &Palette,
    looks: &Looks<'_>,
    parts: &[(&'static str, &'static str)],
) -> String {
    let mut css = String::with_capacity(12 * 1024);
    tokens(&mut css, theme, palette);
    piece(&mut css, "base", "");
    piece(&mut css, "header", "");
    piece(&mut css, "header", header_slug(theme.header));
    piece(&mut css, "texture", texture_slug(theme.texture));
    let mut last = "";
    for (family, variant) in looks {
        if *family != last {
            piece(&mut css, family, "");
            last = family;
        }
        piece(&mut css, family, variant);
    }
    for (family, variant) in parts {
        piece(&mut css, family, variant);
    }
    css
}

/// The pieces of one family alone, for a page that has more than the others.
pub(super) fn more(family: &str) -> String {
    let mut css = String::new();
    piece(&mut css, family, "");
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

const fn header_slug(header: Header) -> &'static str {
    match header {
        Header::Bar => "bar",
        Header::Centred => "centred",
        Header::Block => "block",
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

fn tokens(css: &mut String, theme: &Theme, palette: &Palette) {
    css.push_str(":root{");
    let _ = write!(css, "color-scheme:{};", schemes(palette));
    colours(css, &palette.light);
    letters(css, theme);
    shape(css, theme);
    css.push('}');
    if palette.dark != palette.light {
        css.push_str("@media (prefers-color-scheme:dark){:root{");
        colours(css, &palette.dark);
        css.push_str("}}");
    }
}

fn colours(css: &mut String, shades: &Shades) {
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
    ];
    for (name, colour) in list {
        let _ = write!(css, "--{name}:{};", hex(colour));
    }
    let lines = shades.hero_ink;
    let _ = write!(css, "--tx:rgb({} {} {}/.07);", lines.r, lines.g, lines.b);
}

fn letters(css: &mut String, theme: &Theme) {
    let letters = &theme.letters;
    let (h0, h1, h2) = match letters.scale {
        Scale::Small => (
            "2.4rem,1.6rem + 4vw,4.25rem",
            "2.1rem,1.6rem + 2.2vw,3.1rem",
            "1.6rem,1.4rem + 1vw,2.1rem",
        ),
        Scale::Medium => (
            "2.7rem,1.6rem + 5vw,5.25rem",
            "2.3rem,1.6rem + 3vw,3.75rem",
            "1.75rem,1.4rem + 1.6vw,2.5rem",
        ),
        Scale::Large => (
            "3rem,1.5rem + 6.4vw,6.75rem",
            "2.55rem,1.6rem + 4vw,4.6rem",
            "2rem,1.5rem + 2.2vw,3.1rem",
        ),
    };
    let tight = if letters.weight >= 700 && !letters.capitals { "-.022em" } else { "-.005em" };
    let _ = write!(
        css,
        "--fd:{};--fb:{};--hw:{};--hw3:{};--ht:{tight};--hc:{};--h0:clamp({h0});--h1:clamp({h1});--h2:clamp({h2});--al:{};--am:{};",
        letters.display.stack(),
        letters.body.stack(),
        letters.weight,
        letters.weight.clamp(600, 800),
        if letters.capitals { "uppercase" } else { "none" },
        if letters.centred { "center" } else { "left" },
        if letters.centred { "auto" } else { "0" },
    );
}

fn shape(css: &mut String, theme: &Theme) {
    let (card, button) = match theme.shape.corners {
        Corners::Sharp => ("0px", "0px"),
        Corners::Soft => ("8px", "8px"),
        Corners::Round => ("20px", "14px"),
        Corners::Pill => ("26px", "99px"),
    };
    let (shadow, button_shadow) = match theme.shape.shadow {
        Shadow::None => ("none", "none"),
        Shadow::Soft => ("0 1px 2px rgb(0 0 0/.06),0 12px 32px -8px rgb(0 0 0/.14)", "none"),
        Shadow::Hard => ("6px 6px 0 var(--x)", "3px 3px 0 var(--x)"),
    };
    let border = match theme.shape.border {
        Border::None => "0 solid transparent",
        Border::Hair => "1px solid var(--l)",
        Border::Bold => "2px solid var(--x)",
    };
    let _ =
        write!(css, "--r:{card};--rb:{button};--cs:{shadow};--bs:{button_shadow};--cb:{border}");
}

#[cfg(test)]
mod tests {
    use super::super::document::SectionKind;
    use super::super::theme::variants;
    use super::*;

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
