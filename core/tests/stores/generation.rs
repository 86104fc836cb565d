//! Runs: whatever happens to one, its hold is resolved once.

use futures::future::join_all;
use sitespark_core::db::{Db, Tx};
use sitespark_core::generation::{
    self, FailureReason, GenerationError, HELD_FOR_MS, Order, Report, RunStatus, cancel, expire,
    fail, go_live,
};
use sitespark_core::ids::{ConversationId, RunId, SiteId, Tokens, TransferId};
use sitespark_core::site::Subdomain;
use sitespark_core::sites::Publisher;
use sitespark_core::storage::Objects;
use sitespark_core::testing::{START_MS, TestDb};
use sitespark_core::users::{Tier, User};
use sitespark_core::wallet;

use crate::both_engines;
use crate::support::{brief, commit, conversation, execute, number, person, soon};

both_engines![
    a_start_reserves_the_name_and_holds_the_price,
    whatever_comes_first_resolves_the_hold_and_the_rest_change_nothing,
    ends_at_once_resolve_the_hold_once,
    expired_runs_are_found_by_their_holds,
    an_expired_hold_without_a_run_is_given_back,
    a_start_that_cannot_be_paid_leaves_nothing,
    a_taken_name_refuses_the_start,
    only_so_many_runs_a_day_are_started,
    starts_at_once_keep_the_days_bound,
    a_run_in_vain_leaves_its_draft_to_the_next,
    a_draft_being_made_is_not_given_twice,
    an_unknown_run_is_refused,
];

const PRICE: Tokens = Tokens(50);

/// Somebody who can pay for a few runs.
struct Customer {
    user: User,
    conversation: ConversationId,
}

async fn customer(db: &Db, tokens: i64) -> Customer {
    let user = person(db, "sari", tokens).await;
    let conversation = conversation(db, &user).await;
    Customer { user, conversation }
}

async fn start_in(
    tx: &mut Tx,
    who: &Customer,
    tier: Tier,
    name: &str,
    now_ms: i64,
) -> Result<(RunId, SiteId), GenerationError> {
    let (brief, subdomain) = (brief(), Subdomain::parse(name).unwrap());
    let order = Order {
        workspace: who.user.workspace,
        tier,
        conversation: who.conversation,
        brief: &brief,
        subdomain: &subdomain,
        price: PRICE,
    };
    generation::start(tx, &order, now_ms).await
}

async fn start(db: &Db, who: &Customer, name: &str) -> Result<(RunId, SiteId), GenerationError> {
    start_at(db, who, Tier::Free, name, START_MS).await
}

async fn start_at(
    db: &Db,
    who: &Customer,
    tier: Tier,
    name: &str,
    now_ms: i64,
) -> Result<(RunId, SiteId), GenerationError> {
    let mut tx = db.begin().await?;
    let started = start_in(&mut tx, who, tier, name, now_ms).await?;
    tx.commit().await?;
    Ok(started)
}

async fn available(db: &Db, who: &Customer) -> i64 {
    wallet::available(db, who.user.workspace).await.unwrap().0
}

async fn assert_clean(db: &Db) {
    let report = wallet::audit(db).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
}

async fn hold_of(db: &Db, run: RunId) -> TransferId {
    generation::find_run(db, run).await.unwrap().hold
}

fn publisher() -> Publisher {
    let folder = std::env::temp_dir().join("sitespark-nothing-is-stored-here");
    let objects = Objects::open(&format!("file://{}", folder.display()), &|_| None).unwrap();
    Publisher::new(objects, "https", "situs.example", "Penyedia")
}

fn released_by(report: &Report) -> Tokens {
    match report {
        Report::Failed { released, .. } | Report::Unwritten { released, .. } => *released,
        other => panic!("{other:?}"),
    }
}

/// The ways a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Live,
    Cancelled,
    Failed,
    Expired,
}

const ENDS: [End; 4] = [End::Live, End::Cancelled, End::Failed, End::Expired];

impl End {
    /// Tries to end a run; whether this was the end of it.
    async fn of(self, db: &Db, run: RunId, hold: TransferId) -> bool {
        let mut tx = db.begin().await.unwrap();
        let ended = match self {
            Self::Live => match go_live(&mut tx, run, START_MS).await {
                Ok(price) => Some(price),
                Err(GenerationError::Ended) => None,
                Err(other) => panic!("{other:?}"),
            },
            Self::Cancelled => cancel(&mut tx, run, START_MS).await.unwrap(),
            Self::Failed => fail(&mut tx, run, FailureReason::Internal, START_MS).await.unwrap(),
            Self::Expired => {
                let told = expire(&mut tx, hold, &publisher(), START_MS).await.unwrap();
                told.map(|(_, _, report)| released_by(&report))
            }
        };
        tx.commit().await.unwrap();
        assert!(ended.is_none_or(|tokens| tokens == PRICE));
        ended.is_some()
    }

    const fn status(self) -> RunStatus {
        match self {
            Self::Live => RunStatus::Live,
            Self::Cancelled => RunStatus::Cancelled,
            Self::Failed | Self::Expired => RunStatus::Failed,
        }
    }

    const fn left_of_hundred(self) -> i64 {
        match self {
            Self::Live => 50,
            Self::Cancelled | Self::Failed | Self::Expired => 100,
        }
    }
}

async fn a_start_reserves_the_name_and_holds_the_price(home: &TestDb) {
    let who = customer(home, 100).await;
    let (id, site) = start(home, &who, "kopi-senja").await.unwrap();
    let run = generation::find_run(home, id).await.unwrap();
    assert_eq!(
        (run.site, run.status, run.workspace),
        (site, RunStatus::Running, who.user.workspace)
    );
    assert_eq!((run.brief, run.conversation), (brief(), who.conversation));
    assert_eq!(available(home, &who).await, 50);
    assert_eq!(wallet::open_holds(home).await.unwrap(), 1);
    assert!(generation::stages_of(home, id).await.unwrap().is_empty());
    assert_clean(home).await;
}

async fn whatever_comes_first_resolves_the_hold_and_the_rest_change_nothing(home: &TestDb) {
    let people = ENDS.iter().flat_map(|first| ENDS.iter().map(move |second| (*first, *second)));
    for (number, (first, second)) in people.enumerate() {
        let user = person(home, &format!("owner-{number}"), 100).await;
        let conversation = conversation(home, &user).await;
        let who = Customer { user, conversation };
        let (run, _) = start(home, &who, &format!("kopi-senja-{number}")).await.unwrap();
        let hold = hold_of(home, run).await;
        assert!(first.of(home, run, hold).await, "{first:?}");
        assert!(!second.of(home, run, hold).await, "{second:?} after {first:?}");
        let status = generation::find_run(home, run).await.unwrap().status;
        assert_eq!(status, first.status(), "{second:?} after {first:?}");
        assert_eq!(
            available(home, &who).await,
            first.left_of_hundred(),
            "{second:?} after {first:?}"
        );
    }
    assert_eq!(wallet::open_holds(home).await.unwrap(), 0);
    assert_clean(home).await;
}

async fn ends_at_once_resolve_the_hold_once(home: &TestDb) {
    let who = customer(home, 100).await;
    let (run, _) = start(home, &who, "kopi-senja").await.unwrap();
    let hold = hold_of(home, run).await;
    let ends = ENDS.iter().cycle().take(16).map(|end| {
        let (db, end) = (home.db().clone(), *end);
        tokio::spawn(async move { end.of(&db, run, hold).await.then_some(end) })
    });
    let outcomes = soon(join_all(ends)).await;
    let won: Vec<End> = outcomes.into_iter().filter_map(|end| end.unwrap()).collect();
    assert_eq!(won.len(), 1, "{won:?}");
    assert_eq!(available(home, &who).await, won[0].left_of_hundred());
    assert_clean(home).await;
}

async fn expired_runs_are_found_by_their_holds(home: &TestDb) {
    let who = customer(home, 100).await;
    let (run, _) = start(home, &who, "kopi-senja").await.unwrap();
    let end_ms = START_MS + HELD_FOR_MS;
    assert!(wallet::expired_holds(home, end_ms - 1, 10).await.unwrap().is_empty());
    let expired = wallet::expired_holds(home, end_ms, 10).await.unwrap();
    assert_eq!(expired, [hold_of(home, run).await]);
    let told =
        commit(home, async |tx| expire(tx, expired[0], &publisher(), end_ms).await.unwrap()).await;
    let (ended, whom, report) = told.unwrap();
    assert_eq!((ended, whom, released_by(&report)), (run, who.conversation, PRICE));
    assert!(wallet::expired_holds(home, end_ms, 10).await.unwrap().is_empty());
    let failures = "select cast(count(*) as bigint) from runs where failure = 'expired'";
    assert_eq!(number(home, failures).await, 1);
    assert_eq!(available(home, &who).await, 100);
}

async fn an_expired_hold_without_a_run_is_given_back(home: &TestDb) {
    let who = customer(home, 100).await;
    let kind = wallet::TransferKind::ImageGeneration;
    let workspace = who.user.workspace;
    let told = commit(home, async |tx| {
        let hold = wallet::hold(tx, workspace, kind, PRICE, "picture", 10, 1).await.unwrap();
        expire(tx, hold, &publisher(), 10).await.unwrap()
    })
    .await;
    assert_eq!(told, None);
    assert_eq!(available(home, &who).await, 100);
    assert_clean(home).await;
}

async fn a_start_that_cannot_be_paid_leaves_nothing(home: &TestDb) {
    let who = customer(home, 49).await;
    // The caller says so in the same transaction, which commits.
    let refused =
        commit(home, async |tx| start_in(tx, &who, Tier::Free, "kopi-senja", START_MS).await).await;
    let refused = refused.unwrap_err();
    assert!(
        matches!(
            refused,
            GenerationError::InsufficientTokens { available: Tokens(49), price: PRICE }
        ),
        "{refused:?}"
    );
    for table in [
        "select cast(count(*) as bigint) from runs",
        "select cast(count(*) as bigint) from sites",
        "select cast(count(*) as bigint) from transfers where phase = 'hold'",
    ] {
        assert_eq!(number(home, table).await, 0, "{table}");
    }
}

async fn a_taken_name_refuses_the_start(home: &TestDb) {
    let who = customer(home, 100).await;
    let rival = person(home, "budi", 100).await;
    let chat = conversation(home, &rival).await;
    start(home, &Customer { user: rival, conversation: chat }, "kopi-senja").await.unwrap();
    let refused =
        commit(home, async |tx| start_in(tx, &who, Tier::Free, "kopi-senja", START_MS).await).await;
    assert!(matches!(refused, Err(GenerationError::SubdomainTaken)), "{refused:?}");
    assert_eq!(available(home, &who).await, 100);
}

async fn only_so_many_runs_a_day_are_started(home: &TestDb) {
    let who = customer(home, 1_000).await;
    for (number, in_vain) in [true, false, false, true, false].into_iter().enumerate() {
        let (run, _) = start(home, &who, &format!("kopi-{number}")).await.unwrap();
        let hold = hold_of(home, run).await;
        let end = if in_vain { End::Failed } else { End::Live };
        // A live run shows a site; the rule counts runs, so a bare end is enough here.
        assert!(end.of(home, run, hold).await);
    }
    let fourth = start(home, &who, "kopi-lagi").await;
    assert!(matches!(fourth, Err(GenerationError::UsedUp { per_day: 3 })), "{fourth:?}");
    start_at(home, &who, Tier::Pro, "kopi-pro", START_MS).await.unwrap();
    start_at(home, &who, Tier::Business, "kopi-tim", START_MS).await.unwrap();
    let day_ms = 24 * 60 * 60 * 1_000;
    let late = start_at(home, &who, Tier::Free, "kopi-lagi", START_MS + day_ms).await;
    assert!(
        matches!(late, Err(GenerationError::UsedUp { .. })),
        "a day has passed when it is over"
    );
    start_at(home, &who, Tier::Free, "kopi-lagi", START_MS + day_ms + 1).await.unwrap();
}

async fn starts_at_once_keep_the_days_bound(home: &TestDb) {
    let who = customer(home, 1_000).await;
    let names: Vec<String> = (0..12).map(|number| format!("kopi-{number}")).collect();
    let starts = names.iter().map(|name| start(home, &who, name));
    let outcomes = soon(join_all(starts)).await;
    assert_eq!(outcomes.iter().filter(|started| started.is_ok()).count(), 3);
}

async fn a_run_in_vain_leaves_its_draft_to_the_next(home: &TestDb) {
    let who = customer(home, 100).await;
    let (first, site) = start(home, &who, "kopi-senja").await.unwrap();
    assert!(End::Cancelled.of(home, first, hold_of(home, first).await).await);
    let (second, same) = start(home, &who, "kopi-senja").await.unwrap();
    assert!(first != second && site == same);
    let rival = person(home, "budi", 100).await;
    let chat = conversation(home, &rival).await;
    assert!(End::Failed.of(home, second, hold_of(home, second).await).await);
    let refused = start(home, &Customer { user: rival, conversation: chat }, "kopi-senja").await;
    assert!(matches!(refused, Err(GenerationError::SubdomainTaken)), "a draft is its owner's");
}

async fn a_draft_being_made_is_not_given_twice(home: &TestDb) {
    let who = customer(home, 1_000).await;
    let (_, site) = start(home, &who, "kopi-senja").await.unwrap();
    let second = start(home, &who, "kopi-senja").await;
    assert!(matches!(second, Err(GenerationError::SubdomainTaken)), "{second:?}");
    execute(home, "update runs set status = 'failed'").await.unwrap();
    let starts = (0..8).map(|_| start_at(home, &who, Tier::Business, "kopi-senja", START_MS));
    let outcomes = soon(join_all(starts)).await;
    let granted: Vec<SiteId> =
        outcomes.into_iter().filter_map(|started| started.ok().map(|(_, site)| site)).collect();
    assert_eq!(granted, [site], "one run at a time makes a site");
}

async fn an_unknown_run_is_refused(home: &TestDb) {
    let id = RunId::fresh();
    assert!(matches!(
        generation::find_run(home, id).await,
        Err(GenerationError::NoSuchRun(unknown)) if unknown == id
    ));
    let refused = commit(home, async |tx| cancel(tx, id, START_MS).await).await;
    assert!(matches!(refused, Err(GenerationError::NoSuchRun(_))));
}
