//! Questions to an issuer: short, bounded, and answered where they are asked.

use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::{Client, Url, redirect};

use super::IssuerUrl;

/// The longest answer that is read, in bytes.
const LIMIT: usize = 256 * 1024;
/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(3);

/// Why an issuer did not answer. Says nothing of what came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum FetchError {
    #[error("it cannot be reached")]
    Unreachable,
    #[error("it answered with status {0}")]
    Status(u16),
    #[error("its answer broke off or took too long")]
    BrokenOff,
    #[error("its answer is too long")]
    TooLong,
}

/// Something that asks one issuer.
pub(super) fn client(issuer: &IssuerUrl, timeout: Duration) -> Result<Client, reqwest::Error> {
    let client = Client::builder()
        .timeout(timeout)
        .connect_timeout(CONNECT.min(timeout))
        .redirect(redirect::Policy::none())
        .user_agent(concat!("billsby-mcp/", env!("CARGO_PKG_VERSION")));
    // A proxy for the way out does not know this machine's own addresses.
    let client = if issuer.is_local() {
        client.no_proxy()
    } else {
        client
    };
    client.build()
}

/// Reads what is at an address.
pub(super) async fn get(client: &Client, url: Url) -> Result<Vec<u8>, FetchError> {
    let request = client.get(url).header("accept", "application/json");
    let response = request.send().await;
    let response = response.map_err(|_| FetchError::Unreachable)?;
    if !response.status().is_success() {
        return Err(FetchError::Status(response.status().as_u16()));
    }
    let mut body = Vec::new();
    let mut pieces = response.bytes_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| FetchError::BrokenOff)?;
        if body.len() + piece.len() > LIMIT {
            return Err(FetchError::TooLong);
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}
