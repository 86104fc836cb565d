//! What the disk alone does: rows as small as an inbox row, committed durably one by one and in groups.

use std::path::Path;
use std::str::FromStr;
use std::time::Instant;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, SqliteConnection};

use crate::report::{Aim, Report};

const SINGLE: usize = 2_000;
const GROUPED: usize = 20_000;
/// Rows that share a commit: as many as a lane works at once.
const GROUP: usize = 64;

pub(crate) fn raw_commits(report: &mut Report, folder: &Path) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (single, grouped) = runtime.block_on(async {
        let mut connection = open_file(&folder.join("raw.db")).await?;
        sqlx::query("create table row (id integer primary key, payload text not null)")
            .execute(&mut connection)
            .await?;
        anyhow::Ok((
            insert(&mut connection, SINGLE, 1).await?,
            insert(&mut connection, GROUPED, GROUP).await?,
        ))
    })?;
    report.add("disk: raw commits a second, one row each", single, "/s", Aim::None);
    report.add("disk: raw rows a second, 64 a commit", grouped, "/s", Aim::None);
    Ok(())
}

/// One plain connection to a file, as durable as the program's own.
pub(crate) async fn open_file(path: &Path) -> anyhow::Result<SqliteConnection> {
    Ok(SqliteConnectOptions::from_str(&format!("sqlite://{}", path.display()))?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .statement_cache_capacity(256)
        .connect()
        .await?)
}

async fn insert(
    connection: &mut SqliteConnection,
    rows: usize,
    group: usize,
) -> anyhow::Result<f64> {
    let payload = "x".repeat(400);
    let began = Instant::now();
    for _ in 0..rows / group {
        sqlx::query("begin immediate").execute(&mut *connection).await?;
        for _ in 0..group {
            sqlx::query("insert into row (payload) values ($1)")
                .bind(&payload)
                .execute(&mut *connection)
                .await?;
        }
        sqlx::query("commit").execute(&mut *connection).await?;
    }
    Ok(rows as f64 / began.elapsed().as_secs_f64())
}
