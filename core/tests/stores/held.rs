//! What is held until a later time on purpose is not late, and a database is known by what it keeps.

use sitespark_core::db::Db;
use sitespark_core::queue::{self, Lane, NewRow};
use sitespark_core::testing::{START_MS, TestDb};

use crate::both_engines;
use crate::queue::{push, row};
use crate::support::number;

both_engines![what_is_held_is_not_late, a_try_to_write_leaves_nothing];

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

async fn what_is_held_is_not_late(home: &TestDb) {
    let later = NewRow { run_at_ms: START_MS + DAY_MS, ..row(Lane::Outbox, "chat", "a") };
    push(home, &later).await;
    let oldest = async || {
        let depths = queue::depths(home).await.unwrap();
        depths.into_iter().find(|depth| depth.lane == Lane::Outbox).unwrap().oldest_at_ms
    };
    assert_eq!(oldest().await, Some(START_MS + DAY_MS));
    push(home, &row(Lane::Outbox, "other", "b")).await;
    assert_eq!(oldest().await, Some(START_MS));
}

async fn a_try_to_write_leaves_nothing(home: &TestDb) {
    home.try_write().await.unwrap();
    assert_eq!(number(home, "select count(*) from accounts where created_at_ms <> 0").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_keeps_nothing_says_so() {
    let home = sitespark_core::testing::db::sqlite().await;
    let sealed = Db::open(&format!("{}?mode=ro", home.url())).await.unwrap();
    sealed.ping().await.unwrap();
    assert!(sealed.try_write().await.is_err());
    let Some(home) = sitespark_core::testing::db::postgres().await else { return };
    let sealed = format!("{}?options=-c%20default_transaction_read_only%3Don", home.url());
    let sealed = Db::open(&sealed).await.unwrap();
    sealed.ping().await.unwrap();
    assert!(sealed.try_write().await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_without_a_schema_may_be_written() {
    sitespark_core::testing::db::empty_sqlite().await.try_write().await.unwrap();
    if let Some(home) = sitespark_core::testing::db::empty_postgres().await {
        home.try_write().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_lets_nobody_in_is_told_as_that() {
    let refused = Db::open("postgres://nobody@127.0.0.1:1/none").await.unwrap_err();
    assert!(refused.to_string().contains("refused"), "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sitespark.db");
    let db = Db::open(&format!("sqlite://{}", file.display())).await.unwrap();
    db.migrate().await.unwrap();
    for name in ["sitespark.db", "sitespark.db-wal", "sitespark.db-shm"] {
        let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}
