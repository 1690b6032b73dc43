//! Why something was not done.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::store::StoreError;

/// Why something was not done. Nothing has changed then, unless it is [`StoreError::Unknown`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProvisionError {
    /// What was asked for is wrong: everything that is.
    Invalid(Vec<Problem>),
    /// There is no such thing.
    NotFound(String),
    /// It cannot be done as things stand.
    Conflict(String),
    /// The store does not do it now.
    Store(StoreError),
    /// A defect of this program or of its system.
    Defect(String),
}

/// One thing that is wrong with what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProblemEntry)]
pub struct Problem {
    /// Where: a JSON pointer into the body, `?name` for a parameter of the query, or the name of a header.
    #[schema(example = "/config/methods/0")]
    pub pointer: String,
    /// What is wrong, and what would be right.
    pub detail: String,
}

impl Problem {
    pub(super) fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            detail: detail.into(),
        }
    }
}

impl ProvisionError {
    pub(super) fn one(pointer: &str, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![Problem::new(pointer, detail)])
    }
}

impl fmt::Display for ProvisionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(problems) => {
                for (index, problem) in problems.iter().enumerate() {
                    let separator = if index > 0 { "; " } else { "" };
                    write!(f, "{separator}{}: {}", problem.pointer, problem.detail)?;
                }
                Ok(())
            }
            Self::NotFound(reason) | Self::Conflict(reason) | Self::Defect(reason) => {
                f.write_str(reason)
            }
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ProvisionError {}

impl From<StoreError> for ProvisionError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<getrandom::Error> for ProvisionError {
    fn from(error: getrandom::Error) -> Self {
        Self::Defect(format!("the system has no random numbers: {error}"))
    }
}
