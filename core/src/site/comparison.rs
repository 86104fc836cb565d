//! A page before and after a change, side by side in one picture. Pure: pixels in, a file out.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{crop_imm, overlay};
use image::{Rgb, RgbImage};
use resvg::tiny_skia::{Pixmap, Transform};

use super::labels::labels;
use super::lettering::{self, Line};
use crate::brief::Language;

/// How tall the part of a page is that is shown, in pixels.
const SHOWN_TALL: u32 = 800;
/// What is shown above the first thing that changed, so that the place is recognised.
const LEAD_IN: u32 = 96;
/// The frame around and between the pages.
const GAP: u32 = 24;
/// The strip with the labels.
const LABELS_TALL: u32 = 72;
const GROUND: Rgb<u8> = Rgb([0xe7, 0xe7, 0xec]);
const INK: &str = "#26262e";
/// A sum of channel differences below this is noise of the rendering.
const VISIBLE_SUM: u32 = 24;
/// Pixels of one row that must differ before the row counts.
const PIXELS_OF_A_ROW: usize = 3;
/// Chats take pictures of this quality without making them smaller.
const QUALITY: u8 = 86;

/// Both pages at the first place where they differ, as JPEG, labelled in the owner's language; `None`
/// when nobody could see a difference.
pub fn compare_pages(before: &RgbImage, after: &RgbImage, language: Language) -> Option<Vec<u8>> {
    let at = first_difference(before, after)?;
    let from = if at < SHOWN_TALL / 2 { 0 } else { at - LEAD_IN };
    let wide = before.width().max(after.width());
    let (width, height) = (2 * wide + 3 * GAP, LABELS_TALL + SHOWN_TALL + GAP);
    let mut sheet = RgbImage::from_pixel(width, height, GROUND);
    let labels = labels(language);
    let words = [labels.before.as_str(), labels.after.as_str()];
    for ((page, label), number) in [before, after].into_iter().zip(words).zip(0..) {
        let left = GAP + number * (wide + GAP);
        if let Some(strip) = strip(label, wide) {
            overlay(&mut sheet, &strip, i64::from(left), 0);
        }
        // A page that has become shorter is shown down to its end.
        let from = from.min(page.height().saturating_sub(SHOWN_TALL));
        let part = crop_imm(page, 0, from, page.width(), SHOWN_TALL.min(page.height()));
        overlay(&mut sheet, &part.to_image(), i64::from(left), i64::from(LABELS_TALL));
    }
    let mut bytes = Cursor::new(Vec::new());
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&sheet).ok()?;
    Some(bytes.into_inner())
}

/// The first row in which two pages differ visibly; where one ends before the other, that row.
fn first_difference(before: &RgbImage, after: &RgbImage) -> Option<u32> {
    if before.width() != after.width() {
        return Some(0);
    }
    let visible = |(one, other): &(&Rgb<u8>, &Rgb<u8>)| {
        let apart = one.0.iter().zip(other.0).map(|(a, b)| u32::from(a.abs_diff(b)));
        apart.sum::<u32>() >= VISIBLE_SUM
    };
    let rows = before.rows().zip(after.rows());
    let differs = rows.map(|(one, other)| one.zip(other).filter(visible).count());
    let found = differs.zip(0..).find(|(count, _)| *count >= PIXELS_OF_A_ROW).map(|(_, row)| row);
    let ends = || {
        let (one, other) = (before.height(), after.height());
        (one != other).then_some(one.min(other))
    };
    found.or_else(ends)
}

/// One label on the ground of the sheet.
fn strip(label: &str, wide: u32) -> Option<RgbImage> {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide}\" height=\"{LABELS_TALL}\">"
    );
    let (x, y) = (wide as f32 / 2.0, LABELS_TALL as f32 * 0.64);
    let line = Line { x, y, size: 32.0, bold: true, centred: true, colour: INK };
    lettering::put(&mut svg, label, line);
    svg.push_str("</svg>");
    let mut pixels = Pixmap::new(wide, LABELS_TALL)?;
    let [red, green, blue] = GROUND.0;
    pixels.fill(resvg::tiny_skia::Color::from_rgba8(red, green, blue, u8::MAX));
    resvg::render(&lettering::tree(&svg)?, Transform::identity(), &mut pixels.as_mut());
    let opaque = pixels.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]);
    RgbImage::from_raw(wide, LABELS_TALL, opaque.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: Rgb<u8> = Rgb([255, 255, 255]);
    const RED: Rgb<u8> = Rgb([200, 0, 0]);

    fn page(tall: u32) -> RgbImage {
        RgbImage::from_pixel(390, tall, WHITE)
    }

    fn marked(tall: u32, at: u32) -> RgbImage {
        let mut page = page(tall);
        overlay(&mut page, &RgbImage::from_pixel(100, 20, RED), 40, i64::from(at));
        page
    }

    fn sheet(before: &RgbImage, after: &RgbImage) -> RgbImage {
        let bytes = compare_pages(before, after, Language::Id).expect("they differ");
        image::load_from_memory(&bytes).expect("a JPEG").into_rgb8()
    }

    fn is_red(pixel: &Rgb<u8>) -> bool {
        pixel.0[0] > 150 && pixel.0[1] < 90
    }

    #[test]
    fn pages_that_look_the_same_make_no_picture() {
        let mut noisy = page(1_000);
        noisy.put_pixel(10, 10, Rgb([250, 250, 250]));
        noisy.put_pixel(11, 40, RED);
        assert_eq!(compare_pages(&page(1_000), &noisy, Language::Id), None);
    }

    #[test]
    fn both_stand_side_by_side_under_their_labels() {
        let sheet = sheet(&page(2_000), &marked(2_000, 100));
        assert_eq!(sheet.dimensions(), (2 * 390 + 3 * 24, 72 + 800 + 24));
        let reds = |left: u32| {
            let part = crop_imm(&sheet, left, 72, 390, 800).to_image();
            part.pixels().filter(|pixel| is_red(pixel)).count()
        };
        assert_eq!(reds(24), 0);
        assert!(reds(24 + 390 + 24) > 1_500);
        for left in [24, 24 + 390 + 24] {
            let label = crop_imm(&sheet, left, 0, 390, 72).to_image();
            let dark = label.pixels().filter(|pixel| pixel.0[0] < 120).count();
            assert!(dark > 300, "{dark} dark pixels of a label at {left}");
        }
    }

    #[test]
    fn a_change_far_down_is_in_sight() {
        let sheet = sheet(&marked(5_000, 100), &{
            let mut page = marked(5_000, 100);
            overlay(&mut page, &RgbImage::from_pixel(100, 20, RED), 40, 4_300);
            page
        });
        let right = crop_imm(&sheet, 24 + 390 + 24, 72, 390, 800).to_image();
        assert!(right.rows().take(130).any(|mut row| row.any(is_red)));
    }

    #[test]
    fn a_page_that_only_ends_sooner_differs_where_it_ends() {
        assert_eq!(first_difference(&page(1_500), &page(1_200)), Some(1_200));
        assert!(compare_pages(&page(1_500), &page(1_200), Language::En).is_some());
        assert!(compare_pages(&page(10), &page(5), Language::En).is_some());
    }

    #[test]
    fn the_labels_speak_the_owners_language() {
        let before = |language| labels(language).before.as_str();
        assert_eq!((before(Language::Id), before(Language::En)), ("Sebelum", "Before"));
    }
}
