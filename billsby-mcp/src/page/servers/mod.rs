//! Provisioned servers: the list, the form that makes one, and what can be done with one.

mod asked;
mod change;
mod choose;
mod connect;
mod create;
mod detail;
mod draft;
mod edit;
mod end;
mod form;
mod list;
mod made;
mod meanwhile;
mod notice;
mod preset;
mod preview;
mod rotate;
#[cfg(test)]
mod scene;
mod tokens;
mod tools;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use super::Page;

/// Where the list is, and below it all that belongs to servers.
const PATH: &str = "/ui/servers";

pub(super) fn routes() -> Router<Arc<Page>> {
    let one = |rest: &str| format!("{PATH}/{{account}}/{{id}}{rest}");
    Router::new()
        .route(PATH, get(list::show))
        .route("/ui/servers/new", get(create::show).post(create::create))
        .route("/ui/servers/preview", post(create::preview))
        .route(&one(""), get(detail::show))
        .route(&one("/edit"), get(edit::show).post(edit::change))
        .route(&one("/expiry"), post(change::expiry))
        .route(&one("/rotate"), get(rotate::ask).post(rotate::rotate))
        .route(&one("/revoke"), get(change::ask).post(change::revoke))
        .route(&one("/tokens"), post(tokens::create))
        .route(
            "/ui/tokens/{id}/revoke",
            get(tokens::ask).post(tokens::revoke),
        )
}
