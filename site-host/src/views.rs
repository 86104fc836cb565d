//! Page views, counted by site and day without cookies, addresses or any trace of a visitor.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use sitespark_core::db::Db;
use sitespark_core::ids::SiteId;
use sitespark_core::sites;

/// Views that are not written down yet.
#[derive(Debug, Default)]
pub(crate) struct Views(Mutex<HashMap<(SiteId, i64), i64>>);

impl Views {
    /// Counts one.
    pub(crate) fn count(&self, site: SiteId, now_ms: i64) {
        let mut views = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *views.entry((site, sites::day_of(now_ms))).or_default() += 1;
    }

    /// Writes down what was counted; on failure it is counted on.
    pub(crate) async fn flush(&self, db: &Db) -> Result<(), sites::SitesError> {
        let counted = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if counted.is_empty() {
            return Ok(());
        }
        let written = write(db, &counted).await;
        if written.is_err() {
            let mut views = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            for (key, count) in counted {
                *views.entry(key).or_default() += count;
            }
        }
        written
    }
}

async fn write(db: &Db, counted: &HashMap<(SiteId, i64), i64>) -> Result<(), sites::SitesError> {
    let mut tx = db.begin().await?;
    for ((site, day), count) in counted {
        sites::add_page_views(&mut tx, *site, *day, *count).await?;
    }
    tx.commit().await?;
    Ok(())
}
