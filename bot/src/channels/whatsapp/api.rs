//! Requests to the Graph API and what their answers mean. No retries, no rules.

use std::time::Duration;

use reqwest::header::USER_AGENT;
use reqwest::multipart::{Form, Part};
use reqwest::{RequestBuilder, Response, Url};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use sitespark_core::llm::voice::RECORDING_TYPE;
use sitespark_core::site::SHEET_TYPE;

use crate::channels::http::{MAX_ANSWER_BYTES, ReadError, describe, read_bounded};
use crate::channels::{FetchError, SendError};

use super::errors::{MEDIA_CODES, send_error_of, send_error_of_status};

/// How long an ordinary request may take.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);
/// How long media may take either way.
const MEDIA_TIMEOUT: Duration = Duration::from_secs(90);
/// What the Graph API calls the number that people write to.
const NUMBER_FIELD: &str = "display_phone_number";
/// Meta's file servers answer nobody who gives no name.
const AGENT: &str = concat!("SiteSpark/", env!("CARGO_PKG_VERSION"));
/// Where Meta hands out files; the token goes nowhere else.
const FILE_DOMAINS: [&str; 4] = ["facebook.com", "fbsbx.com", "fbcdn.net", "whatsapp.net"];

/// The Graph API of one number.
pub(super) struct Api {
    http: reqwest::Client,
    base: String,
    phone_number_id: String,
    token: SecretString,
}

/// Why a request did not do what it should.
#[derive(Debug)]
pub(super) struct CallError {
    pub(super) error: SendError,
    /// Whether it was about a picture.
    pub(super) is_media: bool,
}

impl From<CallError> for SendError {
    fn from(error: CallError) -> Self {
        error.error
    }
}

impl Api {
    pub(super) fn new(
        http: reqwest::Client,
        base: &str,
        phone_number_id: String,
        token: SecretString,
    ) -> Self {
        Self { http, base: base.trim_end_matches('/').to_owned(), phone_number_id, token }
    }

    /// The number itself, as people read it.
    pub(super) async fn display_number(&self) -> Result<Option<String>, CallError> {
        let address = format!("{}/{}", self.base, self.phone_number_id);
        let request = self.http.get(address).query(&[("fields", NUMBER_FIELD)]);
        let told = answer(self.authorise(request).timeout(CALL_TIMEOUT)).await?;
        Ok(told.get(NUMBER_FIELD).and_then(Value::as_str).map(str::to_owned))
    }

    /// Posts to `messages`: a message, or that one was read.
    pub(super) async fn post_message(&self, body: &Value) -> Result<Value, CallError> {
        let address = format!("{}/{}/messages", self.base, self.phone_number_id);
        answer(self.authorise(self.http.post(address)).json(body).timeout(CALL_TIMEOUT)).await
    }

    /// Uploads a picture, a file or a recording and names it as messages do.
    pub(super) async fn upload(
        &self,
        bytes: Vec<u8>,
        media_type: &str,
    ) -> Result<Value, CallError> {
        let ending = match media_type {
            "image/png" => "png",
            SHEET_TYPE => "pdf",
            RECORDING_TYPE => "ogg",
            _ => "jpg",
        };
        let file = Part::bytes(bytes).file_name(format!("file.{ending}"));
        let file = file.mime_str(media_type).map_err(|_| refused_media("no media type"))?;
        let form = Form::new()
            .text("messaging_product", "whatsapp")
            .text("type", media_type.to_owned())
            .part("file", file);
        let address = format!("{}/{}/media", self.base, self.phone_number_id);
        let request = self.authorise(self.http.post(address)).multipart(form);
        let result = answer(request.timeout(MEDIA_TIMEOUT)).await?;
        match result.get("id").and_then(Value::as_str) {
            Some(id) => Ok(json!({ "id": id })),
            None => Err(refused_media("no id was given")),
        }
    }

    /// The bytes of a file that a person sent.
    pub(super) async fn download(
        &self,
        media_id: &str,
        max_bytes: usize,
    ) -> Result<Vec<u8>, FetchError> {
        let is_id = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if media_id.is_empty() || !media_id.bytes().all(is_id) {
            return Err(FetchError::Gone("not an id of a file".to_owned()));
        }
        let request = self.authorise(self.http.get(format!("{}/{media_id}", self.base)));
        let described = answer(request.timeout(CALL_TIMEOUT)).await.map_err(fetch_error)?;
        let size = described.get("file_size").and_then(size_of).unwrap_or(0);
        if usize::try_from(size).is_ok_and(|size| size > max_bytes) {
            return Err(FetchError::TooLarge);
        }
        let address = described.get("url").and_then(Value::as_str).unwrap_or_default();
        let url = self.trusted(address)?;
        let request = self.authorise(self.http.get(url)).timeout(MEDIA_TIMEOUT);
        let response = request.send().await;
        let response = response.map_err(|error| FetchError::Transient(describe(error)))?;
        read_file(response, max_bytes).await
    }

    fn authorise(&self, request: RequestBuilder) -> RequestBuilder {
        request.bearer_auth(self.token.expose_secret()).header(USER_AGENT, AGENT)
    }

    /// An address the token may be shown to: of the API itself, or of Meta over https.
    fn trusted(&self, address: &str) -> Result<Url, FetchError> {
        let url = Url::parse(address).ok();
        let own = Url::parse(&self.base).ok();
        let is_trusted = |url: &Url| {
            let same_origin = own.as_ref().is_some_and(|own| own.origin() == url.origin());
            let host = url.host_str().unwrap_or_default();
            let of_meta = FILE_DOMAINS.iter().any(|domain| {
                host.strip_suffix(domain).is_some_and(|sub| sub.is_empty() || sub.ends_with('.'))
            });
            same_origin || (url.scheme() == "https" && of_meta)
        };
        url.filter(is_trusted)
            .ok_or_else(|| FetchError::Gone("the file is at a foreign address".to_owned()))
    }
}

async fn read_file(response: Response, max_bytes: usize) -> Result<Vec<u8>, FetchError> {
    let status = response.status();
    if status.is_server_error() || status.as_u16() == 429 {
        return Err(FetchError::Transient(status.to_string()));
    }
    if !status.is_success() {
        return Err(FetchError::Gone(status.to_string()));
    }
    read_bounded(response, max_bytes).await.map_err(|error| match error {
        ReadError::TooLarge => FetchError::TooLarge,
        ReadError::Broken(reason) => FetchError::Transient(reason),
    })
}

/// A size told as a number or as a string.
fn size_of(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// The body of an answer. A success whose body cannot be read is still a success: asking again
/// would do the thing twice.
async fn answer(request: RequestBuilder) -> Result<Value, CallError> {
    let response = request.send().await.map_err(|error| CallError {
        error: SendError::Transient(describe(error)),
        is_media: false,
    })?;
    let status = response.status();
    let body = read_bounded(response, MAX_ANSWER_BYTES).await.unwrap_or_default();
    let answer: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let Some(error) = answer.get("error") else {
        return if status.is_success() {
            Ok(answer)
        } else {
            let error = send_error_of_status(status.as_u16(), "");
            Err(CallError { error, is_media: false })
        };
    };
    let code = error.get("code").and_then(Value::as_i64);
    let text = |pointer: &str| error.pointer(pointer).and_then(Value::as_str);
    let detail = text("/error_data/details").or(text("/message")).unwrap_or_default();
    let is_transient = error.get("is_transient").and_then(Value::as_bool).unwrap_or(false);
    tracing::debug!(code, trace = text("/fbtrace_id"), "the graph api refused a request");
    let error = match code {
        Some(code) => send_error_of(code, detail),
        None => send_error_of_status(status.as_u16(), detail),
    };
    let error = match error {
        SendError::Rejected(reason) if is_transient || status.is_server_error() => {
            SendError::Transient(reason)
        }
        other => other,
    };
    Err(CallError { error, is_media: code.is_some_and(|code| MEDIA_CODES.contains(&code)) })
}

fn refused_media(reason: &str) -> CallError {
    CallError { error: SendError::Rejected(reason.to_owned()), is_media: true }
}

fn fetch_error(error: CallError) -> FetchError {
    match error.error {
        SendError::RetryAfter { ms } => FetchError::Transient(format!("asked to wait {ms} ms")),
        SendError::Transient(reason) | SendError::Misconfigured(reason) => {
            FetchError::Transient(reason)
        }
        SendError::Gone(reason) | SendError::Rejected(reason) => FetchError::Gone(reason),
        SendError::Moved { .. } | SendError::WindowClosed => {
            FetchError::Gone("an answer that makes no sense".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::channels::fakes::http_client;

    #[rstest]
    #[case("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1", true)]
    #[case("https://graph.facebook.com/v25.0/x", true)]
    #[case("https://mmg.whatsapp.net/x", true)]
    #[case("http://lookaside.fbsbx.com/x", false)]
    #[case("https://fbsbx.com.jahat.id/x", false)]
    #[case("https://jahatfbsbx.com/x", false)]
    #[case("https://jahat.id/?fbsbx.com", false)]
    #[case("", false)]
    fn the_token_is_shown_to_meta_only(#[case] address: &str, #[case] trusted: bool) {
        let token = SecretString::from("t");
        let api = Api::new(http_client(), "https://graph.facebook.com/v25.0", "1".into(), token);
        assert_eq!(api.trusted(address).is_ok(), trusted);
    }
}
