//! The SQL of runs and their stages.

use serde_json::Value;
use sqlx::types::Json;

use super::{FailureReason, GenerationError, Run, RunStatus, StageRecord};
use crate::brief::{Brief, StoredBrief};
use crate::db::{Db, Tx};
use crate::each_engine;
use crate::ids::{ConversationId, RunId, SiteId, TransferId, WorkspaceId};

#[derive(sqlx::FromRow)]
struct RunRow {
    id: RunId,
    site_id: SiteId,
    workspace_id: WorkspaceId,
    conversation_id: ConversationId,
    hold_id: TransferId,
    status: String,
    brief: Json<Value>,
    created_at_ms: i64,
}

impl TryFrom<RunRow> for Run {
    type Error = GenerationError;
    fn try_from(row: RunRow) -> Result<Self, GenerationError> {
        let corrupt = |what: String| GenerationError::Corrupt(what);
        let stored: StoredBrief =
            serde_json::from_value(row.brief.0).map_err(|error| corrupt(error.to_string()))?;
        Ok(Self {
            id: row.id,
            site: row.site_id,
            workspace: row.workspace_id,
            conversation: row.conversation_id,
            hold: row.hold_id,
            status: RunStatus::from_slug(&row.status)
                .ok_or_else(|| corrupt(format!("status {}", row.status)))?,
            brief: Brief::try_from(stored).map_err(|error| corrupt(error.to_string()))?,
            created_at_ms: row.created_at_ms,
        })
    }
}

/// Writes a new run down.
pub(super) async fn insert_run(tx: &mut Tx, run: &Run) -> Result<(), sqlx::Error> {
    let brief = serde_json::to_value(StoredBrief::from(&run.brief)).unwrap_or_default();
    each_engine!(tx tx, conn => sqlx::query(
        "insert into runs (id, site_id, workspace_id, conversation_id, hold_id, status, brief, created_at_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(run.id).bind(run.site).bind(run.workspace).bind(run.conversation).bind(run.hold)
        .bind(run.status.slug()).bind(Json(brief)).bind(run.created_at_ms)
        .execute(conn).await.map(drop))
}

/// A run as it stands.
pub async fn find_run(db: &Db, id: RunId) -> Result<Run, GenerationError> {
    let row: Option<RunRow> = each_engine!(read db, pool => sqlx::query_as(
        "select id, site_id, workspace_id, conversation_id, hold_id, status, brief, created_at_ms
         from runs where id = $1").bind(id).fetch_optional(pool).await?);
    row.ok_or(GenerationError::NoSuchRun(id))?.try_into()
}

/// The ordering key of the conversation a site's workspace was heard in last, to tell its owner
/// something.
pub async fn owner_key(tx: &mut Tx, site: SiteId) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(String, String)> = each_engine!(tx tx, conn => sqlx::query_as(
        "select c.channel, c.chat from sites s join conversations c on c.workspace_id = s.workspace_id
         where s.id = $1 order by c.last_inbound_at_ms desc limit 1")
        .bind(site).fetch_optional(conn).await?);
    Ok(row.map(|(channel, chat)| format!("{channel}:{chat}")))
}

/// Whether a run is still wanted; nobody can end it before this transaction does. The update that
/// changes nothing is the lock of both engines.
pub(super) async fn still_runs(tx: &mut Tx, id: RunId) -> Result<bool, sqlx::Error> {
    let locked = each_engine!(tx tx, conn => sqlx::query(
        "update runs set status = status where id = $1 and status = 'running'")
        .bind(id).execute(conn).await?.rows_affected());
    Ok(locked == 1)
}

/// The site a run makes.
pub(super) async fn site_of(tx: &mut Tx, id: RunId) -> Result<SiteId, GenerationError> {
    let site: Option<SiteId> = each_engine!(tx tx, conn => sqlx::query_scalar(
        "select site_id from runs where id = $1").bind(id).fetch_optional(conn).await?);
    site.ok_or(GenerationError::NoSuchRun(id))
}

/// Whether another run works on a run's site, or has ended well after it.
pub(super) async fn has_later_run(tx: &mut Tx, run: &Run) -> Result<bool, sqlx::Error> {
    let later: Option<RunId> = each_engine!(tx tx, conn => sqlx::query_scalar(
        "select id from runs where site_id = $1 and id <> $2
         and (status = 'running' or (status = 'live' and created_at_ms >= $3)) limit 1")
        .bind(run.site).bind(run.id).bind(run.created_at_ms).fetch_optional(conn).await?);
    Ok(later.is_some())
}

/// A run that ended without a model's words.
pub(super) async fn unwritten_run(tx: &mut Tx, id: RunId) -> Result<Option<Run>, GenerationError> {
    let row: Option<RunRow> = each_engine!(tx tx, conn => sqlx::query_as(
        "select id, site_id, workspace_id, conversation_id, hold_id, status, brief, created_at_ms
         from runs where id = $1 and status = 'failed' and failure = 'unwritten'")
        .bind(id).fetch_optional(conn).await?);
    row.map(Run::try_from).transpose()
}

/// What is on hold for a run, and who waits for it.
pub(super) async fn stake_of(
    tx: &mut Tx,
    id: RunId,
) -> Result<(TransferId, ConversationId), GenerationError> {
    let row: Option<(TransferId, ConversationId)> = each_engine!(tx tx, conn => sqlx::query_as(
        "select hold_id, conversation_id from runs where id = $1")
        .bind(id).fetch_optional(conn).await?);
    row.ok_or(GenerationError::NoSuchRun(id))
}

/// Ends a running run; `false` when it had ended already. Whoever gets `true` resolves the hold.
pub(super) async fn end_run(
    tx: &mut Tx,
    id: RunId,
    status: RunStatus,
    failure: Option<FailureReason>,
    now_ms: i64,
) -> Result<bool, sqlx::Error> {
    let ended = each_engine!(tx tx, conn => sqlx::query(
        "update runs set status = $1, failure = $2, finished_at_ms = $3 where id = $4 and status = 'running'")
        .bind(status.slug()).bind(failure.map(FailureReason::slug)).bind(now_ms).bind(id)
        .execute(conn).await?.rows_affected());
    Ok(ended == 1)
}

/// Runs of a workspace that were started since a time and did not end in vain.
pub(super) async fn runs_since(
    tx: &mut Tx,
    workspace: WorkspaceId,
    since_ms: i64,
) -> Result<i64, sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query_scalar(
        "select cast(count(*) as bigint) from runs
         where workspace_id = $1 and created_at_ms >= $2 and status in ('running', 'live')")
        .bind(workspace).bind(since_ms).fetch_one(conn).await)
}

/// A draft site of the workspace under this name that no run is making: left by a run in vain.
pub(super) async fn idle_draft(
    tx: &mut Tx,
    workspace: WorkspaceId,
    subdomain: &str,
) -> Result<Option<SiteId>, sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query_scalar(
        "select s.id from sites s where s.workspace_id = $1 and s.subdomain = $2 and s.status = 'draft'
         and not exists (select 1 from runs r where r.site_id = s.id and r.status = 'running')")
        .bind(workspace).bind(subdomain).fetch_optional(conn).await)
}

/// The run that holds these tokens, if any.
pub(super) async fn run_of_hold(
    tx: &mut Tx,
    hold: TransferId,
) -> Result<Option<RunId>, sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query_scalar("select id from runs where hold_id = $1")
        .bind(hold).fetch_optional(conn).await)
}

#[derive(sqlx::FromRow)]
struct StageRow {
    stage: String,
    part: String,
    input_hash: String,
    prompt: String,
    provider: String,
    model: String,
    prompt_tokens: i64,
    completion_tokens: i64,
    cost_nano_usd: i64,
    latency_ms: i64,
    output: Json<Value>,
}

/// What the stages of a run have left so far.
pub async fn stages_of(db: &Db, run: RunId) -> Result<Vec<StageRecord>, sqlx::Error> {
    let rows: Vec<StageRow> = each_engine!(read db, pool => sqlx::query_as(
        "select stage, part, input_hash, prompt, provider, model, prompt_tokens, completion_tokens,
         cost_nano_usd, latency_ms, output from run_stages where run_id = $1 order by created_at_ms")
        .bind(run).fetch_all(pool).await?);
    Ok(rows
        .into_iter()
        .map(|row| StageRecord {
            stage: row.stage,
            part: row.part,
            input_hash: row.input_hash,
            prompt: row.prompt,
            provider: row.provider,
            model: row.model,
            prompt_tokens: row.prompt_tokens,
            completion_tokens: row.completion_tokens,
            cost_nano_usd: row.cost_nano_usd,
            latency_ms: row.latency_ms,
            output: row.output.0,
        })
        .collect())
}

/// Keeps what a stage left, in place of what another input left.
pub(super) async fn save_stage(
    tx: &mut Tx,
    run: RunId,
    record: &StageRecord,
    now_ms: i64,
) -> Result<(), sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query(
        "insert into run_stages (run_id, stage, part, input_hash, prompt, provider, model, prompt_tokens,
         completion_tokens, cost_nano_usd, latency_ms, output, created_at_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         on conflict (run_id, stage, part) do update set input_hash = excluded.input_hash,
         prompt = excluded.prompt, provider = excluded.provider, model = excluded.model,
         prompt_tokens = excluded.prompt_tokens, completion_tokens = excluded.completion_tokens,
         cost_nano_usd = excluded.cost_nano_usd, latency_ms = excluded.latency_ms,
         output = excluded.output, created_at_ms = excluded.created_at_ms")
        .bind(run).bind(&record.stage).bind(&record.part).bind(&record.input_hash).bind(&record.prompt)
        .bind(&record.provider).bind(&record.model).bind(record.prompt_tokens)
        .bind(record.completion_tokens).bind(record.cost_nano_usd).bind(record.latency_ms)
        .bind(Json(&record.output)).bind(now_ms)
        .execute(conn).await.map(drop))
}

/// What the owner of a site last said for it, if it was made here.
pub(super) async fn told_for(db: &Db, site: SiteId) -> Result<Option<Brief>, GenerationError> {
    let row: Option<Json<Value>> = each_engine!(read db, pool => sqlx::query_scalar(
        "select brief from runs where site_id = $1 and (status = 'live' or failure = 'unwritten') order by created_at_ms desc limit 1")
        .bind(site).fetch_optional(pool).await?);
    let stored = row.and_then(|brief| serde_json::from_value::<StoredBrief>(brief.0).ok());
    Ok(stored.and_then(|stored| Brief::try_from(stored).ok()))
}

/// Runs of a workspace that are not over.
pub async fn running_of(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<RunId>, sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query_scalar(
        "select id from runs where workspace_id = $1 and status = 'running'")
        .bind(workspace).fetch_all(conn).await)
}
