//! `POST /chat/messages`: what a person typed, tapped or shared.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use sitespark_bot::message::{Content, MAX_TEXT_CHARS};
use sitespark_core::plain::{from_json, plain};

use super::answer::{failed, refuse};
use super::texts::ErrorTexts;
use super::{WebState, photos};

/// Most bytes of one message.
pub const MAX_MESSAGE_BYTES: usize = 64 * 1024;
const MAX_CLIENT_ID_CHARS: usize = 64;
const MAX_CHOICE_CHARS: usize = 40;
const MAX_PAYLOAD_CHARS: usize = 64;
const MAX_LABEL_CHARS: usize = 200;

/// Exactly one of the kinds besides the id.
#[derive(Deserialize)]
struct Posted {
    client_id: String,
    text: Option<String>,
    choice: Option<String>,
    start: Option<Start>,
    location: Option<Location>,
    contact: Option<Contact>,
}

#[derive(Deserialize)]
struct Start {
    payload: Option<String>,
}

#[derive(Deserialize)]
struct Location {
    latitude: f64,
    longitude: f64,
    label: Option<String>,
}

#[derive(Deserialize)]
struct Contact {
    name: String,
    phone: String,
}

/// Why a body is not a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NotAMessage {
    Malformed,
    Nothing,
    TooLong,
}

/// Takes one message; 202 once it is stored.
pub(crate) async fn receive(
    State(state): State<Arc<WebState>>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let texts = state.errors_for(uri.query(), &headers);
    let session = match state.session_of(uri.query(), &headers) {
        Ok(session) => session,
        Err(refusal) => return *refusal,
    };
    let Ok(bytes) = axum::body::to_bytes(body, MAX_MESSAGE_BYTES).await else {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, &texts.too_large);
    };
    let (client_id, content) = match read(&bytes) {
        Ok(message) => message,
        Err(fault) => return refuse(StatusCode::BAD_REQUEST, sentence(fault, texts)),
    };
    match state.chat.receive(&session, &client_id, content).await {
        Ok(()) => StatusCode::ACCEPTED.into_response(),
        Err(error) => failed(error, texts),
    }
}

/// A client id is what the browser made up to say "this again": short and plain.
pub(crate) fn is_client_id(id: &str) -> bool {
    (1..=MAX_CLIENT_ID_CHARS).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn sentence(fault: NotAMessage, texts: &ErrorTexts) -> &str {
    match fault {
        NotAMessage::Malformed => &texts.bad_message,
        NotAMessage::Nothing => &texts.nothing_said,
        NotAMessage::TooLong => &texts.too_long,
    }
}

fn read(bytes: &[u8]) -> Result<(String, Content), NotAMessage> {
    let posted: Posted = from_json(bytes).map_err(|_| NotAMessage::Malformed)?;
    if !is_client_id(&posted.client_id) {
        return Err(NotAMessage::Malformed);
    }
    let mut kinds = [
        posted.text.map(text),
        posted.choice.map(choice),
        posted.start.map(start),
        posted.location.map(location),
        posted.contact.map(contact),
    ]
    .into_iter()
    .flatten();
    match (kinds.next(), kinds.next()) {
        (Some(content), None) => Ok((posted.client_id, content?)),
        (None, _) => Err(NotAMessage::Nothing),
        (Some(_), Some(_)) => Err(NotAMessage::Malformed),
    }
}

fn text(text: String) -> Result<Content, NotAMessage> {
    let text = bounded(&text, MAX_TEXT_CHARS)?.ok_or(NotAMessage::Nothing)?;
    Ok(Content::Text { text })
}

fn choice(id: String) -> Result<Content, NotAMessage> {
    if id.is_empty() || id.len() > MAX_CHOICE_CHARS || !id.is_ascii() {
        return Err(NotAMessage::Malformed);
    }
    Ok(Content::Choice { id })
}

fn start(start: Start) -> Result<Content, NotAMessage> {
    let payload = bounded(&start.payload.unwrap_or_default(), MAX_PAYLOAD_CHARS)?;
    Ok(Content::Start { payload })
}

fn location(place: Location) -> Result<Content, NotAMessage> {
    let on_earth =
        (-90.0..=90.0).contains(&place.latitude) && (-180.0..=180.0).contains(&place.longitude);
    if !on_earth {
        return Err(NotAMessage::Malformed);
    }
    let label = bounded(&place.label.unwrap_or_default(), MAX_LABEL_CHARS)?;
    Ok(Content::Location { latitude: place.latitude, longitude: place.longitude, label })
}

fn contact(card: Contact) -> Result<Content, NotAMessage> {
    let name = bounded(&card.name, MAX_LABEL_CHARS)?.ok_or(NotAMessage::Nothing)?;
    let phone = bounded(&card.phone, MAX_LABEL_CHARS)?.ok_or(NotAMessage::Nothing)?;
    Ok(Content::Contact { name, phone })
}

/// What a photo is sent with.
pub(crate) fn caption(text: &str) -> Option<String> {
    let text = plain(text);
    let text = text.trim();
    (!text.is_empty()).then(|| text.chars().take(photos::MAX_CAPTION_CHARS).collect())
}

fn bounded(text: &str, most: usize) -> Result<Option<String>, NotAMessage> {
    let text = text.trim();
    match text.chars().count() {
        0 => Ok(None),
        length if length <= most => Ok(Some(text.to_owned())),
        _ => Err(NotAMessage::TooLong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(body: &str) -> Option<NotAMessage> {
        read(body.as_bytes()).err()
    }

    #[test]
    fn each_kind_becomes_its_content() {
        let read = |body: &str| read(body.as_bytes()).unwrap().1;
        assert_eq!(
            read(r#"{"client_id":"a","text":" halo "}"#),
            Content::Text { text: "halo".into() }
        );
        assert_eq!(
            read(r#"{"client_id":"a","choice":"yes"}"#),
            Content::Choice { id: "yes".into() }
        );
        assert_eq!(
            read(r#"{"client_id":"a","start":{"payload":"K7"}}"#),
            Content::Start { payload: Some("K7".into()) }
        );
        assert_eq!(read(r#"{"client_id":"a","start":{}}"#), Content::Start { payload: None });
        assert_eq!(
            read(r#"{"client_id":"a","location":{"latitude":-6.2,"longitude":106.8}}"#),
            Content::Location { latitude: -6.2, longitude: 106.8, label: None }
        );
        assert_eq!(
            read(r#"{"client_id":"a","contact":{"name":"Toko","phone":"0812"}}"#),
            Content::Contact { name: "Toko".into(), phone: "0812".into() }
        );
    }

    #[test]
    fn control_characters_stay_outside() {
        let said = read(br#"{"client_id":"a","text":"ha\u0000lo\r\nkak"}"#).unwrap().1;
        assert_eq!(said, Content::Text { text: "halo\nkak".into() });
        assert_eq!(refusal(r#"{"client_id":"a","text":"\u0000 "}"#), Some(NotAMessage::Nothing));
        assert_eq!(caption("a\0b").as_deref(), Some("ab"));
    }

    #[test]
    fn what_is_no_message_is_told_apart() {
        assert_eq!(refusal("{"), Some(NotAMessage::Malformed));
        assert_eq!(refusal(r#"{"text":"halo"}"#), Some(NotAMessage::Malformed));
        assert_eq!(refusal(r#"{"client_id":"a b","text":"x"}"#), Some(NotAMessage::Malformed));
        assert_eq!(refusal(r#"{"client_id":"a"}"#), Some(NotAMessage::Nothing));
        assert_eq!(refusal(r#"{"client_id":"a","text":"  "}"#), Some(NotAMessage::Nothing));
        assert_eq!(
            refusal(r#"{"client_id":"a","text":"x","choice":"y"}"#),
            Some(NotAMessage::Malformed)
        );
        assert_eq!(
            refusal(r#"{"client_id":"a","location":{"latitude":91,"longitude":0}}"#),
            Some(NotAMessage::Malformed)
        );
        let long = format!(r#"{{"client_id":"a","text":"{}"}}"#, "x".repeat(MAX_TEXT_CHARS + 1));
        assert_eq!(refusal(&long), Some(NotAMessage::TooLong));
    }
}
