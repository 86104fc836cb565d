//! Kinds of transfers and accounts. Pure.

use uuid::Uuid;

use crate::clock::DAY_MS;
use crate::ids::{AccountId, Tokens, TransferId};

/// Why tokens move: the contract's wallet transfer types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TransferKind {
    /// Given once to a new workspace.
    SignupBonus,
    /// Given at most once in 24 hours, on asking.
    DailyLogin,
    /// Paid for a generated website.
    WebsiteGeneration,
    /// Paid for a generated picture.
    ImageGeneration,
    /// Paid for a change by a model.
    Refinement,
    /// Given for an accepted invitation.
    Referral,
    /// Bought.
    Purchase,
    /// Given back.
    Refund,
    /// Given by the operator.
    Grant,
}

impl TransferKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::SignupBonus,
        Self::DailyLogin,
        Self::WebsiteGeneration,
        Self::ImageGeneration,
        Self::Refinement,
        Self::Referral,
        Self::Purchase,
        Self::Refund,
        Self::Grant,
    ];

    /// The stable name.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::SignupBonus => "signup_bonus",
            Self::DailyLogin => "daily_login",
            Self::WebsiteGeneration => "website_generation",
            Self::ImageGeneration => "image_generation",
            Self::Refinement => "refinement",
            Self::Referral => "referral",
            Self::Purchase => "purchase",
            Self::Refund => "refund",
            Self::Grant => "grant",
        }
    }
}

/// The house's own accounts; they exist from the first migration on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HouseAccount {
    /// Where given and bought tokens come from.
    Issuance,
    /// Where spent tokens go.
    Revenue,
}

impl HouseAccount {
    /// Its fixed id.
    pub const fn id(self) -> AccountId {
        match self {
            Self::Issuance => AccountId(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0001)),
            Self::Revenue => AccountId(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0002)),
        }
    }
}

/// A wallet's counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// Which.
    pub id: AccountId,
    /// Everything ever paid in.
    pub credits_posted: Tokens,
    /// Everything ever paid out.
    pub debits_posted: Tokens,
    /// On hold right now.
    pub debits_held: Tokens,
}

impl Account {
    /// What can be spent.
    pub const fn available(&self) -> Tokens {
        Tokens(self.credits_posted.0 - self.debits_posted.0 - self.debits_held.0)
    }

    /// What is owned, holds included.
    pub const fn balance(&self) -> Tokens {
        Tokens(self.credits_posted.0 - self.debits_posted.0)
    }
}

/// How a transfer came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Posted {
    /// It was made now.
    Now(TransferId),
    /// Its cause had been used before: nothing moved this time.
    Before,
}

impl Posted {
    /// Whether tokens moved in this call.
    pub const fn is_new(self) -> bool {
        matches!(self, Self::Now(_))
    }
}

/// A line of a wallet's history, seen from the wallet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// The kind's stable name.
    pub kind: String,
    /// `post`, `hold`, `capture` or `release`.
    pub phase: String,
    /// Negative when it left the wallet.
    pub amount: Tokens,
    /// The operator's or the program's remark.
    pub why: Option<String>,
    /// When, epoch milliseconds.
    pub at_ms: i64,
}

/// When the daily bonus can be claimed next; `last_at_ms` is the last claim.
pub fn daily_available_at(last_at_ms: Option<i64>) -> i64 {
    last_at_ms.map_or(0, |last| last + DAY_MS)
}
