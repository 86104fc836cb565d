//! A server for speech: what it was asked, and what it answers.

use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::World;

/// The key that goes with each request.
pub(crate) const KEY: &str = "kunci";
/// Longest text that real servers read.
const MAX_INPUT_CHARS: usize = 4_096;

/// How words are read aloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Reading {
    /// As a recording of its own for each text.
    #[default]
    Well,
    /// Not at all.
    Down,
    /// With an apology in JSON.
    Apology,
    /// With nothing.
    Empty,
    /// With more than any recording has.
    Huge,
}

/// Bytes of what is too large.
const HUGE_BYTES: usize = 1_024 * 1_024 + 1;

/// Hears and reads.
#[derive(Clone, Default)]
pub(crate) struct FakeSpeech {
    pub(crate) heard: Arc<Mutex<Vec<(String, String)>>>,
    /// What is said in every recording; nobody hears anything without it.
    pub(crate) words: Arc<Mutex<Option<&'static str>>>,
    pub(crate) read: Arc<Mutex<Vec<Value>>>,
    pub(crate) reading: Arc<Mutex<Reading>>,
}

impl FakeSpeech {
    /// On a free local port, in the settings of a world that has its voice notes heard there.
    pub(crate) async fn start(world: &mut World) -> Self {
        let speech = Self::default();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new()
            .route("/v1/audio/transcriptions", post(hear))
            .route("/v1/audio/speech", post(read))
            .with_state(speech.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        world.set("AUDIO_PROVIDER", &format!("dengar=http://{address}/v1|whisper-1|SPEECH_KEY"));
        world.set("SPEECH_KEY", KEY);
        speech
    }

    /// The same with answers read aloud there.
    pub(crate) async fn start_reading(world: &mut World) -> Self {
        let speech = Self::start(world).await;
        let audio = world.settings().audio.expect("it was set just now");
        let setting = format!("bicara={}|tts-1|SPEECH_KEY|nova", audio.base_url);
        world.set("SPEECH_PROVIDER", &setting);
        speech
    }

    /// What is said in every recording from now on.
    pub(crate) fn say(&self, words: &'static str) {
        *self.words.lock().unwrap() = Some(words);
    }

    /// The texts it was asked to read.
    pub(crate) fn inputs(&self) -> Vec<String> {
        let read = self.read.lock().unwrap();
        read.iter().map(|body| body["input"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

async fn hear(State(speech): State<FakeSpeech>, headers: HeaderMap, body: Bytes) -> Response {
    let key = headers["authorization"].to_str().unwrap().to_owned();
    let form = String::from_utf8_lossy(&body).into_owned();
    speech.heard.lock().unwrap().push((key, form));
    match *speech.words.lock().unwrap() {
        Some(words) => Json(json!({ "text": words })).into_response(),
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn read(
    State(speech): State<FakeSpeech>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    speech.read.lock().unwrap().push(body.clone());
    let input = body["input"].as_str().unwrap_or_default();
    let known = ["model", "voice", "input", "response_format"];
    let is_known = |name: &String| known.contains(&name.as_str());
    let is_sound = body.as_object().is_some_and(|fields| fields.keys().all(is_known))
        && (1..=MAX_INPUT_CHARS).contains(&input.chars().count())
        && body["response_format"] == "opus"
        && headers["authorization"] == format!("Bearer {KEY}");
    if !is_sound {
        return StatusCode::BAD_REQUEST.into_response();
    }
    match *speech.reading.lock().unwrap() {
        Reading::Well => recording(input).into_response(),
        Reading::Down => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Reading::Apology => Json(json!({ "error": { "message": "later" } })).into_response(),
        Reading::Empty => StatusCode::OK.into_response(),
        Reading::Huge => [b"OggS".to_vec(), vec![0; HUGE_BYTES]].concat().into_response(),
    }
}

/// What stands for a recording of these words.
pub(crate) fn recording(words: &str) -> Vec<u8> {
    format!("OggS {words}").into_bytes()
}
