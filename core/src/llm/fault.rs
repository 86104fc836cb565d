//! Why one call to one provider failed, sorted by what can be done about it.
//!
//! A reason names statuses and codes. It must never hold a key, and never more of a foreign body
//! than [`MAX_REASON_CHARS`].

use super::{LlmError, Usage};

/// Most characters of a foreign message that are kept.
pub(super) const MAX_REASON_CHARS: usize = 160;

/// What can be done about a failed call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// Worth another try: rate limit, server error, broken connection, body that is no answer.
    Transient {
        /// How long the provider asked us to wait.
        retry_after_ms: Option<u64>,
    },
    /// This provider will not answer until the operator acts: key, quota, model name.
    Permanent,
    /// This request is not acceptable to this provider; another request may be.
    Rejected,
    /// The model declined, or a filter did.
    Refused,
    /// The answer was cut off, is empty or is not JSON.
    Unusable,
    /// The breaker is open: nobody was asked.
    Resting,
}

impl FaultKind {
    /// The label in metrics.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Transient { .. } => "transient",
            Self::Permanent => "permanent",
            Self::Rejected => "rejected",
            Self::Refused => "refused",
            Self::Unusable => "unusable",
            Self::Resting => "resting",
        }
    }
}

/// A failed call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct CallFault {
    /// What can be done about it.
    pub kind: FaultKind,
    /// What happened, for the log.
    pub reason: String,
    /// What the failed call cost all the same.
    pub spent_nano_usd: i64,
    /// The tokens of the failed call, where they were told.
    pub usage: Usage,
}

impl CallFault {
    /// A fault that cost nothing.
    pub fn new(kind: FaultKind, reason: impl Into<String>) -> Self {
        Self { kind, reason: reason.into(), spent_nano_usd: 0, usage: Usage::default() }
    }

    /// A fault worth another try, without a wish when.
    pub fn transient(reason: impl Into<String>) -> Self {
        Self::new(FaultKind::Transient { retry_after_ms: None }, reason)
    }

    /// The same fault with what it cost.
    pub fn costing(mut self, nano_usd: i64) -> Self {
        self.spent_nano_usd = nano_usd;
        self
    }

    /// The same fault with the tokens it used.
    pub fn using(mut self, usage: Usage) -> Self {
        self.usage = usage;
        self
    }
}

impl From<CallFault> for LlmError {
    fn from(fault: CallFault) -> Self {
        match fault.kind {
            FaultKind::Transient { .. }
            | FaultKind::Permanent
            | FaultKind::Rejected
            | FaultKind::Resting => Self::Unavailable(fault.reason),
            FaultKind::Refused => Self::Refused(fault.reason),
            FaultKind::Unusable => Self::Unusable(fault.reason),
        }
    }
}

/// A foreign text made fit for a reason: one line, bounded, and without `secret`.
pub(super) fn scrub(text: &str, secret: &str) -> String {
    let text = if secret.is_empty() { text.to_owned() } else { text.replace(secret, "[key]") };
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(MAX_REASON_CHARS)
        .collect::<String>()
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scrubbed_text_is_short_and_holds_no_key() {
        let text = scrub(&format!("bad key sk-abc\n{}", "x".repeat(1000)), "sk-abc");
        assert!(text.starts_with("bad key [key] x"), "{text}");
        assert_eq!(text.chars().count(), MAX_REASON_CHARS);
    }
}
