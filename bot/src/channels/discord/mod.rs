//! Discord: private messages, commands, buttons, menus and a form.
//!
//! People are talked to in private. Among others a command or a mention is answered with a pointer
//! there, which only the person sees where Discord can do that. A chat is named by the person, so
//! that it is one conversation from wherever they begin it.
//!
//! Tokens of interactions stand in addresses: no error and no log of this module carries one.

mod api;
mod commands;
#[cfg(feature = "discord")]
mod gateway;
mod interaction;
mod letter;
mod markup;
mod pieces;
mod reply_to;
mod setup;
#[cfg(test)]
mod tests;
mod wire;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use secrecy::SecretString;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sitespark_core::brief::Language;
use sitespark_core::clock::SharedClock;
use sitespark_core::llm::voice::RECORDING_TYPE;

use super::choices::is_blank;
use super::words::words;
use super::{ChannelPort, Errand, FetchError, Pace, PictureSource, SendError, Sent, recording};
use crate::message::{Channel, FileRef, Message, Reaction};

use api::{Api, CallError, Cargo};
use reply_to::{ReplyTo, Ticket};

pub use api::agent;
#[cfg(feature = "discord")]
pub use gateway::{Heard, listen};
pub use interaction::{ParsedInteraction, parse_interaction};
pub use letter::parse_letter;
pub use setup::BotAccount;

/// Where Discord is reached when nothing else is said.
pub const DEFAULT_API_URL: &str = "https://discord.com/api/v10";
/// What every such address ends with.
pub const API_PATH: &str = "/api/v10";

/// Five messages in five seconds to a channel, fifty requests a second in all; a margin below.
const PACE: Pace =
    Pace { per_chat_interval_ms: 1_100, burst: 4, per_second_total: 35, edits: true };
/// Most private channels that are remembered; asking again is cheap.
const MOST_CHANNELS: usize = 10_000;
/// Longest nonce of a message.
const NONCE_CHARS: usize = 25;
/// The message shows no preview of the addresses in it.
const SUPPRESS_EMBEDS: u64 = 4;
/// The message, the channel or the token is gone: a new message takes its place.
const NOT_THERE: [i64; 4] = [10_008, 10_015, 50_027, 10_062];
/// There is no such channel any more.
const NO_CHANNEL: i64 = 10_003;
/// The file is larger than it may be, and how large that is where nothing was paid for more.
const TOO_LARGE: i64 = 40_005;
const MAX_FILE_BYTES: usize = 10 * 1024 * 1024;

/// What is needed to speak as a bot.
#[derive(Debug, Clone)]
pub struct DiscordConfig {
    /// The token of the bot.
    pub token: SecretString,
    /// [`DEFAULT_API_URL`], or a server of one's own with the same path.
    pub api_url: String,
    /// Where the operator is found, for Discord to know.
    pub public_url: String,
}

/// A bot on Discord.
pub struct Discord {
    api: Api,
    pictures: Arc<dyn PictureSource>,
    clock: SharedClock,
    #[cfg_attr(not(feature = "discord"), expect(dead_code, reason = "only the gateway asks"))]
    token: SecretString,
    #[cfg_attr(not(feature = "discord"), expect(dead_code, reason = "only the gateway asks"))]
    origin: String,
    /// The private channel with a person.
    channels: Mutex<HashMap<String, String>>,
}

impl Discord {
    /// A bot that takes its pictures from `pictures`.
    pub fn new(
        config: DiscordConfig,
        http: reqwest::Client,
        pictures: Arc<dyn PictureSource>,
        clock: SharedClock,
    ) -> Self {
        let url = config.api_url.trim_end_matches('/');
        let origin = url.strip_suffix(API_PATH).unwrap_or(url).to_owned();
        Self {
            api: Api::new(http, &config, clock.clone()),
            pictures,
            clock,
            token: config.token,
            origin,
            channels: Mutex::default(),
        }
    }

    /// Gives an interaction of the gateway its first answer; `callback` is
    /// [`ParsedInteraction::callback`].
    pub async fn answer(&self, callback: &str, answer: &Value) -> Result<(), SendError> {
        let cargo = Cargo::Json(answer.clone());
        let route = callback.split('/').take(2).collect::<Vec<_>>().join("/");
        let result = self.api.call_as_interaction(Method::POST, callback, &route, cargo).await;
        result.map(drop).map_err(SendError::from)
    }

    /// The private channel with a person: as told, as remembered, or opened.
    async fn channel_with(&self, chat: &str, told: Option<&str>) -> Result<String, CallError> {
        if let Some(channel) = told {
            self.remember(chat, channel);
            return Ok(channel.to_owned());
        }
        if let Some(channel) = self.lock().get(chat).cloned() {
            return Ok(channel);
        }
        let cargo = Cargo::Json(json!({ "recipient_id": chat }));
        let opened = self.api.call(Method::POST, "users/@me/channels", cargo).await?;
        let channel = opened.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        if channel.is_empty() {
            let error = SendError::Transient("no channel was given".to_owned());
            return Err(CallError { error, code: None });
        }
        self.remember(chat, &channel);
        Ok(channel)
    }

    fn remember(&self, chat: &str, channel: &str) {
        let mut channels = self.lock();
        if channels.len() >= MOST_CHANNELS {
            channels.clear();
        }
        channels.insert(chat.to_owned(), channel.to_owned());
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.channels.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts the answer where the waiting sign of a command stands; `None` where that is over.
    async fn complete(&self, ticket: &Ticket, piece: &Message) -> Result<Option<Sent>, SendError> {
        if !ticket.is_good(self.clock.now_ms()) {
            return Ok(None);
        }
        let content = self.content(piece, None).await?;
        match self.patch_original(ticket, content).await {
            Ok(message) => Ok(Some(sent(&message))),
            Err(error) if error.is_gone() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn patch_original(&self, ticket: &Ticket, cargo: Cargo) -> Result<Value, CallError> {
        let route = format!("webhooks/{}", ticket.interaction);
        let path = format!("webhooks/{}/{}/messages/@original", ticket.application, ticket.token);
        self.api.call_as_interaction(Method::PATCH, &path, &route, cargo).await
    }

    /// Leaves a pointer before others, or the word that there is no way to the person.
    async fn point(&self, reply_to: &ReplyTo, words: &str) {
        let result = match reply_to {
            ReplyTo::Aside { ticket } if ticket.is_good(self.clock.now_ms()) => {
                let body = json!({ "content": words, "allowed_mentions": { "parse": [] } });
                self.patch_original(ticket, Cargo::Json(body)).await
            }
            ReplyTo::Mention { channel, message } => {
                let body = json!({
                    "content": words,
                    "allowed_mentions": { "parse": [], "replied_user": true },
                    "message_reference": { "message_id": message, "fail_if_not_exists": false },
                });
                let path = format!("channels/{channel}/messages");
                self.api.call(Method::POST, &path, Cargo::Json(body)).await
            }
            ReplyTo::Aside { .. } | ReplyTo::Private { .. } | ReplyTo::Command { .. } => return,
        };
        if let Err(CallError { error, .. }) = result {
            tracing::debug!(%error, "no pointer to the private channel was left");
        }
    }

    /// A new message in the private channel.
    async fn post(
        &self,
        chat: &str,
        piece: &Message,
        told: Option<&str>,
        once: Option<&str>,
    ) -> Result<Sent, SendError> {
        let channel = self.channel_with(chat, told).await?;
        let content = self.content(piece, once).await?;
        let path = format!("channels/{channel}/messages");
        match self.api.call(Method::POST, &path, content).await {
            Ok(message) => Ok(sent(&message)),
            // A server may take less than is said of it.
            Err(error) if error.code == Some(TOO_LARGE) && piece.document.is_some() => {
                let content = Cargo::Json(said(&pieces::as_link(piece), once));
                Ok(sent(&self.api.call(Method::POST, &path, content).await?))
            }
            Err(error) if error.code == Some(NO_CHANNEL) => {
                self.lock().remove(chat);
                Err(SendError::Transient("the private channel is gone".to_owned()))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Changes the bubble, or sends a new one where it is gone.
    async fn change(
        &self,
        chat: &str,
        piece: &Message,
        message: &str,
        told: Option<&str>,
    ) -> Result<Sent, SendError> {
        let channel = self.channel_with(chat, told).await?;
        let content = self.content(piece, None).await?;
        let path = format!("channels/{channel}/messages/{message}");
        match self.api.call(Method::PATCH, &path, content).await {
            Ok(_) => Ok(Sent { message_ref: message.to_owned() }),
            Err(error) if error.is_gone() => self.post(chat, piece, told, None).await,
            Err(error) => Err(error.into()),
        }
    }

    /// What a request says of a piece. If the picture's bytes are gone, the text goes alone; a file
    /// that is gone or too large is a link; without its recording a voice note is nothing.
    async fn content(&self, piece: &Message, once: Option<&str>) -> Result<Cargo, SendError> {
        if let Some(note) = &piece.voice {
            let bytes = recording(self.pictures.as_ref(), note).await?;
            let name = words().discord.voice_note.of(note.language == Language::En.tag());
            return with_file(said(piece, once), (name, RECORDING_TYPE), bytes);
        }
        if let Some(file) = &piece.document {
            let bytes = self.pictures.bytes(&file.key).await;
            return match bytes.filter(|bytes| bytes.len() <= MAX_FILE_BYTES) {
                Some(bytes) => with_file(said(piece, once), (&file.name, &file.media_type), bytes),
                None => Ok(Cargo::Json(said(&pieces::as_link(piece), once))),
            };
        }
        let Some(picture) = &piece.picture else {
            return Ok(Cargo::Json(said(piece, once)));
        };
        match self.pictures.bytes(&picture.key).await {
            Some(bytes) => {
                let extension = if picture.media_type == "image/png" { "png" } else { "jpg" };
                let name = format!("picture.{extension}");
                with_file(said(piece, once), (&name, &picture.media_type), bytes)
            }
            None if is_blank(&piece.body) => {
                Err(SendError::Rejected("the picture is gone".to_owned()))
            }
            None => Ok(Cargo::Json(said(piece, once))),
        }
    }
}

/// The words of a piece and what can be tapped under it.
fn said(piece: &Message, once: Option<&str>) -> Value {
    let mut body = json!({
        "content": markup::discord_text(&piece.body),
        "components": pieces::components(piece),
        "allowed_mentions": { "parse": [] },
    });
    if let Some(once) = once {
        body["nonce"] = json!(nonce(once));
        body["enforce_nonce"] = json!(true);
        body["flags"] = json!(SUPPRESS_EMBEDS);
    }
    body
}

impl CallError {
    /// Whether what was to be changed is not there any more.
    fn is_gone(&self) -> bool {
        self.code.is_some_and(|code| NOT_THERE.contains(&code))
    }
}

#[async_trait]
impl ChannelPort for Discord {
    fn channel(&self) -> Channel {
        Channel::Discord
    }

    fn split(&self, message: Message) -> Vec<Message> {
        pieces::split(message)
    }

    fn shows_numbers(&self, message: &Message) -> bool {
        pieces::shows_numbers(message)
    }

    async fn send(
        &self,
        chat: &str,
        piece: &Message,
        edit: Option<&str>,
    ) -> Result<Sent, SendError> {
        self.deliver(Errand { chat, piece, edit, reply_to: None, once: "" }).await
    }

    async fn deliver(&self, errand: Errand<'_>) -> Result<Sent, SendError> {
        let Errand { chat, piece, edit, reply_to, once } = errand;
        let reply_to = reply_to.and_then(ReplyTo::from_word);
        let told = reply_to.as_ref().and_then(ReplyTo::private_channel);
        // Even a bubble that stands above goes on here: the waiting sign must not stay.
        if let Some(ReplyTo::Command { ticket, .. }) = &reply_to
            && let Some(sent) = self.complete(ticket, piece).await?
        {
            return Ok(sent);
        }
        let once = (!once.is_empty()).then_some(once);
        let sent = match edit {
            Some(message) => self.change(chat, piece, message, told).await,
            None => self.post(chat, piece, told, once).await,
        };
        if let Some(reply_to) = &reply_to {
            match &sent {
                Ok(_) => self.point(reply_to, &words().pointer).await,
                Err(SendError::Gone(_)) => self.point(reply_to, &words().discord.closed).await,
                Err(_) => {}
            }
        }
        sent
    }

    /// Only where the channel is known without asking, and nothing says "thinking" there already.
    async fn show_typing(&self, chat: &str, inbound_ref: Option<&str>) {
        let channel = match inbound_ref.and_then(ReplyTo::from_word) {
            Some(ReplyTo::Private { channel }) => Some(channel),
            Some(ReplyTo::Command { .. } | ReplyTo::Aside { .. }) => None,
            Some(ReplyTo::Mention { .. }) | None => self.lock().get(chat).cloned(),
        };
        let Some(channel) = channel else { return };
        let path = format!("channels/{channel}/typing");
        if let Err(CallError { error, .. }) =
            self.api.call(Method::POST, &path, Cargo::Nothing).await
        {
            tracing::debug!(%error, "typing is not shown");
        }
    }

    /// An interaction had its first answer when it came.
    async fn acknowledge(&self, _inbound_ref: &str) {}

    /// In private only, where nothing needs to be allowed for it: what calls us among others has
    /// the pointer.
    async fn react(
        &self,
        _chat: &str,
        message: &str,
        inbound_ref: Option<&str>,
        reaction: Reaction,
    ) {
        let Some(ReplyTo::Private { channel }) = inbound_ref.and_then(ReplyTo::from_word) else {
            return;
        };
        let emoji = emoji_in_path(reaction);
        let path = format!("channels/{channel}/messages/{message}/reactions/{emoji}/@me");
        let route = format!("channels/{channel}/reactions");
        let put = self.api.call_within(Method::PUT, &path, &route, Cargo::Nothing).await;
        if let Err(CallError { error, .. }) = put {
            tracing::debug!(%error, "a message stays without an emoji");
        }
    }

    async fn fetch(&self, file: &FileRef, max_bytes: usize) -> Result<Vec<u8>, FetchError> {
        self.api.download(&file.id, max_bytes).await
    }

    fn pace(&self) -> Pace {
        PACE
    }
}

/// As Discord's apps write it, the heart with a variation selector, in the signs a path may have.
const fn emoji_in_path(reaction: Reaction) -> &'static str {
    match reaction {
        Reaction::Heart => "%E2%9D%A4%EF%B8%8F",
        Reaction::Taken => "%F0%9F%91%8D",
        Reaction::Party => "%F0%9F%8E%89",
    }
}

fn with_file(
    mut body: Value,
    (name, media_type): (&str, &str),
    bytes: Vec<u8>,
) -> Result<Cargo, SendError> {
    body["attachments"] = json!([{ "id": 0, "filename": name }]);
    let file = Part::bytes(bytes).file_name(name.to_owned()).mime_str(media_type);
    let file = file.map_err(|_| SendError::Rejected("no media type".to_owned()))?;
    Ok(Cargo::Form(Form::new().text("payload_json", body.to_string()).part("files[0]", file)))
}

/// The same piece has the same nonce, however often it is tried.
fn nonce(once: &str) -> String {
    hex::encode(Sha256::digest(once.as_bytes())).chars().take(NONCE_CHARS).collect()
}

fn sent(message: &Value) -> Sent {
    let id = message.get("id").and_then(Value::as_str).unwrap_or_default();
    Sent { message_ref: id.to_owned() }
}
