//! Owners' photos: checked before they are decoded, turned upright, resized, re-encoded, stripped of
//! everything but their pixels.
//!
//! Bytes in, bytes out; only [`store`] and [`complete`] write them down. Nothing here trusts a file's
//! name, type or header beyond its own check.

mod decode;
mod encode;
mod look;
mod stored;

use image::RgbImage;
use sha2::{Digest, Sha256};

use crate::brief::{Focus, PhotoId, Rgb};

pub use encode::Format;
pub use stored::{
    Returned, StoreFault, clean, complete, is_photo_id, legible, master, master_key, media_type,
    rendition_key, store, take_back,
};

/// Largest file taken in.
pub const BYTES_AT_MOST: usize = 12 * 1024 * 1024;
/// Longest side of a master.
pub const MASTER_SIDE_PX: u32 = 1600;
const MASTER_QUALITY: u8 = 85;

/// A cleaned photo, ready to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreparedPhoto {
    /// SHA-256 of `jpeg` in hex.
    pub id: PhotoId,
    /// The master: JPEG, at most [`MASTER_SIDE_PX`] on its long side, no metadata.
    pub jpeg: Vec<u8>,
    /// Its width.
    pub width_px: u32,
    /// Its height.
    pub height_px: u32,
    /// Its dominant colour.
    pub colour: Rgb,
    /// What a frame of another shape keeps in sight.
    pub focus: Focus,
}

/// Why a photo is not taken; each gets its own kind sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhotoFault {
    /// More than [`BYTES_AT_MOST`].
    #[error("the file is too large")]
    TooManyBytes,
    /// More pixels than there is memory for.
    #[error("the picture has too many pixels")]
    TooManyPixels,
    /// Not a JPEG, PNG, WebP or GIF.
    #[error("not a picture")]
    NotAPicture,
    /// Begins as a picture and does not end as one.
    #[error("the picture is damaged")]
    Damaged,
}

/// Cleans an owner's photo.
pub fn prepare(bytes: &[u8]) -> Result<PreparedPhoto, PhotoFault> {
    if bytes.len() > BYTES_AT_MOST {
        return Err(PhotoFault::TooManyBytes);
    }
    let master = decode::upright(bytes, MASTER_SIDE_PX)?;
    let jpeg = encode::jpeg(&master, MASTER_QUALITY)?;
    Ok(PreparedPhoto {
        id: PhotoId(hex::encode(Sha256::digest(&jpeg))),
        jpeg,
        width_px: master.width(),
        height_px: master.height(),
        colour: look::dominant(&master),
        focus: look::focus(&master)?,
    })
}

/// The pixels of a master.
pub fn read(master: &[u8]) -> Result<RgbImage, PhotoFault> {
    decode::upright(master, MASTER_SIDE_PX)
}

/// Longest side of a picture that is read by a model, and how heavy it may be.
const READ_SIDE_PX: u32 = 1280;
const READ_BYTES_AT_MOST: usize = 600 * 1024;

/// A master as a JPEG that is small enough to be sent away and large enough to be read, with its size.
pub fn for_reading(master: &[u8]) -> Result<(Vec<u8>, u32, u32), PhotoFault> {
    const QUALITIES: [u8; 4] = [82, 70, 55, 40];
    let image = decode::upright(master, READ_SIDE_PX)?;
    let mut jpeg = Vec::new();
    for quality in QUALITIES {
        jpeg = encode::jpeg(&image, quality)?;
        if jpeg.len() <= READ_BYTES_AT_MOST {
            break;
        }
    }
    Ok((jpeg, image.width(), image.height()))
}

/// One width of a photo's pixels in one format, never wider than the photo itself and light enough
/// for a page.
pub fn render(image: &RgbImage, width_px: u32, format: Format) -> Result<Vec<u8>, PhotoFault> {
    let width = width_px.clamp(1, image.width());
    let height = decode::scaled(image.height(), width, image.width());
    encode::light(&decode::resize(image, width, height)?, format)
}

#[cfg(test)]
mod tests;
