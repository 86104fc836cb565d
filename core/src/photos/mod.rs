//! Owners' photos: checked before they are decoded, turned upright, resized, re-encoded, stripped of
//! everything but their pixels.
//!
//! Bytes in, bytes out; only [`store`] writes them down. Nothing here trusts a file's name, type or header beyond its own check.

mod stored;

use std::io::Cursor;

use fast_image_resize::images::Image;
use fast_image_resize::{PixelType, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};
use sha2::{Digest, Sha256};

use crate::brief::{PhotoId, Rgb};

pub use stored::{StoreFault, media_type, rendition_key, store};

/// Largest file taken in.
pub const BYTES_AT_MOST: usize = 12 * 1024 * 1024;
/// Most pixels decoded, read from the header first.
pub const PIXELS_AT_MOST: u64 = 50_000_000;
/// Longest side of a master.
pub const MASTER_SIDE_PX: u32 = 1600;
/// Most memory a decoder may ask for: four bytes for each pixel and room to work.
const DECODER_BYTES_AT_MOST: u64 = PIXELS_AT_MOST * 4 + 64 * 1024 * 1024;
const MASTER_QUALITY: u8 = 85;
const PAGE_JPEG_QUALITY: u8 = 76;
const PAGE_WEBP_QUALITY: f32 = 74.0;

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
}

/// One width of a photo in both formats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoFiles {
    /// For every browser of the last years.
    pub webp: Vec<u8>,
    /// For the rest.
    pub jpeg: Vec<u8>,
}

/// Why a photo is not taken; each gets its own kind sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhotoFault {
    /// More than [`BYTES_AT_MOST`].
    #[error("the file is too large")]
    TooManyBytes,
    /// More than [`PIXELS_AT_MOST`].
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
    let upright = decode(bytes)?;
    let (width, height) = within(upright.width(), upright.height(), MASTER_SIDE_PX);
    let master = resize(&upright, width, height)?;
    let colour = dominant(&master);
    let jpeg = encode_jpeg(&master, MASTER_QUALITY)?;
    let id = PhotoId(hex::encode(Sha256::digest(&jpeg)));
    Ok(PreparedPhoto { id, jpeg, width_px: width, height_px: height, colour })
}

/// One width of a master, never wider than the master itself.
pub fn render(master: &[u8], width_px: u32) -> Result<PhotoFiles, PhotoFault> {
    let image = decode(master)?;
    let width = width_px.clamp(1, image.width());
    let height = scaled(image.height(), width, image.width());
    let resized = resize(&image, width, height)?;
    let encoder = webp::Encoder::from_rgb(resized.as_raw(), width, height);
    let webp =
        encoder.encode_simple(false, PAGE_WEBP_QUALITY).map_err(|_| PhotoFault::Damaged)?.to_vec();
    Ok(PhotoFiles { webp, jpeg: encode_jpeg(&resized, PAGE_JPEG_QUALITY)? })
}

fn decode(bytes: &[u8]) -> Result<RgbImage, PhotoFault> {
    let format = image::guess_format(bytes).map_err(|_| PhotoFault::NotAPicture)?;
    if !matches!(
        format,
        ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP | ImageFormat::Gif
    ) {
        return Err(PhotoFault::NotAPicture);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODER_BYTES_AT_MOST);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|fault| damaged(&fault))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_AT_MOST {
        return Err(PhotoFault::TooManyPixels);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(|fault| damaged(&fault))?;
    image.apply_orientation(orientation);
    Ok(on_white(image))
}

fn damaged(fault: &image::ImageError) -> PhotoFault {
    match fault {
        image::ImageError::Limits(_) => PhotoFault::TooManyPixels,
        image::ImageError::Unsupported(_) => PhotoFault::NotAPicture,
        image::ImageError::Decoding(_)
        | image::ImageError::Encoding(_)
        | image::ImageError::Parameter(_)
        | image::ImageError::IoError(_) => PhotoFault::Damaged,
    }
}

/// Transparent parts become white, as JPEG has none.
fn on_white(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let rgba = image.into_rgba8();
    RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [r, g, b, a] = rgba.get_pixel(x, y).0;
        let over = |part: u8| {
            let mixed = u32::from(part) * u32::from(a) + 255 * (255 - u32::from(a));
            u8::try_from(mixed / 255).unwrap_or(u8::MAX)
        };
        image::Rgb([over(r), over(g), over(b)])
    })
}

/// The size that fits a square of `side`, never larger than before.
fn within(width: u32, height: u32, side: u32) -> (u32, u32) {
    let long = width.max(height);
    if long <= side {
        return (width, height);
    }
    (scaled(width, side, long), scaled(height, side, long))
}

/// `value * to / from`, rounded, at least 1.
fn scaled(value: u32, to: u32, from: u32) -> u32 {
    let exact = (u64::from(value) * u64::from(to) + u64::from(from) / 2) / u64::from(from.max(1));
    u32::try_from(exact).unwrap_or(u32::MAX).max(1)
}

fn resize(image: &RgbImage, width: u32, height: u32) -> Result<RgbImage, PhotoFault> {
    if image.dimensions() == (width, height) {
        return Ok(image.clone());
    }
    let source = fast_image_resize::images::ImageRef::new(
        image.width(),
        image.height(),
        image.as_raw(),
        PixelType::U8x3,
    )
    .map_err(|_| PhotoFault::Damaged)?;
    let mut target = Image::new(width, height, PixelType::U8x3);
    Resizer::new()
        .resize(&source, &mut target, &ResizeOptions::new())
        .map_err(|_| PhotoFault::Damaged)?;
    RgbImage::from_raw(width, height, target.into_vec()).ok_or(PhotoFault::Damaged)
}

fn encode_jpeg(image: &RgbImage, quality: u8) -> Result<Vec<u8>, PhotoFault> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode_image(image)
        .map_err(|_| PhotoFault::Damaged)?;
    Ok(bytes)
}

/// The average of the most filled of 64 boxes of colour, colourful boxes counting more.
fn dominant(image: &RgbImage) -> Rgb {
    const SAMPLES: usize = 20_000;
    let step = (image.pixels().len() / SAMPLES).max(1);
    let mut boxes = [[0u64; 4]; 64];
    for pixel in image.pixels().step_by(step) {
        let [r, g, b] = pixel.0;
        let which = usize::from(r >> 6) << 4 | usize::from(g >> 6) << 2 | usize::from(b >> 6);
        let sums = &mut boxes[which];
        for (sum, part) in sums.iter_mut().zip([r, g, b]) {
            *sum += u64::from(part);
        }
        sums[3] += 1;
    }
    let weight = |sums: &[u64; 4]| {
        let count = sums[3].max(1);
        let parts = [sums[0] / count, sums[1] / count, sums[2] / count];
        let spread = parts.iter().max().unwrap_or(&0) - parts.iter().min().unwrap_or(&0);
        sums[3] * (40 + spread)
    };
    let best = boxes.iter().max_by_key(|sums| weight(sums)).copied().unwrap_or_default();
    let part = |at: usize| u8::try_from(best[at] / best[3].max(1)).unwrap_or(u8::MAX);
    Rgb { r: part(0), g: part(1), b: part(2) }
}

#[cfg(test)]
mod tests;
