//! Rows, lanes and the arithmetic of backing off. Pure.

use serde_json::Value;

/// The three directions work takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lane {
    /// What people and runs tell a conversation.
    Inbox,
    /// Slow work.
    Jobs,
    /// What is to be said.
    Outbox,
}

impl Lane {
    /// Every lane.
    pub const ALL: [Self; 3] = [Self::Inbox, Self::Jobs, Self::Outbox];

    /// The stable name.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Jobs => "jobs",
            Self::Outbox => "outbox",
        }
    }

    /// The lane of a stable name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lane| lane.slug() == slug)
    }
}

/// What the key of slow work ends with.
const BESIDE: &str = "#beside";

/// The ordering key for slow work of a key: in order among itself, never in the way of the key's own
/// rows.
pub fn beside(key: &str) -> String {
    format!("{key}{BESIDE}")
}

/// What the key of pictures ends with.
const APART: &str = "#pictures";

/// The ordering key for what may come late or never, such as pictures of a change and voice notes: it
/// waits neither for the key's own rows nor for those beside them, and they do not wait for it.
pub fn apart(key: &str) -> String {
    format!("{key}{APART}")
}

/// The key that a row's key stands beside or apart from, or is.
pub fn own_key(key: &str) -> &str {
    key.strip_suffix(BESIDE).or_else(|| key.strip_suffix(APART)).unwrap_or(key)
}

/// A row to put in.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRow {
    /// Where to.
    pub lane: Lane,
    /// Rows of one key keep their order.
    pub key: String,
    /// Unique in the lane: the same cause again puts nothing in.
    pub cause: String,
    /// A JSON object.
    pub payload: Value,
    /// Not before this time, epoch milliseconds.
    pub run_at_ms: i64,
}

/// A row a worker holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    /// Its number.
    pub seq: i64,
    /// Where it came from.
    pub lane: Lane,
    /// Its ordering key.
    pub key: String,
    /// Its cause.
    pub cause: String,
    /// What it says.
    pub payload: Value,
    /// How often it was taken up, from 1.
    pub attempt: i64,
    /// How often it failed before. A worker that died with it in hand is no failure of the row.
    pub failures: i64,
    /// Who holds it.
    pub owner: String,
    /// When it was put in, epoch milliseconds.
    pub created_at_ms: i64,
    /// Whether more of its lane and key waited behind it when it was claimed.
    pub is_followed: bool,
}

/// That a worker holds a row, as it claimed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The row's number.
    pub seq: i64,
    /// How often it was taken up.
    pub attempt: i64,
    /// Who holds it.
    pub owner: String,
}

impl Claimed {
    /// Whether it may fail once more when it may fail less than `most` times.
    pub const fn may_fail_again(&self, most: i64) -> bool {
        self.failures + 1 < most
    }

    /// What fences the row's finish.
    pub fn held(&self) -> Held {
        Held { seq: self.seq, attempt: self.attempt, owner: self.owner.clone() }
    }
}

/// A row that waits behind one in hand.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// Its number.
    pub seq: i64,
    /// What it says.
    pub payload: Value,
    /// Not before this time, epoch milliseconds.
    pub run_at_ms: i64,
    /// When it was put in, epoch milliseconds.
    pub created_at_ms: i64,
}

/// A row that failed for good.
#[derive(Debug, Clone, PartialEq)]
pub struct DeadRow {
    /// Its number.
    pub seq: i64,
    /// Its lane.
    pub lane: String,
    /// Its ordering key.
    pub key: String,
    /// Its cause.
    pub cause: String,
    /// How often it was tried.
    pub attempt: i64,
    /// What went wrong last.
    pub last_error: Option<String>,
}

/// How much waits in a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LaneDepth {
    /// Which.
    pub lane: Lane,
    /// Rows ready or running.
    pub open: i64,
    /// Rows that failed for good.
    pub dead: i64,
    /// When the oldest open row was put in, epoch milliseconds.
    pub oldest_at_ms: Option<i64>,
}

/// What a handler says of a row it could not finish by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The handler finished the row inside its own transaction.
    Finished,
    /// Nothing more to do: finish it now.
    Done,
    /// Try again by the backoff.
    Retry(String),
    /// Try again after so many milliseconds, without counting it against the row.
    RetryAfter(i64, String),
    /// Not its turn yet: after so many milliseconds, as if nothing had been tried.
    Later(i64),
    /// No try will help.
    Dead(String),
}

/// How long to wait between tries, and how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// Wait after the first failure.
    pub base_ms: i64,
    /// Longest wait.
    pub cap_ms: i64,
    /// Tries before a row is dead.
    pub max_attempts: i64,
}

impl Backoff {
    /// The wait after `attempt` failed tries (from 1): doubling, capped, spread over its upper half
    /// by `spread` in 0.0..1.0; `None` when the tries are used up.
    pub fn delay_ms(&self, attempt: i64, spread: f64) -> Option<i64> {
        if attempt >= self.max_attempts {
            return None;
        }
        let doublings = u32::try_from(attempt.saturating_sub(1).clamp(0, 30)).unwrap_or(30);
        let full = self.base_ms.saturating_mul(1_i64 << doublings).min(self.cap_ms).max(1);
        let half = full / 2;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a share of at most an hour in milliseconds"
        )]
        let extra = ((full - half) as f64 * spread.clamp(0.0, 1.0)) as i64;
        Some(half + extra)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKOFF: Backoff = Backoff { base_ms: 100, cap_ms: 1_000, max_attempts: 5 };

    #[test]
    fn what_stands_beside_a_key_leads_back_to_it() {
        assert_ne!(beside("web:1"), "web:1");
        assert_eq!(own_key(&beside("web:1")), "web:1");
        assert_ne!(apart("web:1"), beside("web:1"));
        assert_eq!(own_key(&apart("web:1")), "web:1");
        assert_eq!(own_key("web:1"), "web:1");
    }

    #[test]
    fn waits_double_up_to_the_cap() {
        let full: Vec<_> = (1..=5).map(|attempt| BACKOFF.delay_ms(attempt, 1.0)).collect();
        assert_eq!(full, [Some(100), Some(200), Some(400), Some(800), None]);
        let capped = Backoff { max_attempts: 99, ..BACKOFF };
        assert_eq!(capped.delay_ms(60, 1.0), Some(1_000));
    }

    #[test]
    fn spread_stays_in_the_upper_half() {
        assert_eq!(BACKOFF.delay_ms(2, 0.0), Some(100));
        assert_eq!(BACKOFF.delay_ms(2, 0.5), Some(150));
    }
}
