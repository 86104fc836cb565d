//! WhatsApp over the Cloud API.
//!
//! Messages cannot be edited and a person may only be written to every six seconds: of a progress
//! bubble only the first and the last message are sent. Outside 24 hours after the person's last
//! message nothing is sent but one template that asks them to write.

mod api;
mod errors;
mod pieces;
#[cfg(test)]
mod tests;
mod webhook;
mod wire;

use std::sync::Arc;

use async_trait::async_trait;
use secrecy::SecretString;
use serde_json::{Value, json};
use sitespark_core::llm::voice::RECORDING_TYPE;

use super::choices::is_blank;
use super::link::is_public_https;
use super::{ChannelPort, FetchError, Pace, PictureSource, SendError, Sent, recording};
use crate::message::{Channel, FileRef, Message, Reaction, VoiceNote};

use api::{Api, CallError};

pub use errors::send_error_of;
pub use webhook::{DeliveryState, DeliveryStatus, NumberChange, ParsedWebhook, parse_webhook};

/// Where the Cloud API is reached when nothing else is said.
pub const DEFAULT_API_URL: &str = "https://graph.facebook.com/v25.0";

/// Stands before the scoped id of a person in the name of a chat whose number is hidden.
pub const BSUID_PREFIX: &str = "bsuid:";

/// A message every six seconds to a chat and 80 a second to all, both ways counted. A burst borrows
/// from the future, so it is kept far below the 45 that would be let through.
const PACE: Pace =
    Pace { per_chat_interval_ms: 6_000, burst: 6, per_second_total: 40, edits: false };

/// Fewer are no number with its country.
const MIN_NUMBER_DIGITS: usize = 7;
/// A day after the person's last message, less a margin for what is under way.
const FREE_MS: i64 = (24 * 60 - 5) * 60 * 1_000;

/// What is needed to speak from a number.
#[derive(Debug, Clone)]
pub struct WhatsappConfig {
    /// Of a system user.
    pub access_token: SecretString,
    /// The number's id, not the number.
    pub phone_number_id: String,
    /// Signs deliveries.
    pub app_secret: SecretString,
    /// Shown once when the webhook is registered.
    pub verify_token: SecretString,
    /// With the version, such as [`DEFAULT_API_URL`].
    pub api_url: String,
    /// An approved template without parameters, in Indonesian and English, that asks the person to
    /// write: sent once where the time for free answers is over and something is to be said.
    pub template: Option<String>,
}

/// A number on WhatsApp.
pub struct Whatsapp {
    api: Api,
    pictures: Arc<dyn PictureSource>,
    template: Option<String>,
}

/// What is sent with a piece's words.
struct Attached<'a> {
    key: &'a str,
    url: Option<&'a str>,
    media_type: &'a str,
}

impl<'a> Attached<'a> {
    fn of(piece: &'a Message) -> Option<Self> {
        let picture = piece.picture.as_ref().map(|picture| Self {
            key: &picture.key,
            url: picture.url.as_deref(),
            media_type: &picture.media_type,
        });
        let file = || {
            piece.document.as_ref().map(|file| Self {
                key: &file.key,
                url: Some(&file.url),
                media_type: &file.media_type,
            })
        };
        picture.or_else(file)
    }
}

impl Whatsapp {
    /// A number that takes its pictures from `pictures`, unless they have a public https address.
    pub fn new(
        config: WhatsappConfig,
        http: reqwest::Client,
        pictures: Arc<dyn PictureSource>,
    ) -> Self {
        let WhatsappConfig { access_token, phone_number_id, api_url, template, .. } = config;
        Self { api: Api::new(http, &api_url, phone_number_id, access_token), pictures, template }
    }

    /// The number people write to, in digits as links have it, if the API tells one.
    pub async fn number(&self) -> Result<Option<String>, SendError> {
        let shown = self.api.display_number().await?.unwrap_or_default();
        let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
        Ok(Some(digits).filter(|digits| digits.len() >= MIN_NUMBER_DIGITS))
    }

    /// Sends one piece with its picture, file or recording named as given.
    async fn post(
        &self,
        chat: &str,
        piece: &Message,
        media: Option<Value>,
    ) -> Result<Sent, CallError> {
        let body = addressed(pieces::content(piece, media), chat);
        let answer = self.api.post_message(&body).await?;
        let id = answer.pointer("/messages/0/id").and_then(Value::as_str);
        Ok(Sent { message_ref: id.unwrap_or_default().to_owned() })
    }

    /// Sends a picture or a file by its address, as bytes where that does not do, and the text alone
    /// where there are no bytes that are taken.
    async fn send_attached(
        &self,
        chat: &str,
        piece: &Message,
        attached: Attached<'_>,
    ) -> Result<Sent, SendError> {
        if let Some(url) = attached.url.filter(|url| is_public_https(url)) {
            match self.post(chat, piece, Some(json!({ "link": url }))).await {
                Err(error) if error.is_media => {}
                result => return result.map_err(SendError::from),
            }
        }
        let media = match self.pictures.bytes(attached.key).await {
            Some(bytes) => match self.api.upload(bytes, attached.media_type).await {
                Ok(media) => Some(media),
                Err(CallError { error: SendError::Rejected(_), .. }) => None,
                Err(error) => return Err(error.into()),
            },
            None => None,
        };
        let unsent = media.is_none().then(|| pieces::with_file_linked(piece));
        let piece = unsent.as_ref().unwrap_or(piece);
        if media.is_none() && is_blank(&piece.body) {
            return Err(SendError::Rejected("there is no picture to send".to_owned()));
        }
        Ok(self.post(chat, piece, media).await?)
    }

    /// Uploads a recording and sends it as a voice note.
    async fn send_voice(
        &self,
        chat: &str,
        piece: &Message,
        note: &VoiceNote,
    ) -> Result<Sent, SendError> {
        let bytes = recording(self.pictures.as_ref(), note).await?;
        let media = self.api.upload(bytes, RECORDING_TYPE).await?;
        Ok(self.post(chat, piece, Some(media)).await?)
    }

    async fn mark_read(&self, message_ref: &str, typing: bool) {
        let mut body = json!({
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": message_ref,
        });
        if typing {
            body["typing_indicator"] = json!({ "type": "text" });
        }
        if let Err(CallError { error, .. }) = self.api.post_message(&body).await {
            tracing::debug!(%error, "a message is not marked as read");
        }
    }
}

#[async_trait]
impl ChannelPort for Whatsapp {
    fn channel(&self) -> Channel {
        Channel::Whatsapp
    }

    fn split(&self, message: Message) -> Vec<Message> {
        pieces::split(message)
    }

    fn shows_numbers(&self, message: &Message) -> bool {
        pieces::shows_numbers(message)
    }

    /// With `edit`, a bubble that is not done is not sent: the name of its first message is given
    /// back, so that the last one still knows that there was one.
    async fn send(
        &self,
        chat: &str,
        piece: &Message,
        edit: Option<&str>,
    ) -> Result<Sent, SendError> {
        if let Some(first) = edit
            && !PACE.is_worth_sending(piece, edit)
        {
            return Ok(Sent { message_ref: first.to_owned() });
        }
        if let Some(note) = &piece.voice {
            return self.send_voice(chat, piece, note).await;
        }
        match Attached::of(piece) {
            Some(attached) => self.send_attached(chat, piece, attached).await,
            None => Ok(self.post(chat, piece, None).await?),
        }
    }

    /// WhatsApp shows typing only as an answer to a message, and marks that as read.
    async fn show_typing(&self, _chat: &str, inbound_ref: Option<&str>) {
        if let Some(message_ref) = inbound_ref {
            self.mark_read(message_ref, true).await;
        }
    }

    fn typing_is_receipt(&self) -> bool {
        true
    }

    async fn acknowledge(&self, inbound_ref: &str) {
        self.mark_read(inbound_ref, false).await;
    }

    /// A message of its own kind. What becomes of it is told under an id that nobody notes, and
    /// changes nothing.
    async fn react(
        &self,
        chat: &str,
        message: &str,
        _inbound_ref: Option<&str>,
        reaction: Reaction,
    ) {
        let content = json!({ "type": "reaction",
            "reaction": { "message_id": message, "emoji": emoji_of(reaction) } });
        if let Err(CallError { error, .. }) = self.api.post_message(&addressed(content, chat)).await
        {
            tracing::debug!(%error, "a message stays without an emoji");
        }
    }

    async fn fetch(&self, file: &FileRef, max_bytes: usize) -> Result<Vec<u8>, FetchError> {
        self.api.download(&file.id, max_bytes).await
    }

    fn pace(&self) -> Pace {
        PACE
    }

    fn free_ms(&self) -> Option<i64> {
        Some(FREE_MS)
    }

    async fn nudge(&self, chat: &str, language: &str) -> Result<bool, SendError> {
        let Some(template) = &self.template else { return Ok(false) };
        let code = if language == "en" { "en" } else { "id" };
        let content = json!({ "type": "template",
            "template": { "name": template, "language": { "code": code } } });
        self.api.post_message(&addressed(content, chat)).await?;
        Ok(true)
    }

    fn tells_failures_later(&self) -> bool {
        true
    }
}

/// As phones write it: the heart with the selector that makes it one of colour.
const fn emoji_of(reaction: Reaction) -> &'static str {
    match reaction {
        Reaction::Heart => "❤\u{fe0f}",
        Reaction::Taken => "👍",
        Reaction::Party => "🎉",
    }
}

/// A message with whom it is for.
fn addressed(mut body: Value, chat: &str) -> Value {
    body["messaging_product"] = json!("whatsapp");
    body["recipient_type"] = json!("individual");
    match chat.strip_prefix(BSUID_PREFIX) {
        Some(bsuid) => body["recipient"] = json!(bsuid),
        None => body["to"] = json!(chat),
    }
    body
}
