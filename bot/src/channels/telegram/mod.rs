//! Telegram over its Bot API.
//!
//! The token stands in every address: no error and no log of this module carries an address.

mod api;
mod group;
mod pieces;
mod setup;
#[cfg(test)]
mod tests;
mod update;
mod wire;

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use reqwest::multipart::{Form, Part};
use secrecy::SecretString;
use serde_json::{Value, json};
use sitespark_core::llm::voice::RECORDING_TYPE;

use super::choices::{is_blank, with_links};
use super::http::{ReadError, describe, read_bounded};
use super::markup::telegram_html;
use super::{ChannelPort, Errand, FetchError, Pace, PictureSource, SendError, Sent, recording};
use crate::message::{Channel, FileRef, Message, OutFile, Picture, Reaction, VoiceNote};

use api::{Api, CallError};
use group::Call;

pub use setup::BotAccount;
pub use update::{MAX_FILE_BYTES, ParsedUpdate, parse_update};

/// Where Telegram is reached when nothing else is said.
pub const DEFAULT_API_URL: &str = "https://api.telegram.org";

/// One message a second to a chat, thirty a second to all; a margin below that.
const PACE: Pace =
    Pace { per_chat_interval_ms: 1_000, burst: 3, per_second_total: 25, edits: true };

/// Why a bubble cannot be edited any more: a new message takes its place.
const NOT_EDITABLE: [&str; 4] = [
    "message to edit not found",
    "message can't be edited",
    "there is no text in the message to edit",
    "message_id_invalid",
];
/// Why a picture is not taken; its text still is.
const BAD_PICTURE: [&str; 5] = [
    "photo_",
    "image_process_failed",
    "file is too big",
    "request entity too large",
    "wrong file identifier",
];

/// Why a file is not taken; its link still is.
const BAD_FILE: [&str; 3] =
    ["file is too big", "request entity too large", "file must be non-empty"];

/// What is needed to speak as a bot.
#[derive(Debug, Clone)]
pub struct TelegramConfig {
    /// The token of the bot.
    pub token: SecretString,
    /// [`DEFAULT_API_URL`], or a server of one's own.
    pub api_url: String,
    /// What Telegram shows at our webhook to prove itself: 1–256 of `A-Za-z0-9_-`.
    pub webhook_secret: SecretString,
}

/// A bot on Telegram.
pub struct Telegram {
    api: Api,
    webhook_secret: SecretString,
    pictures: Arc<dyn PictureSource>,
    /// Our name without `@`, once we were told.
    name: OnceLock<String>,
}

impl Telegram {
    /// A bot that takes its pictures from `pictures`.
    pub fn new(
        config: TelegramConfig,
        http: reqwest::Client,
        pictures: Arc<dyn PictureSource>,
    ) -> Self {
        Self {
            api: Api::new(http, &config.api_url, config.token),
            webhook_secret: config.webhook_secret,
            pictures,
            name: OnceLock::new(),
        }
    }

    /// Sends text, marked up; bare if Telegram cannot read our markup.
    async fn send_text(&self, chat: &str, piece: &Message) -> Result<Sent, CallError> {
        let mut params = text_params(chat, piece);
        let result = match self.api.call("sendMessage", &params).await {
            Err(error) if is_markup_error(&error) => {
                make_bare(&mut params, "text", piece);
                self.api.call("sendMessage", &params).await?
            }
            other => other?,
        };
        Ok(sent(&result))
    }

    /// Changes the bubble, or sends a new one where it can no longer be changed.
    async fn edit_text(
        &self,
        chat: &str,
        piece: &Message,
        message_id: i64,
    ) -> Result<Sent, CallError> {
        let mut params = text_params(chat, piece);
        params["message_id"] = json!(message_id);
        let mut result = self.api.call("editMessageText", &params).await;
        if result.as_ref().is_err_and(is_markup_error) {
            make_bare(&mut params, "text", piece);
            result = self.api.call("editMessageText", &params).await;
        }
        match result {
            Ok(_) => Ok(Sent { message_ref: message_id.to_string() }),
            Err(error) if error.says(&["message is not modified"]) => {
                Ok(Sent { message_ref: message_id.to_string() })
            }
            Err(error) if error.says(&NOT_EDITABLE) => self.send_text(chat, piece).await,
            Err(error) => Err(error),
        }
    }

    /// Sends a picture with its text. If there are no bytes or Telegram does not take them, the
    /// text goes alone.
    async fn send_picture(
        &self,
        chat: &str,
        piece: &Message,
        picture: &Picture,
    ) -> Result<Sent, SendError> {
        let Some(bytes) = self.pictures.bytes(&picture.key).await else {
            return self.send_without_picture(chat, piece, "the picture is gone").await;
        };
        let mut result = self.upload(chat, piece, picture, bytes.clone(), true).await;
        if result.as_ref().is_err_and(is_markup_error) {
            result = self.upload(chat, piece, picture, bytes, false).await;
        }
        match result {
            Ok(result) => Ok(sent(&result)),
            Err(error) if error.says(&BAD_PICTURE) => {
                self.send_without_picture(chat, piece, "the picture is not acceptable").await
            }
            Err(error) => Err(error.into_send_error()),
        }
    }

    /// Sends a file with its text; where there are no bytes that are taken, its link stands in the
    /// text.
    async fn send_document(
        &self,
        chat: &str,
        piece: &Message,
        file: &OutFile,
    ) -> Result<Sent, SendError> {
        let Some(bytes) = self.pictures.bytes(&file.key).await else {
            return self.send_link(chat, piece, file).await;
        };
        let mut result = self.upload_document(chat, piece, (file, bytes.clone()), true).await;
        if result.as_ref().is_err_and(is_markup_error) {
            result = self.upload_document(chat, piece, (file, bytes), false).await;
        }
        match result {
            Ok(result) => Ok(sent(&result)),
            Err(error) if error.says(&BAD_FILE) => self.send_link(chat, piece, file).await,
            Err(error) => Err(error.into_send_error()),
        }
    }

    async fn send_link(
        &self,
        chat: &str,
        piece: &Message,
        file: &OutFile,
    ) -> Result<Sent, SendError> {
        let body = with_links(piece.body.clone(), &[file.link()]);
        let piece = Message { body, document: None, ..piece.clone() };
        self.send_text(chat, &piece).await.map_err(CallError::into_send_error)
    }

    async fn upload_document(
        &self,
        chat: &str,
        piece: &Message,
        (file, bytes): (&OutFile, Vec<u8>),
        marked_up: bool,
    ) -> Result<Value, CallError> {
        let part = Part::bytes(bytes).file_name(file.name.clone());
        let part =
            part.mime_str(&file.media_type).map_err(|error| CallError::Network(describe(error)))?;
        let form = Form::new().text("chat_id", chat.to_owned()).part("document", part);
        self.api.upload("sendDocument", with_caption(form, piece, marked_up)).await
    }

    /// Sends a recording, which has no words beside it.
    async fn send_voice(&self, chat: &str, note: &VoiceNote) -> Result<Sent, SendError> {
        let bytes = recording(self.pictures.as_ref(), note).await?;
        let file = Part::bytes(bytes).file_name("voice.ogg").mime_str(RECORDING_TYPE);
        let file = file.map_err(|error| SendError::Rejected(describe(error)))?;
        let form = Form::new().text("chat_id", chat.to_owned()).part("voice", file);
        let result = self.api.upload("sendVoice", form).await;
        result.map(|result| sent(&result)).map_err(CallError::into_send_error)
    }

    async fn send_without_picture(
        &self,
        chat: &str,
        piece: &Message,
        reason: &str,
    ) -> Result<Sent, SendError> {
        if is_blank(&piece.body) {
            return Err(SendError::Rejected(reason.to_owned()));
        }
        self.send_text(chat, piece).await.map_err(CallError::into_send_error)
    }

    async fn upload(
        &self,
        chat: &str,
        piece: &Message,
        picture: &Picture,
        bytes: Vec<u8>,
        marked_up: bool,
    ) -> Result<Value, CallError> {
        let extension = if picture.media_type == "image/png" { "png" } else { "jpg" };
        let photo = Part::bytes(bytes)
            .file_name(format!("picture.{extension}"))
            .mime_str(&picture.media_type)
            .map_err(|error| CallError::Network(describe(error)))?;
        let form = Form::new().text("chat_id", chat.to_owned()).part("photo", photo);
        self.api.upload("sendPhoto", with_caption(form, piece, marked_up)).await
    }

    /// Takes an outdated bubble away; if it stays, it only looks old.
    async fn remove(&self, chat: &str, message_id: i64) {
        let params = json!({ "chat_id": chat_id(chat), "message_id": message_id });
        if let Err(error) = self.api.call("deleteMessage", &params).await {
            tracing::debug!(?error, "an outdated bubble stays");
        }
    }

    async fn file_path(&self, file: &FileRef, max_bytes: usize) -> Result<String, FetchError> {
        let params = json!({ "file_id": file.id });
        let result = self.api.call("getFile", &params).await.map_err(fetch_error)?;
        let size = result.get("file_size").and_then(Value::as_u64).unwrap_or(0);
        if usize::try_from(size).is_ok_and(|size| size > max_bytes) {
            return Err(FetchError::TooLarge);
        }
        let path = result.get("file_path").and_then(Value::as_str);
        path.map(str::to_owned).ok_or_else(|| FetchError::Gone("no path was given".to_owned()))
    }
}

#[async_trait]
impl ChannelPort for Telegram {
    fn channel(&self) -> Channel {
        Channel::Telegram
    }

    fn split(&self, message: Message) -> Vec<Message> {
        pieces::split(message)
    }

    fn shows_numbers(&self, message: &Message) -> bool {
        pieces::shows_numbers(message)
    }

    /// A picture cannot be edited into a bubble with a sound: it comes as a new message and the
    /// bubble is taken away.
    async fn send(
        &self,
        chat: &str,
        piece: &Message,
        edit: Option<&str>,
    ) -> Result<Sent, SendError> {
        if let Some(note) = &piece.voice {
            return self.send_voice(chat, note).await;
        }
        if let Some(file) = &piece.document {
            return self.send_document(chat, piece, file).await;
        }
        let earlier: Option<i64> = edit.and_then(|name| name.parse().ok());
        match (&piece.picture, earlier) {
            (Some(picture), earlier) => {
                let sent = self.send_picture(chat, piece, picture).await?;
                if let Some(message_id) = earlier {
                    self.remove(chat, message_id).await;
                }
                Ok(sent)
            }
            (None, Some(message_id)) => {
                self.edit_text(chat, piece, message_id).await.map_err(CallError::into_send_error)
            }
            (None, None) => self.send_text(chat, piece).await.map_err(CallError::into_send_error),
        }
    }

    /// Who called us in a group finds a pointer there, whether or not they let us write to them.
    async fn deliver(&self, errand: Errand<'_>) -> Result<Sent, SendError> {
        let sent = self.send(errand.chat, errand.piece, errand.edit).await;
        let is_settled = matches!(sent, Ok(_) | Err(SendError::Gone(_)));
        if let Some(call) = errand.reply_to.and_then(Call::from_word).filter(|_| is_settled) {
            let params = call.pointer(self.name.get().map(String::as_str));
            if let Err(error) = self.api.call("sendMessage", &params).await {
                tracing::debug!(?error, "no pointer was left in a group");
            }
        }
        sent
    }

    async fn show_typing(&self, chat: &str, _inbound_ref: Option<&str>) {
        let params = json!({ "chat_id": chat_id(chat), "action": "typing" });
        if let Err(error) = self.api.call("sendChatAction", &params).await {
            tracing::debug!(?error, "typing is not shown");
        }
    }

    async fn acknowledge(&self, inbound_ref: &str) {
        if Call::from_word(inbound_ref).is_some() {
            return;
        }
        let params = json!({ "callback_query_id": inbound_ref });
        if let Err(error) = self.api.call("answerCallbackQuery", &params).await {
            tracing::debug!(?error, "a tap stays unanswered");
        }
    }

    /// Telegram has names for messages that were written to us in private only, so the chat is right.
    async fn react(
        &self,
        chat: &str,
        message: &str,
        _inbound_ref: Option<&str>,
        reaction: Reaction,
    ) {
        let Ok(message_id) = message.parse::<i64>() else { return };
        let params = json!({
            "chat_id": chat_id(chat),
            "message_id": message_id,
            "reaction": [{ "type": "emoji", "emoji": emoji_of(reaction) }],
        });
        if let Err(error) = self.api.call("setMessageReaction", &params).await {
            tracing::debug!(?error, "a message stays without an emoji");
        }
    }

    async fn fetch(&self, file: &FileRef, max_bytes: usize) -> Result<Vec<u8>, FetchError> {
        let path = self.file_path(file, max_bytes).await?;
        let response = self.api.file(&path).send().await;
        let response = response.map_err(|error| FetchError::Transient(describe(error)))?;
        let status = response.status();
        if status.is_server_error() || status.as_u16() == 429 {
            return Err(FetchError::Transient(status.to_string()));
        }
        if !status.is_success() {
            return Err(FetchError::Gone(status.to_string()));
        }
        read_bounded(response, max_bytes).await.map_err(|error| match error {
            ReadError::TooLarge => FetchError::TooLarge,
            ReadError::Broken(reason) => FetchError::Transient(reason),
        })
    }

    fn pace(&self) -> Pace {
        PACE
    }
}

/// As Telegram's list of reactions spells it: the heart without a variation selector.
const fn emoji_of(reaction: Reaction) -> &'static str {
    match reaction {
        Reaction::Heart => "❤",
        Reaction::Taken => "👍",
        Reaction::Party => "🎉",
    }
}

/// The text under a picture or a file, and what can be tapped.
fn caption_fields(piece: &Message, marked_up: bool) -> Vec<(&'static str, String)> {
    let mut fields = Vec::new();
    match (is_blank(&piece.body), marked_up) {
        (true, _) => {}
        (false, true) => {
            fields.push(("caption", telegram_html(&piece.body)));
            fields.push(("parse_mode", "HTML".to_owned()));
        }
        (false, false) => fields.push(("caption", piece.body.to_plain())),
    }
    fields.extend(pieces::keyboard(piece).map(|keyboard| ("reply_markup", keyboard.to_string())));
    fields
}

fn with_caption(form: Form, piece: &Message, marked_up: bool) -> Form {
    let fields = caption_fields(piece, marked_up);
    fields.into_iter().fold(form, |form, (name, value)| form.text(name, value))
}

fn text_params(chat: &str, piece: &Message) -> Value {
    let mut params = json!({
        "chat_id": chat_id(chat),
        "text": telegram_html(&piece.body),
        "parse_mode": "HTML",
        "link_preview_options": { "is_disabled": true },
    });
    if let Some(keyboard) = pieces::keyboard(piece) {
        params["reply_markup"] = keyboard;
    }
    params
}

/// The same request without markup.
fn make_bare(params: &mut Value, field: &str, piece: &Message) {
    if let Some(object) = params.as_object_mut() {
        object.remove("parse_mode");
        object.insert(field.to_owned(), Value::String(piece.body.to_plain()));
    }
}

fn is_markup_error(error: &CallError) -> bool {
    error.says(&["can't parse entities", "can't parse caption"])
}

/// A chat's number as Telegram wants it; a public name stays a name.
fn chat_id(chat: &str) -> Value {
    chat.parse::<i64>().map_or_else(|_| Value::from(chat), Value::from)
}

fn sent(result: &Value) -> Sent {
    let message_id = result.get("message_id").and_then(Value::as_i64);
    Sent { message_ref: message_id.map(|id| id.to_string()).unwrap_or_default() }
}

fn fetch_error(error: CallError) -> FetchError {
    if error.says(&["file is too big"]) {
        return FetchError::TooLarge;
    }
    match error.into_send_error() {
        SendError::RetryAfter { ms } => FetchError::Transient(format!("asked to wait {ms} ms")),
        SendError::Transient(reason) | SendError::Misconfigured(reason) => {
            FetchError::Transient(reason)
        }
        SendError::Gone(reason) | SendError::Rejected(reason) => FetchError::Gone(reason),
        SendError::Moved { .. } | SendError::WindowClosed => {
            FetchError::Gone("an answer that makes no sense".to_owned())
        }
    }
}
