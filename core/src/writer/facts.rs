//! The fact check: which sentences of somebody else's copy say what the brief does not.
//!
//! Must never pass a number, price, claim, name or link that the owner did not give.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::brief::{Brief, Email, Link, Phone, Rupiah, find_prices, folded_words};
use crate::site::document::Words;

/// Most sentences that are looked at; copy with more is refused in whole by the caller's limits.
const MAX_SENTENCES: usize = 400;
/// Words in quotation marks from which they count as somebody's speech.
const MIN_QUOTED_WORDS: usize = 3;
/// Longest claim phrase, in words.
const MAX_PHRASE_WORDS: usize = 4;

#[derive(Deserialize)]
struct Claims {
    claims: HashSet<String>,
    numbers: HashSet<String>,
    counted: HashSet<String>,
    titles: HashSet<String>,
    common: HashSet<String>,
    days: HashSet<String>,
    towns: HashSet<String>,
    persons: HashSet<String>,
    dated: HashSet<String>,
}

static CLAIMS: LazyLock<Claims> = LazyLock::new(|| {
    toml::from_str(include_str!("claims.toml")).expect("every test of facts reads this file")
});

/// The sentences that hold something the brief does not: numbers, prices, years, phones, links,
/// certificates, superlatives, promises, quotes, names, markup, instructions.
pub fn unproven(words: &Words, brief: &Brief) -> Vec<String> {
    let known = Known::of(brief);
    let titles = words.points.iter().map(|point| &point.title);
    let short = [&words.heading, &words.action].into_iter().chain(titles);
    let bodies = words.points.iter().map(|point| &point.text).chain(&words.paragraphs);
    let long = [&words.lead].into_iter().chain(bodies);
    let mut found: Vec<String> = Vec::new();
    for text in short.chain(long) {
        for sentence in sentences(text) {
            if found.len() < MAX_SENTENCES && !known.proves(sentence) {
                found.push(sentence.to_owned());
            }
        }
    }
    found
}

/// Everything the owner said, ready to be compared with.
struct Known {
    /// All of it as folded words with single spaces, with a space at both ends.
    spoken: String,
    words: HashSet<String>,
    amounts: HashSet<Rupiah>,
    numbers: HashSet<String>,
    phone: Option<String>,
    links: Vec<String>,
    email: Option<String>,
    has_hours: bool,
    always: bool,
    daily: bool,
}

impl Known {
    fn of(brief: &Brief) -> Self {
        let texts = texts_of(brief);
        let said = texts.join("\n");
        let folded: Vec<String> = texts.iter().flat_map(|text| folded(text)).collect();
        let contact = brief.contact.as_ref().map(|answer| &answer.value);
        let hours = contact.and_then(|contact| contact.hours.as_ref());
        let mut amounts: HashSet<Rupiah> = find_prices(&said)
            .into_iter()
            .flat_map(|f| [Some(f.value.from), f.value.to])
            .flatten()
            .collect();
        for price in brief.items.iter().filter_map(|item| item.price.as_ref()) {
            amounts.extend([Some(price.from), price.to].into_iter().flatten());
        }
        let mut numbers: HashSet<String> = digit_groups(&said).collect();
        for span in hours.iter().flat_map(|hours| &hours.spans) {
            for min in [span.opens_min, span.closes_min] {
                numbers.extend([min / 60, min % 60, (min / 60) % 12].map(|part| part.to_string()));
                if min / 60 == 12 || min / 60 == 24 || min == 0 {
                    numbers.insert("12".to_owned());
                }
            }
        }
        Self {
            spoken: format!(" {} ", folded.join(" ")),
            words: folded.into_iter().collect(),
            amounts,
            numbers,
            phone: contact.and_then(|c| c.phone.as_ref()).map(|phone| phone.as_e164().to_owned()),
            links: contact
                .map(|c| c.links.iter().map(|link| link.url.clone()).collect())
                .unwrap_or_default(),
            email: contact.and_then(|c| c.email.as_ref()).map(|email| email.as_str().to_owned()),
            has_hours: hours.is_some(),
            always: hours.is_some_and(|hours| hours.always),
            daily: hours.is_some_and(|hours| {
                hours.always || hours.spans.iter().any(|span| span.days.len() == 7)
            }),
        }
    }

    fn proves(&self, sentence: &str) -> bool {
        !has_markup(sentence)
            && self.proves_addresses(sentence)
            && self.proves_numbers(sentence)
            && self.proves_claims(sentence)
            && self.proves_quotes(sentence)
            && self.proves_names(sentence)
    }

    /// Links and e-mail addresses are the owner's own.
    fn proves_addresses(&self, sentence: &str) -> bool {
        let lower = sentence.to_lowercase();
        let links = Link::find_all(sentence);
        let loose = (lower.contains("://") || lower.contains("www.")) && links.is_empty();
        let own_links = links.iter().all(|link| self.links.contains(&link.url));
        let mail = Email::parse(sentence);
        let own_mail = mail.is_none_or(|mail| self.email.as_deref() == Some(mail.as_str()));
        let handle = lower.split_whitespace().any(|word| word.starts_with('@'));
        !loose && own_links && own_mail && (!handle || !links.is_empty())
    }

    /// Prices and phones by value, every other number by its digits.
    fn proves_numbers(&self, sentence: &str) -> bool {
        let mut rest = sentence.to_owned();
        for found in find_prices(sentence) {
            let both = [Some(found.value.from), found.value.to];
            if !both.into_iter().flatten().all(|amount| self.amounts.contains(&amount)) {
                return false;
            }
            blank(&mut rest, found.range);
        }
        while let Some((phone, range)) = Phone::find(&rest) {
            if self.phone.as_deref() != Some(phone.as_e164()) {
                return false;
            }
            blank(&mut rest, range);
        }
        let percent = rest.match_indices('%').any(|(at, _)| {
            let group = digit_groups(&rest[..at]).last().unwrap_or_default();
            !self.spoken.contains(&format!(" {group} persen "))
                && !self.spoken.contains(&format!(" {group} percent "))
        });
        let said = |count: &[String]| self.spoken.contains(&format!(" {} ", count.join(" ")));
        let counted = counts(&folded(&rest)).into_iter().all(said);
        !percent && counted && digit_groups(&rest).all(|group| self.numbers.contains(&group))
    }

    /// Claim phrases and counted things stand in the owner's words too.
    fn proves_claims(&self, sentence: &str) -> bool {
        let all = folded(sentence);
        let said = |phrase: &str| self.spoken.contains(&format!(" {phrase} "));
        let allowed = |phrase: &str| {
            let by_hours = match phrase {
                "24 jam" | "24 7" => self.always,
                "every day" | "daily" | "setiap hari" | "tiap hari" | "all week" => self.daily,
                _ => false,
            };
            by_hours || said(phrase)
        };
        for from in 0..all.len() {
            for len in 1..=MAX_PHRASE_WORDS.min(all.len() - from) {
                let phrase = all[from..from + len].join(" ");
                if CLAIMS.claims.contains(&phrase) && !allowed(&phrase) {
                    return false;
                }
            }
        }
        !sentence.contains("#1") || said("1")
    }

    /// Nobody is quoted but the owner.
    fn proves_quotes(&self, sentence: &str) -> bool {
        let marks = ['"', '“', '”', '„', '«', '»'];
        let parts: Vec<&str> = sentence.split(marks).collect();
        let inner = parts.iter().skip(1);
        inner.step_by(2).all(|quoted| {
            let words = folded(quoted);
            words.len() < MIN_QUOTED_WORDS
                || self.spoken.contains(&format!(" {} ", words.join(" ")))
        })
    }

    /// Capitalised words inside a sentence, persons with titles and towns are the owner's.
    fn proves_names(&self, sentence: &str) -> bool {
        let tokens: Vec<&str> = sentence.split_whitespace().collect();
        let capital =
            |word: &str| word.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_uppercase);
        let capitals = tokens.iter().filter(|word| capital(word)).count();
        // In a heading in title case capitals say nothing.
        let title_case = tokens.len() > 1 && capitals * 3 >= tokens.len() * 2;
        let mut opens = true;
        for (at, token) in tokens.iter().enumerate() {
            let titled = at > 0 && CLAIMS.titles.contains(&bare(tokens[at - 1]));
            let word = bare(token);
            let known = CLAIMS.towns.contains(&word) || CLAIMS.persons.contains(&word);
            let names = titled || known || !(opens || title_case);
            if capital(token) && names && !self.knows(token) {
                return false;
            }
            opens = token.ends_with([':', '–', '—', '(', '“', '"']);
        }
        true
    }

    /// Whether every part of a capitalised word may stand there; digits were compared already.
    fn knows(&self, token: &str) -> bool {
        folded(token).iter().all(|part| {
            self.words.contains(part)
                || CLAIMS.common.contains(part)
                || part.chars().any(char::is_numeric)
                || (self.has_hours && CLAIMS.days.contains(part))
        })
    }
}

/// The runs of words that count something: "tiga puluh tahun", "85 persen", "sejak 2010". A number in
/// several words counts by itself.
fn counts(words: &[String]) -> Vec<&[String]> {
    let number =
        |word: &String| CLAIMS.numbers.contains(word) || word.chars().all(|c| c.is_ascii_digit());
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let end = at + words[at..].iter().take_while(|word| number(word)).count();
        if end == at {
            at += 1;
            continue;
        }
        let spelled = words[at..end].iter().filter(|word| CLAIMS.numbers.contains(*word)).count();
        let counted = words.get(end).is_some_and(|word| CLAIMS.counted.contains(word));
        let dated = at > 0 && CLAIMS.dated.contains(&words[at - 1]);
        if dated {
            found.push(&words[at - 1..end]);
        }
        if counted {
            found.push(&words[at..=end]);
        } else if spelled > 1 {
            found.push(&words[at..end]);
        }
        at = end;
    }
    found
}

/// Every text an owner gave, typed values in the form they are read back from.
fn texts_of(brief: &Brief) -> Vec<String> {
    let mut texts: Vec<String> = brief.notes.clone();
    let mut answer = |value: Option<&str>, said: Option<&str>| {
        texts.extend([value, said].into_iter().flatten().map(str::to_owned));
    };
    answer(None, brief.trade.as_ref().map(|a| a.said.as_str()));
    answer(brief.name.as_ref().map(|a| a.value.as_str()), None);
    answer(
        brief.audience.as_ref().map(|a| a.value.as_str()),
        brief.audience.as_ref().map(|a| a.said.as_str()),
    );
    answer(None, brief.features.as_ref().map(|a| a.said.as_str()));
    if let Some(contact) = &brief.contact {
        answer(contact.value.address.as_deref(), contact.value.city.as_deref());
        answer(None, Some(&contact.said));
    }
    for item in &brief.items {
        answer(Some(&item.name), item.note.as_deref());
        answer(item.price.as_ref().and_then(|price| price.unit.as_deref()), None);
    }
    for photo in &brief.photos {
        answer(photo.caption.as_deref(), None);
    }
    texts
}

/// Cuts a text after sentence marks that are followed by a space and at line ends.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut cuts = Vec::new();
    let mut from = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let head = bare(text[from..at].split_whitespace().last().unwrap_or_default());
        let short_form = c == '.'
            && matches!(
                head.as_str(),
                "jl" | "jln"
                    | "no"
                    | "dr"
                    | "drg"
                    | "rp"
                    | "st"
                    | "hj"
                    | "h"
                    | "mr"
                    | "mrs"
                    | "ms"
                    | "gg"
                    | "kec"
                    | "kab"
                    | "prof"
            );
        let ends = matches!(c, '.' | '!' | '?' | '…') && next.is_none_or(char::is_whitespace);
        if c == '\n' || (ends && !short_form) {
            cuts.push(&text[from..at + c.len_utf8()]);
            from = at + c.len_utf8();
        }
    }
    cuts.push(&text[from..]);
    cuts.into_iter().map(str::trim).filter(|sentence| !sentence.is_empty())
}

fn has_markup(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    sentence.contains(['<', '>', '`', '{', '}', '\\', '|'])
        || ["](", "**", "__", "&#", "&lt", "&gt", "&amp", "&quot", "javascript:", "data:", "```"]
            .into_iter()
            .any(|mark| lower.contains(mark))
        || sentence.chars().any(|c| {
            c.is_control()
                || ('\u{200b}'..='\u{200f}').contains(&c)
                || ('\u{202a}'..='\u{202e}').contains(&c)
        })
}

/// Runs of digits without leading zeros.
fn digit_groups(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_numeric()).filter(|group| !group.is_empty()).map(|group| {
        let short = group.trim_start_matches('0');
        if short.is_empty() { "0".to_owned() } else { short.to_owned() }
    })
}

/// Overwrites bytes with spaces; the range must lie on character borders.
fn blank(text: &mut String, range: std::ops::Range<usize>) {
    let spaces = " ".repeat(range.len());
    text.replace_range(range, &spaces);
}

fn folded(text: &str) -> Vec<String> {
    folded_words(&text.replace("'s", " ").replace("’s", " ").replace('%', " persen "))
}

/// A word without the marks around it and without an English genitive, in lower case.
fn bare(token: &str) -> String {
    let word = token.trim_matches(|c: char| !c.is_alphanumeric());
    let word = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
    folded(word).concat()
}

#[cfg(test)]
#[path = "facts_tests.rs"]
mod tests;
