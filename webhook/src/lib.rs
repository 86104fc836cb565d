//! HTTP in: verify, store, answer.
//!
//! A channel gets its 2xx only after its update is committed. Nothing is decided in here.

mod browser_chat;
mod count;
mod discord;
mod exports;
mod ops;
mod telegram;
pub mod verify;
pub mod web;
mod whatsapp;

pub use browser_chat::BrowserChat;
pub use count::count_requests;
pub use discord::{DiscordDoor, router as discord_router};
pub use exports::router as exports_router;
pub use ops::{Readiness, router as ops_router};
pub use telegram::{TelegramDoor, router as telegram_router};
pub use whatsapp::{WhatsappDoor, router as whatsapp_router};

/// Largest delivery of a channel: WhatsApp batches up to about 3 MB.
pub const MAX_DELIVERY_BYTES: usize = 4 * 1_024 * 1_024;

/// Longest a delivery is stored for: beyond it the channel is told to come again.
const STORING: std::time::Duration = std::time::Duration::from_secs(4);

/// What is stored, or that it took too long. It may be stored all the same: the cause tells it then.
async fn in_time(
    storing: impl Future<Output = Result<(), sitespark_core::db::DbError>>,
) -> Result<(), sitespark_core::db::DbError> {
    let stored = tokio::time::timeout(STORING, storing).await;
    stored.unwrap_or_else(|_| Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into()))
}
