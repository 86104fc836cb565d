//! Requests held against Discord's published limits.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::channels::fakes::markdown::read_markdown;
use crate::channels::fakes::server::Call;

use super::Seen;

/// What the server answers to a request that breaks a rule or comes at the wrong time.
#[derive(Debug, Clone)]
pub(super) struct Refused {
    pub(super) status: u16,
    pub(super) code: i64,
    pub(super) message: String,
    pub(super) retry_after_s: f64,
    /// Whether a bot that knows the rules would not have asked.
    pub(super) is_violation: bool,
}

impl Refused {
    pub(super) fn new(status: u16, code: i64, message: &str) -> Self {
        let message = message.to_owned();
        Self { status, code, message, retry_after_s: 0.0, is_violation: false }
    }

    pub(super) fn wrong(what: &str) -> Self {
        Self { is_violation: true, ..Self::new(400, 50_035, &format!("Invalid Form Body: {what}")) }
    }

    pub(super) fn limited(ms: i64) -> Self {
        let seconds = f64::from(i32::try_from(ms).unwrap_or(i32::MAX)) / 1_000.0;
        Self { retry_after_s: seconds, ..Self::new(429, 0, "rate limited") }
    }
}

/// What a request says, whether as JSON or beside files.
pub(super) fn payload(params: &Value) -> Value {
    match params.get("payload_json").and_then(Value::as_str) {
        Some(text) => serde_json::from_str(text).unwrap_or(Value::Null),
        None => params.clone(),
    }
}

/// Holds a new or changed message against the limits.
pub(super) fn message(call: &Call, is_new: bool) -> Result<(), Refused> {
    let body = &call.params;
    let known = [
        "content",
        "components",
        "allowed_mentions",
        "attachments",
        "flags",
        "nonce",
        "enforce_nonce",
        "message_reference",
        "embeds",
    ];
    only(body, &known)?;
    let content = string(body, "content");
    ensure(content.encode_utf16().count() <= 2_000, "content has more than 2000 characters")?;
    let has_rows = body.get("components").and_then(Value::as_array).is_some_and(|r| !r.is_empty());
    let is_empty = content.trim().is_empty() && call.uploads.is_empty() && !has_rows;
    ensure(!is_empty, "an empty message (50006)")?;
    let parse = body.pointer("/allowed_mentions/parse").and_then(Value::as_array);
    ensure(parse.is_some_and(Vec::is_empty), "mentions are not shut out")?;
    if let Some(nonce) = body.get("nonce").and_then(Value::as_str) {
        ensure((1..=25).contains(&nonce.chars().count()), "nonce has more than 25 characters")?;
        ensure(is_new, "nonce of an edit")?;
    }
    files(call)?;
    components(body.get("components").unwrap_or(&Value::Null))
}

fn files(call: &Call) -> Result<(), Refused> {
    let told = call.params.get("attachments").and_then(Value::as_array).map_or(0, Vec::len);
    ensure(call.uploads.len() <= 10, "more than 10 files")?;
    ensure(told == call.uploads.len() || call.uploads.is_empty(), "attachments without files")?;
    for (number, upload) in call.uploads.iter().enumerate() {
        ensure(upload.field == format!("files[{number}]"), "name of the file's field")?;
        ensure(upload.bytes.len() <= 10 * 1024 * 1024, "a file of more than 10 MiB (40005)")?;
        // By the end of its name the app knows what it can play.
        let is_recording = upload.media_type.as_deref() == Some("audio/ogg");
        let is_named = upload.file_name.as_deref().is_some_and(|name| name.ends_with(".ogg"));
        ensure(is_recording == is_named, "a recording by another name")?;
        let is_ogg = upload.bytes.starts_with(b"OggS");
        ensure(!is_recording || is_ogg, "a recording that cannot be played")?;
    }
    Ok(())
}

fn components(rows: &Value) -> Result<(), Refused> {
    let Some(rows) = rows.as_array() else { return Ok(()) };
    ensure(rows.len() <= 5, "more than 5 rows")?;
    let mut ids = HashSet::new();
    for row in rows {
        ensure(row["type"] == 1, "a row is an action row")?;
        let parts = row["components"].as_array().filter(|parts| !parts.is_empty());
        let parts = parts.ok_or_else(|| Refused::wrong("an empty row"))?;
        ensure(parts.len() <= 5, "more than 5 buttons in a row")?;
        for part in parts {
            component(part, parts.len(), &mut ids)?;
        }
    }
    Ok(())
}

fn component(part: &Value, beside: usize, ids: &mut HashSet<String>) -> Result<(), Refused> {
    match (part["type"].as_u64(), part["style"].as_u64()) {
        (Some(2), Some(5)) => {
            only(part, &["type", "style", "label", "url"])?;
            text(part, "label", 80)?;
            let url = string(part, "url");
            let is_web = url.starts_with("https://") || url.starts_with("http://");
            ensure(is_web && url.chars().count() <= 512, "url of a button")
        }
        (Some(2), Some(1..=4)) => {
            only(part, &["type", "style", "label", "custom_id", "disabled"])?;
            text(part, "label", 80)?;
            custom_id(part, ids)
        }
        (Some(3), None) => {
            ensure(beside == 1, "a menu beside something else")?;
            custom_id(part, ids)?;
            text(part, "placeholder", 150)?;
            options(part)
        }
        _ => Err(Refused::wrong("a component of an unknown kind")),
    }
}

fn options(menu: &Value) -> Result<(), Refused> {
    let options = menu["options"].as_array().ok_or_else(|| Refused::wrong("no options"))?;
    ensure((1..=25).contains(&options.len()), "1 to 25 options")?;
    let mut values = HashSet::new();
    for option in options {
        only(option, &["label", "value", "description", "default"])?;
        text(option, "label", 100)?;
        text(option, "value", 100)?;
        ensure(values.insert(string(option, "value")), "a value twice")?;
    }
    Ok(())
}

fn custom_id(part: &Value, ids: &mut HashSet<String>) -> Result<(), Refused> {
    text(part, "custom_id", 100)?;
    ensure(ids.insert(string(part, "custom_id").to_owned()), "a custom_id twice")
}

/// Holds the first answer to an interaction against the rules.
pub(super) fn first_answer(answer: &Value) -> Result<(), Refused> {
    match answer["type"].as_u64() {
        Some(1 | 6) => Ok(()),
        Some(5) => {
            let flags = answer.pointer("/data/flags").and_then(Value::as_u64).unwrap_or(0);
            ensure(flags & !64 == 0, "only EPHEMERAL is honoured")
        }
        Some(8) => ensure(answer.pointer("/data/choices").is_some_and(Value::is_array), "choices"),
        Some(9) => form(&answer["data"]),
        _ => Err(Refused::wrong("a first answer of an unknown kind")),
    }
}

fn form(data: &Value) -> Result<(), Refused> {
    text(data, "title", 45)?;
    text(data, "custom_id", 100)?;
    let rows = data["components"].as_array().ok_or_else(|| Refused::wrong("no fields"))?;
    ensure((1..=5).contains(&rows.len()), "1 to 5 fields")?;
    for row in rows {
        let input = &row["components"][0];
        ensure(row["type"] == 1 && input["type"] == 4, "a field is a text input in a row")?;
        ensure(matches!(input["style"].as_u64(), Some(1 | 2)), "style of a field")?;
        text(input, "label", 45)?;
        text(input, "custom_id", 100)?;
        ensure(string(input, "placeholder").chars().count() <= 100, "placeholder")?;
        ensure(input["max_length"].as_u64().unwrap_or(4_000) <= 4_000, "max_length")?;
    }
    Ok(())
}

/// Holds commands against the rules.
pub(super) fn commands(commands: &Value) -> Result<(), Refused> {
    let list = commands.as_array().ok_or_else(|| Refused::wrong("not a list"))?;
    ensure(list.len() <= 100, "more than 100 commands")?;
    let mut names = HashSet::new();
    for command in list {
        let name = string(command, "name");
        let is_name = (1..=32).contains(&name.chars().count())
            && name.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c == '_');
        ensure(is_name && names.insert(name), "name of a command")?;
        text(command, "description", 100)?;
        let size = command.to_string().chars().count();
        ensure(size <= 8_000, "a command of more than 8000 characters")?;
    }
    Ok(())
}

/// The message as it looks after this request.
pub(super) fn seen(id: &str, call: &Call) -> Seen {
    let content = string(&call.params, "content").to_owned();
    Seen {
        id: id.to_owned(),
        text: read_markdown(&content).into_iter().map(|(c, _)| c).collect(),
        content,
        components: call.params.get("components").cloned().unwrap_or(json!([])),
        files: call.uploads.iter().filter_map(|upload| upload.file_name.clone()).collect(),
        thinking: false,
    }
}

fn text(value: &Value, field: &str, most: usize) -> Result<(), Refused> {
    let length = string(value, field).chars().count();
    let is_there = !string(value, field).trim().is_empty() && length <= most;
    ensure(is_there, &format!("{field} has {length} of 1 to {most} characters"))
}

fn only(value: &Value, known: &[&str]) -> Result<(), Refused> {
    let object = value.as_object().ok_or_else(|| Refused::wrong("not an object"))?;
    for field in object.keys() {
        ensure(known.contains(&field.as_str()), &format!("unknown field {field}"))?;
    }
    Ok(())
}

fn string<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn ensure(holds: bool, what: &str) -> Result<(), Refused> {
    if holds { Ok(()) } else { Err(Refused::wrong(what)) }
}
