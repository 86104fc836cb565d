//! What a brief holds, in words a file can claim.

use std::collections::BTreeMap;

use sitespark_core::brief::{Brief, Hours, Item, Rgb};

/// One fact of a brief; `None` for a key there is none of. What was not told is an empty text.
pub fn fact(brief: &Brief, key: &str) -> Option<String> {
    let contact = brief.contact.as_ref().map(|answer| answer.value.clone()).unwrap_or_default();
    let style = brief.style.as_ref().map(|answer| answer.value).unwrap_or_default();
    Some(match key {
        "trade" => brief.trade.as_ref().map_or("", |answer| answer.value.slug()).to_owned(),
        "trade-said" => brief.trade.as_ref().map_or_else(String::new, |told| told.said.clone()),
        "name" => brief.name.as_ref().map_or_else(String::new, |told| told.value.clone()),
        "audience" => brief.audience.as_ref().map_or_else(String::new, |told| told.value.clone()),
        "features" => {
            let told = brief.features.iter().flat_map(|answer| &answer.value);
            told.map(|feature| feature.slug()).collect::<Vec<_>>().join(" ")
        }
        "items" => brief.items.iter().map(item).collect::<Vec<_>>().join(", "),
        "tone" => style.tone.map_or("", |tone| tone.slug()).to_owned(),
        "colour" => style.colour.map(Rgb::to_hex).unwrap_or_default(),
        "phone" => contact.phone.map(|phone| phone.as_e164().to_owned()).unwrap_or_default(),
        "address" => contact.address.unwrap_or_default(),
        "city" => contact.city.unwrap_or_default(),
        "hours" => contact.hours.as_ref().map(hours).unwrap_or_default(),
        "email" => contact.email.map(|email| email.as_str().to_owned()).unwrap_or_default(),
        "links" => contact.links.iter().map(|link| link.url.clone()).collect::<Vec<_>>().join(" "),
        "photos" => brief.photos.len().to_string(),
        "logo" => if brief.logo.is_some() { "yes" } else { "" }.to_owned(),
        "notes" => brief.notes.join(", "),
        _ => return None,
    })
}

/// The claims that a brief does not bear out, each in a sentence. A colour is claimed by its name.
pub fn wrong_facts(brief: &Brief, claims: &BTreeMap<String, String>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (key, claim) in claims {
        let found = fact(brief, key);
        let colour = (key == "colour").then(|| Rgb::parse_name(claim).map(Rgb::to_hex)).flatten();
        let expected = colour.as_ref().unwrap_or(claim);
        if found.as_ref() != Some(expected) && !(key == "audience" && is_everybody(brief, claim)) {
            wrong.push(format!("{key} is {found:?}, not {expected:?}"));
        }
    }
    wrong
}

/// Whether everybody is meant, in the words of a claim: a brief names nobody then.
fn is_everybody(brief: &Brief, claim: &str) -> bool {
    brief.audience.as_ref().is_some_and(|told| told.value.is_empty() && told.said == claim)
}

/// "Tune up Rp350.000"; that a price is the lowest of several is left out.
fn item(item: &Item) -> String {
    match &item.price {
        Some(price) => format!("{} {}", item.name, price.to_string().trim_start_matches("mulai ")),
        None => item.name.clone(),
    }
}

/// "12345 08:00-17:00; 6 08:00-12:00", or "always".
fn hours(hours: &Hours) -> String {
    if hours.always {
        return "always".to_owned();
    }
    let spans = hours.spans.iter().map(|span| clock(&span.days, span.opens_min, span.closes_min));
    spans.collect::<Vec<_>>().join("; ")
}

/// "12345 08:00-17:00".
pub(super) fn clock(days: &[u8], opens_min: u16, closes_min: u16) -> String {
    let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let days: String = days.iter().map(u8::to_string).collect();
    format!("{days} {}-{}", time(opens_min), time(closes_min))
}
