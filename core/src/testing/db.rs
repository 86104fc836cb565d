//! Fresh databases on the engines at hand.

use std::ops::Deref;

use tempfile::TempDir;

use super::postgres::Cluster;
use crate::db::Db;

/// A database of one test. Dropping it removes what lies on disk.
#[derive(Debug)]
pub struct TestDb {
    db: Db,
    url: String,
    _folder: Option<TempDir>,
}

impl TestDb {
    /// Its address, for handles of another "process".
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The handle, to be cloned.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// A second handle on the same database, as another process would have it.
    pub async fn another_handle(&self) -> Db {
        Db::open(&self.url).await.expect("the database has been opened once already")
    }
}

impl Deref for TestDb {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.db
    }
}

/// A SQLite file in a folder of its own, without a schema.
pub async fn empty_sqlite() -> TestDb {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let url = format!("sqlite://{}", folder.path().join("sitespark.db").display());
    let db = Db::open(&url).await.expect("a fresh file can be opened");
    TestDb { db, url, _folder: Some(folder) }
}

/// An empty PostgreSQL database; `None` when its programs are missing.
pub async fn empty_postgres() -> Option<TestDb> {
    let url = Cluster::shared()?.fresh_database().await.expect("the cluster makes databases");
    let db = Db::open(&url).await.expect("a fresh database can be opened");
    Some(TestDb { db, url, _folder: None })
}

/// A SQLite file with the schema.
pub async fn sqlite() -> TestDb {
    migrated(empty_sqlite().await).await
}

/// A PostgreSQL database with the schema; `None` when its programs are missing.
pub async fn postgres() -> Option<TestDb> {
    Some(migrated(empty_postgres().await?).await)
}

/// A fresh database with the schema on every engine at hand.
pub async fn engines() -> Vec<TestDb> {
    std::iter::once(sqlite().await).chain(postgres().await).collect()
}

async fn migrated(home: TestDb) -> TestDb {
    home.migrate().await.expect("a fresh database takes the schema");
    home
}
