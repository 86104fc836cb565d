//! One call of the Bot API and what its answer means. No retries, no rules.

use std::time::Duration;

use reqwest::multipart::Form;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::channels::SendError;
use crate::channels::http::{MAX_ANSWER_BYTES, describe, read_bounded};

/// How long an ordinary call may take.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);
/// How long an upload may take.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(90);
/// Pause when Telegram asks for one without saying how long.
const DEFAULT_PAUSE_S: u64 = 5;

/// The Bot API of one bot.
pub(super) struct Api {
    http: reqwest::Client,
    base: String,
    token: SecretString,
}

/// Why a call did not do what it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CallError {
    /// Telegram said no.
    Refused(Refusal),
    /// No answer.
    Network(String),
}

/// A no from Telegram.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Refusal {
    pub(super) code: i64,
    /// In lower case.
    pub(super) description: String,
    pub(super) retry_after_s: Option<u64>,
    pub(super) migrate_to_chat_id: Option<i64>,
}

impl Api {
    pub(super) fn new(http: reqwest::Client, base: &str, token: SecretString) -> Self {
        Self { http, base: base.trim_end_matches('/').to_owned(), token }
    }

    /// Calls a method with JSON parameters and gives its `result`.
    pub(super) async fn call(&self, method: &str, params: &Value) -> Result<Value, CallError> {
        let request = self.http.post(self.address(method)).json(params).timeout(CALL_TIMEOUT);
        answer(request).await
    }

    /// Calls a method that waits up to `wait_s` for its answer.
    pub(super) async fn call_waiting(
        &self,
        method: &str,
        params: &Value,
        wait_s: u64,
    ) -> Result<Value, CallError> {
        let timeout = CALL_TIMEOUT + Duration::from_secs(wait_s);
        answer(self.http.post(self.address(method)).json(params).timeout(timeout)).await
    }

    /// Calls a method with a file.
    pub(super) async fn upload(&self, method: &str, form: Form) -> Result<Value, CallError> {
        let request = self.http.post(self.address(method)).multipart(form).timeout(UPLOAD_TIMEOUT);
        answer(request).await
    }

    /// A request for the bytes behind a `file_path`.
    pub(super) fn file(&self, file_path: &str) -> reqwest::RequestBuilder {
        let token = self.token.expose_secret();
        let address = format!("{}/file/bot{token}/{file_path}", self.base);
        self.http.get(address).timeout(UPLOAD_TIMEOUT)
    }

    fn address(&self, method: &str) -> String {
        format!("{}/bot{}/{method}", self.base, self.token.expose_secret())
    }
}

/// The `result` of an answer. A success whose body cannot be read is still a success: asking again
/// would do the thing twice.
async fn answer(request: reqwest::RequestBuilder) -> Result<Value, CallError> {
    let response = request.send().await.map_err(|error| CallError::Network(describe(error)))?;
    let status = response.status();
    let body = read_bounded(response, MAX_ANSWER_BYTES).await.unwrap_or_default();
    let answer: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let said_ok = answer.get("ok").and_then(Value::as_bool);
    if said_ok.unwrap_or(status.is_success()) {
        return Ok(answer.get("result").cloned().unwrap_or(Value::Null));
    }
    let code = answer.get("error_code").and_then(Value::as_i64);
    let description = answer.get("description").and_then(Value::as_str).unwrap_or_default();
    Err(CallError::Refused(Refusal {
        code: code.unwrap_or_else(|| i64::from(status.as_u16())),
        description: description.to_lowercase(),
        retry_after_s: answer.pointer("/parameters/retry_after").and_then(Value::as_u64),
        migrate_to_chat_id: answer
            .pointer("/parameters/migrate_to_chat_id")
            .and_then(Value::as_i64),
    }))
}

impl CallError {
    /// Whether Telegram's words contain one of these.
    pub(super) fn says(&self, parts: &[&str]) -> bool {
        match self {
            Self::Refused(refusal) => {
                parts.iter().any(|part| refusal.description.contains(&part.to_lowercase()))
            }
            Self::Network(_) => false,
        }
    }

    /// The same for the sender, by what it can do.
    pub(super) fn into_send_error(self) -> SendError {
        let refusal = match self {
            Self::Network(reason) => return SendError::Transient(reason),
            Self::Refused(refusal) => refusal,
        };
        if let Some(chat) = refusal.migrate_to_chat_id {
            return SendError::Moved { chat: chat.to_string() };
        }
        let gone = ["chat not found", "user not found", "peer_id_invalid", "user is deactivated"];
        match refusal.code {
            429 => SendError::RetryAfter {
                ms: refusal.retry_after_s.unwrap_or(DEFAULT_PAUSE_S).max(1).saturating_mul(1_000),
            },
            403 => SendError::Gone(refusal.description),
            401 | 404 | 409 => SendError::Misconfigured(refusal.description),
            400 if gone.iter().any(|words| refusal.description.contains(words)) => {
                SendError::Gone(refusal.description)
            }
            400..=499 => SendError::Rejected(refusal.description),
            _ => SendError::Transient(refusal.description),
        }
    }
}
