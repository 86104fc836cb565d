//! What comes in: from channels, durable before it is acknowledged, and from the house itself.

use serde::{Deserialize, Serialize};
use sitespark_core::clock::SharedClock;
use sitespark_core::db::{Db, Tx};
use sitespark_core::generation::Report;
use sitespark_core::queue::{self, Lane, NewRow};

use crate::channels::whatsapp::ParsedWebhook;
use crate::message::{Channel, Content, Inbound};
use crate::store;

/// A row of the inbox. Its JSON form is stored; variants are only ever added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "from", content = "body", rename_all = "snake_case")]
pub enum InboxRow {
    /// A person did something.
    Channel(Inbound),
    /// The house reports.
    House(Report),
}

impl InboxRow {
    /// The same row with its text said in other words.
    pub(crate) fn in_words(self, plain: Option<String>) -> Self {
        match (self, plain) {
            (Self::Channel(inbound), Some(text)) => {
                Self::Channel(Inbound { content: Content::Text { text }, ..inbound })
            }
            (row, _) => row,
        }
    }
}

/// The ordering key of a chat: everything of one chat is handled one at a time, in order.
pub fn chat_key(channel: Channel, chat: &str) -> String {
    format!("{}:{chat}", channel.slug())
}

/// The chat of an ordering key.
pub fn chat_of_key(key: &str) -> Option<(Channel, &str)> {
    let (channel, chat) = key.split_once(':')?;
    Some((Channel::from_slug(channel)?, chat))
}

/// Takes what channels bring.
#[derive(Clone)]
pub struct Intake {
    db: Db,
    clock: SharedClock,
}

impl Intake {
    /// An intake into this database.
    pub fn new(db: Db, clock: SharedClock) -> Self {
        Self { db, clock }
    }

    /// Stores what came; returns once it is durable. What came before (by its cause) changes nothing.
    pub async fn receive(&self, inbounds: &[Inbound]) -> Result<(), sqlx::Error> {
        if inbounds.is_empty() {
            return Ok(());
        }
        let mut tx = self.db.begin().await?;
        for inbound in inbounds {
            self.receive_in(&mut tx, inbound).await?;
        }
        tx.commit().await
    }

    /// Stores a WhatsApp delivery: what people did, what became of our messages, who moved to
    /// another number. All of it or nothing.
    pub async fn receive_whatsapp(&self, delivery: &ParsedWebhook) -> Result<(), sqlx::Error> {
        let now_ms = self.clock.now_ms();
        let mut tx = self.db.begin().await?;
        for inbound in &delivery.inbounds {
            self.receive_in(&mut tx, inbound).await?;
        }
        for status in &delivery.statuses {
            let rank = status.status.rank();
            store::note_status(
                &mut tx,
                Channel::Whatsapp,
                &status.message_ref,
                status.status.slug(),
                i64::from(rank),
                status.error_code,
                now_ms,
            )
            .await?;
        }
        for change in &delivery.moves {
            store::move_chat(&mut tx, Channel::Whatsapp, change).await?;
        }
        tx.commit().await
    }

    /// The same inside the caller's transaction; `false` when it came before.
    pub async fn receive_in(&self, tx: &mut Tx, inbound: &Inbound) -> Result<bool, sqlx::Error> {
        let now_ms = self.clock.now_ms();
        let row = NewRow {
            lane: Lane::Inbox,
            key: chat_key(inbound.channel, &inbound.chat),
            cause: inbound.cause.clone(),
            payload: serde_json::to_value(InboxRow::Channel(inbound.clone())).unwrap_or_default(),
            run_at_ms: now_ms,
        };
        queue::push(tx, &row, now_ms).await
    }
}
