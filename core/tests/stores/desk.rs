//! Work that is taken up by the statement that puts it in, where its worker runs in the same process.

use std::sync::Arc;

use sitespark_core::db::{Db, Tx};
use sitespark_core::queue::{self, Lane, NewRow, Verdict, WorkerSettings};
use sitespark_core::testing::{START_MS, TestDb, clock, db};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::queue::{push, row};
use crate::support::{commit, soon, until};
use crate::worker::{SETTINGS, state_of, worker};

/// A worker with some places; each row waits for a permit of the gate.
struct Running {
    home: TestDb,
    gate: Arc<Semaphore>,
    /// The causes as they are begun, and whether more stood behind each.
    begun: mpsc::UnboundedReceiver<(String, bool)>,
    stop: CancellationToken,
    worker: JoinHandle<()>,
}

impl Running {
    async fn with_places(concurrency: usize) -> Self {
        let home = db::sqlite().await;
        let gate = Arc::new(Semaphore::new(0));
        let (tell, begun) = mpsc::unbounded_channel();
        let held = Arc::clone(&gate);
        let settings = WorkerSettings { concurrency, ..SETTINGS };
        let working = worker(&home, &clock(), settings, move |row| {
            tell.send((row.cause, row.is_followed)).unwrap();
            let held = Arc::clone(&held);
            async move {
                held.acquire().await.unwrap().forget();
                Verdict::Done
            }
        });
        let stop = CancellationToken::new();
        let worker = tokio::spawn(working.run(stop.clone()));
        until(async || would_be_taken(&home).await).await;
        Self { home, gate, begun, stop, worker }
    }

    async fn state(&self, cause: &str) -> (String, i64) {
        let (state, attempt, ..) = state_of(&self.home, cause).await;
        (state, attempt)
    }

    async fn end(self) {
        self.gate.add_permits(Semaphore::MAX_PERMITS / 2);
        self.stop.cancel();
        soon(self.worker).await.unwrap();
    }
}

async fn put_in(tx: &mut Tx, row: &NewRow) -> String {
    queue::push(tx, row, START_MS).await.unwrap();
    let read: Result<_, sqlx::Error> = async {
        sitespark_core::each_engine!(tx tx, conn => sqlx::query_scalar(
            "select state from queue where cause = $1")
            .bind(&row.cause).fetch_one(conn).await)
    }
    .await;
    read.unwrap()
}

/// Whether a row would be taken up if it were put in now; none is.
async fn would_be_taken(db: &Db) -> bool {
    let mut tx = db.begin().await.unwrap();
    put_in(&mut tx, &row(Lane::Jobs, "nobody", "tried")).await == "running"
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_is_its_workers_with_the_commit() {
    let mut running = Running::with_places(8).await;
    assert!(push(&running.home, &row(Lane::Jobs, "a", "1")).await);
    assert_eq!(running.state("1").await, ("running".to_owned(), 1));
    assert_eq!(soon(running.begun.recv()).await.unwrap(), ("1".to_owned(), false));
    running.gate.add_permits(1);
    until(async || running.state("1").await.0 == "done").await;
    assert!(!push(&running.home, &row(Lane::Jobs, "a", "1")).await, "its cause stays");
    assert_eq!(running.state("1").await.0, "done");
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_of_a_key_are_taken_up_one_after_the_other() {
    let mut running = Running::with_places(8).await;
    let rows = ["1", "2"].map(|cause| row(Lane::Jobs, "a", cause));
    commit(&running.home, async |tx| queue::push_all(tx, &rows, START_MS).await.unwrap()).await;
    push(&running.home, &row(Lane::Jobs, "a", "3")).await;
    assert_eq!(soon(running.begun.recv()).await.unwrap(), ("1".to_owned(), true));
    assert_eq!(running.state("2").await, ("ready".to_owned(), 0));
    assert_eq!(running.state("3").await, ("ready".to_owned(), 0));
    running.gate.add_permits(3);
    assert_eq!(soon(running.begun.recv()).await.unwrap().0, "2");
    assert_eq!(soon(running.begun.recv()).await.unwrap(), ("3".to_owned(), false));
    until(async || running.state("3").await.0 == "done").await;
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_put_in_with_one_statement_share_the_places() {
    let running = Running::with_places(2).await;
    let rows = [("a", "1"), ("a", "2"), ("b", "3"), ("c", "4")];
    let rows = rows.map(|(key, cause)| row(Lane::Jobs, key, cause));
    let timed: Vec<_> = rows.iter().map(|row| (row, START_MS)).collect();
    commit(&running.home, async |tx| queue::push_many(tx, &timed).await.unwrap()).await;
    for (cause, state) in [("1", "running"), ("2", "ready"), ("3", "running"), ("4", "ready")] {
        assert_eq!(running.state(cause).await.0, state, "{cause}");
    }
    running.gate.add_permits(4);
    for cause in ["1", "2", "3", "4"] {
        until(async || running.state(cause).await.0 == "done").await;
    }
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_is_given_up_frees_its_place() {
    let running = Running::with_places(1).await;
    for cause in ["1", "2", "3"] {
        let mut tx = running.home.begin().await.unwrap();
        assert_eq!(put_in(&mut tx, &row(Lane::Jobs, "a", cause)).await, "running");
    }
    push(&running.home, &row(Lane::Jobs, "a", "4")).await;
    assert_eq!(running.state("4").await.0, "running");
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_due_is_not_taken_up() {
    let running = Running::with_places(8).await;
    let later = NewRow { run_at_ms: START_MS + 100, ..row(Lane::Jobs, "a", "1") };
    push(&running.home, &later).await;
    assert_eq!(running.state("1").await, ("ready".to_owned(), 0));
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_committed_while_its_worker_stops_is_given_back() {
    let running = Running::with_places(8).await;
    let mut tx = running.home.begin().await.unwrap();
    assert_eq!(put_in(&mut tx, &row(Lane::Jobs, "a", "1")).await, "running");
    running.stop.cancel();
    tx.commit().await.unwrap();
    soon(running.worker).await.unwrap();
    let (state, attempt, ..) = state_of(&running.home, "1").await;
    assert_eq!((state.as_str(), attempt), ("ready", 0));
}
