//! A stand-in for the Graph API as WhatsApp uses it.

mod checks;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use sitespark_core::clock::{Clock, ManualClock};

use super::server::{Call, Incoming, Server};

use checks::Refused;

/// The only token the fake knows.
const TOKEN: &str = "fake-access-token";
/// The only number it has.
const PHONE_NUMBER_ID: &str = "1122334455667";
/// That number, as people read it.
const DISPLAY_NUMBER: &str = "+62 812-1111-2222";
/// The version in its addresses.
const VERSION: &str = "v25.0";
/// One message to a person is due in so long.
const PAIR_INTERVAL_MS: i64 = 6_000;
/// So many may come at once, borrowed from the future.
const PAIR_BURST: i64 = 45;
/// When the clock starts.
const START_MS: i64 = 1_790_000_000_000;

/// The Cloud API of one number.
pub struct FakeGraph {
    server: Server,
    state: Arc<Mutex<State>>,
    clock: ManualClock,
}

/// What the server shall do instead of the next request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GraphFailure {
    /// An error with this code, as 400.
    Code(i64),
    /// 500 without a word.
    Internal,
    /// Does as told but answers with something that is no JSON.
    GarbledAnswer,
}

struct State {
    base: String,
    clock: ManualClock,
    calls: Vec<Call>,
    authorizations: Vec<Option<String>>,
    violations: Vec<String>,
    failures: Vec<(String, GraphFailure)>,
    sent: Vec<Sent>,
    /// Messages of people, each with what its writer is reached by.
    letters: HashMap<String, Vec<String>>,
    /// To whom, on which message, which emoji.
    reactions: Vec<(String, String, String)>,
    uploaded: HashMap<String, Vec<u8>>,
    files: HashMap<String, File>,
    /// When the next message to a person is due, if none were borrowed.
    due_ms: HashMap<String, i64>,
    burst: i64,
    last_id: u64,
}

/// A message that was taken.
struct Sent {
    to: String,
    id: String,
    body: Value,
}

enum File {
    Here(Vec<u8>),
    Elsewhere { url: String, redirected: bool },
}

impl FakeGraph {
    /// A server on a free local port, its clock standing still.
    pub async fn start() -> Self {
        let clock = ManualClock::at(START_MS);
        let state = Arc::new(Mutex::new(State {
            base: String::new(),
            clock: clock.clone(),
            calls: Vec::new(),
            authorizations: Vec::new(),
            violations: Vec::new(),
            failures: Vec::new(),
            sent: Vec::new(),
            letters: HashMap::new(),
            reactions: Vec::new(),
            uploaded: HashMap::new(),
            files: HashMap::new(),
            due_ms: HashMap::new(),
            burst: PAIR_BURST,
            last_id: 0,
        }));
        let handler = Arc::clone(&state);
        let server = Server::start(move |request| {
            let state = Arc::clone(&handler);
            async move { lock(&state).handle(request) }
        })
        .await;
        lock(&state).base = format!("{}/{VERSION}", server.url());
        Self { server, state, clock }
    }

    /// What stands for `https://graph.facebook.com/v25.0`.
    pub fn base_url(&self) -> String {
        format!("{}/{VERSION}", self.server.url())
    }

    /// The token to call with.
    pub fn token(&self) -> &'static str {
        TOKEN
    }

    /// The number to send from.
    pub fn phone_number_id(&self) -> &'static str {
        PHONE_NUMBER_ID
    }

    /// Every request so far, refused ones too.
    pub fn calls(&self) -> Vec<Call> {
        lock(&self.state).calls.clone()
    }

    /// The `Authorization` header of every request so far.
    pub fn authorizations(&self) -> Vec<Option<String>> {
        lock(&self.state).authorizations.clone()
    }

    /// The bodies of the messages a person got, in order, whether by number or by scoped id.
    pub fn sent_to(&self, recipient: &str) -> Vec<Value> {
        let state = lock(&self.state);
        let theirs = state.sent.iter().filter(|sent| sent.to == recipient);
        theirs.map(|sent| sent.body.clone()).collect()
    }

    /// What the server called those messages.
    pub fn ids_sent_to(&self, recipient: &str) -> Vec<String> {
        let state = lock(&self.state);
        let theirs = state.sent.iter().filter(|sent| sent.to == recipient);
        theirs.map(|sent| sent.id.clone()).collect()
    }

    /// A person has sent a message: they are reached by these, their number or their scoped id.
    pub fn expect_letter(&self, id: &str, writer: &[&str]) {
        let writer = writer.iter().map(|&name| name.to_owned()).collect();
        lock(&self.state).letters.insert(id.to_owned(), writer);
    }

    /// The emoji a person got, each with the message it is on, in order.
    pub fn reactions_to(&self, recipient: &str) -> Vec<(String, String)> {
        let state = lock(&self.state);
        let theirs = state.reactions.iter().filter(|(to, ..)| to == recipient);
        theirs.map(|(_, message, emoji)| (message.clone(), emoji.clone())).collect()
    }

    /// Requests the real server would have refused.
    pub fn violations(&self) -> Vec<String> {
        lock(&self.state).violations.clone()
    }

    /// Makes the next request to `messages`, `media` (uploads) or `files` (downloads) fail, or the
    /// next of the `marks` that something was read, or of the `reactions`; several are used up in
    /// order.
    pub fn fail_next(&self, kind: &str, failure: GraphFailure) {
        lock(&self.state).failures.push((kind.to_owned(), failure));
    }

    /// Messages to one person that may come at once.
    pub fn set_burst(&self, burst: i64) {
        lock(&self.state).burst = burst;
    }

    /// Moves the server's clock.
    pub fn advance_ms(&self, by_ms: i64) {
        self.clock.advance_ms(by_ms);
    }

    /// A file that a person sent.
    pub fn add_file(&self, media_id: &str, bytes: &[u8]) {
        lock(&self.state).files.insert(media_id.to_owned(), File::Here(bytes.to_vec()));
    }

    /// A file that is said to be at another address, or redirected there.
    pub fn add_foreign_file(&self, media_id: &str, url: &str, redirected: bool) {
        let file = File::Elsewhere { url: url.to_owned(), redirected };
        lock(&self.state).files.insert(media_id.to_owned(), file);
    }

    /// The bytes of an uploaded picture.
    pub fn uploaded(&self, media_id: &str) -> Option<Vec<u8>> {
        lock(&self.state).uploaded.get(media_id).cloned()
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().expect("no holder of the lock panics")
}

impl State {
    fn handle(&mut self, request: Incoming) -> Response {
        let path = request.uri.path().to_owned();
        let call = Call {
            method: format!("{} {path}", request.verb),
            params: request.params,
            uploads: request.uploads,
        };
        self.calls.push(call.clone());
        self.authorizations.push(authorization(&request.headers));
        if authorization(&request.headers) != Some(format!("Bearer {TOKEN}")) {
            return refuse(401, &Refused::new(190, "invalid OAuth access token"));
        }
        if request.verb == Method::GET && path == format!("/{VERSION}/{PHONE_NUMBER_ID}") {
            return axum::Json(number(request.uri.query().unwrap_or_default())).into_response();
        }
        let own = format!("/{VERSION}/{PHONE_NUMBER_ID}/");
        let kind = match (&request.verb, path.strip_prefix(&own)) {
            (&Method::POST, Some(kind @ ("messages" | "media"))) => kind.to_owned(),
            (&Method::GET, None) => "files".to_owned(),
            _ => return refuse(400, &Refused::new(100, "unsupported request")),
        };
        let is_mark = kind == "messages" && call.params.get("status").is_some();
        let is_reaction = call.params.get("type") == Some(&json!("reaction"));
        let failing = match (is_mark, is_reaction) {
            (true, _) => "marks",
            (false, true) => "reactions",
            (false, false) => kind.as_str(),
        };
        let scripted = self.failures.iter().position(|(wanted, _)| *wanted == failing);
        let failure = scripted.map(|index| self.failures.remove(index).1);
        match failure {
            Some(GraphFailure::Code(code)) => {
                return refuse(400, &Refused::new(code, "scripted"));
            }
            Some(GraphFailure::Internal) => {
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
            Some(GraphFailure::GarbledAnswer) | None => {}
        }
        if kind == "files" {
            return self.file(&path, &request.headers);
        }
        let result = if kind == "media" { self.upload(&call) } else { self.message(&call.params) };
        match result {
            Ok(_) if failure.is_some() => "<html>".into_response(),
            Ok(answer) => axum::Json(answer).into_response(),
            Err(refused) => refuse(400, &refused),
        }
    }

    fn message(&mut self, body: &Value) -> Result<Value, Refused> {
        if body.get("status").is_some() {
            self.hold(checks::check_read_mark(body))?;
            return Ok(json!({ "success": true }));
        }
        self.hold(checks::check_message(body, &self.uploaded))?;
        let by_number = body.get("to").and_then(Value::as_str);
        let by_id = body.get("recipient").and_then(Value::as_str);
        let recipient = by_number.or(by_id).unwrap_or_default().to_owned();
        let id = match body.get("reaction") {
            Some(reaction) => self.react(&recipient, reaction)?,
            None => {
                self.hold_to_pace(&recipient)?;
                self.last_id += 1;
                let id = format!("wamid.fake{}", self.last_id);
                self.sent.push(Sent { to: recipient.clone(), id: id.clone(), body: body.clone() });
                id
            }
        };
        let contact = match by_number {
            Some(number) => json!({ "input": number, "wa_id": number }),
            None => json!({ "input": recipient, "user_id": recipient }),
        };
        Ok(json!({ "messaging_product": "whatsapp", "contacts": [contact],
            "messages": [{ "id": id, "message_status": "accepted", "new": {} }] }))
    }

    /// An emoji on a message that this very person sent; it counts as a message to them.
    fn react(&mut self, to: &str, reaction: &Value) -> Result<String, Refused> {
        let text = |name: &str| reaction[name].as_str().unwrap_or_default().to_owned();
        let (message, emoji) = (text("message_id"), text("emoji"));
        let writer = self.letters.get(&message);
        let is_theirs = writer.is_some_and(|names| names.iter().any(|name| name == to));
        let missing = Refused::new(131_009, "no such message of this person");
        self.hold(if is_theirs { Ok(()) } else { Err(missing) })?;
        self.hold_to_pace(to)?;
        self.reactions.push((to.to_owned(), message, emoji));
        Ok(format!("wamid.reaction{}", self.reactions.len()))
    }

    /// The limit of one pair: not a wrong request, but one at the wrong time.
    fn hold_to_pace(&mut self, recipient: &str) -> Result<(), Refused> {
        let now_ms = self.clock.now_ms();
        let due_ms = self.due_ms.entry(recipient.to_owned()).or_insert(now_ms);
        let next_ms = (*due_ms).max(now_ms) + PAIR_INTERVAL_MS;
        if next_ms - now_ms > self.burst * PAIR_INTERVAL_MS {
            return Err(Refused::new(131_056, "pair rate limit hit"));
        }
        *due_ms = next_ms;
        Ok(())
    }

    fn upload(&mut self, call: &Call) -> Result<Value, Refused> {
        self.hold(checks::check_upload(call))?;
        self.last_id += 1;
        let id = self.last_id.to_string();
        let bytes = call.uploads.first().map(|upload| upload.bytes.clone()).unwrap_or_default();
        self.uploaded.insert(id.clone(), bytes);
        Ok(json!({ "id": id }))
    }

    fn file(&self, path: &str, headers: &HeaderMap) -> Response {
        if !headers.contains_key(header::USER_AGENT) {
            return (StatusCode::UNAUTHORIZED, "<html>").into_response();
        }
        if let Some(id) = path.strip_prefix("/download/") {
            return match self.files.get(id) {
                Some(File::Here(bytes)) => bytes.clone().into_response(),
                Some(File::Elsewhere { url, .. }) => {
                    (StatusCode::FOUND, [(header::LOCATION, url.clone())]).into_response()
                }
                None => StatusCode::NOT_FOUND.into_response(),
            };
        }
        let id = path.rsplit('/').next().unwrap_or_default();
        let origin = self.base.trim_end_matches(VERSION);
        let own = format!("{origin}download/{id}");
        let (url, size) = match self.files.get(id) {
            Some(File::Here(bytes)) => (own, bytes.len()),
            Some(File::Elsewhere { redirected: true, .. }) => (own, 1),
            Some(File::Elsewhere { url, redirected: false }) => (url.clone(), 1),
            None => return refuse(400, &Refused::new(100, "object does not exist")),
        };
        axum::Json(json!({ "messaging_product": "whatsapp", "url": url, "id": id,
            "mime_type": "image/jpeg", "sha256": "x", "file_size": size.to_string() }))
        .into_response()
    }

    /// Notes what the real server would have refused.
    fn hold(&mut self, result: Result<(), Refused>) -> Result<(), Refused> {
        if let Err(refused) = &result {
            self.violations.push(format!("{} {}", refused.code, refused.detail));
        }
        result
    }
}

/// What is told of the number: the id, and what is asked for by name.
fn number(query: &str) -> Value {
    match query {
        "fields=display_phone_number" => {
            json!({ "display_phone_number": DISPLAY_NUMBER, "id": PHONE_NUMBER_ID })
        }
        _ => json!({ "id": PHONE_NUMBER_ID }),
    }
}

/// Why the server would not take a message, if it would not; media `1` is there.
#[cfg(test)]
pub(crate) fn refusal(body: &Value) -> Option<String> {
    let uploaded = HashMap::from([("1".to_owned(), Vec::new())]);
    checks::check_message(body, &uploaded).err().map(|refused| refused.detail)
}

fn authorization(headers: &HeaderMap) -> Option<String> {
    headers.get(header::AUTHORIZATION)?.to_str().ok().map(str::to_owned)
}

fn refuse(status: u16, refused: &Refused) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let body = json!({ "error": {
        "message": format!("(#{}) {}", refused.code, refused.detail),
        "type": "OAuthException",
        "code": refused.code,
        "error_data": { "messaging_product": "whatsapp", "details": refused.detail },
        "fbtrace_id": "trace",
    } });
    (status, axum::Json(body)).into_response()
}
