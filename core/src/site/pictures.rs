//! The rendered pictures of a site: the card shown where its link is shared, and its icons.

use std::fmt::Write;
use std::io::Cursor;
use std::sync::LazyLock;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{FilterType, crop_imm, overlay, resize};
use image::{ImageFormat, Rgb, RgbImage};
use resvg::tiny_skia::{Pixmap, Transform};

use super::art;
use super::compile::{BuiltFile, Pixels, cut, lead_photo, logo_photo, palette_of, theme_of};
use super::document::{Document, DocumentPhoto, SectionKind};
use super::lettering::{self, Line, fitted, printable, wrap};
use super::palette::{Shades, hex};
use super::sections::capitalised;
use super::trades;
use crate::kept::Kept;

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

/// The cards and the icons.
pub fn pictures(document: &Document, pixels: &Pixels) -> Vec<BuiltFile> {
    let picture = |path: &str, media_type, bytes| BuiltFile {
        path: path.to_owned(),
        media_type,
        bytes,
        immutable: false,
    };
    let png = |path: &str, bytes| picture(path, "image/png", bytes);
    let drawn = icon_svg(document, 0);
    let logo = pixels.logo.as_ref().filter(|_| logo_photo(document).is_some());
    let icon = |side: u32| match logo {
        Some(logo) => png_of(&sign(logo, (side, side), side / 12)),
        None => render(&drawn, (side, side)),
    };
    let mut pictures = vec![
        png(DRAWN_CARD, logo.map_or_else(|| og_png(document), |logo| logo_card(document, logo))),
        png("/icon-192.png", icon(192)),
        png("/icon-512.png", icon(512)),
        png("/apple-touch-icon.png", icon(180)),
    ];
    if let Some(photo) = lead_photo(document) {
        let lead = pixels.lead.as_ref().map(|image| (photo, image));
        let card = photo_card(document, lead, logo);
        pictures.push(picture(PHOTO_CARD, "image/jpeg", card));
    }
    pictures
}

/// The drawn card with the logo on its drawing, as PNG.
fn logo_card(document: &Document, logo: &RgbImage) -> Vec<u8> {
    let mut card = drawn_card(document);
    put_sign(&mut card, logo);
    png_of(&card)
}

fn drawn_card(document: &Document) -> RgbImage {
    image::load_from_memory_with_format(&og_png(document), ImageFormat::Png)
        .unwrap_or_default()
        .into_rgb8()
}

fn png_of(image: &RgbImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    // Memory takes all bytes; an empty picture is better than no site.
    let _ = image.write_to(&mut bytes, ImageFormat::Png);
    bytes.into_inner()
}

/// The largest a logo stands on a card, and the room around it there.
const CARD_LOGO: (u32, u32) = (260, 150);
const CARD_LOGO_GAP: u32 = 36;
const CARD_LOGO_EDGE: u32 = 16;

/// Puts a logo on a card, in the corner of its picture.
fn put_sign(card: &mut RgbImage, logo: &RgbImage) {
    let (width, height) = inside(logo.dimensions(), CARD_LOGO);
    let plate = (width + 2 * CARD_LOGO_EDGE, height + 2 * CARD_LOGO_EDGE);
    let plate = sign(logo, plate, CARD_LOGO_EDGE);
    overlay(card, &plate, i64::from(SPLIT + CARD_LOGO_GAP), i64::from(CARD_LOGO_GAP));
}

/// A logo whole in a frame, `edge` away from its sides, on its own ground.
fn sign(logo: &RgbImage, (width, height): (u32, u32), edge: u32) -> RgbImage {
    let mut plate = RgbImage::from_pixel(width, height, ground(logo));
    let room = (width.saturating_sub(2 * edge).max(1), height.saturating_sub(2 * edge).max(1));
    let size = inside(logo.dimensions(), room);
    let small = resize(logo, size.0, size.1, FilterType::Triangle);
    let (x, y) = ((width - size.0.min(width)) / 2, (height - size.1.min(height)) / 2);
    overlay(&mut plate, &small, i64::from(x), i64::from(y));
    plate
}

/// What a logo stands on: the colour of its corners where they are alike, white otherwise.
fn ground(logo: &RgbImage) -> Rgb<u8> {
    /// Corners differ by no more than this in any channel, for what a camera or a codec does to them.
    const ALIKE: u8 = 24;
    let (right, bottom) = (logo.width().saturating_sub(1), logo.height().saturating_sub(1));
    let corner = |(x, y)| logo.get_pixel_checked(x, y).copied();
    let corners = [(0, 0), (right, 0), (0, bottom), (right, bottom)].map(corner);
    let white = Rgb([u8::MAX; 3]);
    let [Some(first), others @ ..] = corners else { return white };
    let near = |other: &Option<Rgb<u8>>| {
        let pairs = other.iter().flat_map(|other| first.0.into_iter().zip(other.0));
        pairs.into_iter().all(|(one, other)| one.abs_diff(other) <= ALIKE)
    };
    if others.iter().all(near) { first } else { white }
}

/// The largest size of a shape within a room, at least a pixel wide and tall.
fn inside((width, height): (u32, u32), (room_w, room_h): (u32, u32)) -> (u32, u32) {
    let (w, h) = (u64::from(width.max(1)), u64::from(height.max(1)));
    let wide = w * u64::from(room_h) > h * u64::from(room_w);
    let fit = |part: u64, to: u32, from: u64| {
        u32::try_from(part * u64::from(to) / from).unwrap_or(to).max(1)
    };
    if wide { (room_w, fit(h, room_w, w)) } else { (fit(w, room_h, h), room_h) }
}

/// The drawn card, 1200 by 630, as PNG.
pub fn og_png(document: &Document) -> Vec<u8> {
    render(&card_svg(document), CARD)
}

/// The card with a photo in the place of the drawing, as JPEG; drawn where its pixels are not at hand.
fn photo_card(
    document: &Document,
    lead: Option<(&DocumentPhoto, &RgbImage)>,
    logo: Option<&RgbImage>,
) -> Vec<u8> {
    let mut card = drawn_card(document);
    if let Some((photo, image)) = lead {
        let part = cropped(image, photo.focus, (CARD.0 - SPLIT, CARD.1));
        overlay(&mut card, &part, i64::from(SPLIT), 0);
    }
    if let Some(logo) = logo {
        put_sign(&mut card, logo);
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

/// Room for drawings as they were last rendered.
const DRAWN_BYTES: u64 = 4 * 1_024 * 1_024;

static DRAWN: LazyLock<Kept> = LazyLock::new(|| Kept::with_room(DRAWN_BYTES));

fn render(svg: &str, size: (u32, u32)) -> Vec<u8> {
    let [width, height] = [size.0.to_le_bytes(), size.1.to_le_bytes()];
    DRAWN.made_of(&[svg.as_bytes(), &width, &height], || draw(svg, size))
}

fn draw(svg: &str, (width, height): (u32, u32)) -> Vec<u8> {
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
            for picture in pictures(&document, &Pixels::default()) {
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
        let files = pictures(&document, &Pixels { lead: Some(lead), logo: None });
        let card = files.iter().find(|file| file.path == card_path(&document)).expect("a card");
        let image = image::load_from_memory(&card.bytes).expect("a picture").into_rgb8();
        assert_eq!(image.dimensions(), CARD);
        let pixel = image.get_pixel(900, 300).0;
        assert!(pixel[0] > 150 && pixel[2] < 60, "{pixel:?}");
    }
}
