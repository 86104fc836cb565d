//! Page views, counted by site and day without cookies, addresses or any trace of a visitor.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use sitespark_core::db::Db;
use sitespark_core::ids::SiteId;
use sitespark_core::sites::{self, PageViews};

/// Rows of one statement, and of one transaction: others want to write as well.
const MOST_AT_ONCE: usize = 500;

/// Views that are not written down yet.
#[derive(Debug, Default)]
pub(crate) struct Views(Mutex<HashMap<(SiteId, i64), i64>>);

impl Views {
    /// Counts one.
    pub(crate) fn count(&self, site: SiteId, now_ms: i64) {
        let mut views = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *views.entry((site, sites::day_of(now_ms))).or_default() += 1;
    }

    /// Writes down what was counted; on failure the rest is counted on.
    pub(crate) async fn flush(&self, db: &Db) -> Result<(), sites::SitesError> {
        let counted = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let views = |((site, day), views)| PageViews { site, day, views };
        let mut counted: Vec<PageViews> = counted.into_iter().map(views).collect();
        // Hosts that write at once wait for each other's rows, so all write them in one order.
        counted.sort_unstable();
        let mut written = 0;
        for some in counted.chunks(MOST_AT_ONCE) {
            if let Err(error) = write(db, some).await {
                self.count_on(counted.get(written..).unwrap_or_default());
                return Err(error);
            }
            written += some.len();
        }
        Ok(())
    }

    fn count_on(&self, counted: &[PageViews]) {
        let mut views = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for one in counted {
            *views.entry((one.site, one.day)).or_default() += one.views;
        }
    }
}

async fn write(db: &Db, counted: &[PageViews]) -> Result<(), sites::SitesError> {
    let mut tx = db.begin().await?;
    sites::add_page_views(&mut tx, counted).await?;
    tx.commit().await?;
    Ok(())
}
