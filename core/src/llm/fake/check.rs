//! What a request must look like.

use serde_json::Value;

use crate::llm::strict;

/// Everything that is wrong with a request.
pub(super) fn violations(authorization: Option<&str>, body: &Value) -> Vec<String> {
    let mut found = Vec::new();
    match authorization.and_then(|header| header.strip_prefix("Bearer ")) {
        Some(key) if !key.trim().is_empty() => {}
        Some(_) | None => found.push("no bearer key".to_owned()),
    }
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    if text("/model").is_empty() {
        found.push("no model".to_owned());
    }
    check_messages(body, &mut found);
    let bounds = ["max_tokens", "max_completion_tokens"].map(|name| body.get(name).is_some());
    if bounds == [true, true] || bounds == [false, false] {
        found.push("not exactly one token bound".to_owned());
    }
    let temperature = body.get("temperature").map(Value::as_f64);
    if temperature.is_some_and(|value| !value.is_some_and(|it| (0.0..=2.0).contains(&it))) {
        found.push("a temperature out of range".to_owned());
    }
    if body.get("stream").is_some_and(|stream| stream != &Value::Bool(false)) {
        found.push("a stream".to_owned());
    }
    check_format(body, &mut found);
    found
}

fn check_messages(body: &Value, found: &mut Vec<String>) {
    const ROLES: [&str; 4] = ["developer", "system", "user", "assistant"];
    let messages = body.get("messages").and_then(Value::as_array);
    let Some(messages) = messages.filter(|messages| !messages.is_empty()) else {
        found.push("no messages".to_owned());
        return;
    };
    for message in messages {
        let field = |name: &str| message.get(name).and_then(Value::as_str).unwrap_or_default();
        let parts = message.get("content").and_then(Value::as_array);
        let sound = match parts {
            Some(parts) => field("role") == "user" && are_sound(parts),
            None => !field("content").is_empty(),
        };
        if !ROLES.contains(&field("role")) || !sound {
            found.push("a message without role or content".to_owned());
        }
    }
    if messages.last().and_then(|last| last.get("role")).and_then(Value::as_str) != Some("user") {
        found.push("the last message is not the user's".to_owned());
    }
}

/// Words, and pictures that travel with them within a bound.
fn are_sound(parts: &[Value]) -> bool {
    const URL_CHARS_AT_MOST: usize = 1_000_000;
    let text = |part: &Value, pointer: &str| {
        part.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let sound = |part: &Value| match text(part, "/type").as_str() {
        "text" => !text(part, "/text").is_empty(),
        "image_url" => {
            let url = text(part, "/image_url/url");
            url.starts_with("data:image/jpeg;base64,") && url.len() <= URL_CHARS_AT_MOST
        }
        _ => false,
    };
    !parts.is_empty() && parts.iter().all(sound)
}

fn check_format(body: &Value, found: &mut Vec<String>) {
    let Some(format) = body.get("response_format") else { return };
    match format.get("type").and_then(Value::as_str) {
        Some("json_schema") => {}
        Some("json_object") => {
            let messages = body.get("messages").map(Value::to_string).unwrap_or_default();
            if !messages.contains("JSON") {
                found.push("json_object without the word JSON".to_owned());
            }
            return;
        }
        Some(_) | None => {
            found.push("an unknown response_format".to_owned());
            return;
        }
    }
    let schema = format.get("json_schema").unwrap_or(&Value::Null);
    let name = schema.get("name").and_then(Value::as_str).unwrap_or_default();
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !(1..=64).contains(&name.len()) || !name.chars().all(fits) {
        found.push("a schema name of the wrong form".to_owned());
    }
    if schema.get("strict") != Some(&Value::Bool(true)) {
        found.push("a schema that is not strict".to_owned());
    }
    found.extend(strict::violations(schema.get("schema").unwrap_or(&Value::Null)));
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn sound() -> Value {
        let schema = json!({
            "type": "object",
            "properties": {"a": {"type": "string"}},
            "required": ["a"],
            "additionalProperties": false,
        });
        json!({
            "model": "m",
            "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}],
            "max_tokens": 5,
            "temperature": 0.5,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "n", "strict": true, "schema": schema},
            },
        })
    }

    #[test]
    fn a_sound_request_has_no_violation() {
        assert_eq!(violations(Some("Bearer k"), &sound()), Vec::<String>::new());
    }

    #[rstest]
    #[case(None)]
    #[case(Some("Bearer "))]
    #[case(Some("Basic k"))]
    fn a_request_without_a_key_is_told(#[case] header: Option<&str>) {
        assert_eq!(violations(header, &sound()), ["no bearer key"]);
    }

    #[rstest]
    #[case("/model", Value::Null, "no model")]
    #[case("/messages", json!([]), "no messages")]
    #[case("/messages/1/role", json!("system"), "the last message")]
    #[case("/messages/0/content", json!(""), "without role or content")]
    #[case("/temperature", json!(2.5), "temperature")]
    #[case("/temperature", Value::Null, "temperature")]
    #[case("/response_format/type", json!("xml"), "unknown response_format")]
    #[case("/response_format/type", json!("json_object"), "the word JSON")]
    #[case("/response_format/json_schema/name", json!("a b"), "schema name")]
    #[case("/response_format/json_schema/strict", json!(false), "not strict")]
    #[case("/response_format/json_schema/schema/required", json!([]), "not required")]
    fn every_fault_of_a_request_is_told(
        #[case] pointer: &str,
        #[case] value: Value,
        #[case] part: &str,
    ) {
        let mut body = sound();
        *body.pointer_mut(pointer).unwrap() = value;
        let found = violations(Some("Bearer k"), &body);
        assert!(found.iter().any(|one| one.contains(part)), "{found:?}");
    }

    #[test]
    fn one_token_bound_is_wanted_and_no_stream() {
        let mut body = sound();
        body["max_completion_tokens"] = json!(5);
        body["stream"] = json!(true);
        assert_eq!(
            violations(Some("Bearer k"), &body),
            ["not exactly one token bound", "a stream"]
        );
    }
}
