//! Workers: order, leases, takeover, backing off, draining.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use sitespark_core::clock::{Clock, ManualClock};
use sitespark_core::db::Db;
use sitespark_core::queue::{
    self, Backoff, Claimed, Handler, Lane, NewRow, QueueError, Verdict, Worker, WorkerSettings,
};
use sitespark_core::testing::{START_MS, TestDb, clock};
use tokio::sync::{Notify, Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::both_engines;
use crate::queue::{push, row};
use crate::support::{commit, execute, number, soon, until};

both_engines![
    rows_of_a_key_are_handled_in_order_and_each_once,
    a_stuck_key_holds_up_no_other,
    a_dead_workers_row_is_taken_over_and_its_finish_refused,
    a_heartbeat_keeps_a_long_row,
    a_late_heartbeat_hands_no_row_out_twice,
    failures_back_off_and_then_die,
    a_waiting_row_keeps_its_keys_order,
    a_revived_row_waits_for_the_running_one_of_its_key,
    a_dead_row_lets_its_key_go_on,
    later_and_retry_after_count_no_attempt,
    a_row_that_takes_too_long_is_tried_again,
    a_panicking_handler_counts_as_a_failure,
    an_aborted_worker_leaves_nothing_running,
    stopping_lets_running_rows_end_and_starts_none,
    an_idle_worker_is_woken_by_a_commit,
    a_row_is_not_handled_before_its_time,
    finishing_inside_the_handlers_transaction_is_kept,
];

pub(crate) const SETTINGS: WorkerSettings = WorkerSettings {
    concurrency: 8,
    lease_ms: 60_000,
    row_timeout: Duration::from_secs(60),
    backoff: Backoff { base_ms: 1_000, cap_ms: 8_000, max_attempts: 3 },
};

/// A handler made of a closure.
struct Does<F>(F);

#[async_trait]
impl<F, R> Handler for Does<F>
where
    F: Fn(Claimed) -> R + Send + Sync + 'static,
    R: Future<Output = Verdict> + Send + 'static,
{
    async fn handle(&self, row: &Claimed) -> Verdict {
        (self.0)(row.clone()).await
    }
}

pub(crate) fn worker<F, R>(
    db: &Db,
    clock: &ManualClock,
    settings: WorkerSettings,
    does: F,
) -> Worker
where
    F: Fn(Claimed) -> R + Send + Sync + 'static,
    R: Future<Output = Verdict> + Send + 'static,
{
    Worker::new(db.clone(), Arc::new(clock.clone()), Lane::Jobs, settings, Arc::new(Does(does)))
}

fn start(worker: Worker) -> (CancellationToken, JoinHandle<()>) {
    let stop = CancellationToken::new();
    (stop.clone(), tokio::spawn(worker.run(stop)))
}

pub(crate) async fn state_of(db: &Db, cause: &str) -> (String, i64, i64, Option<String>) {
    let read: Result<_, sqlx::Error> = async {
        sitespark_core::each_engine!(read db, pool => sqlx::query_as(
            "select state, attempt, run_at_ms, last_error from queue where cause = $1")
            .bind(cause).fetch_one(pool).await)
    }
    .await;
    read.unwrap()
}

async fn done_rows(db: &Db) -> i64 {
    number(db, "select cast(count(*) as bigint) from queue where state = 'done'").await
}

pub(crate) async fn push_all(db: &Db, rows: &[(&str, &str)]) {
    for (key, cause) in rows {
        assert!(push(db, &row(Lane::Jobs, key, cause)).await);
    }
}

async fn rows_of_a_key_are_handled_in_order_and_each_once(home: &TestDb) {
    let rows: Vec<NewRow> = (0..60)
        .map(|number| row(Lane::Jobs, &format!("key-{}", number % 6), &format!("{number}")))
        .collect();
    commit(home, async |tx| queue::push_all(tx, &rows, START_MS).await.unwrap()).await;
    let handled: Arc<Mutex<HashMap<String, Vec<i64>>>> = Arc::default();
    let busy: Arc<Mutex<HashMap<String, u32>>> = Arc::default();
    let mut workers = Vec::new();
    // Two handles stand for two processes.
    for db in [home.db().clone(), home.another_handle().await] {
        for _ in 0..2 {
            let (handled, busy) = (Arc::clone(&handled), Arc::clone(&busy));
            workers.push(start(worker(&db, &clock(), SETTINGS, move |row| {
                let (handled, busy) = (Arc::clone(&handled), Arc::clone(&busy));
                async move {
                    let at_once = {
                        let mut busy = busy.lock().unwrap();
                        let at_once = busy.entry(row.key.clone()).or_default();
                        *at_once += 1;
                        *at_once
                    };
                    tokio::task::yield_now().await;
                    *busy.lock().unwrap().get_mut(&row.key).unwrap() -= 1;
                    handled.lock().unwrap().entry(row.key.clone()).or_default().push(row.seq);
                    if at_once == 1 {
                        Verdict::Done
                    } else {
                        Verdict::Dead("two at once".to_owned())
                    }
                }
            })));
        }
    }
    until(async || done_rows(home).await == 60).await;
    for (stop, running) in workers {
        stop.cancel();
        soon(running).await.unwrap();
    }
    let handled = handled.lock().unwrap();
    assert_eq!(handled.len(), 6);
    for seqs in handled.values() {
        assert!(seqs.len() == 10 && seqs.is_sorted(), "{seqs:?}");
    }
}

async fn a_stuck_key_holds_up_no_other(home: &TestDb) {
    push_all(home, &[("stuck", "1"), ("stuck", "2"), ("free", "3"), ("free", "4")]).await;
    let gate = Arc::new(Semaphore::new(0));
    let (tell, mut told) = mpsc::unbounded_channel();
    let held = Arc::clone(&gate);
    let (stop, running) = start(worker(home, &clock(), SETTINGS, move |row| {
        let (tell, held) = (tell.clone(), Arc::clone(&held));
        async move {
            if row.key == "stuck" {
                held.acquire().await.unwrap().forget();
            }
            tell.send(row.cause).unwrap();
            Verdict::Done
        }
    }));
    assert_eq!(soon(told.recv()).await.unwrap(), "3");
    assert_eq!(soon(told.recv()).await.unwrap(), "4");
    assert_eq!(state_of(home, "2").await.0, "ready", "the second of the key waits for the first");
    gate.add_permits(2);
    assert_eq!(soon(told.recv()).await.unwrap(), "1");
    assert_eq!(soon(told.recv()).await.unwrap(), "2");
    stop.cancel();
    soon(running).await.unwrap();
}

async fn a_dead_workers_row_is_taken_over_and_its_finish_refused(home: &TestDb) {
    push_all(home, &[("a", "1")]).await;
    let clock = clock();
    let (has_it, let_go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (refused, mut refusals) = mpsc::unbounded_channel();
    let (taken, gone, db) = (Arc::clone(&has_it), Arc::clone(&let_go), home.db().clone());
    // `drain` keeps no leases alive: to the queue this worker is dead while its handler hangs.
    let first = tokio::spawn(
        worker(home, &clock, SETTINGS, move |row| {
            let (taken, gone) = (Arc::clone(&taken), Arc::clone(&gone));
            let (refused, db) = (refused.clone(), db.clone());
            async move {
                taken.notify_one();
                gone.notified().await;
                let mut tx = db.begin().await.unwrap();
                refused.send(queue::finish(&mut tx, &row, START_MS).await).unwrap();
                Verdict::Done
            }
        })
        .drain(),
    );
    soon(has_it.notified()).await;
    let second = |attempts: Arc<Mutex<Vec<i64>>>| {
        worker(home, &clock, SETTINGS, move |row| {
            attempts.lock().unwrap().push(row.attempt);
            async { Verdict::Done }
        })
    };
    let attempts: Arc<Mutex<Vec<i64>>> = Arc::default();
    clock.advance_ms(SETTINGS.lease_ms);
    assert_eq!(soon(second(Arc::clone(&attempts)).drain()).await, 0, "the lease still holds");
    clock.advance_ms(1);
    assert_eq!(soon(second(Arc::clone(&attempts)).drain()).await, 1);
    assert_eq!(*attempts.lock().unwrap(), [2]);
    let finished_at = number(home, "select finished_at_ms from queue").await;
    clock.advance_ms(5);
    let_go.notify_one();
    let refusal = soon(refusals.recv()).await.unwrap();
    assert!(matches!(refusal, Err(QueueError::LeaseLost(_))), "{refusal:?}");
    soon(first).await.unwrap();
    assert_eq!(number(home, "select finished_at_ms from queue").await, finished_at);
    assert_eq!(state_of(home, "1").await.1, 2);
}

async fn a_heartbeat_keeps_a_long_row(home: &TestDb) {
    push_all(home, &[("a", "1")]).await;
    let clock = clock();
    // Short, so that the beat is quick; the clock that decides stands still in between.
    let settings = WorkerSettings { lease_ms: 30, ..SETTINGS };
    let gate = Arc::new(Notify::new());
    let held = Arc::clone(&gate);
    let (stop, running) = start(worker(home, &clock, settings, move |_| {
        let held = Arc::clone(&held);
        async move {
            held.notified().await;
            Verdict::Done
        }
    }));
    until(async || state_of(home, "1").await.0 == "running").await;
    for _ in 0..4 {
        clock.advance_ms(20);
        let until_ms = clock.now_ms() + settings.lease_ms;
        until(async || number(home, "select lease_until_ms from queue").await == until_ms).await;
        let rival = worker(home, &clock, settings, |_| async { Verdict::Done });
        assert_eq!(soon(rival.drain()).await, 0);
    }
    gate.notify_one();
    until(async || done_rows(home).await == 1).await;
    assert_eq!(state_of(home, "1").await.1, 1, "one attempt from beginning to end");
    stop.cancel();
    soon(running).await.unwrap();
}

pub(crate) async fn drain(db: &Db, clock: &ManualClock, verdict: &Verdict) -> usize {
    let verdict = verdict.clone();
    let worker = worker(db, clock, SETTINGS, move |_| {
        let verdict = verdict.clone();
        async move { verdict }
    });
    soon(worker.drain()).await
}

async fn failures_back_off_and_then_die(home: &TestDb) {
    push_all(home, &[("a", "1")]).await;
    let clock = clock();
    let fails = Verdict::Retry("no answer".to_owned());
    for (attempt, full_ms) in [(1, 1_000), (2, 2_000)] {
        assert_eq!(drain(home, &clock, &fails).await, 1);
        let (state, attempts, run_at_ms, error) = state_of(home, "1").await;
        assert_eq!(
            (state.as_str(), attempts, error.as_deref()),
            ("ready", attempt, Some("no answer"))
        );
        let wait_ms = run_at_ms - clock.now_ms();
        assert!((full_ms / 2..=full_ms).contains(&wait_ms), "{wait_ms} after try {attempt}");
        clock.advance_ms(wait_ms - 1);
        assert_eq!(drain(home, &clock, &fails).await, 0);
        clock.advance_ms(1);
    }
    assert_eq!(drain(home, &clock, &fails).await, 1);
    assert_eq!(state_of(home, "1").await.0, "dead");
    let dead = queue::dead_rows(home, 10).await.unwrap();
    assert_eq!((dead[0].attempt, dead[0].last_error.as_deref()), (3, Some("no answer")));

    let seq = dead[0].seq;
    assert!(
        commit(home, async |tx| queue::retry_one_dead(tx, seq, clock.now_ms()).await.unwrap())
            .await
    );
    assert!(
        !commit(home, async |tx| queue::retry_one_dead(tx, seq, clock.now_ms()).await.unwrap())
            .await
    );
    assert_eq!(drain(home, &clock, &Verdict::Dead("never".to_owned())).await, 1);
    assert_eq!(
        commit(home, async |tx| queue::retry_dead(tx, clock.now_ms()).await.unwrap()).await,
        1
    );
    assert_eq!(drain(home, &clock, &Verdict::Done).await, 1);
    assert_eq!(state_of(home, "1").await.1, 1, "revived rows are tried from the start");
    assert_eq!(done_rows(home).await, 1);
}

async fn a_waiting_row_keeps_its_keys_order(home: &TestDb) {
    push_all(home, &[("a", "1"), ("a", "2")]).await;
    let clock = clock();
    assert_eq!(drain(home, &clock, &Verdict::Retry("x".to_owned())).await, 1);
    assert_eq!(
        drain(home, &clock, &Verdict::Done).await,
        0,
        "the second does not overtake the first"
    );
    clock.advance_ms(1_000);
    assert_eq!(drain(home, &clock, &Verdict::Done).await, 2);
}

async fn a_revived_row_waits_for_the_running_one_of_its_key(home: &TestDb) {
    push_all(home, &[("a", "1"), ("a", "2")]).await;
    let clock = clock();
    let (has_it, let_go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (taken, gone) = (Arc::clone(&has_it), Arc::clone(&let_go));
    let first = tokio::spawn(
        worker(home, &clock, SETTINGS, move |row| {
            let (taken, gone) = (Arc::clone(&taken), Arc::clone(&gone));
            async move {
                if row.cause == "1" && row.attempt == 1 {
                    return Verdict::Dead("first".to_owned());
                }
                if row.cause == "2" {
                    taken.notify_one();
                    gone.notified().await;
                }
                Verdict::Done
            }
        })
        .drain(),
    );
    soon(has_it.notified()).await;
    assert_eq!(commit(home, async |tx| queue::retry_dead(tx, START_MS).await.unwrap()).await, 1);
    assert_eq!(drain(home, &clock, &Verdict::Done).await, 0, "two rows of a key ran at once");
    // A running row whose worker died holds up nothing: the older one goes first.
    clock.advance_ms(SETTINGS.lease_ms + 1);
    assert_eq!(drain(home, &clock, &Verdict::Done).await, 2);
    let_go.notify_one();
    soon(first).await.unwrap();
    assert_eq!(done_rows(home).await, 2);
}

async fn a_dead_row_lets_its_key_go_on(home: &TestDb) {
    push_all(home, &[("a", "1"), ("a", "2")]).await;
    let worked = worker(home, &clock(), SETTINGS, |row| async move {
        if row.cause == "1" { Verdict::Dead("never".to_owned()) } else { Verdict::Done }
    });
    assert_eq!(soon(worked.drain()).await, 2);
    assert_eq!(
        (state_of(home, "1").await.0, state_of(home, "2").await.0),
        ("dead".into(), "done".into())
    );
}

async fn later_and_retry_after_count_no_attempt(home: &TestDb) {
    push_all(home, &[("a", "1")]).await;
    let clock = clock();
    let verdicts = [Verdict::RetryAfter(500, "slow down".to_owned()), Verdict::Later(500)];
    for verdict in verdicts.iter().cycle().take(8) {
        assert_eq!(drain(home, &clock, verdict).await, 1);
        let (state, attempt, run_at_ms, _) = state_of(home, "1").await;
        assert_eq!((state.as_str(), attempt, run_at_ms), ("ready", 0, clock.now_ms() + 500));
        clock.advance_ms(500);
    }
    assert_eq!(state_of(home, "1").await.3.as_deref(), Some("slow down"));
}

async fn a_row_that_takes_too_long_is_tried_again(home: &TestDb) {
    push_all(home, &[("a", "1")]).await;
    let settings = WorkerSettings { row_timeout: Duration::from_millis(1), ..SETTINGS };
    let stuck = worker(home, &clock(), settings, |_| std::future::pending());
    assert_eq!(soon(stuck.drain()).await, 1);
    let (state, attempt, _, error) = state_of(home, "1").await;
    assert_eq!((state.as_str(), attempt), ("ready", 1));
    assert!(error.is_some_and(|error| error.contains("too long")));
}

async fn a_panicking_handler_counts_as_a_failure(home: &TestDb) {
    push_all(home, &[("a", "1"), ("b", "2")]).await;
    let (stop, running) = start(worker(home, &clock(), SETTINGS, |row| async move {
        assert!(row.cause != "1", "a fault of the handler");
        Verdict::Done
    }));
    until(async || done_rows(home).await == 1 && state_of(home, "1").await.0 == "ready").await;
    assert_eq!(state_of(home, "1").await.1, 1);
    stop.cancel();
    soon(running).await.unwrap();
}

async fn a_late_heartbeat_hands_no_row_out_twice(home: &TestDb) {
    push_all(home, &[("a", "1")]).await;
    let clock = clock();
    let (has_it, gate) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (taken, held) = (Arc::clone(&has_it), Arc::clone(&gate));
    // The lease is so long in real time that no beat comes while the test lasts.
    let (stop, running) = start(worker(home, &clock, SETTINGS, move |row| {
        let (taken, held) = (Arc::clone(&taken), Arc::clone(&held));
        async move {
            if row.cause == "1" {
                taken.notify_one();
                held.notified().await;
            }
            Verdict::Done
        }
    }));
    soon(has_it.notified()).await;
    clock.advance_ms(SETTINGS.lease_ms + 1);
    push_all(home, &[("b", "2")]).await;
    until(async || state_of(home, "2").await.0 == "done").await;
    gate.notify_one();
    until(async || state_of(home, "1").await.0 == "done").await;
    assert_eq!(state_of(home, "1").await.1, 1, "it was taken up once");
    stop.cancel();
    soon(running).await.unwrap();
}

async fn an_aborted_worker_leaves_nothing_running(home: &TestDb) {
    push_all(home, &[("a", "1")]).await;
    let handler: Arc<dyn Handler> = Arc::new(Does(|_| std::future::pending()));
    let clock = Arc::new(clock());
    let worker = Worker::new(home.db().clone(), clock, Lane::Jobs, SETTINGS, Arc::clone(&handler));
    let running = tokio::spawn(worker.run(CancellationToken::new()));
    until(async || state_of(home, "1").await.1 == 1).await;
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled());
    until(async || Arc::strong_count(&handler) == 1).await;
}

async fn stopping_lets_running_rows_end_and_starts_none(home: &TestDb) {
    push_all(home, &[("a", "1"), ("a", "2")]).await;
    let (has_it, gate) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (taken, held) = (Arc::clone(&has_it), Arc::clone(&gate));
    let (stop, running) = start(worker(home, &clock(), SETTINGS, move |_| {
        let (taken, held) = (Arc::clone(&taken), Arc::clone(&held));
        async move {
            taken.notify_one();
            held.notified().await;
            Verdict::Done
        }
    }));
    soon(has_it.notified()).await;
    stop.cancel();
    tokio::task::yield_now().await;
    assert!(!running.is_finished());
    gate.notify_one();
    soon(running).await.unwrap();
    assert_eq!(
        (state_of(home, "1").await.0, state_of(home, "2").await.0),
        ("done".into(), "ready".into())
    );
}

async fn an_idle_worker_is_woken_by_a_commit(home: &TestDb) {
    let (tell, mut told) = mpsc::unbounded_channel();
    let (stop, running) = start(worker(home, &clock(), SETTINGS, move |row| {
        tell.send(row.cause).unwrap();
        async { Verdict::Done }
    }));
    for cause in ["1", "2", "3"] {
        push(home, &row(Lane::Jobs, "a", cause)).await;
        assert_eq!(soon(told.recv()).await.unwrap(), cause);
    }
    stop.cancel();
    soon(running).await.unwrap();
}

async fn a_row_is_not_handled_before_its_time(home: &TestDb) {
    let clock = clock();
    let later = NewRow { run_at_ms: START_MS + 100, ..row(Lane::Jobs, "a", "1") };
    push(home, &later).await;
    clock.advance_ms(99);
    assert_eq!(drain(home, &clock, &Verdict::Done).await, 0);
    clock.advance_ms(1);
    assert_eq!(drain(home, &clock, &Verdict::Done).await, 1);
}

async fn finishing_inside_the_handlers_transaction_is_kept(home: &TestDb) {
    push_all(home, &[("a", "1")]).await;
    let db = home.db().clone();
    let finishes = worker(home, &clock(), SETTINGS, move |row| {
        let db = db.clone();
        async move {
            let mut tx = db.begin().await.unwrap();
            queue::finish(&mut tx, &row, START_MS).await.unwrap();
            queue::push(&mut tx, &crate::queue::row(Lane::Outbox, "a", "answer"), START_MS)
                .await
                .unwrap();
            tx.commit().await.unwrap();
            Verdict::Finished
        }
    });
    assert_eq!(soon(finishes.drain()).await, 1);
    assert_eq!(state_of(home, "1").await.0, "done");
    assert_eq!(state_of(home, "answer").await.0, "ready");
    execute(home, "delete from queue where cause = 'answer'").await.unwrap();
    assert_eq!(
        number(home, "select cast(count(*) as bigint) from queue where lease_owner is not null")
            .await,
        0
    );
}
