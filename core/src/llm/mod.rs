//! Language models behind one trait: what a stage asks, what it gets, what it cost.
//!
//! A model writes words and picks from lists. Its answers are text to be parsed and checked, never
//! trusted, never markup.

mod audio;
mod cache;
pub mod call_log;
mod config;
#[cfg(any(test, feature = "fakes"))]
pub mod fake;
mod fault;
mod moderation;
mod openai;
mod painter;
pub mod prices;
mod prompt_head;
mod prompts;
mod reply;
pub mod speech;
mod stack;
mod store;
#[cfg(any(test, feature = "fakes"))]
pub mod strict;
pub mod tokens;
pub mod voice;
mod wire;

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::ids::RunId;

pub use audio::AudioFault;
pub use cache::AnswerCache;
pub use call_log::{CallLog, CallLogError, CallRecord};
pub use config::{AnswerFormat, Capabilities, Lookup, MaxTokensField, ProviderConfig, Temperature};
pub use fault::{CallFault, FaultKind};
pub use moderation::Moderator;
pub use openai::{CallLimits, OpenAiProvider, ProviderError};
pub use painter::{PaintError, Painter, Picture, PictureRequest};
pub use prices::Usage;
pub(crate) use prompt_head::{Head, Shape};
pub(crate) use prompts::default_angle;
pub use prompts::{Prompt, PromptError, Prompts, Question};
pub use stack::{
    BreakerConfig, HedgeConfig, LlmStack, OverBudget, Records, RetryConfig, SpendLimits,
    StackConfig,
};
pub use store::{DbCallLog, purge_answers};

/// How strong a model a request wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tier {
    /// Cheap and quick: intent, design.
    Fast,
    /// Good with words: content.
    Strong,
}

/// One question to a model.
#[derive(Debug, Clone, PartialEq)]
pub struct LlmRequest {
    /// The run that asks and pays, if one does.
    pub run: Option<RunId>,
    /// The stage that asks, for metrics and logs.
    pub stage: &'static str,
    /// Name and version of the prompt file, such as `content@1`.
    pub prompt: String,
    /// How strong a model is wanted.
    pub tier: Tier,
    /// Instructions.
    pub system: String,
    /// The task with the owner's words, delimited as data.
    pub user: String,
    /// Name of the schema, `[A-Za-z0-9_-]{1,64}`.
    pub schema_name: String,
    /// JSON schema of the answer, within the strict subset.
    pub schema: Value,
    /// Sampling temperature.
    pub temperature: f32,
    /// Most tokens the answer may have.
    pub max_tokens: u32,
    /// A picture the question is about.
    pub picture: Option<AskedPicture>,
}

/// A picture that goes with a question.
#[derive(Clone, PartialEq, Eq)]
pub struct AskedPicture {
    /// The file, a JPEG.
    pub jpeg: Arc<Vec<u8>>,
    /// Its width.
    pub width_px: u32,
    /// Its height.
    pub height_px: u32,
}

impl std::fmt::Debug for AskedPicture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (width, height) = (self.width_px, self.height_px);
        write!(f, "AskedPicture({width}x{height}, {} bytes)", self.jpeg.len())
    }
}

impl LlmRequest {
    /// SHA-256 of everything that goes into the answer, in hex; who pays is no part of it.
    pub fn input_hash(&self) -> String {
        let schema = self.schema.to_string();
        let tier = match self.tier {
            Tier::Fast => "fast",
            Tier::Strong => "strong",
        };
        let mut hash = Sha256::new();
        for part in [&*self.prompt, tier, &self.system, &self.user, &schema] {
            hash.update(part.len().to_le_bytes());
            hash.update(part.as_bytes());
        }
        hash.update(self.temperature.to_le_bytes());
        hash.update(self.max_tokens.to_le_bytes());
        if let Some(picture) = &self.picture {
            hash.update(Sha256::digest(picture.jpeg.as_slice()));
        }
        hex::encode(hash.finalize())
    }
}

/// An answer with its price.
#[derive(Debug, Clone, PartialEq)]
pub struct LlmAnswer {
    /// The answer, parsed; not yet checked against anything but JSON syntax.
    pub json: Value,
    /// Name of the provider that answered, from the settings.
    pub provider: String,
    /// Model that answered.
    pub model: String,
    /// Tokens read.
    pub prompt_tokens: i64,
    /// Tokens written.
    pub completion_tokens: i64,
    /// Price in billionths of a US dollar, by the dated price table; 0 when unknown.
    pub cost_nano_usd: i64,
    /// Whether the tokens are a guess, as the provider told none.
    pub estimated: bool,
    /// From request to whole answer.
    pub latency_ms: i64,
}

/// Why there is no answer. What a caller can do differs by variant.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LlmError {
    /// No provider is configured: use the built-in writer.
    #[error("no model is configured")]
    NotConfigured,
    /// The money for models is spent: use the built-in writer.
    #[error(transparent)]
    OverBudget(#[from] OverBudget),
    /// Every provider failed or is resting: use the built-in writer.
    #[error("no model answered: {0}")]
    Unavailable(String),
    /// The model declined or was filtered.
    #[error("the model refused: {0}")]
    Refused(String),
    /// The answer was cut off or is not JSON.
    #[error("the model's answer is unusable: {0}")]
    Unusable(String),
}

/// A model, or a whole stack of them.
#[async_trait]
pub trait Llm: Send + Sync {
    /// Asks once. Bounded in time by the implementation.
    async fn ask(&self, request: &LlmRequest) -> Result<LlmAnswer, LlmError>;

    /// Tells that the answer to this request could not be used, so that it is not given again.
    async fn forget(&self, _request: &LlmRequest) {}
}
