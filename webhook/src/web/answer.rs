//! Answers to the page's script: a status and one plain sentence.

use axum::Json;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sitespark_core::brief::Language;
use uuid::Uuid;

use super::chat::{Session, WebChatError};
use super::texts::ErrorTexts;
use super::{WebState, language, session};

#[derive(Serialize)]
struct Refusal<'a> {
    error: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<Uuid>,
}

/// A refusal the person can read.
pub(crate) fn refuse(status: StatusCode, sentence: &str) -> Response {
    (status, Json(Refusal { error: sentence, reference: None })).into_response()
}

/// What a failure of the chat looks like from outside; ours are logged with a reference.
pub(crate) fn failed(error: WebChatError, texts: &ErrorTexts) -> Response {
    match error {
        WebChatError::TooMany => refuse(StatusCode::TOO_MANY_REQUESTS, &texts.too_many),
        WebChatError::TooLarge => refuse(StatusCode::PAYLOAD_TOO_LARGE, &texts.photo_too_large),
        WebChatError::NotAPicture => {
            refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, &texts.not_a_picture)
        }
        WebChatError::Unavailable(source) => {
            let reference = Uuid::now_v7();
            tracing::error!(error = %source, %reference, "the web chat could not be reached");
            let body = Refusal { error: &texts.unavailable, reference: Some(reference) };
            (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
        }
    }
}

impl WebState {
    /// The language of a request, by its query string and headers.
    pub(crate) fn language_for(&self, query: Option<&str>, headers: &HeaderMap) -> Language {
        let asked = query
            .into_iter()
            .flat_map(|query| query.split('&'))
            .find_map(|pair| pair.strip_prefix("lang="));
        language::choose(asked, headers, self.page.default_language)
    }

    /// The sentences to refuse a request with.
    pub(crate) fn errors_for(&self, query: Option<&str>, headers: &HeaderMap) -> &ErrorTexts {
        &self.texts.of(self.language_for(query, headers)).errors
    }

    /// Whose request it is; without a cookie the page has to be opened first.
    pub(crate) fn session_of(
        &self,
        query: Option<&str>,
        headers: &HeaderMap,
    ) -> Result<Session, Box<Response>> {
        let language = self.language_for(query, headers);
        match session::id_of(headers, &self.page) {
            Some(id) => Ok(Session { id, language }),
            None => {
                let texts = &self.texts.of(language).errors;
                Err(Box::new(refuse(StatusCode::UNAUTHORIZED, &texts.no_session)))
            }
        }
    }
}
