//! The poster as a sheet that every print shop takes: one page of A4 as a PDF.

use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref};
use resvg::tiny_skia::{Pixmap, Transform};

use super::super::lettering;

/// The media type of a sheet.
pub const SHEET_TYPE: &str = "application/pdf";
/// A4 in points.
const PAGE_POINTS: (f32, f32) = (595.28, 841.89);
/// Dots of a sheet at 300 to the inch.
const DOTS: (u32, u32) = (2480, 3508);

/// A poster's drawing as a PDF; `None` when it is no drawing.
pub fn sheet(svg: &str) -> Option<Vec<u8>> {
    let tree = lettering::tree(svg)?;
    let (width, height) = DOTS;
    let mut dots = Pixmap::new(width, height)?;
    let size = tree.size();
    let scale = Transform::from_scale(width as f32 / size.width(), height as f32 / size.height());
    resvg::render(&tree, scale, &mut dots.as_mut());
    // The drawing covers the sheet: nothing shows through it.
    let colours: Vec<u8> =
        dots.data().chunks_exact(4).flat_map(|dot| [dot[0], dot[1], dot[2]]).collect();
    Some(page(&packed(&colours)?, DOTS))
}

fn packed(bytes: &[u8]) -> Option<Vec<u8>> {
    use std::io::Write;
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes).ok()?;
    packer.finish().ok()
}

/// One page that is filled by a picture of packed RGB.
fn page(picture: &[u8], (width, height): (u32, u32)) -> Vec<u8> {
    let [catalogue, pages, page, content, image] = [1, 2, 3, 4, 5].map(Ref::new);
    let name = Name(b"Poster");
    let (wide, tall) = PAGE_POINTS;
    let mut pdf = Pdf::new();
    pdf.catalog(catalogue).pages(pages);
    pdf.pages(pages).kids([page]).count(1);
    let mut sheet = pdf.page(page);
    sheet.parent(pages).media_box(Rect::new(0.0, 0.0, wide, tall)).contents(content);
    sheet.resources().x_objects().pair(name, image);
    sheet.finish();
    let mut drawn = pdf.image_xobject(image, picture);
    let dots = |count: u32| i32::try_from(count).unwrap_or_default();
    drawn.filter(Filter::FlateDecode);
    drawn.width(dots(width)).height(dots(height));
    drawn.color_space().device_rgb();
    drawn.bits_per_component(8);
    drawn.finish();
    let mut strokes = Content::new();
    strokes.save_state().transform([wide, 0.0, 0.0, tall, 0.0, 0.0]).x_object(name).restore_state();
    pdf.stream(content, &strokes.finish());
    pdf.finish()
}

#[cfg(test)]
mod tests {
    use super::super::super::sample;
    use super::*;

    #[test]
    fn a_poster_becomes_one_page_of_a4() {
        let poster = super::super::poster(&sample::coffee(), &sample::place()).expect("a poster");
        let pdf = sheet(&String::from_utf8(poster.bytes).expect("text")).expect("a sheet");
        assert!(pdf.starts_with(b"%PDF-1.7") && pdf.ends_with(b"%%EOF"));
        let text = String::from_utf8_lossy(&pdf);
        assert!(text.contains("/MediaBox [0 0 595.28 841.89]") && text.contains("/Count 1"));
        assert!(pdf.len() < 2 * 1_024 * 1_024, "{}", pdf.len());
        assert_eq!(sheet("no drawing"), None);
    }
}
