//! Transactions and migrations.

use std::sync::Arc;

use futures::future::join_all;
use sitespark_core::db::{Db, Tx};
use sitespark_core::each_engine;
use sitespark_core::testing::TestDb;
use sitespark_core::testing::db::{empty_postgres, empty_sqlite};
use tokio::sync::oneshot;

use crate::both_engines;
use crate::support::{commit, number, soon};

both_engines![
    a_dropped_transaction_leaves_nothing,
    a_commit_is_seen_by_readers_and_nothing_before_it,
    two_hundred_concurrent_transactions_all_land,
    a_failing_neighbour_harms_nobody,
    a_cancelled_transaction_leaves_nothing_and_blocks_nobody,
    transactions_cancelled_at_every_step_block_nobody,
    migrating_again_changes_nothing,
];

async fn insert(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    each_engine!(tx tx, conn => sqlx::query(
        "insert into photos (id, width_px, height_px, colour, created_at_ms) values ($1, 1, 1, '#fff', 0)")
        .bind(id).execute(conn).await.map(drop))
}

async fn rows(db: &Db) -> i64 {
    number(db, "select cast(count(*) as bigint) from photos").await
}

async fn a_dropped_transaction_leaves_nothing(home: &TestDb) {
    let mut dropped = home.begin().await.unwrap();
    insert(&mut dropped, "dropped").await.unwrap();
    drop(dropped);
    let mut given_up = home.begin().await.unwrap();
    insert(&mut given_up, "given-up").await.unwrap();
    given_up.roll_back();
    commit(home, async |tx| insert(tx, "kept").await.unwrap()).await;
    assert_eq!(rows(home).await, 1);
    assert_eq!(
        number(home, "select cast(count(*) as bigint) from photos where id = 'kept'").await,
        1
    );
}

async fn a_commit_is_seen_by_readers_and_nothing_before_it(home: &TestDb) {
    let other = home.another_handle().await;
    let mut tx = home.begin().await.unwrap();
    insert(&mut tx, "a").await.unwrap();
    assert_eq!((rows(home).await, rows(&other).await), (0, 0));
    tx.commit().await.unwrap();
    assert_eq!((rows(home).await, rows(&other).await), (1, 1));
}

async fn two_hundred_concurrent_transactions_all_land(home: &TestDb) {
    let writes = (0..200).map(|number| {
        let db = home.db().clone();
        tokio::spawn(async move {
            let mut tx = db.begin().await?;
            insert(&mut tx, &format!("photo-{number}")).await?;
            tx.commit().await
        })
    });
    for written in soon(join_all(writes)).await {
        written.unwrap().unwrap();
    }
    assert_eq!(rows(home).await, 200);
}

async fn a_failing_neighbour_harms_nobody(home: &TestDb) {
    commit(home, async |tx| insert(tx, "taken").await.unwrap()).await;
    let writes = (0..60).map(|number| {
        let db = home.db().clone();
        tokio::spawn(async move {
            let mut tx = db.begin().await.unwrap();
            insert(&mut tx, &format!("photo-{number}")).await.unwrap();
            if number % 3 == 0 {
                assert!(insert(&mut tx, "taken").await.is_err());
                return false;
            }
            tx.commit().await.unwrap();
            true
        })
    });
    let landed = soon(join_all(writes)).await.into_iter().filter(|done| *done.as_ref().unwrap());
    assert_eq!(landed.count(), 40);
    assert_eq!(rows(home).await, 41, "the failing third left nothing, the others everything");
}

async fn a_cancelled_transaction_leaves_nothing_and_blocks_nobody(home: &TestDb) {
    let (wrote, has_written) = oneshot::channel();
    let db = home.db().clone();
    let stuck = tokio::spawn(async move {
        let mut tx = db.begin().await.unwrap();
        insert(&mut tx, "cancelled").await.unwrap();
        wrote.send(()).unwrap();
        std::future::pending::<()>().await;
    });
    soon(has_written).await.unwrap();
    stuck.abort();
    soon(commit(home, async |tx| insert(tx, "after").await.unwrap())).await;
    assert!(stuck.await.unwrap_err().is_cancelled());
    assert_eq!(rows(home).await, 1);
}

/// A future that is polled a given number of times and dropped then, wherever it stands.
async fn polled(times: usize, work: impl Future<Output = ()>) {
    let mut work = Box::pin(work);
    let mut left = times;
    std::future::poll_fn(|context| {
        if left == 0 {
            return std::task::Poll::Ready(());
        }
        left -= 1;
        work.as_mut().poll(context)
    })
    .await;
}

async fn transactions_cancelled_at_every_step_block_nobody(home: &TestDb) {
    let acknowledged = Arc::new(std::sync::Mutex::new(Vec::new()));
    for times in 0..40_usize {
        for left_open in [false, true] {
            // One that was dropped in the middle, to be cleared away by the next.
            if left_open {
                let mut tx = home.begin().await.unwrap();
                insert(&mut tx, &format!("abandoned-{times}")).await.unwrap();
            }
            let noted = Arc::clone(&acknowledged);
            let id = format!("cut-{times}-{left_open}");
            let half = format!("half-{times}-{left_open}");
            soon(polled(times, async {
                let mut tx = home.begin().await.unwrap();
                insert(&mut tx, &id).await.unwrap();
                insert(&mut tx, &half).await.unwrap();
                tx.commit().await.unwrap();
                noted.lock().unwrap().push(id.clone());
            }))
            .await;
            soon(commit(home, async |tx| insert(tx, &format!("after-{id}")).await.unwrap())).await;
        }
    }
    assert_eq!(
        number(home, "select cast(count(*) as bigint) from photos where id like 'after-%'").await,
        80
    );
    assert_eq!(
        number(home, "select cast(count(*) as bigint) from photos where id like 'abandoned-%'")
            .await,
        0
    );
    let cut =
        number(home, "select cast(count(*) as bigint) from photos where id like 'cut-%'").await;
    let half =
        number(home, "select cast(count(*) as bigint) from photos where id like 'half-%'").await;
    assert_eq!(cut, half, "a transaction landed in part");
    let acknowledged = i64::try_from(acknowledged.lock().unwrap().len()).unwrap();
    assert!(acknowledged > 0 && cut >= acknowledged, "{acknowledged} acknowledged, {cut} landed");
}

async fn migrating_again_changes_nothing(home: &TestDb) {
    assert_eq!(home.pending_migrations().await.unwrap(), 0);
    home.migrate().await.unwrap();
    assert_eq!(home.pending_migrations().await.unwrap(), 0);
    assert_eq!(number(home, "select cast(count(*) as bigint) from accounts").await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_may_migrate_at_once() {
    for home in [Some(empty_sqlite().await), empty_postgres().await].into_iter().flatten() {
        assert!(home.pending_migrations().await.unwrap() > 0);
        let mut handles = Vec::new();
        for _ in 0..4 {
            handles.push(home.another_handle().await);
        }
        for migrated in soon(join_all(handles.iter().map(Db::migrate))).await {
            migrated.unwrap();
        }
        assert_eq!(home.pending_migrations().await.unwrap(), 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_may_open_a_new_file_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("new.db").display());
    for opened in soon(join_all((0..4).map(|_| Db::open(&url)))).await {
        opened.unwrap().ping().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_neighbour_in_a_group_harms_nobody() {
    let home = sitespark_core::testing::db::sqlite().await;
    let first = home.begin().await.unwrap();
    let waiting: Vec<_> = (0..20)
        .map(|number| {
            let db = home.db().clone();
            tokio::spawn(async move {
                let mut tx = db.begin().await.unwrap();
                insert(&mut tx, &format!("photo-{number}")).await.unwrap();
                if number % 2 == 0 {
                    return Ok(());
                }
                tx.commit().await
            })
        })
        .collect();
    first.commit().await.unwrap();
    for done in soon(join_all(waiting)).await {
        done.unwrap().unwrap();
    }
    assert_eq!(rows(&home).await, 10);
}
