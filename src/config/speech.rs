//! Settings of the servers that hear and that read aloud.

use sitespark_core::llm::ProviderConfig;
use sitespark_core::llm::voice::VoiceConfig;

use super::Reader;

impl Reader<'_> {
    pub(super) fn audio(&mut self) -> Option<ProviderConfig> {
        let text = self.get("AUDIO_PROVIDER")?;
        match ProviderConfig::parse_list(&text, self.lookup) {
            Ok(mut list) if list.len() == 1 => list.pop(),
            Ok(_) => {
                self.fault("AUDIO_PROVIDER", "one entry name=base_url|model|key_env");
                None
            }
            Err(faults) => {
                let named =
                    faults.iter().map(|fault| fault.replace("LLM_PROVIDERS", "AUDIO_PROVIDER"));
                self.faults.extend(named);
                None
            }
        }
    }

    pub(super) fn speech(&mut self) -> Option<VoiceConfig> {
        let text = self.get("SPEECH_PROVIDER")?;
        let read = VoiceConfig::parse("SPEECH_PROVIDER", &text, self.lookup);
        read.map_err(|faults| self.faults.extend(faults)).ok()
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Settings;

    #[test]
    fn who_reads_aloud_is_set_by_one_entry() {
        let read = |value: &str| {
            let value = value.to_owned();
            Settings::read(&move |name| (name == "SPEECH_PROVIDER").then(|| value.clone()))
        };
        assert!(read(" ").unwrap().speech.is_none());
        let speech = read("a=http://127.0.0.1:1/v1|tts-1||nova").unwrap().speech.unwrap();
        assert_eq!((speech.server.model.as_str(), speech.voice.as_str()), ("tts-1", "nova"));
        let fault = read("a=http://127.0.0.1:1/v1|tts-1|NO_KEY").unwrap_err().to_string();
        assert_eq!(fault, "1 setting is wrong: SPEECH_PROVIDER: NO_KEY is not set");
    }
}
