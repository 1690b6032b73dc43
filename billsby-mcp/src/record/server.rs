//! A provisioned server: some tools of an account, behind a URL, until a given time.

use std::str::FromStr;

use clap::ValueEnum;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AccountId, ServerConfig, ServerId};
use crate::secret::TokenHash;

/// A provisioned server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerRecord {
    /// Its id.
    pub id: ServerId,
    /// The account whose tools it serves.
    pub account: AccountId,
    /// What people call it.
    pub name: String,
    /// Which tools it serves, and how, and to whom.
    pub config: ServerConfig,
    /// The secret in its URL; none once that has been tidied away.
    pub token: Option<UrlToken>,
    /// The secret that was replaced last.
    pub old_token: Option<OldToken>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// From when on it answers nothing.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// The generation of the store in which it was last written; 0 before the first time.
    pub generation: u64,
}

/// What is kept of the secret in a URL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UrlToken {
    /// The keyed hash by which the server is found.
    pub hash: TokenHash,
    /// Its last characters, to tell it from others.
    pub hint: String,
}

/// A secret that has been replaced and works for a while yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OldToken {
    /// The keyed hash by which the server is found.
    pub hash: TokenHash,
    /// From when on it opens nothing.
    pub valid_until: Timestamp,
}

/// How a server or a token stands at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It can be used
    Active,
    /// Its time is over
    Expired,
    /// Somebody ended it
    Revoked,
}

impl State {
    pub(crate) fn of(
        revoked_at: Option<Timestamp>,
        expires_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Self {
        if revoked_at.is_some() {
            Self::Revoked
        } else if expires_at.is_some_and(|end| end <= now) {
            Self::Expired
        } else {
            Self::Active
        }
    }

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

impl FromStr for State {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        <Self as ValueEnum>::from_str(text, false)
    }
}

impl ServerRecord {
    /// How it stands at a time.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> State {
        State::of(self.revoked_at, self.expires_at, now)
    }

    /// Whether a secret opens the server at a time.
    #[must_use]
    pub fn is_open_to(&self, hash: &TokenHash, now: Timestamp) -> bool {
        fits(self.token.as_ref(), self.old_token.as_ref(), hash, now)
            && self.state(now) == State::Active
    }
}

/// Whether a secret is one of those that a server has at a time.
pub(crate) fn fits(
    token: Option<&UrlToken>,
    old_token: Option<&OldToken>,
    hash: &TokenHash,
    now: Timestamp,
) -> bool {
    token.is_some_and(|token| token.hash == *hash)
        || old_token.is_some_and(|old| old.hash == *hash && now < old.valid_until)
}
