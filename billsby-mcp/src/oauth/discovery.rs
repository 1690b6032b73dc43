//! From the name of an issuer to its keys.

use reqwest::{Client, Url};
use serde::Deserialize;

use super::IssuerUrl;
use super::fetch::{self, FetchError};
use super::keys::Keys;

/// Why an issuer's keys are not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum DiscoveryError {
    #[error("its metadata cannot be read: {0}")]
    Metadata(FetchError),
    #[error("its metadata is not what RFC 8414 describes")]
    Document,
    #[error("its metadata is that of another issuer")]
    OtherIssuer,
    #[error("its keys are at an address that cannot be trusted")]
    Address,
    #[error("its keys cannot be read: {0}")]
    Keys(FetchError),
    #[error("its keys are not a JSON Web Key Set")]
    KeySet,
    #[error("none of its keys can be used")]
    NoKey,
}

/// As much of an issuer's metadata as is needed.
#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: String,
}

/// Finds the keys of an issuer.
pub(super) async fn keys(client: &Client, issuer: &IssuerUrl) -> Result<Keys, DiscoveryError> {
    let place = place(client, issuer).await?;
    let bytes = fetch::get(client, place).await;
    Keys::read(&bytes.map_err(DiscoveryError::Keys)?)
}

/// Where the keys are, by the first usable metadata. If there is none, the first place says why.
async fn place(client: &Client, issuer: &IssuerUrl) -> Result<Url, DiscoveryError> {
    let mut first = None;
    for url in issuer.metadata() {
        let found = match fetch::get(client, url).await {
            Ok(bytes) => read(&bytes, issuer),
            Err(error) => Err(DiscoveryError::Metadata(error)),
        };
        match found {
            Ok(place) => return Ok(place),
            Err(error) => first = Some(worse(first, error)),
        }
    }
    Err(first.unwrap_or(DiscoveryError::Document))
}

/// What to say of two failures: a document that is there says more than one that is not.
fn worse(first: Option<DiscoveryError>, second: DiscoveryError) -> DiscoveryError {
    match first {
        Some(first) if !matches!(first, DiscoveryError::Metadata(FetchError::Status(_))) => first,
        _ => second,
    }
}

fn read(bytes: &[u8], issuer: &IssuerUrl) -> Result<Url, DiscoveryError> {
    let metadata: Metadata = serde_json::from_slice(bytes).map_err(|_| DiscoveryError::Document)?;
    if metadata.issuer != issuer.as_str() {
        return Err(DiscoveryError::OtherIssuer);
    }
    let place = Url::parse(&metadata.jwks_uri).map_err(|_| DiscoveryError::Address)?;
    if issuer.may_name(&place) {
        Ok(place)
    } else {
        Err(DiscoveryError::Address)
    }
}
