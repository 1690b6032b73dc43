//! The token that opens the admin API.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;

use crate::secret::{Keyring, SecretToken, TokenHash, TokenKind};
use crate::store::{Batch, Change, Commit, Store, StoreError};

/// The fewest characters of a token that the operator made.
const SHORTEST: usize = 32;

/// The token that opens the admin API. Only its keyed hash is kept.
#[derive(Clone)]
pub struct AdminToken {
    hash: TokenHash,
    keyring: Keyring,
}

/// Why there is no admin token. Never shows it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AdminTokenError {
    /// The operator's token can be guessed.
    #[error(
        "the admin token is too short: it needs at least {SHORTEST} characters that nobody can guess"
    )]
    Short,
    /// The operator's token cannot be sent.
    #[error(
        "the admin token has a character that a request cannot carry: use ASCII letters, digits and signs, without spaces"
    )]
    Character,
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system has no random numbers.
    #[error("the system has no random numbers: {0}")]
    Random(#[from] getrandom::Error),
}

impl AdminToken {
    /// The operator's own token if there is one, else the store's. If the store has none yet, a new one is
    /// made, and given once: it has to be shown to the operator, for only its hash is kept.
    ///
    /// # Errors
    ///
    /// The operator's token cannot be used, or the store does not answer.
    pub async fn establish(
        store: &dyn Store,
        keyring: &Keyring,
        from_environment: Option<String>,
    ) -> Result<(Self, Option<SecretToken>), AdminTokenError> {
        if let Some(token) = from_environment {
            let token = token.trim();
            if !token.chars().all(|c| c.is_ascii_graphic()) {
                return Err(AdminTokenError::Character);
            }
            if token.len() < SHORTEST {
                return Err(AdminTokenError::Short);
            }
            return Ok((Self::of(keyring.hash(token), keyring), None));
        }
        if let Some(hash) = store.admin_token().await? {
            return Ok((Self::of(hash, keyring), None));
        }
        let token = SecretToken::generate(TokenKind::Admin)?;
        let hash = keyring.hash(token.reveal());
        let batch = Batch {
            changes: vec![Change::AdminToken(hash)],
            keyring: keyring.wrapped().map(<[u8]>::to_vec),
            ..Batch::default()
        };
        match store.commit(batch).await? {
            Commit::Done(_) => return Ok((Self::of(hash, keyring), Some(token))),
            Commit::Rekeyed => {
                let problem = "it has just got new keys: start again with the new master key";
                return Err(StoreError::Unusable(problem.to_owned()).into());
            }
            Commit::Overtaken | Commit::Claimed(_) => {}
        }
        // Another replica was first, and has shown its token.
        let hash = store.admin_token().await?;
        let hash =
            hash.ok_or_else(|| StoreError::Unusable("the admin token is missing".to_owned()))?;
        Ok((Self::of(hash, keyring), None))
    }

    fn of(hash: TokenHash, keyring: &Keyring) -> Self {
        Self {
            hash,
            keyring: keyring.clone(),
        }
    }

    /// Whether a text is the token. How long that takes says nothing about the token.
    #[must_use]
    pub fn is(&self, presented: &str) -> bool {
        let presented = self.keyring.hash(presented);
        self.hash.as_bytes().ct_eq(presented.as_bytes()).into()
    }

    /// What only somebody with this token's hash and its key can say of a text. With another token it is another.
    #[must_use]
    pub(crate) fn mark(&self, text: &str) -> String {
        let own = URL_SAFE_NO_PAD.encode(self.hash.as_bytes());
        // No token has a space, so this is never the hash of one.
        let mark = self.keyring.hash(&format!("mark {own} {text}"));
        URL_SAFE_NO_PAD.encode(mark.as_bytes())
    }
}

impl fmt::Debug for AdminToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AdminToken(…)")
    }
}
