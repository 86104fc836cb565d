//! Names that sites had before: they lead to the new name for a while, and are nobody else's meanwhile.

use super::store::note_change;
use super::{FormerName, SitesError};
use crate::db::{Db, Tx};
use crate::each_engine;
use crate::ids::SiteId;

/// How long an old name leads to the new one: search engines and printed cards take their time.
pub const FORMER_NAME_MS: i64 = 90 * 24 * 60 * 60 * 1_000;

/// Keeps a name that a site gives up, and lets every name it ever gave up lead to where it is now.
pub(super) async fn keep_former(
    tx: &mut Tx,
    site: SiteId,
    before: &str,
    now: &str,
    now_ms: i64,
) -> Result<(), SitesError> {
    each_engine!(tx tx, conn => sqlx::query("delete from former_names where subdomain = $1 or until_ms <= $2")
        .bind(now).bind(now_ms).execute(conn).await?.rows_affected());
    each_engine!(tx tx, conn => sqlx::query(
        "insert into former_names (subdomain, site_id, until_ms) values ($1, $2, $3)
         on conflict (subdomain) do update set site_id = excluded.site_id, until_ms = excluded.until_ms")
        .bind(before).bind(site).bind(now_ms + FORMER_NAME_MS)
        .execute(conn).await?.rows_affected());
    let names: Vec<String> = each_engine!(tx tx, conn => sqlx::query_scalar(
        "select subdomain from former_names where site_id = $1").bind(site).fetch_all(conn).await?);
    for name in names {
        note_change(tx, site, &name, now_ms).await?;
    }
    Ok(())
}

/// Whose a name was that may not be given away yet, if it was anybody's.
pub(super) async fn former_owner(
    tx: &mut Tx,
    subdomain: &str,
    now_ms: i64,
) -> Result<Option<SiteId>, SitesError> {
    Ok(each_engine!(tx tx, conn => sqlx::query_scalar(
        "select site_id from former_names where subdomain = $1 and until_ms > $2")
        .bind(subdomain).bind(now_ms).fetch_optional(conn).await?))
}

/// Where a name leads that a site gave up; `None` when none did, or when its time is over.
pub async fn find_former(
    db: &Db,
    subdomain: &str,
    now_ms: i64,
) -> Result<Option<FormerName>, SitesError> {
    let found: Option<(String, i64)> = each_engine!(read db, pool => sqlx::query_as(
        "select s.subdomain, f.until_ms from former_names f join sites s on s.id = f.site_id
         where f.subdomain = $1 and f.until_ms > $2")
        .bind(subdomain).bind(now_ms).fetch_optional(pool).await?);
    Ok(found.map(|(now, until_ms)| FormerName { now, until_ms }))
}
