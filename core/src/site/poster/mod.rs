//! The poster of a site: a sheet to print and hang up, with its address as a QR code. Its letters are
//! outlines, so that it looks the same in every print shop.

mod sheet;

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};
use resvg::usvg::WriteOptions;

use super::art;
use super::compile::{BuiltFile, Place, language_of, palette_of, theme_of};
use super::document::Document;
use super::labels::{fill, labels};
use super::lettering::{self, Line, fitted, printable};
use super::palette::{Shades, hex};
use super::pictures::foot;
use super::trades;

pub use sheet::{SHEET_TYPE, sheet};

/// Where the poster lies on the site.
pub const POSTER: &str = "/poster.svg";
/// A4 in tenths of a millimetre.
const SHEET: (u32, u32) = (2100, 2970);
/// How tall the drawing at its top stands.
const ART_TALL: u32 = 820;
/// The white field of the code.
const FIELD: (u32, u32, u32) = (600, 1500, 900);
/// Empty modules around a code, as its standard wants.
const QUIET: usize = 4;

/// The poster as a file of the site; `None` for an address that no code can hold.
pub(super) fn poster(document: &Document, place: &Place) -> Option<BuiltFile> {
    let svg = draw(document, place)?;
    Some(BuiltFile {
        path: POSTER.to_owned(),
        media_type: "image/svg+xml; charset=utf-8",
        bytes: svg.into_bytes(),
        immutable: false,
    })
}

fn draw(document: &Document, place: &Place) -> Option<String> {
    let shades = palette_of(document)?.light;
    let code = code(&format!("{}/", place.origin))?;
    let (width, height) = SHEET;
    let motifs = trades::motifs(&document.business);
    let style = theme_of(document).art_for(document.design.seed);
    let drawn = art::compose(style, (width / 2, ART_TALL / 2), motifs.len(), document.design.seed);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"210mm\" height=\"297mm\" viewBox=\"0 0 {width} {height}\"><style>{}</style><defs>{}</defs><rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/><svg width=\"{width}\" height=\"{ART_TALL}\" viewBox=\"0 0 {} {}\" preserveAspectRatio=\"xMidYMid slice\"><rect width=\"100%\" height=\"100%\" fill=\"{}\"/>{drawn}</svg>",
        art::paint(&shades),
        art::symbols(&motifs),
        hex(shades.hero),
        width / 2,
        ART_TALL / 2,
        hex(shades.band),
    );
    words(&mut svg, document, place, &shades);
    field(&mut svg, &code);
    svg.push_str("</svg>");
    let options = WriteOptions {
        coordinates_precision: 1,
        transforms_precision: 4,
        ..WriteOptions::default()
    };
    Some(lettering::tree(&svg)?.to_string(&options))
}

fn words(svg: &mut String, document: &Document, place: &Place, shades: &Shades) {
    const SIZES: [f32; 7] = [260.0, 220.0, 180.0, 150.0, 120.0, 100.0, 84.0];
    let middle = (SHEET.0 / 2) as f32;
    let (ink, soft) = (hex(shades.hero_ink), hex(shades.hero_soft));
    let row = |y, size, bold, colour| Line { x: middle, y, size, bold, centred: true, colour };
    let (name, size) = fitted(&printable(&document.business.name), &SIZES, (1800.0, 400.0));
    let count = u16::try_from(name.len()).map_or(1.0, f32::from);
    let mut y = 1110.0 - (count - 1.0) * size * 0.52 + size * 0.3;
    for words in &name {
        lettering::put(svg, words, row(y, size, true, &ink));
        y += size * 1.08;
    }
    lettering::put(svg, &foot(document), row(1400.0, 64.0, false, &soft));
    let (scan, size) = fitted(&scan(document), &[96.0, 84.0, 72.0, 60.0], (1900.0, 130.0));
    lettering::put(svg, &scan.join(" "), row(2580.0, size, true, &ink));
    let address = place.origin.split("://").nth(1).unwrap_or(&place.origin);
    let (address, size) = fitted(address, &[76.0, 64.0, 52.0, 42.0, 34.0], (1900.0, 100.0));
    lettering::put(svg, &address.join(" "), row(2740.0, size, false, &soft));
}

/// What a visitor finds behind the code.
fn scan(document: &Document) -> String {
    let labels = labels(language_of(document));
    let business = &document.business;
    if business.items.is_empty() {
        return labels.poster_site.clone();
    }
    let goods = matches!(business.trade.as_str(), "food" | "bakery" | "fashion" | "shop");
    let text = if goods { &labels.poster_order } else { &labels.poster_ask };
    fill(text, &[("item", &labels.catalogue_of(&business.trade).to_lowercase())])
}

fn code(address: &str) -> Option<QrCode> {
    QrCode::with_error_correction_level(address, EcLevel::M).ok()
}

/// The white field with the code's dark modules, a run of them at a time.
fn field(svg: &mut String, code: &QrCode) {
    let (x, y, side) = FIELD;
    let modules = code.width();
    let all = modules + 2 * QUIET;
    // A string takes all that is written to it.
    let _ = write!(
        svg,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{side}\" height=\"{side}\" rx=\"40\" fill=\"#fff\"/><svg x=\"{x}\" y=\"{y}\" width=\"{side}\" height=\"{side}\" viewBox=\"0 0 {all} {all}\" shape-rendering=\"crispEdges\"><path fill=\"#000\" d=\""
    );
    for (row, colours) in code.to_colors().chunks(modules).enumerate() {
        let mut from = 0;
        for run in colours.chunk_by(|one, other| one == other) {
            if run.first() == Some(&Color::Dark) {
                let (left, top, long) = (from + QUIET, row + QUIET, run.len());
                // A string takes all that is written to it.
                let _ = write!(svg, "M{left} {top}h{long}v1h-{long}z");
            }
            from += run.len();
        }
    }
    svg.push_str("\"/></svg>");
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn the_poster_is_a_drawing_without_fonts_styles_or_links() {
        for document in [sample::coffee(), sample::barber(), sample::dentist()] {
            let file = poster(&document, &sample::place()).expect("a poster");
            let svg = String::from_utf8(file.bytes).expect("text");
            for banned in ["<text", "<style", "href=\"http", "<script"] {
                assert!(!svg.contains(banned), "{banned}");
            }
            assert!(svg.len() < 200 * 1024, "{}", svg.len());
        }
    }

    #[test]
    fn the_words_follow_the_trade_and_the_language() {
        assert_eq!(scan(&sample::coffee()), "Pindai untuk lihat menu & pesan");
        assert_eq!(scan(&sample::dentist()), "Scan to see our services & ask");
        let mut document = sample::coffee();
        document.business.items.clear();
        assert_eq!(scan(&document), "Pindai untuk buka situs kami");
    }

    #[test]
    fn a_hostile_name_makes_no_markup() {
        let mut document = sample::coffee();
        document.business.name = "\"><script>alert(1)</script>\u{0}".to_owned();
        let file = poster(&document, &sample::place()).expect("a poster");
        assert!(!String::from_utf8(file.bytes).expect("text").contains("<script"));
    }
}
