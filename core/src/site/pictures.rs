//! The rendered pictures of a site: the card shown where its link is shared, and its icons.

use std::fmt::Write;
use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{FilterType, crop_imm, overlay, resize};
use image::{ImageFormat, RgbImage};
use resvg::tiny_skia::{Pixmap, Transform};

use super::art;
use super::compile::{BuiltFile, cut, lead_photo, palette_of, theme_of};
use super::document::{Document, DocumentPhoto, SectionKind};
use super::lettering::{self, Line, fitted, printable, wrap};
use super::palette::{Shades, hex};
use super::sections::capitalised;
use super::trades;

const CARD: (u32, u32) = (1200, 630);
/// Where the picture of the card begins.
const SPLIT: u32 = 690;
/// Where its words begin, and how wide they may stand.
const MARGIN: f32 = 72.0;
const TEXT_WIDTH: f32 = 560.0;
/// Chats leave out cards that weigh more than a few hundred kilobytes.
const CARD_QUALITY: u8 = 84;

/// The card with the photo that leads the site, for sites that have one.
pub(super) const PHOTO_CARD: &str = "/og.jpg";
/// The drawn card, which every site has.
pub(super) const DRAWN_CARD: &str = "/og.png";

/// The path of the card a site shows where it is shared.
pub(super) fn card_path(document: &Document) -> &'static str {
    if lead_photo(document).is_some() { PHOTO_CARD } else { DRAWN_CARD }
}

/// The cards and the icons; `lead` holds the pixels of the photo that leads the site, if there is one.
pub fn pictures(document: &Document, lead: Option<&RgbImage>) -> Vec<BuiltFile> {
    let picture = |path: &str, media_type, bytes| BuiltFile {
        path: path.to_owned(),
        media_type,
        bytes,
        immutable: false,
    };
    let png = |path: &str, bytes| picture(path, "image/png", bytes);
    let icon = icon_svg(document, 0);
    let mut pictures = vec![
        png(DRAWN_CARD, og_png(document)),
        png("/icon-192.png", render(&icon, (192, 192))),
        png("/icon-512.png", render(&icon, (512, 512))),
        png("/apple-touch-icon.png", render(&icon, (180, 180))),
    ];
    if let Some(photo) = lead_photo(document) {
        let card = photo_card(document, lead.map(|image| (photo, image)));
        pictures.push(picture(PHOTO_CARD, "image/jpeg", card));
    }
    pictures
}

/// The drawn card, 1200 by 630, as PNG.
pub fn og_png(document: &Document) -> Vec<u8> {
    render(&card_svg(document), CARD)
}

/// The card with a photo in the place of the drawing, as JPEG; drawn where its pixels are not at hand.
fn photo_card(document: &Document, lead: Option<(&DocumentPhoto, &RgbImage)>) -> Vec<u8> {
    let mut card = image::load_from_memory_with_format(&og_png(document), ImageFormat::Png)
        .unwrap_or_default()
        .into_rgb8();
    if let Some((photo, image)) = lead {
        let part = cropped(image, photo.focus, (CARD.0 - SPLIT, CARD.1));
        overlay(&mut card, &part, i64::from(SPLIT), 0);
    }
    let mut bytes = Cursor::new(Vec::new());
    // Memory takes all bytes; an empty picture is better than no site.
    let _ = JpegEncoder::new_with_quality(&mut bytes, CARD_QUALITY).encode_image(&card);
    bytes.into_inner()
}

/// A photo cut to a shape around its focus, as browsers cut it.
fn cropped(image: &RgbImage, focus: Option<[u8; 2]>, (width, height): (u32, u32)) -> RgbImage {
    let [x_pct, y_pct] = focus.unwrap_or([50, 50]).map(|pct| u32::from(pct.min(100)));
    let (w, h) = image.dimensions();
    let wide = u64::from(w) * u64::from(height) > u64::from(h) * u64::from(width);
    let (part_w, part_h) = if wide {
        ((u64::from(h) * u64::from(width) / u64::from(height)) as u32, h)
    } else {
        (w, (u64::from(w) * u64::from(height) / u64::from(width)) as u32)
    };
    let (part_w, part_h) = (part_w.clamp(1, w), part_h.clamp(1, h));
    let (x, y) = ((w - part_w) * x_pct / 100, (h - part_h) * y_pct / 100);
    let part = crop_imm(image, x, y, part_w, part_h).to_image();
    resize(&part, width, height, FilterType::Triangle)
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
    let seed = document.design.seed;
    let drawn = art::compose(theme_of(document).art_for(seed), side, motifs.len(), seed);
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
    const SIZES: [f32; 6] = [112.0, 96.0, 80.0, 68.0, 58.0, 50.0];
    const LEAD: f32 = 34.0;
    const LEAD_LINE: f32 = 45.0;
    let (name, size) = fitted(&printable(&document.business.name), &SIZES, (TEXT_WIDTH, 260.0));
    let leads = leads(document, LEAD, if name.len() > 2 { 2 } else { 3 });
    let line = size * 1.08;
    let rows = |count: usize| u16::try_from(count).map_or(0.0, f32::from);
    let tall = 40.0 + rows(name.len()) * line + 8.0 + rows(leads.len()) * LEAD_LINE;
    let mut y = (295.0 - tall / 2.0 + 40.0 + size * 0.78).max(100.0 + size * 0.78);
    let bar = y - size * 0.78 - 40.0;
    // A string takes all that is written to it.
    let _ = write!(
        svg,
        "<rect x=\"{MARGIN}\" y=\"{bar:.0}\" width=\"88\" height=\"12\" fill=\"{}\"/>",
        hex(shades.hero_button)
    );
    let (ink, soft) = (hex(shades.hero_ink), hex(shades.hero_soft));
    let row = |y, size, bold, colour| Line { x: MARGIN, y, size, bold, centred: false, colour };
    for words in name {
        lettering::put(svg, &words, row(y, size, true, &ink));
        y += line;
    }
    // From the name's last base line to the lead's first.
    y += size * 0.3 + LEAD_LINE - line;
    for words in leads {
        lettering::put(svg, &words, row(y, LEAD, false, &soft));
        y += LEAD_LINE;
    }
    lettering::put(svg, &foot(document), row(572.0, 31.0, true, &ink));
}

/// The lead in at most `room` lines.
fn leads(document: &Document, size: f32, room: usize) -> Vec<String> {
    let mut leads = wrap(&printable(&hero_lead(document)), size, TEXT_WIDTH);
    if leads.len() > room {
        leads.truncate(room);
        if let Some(last) = leads.last_mut() {
            *last = cut(&format!("{last} …"), last.chars().count());
        }
    }
    leads
}

/// Trade and town.
pub(super) fn foot(document: &Document) -> String {
    let business = &document.business;
    let trade = capitalised(business.trade_said.trim());
    let parts: Vec<&str> = [Some(trade.as_str()), business.city.as_deref()]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    printable(&cut(&parts.join("  ·  "), 36))
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

fn render(svg: &str, (width, height): (u32, u32)) -> Vec<u8> {
    // Our own drawing of printable words always parses; an empty picture is better than no site.
    let (Some(tree), Some(mut pixels)) = (lettering::tree(svg), Pixmap::new(width, height)) else {
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
            "\u{0}\u{202e}",
            "Warung Makan Sederhana Bu Haji Siti Nurhaliza Banyumas",
            "A",
        ] {
            document.business.name = name.to_owned();
            for picture in pictures(&document, None) {
                assert!(image::load_from_memory(&picture.bytes).is_ok(), "{name} {}", picture.path);
            }
        }
    }

    #[test]
    fn a_photo_stands_in_the_card_cut_around_its_focus() {
        let mut document = sample::coffee();
        document.business.photos.push(DocumentPhoto {
            id: "a".repeat(64),
            width_px: 1200,
            height_px: 400,
            alt: "Meja".to_owned(),
            colour: "#aabbcc".to_owned(),
            focus: Some([100, 50]),
        });
        let lead = RgbImage::from_fn(1200, 400, |x, _| {
            if x < 800 { image::Rgb([0, 0, 200]) } else { image::Rgb([200, 0, 0]) }
        });
        let files = pictures(&document, Some(&lead));
        let card = files.iter().find(|file| file.path == card_path(&document)).expect("a card");
        let image = image::load_from_memory(&card.bytes).expect("a picture").into_rgb8();
        assert_eq!(image.dimensions(), CARD);
        let pixel = image.get_pixel(900, 300).0;
        assert!(pixel[0] > 150 && pixel[2] < 60, "{pixel:?}");
    }
}
