//! The page with a bot that follows a script, to look at in a browser:
//! `cargo run -p sitespark-webhook --example web_chat_demo -- 127.0.0.1:8099`.

#[path = "../tests/support/memory_chat.rs"]
mod memory_chat;

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::Request;
use axum::http::header::HOST;
use axum::response::{Html, IntoResponse};
use memory_chat::{MemoryChat, Received};
use sitespark_bot::message::{Body, Choice, Content, LinkButton, Message, Progress, Span};
use sitespark_core::brief::Language;
use sitespark_core::ids::Tokens;
use sitespark_webhook::web::{PageSettings, Prices, router};
use tokio::sync::mpsc::UnboundedReceiver;
use tower::ServiceExt;

const SCRIPT: &str = include_str!("web_chat_demo.json");
const SITE: &str = include_str!("web_chat_demo_site.html");

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8099".into());
    let listener = tokio::net::TcpListener::bind(&address).await?;
    let port = listener.local_addr()?.port();
    let (chat, said) = MemoryChat::new(now_ms);
    let chat = Arc::new(chat);
    tokio::spawn(play(Arc::clone(&chat), said, format!("http://toko-ani.localhost:{port}/")));
    let page = router(chat, settings(port));
    println!("http://localhost:{port}/");
    axum::serve(listener, by_host(page)).await?;
    Ok(())
}

fn settings(port: u16) -> PageSettings {
    PageSettings {
        public_url: format!("http://localhost:{port}"),
        sites_frame_source: format!("http://*.localhost:{port}"),
        default_language: Language::Id,
        telegram_name: std::sync::Arc::new("example_bot".to_owned().into()),
        whatsapp_number: std::sync::Arc::new("6280000000000".to_owned().into()),
        hears: true,
        operator: "Demo".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        prices: Prices {
            signup: Tokens(100),
            daily: Tokens(10),
            generate: Tokens(50),
            refine: Some(Tokens(10)),
            referral: Tokens(25),
        },
    }
}

/// Sites answer on their own hosts, everything else is the page.
fn by_host(page: Router) -> Router {
    Router::new().fallback(move |request: Request| {
        let page = page.clone();
        async move {
            let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
            if host.is_some_and(|host| host.starts_with("toko-ani.")) {
                return Html(SITE).into_response();
            }
            page.oneshot(request).await.into_response()
        }
    })
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// What the bot says, turn by turn.
#[derive(serde::Deserialize)]
struct Script {
    turns: Vec<Said>,
    making: Vec<Said>,
    made: Said,
    afterwards: Said,
}

#[derive(serde::Deserialize)]
struct Said {
    text: String,
    #[serde(default)]
    choices: Vec<String>,
    #[serde(default)]
    links: Vec<String>,
}

/// Answers in the order of the script, whatever is said.
async fn play(chat: Arc<MemoryChat>, mut said: UnboundedReceiver<Received>, site: String) {
    let script: Script = serde_json::from_str(SCRIPT).expect("the script beside this file is JSON");
    let mut turns = std::collections::HashMap::<String, usize>::new();
    while let Some((session, content)) = said.recv().await {
        let turn = turns.entry(session.clone()).or_default();
        *turn += usize::from(!matches!(content, Content::Start { .. }));
        tokio::time::sleep(Duration::from_millis(600)).await;
        if let Some(said) = script.turns.get(*turn) {
            chat.say(&session, ask(said), "collecting", [None; 2]);
        } else if *turn == script.turns.len() {
            make(&chat, &session, &script, &site).await;
        } else {
            chat.say(&session, ask(&script.afterwards), "reviewing", [None, Some(&site)]);
        }
    }
}

async fn make(chat: &MemoryChat, session: &str, script: &Script, site: &str) {
    for said in &script.making {
        chat.say(session, progress(ask(said), false), "generating", [Some(site), None]);
        tokio::time::sleep(Duration::from_millis(900)).await;
    }
    let links = script
        .made
        .links
        .iter()
        .map(|label| LinkButton { label: label.clone(), url: site.to_owned() })
        .collect();
    let done = Message { links, ..ask(&script.made) };
    chat.say(session, progress(done, true), "reviewing", [None, Some(site)]);
}

fn progress(message: Message, done: bool) -> Message {
    Message { progress: Some(Progress { key: "run".into(), done }), ..message }
}

/// `**bold**` and `*italic*` as spans; the labels double as ids.
fn ask(said: &Said) -> Message {
    let mut spans = Vec::new();
    for (index, piece) in said.text.split("**").enumerate() {
        for (inner, words) in piece.split('*').enumerate() {
            spans.push(Span { text: words.into(), bold: index % 2 == 1, italic: inner % 2 == 1 });
        }
    }
    let choices = said
        .choices
        .iter()
        .enumerate()
        .map(|(index, label)| Choice { id: format!("choice-{index}"), label: label.clone() })
        .collect();
    Message { body: Body(spans), choices, ..Message::default() }
}
