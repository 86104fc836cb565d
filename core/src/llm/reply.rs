//! The part of a chat completion we read, as lenient as servers are careless.
//!
//! Unknown, missing and empty fields are fine; what matters is checked here and nowhere else.

use serde::Deserialize;
use serde_json::Value;

use super::fault::{CallFault, FaultKind, scrub};
use crate::plain::from_json;

/// A chat completion as servers send it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Reply {
    choices: Value,
    usage: Value,
    error: Value,
}

/// Tokens of one call, as OpenAI counts them: cached ones are part of the prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Tokens read, cached and written ones included.
    pub prompt_tokens: i64,
    /// Of those, read from the provider's cache.
    pub cached_tokens: i64,
    /// Of those, written to the provider's cache.
    pub cache_write_tokens: i64,
    /// Tokens written, reasoning included.
    pub completion_tokens: i64,
}

impl Reply {
    /// What was counted; zeros where the server counted nothing.
    pub(super) fn usage(&self) -> Usage {
        let usage = if self.usage.is_object() {
            &self.usage
        } else {
            self.choices.pointer("/0/usage").unwrap_or(&Value::Null)
        };
        let count = |pointer: &str| {
            usage.pointer(pointer).and_then(Value::as_i64).map_or(0, |tokens| tokens.max(0))
        };
        Usage {
            prompt_tokens: count("/prompt_tokens"),
            cached_tokens: count("/prompt_tokens_details/cached_tokens"),
            cache_write_tokens: count("/prompt_tokens_details/cache_write_tokens"),
            completion_tokens: count("/completion_tokens"),
        }
    }

    /// The answer as JSON.
    ///
    /// # Errors
    /// When the model refused, was cut off, or wrote something else than one JSON object.
    pub(super) fn json(&self, secret: &str) -> Result<Value, CallFault> {
        if !self.error.is_null() {
            let told = scrub(&ErrorBody::of(&self.error).told(), secret);
            return Err(CallFault::transient(format!("an error in place of an answer: {told}")));
        }
        let Some(choice) = self.choices.get(0) else {
            return Err(unusable("no choice in the answer"));
        };
        let message = choice.get("message").unwrap_or(&Value::Null);
        let finish = choice.get("finish_reason").and_then(Value::as_str).unwrap_or_default();
        if finish == "content_filter" {
            return Err(CallFault::new(FaultKind::Refused, "stopped by the content filter"));
        }
        if message.get("refusal").and_then(Value::as_str).is_some_and(|text| !text.is_empty()) {
            return Err(CallFault::new(FaultKind::Refused, "the model declined"));
        }
        if finish == "length" {
            return Err(unusable("cut off at the token limit"));
        }
        let text = content_text(message.get("content").unwrap_or(&Value::Null));
        let text = unwrap_fences(&text);
        if text.is_empty() {
            return Err(unusable("an empty answer"));
        }
        match from_json::<Value>(text.as_bytes()) {
            Ok(json) if json.is_object() => Ok(json),
            Ok(_) => Err(unusable("JSON that is not an object")),
            Err(_) => Err(unusable("an answer that is not JSON")),
        }
    }
}

fn unusable(reason: &str) -> CallFault {
    CallFault::new(FaultKind::Unusable, reason)
}

/// Content is a string, a list of text parts, or null.
fn content_text(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            parts.iter().filter_map(|part| part.get("text").and_then(Value::as_str)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => String::new(),
    }
}

/// Drops a byte order mark and a code fence around the answer.
fn unwrap_fences(text: &str) -> &str {
    let text = text.trim_start_matches('\u{feff}').trim();
    let Some(inner) = text.strip_prefix("```") else { return text };
    let inner = inner.strip_suffix("```").unwrap_or(inner);
    // The first line may name the language.
    let inner = inner.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    inner.trim()
}

/// The body of a failed call.
pub(super) struct ErrorBody {
    message: String,
    kind: String,
    code: String,
    param: String,
}

impl ErrorBody {
    /// Reads whatever shape the body has; empty texts where there is nothing to read.
    pub(super) fn parse(body: &[u8]) -> Self {
        let json: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
        Self::of(json.get("error").unwrap_or(&json))
    }

    fn of(error: &Value) -> Self {
        let field = |name: &str| match error.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => {
                String::new()
            }
        };
        let message = error.as_str().map_or_else(|| field("message"), str::to_owned);
        Self { message, kind: field("type"), code: field("code"), param: field("param") }
    }

    /// Type, code and message in one line, unscrubbed.
    pub(super) fn told(&self) -> String {
        [&self.kind, &self.code, &self.message]
            .into_iter()
            .filter(|part| !part.is_empty())
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Whether the account has no money left, which no waiting cures.
    pub(super) fn is_quota(&self) -> bool {
        const QUOTA: [&str; 3] =
            ["insufficient_quota", "exceeded_current_quota_error", "billing_hard_limit_reached"];
        QUOTA.iter().any(|name| self.kind == *name || self.code == *name)
    }

    /// Whether a content filter turned the request down.
    pub(super) fn is_filter(&self) -> bool {
        const FILTER: [&str; 3] =
            ["content_policy_violation", "moderation_blocked", "content_filter"];
        FILTER.iter().any(|name| self.kind == *name || self.code == *name)
    }

    /// Whether the complaint is about the request's field `name`.
    pub(super) fn names(&self, name: &str) -> bool {
        self.param.starts_with(name) || self.message.contains(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    fn reply(json: Value) -> Reply {
        serde_json::from_value(json).unwrap()
    }

    fn saying(content: Value) -> Reply {
        reply(json!({"choices": [{"message": {"content": content}, "finish_reason": "stop"}]}))
    }

    #[rstest]
    #[case(json!("{\"a\":1}"))]
    #[case(json!("\u{feff}{\"a\":1}\n"))]
    #[case(json!("```json\n{\"a\":1}\n```"))]
    #[case(json!("```\n{\"a\":1}```  "))]
    #[case(json!([{"type": "text", "text": "{\"a\":"}, {"type": "text", "text": "1}"}]))]
    fn an_answer_is_read_through_its_wrapping(#[case] content: Value) {
        assert_eq!(saying(content).json(""), Ok(json!({"a": 1})));
    }

    #[rstest]
    #[case(json!({}), FaultKind::Unusable)]
    #[case(json!({"choices": []}), FaultKind::Unusable)]
    #[case(json!({"choices": [{"message": {"content": null}}]}), FaultKind::Unusable)]
    #[case(json!({"choices": [{"message": {"content": "[1]"}}]}), FaultKind::Unusable)]
    #[case(json!({"choices": [{"message": {"content": "Sure! {"}}]}), FaultKind::Unusable)]
    #[case(json!({"choices": [{"message": {"content": "{}"}, "finish_reason": "length"}]}), FaultKind::Unusable)]
    #[case(json!({"choices": [{"message": {"content": "{}"}, "finish_reason": "content_filter"}]}), FaultKind::Refused)]
    #[case(json!({"choices": [{"message": {"content": "{}", "refusal": "no"}}]}), FaultKind::Refused)]
    #[case(json!({"error": {"message": "overloaded", "code": 529}}), FaultKind::Transient { retry_after_ms: None })]
    fn no_answer_is_told_apart(#[case] body: Value, #[case] kind: FaultKind) {
        assert_eq!(reply(body).json("").unwrap_err().kind, kind);
    }

    #[rstest]
    #[case(json!({}), 0)]
    #[case(json!({"usage": {}}), 0)]
    #[case(json!({"usage": null}), 0)]
    #[case(json!({"usage": {"prompt_tokens": 7}}), 7)]
    #[case(json!({"choices": [{"usage": {"prompt_tokens": 5}}]}), 5)]
    #[case(json!({"usage": {"prompt_tokens": -4}}), 0)]
    fn usage_is_counted_where_it_stands(#[case] body: Value, #[case] prompt: i64) {
        assert_eq!(reply(body).usage().prompt_tokens, prompt);
    }

    #[test]
    fn an_error_body_is_read_in_every_shape() {
        let told = |body: &str| ErrorBody::parse(body.as_bytes()).told();
        assert_eq!(told(r#"{"error":{"message":"m","type":"t","code":42}}"#), "t 42 m");
        assert_eq!(told(r#"{"error":"plain"}"#), "plain");
        assert_eq!(told("<html>"), "");
        assert!(
            ErrorBody::parse(br#"{"error":{"type":"exceeded_current_quota_error"}}"#).is_quota()
        );
    }
}
