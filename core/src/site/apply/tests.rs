use super::super::document::{
    DocumentHours, DocumentLink, DocumentPerson, DocumentTestimonial, SectionStyle, Surface,
};
use super::super::{compile_pages, sample};
use super::*;

fn item(name: &str, price: i64) -> DocumentItem {
    DocumentItem {
        name: name.to_owned(),
        price_rupiah: Some(price),
        price_to_rupiah: None,
        price_starts: false,
        unit: None,
        note: None,
        photo: None,
        sold_out: false,
    }
}

fn photo(letter: &str) -> DocumentPhoto {
    DocumentPhoto {
        id: letter.repeat(64),
        width_px: 1200,
        height_px: 800,
        alt: String::new(),
        colour: "#102030".to_owned(),
        focus: None,
    }
}

fn home(document: &Document) -> String {
    let built = compile_pages(document, &sample::place()).expect("a site");
    String::from_utf8(built.files[0].bytes.clone()).expect("text")
}

/// The markup of one section of a page.
fn part<'a>(page: &'a str, id: &str) -> &'a str {
    let from = page.find(&format!("<section id=\"{id}\"")).expect("the section");
    let length = page[from..].find("</section>").expect("its end");
    &page[from..from + length]
}

#[test]
fn a_price_changes_its_section_and_no_other() {
    let before = sample::coffee();
    let edit = Edit::SetPrice { item: "kopi  tubruk".to_owned(), price_rupiah: 11_000 };
    let after = apply(&before, &[edit]).expect("applied");
    let (old, new) = (home(&before), home(&after));
    assert!(part(&new, "menu").contains("Rp11.000"));
    for id in ["hero", "features", "about", "steps", "faq", "visit", "cta", "contact"] {
        assert_eq!(part(&old, id), part(&new, id), "{id}");
    }
}

#[test]
fn set_edits_applied_twice_change_nothing_more() {
    let before = sample::coffee();
    let link =
        DocumentLink { kind: "shopee".to_owned(), url: "https://shopee.co.id/senja".to_owned() };
    let edits = [
        Edit::SetName { name: "Kopi Fajar".to_owned() },
        Edit::SetPhone { phone: Some("+6281111111111".to_owned()) },
        Edit::SetAddress { address: Some("Jl. Asia 1".to_owned()), city: None },
        Edit::SetHours { hours: Some(DocumentHours { always: true, spans: vec![] }) },
        Edit::PutItem { item: item("Teh Tarik", 12_000) },
        Edit::SetPrice { item: "Teh tarik".to_owned(), price_rupiah: 13_000 },
        Edit::SetSoldOut { item: "Teh Tarik".to_owned(), sold_out: true },
        Edit::Recolour { colour: "#336699".to_owned() },
        Edit::SetTheme { theme: "sutra".to_owned() },
        Edit::SetHeading { section: SectionKind::Hero, heading: "Pagi!".to_owned() },
        Edit::SetHidden { section: SectionKind::Faq, hidden: true },
        Edit::AddPhoto { photo: photo("a") },
        Edit::PutLink { link },
    ];
    for edit in edits {
        let one = std::slice::from_ref(&edit);
        let prepared = match &edit {
            Edit::SetPrice { .. } | Edit::SetSoldOut { .. } => {
                apply(&before, &[Edit::PutItem { item: item("Teh Tarik", 1) }]).expect("applied")
            }
            _ => before.clone(),
        };
        let once = apply(&prepared, one).expect("applied");
        assert_ne!(once, prepared, "{edit:?}");
        assert_eq!(apply(&once, one).expect("applied"), once, "{edit:?}");
        compile_pages(&once, &sample::place()).expect("still a site");
    }
}

#[test]
fn one_refused_edit_refuses_all() {
    let before = sample::coffee();
    let edits = [
        Edit::Recolour { colour: "#000000".to_owned() },
        Edit::RemoveItem { item: "Bakso".to_owned() },
    ];
    assert_eq!(apply(&before, &edits), Err(EditError::NotFound("Bakso".to_owned())));
}

#[test]
fn values_out_of_bounds_are_refused() {
    let before = sample::coffee();
    let link = DocumentLink { kind: "website".to_owned(), url: "javascript:alert(1)".to_owned() };
    for edit in [
        Edit::SetName { name: "x".to_owned() },
        Edit::SetPhone { phone: Some("0812".to_owned()) },
        Edit::SetPrice { item: "Kopi Tubruk".to_owned(), price_rupiah: -1 },
        Edit::Recolour { colour: "red".to_owned() },
        Edit::SetHeading { section: SectionKind::Hero, heading: " ".to_owned() },
        Edit::AddPhoto { photo: photo("z") },
        Edit::PutLink { link },
    ] {
        let refused = apply(&before, std::slice::from_ref(&edit));
        assert!(matches!(refused, Err(EditError::Invalid(_))), "{edit:?}");
    }
}

#[test]
fn a_new_name_stands_everywhere_the_old_one_stood() {
    let before = sample::coffee();
    let edit = Edit::SetName { name: "Kopi Fajar".to_owned() };
    let page = home(&apply(&before, &[edit]).expect("applied"));
    assert!(!page.contains("Kedai Kopi Senja"));
    assert!(page.contains("Tentang Kopi Fajar"));
}

#[test]
fn a_first_photo_opens_a_gallery_and_the_first_view() {
    let mut before = sample::coffee();
    before.pages[0].sections.retain(|one| one.kind != SectionKind::Gallery);
    let after = apply(&before, &[Edit::AddPhoto { photo: photo("b") }]).expect("applied");
    let page = home(&after);
    assert!(part(&page, "hero").contains("/photos/bbbbbbbbbbbbbbbb-960.webp"));
    assert!(part(&page, "gallery").contains("/photos/bbbbbbbbbbbbbbbb-960.webp"));
}

#[test]
fn removing_an_item_takes_it_off_the_page() {
    let before = sample::coffee();
    let edit = Edit::RemoveItem { item: "ES KOPI PANDAN".to_owned() };
    let after = apply(&before, &[edit]).expect("applied");
    assert_eq!(after.business.items.len(), before.business.items.len() - 1);
    assert!(!home(&after).contains("Pandan"));
}

#[test]
fn old_facts_leave_the_running_text_with_the_edit() {
    let mut before = sample::coffee();
    let faq =
        |text: &str| super::super::document::Point { title: "?".to_owned(), text: text.to_owned() };
    before.business.items =
        vec![item("Nastar", 85_000), item("Bolu", 45_000), item("Donat", 5_000)];
    before.business.address = Some("Jl. Lama 1".to_owned());
    let section = before.pages[0]
        .sections
        .iter_mut()
        .find(|section| section.kind == SectionKind::Faq)
        .expect("the sample has questions");
    section.words.points = vec![
        faq("Beberapa: Nastar Rp85.000 dan Bolu Rp45.000."),
        faq("Tempat kami ada di Jl. Lama 1."),
        faq("Dari Rp5.000 sampai Rp85.000."),
    ];
    let after = apply(
        &before,
        &[
            Edit::SetPrice { item: "Nastar".to_owned(), price_rupiah: 95_000 },
            Edit::SetAddress { address: Some("Jl. Baru 2".to_owned()), city: None },
            Edit::RemoveItem { item: "Bolu".to_owned() },
        ],
    )
    .expect("applied");
    let faq = after.pages[0].sections.iter().find(|one| one.kind == SectionKind::Faq);
    let texts: Vec<&str> =
        faq.expect("still there").words.points.iter().map(|point| point.text.as_str()).collect();
    assert_eq!(
        texts,
        ["Beberapa: Nastar Rp95.000 dan Donat Rp5.000.", "Tempat kami ada di Jl. Baru 2."]
    );
}

#[test]
fn hours_of_every_day_are_small_inside_a_sentence() {
    use super::super::document::DocumentSpan;
    let span = |days: std::ops::RangeInclusive<u8>, opens_min, closes_min| DocumentHours {
        always: false,
        spans: vec![DocumentSpan { days: days.collect(), opens_min, closes_min }],
    };
    let mut before = sample::coffee();
    before.business.hours = Some(span(1..=6, 480, 1_020));
    before.pages[0].sections[1].words.lead = "Silakan datang Senin–Sabtu 08.00–17.00.".to_owned();
    let every_day = Edit::SetHours { hours: Some(span(1..=7, 540, 1_260)) };
    let daily = apply(&before, &[every_day]).expect("applied");
    let lead = |document: &Document| document.pages[0].sections[1].words.lead.clone();
    assert_eq!(lead(&daily), "Silakan datang setiap hari 09.00–21.00.");
    let weekdays = Edit::SetHours { hours: Some(span(1..=5, 480, 960)) };
    let after = apply(&daily, &[weekdays]).expect("applied");
    assert_eq!(lead(&after), "Silakan datang Senin–Jumat 08.00–16.00.");
}

#[test]
fn edits_reach_the_words_of_every_language() {
    let mut before = sample::coffee();
    let mut english = Document { language: "en".to_owned(), ..before.clone() };
    english.pages[0].sections[1].words.lead = "Kopi Tubruk Rp10,000, served in a cup.".to_owned();
    before.translations.push(languages::translation_of(&english));
    let edits = [
        Edit::SetName { name: "Kopi Fajar".to_owned() },
        Edit::SetPrice { item: "Kopi Tubruk".to_owned(), price_rupiah: 12_000 },
        Edit::SetHeading { section: SectionKind::Hero, heading: "Kopi pagi".to_owned() },
    ];
    let after = apply(&before, &edits).expect("applied");
    let told = languages::translated(&after, &after.translations[0]);
    assert_eq!(told.pages[0].sections[1].words.lead, "Kopi Tubruk Rp12,000, served in a cup.");
    assert_eq!(told.pages[0].sections[0].words.heading, "Kopi pagi");
    assert_eq!(told.business.name, "Kopi Fajar");
}

#[test]
fn languages_come_without_words_and_go_with_them() {
    let before = sample::coffee();
    let set = |tags: &[&str]| Edit::SetLanguages {
        languages: tags.iter().map(|tag| (*tag).to_owned()).collect(),
    };
    let mut after = apply(&before, &[set(&["id", "en", "en"])]).expect("applied");
    assert_eq!(after.translations.len(), 1);
    crate::writer::fill_languages(&mut after);
    let words = after.translations[0].words.clone();
    assert!(words["hero"].heading.chars().count() > 3, "{words:?}");
    assert_eq!(apply(&after, &[set(&["en"])]).expect("applied"), after);
    assert_eq!(apply(&after, &[set(&[])]).expect("applied"), before);
    assert!(matches!(apply(&before, &[set(&["fr"])]), Err(EditError::NotFound(_))));
}

#[test]
fn certificates_zones_and_links_are_checked() {
    let before = sample::coffee();
    let certificate = |kind: &str, number: &str| Edit::SetCertificate {
        certificate: DocumentCertificate { kind: kind.to_owned(), number: number.to_owned() },
    };
    let link = |url: &str| Edit::PutLink {
        link: DocumentLink { kind: "shopee".to_owned(), url: url.to_owned() },
    };
    let edits = [
        certificate("nib", "1234567890123"),
        certificate("nib", "1234 5678 90124"),
        link("https://www.tokopedia.com/senja"),
    ];
    let after = apply(&before, &edits).expect("applied");
    let numbers: Vec<_> =
        after.business.certificates.iter().map(|one| one.number.as_str()).collect();
    assert_eq!(numbers, ["1234567890124"]);
    assert!(after.business.links.iter().any(|link| link.kind == "tokopedia"), "told by its host");
    for wrong in [
        certificate("halal", "halal banget"),
        certificate("diploma", "1"),
        Edit::RemoveCertificate { kind: "bpom".to_owned() },
        Edit::SetTimeZone { zone: Some("mars".to_owned()) },
        link("https://bit.ly/senja"),
        link("http://shopee.co.id/senja"),
    ] {
        assert!(apply(&before, std::slice::from_ref(&wrong)).is_err(), "{wrong:?}");
    }
}

#[test]
fn people_and_customers_words_come_from_the_owner_and_bring_their_section() {
    let person = DocumentPerson { name: "Sari".into(), role: "Barista".into(), photo: None };
    let said = DocumentTestimonial { text: "Kopinya enak.".into(), author: "Dewi".into() };
    let put = [Edit::PutPerson { person }, Edit::PutTestimonial { testimonial: said }];
    let after = apply(&sample::coffee(), &put).expect("applied");
    let kinds: Vec<_> = after.pages[0].sections.iter().map(|one| one.kind).collect();
    assert!(kinds.contains(&SectionKind::Team) && kinds.contains(&SectionKind::Testimonials));
    assert_eq!(kinds.last(), Some(&SectionKind::Contact));
    let taken = [
        Edit::RemovePerson { name: "sari".into() },
        Edit::RemoveTestimonial { text: "Kopinya".into() },
    ];
    let gone = apply(&after, &taken).expect("applied");
    assert!(gone.business.people.is_empty() && gone.business.testimonials.is_empty());
    assert!(apply(&gone, &taken[..1]).is_err());
    assert!(apply(&gone, &taken[1..]).is_err());
}

#[test]
fn a_look_is_chosen_from_lists_and_nothing_else_changes() {
    let before = sample::coffee();
    let look = |variant: &str| Edit::SetLook {
        section: SectionKind::Catalogue,
        variant: Some(variant.to_owned()),
        style: Some(SectionStyle { surface: Some(Surface::Deep), ..SectionStyle::default() }),
    };
    let after = apply(&before, &[look("board")]).expect("applied");
    for (old, new) in before.pages[0].sections.iter().zip(&after.pages[0].sections) {
        assert_eq!(old == new, old.kind != SectionKind::Catalogue);
        assert_eq!(old.words, new.words);
    }
    assert!(apply(&before, &[look("};body{display:none")]).is_err());
}

#[test]
fn a_price_list_becomes_a_catalogue_when_an_item_gets_a_photo() {
    let mut before = sample::coffee();
    for section in &mut before.pages[0].sections {
        if section.kind == SectionKind::Catalogue {
            section.kind = SectionKind::Prices;
        }
    }
    let mut item = before.business.items[0].clone();
    item.photo = Some("a".repeat(64));
    let after = apply(&before, &[Edit::PutItem { item }]).expect("applied");
    assert!(after.pages[0].sections.iter().any(|one| one.kind == SectionKind::Catalogue));
    assert!(after.pages[0].sections.iter().all(|one| one.kind != SectionKind::Prices));
    let hide = Edit::SetHidden { section: SectionKind::Catalogue, hidden: true };
    let hidden = apply(&before, &[hide]).expect("owners call both the same");
    assert!(hidden.pages[0].sections.iter().any(|one| one.hidden));
}

fn a_logo() -> DocumentPhoto {
    DocumentPhoto {
        id: "b".repeat(64),
        width_px: 600,
        height_px: 300,
        alt: String::new(),
        colour: "#ffffff".to_owned(),
        focus: None,
    }
}

#[test]
fn a_logo_is_put_on_and_taken_off_and_nothing_else_changes() {
    let document = sample::coffee();
    let with = apply(&document, &[Edit::SetLogo { photo: Some(a_logo()) }]).expect("a logo");
    assert_eq!(with.business.logo, Some(a_logo()));
    assert_eq!(with.business.photos, document.business.photos);
    let sections = |document: &Document| serde_json::to_vec(&document.pages).expect("JSON");
    assert_eq!(sections(&with), sections(&document));
    let without = apply(&with, &[Edit::SetLogo { photo: None }]).expect("no logo");
    assert_eq!(serde_json::to_vec(&without).unwrap(), serde_json::to_vec(&document).unwrap());
}

#[test]
fn a_logo_that_is_no_stored_picture_is_refused() {
    for wrong in [
        DocumentPhoto { id: "../../etc".to_owned(), ..a_logo() },
        DocumentPhoto { width_px: 0, ..a_logo() },
        DocumentPhoto { colour: "red;}".to_owned(), ..a_logo() },
    ] {
        let edit = Edit::SetLogo { photo: Some(wrong) };
        assert!(matches!(apply(&sample::coffee(), &[edit]), Err(EditError::Invalid(_))));
    }
}
