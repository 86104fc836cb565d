//! Drafts as they grow, for whoever watches.

use reqwest::{Method, StatusCode};

use crate::support::talk::Talk;
use crate::support::{CAFE, CAFE_HOST, Running, World};

const HOST: &str = "chat.test";

/// The path of the draft that the bot's last words lead to.
async fn offered(talk: &Talk<'_>) -> Option<String> {
    let lines = talk.lines().await;
    let urls = lines.iter().flat_map(|line| &line.message.links).map(|link| link.url.clone());
    urls.filter_map(|url| Some(url.strip_prefix("http://chat.test")?.to_owned())).next()
}

/// Reads a stream of events until one of this kind came; the rest of it is left.
async fn until_event(stream: &mut reqwest::Response, kind: &str) -> String {
    let mut text = String::new();
    loop {
        let chunk = stream.chunk().await.expect("the stream can be read");
        let chunk = chunk.unwrap_or_else(|| panic!("it ended without {kind}: {text}"));
        text.push_str(&String::from_utf8_lossy(&chunk));
        if text.contains(&format!("event: {kind}\n")) && text.ends_with("\n\n") {
            return text;
        }
    }
}

async fn page(house: &Running, path: &str) -> String {
    let page = house.get(HOST, &format!("{path}/page")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.header("content-security-policy").contains("sandbox"));
    page.text()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_grows_with_each_answer_from_the_second_on() {
    let world = World::new();
    let house = world.start().await;
    let talk = Talk::new(&house, "ani");
    talk.say(CAFE[0]).await;
    talk.say(CAFE[1]).await;
    assert_eq!(offered(&talk).await, None, "one answer shows nothing yet");
    talk.say(CAFE[2]).await;
    let path = offered(&talk).await.expect("two answers do");
    let frame = house.get(HOST, &path).await;
    assert_eq!(frame.status, StatusCode::OK);
    assert!(frame.header("x-robots-tag").contains("noindex"));
    assert!(frame.text().contains("http-equiv=\"refresh\""), "without script it asks again");
    assert!(frame.header("content-security-policy").contains("frame-ancestors 'self'"));
    assert!(page(&house, &path).await.contains("Kopi Senja"));

    let events = house.request(Method::GET, HOST, &format!("{path}/events"));
    let mut stream = events.send().await.expect("the stream opens");
    let first = until_event(&mut stream, "draft").await;
    for line in &CAFE[3..] {
        talk.say(line).await;
    }
    let next = until_event(&mut stream, "draft").await;
    assert_ne!(first, next);
    let grown = page(&house, &path).await;
    assert!(grown.contains("Americano") && grown.contains("Rp15.000"), "{grown}");

    talk.say("ya").await;
    let live = until_event(&mut stream, "live").await;
    assert!(live.contains(&format!("data: http://{CAFE_HOST}/")), "{live}");
    let led = house.get(HOST, &path).await;
    assert_eq!(led.status, StatusCode::SEE_OTHER);
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_id_nobody_has_shows_nothing() {
    let world = World::new();
    let house = world.start().await;
    for id in ["x", "01990000-0000-7000-8000-000000000000"] {
        for path in [format!("/preview/{id}"), format!("/preview/{id}/page")] {
            assert_eq!(house.get(HOST, &path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    }
    for file in ["/preview/watch.js", "/preview/watch.css"] {
        assert_eq!(house.get(HOST, file).await.status, StatusCode::OK, "{file}");
    }
    house.stop().await;
}
