//! `/integrated-account`

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::Admin;
use super::read::{Id, JsonBody, Key, Pairs, PatchBody};
use super::reply::{found, gone, made};
use crate::provision::{Account, AccountChange, List, NewAccount, Paging, Query, Verification};
use crate::record::AccountId;

/// Make an account
///
/// Billsby is not asked whether key and company domain work; `verify` does that.
#[utoipa::path(
    post, path = "/integrated-account", tag = "accounts", operation_id = "create_account",
    request_body = NewAccount,
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 printable characters. The same request with the same key has its effect once and gets the same answer for 24 hours.")),
    responses((status = 201, description = "It is made.", body = Account))
)]
pub(super) async fn create(
    State(admin): State<Admin>,
    headers: HeaderMap,
    Key(key): Key,
    JsonBody(body): JsonBody,
) -> Response {
    let result = admin.provisioning.create_account(&body, key.as_ref()).await;
    made(&headers, StatusCode::CREATED, result)
}

/// List accounts
#[utoipa::path(
    get, path = "/integrated-account", tag = "accounts", operation_id = "list_accounts",
    params(Paging),
    responses((status = 200, description = "A page of them, newest first.", body = List<Account>))
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
        admin.provisioning.accounts(&paging).await
    };
    found(&headers, result.await)
}

/// Get an account
#[utoipa::path(
    get, path = "/integrated-account/{id}", tag = "accounts", operation_id = "get_account",
    params(("id" = AccountId, Path, description = "The account.")),
    responses((status = 200, description = "The account, without its API key.", body = Account))
)]
pub(super) async fn get(
    State(admin): State<Admin>,
    headers: HeaderMap,
    Id(id): Id<AccountId>,
) -> Response {
    found(&headers, admin.provisioning.account(id).await)
}

/// Change an account
///
/// A JSON merge patch. Its servers go on with what is new from the next call on.
#[utoipa::path(
    patch, path = "/integrated-account/{id}", tag = "accounts", operation_id = "change_account",
    params(("id" = AccountId, Path, description = "The account.")),
    request_body(content((AccountChange = "application/merge-patch+json"), (AccountChange = "application/json"))),
    responses((status = 200, description = "The account as it is now.", body = Account))
)]
pub(super) async fn change(
    State(admin): State<Admin>,
    headers: HeaderMap,
    Id(id): Id<AccountId>,
    PatchBody(body): PatchBody,
) -> Response {
    found(&headers, admin.provisioning.change_account(id, &body).await)
}

/// Delete an account
///
/// Its servers are revoked with it, and its API key is erased.
#[utoipa::path(
    delete, path = "/integrated-account/{id}", tag = "accounts", operation_id = "delete_account",
    params(("id" = AccountId, Path, description = "The account.")),
    responses((status = 204, description = "It is gone."))
)]
pub(super) async fn delete(
    State(admin): State<Admin>,
    headers: HeaderMap,
    Id(id): Id<AccountId>,
) -> Response {
    gone(&headers, admin.provisioning.delete_account(id).await)
}

/// Ask Billsby whether an account works
///
/// One read of a few customers. That Billsby refuses is an answer, too.
#[utoipa::path(
    post, path = "/integrated-account/{id}/verify", tag = "accounts", operation_id = "verify_account",
    params(("id" = AccountId, Path, description = "The account.")),
    responses((status = 200, description = "Whether it works, and why not.", body = Verification))
)]
pub(super) async fn verify(
    State(admin): State<Admin>,
    headers: HeaderMap,
    Id(id): Id<AccountId>,
) -> Response {
    found(&headers, admin.provisioning.verify_account(id).await)
}
