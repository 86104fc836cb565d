//! Generations: a brief becomes a live site, paid by a hold that is captured only when it is live.
//!
//! The stages under [`stages`] think, the pipeline runs and keeps them, this module owns the moves of
//! a run: start, cancel, fail, go live, expire. Each move and its tokens commit together.

mod draft;
mod error;
mod illustrate;
mod menus;
mod merge;
mod model;
mod pipeline;
mod refine;
mod report;
pub mod stages;
mod store;
mod words;

use crate::brief::Brief;
use crate::clock::DAY_MS;
use crate::db::{Db, Tx};
use crate::ids::{ConversationId, RunId, SiteId, Tokens, WorkspaceId};
use crate::safety;
use crate::site::Subdomain;
use crate::site::document::Document;
use crate::sites;
use crate::users::Tier;
use crate::wallet::{self, TransferKind};

pub use error::GenerationError;
pub use illustrate::Illustrator;
pub use menus::{MenuReader, Unread};
pub use model::{FailureReason, Run, RunStatus, Stage, StageRecord};
pub use pipeline::{EditWish, Pipeline};
pub use refine::Refinement;
pub use report::{PictureWish, Report};
pub use stages::menu::ITEMS_AT_MOST as MENU_ITEMS_AT_MOST;
pub use store::{find_run, owner_key, running_of, stages_of};

/// How long a run's tokens stay on hold at most.
pub const HELD_FOR_MS: i64 = 60 * 60 * 1_000;
/// A wish to generate.
#[derive(Debug)]
pub struct Order<'a> {
    /// Who pays.
    pub workspace: WorkspaceId,
    /// What they may ask.
    pub tier: Tier,
    /// Who waits.
    pub conversation: ConversationId,
    /// What to make.
    pub brief: &'a Brief,
    /// The name it shall live under.
    pub subdomain: &'a Subdomain,
    /// What it costs.
    pub price: Tokens,
}

/// Reserves the name, holds the price and writes the run down. The caller enqueues the work.
pub async fn start(
    tx: &mut Tx,
    order: &Order<'_>,
    now_ms: i64,
) -> Result<(RunId, SiteId), GenerationError> {
    safety::check_brief(order.brief)?;
    check_means(tx, order, now_ms).await?;
    let site = reserve(tx, order, now_ms).await?;
    let run = begin(tx, order, site, now_ms).await?;
    Ok((run, site))
}

/// Whether tokens and the day's bound allow another run.
async fn check_means(tx: &mut Tx, order: &Order<'_>, now_ms: i64) -> Result<(), GenerationError> {
    // Locks the wallet: of two starts at once, the second counts the first.
    let available = wallet::balance(tx, order.workspace).await?.available();
    if let Some(per_day) = order.tier.generations_per_day()
        && store::runs_since(tx, order.workspace, now_ms - DAY_MS).await? >= per_day
    {
        return Err(GenerationError::UsedUp { per_day });
    }
    if available < order.price {
        return Err(GenerationError::InsufficientTokens { available, price: order.price });
    }
    Ok(())
}

/// Writes a run down whose price is on hold from here on.
async fn begin(
    tx: &mut Tx,
    order: &Order<'_>,
    site: SiteId,
    now_ms: i64,
) -> Result<RunId, GenerationError> {
    let id = RunId::fresh();
    let kind = TransferKind::WebsiteGeneration;
    let cause = format!("run:{id}");
    let expires_at_ms = now_ms + HELD_FOR_MS;
    let hold =
        wallet::hold(tx, order.workspace, kind, order.price, &cause, expires_at_ms, now_ms).await?;
    let run = Run {
        id,
        site,
        workspace: order.workspace,
        conversation: order.conversation,
        hold,
        status: RunStatus::Running,
        brief: order.brief.clone(),
        created_at_ms: now_ms,
    };
    store::insert_run(tx, &run).await?;
    Ok(id)
}

/// What a second try at the words needs to know.
#[derive(Debug)]
pub struct Again {
    /// The new run.
    pub run: RunId,
    /// The site it writes.
    pub site: SiteId,
    /// The name it is live under.
    pub subdomain: String,
    /// What it was made from.
    pub brief: Brief,
}

/// Lets the models try once more where they had nothing to say: the site is live, the earlier run gave
/// its tokens back, and this one holds them anew. Answers nothing where there is no such run of this
/// workspace. The caller tells nobody else; the work is enqueued here.
pub async fn write_again(
    tx: &mut Tx,
    earlier: RunId,
    order: &AgainOrder<'_>,
    now_ms: i64,
) -> Result<Option<Again>, GenerationError> {
    let key = order.key;
    let Some(run) = store::unwritten_run(tx, earlier).await? else { return Ok(None) };
    // Locks the site: of two tries at once the second sees what the first began.
    let site = sites::site_in(tx, run.site).await?;
    if run.workspace != order.workspace || site.status != sites::SiteStatus::Live {
        return Ok(None);
    }
    if store::has_later_run(tx, &run).await? {
        return Ok(None);
    }
    let subdomain = Subdomain::parse(&site.subdomain)
        .map_err(|error| GenerationError::Corrupt(error.to_string()))?;
    let order = Order {
        workspace: order.workspace,
        tier: order.tier,
        conversation: run.conversation,
        brief: &run.brief,
        subdomain: &subdomain,
        price: order.price,
    };
    check_means(tx, &order, now_ms).await?;
    let id = begin(tx, &order, run.site, now_ms).await?;
    crate::queue::push(tx, &report::write_job(id, false, key, now_ms), now_ms).await?;
    Ok(Some(Again { run: id, site: run.site, subdomain: site.subdomain, brief: run.brief }))
}

/// Who wants the words tried again.
#[derive(Debug)]
pub struct AgainOrder<'a> {
    /// Who pays.
    pub workspace: WorkspaceId,
    /// What they may ask.
    pub tier: Tier,
    /// What it costs.
    pub price: Tokens,
    /// The ordering key of the conversation that waits.
    pub key: &'a str,
}

/// A name like the proposed one that a new run of this workspace can have. What an earlier run that
/// came to nothing had reserved for it counts as free.
pub async fn free_subdomain(
    tx: &mut Tx,
    workspace: WorkspaceId,
    proposal: &Subdomain,
    now_ms: i64,
) -> Result<Subdomain, GenerationError> {
    match store::idle_draft(tx, workspace, proposal.as_str()).await? {
        Some(_) => Ok(proposal.clone()),
        None => Ok(sites::free_subdomain(tx, proposal, now_ms).await?),
    }
}

async fn reserve(tx: &mut Tx, order: &Order<'_>, now_ms: i64) -> Result<SiteId, GenerationError> {
    let draft = store::idle_draft(tx, order.workspace, order.subdomain.as_str()).await?;
    if let Some(site) = draft {
        return Ok(site);
    }
    let name = order.brief.name.as_ref().map_or("", |name| name.value.as_str());
    match sites::create_site(tx, order.workspace, name, order.subdomain, now_ms).await {
        Ok(site) => Ok(site),
        Err(sites::SitesError::SubdomainTaken) => Err(GenerationError::SubdomainTaken),
        Err(other) => Err(other.into()),
    }
}

/// Stops a run that is not paid yet and gives its tokens back; its site shows again what it showed
/// before, if anything. `None` when the run had ended already.
pub async fn cancel(
    tx: &mut Tx,
    run: RunId,
    now_ms: i64,
) -> Result<Option<Tokens>, GenerationError> {
    let released = end_in_vain(tx, run, RunStatus::Cancelled, None, now_ms).await?;
    if released.is_some() {
        let site = store::site_of(tx, run).await?;
        sites::take_back(tx, site, &pipeline::first_cause(run), now_ms).await?;
    }
    Ok(released)
}

/// Gives up a run that nobody works any more; its site stays live if it is. Answers what its owner is
/// told, or nothing when it had ended already.
pub async fn abandon(
    tx: &mut Tx,
    run: RunId,
    publisher: &sites::Publisher,
    now_ms: i64,
) -> Result<Option<Report>, GenerationError> {
    give_up(tx, run, FailureReason::Internal, publisher, now_ms).await
}

async fn give_up(
    tx: &mut Tx,
    run: RunId,
    reason: FailureReason,
    publisher: &sites::Publisher,
    now_ms: i64,
) -> Result<Option<Report>, GenerationError> {
    if !store::still_runs(tx, run).await? {
        return Ok(None);
    }
    let site = store::site_of(tx, run).await?;
    if sites::site_in(tx, site).await?.status == sites::SiteStatus::Live {
        return words::unwritten(tx, run, publisher, now_ms).await;
    }
    let released = fail(tx, run, reason, now_ms).await?;
    let reason = reason.slug().to_owned();
    Ok(released.map(|released| Report::Failed { run, reason, released, why: Vec::new() }))
}

/// Gives a run up and its tokens back; `None` when it had ended already.
pub async fn fail(
    tx: &mut Tx,
    run: RunId,
    reason: FailureReason,
    now_ms: i64,
) -> Result<Option<Tokens>, GenerationError> {
    end_in_vain(tx, run, RunStatus::Failed, Some(reason), now_ms).await
}

async fn end_in_vain(
    tx: &mut Tx,
    run: RunId,
    status: RunStatus,
    failure: Option<FailureReason>,
    now_ms: i64,
) -> Result<Option<Tokens>, GenerationError> {
    let (hold, _) = store::stake_of(tx, run).await?;
    if !store::end_run(tx, run, status, failure, now_ms).await? {
        return Ok(None);
    }
    wallet::release(tx, hold, status.slug(), now_ms).await?;
    Ok(Some(wallet::held_amount(tx, hold).await?))
}

/// What a brief would become right now, in built-in words, for whoever watches it grow.
pub fn sketch(brief: &Brief) -> Document {
    draft::built_in_document(brief)
}

/// A run's document as far as its stages have come, for whoever watches it grow.
pub async fn draft_so_far(db: &Db, run: &Run) -> Result<Document, GenerationError> {
    let records = store::stages_of(db, run.id).await?;
    Ok(draft::draft_so_far(run, records))
}

/// Marks a run live and captures its hold, in the transaction that publishes its site. `Ended` when
/// it was stopped or has expired meanwhile: then nothing may be published for it.
pub async fn go_live(tx: &mut Tx, run: RunId, now_ms: i64) -> Result<Tokens, GenerationError> {
    let (hold, _) = store::stake_of(tx, run).await?;
    if !store::end_run(tx, run, RunStatus::Live, None, now_ms).await? {
        return Err(GenerationError::Ended);
    }
    wallet::capture(tx, hold, now_ms).await?;
    Ok(wallet::held_amount(tx, hold).await?)
}

/// Gives up the run behind an expired hold and returns its tokens. Answers whom to tell what of which.
pub async fn expire(
    tx: &mut Tx,
    hold: crate::ids::TransferId,
    publisher: &sites::Publisher,
    now_ms: i64,
) -> Result<Option<(RunId, ConversationId, Report)>, GenerationError> {
    let Some(run) = store::run_of_hold(tx, hold).await? else {
        wallet::release(tx, hold, "expired", now_ms).await?;
        return Ok(None);
    };
    let (_, conversation) = store::stake_of(tx, run).await?;
    let report = give_up(tx, run, FailureReason::Expired, publisher, now_ms).await?;
    Ok(report.map(|report| (run, conversation, report)))
}
