//! A document from outside: read, and refused in plain words when it is none.

use anyhow::{bail, ensure};
use serde_json::{Value, from_value};
use sitespark_core::plain::from_json;
use sitespark_core::site::check_bounds;
use sitespark_core::site::document::{Business, Design, Document, Meta, Page, SCHEMA};

/// Reads a document, which must be within the bounds that the chat keeps.
pub(crate) fn read(bytes: &[u8]) -> anyhow::Result<Document> {
    let Ok(value) = from_json::<Value>(bytes) else { bail!("this is no document: it is no JSON") };
    ensure!(value.is_object(), "this is no document: it is JSON, but no object");
    if value["schema"].as_u64().is_some_and(|schema| schema > u64::from(SCHEMA)) {
        bail!("the document was written by a newer version of this program");
    }
    let document: Document = match from_value(value.clone()) {
        Ok(document) => document,
        Err(error) => bail!("this is no document: {}", what_is_wrong(&value, &error)),
    };
    if let Err(why) = check_bounds(&document) {
        bail!("this document is not taken: {why}");
    }
    Ok(document)
}

/// The part that is missing or of another kind.
fn what_is_wrong(document: &Value, error: &serde_json::Error) -> String {
    let part = |name: &str| document[name].clone();
    let parts = [
        ("business", from_value::<Business>(part("business")).err()),
        ("meta", from_value::<Meta>(part("meta")).err()),
        ("design", from_value::<Design>(part("design")).err()),
        ("pages", from_value::<Vec<Page>>(part("pages")).err()),
    ];
    let absent = |name: &str| document.get(name).is_none();
    if let Some((name, _)) = parts.iter().find(|(name, _)| absent(name)) {
        return format!("the part {name} is missing");
    }
    let within = parts.into_iter().find_map(|(name, fault)| fault.map(|fault| (name, fault)));
    match within {
        Some((name, fault)) => in_words(&fault.to_string(), &format!(" in {name}")),
        None => in_words(&error.to_string(), ""),
    }
}

fn in_words(fault: &str, place: &str) -> String {
    let quoted = fault.split('`').nth(1).unwrap_or_default();
    if fault.starts_with("missing field") {
        return format!("{quoted} is missing{place}");
    }
    let expected = fault.rsplit_once("expected ").map(|(_, expected)| expected);
    match expected {
        Some(expected) => format!("something{place} is not {expected}"),
        None => format!("something{place} cannot be read"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Value {
        json!({ "schema": 1, "language": "id",
            "business": { "name": "Kopi Senja", "trade": "food", "trade_said": "",
                "items": [item("Americano", 15_000)], "phone": null, "address": null, "city": null,
                "hours": null, "email": null, "links": [], "photos": [] },
            "meta": { "title": "Kopi Senja", "description": "Kopi" },
            "design": { "theme": "x", "colour": "#884422", "seed": 1 }, "pages": [] })
    }

    fn item(name: &str, price: i64) -> Value {
        json!({ "name": name, "price_rupiah": price, "price_to_rupiah": null, "unit": null,
            "note": null, "photo": null })
    }

    fn refusal(document: &Value) -> String {
        read(document.to_string().as_bytes()).expect_err("it is refused").to_string()
    }

    #[test]
    fn what_is_missing_is_named() {
        assert!(read(document().to_string().as_bytes()).is_ok());
        let mut without = document();
        without.as_object_mut().unwrap().remove("meta");
        assert_eq!(refusal(&without), "this is no document: the part meta is missing");
        let mut without = document();
        without["business"].as_object_mut().unwrap().remove("items");
        assert_eq!(refusal(&without), "this is no document: items is missing in business");
        let mut wrong = document();
        wrong["business"]["name"] = json!(7);
        assert_eq!(refusal(&wrong), "this is no document: something in business is not a string");
        let mut newer = document();
        newer["schema"] = json!(99);
        assert!(refusal(&newer).contains("newer version"));
        for (text, why) in
            [("{", "it is no JSON"), ("[]", "no object"), ("{}", "business is missing")]
        {
            let told = read(text.as_bytes()).expect_err(text).to_string();
            assert!(told.contains(why), "{told}");
        }
    }

    #[test]
    fn more_than_the_chat_takes_is_refused() {
        let long = "x".repeat(81);
        let cases = [
            (json!({ "name": "x" }), "the business's name is not 2 to 60 characters"),
            (json!({ "name": "x".repeat(5_000) }), "the business's name is not 2 to 60 characters"),
            (json!({ "items": vec![item("sama", 1); 5_000] }), "it has 5000 items"),
            (json!({ "items": [item(&long, 1)] }), "an item's name is not 1 to 80 characters"),
            (json!({ "items": [item("a", -1)] }), "the price of a is not from 0"),
            (json!({ "items": [item("a", i64::MAX)] }), "the price of a is not from 0"),
        ];
        for (change, why) in cases {
            let mut document = document();
            for (name, value) in change.as_object().unwrap() {
                document["business"][name] = value.clone();
            }
            assert!(refusal(&document).contains(why), "{}", refusal(&document));
        }
    }

    #[test]
    fn control_characters_stay_outside() {
        let mut odd = document();
        odd["business"]["name"] = json!("Kopi\u{0} Senja\u{1b}");
        assert_eq!(read(odd.to_string().as_bytes()).unwrap().business.name, "Kopi Senja");
    }
}
