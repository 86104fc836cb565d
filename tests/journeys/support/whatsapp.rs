//! People on WhatsApp, delivered as the Cloud API does: signed, in batches.

use std::sync::atomic::{AtomicI64, Ordering};

use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::Sha256;
use sitespark_bot::channels::fakes::FakeGraph;

use super::http::{Reply, read};
use super::{Running, World};

/// Signs deliveries.
pub(crate) const APP_SECRET: &str = "rahasia-aplikasi";
/// Shown when the webhook is registered.
pub(crate) const VERIFY_TOKEN: &str = "kata-kunci";

/// Counts messages of all people of a test.
static LETTERS: AtomicI64 = AtomicI64::new(1);

/// Settings for this server.
pub(crate) fn connect(world: &mut World, fake: &FakeGraph) {
    world.set("WHATSAPP_ACCESS_TOKEN", fake.token());
    world.set("WHATSAPP_PHONE_NUMBER_ID", fake.phone_number_id());
    world.set("WHATSAPP_APP_SECRET", APP_SECRET);
    world.set("WHATSAPP_VERIFY_TOKEN", VERIFY_TOKEN);
    world.set("WHATSAPP_API_URL", &fake.base_url());
}

/// What Meta shows for these bytes.
pub(crate) fn signature(body: &[u8], secret: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key will do");
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

/// Brings bytes with a signature, or without.
pub(crate) async fn deliver_raw(house: &Running, body: &str, signature: Option<&str>) -> Reply {
    let mut request = house.request(Method::POST, "chat.test", "/webhook/whatsapp");
    if let Some(signature) = signature {
        request = request.header("X-Hub-Signature-256", signature);
    }
    read(request.header("Content-Type", "application/json").body(body.to_owned())).await
}

/// Brings a delivery, rightly signed; it must be taken.
pub(crate) async fn deliver(house: &Running, delivery: &Value) {
    let body = delivery.to_string();
    let reply = deliver_raw(house, &body, Some(&signature(body.as_bytes(), APP_SECRET))).await;
    assert_eq!(reply.status, StatusCode::OK);
}

/// A delivery of these entries, each a list of changes.
pub(crate) fn delivery(entries: Vec<Vec<Value>>) -> Value {
    let entries: Vec<Value> =
        entries.into_iter().map(|changes| json!({ "id": "1", "changes": changes })).collect();
    json!({ "object": "whatsapp_business_account", "entry": entries })
}

/// A change with messages or statuses for our number.
pub(crate) fn change(fake: &FakeGraph, people: Vec<Value>, more: Value) -> Value {
    let mut value = json!({ "messaging_product": "whatsapp", "contacts": people,
        "metadata": { "display_phone_number": "62812", "phone_number_id": fake.phone_number_id() } });
    let fields = more.as_object().expect("fields").clone();
    value.as_object_mut().expect("just made").extend(fields);
    json!({ "field": "messages", "value": value })
}

/// Somebody on WhatsApp: by number, by scoped id, or both.
pub(crate) struct Person<'a> {
    pub(crate) house: &'a Running,
    pub(crate) fake: &'a FakeGraph,
    pub(crate) number: Option<&'a str>,
    pub(crate) scoped_id: Option<&'a str>,
}

impl Person<'_> {
    /// What messages to them are addressed to.
    pub(crate) fn address(&self) -> &str {
        self.number.or(self.scoped_id).expect("everybody has one")
    }

    /// As operators name them.
    pub(crate) fn name(&self) -> String {
        format!("whatsapp:{}", self.scoped_id.or(self.number).expect("everybody has one"))
    }

    /// As told beside messages.
    pub(crate) fn card(&self) -> Value {
        json!({ "profile": { "name": "Budi" }, "wa_id": self.number.unwrap_or(""), "user_id": self.scoped_id })
    }

    /// A message of theirs.
    pub(crate) fn letter(&self, content: Value) -> Value {
        let id = format!("wamid.P{}", LETTERS.fetch_add(1, Ordering::SeqCst));
        let names: Vec<_> = [self.number, self.scoped_id].into_iter().flatten().collect();
        self.fake.expect_letter(&id, &names);
        let mut letter = json!({ "id": id, "from": self.number.unwrap_or(""),
            "from_user_id": self.scoped_id,
            "timestamp": (self.house.house.clock.now_ms() / 1_000).to_string() });
        let fields = content.as_object().expect("content is an object").clone();
        letter.as_object_mut().expect("just made").extend(fields);
        letter
    }

    pub(crate) fn text(&self, text: &str) -> Value {
        self.letter(json!({ "type": "text", "text": { "body": text } }))
    }

    /// Says something, waits for silence and gives what came since.
    pub(crate) async fn say(&self, text: &str) -> Vec<Value> {
        self.send(self.text(text)).await
    }

    /// Taps a button or a line of a list that was shown, by its label.
    pub(crate) async fn tap(&self, label: &str) -> Vec<Value> {
        let sent = self.fake.sent_to(self.address());
        let found = sent.iter().rev().find_map(|message| reply_of(message, label));
        let (kind, reply) =
            found.unwrap_or_else(|| panic!("no choice {label}: {:#?}", sent.last()));
        let mut interactive = json!({ "type": kind });
        interactive[kind] = reply;
        self.send(self.letter(json!({ "type": "interactive", "interactive": interactive }))).await
    }

    pub(crate) async fn send(&self, letter: Value) -> Vec<Value> {
        let before = self.fake.sent_to(self.address()).len();
        let change = change(self.fake, vec![self.card()], json!({ "messages": [letter] }));
        deliver(self.house, &delivery(vec![vec![change]])).await;
        self.house.settle().await;
        self.fake.sent_to(self.address()).split_off(before)
    }
}

/// What the person's app answers when a label is tapped.
fn reply_of(message: &Value, label: &str) -> Option<(&'static str, Value)> {
    let has_label =
        |reply: &Value| reply["title"].as_str().is_some_and(|title| title.contains(label));
    let buttons = message.pointer("/interactive/action/buttons").and_then(Value::as_array);
    let button =
        buttons.into_iter().flatten().map(|button| &button["reply"]).find(|r| has_label(r));
    let sections = message.pointer("/interactive/action/sections").and_then(Value::as_array);
    let rows =
        sections.into_iter().flatten().filter_map(|section| section["rows"].as_array()).flatten();
    let row = rows.into_iter().find(|row| has_label(row));
    button.map(|b| ("button_reply", b.clone())).or(row.map(|r| ("list_reply", r.clone())))
}

/// Everything a person can read in a message.
pub(crate) fn words(message: &Value) -> String {
    let pointers = ["/text/body", "/interactive/body/text", "/image/caption"];
    let found = pointers.iter().filter_map(|pointer| message.pointer(pointer)?.as_str());
    found.collect::<Vec<_>>().join("\n")
}
