//! The owner's logo: at the top, on the icons, on the card.

use super::*;

fn with_logo(mut document: Document) -> Document {
    document.business.logo = Some(DocumentPhoto {
        id: "c".repeat(64),
        width_px: 640,
        height_px: 320,
        alt: "ignored".to_owned(),
        colour: "#ffffff".to_owned(),
        focus: None,
    });
    document
}

#[test]
fn the_logo_stands_beside_the_name_at_the_top() {
    let html = home(&with_logo(sample::coffee()));
    let from = html.find("<header").expect("a top");
    let top = &html[from..from + html[from..].find("<nav").expect("a menu")];
    insta::assert_snapshot!(top);
    assert!(html.contains("<link rel=\"icon\" href=\"/icon-192.png\""));
    assert!(html.contains(".logo{"), "its rules are worn");
    assert!(!home(&sample::coffee()).contains(".logo{"));
}

#[test]
fn a_logo_keeps_every_theme_without_a_fault_and_in_thirty_kilobytes() {
    let mut document = with_logo(sample::coffee());
    for theme in theme::themes() {
        document.design.theme.clone_from(&theme.id);
        document.design.header.clear();
        let built = compile_pages(&document, &sample::place()).expect("a site");
        assert_eq!(gate::check(&document, &built), vec![], "{}", theme.id);
        assert!(home(&document).contains("alt=\"Logo "), "{}", theme.id);
    }
}

#[test]
fn the_files_of_a_logo_are_small_and_of_both_kinds() {
    let built = compile_pages(&with_logo(sample::coffee()), &sample::place()).expect("a site");
    let stem = "c".repeat(16);
    let paths: Vec<_> = built.photos.iter().map(|file| file.path.clone()).collect();
    for ending in ["160.avif", "160.webp", "320.avif", "320.webp"] {
        assert!(paths.contains(&format!("/photos/{stem}-{ending}")), "{paths:?}");
    }
    assert!(!paths.iter().any(|path| path.contains("960")), "{paths:?}");
}

#[test]
fn the_icons_and_the_card_show_the_logo() {
    let document = with_logo(sample::coffee());
    let logo = RgbImage::from_pixel(640, 320, image::Rgb([10, 200, 30]));
    let pixels = Pixels { lead: None, logo: Some(logo) };
    let built = compile_with(&document, &sample::place(), &pixels).expect("a site");
    let pixel = |path: &str, x, y| {
        let file = built.files.iter().find(|file| file.path == path).expect(path);
        let image = image::load_from_memory(&file.bytes).expect("a picture").into_rgb8();
        image.get_pixel(x, y).0
    };
    for (path, middle) in
        [("/icon-192.png", 96), ("/icon-512.png", 256), ("/apple-touch-icon.png", 90)]
    {
        assert_eq!(pixel(path, middle, middle), [10, 200, 30], "{path}");
    }
    assert_eq!(pixel("/og.png", 760, 100), [10, 200, 30]);
    let manifest = built.files.iter().find(|file| file.path == "/manifest.webmanifest");
    let text = String::from_utf8(manifest.expect("a manifest").bytes.clone()).expect("text");
    assert!(!text.contains("favicon.svg"), "{text}");
    assert!(home(&document).contains("icon-512.png\""), "search is told of it");
}

#[test]
fn a_logo_without_its_pixels_leaves_the_drawn_icons() {
    let document = with_logo(sample::coffee());
    let drawn = compile(&sample::coffee(), &sample::place()).expect("a site");
    let built = compile(&document, &sample::place()).expect("a site");
    let icon = |built: &BuiltSite| {
        let file = built.files.iter().find(|file| file.path == "/icon-192.png");
        file.expect("an icon").bytes.clone()
    };
    assert_eq!(icon(&built), icon(&drawn));
}
