//! Requests to provisioned servers: found, let in, answered.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use super::{Gate, Shared};
use crate::protocol::http::{Listening, Refused, nothing, until};
use crate::record::ServerRecord;
use crate::registry::{Found, Registry};

/// Answers a request to the URL that ends like this: with the secret of a server, or with the id of one that
/// asks for access tokens.
pub(super) async fn handle(
    registry: &Registry,
    gate: &Gate,
    key: &str,
    request: Request,
) -> Response {
    let found = match key.parse() {
        Ok(id) => match registry.find_by_id(id).await {
            // An id is no secret, and no URL of a server that asks for nothing else.
            Found::Server(live) if !gate.asks_for_oauth(&live.record) => Found::Nothing,
            found => found,
        },
        Err(_) => registry.find(key).await,
    };
    let live = match found {
        Found::Server(live) => live,
        Found::Nothing => return nothing(),
        Found::Unavailable => return Refused::unavailable().into_response(),
    };
    let server = &live.record;
    let is_open_to = |bearer: &str| registry.opens(bearer, server.id);
    let (headers, query) = (request.headers(), request.uri().query());
    let access = match gate.admit(server, headers, query, is_open_to).await {
        Ok(access) => access,
        Err(refusal) => return refusal,
    };
    if let Err(wait) = registry.count(server.id).await {
        return Refused::too_often(wait).into_response();
    }
    let mut response = live.endpoint.handle(request, access).await;
    if response.status() == StatusCode::FORBIDDEN {
        name_metadata(gate, server, &mut response);
    }
    if response.extensions().get::<Listening>().is_some() {
        response = until(response, registry.door(&live, key));
    }
    response
}

/// Says whom a server trusts that asks for access tokens.
pub(super) async fn metadata(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Response {
    let (Some(registry), Ok(id)) = (&shared.registry, id.parse()) else {
        return nothing();
    };
    match registry.find_by_id(id).await {
        Found::Server(live) => shared.gate.metadata(&live.record).unwrap_or_else(nothing),
        Found::Nothing => nothing(),
        Found::Unavailable => Refused::unavailable().into_response(),
    }
}

/// Says beside what an access token lacks where to get another one.
fn name_metadata(gate: &Gate, server: &ServerRecord, response: &mut Response) {
    let Some(url) = gate.metadata_url(server) else {
        return;
    };
    let Some(challenge) = response.headers().get(header::WWW_AUTHENTICATE) else {
        return;
    };
    let challenge = [
        challenge.as_bytes(),
        br#", resource_metadata=""#,
        url.as_bytes(),
        b"\"",
    ]
    .concat();
    // It fails only if the server's own address cannot be written down.
    if let Ok(challenge) = HeaderValue::from_bytes(&challenge) {
        let headers = response.headers_mut();
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
}
