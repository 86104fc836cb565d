//! Which of the two languages a request wants.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use serde::Deserialize;
use sitespark_core::brief::Language;

/// Most entries of `Accept-Language` that are looked at.
const MAX_PREFERENCES: usize = 12;

/// The part of a query string that picks a language.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct LanguageQuery {
    pub(crate) lang: Option<String>,
}

/// `?lang=` first, then the browser's preferences, then the operator's default.
pub(crate) fn choose(asked: Option<&str>, headers: &HeaderMap, default: Language) -> Language {
    asked
        .and_then(Language::from_tag)
        .or_else(|| {
            headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).and_then(preferred)
        })
        .unwrap_or(default)
}

fn preferred(accept: &str) -> Option<Language> {
    let mut wanted: Vec<(u16, Language)> = accept
        .split(',')
        .take(MAX_PREFERENCES)
        .filter_map(|part| {
            let mut pieces = part.split(';');
            let language = Language::from_tag(pieces.next()?.trim())?;
            let weight =
                pieces.find_map(|piece| piece.trim().strip_prefix("q=")).map_or(1000, per_mille);
            (weight > 0).then_some((weight, language))
        })
        .collect();
    // A stable sort: of equal weights the first named wins.
    wanted.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    wanted.first().map(|(_, language)| *language)
}

/// `0.8` as 800; what is no number counts as nothing.
fn per_mille(weight: &str) -> u16 {
    let (whole, fraction) = weight.trim().split_once('.').unwrap_or((weight.trim(), ""));
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    let whole: u16 = whole.parse().unwrap_or(0);
    whole.min(1) * 1000 + digits.parse::<u16>().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepting(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(ACCEPT_LANGUAGE, value.parse().unwrap())])
    }

    #[test]
    fn the_query_beats_the_browser_and_the_browser_beats_the_default() {
        let english = accepting("en-US,en;q=0.9");
        assert_eq!(choose(Some("id"), &english, Language::En), Language::Id);
        assert_eq!(choose(None, &english, Language::Id), Language::En);
        assert_eq!(choose(Some("xx"), &HeaderMap::new(), Language::Id), Language::Id);
    }

    #[test]
    fn weights_decide_and_unknown_languages_are_passed_over() {
        assert_eq!(preferred("de, en;q=0.4, id;q=0.7"), Some(Language::Id));
        assert_eq!(preferred("en;q=0, fr"), None);
        assert_eq!(preferred("id, en"), Some(Language::Id));
        assert_eq!(preferred("en;q=1, id;q=0.999"), Some(Language::En));
    }
}
