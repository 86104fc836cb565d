//! `GET /preview/ID/events`: says when a draft has changed, and where its site is once it is live.
//!
//! A stream has a bounded life, and there is a bounded number of them: browsers come back by
//! themselves.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, Stream};
use sitespark_core::live::News;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::{Previews, SketchFault, View, page};

/// Most who watch at once; the rest load the page again by themselves.
const MOST_WATCHING: usize = 512;
/// After this a stream ends and the browser comes back.
const LIFE: Duration = Duration::from_secs(4 * 60);
/// Between comments that keep proxies from closing it.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// A draft is looked at this often even if nothing was announced.
const RECHECK: Duration = Duration::from_secs(3);
/// What browsers are told to wait before they come back.
const RETRY: Duration = Duration::from_secs(2);

/// Places for whoever watches.
pub(super) struct Watchers(Arc<Semaphore>);

impl Default for Watchers {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MOST_WATCHING)))
    }
}

/// One who watches.
struct Watcher {
    previews: Arc<Previews>,
    id: String,
    /// The run that makes the draft, once there is one: its news count as well.
    run: Option<String>,
    news: Receiver<News>,
    seen: Option<[u8; 32]>,
    ends: Instant,
    over: bool,
    _place: OwnedSemaphorePermit,
}

pub(super) async fn listen(
    State(previews): State<Arc<Previews>>,
    Path(id): Path<String>,
) -> Response {
    let Ok(place) = Arc::clone(&previews.watchers.0).try_acquire_owned() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let watcher = Watcher {
        news: previews.live.bus.subscribe(),
        previews,
        id,
        run: None,
        seen: None,
        ends: Instant::now() + LIFE,
        over: false,
        _place: place,
    };
    Sse::new(events(watcher)).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response()
}

fn events(watcher: Watcher) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(watcher, async |mut watcher| {
        let event = watcher.next().await?;
        Some((Ok(event), watcher))
    })
}

impl Watcher {
    /// The next thing worth telling; nothing at the end.
    async fn next(&mut self) -> Option<Event> {
        while !self.over {
            match self.look().await {
                Ok(Some(event)) => return Some(event.retry(RETRY)),
                Ok(None) => {}
                Err(fault) => {
                    tracing::warn!(
                        preview.id = self.id,
                        error = fault.to_string(),
                        "a watched draft could not be read"
                    );
                }
            }
            if self.over || tokio::time::timeout_at(self.ends, self.wait()).await.is_err() {
                return None;
            }
        }
        None
    }

    async fn look(&mut self) -> Result<Option<Event>, SketchFault> {
        match self.previews.view(&self.id).await? {
            View::Draft(document, run) => {
                self.run = run.map(|run| run.to_string());
                let digest = page::digest(&document);
                let changed = self.seen.replace(digest) != Some(digest);
                Ok(changed.then(|| Event::default().event("draft").data(hex::encode(digest))))
            }
            View::Live(url) => {
                self.over = true;
                Ok(Some(Event::default().event("live").data(format!("{url}/"))))
            }
            View::Nothing => {
                self.over = true;
                Ok(Some(Event::default().event("gone").data("")))
            }
        }
    }

    /// Until something may have changed.
    async fn wait(&mut self) {
        let (id, run) = (&self.id, self.run.as_deref());
        let news = &mut self.news;
        let heard = async {
            loop {
                match news.recv().await {
                    Ok(News::Preview { run: of }) if of == *id || Some(of.as_str()) == run => {
                        return;
                    }
                    Ok(News::Preview { .. } | News::Site { .. } | News::Chat { .. }) => {}
                    Err(RecvError::Lagged(_)) => return,
                    // No news will come any more: the bound ends the wait.
                    Err(RecvError::Closed) => std::future::pending().await,
                }
            }
        };
        // Running into the bound is an answer, too: look again.
        let _bounded = tokio::time::timeout(RECHECK, heard).await;
    }
}
