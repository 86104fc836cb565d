//! The doors of the channels: who is let in, what is answered, and that a delivery counts once.

use std::time::Duration;

use ed25519_dalek::{Signer, SigningKey};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use sitespark::http::{HttpBounds, run_http_within};
use sitespark::serve::{ALL_ROLES, build_front};
use sitespark_bot::channels::fakes::{FakeDiscord, FakeGraph, FakeTelegram};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::support::http::read;
use crate::support::telegram::{CHAT_HOST, SECRET};
use crate::support::whatsapp::{APP_SECRET, VERIFY_TOKEN, change, delivery, signature};
use crate::support::{Running, World, discord, telegram, whatsapp};

/// One byte more than a door takes: all of it is read before it is refused.
const HUGE_BYTES: usize = sitespark_webhook::MAX_DELIVERY_BYTES + 1;
const TIMES: usize = 50;

struct Street {
    telegram: FakeTelegram,
    graph: std::sync::Arc<FakeGraph>,
    discord: FakeDiscord,
    house: Running,
    _world: World,
}

impl Street {
    async fn open() -> Self {
        let mut world = World::new();
        let telegram = FakeTelegram::start().await;
        let graph = std::sync::Arc::new(FakeGraph::start().await);
        let discord = FakeDiscord::start_with(world.clock.clone()).await;
        telegram::connect(&mut world, &telegram, "webhook");
        whatsapp::connect(&mut world, &graph);
        discord::connect(&mut world, &discord);
        world.keep_time_with(&graph);
        let house = world.start().await;
        Self { telegram, graph, discord, house, _world: world }
    }

    fn post(&self, path: &str, body: impl Into<reqwest::Body>) -> RequestBuilder {
        let request = self.house.request(Method::POST, CHAT_HOST, path);
        request.header("Content-Type", "application/json").body(body)
    }

    /// Signed as Discord does, at a time so far from now.
    fn signed_as_discord(&self, body: &[u8], apart_s: i64, key: &SigningKey) -> RequestBuilder {
        let at = (self.house.house.clock.now_ms() / 1_000 + apart_s).to_string();
        let signed = key.sign(&[at.as_bytes(), body].concat());
        self.post("/webhook/discord", body.to_vec())
            .header("X-Signature-Ed25519", hex::encode(signed.to_bytes()))
            .header("X-Signature-Timestamp", at)
    }

    async fn nothing_came_in(&self) {
        assert_eq!(self.house.count("select count(*) from queue").await, 0);
    }
}

async fn status(request: RequestBuilder) -> u16 {
    read(request).await.status.as_u16()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn telegrams_door_opens_to_its_secret_alone() {
    let street = Street::open().await;
    let ask = |body: String| street.post("/webhook/telegram", body);
    let named = |secret: &str, body: &str| {
        ask(body.to_owned()).header("X-Telegram-Bot-Api-Secret-Token", secret)
    };
    let hello = json!({ "update_id": 1, "message": { "text": "halo" } }).to_string();
    assert_eq!(status(ask(hello.clone())).await, 401, "without the header");
    let longer = format!("{SECRET}{SECRET}");
    for wrong in ["", "r", &SECRET[..SECRET.len() - 1], longer.as_str(), &"x".repeat(4_000)] {
        assert_eq!(status(named(wrong, &hello)).await, 401, "{} letters", wrong.len());
        assert_eq!(status(named(wrong, "")).await, 401);
    }
    // The secret elsewhere is no secret.
    assert_eq!(status(ask(hello.clone()).header("Authorization", SECRET)).await, 401);
    for unread in ["", "{}", "[]", "null", "{\"update_id\":\"x\"}", "\u{feff}{}", "halo"] {
        let reply = read(named(SECRET, unread)).await;
        assert_eq!((reply.status.as_u16(), reply.body.len()), (200, 0), "{unread}");
    }
    for kind in ["poll", "chat_boost", "stopped_message_generation", "kind_of_tomorrow"] {
        let update = json!({ "update_id": 5, kind: { "id": "1" } }).to_string();
        assert_eq!(status(named(SECRET, &update)).await, 200, "{kind}");
    }
    assert_eq!(status(named(SECRET, &"x".repeat(HUGE_BYTES))).await, 413);
    let get = street.house.request(Method::GET, CHAT_HOST, "/webhook/telegram");
    assert_eq!(status(get).await, 405);
    street.nothing_came_in().await;
    street.house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatsapps_door_opens_to_a_signature_over_the_very_bytes() {
    let street = Street::open().await;
    let ask = |body: String| street.post("/webhook/whatsapp", body);
    let signed = |body: &str| {
        let signature = signature(body.as_bytes(), APP_SECRET);
        ask(body.to_owned()).header("X-Hub-Signature-256", signature)
    };
    let body = json!({ "object": "whatsapp_business_account", "entry": [] }).to_string();
    let right = signature(body.as_bytes(), APP_SECRET);
    assert_eq!(status(ask(body.clone())).await, 401, "without the header");
    let short = &right[..right.len() - 2];
    let long = format!("{right}00");
    let sha1 = right.replace("sha256=", "sha1=");
    let other = signature(body.as_bytes(), VERIFY_TOKEN);
    for wrong in ["", "sha256=", "sha256=zz", short, &long, &sha1, &other] {
        let request = ask(body.clone()).header("X-Hub-Signature-256", wrong);
        assert_eq!(status(request).await, 401, "{wrong}");
    }
    // The same said with other bytes is another delivery.
    let spaced = body.replace("\":", "\": ");
    assert_eq!(status(ask(spaced).header("X-Hub-Signature-256", right)).await, 401);
    for unread in ["", "{}", "[]", "null", "halo", "{\"entry\":[1,{\"changes\":7}]}"] {
        assert_eq!(status(signed(unread)).await, 200, "{unread}");
    }
    let escaped = r#"{"object":"whatsapp_business_account","entry":[{"id":"1\u00e9\/"}]}"#;
    assert_eq!(status(signed(escaped)).await, 200, "as Meta escapes");
    assert_eq!(status(signed(&"x".repeat(HUGE_BYTES))).await, 413);
    street.nothing_came_in().await;
    street.house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatsapps_challenge_is_given_back_word_for_word_or_not_at_all() {
    let street = Street::open().await;
    let ask = async |query: String| {
        let reply = street.house.get(CHAT_HOST, &format!("/webhook/whatsapp?{query}")).await;
        (reply.status, reply.text())
    };
    let query = |token: &str, challenge: &str| {
        format!("hub.mode=subscribe&hub.verify_token={token}&hub.challenge={challenge}")
    };
    for challenge in ["0", "1158201444", "00042", "a-b_C"] {
        let (status, text) = ask(query(VERIFY_TOKEN, challenge)).await;
        assert_eq!((status, text.as_str()), (StatusCode::OK, challenge));
    }
    let escaped = query("kata%2Dkunci", "7").replace('.', "%2E");
    assert_eq!(ask(escaped).await, (StatusCode::OK, "7".to_owned()), "as any client may write it");
    let longer = format!("{VERIFY_TOKEN}x");
    for wrong in [
        query("", "7"),
        query("kata", "7"),
        query(&longer, "7"),
        query(VERIFY_TOKEN, ""),
        query(VERIFY_TOKEN, "%3Cscript%3E"),
        query(VERIFY_TOKEN, &"1".repeat(2_000)),
        format!("hub_mode=subscribe&hub_verify_token={VERIFY_TOKEN}&hub_challenge=7"),
        format!("hub.verify_token={VERIFY_TOKEN}&hub.challenge=7"),
        String::new(),
    ] {
        let (status, text) = ask(wrong.clone()).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{wrong}");
        assert_eq!(text, "", "{wrong}");
    }
    street.nothing_came_in().await;
    street.house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn discords_door_opens_to_its_signature() {
    let street = Street::open().await;
    let key = discord::key();
    let ping = json!({ "id": "1", "application_id": "9", "type": 1, "token": "x" }).to_string();
    let pong = read(street.signed_as_discord(ping.as_bytes(), 0, &key)).await;
    assert_eq!((pong.status.as_u16(), pong.text().as_str()), (200, "{\"type\":1}"));
    let strange = SigningKey::from_bytes(&[9; 32]);
    assert_eq!(status(street.signed_as_discord(ping.as_bytes(), 0, &strange)).await, 401);
    for apart_s in [-301, 301, -1_000_000_000] {
        let request = street.signed_as_discord(ping.as_bytes(), apart_s, &key);
        assert_eq!(
            read(request).await.text(),
            "{\"type\":1}",
            "{apart_s} s: a ping stores nothing"
        );
    }
    assert_eq!(status(street.signed_as_discord(ping.as_bytes(), -301, &strange)).await, 401);
    let budi = discord::Person { house: &street.house, fake: &street.discord, id: "55" };
    let (asked, _) = budi.interaction(2, &json!({ "id": "1", "name": "start", "type": 1 }));
    for apart_s in [-86_401, 86_401] {
        let request = street.signed_as_discord(asked.to_string().as_bytes(), apart_s, &key);
        assert_eq!(status(request).await, 401, "{apart_s} s: what is stored is of this day");
    }
    let ask = |signature: &str, at: &str| {
        street
            .post("/webhook/discord", ping.clone())
            .header("X-Signature-Ed25519", signature)
            .header("X-Signature-Timestamp", at)
    };
    let now = (street.house.house.clock.now_ms() / 1_000).to_string();
    assert_eq!(status(street.post("/webhook/discord", ping.clone())).await, 401);
    for signature in ["", "00", &"0".repeat(128), &"z".repeat(128), &"0".repeat(130)] {
        for at in ["", "x", now.as_str()] {
            assert_eq!(status(ask(signature, at)).await, 401, "{signature} {at}");
        }
    }
    for unread in ["", "[]", "halo"] {
        let reply = status(street.signed_as_discord(unread.as_bytes(), 0, &key)).await;
        assert_eq!(reply, 400, "{unread}");
    }
    let huge = vec![b'x'; HUGE_BYTES];
    assert_eq!(status(street.signed_as_discord(&huge, 0, &key)).await, 413);
    street.nothing_came_in().await;
    street.house.stop().await;
}

/// Brings the same request many times at once; how often each status was answered.
async fn all_at_once(request: impl Fn() -> RequestBuilder) {
    let mut deliveries = JoinSet::new();
    for _ in 0..TIMES {
        deliveries.spawn(read(request()));
    }
    for reply in deliveries.join_all().await {
        assert_eq!(reply.status, StatusCode::OK);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mixed_batch_fifty_times_at_once_is_heard_once() {
    let street = Street::open().await;
    let Street { graph, house, .. } = &street;
    let person =
        |number| whatsapp::Person { house, fake: graph, number: Some(number), scoped_id: None };
    let (ani, budi) = (person("628111"), person("628222"));
    let statuses = |status: &str| {
        json!([{ "id": "wamid.unknown", "status": status, "timestamp": "1793509300",
            "recipient_id": "628111" }])
    };
    let people = vec![ani.card(), budi.card()];
    let first = json!({ "messages": [ani.text("halo"), budi.text("bikin web toko kue Ani"),
        ani.letter(json!({ "type": "kind_of_tomorrow" })), { "id": 7 }],
        "statuses": statuses("delivered"), "errors": [{ "code": 131_051 }] });
    let second = json!({ "messages": [ani.text("kedai kopi")], "statuses": statuses("sent") });
    let batch = delivery(vec![
        vec![
            change(graph, people.clone(), first),
            json!({ "field": "account_update", "value": 1 }),
        ],
        vec![change(graph, people, second)],
    ])
    .to_string();
    let signed = signature(batch.as_bytes(), APP_SECRET);
    all_at_once(|| {
        street.post("/webhook/whatsapp", batch.clone()).header("X-Hub-Signature-256", &signed)
    })
    .await;
    house.settle().await;
    assert_eq!(graph.sent_to("628111").len(), 1, "one turn: {:#?}", graph.sent_to("628111"));
    assert_eq!(graph.sent_to("628222").len(), 1);
    assert_eq!(house.count("select count(*) from conversations").await, 2);
    assert_eq!(house.count("select count(*) from early_statuses").await, 1);
    assert_eq!(graph.violations(), [""; 0]);
    house.assert_tidy().await;
    street.house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_and_an_interaction_fifty_times_at_once_count_once() {
    let street = Street::open().await;
    let Street { telegram, discord: fake, house, .. } = &street;
    let ani = telegram::Person { house, fake: telegram, chat: 71 };
    for line in ["halo", "kedai kopi"] {
        ani.say(line).await;
    }
    let name = ani.letter(json!({ "text": "Kopi Pagi" }));
    ani.send(name.clone()).await;
    let mut letter = name["message"].clone();
    letter["text"] = json!("Kopi Senja");
    letter["edit_date"] = json!(1_793_509_300);
    // Telegram may number the same edit anew.
    let edit = |number: i64| json!({ "update_id": number, "edited_message": letter });
    let before = telegram.shown(71).len();
    let edits: Vec<Value> = (0..2).map(|number| edit(900_000 + number)).collect();
    telegram::deliver_at_once(house, edits.iter().cycle().take(TIMES)).await;
    house.settle().await;
    assert_eq!(telegram.shown(71).len(), before + 1, "{:#?}", telegram.shown(71));

    let budi = discord::Person { house, fake, id: "55" };
    let (asked, _) = budi.interaction(2, &json!({ "id": "1", "name": "start", "type": 1 }));
    budi.bring(&asked).await;
    let body = asked.to_string();
    all_at_once(|| street.signed_as_discord(body.as_bytes(), 0, &discord::key())).await;
    house.settle().await;
    assert_eq!(budi.seen().len(), 1, "{:#?}", budi.seen());
    assert_eq!((telegram.violations(), fake.violations()), (vec![], vec![]));
    house.assert_tidy().await;
    street.house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn discords_key_without_a_token_answers_pings_and_stores_nothing() {
    let mut world = World::new();
    let key = discord::key();
    world.set("DISCORD_PUBLIC_KEY", &hex::encode(key.verifying_key().as_bytes()));
    let house = world.start().await;
    let ping = json!({ "id": "1", "application_id": "9", "type": 1, "token": "x" });
    let pong = discord::deliver(&house, &ping, &key).await;
    assert_eq!((pong.status.as_u16(), pong.text().as_str()), (200, "{\"type\":1}"));
    let command = json!({ "id": "2", "application_id": "9", "type": 2, "token": "y", "version": 1,
        "channel_id": "3", "data": { "id": "1", "name": "start", "type": 1 },
        "user": { "id": "55", "username": "ani" } });
    let refused = discord::deliver(&house, &command, &key).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "nobody could answer it");
    let mut form = command.clone();
    form["data"]["name"] = json!("website");
    let mut typing = command.clone();
    typing["type"] = json!(4);
    for other in [form, typing] {
        let refused = discord::deliver(&house, &other, &key).await;
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{other}");
    }
    assert_eq!(house.count("select count(*) from queue").await, 0);
    house.stop().await;
}

/// How long the slow may take in a test.
const SLOW: HttpBounds = HttpBounds {
    header: Duration::from_millis(200),
    piece: Duration::from_millis(200),
    body: Duration::from_millis(400),
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_slow_to_ask_is_let_go_of_and_who_listens_is_not() {
    let world = World::new();
    let house = world.open_in_real_time().await;
    let (stop, mut tasks) = (CancellationToken::new(), JoinSet::new());
    let metrics = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder().handle();
    let front = build_front(&house, &ALL_ROLES, metrics, &stop, &mut tasks).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let token = stop.clone();
    tasks.spawn(async move { run_http_within(listener, front, &token, SLOW).await });
    let ask = async |request: &str| {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    };
    let session = "0".repeat(64);
    let asked = |line: &str| {
        format!("{line} HTTP/1.1\r\nHost: chat.test\r\nCookie: sitespark={session}\r\n")
    };
    let mut ear = ask(&format!("{}\r\n", asked("GET /chat/events"))).await;
    let half_a_header = asked("GET /");
    for request in ["", "P", &half_a_header] {
        let mut answer = String::new();
        ask(request).await.read_to_string(&mut answer).await.unwrap();
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{request}: {answer}");
    }
    let post = asked("POST /chat/messages");
    let body = r#"{"client_id":"a","text":"halo"}"#;
    let half = format!("{post}Content-Length: {}\r\n\r\n{}", body.len(), &body[..9]);
    let mut answer = String::new();
    ask(&half).await.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    let whole = format!("{post}Connection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let mut answer = String::new();
    ask(&whole).await.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");
    let mut told = Vec::new();
    while !String::from_utf8_lossy(&told).contains("halo") {
        assert!(ear.read_buf(&mut told).await.unwrap() > 0, "{}", String::from_utf8_lossy(&told));
    }
    stop.cancel();
    while tasks.join_next().await.is_some() {}
}
