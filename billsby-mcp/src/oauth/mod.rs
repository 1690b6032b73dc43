//! Access tokens of other people's OAuth servers (OAuth 2.1, RFC 9068).
//!
//! This program is a resource server: it never issues a token, never passes one on, and accepts only
//! those that one of the operator's issuers has made for just the server that is asked.

mod claims;
mod discovery;
mod fetch;
mod issuer;
mod keys;
mod url;

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use issuer::Issuer;

pub use claims::{Accepted, Grant};
pub use url::{InvalidIssuer, IssuerUrl};

/// What can be set for issuers.
#[derive(Debug, Clone)]
pub struct IssuerOptions {
    /// The issuers whose tokens are accepted.
    pub issuers: Vec<IssuerUrl>,
    /// What time it is.
    pub clock: Clock,
    /// How long one question to an issuer may take.
    pub timeout: Duration,
}

/// Whose access tokens are accepted.
#[derive(Debug)]
pub struct Issuers {
    issuers: Vec<Arc<Issuer>>,
}

/// The issuers cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the OAuth issuers cannot be asked: {0}")]
pub struct IssuersError(String);

/// Why a token is not accepted. The reason is for the log, not for whoever sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is not a token for this server, not any longer, or not yet.
    Invalid,
    /// Its issuer's keys are not known, and the issuer does not answer.
    Unavailable,
}

impl Default for IssuerOptions {
    fn default() -> Self {
        Self {
            issuers: Vec::new(),
            clock: Clock::system(),
            timeout: Duration::from_secs(5),
        }
    }
}

impl Issuers {
    /// Prepares to ask the issuers. Nothing is sent before the first token comes.
    ///
    /// # Errors
    ///
    /// The system cannot make TLS connections.
    pub fn new(options: &IssuerOptions) -> Result<Self, IssuersError> {
        let issuer = |url: &IssuerUrl| {
            Issuer::new(url.clone(), options)
                .map(Arc::new)
                .map_err(|error| IssuersError(error.to_string()))
        };
        let issuers = options.issuers.iter().map(issuer);
        Ok(Self {
            issuers: issuers.collect::<Result<_, _>>()?,
        })
    }

    /// The issuers as they call themselves.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        self.issuers.iter().map(|issuer| issuer.name()).collect()
    }

    /// What a token allows at the server with this address.
    ///
    /// # Errors
    ///
    /// The token is not accepted, or cannot be checked now.
    pub async fn check(&self, token: &str, audience: &str) -> Result<Accepted, Refusal> {
        let Some(name) = claims::issuer(token) else {
            return Err(refused("not an access token"));
        };
        // What the token says is not to be believed yet: it only chooses among the operator's issuers.
        match self.issuers.iter().find(|issuer| issuer.name() == name) {
            Some(issuer) => issuer.check(token, audience).await,
            None => Err(refused("another issuer")),
        }
    }
}

/// Notes why a token is refused, without anything of it.
fn refused(reason: &'static str) -> Refusal {
    tracing::info!(reason, "access token refused");
    Refusal::Invalid
}
