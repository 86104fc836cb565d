//! One document in several languages: the same facts and looks, other words.

use super::document::{Document, Translation};
use crate::brief::Language;

/// A document as it reads in another of its languages.
pub(crate) fn translated(document: &Document, translation: &Translation) -> Document {
    let mut other = document.clone();
    other.translations.clear();
    other.language.clone_from(&translation.language);
    other.business.trade_said.clone_from(&translation.trade_said);
    if let Some(meta) = &translation.meta {
        other.meta.clone_from(meta);
    }
    for page in &mut other.pages {
        if let Some(title) = translation.titles.get(&page.slug) {
            page.title.clone_from(title);
        }
        for section in &mut page.sections {
            if let Some(words) = translation.words.get(&section.id) {
                section.words.clone_from(words);
            }
        }
    }
    other
}

/// What a document in another language says of its own.
pub(crate) fn translation_of(other: &Document) -> Translation {
    let sections = other.pages.iter().flat_map(|page| &page.sections);
    Translation {
        language: other.language.clone(),
        trade_said: other.business.trade_said.clone(),
        meta: Some(other.meta.clone()),
        titles: other.pages.iter().map(|page| (page.slug.clone(), page.title.clone())).collect(),
        words: sections.map(|section| (section.id.clone(), section.words.clone())).collect(),
    }
}

/// The translations that can be shown: known languages other than the document's, each once.
pub(super) fn shown(document: &Document) -> Vec<&Translation> {
    let own = Language::from_tag(&document.language).unwrap_or_default();
    Language::ALL
        .into_iter()
        .filter(|language| *language != own)
        .filter_map(|language| {
            document.translations.iter().find(|one| one.language == language.tag())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn what_a_translation_says_comes_back_from_its_document() {
        let document = sample::coffee();
        let mut other = document.clone();
        other.language = "en".to_owned();
        other.meta.title = "Coffee".to_owned();
        other.pages[0].sections[0].words.heading = "Good coffee".to_owned();
        let translation = translation_of(&other);
        assert_eq!(translated(&document, &translation), other);
    }

    #[test]
    fn unknown_and_own_languages_are_not_shown() {
        let mut document = sample::coffee();
        for tag in ["id", "fr", "en", "en"] {
            document
                .translations
                .push(Translation { language: tag.to_owned(), ..Translation::default() });
        }
        let tags: Vec<_> = shown(&document).iter().map(|one| one.language.as_str()).collect();
        assert_eq!(tags, ["en"]);
    }
}
