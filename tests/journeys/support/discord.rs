//! People on Discord: words over its gateway, commands and taps signed over HTTP.

use std::sync::atomic::{AtomicU64, Ordering};

use ed25519_dalek::{Signer, SigningKey};
use reqwest::Method;
use serde_json::{Value, json};
use sitespark_bot::channels::fakes::{FakeDiscord, Seen};

use super::http::{Reply, read};
use super::{Running, World};

/// Counts interactions of all people of a test.
static TOKENS: AtomicU64 = AtomicU64::new(1);

/// Signs interactions.
pub(crate) fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// Settings for this server.
pub(crate) fn connect(world: &mut World, fake: &FakeDiscord) {
    world.set("DISCORD_BOT_TOKEN", fake.token());
    world.set("DISCORD_PUBLIC_KEY", &hex::encode(key().verifying_key().as_bytes()));
    world.set("DISCORD_API_URL", &fake.base_url());
}

/// Somebody with a private channel.
pub(crate) struct Person<'a> {
    pub(crate) house: &'a Running,
    pub(crate) fake: &'a FakeDiscord,
    pub(crate) id: &'a str,
}

impl Person<'_> {
    /// What their private channel shows.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.fake.seen(&self.fake.channel_with(self.id))
    }

    /// A message of theirs with more fields, for the gateway.
    pub(crate) fn letter(&self, more: &Value) -> Value {
        let mut letter = json!({
            "id": self.fake.fresh_id(), "channel_id": self.fake.channel_with(self.id), "type": 0,
            "author": { "id": self.id, "username": "ani", "discriminator": "0", "avatar": null },
            "content": "", "timestamp": "2026-11-01T05:00:00Z", "edited_timestamp": null,
            "tts": false, "mention_everyone": false, "mentions": [], "mention_roles": [],
            "attachments": [], "embeds": [], "pinned": false,
        });
        let fields = more.as_object().expect("fields").clone();
        letter.as_object_mut().expect("just made").extend(fields);
        letter
    }

    /// A file of theirs, as a message carries it.
    pub(crate) fn attachment(&self, name: &str, kind: &str, bytes: &[u8]) -> Value {
        let url = self.fake.add_file(name, bytes);
        json!({ "id": self.fake.fresh_id(), "filename": name, "content_type": kind,
            "size": bytes.len(), "url": url, "proxy_url": url })
    }

    /// An interaction of theirs, in private, and its token.
    pub(crate) fn interaction(&self, kind: u64, data: &Value) -> (Value, String) {
        let token = format!("tok{}", TOKENS.fetch_add(1, Ordering::SeqCst));
        let id = self.fake.fresh_id();
        let channel = self.fake.channel_with(self.id);
        let asked = json!({ "id": id, "application_id": self.fake.application(), "type": kind,
            "token": token, "version": 1, "channel_id": channel, "locale": "id", "data": data,
            "user": { "id": self.id, "username": "ani" } });
        (asked, token)
    }

    /// Brings an interaction as Discord does and takes the first answer back there.
    pub(crate) async fn bring(&self, asked: &Value) -> Reply {
        self.expect(asked);
        let reply = deliver(self.house, asked, &key()).await;
        if let Ok(answer) = serde_json::from_slice(&reply.body) {
            self.fake.answered(asked["token"].as_str().unwrap_or_default(), &answer);
        }
        reply
    }

    /// The server waits for a first answer from now on.
    pub(crate) fn expect(&self, asked: &Value) {
        let text = |name: &str| asked[name].as_str().unwrap_or_default();
        self.fake.expect_interaction(text("id"), text("token"), text("channel_id"));
    }

    /// A tap on what is called so, wherever it is.
    pub(crate) fn tapped(&self, id: &str) -> Value {
        let in_menu = self
            .seen()
            .iter()
            .rev()
            .any(|seen| options(&seen.components).any(|option| option["value"] == id));
        let data = if in_menu {
            json!({ "custom_id": "menu", "component_type": 3, "values": [id] })
        } else {
            json!({ "custom_id": id, "component_type": 2 })
        };
        self.interaction(3, &data).0
    }
}

/// Buttons and lines of menus: what stands on each and what it is called.
pub(crate) fn choices(components: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let buttons =
        parts(components).filter(|part| part["custom_id"].is_string() && part["type"] == 2);
    let buttons = buttons.map(|part| (text(&part["label"]), text(&part["custom_id"])));
    buttons
        .chain(options(components).map(|option| (text(&option["label"]), text(&option["value"]))))
        .collect()
}

fn parts(components: &Value) -> impl Iterator<Item = &Value> {
    let rows = components.as_array().into_iter().flatten();
    rows.filter_map(|row| row["components"].as_array()).flatten()
}

fn options(components: &Value) -> impl Iterator<Item = &Value> {
    parts(components).filter_map(|part| part["options"].as_array()).flatten()
}

/// Brings an interaction, signed with this key.
pub(crate) async fn deliver(house: &Running, asked: &Value, key: &SigningKey) -> Reply {
    let timestamp = (house.house.clock.now_ms() / 1_000).to_string();
    let body = asked.to_string();
    let signature = key.sign(format!("{timestamp}{body}").as_bytes());
    let request = house.request(Method::POST, "chat.test", "/webhook/discord");
    let request = request
        .header("X-Signature-Ed25519", hex::encode(signature.to_bytes()))
        .header("X-Signature-Timestamp", timestamp)
        .header("Content-Type", "application/json");
    read(request.body(body)).await
}
