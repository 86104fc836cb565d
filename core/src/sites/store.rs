//! The SQL of sites.

use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

use super::former::{former_owner, keep_former};
use super::{
    ChangeLine, LiveSite, Manifest, OwnedSite, PageViews, Site, SiteStatus, SitesError, Version,
};
use crate::db::{Db, Tx};
use crate::each_engine;
use crate::ids::{SiteId, VersionId, WorkspaceId};
use crate::site::Subdomain;

/// Numbers tried behind a taken name before a random tail is used.
const MOST_NUMBERS: u32 = 30;

#[derive(sqlx::FromRow)]
pub(super) struct SiteRow {
    id: SiteId,
    workspace_id: WorkspaceId,
    name: String,
    subdomain: String,
    status: String,
    version_id: Option<VersionId>,
    created_at_ms: i64,
}

impl TryFrom<SiteRow> for Site {
    type Error = SitesError;
    fn try_from(row: SiteRow) -> Result<Self, SitesError> {
        let status = SiteStatus::from_slug(&row.status)
            .ok_or_else(|| SitesError::Corrupt(format!("status {}", row.status)))?;
        Ok(Self {
            id: row.id,
            workspace: row.workspace_id,
            name: row.name,
            subdomain: row.subdomain,
            status,
            version: row.version_id,
            created_at_ms: row.created_at_ms,
        })
    }
}

/// Reserves a name for a new site. The unique name decides a race; whoever gave the name up a moment
/// ago keeps it.
pub async fn create_site(
    tx: &mut Tx,
    workspace: WorkspaceId,
    name: &str,
    subdomain: &Subdomain,
    now_ms: i64,
) -> Result<SiteId, SitesError> {
    let id = SiteId::fresh();
    let put = each_engine!(tx tx, conn => sqlx::query(
        "insert into sites (id, workspace_id, name, subdomain, status, created_at_ms, updated_at_ms)
         values ($1, $2, $3, $4, 'draft', $5, $5) on conflict (subdomain) do nothing")
        .bind(id).bind(workspace).bind(name).bind(subdomain.as_str()).bind(now_ms)
        .execute(conn).await?.rows_affected());
    if put != 1 {
        return Err(SitesError::SubdomainTaken);
    }
    // Looked at after the name was won: a rename that let go of it has committed by now.
    if former_owner(tx, subdomain.as_str(), now_ms).await?.is_some() {
        each_engine!(tx tx, conn => sqlx::query("delete from sites where id = $1")
            .bind(id).execute(conn).await?.rows_affected());
        return Err(SitesError::SubdomainTaken);
    }
    Ok(id)
}

/// Whether nobody has this name, or gave it up only a while ago.
pub async fn name_is_free(
    tx: &mut Tx,
    subdomain: &Subdomain,
    now_ms: i64,
) -> Result<bool, SitesError> {
    let taken: Option<SiteId> = each_engine!(tx tx, conn => sqlx::query_scalar(
        "select id from sites where subdomain = $1").bind(subdomain.as_str()).fetch_optional(conn).await?);
    Ok(taken.is_none() && former_owner(tx, subdomain.as_str(), now_ms).await?.is_none())
}

/// A free name like the wanted one: itself, then numbered, then with a random tail.
pub async fn free_subdomain(
    tx: &mut Tx,
    wanted: &Subdomain,
    now_ms: i64,
) -> Result<Subdomain, SitesError> {
    if name_is_free(tx, wanted, now_ms).await? {
        return Ok(wanted.clone());
    }
    for number in 2..=MOST_NUMBERS {
        let candidate = wanted.numbered(number);
        if name_is_free(tx, &candidate, now_ms).await? {
            return Ok(candidate);
        }
    }
    Ok(wanted.numbered(1_000 + rand::random::<u32>() % 9_000_000))
}

/// Moves a site to another name. The old one leads there for [`super::FORMER_NAME_MS`]; the site may
/// come back to it, nobody else may have it meanwhile.
pub async fn rename_site(
    tx: &mut Tx,
    site: SiteId,
    subdomain: &Subdomain,
    now_ms: i64,
) -> Result<(), SitesError> {
    let before = site_in(tx, site).await?;
    if before.subdomain == subdomain.as_str() {
        return Ok(());
    }
    let own = former_owner(tx, subdomain.as_str(), now_ms).await? == Some(site);
    if !own && !name_is_free(tx, subdomain, now_ms).await? {
        return Err(SitesError::SubdomainTaken);
    }
    let moved = each_engine!(tx tx, conn => sqlx::query(
        "update sites set subdomain = $1, updated_at_ms = $2 where id = $3 and status in ('draft', 'live')")
        .bind(subdomain.as_str()).bind(now_ms).bind(site).execute(conn).await?.rows_affected());
    if moved != 1 {
        return Err(SitesError::Closed);
    }
    if before.version.is_some() {
        keep_former(tx, site, &before.subdomain, subdomain.as_str(), now_ms).await?;
    } else {
        note_change(tx, site, &before.subdomain, now_ms).await?;
    }
    note_change(tx, site, subdomain.as_str(), now_ms).await
}

/// Writes a line to the feed that running hosts follow.
pub async fn note_change(
    tx: &mut Tx,
    site: SiteId,
    subdomain: &str,
    now_ms: i64,
) -> Result<(), SitesError> {
    each_engine!(tx tx, conn => sqlx::query(
        "insert into site_changes (site_id, subdomain, at_ms) values ($1, $2, $3)")
        .bind(site).bind(subdomain).bind(now_ms).execute(conn).await?.rows_affected());
    Ok(())
}

/// A site, as it stands inside the transaction: locked until its end, so that what is decided by it
/// still holds when it is written. The update that changes nothing is the lock of both engines.
pub async fn site_in(tx: &mut Tx, site: SiteId) -> Result<Site, SitesError> {
    let row: Option<SiteRow> = each_engine!(tx tx, conn => sqlx::query_as(
        "update sites set status = status where id = $1
         returning id, workspace_id, name, subdomain, status, version_id, created_at_ms")
        .bind(site).fetch_optional(conn).await?);
    row.ok_or(SitesError::NotFound)?.try_into()
}

/// A site by its id or its name: what an operator types.
pub async fn find_site(db: &Db, id_or_name: &str) -> Result<Site, SitesError> {
    let id = id_or_name.parse::<Uuid>().ok();
    let row: Option<SiteRow> = each_engine!(read db, pool => sqlx::query_as(
        "select id, workspace_id, name, subdomain, status, version_id, created_at_ms from sites
         where id = $1 or subdomain = $2 limit 1")
        .bind(id).bind(id_or_name).fetch_optional(pool).await?);
    row.ok_or(SitesError::NotFound)?.try_into()
}

/// Every site that is not deleted, newest first, at most `limit`.
pub async fn list_sites(db: &Db, limit: i64) -> Result<Vec<Site>, SitesError> {
    let rows: Vec<SiteRow> = each_engine!(read db, pool => sqlx::query_as(
        "select id, workspace_id, name, subdomain, status, version_id, created_at_ms from sites
         where status <> 'deleted' order by created_at_ms desc limit $1")
        .bind(limit).fetch_all(pool).await?);
    rows.into_iter().map(Site::try_from).collect()
}

/// How many sites there are that are not deleted.
pub async fn count_sites(db: &Db) -> Result<i64, SitesError> {
    Ok(each_engine!(read db, pool => sqlx::query_scalar(
        "select cast(count(*) as bigint) from sites where status <> 'deleted'")
        .fetch_one(pool).await?))
}

/// A workspace's sites that have been live and are not deleted, newest first, at most `limit`, with
/// the items and the number visitors see. Every message of an owner asks this: the rest of a document
/// is not worth reading for it.
pub async fn sites_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    limit: i64,
) -> Result<Vec<OwnedSite>, SitesError> {
    #[derive(sqlx::FromRow)]
    struct Row {
        #[sqlx(flatten)]
        site: SiteRow,
        items: Option<Json<Value>>,
        phone: Option<Json<Option<String>>>,
    }
    let rows: Vec<Row> = each_engine!(tx tx, conn => sqlx::query_as(
        "select s.id, s.workspace_id, s.name, s.subdomain, s.status, s.version_id, s.created_at_ms,
         v.document -> 'business' -> 'items' as items, v.document -> 'business' -> 'phone' as phone
         from sites s join versions v on v.id = s.version_id
         where s.workspace_id = $1 and s.status <> 'deleted' order by s.created_at_ms desc limit $2")
        .bind(workspace).bind(limit).fetch_all(conn).await?);
    rows.into_iter()
        .map(|row| {
            Ok(OwnedSite {
                site: Site::try_from(row.site)?,
                items: row.items.unwrap_or_default().0,
                phone: row.phone.and_then(|phone| phone.0),
            })
        })
        .collect()
}

/// Whether a site was taken off for good.
pub async fn is_deleted(tx: &mut Tx, site: SiteId) -> Result<bool, SitesError> {
    let status: Option<String> = each_engine!(tx tx, conn => sqlx::query_scalar(
        "select status from sites where id = $1").bind(site).fetch_optional(conn).await?);
    Ok(status.as_deref() == Some(SiteStatus::Deleted.slug()))
}

/// Suspends or resumes a site: the operator's hand. A site that was never built resumes as a draft.
pub async fn set_status(
    tx: &mut Tx,
    site: SiteId,
    suspended: bool,
    now_ms: i64,
) -> Result<SiteStatus, SitesError> {
    let before = site_in(tx, site).await?;
    let status = match (before.status, suspended, before.version) {
        (SiteStatus::Deleted, _, _) => return Err(SitesError::Closed),
        (SiteStatus::Draft | SiteStatus::Live | SiteStatus::Suspended, true, _) => {
            SiteStatus::Suspended
        }
        (SiteStatus::Draft | SiteStatus::Live | SiteStatus::Suspended, false, Some(_)) => {
            SiteStatus::Live
        }
        (SiteStatus::Draft | SiteStatus::Live | SiteStatus::Suspended, false, None) => {
            SiteStatus::Draft
        }
    };
    write_status(tx, &before, status, now_ms).await?;
    Ok(status)
}

/// Takes a site off for good. Its name stays reserved, so that nobody can stand in its place.
pub async fn delete_site(tx: &mut Tx, site: SiteId, now_ms: i64) -> Result<(), SitesError> {
    let before = site_in(tx, site).await?;
    write_status(tx, &before, SiteStatus::Deleted, now_ms).await
}

async fn write_status(
    tx: &mut Tx,
    site: &Site,
    status: SiteStatus,
    now_ms: i64,
) -> Result<(), SitesError> {
    each_engine!(tx tx, conn => sqlx::query("update sites set status = $1, updated_at_ms = $2 where id = $3")
        .bind(status.slug()).bind(now_ms).bind(site.id).execute(conn).await?.rows_affected());
    note_change(tx, site.id, &site.subdomain, now_ms).await
}

#[derive(sqlx::FromRow)]
struct VersionRow {
    id: VersionId,
    site_id: SiteId,
    number: i64,
    parent_id: Option<VersionId>,
    digest: String,
    document: Json<Value>,
    manifest: Json<Manifest>,
}

/// A version with its document.
pub async fn version(db: &Db, id: VersionId) -> Result<Version, SitesError> {
    let row: Option<VersionRow> = each_engine!(read db, pool => sqlx::query_as(
        "select id, site_id, number, parent_id, digest, document, manifest from versions where id = $1")
        .bind(id).fetch_optional(pool).await?);
    let row = row.ok_or(SitesError::NotFound)?;
    Ok(Version {
        id: row.id,
        site: row.site_id,
        number: row.number,
        parent: row.parent_id,
        digest: row.digest,
        document: read_document(row.document.0)?,
        manifest: row.manifest.0,
    })
}

/// The version that a cause made, if it made one.
pub async fn version_of_cause(db: &Db, cause: &str) -> Result<Option<Version>, SitesError> {
    let id: Option<VersionId> = each_engine!(read db, pool => sqlx::query_scalar(
        "select id from versions where cause = $1").bind(cause).fetch_optional(pool).await?);
    match id {
        Some(id) => version(db, id).await.map(Some),
        None => Ok(None),
    }
}

/// What a version was made for.
pub async fn cause_of(db: &Db, id: VersionId) -> Result<String, SitesError> {
    let cause: Option<String> = each_engine!(read db, pool => sqlx::query_scalar(
        "select cause from versions where id = $1").bind(id).fetch_optional(pool).await?);
    cause.ok_or(SitesError::NotFound)
}

/// Whether other versions followed from a cause's.
pub async fn has_followers(db: &Db, cause: &str) -> Result<bool, SitesError> {
    let found: Option<VersionId> = each_engine!(read db, pool => sqlx::query_scalar(
        "select id from versions where cause like $1 limit 1")
        .bind(format!("{cause}:%")).fetch_optional(pool).await?);
    Ok(found.is_some())
}

/// Reads a stored document of any shape ever written.
pub(super) fn read_document(json: Value) -> Result<crate::site::document::Document, SitesError> {
    serde_json::from_value(json).map_err(|error| SitesError::Corrupt(error.to_string()))
}

#[derive(sqlx::FromRow)]
struct LiveRow {
    id: SiteId,
    status: String,
    digest: Option<String>,
    manifest: Option<Json<Manifest>>,
}

/// What a host needs to serve a name; `None` when nobody ever had it.
pub async fn find_live(db: &Db, subdomain: &str) -> Result<Option<LiveSite>, SitesError> {
    let row: Option<LiveRow> = each_engine!(read db, pool => sqlx::query_as(
        "select s.id, s.status, v.digest, v.manifest from sites s
         left join versions v on v.id = s.version_id where s.subdomain = $1")
        .bind(subdomain).fetch_optional(pool).await?);
    let Some(row) = row else { return Ok(None) };
    let status = SiteStatus::from_slug(&row.status)
        .ok_or_else(|| SitesError::Corrupt(format!("status {}", row.status)))?;
    Ok(Some(LiveSite {
        id: row.id,
        status,
        digest: row.digest.unwrap_or_default(),
        manifest: row.manifest.map(|json| json.0).unwrap_or_default(),
    }))
}

/// Every name ever given, for a host's filter.
pub async fn all_names(db: &Db) -> Result<Vec<String>, SitesError> {
    Ok(each_engine!(read db, pool => sqlx::query_scalar(
        "select subdomain from sites union select subdomain from former_names").fetch_all(pool).await?))
}

/// Lines of the feed behind line `after` of a time, oldest first, at most `limit`. Lines count from 1.
pub async fn changes_since(
    db: &Db,
    since_ms: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<ChangeLine>, SitesError> {
    Ok(each_engine!(read db, pool => sqlx::query_as(
        "select seq, subdomain, at_ms from site_changes
         where (at_ms, seq) > ($1, $2) order by at_ms, seq limit $3")
        .bind(since_ms).bind(after).bind(limit).fetch_all(pool).await?))
}

/// Adds counted page views, each site and day once among them. Whoever counts a site's views at the
/// same time waits: give them in one order.
pub async fn add_page_views(tx: &mut Tx, counted: &[PageViews]) -> Result<(), SitesError> {
    if counted.is_empty() {
        return Ok(());
    }
    each_engine!(tx tx, conn => {
        let mut query = sqlx::QueryBuilder::new("insert into page_views (site_id, day, views) ");
        query.push_values(counted, |mut values, one| {
            values.push_bind(one.site).push_bind(one.day).push_bind(one.views);
        });
        query.push(
            " on conflict (site_id, day) do update set views = page_views.views + excluded.views");
        query.build().persistent(false).execute(conn).await?.rows_affected()
    });
    Ok(())
}

/// Keeps what a visitor wrote in a site's form.
pub async fn save_form(
    tx: &mut Tx,
    site: SiteId,
    form: &str,
    fields: &Value,
    now_ms: i64,
) -> Result<Uuid, SitesError> {
    let id = Uuid::now_v7();
    each_engine!(tx tx, conn => sqlx::query(
        "insert into form_entries (id, site_id, form, fields, created_at_ms) values ($1, $2, $3, $4, $5)")
        .bind(id).bind(site).bind(form).bind(Json(fields)).bind(now_ms)
        .execute(conn).await?.rows_affected());
    Ok(id)
}
