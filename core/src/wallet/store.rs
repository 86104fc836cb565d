//! The wallet's SQL. The caller owns the transaction; schema constraints guard every rule again.

use super::{Account, HouseAccount, Movement, Posted, TransferKind, WalletError};
use crate::db::{Db, Tx};
use crate::each_engine;
use crate::ids::{AccountId, Tokens, TransferId, WorkspaceId};

/// Why tokens move between two wallets.
const LINKED: &str = "linked";

#[derive(sqlx::FromRow)]
struct AccountRow {
    id: AccountId,
    credits_posted: i64,
    debits_posted: i64,
    debits_held: i64,
}

impl From<AccountRow> for Account {
    fn from(row: AccountRow) -> Self {
        Self {
            id: row.id,
            credits_posted: Tokens(row.credits_posted),
            debits_posted: Tokens(row.debits_posted),
            debits_held: Tokens(row.debits_held),
        }
    }
}

/// One side to another, as it is written down.
struct NewTransfer<'a> {
    cause: &'a str,
    kind: &'a str,
    phase: &'static str,
    debit: AccountId,
    credit: AccountId,
    amount: Tokens,
    hold: Option<TransferId>,
    why: Option<&'a str>,
    expires_at_ms: Option<i64>,
    now_ms: i64,
}

/// A wallet to be opened.
#[derive(Debug, Clone)]
pub struct Opening {
    workspace: WorkspaceId,
    account: Account,
    at_ms: i64,
}

impl Opening {
    /// A workspace's wallet that begins with a signup bonus, if it is any.
    pub fn new(workspace: WorkspaceId, bonus: Tokens, at_ms: i64) -> Self {
        let account = Account {
            id: AccountId::fresh(),
            credits_posted: bonus,
            debits_posted: Tokens(0),
            debits_held: Tokens(0),
        };
        Self { workspace, account, at_ms }
    }

    /// The wallet as it stands once it is open.
    pub fn account(&self) -> Account {
        self.account
    }
}

/// Opens wallets, each with its bonus from issuance.
pub async fn open_accounts(tx: &mut Tx, openings: &[&Opening]) -> Result<(), sqlx::Error> {
    let given: Vec<_> =
        openings.iter().filter(|opening| opening.account.credits_posted.0 > 0).collect();
    each_engine!(tx tx, conn => {
        let mut query = sqlx::QueryBuilder::new(
            "insert into accounts (id, kind, workspace_id, credits_posted, created_at_ms) ");
        query.push_values(openings, |mut values, opening| {
            values.push_bind(opening.account.id).push("'wallet'").push_bind(opening.workspace);
            values.push_bind(opening.account.credits_posted).push_bind(opening.at_ms);
        });
        query.build().execute(&mut *conn).await?;
        if given.is_empty() {
            return Ok(());
        }
        let mut query = sqlx::QueryBuilder::new(
            "insert into transfers (id, cause, kind, phase, debit_account_id, credit_account_id,
             amount, created_at_ms) ");
        query.push_values(given, |mut values, opening| {
            values.push_bind(TransferId::fresh());
            values.push_bind(format!("signup:{}", opening.workspace));
            values.push_bind(TransferKind::SignupBonus.slug()).push("'post'");
            values.push_bind(HouseAccount::Issuance.id()).push_bind(opening.account.id);
            values.push_bind(opening.account.credits_posted).push_bind(opening.at_ms);
        });
        query.build().execute(conn).await.map(drop)
    })
}

/// A workspace's wallet, as it stands inside the transaction: locked until its end, so that what is
/// decided by it still holds when it is written, and two of one cause look one after the other. The
/// update that changes nothing is the lock of both engines.
pub async fn balance(tx: &mut Tx, workspace: WorkspaceId) -> Result<Account, WalletError> {
    let row: Option<AccountRow> = each_engine!(tx tx, conn => sqlx::query_as(
        "update accounts set debits_held = debits_held where workspace_id = $1
         returning id, credits_posted, debits_posted, debits_held")
        .bind(workspace).fetch_optional(conn).await?);
    row.map(Account::from).ok_or(WalletError::NoSuchWallet)
}

/// The same without the lock: to be told, not to decide by.
pub async fn account(tx: &mut Tx, workspace: WorkspaceId) -> Result<Account, WalletError> {
    let row: Option<AccountRow> = each_engine!(tx tx, conn => sqlx::query_as(
        "select id, credits_posted, debits_posted, debits_held from accounts where workspace_id = $1")
        .bind(workspace).fetch_optional(conn).await?);
    row.map(Account::from).ok_or(WalletError::NoSuchWallet)
}

/// What a workspace can spend right now.
pub async fn available(db: &Db, workspace: WorkspaceId) -> Result<Tokens, WalletError> {
    let row: Option<AccountRow> = each_engine!(read db, pool => sqlx::query_as(
        "select id, credits_posted, debits_posted, debits_held from accounts where workspace_id = $1")
        .bind(workspace).fetch_optional(pool).await?);
    row.map(|row| Account::from(row).available()).ok_or(WalletError::NoSuchWallet)
}

/// Pays tokens into a wallet, once per cause. Given and bought tokens come from issuance, refunds
/// from revenue.
pub async fn pay_in(
    tx: &mut Tx,
    workspace: WorkspaceId,
    kind: TransferKind,
    amount: Tokens,
    cause: &str,
    why: Option<&str>,
    now_ms: i64,
) -> Result<Posted, WalletError> {
    require_positive(amount)?;
    // Locks the wallet as well, so that two of one cause come one after the other.
    let wallet = add_credits(tx, workspace, amount).await?;
    let from = match kind {
        TransferKind::Refund => HouseAccount::Revenue,
        TransferKind::SignupBonus
        | TransferKind::DailyLogin
        | TransferKind::WebsiteGeneration
        | TransferKind::ImageGeneration
        | TransferKind::Refinement
        | TransferKind::Referral
        | TransferKind::Purchase
        | TransferKind::Grant => HouseAccount::Issuance,
    };
    let transfer = NewTransfer {
        cause,
        kind: kind.slug(),
        phase: "post",
        debit: from.id(),
        credit: wallet,
        amount,
        hold: None,
        why,
        expires_at_ms: None,
        now_ms,
    };
    let posted = insert(tx, &transfer).await?;
    if !posted.is_new() {
        add_credits(tx, workspace, Tokens(-amount.0)).await?;
    }
    Ok(posted)
}

async fn add_credits(
    tx: &mut Tx,
    workspace: WorkspaceId,
    amount: Tokens,
) -> Result<AccountId, WalletError> {
    let wallet: Option<AccountId> = each_engine!(tx tx, conn => sqlx::query_scalar(
        "update accounts set credits_posted = credits_posted + $1 where workspace_id = $2 returning id")
        .bind(amount).bind(workspace).fetch_optional(conn).await?);
    wallet.ok_or(WalletError::NoSuchWallet)
}

/// Pays tokens out of a wallet at once, once per cause; moves nothing when there are too few.
pub async fn pay_out(
    tx: &mut Tx,
    workspace: WorkspaceId,
    kind: TransferKind,
    amount: Tokens,
    cause: &str,
    now_ms: i64,
) -> Result<Posted, WalletError> {
    require_positive(amount)?;
    let wallet = balance(tx, workspace).await?;
    let transfer = NewTransfer {
        cause,
        kind: kind.slug(),
        phase: "post",
        debit: wallet.id,
        credit: HouseAccount::Revenue.id(),
        amount,
        hold: None,
        why: None,
        expires_at_ms: None,
        now_ms,
    };
    if id_of(tx, cause).await?.is_some() {
        return Ok(Posted::Before);
    }
    let spent = each_engine!(tx tx, conn => sqlx::query(
        "update accounts set debits_posted = debits_posted + $1
         where id = $2 and credits_posted - debits_posted - debits_held >= $1")
        .bind(amount).bind(wallet.id).execute(conn).await?.rows_affected());
    if spent != 1 {
        return Err(insufficient(&wallet, amount));
    }
    insert_first(tx, &transfer).await.map(Posted::Now)
}

/// Moves tokens from one wallet to another, once per cause: two people turned out to be one.
pub async fn move_over(
    tx: &mut Tx,
    (from, to): (WorkspaceId, WorkspaceId),
    amount: Tokens,
    cause: &str,
    now_ms: i64,
) -> Result<Posted, WalletError> {
    require_positive(amount)?;
    let (giver, taker) = (balance(tx, from).await?, balance(tx, to).await?);
    if id_of(tx, cause).await?.is_some() {
        return Ok(Posted::Before);
    }
    let transfer = NewTransfer {
        cause,
        kind: TransferKind::Grant.slug(),
        phase: "post",
        debit: giver.id,
        credit: taker.id,
        amount,
        hold: None,
        why: Some(LINKED),
        expires_at_ms: None,
        now_ms,
    };
    let spent = each_engine!(tx tx, conn => sqlx::query(
        "update accounts set debits_posted = debits_posted + $1
         where id = $2 and credits_posted - debits_posted - debits_held >= $1")
        .bind(amount).bind(giver.id).execute(conn).await?.rows_affected());
    if spent != 1 {
        return Err(insufficient(&giver, amount));
    }
    each_engine!(tx tx, conn => sqlx::query(
        "update accounts set credits_posted = credits_posted + $1 where id = $2")
        .bind(amount).bind(taker.id).execute(conn).await?.rows_affected());
    insert_first(tx, &transfer).await.map(Posted::Now)
}

/// What of a wallet was not given to a newcomer or for a visit: what is left of bought, granted and
/// refunded tokens that were not moved over yet, gifts being spent first.
pub async fn own_tokens(tx: &mut Tx, workspace: WorkspaceId) -> Result<Tokens, WalletError> {
    let wallet = balance(tx, workspace).await?;
    let paid: i64 = each_engine!(tx tx, conn => sqlx::query_scalar(
        "select cast(coalesce(sum(case when credit_account_id = $1 then amount else -amount end), 0) as bigint)
         from transfers where phase = 'post' and kind not in ('signup_bonus', 'daily_login', 'referral')
         and (credit_account_id = $1 or (debit_account_id = $1 and why = $2))")
        .bind(wallet.id).bind(LINKED).fetch_one(conn).await?);
    Ok(Tokens(paid.min(wallet.available().0).max(0)))
}

/// Puts tokens on hold until captured, released or expired; once per cause.
pub async fn hold(
    tx: &mut Tx,
    workspace: WorkspaceId,
    kind: TransferKind,
    amount: Tokens,
    cause: &str,
    expires_at_ms: i64,
    now_ms: i64,
) -> Result<TransferId, WalletError> {
    require_positive(amount)?;
    let wallet = balance(tx, workspace).await?;
    if let Some(id) = id_of(tx, cause).await? {
        return Ok(id);
    }
    let held = each_engine!(tx tx, conn => sqlx::query(
        "update accounts set debits_held = debits_held + $1
         where id = $2 and credits_posted - debits_posted - debits_held >= $1")
        .bind(amount).bind(wallet.id).execute(conn).await?.rows_affected());
    if held != 1 {
        return Err(insufficient(&wallet, amount));
    }
    let transfer = NewTransfer {
        cause,
        kind: kind.slug(),
        phase: "hold",
        debit: wallet.id,
        credit: HouseAccount::Revenue.id(),
        amount,
        hold: None,
        why: None,
        expires_at_ms: Some(expires_at_ms),
        now_ms,
    };
    insert_first(tx, &transfer).await
}

/// Takes what was on hold; `Before` when the hold was captured or released already.
pub async fn capture(tx: &mut Tx, hold: TransferId, now_ms: i64) -> Result<Posted, WalletError> {
    resolve(tx, hold, "capture", None, now_ms).await
}

/// Gives back what was on hold; `Before` when the hold was captured or released already. Where its
/// owner has become one with somebody else meanwhile, what is their own of it goes after them.
pub async fn release(
    tx: &mut Tx,
    hold: TransferId,
    why: &str,
    now_ms: i64,
) -> Result<Posted, WalletError> {
    let posted = resolve(tx, hold, "release", Some(why), now_ms).await?;
    let left: Option<(WorkspaceId, WorkspaceId)> = each_engine!(tx tx, conn => sqlx::query_as(
        "select w.id, w.merged_into from transfers t join accounts a on a.id = t.debit_account_id
         join workspaces w on w.id = a.workspace_id where t.id = $1 and w.merged_into is not null")
        .bind(hold).fetch_optional(conn).await?);
    if let (true, Some((from, to))) = (posted.is_new(), left) {
        let own = own_tokens(tx, from).await?;
        if own.0 > 0 {
            move_over(tx, (from, to), own, &format!("link:{hold}"), now_ms).await?;
        }
    }
    Ok(posted)
}

/// How much a hold took off the wallet, whatever became of it.
pub async fn held_amount(tx: &mut Tx, hold: TransferId) -> Result<Tokens, WalletError> {
    let amount: Option<Tokens> = each_engine!(tx tx, conn => sqlx::query_scalar(
        "select amount from transfers where id = $1 and phase = 'hold'")
        .bind(hold).fetch_optional(conn).await?);
    amount.ok_or(WalletError::NoSuchHold(hold))
}

#[derive(sqlx::FromRow)]
struct HoldRow {
    kind: String,
    debit_account_id: AccountId,
    credit_account_id: AccountId,
    amount: i64,
}

async fn resolve(
    tx: &mut Tx,
    hold: TransferId,
    phase: &'static str,
    why: Option<&str>,
    now_ms: i64,
) -> Result<Posted, WalletError> {
    let row: Option<HoldRow> = each_engine!(tx tx, conn => sqlx::query_as(
        "select kind, debit_account_id, credit_account_id, amount from transfers
         where id = $1 and phase = 'hold'")
        .bind(hold).fetch_optional(conn).await?);
    let row = row.ok_or(WalletError::NoSuchHold(hold))?;
    // One cause for either way out: whichever comes first wins.
    let cause = format!("hold:{hold}:resolved");
    let transfer = NewTransfer {
        cause: &cause,
        kind: &row.kind,
        phase,
        debit: row.debit_account_id,
        credit: row.credit_account_id,
        amount: Tokens(row.amount),
        hold: Some(hold),
        why,
        expires_at_ms: None,
        now_ms,
    };
    let posted = insert(tx, &transfer).await?;
    if posted.is_new() {
        let captured = if phase == "capture" { row.amount } else { 0 };
        each_engine!(tx tx, conn => sqlx::query(
            "update accounts set debits_held = debits_held - $1, debits_posted = debits_posted + $2
             where id = $3")
            .bind(row.amount).bind(captured).bind(row.debit_account_id).execute(conn).await?.rows_affected());
    }
    Ok(posted)
}

async fn insert(tx: &mut Tx, transfer: &NewTransfer<'_>) -> Result<Posted, WalletError> {
    require_positive(transfer.amount)?;
    let id = TransferId::fresh();
    let put = each_engine!(tx tx, conn => sqlx::query(
        "insert into transfers (id, cause, kind, phase, debit_account_id, credit_account_id, amount,
         hold_id, why, expires_at_ms, created_at_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (cause) do nothing")
        .bind(id).bind(transfer.cause).bind(transfer.kind).bind(transfer.phase)
        .bind(transfer.debit).bind(transfer.credit).bind(transfer.amount)
        .bind(transfer.hold).bind(transfer.why).bind(transfer.expires_at_ms).bind(transfer.now_ms)
        .execute(conn).await?.rows_affected());
    Ok(if put == 1 { Posted::Now(id) } else { Posted::Before })
}

/// Writes a transfer whose counters have moved already, so its cause must be new.
async fn insert_first(tx: &mut Tx, transfer: &NewTransfer<'_>) -> Result<TransferId, WalletError> {
    match insert(tx, transfer).await? {
        Posted::Now(id) => Ok(id),
        // Another wallet took the cause between our look and our insert: the caller's transaction is void.
        Posted::Before => Err(WalletError::Storage(sqlx::Error::RowNotFound)),
    }
}

fn require_positive(amount: Tokens) -> Result<(), WalletError> {
    if amount.0 > 0 { Ok(()) } else { Err(WalletError::AmountNotPositive) }
}

async fn id_of(tx: &mut Tx, cause: &str) -> Result<Option<TransferId>, sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query_scalar("select id from transfers where cause = $1")
        .bind(cause).fetch_optional(conn).await)
}

fn insufficient(wallet: &Account, needed: Tokens) -> WalletError {
    WalletError::InsufficientTokens { available: wallet.available(), needed }
}

/// When a wallet last got a transfer of this kind, epoch milliseconds.
pub async fn last_of_kind(
    tx: &mut Tx,
    wallet: AccountId,
    kind: TransferKind,
) -> Result<Option<i64>, sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query_scalar(
        "select max(created_at_ms) from transfers where credit_account_id = $1 and kind = $2")
        .bind(wallet).bind(kind.slug()).fetch_one(conn).await)
}

/// The last movements of a wallet, newest first. Holds that were resolved are not told twice: a
/// capture is shown, a release and its hold are not.
pub async fn history(
    tx: &mut Tx,
    wallet: AccountId,
    limit: i64,
) -> Result<Vec<Movement>, sqlx::Error> {
    type Row = (String, String, i64, Option<String>, i64);
    let rows: Vec<Row> = each_engine!(tx tx, conn => sqlx::query_as(
        "select t.kind, t.phase, case when t.credit_account_id = $1 then t.amount else -t.amount end,
         t.why, t.created_at_ms from transfers t
         where (t.credit_account_id = $1 or t.debit_account_id = $1)
         and (t.phase in ('post', 'capture') or (t.phase = 'hold' and not exists
              (select 1 from transfers r where r.hold_id = t.id)))
         order by t.created_at_ms desc, t.id desc limit $2")
        .bind(wallet).bind(limit).fetch_all(conn).await?);
    Ok(rows
        .into_iter()
        .map(|(kind, phase, amount, why, at_ms)| Movement {
            kind,
            phase,
            amount: Tokens(amount),
            why,
            at_ms,
        })
        .collect())
}

/// Holds past their time that nothing resolved, at most `limit`.
pub async fn expired_holds(
    db: &Db,
    now_ms: i64,
    limit: i64,
) -> Result<Vec<TransferId>, sqlx::Error> {
    each_engine!(read db, pool => sqlx::query_scalar(
        "select h.id from transfers h where h.phase = 'hold' and h.expires_at_ms <= $1
         and not exists (select 1 from transfers r where r.hold_id = h.id)
         order by h.expires_at_ms limit $2")
        .bind(now_ms).bind(limit).fetch_all(pool).await)
}

/// How many holds nothing has resolved yet.
pub async fn open_holds(db: &Db) -> Result<i64, sqlx::Error> {
    each_engine!(read db, pool => sqlx::query_scalar(
        "select cast(count(*) as bigint) from transfers h where h.phase = 'hold'
         and not exists (select 1 from transfers r where r.hold_id = h.id)")
        .fetch_one(pool).await)
}
