//! The SQL of conversations, deliveries and the transcript of the channels we hold ourselves.

use serde_json::Value;
use sitespark_core::db::{Db, Tx};
use sitespark_core::each_engine;
use sitespark_core::ids::{ConversationId, UserId, WorkspaceId};
use sqlx::types::Json;

use crate::channels::whatsapp::NumberChange;
use crate::message::{Channel, Choice, Message};

/// A conversation as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversation {
    /// Which.
    pub id: ConversationId,
    /// With whom.
    pub user: UserId,
    /// Who pays.
    pub workspace: WorkspaceId,
    /// The channel's id of the person.
    pub external_id: String,
    /// The stored state.
    pub state: Value,
    /// What was offered last.
    pub offered: Vec<Choice>,
}

#[derive(sqlx::FromRow)]
struct ConversationRow {
    id: ConversationId,
    user_id: UserId,
    workspace_id: WorkspaceId,
    external_id: String,
    state: Json<Value>,
    offered: Json<Value>,
}

/// The conversation of a chat, if there is one.
pub async fn find_conversation(
    tx: &mut Tx,
    channel: Channel,
    chat: &str,
) -> Result<Option<Conversation>, sqlx::Error> {
    let row: Option<ConversationRow> = each_engine!(tx tx, conn => sqlx::query_as(
        "select id, user_id, workspace_id, external_id, state, offered from conversations
         where channel = $1 and chat = $2")
        .bind(channel.slug()).bind(chat).fetch_optional(conn).await?);
    Ok(row.map(|row| Conversation {
        id: row.id,
        user: row.user_id,
        workspace: row.workspace_id,
        external_id: row.external_id,
        state: row.state.0,
        offered: serde_json::from_value(row.offered.0["choices"].clone()).unwrap_or_default(),
    }))
}

/// Begins a conversation, or keeps how it stands after a step.
pub async fn save_conversation(
    tx: &mut Tx,
    channel: Channel,
    chat: &str,
    conversation: &Conversation,
    now_ms: i64,
) -> Result<(), sqlx::Error> {
    let offered = serde_json::json!({ "choices": conversation.offered });
    each_engine!(tx tx, conn => sqlx::query(
        "insert into conversations (id, channel, chat, user_id, workspace_id, external_id, state, offered,
         last_inbound_at_ms, updated_at_ms) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
         on conflict (channel, chat) do update set state = excluded.state, offered = excluded.offered,
         updated_at_ms = excluded.updated_at_ms")
        .bind(conversation.id).bind(channel.slug()).bind(chat).bind(conversation.user)
        .bind(conversation.workspace).bind(&conversation.external_id)
        .bind(Json(&conversation.state)).bind(Json(offered)).bind(now_ms)
        .execute(conn).await.map(drop))
}

/// Notes that the person wrote: the channel's window for free answers counts from here.
pub async fn note_inbound(
    tx: &mut Tx,
    conversation: ConversationId,
    at_ms: i64,
) -> Result<(), sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query(
        "update conversations set last_inbound_at_ms = $1 where id = $2 and last_inbound_at_ms < $1")
        .bind(at_ms).bind(conversation).execute(conn).await.map(drop))
}

/// The ordering key of a conversation's chat.
pub async fn key_in(
    tx: &mut Tx,
    conversation: ConversationId,
) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(String, String)> = each_engine!(tx tx, conn => sqlx::query_as(
        "select channel, chat from conversations where id = $1")
        .bind(conversation).fetch_optional(conn).await?);
    Ok(row.map(|(channel, chat)| format!("{channel}:{chat}")))
}

/// A person's tier and whether they blocked us, as far as the channel's id tells.
pub async fn reach_of(
    db: &Db,
    channel: Channel,
    external_id: &str,
) -> Result<Option<(String, bool)>, sqlx::Error> {
    each_engine!(read db, pool => sqlx::query_as(
        "select u.tier, i.muted from identities i join users u on u.id = i.user_id
         where i.channel = $1 and i.external_id = $2")
        .bind(channel.slug()).bind(external_id).fetch_optional(pool).await)
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
pub async fn note_sent(
    tx: &mut Tx,
    channel: Channel,
    message_ref: &str,
    conversation: ConversationId,
    progress_key: Option<&str>,
    now_ms: i64,
) -> Result<(), sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query(
        "insert into deliveries (channel, message_ref, conversation_id, progress_key, status, rank, updated_at_ms)
         values ($1, $2, $3, $4, 'sent', 0, $5) on conflict (channel, message_ref) do update
         set updated_at_ms = excluded.updated_at_ms")
        .bind(channel.slug()).bind(message_ref).bind(conversation).bind(progress_key).bind(now_ms)
        .execute(conn).await.map(drop))
}

/// Notes what became of a message; statuses arrive in any order, the furthest one stays.
pub async fn note_status(
    tx: &mut Tx,
    channel: Channel,
    message_ref: &str,
    status: &str,
    rank: i64,
    error_code: Option<i64>,
    now_ms: i64,
) -> Result<(), sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query(
        "update deliveries set status = $1, rank = $2, error_code = $3, updated_at_ms = $4
         where channel = $5 and message_ref = $6 and rank < $2")
        .bind(status).bind(rank).bind(error_code).bind(now_ms).bind(channel.slug()).bind(message_ref)
        .execute(conn).await.map(drop))
}

/// Moves a chat and its person to new names of the channel, unless somebody has those already.
pub async fn move_chat(
    tx: &mut Tx,
    channel: Channel,
    change: &NumberChange,
) -> Result<(), sqlx::Error> {
    each_engine!(tx tx, conn => {
        sqlx::query(
            "update conversations set chat = $1, external_id = $2 where channel = $3 and chat = $4
             and not exists (select 1 from conversations c where c.channel = $3 and c.chat = $1 and c.chat <> $4)")
            .bind(&change.new_chat).bind(&change.new_external_id).bind(channel.slug()).bind(&change.old_chat)
            .execute(&mut *conn).await?;
        sqlx::query(
            "update identities set external_id = $1 where channel = $2 and external_id = $3
             and not exists (select 1 from identities i where i.channel = $2 and i.external_id = $1)")
            .bind(&change.new_external_id).bind(channel.slug()).bind(&change.old_external_id)
            .execute(&mut *conn).await.map(drop)
    })
}

/// A line of a local transcript.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Grows with every line.
    pub seq: i64,
    /// Unique in the chat.
    pub cause: String,
    /// Whether the bot said it.
    pub from_bot: bool,
    /// What was said.
    pub message: Message,
    /// Where the conversation stood.
    pub state: String,
    /// When, epoch milliseconds.
    pub at_ms: i64,
}

/// Appends a line; `false` when its cause was there already.
pub async fn append_line(
    tx: &mut Tx,
    channel: Channel,
    chat: &str,
    line: &Line,
) -> Result<bool, sqlx::Error> {
    let put = each_engine!(tx tx, conn => sqlx::query(
        "insert into transcript (channel, chat, cause, from_bot, message, state, created_at_ms)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (channel, chat, cause) do nothing")
        .bind(channel.slug()).bind(chat).bind(&line.cause).bind(line.from_bot)
        .bind(Json(&line.message)).bind(&line.state).bind(line.at_ms)
        .execute(conn).await?.rows_affected());
    Ok(put == 1)
}

/// Lines of a chat after `after`, oldest first, at most `limit`.
pub async fn lines_after(
    db: &Db,
    channel: Channel,
    chat: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<Line>, sqlx::Error> {
    type Row = (i64, String, bool, Json<Message>, String, i64);
    let rows: Vec<Row> = each_engine!(read db, pool => sqlx::query_as(
        "select seq, cause, from_bot, message, state, created_at_ms from transcript
         where channel = $1 and chat = $2 and seq > $3 order by seq limit $4")
        .bind(channel.slug()).bind(chat).bind(after).bind(limit).fetch_all(pool).await?);
    Ok(rows
        .into_iter()
        .map(|(seq, cause, from_bot, message, state, at_ms)| Line {
            seq,
            cause,
            from_bot,
            message: message.0,
            state,
            at_ms,
        })
        .collect())
}
