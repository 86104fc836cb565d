//! Settings of the server that hears.

use sitespark_core::llm::ProviderConfig;

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
}
