//! The schema: one text for both engines, and beside it what each spells in its own way.
//!
//! Files are numbered across `migrations/`, `migrations/sqlite/` and `migrations/postgres/`; the two
//! engine folders hold the same numbers. A landed file never changes.

use sqlx::Connection;
use sqlx::migrate::{Migration, Migrator};

use super::{Db, Engine};

static SHARED: Migrator = sqlx::migrate!("../migrations");
static SQLITE: Migrator = sqlx::migrate!("../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../migrations/postgres");

/// The schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
#[error("the schema could not be brought up to date")]
pub struct MigrateError(#[from] sqlx::migrate::MigrateError);

pub(super) async fn run(db: &Db) -> Result<(), MigrateError> {
    match db.engine() {
        Engine::Sqlite(sqlite) => {
            let migrator = merged(&SQLITE);
            let ran = sqlite
                .exclusively(async |connection| {
                    // Takes the file's lock first: the migrator has none of its own here, and two
                    // processes would both find the same migration missing.
                    let mut tx = connection.begin_with("begin immediate").await?;
                    let ran = migrator.run(&mut *tx).await;
                    ran.map_err(|error| sqlx::Error::Migrate(error.into()))?;
                    tx.commit().await
                })
                .await;
            ran.map_err(|error| MigrateError(error.into()))
        }
        Engine::Postgres(pool) => {
            let connection = async {
                let mut connection = pool.acquire().await?.detach();
                // Another process may be at it, and take its time.
                sqlx::query("set lock_timeout = 0").execute(&mut connection).await?;
                Ok::<_, sqlx::Error>(connection)
            };
            let mut connection = connection.await.map_err(sqlx::migrate::MigrateError::from)?;
            Ok(merged(&POSTGRES).run(&mut connection).await?)
        }
    }
}

pub(super) async fn pending(db: &Db) -> Result<usize, sqlx::Error> {
    let all = match db.engine() {
        Engine::Sqlite(_) => merged(&SQLITE).iter().count(),
        Engine::Postgres(_) => merged(&POSTGRES).iter().count(),
    };
    let done: Result<i64, _> = crate::each_engine!(read db, pool =>
        sqlx::query_scalar("select count(*) from _sqlx_migrations where success = true").fetch_one(pool).await);
    let done = match done {
        Ok(done) => done,
        // No such table: nothing has run yet.
        Err(sqlx::Error::Database(_)) => 0,
        Err(error) => return Err(error),
    };
    Ok(all.saturating_sub(usize::try_from(done).unwrap_or(all)))
}

fn merged(own: &Migrator) -> Migrator {
    let mut migrations: Vec<Migration> = SHARED.iter().chain(own.iter()).cloned().collect();
    migrations.sort_by_key(|migration| migration.version);
    Migrator::with_migrations(migrations)
}
