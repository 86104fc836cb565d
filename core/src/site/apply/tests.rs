use super::super::document::{DocumentHours, DocumentLink};
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
