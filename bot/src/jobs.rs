//! The jobs lane: what is slow. Generations and edits are core's; photos are fetched here, because
//! only channels know where their bytes are.

use std::sync::Arc;

use async_trait::async_trait;
use serde::Deserialize;
use sitespark_core::brief::{Photo, PhotoRole, StoredPhoto};
use sitespark_core::causes::with_causes;
use sitespark_core::clock::SharedClock;
use sitespark_core::db::{Db, Tx};
use sitespark_core::generation::{
    EditWish, MenuReader, PictureWish, Pipeline, Refinement, Report, Unread,
};
use sitespark_core::ids::{RunId, SiteId, VersionId};
use sitespark_core::photos::{self, PhotoFault};
use sitespark_core::queue::{self, Burial, Claimed, Handler, QueueError, Verdict};
use sitespark_core::site::{files_of, logo_files_of};
use sitespark_core::storage::Objects;
use sitespark_core::wallet;

use crate::channels::{FetchError, Ports};
use crate::comparisons::{Asker, Compared, Comparisons};
use crate::conversation::convert;
use crate::exports::{self, Takeaway};
use crate::inbox::chat_of_key;
use crate::message::FileRef;
use crate::speaking;

/// A row of the jobs lane. Its JSON form is stored; variants are only ever added.
#[derive(Debug, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
enum Job {
    Generate {
        run: RunId,
    },
    /// The models' words for a run that is live in built-in ones.
    Write {
        run: RunId,
        /// It begins while the site is put up.
        #[serde(default)]
        early: bool,
    },
    Edit {
        site: SiteId,
        #[serde(flatten)]
        wish: EditWish,
    },
    Photo {
        file: FileRef,
        caption: Option<String>,
        /// A slug of [`PhotoRole`]; among the photos when absent.
        #[serde(default)]
        role: String,
    },
    /// A stored photo is read as a list of what is sold.
    Menu {
        photo: StoredPhoto,
    },
    Refine {
        site: SiteId,
        wish: Refinement,
        #[serde(default)]
        picture: Option<PictureWish>,
    },
    /// What a change did to the page, as a picture.
    Picture {
        site: SiteId,
        before: Option<VersionId>,
        wish: PictureWish,
    },
    Export {
        site: SiteId,
    },
    Poster {
        site: SiteId,
    },
    Erase {
        keys: Vec<String>,
        #[serde(default)]
        folders: Vec<String>,
    },
}

/// Works the jobs lane.
pub struct Jobs {
    db: Db,
    clock: SharedClock,
    pipeline: Arc<Pipeline>,
    ports: Arc<Ports>,
    objects: Objects,
    comparisons: Comparisons,
    reader: Option<MenuReader>,
}

/// Tries to get at a stored photo before it is given up.
const MENU_TRIES: i64 = 4;
/// Tries to fetch a photo before its sender is told that it is gone.
const PHOTO_TRIES: i64 = 4;
/// Tries to put files together before their owner is told that it does not work.
const EXPORT_TRIES: i64 = 3;

impl Jobs {
    /// A handler of this house's jobs.
    pub fn new(
        db: Db,
        clock: SharedClock,
        pipeline: Arc<Pipeline>,
        ports: Arc<Ports>,
        objects: Objects,
        comparisons: Comparisons,
    ) -> Self {
        Self { db, clock, pipeline, ports, objects, comparisons, reader: None }
    }

    /// The same with somebody who reads photos.
    #[must_use]
    pub fn with_reader(mut self, reader: Option<MenuReader>) -> Self {
        self.reader = reader;
        self
    }

    /// Has a photo read. An equal one is not paid twice; whoever waits hears of it in any case.
    async fn menu(&self, row: &Claimed, photo: StoredPhoto) -> Verdict {
        let (Ok(stored), Some(reader)) = (Photo::try_from(photo.clone()), &self.reader) else {
            return self.report(row, Report::MenuUnread { photo }).await;
        };
        match reader.read(&stored.id.0).await {
            Ok(items) => {
                let items = items.iter().map(convert::item).collect();
                self.report(row, Report::MenuRead { photo, items }).await
            }
            Err(Unread::Storage(error)) if row.may_fail_again(MENU_TRIES) => {
                Verdict::Retry(error.to_string())
            }
            Err(Unread::Storage(_) | Unread::Silent) => {
                self.report(row, Report::MenuUnread { photo }).await
            }
        }
    }

    /// A picture of a change; whatever becomes of it, the job is done.
    async fn picture(
        &self,
        row: &Claimed,
        site: SiteId,
        before: Option<VersionId>,
        wish: &PictureWish,
    ) -> Verdict {
        let (key, now_ms) = (queue::own_key(&row.key), self.clock.now_ms());
        let asker = Asker { key, since_ms: row.created_at_ms, now_ms };
        match Box::pin(self.comparisons.compare(site, before, wish, asker)).await {
            Compared::Told(report) => self.report(row, report).await,
            Compared::Silent => Verdict::Done,
            Compared::Later(rest_ms) => Verdict::Later(rest_ms),
        }
    }

    async fn photo(
        &self,
        row: &Claimed,
        file: &FileRef,
        caption: Option<String>,
        role: String,
    ) -> Verdict {
        let bytes = match self.fetch(row, file).await {
            Ok(bytes) => bytes,
            Err(FetchError::Transient(why)) if row.may_fail_again(PHOTO_TRIES) => {
                return Verdict::Retry(why);
            }
            Err(FetchError::TooLarge) => return self.refuse_photo(row, "too_large").await,
            Err(FetchError::Gone(_) | FetchError::Transient(_)) => {
                return self.refuse_photo(row, "gone").await;
            }
        };
        match photos::store(&self.objects, bytes).await {
            Ok(photo) => {
                let files = match PhotoRole::from_slug(&role).unwrap_or_default() {
                    PhotoRole::Shown | PhotoRole::Menu => files_of(&photo.id.0, photo.width_px),
                    PhotoRole::Logo => logo_files_of(&photo.id.0, photo.width_px),
                };
                let report = Report::PhotoReady {
                    id: photo.id.0,
                    width_px: photo.width_px,
                    height_px: photo.height_px,
                    caption,
                    colour: photo.colour.to_hex(),
                    focus: photo.focus.stored(),
                    role,
                };
                let verdict = self.report(row, report).await;
                // The owner has the answer; what pages will need is made while they write on. What
                // fails here is made when a page is built.
                if let Err(error) = photos::complete(&self.objects, &files).await {
                    tracing::warn!(error = with_causes(&error), "photo files are left for later");
                }
                verdict
            }
            Err(photos::StoreFault::Photo(
                PhotoFault::TooManyBytes | PhotoFault::TooManyPixels,
            )) => self.refuse_photo(row, "too_large").await,
            Err(photos::StoreFault::Photo(_)) => self.refuse_photo(row, "unreadable").await,
            Err(photos::StoreFault::Storage(error)) => Verdict::Retry(error.to_string()),
        }
    }

    async fn fetch(&self, row: &Claimed, file: &FileRef) -> Result<Vec<u8>, FetchError> {
        let Some((channel, _)) = chat_of_key(&row.key) else {
            return Err(FetchError::Gone("no such chat".to_owned()));
        };
        if let Some(port) = self.ports.get(channel) {
            return port.fetch(file, photos::BYTES_AT_MOST).await;
        }
        if !Ports::is_local(channel) {
            return Err(FetchError::Transient("the channel is off".to_owned()));
        }
        let stored = self.objects.get(&file.id).await;
        match stored {
            Ok(bytes) if bytes.len() > photos::BYTES_AT_MOST => Err(FetchError::TooLarge),
            Ok(bytes) => Ok(bytes.to_vec()),
            Err(error) => Err(FetchError::Transient(error.to_string())),
        }
    }

    /// Puts what of a site is to be taken away together as one file.
    async fn export(&self, row: &Claimed, site: SiteId, what: Takeaway) -> Verdict {
        let now_ms = self.clock.now_ms();
        let told = match exports::store(&self.db, &self.objects, (site, what), now_ms).await {
            Ok(export) => Report::Exported {
                site,
                key: export.key,
                name: export.name,
                size_bytes: export.size_bytes,
            },
            Err(error) if row.may_fail_again(EXPORT_TRIES) => {
                return Verdict::Retry(with_causes(&error));
            }
            Err(error) => {
                tracing::error!(site.id = %site, error = with_causes(&error), "an export is given up");
                Report::ExportFailed { site }
            }
        };
        self.report(row, told).await
    }

    async fn erase(&self, mut keys: Vec<String>, folders: &[String]) -> Verdict {
        for folder in folders {
            match self.objects.list_in(folder).await {
                // A mark goes after what it stands for, or nobody could find that any more.
                Ok(found) => keys.extend(
                    found
                        .into_iter()
                        .flat_map(|(key, _)| speaking::marked_by(&key).into_iter().chain([key])),
                ),
                Err(error) => return Verdict::Retry(error.to_string()),
            }
        }
        for key in keys {
            if let Err(error) = self.objects.delete(&key).await {
                return Verdict::Retry(error.to_string());
            }
        }
        Verdict::Done
    }

    async fn refuse_photo(&self, row: &Claimed, reason: &str) -> Verdict {
        self.report(row, Report::PhotoRefused { reason: reason.to_owned() }).await
    }

    /// Tells the conversation and finishes the job in one transaction.
    async fn report(&self, row: &Claimed, report: Report) -> Verdict {
        match self.report_in_tx(row, report).await {
            Ok(()) => Verdict::Finished,
            Err(error) => Verdict::Retry(error.to_string()),
        }
    }

    async fn report_in_tx(&self, row: &Claimed, report: Report) -> Result<(), QueueError> {
        let now_ms = self.clock.now_ms();
        let mut tx = self.db.begin().await?;
        queue::finish(&mut tx, row, now_ms).await?;
        let key = queue::own_key(&row.key);
        let told = report.into_row(key, format!("{}:report", row.cause), now_ms);
        queue::push(&mut tx, &told, now_ms).await?;
        tx.commit().await?;
        Ok(())
    }
}

#[async_trait]
impl Handler for Jobs {
    async fn handle(&self, row: &Claimed) -> Verdict {
        match serde_json::from_value(row.payload.clone()) {
            Ok(Job::Generate { run }) => self.pipeline.generate(row, run).await,
            Ok(Job::Write { run, early }) => self.pipeline.write(row, run, early).await,
            Ok(Job::Edit { site, wish }) => self.pipeline.edit(row, site, &wish).await,
            Ok(Job::Photo { file, caption, role }) => self.photo(row, &file, caption, role).await,
            Ok(Job::Menu { photo }) => self.menu(row, photo).await,
            Ok(Job::Refine { site, wish, picture }) => {
                self.pipeline.refine(row, site, &wish, picture.as_ref()).await
            }
            Ok(Job::Picture { site, before, wish }) => self.picture(row, site, before, &wish).await,
            Ok(Job::Export { site }) => self.export(row, site, Takeaway::Site).await,
            Ok(Job::Poster { site }) => self.export(row, site, Takeaway::Poster).await,
            Ok(Job::Erase { keys, folders }) => self.erase(keys, &folders).await,
            Err(error) => Verdict::Dead(format!("the row cannot be read: {error}")),
        }
    }

    /// What nobody works any more gives its tokens back at once, and its owner hears of it.
    async fn bury(&self, tx: &mut Tx, row: &Claimed, now_ms: i64) -> Result<(), Burial> {
        let report = match serde_json::from_value(row.payload.clone()) {
            Ok(Job::Generate { run } | Job::Write { run, .. }) => {
                return Ok(self.pipeline.bury(tx, row, run, now_ms).await?);
            }
            Ok(Job::Edit { wish, .. }) if wish.silent => return Ok(()),
            Ok(Job::Edit { site, .. }) => edit_refused(site),
            Ok(Job::Refine { site, wish, .. }) => {
                if let Some(hold) = wish.hold() {
                    wallet::release(tx, hold, "dead", now_ms).await?;
                }
                edit_refused(site)
            }
            Ok(Job::Photo { .. }) => Report::PhotoRefused { reason: "gone".to_owned() },
            Ok(Job::Export { site } | Job::Poster { site }) => Report::ExportFailed { site },
            Ok(Job::Menu { photo }) => Report::MenuUnread { photo },
            Ok(Job::Picture { .. } | Job::Erase { .. }) | Err(_) => return Ok(()),
        };
        let told =
            report.into_row(queue::own_key(&row.key), format!("{}:report", row.cause), now_ms);
        queue::push(tx, &told, now_ms).await?;
        Ok(())
    }
}

fn edit_refused(site: SiteId) -> Report {
    Report::EditRefused { site, reason: "internal".to_owned() }
}
