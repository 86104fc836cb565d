//! `POST /chat/code`: a code with which the conversation goes on elsewhere. Entered is it by saying it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::answer::{failed, refuse};
use super::{WebChatError, WebState};

/// Makes one; the one before it no longer works.
pub(crate) async fn make(
    State(state): State<Arc<WebState>>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let texts = state.errors_for(uri.query(), &headers);
    let session = match state.session_of(uri.query(), &headers) {
        Ok(session) => session,
        Err(refusal) => return *refusal,
    };
    match state.chat.link_code(&session).await {
        Ok(Some(made)) => {
            let note = texts.code_note.replace("{minutes}", &made.minutes.to_string());
            let body = Json(json!({ "code": made.code, "note": note }));
            ([(CACHE_CONTROL, "no-store")], body).into_response()
        }
        Ok(None) => refuse(StatusCode::CONFLICT, &texts.not_begun),
        Err(WebChatError::TooMany) => refuse(StatusCode::TOO_MANY_REQUESTS, &texts.too_many_codes),
        Err(error) => failed(error, texts),
    }
}
