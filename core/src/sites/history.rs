//! A site's way back and forth: what it was, and the versions to return to.

use serde_json::Value;
use sqlx::types::Json;

use super::publish::point_at;
use super::store::{note_change, read_document, site_in};
use super::{Manifest, Published, SiteStatus, SitesError};
use crate::db::{Db, Tx};
use crate::each_engine;
use crate::ids::{SiteId, VersionId};
use crate::site::document::{Document, SectionKind};
use crate::site::{Part, changed_parts, is_same_part};

/// Versions looked through for an older state of one section.
const MOST_LOOKED_AT: i64 = 100;

/// A version as a person picks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionLine {
    /// Counted from 1 within the site.
    pub number: i64,
    /// When it was made, epoch milliseconds.
    pub at_ms: i64,
    /// Whether visitors see it now.
    pub live: bool,
    /// What it changed; empty for the first.
    pub changed: Vec<Part>,
}

/// Which older state of a section is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The last that was another than now.
    Before,
    /// The last made before this time, epoch milliseconds.
    At(i64),
    /// The version of this number.
    Number(i64),
}

#[derive(sqlx::FromRow)]
struct OldRow {
    id: VersionId,
    number: i64,
    parent_id: Option<VersionId>,
    document: Json<Value>,
    created_at_ms: i64,
}

/// Points the site at the version that was undone last; answers its number.
pub async fn redo(tx: &mut Tx, site: SiteId, now_ms: i64) -> Result<Published, SitesError> {
    let current = site_in(tx, site).await?;
    if current.status != SiteStatus::Live {
        return Err(SitesError::Closed);
    }
    // Whoever was made last on top of what is live is what undo came from.
    let next: Option<(VersionId, i64, Json<Value>, Json<Manifest>)> = each_engine!(tx tx, conn => sqlx::query_as(
        "select id, number, document, manifest from versions where site_id = $1 and parent_id = $2
         order by number desc limit 1")
        .bind(site).bind(current.version).fetch_optional(conn).await?);
    let (id, number, document, manifest) = next.ok_or(SitesError::NothingToUndo)?;
    let document = read_document(document.0)?;
    point_at(tx, site, id, &document.business.name, now_ms).await?;
    note_change(tx, site, &current.subdomain, now_ms).await?;
    let built_elsewhere = manifest.0.built_for != current.subdomain;
    Ok(Published { version: id, number, subdomain: current.subdomain, built_elsewhere })
}

/// The newest versions of a site with what each changed, newest first.
pub async fn versions_of(
    tx: &mut Tx,
    site: SiteId,
    limit: i64,
) -> Result<Vec<VersionLine>, SitesError> {
    let live = site_in(tx, site).await?.version;
    let rows: Vec<OldRow> = each_engine!(tx tx, conn => sqlx::query_as(
        "select id, number, parent_id, document, created_at_ms from versions where site_id = $1
         order by number desc limit $2")
        .bind(site).bind(limit).fetch_all(conn).await?);
    let mut lines = Vec::with_capacity(rows.len());
    for row in &rows {
        let document = read_document(row.document.0.clone())?;
        let parent = match rows.iter().find(|other| Some(other.id) == row.parent_id) {
            Some(parent) => Some(read_document(parent.document.0.clone())?),
            None => None,
        };
        let changed = parent.map(|parent| changed_parts(&parent, &document)).unwrap_or_default();
        let is_live = Some(row.id) == live;
        lines.push(VersionLine {
            number: row.number,
            at_ms: row.created_at_ms,
            live: is_live,
            changed,
        });
    }
    Ok(lines)
}

/// The document of a site at an earlier moment; with a section, the newest one in which that section
/// was another than in `now`.
pub async fn document_at(
    db: &Db,
    site: SiteId,
    now: &Document,
    section: Option<SectionKind>,
    moment: Moment,
) -> Result<Document, SitesError> {
    let (before_ms, number) = match moment {
        Moment::Before => (i64::MAX, None),
        Moment::At(at_ms) => (at_ms, None),
        Moment::Number(number) => (i64::MAX, Some(number)),
    };
    let rows: Vec<(Json<Value>,)> = each_engine!(read db, pool => sqlx::query_as(
        "select document from versions where site_id = $1 and created_at_ms < $2
         and number = coalesce($3, number) order by number desc limit $4")
        .bind(site).bind(before_ms).bind(number).bind(MOST_LOOKED_AT).fetch_all(pool).await?);
    for (document,) in rows {
        let old = read_document(document.0)?;
        let differs = match section {
            Some(kind) => !is_same_part(now, &old, kind),
            None => old != *now,
        };
        if differs {
            return Ok(old);
        }
        // A named moment is that state of the site, whether or not it is another.
        if moment != Moment::Before {
            break;
        }
    }
    Err(SitesError::NothingToUndo)
}
