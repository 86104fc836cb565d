//! The owner's logo: which files of it pages offer, and what stands beside the name.
//!
//! Pages only refer to it; nothing here reads one.

use super::document::{Business, DocumentPhoto};
use super::labels::{Labels, fill};
use super::photo::{self, PhotoUse, is_photo};
use crate::photos::Format;

/// Widths a logo is offered in: for usual screens and for those of twice as many pixels.
const WIDTHS: [u32; 2] = [160, 320];

/// The logo, when there is one that can be shown.
pub(super) fn logo(business: &Business) -> Option<&DocumentPhoto> {
    business.logo.as_ref().filter(|picture| is_photo(picture))
}

/// The files that pages offer of the logo.
pub(super) fn uses(business: &Business) -> Vec<PhotoUse> {
    logo(business).map(|logo| logo_files_of(&logo.id, logo.width_px)).unwrap_or_default()
}

/// The files that pages may offer of a logo with this id and width.
pub fn logo_files_of(logo: &str, width_px: u32) -> Vec<PhotoUse> {
    let file = |width_px, format| PhotoUse {
        path: photo::path(logo, width_px, format),
        photo: logo.to_owned(),
        width_px,
    };
    let both = |width| [file(width, Format::Avif), file(width, Format::Webp)];
    widths(width_px).into_iter().flat_map(both).collect()
}

/// None wider than the master, at least one.
fn widths(master_px: u32) -> Vec<u32> {
    let fitting: Vec<u32> = WIDTHS.into_iter().filter(|width| *width <= master_px).collect();
    if fitting.is_empty() { vec![master_px] } else { fitting }
}

/// The logo as the top of a page shows it.
pub(super) struct Mark {
    pub(super) avif: String,
    pub(super) webp: String,
    pub(super) src: String,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) alt: String,
}

impl Mark {
    /// What a page needs of the logo; its size is told, so that nothing moves when it is there.
    pub(super) fn of(business: &Business, labels: &Labels) -> Option<Self> {
        let logo = logo(business)?;
        let widths = widths(logo.width_px);
        let offered = |format| {
            let one = |(at, width): (usize, &u32)| {
                let path = photo::path(&logo.id, *width, format);
                if at == 0 { path } else { format!("{path} {}x", at + 1) }
            };
            widths.iter().enumerate().map(one).collect::<Vec<_>>().join(", ")
        };
        Some(Self {
            avif: offered(Format::Avif),
            webp: if widths.len() > 1 { offered(Format::Webp) } else { String::new() },
            src: photo::path(&logo.id, widths[0], Format::Webp),
            width: logo.width_px,
            height: logo.height_px,
            alt: fill(&labels.logo_alt, &[("name", &business.name)]),
        })
    }
}
