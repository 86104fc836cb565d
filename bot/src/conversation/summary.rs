//! Answers in words, for the summary and for "noted: …".

use std::collections::BTreeSet;

use sitespark_core::brief::{
    Answer, Brief, Contact, Feature, Hours, Item, LinkKind, OpenSpan, Style, Trade,
};

use super::names;
use super::state::State;
use super::turn::Turn;

/// Most items named in a list.
const MAX_NAMED: usize = 8;
/// Longest single answer in a summary, in characters.
const MAX_LINE_CHARS: usize = 90;
/// Longest list of items, in characters; one item may be longer.
const MAX_ITEMS_CHARS: usize = 240;

/// All answers, a line each.
pub(crate) fn lines(brief: &Brief, turn: &Turn<'_>) -> String {
    let mut lines = Vec::new();
    let mut line = |key: &str, value: String| {
        if !value.is_empty() {
            lines.push(format!("{}: {value}", turn.plain(key, &[])));
        }
    };
    let told = |value: Option<String>| short(&value.unwrap_or_default());
    line("word-line-trade", told(brief.trade.as_ref().map(|found| trade(found, turn))));
    line("word-line-name", told(brief.name.as_ref().map(|found| found.value.clone())));
    let audience_said = brief.audience.as_ref().map(|found| audience(&found.value, turn));
    line("word-line-audience", told(audience_said));
    let features_said = brief.features.as_ref().map(|found| features(&found.value, turn));
    line("word-line-features", told(features_said));
    // Both are bounded in their parts, and half a price or half the hours would mislead.
    line("word-line-items", item_names(&brief.items, turn));
    line("word-line-style", told(brief.style.as_ref().map(|found| style(found, turn))));
    let contact = brief.contact.as_ref().map(|found| new_contact(None, &found.value, turn));
    line("word-line-contact", contact.unwrap_or_default().join(", "));
    let certificates: Vec<String> = brief.certificates.iter().map(ToString::to_string).collect();
    line("word-line-certificates", short(&certificates.join(", ")));
    if brief.second_language.is_some() {
        line("word-line-languages", turn.plain("word-two-languages", &[]));
    }
    if !brief.photos.is_empty() {
        line("word-line-photos", brief.photos.len().to_string());
    }
    if brief.logo.is_some() {
        line("word-line-logo", turn.plain("word-logo-there", &[]));
    }
    lines.join("\n")
}

pub(crate) fn short(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if one_line.chars().count() <= MAX_LINE_CHARS {
        return one_line;
    }
    let cut: String = one_line.chars().take(MAX_LINE_CHARS - 1).collect();
    format!("{}…", cut.trim_end())
}

pub(crate) fn trade(answer: &Answer<Trade>, turn: &Turn<'_>) -> String {
    if answer.said.trim().is_empty() {
        turn.plain(names::trade_label(answer.value), &[])
    } else {
        short(&answer.said)
    }
}

pub(crate) fn audience(value: &str, turn: &Turn<'_>) -> String {
    if value.is_empty() { turn.plain("label-audience-everyone", &[]) } else { short(value) }
}

pub(crate) fn features(value: &BTreeSet<Feature>, turn: &Turn<'_>) -> String {
    let named: Vec<String> = Feature::ALL
        .into_iter()
        .filter(|feature| value.contains(feature))
        .map(|feature| turn.plain(names::feature_label(feature), &[]))
        .collect();
    named.join(", ")
}

/// Items with their prices, as many as a summary has room for; never half a price.
pub(crate) fn item_names(items: &[Item], turn: &Turn<'_>) -> String {
    let told = |item: &Item| match &item.price {
        Some(price) => format!("{} {}", item.name, price.shown(turn.language)),
        None => item.name.clone(),
    };
    let mut named: Vec<String> = Vec::new();
    let mut chars = 0;
    for item in items.iter().take(MAX_NAMED).map(told) {
        chars += item.chars().count() + 2;
        if chars > MAX_ITEMS_CHARS && !named.is_empty() {
            break;
        }
        named.push(item);
    }
    if items.len() > named.len() {
        let more = i64::try_from(items.len() - named.len()).unwrap_or(i64::MAX);
        named.push(turn.plain("word-and-more", &[("count", more.into())]));
    }
    named.join(", ")
}

pub(crate) fn style(answer: &Answer<Style>, turn: &Turn<'_>) -> String {
    if answer.value == Style::default() || answer.said.trim().is_empty() {
        turn.plain("word-style-ours", &[])
    } else {
        short(&answer.said)
    }
}

/// The parts of a contact that differ from what was known.
pub(crate) fn new_contact(old: Option<&Contact>, new: &Contact, turn: &Turn<'_>) -> Vec<String> {
    let blank = Contact::default();
    let old = old.unwrap_or(&blank);
    let mut parts = Vec::new();
    if let Some(phone) = new.phone.as_ref().filter(|_| old.phone != new.phone) {
        let line = phone.as_e164().starts_with("+62") && !phone.as_e164().starts_with("+628");
        let kind = turn.plain(if line { "word-landline" } else { "word-whatsapp" }, &[]);
        parts.push(format!("{kind} {}", phone.national()));
    }
    if let Some(address) = new.address.as_ref().filter(|_| old.address != new.address) {
        parts.push(short(address));
    }
    let told = new.address.as_deref().unwrap_or("");
    if let Some(city) =
        new.city.as_ref().filter(|city| old.city != new.city && !told.contains(*city))
    {
        parts.push(city.clone());
    }
    if let Some(hours_now) = new.hours.as_ref().filter(|_| old.hours != new.hours) {
        parts.push(turn.plain("word-open", &[("hours", hours(hours_now, turn).into())]));
    }
    if let Some(zone) = new.time_zone.filter(|_| old.time_zone != new.time_zone) {
        parts.push(zone.label().to_owned());
    }
    if let Some(email) = new.email.as_ref().filter(|_| old.email != new.email) {
        parts.push(email.as_str().to_owned());
    }
    for link in new.links.iter().filter(|link| !old.links.contains(link)) {
        let place = link.kind == LinkKind::Maps;
        parts.push(if place { turn.plain("word-place", &[]) } else { page(&link.url) });
    }
    parts
}

/// An address as people say it: "instagram.com/kopi.senja".
pub(crate) fn page(url: &str) -> String {
    let bare = url.trim_start_matches("https://").trim_start_matches("www.");
    bare.trim_end_matches('/').to_owned()
}

/// "Sen–Sab 08.00–17.00".
pub(crate) fn hours(hours: &Hours, turn: &Turn<'_>) -> String {
    if hours.always {
        return turn.plain("word-always-open", &[]);
    }
    let spans: Vec<String> = hours.spans.iter().map(|one| span(one, turn)).collect();
    spans.join(", ")
}

fn span(span: &OpenSpan, turn: &Turn<'_>) -> String {
    let times = format!("{}–{}", clock(span.opens_min), clock(span.closes_min));
    format!("{} {times}", days(&span.days, turn))
}

/// "08.00".
pub(crate) fn clock(minute: u16) -> String {
    format!("{:02}.{:02}", minute / 60, minute % 60)
}

/// "Sen–Sab", "setiap hari".
pub(crate) fn days(all: &[u8], turn: &Turn<'_>) -> String {
    if all.len() == names::DAYS.len() {
        return turn.plain("word-every-day", &[]);
    }
    let day = |number: u8| {
        let at = usize::from(number.saturating_sub(1)).min(names::DAYS.len() - 1);
        turn.plain(names::DAYS[at], &[])
    };
    let run = all.windows(2).all(|pair| pair[1] == pair[0] + 1) && all.len() > 2;
    match (all.first(), all.last()) {
        (Some(first), Some(last)) if run => format!("{}–{}", day(*first), day(*last)),
        (Some(_) | None, Some(_) | None) => {
            all.iter().map(|number| day(*number)).collect::<Vec<_>>().join(", ")
        }
    }
}

/// Whether enough is told that a draft shows something of its own.
pub(crate) fn is_worth_seeing(state: &State) -> bool {
    /// Answers before which every draft looks alike.
    const ENOUGH: usize = 2;
    let told = |brief: &Brief| {
        let answers = [
            brief.trade.is_some(),
            brief.name.is_some(),
            brief.audience.is_some(),
            brief.features.is_some(),
            brief.style.is_some(),
            brief.contact.is_some(),
        ];
        answers.into_iter().filter(|told| *told).count() >= ENOUGH
    };
    match state {
        State::Welcome => false,
        State::Collecting(open) => told(&open.brief),
        State::Confirming(open) => told(&open.brief),
        // There is more to see than a draft.
        State::Generating(_) | State::Reviewing(_) | State::Refining(_) | State::Complete(_) => {
            true
        }
    }
}
