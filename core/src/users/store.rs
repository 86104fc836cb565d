//! The SQL of people.

use rand::RngExt;

use super::{Tier, User, Welcome};
use crate::brief::Language;
use crate::db::{Db, Tx};
use crate::each_engine;
use crate::ids::{Tokens, UserId, WorkspaceId};
use crate::wallet::{self, Account, Opening, Posted, TransferKind, WalletError};

/// Letters of invitation codes: none that look alike.
pub(super) const CODE_LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
/// Their length: 31^10 codes, too many to guess.
const CODE_LENGTH: usize = 10;

#[derive(sqlx::FromRow)]
struct UserRow {
    id: UserId,
    workspace_id: WorkspaceId,
    language: String,
    tier: String,
    referral_code: String,
}

impl From<UserRow> for User {
    fn from(row: UserRow) -> Self {
        Self {
            id: row.id,
            workspace: row.workspace_id,
            language: Language::from_tag(&row.language).unwrap_or_default(),
            tier: Tier::from_slug(&row.tier),
            referral_code: row.referral_code,
        }
    }
}

/// The person behind a channel's id, if they ever said hello.
pub async fn find_identity(
    tx: &mut Tx,
    channel: &str,
    external_id: &str,
) -> Result<Option<User>, sqlx::Error> {
    let row: Option<UserRow> = each_engine!(tx tx, conn => sqlx::query_as(
        "select u.id, w.id as workspace_id, u.language, u.tier, u.referral_code
         from identities i join users u on u.id = i.user_id join workspaces w on w.personal_of = u.id
         where i.channel = $1 and i.external_id = $2")
        .bind(channel).bind(external_id).fetch_optional(conn).await?);
    Ok(row.map(User::from))
}

/// Somebody who says hello for the first time, as they are to be written down.
#[derive(Debug, Clone)]
pub struct Newcomer {
    user: User,
    opening: Opening,
    channel: String,
    external_id: String,
    name: Option<String>,
    phone: Option<String>,
    at_ms: i64,
}

impl Newcomer {
    /// A user with a personal workspace and its wallet, with the signup bonus in it.
    pub fn new(who: &Welcome<'_>, signup_bonus: Tokens, now_ms: i64) -> Self {
        let user = User {
            id: UserId::fresh(),
            workspace: WorkspaceId::fresh(),
            language: who.language,
            tier: Tier::Free,
            referral_code: fresh_code(),
        };
        Self {
            opening: Opening::new(user.workspace, signup_bonus, now_ms),
            user,
            channel: who.channel.to_owned(),
            external_id: who.external_id.to_owned(),
            name: who.name.map(str::to_owned),
            phone: who.phone.map(str::to_owned),
            at_ms: now_ms,
        }
    }

    /// Who they are from now on.
    pub fn user(&self) -> &User {
        &self.user
    }

    /// Their wallet.
    pub fn wallet(&self) -> Account {
        self.opening.account()
    }
}

/// Writes newcomers down, each kind of row with one statement. Only for those whom
/// [`find_identity`] does not find.
pub async fn take_in(tx: &mut Tx, newcomers: &[&Newcomer]) -> Result<(), sqlx::Error> {
    if newcomers.is_empty() {
        return Ok(());
    }
    each_engine!(tx tx, conn => {
        let mut users = sqlx::QueryBuilder::new(
            "insert into users (id, language, tier, referral_code, created_at_ms) ");
        users.push_values(newcomers, |mut values, Newcomer { user, at_ms, .. }| {
            values.push_bind(user.id).push_bind(user.language.tag()).push_bind(user.tier.slug());
            values.push_bind(&user.referral_code).push_bind(*at_ms);
        });
        users.build().execute(&mut *conn).await?;
        let mut identities = sqlx::QueryBuilder::new(
            "insert into identities (channel, external_id, user_id, name, phone, created_at_ms) ");
        identities.push_values(newcomers, |mut values, newcomer| {
            values.push_bind(&newcomer.channel).push_bind(&newcomer.external_id);
            values.push_bind(newcomer.user.id).push_bind(&newcomer.name);
            values.push_bind(&newcomer.phone).push_bind(newcomer.at_ms);
        });
        identities.build().execute(&mut *conn).await?;
        let mut workspaces = sqlx::QueryBuilder::new(
            "insert into workspaces (id, name, personal_of, created_at_ms) ");
        workspaces.push_values(newcomers, |mut values, Newcomer { user, name, at_ms, .. }| {
            values.push_bind(user.workspace).push_bind(name.as_deref().unwrap_or_default());
            values.push_bind(user.id).push_bind(*at_ms);
        });
        workspaces.build().execute(&mut *conn).await?;
        let mut members = sqlx::QueryBuilder::new(
            "insert into members (workspace_id, user_id, role, created_at_ms) ");
        members.push_values(newcomers, |mut values, Newcomer { user, at_ms, .. }| {
            values.push_bind(user.workspace).push_bind(user.id).push("'owner'").push_bind(*at_ms);
        });
        members.build().execute(conn).await.map(drop)
    })?;
    let openings: Vec<_> = newcomers.iter().map(|newcomer| &newcomer.opening).collect();
    wallet::open_accounts(tx, &openings).await
}

/// Makes the user, the personal workspace and its wallet at the first hello, with the signup bonus.
/// Call it only when [`find_identity`] found nobody.
pub async fn welcome(
    tx: &mut Tx,
    who: &Welcome<'_>,
    signup_bonus: Tokens,
    now_ms: i64,
) -> Result<User, sqlx::Error> {
    let newcomer = Newcomer::new(who, signup_bonus, now_ms);
    take_in(tx, &[&newcomer]).await?;
    Ok(newcomer.user)
}

pub(super) fn fresh_code() -> String {
    let mut random = rand::rng();
    (0..CODE_LENGTH)
        .map(|_| char::from(CODE_LETTERS[random.random_range(0..CODE_LETTERS.len())]))
        .collect()
}

/// Remembers the language a person wants.
pub async fn set_language(
    tx: &mut Tx,
    user: UserId,
    language: Language,
) -> Result<(), sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query("update users set language = $1 where id = $2")
        .bind(language.tag()).bind(user).execute(conn).await.map(drop))
}

/// Notes whether a person has blocked us on a channel.
pub async fn mark_muted(
    tx: &mut Tx,
    channel: &str,
    external_id: &str,
    muted: bool,
) -> Result<(), sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query(
        "update identities set muted = $1 where channel = $2 and external_id = $3 and muted <> $1")
        .bind(muted).bind(channel).bind(external_id).execute(conn).await.map(drop))
}

/// Whose invitation code this is.
pub async fn find_by_referral_code(tx: &mut Tx, code: &str) -> Result<Option<User>, sqlx::Error> {
    let row: Option<UserRow> = each_engine!(tx tx, conn => sqlx::query_as(
        "select u.id, w.id as workspace_id, u.language, u.tier, u.referral_code
         from users u join workspaces w on w.personal_of = u.id where u.referral_code = $1")
        .bind(code).fetch_optional(conn).await?);
    Ok(row.map(User::from))
}

/// Accepts an invitation: both get the bonus, once in the invited person's life, never from
/// themselves, only before their first site, and never by somebody who has invited others: two
/// people cannot invite each other. `false` when it does not count.
pub async fn accept_referral(
    tx: &mut Tx,
    invited: &User,
    code: &str,
    bonus: Tokens,
    now_ms: i64,
) -> Result<bool, WalletError> {
    let Some(inviter) = find_by_referral_code(tx, code).await? else { return Ok(false) };
    if inviter.id == invited.id || bonus.0 <= 0 {
        return Ok(false);
    }
    let counted = each_engine!(tx tx, conn => sqlx::query(
        "update users set referred_by = $1 where id = $2 and referred_by is null
         and not exists (select 1 from sites s where s.workspace_id = $3)
         and not exists (select 1 from users i where i.referred_by = $2)")
        .bind(inviter.id).bind(invited.id).bind(invited.workspace)
        .execute(conn).await?.rows_affected());
    if counted != 1 {
        return Ok(false);
    }
    for (workspace, side) in [(invited.workspace, "invited"), (inviter.workspace, "inviter")] {
        let cause = format!("referral:{}:{side}", invited.id);
        let kind = TransferKind::Referral;
        let posted = wallet::pay_in(tx, workspace, kind, bonus, &cause, None, now_ms).await?;
        debug_assert!(matches!(posted, Posted::Now(_)));
    }
    Ok(true)
}

/// A member's role in a workspace, if they are one.
pub async fn members_role(
    tx: &mut Tx,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<Option<String>, sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query_scalar(
        "select role from members where workspace_id = $1 and user_id = $2")
        .bind(workspace).bind(user).fetch_optional(conn).await)
}

/// Finds a person by user id, `channel:external id`, or a terminal name: what an operator types.
pub async fn user_by_name(db: &Db, name: &str) -> Result<Option<User>, sqlx::Error> {
    let by_id = name.parse::<UserId>().ok();
    let (channel, external_id) = name.split_once(':').unwrap_or(("terminal", name));
    // Who is known by a scoped id may have told a number all the same.
    let phone = format!("+{}", external_id.trim_start_matches('+').replace([' ', '-'], ""));
    let row: Option<UserRow> = each_engine!(read db, pool => sqlx::query_as(
        "select u.id, w.id as workspace_id, u.language, u.tier, u.referral_code
         from users u join workspaces w on w.personal_of = u.id
         where u.id = $1 or u.id in (select user_id from identities where channel = $2
         and (external_id = $3 or phone = $4)) limit 1")
        .bind(by_id).bind(channel).bind(external_id).bind(phone).fetch_optional(pool).await?);
    Ok(row.map(User::from))
}
