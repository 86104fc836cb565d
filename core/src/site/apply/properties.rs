//! What holds of any edit on any document.

use proptest::prelude::*;
use serde_json::Value;

use super::super::document::{
    Document, DocumentHours, DocumentItem, DocumentPhoto, DocumentSpan, Point, Section,
    SectionKind, Words,
};
use super::super::edit::{Edit, ItemPlace, SectionPlace};
use super::super::{changed_parts, restore_section, sample};
use super::{apply, is_list};

const NAMES: [&str; 6] = ["Nastar", "Bolu", "Donat", "Es Teh", "Kopi Tubruk", "Es Kopi Pandan"];

fn any_kind() -> impl Strategy<Value = SectionKind> {
    proptest::sample::select(SectionKind::ALL.to_vec())
}

fn any_name() -> impl Strategy<Value = String> {
    proptest::sample::select(NAMES.to_vec()).prop_map(str::to_owned)
}

fn any_text() -> impl Strategy<Value = String> {
    "[A-Za-z][a-z ,]{0,30}[a-z]"
}

fn any_item() -> impl Strategy<Value = DocumentItem> {
    (any_name(), proptest::option::of(1_000_i64..200_000), any::<bool>()).prop_map(
        |(name, price_rupiah, sold_out)| DocumentItem {
            name,
            price_rupiah,
            price_to_rupiah: None,
            price_starts: false,
            unit: None,
            note: None,
            photo: None,
            sold_out,
        },
    )
}

fn any_logo() -> impl Strategy<Value = DocumentPhoto> {
    ("[0-9a-f]{64}", 1_u32..2_000, 1_u32..2_000).prop_map(|(id, width_px, height_px)| {
        let (alt, colour) = (String::new(), "#336699".to_owned());
        DocumentPhoto { id, width_px, height_px, alt, colour, focus: None }
    })
}

fn any_words() -> impl Strategy<Value = Words> {
    let points = proptest::collection::vec(
        (any_text(), any_text()).prop_map(|(title, text)| Point { title, text }),
        0..4,
    );
    (any_text(), any_text(), points, proptest::collection::vec(any_text(), 0..3)).prop_map(
        |(heading, lead, points, paragraphs)| Words {
            heading,
            lead,
            points,
            paragraphs,
            action: String::new(),
        },
    )
}

/// A site of some of the families in any order, with words that may tell prices and names.
fn any_document() -> impl Strategy<Value = Document> {
    let sections = proptest::collection::vec((any_kind(), any_words(), any::<bool>()), 1..10);
    let items = proptest::collection::vec(any_item(), 1..6);
    (sections, items, any::<bool>()).prop_map(|(sections, items, tells)| {
        let mut document = sample::coffee();
        document.business.items = Vec::new();
        for item in items {
            if document.business.items.iter().all(|one| one.name != item.name) {
                document.business.items.push(item);
            }
        }
        let told = format!("Ada {} dan lain-lain.", document.business.items[0].name);
        document.pages[0].sections = sections
            .into_iter()
            .enumerate()
            .map(|(at, (kind, mut words, hidden))| {
                if tells && at % 2 == 0 {
                    words.paragraphs.push(told.clone());
                }
                Section {
                    id: format!("{}-{at}", kind.slug()),
                    kind,
                    variant: String::new(),
                    words,
                    hidden,
                    style: Default::default(),
                    locked: false,
                }
            })
            .collect();
        document
    })
}

fn any_edit() -> impl Strategy<Value = Edit> {
    let span = DocumentSpan { days: vec![1, 2, 3], opens_min: 480, closes_min: 1_000 };
    let hours = DocumentHours { always: false, spans: vec![span] };
    let place = prop_oneof![
        Just(SectionPlace::First),
        Just(SectionPlace::Last),
        Just(SectionPlace::Up),
        Just(SectionPlace::Down),
        any_kind().prop_map(|section| SectionPlace::Before { section }),
        any_kind().prop_map(|section| SectionPlace::After { section }),
    ];
    let facts = prop_oneof![
        any_item().prop_map(|item| Edit::PutItem { item }),
        (any_name(), 1_000_i64..200_000)
            .prop_map(|(item, price_rupiah)| Edit::SetPrice { item, price_rupiah }),
        any_name().prop_map(|item| Edit::RemoveItem { item }),
        (any_name(), any::<bool>())
            .prop_map(|(item, sold_out)| Edit::SetSoldOut { item, sold_out }),
        (any_name(), any_text()).prop_map(|(item, name)| Edit::RenameItem { item, name }),
        any_name().prop_map(|item| Edit::MoveItem { item, place: ItemPlace::First }),
        (any_name(), any_text())
            .prop_map(|(item, note)| Edit::SetItemNote { item, note: Some(note) }),
        Just(Edit::SetHours { hours: Some(hours) }),
        Just(Edit::SetPhone { phone: Some("+6281355556666".to_owned()) }),
        any_text().prop_map(|text| Edit::SetAddress { address: Some(text), city: None }),
        proptest::option::of(any_logo()).prop_map(|photo| Edit::SetLogo { photo }),
    ];
    let words = prop_oneof![
        (any_kind(), any_text())
            .prop_map(|(section, heading)| Edit::SetHeading { section, heading }),
        (any_kind(), any_text()).prop_map(|(section, lead)| Edit::SetLead { section, lead }),
        (any_kind(), 1_u32..4, any_text()).prop_map(|(section, number, text)| Edit::SetParagraph {
            section,
            number,
            text
        }),
        (any_kind(), any_text(), any_text()).prop_map(|(section, title, text)| {
            Edit::PutPoint { section, point: Point { title, text } }
        }),
        (any_kind(), 1_u32..4).prop_map(|(section, number)| Edit::RemovePoint { section, number }),
        (any_kind(), any_words()).prop_map(|(section, words)| Edit::SetWords { section, words }),
        (any_kind(), any::<bool>())
            .prop_map(|(section, hidden)| Edit::SetHidden { section, hidden }),
        any_kind().prop_map(|section| Edit::AddSection { section, words: None }),
        any_kind().prop_map(|section| Edit::RemoveSection { section }),
        (any_kind(), place).prop_map(|(section, place)| Edit::MoveSection { section, place }),
        (any_kind(), any::<bool>())
            .prop_map(|(section, locked)| Edit::SetLocked { section, locked }),
    ];
    prop_oneof![facts, words]
}

/// The family an edit names; `None` for edits of facts.
fn named(edit: &Edit) -> Option<SectionKind> {
    let value = serde_json::to_value(edit).expect("an edit is JSON");
    value["section"].as_str().and_then(SectionKind::from_slug)
}

/// Words that told of the business before and may be put right elsewhere.
fn told(document: &Document) -> Vec<String> {
    document.business.items.iter().map(|item| item.name.clone()).collect()
}

fn sections(document: &Document) -> Vec<(String, Vec<u8>)> {
    let all = document.pages.iter().flat_map(|page| &page.sections);
    all.map(|one| (one.id.clone(), serde_json::to_vec(one).expect("a section is JSON"))).collect()
}

fn kind_of(document: &Document, id: &str) -> SectionKind {
    let mut all = document.pages.iter().flat_map(|page| &page.sections);
    all.find(|one| one.id == id).expect("it is there").kind
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn sections_an_edit_does_not_name_stay_the_same_bytes(
        document in any_document(), edit in any_edit(),
    ) {
        let Ok(after) = apply(&document, std::slice::from_ref(&edit)) else { return Ok(()) };
        let told = told(&document);
        let now = sections(&after);
        for (id, bytes) in sections(&document) {
            let kind = kind_of(&document, &id);
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let tells_a_fact = named(&edit).is_none() && told.iter().any(|fact| text.contains(fact.as_str()));
            let meant = |named| named == kind || is_list(named) && is_list(kind);
            if named(&edit).is_some_and(meant) || tells_a_fact {
                continue;
            }
            let same = now.iter().find(|(other, _)| *other == id);
            prop_assert_eq!(same.map(|(_, bytes)| bytes), Some(&bytes), "{} by {:?}", id, edit);
        }
    }

    #[test]
    fn a_refused_edit_changes_nothing_and_a_taken_one_still_is_a_document(
        document in any_document(), edits in proptest::collection::vec(any_edit(), 1..5),
    ) {
        let before = document.clone();
        if let Ok(after) = apply(&document, &edits) {
            let json = serde_json::to_value(&after).expect("a document is JSON");
            let read: Document = serde_json::from_value(json).expect("and reads back");
            prop_assert_eq!(read, after);
        }
        prop_assert_eq!(before, document);
    }

    #[test]
    fn putting_a_section_back_undoes_every_edit_of_its_words(
        document in any_document(), edit in any_edit(),
    ) {
        let Some(kind) = named(&edit) else { return Ok(()) };
        let Ok(after) = apply(&document, std::slice::from_ref(&edit)) else { return Ok(()) };
        let back = restore_section(&after, &document, kind);
        let (old, new): (Value, Value) =
            (serde_json::to_value(&document).expect("JSON"), serde_json::to_value(&back).expect("JSON"));
        prop_assert_eq!(old, new, "{:?}", edit);
    }

    #[test]
    fn putting_the_list_back_undoes_every_edit_of_items(
        document in any_document(),
        edit in prop_oneof![
            any_item().prop_map(|item| Edit::PutItem { item }),
            (any_name(), 1_000_i64..200_000)
                .prop_map(|(item, price_rupiah)| Edit::SetPrice { item, price_rupiah }),
            (any_name(), any::<bool>())
                .prop_map(|(item, sold_out)| Edit::SetSoldOut { item, sold_out }),
        ],
    ) {
        let Ok(after) = apply(&document, std::slice::from_ref(&edit)) else { return Ok(()) };
        let back = restore_section(&after, &document, SectionKind::Catalogue);
        prop_assert_eq!(&back.business, &document.business);
    }

    #[test]
    fn what_changed_is_told_exactly_when_something_did(
        document in any_document(), edit in any_edit(),
    ) {
        let Ok(after) = apply(&document, std::slice::from_ref(&edit)) else { return Ok(()) };
        prop_assert_eq!(changed_parts(&document, &after).is_empty(), document == after, "{:?}", edit);
    }
}
