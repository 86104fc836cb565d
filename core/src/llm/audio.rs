//! One bounded request to a server that hears or speaks, and its line in the book.
//!
//! No retries: who asks has another way when there is no answer.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{RequestBuilder, Response};
use secrecy::ExposeSecret;

use super::ProviderConfig;
use super::call_log::{CallLog, CallRecord, measure, status};
use crate::clock::SharedClock;

/// How long the server may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum AudioFault {
    /// No answer, or one that cannot be used.
    #[error("the server for speech is troubled: {0}")]
    Troubled(String),
    /// The server does not take it.
    #[error("the server for speech answered with status {0}")]
    Refused(u16),
}

/// Tokens, where the server counts in them; others count seconds or characters.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counted {
    pub(super) input_tokens: i64,
    pub(super) output_tokens: i64,
}

/// A server for speech, asked for one stage.
pub(super) struct AudioServer {
    stage: &'static str,
    http: reqwest::Client,
    config: ProviderConfig,
    log: Arc<dyn CallLog>,
    clock: SharedClock,
}

impl AudioServer {
    pub(super) fn new(
        stage: &'static str,
        config: ProviderConfig,
        http: reqwest::Client,
        log: Arc<dyn CallLog>,
        clock: SharedClock,
    ) -> Self {
        Self { stage, http, config, log, clock }
    }

    /// The model that is asked.
    pub(super) fn model(&self) -> &str {
        &self.config.model
    }

    /// A request to `path` (without a slash before it), with the key if the server wants one.
    pub(super) fn post(&self, path: &str) -> RequestBuilder {
        let request = self.http.post(format!("{}/{path}", self.config.base_url)).timeout(PATIENCE);
        let key = self.config.api_key.expose_secret();
        if key.is_empty() { request } else { request.bearer_auth(key) }
    }

    /// Asks, reads the answer with `read` and writes down how it went.
    pub(super) async fn ask<T>(
        &self,
        request: RequestBuilder,
        max_bytes: usize,
        read: impl FnOnce(Vec<u8>) -> Result<(T, Counted), AudioFault>,
    ) -> Result<T, AudioFault> {
        let began_ms = self.clock.now_ms();
        let answer = body(request, max_bytes).await.and_then(read);
        let (label, counted) = match &answer {
            Ok((_, counted)) => (status::OK, *counted),
            Err(AudioFault::Refused(_)) => ("rejected", Counted::default()),
            Err(AudioFault::Troubled(_)) => ("transient", Counted::default()),
        };
        self.note(label, counted, began_ms).await;
        answer.map(|(answer, _)| answer)
    }

    /// Without a price: servers charge by the minute or by the letter, and do not tell.
    async fn note(&self, label: &str, counted: Counted, began_ms: i64) {
        let at_ms = self.clock.now_ms();
        let record = CallRecord {
            run: None,
            stage: self.stage.to_owned(),
            prompt: String::new(),
            provider: self.config.name.clone(),
            model: self.config.model.clone(),
            status: label.to_owned(),
            prompt_tokens: counted.input_tokens,
            completion_tokens: counted.output_tokens,
            cost_nano_usd: 0,
            estimated: true,
            latency_ms: at_ms - began_ms,
            at_ms,
        };
        measure(&record);
        if let Err(error) = self.log.write(&record).await {
            tracing::error!(%error, "a request for speech could not be written down");
        }
    }
}

async fn body(request: RequestBuilder, max_bytes: usize) -> Result<Vec<u8>, AudioFault> {
    let response = request.send().await.map_err(troubled)?;
    if !response.status().is_success() {
        return Err(AudioFault::Refused(response.status().as_u16()));
    }
    read_bounded(response, max_bytes).await
}

async fn read_bounded(mut response: Response, max_bytes: usize) -> Result<Vec<u8>, AudioFault> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(troubled)? {
        if body.len() + chunk.len() > max_bytes {
            return Err(AudioFault::Troubled("an answer without end".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Without the address: it is the operator's business.
pub(super) fn troubled(error: reqwest::Error) -> AudioFault {
    AudioFault::Troubled(error.without_url().to_string())
}
