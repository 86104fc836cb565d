//! What became of what was said: noted when the channel took it, again when the channel tells more,
//! in whatever order. A message that failed on the way is said again a few times; one that found
//! the window closed waits for the person.

mod store;

use sitespark_core::db::Tx;
use sitespark_core::queue::{self, Lane, NewRow};
use sitespark_core::users;

use crate::channels::SendError;
use crate::channels::whatsapp::{DeliveryState, DeliveryStatus, send_error_of};
use crate::inbox::chat_key;
use crate::message::Channel;
use crate::outbox::OutboxRow;

use store::{Delivery, Noted};
pub use store::{bubble_ref, is_latest, purge_early};

/// How long something that may not be said yet waits before it is looked at again.
pub const HOLD_MS: i64 = 12 * 60 * 60 * 1_000;
/// How long it waits in all; then nobody wants to read it any more.
pub const HOLD_AT_MOST_MS: i64 = 7 * 24 * 60 * 60 * 1_000;
/// How often a message that failed on the way is said again.
const MOST_TRIES: u32 = 3;
/// Pause before it is said again; four times as long after each.
const PAUSE_MS: i64 = 15_000;

/// A message the channel took, as it is noted.
#[derive(Clone, Copy)]
pub struct Taken<'a> {
    /// What was said.
    pub row: &'a OutboxRow,
    /// What the channel calls it.
    pub message_ref: &'a str,
    /// Whether the channel tells later that it failed after all.
    pub may_fail_later: bool,
}

/// Notes that the channel took a message, and what the channel said of it before that was noted.
pub async fn note_taken(tx: &mut Tx, taken: Taken<'_>, now_ms: i64) -> Result<(), sqlx::Error> {
    let Taken { row, message_ref, may_fail_later } = taken;
    let said = if may_fail_later { serde_json::to_value(row).ok() } else { None };
    let progress_key = row.piece.progress.as_ref().map(|progress| progress.key.as_str());
    let delivery = Delivery {
        channel: row.channel,
        message_ref,
        conversation: row.conversation,
        progress_key,
    };
    store::note_sent(tx, &delivery, said, now_ms).await?;
    if !may_fail_later {
        return Ok(());
    }
    stand_in_line(tx, row.channel, message_ref).await?;
    match store::take_early(tx, row.channel, message_ref).await? {
        Some(status) => note_status(tx, row.channel, &status, now_ms).await,
        None => Ok(()),
    }
}

/// Notes what became of a message. Of statuses in any order the furthest stays; one of a message
/// nobody noted yet is kept for then.
pub async fn note_status(
    tx: &mut Tx,
    channel: Channel,
    status: &DeliveryStatus,
    now_ms: i64,
) -> Result<(), sqlx::Error> {
    stand_in_line(tx, channel, &status.message_ref).await?;
    let said = match store::note_status(tx, channel, status, now_ms).await? {
        Noted::Unknown => return store::keep_early(tx, channel, status, now_ms).await,
        Noted::Older => return Ok(()),
        Noted::Newer { said } => said,
    };
    match status.status {
        DeliveryState::Failed => {}
        DeliveryState::Delivered | DeliveryState::Read | DeliveryState::Played => {
            return store::forget_said(tx, channel, &status.message_ref).await;
        }
        DeliveryState::Sent | DeliveryState::Unknown => return Ok(()),
    }
    store::forget_said(tx, channel, &status.message_ref).await?;
    let Some(row) = said.and_then(|said| serde_json::from_value::<OutboxRow>(said).ok()) else {
        return Ok(());
    };
    after_failure(tx, row, status, now_ms).await
}

/// Of the note that a message was taken and of what the channel says of it, the second sees the first.
async fn stand_in_line(
    tx: &mut Tx,
    channel: Channel,
    message_ref: &str,
) -> Result<(), sqlx::Error> {
    tx.stand_in_line([format!("delivery:{}:{message_ref}", channel.slug())].into()).await
}

/// What a failure on the way leads to, by what can be done about it.
async fn after_failure(
    tx: &mut Tx,
    row: OutboxRow,
    status: &DeliveryStatus,
    now_ms: i64,
) -> Result<(), sqlx::Error> {
    let code = status.error_code.unwrap_or_default();
    let wait_ms = match send_error_of(code, "") {
        SendError::RetryAfter { ms } => i64::try_from(ms).unwrap_or(HOLD_MS),
        SendError::Transient(_) => 0,
        SendError::WindowClosed => HOLD_MS,
        SendError::Gone(_) => {
            return users::mark_muted(tx, row.channel.slug(), &row.external_id, true).await;
        }
        SendError::Misconfigured(_) => {
            tracing::error!(code, "a message failed on the way: an operator must act");
            return Ok(());
        }
        SendError::Rejected(_) | SendError::Moved { .. } => {
            tracing::warn!(code, "a message failed on the way for good");
            return Ok(());
        }
    };
    if row.tries >= MOST_TRIES {
        tracing::warn!(code, "a message failed on the way too often");
        return Ok(());
    }
    let pause_ms = PAUSE_MS.saturating_mul(4_i64.saturating_pow(row.tries));
    say_again(tx, row, &status.message_ref, now_ms + wait_ms.max(pause_ms), now_ms).await
}

async fn say_again(
    tx: &mut Tx,
    mut row: OutboxRow,
    message_ref: &str,
    run_at_ms: i64,
    now_ms: i64,
) -> Result<(), sqlx::Error> {
    row.tries += 1;
    let again = NewRow {
        lane: Lane::Outbox,
        key: chat_key(row.channel, &row.chat),
        cause: format!("{}:{message_ref}:again", row.channel.slug()),
        payload: serde_json::to_value(row).expect("plain data is always JSON"),
        run_at_ms,
    };
    queue::push(tx, &again, now_ms).await.map(drop)
}
