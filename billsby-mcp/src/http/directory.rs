//! Which endpoint a token opens.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::Token;
use crate::protocol::http::Endpoint;

/// The endpoints of a server by their tokens, of which it keeps only hashes.
#[derive(Debug, Default)]
pub struct Directory {
    entries: Vec<([u8; 32], Arc<Endpoint>)>,
}

impl Directory {
    /// A directory of endpoints, each behind a token of its own.
    #[must_use]
    pub fn new(entries: impl IntoIterator<Item = (Token, Arc<Endpoint>)>) -> Self {
        let entries = entries.into_iter();
        Self {
            entries: entries
                .map(|(token, endpoint)| (hash(token.reveal()), endpoint))
                .collect(),
        }
    }

    /// The endpoint behind a token. How long that takes says nothing about the tokens there are.
    pub(super) fn find(&self, token: &str) -> Option<Arc<Endpoint>> {
        let presented = hash(token);
        let mut entries = self.entries.iter();
        let (_, endpoint) = entries.find(|(hash, _)| hash.ct_eq(&presented).into())?;
        Some(Arc::clone(endpoint))
    }

    /// All endpoints.
    pub(super) fn endpoints(&self) -> impl Iterator<Item = &Arc<Endpoint>> {
        self.entries.iter().map(|(_, endpoint)| endpoint)
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}
