use std::io::Cursor;

use image::{DynamicImage, ImageFormat};

use super::*;

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let image = RgbImage::from_fn(width, height, |x, _| {
        if x < width / 2 { image::Rgb([200, 30, 40]) } else { image::Rgb([190, 40, 50]) }
    });
    encode::jpeg(&image, 90).expect("a picture")
}

fn png(image: &DynamicImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    image.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).expect("a picture");
    bytes
}

/// A JPEG with an EXIF block that says "turn by 90 degrees" and names a place.
fn with_exif(jpeg: &[u8]) -> Vec<u8> {
    let mut tiff = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01".to_vec();
    tiff.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]);
    tiff.extend(b"GPS SECRET PLACE");
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend([0xff, 0xe1]);
    bytes.extend(u16::try_from(tiff.len() + 2).expect("short").to_be_bytes());
    bytes.extend(tiff);
    bytes.extend(&jpeg[2..]);
    bytes
}

#[test]
fn a_large_photo_becomes_a_master_of_at_most_1600() {
    let photo = prepare(&jpeg(3200, 1000)).expect("a photo");
    assert_eq!((photo.width_px, photo.height_px), (1600, 500));
    assert_eq!(photo.id.0, hex::encode(Sha256::digest(&photo.jpeg)));
    assert!(photo.colour.r > 150 && photo.colour.g < 80, "{:?}", photo.colour);
}

#[test]
fn a_small_photo_keeps_its_size() {
    let photo = prepare(&jpeg(300, 200)).expect("a photo");
    assert_eq!((photo.width_px, photo.height_px), (300, 200));
}

#[test]
fn the_turn_in_exif_is_applied_and_everything_told_is_dropped() {
    let photo = prepare(&with_exif(&jpeg(400, 200))).expect("a photo");
    assert_eq!((photo.width_px, photo.height_px), (200, 400));
    let has = |needle: &[u8]| photo.jpeg.windows(needle.len()).any(|part| part == needle);
    assert!(!has(b"Exif") && !has(b"SECRET"));
}

#[test]
fn transparent_pictures_stand_on_white() {
    let clear = image::RgbaImage::from_pixel(64, 64, image::Rgba([0, 0, 0, 0]));
    let photo = prepare(&png(&DynamicImage::ImageRgba8(clear))).expect("a photo");
    assert!(photo.colour.r > 250, "{:?}", photo.colour);
}

#[test]
fn renders_are_never_wider_than_the_master() {
    let image = read(&prepare(&jpeg(800, 400)).expect("a photo").jpeg).expect("pixels");
    for (asked, wide) in [(480, 480), (1600, 800), (0, 1)] {
        for format in [Format::Webp, Format::Jpeg] {
            let bytes = render(&image, asked, format).expect("a file");
            assert_eq!(image::load_from_memory(&bytes).expect("a picture").width(), wide);
        }
    }
}

#[test]
fn every_format_is_what_its_name_says() {
    let image = read(&jpeg(640, 400)).expect("pixels");
    for format in Format::ALL {
        let bytes = render(&image, 480, format).expect("a file");
        let known = image::guess_format(&bytes).expect("a known format");
        assert_eq!(known.to_mime_type(), format.media_type());
        assert_eq!(Format::of_path(&format!("/photos/a.{}", format.ending())), format);
    }
}

/// Noise, the worst that can be coded.
fn noise(width: u32, height: u32) -> RgbImage {
    let mut state = 7u32;
    RgbImage::from_fn(width, height, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [r, g, b, _] = state.to_be_bytes();
        image::Rgb([r, g, b])
    })
}

#[test]
fn a_grainy_photo_is_coded_more_coarsely_than_a_calm_one() {
    let (calm, grainy) = (read(&jpeg(480, 320)).expect("pixels"), noise(480, 320));
    for format in Format::ALL {
        let size = |image| render(image, 480, format).expect("a file").len();
        assert!(size(&calm) < 20 * 1024, "{format:?} {}", size(&calm));
        assert!(size(&grainy) < 110 * 1024, "{format:?} {}", size(&grainy));
    }
}

/// Grey, but for a spot of fine stripes around a place.
fn spot(at: (u32, u32)) -> Vec<u8> {
    let image = RgbImage::from_fn(400, 400, |x, y| {
        let near = x.abs_diff(at.0) < 50 && y.abs_diff(at.1) < 50;
        let striped = near && (x / 8 + y / 8) % 2 == 0;
        if striped { image::Rgb([240, 40, 20]) } else { image::Rgb([150, 150, 150]) }
    });
    encode::jpeg(&image, 90).expect("a picture")
}

#[test]
fn the_frame_keeps_what_stands_out() {
    let focus = |at| prepare(&spot(at)).expect("a photo").focus;
    let left = focus((60, 200));
    assert!(left.x_pct < 30 && (40..=60).contains(&left.y_pct), "{left:?}");
    let low = focus((200, 340));
    assert!(low.y_pct > 70 && (40..=60).contains(&low.x_pct), "{low:?}");
    assert_eq!(focus((200, 200)), Focus::default());
}

#[test]
fn a_photo_of_one_colour_stays_in_the_middle() {
    let flat = RgbImage::from_pixel(300, 200, image::Rgb([90, 120, 60]));
    let photo = prepare(&encode::jpeg(&flat, 90).expect("a picture")).expect("a photo");
    assert_eq!(photo.focus, Focus::default());
}

#[test]
fn a_cut_off_file_is_refused_or_read_but_never_a_panic() {
    let whole = png(&DynamicImage::ImageRgb8(RgbImage::new(200, 200)));
    assert_eq!(prepare(&whole[..whole.len() / 2]), Err(PhotoFault::Damaged));
    let whole = jpeg(200, 200);
    for length in (0..whole.len()).step_by(37) {
        // Whatever it answers: it must not panic.
        let _ = prepare(&whole[..length]);
    }
    assert_eq!(prepare(&whole[..60]), Err(PhotoFault::Damaged));
}

#[test]
fn a_header_that_promises_too_much_is_refused_before_decoding() {
    let mut bomb = png(&DynamicImage::ImageRgb8(RgbImage::new(1, 1)));
    bomb[16..20].copy_from_slice(&60_000u32.to_be_bytes());
    bomb[20..24].copy_from_slice(&60_000u32.to_be_bytes());
    let crc = crc32(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&crc.to_be_bytes());
    assert_eq!(prepare(&bomb), Err(PhotoFault::TooManyPixels));
}

#[test]
fn texts_and_huge_files_are_refused() {
    assert_eq!(prepare(b"just some words"), Err(PhotoFault::NotAPicture));
    assert_eq!(prepare(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), Err(PhotoFault::NotAPicture));
    assert_eq!(prepare(b""), Err(PhotoFault::NotAPicture));
    assert_eq!(prepare(&vec![0; BYTES_AT_MOST + 1]), Err(PhotoFault::TooManyBytes));
}

/// A whole, valid PNG of 20,000 by 20,000 black and white dots in some 50 kB.
fn bomb() -> Vec<u8> {
    const SIDE: u32 = 20_000;
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8; 4], data: &[u8]| {
        bytes.extend(u32::try_from(data.len()).expect("short").to_be_bytes());
        let tagged = [kind.as_slice(), data].concat();
        bytes.extend(&tagged);
        bytes.extend(crc32(&tagged).to_be_bytes());
    };
    let size = SIDE.to_be_bytes();
    chunk(b"IHDR", &[&size[..], &size[..], &[1, 0, 0, 0, 0]].concat());
    let row = vec![0; SIDE as usize / 8 + 1];
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..SIDE {
        std::io::Write::write_all(&mut packed, &row).expect("memory");
    }
    chunk(b"IDAT", &packed.finish().expect("memory"));
    chunk(b"IEND", &[]);
    bytes
}

#[test]
fn a_small_file_that_unpacks_to_four_hundred_megapixels_is_refused() {
    let bomb = bomb();
    assert!(bomb.len() < 100 * 1024, "{}", bomb.len());
    assert_eq!(prepare(&bomb), Err(PhotoFault::TooManyPixels));
}

#[tokio::test]
async fn the_files_of_pages_are_made_once_and_have_the_size_that_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("file://{}", folder.path().display());
    let objects = crate::storage::Objects::open(&url, &|_| None).expect("a store");
    let photo = store(&objects, jpeg(700, 300)).await.expect("stored");
    let files = crate::site::files_of(&photo.id.0, photo.width_px);
    let endings: Vec<_> = files.iter().map(|file| &file.path[file.path.len() - 8..]).collect();
    assert_eq!(endings, ["480.avif", "480.webp", "-480.jpg"]);
    let sizes = complete(&objects, &files).await.expect("made");
    for (file, size) in files.iter().zip(&sizes) {
        assert!(*size > 100, "{}", file.path);
        assert_eq!(objects.size(&rendition_key(file)).await.expect("there"), *size);
    }
    let before = objects.list().await.expect("a list");
    assert_eq!(complete(&objects, &files).await.expect("there"), sizes);
    assert_eq!(objects.list().await.expect("a list"), before);
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 }
        })
    })
}
