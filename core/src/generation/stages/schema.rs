//! Small builders for JSON schemas within the strict subset: every object closed, every property
//! required.

use serde_json::{Map, Value, json};

/// An object with exactly these properties.
pub(super) fn object<const N: usize>(properties: [(&str, Value); N]) -> Value {
    let required: Vec<_> = properties.iter().map(|(name, _)| (*name).to_owned()).collect();
    let properties: Map<String, Value> =
        properties.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// One of these values.
pub(super) fn one_of<'a>(values: impl IntoIterator<Item = &'a str>) -> Value {
    let values: Vec<_> = values.into_iter().collect();
    json!({"type": "string", "enum": values})
}
