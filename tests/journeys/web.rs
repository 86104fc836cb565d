//! The chat in a browser.

use futures::FutureExt;
use reqwest::multipart::{Form, Part};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sitespark_bot::message::Content;
use sitespark_core::brief::Language;
use sitespark_webhook::BrowserChat;
use sitespark_webhook::web::{Session, WebChat};

use crate::support::http::read;
use crate::support::pictures::{CAMERA, jpeg};
use crate::support::{CAFE, CAFE_FACTS, CAFE_HOST, Running, World};

const HOST: &str = "chat.test";

/// A browser with a session of its own.
struct Browser<'a> {
    house: &'a Running,
    cookie: String,
}

impl<'a> Browser<'a> {
    async fn open(house: &'a Running) -> Self {
        let page = house.get(HOST, "/").await;
        assert_eq!(page.status, StatusCode::OK);
        let cookie = page.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        assert!(cookie.starts_with("sitespark="), "{cookie}");
        Self { house, cookie }
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.house.request(method, HOST, path);
        request.header("Cookie", &self.cookie).header("Origin", format!("http://{HOST}"))
    }

    async fn say(&self, number: usize, text: &str) {
        let body = json!({ "client_id": format!("c{number}"), "text": text });
        let reply = read(self.request(Method::POST, "/chat/messages").json(&body)).await;
        assert_eq!(reply.status, StatusCode::ACCEPTED, "{}", reply.text());
        self.house.settle().await;
    }
}

/// Reads events until one holds `wanted`; gives all of them.
async fn events_until(request: reqwest::RequestBuilder, wanted: &str) -> Vec<Value> {
    let mut response = request.send().await.expect("the stream opens");
    assert_eq!(response.status(), StatusCode::OK);
    let mut text = String::new();
    while !text.lines().any(|line| line.contains(wanted)) {
        let chunk = response.chunk().await.expect("the stream can be read");
        let chunk = chunk.unwrap_or_else(|| panic!("it ended without {wanted}: {text}"));
        text.push_str(&String::from_utf8_lossy(&chunk));
    }
    let data = text.lines().filter_map(|line| line.strip_prefix("data:"));
    data.filter_map(|data| serde_json::from_str(data.trim()).ok()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_hears_everything_until_the_site_is_live() {
    let world = World::new();
    let house = world.start().await;
    let browser = Browser::open(&house).await;
    let stream = browser.request(Method::GET, "/chat/events");
    let live = "\"site_url\":\"http://kopi-senja.situs.test";
    let listening = tokio::spawn(async move { events_until(stream, live).await });
    for (number, line) in CAFE.iter().chain(&["ya"]).enumerate() {
        browser.say(number, line).await;
        // A browser that is not sure sends again.
        browser.say(number, line).await;
    }
    let events = listening.await.expect("the stream is read");
    let of = |bot: bool| events.iter().filter(move |event| event["from_bot"] == bot).count();
    assert_eq!(of(false), CAFE.len() + 1, "what was said twice is there once");
    assert!(of(true) > CAFE.len());
    let seqs: Vec<_> = events.iter().filter_map(|event| event["seq"].as_i64()).collect();
    assert!(seqs.is_sorted_by(|a, b| a < b), "{seqs:?}");
    let page = house.page(CAFE_HOST, "/").await;
    for fact in CAFE_FACTS {
        assert!(page.contains(fact), "{fact} is not on the page");
    }
    // Who comes back sees only what is new.
    let last = seqs[seqs.len() - 2].to_string();
    let again = browser.request(Method::GET, "/chat/events").header("Last-Event-ID", last);
    assert_eq!(events_until(again, live).await.iter().filter(|e| e["seq"].is_i64()).count(), 1);
    house.assert_tidy().await;
    house.stop().await;
}

/// The draft shows the photo before there is a site.
async fn assert_photo_in_draft(house: &Running) {
    let id = sqlx::query_scalar("select lower(hex(id)) from conversations");
    let id: String = id.fetch_one(&house.pool).await.expect("there is a conversation");
    let draft = house.page(HOST, &format!("/preview/{id}/page")).await;
    let mut words = draft.split(['"', ' ', ',']);
    let is_photo = |word: &&str| word.starts_with("photos/") && word.ends_with(".jpg");
    let photo = words.find(is_photo).expect("the draft shows the photo");
    let photo = house.get(HOST, &format!("/preview/{id}/{photo}")).await;
    assert_eq!(photo.status, StatusCode::OK);
    assert!(image::load_from_memory(&photo.body).is_ok());
    assert_eq!(house.get(HOST, &format!("/preview/{id}/photos/x.jpg")).await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owners_photo_comes_to_the_site_without_its_exif() {
    let world = World::new();
    let house = world.start().await;
    let browser = Browser::open(&house).await;
    for (number, line) in CAFE[..4].iter().enumerate() {
        browser.say(number, line).await;
    }
    let original = jpeg();
    assert!(contains(&original, CAMERA));
    let photo = Part::bytes(original).file_name("IMG_1.jpg").mime_str("image/jpeg").unwrap();
    let form =
        Form::new().text("client_id", "p1").text("caption", "Nastar 85rb").part("photo", photo);
    let reply = read(browser.request(Method::POST, "/chat/photos").multipart(form)).await;
    assert_eq!(reply.status, StatusCode::ACCEPTED, "{}", reply.text());
    house.settle().await;
    for (number, line) in CAFE[4..].iter().enumerate() {
        browser.say(100 + number, line).await;
    }
    assert_photo_in_draft(&house).await;
    browser.say(200, "ya").await;
    let page = house.page(CAFE_HOST, "/").await;
    assert!(page.contains("Nastar") && page.contains("Rp85.000"), "{page}");
    let pictures: Vec<&str> = page
        .split(['"', ' ', ','])
        .filter(|word| word.starts_with('/') && is_picture(word))
        .collect();
    assert!(!pictures.is_empty(), "{page}");
    for path in pictures {
        let picture = house.get(CAFE_HOST, path).await;
        assert_eq!(picture.status, StatusCode::OK, "{path}");
        let kind = picture.header("content-type");
        assert!(matches!(kind, "image/avif" | "image/webp" | "image/jpeg"), "{path}: {kind}");
        let whole = match kind {
            "image/avif" => picture.body.get(4..12) == Some(b"ftypavif"),
            _ => image::load_from_memory(&picture.body).is_ok(),
        };
        assert!(whole, "{path} is no picture");
        for trace in [CAMERA, "Exif", "EXIF"] {
            assert!(!contains(&picture.body, trace), "{path} holds {trace}");
        }
    }
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_heard_without_a_session_or_from_another_page() {
    let world = World::new();
    let house = world.start().await;
    let body = json!({ "client_id": "c1", "text": "halo" });
    let without = house.request(Method::POST, HOST, "/chat/messages").json(&body);
    assert_eq!(read(without).await.status, StatusCode::UNAUTHORIZED);
    let browser = Browser::open(&house).await;
    let foreign = house.request(Method::POST, HOST, "/chat/messages").json(&body);
    let foreign =
        foreign.header("Cookie", &browser.cookie).header("Origin", format!("http://{CAFE_HOST}"));
    assert_eq!(read(foreign).await.status, StatusCode::FORBIDDEN);
    assert_eq!(house.count("select count(*) from queue").await, 0);
    house.stop().await;
}

fn is_picture(path: &str) -> bool {
    [".avif", ".webp", ".jpg"].iter().any(|ending| path.ends_with(ending))
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_before_anybody_waits_is_heard() {
    let world = World::new();
    let house = world.open_in_real_time().await;
    let (db, clock, live) = (house.db.clone(), house.clock.clone(), house.live.clone());
    let sites = ("http", "situs.test");
    let chat = BrowserChat::new(db, clock, live, house.objects.clone(), "http://chat.test", sites);
    let session = Session { id: "0".repeat(64), language: Language::Id };
    let changed = chat.changed(&session);
    let halo = Content::Text { text: "halo".to_owned() };
    chat.receive(&session, "a", halo).await.unwrap();
    assert!(changed.now_or_never().is_some());
    house.db.close().await;
}
