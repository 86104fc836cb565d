//! Text from outside as we keep it: without control characters, which nobody types, no page shows and
//! PostgreSQL does not store. Whatever parses what comes in goes through here.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde_json::Value;

/// What keeps lines and columns apart.
const KEPT: [char; 2] = ['\n', '\t'];
/// How JSON begins to spell a control character.
const SPELLINGS: [&[u8]; 4] = [b"\\u00", b"\\b", b"\\f", b"\\r"];

/// The text without control characters but line feeds and tabs.
pub fn plain(text: &str) -> Cow<'_, str> {
    without(text, |sign| sign.is_ascii_control() && sign != '\u{7f}' && !KEPT.contains(&sign))
}

/// Reads JSON from outside; every text in it is plain.
///
/// # Errors
/// When it is no JSON, or not of the wanted shape.
pub fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> serde_json::Result<T> {
    let spells = |how: &[u8]| bytes.windows(how.len()).any(|part| part == how);
    if !SPELLINGS.iter().any(|how| spells(how)) {
        // Raw control characters are no JSON.
        return serde_json::from_slice(bytes);
    }
    serde_json::from_value(each_text(serde_json::from_slice(bytes)?, &plain))
}

/// The text without NUL alone: what was stored is to come back as it was, but PostgreSQL takes no NUL.
pub(crate) fn storable(text: &str) -> Cow<'_, str> {
    without(text, |sign| sign == '\0')
}

/// The same for every text in JSON.
pub(crate) fn storable_json(value: Value) -> Value {
    each_text(value, &storable)
}

fn without(text: &str, is_unwanted: impl Fn(char) -> bool) -> Cow<'_, str> {
    if text.contains(&is_unwanted) {
        Cow::Owned(text.chars().filter(|sign| !is_unwanted(*sign)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// Every text of a value, names of fields among them, as `clean` has it.
fn each_text(value: Value, clean: &dyn Fn(&str) -> Cow<'_, str>) -> Value {
    match value {
        Value::String(text) => Value::String(clean(&text).into_owned()),
        Value::Array(values) => values.into_iter().map(|value| each_text(value, clean)).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (clean(&name).into_owned(), each_text(value, clean)))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_lines_and_columns_are_kept_of_what_nobody_types() {
        assert_eq!(plain("Kopi\0 Senja\r\n\u{1b}[1mbaris\tdua\u{8}"), "Kopi Senja\n[1mbaris\tdua");
        assert!(matches!(plain("Kopi é 🎂\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn every_text_of_json_is_plain() {
        let body = br#"{"a\u0000":["x\u0000y",{"b":"\u0001\f"}],"c":"baris\nbaru","d":7}"#;
        let read: Value = from_json(body).unwrap();
        assert_eq!(read, json!({"a": ["xy", {"b": ""}], "c": "baris\nbaru", "d": 7}));
        assert_eq!(from_json::<String>(br#""C:\\u0000""#).unwrap(), r"C:\u0000");
        assert!(from_json::<Value>(b"\"a\0\"").is_err());
    }

    #[test]
    fn what_is_kept_loses_nothing_but_nul() {
        assert_eq!(storable_json(json!({"a\0": "x\0\r\u{1}"})), json!({"a": "x\r\u{1}"}));
    }
}
