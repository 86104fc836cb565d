//! `GET /files/{token}/{name}`: a site's files or its poster, for whoever was given the token.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sitespark_bot::exports::{self, Takeaway};
use sitespark_core::clock::SharedClock;
use sitespark_core::storage::Objects;

/// Where exports lie, and what day it is.
#[derive(Clone)]
struct Shelf {
    objects: Objects,
    clock: SharedClock,
}

/// The door to exports.
pub fn router(objects: Objects, clock: SharedClock) -> Router {
    let shelf = Arc::new(Shelf { objects, clock });
    Router::new().route("/files/{token}/{name}", get(hand_over)).with_state(shelf)
}

/// The token alone opens; the name is what the browser saves it under, and its ending what it is.
async fn hand_over(
    State(shelf): State<Arc<Shelf>>,
    Path((token, name)): Path<(String, String)>,
) -> Response {
    let Some(what) = Takeaway::of(&name) else { return StatusCode::NOT_FOUND.into_response() };
    match exports::fetch(&shelf.objects, what, &token, shelf.clock.now_ms()).await {
        Some(bytes) => {
            let headers = [
                (CONTENT_TYPE, HeaderValue::from_static(what.media_type())),
                (CONTENT_DISPOSITION, HeaderValue::from_static("attachment")),
                (CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
                (CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
                (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
                (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            ];
            (headers, bytes).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
