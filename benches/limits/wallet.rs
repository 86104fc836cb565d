//! Wallet moves a second through the wallet's own code, beside the same statements raw.

use std::sync::Arc;
use std::time::Instant;

use sitespark_core::clock::{Clock, SystemClock};
use sitespark_core::db::Db;
use sitespark_core::ids::{Tokens, TransferId, WorkspaceId};
use sitespark_core::users::{self, Welcome};
use sitespark_core::wallet::{self, HouseAccount, TransferKind};
use sqlx::SqliteConnection;
use tokio::task::JoinSet;

use crate::disk;
use crate::report::{Aim, Report};

/// Wallets that move at once.
const WALLETS: usize = 64;
/// Moves a wallet makes.
const MOVES: usize = 200;
/// Share of the raw statements' rate that is wanted.
const SHARE: f64 = 0.8;
const AMOUNT: Tokens = Tokens(5);

pub(crate) fn on_sqlite(report: &mut Report) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let url = format!("sqlite://{}", folder.path().join("wallet.db").display());
        let db = Db::open(&url).await?;
        db.migrate().await?;
        let wallets = welcome_all(&db).await?;
        let paid = pay_in_all(&db, &wallets).await?;
        let held = hold_all(&db, &wallets).await?;
        let audit = wallet::audit(&db).await?;
        anyhow::ensure!(audit.differences.is_empty(), "the wallet does not add up");
        db.close().await;
        let mut raw = disk::open_file(&folder.path().join("wallet.db")).await?;
        let raw_paid = raw_pay_in(&mut raw, &wallets).await?;
        let raw_held = raw_hold(&mut raw, &wallets).await?;
        report.add("wallet: pay_in a second", paid, "/s", Aim::Peer("raw", raw_paid, SHARE));
        report.add(
            "wallet: hold and capture a second",
            held,
            "/s",
            Aim::Peer("raw", raw_held, SHARE),
        );
        Ok(())
    })
}

async fn welcome_all(db: &Db) -> anyhow::Result<Arc<Vec<WorkspaceId>>> {
    let mut wallets = Vec::new();
    let mut tx = db.begin().await?;
    for number in 0..WALLETS {
        let external_id = number.to_string();
        let welcome = Welcome {
            channel: "terminal",
            external_id: &external_id,
            name: None,
            phone: None,
            language: sitespark_core::brief::Language::default(),
        };
        wallets.push(users::welcome(&mut tx, &welcome, Tokens(1_000_000), 0).await?.workspace);
    }
    tx.commit().await?;
    Ok(Arc::new(wallets))
}

async fn pay_in_all(db: &Db, wallets: &[WorkspaceId]) -> anyhow::Result<f64> {
    let began = Instant::now();
    let mut all = JoinSet::new();
    for wallet in wallets.iter().copied() {
        let db = db.clone();
        all.spawn(async move {
            for number in 0..MOVES {
                let cause = format!("bench:{wallet}:{number}");
                let mut tx = db.begin().await?;
                let kind = TransferKind::Grant;
                let now_ms = SystemClock.now_ms();
                wallet::pay_in(&mut tx, wallet, kind, AMOUNT, &cause, None, now_ms).await?;
                tx.commit().await?;
            }
            anyhow::Ok(())
        });
    }
    finish(all, began).await
}

async fn hold_all(db: &Db, wallets: &[WorkspaceId]) -> anyhow::Result<f64> {
    let began = Instant::now();
    let mut all = JoinSet::new();
    for wallet in wallets.iter().copied() {
        let db = db.clone();
        all.spawn(async move {
            for number in 0..MOVES {
                let cause = format!("bench:hold:{wallet}:{number}");
                let kind = TransferKind::WebsiteGeneration;
                let now_ms = SystemClock.now_ms();
                let mut tx = db.begin().await?;
                let until = now_ms + 60_000;
                let hold =
                    wallet::hold(&mut tx, wallet, kind, AMOUNT, &cause, until, now_ms).await?;
                tx.commit().await?;
                let mut tx = db.begin().await?;
                wallet::capture(&mut tx, hold, now_ms).await?;
                tx.commit().await?;
            }
            anyhow::Ok(())
        });
    }
    finish(all, began).await
}

async fn finish(mut all: JoinSet<anyhow::Result<()>>, began: Instant) -> anyhow::Result<f64> {
    while let Some(ended) = all.join_next().await {
        ended??;
    }
    Ok((WALLETS * MOVES) as f64 / began.elapsed().as_secs_f64())
}

/// The statements of a payment, every wallet's in one commit as a full group would be.
async fn raw_pay_in(raw: &mut SqliteConnection, wallets: &[WorkspaceId]) -> anyhow::Result<f64> {
    let began = Instant::now();
    for number in 0..MOVES {
        sqlx::query("begin immediate").execute(&mut *raw).await?;
        for wallet in wallets {
            let cause = format!("raw:{wallet}:{number}");
            let account = raw_balance(raw, *wallet).await?;
            let issuance = HouseAccount::Issuance.id().0;
            raw_transfer(raw, &cause, "grant", "post", (issuance, account), (None, None)).await?;
            sqlx::query("update accounts set credits_posted = credits_posted + $1 where id = $2")
                .bind(AMOUNT.0)
                .bind(account)
                .execute(&mut *raw)
                .await?;
        }
        sqlx::query("commit").execute(&mut *raw).await?;
    }
    Ok((MOVES * wallets.len()) as f64 / began.elapsed().as_secs_f64())
}

/// The statements of a hold and its capture, in two commits for all wallets.
async fn raw_hold(raw: &mut SqliteConnection, wallets: &[WorkspaceId]) -> anyhow::Result<f64> {
    let began = Instant::now();
    for number in 0..MOVES {
        let mut holds = Vec::new();
        sqlx::query("begin immediate").execute(&mut *raw).await?;
        for wallet in wallets {
            let cause = format!("raw:hold:{wallet}:{number}");
            let account = raw_balance(raw, *wallet).await?;
            let _before: Option<uuid::Uuid> =
                sqlx::query_scalar("select id from transfers where cause = $1")
                    .bind(&cause)
                    .fetch_optional(&mut *raw)
                    .await?;
            sqlx::query(
                "update accounts set debits_held = debits_held + $1
                 where id = $2 and credits_posted - debits_posted - debits_held >= $1",
            )
            .bind(AMOUNT.0)
            .bind(account)
            .execute(&mut *raw)
            .await?;
            let sides = (account, HouseAccount::Revenue.id().0);
            let kind = "website_generation";
            holds.push(raw_transfer(raw, &cause, kind, "hold", sides, (None, Some(1))).await?);
        }
        sqlx::query("commit").execute(&mut *raw).await?;
        sqlx::query("begin immediate").execute(&mut *raw).await?;
        for hold in holds {
            raw_capture(raw, hold).await?;
        }
        sqlx::query("commit").execute(&mut *raw).await?;
    }
    Ok((MOVES * wallets.len()) as f64 / began.elapsed().as_secs_f64())
}

async fn raw_capture(raw: &mut SqliteConnection, hold: uuid::Uuid) -> anyhow::Result<()> {
    let (kind, debit, credit, amount): (String, uuid::Uuid, uuid::Uuid, i64) = sqlx::query_as(
        "select kind, debit_account_id, credit_account_id, amount from transfers
         where id = $1 and phase = 'hold'",
    )
    .bind(hold)
    .fetch_one(&mut *raw)
    .await?;
    let cause = format!("hold:{hold}:resolved");
    raw_transfer(raw, &cause, &kind, "capture", (debit, credit), (Some(hold), None)).await?;
    sqlx::query(
        "update accounts set debits_held = debits_held - $1, debits_posted = debits_posted + $2 where id = $3",
    )
    .bind(amount)
    .bind(amount)
    .bind(debit)
    .execute(&mut *raw)
    .await?;
    Ok(())
}

async fn raw_balance(
    raw: &mut SqliteConnection,
    wallet: WorkspaceId,
) -> anyhow::Result<uuid::Uuid> {
    let row: (uuid::Uuid, i64, i64, i64) = sqlx::query_as(
        "update accounts set debits_held = debits_held where workspace_id = $1
         returning id, credits_posted, debits_posted, debits_held",
    )
    .bind(wallet.0)
    .fetch_one(&mut *raw)
    .await?;
    Ok(row.0)
}

async fn raw_transfer(
    raw: &mut SqliteConnection,
    cause: &str,
    kind: &str,
    phase: &str,
    (debit, credit): (uuid::Uuid, uuid::Uuid),
    (hold, expires_at_ms): (Option<uuid::Uuid>, Option<i64>),
) -> anyhow::Result<uuid::Uuid> {
    let id = TransferId::fresh().0;
    sqlx::query(
        "insert into transfers (id, cause, kind, phase, debit_account_id, credit_account_id, amount,
         hold_id, why, expires_at_ms, created_at_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (cause) do nothing",
    )
    .bind(id)
    .bind(cause)
    .bind(kind)
    .bind(phase)
    .bind(debit)
    .bind(credit)
    .bind(AMOUNT.0)
    .bind(hold)
    .bind(None::<String>)
    .bind(expires_at_ms)
    .bind(SystemClock.now_ms())
    .execute(&mut *raw)
    .await?;
    Ok(id)
}
