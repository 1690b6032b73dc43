//! By what somebody was let in, so that it can be decided again: what was good when a request began may have ended
//! before its message arrived, or while somebody listened.

use jiff::Timestamp;

use super::image::{Image, Row};
use super::{LiveServer, Registry, read};
use crate::record::{ApiTokenRecord, ServerId, State};
use crate::secret::{TokenHash, TokenKind};

/// What somebody has shown beside the URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Credential {
    /// Nothing, for nothing was asked for.
    None,
    /// The API token with this hash.
    ApiToken(TokenHash),
    /// An access token of OAuth.
    AccessToken {
        /// From when on it is not accepted.
        until: Timestamp,
    },
}

/// Everything by which somebody was let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Pass {
    /// The secret in the URL; none where that is an id.
    url: Option<TokenHash>,
    credential: Credential,
}

/// Why somebody who was let in may not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denied {
    /// The URL opens nothing.
    Nothing,
    /// The token beside it is not accepted.
    Credential,
    /// The server is another one by now.
    Replaced,
    /// Nobody can say.
    Unavailable,
}

impl Pass {
    /// Whether it opens a server at a time.
    pub(super) fn opens(&self, image: &Image, row: &Row, now: Timestamp) -> Result<(), Denied> {
        let is_open = match self.url {
            Some(hash) => row.is_open_to(&hash, now),
            None => row.is_active(now),
        };
        if !is_open {
            return Err(Denied::Nothing);
        }
        let is_accepted = match self.credential {
            Credential::None => true,
            Credential::ApiToken(hash) => {
                let token = image.api_token(&hash);
                token.is_some_and(|token| is_for(&token, row.id, now))
            }
            Credential::AccessToken { until } => now < until,
        };
        if is_accepted {
            Ok(())
        } else {
            Err(Denied::Credential)
        }
    }
}

impl Registry {
    /// Whether an API token opens a server now.
    #[must_use]
    pub fn opens(&self, bearer: &str, server: ServerId) -> bool {
        self.api_token(bearer, server).is_some()
    }

    /// The hash of an API token, if it opens a server now.
    pub(crate) fn api_token(&self, bearer: &str, server: ServerId) -> Option<TokenHash> {
        if !TokenKind::Api.fits(bearer) || !self.is_available() {
            return None;
        }
        let hash = self.keyring.hash(bearer);
        let token = read(&self.image).api_token(&hash)?;
        is_for(&token, server, self.options.clock.now()).then_some(hash)
    }

    /// What somebody was let in by: the end of the URL, and what came with it.
    pub(crate) fn pass(&self, key: &str, credential: Credential) -> Pass {
        Pass {
            url: self.hash_of(key),
            credential,
        }
    }

    /// Decides again whether somebody may use a server.
    pub(crate) fn admits(&self, live: &LiveServer, pass: &Pass) -> Result<(), Denied> {
        if !self.is_available() {
            return Err(Denied::Unavailable);
        }
        let image = read(&self.image);
        let (row, account) = image.by_id(live.row.id).ok_or(Denied::Nothing)?;
        pass.opens(&image, &row, self.options.clock.now())?;
        if live.serves(&row, &account) {
            Ok(())
        } else {
            Err(Denied::Replaced)
        }
    }
}

/// Whether an API token opens a server at a time.
fn is_for(token: &ApiTokenRecord, server: ServerId, now: Timestamp) -> bool {
    let is_meant = token.server.is_none_or(|only| only == server);
    is_meant && token.state(now) == State::Active
}
