//! What no site of this house may be for: rules over words, always on, before anything is paid.
//!
//! Must never ask anybody: the rules are data in `rules.toml`, and a service that judges too
//! ([`crate::llm::Moderator`]) only adds to them. Must never tell more than the kind of what was
//! found.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::brief::{Brief, folded_words};
use crate::site::document::Document;

/// Most words of one text that are looked at; longer ones are bounded before they come here.
const MAX_WORDS: usize = 4_000;

/// What a site may not be for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, thiserror::Error,
)]
#[serde(rename_all = "snake_case")]
#[error("{}", self.reason())]
pub enum Forbidden {
    /// Sexual services and pornography.
    Sexual,
    /// Gambling for money.
    Gambling,
    /// Firearms, ammunition, explosives.
    Weapons,
    /// Narcotics and medicine that may not be sold like this.
    Drugs,
    /// Hate against groups of people.
    Hate,
    /// Fraud: loan sharks, Ponzi schemes, forged papers, break-ins.
    Scam,
    /// Copies sold as brands, untaxed tobacco.
    Counterfeit,
    /// Whatever else the law forbids, as a service judged it.
    Illicit,
}

impl Forbidden {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Sexual,
        Self::Gambling,
        Self::Weapons,
        Self::Drugs,
        Self::Hate,
        Self::Scam,
        Self::Counterfeit,
        Self::Illicit,
    ];

    /// The stable name.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Sexual => "sexual",
            Self::Gambling => "gambling",
            Self::Weapons => "weapons",
            Self::Drugs => "drugs",
            Self::Hate => "hate",
            Self::Scam => "scam",
            Self::Counterfeit => "counterfeit",
            Self::Illicit => "illicit",
        }
    }

    /// The name among other reasons why something came to nothing.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Sexual => "forbidden_sexual",
            Self::Gambling => "forbidden_gambling",
            Self::Weapons => "forbidden_weapons",
            Self::Drugs => "forbidden_drugs",
            Self::Hate => "forbidden_hate",
            Self::Scam => "forbidden_scam",
            Self::Counterfeit => "forbidden_counterfeit",
            Self::Illicit => "forbidden_illicit",
        }
    }

    /// The kind of a reason; `None` when it is another reason.
    pub fn from_reason(reason: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.reason() == reason)
    }
}

/// Looks at everything an owner said about the business.
///
/// # Errors
/// With the first kind that is found.
pub fn check_brief(brief: &Brief) -> Result<(), Forbidden> {
    texts_of_brief(brief).into_iter().try_for_each(check_text)
}

/// Looks at everything a site says.
///
/// # Errors
/// With the first kind that is found.
pub fn check_document(document: &Document) -> Result<(), Forbidden> {
    texts_of_document(document).into_iter().try_for_each(check_text)
}

/// What a service that judges is shown of a brief.
pub(crate) fn told(brief: &Brief) -> String {
    texts_of_brief(brief).join("\n")
}

fn texts_of_brief(brief: &Brief) -> Vec<&str> {
    let mut texts: Vec<&str> = Vec::new();
    texts.extend(brief.trade.as_ref().map(|answer| answer.said.as_str()));
    texts.extend(brief.name.as_ref().map(|answer| answer.value.as_str()));
    if let Some(audience) = &brief.audience {
        texts.extend([audience.value.as_str(), audience.said.as_str()]);
    }
    for item in &brief.items {
        texts.push(&item.name);
        texts.extend(item.note.as_deref());
    }
    texts.extend(brief.notes.iter().map(String::as_str));
    texts.extend(brief.photos.iter().filter_map(|photo| photo.caption.as_deref()));
    texts
}

fn texts_of_document(document: &Document) -> Vec<&str> {
    let business = &document.business;
    let mut texts: Vec<&str> = vec![&business.name, &business.trade_said];
    texts.extend([document.meta.title.as_str(), document.meta.description.as_str()]);
    for item in &business.items {
        texts.push(&item.name);
        texts.extend(item.note.as_deref());
    }
    texts.extend(business.photos.iter().map(|photo| photo.alt.as_str()));
    texts.extend(business.people.iter().flat_map(|one| [one.name.as_str(), one.role.as_str()]));
    texts.extend(
        business.testimonials.iter().flat_map(|one| [one.text.as_str(), one.author.as_str()]),
    );
    for section in document.pages.iter().flat_map(|page| &page.sections) {
        let words = &section.words;
        texts.extend([words.heading.as_str(), words.lead.as_str(), words.action.as_str()]);
        texts.extend(words.paragraphs.iter().map(String::as_str));
        for point in &words.points {
            texts.extend([point.title.as_str(), point.text.as_str()]);
        }
    }
    texts
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    kind: Forbidden,
    /// Any of these is a hit.
    phrases: Vec<String>,
    /// No hit where one of these covers it.
    #[serde(default)]
    unless: Vec<String>,
}

#[derive(Deserialize)]
struct RuleFile {
    rule: Vec<Rule>,
}

/// Phrases as words, by their first word.
struct Phrases(BTreeMap<String, Vec<Vec<String>>>);

impl Phrases {
    fn of(list: &[String]) -> Self {
        let mut by_first: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
        for phrase in list {
            let words = folded_words(phrase);
            if let Some(first) = words.first() {
                by_first.entry(first.clone()).or_default().push(words);
            }
        }
        Self(by_first)
    }

    /// The ranges of words at which a phrase stands.
    fn found(&self, words: &[String]) -> Vec<std::ops::Range<usize>> {
        let mut ranges = Vec::new();
        for (at, word) in words.iter().enumerate() {
            for phrase in self.0.get(word).into_iter().flatten() {
                if words[at..].starts_with(phrase) {
                    ranges.push(at..at + phrase.len());
                }
            }
        }
        ranges
    }
}

struct Matcher {
    kind: Forbidden,
    phrases: Phrases,
    unless: Phrases,
}

static RULES: LazyLock<Vec<Matcher>> = LazyLock::new(|| {
    let file: RuleFile = toml::from_str(include_str!("rules.toml"))
        .expect("every test of the rules reads this file");
    let matcher = |rule: Rule| Matcher {
        kind: rule.kind,
        phrases: Phrases::of(&rule.phrases),
        unless: Phrases::of(&rule.unless),
    };
    file.rule.into_iter().map(matcher).collect()
});

fn check_text(text: &str) -> Result<(), Forbidden> {
    let mut plain = folded_words(text);
    plain.truncate(MAX_WORDS);
    let disguised: Vec<String> = plain.iter().map(|word| undisguised(word)).collect();
    let found = |rule: &&Matcher| hits(rule, &plain) || hits(rule, &disguised);
    match RULES.iter().find(found) {
        Some(rule) => Err(rule.kind),
        None => Ok(()),
    }
}

fn hits(rule: &Matcher, words: &[String]) -> bool {
    let spared = rule.unless.found(words);
    rule.phrases.found(words).into_iter().any(|hit| {
        let covers =
            |range: &std::ops::Range<usize>| range.start < hit.end && hit.start < range.end;
        !spared.iter().any(covers)
    })
}

/// A word with digits in the place of letters ("sl0t", "jud1") as it is read.
fn undisguised(word: &str) -> String {
    let mixed = word.chars().any(|c| c.is_ascii_digit()) && word.chars().any(char::is_alphabetic);
    if !mixed {
        return word.to_owned();
    }
    let read = |c: char| match c {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '7' => 't',
        other => other,
    };
    word.chars().map(read).collect()
}

#[cfg(test)]
mod tests;
