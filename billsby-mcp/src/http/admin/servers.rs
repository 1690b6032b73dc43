//! `/integrated-account/{id}/mcp`

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::Admin;
use super::read::{Id, Ids, JsonBody, Key, OptionalBody, Pairs, PatchBody};
use super::reply::{found, gone, made};
use crate::provision::{
    List, NewServer, Paging, Query, Rotation, ServedTools, Server, ServerChange, ServerFilter,
};
use crate::record::{AccountId, ServerId};

/// Make a server
///
/// Its URL and the secret in it are in this answer only. Without `config.methods` it serves reads.
#[utoipa::path(
    post, path = "/integrated-account/{id}/mcp", tag = "servers", operation_id = "create_server",
    params(
        ("id" = AccountId, Path, description = "The account whose tools it serves."),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 printable characters. The same request with the same key has its effect once and gets the same answer for 24 hours.")
    ),
    request_body = NewServer,
    responses((status = 201, description = "It is made and can be used.", body = Server))
)]
pub(super) async fn create(
    State(admin): State<Admin>,
    headers: HeaderMap,
    Id(id): Id<AccountId>,
    Key(key): Key,
    JsonBody(body): JsonBody,
) -> Response {
    let result = admin.provisioning.create_server(id, &body, key.as_ref());
    made(&headers, StatusCode::CREATED, result.await)
}

/// List the servers of an account
#[utoipa::path(
    get, path = "/integrated-account/{id}/mcp", tag = "servers", operation_id = "list_servers",
    params(("id" = AccountId, Path, description = "The account."), ServerFilter, Paging),
    responses((status = 200, description = "A page of them, newest first, also of those that have ended.", body = List<Server>))
)]
pub(super) async fn list(
    State(admin): State<Admin>,
    headers: HeaderMap,
    Id(id): Id<AccountId>,
    Pairs(pairs): Pairs,
) -> Response {
    let result = async {
        let mut query = Query::new(&pairs, &["state", "name", "limit", "cursor"]);
        let (filter, paging) = (query.servers(), query.paging());
        query.finish()?;
        admin.provisioning.servers(id, &filter, &paging).await
    };
    found(&headers, result.await)
}

/// Say what a server would serve
///
/// Takes what making one takes, and makes nothing.
#[utoipa::path(
    post, path = "/integrated-account/{id}/mcp/preview", tag = "servers", operation_id = "preview_server",
    params(("id" = AccountId, Path, description = "The account.")),
    request_body = NewServer,
    responses((status = 200, description = "The tools.", body = ServedTools))
)]
pub(super) async fn preview(
    State(admin): State<Admin>,
    headers: HeaderMap,
    Id(id): Id<AccountId>,
    JsonBody(body): JsonBody,
) -> Response {
    found(&headers, admin.provisioning.preview_server(id, &body).await)
}

/// Get a server
#[utoipa::path(
    get, path = "/integrated-account/{id}/mcp/{server_id}", tag = "servers", operation_id = "get_server",
    params(
        ("id" = AccountId, Path, description = "The account."),
        ("server_id" = ServerId, Path, description = "The server.")
    ),
    responses((status = 200, description = "The server, also if it has ended.", body = Server))
)]
pub(super) async fn get(
    State(admin): State<Admin>,
    headers: HeaderMap,
    Ids(id, server): Ids<AccountId, ServerId>,
) -> Response {
    found(&headers, admin.provisioning.server(id, server).await)
}

/// Change a server
///
/// A JSON merge patch. The URL stays and serves what is new from the next request on. A server that has
/// expired can be given more time; one that was revoked cannot come back.
#[utoipa::path(
    patch, path = "/integrated-account/{id}/mcp/{server_id}", tag = "servers", operation_id = "change_server",
    params(
        ("id" = AccountId, Path, description = "The account."),
        ("server_id" = ServerId, Path, description = "The server.")
    ),
    request_body(content((ServerChange = "application/merge-patch+json"), (ServerChange = "application/json"))),
    responses((status = 200, description = "The server as it is now.", body = Server))
)]
pub(super) async fn change(
    State(admin): State<Admin>,
    headers: HeaderMap,
    Ids(id, server): Ids<AccountId, ServerId>,
    PatchBody(body): PatchBody,
) -> Response {
    let result = admin.provisioning.change_server(id, server, &body);
    found(&headers, result.await)
}

/// Revoke a server
///
/// Its URL answers nothing from then on. The record stays, and says when that was.
#[utoipa::path(
    delete, path = "/integrated-account/{id}/mcp/{server_id}", tag = "servers", operation_id = "revoke_server",
    params(
        ("id" = AccountId, Path, description = "The account."),
        ("server_id" = ServerId, Path, description = "The server.")
    ),
    responses((status = 204, description = "It is revoked."))
)]
pub(super) async fn revoke(
    State(admin): State<Admin>,
    headers: HeaderMap,
    Ids(id, server): Ids<AccountId, ServerId>,
) -> Response {
    gone(&headers, admin.provisioning.revoke_server(id, server).await)
}

/// Give a server another secret
///
/// The one before works for a while as well. One that was replaced earlier ends at once.
#[utoipa::path(
    post, path = "/integrated-account/{id}/mcp/{server_id}/rotate", tag = "servers", operation_id = "rotate_server",
    params(
        ("id" = AccountId, Path, description = "The account."),
        ("server_id" = ServerId, Path, description = "The server."),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 printable characters. The same request with the same key has its effect once and gets the same answer for 24 hours.")
    ),
    request_body(content = Option<Rotation>),
    responses((status = 200, description = "The server with its new URL and secret.", body = Server))
)]
pub(super) async fn rotate(
    State(admin): State<Admin>,
    headers: HeaderMap,
    Ids(id, server): Ids<AccountId, ServerId>,
    Key(key): Key,
    OptionalBody(body): OptionalBody,
) -> Response {
    let result = admin
        .provisioning
        .rotate_server(id, server, &body, key.as_ref());
    made(&headers, StatusCode::OK, result.await)
}

/// Say what a server serves
#[utoipa::path(
    get, path = "/integrated-account/{id}/mcp/{server_id}/tools", tag = "servers", operation_id = "get_server_tools",
    params(
        ("id" = AccountId, Path, description = "The account."),
        ("server_id" = ServerId, Path, description = "The server.")
    ),
    responses((status = 200, description = "The tools.", body = ServedTools))
)]
pub(super) async fn tools(
    State(admin): State<Admin>,
    headers: HeaderMap,
    Ids(id, server): Ids<AccountId, ServerId>,
) -> Response {
    found(&headers, admin.provisioning.server_tools(id, server).await)
}
