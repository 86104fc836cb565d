//! Proving the counters from the transfers.

use crate::db::Db;
use crate::each_engine;
use crate::ids::AccountId;

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditReport {
    /// Wallets looked at.
    pub wallets: i64,
    /// Transfers looked at.
    pub transfers: i64,
    /// Tokens in all wallets.
    pub in_wallets: i64,
    /// Tokens on hold in all wallets.
    pub on_hold: i64,
    /// Tokens issued, less those spent: what all wallets must hold.
    pub outstanding: i64,
    /// Wallets whose counters are not the sums of their transfers, or that are overdrawn.
    pub differences: Vec<Difference>,
}

impl AuditReport {
    /// Whether everything adds up.
    pub fn is_clean(&self) -> bool {
        self.differences.is_empty() && self.in_wallets == self.outstanding
    }
}

/// A wallet that does not add up: counters beside what the transfers say.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Difference {
    /// Which account.
    pub id: AccountId,
    /// Counter of what was paid in.
    pub credits_posted: i64,
    /// What the transfers say was paid in.
    pub credits_summed: i64,
    /// Counter of what was paid out.
    pub debits_posted: i64,
    /// What the transfers say was paid out.
    pub debits_summed: i64,
    /// Counter of what is on hold.
    pub debits_held: i64,
    /// What the transfers say is on hold.
    pub held_summed: i64,
}

/// Recomputes every balance. Reads one consistent moment: a single statement an engine runs on one snapshot.
pub async fn audit(db: &Db) -> Result<AuditReport, sqlx::Error> {
    let mut report = AuditReport::default();
    let rows: Vec<Difference> = each_engine!(read db, pool => sqlx::query_as(
        "select a.id, a.credits_posted, a.debits_posted, a.debits_held,
         cast(coalesce((select sum(t.amount) from transfers t where t.credit_account_id = a.id
             and t.phase in ('post', 'capture')), 0) as bigint) as credits_summed,
         cast(coalesce((select sum(t.amount) from transfers t where t.debit_account_id = a.id
             and t.phase in ('post', 'capture')), 0) as bigint) as debits_summed,
         cast(coalesce((select sum(t.amount) from transfers t where t.debit_account_id = a.id
             and t.phase = 'hold' and not exists (select 1 from transfers r where r.hold_id = t.id)), 0) as bigint)
             as held_summed
         from accounts a")
        .fetch_all(pool).await?);
    for row in rows {
        if is_house(row.id) {
            report.outstanding += row.debits_summed - row.credits_summed;
            continue;
        }
        report.wallets += 1;
        report.in_wallets += row.credits_posted - row.debits_posted;
        report.on_hold += row.debits_held;
        let adds_up = row.credits_posted == row.credits_summed
            && row.debits_posted == row.debits_summed
            && row.debits_held == row.held_summed
            && row.debits_posted + row.debits_held <= row.credits_posted;
        if !adds_up {
            report.differences.push(row);
        }
    }
    report.transfers = each_engine!(read db, pool => sqlx::query_scalar(
        "select cast(count(*) as bigint) from transfers").fetch_one(pool).await?);
    Ok(report)
}

fn is_house(id: AccountId) -> bool {
    use super::HouseAccount::{Issuance, Revenue};
    id == Issuance.id() || id == Revenue.id()
}
