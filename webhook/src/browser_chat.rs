//! The web chat's conversation behind its page: sessions as chats, our own transcript as memory.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use sha2::{Digest, Sha256};
use sitespark_bot::inbox::Intake;
use sitespark_bot::message::{Body, Channel, Content, FileRef, Inbound, Message, Picture, Sender};
use sitespark_bot::speaking;
use sitespark_bot::store::{self, Line};
use sitespark_core::clock::SharedClock;
use sitespark_core::db::{Db, DbError, Engine};
use sitespark_core::live::{Limit, Live, News};
use sitespark_core::llm::voice::RECORDING_TYPE;
use sitespark_core::photos::{self, PhotoFault};
use sitespark_core::storage::Objects;
use sitespark_core::users::{self, LINK_CODE_MS};
use tokio::sync::broadcast::error::RecvError;

use crate::web::{Entry, LinkCode, MAX_TRANSCRIPT_ENTRIES, Session, WebChat, WebChatError};

/// Longest wait for news where another process may have spoken without a call reaching us.
const UNHEARD: Duration = Duration::from_millis(700);
/// Messages one browser may send.
const MESSAGES: Limit = Limit { per_minute: 60, burst: 30 };
/// What stands for a recording and before the name of a file in the transcript.
const VOICE_SIGN: &str = "🎙️";
const FILE_SIGN: &str = "📎";
/// Codes one browser may ask for; how many a person may have is bounded where they are made.
const CODES: Limit = Limit { per_minute: 10, burst: 5 };
const MINUTE_MS: i64 = 60_000;
/// Photos one browser may send.
const UPLOADS: Limit = Limit { per_minute: 20, burst: 20 };

/// Browsers' conversations on this house's database.
pub struct BrowserChat {
    db: Db,
    clock: SharedClock,
    live: Live,
    intake: Intake,
    objects: Objects,
    /// Beyond this it is looked whether something was said; where all is heard, nobody need look.
    look_after: Option<Duration>,
    preview_prefix: String,
    sites_scheme: String,
    sites_suffix: String,
}

impl BrowserChat {
    /// `public_url` without a slash at the end; sites live at `scheme://NAME.domain`.
    pub fn new(
        db: Db,
        clock: SharedClock,
        live: Live,
        objects: Objects,
        public_url: &str,
        sites: (&str, &str),
    ) -> Self {
        let intake = Intake::new(db.clone(), clock.clone());
        let look_after = look_after(live.bus.is_shared(), db.engine());
        Self {
            look_after,
            db,
            clock,
            live,
            intake,
            objects,
            preview_prefix: format!("{public_url}/preview/"),
            sites_scheme: format!("{}://", sites.0),
            sites_suffix: format!(".{}", sites.1),
        }
    }

    async fn allow(&self, session: &Session, what: &str, limit: Limit) -> Result<(), WebChatError> {
        let key = format!("web:{what}:{}", chat_of(session));
        let taken = self.live.limiter.take(&key, limit, self.clock.now_ms()).await;
        taken.map_err(|_| WebChatError::TooMany)
    }

    fn entry(&self, line: Line) -> Entry {
        let is_site = |url: &str| {
            let host = url.strip_prefix(&self.sites_scheme).map(|rest| rest.trim_end_matches('/'));
            host.is_some_and(|host| host.ends_with(&self.sites_suffix))
        };
        let urls = || line.message.links.iter().map(|link| link.url.as_str());
        Entry {
            seq: line.seq,
            from_bot: line.from_bot,
            at_ms: line.at_ms,
            client_id: (!line.from_bot).then(|| line.cause.clone()),
            preview_url: urls()
                .find(|url| url.starts_with(&self.preview_prefix))
                .map(str::to_owned),
            site_url: urls().find(|url| is_site(url)).map(str::to_owned),
            state: line.state,
            message: line.message,
        }
    }

    async fn fresh_code(&self, chat: &str) -> Result<FreshCode, DbError> {
        let mut tx = self.db.begin().await?;
        let found = store::find_conversation(&mut tx, Channel::Web, chat).await?;
        let Some(conversation) = found else { return Ok(FreshCode::NotBegun) };
        let (user, now_ms) = (conversation.user, self.clock.now_ms());
        let code = users::fresh_link_code(&mut tx, user, conversation.id, now_ms).await?;
        tx.commit().await?;
        Ok(code.map_or(FreshCode::TooMany, FreshCode::Made))
    }

    async fn store_message(
        &self,
        chat: &str,
        client_id: &str,
        inbound: &Inbound,
    ) -> Result<(), DbError> {
        let mut tx = self.db.begin().await?;
        let conversation = store::find_conversation(&mut tx, Channel::Web, chat).await?;
        if self.intake.receive_in(&mut tx, inbound).await?
            && let Some(message) = shown(&inbound.content, conversation.as_ref())
        {
            let line = Line {
                seq: 0,
                cause: client_id.to_owned(),
                from_bot: false,
                message,
                state: String::new(),
                at_ms: inbound.sent_at_ms,
            };
            store::append_line(&mut tx, Channel::Web, chat, &line).await?;
        }
        tx.commit().await
    }
}

/// Only on PostgreSQL without Redis other processes speak and nobody tells: with Redis news reach every
/// process, and on SQLite there is one.
fn look_after(news_are_shared: bool, engine: &Engine) -> Option<Duration> {
    match engine {
        Engine::Postgres(_) if !news_are_shared => Some(UNHEARD),
        Engine::Postgres(_) | Engine::Sqlite(_) => None,
    }
}

/// What came of asking for a code.
enum FreshCode {
    Made(String),
    NotBegun,
    TooMany,
}

/// The chat of a session: a digest, so that no row and no log holds the cookie's secret.
fn chat_of(session: &Session) -> String {
    hex::encode(&Sha256::digest(session.id.as_bytes())[..16])
}

/// What the person's own message looks like in the transcript; a start leaves no trace.
fn shown(content: &Content, conversation: Option<&store::Conversation>) -> Option<Message> {
    let body = match content {
        Content::Text { text } => text.clone(),
        Content::Choice { id } => {
            let offered = conversation.into_iter().flat_map(|c| &c.offered);
            let label = offered.into_iter().find(|choice| choice.id == *id);
            label.map_or_else(|| id.clone(), |choice| choice.label.clone())
        }
        Content::Photo { file, caption } => {
            let picture = Picture {
                key: file.id.clone(),
                url: None,
                media_type: file.media_type.clone().unwrap_or_default(),
            };
            let body = Body::plain(caption.clone().unwrap_or_default());
            return Some(Message { body, picture: Some(picture), ..Message::default() });
        }
        Content::Location { latitude, longitude, label } => {
            label.clone().unwrap_or_else(|| format!("{latitude:.5}, {longitude:.5}"))
        }
        Content::Contact { name, phone } => format!("{name} {phone}"),
        Content::Voice { .. } => VOICE_SIGN.to_owned(),
        Content::Document { name, caption, .. } => {
            let named = format!("{FILE_SIGN} {}", name.as_deref().unwrap_or_default());
            caption.iter().chain([&named]).map(|line| line.trim()).collect::<Vec<_>>().join("\n")
        }
        Content::Start { .. }
        | Content::Sticker { .. }
        | Content::Reaction { .. }
        | Content::Blocked
        | Content::Unsupported => return None,
    };
    Some(Message { body: Body::plain(body), ..Message::default() })
}

fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> WebChatError {
    WebChatError::Unavailable(Box::new(error))
}

#[async_trait]
impl WebChat for BrowserChat {
    async fn receive(
        &self,
        session: &Session,
        client_id: &str,
        content: Content,
    ) -> Result<(), WebChatError> {
        self.allow(session, "say", MESSAGES).await?;
        let chat = chat_of(session);
        let inbound = Inbound {
            channel: Channel::Web,
            chat: chat.clone(),
            cause: format!("web:{chat}:{client_id}"),
            sender: Sender {
                external_id: chat.clone(),
                language: Some(session.language.tag().to_owned()),
                ..Sender::default()
            },
            sent_at_ms: self.clock.now_ms(),
            content,
            acknowledge: None,
            message_ref: None,
            edited: false,
        };
        self.store_message(&chat, client_id, &inbound).await.map_err(unavailable)?;
        self.live.bus.publish(News::Chat { channel: "web".to_owned(), chat }).await;
        Ok(())
    }

    async fn transcript(&self, session: &Session, after: i64) -> Result<Vec<Entry>, WebChatError> {
        let limit = i64::try_from(MAX_TRANSCRIPT_ENTRIES).unwrap_or(i64::MAX);
        let chat = chat_of(session);
        let lines = store::lines_after(&self.db, Channel::Web, &chat, after, limit).await;
        Ok(lines.map_err(unavailable)?.into_iter().map(|line| self.entry(line)).collect())
    }

    fn changed(&self, session: &Session) -> BoxFuture<'static, ()> {
        let ours = chat_of(session);
        let mut news = self.live.bus.subscribe();
        let heard = async move {
            loop {
                match news.recv().await {
                    Ok(News::Chat { chat, .. }) if chat == ours => return,
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => return,
                    // No news will come any more: who waits looks again by themselves.
                    Err(RecvError::Closed) => std::future::pending().await,
                }
            }
        };
        match self.look_after {
            // Running into the bound is an answer, too: look again.
            Some(bound) => Box::pin(tokio::time::timeout(bound, heard).map(drop)),
            None => Box::pin(heard),
        }
    }

    async fn admit_upload(&self, session: &Session) -> Result<(), WebChatError> {
        self.allow(session, "upload", UPLOADS).await
    }

    async fn upload(
        &self,
        session: &Session,
        bytes: Bytes,
        media_type: &str,
    ) -> Result<FileRef, WebChatError> {
        let (name, bytes, media_type) = if media_type.starts_with("image/") {
            // Where it was taken and with what is nobody's business: only the pixels are kept.
            let photo = photos::clean(bytes.into()).await.map_err(|fault| match fault {
                PhotoFault::TooManyBytes | PhotoFault::TooManyPixels => WebChatError::TooLarge,
                PhotoFault::NotAPicture | PhotoFault::Damaged => WebChatError::NotAPicture,
            })?;
            (photo.id.0, Bytes::from(photo.jpeg), "image/jpeg")
        } else {
            (uuid::Uuid::now_v7().to_string(), bytes, media_type)
        };
        let size_bytes = i64::try_from(bytes.len()).ok();
        let id = format!("uploads/{}/{name}", chat_of(session));
        self.objects.put(&id, bytes).await.map_err(unavailable)?;
        Ok(FileRef { id, media_type: Some(media_type.to_owned()), size_bytes })
    }

    async fn link_code(&self, session: &Session) -> Result<Option<LinkCode>, WebChatError> {
        self.allow(session, "code", CODES).await?;
        let code = match self.fresh_code(&chat_of(session)).await.map_err(unavailable)? {
            FreshCode::Made(code) => code,
            FreshCode::NotBegun => return Ok(None),
            FreshCode::TooMany => return Err(WebChatError::TooMany),
        };
        let (front, back) = code.split_at(code.len() / 2);
        let minutes = LINK_CODE_MS / MINUTE_MS;
        Ok(Some(LinkCode { code: format!("{front}-{back}"), minutes }))
    }

    async fn picture(&self, session: &Session, key: &str) -> Option<(Bytes, String)> {
        let chat = chat_of(session);
        let own_upload = key.starts_with(&format!("uploads/{chat}/"));
        // Whoever knows the words knows the name of their recording.
        let own_voice = speaking::is_recording(key)
            && store::is_said(&self.db, Channel::Web, &chat, key).await.unwrap_or(false);
        if !own_upload && !own_voice && !key.starts_with("pictures/") {
            return None;
        }
        let bytes = self.objects.get(key).await.ok()?;
        let media_type = match bytes.get(..4)? {
            b"OggS" => RECORDING_TYPE,
            [0x89, b'P', b'N', b'G'] => "image/png",
            [b'R', b'I', b'F', b'F'] => "image/webp",
            _ => "image/jpeg",
        };
        Some((bytes, media_type.to_owned()))
    }
}
