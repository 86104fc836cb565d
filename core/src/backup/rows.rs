//! Rows as JSON, in and out of either engine.

use std::path::Path;

use serde_json::{Map, Value};
use sqlx::types::Json;
use sqlx::{Column, Connection, Row};
use uuid::Uuid;

use super::BackupError;
use super::archive::unreadable;
use super::tables::{Kind, TABLES, Table};
use crate::db::{Db, Engine, Tx, TxEngine};
use crate::each_engine;
use crate::plain::{storable, storable_json};

/// Every table's rows as lines of JSON, from one snapshot.
pub(super) async fn read_all(db: &Db) -> Result<Vec<(&'static str, Vec<String>)>, sqlx::Error> {
    let mut all = Vec::new();
    match db.engine() {
        Engine::Sqlite(sqlite) => {
            let mut reader = sqlite.reader().await?;
            let mut snapshot = reader.begin().await?;
            for table in TABLES {
                let rows = sqlx::query(sqlx::AssertSqlSafe(select(table)))
                    .fetch_all(&mut *snapshot)
                    .await?;
                let lines = rows.iter().map(|row| line(table, row)).collect::<Result<_, _>>()?;
                all.push((table.name, lines));
            }
        }
        Engine::Postgres(pool) => {
            let mut snapshot =
                pool.begin_with("begin isolation level repeatable read read only").await?;
            for table in TABLES {
                let rows = sqlx::query(sqlx::AssertSqlSafe(select(table)))
                    .fetch_all(&mut *snapshot)
                    .await?;
                let lines = rows.iter().map(|row| line(table, row)).collect::<Result<_, _>>()?;
                all.push((table.name, lines));
            }
        }
    }
    Ok(all)
}

fn select(table: &Table) -> String {
    let columns: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
    format!("select {} from {} order by {}", columns.join(", "), table.name, table.order)
}

/// One row of either engine as a line.
fn line<R: Row>(table: &Table, row: &R) -> Result<String, sqlx::Error>
where
    for<'r> Option<Uuid>: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    for<'r> Option<String>: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    for<'r> Option<i64>: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    for<'r> Option<bool>: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    for<'r> Option<Json<Value>>: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    usize: sqlx::ColumnIndex<R>,
{
    let mut fields = Map::new();
    for (at, (name, kind)) in table.columns.iter().enumerate() {
        debug_assert_eq!(row.columns()[at].name(), *name);
        let value = match kind {
            Kind::Uuid => row.try_get::<Option<Uuid>, _>(at)?.map(|id| id.to_string().into()),
            Kind::Text => row.try_get::<Option<String>, _>(at)?.map(Value::from),
            Kind::Number => row.try_get::<Option<i64>, _>(at)?.map(Value::from),
            Kind::Flag => row.try_get::<Option<bool>, _>(at)?.map(Value::from),
            Kind::Json => row.try_get::<Option<Json<Value>>, _>(at)?.map(|json| json.0),
        };
        fields.insert((*name).to_owned(), value.unwrap_or(Value::Null));
    }
    Ok(Value::Object(fields).to_string())
}

/// Puts one row back; the accounts every house begins with are there already. What an older house stored
/// that PostgreSQL does not take is left out.
pub(super) async fn insert(
    tx: &mut Tx,
    table: &Table,
    row: &Map<String, Value>,
) -> Result<(), RowFault> {
    let columns: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
    let places: Vec<String> = (1..=columns.len()).map(|at| format!("${at}")).collect();
    let numbering = match tx.engine() {
        TxEngine::Postgres(_) if table.numbered => "overriding system value ",
        TxEngine::Postgres(_) | TxEngine::Sqlite(_) => "",
    };
    let sql = format!(
        "insert into {} ({}) {numbering}values ({}) on conflict do nothing",
        table.name,
        columns.join(", "),
        places.join(", ")
    );
    each_engine!(tx tx, conn => {
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
        for (name, kind) in table.columns {
            let value = row.get(*name).unwrap_or(&Value::Null);
            query = match kind {
                Kind::Uuid => query.bind(read_uuid(value)?),
                Kind::Text => query.bind(value.as_str().map(|text| storable(text).into_owned())),
                Kind::Number => query.bind(value.as_i64()),
                Kind::Flag => query.bind(value.as_bool()),
                Kind::Json => query.bind((!value.is_null()).then(|| Json(storable_json(value.clone())))),
            };
        }
        query.execute(conn).await?.rows_affected()
    });
    Ok(())
}

/// Why a row does not come back.
#[derive(Debug)]
pub(super) enum RowFault {
    Shape,
    Database(sqlx::Error),
}

impl From<sqlx::Error> for RowFault {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl RowFault {
    /// The same for whoever restores.
    pub(super) fn in_file(self, file: &Path, table: &str) -> BackupError {
        match self {
            Self::Shape => unreadable(file, format!("the table {table} in it is damaged")),
            Self::Database(error) => error.into(),
        }
    }
}

fn read_uuid(value: &Value) -> Result<Option<Uuid>, RowFault> {
    value.as_str().map(str::parse).transpose().map_err(|_| RowFault::Shape)
}

/// The engine goes on numbering where the rows end. SQLite does so by itself.
pub(super) async fn set_sequences(tx: &mut Tx) -> Result<(), sqlx::Error> {
    if let TxEngine::Postgres(open) = tx.engine() {
        for table in TABLES.iter().filter(|table| table.numbered) {
            let sql = format!(
                "select setval(pg_get_serial_sequence('{0}', 'seq'), coalesce((select max(seq) from {0}), 0) + 1, false)",
                table.name
            );
            sqlx::query(sqlx::AssertSqlSafe(sql)).execute(open.connection()).await?;
        }
    }
    Ok(())
}

/// Whether nobody has ever said hello in this house.
pub(super) async fn is_empty(db: &Db) -> Result<bool, sqlx::Error> {
    let users: i64 = each_engine!(read db, pool => sqlx::query_scalar(
        "select cast(count(*) as bigint) from users").fetch_one(pool).await?);
    Ok(users == 0)
}

/// Takes the triggers away that keep history from being changed, until [`put_guards_back`] in the
/// same transaction. Answers how to make them again.
pub(super) async fn lift_guards(tx: &mut Tx) -> Result<Vec<String>, sqlx::Error> {
    match tx.engine() {
        TxEngine::Sqlite(open) => {
            let conn = open.connection();
            let guards: Vec<(String, String)> =
                sqlx::query_as("select name, sql from sqlite_master where type = 'trigger'")
                    .fetch_all(&mut *conn)
                    .await?;
            for (name, _) in &guards {
                let sql = format!("drop trigger {name}");
                sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *conn).await?;
            }
            Ok(guards.into_iter().map(|(_, sql)| sql).collect())
        }
        TxEngine::Postgres(open) => {
            for table in TABLES {
                let sql = format!("alter table {} disable trigger user", table.name);
                sqlx::query(sqlx::AssertSqlSafe(sql)).execute(open.connection()).await?;
            }
            let back = TABLES.iter().map(|t| format!("alter table {} enable trigger user", t.name));
            Ok(back.collect())
        }
    }
}

/// Makes the triggers again.
pub(super) async fn put_guards_back(tx: &mut Tx, guards: Vec<String>) -> Result<(), sqlx::Error> {
    for sql in guards {
        each_engine!(tx tx, conn => sqlx::query(sqlx::AssertSqlSafe(sql)).execute(conn).await?.rows_affected());
    }
    Ok(())
}

/// Empties every table; only between [`lift_guards`] and [`put_guards_back`].
pub(super) async fn clear(tx: &mut Tx) -> Result<(), sqlx::Error> {
    for table in TABLES.iter().rev() {
        let sql = format!("delete from {}", table.name);
        each_engine!(tx tx, conn => sqlx::query(sqlx::AssertSqlSafe(sql)).execute(conn).await?.rows_affected());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_column_of_the_schema_is_backed_up() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&format!("sqlite://{}/t.db", folder.path().display())).await.unwrap();
        db.migrate().await.unwrap();
        let Engine::Sqlite(sqlite) = db.engine() else { unreachable!() };
        let columns: Vec<(String, String)> = sqlx::query_as(
            "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c
             where m.type = 'table' and m.name not like 'sqlite_%' and m.name not like '_sqlx%'",
        )
        .fetch_all(&mut *sqlite.reader().await.unwrap())
        .await
        .unwrap();
        let listed: Vec<(String, String)> = TABLES
            .iter()
            .flat_map(|t| t.columns.iter().map(|(c, _)| (t.name.to_owned(), (*c).to_owned())))
            .collect();
        assert_eq!(columns.len(), listed.len());
        for column in columns {
            assert!(listed.contains(&column), "{column:?} is not backed up");
        }
    }
}
