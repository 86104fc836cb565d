//! What a live site shows, in words a file can claim.

use std::collections::BTreeMap;

use sitespark_core::brief::Rgb;
use sitespark_core::site::document::{Document, DocumentHours, DocumentItem, Section};

use super::facts::clock;

/// One fact of a site's home page; `None` for a key there is none of. What is not there is an empty
/// text.
fn live_fact(document: &Document, key: &str) -> Option<String> {
    let business = &document.business;
    let sections = document.pages.first().map_or(&[][..], |page| &page.sections);
    let heading = |kind: &str| {
        sections
            .iter()
            .find(|section| section.kind.slug() == kind)
            .map_or_else(String::new, |section| section.words.heading.clone())
    };
    Some(match key {
        "name" => business.name.clone(),
        "items" => business.items.iter().map(item).collect::<Vec<_>>().join(", "),
        "phone" => business.phone.clone().unwrap_or_default(),
        "address" => business.address.clone().unwrap_or_default(),
        "city" => business.city.clone().unwrap_or_default(),
        "hours" => business.hours.as_ref().map(hours).unwrap_or_default(),
        "email" => business.email.clone().unwrap_or_default(),
        "links" => business.links.iter().map(|link| link.url.clone()).collect::<Vec<_>>().join(" "),
        "photos" => business.photos.len().to_string(),
        "logo" => if business.logo.is_some() { "yes" } else { "" }.to_owned(),
        "colour" => document.design.colour.clone(),
        "language" => document.language.clone(),
        "languages" => {
            let others = document.translations.iter().map(|one| one.language.clone());
            others.collect::<Vec<_>>().join(" ")
        }
        "shown" => kinds(sections, |section| !section.hidden),
        "hidden" => kinds(sections, |section| section.hidden),
        "locked" => kinds(sections, |section| section.locked),
        "people" => {
            let people = business.people.iter().map(|one| match one.role.as_str() {
                "" => one.name.clone(),
                role => format!("{} ({role})", one.name),
            });
            people.collect::<Vec<_>>().join(", ")
        }
        "testimonials" => {
            let told = business.testimonials.iter().map(|one| match one.author.as_str() {
                "" => one.text.clone(),
                author => format!("{} – {author}", one.text),
            });
            told.collect::<Vec<_>>().join("; ")
        }
        other => heading(other.strip_prefix("heading-")?),
    })
}

/// The claims that a site does not bear out, each in a sentence. A colour is claimed by its name.
pub fn wrong_live_facts(document: &Document, claims: &BTreeMap<String, String>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (key, claim) in claims {
        let found = live_fact(document, key);
        let colour = (key == "colour").then(|| Rgb::parse_name(claim).map(Rgb::to_hex)).flatten();
        let expected = colour.as_ref().unwrap_or(claim);
        if found.as_ref() != Some(expected) {
            wrong.push(format!("live {key} is {found:?}, not {expected:?}"));
        }
    }
    wrong
}

fn kinds(sections: &[Section], wanted: impl Fn(&Section) -> bool) -> String {
    let slugs = sections.iter().filter(|one| wanted(one)).map(|one| one.kind.slug());
    slugs.collect::<Vec<_>>().join(" ")
}

/// "Nastar 85000/toples", "Bolu 50000-75000", "Lapis (sold out)", "Nastar 85000 [halal]".
fn item(item: &DocumentItem) -> String {
    let mut told = item.name.clone();
    if let Some(price) = item.price_rupiah {
        told.push_str(&format!(" {price}"));
    }
    if let Some(to) = item.price_to_rupiah {
        told.push_str(&format!("-{to}"));
    }
    if let Some(unit) = &item.unit {
        told.push_str(&format!("/{unit}"));
    }
    if let Some(note) = &item.note {
        told.push_str(&format!(" [{note}]"));
    }
    if item.sold_out {
        told.push_str(" (sold out)");
    }
    told
}

fn hours(hours: &DocumentHours) -> String {
    if hours.always {
        return "always".to_owned();
    }
    let spans = hours.spans.iter().map(|span| clock(&span.days, span.opens_min, span.closes_min));
    spans.collect::<Vec<_>>().join("; ")
}
