//! The SQL of deliveries.

use serde_json::Value;
use sitespark_core::db::{Db, Tx};
use sitespark_core::each_engine;
use sitespark_core::ids::ConversationId;
use sqlx::types::Json;

use crate::channels::whatsapp::{DeliveryState, DeliveryStatus};
use crate::message::Channel;

/// A message the channel took.
#[derive(Clone, Copy)]
pub(super) struct Delivery<'a> {
    pub(super) channel: Channel,
    pub(super) message_ref: &'a str,
    pub(super) conversation: ConversationId,
    pub(super) progress_key: Option<&'a str>,
}

/// What a status meant.
pub(super) enum Noted {
    /// There is no such message yet.
    Unknown,
    /// Something further is known already.
    Older,
    /// It is the furthest; `said` is the message while it may still fail.
    Newer { said: Option<Value> },
}

/// The channel's name of the newest message of a progress bubble.
pub async fn bubble_ref(
    db: &Db,
    conversation: ConversationId,
    progress_key: &str,
) -> Result<Option<String>, sqlx::Error> {
    each_engine!(read db, pool => sqlx::query_scalar(
        "select message_ref from deliveries where conversation_id = $1 and progress_key = $2
         order by updated_at_ms desc limit 1")
        .bind(conversation).bind(progress_key).fetch_optional(pool).await)
}

/// Notes that the channel took a message under a name.
pub(super) async fn note_sent(
    tx: &mut Tx,
    delivery: &Delivery<'_>,
    said: Option<Value>,
    now_ms: i64,
) -> Result<(), sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query(
        "insert into deliveries (channel, message_ref, conversation_id, progress_key, status, rank,
         updated_at_ms, said, taken_at_ms) values ($1, $2, $3, $4, 'sent', 0, $5, $6, $5)
         on conflict (channel, message_ref) do update set updated_at_ms = excluded.updated_at_ms")
        .bind(delivery.channel.slug()).bind(delivery.message_ref).bind(delivery.conversation)
        .bind(delivery.progress_key).bind(now_ms).bind(said.map(Json))
        .execute(conn).await.map(drop))
}

/// Whether nothing was said in a conversation after this message of ours.
pub async fn is_latest(
    tx: &mut Tx,
    channel: Channel,
    message_ref: &str,
    conversation: ConversationId,
) -> Result<bool, sqlx::Error> {
    let found: Option<i64> = each_engine!(tx tx, conn => sqlx::query_scalar(
        "select taken_at_ms from deliveries where channel = $1 and message_ref = $2
         and conversation_id = $3 and taken_at_ms = (select max(taken_at_ms) from deliveries
         where conversation_id = $3) and not exists (select 1 from conversations c join queue q
         on q.lane = 'outbox' and q.key = c.channel || ':' || c.chat and q.state in ('ready', 'running')
         where c.id = $3)")
        .bind(channel.slug()).bind(message_ref).bind(conversation).fetch_optional(conn).await?);
    Ok(found.is_some())
}

/// Notes what became of a message; statuses arrive in any order, the furthest one stays.
pub(super) async fn note_status(
    tx: &mut Tx,
    channel: Channel,
    status: &DeliveryStatus,
    now_ms: i64,
) -> Result<Noted, sqlx::Error> {
    let rank = i64::from(status.status.rank());
    let newer: Option<(Option<Json<Value>>,)> = each_engine!(tx tx, conn => sqlx::query_as(
        "update deliveries set status = $1, rank = $2, error_code = $3, updated_at_ms = $4
         where channel = $5 and message_ref = $6 and rank < $2 returning said")
        .bind(status.status.slug()).bind(rank).bind(status.error_code).bind(now_ms)
        .bind(channel.slug()).bind(&status.message_ref).fetch_optional(conn).await?);
    if let Some((said,)) = newer {
        return Ok(Noted::Newer { said: said.map(|said| said.0) });
    }
    let known: Option<i64> = each_engine!(tx tx, conn => sqlx::query_scalar(
        "select rank from deliveries where channel = $1 and message_ref = $2")
        .bind(channel.slug()).bind(&status.message_ref).fetch_optional(conn).await?);
    Ok(if known.is_some() { Noted::Older } else { Noted::Unknown })
}

/// The message cannot fail any more, or was said again: no need to keep its words.
pub(super) async fn forget_said(
    tx: &mut Tx,
    channel: Channel,
    message_ref: &str,
) -> Result<(), sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query(
        "update deliveries set said = null where channel = $1 and message_ref = $2")
        .bind(channel.slug()).bind(message_ref).execute(conn).await.map(drop))
}

/// Keeps a status of a message that nobody noted yet; the furthest one stays.
pub(super) async fn keep_early(
    tx: &mut Tx,
    channel: Channel,
    status: &DeliveryStatus,
    now_ms: i64,
) -> Result<(), sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query(
        "insert into early_statuses (channel, message_ref, status, rank, error_code, created_at_ms)
         values ($1, $2, $3, $4, $5, $6) on conflict (channel, message_ref) do update
         set status = excluded.status, rank = excluded.rank, error_code = excluded.error_code
         where early_statuses.rank < excluded.rank")
        .bind(channel.slug()).bind(&status.message_ref).bind(status.status.slug())
        .bind(i64::from(status.status.rank())).bind(status.error_code).bind(now_ms)
        .execute(conn).await.map(drop))
}

/// Takes out what was kept for a message.
pub(super) async fn take_early(
    tx: &mut Tx,
    channel: Channel,
    message_ref: &str,
) -> Result<Option<DeliveryStatus>, sqlx::Error> {
    let row: Option<(String, Option<i64>, i64)> = each_engine!(tx tx, conn => sqlx::query_as(
        "delete from early_statuses where channel = $1 and message_ref = $2
         returning status, error_code, created_at_ms")
        .bind(channel.slug()).bind(message_ref).fetch_optional(conn).await?);
    Ok(row.map(|(status, error_code, at_ms)| DeliveryStatus {
        message_ref: message_ref.to_owned(),
        status: DeliveryState::from_slug(&status),
        error_code,
        recipient: None,
        at_ms,
    }))
}

/// Forgets statuses whose message was never noted, older than `before_ms`.
pub async fn purge_early(tx: &mut Tx, before_ms: i64) -> Result<u64, sqlx::Error> {
    Ok(
        each_engine!(tx tx, conn => sqlx::query("delete from early_statuses where created_at_ms < $1")
        .bind(before_ms).execute(conn).await?.rows_affected()),
    )
}
