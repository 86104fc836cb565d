//! One OpenAI-compatible server that paints pictures: one ask is one request, priced and written down.
//!
//! A picture is bytes that nobody trusts: whoever stores it decodes and re-encodes it. Nothing an
//! owner said goes into a request.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::Tier;
use super::call_log::{CallLog, CallRecord, status};
use super::prices::{PictureUsage, Tariff};
use super::stack::{OverBudget, Purse};
use super::{CallLimits, FaultKind, ProviderConfig, ProviderError, SpendLimits};
use crate::clock::SharedClock;
use crate::ids::RunId;

/// Largest body that is read: a picture of a few megabytes in base64.
const MAX_BODY_BYTES: usize = 24 * 1024 * 1024;
/// Longest one picture is waited for.
const PATIENCE: Duration = Duration::from_secs(45);
const STAGE: &str = "images";

/// What to paint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureRequest {
    /// The run that asks and pays.
    pub run: Option<RunId>,
    /// Name and version of the prompt file.
    pub prompt: String,
    /// What is painted.
    pub text: String,
    /// Such as `1536x1024`.
    pub size: String,
    /// `low`, `medium` or `high`.
    pub quality: String,
}

/// A painted picture with its price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The file as the server made it.
    pub bytes: Vec<u8>,
    /// Name of the provider, from the settings.
    pub provider: String,
    /// Which model.
    pub model: String,
    /// Price in billionths of a US dollar.
    pub cost_nano_usd: i64,
    /// From request to whole picture.
    pub latency_ms: i64,
}

/// Why there is no picture: the built-in art stands in.
#[derive(Debug, thiserror::Error)]
pub enum PaintError {
    /// The money is spent.
    #[error(transparent)]
    OverBudget(#[from] OverBudget),
    /// No picture in time.
    #[error("no picture in time")]
    Late,
    /// The server did not answer.
    #[error("no answer")]
    Http(#[source] reqwest::Error),
    /// The server answered with this status.
    #[error("status {0}")]
    Status(u16),
    /// The answer holds no picture.
    #[error("an answer without a picture")]
    Shape,
}

/// What a picture is reckoned to have taken where nobody said: a large one in medium quality.
const UNTOLD: PictureUsage = PictureUsage { input_tokens: 200, output_tokens: 1_600 };

impl PaintError {
    const fn label(&self) -> &'static str {
        match self {
            Self::OverBudget(_) | Self::Late => status::CANCELLED,
            Self::Http(_) => FaultKind::Transient { retry_after_ms: None }.label(),
            Self::Status(400) => FaultKind::Refused.label(),
            Self::Status(401..=404) => FaultKind::Permanent.label(),
            Self::Status(_) => FaultKind::Transient { retry_after_ms: None }.label(),
            Self::Shape => FaultKind::Unusable.label(),
        }
    }
}

/// One model that paints.
pub struct Painter {
    config: ProviderConfig,
    http: reqwest::Client,
    log: Arc<dyn CallLog>,
    purse: Purse,
    clock: SharedClock,
    patience: Duration,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Painted {
    data: Vec<Value>,
    usage: Value,
}

impl Painter {
    /// A painter by its setting, spending from the same purse as the models that write.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(
        config: ProviderConfig,
        limits: CallLimits,
        spend: SpendLimits,
        log: Arc<dyn CallLog>,
        clock: SharedClock,
    ) -> Result<Self, ProviderError> {
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_millis(limits.connect_timeout_ms))
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(ProviderError::HttpClient)?;
        Tariff::of(&config).warn_of_guess(&config.name, true);
        let purse = Purse::new(spend, log.clone(), clock.clone());
        Ok(Self { config, http, log, purse, clock, patience: PATIENCE })
    }

    /// The same, waiting no longer than this for a picture.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Which model paints; part of what a kept picture is found by.
    pub fn model(&self) -> &str {
        &self.config.model
    }

    /// What it is fit for; absent when for everything.
    pub fn tier(&self) -> Option<Tier> {
        self.config.tier
    }

    /// Paints one picture.
    ///
    /// # Errors
    /// When there is none; the caller's art stands in.
    pub async fn paint(&self, request: &PictureRequest) -> Result<Picture, PaintError> {
        self.purse.check(request.run).await?;
        let begun = Instant::now();
        let outcome = match tokio::time::timeout(self.patience, self.ask(request)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(PaintError::Late),
        };
        let latency_ms = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
        let (usage, label) = match &outcome {
            Ok((_, usage)) => (*usage, status::OK),
            Err(error) => (PictureUsage::default(), error.label()),
        };
        let at_ms = self.clock.now_ms();
        let cost_nano_usd = match &outcome {
            Err(PaintError::Http(_) | PaintError::Status(_) | PaintError::OverBudget(_)) => 0,
            // Painted and paid, even where nothing came of it or nobody said what it took.
            Ok(_) | Err(PaintError::Late | PaintError::Shape) => {
                let told = if usage == PictureUsage::default() { UNTOLD } else { usage };
                Tariff::of(&self.config).picture_nano_usd(&told, at_ms)
            }
        };
        self.note(request, usage, label, (cost_nano_usd, latency_ms)).await;
        let (bytes, _) = outcome?;
        let (provider, model) = (self.config.name.clone(), self.config.model.clone());
        Ok(Picture { bytes, provider, model, cost_nano_usd, latency_ms })
    }

    async fn ask(&self, request: &PictureRequest) -> Result<(Vec<u8>, PictureUsage), PaintError> {
        let url = format!("{}/images/generations", self.config.base_url.trim_end_matches('/'));
        let mut sent = self.http.post(url).json(&self.body(request));
        let key = self.config.api_key.expose_secret();
        if !key.is_empty() {
            sent = sent.bearer_auth(key);
        }
        let mut response = sent.send().await.map_err(PaintError::Http)?;
        if !response.status().is_success() {
            return Err(PaintError::Status(response.status().as_u16()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(PaintError::Http)? {
            if body.len() + chunk.len() > MAX_BODY_BYTES {
                return Err(PaintError::Shape);
            }
            body.extend_from_slice(&chunk);
        }
        let painted: Painted = serde_json::from_slice(&body).map_err(|_| PaintError::Shape)?;
        let text = painted.data.first().and_then(|one| one.get("b64_json")).and_then(Value::as_str);
        let bytes = STANDARD.decode(text.ok_or(PaintError::Shape)?);
        Ok((bytes.map_err(|_| PaintError::Shape)?, usage_of(&painted.usage)))
    }

    fn body(&self, request: &PictureRequest) -> Value {
        let mut body = json!({
            "model": self.config.model,
            "prompt": request.text,
            "n": 1,
        });
        if self.config.model.starts_with("gpt-image") {
            body["size"] = json!(request.size);
            body["quality"] = json!(request.quality);
        } else {
            // Others answer with an address unless they are asked; an address is never followed.
            body["response_format"] = json!("b64_json");
        }
        body
    }

    async fn note(
        &self,
        request: &PictureRequest,
        usage: PictureUsage,
        label: &str,
        (cost_nano_usd, latency_ms): (i64, i64),
    ) {
        let record = CallRecord {
            run: request.run,
            stage: STAGE.to_owned(),
            prompt: request.prompt.clone(),
            provider: self.config.name.clone(),
            model: self.config.model.clone(),
            status: label.to_owned(),
            prompt_tokens: usage.input_tokens,
            completion_tokens: usage.output_tokens,
            cost_nano_usd,
            estimated: false,
            latency_ms,
            at_ms: self.clock.now_ms(),
        };
        super::call_log::measure(&record);
        if let Err(error) = self.log.write(&record).await {
            tracing::error!(%error, "a painted picture could not be written down");
        }
    }
}

fn usage_of(usage: &Value) -> PictureUsage {
    let count =
        |name: &str| usage.get(name).and_then(Value::as_i64).map_or(0, |tokens| tokens.max(0));
    PictureUsage { input_tokens: count("input_tokens"), output_tokens: count("output_tokens") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;
    use crate::llm::fake::{Behaviour, FAKE_KEY, FakeModel, MemoryCallLog, Painting};

    const NOW_MS: i64 = 1_795_219_200_000;

    fn painter(model: &FakeModel, log: &Arc<MemoryCallLog>, spend: SpendLimits) -> Painter {
        // Another test may have installed it before.
        rustls::crypto::ring::default_provider().install_default().ok();
        let lookup = |_: &str| Some(FAKE_KEY.to_owned());
        let entry = format!("art={}|gpt-image-2|KEY|", model.base_url());
        let config = ProviderConfig::parse_one("IMAGE_PROVIDER", &entry, &lookup).unwrap();
        let clock = Arc::new(ManualClock::at(NOW_MS));
        Painter::new(config, CallLimits::default(), spend, log.clone(), clock).unwrap()
    }

    fn request() -> PictureRequest {
        PictureRequest {
            run: Some(RunId::fresh()),
            prompt: "illustration@1".to_owned(),
            text: "a table by a window".to_owned(),
            size: "1536x1024".to_owned(),
            quality: "medium".to_owned(),
        }
    }

    #[tokio::test]
    async fn a_picture_is_painted_priced_and_written_down() {
        let model = FakeModel::start(Behaviour::Good).await;
        let log = Arc::new(MemoryCallLog::default());
        let painter = painter(&model, &log, SpendLimits::default());
        let picture = painter.paint(&request()).await.unwrap();
        assert!(picture.bytes.starts_with(b"\x89PNG"));
        assert_eq!(picture.cost_nano_usd, 100 * 5_000 + 1_500 * 30_000);
        assert_eq!(log.calls()[0].cost_nano_usd, picture.cost_nano_usd);
        let sent = model.painted().remove(0);
        assert_eq!((&sent["size"], &sent["n"]), (&json!("1536x1024"), &json!(1)));
        assert_eq!(sent.get("response_format"), None);
    }

    #[tokio::test]
    async fn what_is_no_picture_is_a_fault_and_costs_what_was_painted() {
        let model = FakeModel::start(Behaviour::Good).await;
        let log = Arc::new(MemoryCallLog::default());
        let painter = painter(&model, &log, SpendLimits::default());
        let paintings = [
            (Painting::Address, true),
            (Painting::Refused, false),
            (Painting::Huge, true),
            (Painting::Status(429), false),
            (Painting::Status(500), false),
        ];
        for (painting, _) in paintings {
            model.paint(painting);
            assert!(painter.paint(&request()).await.is_err(), "{painting:?}");
        }
        for (call, (painting, is_painted)) in log.calls().iter().zip(paintings) {
            assert_eq!(call.cost_nano_usd > 0, is_painted, "{painting:?}");
            assert_ne!(call.status, "ok", "{painting:?}");
        }
    }

    #[tokio::test]
    async fn a_slow_picture_is_waited_for_and_one_that_is_too_slow_is_not() {
        let model = FakeModel::start(Behaviour::Good).await;
        let log = Arc::new(MemoryCallLog::default());
        let painter = painter(&model, &log, SpendLimits::default());
        model.paint(Painting::Slow(50));
        assert!(painter.paint(&request()).await.is_ok());
        model.paint(Painting::Slow(600_000));
        let hasty = painter.with_patience(Duration::from_millis(100));
        assert!(matches!(hasty.paint(&request()).await, Err(PaintError::Late)));
        assert_eq!(log.calls()[1].status, status::CANCELLED);
    }

    #[tokio::test]
    async fn a_spent_purse_paints_nothing() {
        let model = FakeModel::start(Behaviour::Good).await;
        let log = Arc::new(MemoryCallLog::default());
        let spend = SpendLimits { run_nano_usd: 1, day_nano_usd: 0 };
        let refused = painter(&model, &log, spend).paint(&request()).await;
        assert!(matches!(refused, Err(PaintError::OverBudget(OverBudget::Day))));
        assert_eq!(model.painted().len(), 0);
    }
}
