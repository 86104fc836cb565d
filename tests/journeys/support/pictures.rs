//! A photo as a phone takes it.

use image::{ImageFormat, Rgb, RgbImage};

/// What the phone wrote into its picture.
pub(crate) const CAMERA: &str = "KameraRahasia";

/// A JPEG of 640×480 with EXIF that names the camera.
pub(crate) fn jpeg() -> Vec<u8> {
    let picture = RgbImage::from_fn(640, 480, |x, y| {
        Rgb([(x * 255 / 640) as u8, (y * 255 / 480) as u8, ((x + y) % 200) as u8])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Jpeg).expect("a picture can be written");
    let bytes = bytes.into_inner();
    // After the mark of the beginning (2 bytes) comes our segment, then the rest.
    [&bytes[..2], &exif(), &bytes[2..]].concat()
}

/// An APP1 segment with one entry: the maker of the camera.
fn exif() -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x01\0".to_vec();
    let text = format!("{CAMERA}\0");
    tiff.extend([0x0f, 0x01, 0x02, 0x00]);
    tiff.extend((text.len() as u32).to_le_bytes());
    tiff.extend(26_u32.to_le_bytes());
    tiff.extend(0_u32.to_le_bytes());
    tiff.extend(text.as_bytes());
    let body = [b"Exif\0\0", tiff.as_slice()].concat();
    let length = u16::try_from(body.len() + 2).expect("a short segment").to_be_bytes();
    [&[0xff, 0xe1], length.as_slice(), &body].concat()
}
