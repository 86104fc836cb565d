//! A site in a second language, from the same facts: its words are the built-in writer's.
//!
//! What owners said themselves stays as they said it; what they called their trade and their guests is
//! left to the other language's own words.

use crate::brief::{Brief, Language};
use crate::site::document::{Document, Translation};
use crate::site::{translated, translation_of};

use super::{Plan, brief_of, meta, plan, slots, write};

/// Gives every language of a document that has no words yet the built-in writer's.
pub fn fill_languages(document: &mut Document) {
    let empty = |one: &Translation| one.meta.is_none() && one.words.is_empty();
    if !document.translations.iter().any(empty) {
        return;
    }
    let brief = brief_of(document, None);
    let source = document.clone();
    for translation in document.translations.iter_mut().filter(|one| empty(one)) {
        if let Some(language) = Language::from_tag(&translation.language) {
            *translation = written(&source, &brief, language);
        }
    }
}

/// A document with its words in one more language; its own is no other.
pub(super) fn with_language(mut document: Document, brief: &Brief, language: Language) -> Document {
    if language.tag() != document.language {
        let translation = written(&document, brief, language);
        document.translations.push(translation);
    }
    document
}

fn written(document: &Document, brief: &Brief, language: Language) -> Translation {
    let mut spoken = Brief { language, audience: None, ..brief.clone() };
    if let Some(trade) = &mut spoken.trade {
        trade.said.clear();
    }
    let plan: Plan = plan(&spoken);
    let seed = document.design.seed;
    let mut other = translated(
        document,
        &Translation { language: language.tag().to_owned(), ..Translation::default() },
    );
    other.meta = meta(&spoken, &plan, seed);
    for page in &mut other.pages {
        if page.slug.is_empty() {
            page.title.clone_from(&slots::language_words(language).home);
        }
        for section in &mut page.sections {
            section.words = write(&spoken, &plan, section.kind, seed);
        }
    }
    translation_of(&other)
}
