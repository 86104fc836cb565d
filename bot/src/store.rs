//! The SQL of conversations, deliveries and the transcript of the channels we hold ourselves.

use std::collections::BTreeMap;

use serde_json::Value;
use sitespark_core::brief::Language;
use sitespark_core::db::{Db, Tx};
use sitespark_core::each_engine;
use sitespark_core::ids::{AccountId, ConversationId, Tokens, UserId, WorkspaceId};
use sitespark_core::queue;
use sitespark_core::users::{self, Tier, User};
use sitespark_core::wallet::Account;
use sqlx::types::Json;

use crate::channels::whatsapp::NumberChange;
use crate::inbox::chat_key;
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

/// A conversation by its id.
pub async fn conversation_by_id(
    tx: &mut Tx,
    id: ConversationId,
) -> Result<Option<Conversation>, sqlx::Error> {
    let row: Option<ConversationRow> = each_engine!(tx tx, conn => sqlx::query_as(
        "select id, user_id, workspace_id, external_id, state, offered from conversations where id = $1")
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

/// Somebody who said hello before, with all a turn of theirs begins with.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// Who.
    pub user: User,
    /// Whether they blocked us, as far as we know.
    pub muted: bool,
    /// Their wallet.
    pub wallet: Account,
    /// Whether their workspace has a site.
    pub has_sites: bool,
    /// The conversation of the chat, if there is one.
    pub conversation: Option<Conversation>,
}

#[derive(sqlx::FromRow)]
struct KnownRow {
    #[sqlx(flatten)]
    user: PersonRow,
    #[sqlx(flatten)]
    wallet: WalletRow,
    conversation_id: Option<ConversationId>,
    with_user: Option<UserId>,
    paid_by: Option<WorkspaceId>,
    with_external_id: Option<String>,
    state: Option<Json<Value>>,
    offered: Option<Json<Value>>,
}

#[derive(sqlx::FromRow)]
struct PersonRow {
    user_id: UserId,
    workspace_id: WorkspaceId,
    language: String,
    tier: String,
    referral_code: String,
    muted: bool,
    has_sites: bool,
}

#[derive(sqlx::FromRow)]
struct WalletRow {
    account_id: AccountId,
    credits_posted: Tokens,
    debits_posted: Tokens,
    debits_held: Tokens,
}

impl From<KnownRow> for Known {
    fn from(row: KnownRow) -> Self {
        let KnownRow { user: person, wallet, .. } = row;
        let whose = row.with_user.zip(row.paid_by).zip(row.with_external_id);
        let conversation = row.conversation_id.zip(whose).map(|(id, ((user, workspace), name))| {
            let offered = row.offered.unwrap_or_default().0;
            Conversation {
                id,
                user,
                workspace,
                external_id: name,
                state: row.state.unwrap_or_default().0,
                offered: read_offered(offered),
                remind_at_ms: None,
            }
        });
        Self {
            user: User {
                id: person.user_id,
                workspace: person.workspace_id,
                language: Language::from_tag(&person.language).unwrap_or_default(),
                tier: Tier::from_slug(&person.tier),
                referral_code: person.referral_code,
            },
            muted: person.muted,
            has_sites: person.has_sites,
            wallet: Account {
                id: wallet.account_id,
                credits_posted: wallet.credits_posted,
                debits_posted: wallet.debits_posted,
                debits_held: wallet.debits_held,
            },
            conversation,
        }
    }
}

fn read_offered(mut offered: Value) -> Vec<Choice> {
    serde_json::from_value(offered["choices"].take()).unwrap_or_default()
}

macro_rules! known_sql {
    ($before:literal, $columns:literal, $of:literal, $chat:literal, $where:literal) => {
        concat!(
            $before,
            "select ",
            $columns,
            "u.id as user_id, w.id as workspace_id, u.language, u.tier, ",
            "u.referral_code, i.muted, ",
            "exists(select 1 from sites s where s.workspace_id = w.id) as has_sites, ",
            "a.id as account_id, a.credits_posted, a.debits_posted, a.debits_held, ",
            "c.id as conversation_id, c.user_id as with_user, c.workspace_id as paid_by, ",
            "c.external_id as with_external_id, c.state, c.offered ",
            "from ",
            $of,
            " join users u on u.id = i.user_id join workspaces w on w.personal_of = u.id ",
            "join accounts a on a.workspace_id = w.id ",
            "left join conversations c on c.channel = i.channel and c.chat = ",
            $chat,
            $where
        )
    };
}

/// Who writes, their wallet and their conversation, in one look: it is taken for every message.
pub async fn find_known(
    tx: &mut Tx,
    channel: Channel,
    external_id: &str,
    chat: &str,
) -> Result<Option<Known>, sqlx::Error> {
    let row: Option<KnownRow> = each_engine!(tx tx, conn => sqlx::query_as(
        known_sql!("", "", "identities i", "$3", " where i.channel = $1 and i.external_id = $2"))
        .bind(channel.slug()).bind(external_id).bind(chat).fetch_optional(conn).await?);
    Ok(row.map(Known::from))
}

/// Somebody who wrote, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writer {
    /// On which channel.
    pub channel: Channel,
    /// The channel's id of the person.
    pub external_id: String,
    /// In which chat.
    pub chat: String,
}

/// Who somebody who wrote turns out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Met {
    /// Somebody who said hello before.
    Known(Box<Known>),
    /// Nobody, in a chat that is new.
    Nobody {
        /// Whether they asked to be forgotten once.
        is_forgotten: bool,
    },
    /// Nobody, in a chat where others have spoken.
    Elsewhere,
}

/// The same look at several at once, beside the writer: what is kept after it says itself whether it
/// still fits. One answer each, in order.
pub async fn look_up(db: &Db, writers: &[&Writer]) -> Result<Vec<Met>, sqlx::Error> {
    #[derive(sqlx::FromRow)]
    struct Row {
        place: i64,
        #[sqlx(flatten)]
        known: KnownRow,
    }
    let rows: Vec<Row> = each_engine!(read db, pool => {
        let mut query = sqlx::QueryBuilder::new("with given (place, channel, external_id, chat) as (");
        query.push_values(writers.iter().zip(0_i64..), |mut values, (writer, place)| {
            values.push_bind(place).push_bind(writer.channel.slug());
            values.push_bind(&writer.external_id).push_bind(&writer.chat);
        });
        query.push(known_sql!(") ", "g.place, ", "given g join identities i on i.channel = g.channel
            and i.external_id = g.external_id", "g.chat", ""));
        query.build_query_as().fetch_all(pool).await?
    });
    let mut met: Vec<_> = writers.iter().map(|_| Met::Elsewhere).collect();
    let mut unknown: BTreeMap<_, _> = (0_i64..).zip(writers.iter().copied()).collect();
    for Row { place, known } in rows {
        unknown.remove(&place);
        *at(&mut met, place)? = Met::Known(Box::new(known.into()));
    }
    for (place, is_forgotten) in newcomers(db, unknown).await? {
        *at(&mut met, place)? = Met::Nobody { is_forgotten };
    }
    Ok(met)
}

/// Those of the unknown whose chats are new as well, and whether each asked to be forgotten once.
async fn newcomers(
    db: &Db,
    mut unknown: BTreeMap<i64, &Writer>,
) -> Result<Vec<(i64, bool)>, sqlx::Error> {
    if unknown.is_empty() {
        return Ok(Vec::new());
    }
    let taken: Vec<i64> = each_engine!(read db, pool => {
        let mut query = sqlx::QueryBuilder::new("with given (place, channel, chat) as (");
        query.push_values(&unknown, |mut values, (place, writer)| {
            values.push_bind(*place).push_bind(writer.channel.slug()).push_bind(&writer.chat);
        });
        query.push(") select g.place from given g join conversations c
            on c.channel = g.channel and c.chat = g.chat");
        query.build_query_scalar().fetch_all(pool).await?
    });
    for place in taken {
        unknown.remove(&place);
    }
    let name = |writer: &&Writer| (writer.channel.slug(), writer.external_id.clone());
    let people: Vec<_> = unknown.values().map(name).collect();
    let forgotten = users::which_are_forgotten(db, &people).await?;
    Ok(unknown.into_keys().zip(forgotten).collect())
}

fn at(met: &mut [Met], place: i64) -> Result<&mut Met, sqlx::Error> {
    let place = usize::try_from(place).map_err(|error| sqlx::Error::Decode(error.into()))?;
    met.get_mut(place).ok_or(sqlx::Error::RowNotFound)
}

/// How a conversation is to stand after somebody wrote, if it still is as it was read.
#[derive(Debug, Clone)]
pub struct Kept {
    /// On which channel.
    pub channel: Channel,
    /// In which chat.
    pub chat: String,
    /// The state it was read with.
    pub seen: Value,
    /// The conversation with its new state.
    pub talk: Conversation,
    /// When the person wrote, by the channel's clock.
    pub heard_at_ms: i64,
    /// Now.
    pub now_ms: i64,
}

impl Kept {
    /// The ordering key of the chat.
    pub fn key(&self) -> String {
        chat_key(self.channel, &self.chat)
    }
}

/// Begins conversations, all with one statement; an error when one of their chats has one already.
pub async fn begin_many(tx: &mut Tx, begun: &[&Kept]) -> Result<(), sqlx::Error> {
    if begun.is_empty() {
        return Ok(());
    }
    each_engine!(tx tx, conn => {
        let mut query = sqlx::QueryBuilder::new(
            "insert into conversations (id, channel, chat, user_id, workspace_id, external_id, state,
             offered, last_inbound_at_ms, updated_at_ms, remind_at_ms) ");
        query.push_values(begun, |mut values, kept| {
            let Conversation { id, user, workspace, external_id, .. } = &kept.talk;
            let offered = serde_json::json!({ "choices": kept.talk.offered });
            values.push_bind(*id).push_bind(kept.channel.slug()).push_bind(&kept.chat);
            values.push_bind(*user).push_bind(*workspace).push_bind(external_id);
            values.push_bind(Json(&kept.talk.state)).push_bind(Json(offered));
            values.push_bind(kept.heard_at_ms).push_bind(kept.now_ms);
            values.push_bind(kept.talk.remind_at_ms);
        });
        query.build().execute(conn).await.map(drop)
    })
}

/// Keeps how conversations stand, all with one statement; an error when one of them is not as it was
/// read.
pub async fn keep_many(tx: &mut Tx, kept: &[&Kept]) -> Result<(), sqlx::Error> {
    if kept.is_empty() {
        return Ok(());
    }
    let changed = each_engine!(tx tx, conn => {
        let mut query = sqlx::QueryBuilder::new(
            "with given (id, user_id, channel, chat, seen, state, offered, at_ms, heard_at_ms, remind_at_ms) as (");
        query.push_values(kept, |mut values, kept| {
            let offered = serde_json::json!({ "choices": kept.talk.offered });
            values.push_bind(kept.talk.id).push_bind(kept.talk.user);
            values.push_bind(kept.channel.slug()).push_bind(&kept.chat);
            values.push_bind(Json(&kept.seen)).push_bind(Json(&kept.talk.state));
            values.push_bind(Json(offered)).push_bind(kept.now_ms).push_bind(kept.heard_at_ms);
            values.push_bind(kept.talk.remind_at_ms);
        });
        query.push(
            ") update conversations set state = given.state, offered = given.offered,
             updated_at_ms = given.at_ms, remind_at_ms =
             case when conversations.reminded then null else given.remind_at_ms end,
             reminded = conversations.reminded and given.remind_at_ms is not null,
             last_inbound_at_ms = case when conversations.last_inbound_at_ms < given.heard_at_ms
             then given.heard_at_ms else conversations.last_inbound_at_ms end
             from given where conversations.id = given.id and conversations.user_id = given.user_id
             and conversations.channel = given.channel and conversations.chat = given.chat
             and conversations.state = given.seen");
        query.build().execute(conn).await?.rows_affected()
    });
    if changed == kept.len() as u64 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
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

/// Where a conversation is held, if it is still remembered.
pub async fn whereabouts(
    db: &Db,
    conversation: ConversationId,
) -> Result<Option<Whereabouts>, sqlx::Error> {
    each_engine!(read db, pool => sqlx::query_as(
        "select c.chat, c.external_id, coalesce(i.muted, false) as muted, c.last_inbound_at_ms,
         c.nudged_at_ms, u.language from conversations c join users u on u.id = c.user_id
         left join identities i on i.channel = c.channel and i.external_id = c.external_id
         where c.id = $1")
        .bind(conversation).fetch_optional(pool).await)
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

/// The name a chat moved to, if it did.
pub async fn moved_to(
    tx: &mut Tx,
    channel: Channel,
    old_chat: &str,
) -> Result<Option<String>, sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query_scalar(
        "select new_chat from chat_moves where channel = $1 and old_chat = $2")
        .bind(channel.slug()).bind(old_chat).fetch_optional(conn).await)
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
