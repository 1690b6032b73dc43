//! Receiving a request's body.

use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Bytes, Incoming};

use super::Cut;
use crate::sandbox::wire::Refusal;

/// The most that a body may have, 1 MiB.
const MOST: usize = 1 << 20;
/// So much of a body that is too large is still read, so that its sender comes to read the reply.
const MOST_DRAINED: usize = 64 << 20;

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// Reads the whole body; a body that is too large or too slow is a refusal.
pub(super) async fn receive(body: Incoming) -> Result<Result<Bytes, Refusal>, Cut> {
    let received = tokio::time::timeout(PATIENCE, read(body)).await;
    received.unwrap_or_else(|_| {
        let seconds = PATIENCE.as_secs();
        Ok(Err(Refusal {
            status: 408,
            reason: format!("the body has not arrived within {seconds} seconds"),
        }))
    })
}

async fn read(mut body: Incoming) -> Result<Result<Bytes, Refusal>, Cut> {
    if body.is_end_stream() {
        return Ok(Ok(Bytes::new()));
    }
    let mut received = Vec::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Cut)?;
        let Some(data) = frame.data_ref() else {
            continue;
        };
        length += data.len();
        if length <= MOST {
            received.extend_from_slice(data);
        } else if length > MOST_DRAINED {
            break;
        }
    }
    Ok(match length {
        ..=MOST => Ok(received.into()),
        _ => Err(Refusal {
            status: 413,
            reason: format!("the body has more than {MOST} bytes"),
        }),
    })
}
