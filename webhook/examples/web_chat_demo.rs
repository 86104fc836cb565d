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
        telegram_url: Some("https://t.me/example_bot".into()),
        whatsapp_url: Some("https://wa.me/6280000000000".into()),
        operator: "Demo".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        prices: Prices {
            signup: Tokens(100),
            daily: Tokens(10),
            generate: Tokens(50),
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

/// Answers in the order of the script, whatever is said.
async fn play(chat: Arc<MemoryChat>, mut said: UnboundedReceiver<Received>, site: String) {
    let mut turns = std::collections::HashMap::<String, usize>::new();
    while let Some((session, content)) = said.recv().await {
        let turn = turns.entry(session.clone()).or_default();
        *turn += usize::from(!matches!(content, Content::Start { .. }));
        tokio::time::sleep(Duration::from_millis(600)).await;
        match *turn {
            0 => chat.say(&session, ask("Halo, Kak! Usahanya apa?", &["Toko kue", "Laundry", "Bengkel"]), "collecting", [None; 2]),
            1 => chat.say(&session, ask("Wah, enak nih. Apa **nama usahanya**, Kak?", &[]), "collecting", [None; 2]),
            2 => chat.say(&session, ask("Dicatat: **Kue Ani**.\nApa saja yang mau ditampilkan di situsnya? Pilih satu atau tulis sendiri.", &["Daftar harga", "Pesan lewat WhatsApp", "Galeri foto", "Jam buka dan lokasi", "Lewati"]), "collecting", [None; 2]),
            3 => chat.say(&session, ask("Situs untuk **Kue Ani** sudah siap dibuat. Biayanya *50 token*. Lanjut?", &["Ya, buatkan", "Ubah dulu"]), "confirming", [None; 2]),
            4 => make(&chat, &session, &site).await,
            _ => chat.say(&session, ask("Sudah diganti, Kak. Silakan dilihat di samping.", &["Ganti warna", "Kembalikan"]), "reviewing", [None, Some(&site)]),
        }
    }
}

async fn make(chat: &MemoryChat, session: &str, site: &str) {
    for words in ["Memilih warna dan susunan…", "Menulis isi halaman…", "Menata foto…"] {
        chat.say(
            session,
            progress(ask(words, &["Batalkan"]), false),
            "generating",
            [Some(site), None],
        );
        tokio::time::sleep(Duration::from_millis(900)).await;
    }
    let links = [("Buka situs", site), ("Bagikan ke WhatsApp", "https://wa.me/?text=situs")]
        .map(|(label, url)| LinkButton { label: label.into(), url: url.into() });
    let done = Message {
        links: links.into(),
        ..ask(
            "**Situsnya sudah tayang!**\nSilakan dicoba, Kak. Mau ada yang diubah?",
            &["Ganti harga", "Ganti warna", "Tambah foto"],
        )
    };
    chat.say(session, progress(done, true), "reviewing", [None, Some(site)]);
}

fn progress(message: Message, done: bool) -> Message {
    Message { progress: Some(Progress { key: "run".into(), done }), ..message }
}

/// `**bold**` and `*italic*` as spans; the labels double as ids.
fn ask(text: &str, labels: &[&str]) -> Message {
    let mut spans = Vec::new();
    for (index, piece) in text.split("**").enumerate() {
        for (inner, words) in piece.split('*').enumerate() {
            spans.push(Span { text: words.into(), bold: index % 2 == 1, italic: inner % 2 == 1 });
        }
    }
    let choices = labels
        .iter()
        .enumerate()
        .map(|(index, label)| Choice { id: format!("choice-{index}"), label: (*label).into() })
        .collect();
    Message { body: Body(spans), choices, ..Message::default() }
}
