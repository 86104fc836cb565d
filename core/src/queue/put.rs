//! Putting rows in. The engines differ: on PostgreSQL who pushes to a key takes a lock, on SQLite a row may
//! be its worker's at once.

use std::collections::{HashMap, HashSet};

use sqlx::types::Json;

use super::desk::Place;
use super::together::size_of;
use super::{Lane, NewRow};
use crate::db::{Tx, TxEngine};
use crate::each_engine;

/// Puts a row in; `false` when its cause was there already. Rows of one key and lane are numbered in
/// the order they are committed: who pushes to a key waits for whoever did before.
pub async fn push(tx: &mut Tx, row: &NewRow, now_ms: i64) -> Result<bool, sqlx::Error> {
    match tx.engine() {
        TxEngine::Sqlite(_) => Ok(insert(tx, &[(row, now_ms)]).await? == 1),
        TxEngine::Postgres(open) => {
            // Materialized, so that a row is numbered only after the lock is had.
            let put = sqlx::query(
                "with line as materialized (select pg_advisory_xact_lock(
                 hashtextextended('queue:' || $1 || ':' || $2, 0)))
                 insert into queue (lane, key, cause, payload, run_at_ms, created_at_ms)
                 select $1, $2, $3, $4, $5, $6 from line on conflict (lane, cause) do nothing",
            )
            .bind(row.lane.slug())
            .bind(&row.key)
            .bind(&row.cause)
            .bind(Json(&row.payload))
            .bind(row.run_at_ms)
            .bind(now_ms)
            .execute(open.connection())
            .await?
            .rows_affected();
            if put == 1 {
                tx.wake(row.lane);
            }
            Ok(put == 1)
        }
    }
}

/// Puts rows in with one statement, in order, each with its time; those whose cause was there already
/// are passed over.
pub async fn push_many(tx: &mut Tx, rows: &[(&NewRow, i64)]) -> Result<(), sqlx::Error> {
    if let [(row, now_ms)] = rows {
        return push(tx, row, *now_ms).await.map(drop);
    }
    stand_in_line(tx, rows.iter().map(|(row, _)| *row)).await?;
    let mut left = rows;
    while let Some((some, others)) = left.split_at_checked(size_of(left.len()).max(1)) {
        insert(tx, some).await?;
        left = others;
    }
    Ok(())
}

/// How many were put in. Those that a worker of this process has a place for are its own at once.
async fn insert(tx: &mut Tx, rows: &[(&NewRow, i64)]) -> Result<u64, sqlx::Error> {
    let places = places_for(tx, rows);
    let put = if places.iter().all(Option::is_none) {
        let put = insert_ready(tx, rows).await?;
        if put > 0 {
            rows.iter().for_each(|(row, _)| tx.wake(row.lane));
        }
        put
    } else {
        insert_taken(tx, rows, places).await?
    };
    for handed in tx.handed() {
        handed.row.is_followed |= rows.iter().any(|(row, _)| handed.is_before(row));
    }
    Ok(put)
}

async fn insert_ready(tx: &mut Tx, rows: &[(&NewRow, i64)]) -> Result<u64, sqlx::Error> {
    each_engine!(tx tx, conn => {
        let mut query = sqlx::QueryBuilder::new(
            "insert into queue (lane, key, cause, payload, run_at_ms, created_at_ms) ");
        query.push_values(rows, |mut values, (row, now_ms)| {
            values.push_bind(row.lane.slug()).push_bind(&row.key).push_bind(&row.cause);
            values.push_bind(Json(&row.payload)).push_bind(row.run_at_ms).push_bind(*now_ms);
        });
        query.push(" on conflict (lane, cause) do nothing");
        query.build().execute(conn).await.map(|put| put.rows_affected())
    })
}

/// Places for the first row of each key, as far as there are any and it is due.
fn places_for(tx: &mut Tx, rows: &[(&NewRow, i64)]) -> Vec<Option<Place>> {
    let is_sqlite = matches!(tx.engine(), TxEngine::Sqlite(_));
    let mut seen = HashSet::new();
    let first_of_key = |(row, now_ms): &(&NewRow, i64)| {
        (seen.insert((row.lane, row.key.clone())) && is_sqlite && row.run_at_ms <= *now_ms)
            .then_some(row.lane)
    };
    let lanes: Vec<Option<Lane>> = rows.iter().map(first_of_key).collect();
    lanes.into_iter().map(|lane| tx.signals().reserve(lane?)).collect()
}

/// Rows of which some have a place: each of those is leased as it is put in, unless its key has an open
/// row already.
async fn insert_taken(
    tx: &mut Tx,
    rows: &[(&NewRow, i64)],
    places: Vec<Option<Place>>,
) -> Result<u64, sqlx::Error> {
    let put: Vec<(i64, String, bool)> = {
        let mut query = sqlx::QueryBuilder::new(
            "with told (lane, key, cause, payload, run_at_ms, created_at_ms, owner, until_ms) as (",
        );
        query.push_values(rows.iter().zip(&places), |mut values, ((row, now_ms), place)| {
            values.push_bind(row.lane.slug()).push_bind(&row.key).push_bind(&row.cause);
            values.push_bind(Json(&row.payload)).push_bind(row.run_at_ms).push_bind(*now_ms);
            values.push_bind(place.as_ref().map(|place| place.owner().to_owned()));
            values.push_bind(place.as_ref().map(|place| place.lease_until_ms(*now_ms)));
        });
        query.push(TAKE);
        let TxEngine::Sqlite(open) = tx.engine() else { return Err(sqlx::Error::WorkerCrashed) };
        query.build_query_as().fetch_all(open.connection()).await?
    };
    let mut fates: HashMap<&str, (i64, bool)> = HashMap::new();
    for (seq, cause, is_taken) in &put {
        fates.insert(cause, (*seq, *is_taken));
    }
    for ((row, now_ms), place) in rows.iter().zip(places) {
        match (fates.get(row.cause.as_str()), place) {
            (Some((seq, true)), Some(place)) => tx.handed().push(place.taken(*seq, row, *now_ms)),
            (Some(_), _) => tx.wake(row.lane),
            (None, _) => {}
        }
    }
    Ok(put.len() as u64)
}

const TAKE: &str = "), seen as materialized (select told.*, owner is not null and not exists (
        select 1 from queue q where q.lane = told.lane and q.key = told.key
        and q.state in ('ready', 'running')) as is_taken from told)
    insert into queue (lane, key, cause, payload, run_at_ms, created_at_ms, state, attempt,
        lease_owner, lease_until_ms)
    select lane, key, cause, payload, run_at_ms, created_at_ms,
        case when is_taken then 'running' else 'ready' end, is_taken,
        case when is_taken then owner end, case when is_taken then until_ms end
    from seen where true on conflict (lane, cause) do nothing
    returning seq, cause, state = 'running'";

/// Waits for whoever pushes to the keys of these rows, before any of them is pushed: a transaction that
/// numbered its row first could commit it last, behind one that runs already.
pub async fn stand_in_line<'a>(
    tx: &mut Tx,
    rows: impl Iterator<Item = &'a NewRow>,
) -> Result<(), sqlx::Error> {
    let line = |row: &NewRow| format!("queue:{}:{}", row.lane.slug(), row.key);
    tx.stand_in_line(rows.map(line).collect()).await
}

/// Puts rows in, in order; those whose cause was there already are passed over. Their keys are locked
/// in one order first, so that two who push to the same keys never wait for each other in a ring.
pub async fn push_all(tx: &mut Tx, rows: &[NewRow], now_ms: i64) -> Result<(), sqlx::Error> {
    stand_in_line(tx, rows.iter()).await?;
    for row in rows {
        push(tx, row, now_ms).await?;
    }
    Ok(())
}
