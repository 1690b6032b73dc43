//! An integrated account: one company's access to Billsby.

use clap::ValueEnum;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::AccountId;

/// An integrated account. Only its API key is a secret, and it is sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountRecord {
    /// Its id.
    pub id: AccountId,
    /// What people call it.
    pub label: String,
    /// The company whose account it is.
    pub company_domain: String,
    /// What it is for.
    pub environment: Environment,
    /// Another address than Billsby's own.
    pub base_url: Option<String>,
    /// The API key, sealed with the account's id as its context. Empty for the sandbox, and once the account
    /// has been deleted.
    pub api_key: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// The generation of the store in which it was last written; 0 before the first time.
    pub generation: u64,
}

/// What an account is for.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, ValueEnum, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// Real customers and real money
    #[default]
    Live,
    /// A company at Billsby that exists for trying things out
    Test,
    /// The invented company inside this program: no key, and nothing real can happen
    Sandbox,
}

impl Environment {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Test => "test",
            Self::Sandbox => "sandbox",
        }
    }
}

impl std::fmt::Debug for AccountRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccountRecord")
            .field("id", &self.id)
            .field("environment", &self.environment)
            .field("deleted_at", &self.deleted_at)
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}
