//! A scripted model server for tests: real HTTP on 127.0.0.1, the chat-completions protocol, and
//! every request held against what the protocol asks.
//!
//! It is compiled for tests and behind the feature `fakes` only.

mod answer;
mod books;
mod check;
mod services;
mod wire;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::routing::post;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use answer::lies;
pub use books::{MemoryCallLog, call};
pub use services::{Judging, Painting};

/// The key that the server takes.
pub const FAKE_KEY: &str = "sk-fake-0123456789";

/// What the server does with one request.
#[derive(Debug, Clone, PartialEq)]
pub enum Behaviour {
    /// A good answer: it fits the schema and says only what the owner data says.
    Good,
    /// This answer.
    Say(Value),
    /// This text as the answer, JSON or not.
    SayText(String),
    /// Waits this long on tokio's clock, then does the other.
    Slow(u64, Box<Behaviour>),
    /// Status 429, with the `retry-after-ms` header if a number is given.
    RateLimited(Option<u64>),
    /// Status 500 with a page that is not JSON.
    ServerError,
    /// A good answer cut in half, `finish_reason` "length".
    Truncated,
    /// A good answer cut after this many hundredths, as if it had ended there.
    TruncatedAt(usize),
    /// A good answer whose connection breaks in the middle.
    CutOff,
    /// A refusal.
    Refusing,
    /// Stopped by the content filter.
    Filtered,
    /// JSON of another shape.
    WrongSchema,
    /// A good answer behind a byte order mark and in a code fence.
    Fenced,
    /// Fits the schema and invents prices, years, awards and names.
    Lying,
    /// Fits the schema and holds HTML, script and links.
    Injecting,
    /// Fits the schema and does what the owner data orders.
    Obeying,
    /// Status 429 with `insufficient_quota`.
    QuotaExhausted,
    /// Status 200 with a body that is not JSON.
    Garbage,
    /// `content` is null.
    NullContent,
    /// A good answer with an empty `usage`.
    NoUsage,
    /// Status 503 with a number as the error code.
    NumericCode,
    /// Status 400 that names this field, as long as the request has it; then a good answer.
    RefuseField(&'static str),
    /// This status with an OpenAI error of this code, which repeats the key.
    Error(u16, &'static str),
}

/// One request as it came in.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// The `authorization` header.
    pub authorization: Option<String>,
    /// The body; null when it was not JSON.
    pub body: Value,
    /// What it does wrong.
    pub violations: Vec<String>,
}

impl Recorded {
    /// The name of the schema asked for; empty when the request forces none.
    pub fn schema_name(&self) -> &str {
        self.body
            .pointer("/response_format/json_schema/name")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// Whether a picture came with the words.
    pub fn has_picture(&self) -> bool {
        self.body.pointer("/messages/1/content/1/image_url/url").is_some()
    }

    /// The words of the message of `role`; empty when there are none.
    pub fn message(&self, role: &str) -> &str {
        let messages = self.body.get("messages").and_then(Value::as_array);
        messages
            .into_iter()
            .flatten()
            .find(|message| message.get("role").and_then(Value::as_str) == Some(role))
            .and_then(|message| message.get("content"))
            .and_then(|said| said.as_str().or_else(|| said.pointer("/0/text")?.as_str()))
            .unwrap_or_default()
    }

    /// The JSON of the block `<name>…</name>` in the user's message; null when there is none.
    pub fn block(&self, name: &str) -> Value {
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        self.message("user")
            .split_once(&open)
            .and_then(|(_, rest)| rest.split_once(&close))
            .and_then(|(json, _)| serde_json::from_str(json.trim()).ok())
            .unwrap_or(Value::Null)
    }
}

type Decide = dyn Fn(&Recorded) -> Behaviour + Send + Sync;

/// What the server does.
pub enum Script {
    /// These in order; the last one stays.
    Steps(Vec<Behaviour>),
    /// Whatever the closure says of each request.
    Decide(Box<Decide>),
}

impl Script {
    /// Decides by the request.
    pub fn by(decide: impl Fn(&Recorded) -> Behaviour + Send + Sync + 'static) -> Self {
        Self::Decide(Box::new(decide))
    }
}

impl From<Behaviour> for Script {
    fn from(always: Behaviour) -> Self {
        Self::Steps(vec![always])
    }
}

impl<const N: usize> From<[Behaviour; N]> for Script {
    fn from(steps: [Behaviour; N]) -> Self {
        Self::Steps(steps.into())
    }
}

enum Plan {
    Steps(VecDeque<Behaviour>),
    Decide(Arc<Decide>),
}

impl From<Script> for Plan {
    fn from(script: Script) -> Self {
        match script {
            Script::Steps(steps) => Self::Steps(steps.into()),
            Script::Decide(decide) => Self::Decide(decide.into()),
        }
    }
}

struct Desk {
    plan: Mutex<Plan>,
    seen: Mutex<Vec<Recorded>>,
    judging: Mutex<Judging>,
    judged: Mutex<Vec<String>>,
    painting: Mutex<Painting>,
    painted: Mutex<Vec<Value>>,
}

impl Desk {
    /// Notes a request and says what to do with it.
    fn receive(&self, request: &Recorded) -> Behaviour {
        lock(&self.seen).push(request.clone());
        let mut plan = lock(&self.plan);
        match &mut *plan {
            Plan::Steps(steps) if steps.len() > 1 => steps.pop_front().unwrap_or(Behaviour::Good),
            Plan::Steps(steps) => steps.front().cloned().unwrap_or(Behaviour::Good),
            Plan::Decide(decide) => {
                let decide = decide.clone();
                drop(plan);
                decide(request)
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The server; it ends when it is dropped.
pub struct FakeModel {
    address: SocketAddr,
    desk: Arc<Desk>,
    serving: JoinHandle<()>,
}

impl FakeModel {
    /// Starts a server on a free port.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn try_start(script: impl Into<Script>) -> std::io::Result<Self> {
        let plan = Mutex::new(script.into().into());
        let desk = Arc::new(Desk {
            plan,
            seen: Mutex::default(),
            judging: Mutex::default(),
            judged: Mutex::default(),
            painting: Mutex::default(),
            painted: Mutex::default(),
        });
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let router = Router::new()
            .route("/v1/chat/completions", post(wire::complete))
            .route("/v1/moderations", post(services::moderate))
            .route("/v1/images/generations", post(services::paint))
            .with_state(desk.clone());
        let serving = tokio::spawn(async move {
            // Ends with an error only when the listener does; the test sees that by itself.
            axum::serve(listener, router).await.ok();
        });
        Ok(Self { address, desk, serving })
    }

    /// Starts a server on a free port.
    ///
    /// # Panics
    /// When no port can be had.
    pub async fn start(script: impl Into<Script>) -> Self {
        Self::try_start(script).await.expect("a loopback port is free")
    }

    /// The address to give to a provider, with `/v1`.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// A line for `LLM_PROVIDERS`; the key stands in the variable `key_env`, see [`FAKE_KEY`].
    pub fn setting(&self, name: &str, key_env: &str) -> String {
        format!("{name}={}|gpt-4o-mini|{key_env}|", self.base_url())
    }

    /// From now on it does this.
    pub fn set_script(&self, script: impl Into<Script>) {
        *lock(&self.desk.plan) = script.into().into();
    }

    /// From now on it judges so.
    pub fn judge(&self, judging: Judging) {
        *lock(&self.desk.judging) = judging;
    }

    /// Every text it was to judge so far.
    pub fn judged(&self) -> Vec<String> {
        lock(&self.desk.judged).clone()
    }

    /// From now on it paints so.
    pub fn paint(&self, painting: Painting) {
        *lock(&self.desk.painting) = painting;
    }

    /// Every picture it was asked for so far, as the body of the request.
    pub fn painted(&self) -> Vec<Value> {
        lock(&self.desk.painted).clone()
    }

    /// Every request so far.
    pub fn requests(&self) -> Vec<Recorded> {
        lock(&self.desk.seen).clone()
    }

    /// How many requests came in so far.
    pub fn count(&self) -> usize {
        lock(&self.desk.seen).len()
    }

    /// What requests did wrong so far.
    pub fn violations(&self) -> Vec<String> {
        self.requests().into_iter().flat_map(|request| request.violations).collect()
    }
}

impl Drop for FakeModel {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
