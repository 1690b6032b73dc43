//! Why a store did not do what it was asked.

/// Why a store did not do what it was asked. Unless it is
/// [unknown](Self::Unknown), nothing was written. Says nothing of what is kept in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached, or does not answer.
    #[error("the store cannot be reached: {0}")]
    Unreachable(String),
    /// There is no room left; what is kept can still be read.
    #[error("the store is full: make room on its disk; nothing was written")]
    Full,
    /// It may not be written to; what is kept can still be read.
    #[error(
        "the store may only be read: check the permissions of its files and of its disk; nothing was written"
    )]
    ReadOnly,
    /// The connection broke, or took too long, while the store was to keep a change.
    #[error("the store did not say whether the change is made: {0}")]
    Unknown(String),
    /// Somebody else keeps it locked.
    #[error("the store is in use: {0}")]
    Busy(String),
    /// What is in it is not what this program keeps.
    #[error("the store cannot be used: {0}")]
    Unusable(String),
}
