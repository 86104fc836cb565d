//! Tokens: every rule of the wallet, also against whoever writes SQL by hand.

use futures::future::join_all;
use sitespark_core::db::Db;
use sitespark_core::ids::{Tokens, TransferId, WorkspaceId};
use sitespark_core::testing::{START_MS, TestDb};
use sitespark_core::users::User;
use sitespark_core::wallet::{
    self, Posted, TransferKind, WalletError, audit, available, daily_available_at, expired_holds,
    last_of_kind, open_holds,
};

use crate::both_engines;
use crate::support::{commit, execute, person, somebody_waits, soon, until};

both_engines![
    the_signup_bonus_is_there_at_once,
    the_daily_bonus_is_told_by_its_last_transfer,
    the_same_cause_pays_in_once,
    a_payment_out_moves_once_and_never_too_much,
    a_hold_is_not_spendable_and_a_capture_takes_it,
    a_second_capture_changes_nothing,
    a_release_gives_back_and_shuts_out_a_capture,
    the_same_cause_holds_once,
    an_unknown_hold_is_refused,
    amounts_must_be_above_zero,
    expired_holds_are_found_until_resolved,
    of_two_hundred_parallel_spends_on_one_token_one_succeeds,
    the_same_spend_in_parallel_moves_once,
    the_same_hold_in_parallel_is_one_hold,
    captures_and_releases_in_parallel_resolve_once,
    transfers_refuse_update_and_delete,
    no_balance_falls_below_zero_even_by_hand,
    a_refused_spend_leaves_its_transaction_usable,
    an_audit_finds_a_tampered_counter,
    history_tells_each_movement_once,
];

const GENERATION: TransferKind = TransferKind::WebsiteGeneration;

async fn balance_of(db: &Db, who: &User) -> (i64, i64) {
    let account = commit(db, async |tx| wallet::balance(tx, who.workspace).await.unwrap()).await;
    (account.available().0, account.debits_held.0)
}

async fn assert_clean(db: &Db) {
    let report = audit(db).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
}

async fn pay_in(db: &Db, to: WorkspaceId, amount: i64, cause: &str) -> Result<Posted, WalletError> {
    let mut tx = db.begin().await?;
    let kind = TransferKind::Grant;
    let posted = wallet::pay_in(&mut tx, to, kind, Tokens(amount), cause, None, START_MS).await?;
    tx.commit().await?;
    Ok(posted)
}

async fn pay_out(
    db: &Db,
    from: WorkspaceId,
    amount: i64,
    cause: &str,
) -> Result<Posted, WalletError> {
    let mut tx = db.begin().await?;
    let kind = TransferKind::Refinement;
    let posted = wallet::pay_out(&mut tx, from, kind, Tokens(amount), cause, START_MS).await?;
    tx.commit().await?;
    Ok(posted)
}

async fn hold(
    db: &Db,
    from: WorkspaceId,
    amount: i64,
    cause: &str,
) -> Result<TransferId, WalletError> {
    let mut tx = db.begin().await?;
    let expires_at_ms = START_MS + 1_000;
    let id =
        wallet::hold(&mut tx, from, GENERATION, Tokens(amount), cause, expires_at_ms, START_MS)
            .await?;
    tx.commit().await?;
    Ok(id)
}

async fn capture(db: &Db, hold: TransferId) -> Result<Posted, WalletError> {
    let mut tx = db.begin().await?;
    let posted = wallet::capture(&mut tx, hold, START_MS).await?;
    tx.commit().await?;
    Ok(posted)
}

async fn release(db: &Db, hold: TransferId) -> Result<Posted, WalletError> {
    let mut tx = db.begin().await?;
    let posted = wallet::release(&mut tx, hold, "failed", START_MS).await?;
    tx.commit().await?;
    Ok(posted)
}

async fn the_signup_bonus_is_there_at_once(home: &TestDb) {
    let who = person(home, "sari", 100).await;
    assert_eq!(available(home, who.workspace).await.unwrap(), Tokens(100));
    let nobody = available(home, WorkspaceId::fresh()).await;
    assert!(matches!(nobody, Err(WalletError::NoSuchWallet)));
    assert_clean(home).await;
}

async fn the_daily_bonus_is_told_by_its_last_transfer(home: &TestDb) {
    let who = person(home, "sari", 100).await;
    let daily = TransferKind::DailyLogin;
    commit(home, async |tx| {
        let account = wallet::balance(tx, who.workspace).await.unwrap();
        assert_eq!(last_of_kind(tx, account.id, daily).await.unwrap(), None);
        wallet::pay_in(tx, who.workspace, daily, Tokens(10), "daily:1", None, START_MS)
            .await
            .unwrap();
        let last = last_of_kind(tx, account.id, daily).await.unwrap();
        assert_eq!(last, Some(START_MS));
        assert_eq!(daily_available_at(last), START_MS + 86_400_000);
    })
    .await;
    assert_eq!(balance_of(home, &who).await, (110, 0));
    assert_clean(home).await;
}

async fn the_same_cause_pays_in_once(home: &TestDb) {
    let who = person(home, "sari", 0).await;
    let tries = (0..20).map(|_| pay_in(home, who.workspace, 7, "gift"));
    let posted = soon(join_all(tries)).await;
    assert_eq!(posted.into_iter().filter(|one| one.as_ref().unwrap().is_new()).count(), 1);
    assert_eq!(balance_of(home, &who).await, (7, 0));
    assert_clean(home).await;
}

async fn a_payment_out_moves_once_and_never_too_much(home: &TestDb) {
    let who = person(home, "sari", 10).await;
    assert!(pay_out(home, who.workspace, 4, "edit:1").await.unwrap().is_new());
    assert_eq!(pay_out(home, who.workspace, 4, "edit:1").await.unwrap(), Posted::Before);
    assert_eq!(balance_of(home, &who).await, (6, 0));
    let refused = pay_out(home, who.workspace, 7, "edit:2").await.unwrap_err();
    assert!(
        matches!(
            refused,
            WalletError::InsufficientTokens { available: Tokens(6), needed: Tokens(7) }
        ),
        "{refused:?}"
    );
    assert_eq!(balance_of(home, &who).await, (6, 0));
    assert_clean(home).await;
}

async fn a_hold_is_not_spendable_and_a_capture_takes_it(home: &TestDb) {
    let who = person(home, "sari", 100).await;
    let id = hold(home, who.workspace, 60, "run:1").await.unwrap();
    assert_eq!(balance_of(home, &who).await, (40, 60));
    assert!(pay_out(home, who.workspace, 41, "edit").await.is_err());
    assert!(hold(home, who.workspace, 41, "run:2").await.is_err());
    assert!(capture(home, id).await.unwrap().is_new());
    assert_eq!(balance_of(home, &who).await, (40, 0));
    assert_eq!(open_holds(home).await.unwrap(), 0);
    assert_clean(home).await;
}

async fn a_second_capture_changes_nothing(home: &TestDb) {
    let who = person(home, "sari", 100).await;
    let id = hold(home, who.workspace, 60, "run:1").await.unwrap();
    assert!(capture(home, id).await.unwrap().is_new());
    assert_eq!(capture(home, id).await.unwrap(), Posted::Before);
    assert_eq!(release(home, id).await.unwrap(), Posted::Before);
    assert_eq!(balance_of(home, &who).await, (40, 0));
    assert_clean(home).await;
}

async fn a_release_gives_back_and_shuts_out_a_capture(home: &TestDb) {
    let who = person(home, "sari", 100).await;
    let id = hold(home, who.workspace, 60, "run:1").await.unwrap();
    assert!(release(home, id).await.unwrap().is_new());
    assert_eq!(balance_of(home, &who).await, (100, 0));
    assert_eq!(capture(home, id).await.unwrap(), Posted::Before);
    assert_eq!(balance_of(home, &who).await, (100, 0));
    let amount = commit(home, async |tx| wallet::held_amount(tx, id).await.unwrap()).await;
    assert_eq!(amount, Tokens(60));
    assert_clean(home).await;
}

async fn the_same_cause_holds_once(home: &TestDb) {
    let who = person(home, "sari", 100).await;
    let first = hold(home, who.workspace, 60, "run:1").await.unwrap();
    assert_eq!(hold(home, who.workspace, 60, "run:1").await.unwrap(), first);
    assert_eq!(balance_of(home, &who).await, (40, 60));
    assert_clean(home).await;
}

async fn an_unknown_hold_is_refused(home: &TestDb) {
    let id = TransferId::fresh();
    for refused in [capture(home, id).await, release(home, id).await] {
        assert!(matches!(refused, Err(WalletError::NoSuchHold(unknown)) if unknown == id));
    }
}

async fn amounts_must_be_above_zero(home: &TestDb) {
    let who = person(home, "sari", 100).await;
    for amount in [0, -5, i64::MIN] {
        let paid_in = pay_in(home, who.workspace, amount, "a").await;
        assert!(matches!(paid_in, Err(WalletError::AmountNotPositive)), "{paid_in:?}");
        let paid_out = pay_out(home, who.workspace, amount, "b").await;
        assert!(matches!(paid_out, Err(WalletError::AmountNotPositive)), "{paid_out:?}");
        let held = hold(home, who.workspace, amount, "c").await;
        assert!(matches!(held, Err(WalletError::AmountNotPositive)), "{held:?}");
    }
    assert_eq!(balance_of(home, &who).await, (100, 0));
    assert_clean(home).await;
}

async fn expired_holds_are_found_until_resolved(home: &TestDb) {
    let who = person(home, "sari", 100).await;
    let first = hold(home, who.workspace, 10, "run:1").await.unwrap();
    let second = hold(home, who.workspace, 10, "run:2").await.unwrap();
    assert!(expired_holds(home, START_MS + 999, 10).await.unwrap().is_empty());
    let mut expired = expired_holds(home, START_MS + 1_000, 10).await.unwrap();
    expired.sort();
    assert_eq!(expired, [first, second]);
    assert_eq!(expired_holds(home, START_MS + 1_000, 1).await.unwrap().len(), 1);
    release(home, first).await.unwrap();
    assert_eq!(expired_holds(home, START_MS + 1_000, 10).await.unwrap(), [second]);
    assert_eq!(open_holds(home).await.unwrap(), 1);
}

async fn of_two_hundred_parallel_spends_on_one_token_one_succeeds(home: &TestDb) {
    let who = person(home, "sari", 1).await;
    let spends = (0..200).map(|number| {
        let (db, workspace) = (home.db().clone(), who.workspace);
        tokio::spawn(async move {
            if number % 2 == 0 {
                pay_out(&db, workspace, 1, &format!("edit:{number}")).await.map(drop)
            } else {
                hold(&db, workspace, 1, &format!("run:{number}")).await.map(drop)
            }
        })
    });
    let mut spent = 0;
    for outcome in soon(join_all(spends)).await {
        match outcome.unwrap() {
            Ok(()) => spent += 1,
            Err(WalletError::InsufficientTokens { .. }) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(spent, 1);
    assert_eq!(available(home, who.workspace).await.unwrap(), Tokens(0));
    assert_clean(home).await;
}

async fn the_same_spend_in_parallel_moves_once(home: &TestDb) {
    let who = person(home, "sari", 100).await;
    let spends = (0..30).map(|_| {
        let (db, workspace) = (home.db().clone(), who.workspace);
        tokio::spawn(async move { pay_out(&db, workspace, 3, "edit").await })
    });
    let outcomes = soon(join_all(spends)).await;
    let new = outcomes.into_iter().filter(|one| one.as_ref().unwrap().as_ref().unwrap().is_new());
    assert_eq!(new.count(), 1);
    assert_eq!(balance_of(home, &who).await, (97, 0));
    assert_clean(home).await;
}

async fn the_same_hold_in_parallel_is_one_hold(home: &TestDb) {
    let who = person(home, "sari", 100).await;
    let holds = (0..30).map(|_| {
        let (db, workspace) = (home.db().clone(), who.workspace);
        tokio::spawn(async move { hold(&db, workspace, 3, "run").await })
    });
    let mut ids: Vec<TransferId> =
        soon(join_all(holds)).await.into_iter().map(|one| one.unwrap().unwrap()).collect();
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert_eq!(balance_of(home, &who).await, (97, 3));
    assert_clean(home).await;
}

async fn captures_and_releases_in_parallel_resolve_once(home: &TestDb) {
    let who = person(home, "sari", 100).await;
    let id = hold(home, who.workspace, 30, "run").await.unwrap();
    let tries = (0..20).map(|number| {
        let db = home.db().clone();
        tokio::spawn(async move {
            let capturing = number % 2 == 0;
            let posted = if capturing { capture(&db, id).await } else { release(&db, id).await };
            posted.unwrap().is_new().then_some(capturing)
        })
    });
    let outcomes = soon(join_all(tries)).await;
    let won: Vec<bool> = outcomes.into_iter().filter_map(|one| one.unwrap()).collect();
    assert_eq!(won.len(), 1);
    let left = if won[0] { 70 } else { 100 };
    assert_eq!(balance_of(home, &who).await, (left, 0));
    assert_clean(home).await;
}

async fn transfers_refuse_update_and_delete(home: &TestDb) {
    person(home, "sari", 100).await;
    let mut attempts = vec!["update transfers set amount = amount + 1", "delete from transfers"];
    if home.engine_name() == "postgres" {
        attempts.push("truncate transfers cascade");
    }
    for sql in attempts {
        let refused = execute(home, sql).await.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{sql}: {refused}");
    }
    assert_clean(home).await;
}

async fn no_balance_falls_below_zero_even_by_hand(home: &TestDb) {
    let who = person(home, "sari", 100).await;
    hold(home, who.workspace, 60, "run").await.unwrap();
    for sql in [
        "update accounts set debits_posted = 41 where kind = 'wallet'",
        "update accounts set debits_held = 101 where kind = 'wallet'",
        "update accounts set credits_posted = 59 where kind = 'wallet'",
        "update accounts set debits_held = -1 where kind = 'wallet'",
        "update accounts set debits_posted = -1 where kind = 'wallet'",
    ] {
        assert!(execute(home, sql).await.is_err(), "{sql}");
    }
    assert_eq!(balance_of(home, &who).await, (40, 60));
    assert_clean(home).await;
}

async fn a_refused_spend_leaves_its_transaction_usable(home: &TestDb) {
    let who = person(home, "sari", 10).await;
    let (generation, edit) = (GENERATION, TransferKind::Refinement);
    commit(home, async |tx| {
        let held = wallet::hold(tx, who.workspace, generation, Tokens(11), "run", 9, 1).await;
        assert!(matches!(held, Err(WalletError::InsufficientTokens { .. })));
        let paid = wallet::pay_out(tx, who.workspace, edit, Tokens(11), "edit", 1).await;
        assert!(matches!(paid, Err(WalletError::InsufficientTokens { .. })));
        wallet::pay_out(tx, who.workspace, edit, Tokens(4), "small", 1).await.unwrap();
    })
    .await;
    assert_eq!(balance_of(home, &who).await, (6, 0));
    assert!(
        pay_out(home, who.workspace, 5, "edit").await.unwrap().is_new(),
        "the cause is still free"
    );
    assert_clean(home).await;
}

async fn an_audit_finds_a_tampered_counter(home: &TestDb) {
    let who = person(home, "sari", 100).await;
    let other = person(home, "budi", 50).await;
    hold(home, other.workspace, 20, "run").await.unwrap();
    let report = audit(home).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
    assert_eq!((report.wallets, report.transfers), (2, 3));
    assert_eq!((report.in_wallets, report.on_hold, report.outstanding), (150, 20, 150));

    execute(home, "update accounts set credits_posted = 101 where credits_posted = 100")
        .await
        .unwrap();
    let report = audit(home).await.unwrap();
    assert!(!report.is_clean());
    let account = commit(home, async |tx| wallet::balance(tx, who.workspace).await.unwrap()).await;
    assert_eq!(report.differences.len(), 1);
    assert_eq!(report.differences[0].id, account.id);
    assert_eq!(
        (report.differences[0].credits_posted, report.differences[0].credits_summed),
        (101, 100)
    );

    execute(home, "update accounts set credits_posted = 100 where credits_posted = 101")
        .await
        .unwrap();
    execute(home, "update accounts set debits_held = 19 where debits_held = 20").await.unwrap();
    let report = audit(home).await.unwrap();
    assert_eq!((report.differences[0].debits_held, report.differences[0].held_summed), (19, 20));
}

async fn history_tells_each_movement_once(home: &TestDb) {
    let who = person(home, "sari", 100).await;
    let captured = hold(home, who.workspace, 10, "run:1").await.unwrap();
    capture(home, captured).await.unwrap();
    let released = hold(home, who.workspace, 20, "run:2").await.unwrap();
    release(home, released).await.unwrap();
    hold(home, who.workspace, 30, "run:3").await.unwrap();
    let lines = commit(home, async |tx| {
        let account = wallet::balance(tx, who.workspace).await.unwrap();
        wallet::history(tx, account.id, 10).await.unwrap()
    })
    .await;
    let mut told: Vec<(&str, i64)> =
        lines.iter().map(|line| (line.phase.as_str(), line.amount.0)).collect();
    told.sort_unstable();
    assert_eq!(told, [("capture", -10), ("hold", -30), ("post", 100)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rival_with_the_same_cause_waits_and_moves_nothing_on_postgres() {
    let Some(home) = sitespark_core::testing::db::postgres().await else { return };
    let who = person(&home, "sari", 100).await;
    let mut first = home.begin().await.unwrap();
    let edit = TransferKind::Refinement;
    wallet::pay_out(&mut first, who.workspace, edit, Tokens(3), "edit", START_MS).await.unwrap();
    let (db, workspace) = (home.db().clone(), who.workspace);
    let rival = tokio::spawn(async move { pay_out(&db, workspace, 3, "edit").await });
    until(async || somebody_waits(&home).await).await;
    first.commit().await.unwrap();
    assert_eq!(rival.await.unwrap().unwrap(), Posted::Before);
    assert_eq!(balance_of(&home, &who).await, (97, 0));
    assert_clean(&home).await;
}
