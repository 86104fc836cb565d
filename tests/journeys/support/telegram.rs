//! A person on Telegram, delivered by webhook.

use std::sync::atomic::{AtomicI64, Ordering};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sitespark_bot::channels::fakes::{FakeTelegram, Shown};

use super::http::{Reply, read};
use super::{Running, World};

/// What Telegram shows at the webhook.
pub(crate) const SECRET: &str = "rahasia-webhook-1";
/// Where the webhook is.
pub(crate) const CHAT_HOST: &str = "chat.test";

/// Counts updates of all people of a test.
static UPDATES: AtomicI64 = AtomicI64::new(1_000);

/// Settings for this server.
pub(crate) fn connect(world: &mut World, fake: &FakeTelegram, mode: &str) {
    world.set("TELEGRAM_BOT_TOKEN", fake.token());
    world.set("TELEGRAM_WEBHOOK_SECRET", SECRET);
    world.set("TELEGRAM_API_URL", &fake.base_url());
    world.set("TELEGRAM_MODE", mode);
}

/// Somebody with a private chat.
pub(crate) struct Person<'a> {
    pub(crate) house: &'a Running,
    pub(crate) fake: &'a FakeTelegram,
    pub(crate) chat: i64,
}

impl Person<'_> {
    /// As operators name them.
    pub(crate) fn name(&self) -> String {
        format!("telegram:{}", self.chat)
    }

    /// Says something, waits for silence and gives what came since.
    pub(crate) async fn say(&self, text: &str) -> Vec<Shown> {
        self.send(self.letter(json!({ "text": text }))).await
    }

    /// Taps the newest button of this label.
    pub(crate) async fn tap(&self, label: &str) -> Vec<Shown> {
        let (update, id) = self.tapped(label);
        self.fake.expect_tap(&id);
        self.send(update).await
    }

    /// Tells everything about the café, and says yes.
    pub(crate) async fn go_live(&self) -> Vec<Shown> {
        for line in super::CAFE {
            self.say(line).await;
        }
        self.say("ya").await
    }

    /// Sends an update, waits for silence and gives what came since.
    pub(crate) async fn send(&self, update: Value) -> Vec<Shown> {
        let before = self.fake.shown(self.chat);
        assert_eq!(deliver(self.house, &update).await.status, StatusCode::OK);
        self.house.settle().await;
        let after = self.fake.shown(self.chat);
        after.into_iter().filter(|shown| !before.contains(shown)).collect()
    }

    /// An update with a message of this content.
    pub(crate) fn letter(&self, content: Value) -> Value {
        let mut letter = json!({
            "message_id": next_id(), "date": 1_793_509_200, "chat": { "id": self.chat, "type": "private" },
            "from": { "id": self.chat, "is_bot": false, "first_name": "Ani", "language_code": "id" },
        });
        let fields = content.as_object().expect("content is an object");
        letter.as_object_mut().expect("just made").extend(fields.clone());
        let update = json!({ "update_id": next_id(), "message": letter });
        self.fake.expect_letter(&update);
        update
    }

    /// An update with a tap that claims this id.
    pub(crate) fn tapped_id(&self, data: &str) -> Value {
        let id = format!("tap{}", next_id());
        self.fake.expect_tap(&id);
        json!({ "update_id": next_id(), "callback_query": {
            "id": id, "chat_instance": "1", "data": data,
            "from": { "id": self.chat, "is_bot": false, "first_name": "Ani", "language_code": "id" },
            "message": { "message_id": 1, "date": 1_793_509_200,
                "chat": { "id": self.chat, "type": "private" } },
        } })
    }

    /// An update with a tap on the newest button of this label, and the tap's id.
    pub(crate) fn tapped(&self, label: &str) -> (Value, String) {
        let shown = self.fake.shown(self.chat);
        let found =
            shown.iter().rev().find_map(|shown| Some((shown.message_id, data_of(shown, label)?)));
        let (message_id, data) = found.unwrap_or_else(|| panic!("no button {label}: {shown:#?}"));
        let id = format!("tap{}", next_id());
        let update = json!({ "update_id": next_id(), "callback_query": {
            "id": id, "chat_instance": "1", "data": data,
            "from": { "id": self.chat, "is_bot": false, "first_name": "Ani", "language_code": "id" },
            "message": { "message_id": message_id, "date": 1_793_509_200,
                "chat": { "id": self.chat, "type": "private" } },
        } });
        (update, id)
    }
}

/// Brings an update as Telegram does.
pub(crate) async fn deliver(house: &Running, update: &Value) -> Reply {
    read(delivery(house, update)).await
}

/// Brings updates all at once; every one must be taken.
pub(crate) async fn deliver_at_once(house: &Running, updates: impl IntoIterator<Item = &Value>) {
    let mut deliveries = tokio::task::JoinSet::new();
    for update in updates {
        deliveries.spawn(read(delivery(house, update)));
    }
    for reply in deliveries.join_all().await {
        assert_eq!(reply.status, StatusCode::OK);
    }
}

fn delivery(house: &Running, update: &Value) -> reqwest::RequestBuilder {
    let request = house.request(Method::POST, CHAT_HOST, "/webhook/telegram").json(update);
    request.header("X-Telegram-Bot-Api-Secret-Token", SECRET)
}

fn next_id() -> i64 {
    UPDATES.fetch_add(1, Ordering::SeqCst)
}

fn data_of(shown: &Shown, label: &str) -> Option<String> {
    let rows = shown.keyboard["inline_keyboard"].as_array()?;
    let buttons = rows.iter().filter_map(Value::as_array).flatten();
    let found = buttons
        .into_iter()
        .find(|button| button["text"].as_str().is_some_and(|t| t.contains(label)));
    found.and_then(|button| button["callback_data"].as_str()).map(str::to_owned)
}
