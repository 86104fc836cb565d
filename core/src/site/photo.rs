//! Photos on pages: which files of one a page offers, the element that offers them, and what the style
//! sheet says of each.
//!
//! Pages only refer to photos; nothing here reads one.

use std::fmt::Write;

use askama::Template;

use super::compile::CompileError;
use super::document::{Business, DocumentPhoto, SectionKind};
use super::markup::Markup;
use super::palette::parse_hex;
use crate::photos::Format;

/// Widths photos are offered in; the largest only where a photo leads the page.
pub const PHOTO_WIDTHS: [u32; 3] = [480, 960, 1600];
/// The widest file of a photo further down, and of the one for browsers of long ago.
const SMALL_WIDTH_PX: u32 = 960;

/// Families of sections further down whose drawing a painted picture may take the place of, where the
/// look they wear has room for one. It bounds how many a site has.
pub const ILLUSTRATED: [SectionKind; 2] = [SectionKind::About, SectionKind::Cta];
/// The look of those families that has the room.
pub const ILLUSTRATED_LOOK: &str = "picture";

/// A photo on a page of the site: which file of which photo.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PhotoUse {
    /// The path on the site.
    pub path: String,
    /// SHA-256 of the master in hex.
    pub photo: String,
    /// How wide the file is.
    pub width_px: u32,
}

/// A stored photo that can be shown: its id is a hash and it has a size.
pub(super) fn is_photo(photo: &DocumentPhoto) -> bool {
    photo.id.len() == 64
        && photo.id.bytes().all(|byte| byte.is_ascii_hexdigit())
        && photo.width_px > 0
        && photo.height_px > 0
        && parse_hex(&photo.colour).is_some()
}

/// The files that pages may offer of a photo with this id and width.
pub fn files_of(photo: &str, width_px: u32) -> Vec<PhotoUse> {
    let file = |width_px, format| PhotoUse {
        path: path(photo, width_px, format),
        photo: photo.to_owned(),
        width_px,
    };
    let widths = widths(width_px);
    let modern =
        widths.iter().flat_map(|width| [file(*width, Format::Avif), file(*width, Format::Webp)]);
    modern.chain([file(small(&widths), Format::Jpeg)]).collect()
}

/// The files the pages of a business offer.
pub(super) fn uses(business: &Business) -> Vec<PhotoUse> {
    let photos = business.photos.iter().filter(|photo| is_photo(photo));
    let shown = photos.chain(illustration(business)).chain(small_illustrations(business));
    let mut uses: Vec<_> = shown.flat_map(|photo| files_of(&photo.id, photo.width_px)).collect();
    uses.sort();
    uses.dedup();
    uses
}

/// None wider than the master, at least one.
fn widths(master_px: u32) -> Vec<u32> {
    let fitting: Vec<u32> = PHOTO_WIDTHS.into_iter().filter(|width| *width <= master_px).collect();
    if fitting.is_empty() { vec![master_px] } else { fitting }
}

fn small(widths: &[u32]) -> u32 {
    widths.iter().copied().filter(|width| *width <= SMALL_WIDTH_PX).max().unwrap_or(widths[0])
}

/// The path of one file of a photo.
pub(super) fn path(photo: &str, width_px: u32, format: Format) -> String {
    let stem = photo.get(..16).unwrap_or(photo);
    format!("/photos/{stem}-{width_px}.{}", format.ending())
}

/// The class of a photo's element.
fn class(photo: &DocumentPhoto) -> String {
    format!("x{}", photo.id.get(..7).unwrap_or(&photo.id).to_ascii_lowercase())
}

/// The rules of a business's photos: each stands on its own colour until it is there, and keeps what
/// matters in frames of another shape.
pub(super) fn rules(business: &Business) -> String {
    let mut css = String::new();
    let photos = business.photos.iter().filter(|photo| is_photo(photo));
    for photo in photos.chain(illustration(business)).chain(small_illustrations(business)) {
        // A string takes all that is written to it.
        let _ = write!(css, ".{}{{background:{}", class(photo), photo.colour.to_ascii_lowercase());
        if let Some([x_pct, y_pct]) = photo.focus {
            // A string takes all that is written to it.
            let _ = write!(css, ";object-position:{}% {}%", x_pct.min(100), y_pct.min(100));
        }
        css.push('}');
    }
    css
}

/// The painted picture, where no photo takes its place.
pub(super) fn illustration(business: &Business) -> Option<&DocumentPhoto> {
    let painted = business.illustration.as_ref().filter(|picture| is_photo(picture));
    painted.filter(|_| !business.photos.iter().any(is_photo))
}

/// The painted picture of a section further down, where no photo takes its place.
pub(super) fn small_illustration(business: &Business, kind: SectionKind) -> Option<&DocumentPhoto> {
    let painted = business.small_illustrations.get(kind.slug()).filter(|one| is_photo(one));
    painted.filter(|_| !business.photos.iter().any(is_photo))
}

fn small_illustrations(business: &Business) -> impl Iterator<Item = &DocumentPhoto> {
    ILLUSTRATED.into_iter().filter_map(|kind| small_illustration(business, kind))
}

#[derive(Template)]
#[template(path = "site/illustration.html")]
struct IllustrationTag<'a> {
    picture: Markup,
    label: &'a str,
}

/// A painted picture under the plain word that it is one.
pub(super) fn illustrated(
    painted: &DocumentPhoto,
    sizes: &str,
    eager: bool,
    label: &str,
) -> Result<Markup, CompileError> {
    let picture = picture(painted, sizes, eager, label)?;
    Markup::of(&IllustrationTag { picture, label })
}

#[derive(Template)]
#[template(path = "site/picture.html")]
struct PictureTag<'a> {
    avif: String,
    webp: String,
    src: String,
    sizes: &'a str,
    class: String,
    width: u32,
    height: u32,
    alt: &'a str,
    eager: bool,
}

/// The picture element of a photo, `eager` for the one that leads a page; `otherwise` stands in for a
/// missing description.
pub(super) fn picture(
    photo: &DocumentPhoto,
    sizes: &str,
    eager: bool,
    otherwise: &str,
) -> Result<Markup, CompileError> {
    let mut widths = widths(photo.width_px);
    let small = small(&widths);
    if !eager {
        widths.retain(|width| *width <= small);
    }
    let offered = |format| {
        let one = |width: &u32| format!("{} {width}w", path(&photo.id, *width, format));
        widths.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    let alt = photo.alt.trim();
    // Further down the page, browsers without AVIF get one file: every picture must stay short.
    let rest = if eager { Format::Jpeg } else { Format::Webp };
    Markup::of(&PictureTag {
        avif: offered(Format::Avif),
        webp: if eager { offered(Format::Webp) } else { String::new() },
        src: path(&photo.id, small, rest),
        sizes,
        class: class(photo),
        width: photo.width_px,
        height: photo.height_px,
        alt: if alt.is_empty() { otherwise } else { alt },
        eager,
    })
}
