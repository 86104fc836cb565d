//! The rules against phishing: nobody poses as a bank, wallet, marketplace or office, and no page asks
//! for what no shop needs.
//!
//! A shop may name all of them where it says how to pay or where to find it.

use super::super::brands::{Brand, brands};
use super::super::document::Document;
use super::{Fault, FaultKind};
use crate::brief::{Link, LinkKind};

/// Endings below which anybody can have a name.
const PUBLIC_ENDINGS: [&str; 9] =
    ["co.id", "or.id", "go.id", "web.id", "my.id", "ac.id", "biz.id", "com", "id"];

/// Faults of a document's names, words and links.
pub(super) fn check(document: &Document, faults: &mut Vec<Fault>) {
    let lines = written(document);
    if let Some((brand, why)) = posing(document, &lines) {
        put(faults, FaultKind::Impersonation, &brand.shown, why);
    }
    let all = brands();
    for line in &lines {
        for sentence in sentences(&all.readable(line)) {
            if let Some((brand, trap)) = trapped(&sentence) {
                put(faults, FaultKind::Impersonation, &brand.shown, format!("{trap}: {sentence}"));
            }
            if let Some(secret) = asked_for(&sentence) {
                put(faults, FaultKind::AsksSecrets, secret, sentence.clone());
            }
        }
    }
    for link in &document.business.links {
        if let Some(brand) = imitated_host(&link.url) {
            put(faults, FaultKind::LinkLookAlike, &brand.shown, link.url.clone());
        }
    }
}

fn put(faults: &mut Vec<Fault>, kind: FaultKind, about: &str, detail: String) {
    let known = faults.iter().any(|fault| fault.kind == kind && fault.about == about);
    if !known {
        faults.push(Fault { kind, about: about.to_owned(), detail });
    }
}

/// Everything written on the site, field by field, in every language.
fn written(document: &Document) -> Vec<String> {
    let business = &document.business;
    let mut lines = vec![business.name.clone(), business.trade_said.clone()];
    lines.extend([document.meta.title.clone(), document.meta.description.clone()]);
    for item in &business.items {
        lines.push(item.name.clone());
        lines.extend(item.note.clone());
    }
    for person in &business.people {
        lines.extend([person.name.clone(), person.role.clone()]);
    }
    for said in &business.testimonials {
        lines.extend([said.text.clone(), said.author.clone()]);
    }
    let mut words: Vec<_> = document
        .pages
        .iter()
        .flat_map(|page| {
            lines.push(page.title.clone());
            page.sections.iter().map(|section| &section.words)
        })
        .collect();
    for translation in &document.translations {
        lines.push(translation.trade_said.clone());
        lines.extend(translation.titles.values().cloned());
        let meta = translation.meta.iter().flat_map(|meta| [&meta.title, &meta.description]);
        lines.extend(meta.cloned());
        words.extend(translation.words.values());
    }
    for words in words {
        lines.extend([&words.heading, &words.lead, &words.action].map(Clone::clone));
        lines.extend(words.paragraphs.iter().cloned());
        for point in &words.points {
            lines.extend([point.title.clone(), point.text.clone()]);
        }
    }
    lines.retain(|line| !line.trim().is_empty());
    lines
}

/// The name a site poses under, and by what.
fn posing(document: &Document, lines: &[String]) -> Option<(&'static Brand, String)> {
    let all = brands();
    let name = words_of(&document.business.name);
    if let Some(brand) = all.is_named(&name) {
        return Some((brand, "the name is that of another".to_owned()));
    }
    if let Some(brand) = name.iter().find_map(|word| all.imitated(word)) {
        return Some((brand, "the name imitates another with other letters".to_owned()));
    }
    let headed = lines.iter().find_map(|line| {
        let words = words_of(line);
        all.is_named(&words).filter(|_| words.len() > 1)
    });
    let rare = all.like_words(&name);
    let common = name.iter().find_map(|word| all.like_common(word));
    let brand = rare.or(common).or(headed)?;
    let lures = all.lures.iter().filter(|_| rare.is_some() && !all.is_agent(&name));
    let text = lines.join("\n").to_lowercase();
    let bait = all.baits.iter().chain(lures).find(|word| holds(&text, word))?;
    Some((brand, format!("under that name the page says {bait:?}")))
}

/// A protected name and a trap in one sentence.
fn trapped(sentence: &str) -> Option<(&'static Brand, &'static str)> {
    let all = brands();
    let trap = all.traps.iter().find(|trap| holds(sentence, trap))?;
    if all.warning.iter().any(|word| holds(sentence, word)) {
        return None;
    }
    let words = words_of(sentence);
    let common = || words.iter().find_map(|word| all.like_common(word));
    let brand = all.like_words(&words).or_else(common)?;
    Some((brand, trap))
}

/// The secret a sentence asks for. Warnings and "tanpa password" ask for nothing.
fn asked_for(sentence: &str) -> Option<&'static str> {
    let all = brands();
    let warned = |text: &str| all.warning.iter().any(|word| holds(text, word));
    for clause in sentence.split([',', ';', ':']) {
        let asks = all.asking.iter().any(|word| holds(clause, word));
        let excused = if asks { warned(clause) } else { warned(sentence) };
        if excused {
            continue;
        }
        let secrets = all.secrets.iter().filter(|_| asks);
        let found = all.always.iter().chain(secrets).find(|word| demanded(clause, word));
        if let Some(secret) = found {
            return Some(secret);
        }
    }
    None
}

/// Whether a secret stands in a clause without an excuse right before it.
fn demanded(clause: &str, secret: &str) -> bool {
    places(clause, secret).any(|at| {
        let before = clause[..at].trim_end();
        !brands().excuses.iter().any(|excuse| {
            before.strip_suffix(excuse.as_str()).is_some_and(|rest| !ends_in_word(rest))
        })
    })
}

/// The protected name that a host imitates: a part of a longer one, or below somebody else's.
fn imitated_host(url: &str) -> Option<&'static Brand> {
    if Link::of_url(url).is_some_and(|link| link.kind != LinkKind::Website) {
        return None;
    }
    let url = url::Url::parse(url).ok()?;
    let host = url.host_str()?.trim_start_matches("www.");
    let own = PUBLIC_ENDINGS
        .iter()
        .find_map(|ending| host.strip_suffix(ending)?.strip_suffix('.'))
        .unwrap_or(host);
    let parts: Vec<&str> = host.split(['.', '-']).filter(|part| !part.is_empty()).collect();
    let brand = brands().like_words(&parts)?;
    let official = !own.contains(['.', '-']) && brand.is_spelled(own);
    (!official).then_some(brand)
}

fn words_of(text: &str) -> Vec<&str> {
    let edges = |c: char| !c.is_alphanumeric() && !matches!(c, '$' | '@' | '|' | '!');
    text.split(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '_' | '/' | '·' | '|' | ','))
        .map(|word| word.trim_matches(edges))
        .filter(|word| !word.is_empty())
        .collect()
}

fn sentences(text: &str) -> Vec<String> {
    text.split(['.', '!', '?', '\n'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Whether whole words stand in a text.
fn holds(text: &str, words: &str) -> bool {
    places(text, words).next().is_some()
}

fn places<'a>(text: &'a str, words: &'a str) -> impl Iterator<Item = usize> + 'a {
    let whole = move |(at, found): (usize, &str)| {
        let after = text[at + found.len()..].chars().next().is_some_and(char::is_alphanumeric);
        (!ends_in_word(&text[..at]) && !after).then_some(at)
    };
    text.match_indices(words).filter_map(whole)
}

fn ends_in_word(text: &str) -> bool {
    text.chars().next_back().is_some_and(char::is_alphanumeric)
}
