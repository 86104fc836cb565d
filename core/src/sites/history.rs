//! A site's way back and forth: what it was, and the versions to return to.

use std::collections::BTreeMap;

use serde_json::Value;
use sqlx::types::Json;

use super::model::rewords;
use super::publish::point_at;
use super::store::{note_change, read_document, site_in};
use super::{Manifest, Published, SiteStatus, SitesError};
use crate::db::{Db, Tx};
use crate::each_engine;
use crate::ids::{SiteId, VersionId};
use crate::site::document::{Document, SectionKind};
use crate::site::{Part, changed_parts, is_same_part};

/// Versions looked through for what was done to a site, or for an older state of one section.
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

/// A version without what it shows.
#[derive(Clone, sqlx::FromRow)]
struct OldRow {
    id: VersionId,
    number: i64,
    parent_id: Option<VersionId>,
    cause: String,
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

/// The newest changes of a site with what each changed, newest first, one line a change: of what was
/// put into other words later, the last wording, at the time the change was made.
pub async fn versions_of(
    tx: &mut Tx,
    site: SiteId,
    limit: usize,
) -> Result<Vec<VersionLine>, SitesError> {
    let live = site_in(tx, site).await?.version;
    let rows: Vec<OldRow> = each_engine!(tx tx, conn => sqlx::query_as(
        "select id, number, parent_id, cause, created_at_ms from versions where site_id = $1
         order by number desc limit $2")
        .bind(site).bind(MOST_LOOKED_AT).fetch_all(conn).await?);
    let rows = one_a_change(rows, live);
    let mut lines = Vec::with_capacity(rows.len().min(limit));
    for row in rows.iter().take(limit) {
        let changed = match row.parent_id {
            Some(parent) => {
                changed_parts(&document_in(tx, parent).await?, &document_in(tx, row.id).await?)
            }
            None => Vec::new(),
        };
        lines.push(VersionLine {
            number: row.number,
            at_ms: row.created_at_ms,
            live: Some(row.id) == live,
            changed,
        });
    }
    Ok(lines)
}

async fn document_in(tx: &mut Tx, version: VersionId) -> Result<Document, SitesError> {
    let document: Json<Value> = each_engine!(tx tx, conn => sqlx::query_scalar(
        "select document from versions where id = $1").bind(version).fetch_one(conn).await?);
    read_document(document.0)
}

/// Of versions, newest first, those that nothing says in other words, each with the time of the one it
/// says in other words itself. What is live is always among them.
fn one_a_change(rows: Vec<OldRow>, live: Option<VersionId>) -> Vec<OldRow> {
    let before: BTreeMap<VersionId, VersionId> =
        rows.iter().filter_map(|row| Some((row.id, rewords(&row.cause)?))).collect();
    let made: BTreeMap<VersionId, i64> =
        rows.iter().map(|row| (row.id, row.created_at_ms)).collect();
    let is_last =
        |row: &OldRow| Some(row.id) == live || before.values().all(|reworded| *reworded != row.id);
    let first_of = |id: VersionId| {
        let wordings = std::iter::successors(Some(id), |id| before.get(id).copied());
        wordings.take(rows.len()).filter_map(|id| made.get(&id)).last().copied()
    };
    let last = rows.iter().filter(|row| is_last(row));
    last.map(|row| OldRow {
        created_at_ms: first_of(row.id).unwrap_or(row.created_at_ms),
        ..row.clone()
    })
    .collect()
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
    let differs = |old: &Document| match section {
        Some(kind) => !is_same_part(now, old, kind),
        None => old != now,
    };
    for version in versions_at(db, site, moment).await? {
        let old = super::store::version(db, version).await?.document;
        if differs(&old) {
            return Ok(old);
        }
        // A named moment is that state of the site, whether or not it is another.
        if moment != Moment::Before {
            break;
        }
    }
    Err(SitesError::NothingToUndo)
}

/// The versions of a moment, the likeliest first.
async fn versions_at(db: &Db, site: SiteId, moment: Moment) -> Result<Vec<VersionId>, SitesError> {
    let rows: Vec<OldRow> = each_engine!(read db, pool => sqlx::query_as(
        "select id, number, parent_id, cause, created_at_ms from versions where site_id = $1
         order by number desc limit $2")
        .bind(site).bind(MOST_LOOKED_AT).fetch_all(pool).await?);
    let meant = match moment {
        Moment::Number(number) => rows.into_iter().filter(|row| row.number == number).collect(),
        Moment::Before => one_a_change(rows, None),
        Moment::At(at_ms) => {
            let rows = one_a_change(rows, None).into_iter();
            rows.filter(|row| row.created_at_ms < at_ms).collect()
        }
    };
    Ok(meant.into_iter().map(|row| row.id).collect())
}
