//! Users and what their tier allows. Pure.

use crate::brief::Language;
use crate::ids::{UserId, WorkspaceId};

/// How much a person may ask of the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tier {
    /// Everybody starts here.
    Free,
    /// Pays.
    Pro,
    /// Pays for a team.
    Business,
}

impl Tier {
    /// The stable name.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Pro => "pro",
            Self::Business => "business",
        }
    }

    /// The tier of a stable name; unknown ones get the least.
    pub fn from_slug(slug: &str) -> Self {
        [Self::Free, Self::Pro, Self::Business]
            .into_iter()
            .find(|tier| tier.slug() == slug)
            .unwrap_or(Self::Free)
    }

    /// Messages a minute that are worked off.
    pub const fn messages_per_minute(self) -> u32 {
        match self {
            Self::Free => 30,
            Self::Pro => 100,
            Self::Business => 300,
        }
    }

    /// Generations a day; `None` is without a limit.
    pub const fn generations_per_day(self) -> Option<i64> {
        match self {
            Self::Free => Some(3),
            Self::Pro => Some(50),
            Self::Business => None,
        }
    }
}

/// A person with their personal workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Who.
    pub id: UserId,
    /// Owns the wallet and the sites.
    pub workspace: WorkspaceId,
    /// The language we speak with them.
    pub language: Language,
    /// What they may ask.
    pub tier: Tier,
    /// The code in their invitation link.
    pub referral_code: String,
}

/// What is told of a person at the first hello.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Welcome<'a> {
    /// The channel's stable name.
    pub channel: &'a str,
    /// The channel's stable id of the person.
    pub external_id: &'a str,
    /// A name to greet with.
    pub name: Option<&'a str>,
    /// E.164, when told.
    pub phone: Option<&'a str>,
    /// The language to begin in.
    pub language: Language,
}
