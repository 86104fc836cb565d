//! Generations: a brief becomes a live site, paid by a hold that is captured only when it is live.
//!
//! The stages under [`stages`] think, the pipeline runs and keeps them, this module owns the moves of
//! a run: start, cancel, fail, go live, expire. Each move and its tokens commit together.

mod draft;
mod error;
mod model;
mod pipeline;
mod refine;
mod report;
pub mod stages;
mod store;

use crate::brief::Brief;
use crate::db::{Db, Tx};
use crate::ids::{ConversationId, RunId, SiteId, Tokens, WorkspaceId};
use crate::site::Subdomain;
use crate::site::document::Document;
use crate::sites;
use crate::users::Tier;
use crate::wallet::{self, TransferKind};

pub use error::GenerationError;
pub use model::{FailureReason, Run, RunStatus, Stage, StageRecord};
pub use pipeline::Pipeline;
pub use refine::Refinement;
pub use report::Report;
pub use store::{find_run, owner_key, running_of, stages_of};

/// How long a run's tokens stay on hold at most.
pub const HOLD_MS: i64 = 60 * 60 * 1_000;
/// The window the daily bound of generations counts in.
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

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
    let site = reserve(tx, order, now_ms).await?;
    let id = RunId::fresh();
    let kind = TransferKind::WebsiteGeneration;
    let cause = format!("run:{id}");
    let expires_at_ms = now_ms + HOLD_MS;
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
    Ok((id, site))
}

/// A name like the proposed one that a new run of this workspace can have. What an earlier run that
/// came to nothing had reserved for it counts as free.
pub async fn free_subdomain(
    tx: &mut Tx,
    workspace: WorkspaceId,
    proposal: &Subdomain,
) -> Result<Subdomain, GenerationError> {
    match store::idle_draft(tx, workspace, proposal.as_str()).await? {
        Some(_) => Ok(proposal.clone()),
        None => Ok(sites::free_subdomain(tx, proposal).await?),
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

/// Stops a run that is not live yet and gives its tokens back; `None` when it had ended already.
pub async fn cancel(
    tx: &mut Tx,
    run: RunId,
    now_ms: i64,
) -> Result<Option<Tokens>, GenerationError> {
    end_in_vain(tx, run, RunStatus::Cancelled, None, now_ms).await
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
    let (_, hold, _) = store::lock_run(tx, run).await?;
    if !store::end_run(tx, run, status, failure, now_ms).await? {
        return Ok(None);
    }
    wallet::release(tx, hold, status.slug(), now_ms).await?;
    Ok(Some(wallet::held_amount(tx, hold).await?))
}

/// A run's document as far as its stages have come, for whoever watches it grow.
pub async fn draft_so_far(db: &Db, run: &Run) -> Result<Document, GenerationError> {
    let records = store::stages_of(db, run.id).await?;
    Ok(draft::draft_so_far(run, records))
}

/// Marks a run live and captures its hold, in the transaction that publishes its site. `Ended` when
/// it was stopped or has expired meanwhile: then nothing may be published for it.
pub async fn go_live(tx: &mut Tx, run: RunId, now_ms: i64) -> Result<Tokens, GenerationError> {
    let (_, hold, _) = store::lock_run(tx, run).await?;
    if !store::end_run(tx, run, RunStatus::Live, None, now_ms).await? {
        return Err(GenerationError::Ended);
    }
    wallet::capture(tx, hold, now_ms).await?;
    Ok(wallet::held_amount(tx, hold).await?)
}

/// Gives up the run behind an expired hold and returns its tokens. Answers whom to tell.
pub async fn expire(
    tx: &mut Tx,
    hold: crate::ids::TransferId,
    now_ms: i64,
) -> Result<Option<(RunId, ConversationId, Tokens)>, GenerationError> {
    let Some(run) = store::run_of_hold(tx, hold).await? else {
        wallet::release(tx, hold, "expired", now_ms).await?;
        return Ok(None);
    };
    let (_, _, conversation) = store::lock_run(tx, run).await?;
    let released = fail(tx, run, FailureReason::Expired, now_ms).await?;
    Ok(released.map(|tokens| (run, conversation, tokens)))
}
