//! Small builders for JSON schemas within the strict subset: every object closed, every property
//! required.

use serde_json::{Map, Value, json};

/// An object with exactly these properties.
pub(super) fn object<const N: usize>(properties: [(&str, Value); N]) -> Value {
    object_of(properties.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect())
}

/// An object with exactly these properties.
pub(super) fn object_of(properties: Map<String, Value>) -> Value {
    let required: Vec<_> = properties.keys().cloned().collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// A text with a remark on what it is.
pub(super) fn text(remark: &str) -> Value {
    json!({"type": "string", "description": remark})
}

/// A text of at most `most` characters; the limit is told, and checked on our side.
pub(super) fn text_within(most: usize) -> Value {
    text(&format!("at most {most} characters"))
}

/// One of these values.
pub(super) fn one_of<'a>(values: impl IntoIterator<Item = &'a str>) -> Value {
    let values: Vec<_> = values.into_iter().collect();
    json!({"type": "string", "enum": values})
}

/// A list with from `least` to `most` entries.
pub(super) fn list(items: Value, least: usize, most: usize) -> Value {
    json!({"type": "array", "items": items, "minItems": least, "maxItems": most})
}
