//! `/api-token` and `/token/inspect`

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::Admin;
use super::read::{Id, JsonBody, Key, Pairs};
use super::reply::{found, gone, made};
use crate::provision::{ApiToken, Inspected, List, NewApiToken, Paging, Query, TokenQuestion};
use crate::record::ApiTokenId;

/// Make an API token
///
/// For servers with `require_api_token_auth`. It is in this answer only.
#[utoipa::path(
    post, path = "/api-token", tag = "tokens", operation_id = "create_api_token",
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 printable characters. The same request with the same key has its effect once and gets the same answer for 24 hours.")),
    request_body = NewApiToken,
    responses((status = 201, description = "It is made and can be used.", body = ApiToken))
)]
pub(super) async fn create(
    State(admin): State<Admin>,
    headers: HeaderMap,
    Key(key): Key,
    JsonBody(body): JsonBody,
) -> Response {
    let result = admin.provisioning.create_api_token(&body, key.as_ref());
    made(&headers, StatusCode::CREATED, result.await)
}

/// List API tokens
#[utoipa::path(
    get, path = "/api-token", tag = "tokens", operation_id = "list_api_tokens",
    params(Paging),
    responses((status = 200, description = "A page of them, newest first, without those that were revoked.", body = List<ApiToken>))
)]
pub(super) async fn list(
    State(admin): State<Admin>,
    headers: HeaderMap,
    Pairs(pairs): Pairs,
) -> Response {
    let result = async {
        let mut query = Query::new(&pairs, &["limit", "cursor"]);
        let paging = query.paging();
        query.finish()?;
        admin.provisioning.api_tokens(&paging).await
    };
    found(&headers, result.await)
}

/// Get an API token
#[utoipa::path(
    get, path = "/api-token/{id}", tag = "tokens", operation_id = "get_api_token",
    params(("id" = ApiTokenId, Path, description = "The token's id.")),
    responses((status = 200, description = "What is kept of it, also if it has ended.", body = ApiToken))
)]
pub(super) async fn get(
    State(admin): State<Admin>,
    headers: HeaderMap,
    Id(id): Id<ApiTokenId>,
) -> Response {
    found(&headers, admin.provisioning.api_token(id).await)
}

/// Revoke an API token
#[utoipa::path(
    delete, path = "/api-token/{id}", tag = "tokens", operation_id = "revoke_api_token",
    params(("id" = ApiTokenId, Path, description = "The token's id.")),
    responses((status = 204, description = "It is revoked."))
)]
pub(super) async fn revoke(
    State(admin): State<Admin>,
    headers: HeaderMap,
    Id(id): Id<ApiTokenId>,
) -> Response {
    gone(&headers, admin.provisioning.revoke_api_token(id).await)
}

/// Say what a token is
///
/// And why it does or does not work. Takes any token, and URLs of servers.
#[utoipa::path(
    post, path = "/token/inspect", tag = "tokens", operation_id = "inspect_token",
    request_body = TokenQuestion,
    responses((status = 200, description = "What it is.", body = Inspected))
)]
pub(super) async fn inspect(
    State(admin): State<Admin>,
    headers: HeaderMap,
    JsonBody(body): JsonBody,
) -> Response {
    found(&headers, admin.provisioning.inspect_token(&body).await)
}
