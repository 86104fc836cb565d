//! What is told to Discord once at the start, and what it tells of us.

use reqwest::Method;
use serde_json::Value;

use crate::channels::SendError;

use super::Discord;
use super::api::Cargo;
use super::commands::commands;

/// Who the bot is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotAccount {
    /// The application, and the person it is among others.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What its interactions are signed with, in hexadecimal digits.
    pub public_key: String,
    /// Where interactions are delivered, if they do not come over the gateway.
    pub interactions_url: Option<String>,
}

impl Discord {
    /// Checks the token and registers the commands; the same again changes nothing.
    pub async fn setup(&self) -> Result<BotAccount, SendError> {
        let me = self.api.call(Method::GET, "applications/@me", Cargo::Nothing).await?;
        let text = |name: &str| me.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let account = BotAccount {
            id: text("id"),
            name: text("name"),
            public_key: text("verify_key"),
            interactions_url: Some(text("interactions_endpoint_url")).filter(|url| !url.is_empty()),
        };
        let path = format!("applications/{}/commands", account.id);
        self.api.call(Method::PUT, &path, Cargo::Json(commands())).await?;
        Ok(account)
    }
}
