//! What somebody does to a message that is there already: other words, an emoji.

use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::json;

use super::person::{NUMBER, Update};
use super::stage::Server;
use super::{Person, Said};
use crate::support::whatsapp;

/// Counts seconds, and numbers of updates.
static LATER: AtomicI64 = AtomicI64::new(500_000);

impl Person<'_> {
    /// Other words in a message, brought by this update before; nothing where people cannot do that.
    pub(crate) fn edited(&self, update: &Update, text: &str) -> Option<Update> {
        let later = LATER.fetch_add(1, Ordering::SeqCst);
        Some(match update {
            Update::Telegram(update) => {
                let mut letter = update["message"].clone();
                letter["text"] = json!(text);
                letter["edit_date"] = json!(1_793_000_000 + later);
                Update::Telegram(json!({ "update_id": later, "edited_message": letter }))
            }
            Update::Whatsapp(delivery) => {
                let original = delivery.pointer("/entry/0/changes/0/value/messages/0/id")?;
                let edit = json!({ "type": "edit", "edit": { "original_message_id": original,
                    "message": { "type": "text", "text": { "body": text } } } });
                self.whatsapp_letter(edit)?
            }
            Update::DiscordGateway(letter) => {
                let mut letter = letter.clone();
                letter["content"] = json!(text);
                let (minute, second) = (later / 60 % 60, later % 60);
                letter["edited_timestamp"] =
                    json!(format!("2026-11-01T06:{minute:02}:{second:02}Z"));
                Update::DiscordGateway(letter)
            }
            Update::DiscordInteraction(_) | Update::Inbound(_) => return None,
            Update::WebMessage(_) | Update::WebFile { .. } => return None,
        })
    }

    /// An emoji on the newest of our messages but so many; nothing where people cannot do that.
    pub(crate) fn reaction(&self, emoji: &str, but: usize) -> Option<Update> {
        match &self.stage.server {
            Server::Telegram(fake) => {
                let shown = fake.shown(NUMBER);
                let message_id = shown.iter().rev().nth(but)?.message_id;
                Some(Update::Telegram(json!({ "update_id": LATER.fetch_add(1, Ordering::SeqCst),
                    "message_reaction": { "chat": { "id": NUMBER, "type": "private" },
                        "user": { "id": NUMBER, "is_bot": false, "first_name": "Ani" },
                        "message_id": message_id, "date": 1_793_509_200, "old_reaction": [],
                        "new_reaction": [{ "type": "emoji", "emoji": emoji }] } })))
            }
            Server::Whatsapp(fake) => {
                let ids = fake.ids_sent_to(&NUMBER.to_string());
                let id = ids.iter().rev().nth(but)?;
                self.whatsapp_letter(json!({ "type": "reaction",
                    "reaction": { "message_id": id, "emoji": emoji } }))
            }
            Server::Discord(_) | Server::Web | Server::Terminal => None,
        }
    }

    /// Brings it, waits for silence and gives what came since.
    pub(crate) async fn do_to(&self, update: &Update) -> Vec<Said> {
        let before = self.heard().await;
        self.bring(update).await;
        self.house.settle().await;
        let after = self.heard().await;
        let unchanged = before.iter().zip(&after).take_while(|(old, new)| old == new).count();
        after.into_iter().skip(unchanged).collect()
    }

    fn whatsapp_letter(&self, content: serde_json::Value) -> Option<Update> {
        let Server::Whatsapp(fake) = &self.stage.server else { return None };
        let number = NUMBER.to_string();
        let person = whatsapp::Person {
            house: self.house,
            fake,
            number: Some(&number),
            scoped_id: Some("ID.13491208655302741918"),
        };
        let letter = person.letter(content);
        let change = whatsapp::change(fake, vec![person.card()], json!({ "messages": [letter] }));
        Some(Update::Whatsapp(whatsapp::delivery(vec![vec![change]])))
    }
}
