//! From a file's bytes to upright pixels within a bound. What a file would need is reckoned from its
//! header, before any of it is decoded.

use std::io::Cursor;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{PixelType, ResizeOptions, Resizer};
use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};

use super::PhotoFault;

/// Most memory the pixels of a file may take while it is decoded: 25 megapixels of a camera's JPEG.
const DECODED_BYTES_AT_MOST: u64 = 72 * 1024 * 1024;
/// What decoders may take beside it for their tables.
const DECODER_BYTES_AT_MOST: u64 = DECODED_BYTES_AT_MOST + 8 * 1024 * 1024;

/// The picture in a file, turned as its camera said, at most `side_px` long.
pub(super) fn upright(bytes: &[u8], side_px: u32) -> Result<RgbImage, PhotoFault> {
    let format = image::guess_format(bytes).map_err(|_| PhotoFault::NotAPicture)?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODER_BYTES_AT_MOST);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|fault| fault_of(&fault))?;
    let (width, height) = decoder.dimensions();
    let weight = weight(format, decoder.color_type(), bytes)?;
    if u64::from(width) * u64::from(height) * weight > DECODED_BYTES_AT_MOST {
        return Err(PhotoFault::TooManyPixels);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder).map_err(|fault| fault_of(&fault))?;
    // Made small before it is turned: turning takes a second copy.
    let image = opaque(image)?;
    let (width, height) = within(image.width(), image.height(), side_px);
    let small = resize(&image, width, height)?;
    drop(image);
    let mut turned = DynamicImage::ImageRgb8(small);
    turned.apply_orientation(orientation);
    Ok(turned.into_rgb8())
}

/// Bytes a pixel takes at the worst moment of decoding and making it opaque.
fn weight(format: ImageFormat, colour: ColorType, bytes: &[u8]) -> Result<u64, PhotoFault> {
    let decoded = u64::from(colour.bytes_per_pixel());
    let copied = match colour {
        ColorType::Rgb8 | ColorType::Rgba8 => 0,
        ColorType::L8 | ColorType::L16 | ColorType::Rgb16 => 3,
        _ => 4,
    };
    match format {
        // A progressive file is held as coefficients until its end.
        ImageFormat::Jpeg if is_progressive(bytes) => Ok(decoded + copied + 3),
        ImageFormat::Jpeg | ImageFormat::Png => Ok(decoded + copied),
        // The decoders of these keep a whole frame of their own.
        ImageFormat::WebP | ImageFormat::Gif => Ok(decoded + copied + 4),
        _ => Err(PhotoFault::NotAPicture),
    }
}

/// Whether a JPEG's frame is coded in several passes.
fn is_progressive(jpeg: &[u8]) -> bool {
    const SEGMENTS_AT_MOST: usize = 1_000;
    let mut at = 2;
    for _ in 0..SEGMENTS_AT_MOST {
        let Some([0xff, marker, high, low]) = jpeg.get(at..at + 4) else { return false };
        match marker {
            0xc0 | 0xc1 | 0xda => return false,
            0xc2 => return true,
            0xff => at += 1,
            _ => at += 2 + usize::from(u16::from_be_bytes([*high, *low])),
        }
    }
    false
}

fn fault_of(fault: &image::ImageError) -> PhotoFault {
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
fn opaque(image: DynamicImage) -> Result<RgbImage, PhotoFault> {
    if !image.color().has_alpha() {
        return Ok(image.into_rgb8());
    }
    let rgba = image.into_rgba8();
    let (width, height) = rgba.dimensions();
    let mut bytes = rgba.into_raw();
    // In place: three bytes are written where four have been read.
    for pixel in 0..bytes.len() / 4 {
        let alpha = u32::from(bytes[pixel * 4 + 3]);
        for part in 0..3 {
            let mixed = u32::from(bytes[pixel * 4 + part]) * alpha + 255 * (255 - alpha);
            bytes[pixel * 3 + part] = u8::try_from(mixed / 255).unwrap_or(u8::MAX);
        }
    }
    bytes.truncate(bytes.len() / 4 * 3);
    RgbImage::from_raw(width, height, bytes).ok_or(PhotoFault::Damaged)
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
pub(super) fn scaled(value: u32, to: u32, from: u32) -> u32 {
    let exact = (u64::from(value) * u64::from(to) + u64::from(from) / 2) / u64::from(from.max(1));
    u32::try_from(exact).unwrap_or(u32::MAX).max(1)
}

/// The same picture in another size.
pub(super) fn resize(image: &RgbImage, width: u32, height: u32) -> Result<RgbImage, PhotoFault> {
    if image.dimensions() == (width, height) {
        return Ok(image.clone());
    }
    let source = ImageRef::new(image.width(), image.height(), image.as_raw(), PixelType::U8x3)
        .map_err(|_| PhotoFault::Damaged)?;
    let mut target = Image::new(width, height, PixelType::U8x3);
    Resizer::new()
        .resize(&source, &mut target, &ResizeOptions::new())
        .map_err(|_| PhotoFault::Damaged)?;
    RgbImage::from_raw(width, height, target.into_vec()).ok_or(PhotoFault::Damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_passes_are_counted_as_the_memory_they_take() {
        let header = |frame: u8| [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 1, 0xff, frame, 0, 17, 8];
        let weight = |frame| weight(ImageFormat::Jpeg, ColorType::Rgb8, &header(frame));
        assert_eq!(weight(0xc0), Ok(3));
        assert_eq!(weight(0xc2), Ok(6));
    }

    #[test]
    fn a_header_of_nothing_but_segments_ends() {
        let endless: Vec<u8> = std::iter::repeat_n([0xff, 0xe0, 0, 2], 5_000).flatten().collect();
        assert!(!is_progressive(&endless));
        assert!(!is_progressive(&[0xff; 5_000]));
    }
}
