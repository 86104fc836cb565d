//! The subset of JSON schema that providers take in strict mode, as a check.

use serde_json::Value;

/// Keywords that no strict provider takes.
const REFUSED: [&str; 12] = [
    "allOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "dependentRequired",
    "dependentSchemas",
    "patternProperties",
    "minLength",
    "maxLength",
    "uniqueItems",
];
const MAX_DEPTH: usize = 10;
const MAX_PROPERTIES: usize = 5_000;
const MAX_ENUM_VALUES: usize = 1_000;

/// Everything in `schema` that a strict provider would refuse.
pub fn violations(schema: &Value) -> Vec<String> {
    let mut check = Check::default();
    if schema.get("type").and_then(Value::as_str) != Some("object") {
        check.found.push("the root is not an object".to_owned());
    }
    check.walk(schema, "root", 1);
    if check.properties > MAX_PROPERTIES {
        check.found.push(format!("more than {MAX_PROPERTIES} properties"));
    }
    if check.enum_values > MAX_ENUM_VALUES {
        check.found.push(format!("more than {MAX_ENUM_VALUES} enum values"));
    }
    check.found
}

/// Everything in `value` that does not fit `schema`, as far as the subset goes.
pub fn mismatches(value: &Value, schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    fit(value, schema, "root", &mut found);
    found
}

#[derive(Default)]
struct Check {
    found: Vec<String>,
    properties: usize,
    enum_values: usize,
}

impl Check {
    fn walk(&mut self, schema: &Value, path: &str, depth: usize) {
        if depth > MAX_DEPTH {
            self.found.push(format!("{path}: deeper than {MAX_DEPTH} levels"));
            return;
        }
        for word in REFUSED.iter().filter(|word| schema.get(**word).is_some()) {
            self.found.push(format!("{path}: `{word}` is not taken"));
        }
        let values = schema.get("enum").and_then(Value::as_array).map_or(1, Vec::len);
        self.enum_values += values;
        if values == 0 {
            self.found.push(format!("{path}: an empty enum"));
        }
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            self.walk_object(schema, properties, path, depth);
        } else if schema.get("type").and_then(Value::as_str) == Some("object") {
            self.found.push(format!("{path}: an object without properties"));
        }
        if let Some(items) = schema.get("items") {
            self.walk(items, &format!("{path}[]"), depth + 1);
        }
    }

    fn walk_object(
        &mut self,
        schema: &Value,
        properties: &serde_json::Map<String, Value>,
        path: &str,
        depth: usize,
    ) {
        self.properties += properties.len();
        if schema.get("additionalProperties") != Some(&Value::Bool(false)) {
            self.found.push(format!("{path}: additionalProperties is not false"));
        }
        let required = schema.get("required").and_then(Value::as_array);
        for (name, inner) in properties {
            let is_required = required.is_some_and(|list| list.iter().any(|one| one == name));
            if !is_required {
                self.found.push(format!("{path}.{name}: not required"));
            }
            self.walk(inner, &format!("{path}.{name}"), depth + 1);
        }
        if required.map_or(0, Vec::len) > properties.len() {
            self.found.push(format!("{path}: requires what it has not"));
        }
    }
}

fn fit(value: &Value, schema: &Value, path: &str, found: &mut Vec<String>) {
    let offered = schema.get("enum").and_then(Value::as_array);
    if offered.is_some_and(|offered| !offered.contains(value)) {
        found.push(format!("{path}: not in the enum"));
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("object") => {
            let properties = schema.get("properties").and_then(Value::as_object);
            for (name, inner) in properties.into_iter().flatten() {
                match value.get(name) {
                    Some(part) => fit(part, inner, &format!("{path}.{name}"), found),
                    None => found.push(format!("{path}.{name}: missing")),
                }
            }
        }
        Some("array") => {
            let Some(list) = value.as_array() else {
                found.push(format!("{path}: not a list"));
                return;
            };
            let bound = |name: &str| schema.get(name).and_then(Value::as_u64);
            let entries = list.len() as u64;
            let few = bound("minItems").is_some_and(|least| entries < least);
            if few || bound("maxItems").is_some_and(|most| entries > most) {
                found.push(format!("{path}: {entries} entries"));
            }
            let items = schema.get("items").unwrap_or(&Value::Null);
            list.iter().for_each(|part| fit(part, items, &format!("{path}[]"), found));
        }
        Some("string") if !value.is_string() => found.push(format!("{path}: not a text")),
        Some("integer") if !value.is_i64() => found.push(format!("{path}: not a whole number")),
        Some("boolean") if !value.is_boolean() => found.push(format!("{path}: not yes or no")),
        Some(_) | None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    fn closed(properties: Value, required: Value) -> Value {
        json!({"type": "object", "properties": properties, "required": required,
               "additionalProperties": false})
    }

    #[rstest]
    #[case(json!({"type": "array", "items": {}}), "root is not")]
    #[case(json!({"type": "object"}), "without properties")]
    #[case(closed(json!({"a": {}, "b": {}}), json!(["a"])), "root.b: not required")]
    #[case(json!({"type": "object", "properties": {}, "required": []}), "additionalProperties")]
    #[case(closed(json!({"a": {"maxLength": 3}}), json!(["a"])), "`maxLength`")]
    #[case(closed(json!({"a": {"items": {"allOf": []}}}), json!(["a"])), "root.a[]: `allOf`")]
    #[case(closed(json!({"a": {"enum": []}}), json!(["a"])), "empty enum")]
    fn what_a_strict_provider_refuses_is_told(#[case] schema: Value, #[case] part: &str) {
        let found = violations(&schema);
        assert!(found.iter().any(|one| one.contains(part)), "{found:?}");
    }

    #[test]
    fn a_value_is_held_against_its_schema() {
        let list = json!({"type": "array", "minItems": 2, "items": {"type": "string"}});
        let schema = closed(json!({"a": list, "b": {"enum": ["x"]}}), json!(["a", "b"]));
        assert_eq!(violations(&schema), Vec::<String>::new());
        assert_eq!(mismatches(&json!({"a": ["p", "q"], "b": "x"}), &schema), Vec::<String>::new());
        assert_eq!(mismatches(&json!({"a": [3], "b": "y"}), &schema).len(), 3);
        assert_eq!(mismatches(&json!({}), &schema).len(), 2);
    }
}
