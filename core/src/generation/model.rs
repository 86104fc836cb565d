//! Runs and what their stages leave. Pure.

use serde_json::Value;

use crate::brief::Brief;
use crate::ids::{ConversationId, RunId, SiteId, TransferId, WorkspaceId};
use crate::safety::Forbidden;

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunStatus {
    /// Being worked on; its price is on hold. Its site may be live already, in built-in words.
    Running,
    /// Its site is live in its last words and paid.
    Live,
    /// In vain, or without a model's words; its hold was released.
    Failed,
    /// Stopped by its owner; its hold was released.
    Cancelled,
}

impl RunStatus {
    /// The stable name.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Live => "live",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The status of a stable name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        [Self::Running, Self::Live, Self::Failed, Self::Cancelled]
            .into_iter()
            .find(|status| status.slug() == slug)
    }
}

/// Why a run failed, as far as its owner can do something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureReason {
    /// The publish gate refused the content.
    Refused,
    /// No site may be for this.
    Forbidden(Forbidden),
    /// Ours to mend.
    Internal,
    /// It took longer than its hold lasts.
    Expired,
    /// No model had anything to say; the site is live in built-in words.
    Unwritten,
}

impl FailureReason {
    /// The stable name.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Forbidden(kind) => kind.reason(),
            Self::Internal => "internal",
            Self::Expired => "expired",
            Self::Unwritten => "unwritten",
        }
    }
}

/// One generation.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Which.
    pub id: RunId,
    /// The site it makes.
    pub site: SiteId,
    /// Who pays.
    pub workspace: WorkspaceId,
    /// Who waits.
    pub conversation: ConversationId,
    /// What is on hold for it.
    pub hold: TransferId,
    /// How far it is.
    pub status: RunStatus,
    /// What to make.
    pub brief: Brief,
    /// When it was started, epoch milliseconds.
    pub created_at_ms: i64,
}

/// The six stages, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// What the owner wants.
    Intent,
    /// How it shall look.
    Design,
    /// What it says.
    Content,
    /// What it shows.
    Images,
    /// The document.
    Assembly,
    /// Live.
    Publish,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 6] =
        [Self::Intent, Self::Design, Self::Content, Self::Images, Self::Assembly, Self::Publish];

    /// The stable name.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Intent => "intent",
            Self::Design => "design",
            Self::Content => "content",
            Self::Images => "images",
            Self::Assembly => "assembly",
            Self::Publish => "publish",
        }
    }

    /// The stage of a stable name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.slug() == slug)
    }
}

/// What one part of a stage left: kept so that a resumed run neither asks nor pays again.
#[derive(Debug, Clone, PartialEq)]
pub struct StageRecord {
    /// A [`Stage`] slug.
    pub stage: String,
    /// Which part of the stage; empty for the whole.
    pub part: String,
    /// SHA-256 of everything that went in, hex.
    pub input_hash: String,
    /// Name and version of the prompt; `built-in` without one.
    pub prompt: String,
    /// Who answered; `built-in` without a model.
    pub provider: String,
    /// Which model; empty without one.
    pub model: String,
    /// Tokens read.
    pub prompt_tokens: i64,
    /// Tokens written.
    pub completion_tokens: i64,
    /// Price in billionths of a US dollar.
    pub cost_nano_usd: i64,
    /// From request to answer.
    pub latency_ms: i64,
    /// What came out: a JSON object.
    pub output: Value,
}
