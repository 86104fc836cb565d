//! One person, many channels: a short code made on one is entered on another.
//!
//! Codes are kept as hashes, work once, expire soon, and are tried a bounded number of times. Whoever
//! came first stays; the other's channels, sites and own tokens become theirs.

use rand::RngExt;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::store::CODE_LETTERS;
use crate::db::Tx;
use crate::each_engine;
use crate::ids::{ConversationId, Tokens, UserId, WorkspaceId};
use crate::wallet::{self, WalletError};

/// Letters of a code: 31^8 of them.
const CODE_LENGTH: usize = 8;
/// Digits every code has, so that it is never a word.
const LEAST_DIGITS: usize = 2;
/// How long a code works.
pub const LINK_CODE_MS: i64 = 10 * 60 * 1_000;
/// Codes a person may ask for, and tries they have, while one code would work.
const MOST_CODES: i64 = 5;
const MOST_TRIES: i64 = 5;

/// Two people who turned out to be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// Who stays.
    pub user: UserId,
    /// Their workspace.
    pub workspace: WorkspaceId,
    /// The conversation the code was made in.
    pub conversation: ConversationId,
    /// Whether the one who stays is the one who made the code.
    pub maker_stays: bool,
    /// Tokens that came along.
    pub moved: Tokens,
}

/// What became of a code that was entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkTry {
    /// It worked.
    Linked(Linked),
    /// Both are the same person already.
    Same,
    /// There is no such code any more.
    Wrong,
    /// Too many tries: none is looked at for a while.
    TooMany,
}

/// A code as it is compared: capitals without blanks and dashes; `None` when it cannot be one.
pub fn normal_code(text: &str) -> Option<String> {
    let letters = text.chars().filter(|c| !c.is_whitespace() && *c != '-');
    let code: String = letters.flat_map(char::to_lowercase).collect();
    let digits = code.bytes().filter(u8::is_ascii_digit).count();
    let known = code.bytes().all(|byte| CODE_LETTERS.contains(&byte));
    let mixed = (LEAST_DIGITS..CODE_LENGTH).contains(&digits);
    (code.len() == CODE_LENGTH && known && mixed).then(|| code.to_uppercase())
}

/// A code of this person for the next ten minutes; `None` when they asked for too many.
pub async fn fresh_link_code(
    tx: &mut Tx,
    user: UserId,
    conversation: ConversationId,
    now_ms: i64,
) -> Result<Option<String>, sqlx::Error> {
    let made: i64 = each_engine!(tx tx, conn => sqlx::query_scalar(
        "select cast(count(*) as bigint) from link_codes where user_id = $1 and created_at_ms > $2")
        .bind(user).bind(now_ms - LINK_CODE_MS).fetch_one(conn).await?);
    if made >= MOST_CODES {
        return Ok(None);
    }
    let code = random_code();
    each_engine!(tx tx, conn => {
        // The code before it no longer works: only the one on the screen does.
        sqlx::query("update link_codes set used_at_ms = $1 where user_id = $2 and used_at_ms is null")
            .bind(now_ms).bind(user).execute(&mut *conn).await?;
        sqlx::query(
            "insert into link_codes (code_hash, user_id, conversation_id, expires_at_ms, created_at_ms)
             values ($1, $2, $3, $4, $5) on conflict (code_hash) do nothing")
            .bind(hash_of(&code)).bind(user).bind(conversation).bind(now_ms + LINK_CODE_MS).bind(now_ms)
            .execute(&mut *conn).await?;
    });
    Ok(Some(code))
}

fn random_code() -> String {
    let mut random = rand::rng();
    let digits: Vec<u8> = CODE_LETTERS.iter().copied().filter(u8::is_ascii_digit).collect();
    let mut code: Vec<u8> = (0..CODE_LENGTH)
        .map(|_| CODE_LETTERS[random.random_range(0..CODE_LETTERS.len())])
        .collect();
    for place in [2, 5] {
        code[place] = digits[random.random_range(0..digits.len())];
    }
    let letters: Vec<u8> = CODE_LETTERS.iter().copied().filter(u8::is_ascii_alphabetic).collect();
    code[0] = letters[random.random_range(0..letters.len())];
    code.into_iter().map(char::from).collect::<String>().to_uppercase()
}

fn hash_of(code: &str) -> String {
    hex::encode(Sha256::digest(format!("link:{code}")))
}

/// A code as it is stored.
#[derive(sqlx::FromRow)]
struct CodeRow {
    code_hash: String,
    user_id: UserId,
    conversation_id: ConversationId,
}

/// Enters a code on another channel.
pub async fn link(
    tx: &mut Tx,
    entering: UserId,
    code: &str,
    now_ms: i64,
) -> Result<LinkTry, WalletError> {
    if !may_try(tx, entering, now_ms).await? {
        return Ok(LinkTry::TooMany);
    }
    let Some(found) = find_code(tx, code, now_ms).await? else { return Ok(LinkTry::Wrong) };
    if found.user_id == entering {
        return Ok(LinkTry::Same);
    }
    let used = each_engine!(tx tx, conn => sqlx::query(
        "update link_codes set used_at_ms = $1 where code_hash = $2 and used_at_ms is null")
        .bind(now_ms).bind(&found.code_hash).execute(conn).await?.rows_affected());
    if used != 1 {
        return Ok(LinkTry::Wrong);
    }
    let (maker_at, enterer_at) = (since(tx, found.user_id).await?, since(tx, entering).await?);
    let maker_stays = maker_at <= enterer_at;
    let (stays, goes) =
        if maker_stays { (found.user_id, entering) } else { (entering, found.user_id) };
    let (workspace, moved) = merge(tx, stays, goes, now_ms).await?;
    let conversation = found.conversation_id;
    Ok(LinkTry::Linked(Linked { user: stays, workspace, conversation, maker_stays, moved }))
}

/// Counts a try; `false` when there were too many lately.
async fn may_try(tx: &mut Tx, user: UserId, now_ms: i64) -> Result<bool, sqlx::Error> {
    let tries: i64 = each_engine!(tx tx, conn => {
        sqlx::query("delete from link_tries where at_ms < $1")
            .bind(now_ms - LINK_CODE_MS).execute(&mut *conn).await?;
        sqlx::query_scalar("select cast(count(*) as bigint) from link_tries where user_id = $1")
            .bind(user).fetch_one(&mut *conn).await?
    });
    if tries >= MOST_TRIES {
        return Ok(false);
    }
    each_engine!(tx tx, conn => sqlx::query("insert into link_tries (id, user_id, at_ms) values ($1, $2, $3)")
        .bind(uuid::Uuid::now_v7()).bind(user).bind(now_ms).execute(conn).await?.rows_affected());
    Ok(true)
}

/// The code if it works now; found by its hash and compared whole in constant time.
async fn find_code(tx: &mut Tx, code: &str, now_ms: i64) -> Result<Option<CodeRow>, sqlx::Error> {
    let hash = hash_of(code);
    let row: Option<CodeRow> = each_engine!(tx tx, conn => sqlx::query_as(
        "select code_hash, user_id, conversation_id from link_codes
         where code_hash = $1 and used_at_ms is null and expires_at_ms > $2")
        .bind(&hash).bind(now_ms).fetch_optional(conn).await?);
    Ok(row.filter(|row| bool::from(row.code_hash.as_bytes().ct_eq(hash.as_bytes()))))
}

async fn since(tx: &mut Tx, user: UserId) -> Result<i64, sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query_scalar("select created_at_ms from users where id = $1")
        .bind(user).fetch_one(conn).await)
}

async fn personal(tx: &mut Tx, user: UserId) -> Result<WorkspaceId, sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query_scalar("select id from workspaces where personal_of = $1")
        .bind(user).fetch_one(conn).await)
}

/// Everything of one person becomes another's. Gifts to newcomers stay behind: one person is
/// welcomed once, however many channels they come by.
async fn merge(
    tx: &mut Tx,
    stays: UserId,
    goes: UserId,
    now_ms: i64,
) -> Result<(WorkspaceId, Tokens), WalletError> {
    let (to, from) = (personal(tx, stays).await?, personal(tx, goes).await?);
    let moved = wallet::own_tokens(tx, from).await?;
    if moved.0 > 0 {
        let cause = format!("link:{goes}");
        wallet::move_over(tx, (from, to), moved, &cause, now_ms).await?;
    }
    each_engine!(tx tx, conn => {
        sqlx::query("update identities set user_id = $1 where user_id = $2")
            .bind(stays).bind(goes).execute(&mut *conn).await?;
        sqlx::query("update conversations set user_id = $1, workspace_id = $2 where user_id = $3")
            .bind(stays).bind(to).bind(goes).execute(&mut *conn).await?;
        sqlx::query("update sites set workspace_id = $1, updated_at_ms = $2 where workspace_id = $3")
            .bind(to).bind(now_ms).bind(from).execute(&mut *conn).await?;
        sqlx::query("update runs set workspace_id = $1 where workspace_id = $2")
            .bind(to).bind(from).execute(&mut *conn).await?;
        // What is on hold there and comes back later comes after them.
        sqlx::query("update workspaces set merged_into = $1, name = '' where id = $2")
            .bind(to).bind(from).execute(&mut *conn).await?;
        sqlx::query("update workspaces set merged_into = $1 where merged_into = $2")
            .bind(to).bind(from).execute(&mut *conn).await?;
        // Who has invited others, or was invited, stays so.
        sqlx::query("update users set referred_by = (select g.referred_by from users g where g.id = $2)
                     where id = $1 and referred_by is null and not exists
                     (select 1 from users g where g.id = $2 and g.referred_by = $1)")
            .bind(stays).bind(goes).execute(&mut *conn).await?;
        sqlx::query("update users set referred_by = $1 where referred_by = $2 and id <> $1")
            .bind(stays).bind(goes).execute(&mut *conn).await?;
    });
    Ok((to, moved))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back_however_it_is_typed() {
        for _ in 0..200 {
            let code = random_code();
            let typed = format!(" {}-{} ", code[..4].to_lowercase(), &code[4..]);
            assert_eq!(normal_code(&typed).as_deref(), Some(code.as_str()));
        }
    }

    #[test]
    fn names_and_numbers_are_no_codes() {
        for text in ["Kopi2024", "kopisusu", "08123456", "abcdefgh", "23456789", "ABC", "ABCD23456"]
        {
            assert_eq!(normal_code(text), None, "{text}");
        }
    }
}
