//! A workspace's sites taken down and everything in them forgotten.
//!
//! Names stay reserved, so that nobody can stand in their place. Stored files are the caller's to
//! remove after the transaction: a store is no part of it.

use std::collections::BTreeSet;

use sqlx::types::Json;

use super::store::note_change;
use super::{Manifest, SitesError};
use crate::brief::{Brief, StoredBrief};
use crate::db::Tx;
use crate::each_engine;
use crate::ids::{SiteId, WorkspaceId};

/// Most versions whose files are looked up at once.
const MOST_VERSIONS: i64 = 20_000;

/// The folder of pictures that show a site before and after its changes.
pub fn comparisons_of(site: SiteId) -> String {
    format!("pictures/comparisons/{site}")
}

/// Folders of pictures of a workspace's sites.
pub async fn folders_of(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<String>, SitesError> {
    let sites: Vec<SiteId> = each_engine!(tx tx, conn => sqlx::query_scalar(
        "select id from sites where workspace_id = $1").bind(workspace).fetch_all(conn).await?);
    Ok(sites.into_iter().map(comparisons_of).collect())
}

/// Keys of everything stored for a workspace's sites that no other workspace shows: packs, pictures,
/// photos in every width.
pub async fn objects_of(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<String>, SitesError> {
    let rows: Vec<(String, Json<Manifest>)> = each_engine!(tx tx, conn => sqlx::query_as(
        "select v.digest, v.manifest from versions v join sites s on s.id = v.site_id
         where s.workspace_id = $1 and not exists (select 1 from versions o join sites t on t.id = o.site_id
         where o.digest = v.digest and t.workspace_id <> $1) limit $2")
        .bind(workspace).bind(MOST_VERSIONS).fetch_all(conn).await?);
    let keys: BTreeSet<String> =
        rows.iter().flat_map(|(digest, manifest)| manifest.0.objects(digest)).collect();
    let (own, shared): (Vec<String>, Vec<String>) =
        keys.into_iter().partition(|key| !key.starts_with("photos/"));
    let mut all = own;
    for key in shared {
        if !shown_elsewhere(tx, workspace, &key).await? {
            all.push(key);
        }
    }
    Ok(all)
}

/// The same photo, byte for byte, may belong to somebody else as well.
async fn shown_elsewhere(
    tx: &mut Tx,
    workspace: WorkspaceId,
    key: &str,
) -> Result<bool, sqlx::Error> {
    let folder = key.rsplit_once('/').map_or(key, |(folder, _)| folder);
    let found: Option<i64> = each_engine!(tx tx, conn => sqlx::query_scalar(
        "select v.number from versions v join sites s on s.id = v.site_id
         where s.workspace_id <> $1 and cast(v.manifest as text) like $2 limit 1")
        .bind(workspace).bind(format!("%{folder}/%")).fetch_optional(conn).await?);
    Ok(found.is_some())
}

/// Takes every site of a workspace down and forgets what was in it. Answers how many visitors saw.
pub async fn erase_sites(
    tx: &mut Tx,
    workspace: WorkspaceId,
    now_ms: i64,
) -> Result<usize, SitesError> {
    let sites: Vec<(SiteId, String, String)> = each_engine!(tx tx, conn => sqlx::query_as(
        "update sites set status = status where workspace_id = $1 returning id, subdomain, status")
        .bind(workspace).fetch_all(conn).await?);
    let nothing = StoredBrief::from(&Brief::default());
    for (site, subdomain, _) in &sites {
        each_engine!(tx tx, conn => {
            sqlx::query("update sites set status = 'deleted', version_id = null, name = '', updated_at_ms = $1 where id = $2")
                .bind(now_ms).bind(site).execute(&mut *conn).await?;
            sqlx::query("delete from versions where site_id = $1").bind(site).execute(&mut *conn).await?;
            sqlx::query("delete from form_entries where site_id = $1").bind(site).execute(&mut *conn).await?;
            sqlx::query("delete from page_views where site_id = $1").bind(site).execute(&mut *conn).await?;
            sqlx::query("delete from run_stages where run_id in (select id from runs where site_id = $1)")
                .bind(site).execute(&mut *conn).await?;
            sqlx::query("update runs set brief = $1 where site_id = $2")
                .bind(Json(&nothing)).bind(site).execute(&mut *conn).await?;
        });
        note_change(tx, *site, subdomain, now_ms).await?;
    }
    Ok(sites.iter().filter(|(_, _, status)| status == "live").count())
}
