//! Whether the database takes what is written, found out without leaving anything.

use super::{Db, TxEngine};
use crate::each_engine;

/// What PostgreSQL says of a table that is not there.
const NO_SUCH_TABLE: &str = "42P01";

impl Db {
    /// Writes a row as it is, and takes it back: a disk that is read-only answers every question and keeps
    /// nothing. A database without a schema is asked no more than whether it lets a transaction begin.
    pub async fn try_write(&self) -> Result<(), sqlx::Error> {
        let mut tx = self.begin().await?;
        // A house account: nobody ever waits for its row.
        let written = each_engine!(tx tx, conn => sqlx::query(
            "update accounts set created_at_ms = created_at_ms where kind = 'issuance'")
            .execute(conn).await.map(drop));
        if let TxEngine::Postgres(_) = tx.engine()
            && let Err(sqlx::Error::Database(fault)) = &written
            && fault.code().as_deref() == Some(NO_SUCH_TABLE)
        {
            return Ok(());
        }
        tx.roll_back();
        match written {
            Err(sqlx::Error::Database(fault)) if fault.message().starts_with("no such table") => {
                Ok(())
            }
            written => written,
        }
    }
}
