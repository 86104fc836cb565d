//! How much models may cost, per run or per day.

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use crate::clock::SharedClock;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The money is spent: the built-in writer goes on alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the budget for models is spent")]
pub struct OverBudget;

/// A purse that a stack asks before each provider and tells after each answer.
#[async_trait]
pub trait Budget: Send + Sync {
    /// Whether there is money left. Asks under way at once may overdraw it by what they cost.
    async fn check(&self) -> Result<(), OverBudget>;

    /// Notes what an answer, or a failed call, has cost.
    async fn record(&self, nano_usd: i64);
}

/// A limit kept in this process: for ever, or anew each UTC day.
pub struct SpendLimit {
    limit_nano_usd: i64,
    day_clock: Option<SharedClock>,
    spent: Mutex<Spent>,
}

#[derive(Default)]
struct Spent {
    day: i64,
    nano_usd: i64,
}

impl SpendLimit {
    /// A limit over its whole life; make one for each run.
    pub fn per_run(limit_nano_usd: i64) -> Self {
        Self { limit_nano_usd, day_clock: None, spent: Mutex::default() }
    }

    /// A limit that begins anew at midnight UTC.
    pub fn per_day(limit_nano_usd: i64, clock: SharedClock) -> Self {
        Self { limit_nano_usd, day_clock: Some(clock), spent: Mutex::default() }
    }

    /// Today's sum, begun anew when the day has turned.
    fn today(&self) -> MutexGuard<'_, Spent> {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let day = self.day_clock.as_ref().map_or(0, |clock| clock.now_ms().div_euclid(DAY_MS));
        if spent.day != day {
            *spent = Spent { day, nano_usd: 0 };
        }
        spent
    }
}

#[async_trait]
impl Budget for SpendLimit {
    async fn check(&self) -> Result<(), OverBudget> {
        if self.today().nano_usd < self.limit_nano_usd { Ok(()) } else { Err(OverBudget) }
    }

    async fn record(&self, nano_usd: i64) {
        let mut spent = self.today();
        spent.nano_usd = spent.nano_usd.saturating_add(nano_usd.max(0));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::ManualClock;

    #[tokio::test]
    async fn a_run_ends_when_its_money_is_spent() {
        let purse = SpendLimit::per_run(100);
        purse.record(99).await;
        assert_eq!(purse.check().await, Ok(()));
        purse.record(1).await;
        assert_eq!(purse.check().await, Err(OverBudget));
    }

    #[tokio::test]
    async fn a_new_day_brings_new_money() {
        let clock = ManualClock::at(3 * DAY_MS);
        let purse = SpendLimit::per_day(10, Arc::new(clock.clone()));
        purse.record(10).await;
        clock.advance_ms(DAY_MS - 1);
        assert_eq!(purse.check().await, Err(OverBudget));
        clock.advance_ms(1);
        assert_eq!(purse.check().await, Ok(()));
    }
}
