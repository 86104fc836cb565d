//! The single pictures on one sheet: phone and desk of a site side by side, as PNG and as a page with
//! links to the single ones.

use std::path::Path;

use anyhow::Context;
use image::imageops::{FilterType, overlay};
use image::{Rgb, RgbImage};

use crate::browser::View;

/// Height of every picture on the sheet.
const TALL_PX: u32 = 720;
/// Width of the phone's, of the desk's.
const WIDE_PX: [u32; 2] = [160, 480];
const GAP_PX: u32 = 16;
const IN_A_ROW: u32 = 4;

/// Writes `sheet.png` and `sheet.html`.
pub(crate) fn compose(out: &Path, names: &[String]) -> anyhow::Result<()> {
    let cell = WIDE_PX[0] + WIDE_PX[1] + 2 * GAP_PX;
    let rows = u32::try_from(names.len())?.div_ceil(IN_A_ROW);
    let size = (cell * IN_A_ROW + GAP_PX, rows * (TALL_PX + GAP_PX) + GAP_PX);
    let mut sheet = RgbImage::from_pixel(size.0, size.1, Rgb([110, 110, 116]));
    let mut page = String::from(
        "<!doctype html><meta charset=\"utf-8\"><title>Contact sheet</title>\
         <style>body{background:#6e6e74;color:#fff;font:14px sans-serif}figure{display:inline-block;margin:8px}\
         img{height:480px;vertical-align:top;margin-right:8px}</style>",
    );
    for (at, name) in (0..).zip(names) {
        let (row, column) = (at / IN_A_ROW, at % IN_A_ROW);
        let mut x = GAP_PX + column * cell;
        page.push_str(&format!("<figure><figcaption>{name}</figcaption>"));
        for (view, wide) in View::ALL.into_iter().zip(WIDE_PX) {
            let file = format!("{name}-{}.png", view.slug());
            let picture = image::open(out.join(&file)).with_context(|| file.clone())?;
            let small = picture.resize(wide, TALL_PX, FilterType::Triangle).into_rgb8();
            let y = GAP_PX + row * (TALL_PX + GAP_PX);
            overlay(&mut sheet, &small, i64::from(x), i64::from(y));
            x += wide + GAP_PX / 2;
            page.push_str(&format!("<a href=\"{file}\"><img src=\"{file}\" alt=\"{name}\"></a>"));
        }
        page.push_str("</figure>");
    }
    sheet.save(out.join("sheet.png"))?;
    std::fs::write(out.join("sheet.html"), page)?;
    Ok(())
}
