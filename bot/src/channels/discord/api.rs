//! Requests to Discord's REST API and what their answers mean: which no is which, and when a route
//! is open again. No retries, no waiting.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, HeaderMap, USER_AGENT};
use reqwest::multipart::Form;
use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sitespark_core::clock::SharedClock;

use crate::channels::http::{MAX_ANSWER_BYTES, ReadError, describe, read_bounded};
use crate::channels::{FetchError, SendError};

use super::DiscordConfig;

/// How long an ordinary request may take, and one with a file.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);
const FILE_TIMEOUT: Duration = Duration::from_secs(90);
/// Pause when Discord asks for one without saying how long, and when its outer wall does.
const DEFAULT_PAUSE_MS: u64 = 5_000;
const WALL_PAUSE_MS: u64 = 300_000;
/// Most routes whose closing is remembered.
const MOST_ROUTES: usize = 10_000;
/// The name of the limit over all routes.
const EVERYWHERE: &str = "*";
/// Where Discord keeps files.
const FILE_HOSTS: [&str; 2] = ["cdn.discordapp.com", "media.discordapp.net"];

/// The REST API of one bot.
pub(super) struct Api {
    http: reqwest::Client,
    base: String,
    token: SecretString,
    /// Discord blocks who does not say who they are.
    agent: String,
    clock: SharedClock,
    /// Routes that are closed, and until when.
    closed: Mutex<HashMap<String, i64>>,
}

/// Why a request did not do what it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CallError {
    pub(super) error: SendError,
    /// Discord's own number of the refusal.
    pub(super) code: Option<i64>,
}

impl From<CallError> for SendError {
    fn from(error: CallError) -> Self {
        error.error
    }
}

/// What a request carries.
pub(super) enum Cargo {
    Nothing,
    Json(Value),
    Form(Form),
}

impl Api {
    pub(super) fn new(http: reqwest::Client, config: &DiscordConfig, clock: SharedClock) -> Self {
        let base = config.api_url.trim_end_matches('/').to_owned();
        let agent = agent(&config.public_url);
        Self { http, base, token: config.token.clone(), agent, clock, closed: Mutex::default() }
    }

    /// Asks for `path` (without a slash before it) as the bot.
    pub(super) async fn call(
        &self,
        method: Method,
        path: &str,
        cargo: Cargo,
    ) -> Result<Value, CallError> {
        self.call_within(method, path, path, cargo).await
    }

    /// The same where `route` names a limit that several paths share.
    pub(super) async fn call_within(
        &self,
        method: Method,
        path: &str,
        route: &str,
        cargo: Cargo,
    ) -> Result<Value, CallError> {
        let request = self.request(method.clone(), path, cargo);
        let token = self.token.expose_secret();
        let request = request.header(AUTHORIZATION, format!("Bot {token}"));
        self.ask(&format!("{method} {route}"), request).await
    }

    /// A request with an interaction's own token in the path, which is all it takes. `route` names
    /// the limit, without that secret.
    pub(super) async fn call_as_interaction(
        &self,
        method: Method,
        path: &str,
        route: &str,
        cargo: Cargo,
    ) -> Result<Value, CallError> {
        self.ask(&format!("{method} {route}"), self.request(method, path, cargo)).await
    }

    fn request(&self, method: Method, path: &str, cargo: Cargo) -> RequestBuilder {
        let is_asking = method == Method::GET;
        let request = self.http.request(method, format!("{}/{path}", self.base));
        let request = request.header(USER_AGENT, &self.agent);
        match cargo {
            Cargo::Nothing if is_asking => request.timeout(CALL_TIMEOUT),
            // The client leaves it out by itself, and servers may want to be told.
            Cargo::Nothing => request.header(CONTENT_LENGTH, 0).timeout(CALL_TIMEOUT),
            Cargo::Json(body) => request.json(&body).timeout(CALL_TIMEOUT),
            Cargo::Form(form) => request.multipart(form).timeout(FILE_TIMEOUT),
        }
    }

    async fn ask(&self, route: &str, request: RequestBuilder) -> Result<Value, CallError> {
        if let Some(ms) = self.closed_for(route) {
            return Err(CallError { error: SendError::RetryAfter { ms }, code: None });
        }
        let response = request.send().await.map_err(|error| CallError {
            error: SendError::Transient(describe(error)),
            code: None,
        })?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = read_bounded(response, MAX_ANSWER_BYTES).await.unwrap_or_default();
        let answer: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
        self.note_limits(route, status, &headers, &answer);
        // A success whose body cannot be read is still one: asking again would do it twice.
        if status.is_success() { Ok(answer) } else { Err(refusal(status, &headers, &answer)) }
    }

    /// How long a route is closed, if it is.
    fn closed_for(&self, route: &str) -> Option<u64> {
        let now_ms = self.clock.now_ms();
        let closed = self.lock();
        let until = [route, EVERYWHERE].iter().filter_map(|name| closed.get(*name)).max()?;
        u64::try_from(until - now_ms).ok().filter(|ms| *ms > 0)
    }

    /// Remembers what the headers say of this route: nothing remaining, or a refusal.
    fn note_limits(&self, route: &str, status: StatusCode, headers: &HeaderMap, answer: &Value) {
        let is_refused = status == StatusCode::TOO_MANY_REQUESTS;
        let is_used_up = header(headers, "x-ratelimit-remaining") == Some("0");
        let wait_ms = if is_refused {
            pause_of(headers, answer)
        } else if is_used_up {
            header(headers, "x-ratelimit-reset-after").and_then(milliseconds).unwrap_or(0)
        } else {
            0
        };
        if wait_ms == 0 {
            return;
        }
        let is_global = answer.get("global").and_then(Value::as_bool).unwrap_or(false)
            || header(headers, "x-ratelimit-scope") == Some("global");
        let now_ms = self.clock.now_ms();
        let until_ms = now_ms.saturating_add(i64::try_from(wait_ms).unwrap_or(i64::MAX));
        let mut closed = self.lock();
        if closed.len() >= MOST_ROUTES {
            closed.retain(|_, until| *until > now_ms);
        }
        if closed.len() < MOST_ROUTES {
            let name = if is_refused && is_global { EVERYWHERE } else { route };
            closed.insert(name.to_owned(), until_ms);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, i64>> {
        self.closed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The bytes of a file a person sent: only from where Discord keeps them.
    pub(super) async fn download(
        &self,
        address: &str,
        max_bytes: usize,
    ) -> Result<Vec<u8>, FetchError> {
        let own = Url::parse(&self.base).ok();
        let is_discords = |url: &Url| {
            let same_origin = own.as_ref().is_some_and(|own| own.origin() == url.origin());
            let is_file_host = FILE_HOSTS.contains(&url.host_str().unwrap_or_default());
            same_origin || (url.scheme() == "https" && is_file_host)
        };
        let url = Url::parse(address).ok().filter(is_discords);
        let url =
            url.ok_or_else(|| FetchError::Gone("the file is at a foreign address".to_owned()))?;
        let request = self.http.get(url).header(USER_AGENT, &self.agent).timeout(FILE_TIMEOUT);
        let response = request.send().await;
        read_file(response.map_err(|error| FetchError::Transient(describe(error)))?, max_bytes)
            .await
    }
}

/// Who we say we are: the program, and where its operator is found.
pub fn agent(public_url: &str) -> String {
    format!("DiscordBot ({public_url}, {})", env!("CARGO_PKG_VERSION"))
}

async fn read_file(response: Response, max_bytes: usize) -> Result<Vec<u8>, FetchError> {
    let status = response.status();
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
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

fn refusal(status: StatusCode, headers: &HeaderMap, answer: &Value) -> CallError {
    let code = answer.get("code").and_then(Value::as_i64).filter(|code| *code != 0);
    let message = answer.get("message").and_then(Value::as_str).unwrap_or_default();
    let told = format!("status {} {} {message}", status.as_u16(), code.unwrap_or_default());
    let error = match (status.as_u16(), code) {
        (429, _) => SendError::RetryAfter { ms: pause_of(headers, answer) },
        // Opening private channels too fast, and a channel that was written to too much.
        (_, Some(40_003 | 20_028)) => SendError::RetryAfter { ms: DEFAULT_PAUSE_MS },
        (_, Some(50_007 | 50_278 | 10_013)) => SendError::Gone(told),
        (401 | 403, _) => SendError::Misconfigured(told),
        (400..=499, _) => SendError::Rejected(told),
        _ => SendError::Transient(told),
    };
    CallError { error, code }
}

/// How long a 429 asks to wait. One without a body comes from the wall before Discord.
fn pause_of(headers: &HeaderMap, answer: &Value) -> u64 {
    if let Some(seconds) = answer.get("retry_after").and_then(Value::as_f64) {
        return milliseconds(&seconds.to_string()).unwrap_or(DEFAULT_PAUSE_MS);
    }
    let told = header(headers, "retry-after").and_then(milliseconds);
    if answer.is_null() {
        told.unwrap_or(0).max(WALL_PAUSE_MS)
    } else {
        told.unwrap_or(DEFAULT_PAUSE_MS)
    }
}

/// Seconds with a fraction as milliseconds, rounded up.
fn milliseconds(seconds: &str) -> Option<u64> {
    let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let whole: u64 = whole.parse().ok()?;
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    let part: u64 = digits.parse().ok()?;
    let rest = fraction.get(3..).is_some_and(|rest| rest.bytes().any(|digit| digit != b'0'));
    Some(whole.saturating_mul(1_000).saturating_add(part).saturating_add(u64::from(rest)))
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case("64.57", Some(64_570))]
    #[case("1", Some(1_000))]
    #[case("0.0011", Some(2))]
    #[case("x", None)]
    fn seconds_become_milliseconds(#[case] text: &str, #[case] ms: Option<u64>) {
        assert_eq!(milliseconds(text), ms);
    }

    #[rstest]
    #[case(429, json!({ "retry_after": 1.5, "global": false }), SendError::RetryAfter { ms: 1_500 })]
    #[case(429, Value::Null, SendError::RetryAfter { ms: WALL_PAUSE_MS })]
    #[case(403, json!({ "code": 50_007 }), SendError::Gone("status 403 50007 ".into()))]
    #[case(403, json!({ "code": 50_013 }), SendError::Misconfigured("status 403 50013 ".into()))]
    #[case(401, json!({ "code": 0 }), SendError::Misconfigured("status 401 0 ".into()))]
    #[case(400, json!({ "code": 50_035 }), SendError::Rejected("status 400 50035 ".into()))]
    #[case(400, json!({ "code": 40_003 }), SendError::RetryAfter { ms: DEFAULT_PAUSE_MS })]
    #[case(502, Value::Null, SendError::Transient("status 502 0 ".into()))]
    fn a_no_means_what_can_be_done(
        #[case] status: u16,
        #[case] body: Value,
        #[case] error: SendError,
    ) {
        let status = StatusCode::from_u16(status).unwrap();
        assert_eq!(refusal(status, &HeaderMap::new(), &body).error, error);
    }
}
