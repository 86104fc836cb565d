//! The page's router, driven as a browser would.
#![expect(clippy::unwrap_used, reason = "a test may stop where it is surprised")]

#[path = "support/memory_chat.rs"]
mod memory_chat;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE,
    HOST, ORIGIN, SET_COOKIE,
};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::Response;
use memory_chat::{MemoryChat, Received};
use sitespark_bot::message::{self, Content, Message, VoiceNote};
use sitespark_core::brief::Language;
use sitespark_core::ids::Tokens;
use sitespark_webhook::web::{
    MAX_MESSAGE_BYTES, MAX_PHOTO_BYTES, PageSettings, Prices, StreamBounds, router_with,
};
use tokio::sync::mpsc::UnboundedReceiver;
use tower::ServiceExt;

const SESSION: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const OTHER_SESSION: &str = "ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

struct House {
    router: Router,
    chat: Arc<MemoryChat>,
    bot: UnboundedReceiver<Received>,
}

fn settings(public_url: &str) -> PageSettings {
    PageSettings {
        public_url: public_url.into(),
        sites_frame_source: "http://*.localhost:8080".into(),
        default_language: Language::Id,
        telegram_name: std::sync::Arc::new("contoh_bot".to_owned().into()),
        whatsapp_number: std::sync::Arc::default(),
        hears: true,
        operator: "Contoh <&> Operator".into(),
        version: "0.1.0".into(),
        prices: Prices {
            signup: Tokens(100),
            daily: Tokens(10),
            generate: Tokens(50),
            refine: None,
            referral: Tokens(25),
        },
    }
}

/// Streams end as soon as they have caught up.
fn house_at(public_url: &str) -> House {
    let (chat, bot) = MemoryChat::new(|| 0);
    let chat = Arc::new(chat);
    let bounds = StreamBounds { life: Duration::ZERO, ..StreamBounds::default() };
    House { router: router_with(Arc::clone(&chat) as _, settings(public_url), bounds), chat, bot }
}

fn house() -> House {
    house_at("http://localhost:8080")
}

impl House {
    async fn ask(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Response {
        let request = headers
            .iter()
            .fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
        self.ask(request.body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, body: impl Into<Body>, headers: &[(&str, &str)]) -> Response {
        let request = Request::post(path)
            .header(HOST, "localhost:8080")
            .header(COOKIE, format!("sitespark={SESSION}"));
        let request =
            headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        self.ask(request.body(body.into()).unwrap()).await
    }

    async fn events(&self, path: &str, last_event_id: Option<&str>) -> String {
        let cookie = format!("sitespark={SESSION}");
        let mut headers = vec![("cookie", cookie.as_str())];
        headers.extend(last_event_id.map(|id| ("last-event-id", id)));
        let response = self.get(path, &headers).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[CONTENT_TYPE], "text/event-stream");
        text(response).await
    }

    fn heard(&mut self) -> Vec<Content> {
        std::iter::from_fn(|| self.bot.try_recv().ok()).map(|(_, content)| content).collect()
    }
}

async fn text(response: Response) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), 4 << 20).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

async fn error(response: Response) -> String {
    let body: serde_json::Value = serde_json::from_str(&text(response).await).unwrap();
    body["error"].as_str().unwrap().to_owned()
}

fn cookie(headers: &HeaderMap) -> String {
    headers[SET_COOKIE].to_str().unwrap().to_owned()
}

fn hello(words: &str) -> Message {
    Message { body: message::Body::plain(words), ..Message::default() }
}

fn form(client_id: &str, photo: &[u8]) -> (Vec<u8>, &'static str) {
    let mut body = format!(
        "--b\r\ncontent-disposition: form-data; name=\"client_id\"\r\n\r\n{client_id}\r\n\
         --b\r\ncontent-disposition: form-data; name=\"caption\"\r\n\r\nNastar 80rb\r\n\
         --b\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"a\"\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(photo);
    body.extend_from_slice(b"\r\n--b--\r\n");
    (body, "multipart/form-data; boundary=b")
}

#[tokio::test]
async fn over_https_the_cookie_is_bound_to_the_host() {
    let response = house_at("https://sitespark.example").get("/", &[]).await;
    let cookie = cookie(response.headers());
    assert!(cookie.starts_with("__Host-sitespark="), "{cookie}");
    for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure", "; Max-Age=15552000"] {
        assert!(cookie.contains(part), "{cookie} lacks {part}");
    }
    assert!(!cookie.contains("Domain"));
}

#[tokio::test]
async fn over_http_the_cookie_is_plain_and_a_known_one_is_kept() {
    let house = house();
    let first = cookie(house.get("/", &[]).await.headers());
    assert!(first.starts_with("sitespark=") && !first.contains("Secure"), "{first}");
    let known = format!("sitespark={SESSION}");
    assert!(cookie(house.get("/", &[("cookie", &known)]).await.headers()).starts_with(&known));
    let forged = cookie(house.get("/", &[("cookie", "sitespark=admin")]).await.headers());
    let response = house.get("/", &[]).await;
    assert_eq!(response.headers()["vary"], "accept-encoding, accept-language, cookie");
    assert!(!forged.contains("admin"));
}

#[tokio::test]
async fn every_answer_carries_the_policy_and_the_page_needs_nothing_it_forbids() {
    let house = house();
    for path in ["/", "/assets/none", "/chat/events", "/chat/pictures/x", "/nowhere"] {
        let response = house.get(path, &[]).await;
        let headers = response.headers();
        let policy = headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
        assert!(policy.contains("frame-src 'self' http://*.localhost:8080;"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"));
        assert!(!policy.contains("unsafe"));
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
        assert!(headers.contains_key("referrer-policy"));
        assert!(headers.contains_key("permissions-policy"));
    }
    let page = text(house.get("/", &[]).await).await;
    assert!(!page.contains("style=") && !page.contains("<style"));
    assert!(!page.contains(" onclick") && !page.contains("javascript:"));
    assert_eq!(
        page.matches("<script").count(),
        page.matches("<script type=\"module\" src=").count()
    );
    assert!(page.contains("Contoh &#60;&#38;&#62; Operator"));
}

#[tokio::test]
async fn the_page_speaks_the_asked_language_and_links_the_configured_channels() {
    let house = house();
    let page = async |path: &str, accept: &str| {
        text(house.get(path, &[("accept-language", accept)]).await).await
    };
    assert!(page("/", "fr").await.contains("<html lang=\"id\">"));
    assert!(page("/", "en-GB,en;q=0.8").await.contains("<html lang=\"en\">"));
    let asked = page("/?lang=id", "en").await;
    assert!(asked.contains("<html lang=\"id\">"));
    assert!(asked.contains("href=\"https://t.me/contoh_bot\" target=\"_blank\" rel=\"noopener\""));
    assert!(!asked.contains("href=\"https://wa.me"));
    assert!(asked.contains("50 token"));
}

#[tokio::test]
async fn each_address_of_the_page_is_its_own_canonical_one() {
    let house = house();
    for path in ["/", "/?lang=id", "/?lang=en"] {
        let page = text(house.get(path, &[("accept-language", "en")]).await).await;
        let canonical = format!("<link rel=\"canonical\" href=\"http://localhost:8080{path}\">");
        assert!(page.contains(&canonical), "{path}");
    }
}

#[tokio::test]
async fn every_file_the_page_names_is_there_for_good() {
    let house = house();
    let page = text(house.get("/", &[]).await).await;
    let names: Vec<&str> =
        page.split('"').filter_map(|piece| piece.find("/assets/").map(|at| &piece[at..])).collect();
    assert!(names.len() >= 8, "{names:?}");
    for name in names {
        let response = house.get(name, &[]).await;
        assert_eq!(response.status(), StatusCode::OK, "{name}");
        assert_eq!(response.headers()[CACHE_CONTROL], "public, max-age=31536000, immutable");
    }
    assert_eq!(house.get("/assets/chat.js", &[]).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_stream_replays_what_the_browser_has_not_seen() {
    let house = house();
    for words in ["satu", "dua", "tiga"] {
        house.chat.say(SESSION, hello(words), "collecting", [None, None]);
    }
    house.chat.say(OTHER_SESSION, hello("rahasia"), "collecting", [None, None]);
    let all = house.events("/chat/events", None).await;
    assert!(all.contains("id: 1\n") && all.contains("satu") && all.contains("tiga"));
    let (_, end) = all.split_once("event: ready").expect("the stream says when it caught up");
    assert!(end.contains("\"room\"") && !end.contains("id: ") && !end.contains(SESSION), "{end}");
    assert!(!all.contains("rahasia"));
    let later = house.events("/chat/events?after=1", Some("2")).await;
    assert!(!later.contains("dua") && later.contains("id: 3\n"), "{later}");
    let by_address = house.events("/chat/events?after=1", None).await;
    assert!(!by_address.contains("satu") && by_address.contains("dua"));
}

#[tokio::test]
async fn a_long_transcript_is_replayed_whole() {
    let house = house();
    for _ in 0..250 {
        house.chat.say(SESSION, hello("halo"), "collecting", [None, None]);
    }
    let all = house.events("/chat/events", None).await;
    assert_eq!(all.matches("halo").count(), 250);
    assert!(all.contains("id: 250\n"));
}

#[tokio::test]
async fn without_a_session_nothing_is_said_or_shown() {
    let mut house = house();
    assert_eq!(house.get("/chat/events", &[]).await.status(), StatusCode::UNAUTHORIZED);
    let body = r#"{"client_id":"a","text":"halo"}"#;
    let request = Request::post("/chat/messages").body(Body::from(body)).unwrap();
    assert_eq!(house.ask(request).await.status(), StatusCode::UNAUTHORIZED);
    assert!(house.heard().is_empty());
}

#[tokio::test]
async fn the_same_client_id_twice_is_one_message() {
    let mut house = house();
    let body = r#"{"client_id":"a1","text":"bikin web toko kue"}"#;
    for _ in 0..2 {
        let response = house.post("/chat/messages", body, &[]).await;
        assert_eq!(response.status(), StatusCode::ACCEPTED);
    }
    assert_eq!(house.heard(), [Content::Text { text: "bikin web toko kue".into() }]);
    assert_eq!(house.events("/chat/events", None).await.matches("toko kue").count(), 1);
}

#[tokio::test]
async fn a_message_from_another_origin_is_refused() {
    let mut house = house();
    let body = r#"{"client_id":"a1","text":"halo"}"#;
    for foreign in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "http://toko.localhost:8080"),
        ("origin", "null"),
    ] {
        for path in ["/chat/messages", "/chat/photos", "/chat/code"] {
            let response = house.post(path, body, &[foreign]).await;
            assert_eq!(response.status(), StatusCode::FORBIDDEN, "{foreign:?}");
        }
    }
    assert!(house.heard().is_empty());
    let own = [(ORIGIN.as_str(), "http://localhost:8080"), ("sec-fetch-site", "same-origin")];
    assert_eq!(house.post("/chat/messages", body, &own).await.status(), StatusCode::ACCEPTED);
}

#[tokio::test]
async fn what_is_no_message_gets_a_sentence_in_the_pages_language() {
    let mut house = house();
    let response = house.post("/chat/messages?lang=id", "{oops", &[]).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert!(error(response).await.contains("tidak terbaca"));
    let response = house.post("/chat/messages?lang=en", "{oops", &[]).await;
    assert!(error(response).await.contains("could not be read"));
    assert!(house.heard().is_empty());
}

#[tokio::test]
async fn a_message_beyond_its_bound_is_refused() {
    let mut house = house();
    let body = format!(r#"{{"client_id":"a","text":"{}"}}"#, "x".repeat(MAX_MESSAGE_BYTES));
    let response = house.post("/chat/messages", body, &[]).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert!(error(response).await.contains("terlalu besar"));
    assert!(house.heard().is_empty());
}

#[tokio::test]
async fn a_photo_is_stored_then_said_and_only_its_owner_sees_it() {
    let mut house = house();
    let (body, kind) = form("p1", PNG);
    let response = house.post("/chat/photos", body, &[(CONTENT_TYPE.as_str(), kind)]).await;
    assert_eq!(response.status(), StatusCode::ACCEPTED);
    let heard = house.heard();
    let [Content::Photo { file, caption }] = heard.as_slice() else { panic!("{heard:?}") };
    assert_eq!(caption.as_deref(), Some("Nastar 80rb"));
    assert_eq!(file.media_type.as_deref(), Some("image/png"));
    let path = format!("/chat/pictures/{}", file.id.replace('/', "%2F"));
    let own = house.get(&path, &[("cookie", &format!("sitespark={SESSION}"))]).await;
    assert_eq!(own.status(), StatusCode::OK);
    assert_eq!(own.headers()[CONTENT_TYPE], "image/png");
    assert_eq!(own.headers()[CONTENT_SECURITY_POLICY], "default-src 'none'; sandbox");
    let foreign = house.get(&path, &[("cookie", &format!("sitespark={OTHER_SESSION}"))]).await;
    assert_eq!(foreign.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_voice_note_is_named_in_the_stream_and_played_in_parts() {
    let mut house = house();
    let (body, kind) = form("v1", b"OggS suara");
    let body = String::from_utf8(body).unwrap().replace("name=\"photo\"", "name=\"file\"");
    house.post("/chat/files", body, &[(CONTENT_TYPE.as_str(), kind)]).await;
    let heard = house.heard();
    let [Content::Voice { file }] = heard.as_slice() else { panic!("{heard:?}") };
    let (words, language) = ("Halo".to_owned(), "id".to_owned());
    let voice = VoiceNote { words, language, key: Some(file.id.clone()) };
    house.chat.say(SESSION, Message { voice: Some(voice), ..Message::default() }, "", [None, None]);
    let all = house.events("/chat/events", None).await;
    assert!(all.contains(&format!("\"voice\":\"{}\"", file.id)), "{all}");

    let path = format!("/chat/pictures/{}", file.id.replace('/', "%2F"));
    let cookie = format!("sitespark={SESSION}");
    let whole = house.get(&path, &[("cookie", &cookie)]).await;
    assert_eq!(
        (whole.status(), &whole.headers()[CONTENT_TYPE]),
        (StatusCode::OK, &"audio/ogg".parse().unwrap())
    );
    assert_eq!(whole.headers()[ACCEPT_RANGES], "bytes");
    let part = house.get(&path, &[("cookie", &cookie), ("range", "bytes=0-3")]).await;
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.headers()[CONTENT_RANGE], "bytes 0-3/10");
    assert_eq!(text(part).await, "OggS");
    let beyond = house.get(&path, &[("cookie", &cookie), ("range", "bytes=10-")]).await;
    assert_eq!(beyond.status(), StatusCode::RANGE_NOT_SATISFIABLE);
}

#[tokio::test]
async fn what_is_no_photo_or_too_large_a_one_is_refused() {
    let mut house = house();
    let mut huge = PNG.to_vec();
    huge.resize(MAX_PHOTO_BYTES + 1, 0);
    for (photo, status) in [
        (b"<svg/>".to_vec(), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (Vec::new(), StatusCode::BAD_REQUEST),
        (huge, StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let (body, kind) = form("p1", &photo);
        let response = house.post("/chat/photos", body, &[(CONTENT_TYPE.as_str(), kind)]).await;
        assert_eq!(response.status(), status);
        assert!(!error(response).await.is_empty());
    }
    let response = house.post("/chat/photos", "no form", &[]).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert!(house.heard().is_empty());
}

#[tokio::test]
async fn a_code_is_given_to_whoever_has_begun_and_says_how_long_it_works() {
    let house = house();
    let response = house.post("/chat/code?lang=en", "", &[]).await;
    assert_eq!(response.status(), StatusCode::CONFLICT);
    assert!(error(response).await.contains("Say hello first"));
    house.chat.say(SESSION, hello("Halo"), "collecting", [None, None]);
    let response = house.post("/chat/code?lang=id", "", &[]).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
    let body: serde_json::Value = serde_json::from_str(&text(response).await).unwrap();
    assert_eq!(body["code"], "ABC2-D3EF");
    assert!(body["note"].as_str().unwrap().contains("10 menit"), "{body}");
    let request = Request::post("/chat/code").body(Body::empty()).unwrap();
    assert_eq!(house.ask(request).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn texts_come_as_small_as_the_browser_takes_them() {
    let house = house();
    let page = text(house.get("/", &[]).await).await;
    let small = house.get("/", &[("accept-encoding", "gzip, br")]).await;
    assert_eq!(small.headers()["content-encoding"], "gzip");
    for (asked, coding) in [("gzip, br", Some("br")), ("gzip", Some("gzip")), ("identity", None)] {
        for path in page.split('"').filter(|piece| piece.starts_with("/assets/")) {
            let response = house.get(path, &[("accept-encoding", asked)]).await;
            let named = response.headers().get("content-encoding").map(|c| c.to_str().unwrap());
            let wanted = if path.ends_with(".png") { None } else { coding };
            assert_eq!(named, wanted, "{path} for {asked}");
        }
    }
}

#[tokio::test]
async fn an_upload_too_many_is_refused_before_it_is_read() {
    let house = house();
    house.chat.takes_uploads.store(false, Ordering::Relaxed);
    let is_read = Arc::new(AtomicBool::new(false));
    let reader = Arc::clone(&is_read);
    let body = futures::stream::once(async move {
        reader.store(true, Ordering::Relaxed);
        Ok::<_, std::convert::Infallible>(form("a", PNG).0)
    });
    let kind = form("a", PNG).1;
    let headers = [("content-type", kind)];
    let refused = house.post("/chat/photos", Body::from_stream(body), &headers).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(!is_read.load(Ordering::Relaxed));
}
