//! Requests held against the published rules of the Cloud API.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::channels::fakes::server::Call;

/// A field that is missing, and one that is wrong.
const MISSING: i64 = 131_008;
const WRONG: i64 = 131_009;
/// Largest picture.
const MAX_PICTURE_BYTES: usize = 5 * 1024 * 1024;
/// Largest recording.
const MAX_AUDIO_BYTES: usize = 16 * 1024 * 1024;
/// How an OGG file begins.
const OGG_START: &[u8] = b"OggS";

/// What the server answers to a request that breaks a rule.
#[derive(Debug, Clone)]
pub(super) struct Refused {
    pub(super) code: i64,
    pub(super) detail: String,
}

impl Refused {
    pub(super) fn new(code: i64, detail: &str) -> Self {
        Self { code, detail: detail.to_owned() }
    }
}

/// Holds a message against the rules.
pub(super) fn check_message(
    body: &Value,
    uploaded: &HashMap<String, Vec<u8>>,
) -> Result<(), Refused> {
    ensure(string(body, "/messaging_product") == "whatsapp", "messaging_product must be whatsapp")?;
    let kind = string(body, "/type");
    let known = ["messaging_product", "recipient_type", "to", "recipient", "type", "context", kind];
    only(body, &known)?;
    check_recipient(body)?;
    let content = body.get(kind).ok_or_else(|| Refused::new(MISSING, "content is missing"))?;
    match kind {
        "text" => {
            only(content, &["body", "preview_url"])?;
            text(content, "/body", 4_096)?;
            let preview = content.get("preview_url");
            ensure(preview.is_none_or(Value::is_boolean), "preview_url is a boolean")
        }
        "image" => check_media(content, uploaded),
        "audio" => {
            only(content, &["id", "link", "voice"])?;
            let voice = content.get("voice");
            ensure(voice.is_none_or(Value::is_boolean), "voice is a boolean")?;
            check_source(content, uploaded)?;
            let id = string(content, "/id");
            let is_ogg = uploaded.get(id).is_some_and(|bytes| bytes.starts_with(OGG_START));
            ensure(voice != Some(&Value::Bool(true)) || is_ogg, "a voice note is an OGG file")
        }
        "document" => {
            only(content, &["id", "link", "caption", "filename"])?;
            text(content, "/filename", 240)?;
            let mut unnamed = content.clone();
            unnamed.as_object_mut().map(|named| named.remove("filename"));
            check_media(&unnamed, uploaded)
        }
        "template" => {
            only(content, &["name", "language", "components"])?;
            text(content, "/name", 512)?;
            let code = string(content, "/language/code");
            ensure(matches!(code, "id" | "en"), "no such language of the template")
        }
        "interactive" => check_interactive(content, uploaded),
        "reaction" => {
            only(content, &["message_id", "emoji"])?;
            text(content, "/message_id", 512)?;
            ensure(is_one_emoji(string(content, "/emoji")), "emoji must be one emoji")
        }
        _ => Err(Refused::new(131_051, "unsupported message type")),
    }
}

/// One sign and what makes it one of colour; never taken away again by us.
fn is_one_emoji(text: &str) -> bool {
    let signs: Vec<char> = text.chars().filter(|sign| *sign != '\u{fe0f}').collect();
    matches!(signs.as_slice(), [sign] if u32::from(*sign) >= 0x2190)
}

fn check_recipient(body: &Value) -> Result<(), Refused> {
    ensure(matches!(string(body, "/recipient_type"), "" | "individual"), "recipient_type")?;
    let to = body.get("to").and_then(Value::as_str);
    let recipient = body.get("recipient").and_then(Value::as_str);
    match (to, recipient) {
        (Some(to), None) => {
            let is_number = (6..=15).contains(&to.len()) && to.bytes().all(|b| b.is_ascii_digit());
            ensure(is_number, "to is not a telephone number")
        }
        (None, Some(id)) => {
            let is_id = id
                .split_once('.')
                .is_some_and(|(country, rest)| country.len() == 2 && !rest.is_empty());
            ensure(is_id, "recipient is not a scoped id")
        }
        _ => Err(Refused::new(MISSING, "exactly one of to and recipient")),
    }
}

fn check_media(media: &Value, uploaded: &HashMap<String, Vec<u8>>) -> Result<(), Refused> {
    only(media, &["id", "link", "caption"])?;
    if media.get("caption").is_some() {
        text(media, "/caption", 1_024)?;
    }
    check_source(media, uploaded)
}

fn check_source(image: &Value, uploaded: &HashMap<String, Vec<u8>>) -> Result<(), Refused> {
    let id = image.get("id").and_then(Value::as_str);
    let link = image.get("link").and_then(Value::as_str);
    match (id, link) {
        (Some(id), None) => ensure(uploaded.contains_key(id), "no such media"),
        (None, Some(link)) => ensure(link.starts_with("https://"), "link must be https"),
        _ => Err(Refused::new(MISSING, "exactly one of id and link")),
    }
}

fn check_interactive(content: &Value, uploaded: &HashMap<String, Vec<u8>>) -> Result<(), Refused> {
    only(content, &["type", "header", "body", "action"])?;
    text(content, "/body/text", 1_024)?;
    let kind = string(content, "/type");
    if let Some(header) = content.get("header") {
        ensure(kind == "button", "only buttons can have a picture above them")?;
        ensure(string(header, "/type") == "image", "header of an unknown type")?;
        let image = header.get("image").ok_or_else(|| Refused::new(MISSING, "header image"))?;
        only(image, &["id", "link"])?;
        check_source(image, uploaded)?;
    }
    match kind {
        "button" => check_buttons(content),
        "list" => check_list(content),
        "location_request_message" => {
            ensure(string(content, "/action/name") == "send_location", "action of an unknown name")
        }
        "cta_url" => {
            let url = string(content, "/action/parameters/url");
            text(content, "/action/parameters/display_text", 20)?;
            ensure(string(content, "/action/name") == "cta_url", "action of an unknown name")?;
            ensure(url.starts_with("https://"), "url must be https")
        }
        _ => Err(Refused::new(WRONG, "interactive of an unknown type")),
    }
}

fn check_buttons(content: &Value) -> Result<(), Refused> {
    let buttons = array(content, "/action/buttons")?;
    ensure((1..=3).contains(&buttons.len()), "1 to 3 buttons")?;
    let replies: Vec<&Value> = buttons.iter().filter_map(|button| button.get("reply")).collect();
    ensure(replies.len() == buttons.len(), "a button without reply")?;
    check_entries(&replies, 256, 20)
}

fn check_list(content: &Value) -> Result<(), Refused> {
    text(content, "/action/button", 20)?;
    let sections = array(content, "/action/sections")?;
    let rows: Vec<&Value> = sections
        .iter()
        .filter_map(|section| section.get("rows").and_then(Value::as_array))
        .flatten()
        .collect();
    ensure((1..=10).contains(&rows.len()), "1 to 10 rows in all")?;
    check_entries(&rows, 200, 24)
}

/// Ids and titles: there, short enough, each once; titles without marks.
fn check_entries(entries: &[&Value], max_id: usize, max_title: usize) -> Result<(), Refused> {
    let mut ids = HashSet::new();
    let mut titles = HashSet::new();
    for entry in entries {
        only(entry, &["id", "title", "description"])?;
        text(entry, "/id", max_id)?;
        text(entry, "/title", max_title)?;
        ensure(ids.insert(string(entry, "/id")), "an id twice")?;
        ensure(titles.insert(string(entry, "/title").trim()), "a title twice")?;
        let marks = ['*', '~', '`'];
        ensure(!string(entry, "/title").starts_with(marks), "a title with markup")?;
    }
    Ok(())
}

/// Holds the mark that a message was read, with or without typing, against the rules.
pub(super) fn check_read_mark(body: &Value) -> Result<(), Refused> {
    only(body, &["messaging_product", "status", "message_id", "typing_indicator"])?;
    ensure(string(body, "/messaging_product") == "whatsapp", "messaging_product must be whatsapp")?;
    ensure(string(body, "/status") == "read", "status must be read")?;
    ensure(string(body, "/message_id").starts_with("wamid."), "message_id must be one of theirs")?;
    let typing = body.get("typing_indicator").map(|_| string(body, "/typing_indicator/type"));
    ensure(typing.is_none_or(|kind| kind == "text"), "typing_indicator must be text")
}

/// Holds the upload of a picture, a sheet or a recording against the rules.
pub(super) fn check_upload(call: &Call) -> Result<(), Refused> {
    ensure(string(&call.params, "/messaging_product") == "whatsapp", "messaging_product")?;
    let [file] = call.uploads.as_slice() else {
        return Err(Refused::new(MISSING, "exactly one file"));
    };
    let kind = string(&call.params, "/type");
    ensure(file.field == "file" && file.media_type.as_deref() == Some(kind), "type of the file")?;
    let (starts, most): (&[u8], usize) = match kind {
        "image/png" => (b"\x89PNG", MAX_PICTURE_BYTES),
        "image/jpeg" => (b"\xff\xd8\xff", MAX_PICTURE_BYTES),
        "application/pdf" => (b"%PDF", MAX_PICTURE_BYTES),
        "audio/ogg" => (OGG_START, MAX_AUDIO_BYTES),
        _ => return Err(Refused::new(131_053, "media of an unsupported type")),
    };
    let fits = file.bytes.starts_with(starts) && file.bytes.len() <= most;
    if fits { Ok(()) } else { Err(Refused::new(131_053, "media upload error")) }
}

fn text(value: &Value, pointer: &str, max_chars: usize) -> Result<(), Refused> {
    let text = string(value, pointer);
    if text.trim().is_empty() {
        return Err(Refused::new(MISSING, &format!("{pointer} is missing or empty")));
    }
    let length = text.chars().count();
    ensure(length <= max_chars, &format!("{pointer} has {length} of {max_chars} characters"))
}

fn array<'a>(value: &'a Value, pointer: &str) -> Result<&'a Vec<Value>, Refused> {
    let list = value.pointer(pointer).and_then(Value::as_array);
    list.ok_or_else(|| Refused::new(MISSING, &format!("{pointer} is missing")))
}

fn only(value: &Value, known: &[&str]) -> Result<(), Refused> {
    let object = value.as_object().ok_or_else(|| Refused::new(WRONG, "not an object"))?;
    for field in object.keys() {
        ensure(known.contains(&field.as_str()), &format!("unknown field {field}"))?;
    }
    Ok(())
}

fn string<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn ensure(holds: bool, detail: &str) -> Result<(), Refused> {
    if holds { Ok(()) } else { Err(Refused::new(WRONG, detail)) }
}
