//! Structured data (JSON-LD): the facts of a business in the words of schema.org, nothing else.

use serde_json::{Map, Value, json};

use super::document::{Document, DocumentHours, DocumentItem};
use super::logo::logo;
use super::pictures::card_path;
use super::{proofs, shop, trades};

const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
/// More offers than this add bytes and nothing for search.
const OFFERS_AT_MOST: usize = 12;

/// The business as a LocalBusiness of the fitting type, with what it offers or without, and the page
/// that tells of it in its language.
pub(super) fn business(document: &Document, origin: &str, page: &str, offers: bool) -> Value {
    let business = &document.business;
    let mut data = Map::new();
    data.insert("@context".into(), json!("https://schema.org"));
    let (schema, also) = trades::schema_type(business);
    data.insert("@type".into(), json!(schema));
    if let Some(also) = also {
        data.insert("additionalType".into(), json!(format!("https://schema.org/{also}")));
    }
    data.insert("@id".into(), json!(format!("{origin}/#business")));
    data.insert("name".into(), json!(business.name));
    data.insert("url".into(), json!(format!("{origin}/")));
    data.insert("description".into(), json!(document.meta.description));
    data.insert("image".into(), json!([format!("{origin}{}", card_path(document))]));
    if logo(business).is_some() {
        data.insert("logo".into(), json!(format!("{origin}/icon-512.png")));
    }
    let language = super::compile::language_of(document).tag();
    let page = json!({ "@type": "WebPage", "@id": page, "inLanguage": language });
    data.insert("subjectOf".into(), page);
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
    let same: Vec<_> = proofs::elsewhere(business).into_iter().map(|link| link.href).collect();
    if !same.is_empty() {
        data.insert("sameAs".into(), json!(same));
    }
    let identifiers: Vec<_> = proofs::certificates(business)
        .iter()
        .map(|one| {
            json!({
                "@type": "PropertyValue",
                "propertyID": one.kind().label(),
                "value": one.number(),
            })
        })
        .collect();
    if !identifiers.is_empty() {
        data.insert("identifier".into(), Value::Array(identifiers));
    }
    if proofs::qris(business).is_some() {
        data.insert("paymentAccepted".into(), json!("QRIS"));
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

/// Opening hours in the shop's own time, as schema.org means them. Midnight at the end of a day is
/// written as its last minute: "00:00" would be its beginning.
fn hours(document: &Document) -> Vec<Value> {
    let Some(hours) = &document.business.hours else { return Vec::new() };
    if hours.always {
        return vec![span(DAYS.to_vec(), 0, LAST_MINUTE)];
    }
    spans(hours)
}

/// The last minute of a day.
const LAST_MINUTE: u16 = 23 * 60 + 59;

fn spans(hours: &DocumentHours) -> Vec<Value> {
    let named = |day: &u8| DAYS.get(usize::from(*day).checked_sub(1)?).copied();
    let told = hours.spans.iter().map(|one| {
        let days: Vec<&str> = one.days.iter().filter_map(named).collect();
        (days, one.opens_min, one.closes_min.min(LAST_MINUTE))
    });
    told.filter(|(days, opens, closes)| !days.is_empty() && opens != closes)
        .map(|(days, opens, closes)| span(days, opens, closes))
        .collect()
}

fn span(days: Vec<&str>, opens_min: u16, closes_min: u16) -> Value {
    let time = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    json!({
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": days,
        "opens": time(opens_min),
        "closes": time(closes_min),
    })
}

fn offer(item: &DocumentItem) -> Option<Value> {
    let price = item.price_rupiah.filter(|price| *price >= 0)?;
    let stock = if item.sold_out { "SoldOut" } else { "InStock" };
    let mut offer = Map::new();
    offer.insert("@type".into(), json!("Offer"));
    offer.insert("name".into(), json!(item.name));
    offer.insert("availability".into(), json!(format!("https://schema.org/{stock}")));
    match item.price_to_rupiah.filter(|to| *to > price) {
        Some(upper) => {
            let range = json!({
                "@type": "PriceSpecification",
                "priceCurrency": "IDR",
                "minPrice": price,
                "maxPrice": upper,
            });
            offer.insert("priceSpecification".into(), range);
        }
        // Search wants both ends of a range or the price itself; the page tells where it begins.
        None if item.price_starts => {}
        None => {
            offer.insert("price".into(), json!(price));
            offer.insert("priceCurrency".into(), json!("IDR"));
        }
    }
    Some(Value::Object(offer))
}

#[cfg(test)]
mod tests {
    use super::super::document::{DocumentCertificate, DocumentSpan};
    use super::super::sample;
    use super::*;

    const PAGE: &str = "http://kopi.localhost:8080/";

    fn data(document: &Document) -> Value {
        business(document, "http://kopi.localhost:8080", PAGE, true)
    }

    #[test]
    fn a_break_at_noon_is_two_spans_and_midnight_the_last_minute() {
        let mut document = sample::coffee();
        let span = |days: &[u8], opens_min, closes_min| DocumentSpan {
            days: days.to_vec(),
            opens_min,
            closes_min,
        };
        document.business.hours = Some(DocumentHours {
            always: false,
            spans: vec![span(&[5], 480, 690), span(&[5], 780, 1_440), span(&[6], 1_080, 120)],
        });
        let hours = data(&document)["openingHoursSpecification"].clone();
        let times: Vec<_> = hours
            .as_array()
            .unwrap()
            .iter()
            .map(|one| format!("{}-{}", one["opens"], one["closes"]).replace('"', ""))
            .collect();
        assert_eq!(times, ["08:00-11:30", "13:00-23:59", "18:00-02:00"]);
    }

    #[test]
    fn ranges_have_two_ends_and_exact_prices_one() {
        let offers = data(&sample::coffee())["makesOffer"].clone();
        let of = |name: &str| {
            let all = offers.as_array().unwrap();
            all.iter().find(|one| one["name"] == name).unwrap().clone()
        };
        assert_eq!(of("Kopi Tubruk")["price"], 10_000);
        let range = &of("Roti Bakar")["priceSpecification"];
        assert_eq!((&range["minPrice"], &range["maxPrice"]), (&json!(15_000), &json!(20_000)));
    }

    #[test]
    fn a_price_that_only_begins_somewhere_is_no_price_of_an_offer() {
        let mut document = sample::coffee();
        document.business.items.truncate(1);
        document.business.items[0].price_starts = true;
        document.business.items[0].price_to_rupiah = None;
        let offer = data(&document)["makesOffer"][0].clone();
        assert_eq!(offer["name"], document.business.items[0].name.as_str());
        assert!(offer.get("price").is_none() && offer.get("priceSpecification").is_none());
    }

    #[test]
    fn a_vet_is_a_local_business_that_cares_for_animals() {
        let mut document = sample::dentist();
        document.business.trade_said = "dokter hewan".to_owned();
        document.business.name = "Satwa".to_owned();
        let data = data(&document);
        assert_eq!(data["@type"], "LocalBusiness");
        assert_eq!(data["additionalType"], "https://schema.org/VeterinaryCare");
    }

    #[test]
    fn certificates_are_identifiers_and_the_page_tells_its_language() {
        let mut document = sample::coffee();
        document.business.certificates.push(DocumentCertificate {
            kind: "nib".to_owned(),
            number: "1234567890123".to_owned(),
        });
        document
            .business
            .certificates
            .push(DocumentCertificate { kind: "halal".to_owned(), number: "ya".to_owned() });
        let data = data(&document);
        assert_eq!(data["identifier"].as_array().map(Vec::len), Some(1));
        assert_eq!(data["identifier"][0]["value"], "1234567890123");
        assert_eq!(data["subjectOf"]["inLanguage"], "id");
    }
}
