//! A chat in memory: what the router's tests and the demo talk to.
#![expect(clippy::unwrap_used, reason = "a test may stop where it is surprised")]

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use futures::future::BoxFuture;
use sitespark_bot::message::{Body, Content, FileRef, Message, Picture};
use sitespark_webhook::web::{
    Entry, LinkCode, MAX_TRANSCRIPT_ENTRIES, Session, WebChat, WebChatError,
};
use tokio::sync::{Notify, mpsc};

/// What a session sent, as the bot would get it.
pub(crate) type Received = (String, Content);

#[derive(Default)]
struct Room {
    entries: Vec<Entry>,
    client_ids: HashSet<String>,
}

/// Everything in two maps.
pub(crate) struct MemoryChat {
    rooms: Mutex<HashMap<String, Room>>,
    files: Mutex<HashMap<String, Bytes>>,
    news: Arc<Notify>,
    received: mpsc::UnboundedSender<Received>,
    /// Whether uploads are admitted.
    pub(crate) takes_uploads: AtomicBool,
    /// Time of the entries; the tests leave it at nought.
    pub(crate) clock: fn() -> i64,
}

impl MemoryChat {
    /// An empty chat, and where to read what people send.
    pub(crate) fn new(clock: fn() -> i64) -> (Self, mpsc::UnboundedReceiver<Received>) {
        let (received, bot) = mpsc::unbounded_channel();
        let chat = Self {
            rooms: Mutex::default(),
            files: Mutex::default(),
            news: Arc::default(),
            takes_uploads: AtomicBool::new(true),
            received,
            clock,
        };
        (chat, bot)
    }

    /// Adds what the bot says to a session.
    pub(crate) fn say(
        &self,
        session: &str,
        message: Message,
        state: &str,
        urls: [Option<&str>; 2],
    ) {
        let [preview_url, site_url] = urls.map(|url| url.map(str::to_owned));
        self.add(session, |seq, at_ms| Entry {
            seq,
            from_bot: true,
            message,
            at_ms,
            client_id: None,
            state: state.into(),
            preview_url,
            site_url,
        });
    }

    fn add(&self, session: &str, entry: impl FnOnce(i64, i64) -> Entry) {
        let mut rooms = self.rooms.lock().unwrap();
        let room = rooms.entry(session.to_owned()).or_default();
        let seq = i64::try_from(room.entries.len()).unwrap() + 1;
        room.entries.push(entry(seq, (self.clock)()));
        self.news.notify_waiters();
    }

    fn label_of(&self, session: &str, choice: &str) -> String {
        let rooms = self.rooms.lock().unwrap();
        rooms
            .get(session)
            .into_iter()
            .flat_map(|room| room.entries.iter().rev())
            .flat_map(|entry| &entry.message.choices)
            .find(|offered| offered.id == choice)
            .map_or_else(|| choice.to_owned(), |offered| offered.label.clone())
    }

    fn own_message(&self, session: &str, content: &Content) -> Option<Message> {
        let body = match content {
            Content::Start { .. } => return None,
            Content::Text { text } => Body::plain(text),
            Content::Choice { id } => Body::plain(self.label_of(session, id)),
            Content::Photo { caption, .. } => match caption {
                Some(caption) => Body::plain(caption),
                None => Body::default(),
            },
            other => Body::plain(format!("{other:?}")),
        };
        let picture = match content {
            Content::Photo { file, .. } => Some(Picture {
                key: file.id.clone(),
                url: None,
                media_type: file.media_type.clone().unwrap(),
            }),
            _ => None,
        };
        Some(Message { body, picture, ..Message::default() })
    }
}

#[async_trait]
impl WebChat for MemoryChat {
    async fn receive(
        &self,
        session: &Session,
        client_id: &str,
        content: Content,
    ) -> Result<(), WebChatError> {
        let is_new = {
            let mut rooms = self.rooms.lock().unwrap();
            rooms.entry(session.id.clone()).or_default().client_ids.insert(client_id.to_owned())
        };
        if !is_new {
            return Ok(());
        }
        if let Some(message) = self.own_message(&session.id, &content) {
            self.add(&session.id, |seq, at_ms| Entry {
                seq,
                from_bot: false,
                message,
                at_ms,
                client_id: Some(client_id.to_owned()),
                state: "collecting".into(),
                preview_url: None,
                site_url: None,
            });
        }
        // Nobody listens in tests that do not look at it.
        let _ = self.received.send((session.id.clone(), content));
        Ok(())
    }

    async fn transcript(&self, session: &Session, after: i64) -> Result<Vec<Entry>, WebChatError> {
        let rooms = self.rooms.lock().unwrap();
        let entries = rooms.get(&session.id).map(|room| room.entries.as_slice()).unwrap_or(&[]);
        let newer = entries.iter().filter(|entry| entry.seq > after);
        Ok(newer.take(MAX_TRANSCRIPT_ENTRIES).cloned().collect())
    }

    fn changed(&self, _session: &Session) -> BoxFuture<'static, ()> {
        Box::pin(Arc::clone(&self.news).notified_owned())
    }

    async fn admit_upload(&self, _session: &Session) -> Result<(), WebChatError> {
        if self.takes_uploads.load(Ordering::Relaxed) { Ok(()) } else { Err(WebChatError::TooMany) }
    }

    async fn upload(
        &self,
        session: &Session,
        bytes: Bytes,
        media_type: &str,
    ) -> Result<FileRef, WebChatError> {
        let size_bytes = i64::try_from(bytes.len()).ok();
        let mut files = self.files.lock().unwrap();
        let id = format!("uploads/{}", files.len());
        files.insert(format!("{} {id}", session.id), bytes);
        Ok(FileRef { id, media_type: Some(media_type.to_owned()), size_bytes })
    }

    async fn link_code(&self, session: &Session) -> Result<Option<LinkCode>, WebChatError> {
        let begun = self.rooms.lock().unwrap().contains_key(&session.id);
        Ok(begun.then(|| LinkCode { code: "ABC2-D3EF".to_owned(), minutes: 10 }))
    }

    async fn picture(&self, session: &Session, key: &str) -> Option<(Bytes, String)> {
        let files = self.files.lock().unwrap();
        let bytes = files.get(&format!("{} {key}", session.id))?;
        Some((bytes.clone(), "image/png".to_owned()))
    }
}
