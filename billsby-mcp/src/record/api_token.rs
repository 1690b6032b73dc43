//! Tokens for servers that want one beside their URL.

use jiff::Timestamp;

use super::{ServerId, State};
use crate::secret::TokenHash;

/// A token that clients send as `Authorization: Bearer …` to servers that require one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiTokenRecord {
    /// Its id.
    pub id: super::ApiTokenId,
    /// What people call it.
    pub name: String,
    /// The keyed hash by which it is found; none once that has been tidied away.
    pub hash: Option<TokenHash>,
    /// Its last characters, to tell it from others.
    pub hint: String,
    /// The only server it opens; none: every server that requires a token.
    pub server: Option<ServerId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it opens nothing.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// The generation of the store in which it was last written; 0 before the first time.
    pub generation: u64,
}

impl ApiTokenRecord {
    /// How it stands at a time.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> State {
        State::of(self.revoked_at, self.expires_at, now)
    }
}
