//! Voice notes, where a server hears them, and where none does.

use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::json;
use tokio::net::TcpListener;

use crate::conformance::{Act, Person, Place, Stage};

/// A server for speech: what it was sent, and what it answers.
#[derive(Clone, Default)]
struct FakeSpeech {
    heard: Arc<Mutex<Vec<(String, String)>>>,
    words: Arc<Mutex<Option<&'static str>>>,
}

impl FakeSpeech {
    /// On a free local port; gives the setting for it.
    async fn start(&self) -> String {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let router =
            Router::new().route("/v1/audio/transcriptions", post(answer)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("dengar=http://{address}/v1|whisper-1|SPEECH_KEY")
    }
}

async fn answer(State(speech): State<FakeSpeech>, headers: HeaderMap, body: Bytes) -> Response {
    let key = headers["authorization"].to_str().unwrap().to_owned();
    let form = String::from_utf8_lossy(&body).into_owned();
    speech.heard.lock().unwrap().push((key, form));
    match *speech.words.lock().unwrap() {
        Some(words) => Json(json!({ "text": words })).into_response(),
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn a_voice_note_is_heard(place: Place) {
    let speech = FakeSpeech::default();
    let setting = speech.start().await;
    let mut stage = Stage::open(place).await;
    stage.world.set("AUDIO_PROVIDER", &setting);
    stage.world.set("SPEECH_KEY", "kunci");
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    person.say("halo").await;
    *speech.words.lock().unwrap() = Some("saya punya kedai kopi");
    let told = person.act(Act::Voice(b"OggS suara".to_vec())).await;
    assert!(told[0].text.contains("saya punya kedai kopi"), "{told:#?}");
    assert!(told[1].text.contains("2/6"), "{told:#?}");
    let heard = speech.heard.lock().unwrap().clone();
    assert_eq!(heard.len(), 1);
    assert_eq!(heard[0].0, "Bearer kunci");
    for part in ["whisper-1", "OggS suara", "voice.ogg", "name=\"language\""] {
        assert!(heard[0].1.contains(part), "{part} was not sent: {}", heard[0].1);
    }
    // Without an answer the person is asked to type.
    *speech.words.lock().unwrap() = None;
    let told = person.act(Act::Voice(b"OggS lagi".to_vec())).await;
    assert!(told[0].text.contains("diketik"), "{told:#?}");
    stage.end(house).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_telegram() {
    a_voice_note_is_heard(Place::Telegram).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_whatsapp() {
    a_voice_note_is_heard(Place::Whatsapp).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_discord() {
    a_voice_note_is_heard(Place::Discord).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_the_web() {
    a_voice_note_is_heard(Place::Web).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_the_terminal() {
    a_voice_note_is_heard(Place::Terminal).await;
}
