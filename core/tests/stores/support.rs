//! What the suites share: one claim on two engines, and rows that others point at.

use std::time::Duration;

use sitespark_core::brief::{Answer, Brief, Language};
use sitespark_core::db::{Db, Tx};
use sitespark_core::ids::{ConversationId, Tokens};
use sitespark_core::testing::START_MS;
use sitespark_core::users::{self, User, Welcome};
use uuid::Uuid;

/// Turns async functions of a `&TestDb` into a test on SQLite and one on PostgreSQL each.
#[macro_export]
macro_rules! both_engines {
    ($($name:ident),* $(,)?) => {
        mod on_sqlite { $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(&sitespark_core::testing::db::sqlite().await).await;
            }
        )* }
        mod on_postgres { $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                if let Some(home) = sitespark_core::testing::db::postgres().await {
                    super::$name(&home).await;
                }
            }
        )* }
    };
}

/// Longest anything is waited for; a test that gets here has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// Waits for what must happen.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, what).await.expect("what was waited for did not happen")
}

/// Asks again and again until the answer is yes.
pub(crate) async fn until(mut asked: impl AsyncFnMut() -> bool) {
    soon(async {
        while !asked().await {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

/// Does one thing in a transaction of its own.
pub(crate) async fn commit<T>(db: &Db, work: impl AsyncFnOnce(&mut Tx) -> T) -> T {
    let mut tx = db.begin().await.unwrap();
    let done = work(&mut tx).await;
    tx.commit().await.unwrap();
    done
}

/// Runs a statement of the test's own; answers how many rows it touched.
pub(crate) async fn execute(db: &Db, sql: &'static str) -> Result<u64, sqlx::Error> {
    let mut tx = db.begin().await?;
    let touched = sitespark_core::each_engine!(tx tx, conn =>
        sqlx::query(sql).execute(conn).await.map(|done| done.rows_affected()))?;
    tx.commit().await?;
    Ok(touched)
}

/// One number from the database.
pub(crate) async fn number(db: &Db, sql: &'static str) -> i64 {
    let read: Result<i64, sqlx::Error> = async {
        sitespark_core::each_engine!(read db, pool => sqlx::query_scalar(sql).fetch_one(pool).await)
    }
    .await;
    read.unwrap()
}

/// What a newcomer says first.
pub(crate) fn newcomer(external_id: &str) -> Welcome<'_> {
    Welcome {
        channel: "terminal",
        external_id,
        name: Some("Sari"),
        phone: None,
        language: Language::Id,
    }
}

/// Somebody with a wallet of `tokens`.
pub(crate) async fn person(db: &Db, external_id: &str, tokens: i64) -> User {
    let who = newcomer(external_id);
    commit(db, async |tx| users::welcome(tx, &who, Tokens(tokens), START_MS).await.unwrap()).await
}

/// A conversation of theirs, as a run wants one.
pub(crate) async fn conversation(db: &Db, user: &User) -> ConversationId {
    let id = ConversationId::fresh();
    let empty = sqlx::types::Json(serde_json::json!({}));
    commit(db, async |tx| {
        sitespark_core::each_engine!(tx tx, conn => sqlx::query(
            "insert into conversations (id, channel, chat, user_id, workspace_id, external_id, state, offered,
             last_inbound_at_ms, updated_at_ms) values ($1, 'terminal', $2, $3, $4, 'x', $5, $5, 0, 0)")
            .bind(id).bind(Uuid::now_v7().to_string()).bind(user.id).bind(user.workspace).bind(&empty)
            .execute(conn).await.unwrap().rows_affected());
    })
    .await;
    id
}

/// A brief with a name and nothing else.
pub(crate) fn brief() -> Brief {
    let name = Answer::new("Kopi Senja".to_owned(), "Kopi Senja");
    Brief { name: Some(name), ..Brief::default() }
}

/// Whether a transaction of this PostgreSQL database waits for a lock that another holds.
pub(crate) async fn somebody_waits(db: &Db) -> bool {
    let waiting = "select count(*) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'";
    number(db, waiting).await > 0
}
