//! Voice notes as text, where a server for it is set. Outside of any transaction, within a bound:
//! without an answer the voice note stays one, and the conversation asks kindly to type.

use std::sync::Arc;
use std::time::Duration;

use sitespark_core::brief::Language;
use sitespark_core::llm::speech::{MAX_AUDIO_BYTES, Speech};
use sitespark_core::storage::Objects;

use crate::channels::Ports;
use crate::message::{Content, FileRef, Inbound, MAX_TEXT_CHARS};

/// For fetching and hearing together; less than a row of the inbox may take.
const PATIENCE: Duration = Duration::from_secs(25);

/// Fetches voice notes and has them heard.
pub struct Ear {
    speech: Speech,
    ports: Arc<Ports>,
    objects: Objects,
}

impl Ear {
    /// An ear for these channels; recordings of our own channels are in `objects`.
    pub fn new(speech: Speech, ports: Arc<Ports>, objects: Objects) -> Self {
        Self { speech, ports, objects }
    }

    /// The words of a voice note; `None` for anything else, and where they could not be heard.
    pub async fn hear(&self, inbound: &Inbound, language: Language) -> Option<String> {
        let Content::Voice { file } = &inbound.content else { return None };
        let heard = tokio::time::timeout(PATIENCE, self.listen(inbound, file, language)).await;
        match heard {
            Ok(Ok(words)) => Some(words.chars().take(MAX_TEXT_CHARS).collect()),
            Ok(Err(why)) => {
                tracing::warn!(why, "a voice note was not heard");
                None
            }
            Err(_) => {
                tracing::warn!("a voice note was not heard in time");
                None
            }
        }
    }

    async fn listen(
        &self,
        inbound: &Inbound,
        file: &FileRef,
        language: Language,
    ) -> Result<String, String> {
        let bytes = match self.ports.get(inbound.channel) {
            Some(port) => {
                port.fetch(file, MAX_AUDIO_BYTES).await.map_err(|error| error.to_string())?
            }
            None => {
                let stored = self.objects.get(&file.id).await;
                stored.map_err(|error| error.to_string())?.to_vec()
            }
        };
        let heard = self.speech.transcribe(bytes, file.media_type.as_deref(), language.tag()).await;
        heard.map_err(|error| error.to_string())
    }
}
