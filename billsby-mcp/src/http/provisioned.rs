//! Requests to provisioned servers: found, let in, answered.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use super::{Gate, Shared};
use crate::protocol::http::{Listening, Refused, nothing, until};
use crate::record::ServerRecord;
use crate::registry::{Denied, Found, Registry};

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
    let opened = |bearer: &str| registry.api_token(bearer, server.id);
    let (headers, query) = (request.headers(), request.uri().query());
    let admitted = match gate.admit(server, headers, query, opened).await {
        Ok(admitted) => admitted,
        Err(refusal) => return refusal,
    };
    if let Err(wait) = registry.count(server.id).await {
        return Refused::too_often(wait).into_response();
    }
    let pass = registry.pass(key, admitted.credential);
    // The gate may have taken its time, and the message may do so.
    let denied = || {
        let denied = registry.admits(&live, &pass).err()?;
        Some(denial(gate, server, denied))
    };
    let endpoint = &live.endpoint;
    let mut response = endpoint.handle_if(request, admitted.access, denied).await;
    if response.status() == StatusCode::FORBIDDEN {
        name_metadata(gate, server, &mut response);
    }
    if response.extensions().get::<Listening>().is_some() {
        response = until(response, live.door(pass));
    }
    response
}

/// Says whom a server trusts that asks for access tokens.
pub(super) async fn metadata(
    State(shared): State<Arc<Shared>>,
    Path(rest): Path<String>,
    request: Request,
) -> Response {
    let Some(registry) = &shared.registry else {
        return nothing();
    };
    let host = request.uri().authority().map(Authority::as_str);
    let host = host.or_else(|| request.headers().get(header::HOST)?.to_str().ok());
    if !host.is_some_and(|host| registry.allows_host(host)) {
        return Refused::host().into_response();
    }
    if !registry.is_available() {
        return Refused::unavailable().into_response();
    }
    let server = shared.gate.described(&rest);
    let server = server.and_then(|id| registry.record(id));
    let document = server.and_then(|server| shared.gate.metadata(&server));
    document.unwrap_or_else(nothing)
}

/// The answer for somebody who was let in and may not go on.
fn denial(gate: &Gate, server: &ServerRecord, denied: Denied) -> Response {
    match denied {
        Denied::Nothing => nothing(),
        Denied::Credential => gate.not_accepted(server),
        Denied::Replaced => Refused::replaced().into_response(),
        Denied::Unavailable => Refused::unavailable().into_response(),
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
