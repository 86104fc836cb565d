//! Looks and manner: theme, colour, tone of the words, language, search results.

use sitespark_core::brief::{Rgb, Tone};
use sitespark_core::generation::Refinement;
use sitespark_core::site::Edit;

use super::sections;
use super::{Wish, one};
use crate::conversation::convert;
use crate::conversation::understand::words::{cut_prefix, list, mentions, normalise};

/// Longest wish that is handed to a model, in characters.
const MAX_SAID_CHARS: usize = 300;
/// Most words of a wish for another look.
const MAX_LOOK_WORDS: usize = 9;
const MAX_TITLE_CHARS: usize = 60;
const MAX_DESCRIPTION_CHARS: usize = 160;

/// "tulisannya dibuat lebih santai", "bagian tentang tulis ulang".
pub(super) fn rewritten(text: &str) -> Option<Wish> {
    let normal = normalise(text);
    let about_text = mentions("text-words", &normal);
    let manner = mentions("manner-words", &normal);
    let again = normal.contains("tulis ulang") || normal.contains("rewrite");
    if !(about_text && manner || again) {
        return None;
    }
    let words: Vec<&str> = normal.split(' ').collect();
    let section =
        (0..words.len()).find_map(|at| sections::at_front_of_words(&words[at..].join(" ")));
    let said = text.trim().chars().take(MAX_SAID_CHARS).collect();
    Some(Wish::Rewrite { section, said })
}

/// "ganti tampilan", "yang lebih modern dong", "bosen sama desainnya".
pub(super) fn look(text: &str) -> Option<Wish> {
    let normal = normalise(text);
    if normal.split(' ').count() > MAX_LOOK_WORDS || Rgb::parse_name(text).is_some() {
        return None;
    }
    let tone = Tone::parse(text);
    let about_look = mentions("look-words", &normal);
    let other = mentions("look-other", &normal);
    let more = list("more-words")
        .iter()
        .any(|word| mentions("more-words", &normal) || normal.starts_with(word));
    let wanted = about_look && (other || tone.is_some()) || tone.is_some() && more;
    wanted.then(|| one(Edit::Retheme { tone: tone.map(|tone| tone.slug().to_owned()) }))
}

/// "warnanya jangan pink, ijo aja": the colour that is wanted, not the one that is not.
pub(super) fn rather(text: &str) -> Option<Wish> {
    let normal = normalise(text);
    if !mentions("dont-words", &normal) {
        return None;
    }
    let pieces: Vec<&str> = text.split([',', ';', '.']).map(str::trim).collect();
    let wanted = pieces
        .iter()
        .filter(|piece| !mentions("dont-words", &normalise(piece)))
        .find_map(|piece| Rgb::parse_name(piece))?;
    let unwanted = pieces
        .iter()
        .any(|piece| mentions("dont-words", &normalise(piece)) && Rgb::parse_name(piece).is_some());
    let named = mentions("field-colour", &normal);
    (unwanted || named).then(|| one(Edit::Recolour { colour: convert::colour(wanted) }))
}

/// "websitenya pakai bahasa inggris".
pub(super) fn language(text: &str) -> Option<Wish> {
    let normal = normalise(text);
    let about_site = mentions("site-words", &normal) || mentions("text-words", &normal);
    if !about_site || !mentions("site-language", &normal) {
        return None;
    }
    let language = match (mentions("language-id", &normal), mentions("language-en", &normal)) {
        (_, true) => "en",
        (true, false) => "id",
        (false, false) => return None,
    };
    Some(Wish::Refine(Refinement::Translate { language: language.to_owned() }))
}

/// "judul google jadi …", "deskripsi google: …".
pub(super) fn search(text: &str) -> Option<Wish> {
    let text = cut_prefix("verbs", text).unwrap_or(text);
    let within = |value: &str, most: usize| value.chars().take(most).collect::<String>();
    if let Some(rest) = cut_prefix("seo-title", text) {
        let value = sections::value_of(rest);
        let title = within(value, MAX_TITLE_CHARS);
        return (!title.is_empty()).then(|| one(Edit::SetTitle { title }));
    }
    let value = sections::value_of(cut_prefix("seo-description", text)?);
    let description = within(value, MAX_DESCRIPTION_CHARS);
    (!description.is_empty()).then(|| one(Edit::SetDescription { description }))
}
