//! Stand-ins for the channels' servers: they hold every request to the published limits, refuse as
//! the real ones do, and keep what they saw. For tests only; nothing here is in a shipped program.
//!
//! `violations()` names every request that the real server would not have taken and that nobody
//! scripted: a test ends by asserting that there is none.

mod discord;
mod graph;
pub(crate) mod html;
pub(crate) mod markdown;
mod server;
mod telegram;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use async_trait::async_trait;

use super::PictureSource;

#[cfg(test)]
pub(crate) use discord::refusal as discord_refusal;
#[cfg(test)]
pub(crate) use graph::refusal as graph_refusal;
#[cfg(test)]
pub(crate) use telegram::refusal as telegram_refusal;

pub use discord::{DiscordFailure, FakeDiscord, Seen};
pub use graph::{FakeGraph, GraphFailure};
pub use server::{Call, Upload};
pub use telegram::{FakeTelegram, Shown, TelegramFailure};

/// The start of a PNG file: enough for the fakes, which look no further.
pub const PNG_BYTES: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR";

/// A client that can also speak TLS, as the program makes it.
pub fn http_client() -> reqwest::Client {
    // A second installation is refused and changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().expect("no setting of the builder can fail")
}

/// Pictures from memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryPictures(pub HashMap<String, Vec<u8>>);

impl MemoryPictures {
    /// One more under a key.
    #[must_use]
    pub fn and(mut self, key: &str, bytes: &[u8]) -> Self {
        self.0.insert(key.to_owned(), bytes.to_vec());
        self
    }

    /// One picture under a key.
    pub fn with(key: &str, bytes: &[u8]) -> Self {
        Self(HashMap::from([(key.to_owned(), bytes.to_vec())]))
    }
}

#[async_trait]
impl PictureSource for MemoryPictures {
    async fn bytes(&self, key: &str) -> Option<Vec<u8>> {
        self.0.get(key).cloned()
    }
}
