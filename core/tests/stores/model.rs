//! The wallet held against a model of it: whatever is done in whatever order, both say the same.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sitespark_core::db::{Db, Tx};
use sitespark_core::ids::{Tokens, TransferId, WorkspaceId};
use sitespark_core::testing::db::{postgres, sqlite};
use sitespark_core::testing::{START_MS, TestDb};
use sitespark_core::wallet::{self, Posted, TransferKind, WalletError};

use crate::support::{commit, person};

/// Wallets of one case.
const WALLETS: usize = 3;
/// What each of them begins with.
const SIGNUP: i64 = 20;
/// Causes of each kind in one case: few, so that they meet again.
const CAUSES: usize = 8;
/// Cases an engine.
const CASES: u32 = 24;
/// Longest list of operations.
const MOST_OPERATIONS: usize = 40;

/// One thing that is done to the wallets.
#[derive(Debug, Clone, Copy)]
enum Operation {
    PayIn { wallet: usize, amount: i64, cause: usize },
    PayOut { wallet: usize, amount: i64, cause: usize },
    Hold { wallet: usize, amount: i64, cause: usize },
    Capture { cause: usize },
    Release { cause: usize },
    ExpireUntil { cause: usize },
}

fn operation() -> impl Strategy<Value = (Operation, bool)> {
    let (wallet, amount, cause) = (0..WALLETS, -1_i64..30, 0..CAUSES);
    let move_of = (wallet, amount, cause.clone());
    let kinds = prop_oneof![
        1 => move_of.clone().prop_map(|(wallet, amount, cause)| Operation::PayIn { wallet, amount, cause }),
        1 => move_of.clone().prop_map(|(wallet, amount, cause)| Operation::PayOut { wallet, amount, cause }),
        2 => move_of.prop_map(|(wallet, amount, cause)| Operation::Hold { wallet, amount, cause }),
        1 => cause.clone().prop_map(|cause| Operation::Capture { cause }),
        1 => cause.clone().prop_map(|cause| Operation::Release { cause }),
        1 => cause.prop_map(|cause| Operation::ExpireUntil { cause }),
    ];
    // One transaction in five is given up after it was done.
    (kinds, proptest::bool::weighted(0.8))
}

/// A hold as the model knows it.
#[derive(Debug, Clone, Copy)]
struct ModelHold {
    wallet: usize,
    amount: i64,
    open: bool,
}

/// What the wallets must say.
#[derive(Debug, Clone, Default)]
struct Model {
    balance: [i64; WALLETS],
    held: [i64; WALLETS],
    paid_in: BTreeSet<usize>,
    paid_out: BTreeSet<usize>,
    holds: BTreeMap<usize, ModelHold>,
}

/// How an operation came out, as far as both sides can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    Moved,
    Before,
    NotPositive,
    TooFew { available: i64 },
    NoSuchHold,
    Expired(BTreeSet<usize>),
}

impl Model {
    fn available(&self, wallet: usize) -> i64 {
        self.balance[wallet] - self.held[wallet]
    }

    fn apply(&mut self, operation: Operation) -> Outcome {
        match operation {
            Operation::PayIn { amount, .. }
            | Operation::PayOut { amount, .. }
            | Operation::Hold { amount, .. }
                if amount <= 0 =>
            {
                Outcome::NotPositive
            }
            Operation::PayIn { wallet, amount, cause } => {
                if !self.paid_in.insert(cause) {
                    return Outcome::Before;
                }
                self.balance[wallet] += amount;
                Outcome::Moved
            }
            Operation::PayOut { wallet, amount, cause } => {
                if self.paid_out.contains(&cause) {
                    return Outcome::Before;
                }
                if self.available(wallet) < amount {
                    return Outcome::TooFew { available: self.available(wallet) };
                }
                self.paid_out.insert(cause);
                self.balance[wallet] -= amount;
                Outcome::Moved
            }
            Operation::Hold { wallet, amount, cause } => {
                if self.holds.contains_key(&cause) {
                    return Outcome::Before;
                }
                if self.available(wallet) < amount {
                    return Outcome::TooFew { available: self.available(wallet) };
                }
                self.holds.insert(cause, ModelHold { wallet, amount, open: true });
                self.held[wallet] += amount;
                Outcome::Moved
            }
            Operation::Capture { cause } => self.resolve(cause, true),
            Operation::Release { cause } => self.resolve(cause, false),
            Operation::ExpireUntil { cause } => {
                let due: BTreeSet<usize> = self
                    .holds
                    .iter()
                    .filter(|(number, hold)| **number <= cause && hold.open)
                    .map(|(number, _)| *number)
                    .collect();
                for number in &due {
                    self.resolve(*number, false);
                }
                Outcome::Expired(due)
            }
        }
    }

    fn resolve(&mut self, cause: usize, captured: bool) -> Outcome {
        let Some(hold) = self.holds.get_mut(&cause) else { return Outcome::NoSuchHold };
        if !std::mem::replace(&mut hold.open, false) {
            return Outcome::Before;
        }
        self.held[hold.wallet] -= hold.amount;
        self.balance[hold.wallet] -= if captured { hold.amount } else { 0 };
        Outcome::Moved
    }
}

/// The real wallets of one case.
struct House<'a> {
    db: &'a Db,
    case: u32,
    wallets: Vec<WorkspaceId>,
    holds: BTreeMap<usize, TransferId>,
}

fn told(posted: Result<Posted, WalletError>) -> Outcome {
    match posted {
        Ok(Posted::Now(_)) => Outcome::Moved,
        Ok(Posted::Before) => Outcome::Before,
        Err(WalletError::AmountNotPositive) => Outcome::NotPositive,
        Err(WalletError::InsufficientTokens { available, .. }) => {
            Outcome::TooFew { available: available.0 }
        }
        Err(WalletError::NoSuchHold(_)) => Outcome::NoSuchHold,
        Err(other @ (WalletError::NoSuchWallet | WalletError::Storage(_))) => panic!("{other:?}"),
    }
}

impl House<'_> {
    async fn apply(&mut self, tx: &mut Tx, operation: Operation) -> Outcome {
        let case = self.case;
        match operation {
            Operation::PayIn { wallet, amount, cause } => {
                let (to, cause) = (self.wallets[wallet], format!("{case}:in:{cause}"));
                let kind = TransferKind::Purchase;
                told(wallet::pay_in(tx, to, kind, Tokens(amount), &cause, None, START_MS).await)
            }
            Operation::PayOut { wallet, amount, cause } => {
                let (from, cause) = (self.wallets[wallet], format!("{case}:out:{cause}"));
                let kind = TransferKind::Refinement;
                told(wallet::pay_out(tx, from, kind, Tokens(amount), &cause, START_MS).await)
            }
            Operation::Hold { wallet, amount, cause } => self.hold(tx, wallet, amount, cause).await,
            Operation::Capture { cause } => {
                told(wallet::capture(tx, self.id(cause), START_MS).await)
            }
            Operation::Release { cause } => {
                told(wallet::release(tx, self.id(cause), "asked", START_MS).await)
            }
            Operation::ExpireUntil { cause } => {
                let now_ms = expires_at_ms(cause);
                let found = wallet::expired_holds(self.db, now_ms, 1_000).await.unwrap();
                let mut expired = BTreeSet::new();
                for (number, id) in &self.holds {
                    if found.contains(id) {
                        let released = wallet::release(tx, *id, "expired", now_ms).await;
                        assert_eq!(told(released), Outcome::Moved);
                        expired.insert(*number);
                    }
                }
                Outcome::Expired(expired)
            }
        }
    }

    async fn hold(&mut self, tx: &mut Tx, wallet: usize, amount: i64, cause: usize) -> Outcome {
        let (from, text) = (self.wallets[wallet], format!("{}:hold:{cause}", self.case));
        let (kind, until_ms) = (TransferKind::WebsiteGeneration, expires_at_ms(cause));
        let held = wallet::hold(tx, from, kind, Tokens(amount), &text, until_ms, START_MS).await;
        match held {
            Ok(id) if self.holds.get(&cause) == Some(&id) => Outcome::Before,
            Ok(id) => {
                self.holds.insert(cause, id);
                Outcome::Moved
            }
            Err(error) => told(Err(error)),
        }
    }

    fn id(&self, cause: usize) -> TransferId {
        self.holds.get(&cause).copied().unwrap_or_else(TransferId::fresh)
    }

    async fn compare(&self, model: &Model) {
        for (number, workspace) in self.wallets.iter().enumerate() {
            let account =
                commit(self.db, async |tx| wallet::balance(tx, *workspace).await.unwrap()).await;
            assert_eq!(account.balance().0, model.balance[number], "balance of {number}");
            assert_eq!(account.debits_held.0, model.held[number], "held of {number}");
            assert!(account.available().0 >= 0);
        }
    }
}

fn expires_at_ms(cause: usize) -> i64 {
    START_MS + 10 * i64::try_from(cause).unwrap()
}

async fn run_case(db: &Db, case: u32, operations: &[(Operation, bool)]) {
    let mut house = House { db, case, wallets: Vec::new(), holds: BTreeMap::new() };
    for number in 0..WALLETS {
        let user = person(db, &format!("{case}-{number}"), SIGNUP).await;
        house.wallets.push(user.workspace);
    }
    let mut model = Model { balance: [SIGNUP; WALLETS], ..Model::default() };
    for (operation, kept) in operations {
        let (before, holds_before) = (model.clone(), house.holds.clone());
        let mut tx = db.begin().await.unwrap();
        let outcome = house.apply(&mut tx, *operation).await;
        assert_eq!(outcome, model.apply(*operation), "{operation:?}");
        if *kept {
            // Also after a refusal: it must have moved nothing.
            tx.commit().await.unwrap();
        } else {
            tx.roll_back();
            (model, house.holds) = (before, holds_before);
        }
    }
    house.compare(&model).await;
    let report = wallet::audit(db).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
    let all = Operation::ExpireUntil { cause: CAUSES };
    let mut tx = db.begin().await.unwrap();
    assert_eq!(house.apply(&mut tx, all).await, model.apply(all));
    tx.commit().await.unwrap();
    house.compare(&model).await;
    assert_eq!(model.held, [0; WALLETS]);
}

/// Runs every case on one database, each with wallets of its own.
fn hold_against_the_model(open: impl Future<Output = Option<TestDb>>) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let Some(home) = runtime.block_on(open) else { return };
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let case = std::cell::Cell::new(0);
    let outcome =
        TestRunner::new(config).run(&vec(operation(), 1..MOST_OPERATIONS), |operations| {
            case.set(case.get() + 1);
            runtime.block_on(run_case(&home, case.get(), &operations));
            Ok(())
        });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

#[test]
fn any_order_of_operations_agrees_with_the_model_on_sqlite() {
    hold_against_the_model(async { Some(sqlite().await) });
}

#[test]
fn any_order_of_operations_agrees_with_the_model_on_postgres() {
    hold_against_the_model(postgres());
}
