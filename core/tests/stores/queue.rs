//! Rows: put in once, woken for, counted, revived and forgotten.

use futures::future::join_all;
use sitespark_core::db::{Db, forward_wakes};
use sitespark_core::queue::{self, Lane, NewRow, Pushes};
use sitespark_core::testing::{START_MS, TestDb};
use tokio_util::sync::CancellationToken;

use crate::both_engines;
use crate::support::{commit, execute, number, somebody_waits, soon, until};

both_engines![
    the_same_cause_fifty_times_at_once_is_one_row,
    one_cause_may_be_in_each_lane,
    a_push_in_a_transaction_that_is_given_up_leaves_nothing,
    a_commit_rings_the_lanes_bell_and_a_dropped_transaction_does_not,
    depths_count_open_and_dead_rows,
    a_key_is_quiet_when_nothing_of_it_is_due,
    only_old_finished_rows_are_forgotten,
    a_row_cannot_run_without_a_lease,
    rows_of_a_key_are_numbered_in_the_order_they_commit,
    pushes_to_the_same_keys_from_both_ends_all_come_through,
    single_pushes_of_many_at_once_are_each_there_once,
    a_row_that_cannot_be_put_in_fails_alone,
];

pub(crate) fn row(lane: Lane, key: &str, cause: &str) -> NewRow {
    NewRow {
        lane,
        key: key.to_owned(),
        cause: cause.to_owned(),
        payload: serde_json::json!({ "cause": cause }),
        run_at_ms: START_MS,
    }
}

pub(crate) async fn push(db: &Db, row: &NewRow) -> bool {
    commit(db, async |tx| queue::push(tx, row, START_MS).await.unwrap()).await
}

async fn rows(db: &Db) -> i64 {
    number(db, "select cast(count(*) as bigint) from queue").await
}

async fn the_same_cause_fifty_times_at_once_is_one_row(home: &TestDb) {
    let pushes = (0..50).map(|_| {
        let db = home.db().clone();
        tokio::spawn(async move { push(&db, &row(Lane::Inbox, "chat", "update:7")).await })
    });
    let put = soon(join_all(pushes)).await.into_iter().filter(|put| *put.as_ref().unwrap()).count();
    assert_eq!((put, rows(home).await), (1, 1));
}

async fn single_pushes_of_many_at_once_are_each_there_once(home: &TestDb) {
    let pushes = Pushes::new(home.db().clone());
    let pushing = (0..200).map(|number| {
        let pushes = pushes.clone();
        let row = row(Lane::Inbox, &format!("chat{}", number % 7), &format!("{}", number % 90));
        tokio::spawn(async move { pushes.push(row, START_MS).await })
    });
    for pushed in soon(join_all(pushing)).await {
        pushed.unwrap().unwrap();
    }
    assert_eq!(rows(home).await, 90);
    assert!(has_rung(home, Lane::Inbox).await);
    assert!(!has_rung(home, Lane::Jobs).await);
}

async fn a_row_that_cannot_be_put_in_fails_alone(home: &TestDb) {
    let refuse = match home.engine_name() {
        "postgres" => "alter table queue add constraint no_bad check (cause <> 'bad')",
        _ => {
            "create trigger no_bad before insert on queue when new.cause = 'bad'
             begin select raise(abort, 'bad'); end"
        }
    };
    execute(home, refuse).await.unwrap();
    let pushes = Pushes::new(home.db().clone());
    let causes = ["1", "2", "bad", "3", "4"];
    let pushing = causes.map(|cause| {
        let (pushes, row) = (pushes.clone(), row(Lane::Inbox, "chat", cause));
        tokio::spawn(async move { pushes.push(row, START_MS).await.is_ok() })
    });
    let pushed = soon(join_all(pushing)).await.into_iter().map(Result::unwrap);
    assert_eq!(pushed.collect::<Vec<_>>(), [true, true, false, true, true]);
    assert_eq!(rows(home).await, 4);
}

async fn one_cause_may_be_in_each_lane(home: &TestDb) {
    for lane in Lane::ALL {
        assert!(push(home, &row(lane, "chat", "same")).await);
    }
    assert_eq!(rows(home).await, 3);
}

async fn a_push_in_a_transaction_that_is_given_up_leaves_nothing(home: &TestDb) {
    let mut tx = home.begin().await.unwrap();
    assert!(queue::push(&mut tx, &row(Lane::Jobs, "a", "1"), START_MS).await.unwrap());
    tx.roll_back();
    assert_eq!(rows(home).await, 0);
    assert!(push(home, &row(Lane::Jobs, "a", "1")).await, "its cause is free again");
}

/// Whether the bell has rung since it was last asked.
async fn has_rung(db: &Db, lane: Lane) -> bool {
    let mut bell = std::pin::pin!(db.signals().woken(lane));
    std::future::poll_fn(|context| std::task::Poll::Ready(bell.as_mut().poll(context).is_ready()))
        .await
}

async fn a_commit_rings_the_lanes_bell_and_a_dropped_transaction_does_not(home: &TestDb) {
    let mut dropped = home.begin().await.unwrap();
    queue::push(&mut dropped, &row(Lane::Jobs, "a", "1"), START_MS).await.unwrap();
    drop(dropped);
    assert!(!has_rung(home, Lane::Jobs).await);
    push(home, &row(Lane::Jobs, "a", "1")).await;
    assert!(has_rung(home, Lane::Jobs).await);
    assert!(!has_rung(home, Lane::Inbox).await);
    push(home, &row(Lane::Jobs, "a", "1")).await;
    assert!(!has_rung(home, Lane::Jobs).await, "nothing new was put in");
}

async fn depths_count_open_and_dead_rows(home: &TestDb) {
    for (key, cause) in [("a", "1"), ("a", "2"), ("b", "3")] {
        push(home, &row(Lane::Jobs, key, cause)).await;
    }
    execute(home, "update queue set created_at_ms = created_at_ms + 5 where cause <> '2'")
        .await
        .unwrap();
    execute(home, "update queue set state = 'dead', last_error = 'why' where cause = '3'")
        .await
        .unwrap();
    let depths = queue::depths(home).await.unwrap();
    let jobs = depths.iter().find(|depth| depth.lane == Lane::Jobs).unwrap();
    assert_eq!((jobs.open, jobs.dead, jobs.oldest_at_ms), (2, 1, Some(START_MS)));
    let inbox = depths.iter().find(|depth| depth.lane == Lane::Inbox).unwrap();
    assert_eq!((inbox.open, inbox.dead, inbox.oldest_at_ms), (0, 0, None));
    let dead = queue::dead_rows(home, 10).await.unwrap();
    assert_eq!(dead.len(), 1);
    assert_eq!((dead[0].cause.as_str(), dead[0].last_error.as_deref()), ("3", Some("why")));
}

async fn a_key_is_quiet_when_nothing_of_it_is_due(home: &TestDb) {
    assert!(queue::is_quiet(home, "chat", START_MS).await.unwrap());
    let later = NewRow { run_at_ms: START_MS + 10_000, ..row(Lane::Outbox, "chat", "1") };
    push(home, &later).await;
    assert!(queue::is_quiet(home, "chat", START_MS + 9_999).await.unwrap());
    assert!(!queue::is_quiet(home, "chat", START_MS + 10_000).await.unwrap());
    assert!(queue::is_quiet(home, "other", START_MS + 10_000).await.unwrap());
}

async fn only_old_finished_rows_are_forgotten(home: &TestDb) {
    for cause in ["old", "young", "open"] {
        push(home, &row(Lane::Jobs, cause, cause)).await;
    }
    execute(home, "update queue set state = 'done', finished_at_ms = 10 where cause = 'old'")
        .await
        .unwrap();
    execute(home, "update queue set state = 'done', finished_at_ms = 20 where cause = 'young'")
        .await
        .unwrap();
    let forgotten = commit(home, async |tx| queue::purge_finished(tx, 20).await.unwrap()).await;
    assert_eq!((forgotten, rows(home).await), (1, 2));
    assert!(
        !push(home, &row(Lane::Jobs, "young", "young")).await,
        "a finished cause is remembered"
    );
}

async fn a_row_cannot_run_without_a_lease(home: &TestDb) {
    push(home, &row(Lane::Jobs, "a", "1")).await;
    assert!(execute(home, "update queue set state = 'running'").await.is_err());
    assert!(execute(home, "update queue set lease_until_ms = 5").await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_rings_in_other_processes_on_postgres() {
    let Some(home) = sitespark_core::testing::db::postgres().await else { return };
    let other = home.another_handle().await;
    let stop = CancellationToken::new();
    let (listener, stopped) = (other.clone(), stop.clone());
    let forwarding = tokio::spawn(async move { forward_wakes(&listener, stopped).await });
    crate::support::until(async || {
        let listening = "select count(*) from pg_stat_activity
            where datname = current_database() and query ilike 'listen%'";
        number(&home, listening).await > 0
    })
    .await;
    push(&home, &row(Lane::Outbox, "chat", "1")).await;
    soon(other.signals().woken(Lane::Outbox)).await;
    assert!(!has_rung(&other, Lane::Inbox).await);
    stop.cancel();
    soon(forwarding).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_serves_calls_others_after_its_commits_on_postgres() {
    let Some(home) = sitespark_core::testing::db::postgres().await else { return };
    let (here, there) = (home.another_handle().await, home.another_handle().await);
    let stop = CancellationToken::new();
    let serving = [here.clone(), there.clone()].map(|db| {
        let stopped = stop.clone();
        tokio::spawn(async move { forward_wakes(&db, stopped).await })
    });
    until(async || here.signals().has_caller()).await;
    until(async || {
        let listening = "select count(*) from pg_stat_activity
            where datname = current_database() and query ilike 'listen%'";
        number(&home, listening).await > 1
    })
    .await;
    assert!(push(&here, &row(Lane::Outbox, "chat", "1")).await);
    soon(there.signals().woken(Lane::Outbox)).await;
    assert!(!has_rung(&there, Lane::Inbox).await);
    stop.cancel();
    for serving in serving {
        soon(serving).await.unwrap();
    }
    assert!(!here.signals().has_caller(), "who stops serving calls nobody");
}

async fn rows_of_a_key_are_numbered_in_the_order_they_commit(home: &TestDb) {
    let mut slow = home.begin().await.unwrap();
    assert!(queue::push(&mut slow, &row(Lane::Jobs, "chat", "first"), START_MS).await.unwrap());
    let other = home.another_handle().await;
    let quick = tokio::spawn(async move { push(&other, &row(Lane::Jobs, "chat", "second")).await });
    if home.engine_name() == "postgres" {
        let free = home.another_handle().await;
        assert!(soon(push(&free, &row(Lane::Jobs, "neighbour", "third"))).await);
        assert!(soon(push(&free, &row(Lane::Inbox, "chat", "fourth"))).await);
        until(async || somebody_waits(home).await).await;
    }
    let second = "select cast(count(*) as bigint) from queue where cause = 'second'";
    assert_eq!(number(home, second).await, 0, "the later row is not there before the earlier");
    slow.commit().await.unwrap();
    assert!(soon(quick).await.unwrap());
    let in_order = "select cast(count(*) as bigint) from queue a join queue b on a.seq < b.seq
        where a.cause = 'first' and b.cause = 'second'";
    assert_eq!(number(home, in_order).await, 1);
}

async fn pushes_to_the_same_keys_from_both_ends_all_come_through(home: &TestDb) {
    let pushes = (0..20).map(|number| {
        let db = home.db().clone();
        let mut rows: Vec<NewRow> = (0..5)
            .map(|key| row(Lane::Jobs, &format!("key-{key}"), &format!("{number}-{key}")))
            .collect();
        if number % 2 == 1 {
            rows.reverse();
        }
        tokio::spawn(async move {
            commit(&db, async |tx| queue::push_all(tx, &rows, START_MS).await.unwrap()).await;
        })
    });
    for pushed in soon(join_all(pushes)).await {
        pushed.unwrap();
    }
    assert_eq!(rows(home).await, 100);
}
