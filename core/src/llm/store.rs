//! The SQL of requests to models and of answers that are given again.

use async_trait::async_trait;
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

use super::cache::KeptAnswer;
use super::call_log::{CallLog, CallLogError, CallRecord};
use crate::db::{Db, Tx};
use crate::each_engine;
use crate::ids::RunId;

/// The book in the database.
#[derive(Debug, Clone)]
pub struct DbCallLog(Db);

impl DbCallLog {
    /// The book of this house.
    pub fn new(db: Db) -> Self {
        Self(db)
    }
}

impl From<sqlx::Error> for CallLogError {
    fn from(error: sqlx::Error) -> Self {
        Self(error.to_string())
    }
}

#[async_trait]
impl CallLog for DbCallLog {
    async fn write(&self, call: &CallRecord) -> Result<(), CallLogError> {
        let mut tx = self.0.begin().await?;
        insert_call(&mut tx, call).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn spent_since(&self, from_ms: i64) -> Result<i64, CallLogError> {
        Ok(spent_since(&self.0, from_ms).await?)
    }

    async fn spent_by_run(&self, run: RunId) -> Result<i64, CallLogError> {
        Ok(spent_by_run(&self.0, run).await?)
    }
}

async fn insert_call(tx: &mut Tx, call: &CallRecord) -> Result<(), sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query(
        "insert into ai_generation_logs (id, run_id, stage, prompt, provider, model, status, prompt_tokens,
         completion_tokens, cost_nano_usd, estimated, latency_ms, created_at_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)")
        .bind(Uuid::now_v7()).bind(call.run).bind(&call.stage).bind(&call.prompt).bind(&call.provider)
        .bind(&call.model).bind(&call.status).bind(call.prompt_tokens).bind(call.completion_tokens)
        .bind(call.cost_nano_usd).bind(call.estimated).bind(call.latency_ms).bind(call.at_ms)
        .execute(conn).await.map(drop))
}

async fn spent_since(db: &Db, from_ms: i64) -> Result<i64, sqlx::Error> {
    each_engine!(read db, pool => sqlx::query_scalar(
        "select cast(coalesce(sum(cost_nano_usd), 0) as bigint) from ai_generation_logs
         where created_at_ms >= $1").bind(from_ms).fetch_one(pool).await)
}

async fn spent_by_run(db: &Db, run: RunId) -> Result<i64, sqlx::Error> {
    each_engine!(read db, pool => sqlx::query_scalar(
        "select cast(coalesce(sum(cost_nano_usd), 0) as bigint) from ai_generation_logs
         where run_id = $1").bind(run).fetch_one(pool).await)
}

#[derive(sqlx::FromRow)]
struct AnswerRow {
    provider: String,
    model: String,
    answer: Json<Value>,
    expires_at_ms: i64,
}

/// An answer that is still good at `now_ms`.
pub(super) async fn find_answer(
    db: &Db,
    input_hash: &str,
    now_ms: i64,
) -> Result<Option<KeptAnswer>, sqlx::Error> {
    let row: Option<AnswerRow> = each_engine!(read db, pool => sqlx::query_as(
        "select provider, model, answer, expires_at_ms from ai_answers
         where input_hash = $1 and expires_at_ms > $2")
        .bind(input_hash).bind(now_ms).fetch_optional(pool).await?);
    Ok(row.map(|row| KeptAnswer {
        json: row.answer.0,
        provider: row.provider,
        model: row.model,
        expires_at_ms: row.expires_at_ms,
    }))
}

/// Keeps an answer, in place of an older one.
pub(super) async fn save_answer(
    tx: &mut Tx,
    input_hash: &str,
    kept: &KeptAnswer,
    now_ms: i64,
) -> Result<(), sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query(
        "insert into ai_answers (input_hash, provider, model, answer, expires_at_ms, created_at_ms)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (input_hash) do update set provider = excluded.provider, model = excluded.model,
         answer = excluded.answer, expires_at_ms = excluded.expires_at_ms,
         created_at_ms = excluded.created_at_ms")
        .bind(input_hash).bind(&kept.provider).bind(&kept.model).bind(Json(&kept.json))
        .bind(kept.expires_at_ms).bind(now_ms)
        .execute(conn).await.map(drop))
}

/// Forgets one answer.
pub(super) async fn delete_answer(tx: &mut Tx, input_hash: &str) -> Result<(), sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query("delete from ai_answers where input_hash = $1")
        .bind(input_hash).execute(conn).await.map(drop))
}

/// Forgets the answers whose time is over.
pub async fn purge_answers(tx: &mut Tx, now_ms: i64) -> Result<(), sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query("delete from ai_answers where expires_at_ms <= $1")
        .bind(now_ms).execute(conn).await.map(drop))
}
