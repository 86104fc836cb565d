//! The queue's SQL for what is in it. The engines differ in the lock of a claim alone.

use serde_json::Value;
use sqlx::types::Json;

use super::{Claimed, DeadRow, Held, Lane, LaneDepth, QueueError, Waiting, apart, beside, own_key};
use crate::db::{Db, Engine, Tx, TxEngine};
use crate::each_engine;

// With a bare `limit $5`, SQLite plans the statement anew each time: it would know the number.
macro_rules! claim_sql {
    ($lock:literal) => {
        concat!(
            "update queue set state = 'running', attempt = attempt + 1, lease_owner = $1, lease_until_ms = $2 ",
            "where seq in (select q.seq from queue q where q.lane = $3 ",
            // Said on its own, or SQLite does not see that the index of open rows will do and walks
            // through everything the lane ever finished.
            "and q.state in ('ready', 'running') ",
            "and ((q.state = 'ready' and q.run_at_ms <= $4) or (q.state = 'running' and q.lease_until_ms < $4)) ",
            "and not exists (select 1 from queue e where e.lane = q.lane and e.key = q.key ",
            "and e.state in ('ready', 'running') ",
            // A row revived, or committed late, may stand before one of its key that runs already.
            "and (e.seq < q.seq or (e.state = 'running' and e.lease_until_ms >= $4))) ",
            "order by q.seq limit cast($5 as bigint) ", $lock, ") ",
            "returning seq, key, cause, payload, attempt, failures, created_at_ms, ",
            "exists (select 1 from queue n where n.lane = queue.lane and n.key = queue.key ",
            "and n.state in ('ready', 'running') and n.seq > queue.seq) as is_followed"
        )
    };
}

#[derive(sqlx::FromRow)]
struct ClaimedRow {
    seq: i64,
    key: String,
    cause: String,
    payload: Json<Value>,
    attempt: i64,
    failures: i64,
    created_at_ms: i64,
    is_followed: bool,
}

/// Leases up to `limit` rows of a lane, the first open one of each key, oldest first.
pub(super) async fn claim(
    tx: &mut Tx,
    lane: Lane,
    owner: &str,
    lease_until_ms: i64,
    now_ms: i64,
    limit: i64,
) -> Result<Vec<Claimed>, sqlx::Error> {
    let sql = match tx.engine() {
        TxEngine::Sqlite(_) => claim_sql!(""),
        TxEngine::Postgres(_) => claim_sql!("for update skip locked"),
    };
    let mut rows: Vec<ClaimedRow> = each_engine!(tx tx, conn => sqlx::query_as(sql)
        .bind(owner).bind(lease_until_ms).bind(lane.slug()).bind(now_ms).bind(limit)
        .fetch_all(conn).await?);
    rows.sort_by_key(|row| row.seq);
    Ok(rows
        .into_iter()
        .map(|row| Claimed {
            seq: row.seq,
            lane,
            key: row.key,
            cause: row.cause,
            payload: row.payload.0,
            attempt: row.attempt,
            failures: row.failures,
            owner: owner.to_owned(),
            created_at_ms: row.created_at_ms,
            is_followed: row.is_followed,
        })
        .collect())
}

const HAS_CLAIMABLE: &str = "select seq from queue where lane = $1
    and state in ('ready', 'running')
    and ((state = 'ready' and run_at_ms <= $2) or (state = 'running' and lease_until_ms < $2)) limit 1";

/// Whether a lane has anything to claim right now: a read, so that idle polling never writes.
pub(super) async fn has_claimable(db: &Db, lane: Lane, now_ms: i64) -> Result<bool, sqlx::Error> {
    let found: Option<i64> = each_engine!(read db, pool => sqlx::query_scalar(HAS_CLAIMABLE)
        .bind(lane.slug()).bind(now_ms).fetch_optional(pool).await?);
    Ok(found.is_some())
}

/// Finishes a row inside the caller's transaction. Its payload is forgotten, its cause is kept so
/// that the same update again changes nothing.
pub async fn finish(tx: &mut Tx, row: &Claimed, now_ms: i64) -> Result<(), QueueError> {
    let done = each_engine!(tx tx, conn => sqlx::query(FINISH)
        .bind(now_ms).bind(row.seq).bind(&row.owner).bind(row.attempt)
        .execute(conn).await?.rows_affected());
    if done == 1 { Ok(()) } else { Err(QueueError::LeaseLost(row.seq)) }
}

const FINISH: &str = "update queue set state = 'done', payload = '{}', lease_owner = null,
    lease_until_ms = null, finished_at_ms = $1
    where seq = $2 and lease_owner = $3 and attempt = $4 and state = 'running'";

/// Finishes rows with one statement; answers which were still held as they were claimed.
pub async fn finish_many(
    tx: &mut Tx,
    rows: &[&Held],
    now_ms: i64,
) -> Result<Vec<i64>, sqlx::Error> {
    let (before, after) = in_one_order(tx);
    each_engine!(tx tx, conn => {
        let mut query = sqlx::QueryBuilder::new(
            "update queue set state = 'done', payload = '{}', lease_owner = null,
             lease_until_ms = null, finished_at_ms = ");
        query.push_bind(now_ms).push(" where state = 'running' and seq in (");
        query.push(before);
        let mut seqs = query.separated(", ");
        for row in rows {
            seqs.push_bind(row.seq);
        }
        query.push(after).push(") and (");
        let mut held = query.separated(" or ");
        for row in rows {
            held.push("(seq = ").push_bind_unseparated(row.seq);
            held.push_unseparated(" and attempt = ").push_bind_unseparated(row.attempt);
            held.push_unseparated(" and lease_owner = ").push_bind_unseparated(&row.owner);
            held.push_unseparated(")");
        }
        query.push(") returning seq");
        query.build_query_scalar().fetch_all(conn).await
    })
}

/// What stands around a list of numbers so that their rows are locked in the order of the numbers:
/// two who want several of the same rows never wait for each other in a ring. SQLite has no such locks.
fn in_one_order(tx: &mut Tx) -> (&'static str, &'static str) {
    match tx.engine() {
        TxEngine::Sqlite(_) => ("", ""),
        TxEngine::Postgres(_) => {
            ("select seq from queue where seq in (", ") order by seq for update")
        }
    }
}

/// Finishes a row that leaves nothing else behind, in a transaction of its own: on PostgreSQL that is
/// one statement instead of three.
pub(super) async fn finish_alone(db: &Db, row: &Claimed, now_ms: i64) -> Result<(), QueueError> {
    let Engine::Postgres(pool) = db.engine() else {
        let mut tx = db.begin().await?;
        finish(&mut tx, row, now_ms).await?;
        return Ok(tx.commit().await?);
    };
    let done = sqlx::query(FINISH)
        .bind(now_ms)
        .bind(row.seq)
        .bind(&row.owner)
        .bind(row.attempt)
        .execute(pool)
        .await?
        .rows_affected();
    if done == 1 { Ok(()) } else { Err(QueueError::LeaseLost(row.seq)) }
}

// Why the limit is cast: see the claim. Where it says twice which rows are meant, it is for SQLite: the index of open rows is used only by
// who names exactly what it holds.
const BEHIND: &str = "select seq, payload, run_at_ms, created_at_ms from queue where lane = $1
    and key = $2 and seq > $3 and state in ('ready', 'running') and state = 'ready'
    order by seq limit cast($4 as bigint)";
const HAS_ELDERS: &str = "select seq from queue where lane = $1 and key = $2 and seq < $3
    and state in ('ready', 'running') limit 1";
const HASTEN: &str = "update queue set run_at_ms = $1 where lane = $2 and key = $3
    and state in ('ready', 'running') and state = 'ready' and run_at_ms > $4";
const IS_QUIET: &str = "select seq from queue where lane in ('inbox', 'jobs', 'outbox')
    and key in ($1, $2, $3) and state in ('ready', 'running') and run_at_ms <= $4 limit 1";

/// Rows of the same lane and key that wait behind a row in hand, oldest first, at most `limit`: seen
/// from its worker they cannot be claimed by anybody else before it is finished.
pub async fn behind(db: &Db, row: &Claimed, limit: i64) -> Result<Vec<Waiting>, sqlx::Error> {
    let rows: Vec<(i64, Json<Value>, i64, i64)> = each_engine!(read db, pool => sqlx::query_as(BEHIND)
        .bind(row.lane.slug()).bind(&row.key).bind(row.seq).bind(limit).fetch_all(pool).await?);
    Ok(rows
        .into_iter()
        .map(|(seq, payload, run_at_ms, created_at_ms)| Waiting {
            seq,
            payload: payload.0,
            run_at_ms,
            created_at_ms,
        })
        .collect())
}

/// Whether an older row is open of the key that a row's key stands beside or apart from.
pub async fn has_elders(db: &Db, row: &Claimed) -> Result<bool, sqlx::Error> {
    let elder: Option<i64> = each_engine!(read db, pool => sqlx::query_scalar(HAS_ELDERS)
        .bind(row.lane.slug()).bind(own_key(&row.key)).bind(row.seq).fetch_optional(pool).await?);
    Ok(elder.is_some())
}

/// Finishes rows that waited behind a row in hand together with it, in the caller's transaction.
/// Each keeps its cause, so that the same update again changes nothing.
pub async fn finish_behind(
    tx: &mut Tx,
    row: &Claimed,
    seqs: &[i64],
    now_ms: i64,
) -> Result<(), QueueError> {
    for seq in seqs {
        let done = each_engine!(tx tx, conn => sqlx::query(
            "update queue set state = 'done', payload = '{}', finished_at_ms = $1
             where seq = $2 and lane = $3 and key = $4 and state = 'ready'")
            .bind(now_ms).bind(*seq).bind(row.lane.slug()).bind(&row.key)
            .execute(conn).await?.rows_affected());
        if done != 1 {
            return Err(QueueError::LeaseLost(*seq));
        }
    }
    Ok(())
}

/// Gives a row back to be tried at `run_at_ms`, or to the dead lane when there is none.
pub(super) async fn give_back(
    tx: &mut Tx,
    row: &Claimed,
    run_at_ms: Option<i64>,
    (attempt, failures): (i64, i64),
    error: Option<&str>,
) -> Result<(), QueueError> {
    let state = if run_at_ms.is_some() { "ready" } else { "dead" };
    let done = each_engine!(tx tx, conn => sqlx::query(
        "update queue set state = $1, run_at_ms = coalesce($2, run_at_ms), attempt = $3,
         failures = $8, last_error = coalesce($4, last_error),
         lease_owner = null, lease_until_ms = null
         where seq = $5 and lease_owner = $6 and attempt = $7 and state = 'running'")
        .bind(state).bind(run_at_ms).bind(attempt).bind(error)
        .bind(row.seq).bind(&row.owner).bind(row.attempt).bind(failures)
        .execute(conn).await?.rows_affected());
    if done == 1 { Ok(()) } else { Err(QueueError::LeaseLost(row.seq)) }
}

/// Extends the leases of rows that are still being worked on.
pub(super) async fn extend(
    tx: &mut Tx,
    owner: &str,
    seqs: &[i64],
    lease_until_ms: i64,
) -> Result<(), sqlx::Error> {
    if seqs.is_empty() {
        return Ok(());
    }
    let (before, after) = in_one_order(tx);
    each_engine!(tx tx, conn => {
        let mut query = sqlx::QueryBuilder::new("update queue set lease_until_ms = ");
        query.push_bind(lease_until_ms).push(" where state = 'running' and lease_owner = ").push_bind(owner);
        query.push(" and seq in (").push(before);
        let mut list = query.separated(", ");
        for seq in seqs {
            list.push_bind(*seq);
        }
        query.push(after).push(")");
        query.build().execute(conn).await.map(drop)
    })
}

/// Gives rows that wait, and those beside them and apart from them, another key.
pub async fn rename_key(tx: &mut Tx, old: &str, new: &str) -> Result<(), sqlx::Error> {
    let keys = [(old.to_owned(), new.to_owned()), (beside(old), beside(new))];
    for (old, new) in keys.into_iter().chain([(apart(old), apart(new))]) {
        each_engine!(tx tx, conn => sqlx::query(
            "update queue set key = $1 where lane in ('inbox', 'jobs', 'outbox') and key = $2
             and state in ('ready', 'running') and state = 'ready'")
            .bind(&new).bind(&old).execute(conn).await.map(drop))?;
    }
    Ok(())
}

/// Makes rows of a key due that were to wait until after `not_before_ms`.
pub async fn hasten(
    tx: &mut Tx,
    lane: Lane,
    key: &str,
    not_before_ms: i64,
    now_ms: i64,
) -> Result<(), sqlx::Error> {
    let hastened = each_engine!(tx tx, conn => sqlx::query(
HASTEN)
        .bind(now_ms).bind(lane.slug()).bind(key).bind(not_before_ms)
        .execute(conn).await?.rows_affected());
    if hastened > 0 {
        tx.wake(lane);
    }
    Ok(())
}

/// Whether nothing of this key, beside it or apart from it is open and due before `horizon_ms`, in any lane.
pub async fn is_quiet(db: &Db, key: &str, horizon_ms: i64) -> Result<bool, sqlx::Error> {
    let open: Option<i64> = each_engine!(read db, pool => sqlx::query_scalar(
        IS_QUIET)
        .bind(key).bind(beside(key)).bind(apart(key)).bind(horizon_ms).fetch_optional(pool).await?);
    Ok(open.is_none())
}

/// How much waits in each lane.
pub async fn depths(db: &Db) -> Result<Vec<LaneDepth>, sqlx::Error> {
    let rows: Vec<(String, String, i64, Option<i64>)> = each_engine!(read db, pool => sqlx::query_as(
        "select lane, state, cast(count(*) as bigint),
         min(case when failures = 0 and run_at_ms > created_at_ms then run_at_ms else created_at_ms end) from queue
         where state in ('ready', 'running', 'dead') group by lane, state")
        .fetch_all(pool).await?);
    let mut depths = Vec::with_capacity(Lane::ALL.len());
    for lane in Lane::ALL {
        let mut depth = LaneDepth { lane, open: 0, dead: 0, oldest_at_ms: None };
        for (_, state, count, oldest) in rows.iter().filter(|row| row.0 == lane.slug()) {
            if state == "dead" {
                depth.dead += count;
            } else {
                depth.open += count;
                depth.oldest_at_ms = depth.oldest_at_ms.into_iter().chain(*oldest).min();
            }
        }
        depths.push(depth);
    }
    Ok(depths)
}

/// Rows that failed for good, newest first, at most `limit`.
pub async fn dead_rows(db: &Db, limit: i64) -> Result<Vec<DeadRow>, sqlx::Error> {
    type Row = (i64, String, String, String, i64, Option<String>);
    let rows: Vec<Row> = each_engine!(read db, pool => sqlx::query_as(
        "select seq, lane, key, cause, attempt, last_error from queue where state = 'dead'
         order by seq desc limit $1")
        .bind(limit).fetch_all(pool).await?);
    Ok(rows
        .into_iter()
        .map(|(seq, lane, key, cause, attempt, last_error)| DeadRow {
            seq,
            lane,
            key,
            cause,
            attempt,
            last_error,
        })
        .collect())
}

/// Puts one dead row back to be tried from the start; `false` when there is no such row.
pub async fn retry_one_dead(tx: &mut Tx, seq: i64, now_ms: i64) -> Result<bool, sqlx::Error> {
    let revived = each_engine!(tx tx, conn => sqlx::query(
        "update queue set state = 'ready', attempt = 0, failures = 0, run_at_ms = $1 where seq = $2 and state = 'dead'")
        .bind(now_ms).bind(seq).execute(conn).await?.rows_affected());
    wake_all(tx);
    Ok(revived == 1)
}

/// Puts every dead row back; answers how many.
pub async fn retry_dead(tx: &mut Tx, now_ms: i64) -> Result<u64, sqlx::Error> {
    let revived = each_engine!(tx tx, conn => sqlx::query(
        "update queue set state = 'ready', attempt = 0, failures = 0, run_at_ms = $1 where state = 'dead'")
        .bind(now_ms).execute(conn).await?.rows_affected());
    wake_all(tx);
    Ok(revived)
}

/// Forgets what was given up for good of a key, and beside it and apart from it.
pub(crate) async fn forget_dead(tx: &mut Tx, key: &str) -> Result<(), sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query(
        "delete from queue where state = 'dead' and lane in ('inbox', 'jobs', 'outbox') and key in ($1, $2, $3)")
        .bind(key).bind(beside(key)).bind(apart(key)).execute(conn).await.map(drop))
}

/// Forgets finished rows older than `before_ms`; answers how many.
pub async fn purge_finished(tx: &mut Tx, before_ms: i64) -> Result<u64, sqlx::Error> {
    Ok(each_engine!(tx tx, conn => sqlx::query(
        "delete from queue where state = 'done' and finished_at_ms < $1")
        .bind(before_ms).execute(conn).await?.rows_affected()))
}

fn wake_all(tx: &mut Tx) {
    for lane in Lane::ALL {
        tx.wake(lane);
    }
}

/// Whether this engine can be written to by other processes without a wake-up call.
pub(super) fn polls_for_foreign_work(db: &Db) -> bool {
    matches!(db.engine(), Engine::Sqlite(_))
}

#[cfg(test)]
mod tests {
    use super::{BEHIND, HAS_CLAIMABLE, HAS_ELDERS, HASTEN, IS_QUIET};
    use crate::db::{Db, TxEngine};

    #[tokio::test]
    async fn looking_for_work_never_walks_through_what_is_finished() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("plan.db").display());
        let db = Db::open(&url).await.expect("a database");
        db.migrate().await.expect("a schema");
        let mut tx = db.begin().await.expect("a transaction");
        for sql in [HAS_CLAIMABLE, BEHIND, HAS_ELDERS, HASTEN, IS_QUIET, claim_sql!("")] {
            let explained = format!("explain query plan {sql}");
            let TxEngine::Sqlite(open) = tx.engine() else { unreachable!("it is SQLite") };
            let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(sqlx::AssertSqlSafe(explained))
                .fetch_all(open.connection())
                .await
                .expect("a plan");
            let steps: Vec<&str> = plan.iter().map(|step| step.3.as_str()).collect();
            assert!(steps.iter().any(|step| step.contains("queue_open")), "{steps:?}");
            assert!(!steps.iter().any(|step| step.contains("autoindex")), "{steps:?}");
        }
    }
}
