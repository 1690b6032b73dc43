//! `/activity` and `/status`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::Admin;
use super::read::Pairs;
use super::reply::found;
use crate::provision::{ActivityFilter, Call, List, Paging, Query, Status};

const FILTERS: [&str; 11] = [
    "server_id",
    "account_id",
    "tool",
    "outcome",
    "is_error",
    "customer",
    "invoice",
    "from",
    "until",
    "limit",
    "cursor",
];

/// List calls of tools
#[utoipa::path(
    get, path = "/activity", tag = "activity", operation_id = "list_activity",
    params(ActivityFilter, Paging),
    responses((status = 200, description = "A page of them, newest first.", body = List<Call>))
)]
pub(super) async fn activity(
    State(admin): State<Admin>,
    headers: HeaderMap,
    Pairs(pairs): Pairs,
) -> Response {
    let result = async {
        let mut query = Query::new(&pairs, &FILTERS);
        let (filter, paging) = (query.activity(), query.paging());
        query.finish()?;
        admin.provisioning.activity(&filter, &paging).await
    };
    found(&headers, result.await)
}

/// Say how the server stands
#[utoipa::path(
    get, path = "/status", tag = "activity", operation_id = "get_status",
    responses((status = 200, description = "Versions, store and counts.", body = Status))
)]
pub(super) async fn status(State(admin): State<Admin>, headers: HeaderMap) -> Response {
    found(&headers, admin.provisioning.status().await)
}
