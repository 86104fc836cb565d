//! From a document to a live site: build, check, store, move the pointer. And back again.

use std::sync::Arc;

use image::RgbImage;
use sha2::{Digest, Sha256};
use sqlx::types::Json;

use super::builders::build_with;
use super::model::rewords;
use super::store::{note_change, site_in};
use super::{Manifest, Pack, PackedFile, Site, SiteStatus, SitesError};
use crate::db::Tx;
use crate::each_engine;
use crate::ids::{SiteId, VersionId};
use crate::photos::{self, StoreFault};
use crate::site::document::{Document, DocumentPhoto};
use crate::site::{BuiltSite, Pixels, Place, compile_with, gate, lead_photo, logo_photo};
use crate::storage::{Bytes, Objects, StorageError};

/// How sites are addressed and whose name stands in their footer.
#[derive(Debug, Clone)]
pub struct Publisher {
    objects: Objects,
    scheme: String,
    domain: String,
    operator: String,
}

/// A version that is live now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Which.
    pub version: VersionId,
    /// Counted from 1 within the site.
    pub number: i64,
    /// The name it is live under.
    pub subdomain: String,
    /// Its pages were built for another name and tell that address: they are to be built anew.
    pub built_elsewhere: bool,
}

impl Publisher {
    /// `scheme` is `http` or `https`; `domain` may carry a port.
    pub fn new(objects: Objects, scheme: &str, domain: &str, operator: &str) -> Self {
        Self {
            objects,
            scheme: scheme.to_owned(),
            domain: domain.to_owned(),
            operator: operator.to_owned(),
        }
    }

    /// The address of a name.
    pub fn url(&self, subdomain: &str) -> String {
        format!("{}://{subdomain}.{}", self.scheme, self.domain)
    }

    /// Builds a document for a name and checks it at the gate. Takes a thread of its own.
    pub async fn build(
        &self,
        document: Document,
        subdomain: &str,
        now_ms: i64,
    ) -> Result<Arc<Pack>, SitesError> {
        let place = Place {
            origin: self.url(subdomain),
            operator: self.operator.clone(),
            updated_at_ms: now_ms,
        };
        let name = subdomain.to_owned();
        let pixels = Pixels {
            lead: self.pixels(lead_photo(&document)).await?,
            logo: self.pixels(logo_photo(&document)).await?,
        };
        let (built, mut pack) = tokio::task::spawn_blocking(move || {
            build_with(|| build(&document, &place, &name, &pixels))
        })
        .await
        .map_err(|error| SitesError::Unbuildable(error.to_string()))??;
        let sizes = photos::complete(&self.objects, &built.photos).await.map_err(unphotographed)?;
        for (photo, size) in built.photos.iter().zip(sizes) {
            let key = photos::rendition_key(photo);
            let file = PackedFile {
                media_type: photos::media_type(photo).to_owned(),
                // The path is made of the photo's hash and width: it names these bytes alone.
                hash: hex::encode(&Sha256::digest(&key)[..16]),
                immutable: true,
                plain: (0, size),
                br: None,
                gzip: None,
                object: Some(key),
            };
            pack.manifest.files.insert(photo.path.clone(), file);
        }
        Ok(Arc::new(pack))
    }

    /// The pixels of a picture that rendered ones show.
    async fn pixels(&self, photo: Option<&DocumentPhoto>) -> Result<Option<RgbImage>, SitesError> {
        let Some(photo) = photo else { return Ok(None) };
        photos::master(&self.objects, &photo.id).await.map(Some).map_err(unphotographed)
    }

    /// Stores a pack under its digest; after this a version may point at it.
    pub async fn store(&self, pack: &Pack) -> Result<(), StorageError> {
        self.objects.put(&Pack::key(&pack.digest), Bytes::from(pack.bytes.clone())).await
    }

    /// The objects sites are made of.
    pub fn objects(&self) -> &Objects {
        &self.objects
    }
}

fn unphotographed(fault: StoreFault) -> SitesError {
    match fault {
        StoreFault::Photo(fault) => SitesError::Unbuildable(fault.to_string()),
        StoreFault::Storage(error) => error.into(),
    }
}

fn build(
    document: &Document,
    place: &Place,
    name: &str,
    pixels: &Pixels,
) -> Result<(BuiltSite, Pack), SitesError> {
    let built = compile_with(document, place, pixels)
        .map_err(|error| SitesError::Unbuildable(error.to_string()))?;
    let faults = gate::check(document, &built).into_iter().filter(|fault| fault.kind.blocks());
    let told =
        faults.map(|fault| (fault.kind, format!("{} ({})", fault.kind.words(), fault.detail)));
    let (kinds, reasons): (Vec<_>, Vec<_>) = told.unzip();
    if !kinds.is_empty() {
        return Err(SitesError::Refused { kinds, why: reasons.join("; ") });
    }
    let pack = Pack::build(&built.files, policy(&built.style_hashes), name);
    Ok((built, pack))
}

/// Where an order goes on to: the short address, and the one it leads to itself.
const ORDER_HOSTS: &str = "https://wa.me https://api.whatsapp.com";

/// A site may show its own pictures, wear its own styles and send its own forms; nothing else. The
/// order form is answered with a way to WhatsApp: browsers hold that way to `form-action` too.
fn policy(style_hashes: &[String]) -> String {
    let hashes: String = style_hashes.iter().map(|hash| format!(" 'sha256-{hash}'")).collect();
    format!(
        "default-src 'none'; img-src 'self' data:; style-src 'self'{hashes}; manifest-src 'self'; \
         connect-src 'self'; form-action 'self' {ORDER_HOSTS}; base-uri 'none'"
    )
}

/// Where a new version stands among those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// After the one that is live: undo leads back to it.
    Next,
    /// In the place of the one that is live, with the same content: undo leads to the one before.
    Rebuilt,
    /// In the place of the one that is live; undo leads to this one.
    After(VersionId),
}

/// Freezes a stored pack as the site's next version and points the site at it. The same cause again
/// makes no second version.
pub async fn publish(
    tx: &mut Tx,
    site: SiteId,
    change: Change,
    document: &Document,
    pack: &Pack,
    cause: &str,
    now_ms: i64,
) -> Result<Published, SitesError> {
    let current = site_in(tx, site).await?;
    match current.status {
        SiteStatus::Draft | SiteStatus::Live => {}
        SiteStatus::Suspended | SiteStatus::Deleted => return Err(SitesError::Closed),
    }
    let parent = match (change, current.version) {
        (Change::After(version), _) => Some(version),
        (Change::Rebuilt, Some(version)) => parent_of(tx, version).await?,
        (Change::Rebuilt | Change::Next, version) => version,
    };
    let frozen = freeze(tx, site, parent, (document, pack), cause, now_ms).await?;
    let Some((id, number)) = frozen else {
        return published_before(tx, cause, current.subdomain).await;
    };
    point_at(tx, site, id, &document.business.name, now_ms).await?;
    note_change(tx, site, &current.subdomain, now_ms).await?;
    Ok(Published { version: id, number, subdomain: current.subdomain, built_elsewhere: false })
}

/// Freezes a stored pack as a version that undo may lead to; what visitors see stays. Answers it with
/// its number, or nothing when this cause has made one before.
pub(crate) async fn freeze(
    tx: &mut Tx,
    site: SiteId,
    parent: Option<VersionId>,
    (document, pack): (&Document, &Pack),
    cause: &str,
    now_ms: i64,
) -> Result<Option<(VersionId, i64)>, SitesError> {
    let number: i64 = each_engine!(tx tx, conn => sqlx::query_scalar(
        "select cast(coalesce(max(number), 0) + 1 as bigint) from versions where site_id = $1")
        .bind(site).fetch_one(conn).await?);
    let id = VersionId::fresh();
    let frozen = each_engine!(tx tx, conn => sqlx::query(
        "insert into versions (id, site_id, number, parent_id, cause, digest, document, manifest, created_at_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (cause) do nothing")
        .bind(id).bind(site).bind(number).bind(parent).bind(cause).bind(&pack.digest)
        .bind(Json(document)).bind(Json(&pack.manifest)).bind(now_ms)
        .execute(conn).await?.rows_affected());
    Ok((frozen == 1).then_some((id, number)))
}

async fn parent_of(tx: &mut Tx, version: VersionId) -> Result<Option<VersionId>, sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query_scalar("select parent_id from versions where id = $1")
        .bind(version).fetch_one(conn).await)
}

async fn published_before(
    tx: &mut Tx,
    cause: &str,
    subdomain: String,
) -> Result<Published, SitesError> {
    let (version, number): (VersionId, i64) = each_engine!(tx tx, conn => sqlx::query_as(
        "select id, number from versions where cause = $1").bind(cause).fetch_one(conn).await?);
    Ok(Published { version, number, subdomain, built_elsewhere: false })
}

pub(super) async fn point_at(
    tx: &mut Tx,
    site: SiteId,
    version: VersionId,
    name: &str,
    now_ms: i64,
) -> Result<(), SitesError> {
    let moved = each_engine!(tx tx, conn => sqlx::query(
        "update sites set version_id = $1, status = 'live', name = $2, updated_at_ms = $3
         where id = $4 and status in ('draft', 'live')")
        .bind(version).bind(name).bind(now_ms).bind(site).execute(conn).await?.rows_affected());
    if moved == 1 { Ok(()) } else { Err(SitesError::Closed) }
}

/// Shows again what a site showed before the versions of this cause and those that follow from it;
/// a site that showed nothing is a draft again. Answers whether anything changed.
pub async fn take_back(
    tx: &mut Tx,
    site: SiteId,
    cause: &str,
    now_ms: i64,
) -> Result<bool, SitesError> {
    let current = site_in(tx, site).await?;
    if current.status != SiteStatus::Live {
        return Ok(false);
    }
    let before = shown_before(tx, current.version, cause).await?;
    if before == current.version {
        return Ok(false);
    }
    let status = if before.is_some() { SiteStatus::Live } else { SiteStatus::Draft };
    each_engine!(tx tx, conn => sqlx::query(
        "update sites set version_id = $1, status = $2, updated_at_ms = $3 where id = $4")
        .bind(before).bind(status.slug()).bind(now_ms).bind(site)
        .execute(conn).await?.rows_affected());
    note_change(tx, site, &current.subdomain, now_ms).await?;
    Ok(true)
}

/// What a site showed before this version, if it is one of the cause's: not the newest of all, for that
/// may be one its owner has undone.
async fn shown_before(
    tx: &mut Tx,
    version: Option<VersionId>,
    cause: &str,
) -> Result<Option<VersionId>, sqlx::Error> {
    let mut shown = version;
    while let Some(version) = shown {
        let (its_cause, parent): (String, Option<VersionId>) = each_engine!(tx tx, conn => sqlx::query_as(
                "select cause, parent_id from versions where id = $1")
                .bind(version).fetch_one(conn).await?);
        let rest = its_cause.strip_prefix(cause);
        if !rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':')) {
            break;
        }
        // Other words for a version stand in its place, and share its parent.
        shown = rewords(&its_cause).or(parent);
    }
    Ok(shown)
}

#[derive(sqlx::FromRow)]
struct ParentRow {
    id: VersionId,
    number: i64,
    document: Json<serde_json::Value>,
    manifest: Json<Manifest>,
}

/// Points the site at the version before the current one; answers its number.
pub async fn undo(tx: &mut Tx, site: SiteId, now_ms: i64) -> Result<Published, SitesError> {
    let current = site_in(tx, site).await?;
    if current.status != SiteStatus::Live {
        return Err(SitesError::Closed);
    }
    let parent: Option<ParentRow> = each_engine!(tx tx, conn => sqlx::query_as(
        "select p.id, p.number, p.document, p.manifest from versions v join versions p on p.id = v.parent_id
         where v.id = $1")
        .bind(current.version).fetch_optional(conn).await?);
    let parent = parent.ok_or(SitesError::NothingToUndo)?;
    let document = super::store::read_document(parent.document.0)?;
    point_at(tx, site, parent.id, &document.business.name, now_ms).await?;
    note_change(tx, site, &current.subdomain, now_ms).await?;
    let built_elsewhere = parent.manifest.built_for != current.subdomain;
    let Site { subdomain, .. } = current;
    Ok(Published { version: parent.id, number: parent.number, subdomain, built_elsewhere })
}
