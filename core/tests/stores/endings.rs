//! Rows that are given up: by their failures, or because they end whoever takes them up.

use std::sync::Arc;

use async_trait::async_trait;
use sitespark_core::clock::ManualClock;
use sitespark_core::db::Tx;
use sitespark_core::queue::{
    self, Burial, Claimed, Handler, Lane, MOST_TAKEOVERS, Verdict, Worker,
};
use sitespark_core::testing::{TestDb, clock};

use crate::both_engines;
use crate::queue::row;
use crate::support::{number, soon, until};
use crate::worker::{SETTINGS, drain, push_all, state_of, worker};

both_engines![
    a_row_that_ends_its_workers_dies,
    a_row_that_outlived_its_workers_may_still_fail,
    what_a_dead_row_leaves_is_settled_with_it,
    a_row_is_not_dead_before_what_it_leaves_is_settled,
];

/// So many workers, one after the other, die with the first row in hand.
async fn die_with_it(home: &TestDb, clock: &ManualClock, workers: i64) {
    for attempt in 1..=workers {
        let dying = tokio::spawn(worker(home, clock, SETTINGS, |_| std::future::pending()).drain());
        until(async || state_of(home, "1").await.1 == attempt).await;
        dying.abort();
        assert!(dying.await.unwrap_err().is_cancelled());
        clock.advance_ms(SETTINGS.lease_ms + 1);
    }
}

async fn a_row_that_ends_its_workers_dies(home: &TestDb) {
    push_all(home, &[("a", "1"), ("a", "2")]).await;
    let clock = clock();
    die_with_it(home, &clock, MOST_TAKEOVERS).await;
    assert_eq!(drain(home, &clock, &Verdict::Done).await, 2);
    assert_eq!(
        (state_of(home, "1").await.0, state_of(home, "2").await.0),
        ("dead".into(), "done".into())
    );
}

async fn a_row_that_outlived_its_workers_may_still_fail(home: &TestDb) {
    push_all(home, &[("a", "1")]).await;
    let clock = clock();
    die_with_it(home, &clock, SETTINGS.backoff.max_attempts + 2).await;
    for _failure in 1..SETTINGS.backoff.max_attempts {
        assert_eq!(drain(home, &clock, &Verdict::Retry("no answer".to_owned())).await, 1);
        assert_eq!(state_of(home, "1").await.0, "ready", "it has failed too seldom to die");
        clock.advance_ms(SETTINGS.backoff.cap_ms);
    }
    assert_eq!(drain(home, &clock, &Verdict::Retry("no answer".to_owned())).await, 1);
    assert_eq!(state_of(home, "1").await.0, "dead");
}

/// Lets every row die and says so in the outbox, unless it is told that it cannot.
struct Undertaker {
    cannot: bool,
}

#[async_trait]
impl Handler for Undertaker {
    async fn handle(&self, _row: &Claimed) -> Verdict {
        Verdict::Dead("no use".to_owned())
    }

    async fn bury(&self, tx: &mut Tx, dead: &Claimed, now_ms: i64) -> Result<(), Burial> {
        let cause = format!("{}:buried", dead.cause);
        queue::push(tx, &row(Lane::Outbox, &dead.key, &cause), now_ms).await?;
        if self.cannot { Err("not today".into()) } else { Ok(()) }
    }
}

async fn bury_all(home: &TestDb, cannot: bool) {
    push_all(home, &[("a", "1")]).await;
    let handler = Arc::new(Undertaker { cannot });
    let clock = Arc::new(clock());
    soon(Worker::new(home.db().clone(), clock, Lane::Jobs, SETTINGS, handler).drain()).await;
}

const BURIED: &str = "select cast(count(*) as bigint) from queue where cause = '1:buried'";

async fn what_a_dead_row_leaves_is_settled_with_it(home: &TestDb) {
    bury_all(home, false).await;
    assert_eq!(state_of(home, "1").await.0, "dead");
    assert_eq!(number(home, BURIED).await, 1);
}

async fn a_row_is_not_dead_before_what_it_leaves_is_settled(home: &TestDb) {
    bury_all(home, true).await;
    assert_eq!(state_of(home, "1").await.0, "running", "its lease will end");
    assert_eq!(number(home, BURIED).await, 0);
}
