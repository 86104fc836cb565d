//! Small errands of one moment, done with one statement.
//!
//! Each statement is a trip: to the thread of a SQLite connection, where there is one writer besides,
//! or to the PostgreSQL server. What many ask for at once is gathered and done by the first of them for
//! all. What cannot be done together is done alone, so that nobody fails for a neighbour.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use super::{Claimed, Held, NewRow, QueueError, put, store};
use crate::db::{Db, Tx};

/// How many of one kind are done with one statement: few sizes, for each is a statement that the
/// database has to remember.
const SIZES: [usize; 12] = [64, 48, 32, 24, 16, 12, 8, 6, 4, 3, 2, 1];
/// Most who wait for the same kind; whoever comes then does it alone.
const MOST_WAITING: usize = 1_024;
/// Longest they are worked on together before each tries alone: one row that somebody holds must not
/// hold up the others.
const PATIENCE: Duration = Duration::from_secs(2);

/// Something to be done together with its like.
pub trait Errand: Send + Sync + 'static {
    /// What it is done with.
    type Means: Means;
    /// What comes of it.
    type Answer: Send + 'static;

    /// Does all of them, one answer each, in order.
    fn run(
        means: &mut Self::Means,
        errands: &[Arc<Self>],
    ) -> impl Future<Output = Result<Vec<Self::Answer>, sqlx::Error>> + Send;
}

/// What errands are done with.
pub trait Means: Send + Sized + 'static {
    /// Got once for all errands of a moment; who comes while it is waited for comes along.
    fn get(db: &Db) -> impl Future<Output = Result<Self, sqlx::Error>> + Send;

    /// Answers once what was done with it stands.
    fn stand(self) -> impl Future<Output = Result<(), sqlx::Error>> + Send;
}

impl Means for Tx {
    async fn get(db: &Db) -> Result<Self, sqlx::Error> {
        db.begin().await
    }

    async fn stand(self) -> Result<(), sqlx::Error> {
        self.commit().await
    }
}

/// For errands that only read.
impl Means for Db {
    async fn get(db: &Db) -> Result<Self, sqlx::Error> {
        Ok(db.clone())
    }

    async fn stand(self) -> Result<(), sqlx::Error> {
        Ok(())
    }
}

/// Who waits for the same kind of errand.
pub struct Gathering<T: Errand> {
    waiting: Mutex<Waiting<T>>,
}

struct Waiting<T: Errand> {
    asked: Vec<(Arc<T>, oneshot::Sender<T::Answer>)>,
    /// Somebody sees to those who wait.
    is_led: bool,
}

impl<T: Errand> Gathering<T> {
    /// Nobody waits yet.
    pub fn new() -> Arc<Self> {
        Arc::new(Self { waiting: Mutex::new(Waiting { asked: Vec::new(), is_led: false }) })
    }

    /// Has an errand run with others. `None` when it came to nothing for all of them.
    pub async fn run(self: &Arc<Self>, db: &Db, errand: Arc<T>) -> Option<T::Answer> {
        let (answer, answered) = oneshot::channel();
        let leads = {
            let mut waiting = self.lock();
            if waiting.asked.len() >= MOST_WAITING {
                return None;
            }
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
            let mut means = match T::Means::get(&db).await {
                Ok(means) => means,
                Err(error) => {
                    // Nobody is to wait for as long again in the next round.
                    let count = std::mem::take(&mut led.0.lock().asked).len();
                    tracing::warn!(count, %error, "nothing could be done together");
                    continue;
                }
            };
            let (errands, answers): (Vec<_>, Vec<_>) = self.take().into_iter().unzip();
            match tokio::time::timeout(PATIENCE, T::run(&mut means, &errands)).await {
                // The next need not wait for the disk.
                Ok(Ok(done)) => drop(tokio::spawn(async move {
                    if let Err(error) = means.stand().await {
                        tracing::warn!(%error, "what was done together does not stand");
                        return;
                    }
                    for (answer, done) in answers.into_iter().zip(done) {
                        // Nobody waits for it any more.
                        let _gone = answer.send(done);
                    }
                })),
                // One of them is not as it was seen: that is what doing it alone is for.
                Ok(Err(sqlx::Error::RowNotFound)) => {
                    tracing::debug!(count = errands.len(), "done alone");
                }
                Ok(Err(error)) => {
                    tracing::warn!(count = errands.len(), %error, "could not be done together");
                }
                Err(_elapsed) => {
                    tracing::warn!(count = errands.len(), "took too long together");
                }
            }
        }
    }

    /// Whether somebody waits; if not, nobody leads any more.
    fn has_more(&self) -> bool {
        let mut waiting = self.lock();
        waiting.is_led = !waiting.asked.is_empty();
        waiting.is_led
    }

    fn take(&self) -> Vec<(Arc<T>, oneshot::Sender<T::Answer>)> {
        let mut waiting = self.lock();
        let count = size_of(waiting.asked.len());
        waiting.asked.drain(..count).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Waiting<T>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The largest number of at most `count` that is done with one statement.
pub(super) fn size_of(count: usize) -> usize {
    SIZES.into_iter().find(|size| *size <= count).unwrap_or_default()
}

/// Somebody leads; if they break off, whoever waits does it alone and the next leads.
struct Led<'a, T: Errand>(&'a Gathering<T>);

impl<T: Errand> Drop for Led<'_, T> {
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
    type Means = Tx;
    type Answer = ();

    async fn run(tx: &mut Tx, errands: &[Arc<Self>]) -> Result<Vec<()>, sqlx::Error> {
        let rows: Vec<(&NewRow, i64)> =
            errands.iter().map(|push| (&push.row, push.now_ms)).collect();
        put::push_many(tx, &rows).await?;
        // Whether it was there before is all the same to whoever wants it stored.
        Ok(vec![(); errands.len()])
    }
}

/// Puts single rows in, durably, together with those of others.
#[derive(Clone)]
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
        if self.gathering.run(&self.db, Arc::clone(&push)).await.is_some() {
            return Ok(());
        }
        let mut tx = self.db.begin().await?;
        put::push(&mut tx, &push.row, now_ms).await?;
        tx.commit().await
    }
}

/// A row to be finished, and the time.
#[derive(Debug)]
struct Finish {
    row: Held,
    now_ms: i64,
}

impl Errand for Finish {
    type Means = Tx;
    /// Whether it was still held.
    type Answer = bool;

    async fn run(tx: &mut Tx, errands: &[Arc<Self>]) -> Result<Vec<bool>, sqlx::Error> {
        let rows: Vec<&Held> = errands.iter().map(|finish| &finish.row).collect();
        let now_ms = errands.iter().map(|finish| finish.now_ms).max().unwrap_or_default();
        let done = store::finish_many(tx, &rows, now_ms).await?;
        Ok(rows.iter().map(|row| done.contains(&row.seq)).collect())
    }
}

/// Finishes rows of one worker that leave nothing else behind.
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
        let finish = Arc::new(Finish { row: row.held(), now_ms });
        match self.gathering.run(&self.db, finish).await {
            Some(true) => return Ok(()),
            Some(false) => return Err(QueueError::LeaseLost(row.seq)),
            None => {}
        }
        store::finish_alone(&self.db, row, now_ms).await
    }
}
