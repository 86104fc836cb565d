//! Requests held against the published rules of the Bot API.

use serde_json::Value;

use crate::channels::fakes::html::parse_html;
use crate::channels::fakes::server::Call;

/// A request that is fine, as far as the rest needs to know it.
#[derive(Debug, Default)]
pub(super) struct Checked {
    pub(super) chat: i64,
    pub(super) message_id: i64,
    pub(super) text: String,
    pub(super) has_photo: bool,
    /// Name and bytes of a file.
    pub(super) file: Option<(String, Vec<u8>)>,
    /// The bytes of a voice note.
    pub(super) voice: Option<Vec<u8>>,
    pub(super) keyboard: Value,
    /// What is put on a message of the person's.
    pub(super) reaction: String,
}

/// What the server answers to one that is not.
#[derive(Debug, Clone)]
pub(super) struct Refused {
    pub(super) code: u16,
    pub(super) description: String,
    pub(super) parameters: Value,
}

impl Refused {
    pub(super) fn new(code: u16, description: &str) -> Self {
        Self { code, description: description.to_owned(), parameters: Value::Null }
    }
}

/// A method: its name, the parameters it needs, the others it knows.
type Rule = (&'static str, &'static [&'static str], &'static [&'static str]);

const METHODS: [Rule; 15] = [
    ("getMe", &[], &[]),
    (
        "sendMessage",
        &["chat_id", "text"],
        &[
            "parse_mode",
            "entities",
            "link_preview_options",
            "disable_notification",
            "protect_content",
            "reply_parameters",
            "reply_markup",
            "message_thread_id",
        ],
    ),
    (
        "sendPhoto",
        &["chat_id", "photo"],
        &[
            "caption",
            "parse_mode",
            "caption_entities",
            "disable_notification",
            "reply_markup",
            "has_spoiler",
            "show_caption_above_media",
            "reply_parameters",
        ],
    ),
    (
        "sendDocument",
        &["chat_id", "document"],
        &[
            "caption",
            "parse_mode",
            "caption_entities",
            "disable_content_type_detection",
            "disable_notification",
            "protect_content",
            "thumbnail",
            "reply_markup",
            "reply_parameters",
        ],
    ),
    (
        "sendVoice",
        &["chat_id", "voice"],
        &[
            "caption",
            "parse_mode",
            "caption_entities",
            "duration",
            "disable_notification",
            "protect_content",
            "reply_markup",
            "reply_parameters",
        ],
    ),
    (
        "editMessageText",
        &["chat_id", "message_id", "text"],
        &["parse_mode", "entities", "link_preview_options", "reply_markup"],
    ),
    ("deleteMessage", &["chat_id", "message_id"], &[]),
    ("answerCallbackQuery", &["callback_query_id"], &["text", "show_alert", "url", "cache_time"]),
    ("sendChatAction", &["chat_id", "action"], &["message_thread_id"]),
    ("setMessageReaction", &["chat_id", "message_id", "reaction"], &["is_big"]),
    ("getFile", &["file_id"], &[]),
    ("setMyCommands", &["commands"], &["scope", "language_code"]),
    ("setChatMenuButton", &[], &["chat_id", "menu_button"]),
    (
        "setWebhook",
        &["url"],
        &[
            "ip_address",
            "max_connections",
            "allowed_updates",
            "drop_pending_updates",
            "secret_token",
        ],
    ),
    ("deleteWebhook", &[], &["drop_pending_updates"]),
];
const GET_UPDATES: Rule = ("getUpdates", &[], &["offset", "limit", "timeout", "allowed_updates"]);

const UPDATE_KINDS: [&str; 10] = [
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "callback_query",
    "inline_query",
    "my_chat_member",
    "chat_member",
    "message_reaction",
    "pre_checkout_query",
];
const ACTIONS: [&str; 4] = ["typing", "upload_photo", "upload_document", "find_location"];
/// All that may be put on a message, as the Bot API spells them.
const REACTIONS: &str = "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤\u{200d}🔥 🌚 🌭 💯 🤣 ⚡ 🍌 \
     🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨\u{200d}💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 \
     🙊 😎 👾 🤷\u{200d}♂ 🤷 🤷\u{200d}♀ 😡";
const PICTURE_STARTS: [&[u8]; 3] = [b"\x89PNG", b"\xff\xd8\xff", b"RIFF"];
const MAX_PHOTO_BYTES: usize = 10 * 1024 * 1024;
const MAX_DOCUMENT_BYTES: usize = 50 * 1024 * 1024;

/// Holds a call against the rules.
pub(super) fn check(call: &Call) -> Result<Checked, Refused> {
    let rules = METHODS.iter().chain([&GET_UPDATES]);
    let Some((_, required, known)) = rules.into_iter().find(|(name, ..)| *name == call.method)
    else {
        return Err(Refused::new(404, "Not Found: method not found"));
    };
    let fields = call.params.as_object().map(|map| map.keys().cloned().collect::<Vec<_>>());
    let fields: Vec<String> = fields
        .unwrap_or_default()
        .into_iter()
        .chain(call.uploads.iter().map(|upload| upload.field.clone()))
        .collect();
    for name in *required {
        ensure(fields.iter().any(|field| field == name), &format!("parameter \"{name}\" missing"))?;
    }
    for field in &fields {
        let is_known = required.iter().chain(*known).any(|name| name == field);
        ensure(is_known, &format!("unknown parameter \"{field}\""))?;
    }
    let mut checked = Checked::default();
    if required.contains(&"chat_id") {
        checked.chat = number(&call.params, "chat_id").ok_or_else(|| bad("chat not found"))?;
    }
    if required.contains(&"message_id") {
        checked.message_id =
            number(&call.params, "message_id").ok_or_else(|| bad("message identifier is wrong"))?;
    }
    checked.keyboard = keyboard(&call.params)?;
    check_content(call, &mut checked)?;
    Ok(checked)
}

fn check_content(call: &Call, checked: &mut Checked) -> Result<(), Refused> {
    let params = &call.params;
    match call.method.as_str() {
        "sendMessage" | "editMessageText" => {
            checked.text = parsed(params, "text")?.trim().to_owned();
            ensure(!checked.text.is_empty(), "message text is empty")?;
            ensure(units(&checked.text) <= 4_096, "message is too long")
        }
        "sendPhoto" => {
            checked.text = parsed(params, "caption")?.trim().to_owned();
            checked.has_photo = true;
            ensure(units(&checked.text) <= 1_024, "message caption is too long")?;
            check_photo(call)
        }
        "sendDocument" => {
            checked.text = parsed(params, "caption")?.trim().to_owned();
            ensure(units(&checked.text) <= 1_024, "message caption is too long")?;
            checked.file = Some(check_document(call)?);
            Ok(())
        }
        "sendVoice" => {
            checked.text = parsed(params, "caption")?.trim().to_owned();
            ensure(units(&checked.text) <= 1_024, "message caption is too long")?;
            checked.voice = Some(check_voice(call)?);
            Ok(())
        }
        "answerCallbackQuery" => ensure(units(string(params, "text")) <= 200, "text is too long"),
        "sendChatAction" => {
            ensure(ACTIONS.contains(&string(params, "action")), "wrong parameter action in request")
        }
        "setMessageReaction" => {
            checked.reaction = check_reaction(params)?;
            Ok(())
        }
        "setMyCommands" => check_commands(params),
        "setChatMenuButton" => {
            let kind = params.pointer("/menu_button/type").and_then(Value::as_str);
            let known = ["commands", "default", "web_app"];
            ensure(kind.is_some_and(|kind| known.contains(&kind)), "wrong type of menu button")
        }
        "setWebhook" => check_webhook(params),
        "getUpdates" => check_update_kinds(params),
        _ => Ok(()),
    }
}

/// Bots may put one of the list on a message.
fn check_reaction(params: &Value) -> Result<String, Refused> {
    let reactions = params.get("reaction").and_then(Value::as_array);
    let [reaction] = reactions.map(Vec::as_slice).unwrap_or_default() else {
        return Err(bad("REACTIONS_TOO_MANY"));
    };
    let fields = reaction.as_object().map_or(0, serde_json::Map::len);
    ensure(fields == 2 && string(reaction, "type") == "emoji", "can't parse reaction type")?;
    let emoji = string(reaction, "emoji");
    ensure(REACTIONS.split_whitespace().any(|known| known == emoji), "REACTION_INVALID")?;
    Ok(emoji.to_owned())
}

/// The text after markup, as the server counts it.
fn parsed(params: &Value, field: &str) -> Result<String, Refused> {
    let text = string(params, field);
    match params.get("parse_mode").and_then(Value::as_str) {
        None => Ok(text.to_owned()),
        Some("HTML") => {
            parse_html(text).map_err(|reason| bad(&format!("can't parse entities: {reason}")))
        }
        Some(_) => Err(bad("unsupported parse_mode")),
    }
}

fn check_photo(call: &Call) -> Result<(), Refused> {
    let Some(photo) = call.uploads.iter().find(|upload| upload.field == "photo") else {
        return Err(bad("wrong file identifier/HTTP URL specified"));
    };
    ensure(photo.bytes.len() <= MAX_PHOTO_BYTES, "file is too big")?;
    let is_picture = PICTURE_STARTS.iter().any(|start| photo.bytes.starts_with(start));
    ensure(is_picture, "IMAGE_PROCESS_FAILED")
}

fn check_document(call: &Call) -> Result<(String, Vec<u8>), Refused> {
    let Some(file) = call.uploads.iter().find(|upload| upload.field == "document") else {
        return Err(bad("wrong file identifier/HTTP URL specified"));
    };
    ensure(!file.bytes.is_empty(), "file must be non-empty")?;
    if file.bytes.len() > MAX_DOCUMENT_BYTES {
        return Err(Refused::new(413, "Request Entity Too Large"));
    }
    let name = file.file_name.clone().unwrap_or_default();
    ensure(!name.is_empty(), "a file without a name is shown as one nobody can open")?;
    Ok((name, file.bytes.clone()))
}

/// Of other kinds than OGG Opus the app shows a file to be opened, not a voice note.
fn check_voice(call: &Call) -> Result<Vec<u8>, Refused> {
    let Some(voice) = call.uploads.iter().find(|upload| upload.field == "voice") else {
        return Err(bad("wrong file identifier/HTTP URL specified"));
    };
    if voice.bytes.len() > MAX_DOCUMENT_BYTES {
        return Err(Refused::new(413, "Request Entity Too Large"));
    }
    let is_ogg = voice.media_type.as_deref() == Some("audio/ogg");
    ensure(is_ogg && voice.bytes.starts_with(b"OggS"), "a voice note that is no OGG file")?;
    Ok(voice.bytes.clone())
}

/// The keyboard of a request; in a form it comes as text.
fn keyboard(params: &Value) -> Result<Value, Refused> {
    let markup = match params.get("reply_markup") {
        None => return Ok(Value::Null),
        Some(Value::String(text)) => {
            serde_json::from_str(text).map_err(|_| bad("can't parse reply keyboard markup"))?
        }
        Some(value) => value.clone(),
    };
    if let Some(keys) = markup.get("keyboard") {
        check_keys(keys)?;
        return Ok(markup);
    }
    let rows = markup.get("inline_keyboard").and_then(Value::as_array);
    let rows = rows.ok_or_else(|| bad("object expected as reply markup"))?;
    let mut count = 0;
    for row in rows {
        let buttons = row.as_array().filter(|buttons| !buttons.is_empty());
        for button in buttons.ok_or_else(|| bad("inline keyboard row is empty"))? {
            check_button(button)?;
            count += 1;
        }
    }
    ensure(count <= 100, "reply markup is too long")?;
    Ok(markup)
}

/// A keyboard in place of the letters: words, and at most one thing to share behind each.
fn check_keys(keys: &Value) -> Result<(), Refused> {
    let rows = keys.as_array().ok_or_else(|| bad("object expected as reply markup"))?;
    let keys = rows.iter().filter_map(Value::as_array).flatten();
    let mut count = 0;
    for key in keys {
        let fields = key.as_object().map_or(0, serde_json::Map::len);
        let shares = ["request_contact", "request_location"];
        let shares = shares.into_iter().filter(|name| key.get(*name) == Some(&Value::Bool(true)));
        ensure(fields == 1 + shares.count(), "a key has words and one thing to share at most")?;
        ensure(!string(key, "text").trim().is_empty(), "keyboard button text is empty")?;
        count += 1;
    }
    ensure((1..=300).contains(&count), "wrong number of keys")
}

fn check_button(button: &Value) -> Result<(), Refused> {
    let text = string(button, "text");
    ensure(!text.trim().is_empty(), "text buttons are unallowed in the inline keyboard")?;
    let fields = button.as_object().map_or(0, serde_json::Map::len);
    ensure(fields == 2, "a button has a text and one action")?;
    if let Some(data) = button.get("callback_data").and_then(Value::as_str) {
        return ensure((1..=64).contains(&data.len()), "BUTTON_DATA_INVALID");
    }
    let url = string(button, "url");
    let host = url.split("://").nth(1).and_then(|rest| rest.split(['/', '?', '#', ':']).next());
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    let is_public = host.is_some_and(|host| {
        host.contains('.') && !host.ends_with("localhost") && !host.starts_with("127.")
    });
    ensure(is_web && is_public, "BUTTON_URL_INVALID")
}

fn check_commands(params: &Value) -> Result<(), Refused> {
    let commands = params.get("commands").and_then(Value::as_array);
    let commands = commands.ok_or_else(|| bad("expected an Array of BotCommand"))?;
    ensure(commands.len() <= 100, "too many commands")?;
    for command in commands {
        let name = string(command, "command");
        let is_name = (1..=32).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        ensure(is_name, "BOT_COMMAND_INVALID")?;
        let length = string(command, "description").chars().count();
        ensure((1..=256).contains(&length), "BOT_COMMAND_DESCRIPTION_INVALID")?;
    }
    let language = params.get("language_code").and_then(Value::as_str);
    ensure(language.is_none_or(|code| code.len() == 2), "invalid language code specified")
}

fn check_webhook(params: &Value) -> Result<(), Refused> {
    let url = string(params, "url");
    ensure(
        url.is_empty() || url.starts_with("https://"),
        "bad webhook: an HTTPS URL must be provided",
    )?;
    let port = url::Url::parse(url).ok().and_then(|url| url.port()).unwrap_or(443);
    let ports = [443, 80, 88, 8443];
    ensure(
        ports.contains(&port),
        "bad webhook: webhook can be set up only on ports 80, 88, 443 or 8443",
    )?;
    if let Some(secret) = params.get("secret_token").and_then(Value::as_str) {
        let is_token = (1..=256).contains(&secret.len())
            && secret.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        ensure(is_token, "secret token contains unallowed characters")?;
    }
    let connections = params.get("max_connections").and_then(Value::as_i64).unwrap_or(40);
    ensure((1..=100).contains(&connections), "max_connections is out of range")?;
    check_update_kinds(params)
}

fn check_update_kinds(params: &Value) -> Result<(), Refused> {
    let Some(kinds) = params.get("allowed_updates") else {
        return Ok(());
    };
    let kinds = kinds.as_array().ok_or_else(|| bad("can't parse allowed_updates"))?;
    let known = |kind: &Value| kind.as_str().is_some_and(|kind| UPDATE_KINDS.contains(&kind));
    ensure(kinds.iter().all(known), "unknown update type")
}

fn string<'a>(params: &'a Value, name: &str) -> &'a str {
    params.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn number(params: &Value, name: &str) -> Option<i64> {
    match params.get(name)? {
        Value::String(text) => text.parse().ok(),
        other => other.as_i64(),
    }
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

fn bad(reason: &str) -> Refused {
    Refused::new(400, &format!("Bad Request: {reason}"))
}

fn ensure(holds: bool, reason: &str) -> Result<(), Refused> {
    if holds { Ok(()) } else { Err(bad(reason)) }
}
