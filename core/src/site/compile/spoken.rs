//! In which language pages are written, and where the same page stands in the others.

use super::super::document::Document;
use super::super::labels::labels;
use super::super::languages;
use super::{language_of, page_href, page_path};
use crate::brief::Language;

/// In which language pages are written, where they stand, and which others there are.
#[derive(Clone)]
pub(in crate::site) struct Spoken {
    /// Before the path of every page: empty, or `/en`.
    pub(in crate::site) base: String,
    /// The site's languages, its own first; one alone when there is no other.
    pub(in crate::site) all: Vec<(Language, String)>,
}

impl Spoken {
    pub(super) fn of(document: &Document, view: &Document) -> Self {
        let own = language_of(document);
        let others = languages::shown(document);
        let others = others.iter().filter_map(|one| Language::from_tag(&one.language));
        let all: Vec<(Language, String)> = std::iter::once((own, String::new()))
            .chain(others.map(|language| (language, format!("/{}", language.tag()))))
            .collect();
        let here = language_of(view);
        let base = all.iter().find(|(one, _)| *one == here).map_or("", |(_, base)| base).to_owned();
        Self { base, all }
    }

    /// Where a page stands in this language.
    pub(in crate::site) fn href(&self, slug: &str) -> String {
        format!("{}{}", self.base, page_href(slug))
    }

    /// The path of a page's file.
    pub(in crate::site) fn path(&self, slug: &str) -> String {
        format!("{}{}", self.base, page_path(slug))
    }

    /// Where a form of this language is sent to.
    pub(in crate::site) fn form(&self, form: &str) -> String {
        format!("/form{}/{form}", self.base)
    }

    /// The same page in every language, and for visitors of any other; none for a site of one.
    pub(in crate::site) fn alternates(&self, slug: &str) -> Vec<Alternate> {
        if self.all.len() < 2 {
            return Vec::new();
        }
        let at = |base: &str| format!("{base}{}", page_href(slug));
        let tagged = |(language, base): &(Language, String)| Alternate {
            tag: language.tag(),
            path: at(base),
            name: labels(*language).language.clone(),
        };
        let own = self.all.first().map_or("", |(_, base)| base.as_str());
        let any = Alternate { tag: "x-default", path: at(own), name: String::new() };
        self.all.iter().map(tagged).chain([any]).collect()
    }

    /// The same page in the other languages, by their own names.
    pub(super) fn switch(&self, slug: &str) -> Vec<Alternate> {
        let all = self.all.iter().filter(|(_, base)| *base != self.base);
        all.map(|(language, base)| Alternate {
            tag: language.tag(),
            path: format!("{base}{}", page_href(slug)),
            name: labels(*language).language.clone(),
        })
        .collect()
    }
}

/// A page in another language.
pub(in crate::site) struct Alternate {
    pub(in crate::site) tag: &'static str,
    pub(in crate::site) path: String,
    pub(in crate::site) name: String,
}
