//! Conversations that were read beside the writer, kept together with others.

use serde_json::Value;
use sitespark_core::db::Tx;
use sitespark_core::each_engine;
use sqlx::types::Json;

use super::Conversation;
use crate::inbox::chat_key;
use crate::message::Channel;

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
