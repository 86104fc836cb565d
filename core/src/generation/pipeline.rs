//! Running a generation: live at once in the built-in writer's words, and paid there and then where no
//! model is configured. With models the run goes on in [`super::words`].
//!
//! No transaction is open while a store is waited for. The transaction that publishes also reports,
//! fenced by the job's lease and by the run still running.

use std::sync::Arc;
use std::time::Instant;

use serde::Deserialize;
use tokio::sync::Semaphore;

use super::draft::Drafter;
use super::report::write_job;
use super::{
    FailureReason, GenerationError, Illustrator, PictureWish, Report, Run, RunStatus, store,
};
use crate::causes::with_causes;
use crate::clock::SharedClock;
use crate::db::{Db, Tx};
use crate::each_engine;
use crate::ids::{RunId, SiteId, Tokens, TransferId, VersionId, WorkspaceId};
use crate::live::{Live, News};
use crate::llm::{Llm, Moderator, Prompts};
use crate::queue::{self, Claimed, QueueError, Verdict};
use crate::safety;
use crate::site::document::Document;
use crate::site::{Edit, EditError, apply};
use crate::sites::{self, Change, Pack, Published, Publisher, Site, SitesError};
use crate::storage::Bytes;
use crate::wallet::{self, TransferKind};
use crate::writer;

/// Tries of a run before it is given up and its tokens go back.
pub(super) const MOST_TRIES: i64 = 5;
/// Runs a process writes at once; the rest wait their turn without being in anybody's way.
const MOST_WRITING: usize = 48;
/// The Open Graph picture's path on every site.
const PICTURE_PATH: &str = "/og.png";

/// Makes sites from briefs and changes them.
pub struct Pipeline {
    pub(super) db: Db,
    pub(super) clock: SharedClock,
    pub(super) live: Live,
    pub(super) publisher: Publisher,
    pub(super) drafter: Drafter,
    pub(super) writing: Semaphore,
    moderator: Option<Arc<Moderator>>,
}

/// What a job of edits wants. Its JSON form is stored in jobs; fields are only ever added.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct EditWish {
    /// Changes, applied together or not at all.
    pub edits: Vec<Edit>,
    /// Nobody is told when it works.
    #[serde(default)]
    pub silent: bool,
    /// A picture of what changed follows.
    #[serde(default)]
    pub picture: Option<PictureWish>,
}

/// What goes along with a changed document into the transaction that makes it live.
pub(super) struct Along<'a> {
    /// Where it stands among the versions.
    pub(super) change: Change,
    /// Who is told.
    pub(super) report: Option<Report>,
    /// The tokens it costs.
    pub(super) hold: Option<TransferId>,
    /// A picture that follows.
    pub(super) picture: Option<&'a PictureWish>,
}

/// Why a job did not end in a live site.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error(transparent)]
    Generation(#[from] GenerationError),
    #[error(transparent)]
    Queue(#[from] QueueError),
    #[error(transparent)]
    Edit(#[from] EditError),
}

impl From<sqlx::Error> for Trouble {
    fn from(error: sqlx::Error) -> Self {
        Self::Generation(error.into())
    }
}

impl From<SitesError> for Trouble {
    fn from(error: SitesError) -> Self {
        Self::Generation(error.into())
    }
}

impl Pipeline {
    /// A pipeline over this house; without a model the built-in writer writes everything.
    pub fn new(
        db: Db,
        clock: SharedClock,
        live: Live,
        publisher: Publisher,
        llm: Option<Arc<dyn Llm>>,
        prompts: Arc<Prompts>,
    ) -> Self {
        let drafter = Drafter::new(db.clone(), clock.clone(), live.clone(), llm, prompts);
        let writing = Semaphore::new(MOST_WRITING);
        Self { db, clock, live, publisher, drafter, writing, moderator: None }
    }

    /// The same, showing each brief to a service that judges it before anybody is paid.
    pub fn with_moderator(self, moderator: Option<Arc<Moderator>>) -> Self {
        Self { moderator, ..self }
    }

    /// The same, having a picture painted where the owner gave no photo.
    pub fn with_illustrator(mut self, illustrator: Option<Illustrator>) -> Self {
        self.drafter.set_illustrator(illustrator);
        self
    }

    /// Puts a run's site up in built-in words. Safe to be called again for the same run at any point.
    pub async fn generate(&self, row: &Claimed, id: RunId) -> Verdict {
        let begun = Instant::now();
        let run = match store::find_run(&self.db, id).await {
            Ok(run) => run,
            Err(error) => return Verdict::Retry(with_causes(&error)),
        };
        if run.status != RunStatus::Running {
            return Verdict::Done;
        }
        match self.put_up(row, &run).await {
            Ok(theme) => {
                if !self.drafter.asks_models() {
                    count_run(&theme, "live", begun);
                }
                Verdict::Finished
            }
            Err(Trouble::Generation(GenerationError::Ended)) => {
                count_run("none", "cancelled", begun);
                Verdict::Done
            }
            Err(Trouble::Generation(GenerationError::Forbidden(kind))) => {
                tracing::warn!(run.id = %id, kind = kind.slug(), "a run is for what no site may be for");
                self.give_up(row, &run, FailureReason::Forbidden(kind), Vec::new()).await
            }
            Err(Trouble::Generation(GenerationError::Sites(SitesError::Refused {
                kinds,
                why,
            }))) => {
                tracing::warn!(run.id = %id, why, "the publish gate refused a run");
                let why = kinds.iter().map(|kind| kind.slug().to_owned()).collect();
                self.give_up(row, &run, FailureReason::Refused, why).await
            }
            Err(trouble) if row.may_fail_again(MOST_TRIES) => Verdict::Retry(with_causes(&trouble)),
            Err(trouble) => {
                tracing::error!(run.id = %id, error = with_causes(&trouble), "a run is given up");
                self.give_up(row, &run, FailureReason::Internal, Vec::new()).await
            }
        }
    }

    async fn put_up(&self, row: &Claimed, run: &Run) -> Result<String, Trouble> {
        if self.writes_early() {
            let now_ms = self.clock.now_ms();
            let mut tx = self.db.begin().await?;
            queue::push(&mut tx, &write_job(run.id, true, &row.key, now_ms), now_ms).await?;
            tx.commit().await?;
        }
        let judged = async {
            match &self.moderator {
                Some(moderator) => moderator.check(&run.brief, run.id).await,
                None => Ok(()),
            }
        };
        let document = self.drafter.built_in(run);
        let site = sites::find_site(&self.db, &run.site.to_string()).await?;
        let now_ms = self.clock.now_ms();
        let building = self.publisher.build(document.clone(), &site.subdomain, now_ms);
        let (judged, pack) = tokio::join!(judged, building);
        judged.map_err(GenerationError::from)?;
        let pack = pack?;
        let begun = Instant::now();
        self.publisher.store(&pack).await.map_err(SitesError::from)?;
        let picture_key = self.store_picture(&pack).await?;
        self.go_live(row, run, &document, &pack, picture_key).await?;
        let seconds = begun.elapsed().as_secs_f64();
        metrics::histogram!("sitespark_deployment_duration_seconds").record(seconds);
        Ok(document.design.theme)
    }

    /// Whether models are asked while the site is put up: not before a service has judged the brief.
    fn writes_early(&self) -> bool {
        self.drafter.asks_models() && self.moderator.is_none()
    }

    /// The site's picture as an object of its own, for the channels that show it.
    async fn store_picture(&self, pack: &Pack) -> Result<String, Trouble> {
        let Some(file) = pack.manifest.files.get(PICTURE_PATH) else { return Ok(String::new()) };
        let (at, length) = file.plain;
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        let length = usize::try_from(length).unwrap_or(0);
        let bytes = pack.bytes.get(at..at.saturating_add(length)).unwrap_or_default().to_vec();
        let key = format!("pictures/{}.png", file.hash);
        let put = self.publisher.objects().put(&key, Bytes::from(bytes)).await;
        put.map_err(SitesError::from)?;
        Ok(key)
    }

    async fn go_live(
        &self,
        row: &Claimed,
        run: &Run,
        document: &Document,
        pack: &Pack,
        picture_key: String,
    ) -> Result<(), Trouble> {
        let now_ms = self.clock.now_ms();
        let mut tx = self.db.begin().await?;
        queue::finish(&mut tx, row, now_ms).await?;
        let captured = if self.drafter.asks_models() {
            store::still_runs(&mut tx, run.id)
                .await?
                .then_some(None)
                .ok_or(GenerationError::Ended)?
        } else {
            Some(super::go_live(&mut tx, run.id, now_ms).await?)
        };
        let cause = first_cause(run.id);
        let published =
            sites::publish(&mut tx, run.site, Change::Next, document, pack, &cause, now_ms).await?;
        let url = self.publisher.url(&published.subdomain);
        let picture_url = format!("{url}{PICTURE_PATH}");
        let report = match captured {
            Some(captured) => Report::Live { run: run.id, url, picture_key, picture_url, captured },
            None => Report::Shown { run: run.id, url, picture_key, picture_url },
        };
        let told = report.into_row(&row.key, format!("run:{}:live", run.id), now_ms);
        queue::push(&mut tx, &told, now_ms).await?;
        if captured.is_none() && !self.writes_early() {
            queue::push(&mut tx, &write_job(run.id, false, &row.key, now_ms), now_ms).await?;
        }
        let tier = tier_of(&mut tx, run.workspace).await?;
        tx.commit().await?;
        count_tokens(TransferKind::WebsiteGeneration, captured, tier);
        self.tell(&published).await;
        Ok(())
    }

    pub(super) async fn tell(&self, published: &Published) {
        let subdomain = published.subdomain.clone();
        self.live.bus.publish(News::Site { subdomain }).await;
    }

    async fn give_up(
        &self,
        row: &Claimed,
        run: &Run,
        reason: FailureReason,
        why: Vec<String>,
    ) -> Verdict {
        count_run("none", "failed", Instant::now());
        match self.fail(row, run, reason, why).await {
            Ok(()) => Verdict::Finished,
            Err(error) => Verdict::Retry(with_causes(&error)),
        }
    }

    async fn fail(
        &self,
        row: &Claimed,
        run: &Run,
        reason: FailureReason,
        why: Vec<String>,
    ) -> Result<(), Trouble> {
        let now_ms = self.clock.now_ms();
        let mut tx = self.db.begin().await?;
        queue::finish(&mut tx, row, now_ms).await?;
        if let Some(released) = super::fail(&mut tx, run.id, reason, now_ms).await? {
            let reason = reason.slug().to_owned();
            let report = Report::Failed { run: run.id, reason, released, why };
            let told = report.into_row(&row.key, format!("run:{}:failed", run.id), now_ms);
            queue::push(&mut tx, &told, now_ms).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Gives a run up whose job has died, inside the caller's transaction: its tokens go back at once
    /// and its owner hears of it.
    pub async fn bury(
        &self,
        tx: &mut Tx,
        row: &Claimed,
        id: RunId,
        now_ms: i64,
    ) -> Result<(), GenerationError> {
        if let Some(report) = super::abandon(tx, id, &self.publisher, now_ms).await? {
            let cause = format!("run:{id}:failed");
            let told = report.into_row(queue::own_key(&row.key), cause, now_ms);
            queue::push(tx, &told, now_ms).await?;
        }
        Ok(())
    }

    /// Changes a live site: apply, build, publish, report. Edits stand or fall together.
    pub async fn edit(&self, row: &Claimed, site: SiteId, wish: &EditWish) -> Verdict {
        let reason = match self.change(row, site, wish).await {
            Ok(()) => return Verdict::Finished,
            Err(Trouble::Edit(EditError::NotFound(_))) => "not_found",
            Err(Trouble::Edit(EditError::Invalid(_))) => "refused",
            Err(Trouble::Generation(GenerationError::Forbidden(kind))) => kind.reason(),
            Err(Trouble::Edit(EditError::Locked(_))) => "locked",
            Err(Trouble::Generation(GenerationError::Sites(SitesError::Refused { .. }))) => {
                "refused"
            }
            Err(Trouble::Generation(GenerationError::Sites(SitesError::Closed))) => "closed",
            Err(trouble) if row.may_fail_again(MOST_TRIES) => {
                return Verdict::Retry(with_causes(&trouble));
            }
            Err(trouble) => {
                tracing::error!(site.id = %site, error = with_causes(&trouble), "an edit is given up");
                "internal"
            }
        };
        let report = Report::EditRefused { site, reason: reason.to_owned() };
        match self.report_edit(row, Some(report)).await {
            Ok(()) => Verdict::Finished,
            Err(trouble) => Verdict::Retry(with_causes(&trouble)),
        }
    }

    async fn change(&self, row: &Claimed, site: SiteId, wish: &EditWish) -> Result<(), Trouble> {
        let found = sites::find_site(&self.db, &site.to_string()).await?;
        let base: VersionId = found.version.ok_or(SitesError::Closed)?;
        let before = sites::version(&self.db, base).await?;
        let edits = self.filled(site, &before.document, &wish.edits).await?;
        let mut document = apply(&before.document, &edits)?;
        writer::fill_languages(&mut document);
        let (change, report) = match wish.silent {
            true => (Change::Rebuilt, None),
            false => (Change::Next, Some(Report::Edited { site })),
        };
        let along = Along { change, report, hold: None, picture: wish.picture.as_ref() };
        self.put_live(row, &found, &document, along).await
    }

    /// Builds a changed document, stores it, and makes it live in one transaction that also takes
    /// the hold, if the change is paid for, reports, and has a picture taken if one is wished for.
    pub(super) async fn put_live(
        &self,
        row: &Claimed,
        found: &Site,
        document: &Document,
        along: Along<'_>,
    ) -> Result<(), Trouble> {
        let Along { change, report, hold, picture } = along;
        safety::check_document(document).map_err(GenerationError::from)?;
        let now_ms = self.clock.now_ms();
        let pack = self.publisher.build(document.clone(), &found.subdomain, now_ms).await?;
        self.publisher.store(&pack).await.map_err(SitesError::from)?;
        let mut tx = self.db.begin().await?;
        queue::finish(&mut tx, row, now_ms).await?;
        // Somebody else published meanwhile: begin again from what is live now.
        if sites::site_in(&mut tx, found.id).await?.version != found.version {
            return Err(SitesError::Stale.into());
        }
        if let Some(hold) = hold
            && !wallet::capture(&mut tx, hold, now_ms)
                .await
                .map_err(GenerationError::from)?
                .is_new()
        {
            return Err(GenerationError::Ended.into());
        }
        let paid = match hold {
            Some(hold) => {
                let amount = wallet::held_amount(&mut tx, hold).await;
                let tier = tier_of(&mut tx, found.workspace).await?;
                Some((amount.map_err(GenerationError::from)?, tier))
            }
            None => None,
        };
        let cause = format!("job:{}", row.cause);
        let published =
            sites::publish(&mut tx, found.id, change, document, &pack, &cause, now_ms).await?;
        if let Some(report) = report {
            let told = report.into_row(&row.key, format!("{}:report", row.cause), now_ms);
            queue::push(&mut tx, &told, now_ms).await?;
        }
        if let Some(wish) = picture {
            let job = wish.job(found.id, found.version, &row.key, now_ms);
            queue::push(&mut tx, &job, now_ms).await?;
        }
        tx.commit().await?;
        if let Some((amount, tier)) = paid {
            count_tokens(TransferKind::Refinement, Some(amount), tier);
        }
        self.tell(&published).await;
        Ok(())
    }

    async fn report_edit(&self, row: &Claimed, report: Option<Report>) -> Result<(), Trouble> {
        let now_ms = self.clock.now_ms();
        let mut tx = self.db.begin().await?;
        queue::finish(&mut tx, row, now_ms).await?;
        if let Some(report) = report {
            let told = report.into_row(&row.key, format!("{}:report", row.cause), now_ms);
            queue::push(&mut tx, &told, now_ms).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

pub(super) async fn tier_of(tx: &mut Tx, workspace: WorkspaceId) -> Result<String, sqlx::Error> {
    let tier: Option<String> = each_engine!(tx tx, conn => sqlx::query_scalar(
        "select u.tier from workspaces w join users u on u.id = w.personal_of where w.id = $1")
        .bind(workspace).fetch_optional(conn).await?);
    Ok(tier.unwrap_or_else(|| "free".to_owned()))
}

/// The cause of the version a run's site is put up with.
pub(super) fn first_cause(run: RunId) -> String {
    format!("run:{run}")
}

pub(super) fn count_run(theme: &str, status: &'static str, begun: Instant) {
    metrics::histogram!("sitespark_generation_duration_seconds")
        .record(begun.elapsed().as_secs_f64());
    metrics::counter!("sitespark_websites_generated_total",
        "template_id" => theme.to_owned(), "status" => status)
    .increment(1);
}

pub(super) fn count_tokens(kind: TransferKind, captured: Option<Tokens>, tier: String) {
    metrics::counter!("sitespark_token_consumption_total",
        "transaction_type" => kind.slug(), "user_tier" => tier)
    .increment(captured.map_or(0, |captured| u64::try_from(captured.0).unwrap_or(0)));
}
