//! Pictures of a page before and after a change, for its owner.
//!
//! A courtesy that comes after the answer or not at all: whatever goes wrong here is nobody's fault but
//! ours, and only who has asked for a picture hears that there is none.

use std::sync::Arc;

use sha2::{Digest, Sha256};
use sitespark_core::brief::Language;
use sitespark_core::camera::{CameraFault, PageCamera};
use sitespark_core::causes::with_causes;
use sitespark_core::clock::DAY_MS;
use sitespark_core::db::Db;
use sitespark_core::generation::{PictureWish, Report};
use sitespark_core::ids::{SiteId, VersionId};
use sitespark_core::live::{Limit, Live};
use sitespark_core::site::compare_pages;
use sitespark_core::sites::{self, SiteStatus, SitesError, Version};
use sitespark_core::storage::{Bytes, Objects};
use tokio::sync::Semaphore;

use crate::store;

/// Where these pictures lie, in a folder for each site, named by the day they were made.
const COMPARISONS: &str = "pictures/comparisons";
/// How long a picture is kept: a chat may be scrolled back that far.
const KEPT_DAYS: i64 = 30;
/// A picture nobody asked for is worth nothing after this time.
const FRESH_MS: i64 = 20_000;
/// Longest that somebody who asked waits for others.
const ASKED_MS: i64 = 5 * 60_000;
/// Pictures nobody asked for, in one chat.
const UNASKED: Limit = Limit { per_minute: 2, burst: 4 };
/// Rest while the browser takes another picture.
const BUSY_REST_MS: i64 = 1_500;

/// Takes these pictures, where there is a camera.
pub struct Comparisons {
    db: Db,
    live: Live,
    objects: Objects,
    camera: Option<Arc<dyn PageCamera>>,
    /// One picture at a time: a browser is large.
    place: Semaphore,
}

/// What came of a wish.
#[derive(Debug)]
pub(crate) enum Compared {
    /// This is told to the conversation.
    Told(Report),
    /// Nothing is said.
    Silent,
    /// Not now.
    Later(i64),
}

/// What is known of the row that asks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asker<'a> {
    /// The ordering key of its chat.
    pub(crate) key: &'a str,
    /// When it was put in.
    pub(crate) since_ms: i64,
    /// The time.
    pub(crate) now_ms: i64,
}

#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    Sites(#[from] SitesError),
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Camera(#[from] CameraFault),
    #[error("there is no browser here")]
    NoCamera,
    #[error("the picture could not be kept")]
    Storage(#[from] sitespark_core::storage::StorageError),
}

impl Comparisons {
    /// Pictures by this camera; none without one.
    pub fn new(db: Db, live: Live, objects: Objects, camera: Option<Arc<dyn PageCamera>>) -> Self {
        Self { db, live, objects, camera, place: Semaphore::new(1) }
    }

    /// Compares what is live with `before`, or with what came before it.
    pub(crate) async fn compare(
        &self,
        site: SiteId,
        before: Option<VersionId>,
        wish: &PictureWish,
        asker: Asker<'_>,
    ) -> Compared {
        let none = |reason: &str| match wish.asked {
            true => Compared::Told(Report::Compared {
                site,
                picture_key: String::new(),
                reason: reason.to_owned(),
            }),
            false => Compared::Silent,
        };
        let waited_ms = asker.now_ms - asker.since_ms;
        let patience_ms = if wish.asked { ASKED_MS } else { FRESH_MS };
        if waited_ms > patience_ms {
            return none("failed");
        }
        let Ok(_place) = self.place.try_acquire() else { return Compared::Later(BUSY_REST_MS) };
        match self.compared(site, before, wish, asker).await {
            Ok(Some(picture_key)) => {
                Compared::Told(Report::Compared { site, picture_key, reason: String::new() })
            }
            Ok(None) => none("same"),
            Err(Trouble::Camera(CameraFault::Busy)) => Compared::Later(BUSY_REST_MS),
            Err(trouble) => {
                let error = with_causes(&trouble);
                tracing::warn!(site.id = %site, error, "a page was not pictured before and after");
                none("failed")
            }
        }
    }

    async fn compared(
        &self,
        site: SiteId,
        before: Option<VersionId>,
        wish: &PictureWish,
        asker: Asker<'_>,
    ) -> Result<Option<String>, Trouble> {
        let Some(camera) = &self.camera else { return Err(Trouble::NoCamera) };
        if !self.is_wanted(wish, asker).await? {
            return Ok(None);
        }
        let Some([before, after]) = self.versions(site, before, wish).await? else {
            return Ok(None);
        };
        let pages = camera.take(&[before, after]).await?;
        let language = Language::from_tag(&wish.language).unwrap_or_default();
        let drawn = tokio::task::spawn_blocking(move || match pages.as_slice() {
            [before, after] => compare_pages(before, after, language),
            _ => None,
        });
        let Ok(Some(jpeg)) = drawn.await else { return Ok(None) };
        let day = asker.now_ms.div_euclid(DAY_MS);
        let digest = hex::encode(Sha256::digest(&jpeg));
        let key = format!("{}/{day}-{digest}.jpg", sites::comparisons_of(site));
        self.objects.put(&key, Bytes::from(jpeg)).await?;
        Ok(Some(key))
    }

    /// Whether its owner is still there and has not had many of them just now.
    async fn is_wanted(&self, wish: &PictureWish, asker: Asker<'_>) -> Result<bool, sqlx::Error> {
        let place = store::whereabouts(&self.db, wish.conversation).await?;
        if place.is_none_or(|place| place.muted) {
            return Ok(false);
        }
        if wish.asked {
            return Ok(true);
        }
        let key = format!("comparison:{}", asker.key);
        Ok(self.live.limiter.take(&key, UNASKED, asker.now_ms).await.is_ok())
    }

    /// The two versions; nothing where the site is not live, or shows something else by now.
    async fn versions(
        &self,
        site: SiteId,
        before: Option<VersionId>,
        wish: &PictureWish,
    ) -> Result<Option<[Version; 2]>, SitesError> {
        let found = sites::find_site(&self.db, &site.to_string()).await?;
        let (SiteStatus::Live, Some(now)) = (found.status, found.version) else { return Ok(None) };
        if !wish.asked && !wish.made(&sites::cause_of(&self.db, now).await?) {
            return Ok(None);
        }
        let after = sites::version(&self.db, now).await?;
        let Some(before) = before.or(after.parent) else { return Ok(None) };
        let before = sites::version(&self.db, before).await?;
        Ok((before.site == site && before.digest != after.digest).then_some([before, after]))
    }
}

/// Removes pictures whose days are over. Answers how many.
pub async fn sweep(objects: &Objects, now_ms: i64) -> Result<usize, SitesError> {
    let today = now_ms.div_euclid(DAY_MS);
    let mut removed = 0;
    for (key, _) in objects.list_in(COMPARISONS).await? {
        if day_of(&key).is_some_and(|day| today - day > KEPT_DAYS) {
            objects.delete(&key).await?;
            removed += 1;
        }
    }
    Ok(removed)
}

fn day_of(key: &str) -> Option<i64> {
    key.rsplit_once('/')?.1.split_once('-')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_these_pictures_have_a_day() {
        assert_eq!(day_of("pictures/comparisons/a-site/20000-ab.jpg"), Some(20_000));
        for other in ["pictures/ab.png", "pictures/comparisons/a-site/x-1.jpg", ""] {
            assert_eq!(day_of(other), None, "{other}");
        }
    }
}
