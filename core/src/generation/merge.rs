//! A draft's words into a live document whose owner may have changed it meanwhile. Pure.
//!
//! Three documents meet: the first one of the run, what is live now, and the draft as far as it has
//! come. What the owner changed stays; only what still stands as it did at first gives way.

use std::collections::BTreeSet;

use crate::site::document::{Business, Document, Page, Section};
use crate::site::retell;

/// What shall be live: `current`, with the draft's words, order and looks where `current` still is as
/// it was in `first`.
pub(super) fn merge(first: &Document, current: &Document, draft: &Document) -> Document {
    let painted = draft.business.illustration.as_ref();
    let painted_small = &draft.business.small_illustrations;
    let (first, draft) = (&retold(first, &current.business), &retold(draft, &current.business));
    let mut merged = current.clone();
    let redesigned = current.design == first.design;
    if redesigned {
        merged.design.clone_from(&draft.design);
    }
    if current.meta == first.meta {
        merged.meta.clone_from(&draft.meta);
    }
    if current.business.trade == first.business.trade {
        merged.business.trade.clone_from(&draft.business.trade);
        merged.business.trade_said.clone_from(&draft.business.trade_said);
    }
    if current.business.illustration.is_none() {
        merged.business.illustration = painted.cloned();
    }
    if current.business.illustration == first.business.illustration {
        merged.business.illustration.clone_from(&draft.business.illustration);
    }
    if current.business.small_illustrations == first.business.small_illustrations {
        merged.business.small_illustrations.extend(painted_small.clone());
    }
    if may_reorder(first, current, draft) {
        merged.pages.clone_from(&draft.pages);
    }
    for section in merged.pages.iter_mut().flat_map(|page| &mut page.sections) {
        settle(section, [first, current, draft], redesigned);
    }
    merged
}

/// A document as it would tell the facts of today.
fn retold(document: &Document, today: &Business) -> Document {
    let mut told = document.clone();
    let Business { trade, trade_said, illustration, small_illustrations, .. } =
        document.business.clone();
    told.business =
        Business { trade, trade_said, illustration, small_illustrations, ..today.clone() };
    retell(document, &mut told);
    told
}

/// Nobody has moved, added or hidden a section, and none with an owner's words would be lost.
fn may_reorder(first: &Document, current: &Document, draft: &Document) -> bool {
    let kept: BTreeSet<&str> = sections(draft).map(|section| section.id.as_str()).collect();
    let touched = sections(current)
        .filter(|now| find(first, &now.id).is_none_or(|was| was.words != now.words));
    shape(&first.pages) == shape(&current.pages)
        && touched.into_iter().all(|section| kept.contains(section.id.as_str()))
}

/// The words and the look of one section, as first, current and draft have it.
fn settle(section: &mut Section, documents: [&Document; 3], redesigned: bool) {
    let [was, now, new] = documents.map(|document| find(document, &section.id));
    let untouched = now.is_none_or(|now| was.is_some_and(|was| was.words == now.words));
    if let Some(from) = if untouched { new.or(now) } else { now } {
        section.words.clone_from(&from.words);
    }
    if let Some(from) = if redesigned { new.or(now) } else { now.or(new) } {
        section.variant.clone_from(&from.variant);
    }
}

fn sections(document: &Document) -> impl Iterator<Item = &Section> {
    document.pages.iter().flat_map(|page| &page.sections)
}

fn find<'a>(document: &'a Document, id: &str) -> Option<&'a Section> {
    sections(document).find(|section| section.id == id)
}

fn shape(pages: &[Page]) -> Vec<(&str, Vec<(&str, bool)>)> {
    let sections = |page| {
        let page: &Page = page;
        page.sections.iter().map(|section| (section.id.as_str(), section.hidden)).collect()
    };
    pages.iter().map(|page| (page.slug.as_str(), sections(page))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generation::stages::sample;
    use crate::site::document::SectionKind;
    use crate::site::{Edit, apply};

    /// The built-in document and a draft whose every word and look is another.
    fn first_and_draft() -> (Document, Document) {
        let first = super::super::draft::built_in_document(&sample::bakery());
        let mut draft = first.clone();
        draft.design.colour = "#123456".to_owned();
        draft.meta.title = "Judul dari model".to_owned();
        for section in &mut draft.pages[0].sections {
            section.words.heading = format!("Model {}", section.id);
        }
        draft.pages[0].sections.reverse();
        (first, draft)
    }

    fn heading(document: &Document, kind: SectionKind) -> &str {
        &find(document, kind.slug()).expect("the sample has it").words.heading
    }

    #[test]
    fn an_untouched_site_becomes_the_draft() {
        let (first, draft) = first_and_draft();
        assert_eq!(merge(&first, &first, &draft), draft);
    }

    #[test]
    fn merging_again_changes_nothing() {
        let (first, draft) = first_and_draft();
        let once = merge(&first, &first, &draft);
        assert_eq!(merge(&first, &once, &draft), once);
    }

    #[test]
    fn an_owners_heading_and_colour_stay_and_the_rest_gives_way() {
        let (first, draft) = first_and_draft();
        let edits = [
            Edit::SetHeading { section: SectionKind::Hero, heading: "Kata pemilik".to_owned() },
            Edit::Recolour { colour: "#00aa00".to_owned() },
        ];
        let current = apply(&first, &edits).unwrap();
        let merged = merge(&first, &current, &draft);
        assert_eq!(heading(&merged, SectionKind::Hero), "Kata pemilik");
        assert_eq!(merged.design, current.design);
        assert_eq!(heading(&merged, SectionKind::Contact), "Model contact");
        assert_eq!(merged.meta.title, "Judul dari model");
    }

    #[test]
    fn a_section_the_owner_hid_stays_where_it_is_and_hidden() {
        let (first, draft) = first_and_draft();
        let edits = [Edit::SetHidden { section: SectionKind::Contact, hidden: true }];
        let current = apply(&first, &edits).unwrap();
        let merged = merge(&first, &current, &draft);
        assert_eq!(
            merged.pages[0].sections.iter().map(|section| &section.id).collect::<Vec<_>>(),
            current.pages[0].sections.iter().map(|section| &section.id).collect::<Vec<_>>()
        );
        assert!(find(&merged, "contact").unwrap().hidden);
    }

    #[test]
    fn a_fact_the_owner_changed_is_not_told_the_old_way_by_the_draft() {
        let (first, mut draft) = first_and_draft();
        let old = first.business.name.clone();
        let contact = draft.pages[0].sections.iter_mut().find(|section| section.id == "contact");
        contact.unwrap().words.lead = format!("Hubungi {old} kapan saja.");
        let current = apply(&first, &[Edit::SetName { name: "Toko Baru".to_owned() }]).unwrap();
        let merged = merge(&first, &current, &draft);
        assert_eq!(find(&merged, "contact").unwrap().words.lead, "Hubungi Toko Baru kapan saja.");
        assert_eq!(heading(&merged, SectionKind::Hero), "Model hero");
        assert_eq!(merged.business.name, "Toko Baru");
    }
}
