//! One OpenAI-compatible server: one ask is one request, and its answer or fault is sorted.
//!
//! It never tries again by itself, except at once and without a field that the server has just
//! refused; that is remembered. It never trusts the answer beyond being a JSON object.

use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use async_openai::Client;
use async_openai::config::Config;
use async_openai::error::OpenAIError;
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::FutureExt;
use futures::future::BoxFuture;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use super::config::{AnswerFormat, Capabilities, ProviderConfig, Temperature};
use super::fault::{CallFault, FaultKind, scrub};
use super::prices::Tariff;
use super::reply::{ErrorBody, Reply};
use super::wire::{OneExchange, WireFault};
use super::{Llm, LlmAnswer, LlmError, LlmRequest, Tier, Usage, tokens};
use crate::clock::SharedClock;

/// How often a refused field may be dropped within one ask: each of format (twice), temperature
/// and token field once.
const MAX_ADJUSTMENTS: usize = 4;

/// Bounds on one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallLimits {
    /// To open a connection.
    pub connect_timeout_ms: u64,
    /// From sending to the last byte of the answer.
    pub total_timeout_ms: u64,
}

impl Default for CallLimits {
    fn default() -> Self {
        Self { connect_timeout_ms: 5_000, total_timeout_ms: 60_000 }
    }
}

/// Why a provider cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// The key cannot stand in a header.
    #[error("the key of `{0}` holds a character that no key has")]
    Key(String),
    /// The HTTP client cannot be made.
    #[error("no HTTP client")]
    HttpClient(#[source] reqwest::Error),
}

/// One model on one server. Clones share the connection and what was learned about the server.
#[derive(Debug, Clone)]
pub struct OpenAiProvider {
    shared: Arc<Shared>,
}

struct Shared {
    config: ProviderConfig,
    client: Client<Endpoint>,
    able: Mutex<Capabilities>,
    clock: SharedClock,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("config", &self.config).finish_non_exhaustive()
    }
}

impl OpenAiProvider {
    /// A provider by its settings, with abilities guessed from them.
    ///
    /// # Errors
    /// When the key cannot stand in a header or no HTTP client can be made.
    pub fn new(
        config: ProviderConfig,
        limits: CallLimits,
        clock: SharedClock,
    ) -> Result<Self, ProviderError> {
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_millis(limits.connect_timeout_ms))
            .timeout(Duration::from_millis(limits.total_timeout_ms))
            // A key must not follow a redirect to another host.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(ProviderError::HttpClient)?;
        Self::with_http_client(config, http, clock)
    }

    /// A provider on an HTTP client made elsewhere, which brings its own timeouts.
    ///
    /// # Errors
    /// When the key cannot stand in a header.
    pub fn with_http_client(
        config: ProviderConfig,
        http: reqwest::Client,
        clock: SharedClock,
    ) -> Result<Self, ProviderError> {
        let endpoint = Endpoint::of(&config)?;
        // The library's own executor tries three more times; ours sends once.
        let client = Client::build(http.clone(), endpoint).with_http_service(OneExchange(http));
        Tariff::of(&config).warn_of_guess(&config.name, false);
        let able = Mutex::new(Capabilities::guess(&config.base_url, &config.model));
        Ok(Self { shared: Arc::new(Shared { config, client, able, clock }) })
    }

    /// The same provider with abilities as given.
    pub fn with_capabilities(self, able: Capabilities) -> Self {
        self.learn(able);
        self
    }

    /// Its name from the settings.
    pub fn name(&self) -> &str {
        &self.shared.config.name
    }

    /// Its settings.
    pub(super) fn config(&self) -> &ProviderConfig {
        &self.shared.config
    }

    /// Its model.
    pub fn model(&self) -> &str {
        &self.shared.config.model
    }

    /// What its model is fit for; absent when for everything.
    pub fn tier(&self) -> Option<Tier> {
        self.shared.config.tier
    }

    /// What it can do, as far as is known by now.
    pub fn capabilities(&self) -> Capabilities {
        *self.shared.able.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks once.
    ///
    /// # Errors
    /// With a [`CallFault`] that says what can be done about it.
    pub async fn call(&self, request: &LlmRequest) -> Result<LlmAnswer, CallFault> {
        let started_ms = self.shared.clock.now_ms();
        let mut adjusted = 0;
        loop {
            let able = self.capabilities();
            let failed = match self.send(&body(&self.shared.config.model, request, able)).await {
                Ok(reply) => return self.read(&reply, request, started_ms),
                Err(failed) => failed,
            };
            if request.picture.is_some() && denies_pictures(&failed) {
                // Its words are as good as before: that is no reason to leave the server alone.
                return Err(CallFault::new(FaultKind::Rejected, "the model takes no pictures"));
            }
            match self.without_refused_field(&failed, able) {
                Some(less) if adjusted < MAX_ADJUSTMENTS => self.learn(less),
                Some(_) | None => return Err(self.fault(failed)),
            }
            adjusted += 1;
        }
    }

    async fn send(&self, body: &Value) -> Result<Reply, OpenAIError> {
        self.shared.client.chat().create_byot::<_, Reply>(body).await
    }

    fn read(
        &self,
        reply: &Reply,
        request: &LlmRequest,
        started_ms: i64,
    ) -> Result<LlmAnswer, CallFault> {
        let now_ms = self.shared.clock.now_ms();
        let config = &self.shared.config;
        let told = reply.usage();
        let tariff = Tariff::of(config);
        let cost = |usage| tariff.nano_usd(usage, now_ms);
        let json = reply
            .json(config.api_key.expose_secret())
            .map_err(|fault| fault.costing(cost(&told)).using(told))?;
        let estimated = told == Usage::default();
        let usage = if estimated { guessed(request, &json) } else { told };
        Ok(LlmAnswer {
            json,
            provider: config.name.clone(),
            model: config.model.clone(),
            prompt_tokens: usage.prompt_tokens,
            completion_tokens: usage.completion_tokens,
            cost_nano_usd: cost(&usage),
            estimated,
            latency_ms: now_ms - started_ms,
        })
    }

    fn learn(&self, able: Capabilities) {
        *self.shared.able.lock().unwrap_or_else(PoisonError::into_inner) = able;
    }

    /// The abilities without the one a 400 has just denied; `None` when it denied none.
    fn without_refused_field(
        &self,
        failed: &OpenAIError,
        able: Capabilities,
    ) -> Option<Capabilities> {
        let Some(WireFault::Status { status: 400 | 422, body, .. }) = wire_fault(failed) else {
            return None;
        };
        let complaint = ErrorBody::parse(body);
        let mut less = able;
        if complaint.names("temperature") {
            less.temperature = Temperature::Unsupported;
        } else if complaint.names("response_format") || complaint.names("json_schema") {
            less.answer_format = able.answer_format.weaker();
        } else if complaint.names(able.max_tokens_field.name()) {
            less.max_tokens_field = able.max_tokens_field.other();
        }
        (less != able).then_some(less)
    }

    fn fault(&self, failed: OpenAIError) -> CallFault {
        let key = self.shared.config.api_key.expose_secret();
        if let Some(wire) = wire_fault(&failed) {
            return wire_to_fault(wire, key);
        }
        match failed {
            OpenAIError::Reqwest(error) => CallFault::transient(scrub(&broken(&error), key)),
            OpenAIError::JSONDeserialize(..) => CallFault::transient("a body of another shape"),
            OpenAIError::ApiError(error) => CallFault::transient(scrub(&error.to_string(), key)),
            OpenAIError::InvalidArgument(_)
            | OpenAIError::FileSaveError(_)
            | OpenAIError::FileReadError(_)
            | OpenAIError::StreamError(_)
            | OpenAIError::Boxed(_) => {
                CallFault::new(FaultKind::Rejected, "the request was not sent")
            }
        }
    }
}

/// The tokens of an exchange that were not told.
fn guessed(request: &LlmRequest, answer: &Value) -> Usage {
    Usage {
        prompt_tokens: tokens::estimate_prompt(request),
        completion_tokens: tokens::estimate(&answer.to_string()),
        ..Usage::default()
    }
}

fn wire_fault(failed: &OpenAIError) -> Option<&WireFault> {
    match failed {
        OpenAIError::Boxed(inner) => inner.downcast_ref(),
        OpenAIError::Reqwest(_)
        | OpenAIError::ApiError(_)
        | OpenAIError::JSONDeserialize(..)
        | OpenAIError::InvalidArgument(_)
        | OpenAIError::FileSaveError(_)
        | OpenAIError::FileReadError(_)
        | OpenAIError::StreamError(_) => None,
    }
}

fn broken(error: &reqwest::Error) -> String {
    let what = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection broke"
    };
    what.to_owned()
}

/// Whether a server says of itself that it cannot look at pictures, with whatever status.
fn denies_pictures(failed: &OpenAIError) -> bool {
    let Some(WireFault::Status { status: 400..=599, body, .. }) = wire_fault(failed) else {
        return false;
    };
    let told = ErrorBody::parse(body).told().to_lowercase();
    told.contains("image")
        && ["support", "input", "content type", "multimodal"].iter().any(|word| told.contains(word))
}

fn wire_to_fault(wire: &WireFault, key: &str) -> CallFault {
    let WireFault::Status { status, retry_after_ms, body } = wire else {
        return CallFault::transient(wire.to_string());
    };
    let complaint = ErrorBody::parse(body);
    let kind = match status {
        _ if complaint.is_quota() => FaultKind::Permanent,
        _ if complaint.is_filter() => FaultKind::Refused,
        408 | 409 | 425 | 429 | 500..=599 => {
            FaultKind::Transient { retry_after_ms: *retry_after_ms }
        }
        401..=404 => FaultKind::Permanent,
        // A redirect means that the base URL is not the server's.
        300..=399 => FaultKind::Permanent,
        _ => FaultKind::Rejected,
    };
    CallFault::new(kind, scrub(&format!("{status} {}", complaint.told()), key))
}

/// The request on the wire.
fn body(model: &str, request: &LlmRequest, able: Capabilities) -> Value {
    let mut body = Map::new();
    let system = match able.answer_format {
        AnswerFormat::JsonSchema => request.system.clone(),
        AnswerFormat::JsonObject | AnswerFormat::Plain => {
            format!("{}\n\n{}\n{}", request.system, PLAIN_JSON.trim(), request.schema)
        }
    };
    body.insert("model".into(), json!(model));
    body.insert(
        "messages".into(),
        json!([{"role": "system", "content": system}, {"role": "user", "content": content(request)}]),
    );
    let most = request.max_tokens.saturating_add(able.reasoning_tokens);
    body.insert(able.max_tokens_field.name().into(), json!(most));
    if let Some(temperature) = temperature(request.temperature, able.temperature) {
        body.insert("temperature".into(), temperature);
    }
    if let Some(format) = response_format(request, able.answer_format) {
        body.insert("response_format".into(), format);
    }
    Value::Object(body)
}

/// What the user says: words, or words and a picture that travels with them.
fn content(request: &LlmRequest) -> Value {
    let Some(picture) = &request.picture else { return json!(request.user) };
    let url = format!("data:image/jpeg;base64,{}", STANDARD.encode(picture.jpeg.as_slice()));
    json!([
        {"type": "text", "text": request.user},
        {"type": "image_url", "image_url": {"url": url}},
    ])
}

/// How the shape is asked for where the server does not force it.
const PLAIN_JSON: &str = include_str!("../../prompts/plain_json.md");

fn response_format(request: &LlmRequest, format: AnswerFormat) -> Option<Value> {
    match format {
        AnswerFormat::JsonSchema => Some(json!({
            "type": "json_schema",
            "json_schema": {"name": request.schema_name, "strict": true, "schema": request.schema},
        })),
        AnswerFormat::JsonObject => Some(json!({"type": "json_object"})),
        AnswerFormat::Plain => None,
    }
}

fn temperature(wanted: f32, able: Temperature) -> Option<Value> {
    let value = match able {
        Temperature::Fixed(value) => value,
        Temperature::Range(least, most) => wanted.clamp(least, most),
        Temperature::Unsupported => return None,
    };
    // Through text, so that 0.7 does not travel as 0.699999988079071.
    value.to_string().parse::<f64>().ok().map(|value| json!(value))
}

impl tower::Service<LlmRequest> for OpenAiProvider {
    type Response = LlmAnswer;
    type Error = CallFault;
    type Future = BoxFuture<'static, Result<LlmAnswer, CallFault>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), CallFault>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: LlmRequest) -> Self::Future {
        let provider = self.clone();
        async move { Self::call(&provider, &request).await }.boxed()
    }
}

#[async_trait]
impl Llm for OpenAiProvider {
    async fn ask(&self, request: &LlmRequest) -> Result<LlmAnswer, LlmError> {
        self.call(request).await.map_err(LlmError::from)
    }
}

/// Where to send and with which key; unlike the library's own, it reads no environment.
#[derive(Debug, Clone)]
struct Endpoint {
    base_url: String,
    api_key: SecretString,
    authorization: Option<HeaderValue>,
}

impl Endpoint {
    fn of(config: &ProviderConfig) -> Result<Self, ProviderError> {
        let key = config.api_key.expose_secret();
        let authorization = if key.is_empty() {
            None
        } else {
            let mut value = HeaderValue::from_str(&format!("Bearer {key}"))
                .map_err(|_| ProviderError::Key(config.name.clone()))?;
            value.set_sensitive(true);
            Some(value)
        };
        let base_url = config.base_url.trim_end_matches('/').to_owned();
        Ok(Self { base_url, api_key: config.api_key.clone(), authorization })
    }
}

impl Config for Endpoint {
    fn headers(&self) -> HeaderMap {
        self.authorization.clone().map(|value| (AUTHORIZATION, value)).into_iter().collect()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    fn query(&self) -> Vec<(&str, &str)> {
        Vec::new()
    }

    fn api_base(&self) -> &str {
        &self.base_url
    }

    fn api_key(&self) -> &SecretString {
        &self.api_key
    }
}
