//! The answers on the wire.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::{StreamExt, stream};
use serde_json::{Value, json};

use super::{Behaviour, Desk, Recorded, answer, check};

/// Answers one request by the script.
pub(super) async fn complete(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let violations = check::violations(authorization, &body);
    let request = Recorded { authorization: authorization.map(str::to_owned), body, violations };
    let mut behaviour = desk.receive(&request);
    while let Behaviour::Slow(ms, then) = behaviour {
        tokio::time::sleep(Duration::from_millis(ms)).await;
        behaviour = *then;
    }
    respond(behaviour, &request)
}

fn respond(behaviour: Behaviour, request: &Recorded) -> Response {
    let good = || answer::good(request).to_string();
    match behaviour {
        Behaviour::Good | Behaviour::Slow(..) => said(request, &good(), "stop"),
        Behaviour::Say(json) => said(request, &json.to_string(), "stop"),
        Behaviour::SayText(text) => said(request, &text, "stop"),
        Behaviour::Truncated => {
            let whole = good();
            let half: String = whole.chars().take(whole.chars().count() / 2).collect();
            said(request, &half, "length")
        }
        Behaviour::TruncatedAt(hundredths) => {
            let whole = good();
            let kept = whole.chars().count() * hundredths / 100;
            said(request, &whole.chars().take(kept).collect::<String>(), "stop")
        }
        Behaviour::CutOff => cut_off(&completion(request, json!(good()), "stop").to_string()),
        Behaviour::Refusing => {
            let mut completion = completion(request, Value::Null, "stop");
            completion["choices"][0]["message"]["refusal"] = json!("I cannot help with that.");
            json_response(200, &completion)
        }
        Behaviour::Filtered => said(request, "", "content_filter"),
        Behaviour::WrongSchema => said(request, r#"{"result":{"ok":[1,2,3]}}"#, "stop"),
        Behaviour::Fenced => said(request, &format!("\u{feff}```json\n{}\n```\n", good()), "stop"),
        Behaviour::Lying => said(request, &answer::lying(request).to_string(), "stop"),
        Behaviour::Injecting => said(request, &answer::injecting(request).to_string(), "stop"),
        Behaviour::Obeying => said(request, &answer::obeying(request).to_string(), "stop"),
        Behaviour::NullContent => json_response(200, &completion(request, Value::Null, "stop")),
        Behaviour::NoUsage => {
            let mut completion = completion(request, json!(good()), "stop");
            completion["usage"] = json!({});
            json_response(200, &completion)
        }
        Behaviour::Garbage => (StatusCode::OK, "<html>It works!</html>").into_response(),
        Behaviour::RefuseField(field) if request.body.get(field).is_some() => {
            let message = format!("Unsupported parameter: '{field}' is not supported.");
            let error = error(&message, "invalid_request_error", json!("unsupported_parameter"));
            json_response(400, &with_param(error, field))
        }
        Behaviour::RefuseField(_) => said(request, &good(), "stop"),
        Behaviour::RateLimited(wait_ms) => rate_limited(wait_ms),
        Behaviour::ServerError => {
            (StatusCode::INTERNAL_SERVER_ERROR, "<h1>500</h1>").into_response()
        }
        Behaviour::QuotaExhausted => {
            let code = json!("insufficient_quota");
            json_response(429, &error("You exceeded your quota.", "insufficient_quota", code))
        }
        Behaviour::NumericCode => {
            json_response(503, &error("overloaded", "engine_overloaded_error", json!(529)))
        }
        Behaviour::Error(status, code) => {
            let header = request.authorization.as_deref().unwrap_or_default();
            let key = header.trim_start_matches("Bearer ");
            json_response(status, &error(&format!("Failed for key {key}."), "error", json!(code)))
        }
    }
}

fn rate_limited(wait_ms: Option<u64>) -> Response {
    let code = json!("rate_limit_exceeded");
    let mut response = json_response(429, &error("Rate limit reached.", "requests", code));
    if let Some(ms) = wait_ms {
        response.headers_mut().insert("retry-after-ms", ms.into());
    }
    response
}

fn said(request: &Recorded, content: &str, finish: &str) -> Response {
    json_response(200, &completion(request, json!(content), finish))
}

fn completion(request: &Recorded, content: Value, finish: &str) -> Value {
    json!({
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_795_000_000,
        "model": request.body.get("model"),
        "choices": [{
            "index": 0,
            "message": {"role": "assistant", "content": content, "refusal": null},
            "logprobs": null,
            "finish_reason": finish,
        }],
        "usage": {
            "prompt_tokens": 1000,
            "completion_tokens": 200,
            "total_tokens": 1200,
            "prompt_tokens_details": {"cached_tokens": 400},
        },
    })
}

fn error(message: &str, kind: &str, code: Value) -> Value {
    json!({"error": {"message": message, "type": kind, "param": null, "code": code}})
}

fn with_param(mut error: Value, param: &str) -> Value {
    error["error"]["param"] = json!(param);
    error
}

fn json_response(status: u16, body: &Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// Half of the body, then a broken connection.
fn cut_off(body: &str) -> Response {
    let half = Bytes::copy_from_slice(&body.as_bytes()[..body.len() / 2]);
    let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    let parts = stream::iter([Ok(half), Err(broken)]);
    // The first half leaves before the break is found.
    let parts = parts.then(|part| async {
        tokio::task::yield_now().await;
        part
    });
    ([(header::CONTENT_TYPE, "application/json")], Body::from_stream(parts)).into_response()
}
