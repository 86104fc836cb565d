use super::super::document::SectionKind;
use super::super::{gate, sample, theme};
use super::*;

mod logo;

fn home(document: &Document) -> String {
    page(document, "/index.html")
}

fn page(document: &Document, path: &str) -> String {
    let built = compile_pages(document, &sample::place()).expect("a site");
    let found = built.files.iter().find(|file| file.path == path).expect("the page");
    String::from_utf8(found.bytes.clone()).expect("text")
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let document = sample::barber();
    let one = compile(&document, &sample::place()).expect("a site");
    assert_eq!(one, compile(&document, &sample::place()).expect("a site"));
}

#[test]
fn a_site_has_every_file_a_host_is_asked_for() {
    let built = compile(&sample::coffee(), &sample::place()).expect("a site");
    let paths: BTreeSet<_> = built.files.iter().map(|file| file.path.as_str()).collect();
    for path in [
        "/index.html",
        "/404.html",
        "/privasi/index.html",
        "/terima-kasih/index.html",
        "/sitemap.xml",
        "/robots.txt",
        "/manifest.webmanifest",
        "/favicon.svg",
        "/icon-192.png",
        "/icon-512.png",
        "/apple-touch-icon.png",
        "/og.png",
    ] {
        assert!(paths.contains(path), "{path}");
    }
    assert_eq!(paths.len(), built.files.len());
}

#[test]
fn the_hash_is_that_of_the_style_element() {
    let document = sample::coffee();
    let built = compile_pages(&document, &sample::place()).expect("a site");
    let mut hashes = BTreeSet::new();
    for file in built.files.iter().filter(|file| file.media_type == HTML) {
        let html = String::from_utf8(file.bytes.clone()).expect("text");
        let from = html.find("<style>").expect("a style") + "<style>".len();
        let css = &html[from..from + html[from..].find("</style>").expect("its end")];
        hashes.insert(STANDARD.encode(Sha256::digest(css.as_bytes())));
        assert!(!html.contains(" style="));
    }
    assert_eq!(built.style_hashes, hashes.into_iter().collect::<Vec<_>>());
}

#[test]
fn every_theme_shows_every_sample_without_a_fault_and_in_thirty_kilobytes() {
    for mut document in [sample::coffee(), sample::barber(), sample::dentist()] {
        for theme in theme::themes() {
            document.design.theme.clone_from(&theme.id);
            let built = compile_pages(&document, &sample::place()).expect("a site");
            assert_eq!(gate::check(&document, &built), vec![], "{}", theme.id);
        }
    }
}

#[test]
fn what_an_owner_writes_never_becomes_markup() {
    let mut document = sample::coffee();
    let attack = "\"><script>alert(1)</script><img src=x onerror=alert(1)>";
    document.business.name = attack.to_owned();
    document.business.address = Some(attack.to_owned());
    document.business.items[0].name = attack.to_owned();
    document.business.items[0].note = Some(attack.to_owned());
    document.meta.title = attack.to_owned();
    document.meta.description = attack.to_owned();
    for section in &mut document.pages[0].sections {
        section.words.heading = attack.to_owned();
        section.words.lead = attack.to_owned();
    }
    let built = compile_pages(&document, &sample::place()).expect("a site");
    for file in built.files.iter().filter(|file| !file.path.ends_with(".webmanifest")) {
        let text = String::from_utf8(file.bytes.clone()).expect("text");
        assert!(!text.contains("<script>") && !text.contains("<img src=x"), "{}", file.path);
    }
}

#[test]
fn of_two_sections_with_one_heading_only_the_first_is_a_named_landmark() {
    let mut document = sample::coffee();
    let sections = &mut document.pages[0].sections;
    sections[1].words.heading = "Good to know".to_owned();
    sections[2].words.heading = " good  to Know".to_owned();
    let (first, second) = (sections[1].id.clone(), sections[2].id.clone());
    let html = home(&document);
    assert!(html.contains(&format!("aria-labelledby=\"_{first}\"")));
    assert!(!html.contains(&format!("aria-labelledby=\"_{second}\"")));
    assert!(html.contains(&format!("<h2 id=\"_{second}\">")));
}

#[test]
fn sections_without_content_and_their_links_are_left_out() {
    let mut document = sample::coffee();
    assert!(home(&document).contains("href=\"#menu\""));
    document.business.items.clear();
    document.business.address = None;
    document.business.city = None;
    document.business.hours = None;
    let html = home(&document);
    for id in ["menu", "visit"] {
        assert!(!html.contains(&format!("id=\"{id}\"")), "{id}");
        assert!(!html.contains(&format!("href=\"#{id}\"")), "{id}");
    }
}

#[test]
fn an_item_is_ordered_by_whatsapp_with_its_name_in_the_text() {
    let mut document = sample::coffee();
    document.pages[0].sections.retain(|one| one.kind != SectionKind::Faq);
    let html = home(&document);
    assert!(html.contains("https://wa.me/6281234567890?text=Halo%20Kedai%20Kopi%20Senja%2C%20saya%20mau%20pesan%20Kopi%20Tubruk."));
    assert!(html.contains("Rp15.000–Rp20.000"));
    assert!(html.contains("Habis"));
}

#[test]
fn a_landline_is_called_and_never_chatted_with() {
    let html = home(&sample::dentist());
    assert!(html.contains("tel:+62215551234"));
    assert!(!html.contains("wa.me"));
}

#[test]
fn breaks_at_noon_stand_in_one_row() {
    let html = home(&sample::dentist());
    assert!(html.contains("Monday–Friday"));
    assert!(html.contains("<span>09:00–12:00</span><span>13:00–20:00</span>"));
    assert!(html.contains("Closed"));
}

#[test]
fn other_pages_have_their_own_heading_and_address() {
    let html = page(&sample::dentist(), "/treatments/index.html");
    assert!(html.contains("<h1>Treatments</h1>"));
    assert!(html.contains("rel=\"canonical\" href=\"http://kopi.localhost:8080/treatments/\""));
}

#[test]
fn malformed_documents_are_refused_by_name() {
    let place = sample::place();
    let broken = |change: fn(&mut Document)| {
        let mut document = sample::coffee();
        change(&mut document);
        compile_pages(&document, &place).expect_err("refused")
    };
    assert!(matches!(broken(|d| d.pages.clear()), CompileError::NoHome));
    assert!(matches!(broken(|d| d.design.colour = "red".into()), CompileError::Colour(_)));
    let taken = broken(|d| d.pages[0].sections[1].id = "hero".into());
    assert!(matches!(taken, CompileError::SectionId(_)));
    let attack = broken(|d| d.pages[0].sections[1].id = "\"><b>".into());
    assert!(matches!(attack, CompileError::SectionId(_)));
    let mut elsewhere = sample::place();
    elsewhere.origin.push('/');
    let refused = compile_pages(&sample::coffee(), &elsewhere).expect_err("refused");
    assert!(matches!(refused, CompileError::Origin(_)));
}

#[test]
fn an_unknown_theme_falls_back_to_one_that_fits() {
    let mut document = sample::coffee();
    document.design.theme = "long-gone".to_owned();
    assert!(home(&document).contains("<h1"));
}

fn photo() -> DocumentPhoto {
    DocumentPhoto {
        id: "c".repeat(64),
        width_px: 1000,
        height_px: 700,
        alt: "Meja depan".to_owned(),
        colour: "#aabbcc".to_owned(),
        focus: Some([20, 50]),
    }
}

#[test]
fn photos_are_offered_in_widths_up_to_their_own() {
    let mut document = sample::coffee();
    document.business.photos.push(photo());
    let built = compile_pages(&document, &sample::place()).expect("a site");
    let widths: BTreeSet<_> = built.photos.iter().map(|photo| photo.width_px).collect();
    assert_eq!(widths, BTreeSet::from([480, 960]));
    let html = home(&document);
    assert!(html.contains("alt=\"Meja depan\""));
    assert!(html.contains(".xccccccc{background:#aabbcc;object-position:20% 50%}"));
    assert!(html.contains("class=\"xccccccc\""));
}

#[test]
fn long_menus_stay_small() {
    let mut document = sample::coffee();
    for number in document.business.items.len()..60 {
        if [14, 30, 36, 40].contains(&number) {
            all_small(&mut document);
        }
        let mut item = document.business.items[0].clone();
        item.name = format!("Kopi Susu Rasa Nomor {number}");
        item.note = None;
        document.business.items.push(item);
    }
    all_small(&mut document);
}

#[test]
fn a_menu_of_a_dozen_is_ordered_from_by_the_item_in_every_look() {
    let mut document = sample::coffee();
    for number in document.business.items.len()..12 {
        let mut item = document.business.items[0].clone();
        item.name = format!("Kopi Susu Rasa Nomor {number}");
        document.business.items.push(item);
    }
    let asked = document.business.items.iter().filter(|item| !item.sold_out).count();
    for theme in theme::themes() {
        document.design.theme.clone_from(&theme.id);
        assert_eq!(home(&document).matches("class=\"ask\"").count(), asked, "{}", theme.id);
    }
}

#[test]
fn letters_of_a_heading_are_as_large_as_its_longest_word_lets_them_be() {
    let mut document = sample::coffee();
    let mut class = |letters: &str, heading: &str| {
        document.design.letters = letters.to_owned();
        document.pages[0].sections[0].words.heading = heading.to_owned();
        let html = home(&document);
        let tag = html.split_once("<h1 ").and_then(|(_, rest)| rest.split_once('>'));
        tag.map(|(tag, _)| tag.rsplit('"').nth(1).unwrap_or_default().to_owned())
            .expect("a heading")
    };
    for (letters, heading, wanted) in [
        ("wedang", "Something new", "_hero"),
        ("papan", "Something new", "wide"),
        ("papan", "Ngopi dulu", "_hero"),
        ("wedang", "Perlengkapan kopi", "long"),
        ("papan", "Perlengkapan kopi", "longer"),
        ("wedang", "Mempertanggungjawabkan", "longer"),
    ] {
        assert_eq!(class(letters, heading), wanted, "{letters} {heading}");
    }
}

#[test]
fn a_page_carries_no_rule_that_nothing_on_it_wears() {
    let worn = |html: &str| -> BTreeSet<String> {
        let values = html.split("class=\"").skip(1).filter_map(|rest| rest.split('"').next());
        values.flat_map(str::split_whitespace).map(str::to_owned).collect()
    };
    let class = regex::Regex::new(r"\.([a-z][a-z0-9_-]*)").unwrap();
    let built = compile_pages(&sample::coffee(), &sample::place()).expect("a site");
    for file in built.files.iter().filter(|file| file.media_type == HTML) {
        let html = String::from_utf8(file.bytes.clone()).expect("text");
        let css = html.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>"));
        let (css, _) = css.expect("a style element");
        let heads = css.split('{').filter_map(|part| part.rsplit('}').next());
        let worn = worn(&html);
        for head in heads.filter(|head| !head.contains('@') && !head.contains('(')) {
            for found in class.captures_iter(head) {
                assert!(worn.contains(&found[1]), "{} {head}", file.path);
            }
        }
    }
}

fn all_small(document: &mut Document) {
    for theme in theme::themes() {
        document.design.theme.clone_from(&theme.id);
        let (html, items) = (home(document), document.business.items.len());
        assert!(html.len() <= gate::PAGE_BYTES_AT_MOST, "{} {items}: {}", theme.id, html.len());
    }
}

fn translated_coffee() -> Document {
    let mut document = sample::coffee();
    let mut english = Document { language: "en".to_owned(), ..document.clone() };
    english.meta.title = "Kedai Kopi Senja, coffee in Bandung".to_owned();
    english.pages[0].sections[0].words.heading = "Coffee at dusk".to_owned();
    document.translations.push(super::super::translation_of(&english));
    document
}

#[test]
fn a_second_language_has_its_own_pages_and_both_name_each_other() {
    let document = translated_coffee();
    let built = compile_pages(&document, &sample::place()).expect("a site");
    assert_eq!(gate::check(&document, &built), vec![]);
    let (home, english) = (page(&document, "/index.html"), page(&document, "/en/index.html"));
    assert!(english.contains("Coffee at dusk") && !home.contains("Coffee at dusk"));
    assert!(english.contains("Rp15,000–Rp20,000") && home.contains("Rp15.000–Rp20.000"));
    assert!(english.contains("\"inLanguage\":\"en\""));
    let pair = [
        "<link rel=\"alternate\" hreflang=\"id\" href=\"http://kopi.localhost:8080/\">",
        "<link rel=\"alternate\" hreflang=\"en\" href=\"http://kopi.localhost:8080/en/\">",
        "<link rel=\"alternate\" hreflang=\"x-default\" href=\"http://kopi.localhost:8080/\">",
    ];
    for html in [&home, &english] {
        for link in pair {
            assert!(html.contains(link), "{link}");
        }
    }
    assert!(home.contains("<a href=\"/en/\" hreflang=\"en\" lang=\"en\">English</a>"));
    assert!(english.contains("<a href=\"/\" hreflang=\"id\" lang=\"id\">Bahasa Indonesia</a>"));
    assert!(english.contains("action=\"/form/en/contact\""));
    for path in ["/en/privacy/index.html", "/en/thanks/index.html", "/en/order-list/index.html"] {
        assert!(page(&document, path).contains("<html lang=\"en\">"), "{path}");
    }
    let map = page(&document, "/sitemap.xml");
    assert_eq!(map.matches("<url>").count(), 2);
    assert_eq!(map.matches("hreflang=\"x-default\"").count(), 2);
}

#[test]
fn a_site_of_one_language_names_no_other() {
    let html = home(&sample::coffee());
    assert!(!html.contains("hreflang") && !html.contains("/en/"));
}

#[test]
fn several_things_are_ordered_from_a_page_of_their_own() {
    let document = sample::coffee();
    let list = page(&document, "/daftar-pesanan/index.html");
    assert!(home(&document).contains("href=\"/daftar-pesanan/\""));
    assert!(list.contains("action=\"/form/order\""));
    assert!(
        list.contains("Kopi Tubruk") && !list.contains("Pisang Goreng"),
        "sold out is left out"
    );
    let mut long = document.clone();
    for number in 0..190 {
        let mut item = document.business.items[0].clone();
        item.name = format!("Kopi Susu Rasa Nomor {number}");
        long.business.items.push(item);
    }
    let list = page(&long, "/daftar-pesanan/index.html");
    assert!(list.len() <= gate::PAGE_BYTES_AT_MOST, "{}", list.len());
    let services = sample::dentist();
    assert!(!home(&services).contains("daftar-pesanan"));
}

#[test]
fn what_proves_a_business_is_shown_and_what_does_not_is_left_out() {
    use super::super::document::{DocumentCertificate, DocumentLink, DocumentPhoto};
    let mut document = sample::coffee();
    let certificate = |kind: &str, number: &str| DocumentCertificate {
        kind: kind.to_owned(),
        number: number.to_owned(),
    };
    let link = |kind: &str, url: &str| DocumentLink { kind: kind.to_owned(), url: url.to_owned() };
    document.business.certificates =
        vec![certificate("pirt", "2013471010123-25"), certificate("halal", "sudah halal")];
    document.business.links = vec![
        link("tokopedia", "https://evil.id/tokopedia"),
        link("website", "https://www.tokopedia.com/senja"),
        link("instagram", "https://bit.ly/senja"),
    ];
    document.business.qris = Some(DocumentPhoto {
        id: "c".repeat(64),
        width_px: 900,
        height_px: 1200,
        alt: "qris".to_owned(),
        colour: "#ffffff".to_owned(),
        focus: None,
    });
    let html = home(&document);
    assert!(html.contains("<dt>P-IRT</dt><dd>2013471010123-25</dd>"));
    assert!(!html.contains("sudah halal"));
    assert!(html.contains("</svg>evil.id</a>") && html.contains("</svg>Tokopedia</a>"));
    assert!(!html.contains("bit.ly"));
    let path = format!("/photos/{}-whole.jpg", "c".repeat(16));
    assert!(html.contains(&format!("src=\"{path}\" width=\"900\" height=\"1200\"")));
    let built = compile_pages(&document, &sample::place()).expect("a site");
    assert!(built.photos.iter().any(|photo| photo.path == path));
    assert_eq!(gate::check(&document, &built), vec![]);
    assert!(!html.contains("id=\"gallery\""), "a QRIS picture is no gallery");
}

#[test]
fn hours_are_told_in_the_zone_of_the_town() {
    let mut document = sample::coffee();
    document.business.address = Some("Jl. Sunset Road 5".to_owned());
    document.business.city = Some("Denpasar".to_owned());
    assert!(home(&document).contains("Jam buka (WITA)"));
    document.business.time_zone = Some("wit".to_owned());
    assert!(home(&document).contains("Jam buka (WIT)"));
    document.business.city = None;
    document.business.time_zone = None;
    assert!(home(&document).contains("<h3>Jam buka</h3>"));
}

#[test]
fn a_sections_own_style_is_classes_from_a_list_and_reads_on_its_ground() {
    use super::super::document::{Align, Density, SectionStyle, Surface};
    let mut document = sample::coffee();
    for (at, surface) in Surface::ALL.into_iter().cycle().enumerate().take(8) {
        let style = SectionStyle {
            surface: Some(surface),
            align: Some(if at % 2 == 0 { Align::Centre } else { Align::Start }),
            density: Some(if at % 2 == 0 { Density::Snug } else { Density::Airy }),
        };
        if let Some(section) = document.pages[0].sections.get_mut(at) {
            section.style = style;
        }
    }
    let html = home(&document);
    for piece in
        [" deep al-", " on al-", " tint al-", ".deep{", ".on{", ".tint{", ".d-a{", ".al-c{"]
    {
        assert!(html.contains(piece), "{piece}");
    }
    let plain = home(&sample::coffee());
    assert!(!plain.contains(".d-a{") && !plain.contains(".al-c{"));
}

#[test]
fn letters_top_and_foot_follow_the_document_and_fall_back_to_the_theme() {
    let mut document = sample::coffee();
    document.design.theme = "warung".to_owned();
    let usual = home(&document);
    document.design.letters = "kursif".to_owned();
    document.design.header = "strip".to_owned();
    document.design.footer = "columns".to_owned();
    let chosen = home(&document);
    assert!(chosen.contains("Dancing Script") && chosen.contains("class=\"over\""));
    document.design.letters = "gone".to_owned();
    document.design.header = "};".to_owned();
    document.design.footer = "<b>".to_owned();
    assert_eq!(home(&document), usual);
}

#[test]
fn every_variant_of_every_family_passes_the_gate() {
    use super::super::document::{DocumentPerson, DocumentTestimonial};
    let mut document = sample::coffee();
    document.business.photos.push(photo());
    document.business.people.push(DocumentPerson {
        name: "Sari Wulan".to_owned(),
        role: String::new(),
        photo: None,
    });
    document
        .business
        .testimonials
        .push(DocumentTestimonial { text: "Enak.".to_owned(), author: String::new() });
    for kind in SectionKind::ALL {
        for variant in theme::variants(kind) {
            let mut one = document.clone();
            let words = one.pages[0].sections[1].words.clone();
            let mut section = one.pages[0].sections[1].clone();
            section.kind = kind;
            section.id = "tried".to_owned();
            section.variant = (*variant).to_owned();
            section.words = super::super::document::Words {
                points: vec![
                    super::super::document::Point {
                        title: "Satu".to_owned(),
                        text: "Dua.".to_owned()
                    };
                    3
                ],
                paragraphs: vec!["Satu.".to_owned(), "Dua.".to_owned()],
                ..words
            };
            one.pages[0].sections.insert(1, section);
            let built = compile_pages(&one, &sample::place()).expect("a site");
            assert_eq!(gate::check(&one, &built), vec![], "{} {variant}", kind.slug());
            let shown = home(&one).contains("id=\"tried\"");
            assert!(shown, "{} {variant}", kind.slug());
        }
    }
}
