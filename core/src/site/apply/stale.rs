//! Facts in running text that an edit has made untrue: put right where one fact takes another's
//! place, else the sentence goes. Never writes a claim that the business does not hold now.

use super::super::compile::language_of;
use super::super::document::{Business, Document, DocumentItem, Section, SectionKind};
use super::super::labels::{Labels, labels};
use super::super::shop;
use super::rename;
use crate::brief::{Language, Phone, Price, Rupiah};

/// Longest shortened word before a full stop: "Jln.".
const MOST_SHORT_LETTERS: usize = 3;

/// Old words and what they say now; `None` when nothing takes their place.
struct Fact {
    old: String,
    new: Option<String>,
    /// Whether another item may stand in its place.
    item: bool,
}

/// Makes the words of `after` agree with its business, as far as `before` was told in them.
pub(in crate::site) fn refresh(before: &Document, after: &mut Document) {
    let language = language_of(after);
    let facts = changed(&before.business, &after.business, language);
    if facts.is_empty() {
        return;
    }
    let items = after.business.items.clone();
    for section in after.pages.iter_mut().flat_map(|page| &mut page.sections) {
        refresh_section(section, &facts, &items, language);
    }
    let description = &mut after.meta.description;
    put_right(description, &facts, &items, language);
    *description = super::super::compile::cut(description, 160);
}

fn refresh_section(
    section: &mut Section,
    facts: &[Fact],
    items: &[DocumentItem],
    language: Language,
) {
    let words = &mut section.words;
    put_right(&mut words.lead, facts, items, language);
    for text in &mut words.paragraphs {
        put_right(text, facts, items, language);
    }
    words.paragraphs.retain(|text| !text.is_empty());
    for point in &mut words.points {
        put_right(&mut point.text, facts, items, language);
    }
    let answers = section.kind == SectionKind::Faq;
    words.points.retain(|point| !(answers && point.text.is_empty()));
}

/// Sentences that cannot be put right are left out.
fn put_right(text: &mut String, facts: &[Fact], items: &[DocumentItem], language: Language) {
    if !facts.iter().any(|fact| holds(text, &fact.old)) {
        return;
    }
    // An old fact may hold a full stop ("Jl. Lama 1"): it is one letter while sentences are told apart.
    let marks: Vec<(String, &Fact)> =
        ('\u{e000}'..='\u{f8ff}').map(String::from).zip(facts).collect();
    for (mark, fact) in &marks {
        rename(text, &fact.old, mark);
    }
    let told = sentences(text);
    *text = told.into_iter().filter_map(|said| corrected(said, &marks, items, language)).collect();
    text.truncate(text.trim_end().len());
}

/// Cut behind full stops; "Jl." and "No." end no sentence.
fn sentences(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut goes_on = false;
    for part in text.split_inclusive(". ") {
        match found.last_mut() {
            Some(last) if goes_on => last.push_str(part),
            Some(_) | None => found.push(part.to_owned()),
        }
        let last = part.trim_end_matches(". ").rsplit(' ').next().unwrap_or_default();
        goes_on = last.len() <= MOST_SHORT_LETTERS && last.chars().all(char::is_alphabetic);
    }
    found
}

fn corrected(
    mut sentence: String,
    marks: &[(String, &Fact)],
    items: &[DocumentItem],
    language: Language,
) -> Option<String> {
    for (mark, fact) in marks {
        if let Some(new) = &fact.new {
            sentence = sentence.replace(mark, new);
        }
    }
    for (mark, fact) in marks {
        while sentence.contains(mark) {
            let new = stand_in(&sentence, fact, items, language)?;
            sentence = sentence.replacen(mark, &new, 1);
        }
    }
    Some(sentence)
}

/// Another item for the place of one that is gone: "Nastar" or "Nastar Rp85.000" in a list.
fn stand_in(
    sentence: &str,
    fact: &Fact,
    items: &[DocumentItem],
    language: Language,
) -> Option<String> {
    let fits = |item: &&DocumentItem| fact.item && !item.sold_out && !sentence.contains(&item.name);
    let free = items.iter().find(fits)?;
    if fact.old.contains(" Rp") {
        Some(format!("{} {}", free.name, price_of(free, language)?))
    } else {
        Some(free.name.clone())
    }
}

/// Whether a text has these words as whole words.
fn holds(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| {
        let joins = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !joins(text[..at].chars().next_back()) && !joins(text[at + words.len()..].chars().next())
    })
}

fn changed(before: &Business, after: &Business, language: Language) -> Vec<Fact> {
    let labels = labels(language);
    let mut facts = Vec::new();
    change_items(before, after, language, &mut facts);
    let national = |business: &Business| {
        business.phone.as_deref().and_then(|phone| Phone::parse(phone).ok()).map(|p| p.national())
    };
    add(&mut facts, national(before), national(after));
    add(&mut facts, before.address.clone(), after.address.clone());
    if before.hours != after.hours {
        let old = hours_line(before, labels);
        let new = hours_line(after, labels).map(|line| within_a_sentence(line, labels));
        add(&mut facts, old.as_deref().map(lower), new.clone());
        add(&mut facts, old, new);
        let spans = shop::hours(before, labels).into_iter().flatten().flat_map(|row| row.spans);
        for span in spans.filter(|span| span.starts_with(|c: char| c.is_ascii_digit())) {
            let kept = hours_line(after, labels).is_some_and(|line| line.contains(&span));
            if !kept {
                facts.push(Fact { old: span, new: None, item: false });
            }
        }
    }
    facts
}

/// Longer words come before those they hold: "Nastar Rp85.000" before "Nastar" before "Rp85.000".
fn change_items(before: &Business, after: &Business, language: Language, facts: &mut Vec<Fact>) {
    let now = |item: &DocumentItem| {
        after.items.iter().find(|one| super::key(&one.name) == super::key(&item.name))
    };
    let mut gone = Vec::new();
    for item in &before.items {
        let told = |item: &DocumentItem| {
            price_of(item, language).map(|price| format!("{} {price}", item.name))
        };
        match now(item) {
            Some(kept) => add(facts, told(item), told(kept)),
            None => {
                let old = told(item);
                facts.extend(old.map(|old| Fact { old, new: None, item: true }));
                gone.push(Fact { old: item.name.clone(), new: None, item: true });
            }
        }
    }
    facts.append(&mut gone);
    let amounts = |business: &Business| -> Vec<i64> {
        business
            .items
            .iter()
            .flat_map(|item| [item.price_rupiah, item.price_to_rupiah])
            .flatten()
            .collect()
    };
    let (old, new) = (amounts(before), amounts(after));
    for amount in old.iter().filter(|amount| !new.contains(amount)) {
        facts.push(Fact { old: Rupiah(*amount).shown(language), new: None, item: false });
    }
}

fn add(facts: &mut Vec<Fact>, old: Option<String>, new: Option<String>) {
    if let Some(old) = old.filter(|old| !old.is_empty() && Some(old) != new.as_ref()) {
        facts.push(Fact { old, new, item: false });
    }
}

fn price_of(item: &DocumentItem, language: Language) -> Option<String> {
    let price = Price {
        from: Rupiah(item.price_rupiah?),
        to: item.price_to_rupiah.map(Rupiah),
        unit: item.unit.clone(),
        starts: item.price_starts,
    };
    Some(price.shown(language))
}

/// Days and times in one line, as the writer tells them; without the days it is closed.
fn hours_line(business: &Business, labels: &Labels) -> Option<String> {
    let rows = shop::hours(business, labels)?;
    if rows.is_empty() {
        return Some(labels.always_open.clone());
    }
    let open = rows.iter().filter(|row| row.is_open(labels));
    let lines: Vec<String> =
        open.map(|row| format!("{} {}", row.days, row.spans.join(", "))).collect();
    Some(lines.join(", "))
}

/// Names of days keep their capital; "setiap hari" has none inside a sentence.
fn within_a_sentence(line: String, labels: &Labels) -> String {
    let day = labels.days.iter().any(|day| line.starts_with(day.as_str()));
    if day { line } else { lower(&line) }
}

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
