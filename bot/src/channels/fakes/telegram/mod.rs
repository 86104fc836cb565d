//! A stand-in for the Bot API server.

mod checks;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::server::{Call, Incoming, Server};

use checks::{Checked, Refused};

/// The only token the fake knows.
const TOKEN: &str = "123456:fake-token";
/// Longest a request for updates waits, whatever it asks for.
const MAX_WAIT_S: u64 = 50;

/// The Bot API as far as bots of ours use it.
pub struct FakeTelegram {
    server: Server,
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    news: Notify,
}

/// A message as the person sees it now.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Its number in the chat.
    pub message_id: i64,
    /// Its text or caption, without markup.
    pub text: String,
    /// Whether a picture is above the text.
    pub has_photo: bool,
    /// Name and bytes of the file it carries.
    pub file: Option<(String, Vec<u8>)>,
    /// The bytes of the voice note it is.
    pub voice: Option<Vec<u8>>,
    /// The inline keyboard, or null.
    pub keyboard: Value,
}

/// What the server shall do instead of the next call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TelegramFailure {
    /// 429 with so many seconds.
    RetryAfter(u64),
    /// 403: the person blocked the bot.
    Blocked,
    /// 500.
    Internal,
    /// 400: the markup cannot be parsed.
    BadMarkup,
    /// 400: the group lives under another number now.
    MigrateTo(i64),
    /// Anything else.
    Refuse {
        /// `error_code`.
        code: u16,
        /// `description`.
        description: String,
    },
    /// Does as told but answers with something that is no JSON.
    GarbledAnswer,
}

#[derive(Default)]
struct State {
    calls: Vec<Call>,
    violations: Vec<String>,
    failures: Vec<(String, TelegramFailure)>,
    shown: BTreeMap<i64, Vec<Shown>>,
    last_message_id: i64,
    updates: Vec<(i64, Value)>,
    last_update_id: i64,
    taps: HashSet<String>,
    /// Messages of people, by chat and number.
    letters: HashSet<(i64, i64)>,
    /// Emoji of the bot's on them.
    reactions: BTreeMap<(i64, i64), String>,
    files: HashMap<String, Vec<u8>>,
    webhook_url: Option<String>,
}

impl FakeTelegram {
    /// A server on a free local port.
    pub async fn start() -> Self {
        let state = State { last_update_id: 9_999, ..State::default() };
        let shared = Arc::new(Shared { state: Mutex::new(state), news: Notify::new() });
        let handler = Arc::clone(&shared);
        let server = Server::start(move |request| {
            let shared = Arc::clone(&handler);
            async move { shared.handle(request).await }
        })
        .await;
        Self { server, shared }
    }

    /// What stands for `https://api.telegram.org`.
    pub fn base_url(&self) -> String {
        self.server.url()
    }

    /// The token to call with.
    pub fn token(&self) -> &'static str {
        TOKEN
    }

    /// Every call so far, refused ones too.
    pub fn calls(&self) -> Vec<Call> {
        self.shared.lock().calls.clone()
    }

    /// The calls of one method.
    pub fn calls_of(&self, method: &str) -> Vec<Call> {
        self.calls().into_iter().filter(|call| call.method == method).collect()
    }

    /// What a chat looks like now.
    pub fn shown(&self, chat: i64) -> Vec<Shown> {
        self.shared.lock().shown.get(&chat).cloned().unwrap_or_default()
    }

    /// Calls the real server would have refused.
    pub fn violations(&self) -> Vec<String> {
        self.shared.lock().violations.clone()
    }

    /// Makes the next call of a method fail; several are used up in order.
    pub fn fail_next(&self, method: &str, failure: TelegramFailure) {
        self.shared.lock().failures.push((method.to_owned(), failure));
    }

    /// Puts an update (without `update_id`) into the line for `getUpdates` and gives its number.
    pub fn push_update(&self, mut update: Value) -> i64 {
        let mut state = self.shared.lock();
        state.last_update_id += 1;
        let update_id = state.last_update_id;
        update["update_id"] = json!(update_id);
        if let Some(tap) = update.pointer("/callback_query/id").and_then(Value::as_str) {
            state.taps.insert(tap.to_owned());
        }
        state.letters.extend(letter_of(&update));
        state.updates.push((update_id, update));
        drop(state);
        self.shared.news.notify_waiters();
        update_id
    }

    /// Lets a tap be answered that did not come through [`FakeTelegram::push_update`].
    pub fn expect_tap(&self, id: &str) {
        self.shared.lock().taps.insert(id.to_owned());
    }

    /// Lets a message be reacted to that did not come through [`FakeTelegram::push_update`].
    pub fn expect_letter(&self, update: &Value) {
        self.shared.lock().letters.extend(letter_of(update));
    }

    /// The messages of a chat with an emoji of the bot's, oldest first.
    pub fn reactions(&self, chat: i64) -> Vec<(i64, String)> {
        let state = self.shared.lock();
        let there = state.reactions.iter().filter(|((of, _), _)| *of == chat);
        there.map(|((_, message_id), emoji)| (*message_id, emoji.clone())).collect()
    }

    /// A file that can be downloaded.
    pub fn add_file(&self, file_id: &str, bytes: &[u8]) {
        self.shared.lock().files.insert(file_id.to_owned(), bytes.to_vec());
    }

    /// Where updates are delivered to, if anywhere.
    pub fn webhook_url(&self) -> Option<String> {
        self.shared.lock().webhook_url.clone()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder of the lock panics")
    }

    async fn handle(&self, request: Incoming) -> Response {
        let path = request.uri.path().to_owned();
        if let Some(file) = path.strip_prefix(&format!("/file/bot{TOKEN}/files/")) {
            return match self.lock().files.get(file) {
                Some(bytes) => bytes.clone().into_response(),
                None => StatusCode::NOT_FOUND.into_response(),
            };
        }
        let Some(method) = path.strip_prefix(&format!("/bot{TOKEN}/")) else {
            return refuse(&Refused::new(401, "Unauthorized"));
        };
        if method == "getUpdates" {
            self.wait_for_updates(&request.params).await;
        }
        let call =
            Call { method: method.to_owned(), params: request.params, uploads: request.uploads };
        self.lock().answer(call)
    }

    /// Holds the request back until there is something new, as long as it asks for.
    async fn wait_for_updates(&self, params: &Value) {
        let news = self.news.notified();
        let offset = params.get("offset").and_then(Value::as_i64).unwrap_or(0);
        let has_some = self.lock().updates.iter().any(|(id, _)| *id >= offset);
        let wait_s = params.get("timeout").and_then(Value::as_u64).unwrap_or(0).min(MAX_WAIT_S);
        if !has_some && wait_s > 0 {
            // Running out of time is the ordinary end of an empty poll.
            let _ = tokio::time::timeout(Duration::from_secs(wait_s), news).await;
        }
    }
}

impl State {
    fn answer(&mut self, call: Call) -> Response {
        self.calls.push(call.clone());
        let scripted = self.failures.iter().position(|(method, _)| *method == call.method);
        let failure = scripted.map(|index| self.failures.remove(index).1);
        let garbled = failure == Some(TelegramFailure::GarbledAnswer);
        if let Some(refused) = failure.and_then(scripted_refusal) {
            return refuse(&refused);
        }
        let result = match checks::check(&call) {
            Ok(checked) => self.carry_out(&call, checked),
            Err(refused) => {
                let what = format!("{}: {}", call.method, refused.description);
                self.violations.push(what);
                Err(refused)
            }
        };
        match result {
            Ok(_) if garbled => "<html>".into_response(),
            Ok(result) => axum::Json(json!({ "ok": true, "result": result })).into_response(),
            Err(refused) => refuse(&refused),
        }
    }

    fn carry_out(&mut self, call: &Call, checked: Checked) -> Result<Value, Refused> {
        let params = &call.params;
        let string = |name: &str| params.get(name).and_then(Value::as_str).unwrap_or_default();
        match call.method.as_str() {
            "getMe" => Ok(json!({ "id": 123_456, "is_bot": true, "first_name": "SiteSpark",
                "username": "sitespark_test_bot", "field_of_tomorrow": { "x": [1] } })),
            "sendMessage" | "sendPhoto" | "sendDocument" | "sendVoice" => Ok(self.show(checked)),
            "editMessageText" => self.edit(checked),
            "deleteMessage" => self.delete(&checked),
            "setMessageReaction" => self.react(checked),
            "answerCallbackQuery" if !self.taps.remove(string("callback_query_id")) => {
                let old = "Bad Request: query is too old and response timeout expired or query ID \
                           is invalid";
                Err(Refused::new(400, old))
            }
            "getFile" => self.file(string("file_id")),
            "setWebhook" => {
                let url = string("url").to_owned();
                self.webhook_url = (!url.is_empty()).then_some(url);
                Ok(json!(true))
            }
            "deleteWebhook" => {
                self.webhook_url = None;
                Ok(json!(true))
            }
            "getUpdates" => self.updates(params),
            _ => Ok(json!(true)),
        }
    }

    fn show(&mut self, checked: Checked) -> Value {
        self.last_message_id += 1;
        let message_id = self.last_message_id;
        let Checked { chat, text, has_photo, file, voice, keyboard, .. } = checked;
        let shown = Shown { message_id, text, has_photo, file, voice, keyboard };
        self.shown.entry(chat).or_default().push(shown);
        json!({ "message_id": message_id, "date": 1_790_000_000, "kind_of_tomorrow": "x",
            "chat": { "id": chat, "type": "private" } })
    }

    fn edit(&mut self, checked: Checked) -> Result<Value, Refused> {
        let shown = self.shown.entry(checked.chat).or_default();
        let Some(message) = shown.iter_mut().find(|m| m.message_id == checked.message_id) else {
            return Err(Refused::new(400, "Bad Request: message to edit not found"));
        };
        if message.has_photo || message.file.is_some() || message.voice.is_some() {
            let none = "Bad Request: there is no text in the message to edit";
            return Err(Refused::new(400, none));
        }
        if message.text == checked.text && message.keyboard == checked.keyboard {
            let same = "Bad Request: message is not modified: specified new message content and \
                        reply markup are exactly the same as a current content and reply markup \
                        of the message";
            return Err(Refused::new(400, same));
        }
        message.text = checked.text;
        message.keyboard = checked.keyboard;
        Ok(json!({ "message_id": checked.message_id, "chat": { "id": checked.chat } }))
    }

    fn delete(&mut self, checked: &Checked) -> Result<Value, Refused> {
        let shown = self.shown.entry(checked.chat).or_default();
        let before = shown.len();
        shown.retain(|message| message.message_id != checked.message_id);
        if shown.len() == before {
            return Err(Refused::new(400, "Bad Request: message to delete not found"));
        }
        Ok(json!(true))
    }

    /// Only what the person wrote in this chat is there to be reacted to by us.
    fn react(&mut self, checked: Checked) -> Result<Value, Refused> {
        let letter = (checked.chat, checked.message_id);
        if !self.letters.contains(&letter) {
            let missing = "Bad Request: message to react not found";
            self.violations.push(format!("setMessageReaction: {missing}"));
            return Err(Refused::new(400, missing));
        }
        self.reactions.insert(letter, checked.reaction);
        Ok(json!(true))
    }

    fn file(&self, file_id: &str) -> Result<Value, Refused> {
        match self.files.get(file_id) {
            Some(bytes) if bytes.len() > 20 * 1024 * 1024 => {
                Err(Refused::new(400, "Bad Request: file is too big"))
            }
            Some(bytes) => Ok(json!({ "file_id": file_id, "file_unique_id": "u",
                "file_size": bytes.len(), "file_path": format!("files/{file_id}") })),
            None => Err(Refused::new(400, "Bad Request: invalid file_id")),
        }
    }

    /// Hands out from `offset` on and forgets what is before it.
    fn updates(&mut self, params: &Value) -> Result<Value, Refused> {
        if self.webhook_url.is_some() {
            let conflict = "Conflict: can't use getUpdates method while webhook is active";
            return Err(Refused::new(409, conflict));
        }
        let offset = params.get("offset").and_then(Value::as_i64).unwrap_or(0);
        let limit = params.get("limit").and_then(Value::as_u64).unwrap_or(100);
        self.updates.retain(|(id, _)| *id >= offset);
        let limit = usize::try_from(limit).unwrap_or(100);
        Ok(self.updates.iter().take(limit).map(|(_, update)| update.clone()).collect())
    }
}

/// The chat and the number of the message an update brings, if it brings one.
fn letter_of(update: &Value) -> Option<(i64, i64)> {
    let number = |pointer: &str| update.pointer(pointer).and_then(Value::as_i64);
    Some((number("/message/chat/id")?, number("/message/message_id")?))
}

/// Why the server would not take a call, if it would not.
#[cfg(test)]
pub(crate) fn refusal(call: &Call) -> Option<String> {
    checks::check(call).err().map(|refused| refused.description)
}

fn scripted_refusal(failure: TelegramFailure) -> Option<Refused> {
    Some(match failure {
        TelegramFailure::RetryAfter(seconds) => Refused {
            parameters: json!({ "retry_after": seconds }),
            ..Refused::new(429, &format!("Too Many Requests: retry after {seconds}"))
        },
        TelegramFailure::Blocked => Refused::new(403, "Forbidden: bot was blocked by the user"),
        TelegramFailure::Internal => Refused::new(500, "Internal Server Error: restart"),
        TelegramFailure::BadMarkup => {
            Refused::new(400, "Bad Request: can't parse entities: Unexpected end tag at byte 3")
        }
        TelegramFailure::MigrateTo(chat) => Refused {
            parameters: json!({ "migrate_to_chat_id": chat }),
            ..Refused::new(400, "Bad Request: group chat was upgraded to a supergroup chat")
        },
        TelegramFailure::Refuse { code, description } => Refused::new(code, &description),
        TelegramFailure::GarbledAnswer => return None,
    })
}

fn refuse(refused: &Refused) -> Response {
    let mut body =
        json!({ "ok": false, "error_code": refused.code, "description": refused.description });
    if !refused.parameters.is_null() {
        body["parameters"] = refused.parameters.clone();
    }
    let status = StatusCode::from_u16(refused.code).unwrap_or(StatusCode::BAD_REQUEST);
    (status, axum::Json(body)).into_response()
}
