use super::*;

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let image = RgbImage::from_fn(width, height, |x, _| {
        if x < width / 2 { image::Rgb([200, 30, 40]) } else { image::Rgb([190, 40, 50]) }
    });
    encode_jpeg(&image, 90).expect("a picture")
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
    let photo = prepare(&jpeg(800, 400)).expect("a photo");
    for (asked, wide) in [(480, 480), (1600, 800), (0, 1)] {
        let files = render(&photo.jpeg, asked).expect("files");
        for bytes in [&files.webp, &files.jpeg] {
            let image = image::load_from_memory(bytes).expect("a picture");
            assert_eq!(image.width(), wide);
        }
    }
}

#[test]
fn a_cut_off_file_is_refused_or_read_but_never_a_panic() {
    let whole = png(&DynamicImage::ImageRgb8(RgbImage::new(200, 200)));
    assert_eq!(prepare(&whole[..whole.len() / 2]), Err(PhotoFault::Damaged));
    let whole = jpeg(200, 200);
    for length in (0..whole.len()).step_by(37) {
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

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 }
        })
    })
}
