//! What somebody said in a voice note, as text, by an OpenAI-compatible `/audio/transcriptions`.

use std::sync::Arc;

use reqwest::multipart::{Form, Part};
use serde::Deserialize;

use super::ProviderConfig;
use super::audio::{AudioFault, AudioServer, Counted, troubled};
use super::call_log::CallLog;
use crate::clock::SharedClock;
use crate::plain::from_json;

/// Largest recording that is sent: an hour of what phones record.
pub const MAX_AUDIO_BYTES: usize = 8 * 1_024 * 1_024;
/// Longest answer that is read.
const MAX_ANSWER_BYTES: usize = 256 * 1_024;

const STAGE: &str = "speech";

/// A server that hears.
pub struct Speech {
    server: AudioServer,
}

/// Why there is no text.
#[derive(Debug, thiserror::Error)]
pub enum SpeechError {
    /// More bytes than are sent.
    #[error("the recording is too large")]
    TooLarge,
    /// The server gave no text.
    #[error(transparent)]
    Server(#[from] AudioFault),
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

#[derive(Default, Deserialize)]
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
        Self { server: AudioServer::new(STAGE, config, http, log, clock) }
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
        let form = self.form(bytes, media_type.unwrap_or("audio/ogg"), language)?;
        let request = self.server.post("audio/transcriptions").multipart(form);
        let text = self.server.ask(request, MAX_ANSWER_BYTES, text_of).await?;
        let text = text.trim();
        if text.is_empty() { Err(SpeechError::Silence) } else { Ok(text.to_owned()) }
    }

    fn form(&self, bytes: Vec<u8>, media_type: &str, language: &str) -> Result<Form, AudioFault> {
        let file = Part::bytes(bytes).file_name(format!("voice.{}", ending_of(media_type)));
        let file = file.mime_str(media_type).map_err(troubled)?;
        Ok(Form::new()
            .text("model", self.server.model().to_owned())
            .text("response_format", "json")
            .text("language", language.to_owned())
            .part("file", file))
    }
}

fn text_of(body: Vec<u8>) -> Result<(String, Counted), AudioFault> {
    let answer: Answer = from_json(&body)
        .map_err(|_| AudioFault::Troubled("an answer without a text".to_owned()))?;
    let Usage { input_tokens, output_tokens } = answer.usage;
    Ok((answer.text, Counted { input_tokens, output_tokens }))
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
