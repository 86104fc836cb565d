//! What tier somebody has, remembered for a moment: the pace of every message is judged by it, and
//! it changes a few times in a life.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use sitespark_core::users::Tier;

/// How long a tier is believed.
const BELIEVED_MS: i64 = 60_000;
/// People remembered at once.
const MOST_PEOPLE: usize = 20_000;

/// Tiers of those who wrote lately, by channel and external id.
#[derive(Debug, Default)]
pub(super) struct Tiers(Mutex<HashMap<String, (Tier, i64)>>);

impl Tiers {
    /// The tier noted less than a minute ago.
    pub(super) fn get(&self, person: &str, now_ms: i64) -> Option<Tier> {
        let tiers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tiers.get(person).filter(|(_, until_ms)| now_ms < *until_ms).map(|(tier, _)| *tier)
    }

    /// Notes a tier that was just read.
    pub(super) fn note(&self, person: &str, tier: Tier, now_ms: i64) {
        let mut tiers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tiers.len() >= MOST_PEOPLE {
            tiers.retain(|_, (_, until_ms)| now_ms < *until_ms);
        }
        // A flood of newcomers is read each time rather than remembered without a bound.
        if tiers.len() < MOST_PEOPLE {
            tiers.insert(person.to_owned(), (tier, now_ms + BELIEVED_MS));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tier_is_believed_for_a_minute() {
        let tiers = Tiers::default();
        assert_eq!(tiers.get("web:ani", 0), None);
        tiers.note("web:ani", Tier::Pro, 0);
        assert_eq!(tiers.get("web:ani", BELIEVED_MS - 1), Some(Tier::Pro));
        assert_eq!(tiers.get("web:ani", BELIEVED_MS), None);
    }

    #[test]
    fn a_flood_is_not_remembered_without_a_bound() {
        let tiers = Tiers::default();
        for number in 0..MOST_PEOPLE + 5 {
            tiers.note(&number.to_string(), Tier::Free, 0);
        }
        assert_eq!(tiers.get(&MOST_PEOPLE.to_string(), 1), None);
        tiers.note("late", Tier::Free, BELIEVED_MS);
        assert_eq!(tiers.get("late", BELIEVED_MS), Some(Tier::Free));
    }
}
