//! The outside channels: each turns our [`Message`] into its own requests and its own updates into
//! [`Inbound`](crate::message::Inbound).
//!
//! Foreign shapes stop here. A channel never decides what is said, never waits or retries by
//! itself (the sender does, by [`SendError`] and [`Pace`]), and never logs what a person wrote.

#[cfg(test)]
mod any;
mod body;
mod choices;
pub mod discord;
#[cfg(any(test, feature = "fakes"))]
pub mod fakes;
mod http;
mod lenient;
mod link;
mod markup;
mod ports;
pub mod telegram;
pub mod whatsapp;
mod words;

use std::time::Duration;

use async_trait::async_trait;

use crate::message::{Channel, FileRef, Message, Reaction, VoiceNote};

pub use choices::numbered_choice;
pub use ports::Ports;

/// A channel as the sender and the driver see it.
#[async_trait]
pub trait ChannelPort: Send + Sync {
    /// Which channel this is.
    fn channel(&self) -> Channel;

    /// One message as the pieces this channel can send with one request each: long text cut,
    /// the picture apart where it must be, choices degraded. Pure; no piece is lost or reordered.
    /// Only the first piece keeps [`Message::progress`]. A piece goes to [`ChannelPort::send`] as
    /// it is and is never split again.
    fn split(&self, message: Message) -> Vec<Message>;

    /// Whether [`ChannelPort::split`] turns the choices of this message into numbers in the text,
    /// so that a plain "2" may be an answer to it ([`numbered_choice`]).
    fn shows_numbers(&self, message: &Message) -> bool {
        // Named for its documentation alone.
        let _ = message;
        false
    }

    /// Sends one piece. `edit` names the earlier message of the same progress bubble; a channel
    /// that cannot edit sends nothing for a bubble that is not done and answers with the same name.
    async fn send(
        &self,
        chat: &str,
        piece: &Message,
        edit: Option<&str>,
    ) -> Result<Sent, SendError>;

    /// [`ChannelPort::send`] with all that is known of the errand, for channels that can use it.
    async fn deliver(&self, errand: Errand<'_>) -> Result<Sent, SendError> {
        self.send(errand.chat, errand.piece, errand.edit).await
    }

    /// Shows that an answer is being written. `inbound_ref` is
    /// [`Inbound::acknowledge`](crate::message::Inbound::acknowledge). Failure is harmless.
    async fn show_typing(&self, chat: &str, inbound_ref: Option<&str>);

    /// Whether [`ChannelPort::show_typing`] also marks the person's message as read, and is wanted
    /// for each of them at once.
    fn typing_is_receipt(&self) -> bool {
        false
    }

    /// Tells the channel that an inbound with this
    /// [`acknowledge`](crate::message::Inbound::acknowledge) was seen, so that the person's app
    /// stops waiting. Failure is harmless.
    async fn acknowledge(&self, inbound_ref: &str);

    /// Puts an emoji on a message of a person's. `message` is its
    /// [`Inbound::message_ref`](crate::message::Inbound::message_ref), `inbound_ref` its
    /// [`Inbound::acknowledge`](crate::message::Inbound::acknowledge). Failure is harmless; a
    /// channel that has no such thing does nothing.
    async fn react(
        &self,
        chat: &str,
        message: &str,
        inbound_ref: Option<&str>,
        reaction: Reaction,
    ) {
        // Named for their documentation alone.
        let _ = (chat, message, inbound_ref, reaction);
    }

    /// The bytes of a file that a person sent, at most `max_bytes`.
    async fn fetch(&self, file: &FileRef, max_bytes: usize) -> Result<Vec<u8>, FetchError>;

    /// How fast this channel wants to be spoken to.
    fn pace(&self) -> Pace;

    /// How long after the person's last message they may be answered freely; always, without one.
    fn free_ms(&self) -> Option<i64> {
        None
    }

    /// Asks a person to write, where nothing else may be said before they do. `false` where there
    /// is no way to ask.
    async fn nudge(&self, chat: &str, language: &str) -> Result<bool, SendError> {
        // Named for their documentation alone.
        let _ = (chat, language);
        Ok(false)
    }

    /// Whether a message that was taken may be told to have failed later.
    fn tells_failures_later(&self) -> bool {
        false
    }
}

/// One piece on its way.
#[derive(Clone, Copy)]
pub struct Errand<'a> {
    /// Where to.
    pub chat: &'a str,
    /// What.
    pub piece: &'a Message,
    /// The earlier message of the same bubble.
    pub edit: Option<&'a str>,
    /// [`Inbound::acknowledge`](crate::message::Inbound::acknowledge) of what this answers, with
    /// the first piece of the answer. May be a secret.
    pub reply_to: Option<&'a str>,
    /// The same however often the piece is tried: a channel that can, takes it once.
    pub once: &'a str,
}

/// Where a channel gets the bytes of a [`Picture`](crate::message::Picture), a file or a recording from.
#[async_trait]
pub trait PictureSource: Send + Sync {
    /// The bytes under a storage key, if they are still there.
    async fn bytes(&self, key: &str) -> Option<Vec<u8>>;
}

/// The bytes of a voice note; without them there is nothing to send.
async fn recording(from: &dyn PictureSource, note: &VoiceNote) -> Result<Vec<u8>, SendError> {
    let bytes = match &note.key {
        Some(key) => from.bytes(key).await,
        None => None,
    };
    bytes.ok_or_else(|| SendError::Rejected("the recording is gone".to_owned()))
}

/// What the channel calls a message it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Handed back as `edit` for the next message of the same bubble; empty when the channel took
    /// the message without naming it.
    pub message_ref: String,
}

/// Why a piece was not sent, by what the sender can do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Too fast: send nothing to this chat for so long, then the same piece again.
    #[error("the channel asks to wait {ms} ms")]
    RetryAfter {
        /// How long.
        ms: u64,
    },
    /// The channel or the way to it is troubled: try again, with growing pauses.
    #[error("the channel is troubled: {0}")]
    Transient(String),
    /// The person blocked us or is gone: mute the conversation.
    #[error("the person cannot be reached: {0}")]
    Gone(String),
    /// The chat lives under another name now: send the same piece there.
    #[error("the chat moved")]
    Moved {
        /// Its new name.
        chat: String,
    },
    /// The person must write first before anything may be sent again.
    #[error("the time for free answers is over")]
    WindowClosed,
    /// The piece is not acceptable and never will be.
    #[error("the channel refuses this piece: {0}")]
    Rejected(String),
    /// Our account or settings are wrong: an operator must act; the piece may be kept.
    #[error("the channel's settings or account need an operator: {0}")]
    Misconfigured(String),
}

impl SendError {
    /// How long to rest before the same is tried again: as long as the channel asks, or the usual time.
    pub fn rest(&self, usual: Duration) -> Duration {
        match self {
            Self::RetryAfter { ms } => Duration::from_millis(*ms),
            Self::Transient(_)
            | Self::Gone(_)
            | Self::Moved { .. }
            | Self::WindowClosed
            | Self::Rejected(_)
            | Self::Misconfigured(_) => usual,
        }
    }
}

/// Why a person's file could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// More bytes than we take.
    #[error("the file is larger than allowed")]
    TooLarge,
    /// The channel does not hand it out, and will not.
    #[error("the file is not to be had: {0}")]
    Gone(String),
    /// Worth another try.
    #[error("the file could not be fetched now: {0}")]
    Transient(String),
}

/// An update that could not be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Not JSON, or not of the outermost shape.
    #[error("not an update of this channel")]
    Malformed,
}

/// How fast a channel may be spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Time between two messages to the same chat, once the burst is used up.
    pub per_chat_interval_ms: u64,
    /// Messages to one chat that may follow each other at once.
    pub burst: u32,
    /// Messages a second to all chats together.
    pub per_second_total: u32,
    /// Whether a progress bubble can be changed in place.
    pub edits: bool,
}

impl Pace {
    /// Whether a piece is worth a turn of the sender: where bubbles cannot be edited only their
    /// first and their last message are. `edit` is what would be given to [`ChannelPort::send`].
    pub fn is_worth_sending(self, piece: &Message, edit: Option<&str>) -> bool {
        self.edits || edit.is_none() || piece.progress.as_ref().is_none_or(|bubble| bubble.done)
    }
}
