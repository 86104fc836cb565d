//! What is said when a row of the inbox is given up for good.

use serde::Deserialize;
use sitespark_core::db::Tx;
use sitespark_core::ids::ConversationId;
use sitespark_core::queue::{self, Claimed, Lane, NewRow};
use sitespark_core::users;

use super::Driver;
use crate::inbox::{InboxRow, chat_of_key};
use crate::message::Message;
use crate::outbox::OutboxRow;
use crate::store;

impl Driver {
    /// One sentence with the row's number, to whoever is still there to read it.
    pub(super) async fn say_lost(
        &self,
        tx: &mut Tx,
        row: &Claimed,
        now_ms: i64,
    ) -> Result<(), sqlx::Error> {
        let Some((channel, chat)) = chat_of_key(&row.key) else { return Ok(()) };
        let found = store::find_conversation(tx, channel, chat).await?;
        let sender = match InboxRow::deserialize(&row.payload) {
            Ok(InboxRow::Channel(inbound)) => Some(inbound.sender.external_id),
            Ok(InboxRow::House(_)) | Err(_) => None,
        };
        let (conversation, external_id) = match (found, sender) {
            (Some(found), _) => (found.id, found.external_id),
            // Their first hello is what failed.
            (None, Some(external_id)) => (ConversationId::fresh(), external_id),
            (None, None) => return Ok(()),
        };
        let user = users::find_identity(tx, channel.slug(), &external_id).await?;
        let language = user.map_or(self.rules.language, |user| user.language);
        let reference = row.seq.to_string();
        let body = self.texts.say(language, "say-lost", &[("reference", reference.into())]);
        let said = OutboxRow {
            channel,
            chat: chat.to_owned(),
            external_id,
            conversation,
            state: "lost".to_owned(),
            reply_to: None,
            tries: 0,
            piece: Message { body, ..Message::default() },
        };
        let told = NewRow {
            lane: Lane::Outbox,
            key: row.key.clone(),
            cause: format!("{}:lost", row.cause),
            payload: serde_json::to_value(said).expect("plain data is always JSON"),
            run_at_ms: now_ms,
        };
        queue::push(tx, &told, now_ms).await.map(drop)
    }
}
