//! A person who wants to be forgotten: everything that tells who they are goes, the ledger stays
//! without their name.

use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::types::Json;

use super::User;
use super::store::fresh_code;
use crate::db::{Db, Tx};
use crate::each_engine;
use crate::ids::ConversationId;
use crate::queue;

/// The salt's name in its table.
const SALT: &str = "forgotten";

/// Erases a person. Their sites are the caller's to take down, before. A salted mark of each of their
/// channels is kept, so that whoever comes back is no newcomer to be welcomed with tokens again.
pub async fn forget(tx: &mut Tx, user: &User, now_ms: i64) -> Result<(), sqlx::Error> {
    let identities: Vec<(String, String)> = each_engine!(tx tx, conn => sqlx::query_as(
        "select channel, external_id from identities where user_id = $1")
        .bind(user.id).fetch_all(conn).await?);
    for (channel, external_id) in &identities {
        let mark = mark_of(tx, channel, external_id).await?;
        each_engine!(tx tx, conn => sqlx::query(
            "insert into forgotten (mark, at_ms) values ($1, $2) on conflict (mark) do nothing")
            .bind(mark).bind(now_ms).execute(conn).await?.rows_affected());
    }
    forget_conversations(tx, user).await?;
    each_engine!(tx tx, conn => {
        sqlx::query("delete from identities where user_id = $1").bind(user.id).execute(&mut *conn).await?;
        sqlx::query("delete from link_codes where user_id = $1").bind(user.id).execute(&mut *conn).await?;
        sqlx::query("delete from link_tries where user_id = $1").bind(user.id).execute(&mut *conn).await?;
        sqlx::query("update users set referral_code = $1 where id = $2")
            .bind(fresh_code()).bind(user.id).execute(&mut *conn).await?;
        sqlx::query("update workspaces set name = '' where personal_of = $1")
            .bind(user.id).execute(&mut *conn).await?;
    });
    Ok(())
}

/// The name of a chat that was forgotten.
pub fn nobody_of(conversation: ConversationId) -> String {
    format!("gone:{conversation}")
}

/// What was said is deleted; the rows that runs point at stay, under a name that means nobody.
async fn forget_conversations(tx: &mut Tx, user: &User) -> Result<(), sqlx::Error> {
    let chats: Vec<(ConversationId, String, String)> = each_engine!(tx tx, conn => sqlx::query_as(
        "select id, channel, chat from conversations where user_id = $1")
        .bind(user.id).fetch_all(conn).await?);
    let nothing = Json(json!({ "version": 1, "state": "welcome" }));
    let unoffered = Json(json!({ "choices": [] }));
    for (id, channel, chat) in chats {
        let nobody = nobody_of(id);
        queue::forget_dead(tx, &format!("{channel}:{chat}")).await?;
        each_engine!(tx tx, conn => {
            sqlx::query("delete from deliveries where conversation_id = $1").bind(id).execute(&mut *conn).await?;
            sqlx::query("delete from transcript where channel = $1 and chat = $2")
                .bind(&channel).bind(&chat).execute(&mut *conn).await?;
            sqlx::query("delete from chat_moves where channel = $1 and (old_chat = $2 or new_chat = $2)")
                .bind(&channel).bind(&chat).execute(&mut *conn).await?;
            sqlx::query(
                "update conversations set chat = $1, external_id = $1, state = $2, offered = $3,
                 remind_at_ms = null where id = $4")
                .bind(&nobody).bind(&nothing).bind(&unoffered).bind(id).execute(&mut *conn).await?;
        });
    }
    Ok(())
}

/// Whether this channel's person asked to be forgotten once.
pub async fn is_forgotten(
    tx: &mut Tx,
    channel: &str,
    external_id: &str,
) -> Result<bool, sqlx::Error> {
    let mark = mark_of(tx, channel, external_id).await?;
    let found: Option<i64> = each_engine!(tx tx, conn => sqlx::query_scalar(
        "select at_ms from forgotten where mark = $1").bind(mark).fetch_optional(conn).await?);
    Ok(found.is_some())
}

/// The same of several people of channels, beside the writer; one answer each, in order.
pub async fn which_are_forgotten(
    db: &Db,
    people: &[(&str, String)],
) -> Result<Vec<bool>, sqlx::Error> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let salt: Option<String> = each_engine!(read db, pool => sqlx::query_scalar(
        "select value from house_salts where name = $1").bind(SALT).fetch_optional(pool).await?);
    // Nobody was forgotten before there was one.
    let Some(salt) = salt else { return Ok(vec![false; people.len()]) };
    let marks: Vec<_> = people.iter().map(|(channel, id)| mark(&salt, channel, id)).collect();
    let found: Vec<String> = each_engine!(read db, pool => {
        let mut query = sqlx::QueryBuilder::new("select mark from forgotten where mark in (");
        let mut list = query.separated(", ");
        for mark in &marks {
            list.push_bind(mark);
        }
        query.push(")");
        query.build_query_scalar().fetch_all(pool).await?
    });
    Ok(marks.iter().map(|mark| found.contains(mark)).collect())
}

async fn mark_of(tx: &mut Tx, channel: &str, external_id: &str) -> Result<String, sqlx::Error> {
    let fresh = hex::encode(rand::random::<[u8; 32]>());
    let salt: String = each_engine!(tx tx, conn => {
        sqlx::query("insert into house_salts (name, value) values ($1, $2) on conflict (name) do nothing")
            .bind(SALT).bind(fresh).execute(&mut *conn).await?;
        sqlx::query_scalar("select value from house_salts where name = $1")
            .bind(SALT).fetch_one(&mut *conn).await?
    });
    Ok(mark(&salt, channel, external_id))
}

fn mark(salt: &str, channel: &str, external_id: &str) -> String {
    hex::encode(Sha256::digest(format!("{salt}:{channel}:{external_id}")))
}
