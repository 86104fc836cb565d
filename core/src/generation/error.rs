//! What can go wrong with a generation.

use crate::ids::{RunId, Tokens};
use crate::sites::SitesError;
use crate::wallet::WalletError;

/// A generation could not be started or carried on.
#[derive(Debug, thiserror::Error)]
pub enum GenerationError {
    /// The wallet cannot pay.
    #[error("{available} tokens are available, {price} are needed")]
    InsufficientTokens {
        /// What there is.
        available: Tokens,
        /// What it costs.
        price: Tokens,
    },
    /// The day's generations are used up.
    #[error("all {per_day} generations of the day are used up")]
    UsedUp {
        /// How many a day there are.
        per_day: i64,
    },
    /// No site may be for this.
    #[error("no site may be for this: {0}")]
    Forbidden(#[from] crate::safety::Forbidden),
    /// Somebody has the name.
    #[error("the name is taken")]
    SubdomainTaken,
    /// There is no such run.
    #[error("no run {0}")]
    NoSuchRun(RunId),
    /// The run was stopped or has ended: nothing more is to be done for it.
    #[error("the run has ended")]
    Ended,
    /// Its site is still being put up by another job.
    #[error("the site is not up yet")]
    NotUp,
    /// A stored row cannot be read.
    #[error("a stored run cannot be read: {0}")]
    Corrupt(String),
    /// Building or publishing did not work.
    #[error(transparent)]
    Sites(#[from] SitesError),
    /// The wallet did not do it.
    #[error(transparent)]
    Wallet(WalletError),
    /// The database did not do it.
    #[error("generation storage failed")]
    Database(#[from] sqlx::Error),
}

impl From<WalletError> for GenerationError {
    fn from(error: WalletError) -> Self {
        match error {
            WalletError::InsufficientTokens { available, needed } => {
                Self::InsufficientTokens { available, price: needed }
            }
            other @ (WalletError::NoSuchWallet
            | WalletError::NoSuchHold(_)
            | WalletError::AmountNotPositive
            | WalletError::Storage(_)) => Self::Wallet(other),
        }
    }
}
