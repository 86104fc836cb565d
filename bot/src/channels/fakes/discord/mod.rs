//! A stand-in for Discord: its REST API and its gateway.

mod checks;
mod gateway;
mod reactions;
mod waiting;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use sitespark_core::clock::{Clock, ManualClock};

use super::server::{Call, Incoming, Server};

use checks::Refused;
use gateway::Gateway;
use reactions::Reactions;
use waiting::Waiting;

/// The only token the fake knows.
const TOKEN: &str = "OTAwMA.fake.token";
/// The application, and the person it is.
const APPLICATION: &str = "9000";
/// What stands before every path.
const PREFIX: &str = "/api/v10/";
/// Messages to one channel in so long.
const CHANNEL_MESSAGES: usize = 5;
const CHANNEL_WINDOW_MS: i64 = 5_000;
/// When the clock starts.
const START_MS: i64 = 1_790_000_000_000;
/// Milliseconds of Discord's first day, from which its ids count.
const EPOCH_MS: i64 = 1_420_070_400_000;

/// Discord as far as bots of ours use it.
pub struct FakeDiscord {
    server: Server,
    gateway: Gateway,
    state: Arc<Mutex<State>>,
    clock: ManualClock,
}

/// A message as the person sees it now.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Its id.
    pub id: String,
    /// Its Markdown.
    pub content: String,
    /// What the person reads of it.
    pub text: String,
    /// What can be tapped under it.
    pub components: Value,
    /// Names of its files.
    pub files: Vec<String>,
    /// Whether it still only says that an answer is coming.
    pub thinking: bool,
}

/// What the server shall do instead of the next request.
#[derive(Debug, Clone, PartialEq)]
pub enum DiscordFailure {
    /// 429 with so many seconds, for this route or for all.
    RateLimited {
        /// `retry_after`.
        seconds: f64,
        /// Whether nothing at all may be asked for.
        global: bool,
    },
    /// A refusal with this status and code.
    Refuse {
        /// The status.
        status: u16,
        /// Discord's own number.
        code: i64,
    },
    /// 502 without a word.
    Internal,
    /// Does as told but answers with something that is no JSON.
    GarbledAnswer,
}

struct State {
    url: String,
    gateway_url: String,
    clock: ManualClock,
    calls: Vec<Call>,
    violations: Vec<String>,
    failures: Vec<(String, DiscordFailure)>,
    /// Messages by channel.
    seen: BTreeMap<String, Vec<Seen>>,
    /// Nonces by channel, with what they made.
    nonces: HashMap<(String, String), String>,
    sent_at_ms: HashMap<String, Vec<i64>>,
    waiting: HashMap<String, Waiting>,
    commands: Value,
    files: HashMap<String, Vec<u8>>,
    reactions: Reactions,
    typing: usize,
    last_id: u64,
}

impl FakeDiscord {
    /// A server and a gateway on free local ports, the clock standing still.
    pub async fn start() -> Self {
        Self::start_with(ManualClock::at(START_MS)).await
    }

    /// The same under a clock that others go by, too.
    pub async fn start_with(clock: ManualClock) -> Self {
        let gateway = Gateway::start(TOKEN, APPLICATION).await;
        let state = Arc::new(Mutex::new(State {
            url: String::new(),
            gateway_url: gateway.url(),
            clock: clock.clone(),
            calls: Vec::new(),
            violations: Vec::new(),
            failures: Vec::new(),
            seen: BTreeMap::new(),
            nonces: HashMap::new(),
            sent_at_ms: HashMap::new(),
            waiting: HashMap::new(),
            commands: Value::Null,
            files: HashMap::new(),
            reactions: Reactions::default(),
            typing: 0,
            last_id: 0,
        }));
        let handler = Arc::clone(&state);
        let server = Server::start(move |request| {
            let state = Arc::clone(&handler);
            async move { lock(&state).handle(request) }
        })
        .await;
        lock(&state).url = server.url();
        Self { server, gateway, state, clock }
    }

    /// What stands for `https://discord.com/api/v10`.
    pub fn base_url(&self) -> String {
        format!("{}{}", self.server.url(), PREFIX.trim_end_matches('/'))
    }

    /// The token to call with.
    pub fn token(&self) -> &'static str {
        TOKEN
    }

    /// The application's id, which is also who the bot is.
    pub fn application(&self) -> &'static str {
        APPLICATION
    }

    /// The private channel with a person.
    pub fn channel_with(&self, person: &str) -> String {
        format!("7{person}")
    }

    /// Every request so far, refused ones too; secrets in paths are left out.
    pub fn calls(&self) -> Vec<Call> {
        lock(&self.state).calls.clone()
    }

    /// What a channel looks like now.
    pub fn seen(&self, channel: &str) -> Vec<Seen> {
        lock(&self.state).seen.get(channel).cloned().unwrap_or_default()
    }

    /// The commands that are registered.
    pub fn commands(&self) -> Value {
        lock(&self.state).commands.clone()
    }

    /// How often typing was shown.
    pub fn typing(&self) -> usize {
        lock(&self.state).typing
    }

    /// Requests the real server would have refused.
    pub fn violations(&self) -> Vec<String> {
        lock(&self.state).violations.clone()
    }

    /// Makes the next request fail whose path begins so (`channels/`, `webhooks/`, `users/@me`), or
    /// the next of the `reactions`; several are used up in order.
    pub fn fail_next(&self, path: &str, failure: DiscordFailure) {
        lock(&self.state).failures.push((path.to_owned(), failure));
    }

    /// Moves the server's clock.
    pub fn advance_ms(&self, by_ms: i64) {
        self.clock.advance_ms(by_ms);
    }

    /// The server's time.
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// An id of this moment, as Discord gives them.
    pub fn fresh_id(&self) -> String {
        lock(&self.state).fresh_id()
    }

    /// A file that a person sent: its address.
    pub fn add_file(&self, name: &str, bytes: &[u8]) -> String {
        let mut state = lock(&self.state);
        state.files.insert(name.to_owned(), bytes.to_vec());
        format!("{}/files/{name}", state.url)
    }

    /// An interaction was delivered and waits for its first answer in a channel.
    pub fn expect_interaction(&self, id: &str, token: &str, channel: &str) {
        let mut state = lock(&self.state);
        let asked_at_ms = state.clock.now_ms();
        let waiting = Waiting {
            id: id.to_owned(),
            channel: channel.to_owned(),
            asked_at_ms,
            message: None,
            answered: false,
        };
        state.waiting.insert(token.to_owned(), waiting);
    }

    /// The first answer to an interaction came in the HTTP response.
    pub fn answered(&self, token: &str, answer: &Value) {
        let mut state = lock(&self.state);
        let result = state.first_answer(token, answer);
        // What is wrong with it is held against whoever sent it; there is nobody to answer here.
        state.hold(result.map(drop)).ok();
    }

    /// Sends a dispatch to whoever listens at the gateway; waits for a listener first.
    pub async fn dispatch(&self, event: &str, data: Value) {
        if event == "MESSAGE_CREATE" {
            let text = |name: &str| data[name].as_str().unwrap_or_default();
            self.expect_letter(text("channel_id"), text("id"));
        }
        self.gateway.dispatch(event, data).await;
    }

    /// A person wrote a message in a channel.
    pub fn expect_letter(&self, channel: &str, id: &str) {
        lock(&self.state).reactions.expect(channel, id);
    }

    /// The emoji of the bot's in a channel, each with the message it is on, in order.
    pub fn reactions(&self, channel: &str) -> Vec<(String, String)> {
        lock(&self.state).reactions.of(channel)
    }

    /// Breaks the gateway's connections off, as Discord does now and then.
    pub fn break_off(&self) {
        self.gateway.break_off();
    }

    /// How often somebody said who they are at the gateway, and how often they went on where they
    /// had been.
    pub fn sessions(&self) -> (usize, usize) {
        self.gateway.sessions()
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().expect("no holder of the lock panics")
}

impl State {
    fn fresh_id(&mut self) -> String {
        self.last_id += 1;
        let since = u64::try_from(self.clock.now_ms() - EPOCH_MS).unwrap_or_default();
        ((since << 22) | (self.last_id & 0x3f_ffff)).to_string()
    }

    fn handle(&mut self, request: Incoming) -> Response {
        let path = request.uri.path().to_owned();
        if let Some(name) = path.strip_prefix("/files/") {
            return match self.files.get(name) {
                Some(bytes) => bytes.clone().into_response(),
                None => StatusCode::NOT_FOUND.into_response(),
            };
        }
        let Some(path) = path.strip_prefix(PREFIX).map(str::to_owned) else {
            return refuse(&Refused::new(404, 0, "404: Not Found"));
        };
        let call = Call {
            method: format!("{} {}", request.verb, public_path(&path)),
            params: checks::payload(&request.params),
            uploads: request.uploads,
        };
        self.calls.push(call.clone());
        if let Err(refused) = self.hold_head(&path, &request.headers) {
            return refuse(&refused);
        }
        let is_reaction = path.contains("/reactions/");
        let fails = |start: &String| {
            let begins = path.starts_with(start.as_str()) && !path.ends_with("/typing");
            if is_reaction { start == "reactions" } else { begins }
        };
        let scripted = self.failures.iter().position(|(start, _)| fails(start));
        let failure = scripted.map(|index| self.failures.remove(index).1);
        match failure {
            Some(DiscordFailure::RateLimited { seconds, global }) => {
                return limited(seconds, global);
            }
            Some(DiscordFailure::Refuse { status, code }) => {
                return refuse(&Refused::new(status, code, "scripted"));
            }
            Some(DiscordFailure::Internal) => return StatusCode::BAD_GATEWAY.into_response(),
            Some(DiscordFailure::GarbledAnswer) | None => {}
        }
        match self.answer(&request.verb, &path, &call) {
            Ok(_) if failure.is_some() => "<html>".into_response(),
            Ok(answer) => self.with_limits(&path, answer),
            Err(refused) if refused.status == 429 => limited(refused.retry_after_s, false),
            Err(refused) => {
                if refused.is_violation {
                    self.violations.push(format!("{}: {}", call.method, refused.message));
                }
                refuse(&refused)
            }
        }
    }

    fn hold(&mut self, result: Result<(), Refused>) -> Result<(), Refused> {
        if let Err(refused) = &result {
            self.violations.push(refused.message.clone());
        }
        result
    }

    /// Who asks, and whether they may.
    fn hold_head(&mut self, path: &str, headers: &HeaderMap) -> Result<(), Refused> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let by_token = path.starts_with("webhooks/") || path.starts_with("interactions/");
        if !by_token && text(header::AUTHORIZATION) != Some(format!("Bot {TOKEN}").as_str()) {
            return Err(Refused::new(401, 0, "401: Unauthorized"));
        }
        let named = text(header::USER_AGENT).is_some_and(|agent| agent.starts_with("DiscordBot ("));
        let named = if named { Ok(()) } else { Err(Refused::wrong("no User-Agent")) };
        self.hold(named)?;
        let has_length = !path.contains("/reactions/") || text(header::CONTENT_LENGTH) == Some("0");
        self.hold(if has_length { Ok(()) } else { Err(Refused::wrong("a reaction has no body")) })
    }

    fn answer(&mut self, verb: &Method, path: &str, call: &Call) -> Result<Value, Refused> {
        let parts: Vec<&str> = path.split('/').collect();
        match (verb.as_str(), parts.as_slice()) {
            ("GET", ["gateway"] | ["gateway", "bot"]) => {
                Ok(json!({ "url": self.gateway_url, "shards": 1, "session_start_limit":
                    { "total": 1_000, "remaining": 999, "reset_after": 0, "max_concurrency": 1 } }))
            }
            ("GET", ["applications", "@me"]) => Ok(json!({ "id": APPLICATION, "name": "SiteSpark",
                "verify_key": "00".repeat(32), "interactions_endpoint_url": null, "new": [1] })),
            ("PUT", ["applications", APPLICATION, "commands"]) => {
                checks::commands(&call.params)?;
                self.commands = call.params.clone();
                Ok(call.params.clone())
            }
            ("POST", ["users", "@me", "channels"]) => {
                let person = call.params.get("recipient_id").and_then(Value::as_str);
                let person = person.filter(|id| id.bytes().all(|b| b.is_ascii_digit()));
                let person = person.ok_or_else(|| Refused::wrong("recipient_id"))?;
                Ok(json!({ "id": format!("7{person}"), "type": 1 }))
            }
            ("POST", ["channels", _, "typing"]) => {
                self.typing += 1;
                Ok(Value::Null)
            }
            ("PUT", ["channels", channel, "messages", id, "reactions", emoji, "@me"]) => {
                let now_ms = self.clock.now_ms();
                self.reactions.put((channel, id), emoji, now_ms)
            }
            ("POST", ["channels", channel, "messages"]) => self.post(channel, call),
            ("PATCH", ["channels", channel, "messages", id]) => self.edit(channel, id, call),
            ("POST", ["interactions", _, token, "callback"]) => {
                self.first_answer(token, &call.params).map(|()| Value::Null)
            }
            ("PATCH", ["webhooks", APPLICATION, token, "messages", "@original"]) => {
                let waiting = self.ticket(token)?;
                let message =
                    waiting.message.ok_or_else(|| Refused::new(404, 10_008, "no answer yet"))?;
                self.edit(&waiting.channel, &message, call)
            }
            _ => Err(Refused::new(404, 0, "404: Not Found")),
        }
    }

    fn post(&mut self, channel: &str, call: &Call) -> Result<Value, Refused> {
        checks::message(call, true)?;
        let nonce = call.params.get("nonce").and_then(Value::as_str).map(str::to_owned);
        let enforced = call.params.get("enforce_nonce") == Some(&json!(true));
        let key = nonce.filter(|_| enforced).map(|nonce| (channel.to_owned(), nonce));
        if let Some(id) = key.as_ref().and_then(|key| self.nonces.get(key)) {
            return Ok(json!({ "id": id, "channel_id": channel }));
        }
        self.hold_pace(channel)?;
        let id = self.fresh_id();
        let seen = checks::seen(&id, call);
        self.seen.entry(channel.to_owned()).or_default().push(seen);
        if let Some(key) = key {
            self.nonces.insert(key, id.clone());
        }
        Ok(json!({ "id": id, "channel_id": channel, "type": 0, "kind_of_tomorrow": "x" }))
    }

    fn edit(&mut self, channel: &str, id: &str, call: &Call) -> Result<Value, Refused> {
        checks::message(call, false)?;
        self.hold_pace(channel)?;
        let shown = self.seen.entry(channel.to_owned()).or_default();
        let Some(seen) = shown.iter_mut().find(|seen| seen.id == id) else {
            return Err(Refused::new(404, 10_008, "Unknown Message"));
        };
        *seen = checks::seen(id, call);
        Ok(json!({ "id": id, "channel_id": channel }))
    }

    /// The limit of one channel: not a wrong request, but one at the wrong time.
    fn hold_pace(&mut self, channel: &str) -> Result<(), Refused> {
        let now_ms = self.clock.now_ms();
        let sent = self.sent_at_ms.entry(channel.to_owned()).or_default();
        sent.retain(|at_ms| now_ms - at_ms < CHANNEL_WINDOW_MS);
        if sent.len() >= CHANNEL_MESSAGES {
            let open_ms = sent[0] + CHANNEL_WINDOW_MS - now_ms;
            return Err(Refused::limited(open_ms));
        }
        sent.push(now_ms);
        Ok(())
    }

    /// Says how much may still be asked for, as every answer of a limited route does.
    fn with_limits(&self, path: &str, answer: Value) -> Response {
        let mut response = if answer.is_null() {
            StatusCode::NO_CONTENT.into_response()
        } else {
            axum::Json(answer).into_response()
        };
        if path.contains("/reactions/") {
            reactions::with_limit(response.headers_mut());
            return response;
        }
        let channel = path.strip_prefix("channels/").and_then(|rest| rest.split('/').next());
        let sent = channel.and_then(|channel| self.sent_at_ms.get(channel));
        if let Some(sent) = sent.filter(|_| path.contains("/messages")) {
            let remaining = CHANNEL_MESSAGES.saturating_sub(sent.len());
            let first = sent.first().copied().unwrap_or_default();
            let after_ms = (first + CHANNEL_WINDOW_MS - self.clock.now_ms()).max(0);
            let headers = response.headers_mut();
            for (name, value) in [
                ("x-ratelimit-limit", CHANNEL_MESSAGES.to_string()),
                ("x-ratelimit-remaining", remaining.to_string()),
                ("x-ratelimit-reset-after", seconds(after_ms)),
            ] {
                headers.insert(name, value.parse().expect("digits are a header value"));
            }
        }
        response
    }
}

/// Why the server would not take a new message, if it would not.
#[cfg(test)]
pub(crate) fn refusal(call: &Call) -> Option<String> {
    checks::message(call, true).err().map(|refused| refused.message)
}

/// A path without the tokens of interactions.
fn public_path(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').collect();
    let is_secret =
        |index: usize| index == 2 && matches!(parts.first(), Some(&("webhooks" | "interactions")));
    let shown = parts.iter().enumerate();
    shown
        .map(|(index, part)| if is_secret(index) { "-" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

fn seconds(ms: i64) -> String {
    format!("{}.{:03}", ms / 1_000, ms % 1_000)
}

fn limited(retry_after_s: f64, global: bool) -> Response {
    let body = json!({ "message": "You are being rate limited.", "retry_after": retry_after_s,
        "global": global });
    let scope = if global { "global" } else { "user" };
    let headers = [("x-ratelimit-scope", scope), ("via", "1.1 fake")];
    (StatusCode::TOO_MANY_REQUESTS, headers, axum::Json(body)).into_response()
}

fn refuse(refused: &Refused) -> Response {
    let status = StatusCode::from_u16(refused.status).unwrap_or(StatusCode::BAD_REQUEST);
    (status, axum::Json(json!({ "code": refused.code, "message": refused.message })))
        .into_response()
}
