//! How much a site is visited, from counts that hold nothing about anybody.

use crate::clock::DAY_MS;
use crate::db::Tx;
use crate::each_engine;
use crate::ids::SiteId;

use super::SitesError;

/// Western Indonesian time, ahead of UTC: a day of visits is the day most owners live in.
const ZONE_MS: i64 = 7 * 60 * 60 * 1_000;
/// Days told of, today among them.
const WEEK_DAYS: i64 = 7;
const MONTH_DAYS: i64 = 30;

/// The day an instant is counted for, in days since the epoch.
pub const fn day_of(at_ms: i64) -> i64 {
    at_ms.saturating_add(ZONE_MS).div_euclid(DAY_MS)
}

/// How often a site was opened, and what came through its forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Views of today.
    pub today: i64,
    /// Views of the last seven days.
    pub week: i64,
    /// Views of the last thirty days.
    pub month: i64,
    /// Letters of visitors in the last thirty days.
    pub letters: i64,
}

/// The traffic of a site until now.
///
/// # Errors
/// When the database does not answer.
pub async fn traffic(tx: &mut Tx, site: SiteId, now_ms: i64) -> Result<Traffic, SitesError> {
    let today = day_of(now_ms);
    let (week, month) = (today - WEEK_DAYS + 1, today - MONTH_DAYS + 1);
    let (of_today, of_week, of_month): (i64, i64, i64) = each_engine!(tx tx, conn => sqlx::query_as(
        "select cast(coalesce(sum(case when day >= $1 then views end), 0) as bigint),
         cast(coalesce(sum(case when day >= $2 then views end), 0) as bigint),
         cast(coalesce(sum(views), 0) as bigint)
         from page_views where site_id = $3 and day between $4 and $1")
        .bind(today).bind(week).bind(site).bind(month).fetch_one(conn).await?);
    let since_ms = month * DAY_MS - ZONE_MS;
    let letters: i64 = each_engine!(tx tx, conn => sqlx::query_scalar(
        "select count(*) from form_entries where site_id = $1 and created_at_ms >= $2")
        .bind(site).bind(since_ms).fetch_one(conn).await?);
    Ok(Traffic { today: of_today, week: of_week, month: of_month, letters })
}
