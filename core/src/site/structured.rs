//! Structured data (JSON-LD): the facts of a business in the words of schema.org, nothing else.

use serde_json::{Map, Value, json};

use super::document::{Document, DocumentItem};
use super::pictures::card_path;
use super::shop;
use super::trades;

const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
/// More offers than this add bytes and nothing for search.
const OFFERS_AT_MOST: usize = 12;

/// The business as a LocalBusiness of the fitting type, with what it offers or without.
pub(super) fn business(document: &Document, origin: &str, offers: bool) -> Value {
    let business = &document.business;
    let mut data = Map::new();
    data.insert("@context".into(), json!("https://schema.org"));
    data.insert("@type".into(), json!(trades::schema_type(business)));
    data.insert("@id".into(), json!(format!("{origin}/#business")));
    data.insert("name".into(), json!(business.name));
    data.insert("url".into(), json!(format!("{origin}/")));
    data.insert("description".into(), json!(document.meta.description));
    data.insert("image".into(), json!([format!("{origin}{}", card_path(document))]));
    if let Some(phone) = shop::phone(business) {
        data.insert("telephone".into(), json!(phone));
    }
    if let Some(email) = &business.email {
        data.insert("email".into(), json!(email));
    }
    data.insert("address".into(), address(document));
    if let Some(map) = shop::map_link(business) {
        data.insert("hasMap".into(), json!(map));
    }
    let hours = hours(document);
    if !hours.is_empty() {
        data.insert("openingHoursSpecification".into(), Value::Array(hours));
    }
    let same: Vec<_> = shop::elsewhere(business).into_iter().map(|link| link.href).collect();
    if !same.is_empty() {
        data.insert("sameAs".into(), json!(same));
    }
    let offers: Vec<_> =
        business.items.iter().filter(|_| offers).filter_map(offer).take(OFFERS_AT_MOST).collect();
    if !offers.is_empty() {
        data.insert("makesOffer".into(), Value::Array(offers));
    }
    Value::Object(data)
}

fn address(document: &Document) -> Value {
    let mut address = Map::new();
    address.insert("@type".into(), json!("PostalAddress"));
    if let Some(street) = &document.business.address {
        address.insert("streetAddress".into(), json!(street));
    }
    if let Some(city) = &document.business.city {
        address.insert("addressLocality".into(), json!(city));
    }
    address.insert("addressCountry".into(), json!("ID"));
    Value::Object(address)
}

fn hours(document: &Document) -> Vec<Value> {
    let Some(hours) = &document.business.hours else { return Vec::new() };
    let spec = |days: Vec<&str>, opens: String, closes: String| {
        json!({
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": days,
            "opens": opens,
            "closes": closes,
        })
    };
    if hours.always {
        return vec![spec(DAYS.to_vec(), "00:00".into(), "23:59".into())];
    }
    let time = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let spans = hours.spans.iter().map(|span| {
        let days = span
            .days
            .iter()
            .filter_map(|day| DAYS.get(usize::from(*day).checked_sub(1)?).copied())
            .collect();
        spec(days, time(span.opens_min), time(span.closes_min.min(1439)))
    });
    spans.collect()
}

fn offer(item: &DocumentItem) -> Option<Value> {
    let price = item.price_rupiah.filter(|price| *price >= 0)?;
    let stock = if item.sold_out { "SoldOut" } else { "InStock" };
    Some(json!({
        "@type": "Offer",
        "name": item.name,
        "price": price,
        "priceCurrency": "IDR",
        "availability": format!("https://schema.org/{stock}"),
    }))
}
