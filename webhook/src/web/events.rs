//! `GET /chat/events`: the transcript as server-sent events, from wherever the browser left off.
//!
//! A stream has a bounded life, and there is a bounded number of them: browsers come back by
//! themselves and lose nothing, because the number of the last entry comes back with them.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, Stream};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sitespark_bot::message::{Body, Choice, LinkButton, Progress};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;

use super::WebState;
use super::answer::refuse;
use super::chat::{Entry, Session};

/// Most browsers that listen at once; more are told to come back later.
pub const MAX_OPEN_STREAMS: usize = 4_000;
const RETRY: Duration = Duration::from_secs(2);
/// Enough to tell two sessions apart, too little to be one.
const ROOM_BYTES: usize = 6;
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// How long a stream may live and how often it shows that it does.
#[derive(Debug, Clone, Copy)]
pub struct StreamBounds {
    /// After this the stream ends and the browser comes back.
    pub life: Duration,
    /// Between comments that keep proxies from closing it.
    pub heartbeat: Duration,
    /// The transcript is looked at this often even if nothing was announced.
    pub recheck: Duration,
}

impl Default for StreamBounds {
    fn default() -> Self {
        Self {
            life: Duration::from_secs(4 * 60),
            heartbeat: Duration::from_secs(15),
            recheck: Duration::from_secs(10),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Since {
    after: Option<String>,
}

impl Since {
    fn seq(&self) -> Option<i64> {
        self.after.as_deref()?.parse().ok()
    }
}

/// An entry as the script reads it.
#[derive(Serialize)]
struct Shown<'a> {
    seq: i64,
    from_bot: bool,
    at_ms: i64,
    client_id: Option<&'a str>,
    body: &'a Body,
    choices: &'a [Choice],
    links: &'a [LinkButton],
    picture: Option<&'a str>,
    voice: Option<&'a str>,
    progress: Option<&'a Progress>,
    state: &'a str,
    preview_url: Option<&'a str>,
    site_url: Option<&'a str>,
}

/// Everything after the last entry the browser has, then what comes.
pub(crate) async fn stream(
    State(state): State<Arc<WebState>>,
    Query(since): Query<Since>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let session = match state.session_of(uri.query(), &headers) {
        Ok(session) => session,
        Err(refusal) => return *refusal,
    };
    let Ok(permit) = Arc::clone(&state.streams).try_acquire_owned() else {
        let texts = state.errors_for(uri.query(), &headers);
        return refuse(StatusCode::SERVICE_UNAVAILABLE, &texts.too_many_readers);
    };
    let bounds = state.stream_bounds;
    let listener = Listener {
        after: last_seen(&headers).or(since.seq()).unwrap_or(0).max(0),
        ends_at: Instant::now() + bounds.life,
        waiting: VecDeque::new(),
        caught_up: false,
        session,
        state,
        _permit: permit,
    };
    let heartbeat = KeepAlive::new().interval(bounds.heartbeat);
    let headers = [
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    (headers, Sse::new(listener.events()).keep_alive(heartbeat)).into_response()
}

/// A browser's own count goes before the address: it is the newer one after a reconnect.
fn last_seen(headers: &HeaderMap) -> Option<i64> {
    headers.get(LAST_EVENT_ID)?.to_str().ok()?.parse().ok()
}

/// One open stream.
struct Listener {
    state: Arc<WebState>,
    session: Session,
    after: i64,
    ends_at: Instant,
    waiting: VecDeque<Entry>,
    caught_up: bool,
    _permit: OwnedSemaphorePermit,
}

impl Listener {
    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, |mut listener| async move {
            let event = listener.next().await?;
            Some((Ok(event), listener))
        })
    }

    /// The next event; `None` ends the stream. Runs until something came or its life is over.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(entry) = self.waiting.pop_front() {
                self.after = self.after.max(entry.seq);
                return event_of(&entry);
            }
            if Instant::now() >= self.ends_at && self.caught_up {
                return None;
            }
            // From before the transcript is read: what is said meanwhile is not missed.
            let changed = self.state.chat.changed(&self.session);
            if !self.refill().await {
                return None;
            }
            if !self.waiting.is_empty() {
                continue;
            }
            if !self.caught_up {
                self.caught_up = true;
                return self.ready();
            }
            let recheck = Instant::now() + self.state.stream_bounds.recheck;
            // Either way the transcript is read again: a missed announcement only costs time.
            let _ = tokio::time::timeout_at(recheck.min(self.ends_at), changed).await;
        }
    }

    /// Says that the browser has everything, and whose transcript it is: a browser that lost its
    /// cookie has to begin at the first entry again.
    fn ready(&self) -> Option<Event> {
        let room = hex::encode(&Sha256::digest(&self.session.id)[..ROOM_BYTES]);
        let event = Event::default().event("ready").retry(RETRY);
        event.json_data(serde_json::json!({ "room": room })).ok()
    }

    async fn refill(&mut self) -> bool {
        match self.state.chat.transcript(&self.session, self.after).await {
            Ok(entries) => {
                let after = self.after;
                self.waiting.extend(entries.into_iter().filter(|entry| entry.seq > after));
                true
            }
            Err(error) => {
                tracing::warn!(error = %error, "a chat transcript could not be read");
                false
            }
        }
    }
}

fn event_of(entry: &Entry) -> Option<Event> {
    let message = &entry.message;
    let shown = Shown {
        seq: entry.seq,
        from_bot: entry.from_bot,
        at_ms: entry.at_ms,
        client_id: entry.client_id.as_deref(),
        body: &message.body,
        choices: &message.choices,
        links: &message.links,
        picture: message.picture.as_ref().map(|picture| picture.key.as_str()),
        voice: message.voice.as_ref().and_then(|note| note.key.as_deref()),
        progress: message.progress.as_ref(),
        state: &entry.state,
        preview_url: entry.preview_url.as_deref(),
        site_url: entry.site_url.as_deref(),
    };
    match Event::default().id(entry.seq.to_string()).json_data(&shown) {
        Ok(event) => Some(event),
        Err(error) => {
            tracing::error!(error = %error, "a chat entry could not be written");
            None
        }
    }
}
