//! Words read aloud, as OGG Opus, by an OpenAI-compatible `/audio/speech`.

use std::sync::Arc;

use serde_json::json;
use sha2::{Digest, Sha256};

use super::audio::{AudioFault, AudioServer, Counted};
use super::call_log::CallLog;
use super::{Lookup, ProviderConfig};
use crate::clock::SharedClock;

/// Most characters that are read: about a minute.
pub const MAX_WORDS_CHARS: usize = 1_000;
/// What recordings are.
pub const RECORDING_TYPE: &str = "audio/ogg";
/// Largest recording that is taken.
const MAX_RECORDING_BYTES: usize = 1_024 * 1_024;
/// How every OGG file begins.
const OGG_START: &[u8] = b"OggS";
/// Who reads where nobody is named.
const DEFAULT_VOICE: &str = "alloy";
/// Longest name of a voice.
const MAX_VOICE_CHARS: usize = 64;

const STAGE: &str = "voice";

/// A server that reads aloud, and in whose voice.
#[derive(Debug, Clone)]
pub struct VoiceConfig {
    /// The server and its model.
    pub server: ProviderConfig,
    /// The voice as the server knows it.
    pub voice: String,
}

impl VoiceConfig {
    /// Reads `name=base_url|model|key_env|voice` for the setting `name`; `key_env` may be empty for
    /// servers without a key, and `voice` be left out.
    ///
    /// # Errors
    /// Every fault of it, in words.
    pub fn parse(name: &str, text: &str, lookup: Lookup<'_>) -> Result<Self, Vec<String>> {
        let fields: Vec<&str> = text.split('|').map(str::trim).collect();
        let (server, voice) = match fields.as_slice() {
            [first, _] | [first, _, _] if first.contains('=') => (fields.join("|"), ""),
            [first, model, key_env, voice] if first.contains('=') => {
                (format!("{first}|{model}|{key_env}"), *voice)
            }
            _ => return Err(vec![format!("{name} must be name=base_url|model|key_env|voice")]),
        };
        let server = ProviderConfig::parse_one(name, &server, lookup);
        let voice = if voice.is_empty() { DEFAULT_VOICE } else { voice };
        let is_named =
            voice.len() <= MAX_VOICE_CHARS && voice.bytes().all(|b| b.is_ascii_graphic());
        if is_named {
            return server.map(|server| Self { server, voice: voice.to_owned() });
        }
        let mut faults = server.err().unwrap_or_default();
        let wanted = format!("1 to {MAX_VOICE_CHARS} characters without a blank");
        faults.push(format!("{name}: the voice must be {wanted}"));
        Err(faults)
    }
}

/// A server that reads aloud.
pub struct Voice {
    server: AudioServer,
    voice: String,
}

/// Why there is no recording.
#[derive(Debug, thiserror::Error)]
pub enum VoiceError {
    /// More words than are read.
    #[error("too many words to be read aloud")]
    TooLong,
    /// The server gave none.
    #[error(transparent)]
    Server(#[from] AudioFault),
}

impl Voice {
    /// A server by its settings; what it is asked is written down.
    pub fn new(
        config: VoiceConfig,
        http: reqwest::Client,
        log: Arc<dyn CallLog>,
        clock: SharedClock,
    ) -> Self {
        let VoiceConfig { server, voice } = config;
        Self { server: AudioServer::new(STAGE, server, http, log, clock), voice }
    }

    /// SHA-256 of all that goes into a recording, in hex: the words, the voice, the model.
    pub fn digest(&self, words: &str) -> String {
        let mut hash = Sha256::new();
        for part in [words, &self.voice, self.server.model()] {
            hash.update(part.len().to_le_bytes());
            hash.update(part.as_bytes());
        }
        hex::encode(hash.finalize())
    }

    /// A recording of these words.
    pub async fn read(&self, words: &str) -> Result<Vec<u8>, VoiceError> {
        if words.chars().count() > MAX_WORDS_CHARS {
            return Err(VoiceError::TooLong);
        }
        let body = json!({
            "model": self.server.model(),
            "voice": self.voice,
            "input": words,
            "response_format": "opus",
        });
        let request = self.server.post("audio/speech").json(&body);
        Ok(self.server.ask(request, MAX_RECORDING_BYTES, recording).await?)
    }
}

/// What is none is refused: a channel would show it as a file that nobody can open.
fn recording(body: Vec<u8>) -> Result<(Vec<u8>, Counted), AudioFault> {
    if body.starts_with(OGG_START) {
        Ok((body, Counted::default()))
    } else {
        Err(AudioFault::Troubled("an answer that is no recording".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use secrecy::ExposeSecret;

    use super::*;

    fn parse(text: &str) -> Result<VoiceConfig, Vec<String>> {
        let env = |name: &str| (name == "A_KEY").then(|| "sk-rahasia".to_owned());
        VoiceConfig::parse("SPEECH_PROVIDER", text, &env)
    }

    #[test]
    fn the_voice_may_be_left_out() {
        for (text, voice) in [
            ("a=http://127.0.0.1:1/v1|tts-1|A_KEY|nova", "nova"),
            ("a=http://127.0.0.1:1/v1|tts-1|A_KEY|", "alloy"),
            ("a=http://127.0.0.1:1/v1|tts-1|A_KEY", "alloy"),
        ] {
            let read = parse(text).unwrap();
            assert_eq!(read.voice, voice, "{text}");
            assert_eq!(read.server.model, "tts-1");
            assert_eq!(read.server.api_key.expose_secret(), "sk-rahasia");
        }
        assert_eq!(parse("a=http://127.0.0.1:1|m||v").unwrap().server.api_key.expose_secret(), "");
    }

    #[rstest]
    #[case("nonsense", "must be name=base_url|model|key_env|voice")]
    #[case("a=http://x.test|m|A_KEY|v|fast", "must be name=base_url|model|key_env|voice")]
    #[case("a=ftp://x.test|m|A_KEY|v", "SPEECH_PROVIDER: the base URL must begin")]
    #[case("a=http://x.test|m|NO_KEY", "NO_KEY is not set")]
    #[case("a=http://x.test|m|A_KEY|two words", "the voice must be")]
    fn a_faulty_setting_is_told(#[case] text: &str, #[case] part: &str) {
        let faults = parse(text).unwrap_err();
        assert!(faults.iter().any(|fault| fault.contains(part)), "{faults:?}");
    }

    #[rstest]
    #[case(b"", false)]
    #[case(b"{\"error\":\"no\"}", false)]
    #[case(b"ID3 mp3", false)]
    #[case(b"OggS suara", true)]
    fn only_a_recording_is_taken(#[case] body: &[u8], #[case] is_taken: bool) {
        assert_eq!(recording(body.to_vec()).is_ok(), is_taken);
    }
}
