//! Who may use the API at all.

use std::net::{IpAddr, Ipv4Addr};

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;

use super::problem::{ProblemDetails, request_id};
use super::{Admin, document};
use crate::http::Peer;
use crate::protocol::http::is_host_allowed;

/// Lets a request pass that comes to a name of this server, with the admin token. Only the document of the
/// API needs no token.
pub(super) async fn guard(State(admin): State<Admin>, request: Request, next: Next) -> Response {
    match admitted(&admin, &request) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.response(request_id(request.headers())),
    }
}

fn admitted(admin: &Admin, request: &Request) -> Result<(), ProblemDetails> {
    let headers = request.headers();
    // A page of another site may have its own name lead to this machine.
    let host = request.uri().authority().map(Authority::as_str);
    let host = host.or_else(|| headers.get(header::HOST)?.to_str().ok());
    let allowed = &admin.provisioning.options().allowed_hosts;
    if !host.is_some_and(|host| is_host_allowed(host, allowed)) {
        return Err(ProblemDetails::wrong_host());
    }
    if request.uri().path() == document::PATH {
        return Ok(());
    }
    let peer = request.extensions().get::<Peer>();
    let address = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
    let now = admin.provisioning.now();
    let Some(token) = bearer(headers) else {
        let detail = "send the admin token as Authorization: Bearer …";
        return Err(ProblemDetails::unauthorized(detail));
    };
    // The right one passes however many wrong ones came before: behind a proxy all have the same address, and
    // somebody else's mistakes must not lock the operator out. So guesses are not made harder by this, but
    // no number of them finds a token of at least 32 characters; what is bounded is the noise they make.
    if admin.token.is(token) {
        return Ok(());
    }
    let attempts = &admin.attempts;
    attempts
        .may_try(address, now)
        .map_err(ProblemDetails::too_often)?;
    attempts.note(address, now);
    tracing::warn!(%address, "a wrong admin token");
    Err(ProblemDetails::unauthorized("this is not the admin token"))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
