//! What the page needs from the server behind it. Only the contract: no storage, no HTTP.

use async_trait::async_trait;
use bytes::Bytes;
use futures::future::BoxFuture;
use sitespark_bot::message::{Content, FileRef, Message};
use sitespark_core::brief::Language;

/// Most entries one call of [`WebChat::transcript`] gives.
pub const MAX_TRANSCRIPT_ENTRIES: usize = 100;

/// The conversation of browsers, as the page sees it.
#[async_trait]
pub trait WebChat: Send + Sync + 'static {
    /// Takes what a person sent. Durable before it returns; the same `client_id` of a session again
    /// changes nothing.
    async fn receive(
        &self,
        session: &Session,
        client_id: &str,
        content: Content,
    ) -> Result<(), WebChatError>;

    /// What was said after `after` (a growing number), oldest first, at most
    /// [`MAX_TRANSCRIPT_ENTRIES`].
    async fn transcript(&self, session: &Session, after: i64) -> Result<Vec<Entry>, WebChatError>;

    /// Resolves when something new may be there since this call, and may do so for no reason: to miss
    /// nothing, call it before the transcript is read, and wait for it after.
    fn changed(&self, session: &Session) -> BoxFuture<'static, ()>;

    /// Whether the session may send one more upload: asked before any of its bytes is read.
    async fn admit_upload(&self, session: &Session) -> Result<(), WebChatError>;

    /// Stores an upload of at most [`super::MAX_PHOTO_BYTES`]; `media_type` was told by the bytes.
    async fn upload(
        &self,
        session: &Session,
        bytes: Bytes,
        media_type: &str,
    ) -> Result<FileRef, WebChatError>;

    /// A code that goes on with this session's conversation elsewhere; `None` where nothing has been
    /// said yet. `TooMany` when too many were asked for.
    async fn link_code(&self, session: &Session) -> Result<Option<LinkCode>, WebChatError>;

    /// Bytes and media type of a picture or a voice note this session's transcript shows; `None` for
    /// any other key.
    async fn picture(&self, session: &Session, key: &str) -> Option<(Bytes, String)>;
}

/// A code for another device, as it is shown.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkCode {
    /// In two halves with a dash. A secret: never logged.
    pub code: String,
    /// How long it works.
    pub minutes: i64,
}

/// Whose browser it is.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// 32 random bytes in lower-case hex, from the cookie. A secret: never logged.
    pub id: String,
    /// The language of the page they look at: a hint for the first greeting.
    pub language: Language,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("language", &self.language).finish_non_exhaustive()
    }
}

/// One line of the transcript.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Grows with every entry of a session, from 1.
    pub seq: i64,
    /// Whether the bot said it.
    pub from_bot: bool,
    /// What was said. Of the person's own: the words as body (the label of a tapped choice), a
    /// photo as picture.
    pub message: Message,
    /// When, epoch milliseconds.
    pub at_ms: i64,
    /// The `client_id` the person's message came with, so that the browser knows it again.
    pub client_id: Option<String>,
    /// Where the conversation stood then.
    pub state: String,
    /// The draft to watch, if there is one.
    pub preview_url: Option<String>,
    /// The live site, if there is one.
    pub site_url: Option<String>,
}

/// Why the chat could not do it.
#[derive(Debug, thiserror::Error)]
pub enum WebChatError {
    /// The session sends faster than is taken; later it works.
    #[error("the session sends too much")]
    TooMany,
    /// The upload is larger than is taken.
    #[error("the upload is too large")]
    TooLarge,
    /// The upload is not a picture we can read.
    #[error("the upload is not a picture")]
    NotAPicture,
    /// Ours to mend; trying again may help.
    #[error("the chat cannot be reached")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}
