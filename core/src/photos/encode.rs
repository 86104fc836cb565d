//! Pixels as the files pages load. Each has a bound in bytes: a photo with very fine grain is coded
//! more coarsely until it keeps to it.

use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;
use ravif::{BitDepth, Img, RGBA8};

use super::PhotoFault;

/// What a page's photo is coded as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The smallest, for most browsers.
    Avif,
    /// For those that do not know AVIF.
    Webp,
    /// For everything else.
    Jpeg,
}

impl Format {
    /// Every format, the smallest first.
    pub const ALL: [Self; 3] = [Self::Avif, Self::Webp, Self::Jpeg];

    /// What a file's name ends in.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Avif => "avif",
            Self::Webp => "webp",
            Self::Jpeg => "jpg",
        }
    }

    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Avif => "image/avif",
            Self::Webp => "image/webp",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// The format a file's name tells; JPEG for unknown ones.
    pub fn of_path(path: &str) -> Self {
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
        Self::ALL.into_iter().find(|format| format.ending() == ending).unwrap_or(Self::Jpeg)
    }

    /// Qualities from the usual one down to the coarsest that is still shown.
    const fn qualities(self) -> [u8; 4] {
        match self {
            Self::Avif => [62, 52, 42, 30],
            Self::Webp => [76, 64, 50, 36],
            Self::Jpeg => [76, 64, 52, 40],
        }
    }
}

/// How hard the AVIF encoder tries, 1 to 10: ten is quick and still smaller than WebP.
const AVIF_SPEED: u8 = 10;

/// Codes a picture so that it keeps to its bound, or as coarsely as is still shown.
pub(super) fn light(image: &RgbImage, format: Format) -> Result<Vec<u8>, PhotoFault> {
    let bound = bytes_at_most(image.width());
    let mut bytes = Vec::new();
    for quality in format.qualities() {
        bytes = match format {
            Format::Avif => avif(image, quality)?,
            Format::Webp => webp(image, quality)?,
            Format::Jpeg => jpeg(image, quality)?,
        };
        if bytes.len() <= bound {
            break;
        }
    }
    Ok(bytes)
}

/// What a file of this width may weigh: with its page, a first view stays under 200 kB.
const fn bytes_at_most(width_px: u32) -> usize {
    match width_px {
        0..=480 => 45 * 1024,
        481..=960 => 110 * 1024,
        _ => 160 * 1024,
    }
}

pub(super) fn jpeg(image: &RgbImage, quality: u8) -> Result<Vec<u8>, PhotoFault> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode_image(image)
        .map_err(|_| PhotoFault::Damaged)?;
    Ok(bytes)
}

fn webp(image: &RgbImage, quality: u8) -> Result<Vec<u8>, PhotoFault> {
    let encoder = webp::Encoder::from_rgb(image.as_raw(), image.width(), image.height());
    let coded = encoder.encode_simple(false, f32::from(quality));
    coded.map(|bytes| bytes.to_vec()).map_err(|_| PhotoFault::Damaged)
}

fn avif(image: &RgbImage, quality: u8) -> Result<Vec<u8>, PhotoFault> {
    // Opaque, but with four parts: the entry for three is compiled into this crate, unoptimised in a
    // debug build and a hundred times slower.
    let pixels: Vec<RGBA8> = image
        .pixels()
        .map(|pixel| RGBA8::new(pixel.0[0], pixel.0[1], pixel.0[2], u8::MAX))
        .collect();
    let size = (image.width() as usize, image.height() as usize);
    ravif::Encoder::new()
        .with_quality(f32::from(quality))
        .with_speed(AVIF_SPEED)
        .with_bit_depth(BitDepth::Eight)
        .with_num_threads(Some(1))
        .encode_rgba(Img::new(pixels.as_slice(), size.0, size.1))
        .map(|coded| coded.avif_file)
        .map_err(|_| PhotoFault::Damaged)
}
