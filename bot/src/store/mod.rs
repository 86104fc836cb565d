//! The SQL of conversations, deliveries and the transcript of the channels we hold ourselves.

mod kept;
mod known;

use serde_json::Value;
use sitespark_core::brief::Language;
use sitespark_core::db::{Db, Tx, TxEngine};
use sitespark_core::each_engine;
use sitespark_core::ids::{ConversationId, UserId, WorkspaceId};
use sitespark_core::{queue, users};
use sqlx::types::Json;

use crate::channels::whatsapp::NumberChange;
use crate::inbox::chat_key;
use crate::message::{Channel, Choice, Message};

pub use kept::{Kept, begin_many, keep_many};
pub use known::{Known, Met, Writer, find_known, look_up};

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
    /// When to remind, if the person stays silent; only written, never read back.
    pub remind_at_ms: Option<i64>,
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

impl From<ConversationRow> for Conversation {
    fn from(row: ConversationRow) -> Self {
        Self {
            id: row.id,
            user: row.user_id,
            workspace: row.workspace_id,
            external_id: row.external_id,
            state: row.state.0,
            offered: read_offered(row.offered.0),
            remind_at_ms: None,
        }
    }
}

fn read_offered(mut offered: Value) -> Vec<Choice> {
    serde_json::from_value(offered["choices"].take()).unwrap_or_default()
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
    Ok(row.map(Conversation::from))
}

/// Lets nobody else answer in a chat before this transaction ends. SQLite has one writer anyway.
pub async fn hold_conversation(
    tx: &mut Tx,
    channel: Channel,
    chat: &str,
) -> Result<(), sqlx::Error> {
    let TxEngine::Postgres(open) = tx.engine() else { return Ok(()) };
    sqlx::query("select id from conversations where channel = $1 and chat = $2 for update")
        .bind(channel.slug())
        .bind(chat)
        .execute(open.connection())
        .await
        .map(drop)
}

/// A conversation by its id, in which nobody else answers before this transaction ends.
pub async fn conversation_by_id(
    tx: &mut Tx,
    id: ConversationId,
) -> Result<Option<Conversation>, sqlx::Error> {
    macro_rules! by_id {
        ($lock:literal) => {
            concat!(
                "select id, user_id, workspace_id, external_id, state, offered from conversations ",
                "where id = $1",
                $lock
            )
        };
    }
    let sql = match tx.engine() {
        TxEngine::Sqlite(_) => by_id!(""),
        TxEngine::Postgres(_) => by_id!(" for update"),
    };
    let row: Option<ConversationRow> = each_engine!(tx tx, conn => sqlx::query_as(sql)
        .bind(id).fetch_optional(conn).await?);
    Ok(row.map(Conversation::from))
}

/// Puts another state into a conversation that nobody is answering in.
pub async fn set_state(
    tx: &mut Tx,
    id: ConversationId,
    state: &Value,
    now_ms: i64,
) -> Result<(), sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query(
        "update conversations set state = $1, updated_at_ms = $2 where id = $3")
        .bind(Json(state)).bind(now_ms).bind(id).execute(conn).await.map(drop))
}

/// Conversations whose time to be reminded has come: which, its ordering key, when it was due.
pub async fn due_reminders(
    db: &Db,
    now_ms: i64,
    limit: i64,
) -> Result<Vec<(ConversationId, String, i64)>, sqlx::Error> {
    let rows: Vec<(ConversationId, String, String, i64)> = each_engine!(read db, pool => sqlx::query_as(
        "select id, channel, chat, remind_at_ms from conversations where remind_at_ms <= $1
         order by remind_at_ms limit $2")
        .bind(now_ms).bind(limit).fetch_all(pool).await?);
    Ok(rows
        .into_iter()
        .map(|(id, channel, chat, at_ms)| (id, format!("{channel}:{chat}"), at_ms))
        .collect())
}

/// Takes a reminder that was due; `false` when the person wrote meanwhile.
pub async fn take_reminder(
    tx: &mut Tx,
    id: ConversationId,
    at_ms: i64,
) -> Result<bool, sqlx::Error> {
    let taken = each_engine!(tx tx, conn => sqlx::query(
        "update conversations set remind_at_ms = null, reminded = true where id = $1 and remind_at_ms = $2")
        .bind(id).bind(at_ms).execute(conn).await?.rows_affected());
    Ok(taken == 1)
}

/// How a conversation stands, as it is stored.
pub async fn state_of(db: &Db, id: ConversationId) -> Result<Option<Value>, sqlx::Error> {
    let state: Option<Json<Value>> = each_engine!(read db, pool => sqlx::query_scalar(
        "select state from conversations where id = $1").bind(id).fetch_optional(pool).await?);
    Ok(state.map(|state| state.0))
}

/// Begins a conversation, or keeps how it stands after a step. `heard_at_ms` is when the person
/// wrote what led to it, if it was the person: the channel's window for free answers counts from
/// there.
pub async fn save_conversation(
    tx: &mut Tx,
    channel: Channel,
    chat: &str,
    conversation: &Conversation,
    heard_at_ms: Option<i64>,
    now_ms: i64,
) -> Result<(), sqlx::Error> {
    let offered = serde_json::json!({ "choices": conversation.offered });
    each_engine!(tx tx, conn => sqlx::query(
        "insert into conversations (id, channel, chat, user_id, workspace_id, external_id, state, offered,
         last_inbound_at_ms, updated_at_ms, remind_at_ms) values ($1, $2, $3, $4, $5, $6, $7, $8, $10, $9, $11)
         on conflict (channel, chat) do update set state = excluded.state, offered = excluded.offered,
         updated_at_ms = excluded.updated_at_ms,
         remind_at_ms = case when conversations.reminded then null else excluded.remind_at_ms end,
         reminded = conversations.reminded and excluded.remind_at_ms is not null, last_inbound_at_ms =
         case when conversations.last_inbound_at_ms < $10 then $10 else conversations.last_inbound_at_ms end")
        .bind(conversation.id).bind(channel.slug()).bind(chat).bind(conversation.user)
        .bind(conversation.workspace).bind(&conversation.external_id)
        .bind(Json(&conversation.state)).bind(Json(offered)).bind(now_ms).bind(heard_at_ms.unwrap_or(0))
        .bind(conversation.remind_at_ms)
        .execute(conn).await.map(drop))
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

/// Where a conversation is held now, and when it was written to last.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Whereabouts {
    /// The chat's name today.
    pub chat: String,
    /// The person's name on the channel today.
    pub external_id: String,
    /// Whether they blocked us, as far as we know.
    pub muted: bool,
    /// When they wrote last, by the channel's clock.
    pub last_inbound_at_ms: i64,
    /// When they were last asked to write, because nothing may be said before they do.
    pub nudged_at_ms: Option<i64>,
    /// Their language.
    pub language: String,
}

/// Where a conversation is held, if it is still remembered: what is said to somebody who was forgotten
/// goes where they were when it was put in.
pub async fn whereabouts(
    db: &Db,
    conversation: ConversationId,
) -> Result<Option<Whereabouts>, sqlx::Error> {
    each_engine!(read db, pool => sqlx::query_as(
        "select c.chat, c.external_id, coalesce(i.muted, false) as muted, c.last_inbound_at_ms,
         c.nudged_at_ms, u.language from conversations c join users u on u.id = c.user_id
         left join identities i on i.channel = c.channel and i.external_id = c.external_id
         where c.id = $1 and c.chat <> $2")
        .bind(conversation).bind(users::nobody_of(conversation)).fetch_optional(pool).await)
}

/// Notes that the person was asked to write.
pub async fn note_nudge(
    tx: &mut Tx,
    conversation: ConversationId,
    now_ms: i64,
) -> Result<(), sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query(
        "update conversations set nudged_at_ms = $1 where id = $2")
        .bind(now_ms).bind(conversation).execute(conn).await.map(drop))
}

/// The folders of what a person sent in the web chat.
pub async fn uploads_of(tx: &mut Tx, user: UserId) -> Result<Vec<String>, sqlx::Error> {
    let chats: Vec<String> = each_engine!(tx tx, conn => sqlx::query_scalar(
        "select chat from conversations where channel = $1 and user_id = $2")
        .bind(Channel::Web.slug()).bind(user).fetch_all(conn).await?);
    Ok(chats.into_iter().map(|chat| format!("uploads/{chat}")).collect())
}

/// Every conversation of a person.
pub async fn conversations_of(
    tx: &mut Tx,
    user: UserId,
) -> Result<Vec<ConversationId>, sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query_scalar("select id from conversations where user_id = $1")
        .bind(user).fetch_all(conn).await)
}

/// The chat of a person on a channel.
pub async fn chat_of(
    tx: &mut Tx,
    channel: Channel,
    external_id: &str,
) -> Result<Option<String>, sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query_scalar(
        "select chat from conversations where channel = $1 and external_id = $2
         order by updated_at_ms desc limit 1")
        .bind(channel.slug()).bind(external_id).fetch_optional(conn).await)
}

/// The name a chat moved to since a time, if it did: later its old name may be somebody else's.
pub async fn moved_to(
    tx: &mut Tx,
    channel: Channel,
    old_chat: &str,
    since_ms: i64,
) -> Result<Option<String>, sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query_scalar(
        "select new_chat from chat_moves where channel = $1 and old_chat = $2 and moved_at_ms >= $3")
        .bind(channel.slug()).bind(old_chat).bind(since_ms).fetch_optional(conn).await)
}

/// Moves a chat and its person to new names of the channel, with all that waits for them, unless
/// somebody has those names already.
pub async fn move_chat(
    tx: &mut Tx,
    channel: Channel,
    change: &NumberChange,
    now_ms: i64,
) -> Result<(), sqlx::Error> {
    let NumberChange { old_chat, new_chat, old_external_id, new_external_id, .. } = change;
    let moved = each_engine!(tx tx, conn => sqlx::query(
        "update conversations set chat = $1, external_id = $2 where channel = $3 and chat = $4
         and not exists (select 1 from conversations c where c.channel = $3 and c.chat = $1 and c.chat <> $4)")
        .bind(new_chat).bind(new_external_id).bind(channel.slug()).bind(old_chat)
        .execute(conn).await?.rows_affected());
    each_engine!(tx tx, conn => sqlx::query(
        "update identities set external_id = $1 where channel = $2 and external_id = $3
         and not exists (select 1 from identities i where i.channel = $2 and i.external_id = $1)")
        .bind(new_external_id).bind(channel.slug()).bind(old_external_id)
        .execute(conn).await.map(drop))?;
    if moved == 0 || old_chat == new_chat {
        return Ok(());
    }
    let (old_key, new_key) = (chat_key(channel, old_chat), chat_key(channel, new_chat));
    queue::rename_key(tx, &old_key, &new_key).await?;
    each_engine!(tx tx, conn => sqlx::query(
        "insert into chat_moves (channel, old_chat, new_chat, moved_at_ms) values ($1, $2, $3, $4)
         on conflict (channel, old_chat) do update set new_chat = excluded.new_chat,
         moved_at_ms = excluded.moved_at_ms")
        .bind(channel.slug()).bind(old_chat).bind(new_chat).bind(now_ms)
        .execute(conn).await.map(drop))?;
    // Who comes back to an earlier name is not sent on from there.
    each_engine!(tx tx, conn => sqlx::query(
        "delete from chat_moves where channel = $1 and old_chat = $2")
        .bind(channel.slug()).bind(new_chat).execute(conn).await.map(drop))
}

/// The language of a person, if they are known.
pub async fn language_of(
    db: &Db,
    channel: Channel,
    external_id: &str,
) -> Result<Option<Language>, sqlx::Error> {
    let tag: Option<String> = each_engine!(read db, pool => sqlx::query_scalar(
        "select u.language from identities i join users u on u.id = i.user_id
         where i.channel = $1 and i.external_id = $2")
        .bind(channel.slug()).bind(external_id).fetch_optional(pool).await?);
    Ok(tag.as_deref().and_then(Language::from_tag))
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
    // Numbered in the order they commit, or whoever reads on from the last line they saw misses one.
    tx.stand_in_line([format!("transcript:{}", chat_key(channel, chat))].into()).await?;
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

/// Whether a line of a chat that the bot said names this storage key, which has no signs of patterns.
pub async fn is_said(
    db: &Db,
    channel: Channel,
    chat: &str,
    key: &str,
) -> Result<bool, sqlx::Error> {
    let found: Option<i64> = each_engine!(read db, pool => sqlx::query_scalar(
        "select seq from transcript where channel = $1 and chat = $2 and from_bot
         and cast(message as text) like $3 limit 1")
        .bind(channel.slug()).bind(chat).bind(format!("%\"{key}\"%"))
        .fetch_optional(pool).await?);
    Ok(found.is_some())
}
