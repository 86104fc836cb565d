//! What can go wrong with the wallet.

use crate::ids::{Tokens, TransferId};

/// A wallet operation failed and moved nothing.
#[derive(Debug, thiserror::Error)]
pub enum WalletError {
    /// There is not enough to spend.
    #[error("{available} tokens are available, {needed} are needed")]
    InsufficientTokens {
        /// What there is.
        available: Tokens,
        /// What it costs.
        needed: Tokens,
    },
    /// Nobody has such a wallet.
    #[error("no such wallet")]
    NoSuchWallet,
    /// No such hold was ever made.
    #[error("no hold {0}")]
    NoSuchHold(TransferId),
    /// The amount is not above zero.
    #[error("an amount must be above zero")]
    AmountNotPositive,
    /// The database did not do it.
    #[error("wallet storage failed")]
    Storage(#[from] sqlx::Error),
}
