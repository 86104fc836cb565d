//! The rendered pictures of a site: the card shown where its link is shared, and its icons.

use std::fmt::Write;
use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use super::art;
use super::compile::{BuiltFile, cut, palette_of, theme_of};
use super::document::{Document, SectionKind};
use super::palette::{Shades, hex};
use super::sections::capitalised;
use super::trades;

const CARD: (u32, u32) = (1200, 630);
/// Where the drawing of the card begins.
const SPLIT: u32 = 690;
const TEXT_WIDTH: f32 = 560.0;

/// `/og.png` and the icons.
pub fn pictures(document: &Document) -> Vec<BuiltFile> {
    let png = |path: &str, bytes| BuiltFile {
        path: path.to_owned(),
        media_type: "image/png",
        bytes,
        immutable: false,
    };
    let icon = icon_svg(document, 0);
    vec![
        png("/og.png", og_png(document)),
        png("/icon-192.png", render(&icon, (192, 192))),
        png("/icon-512.png", render(&icon, (512, 512))),
        png("/apple-touch-icon.png", render(&icon, (180, 180))),
    ]
}

/// The card shown where the site's link is shared, 1200 by 630, as PNG.
pub fn og_png(document: &Document) -> Vec<u8> {
    render(&card_svg(document), CARD)
}

/// The icon of the browser's tab: the shop's drawing with rounded corners.
pub(super) fn favicon(document: &Document) -> String {
    icon_svg(document, 22)
}

fn shades(document: &Document) -> Option<Shades> {
    palette_of(document).map(|palette| palette.light)
}

fn icon_svg(document: &Document, corner: u32) -> String {
    let Some(shades) = shades(document) else { return String::new() };
    let (ground, letter) = (hex(shades.primary), hex(shades.on_primary));
    // One colour on the ground: at sixteen pixels a second one is only noise.
    let motif = trades::motifs(&document.business)[0].svg.as_str();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 100\"><style>.a,.b,.c{{fill:{letter}}}.d,.e{{fill:{ground}}}.s,.f,.r,.q{{fill:none;stroke:{letter};stroke-width:6;stroke-linecap:round;stroke-linejoin:round}}.f{{stroke:{ground}}}</style><rect width=\"100\" height=\"100\" rx=\"{corner}\" fill=\"{ground}\"/><g transform=\"translate(19 19) scale(.62)\">{motif}</g></svg>"
    )
}

fn card_svg(document: &Document) -> String {
    let Some(shades) = shades(document) else { return String::new() };
    let (width, height) = CARD;
    let motifs = trades::motifs(&document.business);
    let side = (width - SPLIT, height);
    let theme = theme_of(document);
    let drawn = art::compose(theme.art, side, motifs.len(), document.design.seed);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\"><style>{}</style><defs>{}</defs><rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/><svg x=\"{SPLIT}\" width=\"{}\" height=\"{height}\" viewBox=\"0 0 {} {height}\"><rect width=\"100%\" height=\"100%\" fill=\"{}\"/>{drawn}</svg>",
        art::paint(&shades),
        art::symbols(&motifs),
        hex(shades.hero),
        side.0,
        side.0,
        hex(shades.band),
    );
    words(&mut svg, document, &shades);
    svg.push_str("</svg>");
    svg
}

fn words(svg: &mut String, document: &Document, shades: &Shades) {
    let (name, size) = fitted(&printable(&document.business.name));
    let lead = hero_lead(document);
    let room = if name.len() > 2 { 2 } else { 3 };
    let mut leads = wrap(&printable(&lead), 31.0);
    if leads.len() > room {
        leads.truncate(room);
        leads
            .iter_mut()
            .rev()
            .take(1)
            .for_each(|row| *row = cut(&format!("{row} …"), row.chars().count()));
    }
    let line = size * 1.08;
    let rows = |count: usize| u16::try_from(count).map_or(0.0, f32::from);
    let tall = 40.0 + rows(name.len()) * line + 8.0 + rows(leads.len()) * 42.0;
    let mut y = (290.0 - tall / 2.0 + 40.0 + size * 0.78).max(112.0 + size * 0.78);
    let bar = y - size * 0.78 - 40.0;
    let _ = write!(
        svg,
        "<rect x=\"72\" y=\"{bar:.0}\" width=\"88\" height=\"12\" fill=\"{}\"/>",
        hex(shades.hero_button)
    );
    for row in name {
        text(svg, &row, (y, size), 700, &hex(shades.hero_ink));
        y += line;
    }
    y += 4.0;
    for row in leads {
        text(svg, &row, (y, 31.0), 400, &hex(shades.hero_soft));
        y += 42.0;
    }
    let business = &document.business;
    let trade = capitalised(business.trade_said.trim());
    let foot: Vec<&str> = [Some(trade.as_str()), business.city.as_deref()]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    let foot = printable(&cut(&foot.join("  ·  "), 40));
    text(svg, &foot, (572.0, 27.0), 700, &hex(shades.hero_ink));
}

fn text(svg: &mut String, row: &str, (y, size): (f32, f32), weight: u16, colour: &str) {
    let row = row.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let _ = write!(
        svg,
        "<text x=\"72\" y=\"{y:.0}\" font-family=\"Noto Sans\" font-weight=\"{weight}\" font-size=\"{size:.0}\" fill=\"{colour}\">{row}</text>"
    );
}

/// The lead of the first view, else the description.
fn hero_lead(document: &Document) -> String {
    let sections = document.pages.iter().flat_map(|page| &page.sections);
    let lead = sections
        .filter(|section| section.kind == SectionKind::Hero && !section.hidden)
        .map(|section| section.words.lead.trim())
        .find(|lead| !lead.is_empty());
    cut(lead.unwrap_or(&document.meta.description), 100)
}

/// The largest size at which a name stands in at most three lines.
fn fitted(name: &str) -> (Vec<String>, f32) {
    const SIZES: [f32; 6] = [104.0, 88.0, 76.0, 64.0, 54.0, 46.0];
    const ROOM: f32 = 235.0;
    for size in SIZES {
        let rows = wrap(name, size * 1.06);
        let fits = rows.iter().all(|row| width(row, size * 1.06) <= TEXT_WIDTH);
        let tall = u16::try_from(rows.len()).map_or(f32::MAX, |rows| f32::from(rows) * size);
        if fits && tall <= ROOM {
            return (rows, size);
        }
    }
    (wrap(&cut(name, 24), 46.0), 46.0)
}

fn wrap(words: &str, size: f32) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        match rows.last_mut() {
            Some(row) if width(&format!("{row} {word}"), size) <= TEXT_WIDTH => {
                row.push(' ');
                row.push_str(word);
            }
            _ => rows.push(word.to_owned()),
        }
    }
    rows
}

/// About how wide a text stands, from classes of letters.
fn width(text: &str, size: f32) -> f32 {
    let letter = |letter: char| match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | '\'' | ' ' | '|' | '!' => 0.3,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.92,
        'f' | 't' | 'r' | '-' | '(' | ')' => 0.42,
        other if other.is_uppercase() => 0.68,
        _ => 0.59,
    };
    text.chars().map(letter).sum::<f32>() * size
}

/// What the embedded letters can draw; a name in another script is spelled in Latin ones.
fn printable(text: &str) -> String {
    let drawn = |letter: char| matches!(letter, ' '..='\u{52f}' | '\u{1e00}'..='\u{1fff}' | '–' | '—' | '‘' | '’' | '“' | '”' | '…' | '•');
    text.chars()
        .map(|letter| if drawn(letter) { letter.to_string() } else { spelled(letter) })
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Emoji have long names in Latin letters; they are left out instead.
fn spelled(letter: char) -> String {
    if letter.is_alphanumeric() { deunicode::deunicode(&letter.to_string()) } else { String::new() }
}

fn fonts() -> Arc<fontdb::Database> {
    static FONTS: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    FONTS
        .get_or_init(|| {
            let mut fonts = fontdb::Database::new();
            fonts.load_font_data(notosans::REGULAR_TTF.to_vec());
            fonts.load_font_data(notosans::BOLD_TTF.to_vec());
            Arc::new(fonts)
        })
        .clone()
}

fn render(svg: &str, (width, height): (u32, u32)) -> Vec<u8> {
    let options = Options { fontdb: fonts(), ..Options::default() };
    // Our own drawing of printable words always parses; an empty picture is better than no site.
    let (Ok(tree), Some(mut pixels)) = (Tree::from_str(svg, &options), Pixmap::new(width, height))
    else {
        return Vec::new();
    };
    let size = tree.size();
    let scale = |to: u32, from: f32| f64::from(to) / f64::from(from);
    let (across, down) = (scale(width, size.width()), scale(height, size.height()));
    let shrink = Transform::from_scale(across as f32, down as f32);
    resvg::render(&tree, shrink, &mut pixels.as_mut());
    pixels.encode_png().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn the_card_is_a_png_of_the_right_size() {
        let image = image::load_from_memory(&og_png(&sample::coffee())).expect("a picture");
        assert_eq!((image.width(), image.height()), CARD);
    }

    #[test]
    fn every_picture_can_be_read_whatever_the_name() {
        let mut document = sample::coffee();
        for name in [
            "Kopi & <Teh>",
            "咖啡",
            "🎉🎉",
            "Warung Makan Sederhana Bu Haji Siti Nurhaliza Banyumas",
            "A",
        ] {
            document.business.name = name.to_owned();
            for picture in pictures(&document) {
                assert!(image::load_from_memory(&picture.bytes).is_ok(), "{name} {}", picture.path);
            }
        }
    }

    #[test]
    fn long_names_stay_within_their_column() {
        let (rows, size) = fitted("Laboratorium Kecantikan Internasional Nusantara Raya Abadi");
        assert!(rows.iter().all(|row| width(row, size) <= TEXT_WIDTH));
        assert!(rows.len() <= 5);
    }
}
