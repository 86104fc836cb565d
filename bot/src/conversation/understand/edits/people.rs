//! Who works here and what customers said, as owners pass it on.

use sitespark_core::site::Edit;
use sitespark_core::site::document::{DocumentPerson, DocumentTestimonial};

use super::{Wish, one, price_of};
use crate::conversation::understand::words::{
    cut_all, cut_end, cut_prefix, is_in, normalise, split_at_word,
};

/// Longest of each, in characters.
const MAX_NAME_CHARS: usize = 60;
const MAX_ROLE_CHARS: usize = 80;
const MAX_TESTIMONIAL_CHARS: usize = 400;
/// Most words of a name.
const MAX_NAME_WORDS: usize = 6;

/// "testimoni dari Bu Rina: enak banget", "testi: \"bagus\" - Andi": what follows a word for adding.
pub(super) fn testimonial(text: &str) -> Option<Wish> {
    let rest = cut_prefix("testimonial-words", cut_all("articles", text))?;
    let (author, words) = match cut_prefix("said-by", rest) {
        Some(by) => {
            let at = by.find([':', '"', '“', ',', '\n'])?;
            (by[..at].trim(), &by[at..])
        }
        // "testimoni Rani: halus banget".
        None => match rest.split_once(':').filter(|(name, _)| is_name(name)) {
            Some((name, words)) => (name.trim(), words),
            None => signed(rest),
        },
    };
    let quote = |c: char| c.is_whitespace() || ":=,\"“”'-–".contains(c);
    let words = words.trim_matches(quote);
    let author = cut_all("said-by", author.trim_matches(quote)).trim_matches(['(', ')']);
    let told = normalise(words).split(' ').count() > 1;
    let testimonial = DocumentTestimonial {
        text: words.chars().take(MAX_TESTIMONIAL_CHARS).collect(),
        author: author.chars().take(MAX_NAME_CHARS).collect(),
    };
    told.then(|| one(Edit::PutTestimonial { testimonial }))
}

fn is_name(text: &str) -> bool {
    let count = text.split_whitespace().count();
    (1..=MAX_NAME_WORDS).contains(&count) && text.trim().starts_with(char::is_uppercase)
}

/// Who said it, behind a dash or in brackets at the end.
fn signed(text: &str) -> (&str, &str) {
    let behind = |mark: &str| text.rsplit_once(mark).map(|(words, author)| (author.trim(), words));
    let found = [" - ", " – ", " — ", "("].into_iter().find_map(behind);
    let name = |author: &&str| {
        let count = author.split_whitespace().count();
        (1..=MAX_NAME_WORDS).contains(&count)
    };
    found.filter(|(author, _)| name(author)).unwrap_or(("", text))
}

/// "dokter: drg. Maya Lestari, spesialis gigi anak", "tim Budi sebagai kasir": what follows a word
/// for adding. A role is a person only before a name.
pub(super) fn person(text: &str) -> Option<Wish> {
    let text = cut_all("section-nouns-only", cut_all("articles", text));
    let team = cut_prefix("team-words", text);
    let (noun, rest) = match team {
        Some(rest) => ("", cut_all("again", rest)),
        None => {
            let rest = cut_prefix("role-words", text)?;
            (text[..text.len() - rest.len()].trim_end_matches([' ', ':', ',', '-', '.']), rest)
        }
    };
    let rest = cut_prefix("named-words", rest).unwrap_or(rest);
    let rest = cut_end("politeness", rest);
    if rest.is_empty() || price_of(rest).is_some() {
        return None;
    }
    let (name, role) = named(rest);
    let titled = name.split_whitespace().next().is_some_and(|first| {
        first.starts_with(char::is_uppercase) || is_in("person-titles", &normalise(first))
    });
    let short = (1..=MAX_NAME_WORDS).contains(&name.split_whitespace().count());
    if !short || !(titled || team.is_some()) {
        return None;
    }
    let role = if role.is_empty() { noun } else { role };
    let person = DocumentPerson {
        name: name.chars().take(MAX_NAME_CHARS).collect(),
        role: role.chars().take(MAX_ROLE_CHARS).collect(),
        photo: None,
    };
    Some(one(Edit::PutPerson { person }))
}

/// A name and what its owner does: behind a comma or a dash, in brackets, after "sebagai".
fn named(text: &str) -> (&str, &str) {
    let marks = [", ", " (", " - ", " – ", ": "];
    let at = marks.iter().filter_map(|mark| text.find(mark).map(|at| (at, mark.len()))).min();
    if let Some((at, length)) = at {
        let role = text[at + length..].trim().trim_end_matches(')');
        return (text[..at].trim(), cut_prefix("role-joins", role).unwrap_or(role));
    }
    split_at_word("role-joins", text).unwrap_or((text.trim(), ""))
}

/// "Budi dari tim", "testimoni Bu Rina": what follows a word for removing.
pub(super) fn removed(text: &str) -> Option<Wish> {
    if let Some(rest) = cut_prefix("testimonial-words", text) {
        let named = cut_all("said-by", rest).trim();
        let text: String = named.chars().take(MAX_TESTIMONIAL_CHARS).collect();
        return (!normalise(named).is_empty()).then(|| one(Edit::RemoveTestimonial { text }));
    }
    let (name, rest) = split_at_word("from-words", text)?;
    let team = cut_prefix("team-words", rest)?;
    let name: String = name.chars().take(MAX_NAME_CHARS).collect();
    normalise(team).is_empty().then(|| one(Edit::RemovePerson { name }))
}
