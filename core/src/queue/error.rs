//! What can go wrong with the queue.

/// A queue operation failed.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// The lease was lost: another worker has the row, and this transaction must be given up.
    #[error("the lease on row {0} was lost")]
    LeaseLost(i64),
    /// What giving a row up brings with it could not be done.
    #[error("a row could not be given up")]
    Burial(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The database did not do it.
    #[error("queue storage failed")]
    Storage(#[from] sqlx::Error),
}
