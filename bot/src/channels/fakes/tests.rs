//! The stand-ins must be as strict as the real servers, or a test against them proves nothing.

use rstest::rstest;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::*;

async fn ask_telegram(method: &str, params: Value) -> (Value, Vec<String>) {
    let server = FakeTelegram::start().await;
    let address = format!("{}/bot{}/{method}", server.base_url(), server.token());
    let response = http_client().post(address).json(&params).send().await.unwrap();
    let answer = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    (answer, server.violations())
}

fn text(text: &str) -> Value {
    json!({ "chat_id": 7, "text": text })
}

fn marked(text: &str) -> Value {
    json!({ "chat_id": 7, "text": text, "parse_mode": "HTML" })
}

fn with_button(button: Value) -> Value {
    json!({ "chat_id": 7, "text": "?", "reply_markup": { "inline_keyboard": [[button]] } })
}

fn reaction(reaction: Value) -> Value {
    json!({ "chat_id": 7, "message_id": 1, "reaction": reaction })
}

fn emoji(emoji: &str) -> Value {
    json!({ "type": "emoji", "emoji": emoji })
}

#[rstest]
#[case("sendMessage", text(""), "message text is empty")]
#[case("sendMessage", text(" \n"), "message text is empty")]
#[case("sendMessage", text(&"a".repeat(4_097)), "message is too long")]
#[case("sendMessage", text(&"😀".repeat(2_049)), "message is too long")]
#[case("sendMessage", marked("<b>a"), "can't parse entities")]
#[case("sendMessage", marked("<b></b>"), "message text is empty")]
#[case("sendMessage", json!({ "text": "a" }), "\"chat_id\" missing")]
#[case("sendMessage", json!({ "chat_id": 7, "text": "a", "buttons": [] }), "unknown parameter")]
#[case("sendMessage", with_button(json!({ "text": "a", "callback_data": "x".repeat(65) })),
    "BUTTON_DATA_INVALID")]
#[case("sendMessage", with_button(json!({ "text": "a", "callback_data": "" })),
    "BUTTON_DATA_INVALID")]
#[case("sendMessage", with_button(json!({ "text": " ", "callback_data": "x" })), "unallowed")]
#[case("sendMessage", with_button(json!({ "text": "a", "url": "http://localhost:8080" })),
    "BUTTON_URL_INVALID")]
#[case("sendMessage", with_button(json!({ "text": "a", "url": "https://a.id", "pay": true })),
    "one action")]
#[case("sendPhoto", json!({ "chat_id": 7, "photo": "x" }), "wrong file identifier")]
#[case("sendVoice", json!({ "chat_id": 7, "voice": "x" }), "wrong file identifier")]
#[case("sendVoice", json!({ "chat_id": 7, "audio": "x" }), "\"voice\" missing")]
#[case("sendChatAction", json!({ "chat_id": 7, "action": "dancing" }), "wrong parameter action")]
#[case("setMessageReaction", reaction(json!([])), "REACTIONS_TOO_MANY")]
#[case("setMessageReaction", reaction(json!([emoji("👍"), emoji("❤")])), "REACTIONS_TOO_MANY")]
#[case("setMessageReaction", reaction(json!([emoji("❤\u{fe0f}")])), "REACTION_INVALID")]
#[case("setMessageReaction", reaction(json!([emoji("✅")])), "REACTION_INVALID")]
#[case("setMessageReaction", reaction(json!([{ "type": "paid" }])), "reaction type")]
#[case("setMessageReaction", reaction(json!([emoji("👍")])), "message to react not found")]
#[case("setMyCommands", json!({ "commands": [{ "command": "Mulai", "description": "x" }] }),
    "BOT_COMMAND_INVALID")]
#[case("setMyCommands", json!({ "commands": [{ "command": "mulai", "description": "" }] }),
    "BOT_COMMAND_DESCRIPTION_INVALID")]
#[case("setWebhook", json!({ "url": "http://a.id" }), "HTTPS")]
#[case("setWebhook", json!({ "url": "https://a.id:8080" }), "ports")]
#[case("setWebhook", json!({ "url": "https://a.id", "secret_token": "a b" }), "unallowed")]
#[case("setWebhook", json!({ "url": "https://a.id", "allowed_updates": ["messages"] }), "unknown")]
#[case("setWebhook", json!({ "url": "https://a.id", "max_connections": 101 }), "out of range")]
#[case("sendMesage", json!({}), "method not found")]
#[tokio::test]
async fn the_bot_api_refuses_and_remembers(
    #[case] method: &str,
    #[case] params: Value,
    #[case] reason: &str,
) {
    let (answer, violations) = ask_telegram(method, params).await;
    assert_eq!(answer["ok"], false);
    assert!(answer["description"].as_str().unwrap().contains(reason), "{answer}");
    assert_eq!(violations.len(), 1, "{violations:?}");
}

#[tokio::test]
async fn the_bot_api_takes_what_is_just_within_the_limits() {
    for params in [text(&"😀".repeat(2_048)), marked(&"&lt;".repeat(4_096))] {
        let (answer, violations) = ask_telegram("sendMessage", params).await;
        assert_eq!((answer["ok"].as_bool(), violations), (Some(true), Vec::new()));
    }
}

/// A program killed as it sends leaves half a request behind, which no real server acts upon.
#[tokio::test]
async fn a_request_that_broke_off_is_not_acted_upon() {
    let server = FakeTelegram::start().await;
    let url = server.base_url();
    let host = url.trim_start_matches("http://");
    let path = format!("/bot{}/sendPhoto", server.token());
    let half = "--B\r\nContent-Disposition: form-data; name=\"parse_mode\"\r\n\r\nHT";
    let mut connection = TcpStream::connect(host).await.unwrap();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 900\r\n\
         Content-Type: multipart/form-data; boundary=B\r\n\r\n{half}"
    );
    connection.write_all(request.as_bytes()).await.unwrap();
    connection.shutdown().await.unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await.unwrap();
    assert!(!String::from_utf8_lossy(&answer).contains("200 OK"));
    assert_eq!((server.calls(), server.violations()), (Vec::new(), Vec::new()));
}

async fn ask_graph(content: Value) -> (Value, Vec<String>) {
    let server = FakeGraph::start().await;
    let mut body = json!({ "messaging_product": "whatsapp", "recipient_type": "individual",
        "to": "6281234567890" });
    for (name, value) in content.as_object().unwrap() {
        body[name] = value.clone();
    }
    let address = format!("{}/{}/messages", server.base_url(), server.phone_number_id());
    let request = http_client().post(address).bearer_auth(server.token()).json(&body);
    let response = request.send().await.unwrap();
    let answer = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    (answer, server.violations())
}

fn said(body: &str) -> Value {
    json!({ "type": "text", "text": { "body": body } })
}

fn buttons(titles: &[&str]) -> Value {
    let buttons: Vec<Value> = titles
        .iter()
        .enumerate()
        .map(|(n, title)| json!({ "type": "reply", "reply": { "id": n.to_string(), "title": title } }))
        .collect();
    json!({ "type": "interactive", "interactive": { "type": "button", "body": { "text": "?" },
        "action": { "buttons": buttons } } })
}

fn list(count: usize, button: &str) -> Value {
    let rows: Vec<Value> =
        (0..count).map(|n| json!({ "id": n.to_string(), "title": format!("t{n}") })).collect();
    json!({ "type": "interactive", "interactive": { "type": "list", "body": { "text": "?" },
        "action": { "button": button, "sections": [{ "rows": rows }] } } })
}

fn both_recipients() -> Value {
    let mut body = said("a");
    body["recipient"] = json!("ID.1");
    body
}

#[rstest]
#[case(said(""), 131_008)]
#[case(said(&"a".repeat(4_097)), 131_009)]
#[case(both_recipients(), 131_008)]
#[case(buttons(&["a", "b", "c", "d"]), 131_009)]
#[case(buttons(&["a", "a"]), 131_009)]
#[case(buttons(&["dua puluh satu huruf!"]), 131_009)]
#[case(list(11, "Pilih"), 131_009)]
#[case(list(2, "dua puluh satu huruf!"), 131_009)]
#[case(json!({ "type": "image", "image": { "link": "http://a.id/x.png" } }), 131_009)]
#[case(json!({ "type": "image", "image": { "id": "never uploaded" } }), 131_009)]
#[case(json!({ "type": "interactive", "interactive": { "type": "cta_url", "body": { "text": "?" },
    "action": { "name": "cta_url",
        "parameters": { "display_text": "a", "url": "http://a.id" } } } }), 131_009)]
#[case(json!({ "type": "reaction", "reaction": { "message_id": "", "emoji": "👍" } }), 131_008)]
#[case(json!({ "type": "reaction", "reaction": { "message_id": "wamid.A", "emoji": "" } }), 131_009)]
#[case(json!({ "type": "reaction", "reaction": { "message_id": "wamid.A", "emoji": "ok" } }), 131_009)]
#[case(json!({ "type": "reaction", "reaction": { "message_id": "wamid.A", "emoji": "👍👍" } }), 131_009)]
#[case(json!({ "type": "reaction", "reaction": { "message_id": "wamid.A", "emoji": "👍" } }), 131_009)]
#[case(json!({ "type": "dance", "dance": {} }), 131_051)]
#[tokio::test]
async fn the_cloud_api_refuses_and_remembers(#[case] content: Value, #[case] code: i64) {
    let (answer, violations) = ask_graph(content).await;
    assert_eq!(answer["error"]["code"], code, "{answer}");
    assert_eq!(violations.len(), 1, "{violations:?}");
}

#[tokio::test]
async fn the_cloud_api_takes_what_is_just_within_the_limits() {
    let full =
        [said(&"a".repeat(4_096)), buttons(&["dua puluh huruf saja", "b", "c"]), list(10, "Pilih")];
    for content in full {
        let (answer, violations) = ask_graph(content).await;
        assert_eq!(violations, Vec::<String>::new());
        assert!(answer["messages"][0]["id"].is_string(), "{answer}");
    }
}

#[tokio::test]
async fn the_cloud_api_knows_its_token() {
    let server = FakeGraph::start().await;
    let address = format!("{}/{}/messages", server.base_url(), server.phone_number_id());
    let response = http_client().post(address).bearer_auth("x").json(&json!({})).send().await;
    assert_eq!(response.unwrap().status(), 401);
}

async fn ask_discord(path: &str, body: Value) -> (Value, Vec<String>) {
    let server = FakeDiscord::start().await;
    let address = format!("{}/{path}", server.base_url());
    let request = http_client().post(address).json(&body);
    let request = request
        .header("authorization", format!("Bot {}", server.token()))
        .header("user-agent", "DiscordBot (http://localhost, 1)");
    let bytes = request.send().await.unwrap().bytes().await.unwrap();
    (serde_json::from_slice(&bytes).unwrap(), server.violations())
}

fn shut(mut body: Value) -> Value {
    body["allowed_mentions"] = json!({ "parse": [] });
    body
}

fn rows(rows: &[usize]) -> Value {
    let mut number = 0;
    let mut button = || {
        number += 1;
        json!({ "type": 2, "style": 2, "label": "a", "custom_id": number.to_string() })
    };
    let rows: Vec<Value> = rows
        .iter()
        .map(|count| json!({ "type": 1, "components": (0..*count).map(|_| button()).collect::<Vec<_>>() }))
        .collect();
    shut(json!({ "content": "?", "components": rows }))
}

fn menu(count: usize) -> Value {
    let options: Vec<Value> =
        (0..count).map(|n| json!({ "label": "a", "value": n.to_string() })).collect();
    let menu = json!({ "type": 3, "custom_id": "m", "placeholder": "?", "options": options });
    shut(json!({ "content": "?", "components": [{ "type": 1, "components": [menu] }] }))
}

#[rstest]
#[case(json!({ "content": "a" }), "mentions")]
#[case(json!({ "content": "a", "allowed_mentions": { "parse": ["everyone"] } }), "mentions")]
#[case(shut(json!({ "content": " " })), "empty")]
#[case(shut(json!({ "content": "a".repeat(2_001) })), "2000")]
#[case(shut(json!({ "content": "a", "nonce": "a".repeat(26) })), "nonce")]
#[case(shut(json!({ "content": "a", "tts": true })), "unknown field")]
#[case(rows(&[6]), "5 buttons")]
#[case(rows(&[1, 1, 1, 1, 1, 1]), "5 rows")]
#[case(rows(&[0]), "empty row")]
#[case(menu(26), "25 options")]
#[tokio::test]
async fn discord_refuses_and_remembers(#[case] body: Value, #[case] reason: &str) {
    let (answer, violations) = ask_discord("channels/1/messages", body).await;
    assert_eq!(answer["code"], 50_035, "{answer}");
    assert_eq!(violations.len(), 1);
    assert!(violations[0].contains(reason), "{violations:?}");
}

#[tokio::test]
async fn discord_takes_what_is_just_within_the_limits() {
    let full = [shut(json!({ "content": "a".repeat(2_000) })), rows(&[5, 5, 5, 5, 5]), menu(25)];
    for body in full {
        let (answer, violations) = ask_discord("channels/1/messages", body).await;
        assert_eq!(violations, Vec::<String>::new());
        assert!(answer["id"].is_string(), "{answer}");
    }
}

#[rstest]
#[case("3", "1", "%F0%9F%91%8D", "ADD_REACTIONS")]
#[case("755", "2", "%F0%9F%91%8D", "Unknown Message")]
#[case("755", "1", "ok", "Unknown Emoji")]
#[case("755", "1", "%F0%9F%91%8D%F0%9F%91%8D", "Unknown Emoji")]
#[tokio::test]
async fn discord_takes_reactions_to_what_a_person_wrote_in_private(
    #[case] channel: &str,
    #[case] message: &str,
    #[case] emoji: &str,
    #[case] reason: &str,
) {
    let server = FakeDiscord::start().await;
    server.expect_letter("755", "1");
    server.expect_letter("3", "1");
    let base = server.base_url();
    let ask = |path: String| {
        let request = http_client().put(format!("{base}/{path}"));
        let request = request.header("authorization", format!("Bot {}", server.token()));
        let request = request.header("user-agent", "DiscordBot (http://localhost, 1)");
        request.header("content-length", 0).send()
    };
    let wrong = format!("channels/{channel}/messages/{message}/reactions/{emoji}/@me");
    assert_eq!(ask(wrong).await.unwrap().status(), 400);
    assert!(server.violations()[0].contains(reason), "{:?}", server.violations());
    let right = "channels/755/messages/1/reactions/%F0%9F%91%8D/@me";
    assert_eq!(ask(right.to_owned()).await.unwrap().status(), 204);
    assert_eq!(ask(right.to_owned()).await.unwrap().status(), 429, "a quarter of a second");
    assert_eq!(server.reactions("755"), [("1".to_owned(), "👍".to_owned())]);
}

#[tokio::test]
async fn discord_knows_its_token_and_wants_a_name() {
    let server = FakeDiscord::start().await;
    let address = format!("{}/users/@me/channels", server.base_url());
    let body = json!({ "recipient_id": "5" });
    let nameless = http_client().post(&address).json(&body);
    let wrong = nameless.header("authorization", "Bot x").send().await.unwrap();
    assert_eq!(wrong.status(), 401);
    let nameless = http_client().post(&address).json(&body);
    let right = format!("Bot {}", server.token());
    assert_eq!(nameless.header("authorization", right).send().await.unwrap().status(), 400);
}
