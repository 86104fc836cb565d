//! What is told to Telegram once at the start, and asking it for updates where it cannot call us.

use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::channels::SendError;
use crate::channels::words::words;

use super::Telegram;
use super::api::CallError;

/// The updates we read; named, because Telegram otherwise keeps the list of the last time.
const ALLOWED_UPDATES: [&str; 5] =
    ["message", "edited_message", "callback_query", "my_chat_member", "message_reaction"];
/// Deliveries at the same time.
const MAX_CONNECTIONS: i64 = 40;
/// Updates taken at once when asking for them.
const MAX_POLLED: i64 = 100;
/// Longest secret of a webhook.
const MAX_SECRET_CHARS: usize = 256;

/// Who the bot is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotAccount {
    /// Its number.
    pub id: i64,
    /// Its name without `@`, for links such as `https://t.me/NAME?start=CODE`.
    pub username: String,
}

impl Telegram {
    /// Checks the token, sets the command menu, and has updates delivered to `webhook_url`, or kept
    /// for [`Telegram::poll`] without one.
    pub async fn setup(&self, webhook_url: Option<&str>) -> Result<BotAccount, SendError> {
        let me = self.ask("getMe", &json!({})).await?;
        let menus = &words().commands;
        self.ask("setMyCommands", &json!({ "commands": menus.id })).await?;
        for (language, menu) in [("id", &menus.id), ("en", &menus.en)] {
            let params = json!({ "commands": menu, "language_code": language });
            self.ask("setMyCommands", &params).await?;
        }
        let button = json!({ "menu_button": { "type": "commands" } });
        self.ask("setChatMenuButton", &button).await?;
        match webhook_url {
            Some(url) => self.ask("setWebhook", &self.webhook_params(url)?).await?,
            None => self.ask("deleteWebhook", &json!({ "drop_pending_updates": false })).await?,
        };
        let username = me.get("username").and_then(Value::as_str).unwrap_or_default().to_owned();
        // Set once; a second set-up tells the same.
        let _same = self.name.set(username.clone());
        Ok(BotAccount { id: me.get("id").and_then(Value::as_i64).unwrap_or_default(), username })
    }

    /// Waits up to `timeout_s` for updates from `offset` on and gives each with its number and its
    /// body for [`parse_update`](super::parse_update). Asking with a higher offset confirms all
    /// before it: store first, ask then. One caller at a time.
    pub async fn poll(
        &self,
        offset: i64,
        timeout_s: u64,
    ) -> Result<Vec<(i64, Vec<u8>)>, SendError> {
        let params = json!({
            "offset": offset,
            "limit": MAX_POLLED,
            "timeout": timeout_s,
            "allowed_updates": ALLOWED_UPDATES,
        });
        let result = self.api.call_waiting("getUpdates", &params, timeout_s).await;
        let result = result.map_err(CallError::into_send_error)?;
        let updates = result.as_array().map(Vec::as_slice).unwrap_or_default();
        let numbered = updates.iter().filter_map(|update| {
            let update_id = update.get("update_id").and_then(Value::as_i64)?;
            Some((update_id, update.to_string().into_bytes()))
        });
        Ok(numbered.collect())
    }

    async fn ask(&self, method: &str, params: &Value) -> Result<Value, SendError> {
        self.api.call(method, params).await.map_err(CallError::into_send_error)
    }

    fn webhook_params(&self, url: &str) -> Result<Value, SendError> {
        let secret = self.webhook_secret.expose_secret();
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if !(1..=MAX_SECRET_CHARS).contains(&secret.len()) || !secret.bytes().all(is_allowed) {
            let rule = "the webhook secret must be 1 to 256 of A-Z, a-z, 0-9, _ and -";
            return Err(SendError::Misconfigured(rule.to_owned()));
        }
        Ok(json!({
            "url": url,
            "secret_token": secret,
            "allowed_updates": ALLOWED_UPDATES,
            "max_connections": MAX_CONNECTIONS,
        }))
    }
}
