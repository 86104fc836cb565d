//! What comes in: from channels, durable before it is acknowledged, and from the house itself.

use serde::{Deserialize, Serialize};
use sitespark_core::clock::SharedClock;
use sitespark_core::db::{Db, Tx};
use sitespark_core::generation::Report;
use sitespark_core::queue::{self, Lane, NewRow, Pushes};

use crate::channels::telegram::ParsedUpdate;
use crate::channels::whatsapp::{NumberChange, ParsedWebhook};
use crate::deliveries;
use crate::message::{Channel, Inbound};
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

/// The ordering key of a chat: everything of one chat is handled one at a time, in order.
pub fn chat_key(channel: Channel, chat: &str) -> String {
    format!("{}:{chat}", channel.slug())
}

/// The chat of an ordering key.
pub fn chat_of_key(key: &str) -> Option<(Channel, &str)> {
    let (channel, chat) = key.split_once(':')?;
    Some((Channel::from_slug(channel)?, chat))
}

/// How long the first picture of an album waits for the others.
const ALBUM_WAIT_MS: i64 = 1_000;

/// Takes what channels bring.
#[derive(Clone)]
pub struct Intake {
    db: Db,
    pushes: Pushes,
    clock: SharedClock,
}

impl Intake {
    /// An intake into this database.
    pub fn new(db: Db, clock: SharedClock) -> Self {
        Self { pushes: Pushes::new(db.clone()), db, clock }
    }

    /// Stores what came; returns once it is durable. What came before (by its cause) changes nothing.
    pub async fn receive(&self, inbounds: &[Inbound]) -> Result<(), sqlx::Error> {
        match inbounds {
            [] => return Ok(()),
            [inbound] => return self.put_alone(inbound, 0).await,
            _ => {}
        }
        let now_ms = self.clock.now_ms();
        let rows: Vec<_> = inbounds.iter().map(|inbound| row_of(inbound, now_ms)).collect();
        let mut tx = self.db.begin().await?;
        queue::push_all(&mut tx, &rows, now_ms).await?;
        tx.commit().await
    }

    /// Stores an update of Telegram. What is of an album waits a moment, so that the rest of it can
    /// come in behind it and all is one turn of the talk.
    pub async fn receive_update(&self, update: &ParsedUpdate) -> Result<(), sqlx::Error> {
        match update.inbounds.as_slice() {
            [] => Ok(()),
            [inbound] => self.put_alone(inbound, wait_ms(update)).await,
            _ => self.receive_updates(std::slice::from_ref(update)).await,
        }
    }

    /// The same for several updates, all of them or none.
    pub async fn receive_updates(&self, updates: &[ParsedUpdate]) -> Result<(), sqlx::Error> {
        if updates.iter().all(|update| update.inbounds.is_empty()) {
            return Ok(());
        }
        let now_ms = self.clock.now_ms();
        let mut rows = Vec::new();
        for update in updates {
            let run_at_ms = now_ms + wait_ms(update);
            rows.extend(update.inbounds.iter().map(|inbound| row_of(inbound, run_at_ms)));
        }
        let mut tx = self.db.begin().await?;
        queue::push_all(&mut tx, &rows, now_ms).await?;
        tx.commit().await
    }

    /// Stores a WhatsApp delivery: what people did, who moved to another number, what became of our
    /// messages. Whatever of it stands when the rest fails is passed over when it comes again.
    pub async fn receive_whatsapp(&self, delivery: &ParsedWebhook) -> Result<(), sqlx::Error> {
        let now_ms = self.clock.now_ms();
        if !(delivery.inbounds.is_empty() && delivery.moves.is_empty()) {
            let rows: Vec<_> =
                delivery.inbounds.iter().map(|inbound| row_of(inbound, now_ms)).collect();
            let mut tx = self.db.begin().await?;
            queue::stand_in_line(&mut tx, rows.iter()).await?;
            for (inbound, row) in delivery.inbounds.iter().zip(&rows) {
                recognise(&mut tx, inbound, now_ms).await?;
                queue::push(&mut tx, row, now_ms).await?;
            }
            for change in &delivery.moves {
                store::move_chat(&mut tx, Channel::Whatsapp, change, now_ms).await?;
            }
            tx.commit().await?;
        }
        if delivery.statuses.is_empty() {
            return Ok(());
        }
        let mut statuses: Vec<_> = delivery.statuses.iter().collect();
        // In one order, so that two deliveries that tell of the same messages never wait in a ring.
        statuses.sort_by_key(|status| &status.message_ref);
        let mut tx = self.db.begin().await?;
        for status in statuses {
            deliveries::note_status(&mut tx, Channel::Whatsapp, status, now_ms).await?;
        }
        tx.commit().await
    }

    /// The same inside the caller's transaction; `false` when it came before.
    pub async fn receive_in(&self, tx: &mut Tx, inbound: &Inbound) -> Result<bool, sqlx::Error> {
        let now_ms = self.clock.now_ms();
        queue::push(tx, &row_of(inbound, now_ms), now_ms).await
    }

    async fn put_alone(&self, inbound: &Inbound, wait_ms: i64) -> Result<(), sqlx::Error> {
        let now_ms = self.clock.now_ms();
        self.pushes.push(row_of(inbound, now_ms + wait_ms), now_ms).await
    }
}

const fn wait_ms(update: &ParsedUpdate) -> i64 {
    if update.is_of_album { ALBUM_WAIT_MS } else { 0 }
}

fn row_of(inbound: &Inbound, run_at_ms: i64) -> NewRow {
    NewRow {
        lane: Lane::Inbox,
        key: chat_key(inbound.channel, &inbound.chat),
        cause: inbound.cause.clone(),
        payload: serde_json::to_value(InboxRow::Channel(inbound.clone())).unwrap_or_default(),
        run_at_ms,
    }
}

/// On WhatsApp a person may be told by number, by scoped id or by both, and differently from one
/// message to the next. Whoever is known by one of them stays who they are: their chat and their
/// identity take the names they go by now.
async fn recognise(tx: &mut Tx, inbound: &Inbound, now_ms: i64) -> Result<(), sqlx::Error> {
    let external_id = &inbound.sender.external_id;
    let number = inbound.sender.phone.as_deref().map(|phone| phone.trim_start_matches('+'));
    let by_id = store::chat_of(tx, inbound.channel, external_id).await?;
    let known = match (by_id, number.filter(|number| number != external_id)) {
        (Some(chat), _) => Some((chat, external_id.as_str())),
        (None, Some(number)) => {
            let chat = store::chat_of(tx, inbound.channel, number).await?;
            chat.map(|chat| (chat, number))
        }
        (None, None) => None,
    };
    let Some((old_chat, old_external_id)) = known else { return Ok(()) };
    if old_chat == inbound.chat && old_external_id == external_id {
        return Ok(());
    }
    let change = NumberChange {
        cause: inbound.cause.clone(),
        old_chat,
        new_chat: inbound.chat.clone(),
        old_external_id: old_external_id.to_owned(),
        new_external_id: external_id.clone(),
    };
    store::move_chat(tx, inbound.channel, &change, now_ms).await
}
