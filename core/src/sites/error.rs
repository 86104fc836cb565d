//! What can go wrong with sites.

use crate::site::FaultKind;
use crate::storage::StorageError;

/// A site operation failed and changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum SitesError {
    /// Somebody has this name.
    #[error("the name is taken")]
    SubdomainTaken,
    /// There is no such site.
    #[error("no such site")]
    NotFound,
    /// The site is suspended or deleted.
    #[error("the site is not to be changed now")]
    Closed,
    /// There is no version before this one.
    #[error("there is no version before this one")]
    NothingToUndo,
    /// Somebody else published meanwhile: begin again from what is live now.
    #[error("the site has changed meanwhile")]
    Stale,
    /// The document cannot be built.
    #[error("the site cannot be built: {0}")]
    Unbuildable(String),
    /// The publish gate says no, with its reasons.
    #[error("the publish gate refuses the site: {why}")]
    Refused {
        /// What is wrong with it.
        kinds: Vec<FaultKind>,
        /// Where and what, for logs and operators.
        why: String,
    },
    /// A stored row cannot be read.
    #[error("a stored site cannot be read: {0}")]
    Corrupt(String),
    /// Files could not be stored or read.
    #[error("site files failed")]
    Storage(#[from] StorageError),
    /// The database did not do it.
    #[error("site storage failed")]
    Database(#[from] sqlx::Error),
}
