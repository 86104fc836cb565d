//! What somebody said in a voice note, as text, by an OpenAI-compatible `/audio/transcriptions`.
//!
//! One bounded request, no retries: who asks has another way when there is no answer.

use std::sync::Arc;
use std::time::Duration;

use reqwest::multipart::{Form, Part};
use secrecy::ExposeSecret;
use serde::Deserialize;

use super::ProviderConfig;
use super::call_log::{CallLog, CallRecord, measure, status};
use crate::clock::SharedClock;
use crate::plain::from_json;

/// Largest recording that is sent: an hour of what phones record.
pub const MAX_AUDIO_BYTES: usize = 8 * 1_024 * 1_024;
/// How long the server may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Longest answer that is read.
const MAX_ANSWER_BYTES: usize = 256 * 1_024;

const STAGE: &str = "speech";

/// A server that hears.
pub struct Speech {
    http: reqwest::Client,
    config: ProviderConfig,
    log: Arc<dyn CallLog>,
    clock: SharedClock,
}

/// Why there is no text.
#[derive(Debug, thiserror::Error)]
pub enum SpeechError {
    /// More bytes than are sent.
    #[error("the recording is too large")]
    TooLarge,
    /// No answer, or one that cannot be read.
    #[error("the server for speech is troubled: {0}")]
    Troubled(String),
    /// The server does not take it.
    #[error("the server for speech answered with status {0}")]
    Refused(u16),
    /// Nothing was said in it.
    #[error("nothing was said")]
    Silence,
}

#[derive(Deserialize)]
struct Answer {
    text: String,
    #[serde(default)]
    usage: Usage,
}

/// Tokens, where the server counts in them; others count seconds.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
struct Usage {
    input_tokens: i64,
    output_tokens: i64,
}

impl Speech {
    /// A server by its settings; what it is asked is written down.
    pub fn new(
        config: ProviderConfig,
        http: reqwest::Client,
        log: Arc<dyn CallLog>,
        clock: SharedClock,
    ) -> Self {
        Self { http, config, log, clock }
    }

    /// The words of a recording; `language` is a hint of two letters.
    pub async fn transcribe(
        &self,
        bytes: Vec<u8>,
        media_type: Option<&str>,
        language: &str,
    ) -> Result<String, SpeechError> {
        if bytes.len() > MAX_AUDIO_BYTES {
            return Err(SpeechError::TooLarge);
        }
        let began_ms = self.clock.now_ms();
        let heard = self.ask(bytes, media_type, language).await;
        let (label, usage) = match &heard {
            Ok(answer) => (status::OK, answer.usage),
            Err(SpeechError::Refused(_)) => ("rejected", Usage::default()),
            Err(_) => ("transient", Usage::default()),
        };
        self.note(label, usage, began_ms).await;
        let text = heard?.text;
        let text = text.trim();
        if text.is_empty() { Err(SpeechError::Silence) } else { Ok(text.to_owned()) }
    }

    async fn ask(
        &self,
        bytes: Vec<u8>,
        media_type: Option<&str>,
        language: &str,
    ) -> Result<Answer, SpeechError> {
        let media_type = media_type.unwrap_or("audio/ogg");
        let file = Part::bytes(bytes).file_name(format!("voice.{}", ending_of(media_type)));
        let file = file.mime_str(media_type).map_err(troubled)?;
        let form = Form::new()
            .text("model", self.config.model.clone())
            .text("response_format", "json")
            .text("language", language.to_owned())
            .part("file", file);
        let address = format!("{}/audio/transcriptions", self.config.base_url);
        let mut request = self.http.post(address).multipart(form).timeout(PATIENCE);
        let key = self.config.api_key.expose_secret();
        if !key.is_empty() {
            request = request.bearer_auth(key);
        }
        let response = request.send().await.map_err(troubled)?;
        if !response.status().is_success() {
            return Err(SpeechError::Refused(response.status().as_u16()));
        }
        let body = read(response).await?;
        from_json(&body).map_err(|_| SpeechError::Troubled("an answer without a text".to_owned()))
    }

    /// Without a price: servers charge by the minute, and do not tell how many there were.
    async fn note(&self, label: &str, usage: Usage, began_ms: i64) {
        let at_ms = self.clock.now_ms();
        let record = CallRecord {
            run: None,
            stage: STAGE.to_owned(),
            prompt: String::new(),
            provider: self.config.name.clone(),
            model: self.config.model.clone(),
            status: label.to_owned(),
            prompt_tokens: usage.input_tokens,
            completion_tokens: usage.output_tokens,
            cost_nano_usd: 0,
            estimated: true,
            latency_ms: at_ms - began_ms,
            at_ms,
        };
        measure(&record);
        if let Err(error) = self.log.write(&record).await {
            tracing::error!(%error, "a transcription could not be written down");
        }
    }
}

async fn read(mut response: reqwest::Response) -> Result<Vec<u8>, SpeechError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(troubled)? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(SpeechError::Troubled("an answer without end".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Without the address: it is the operator's business.
fn troubled(error: reqwest::Error) -> SpeechError {
    SpeechError::Troubled(error.without_url().to_string())
}

/// Servers tell the kind of a recording by the end of its name.
fn ending_of(media_type: &str) -> &'static str {
    match media_type.split(';').next().unwrap_or_default().trim() {
        "audio/mpeg" | "audio/mp3" => "mp3",
        "audio/mp4" | "audio/m4a" | "audio/x-m4a" | "audio/aac" | "video/mp4" => "m4a",
        "audio/wav" | "audio/x-wav" | "audio/wave" => "wav",
        "audio/webm" | "video/webm" => "webm",
        _ => "ogg",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_is_named_by_its_kind() {
        for (kind, ending) in [
            ("audio/ogg; codecs=opus", "ogg"),
            ("audio/webm;codecs=opus", "webm"),
            ("audio/mp4", "m4a"),
            ("audio/mpeg", "mp3"),
            ("x", "ogg"),
        ] {
            assert_eq!(ending_of(kind), ending);
        }
    }
}
