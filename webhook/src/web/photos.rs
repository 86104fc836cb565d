//! `POST /chat/photos`, `POST /chat/files` and `GET /chat/pictures/{key}`: pictures, recordings and
//! documents in, pictures and voice notes out.
//!
//! What a picture is, its first bytes say; nobody's word for it is taken, and nothing that could
//! be a document or a script is ever served from here.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, RANGE,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use sitespark_core::byte_range::ByteRange;
use sitespark_core::llm::voice::RECORDING_TYPE;

use super::WebState;
use super::answer::{failed, refuse};
use super::chat::Session;
use super::files::Kind;
use super::messages::{caption, is_client_id};
use super::texts::ErrorTexts;

/// Most bytes of one photo.
pub const MAX_PHOTO_BYTES: usize = 12 * 1024 * 1024;
/// Longest caption that is looked at; the rest is cut.
pub(crate) const MAX_CAPTION_CHARS: usize = 1_000;
/// Uploads that are in memory at once.
pub(crate) const MAX_UPLOADS: usize = 16;
/// How long one waits for a place among them, before any of it is read.
const UPLOAD_WAIT: Duration = Duration::from_secs(10);
const MAX_FIELDS: usize = 4;
const MAX_FIELD_BYTES: usize = 16 * 1024;

/// A form with the fields `client_id`, `caption` and `photo`, or `file` for what need not be one.
#[derive(Default)]
struct Form {
    client_id: String,
    caption: Option<String>,
    bytes: Option<Bytes>,
    name: Option<String>,
    must_be_picture: bool,
}

enum FormFault {
    Malformed,
    TooLarge,
}

/// Takes one photo; 202 once it and the message are stored.
pub(crate) async fn receive(
    State(state): State<Arc<WebState>>,
    uri: Uri,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let texts = state.errors_for(uri.query(), &headers);
    let session = match state.session_of(uri.query(), &headers) {
        Ok(session) => session,
        Err(refusal) => return *refusal,
    };
    if let Err(error) = state.chat.admit_upload(&session).await {
        return failed(error, texts);
    }
    let place = tokio::time::timeout(UPLOAD_WAIT, state.uploads.acquire()).await;
    let Ok(Ok(_place)) = place else {
        return refuse(StatusCode::SERVICE_UNAVAILABLE, &texts.too_many);
    };
    let Ok(multipart) = Multipart::from_request(request, &()).await else {
        return refuse(StatusCode::BAD_REQUEST, &texts.bad_message);
    };
    match read_form(multipart).await {
        Ok(form) => take(&state, &session, form, texts).await,
        Err(FormFault::Malformed) => refuse(StatusCode::BAD_REQUEST, &texts.bad_message),
        Err(FormFault::TooLarge) => refuse(StatusCode::PAYLOAD_TOO_LARGE, &texts.photo_too_large),
    }
}

async fn take(state: &WebState, session: &Session, form: Form, texts: &ErrorTexts) -> Response {
    if !is_client_id(&form.client_id) {
        return refuse(StatusCode::BAD_REQUEST, &texts.bad_message);
    }
    let Some(bytes) = form.bytes.filter(|bytes| !bytes.is_empty()) else {
        return refuse(StatusCode::BAD_REQUEST, &texts.no_photo);
    };
    let kind = match Kind::of(&bytes) {
        Some(kind @ Kind::Picture(_)) => kind,
        Some(kind) if !form.must_be_picture => kind,
        Some(_) | None => {
            let why = if form.must_be_picture { &texts.not_a_picture } else { &texts.not_a_file };
            return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, why);
        }
    };
    let file = match state.chat.upload(session, bytes, kind.media_type()).await {
        Ok(file) => file,
        Err(error) => return failed(error, texts),
    };
    let content = kind.content(file, form.name.as_deref(), form.caption);
    match state.chat.receive(session, &form.client_id, content).await {
        Ok(()) => StatusCode::ACCEPTED.into_response(),
        Err(error) => failed(error, texts),
    }
}

async fn read_form(mut multipart: Multipart) -> Result<Form, FormFault> {
    let mut form = Form::default();
    for _ in 0..MAX_FIELDS {
        let Some(mut field) = multipart.next_field().await.map_err(|_| FormFault::Malformed)?
        else {
            return Ok(form);
        };
        let name = field.name().unwrap_or_default().to_owned();
        let is_file = matches!(name.as_str(), "photo" | "file");
        let most = if is_file { MAX_PHOTO_BYTES } else { MAX_FIELD_BYTES };
        let file_name = field.file_name().map(str::to_owned);
        let mut bytes = BytesMut::new();
        while let Some(chunk) = field.chunk().await.map_err(|_| FormFault::Malformed)? {
            if bytes.len() + chunk.len() > most {
                return Err(FormFault::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        match name.as_str() {
            "photo" | "file" => {
                form.bytes = Some(bytes.freeze());
                form.name = file_name;
                form.must_be_picture = name == "photo";
            }
            "client_id" => form.client_id = String::from_utf8_lossy(&bytes).into_owned(),
            "caption" => form.caption = caption(&String::from_utf8_lossy(&bytes)),
            _ => return Err(FormFault::Malformed),
        }
    }
    Ok(form)
}

/// `GET /chat/pictures/{key}`: a picture whole, a voice note in the parts a player asks for.
pub(crate) async fn picture(
    State(state): State<Arc<WebState>>,
    Path(key): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let session = match state.session_of(uri.query(), &headers) {
        Ok(session) => session,
        Err(refusal) => return *refusal,
    };
    let Some((bytes, _)) = state.chat.picture(&session, &key).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (media_type, range) = match Kind::of(&bytes) {
        Some(Kind::Picture(media_type)) => (media_type, None),
        // Some players take none that they cannot have in parts.
        Some(Kind::Voice(RECORDING_TYPE)) => (RECORDING_TYPE, headers.get(RANGE)),
        Some(Kind::Voice(_) | Kind::Document(_)) | None => {
            return StatusCode::NOT_FOUND.into_response();
        }
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (CACHE_CONTROL, HeaderValue::from_static("private, max-age=86400, immutable")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ];
    (headers, part(bytes, range)).into_response()
}

/// The bytes, or the part of them that is asked for.
fn part(bytes: Bytes, range: Option<&HeaderValue>) -> Response {
    let Some(range) = range.and_then(|range| range.to_str().ok()) else {
        return ([(ACCEPT_RANGES, "bytes")], bytes).into_response();
    };
    let length = bytes.len() as u64;
    let at = |position: u64| usize::try_from(position).unwrap_or(usize::MAX).min(bytes.len());
    match ByteRange::of(range, length) {
        ByteRange::Whole => ([(ACCEPT_RANGES, "bytes")], bytes).into_response(),
        ByteRange::Part(first, last) => {
            let told = [(CONTENT_RANGE, format!("bytes {first}-{last}/{length}"))];
            let part = bytes.slice(at(first)..at(last.saturating_add(1)));
            (StatusCode::PARTIAL_CONTENT, told, part).into_response()
        }
        ByteRange::Unsatisfiable => {
            let told = [(CONTENT_RANGE, format!("bytes */{length}"))];
            (StatusCode::RANGE_NOT_SATISFIABLE, told).into_response()
        }
    }
}
