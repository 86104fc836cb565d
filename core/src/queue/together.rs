//! Small writes of one moment, done with one statement.
//!
//! On SQLite there is one writer, and each statement is a trip to its thread: what many ask for while
//! they wait for that writer is gathered and done by the first of them for all. On PostgreSQL everybody
//! has a connection of their own and does it alone. What cannot be done together is done alone, so that
//! nobody fails for a neighbour.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::{Claimed, NewRow, QueueError, store};
use crate::db::{Db, Engine, Tx};

/// Most of one kind done with one statement.
const MOST: usize = 64;

/// Something to be done together with its like.
trait Errand: Send + Sync + 'static {
    /// Does all of them in one transaction, one answer each, in order.
    fn run(tx: &mut Tx, errands: &[Arc<Self>]) -> impl Future<Output = Done> + Send;
}

/// An answer for each errand.
type Done = Result<Vec<bool>, sqlx::Error>;

/// Who waits for the same kind of errand.
#[derive(Debug)]
struct Gathering<T> {
    waiting: Mutex<Waiting<T>>,
}

#[derive(Debug)]
struct Waiting<T> {
    asked: Vec<(Arc<T>, oneshot::Sender<bool>)>,
    /// Somebody sees to those who wait.
    is_led: bool,
}

impl<T: Errand> Gathering<T> {
    fn new() -> Arc<Self> {
        Arc::new(Self { waiting: Mutex::new(Waiting { asked: Vec::new(), is_led: false }) })
    }

    /// Has an errand run with others. `None` when it came to nothing for all of them.
    async fn run(self: &Arc<Self>, db: &Db, errand: Arc<T>) -> Option<bool> {
        let (answer, answered) = oneshot::channel();
        let leads = {
            let mut waiting = self.lock();
            waiting.asked.push((errand, answer));
            !std::mem::replace(&mut waiting.is_led, true)
        };
        if leads {
            // Whoever waits may give up; the others still get their answers.
            tokio::spawn(Arc::clone(self).lead(db.clone()));
        }
        answered.await.ok()
    }

    async fn lead(self: Arc<Self>, db: Db) {
        let led = Led(&self);
        while led.0.has_more() {
            // Who comes while the writer is waited for comes along.
            let begun = db.begin().await;
            let (errands, answers): (Vec<_>, Vec<_>) = self.take().into_iter().unzip();
            let Ok(mut tx) = begun else { continue };
            if let Ok(done) = T::run(&mut tx, &errands).await {
                // The next need not wait for the disk.
                tokio::spawn(async move {
                    if tx.commit().await.is_ok() {
                        for (answer, done) in answers.into_iter().zip(done) {
                            // Nobody waits for it any more.
                            let _gone = answer.send(done);
                        }
                    }
                });
            }
        }
    }

    /// Whether somebody waits; if not, nobody leads any more.
    fn has_more(&self) -> bool {
        let mut waiting = self.lock();
        waiting.is_led = !waiting.asked.is_empty();
        waiting.is_led
    }

    fn take(&self) -> Vec<(Arc<T>, oneshot::Sender<bool>)> {
        let mut waiting = self.lock();
        let count = waiting.asked.len().min(MOST);
        waiting.asked.drain(..count).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Waiting<T>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody leads; if they break off, whoever waits does it alone and the next leads.
struct Led<'a, T>(&'a Gathering<T>);

impl<T> Drop for Led<'_, T> {
    fn drop(&mut self) {
        let mut waiting = self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if std::thread::panicking() {
            waiting.is_led = false;
            waiting.asked.clear();
        }
    }
}

/// A row to be put in, and the time.
#[derive(Debug)]
struct Push {
    row: NewRow,
    now_ms: i64,
}

impl Errand for Push {
    async fn run(tx: &mut Tx, errands: &[Arc<Self>]) -> Done {
        let rows: Vec<(&NewRow, i64)> =
            errands.iter().map(|push| (&push.row, push.now_ms)).collect();
        store::push_many(tx, &rows).await?;
        // Whether it was there before is all the same to whoever wants it stored.
        Ok(vec![true; errands.len()])
    }
}

/// Puts single rows in, durably, together with those of others.
#[derive(Debug, Clone)]
pub struct Pushes {
    db: Db,
    gathering: Arc<Gathering<Push>>,
}

impl Pushes {
    /// For this database.
    pub fn new(db: Db) -> Self {
        Self { db, gathering: Gathering::new() }
    }

    /// Puts a row in, unless its cause was there already; returns once it is durable.
    pub async fn push(&self, row: NewRow, now_ms: i64) -> Result<(), sqlx::Error> {
        let push = Arc::new(Push { row, now_ms });
        if matches!(self.db.engine(), Engine::Sqlite(_))
            && self.gathering.run(&self.db, Arc::clone(&push)).await.is_some()
        {
            return Ok(());
        }
        let mut tx = self.db.begin().await?;
        store::push(&mut tx, &push.row, now_ms).await?;
        tx.commit().await
    }
}

/// A row to be finished, and the time.
#[derive(Debug)]
struct Finish {
    row: Claimed,
    now_ms: i64,
}

impl Errand for Finish {
    async fn run(tx: &mut Tx, errands: &[Arc<Self>]) -> Done {
        let rows: Vec<&Claimed> = errands.iter().map(|finish| &finish.row).collect();
        let now_ms = errands.iter().map(|finish| finish.now_ms).max().unwrap_or_default();
        let done = store::finish_many(tx, &rows, now_ms).await?;
        Ok(rows.iter().map(|row| done.contains(&row.seq)).collect())
    }
}

/// Finishes rows of one worker that leave nothing else behind.
#[derive(Debug)]
pub(super) struct Finishes {
    db: Db,
    gathering: Arc<Gathering<Finish>>,
}

impl Finishes {
    pub(super) fn new(db: Db) -> Self {
        Self { db, gathering: Gathering::new() }
    }

    /// Finishes a row, if its worker still holds it.
    pub(super) async fn finish(&self, row: &Claimed, now_ms: i64) -> Result<(), QueueError> {
        if matches!(self.db.engine(), Engine::Sqlite(_)) {
            let finish = Arc::new(Finish { row: row.clone(), now_ms });
            match self.gathering.run(&self.db, finish).await {
                Some(true) => return Ok(()),
                Some(false) => return Err(QueueError::LeaseLost(row.seq)),
                None => {}
            }
        }
        store::finish_alone(&self.db, row, now_ms).await
    }
}
