//! The operator's own page at `/`: what this is, and the chat in a browser.
//!
//! This module renders, checks and hands over. It stores nothing itself and never answers for the
//! bot: what is said goes through [`WebChat`], and what is shown comes out of it. Nothing here
//! loads anything from another origin except the owner's site inside the preview frame.

mod answer;
mod assets;
mod chat;
mod code;
mod encode;
mod events;
mod files;
mod headers;
mod language;
mod messages;
mod page;
mod photos;
mod session;
mod texts;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::middleware::{from_fn_with_state, map_response_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use tokio::sync::Semaphore;

pub use chat::{Entry, LinkCode, MAX_TRANSCRIPT_ENTRIES, Session, WebChat, WebChatError};
pub use events::{MAX_OPEN_STREAMS, StreamBounds};
pub use messages::MAX_MESSAGE_BYTES;
pub use page::{PageSettings, Prices};
pub use photos::MAX_PHOTO_BYTES;

use assets::Assets;
use headers::SecurityHeaders;
use texts::Catalogue;

/// What every handler of the page works with.
pub(crate) struct WebState {
    pub(crate) chat: Arc<dyn WebChat>,
    pub(crate) page: PageSettings,
    pub(crate) texts: Catalogue,
    pub(crate) assets: &'static Assets,
    pub(crate) security: SecurityHeaders,
    pub(crate) streams: Arc<Semaphore>,
    pub(crate) uploads: Semaphore,
    pub(crate) stream_bounds: StreamBounds,
}

/// The page, its assets and its chat, for the host of `PUBLIC_URL`.
pub fn router(chat: Arc<dyn WebChat>, page: PageSettings) -> Router {
    router_with(chat, page, StreamBounds::default())
}

/// [`router`] with other bounds on event streams.
pub fn router_with(
    chat: Arc<dyn WebChat>,
    page: PageSettings,
    stream_bounds: StreamBounds,
) -> Router {
    let state = Arc::new(WebState {
        chat,
        texts: Catalogue::load(&page),
        assets: Assets::shared(),
        security: SecurityHeaders::new(&page),
        streams: Arc::new(Semaphore::new(MAX_OPEN_STREAMS)),
        uploads: Semaphore::new(photos::MAX_UPLOADS),
        stream_bounds,
        page,
    });
    let writing = Router::new()
        .route("/chat/messages", post(messages::receive))
        .route("/chat/photos", post(photos::receive))
        .route("/chat/files", post(photos::receive))
        .route("/chat/code", post(code::make))
        .layer(DefaultBodyLimit::disable())
        .route_layer(from_fn_with_state(Arc::clone(&state), headers::refuse_other_origins));
    Router::new()
        .route("/", get(page::show))
        .route("/assets/{name}", get(assets::serve))
        .route("/chat/events", get(events::stream))
        .route("/chat/pictures/{key}", get(photos::picture))
        .merge(writing)
        .layer(map_response_with_state(Arc::clone(&state), secure))
        .with_state(state)
}

async fn secure(State(state): State<Arc<WebState>>, mut response: Response) -> Response {
    state.security.apply(response.headers_mut());
    response
}
