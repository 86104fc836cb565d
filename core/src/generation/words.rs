//! A run's second part: the models' words take the built-in writer's place in the site that is live.
//!
//! A few versions a run at most, each through the gate, each one pointer move, and none over what the
//! owner changed meanwhile. The tokens are captured with the last of them; if no model had anything to
//! say, they go back and the site stays as it is.

mod before;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use before::{Before, freeze_before};

use super::draft::{Growth, Parts};
use super::merge::merge;
use super::pipeline::{MOST_TRIES, Trouble, count_run, count_tokens, first_cause, tier_of};
use super::{FailureReason, GenerationError, Pipeline, Report, Run, RunStatus, Stage, store};
use crate::causes::with_causes;
use crate::db::Tx;
use crate::ids::{RunId, Tokens, VersionId};
use crate::queue::{self, Claimed, Verdict};
use crate::site::document::Document;
use crate::sites::{self, Change, Pack, Published, SitesError, Version, reworded};
use crate::wallet::TransferKind;

/// Versions between the first and the last one: at each of as many equal shares of the content.
const MOST_BETWEEN: usize = 2;
/// How often a version is built anew because its owner changed the site meanwhile.
const MOST_RACES: usize = 8;
/// Rest of a job that found everybody writing.
const BUSY_REST_MS: i64 = 250;
/// How long a site that is put up meanwhile is waited for, and how often it is looked for unasked.
const MOST_WAIT: Duration = Duration::from_secs(30);
const LOOK: Duration = Duration::from_millis(500);

/// A version that is ready to be pointed at, and what it takes the place of.
struct Ready {
    base: VersionId,
    subdomain: String,
    /// Nothing when what is live says all of it already.
    next: Option<(Document, Arc<Pack>)>,
    /// What undo leads to, the nearest first.
    before: Vec<Before>,
}

/// How the last transaction of a run came out.
enum Sealed {
    Done(Option<Published>, Tokens, String),
    /// The owner changed the site meanwhile.
    Stale,
}

impl Pipeline {
    /// Lets the models write a run's words to the end; `early` where its site may not be up yet. Safe
    /// to be called again at any point.
    pub async fn write(&self, row: &Claimed, id: RunId, early: bool) -> Verdict {
        let begun = Instant::now();
        let Ok(_place) = self.writing.try_acquire() else { return Verdict::Later(BUSY_REST_MS) };
        let run = match store::find_run(&self.db, id).await {
            Ok(run) => run,
            Err(error) => return Verdict::Retry(with_causes(&error)),
        };
        if run.status != RunStatus::Running {
            return Verdict::Done;
        }
        match Box::pin(self.rewrite(row, &run, early)).await {
            Ok(Some(theme)) => {
                count_run(&theme, "live", begun);
                Verdict::Finished
            }
            Ok(None) => {
                count_run("none", "unwritten", begun);
                Verdict::Finished
            }
            Err(Trouble::Generation(GenerationError::Ended)) => {
                count_run("none", "cancelled", begun);
                Verdict::Done
            }
            Err(Trouble::Generation(GenerationError::NotUp)) => Verdict::Later(BUSY_REST_MS),
            Err(trouble) if row.may_fail_again(MOST_TRIES) => Verdict::Retry(with_causes(&trouble)),
            Err(trouble) => {
                tracing::error!(run.id = %id, error = with_causes(&trouble), "a run's words are given up");
                count_run("none", "unwritten", begun);
                match self.leave_as_it_is(row, &run).await {
                    Ok(()) => Verdict::Finished,
                    Err(error) => Verdict::Retry(with_causes(&error)),
                }
            }
        }
    }

    /// Answers the theme of what is live, or nothing when no model had anything to say.
    async fn rewrite(
        &self,
        row: &Claimed,
        run: &Run,
        early: bool,
    ) -> Result<Option<String>, Trouble> {
        let key = queue::own_key(&row.key);
        let up = async { if early { self.until_up(run).await } else { Ok(()) } };
        let growth = Growth::new();
        let draft = tokio::select! {
            draft = self.drafter.draft(key, run, up, &growth) => draft?,
            never = self.publish_growth(run, growth.listen()) => match never {},
        };
        let last = [Stage::Images, Stage::Assembly, Stage::Publish];
        if !draft.from_model {
            self.leave_as_it_is(row, run).await?;
            return Ok(None);
        }
        for _ in 0..MOST_RACES {
            // Nobody hears of a stage twice.
            let told = self.drafter.announce_all(key, run, &last);
            let (told, ready) = tokio::join!(told, self.prepare_last(run, &draft.document));
            told?;
            let Some(ready) = ready? else {
                self.leave_as_it_is(row, run).await?;
                return Ok(None);
            };
            if let Sealed::Done(published, captured, tier) = self.seal(row, run, &ready).await? {
                count_tokens(TransferKind::WebsiteGeneration, Some(captured), tier);
                if let Some(published) = published {
                    self.tell(&published).await;
                }
                return Ok(Some(draft.document.design.theme));
            }
        }
        Err(SitesError::Stale.into())
    }

    /// Waits for the job that puts the run's site up in built-in words.
    async fn until_up(&self, run: &Run) -> Result<(), GenerationError> {
        let mut news = self.live.bus.subscribe();
        let waiting = async {
            while sites::version_of_cause(&self.db, &first_cause(run.id)).await?.is_none() {
                if store::find_run(&self.db, run.id).await?.status != RunStatus::Running {
                    return Err(GenerationError::Ended);
                }
                // Any news is a reason to look, and so is silence: news may be lost.
                let _hint = tokio::time::timeout(LOOK, news.recv()).await;
            }
            Ok(())
        };
        tokio::time::timeout(MOST_WAIT, waiting).await.unwrap_or(Err(GenerationError::NotUp))
    }

    /// Publishes what has come, a few times, as long as it is polled. Nothing depends on it: what
    /// cannot be published now comes with the last version.
    async fn publish_growth(
        &self,
        run: &Run,
        mut parts: watch::Receiver<Parts>,
    ) -> std::convert::Infallible {
        for share in 1..=MOST_BETWEEN {
            let reached = |parts: &Parts| {
                parts.all > 0 && parts.come * (MOST_BETWEEN + 1) >= parts.all * share
            };
            if parts.wait_for(reached).await.is_err() {
                break;
            }
            if let Err(trouble) = self.publish_so_far(run).await {
                tracing::info!(run.id = %run.id, error = with_causes(&trouble), "words are published later");
            }
        }
        std::future::pending().await
    }

    async fn publish_so_far(&self, run: &Run) -> Result<(), Trouble> {
        let draft = self.drafter.so_far(run).await?;
        let ready = self.prepare(run, &draft, false).await?;
        let now_ms = self.clock.now_ms();
        let mut tx = self.db.begin().await?;
        if !store::still_runs(&mut tx, run.id).await? {
            return Err(GenerationError::Ended.into());
        }
        let published = move_on(&mut tx, run, &ready, now_ms).await?;
        tx.commit().await?;
        if let Some(Some(published)) = published {
            self.tell(&published).await;
        }
        Ok(())
    }

    /// Where the gate refuses the whole draft, what was published of it stands; nothing when there is
    /// nothing of it.
    async fn prepare_last(&self, run: &Run, draft: &Document) -> Result<Option<Ready>, Trouble> {
        match self.prepare(run, draft, true).await {
            Ok(ready) => Ok(Some(ready)),
            Err(Trouble::Generation(GenerationError::Sites(
                SitesError::Refused { why, .. } | SitesError::Unbuildable(why),
            ))) => {
                tracing::warn!(run.id = %run.id, why, "a model's words were refused; what is live stays");
                let some = sites::has_followers(&self.db, &first_cause(run.id)).await?;
                let (subdomain, current) = self.current(run).await?;
                Ok(some.then_some(Ready {
                    base: current.id,
                    subdomain,
                    next: None,
                    before: Vec::new(),
                }))
            }
            Err(trouble) => Err(trouble),
        }
    }

    async fn current(&self, run: &Run) -> Result<(String, Version), Trouble> {
        let site = sites::find_site(&self.db, &run.site.to_string()).await?;
        let version = sites::version(&self.db, site.version.ok_or(SitesError::Closed)?).await?;
        Ok((site.subdomain, version))
    }

    /// Builds and stores what shall be live next, from what is live now and the draft; with `last`, also
    /// what undo shall lead to.
    async fn prepare(&self, run: &Run, draft: &Document, last: bool) -> Result<Ready, Trouble> {
        let (subdomain, current) = self.current(run).await?;
        let (first, since) = match sites::version_of_cause(&self.db, &first_cause(run.id)).await? {
            Some(first) => (first.document, first.parent),
            None => (self.drafter.built_in(run), None),
        };
        let document = merge(&first, &current.document, draft);
        let worded = |old: &Document| merge(&first, old, draft);
        let before = match last {
            true => Box::pin(self.before(&current, since, &subdomain, worded)).await?,
            false => Vec::new(),
        };
        let mut ready = Ready { base: current.id, subdomain, next: None, before };
        let lags = ready.before.iter().any(Before::has_words);
        if document != current.document || lags {
            let built = self.build(&document, &ready.subdomain).await?;
            ready.next = Some((document, built));
        }
        Ok(ready)
    }

    async fn build(&self, document: &Document, subdomain: &str) -> Result<Arc<Pack>, Trouble> {
        let now_ms = self.clock.now_ms();
        let built = self.publisher.build(document.clone(), subdomain, now_ms).await?;
        self.publisher.store(&built).await.map_err(SitesError::from)?;
        Ok(built)
    }

    /// The last version, the capture and the word to the owner, together.
    async fn seal(&self, row: &Claimed, run: &Run, ready: &Ready) -> Result<Sealed, Trouble> {
        let now_ms = self.clock.now_ms();
        let mut tx = self.db.begin().await?;
        queue::finish(&mut tx, row, now_ms).await?;
        let captured = super::go_live(&mut tx, run.id, now_ms).await?;
        let Some(published) = move_on(&mut tx, run, ready, now_ms).await? else {
            return Ok(Sealed::Stale);
        };
        let url = self.publisher.url(&ready.subdomain);
        let report = Report::Written { run: run.id, url, captured };
        let cause = format!("run:{}:written", run.id);
        let told = report.into_row(queue::own_key(&row.key), cause, now_ms);
        queue::push(&mut tx, &told, now_ms).await?;
        let tier = tier_of(&mut tx, run.workspace).await?;
        tx.commit().await?;
        Ok(Sealed::Done(published, captured, tier))
    }

    /// The site stays live with the words it has, and costs nothing.
    async fn leave_as_it_is(&self, row: &Claimed, run: &Run) -> Result<(), Trouble> {
        let now_ms = self.clock.now_ms();
        let mut tx = self.db.begin().await?;
        queue::finish(&mut tx, row, now_ms).await?;
        let report = unwritten(&mut tx, run.id, &self.publisher, now_ms).await?;
        if let Some(report) = report {
            let cause = format!("run:{}:written", run.id);
            let told = report.into_row(queue::own_key(&row.key), cause, now_ms);
            queue::push(&mut tx, &told, now_ms).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Ends a run whose site stays live without a model's words, and tells of it; `None` when the run
/// had ended already.
pub(super) async fn unwritten(
    tx: &mut Tx,
    run: RunId,
    publisher: &sites::Publisher,
    now_ms: i64,
) -> Result<Option<Report>, GenerationError> {
    let Some(released) = super::fail(tx, run, FailureReason::Unwritten, now_ms).await? else {
        return Ok(None);
    };
    let site = store::site_of(tx, run).await?;
    let url = publisher.url(&sites::site_in(tx, site).await?.subdomain);
    Ok(Some(Report::Unwritten { run, url, released }))
}

/// Points the site at what is ready. Nothing when it shows or is called something else by now; inside,
/// nothing when there is no need to.
async fn move_on(
    tx: &mut Tx,
    run: &Run,
    ready: &Ready,
    now_ms: i64,
) -> Result<Option<Option<Published>>, Trouble> {
    let site = sites::site_in(tx, run.site).await?;
    if site.version != Some(ready.base) || site.subdomain != ready.subdomain {
        return Ok(None);
    }
    let Some((document, pack)) = &ready.next else { return Ok(Some(None)) };
    let cause = reworded(&first_cause(run.id), &[ready.base]);
    let change = match freeze_before(tx, run, ready, now_ms).await? {
        Some(version) => Change::After(version),
        None => Change::Rebuilt,
    };
    let published = sites::publish(tx, run.site, change, document, pack, &cause, now_ms).await?;
    Ok(Some(Some(published)))
}
