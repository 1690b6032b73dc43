//! Accounts: the list, connecting one, changing, checking and removing it.

mod active;
mod change;
mod draft;
mod list;
mod remove;

use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::response::{Redirect, Response};
use axum::routing::get;
use jiff::{SignedDuration, Timestamp};

use super::visitor::Visitor;
use super::{Page, reply};
use crate::record::AccountId;

/// Where the list is.
const PATH: &str = "/ui/accounts";

pub(super) fn routes() -> Router<Arc<Page>> {
    Router::new()
        .route(PATH, get(list::show).post(list::connect))
        .route(
            "/ui/accounts/sandbox",
            get(async || Redirect::to(PATH)).post(list::sandbox),
        )
        .route("/ui/accounts/{id}", get(change::show).post(change::save))
        .route(
            "/ui/accounts/{id}/check",
            get(async |place: Place| Redirect::to(&place.path(""))).post(change::check),
        )
        .route(
            "/ui/accounts/{id}/remove",
            get(remove::ask).post(remove::remove),
        )
}

/// Whether something was done so lately that the screen after it may still say so.
fn is_lately(visitor: &Visitor, at: Timestamp) -> bool {
    visitor.now.duration_since(at) < SignedDuration::from_secs(120)
}

/// The account in an address.
#[derive(Debug, Clone, Copy)]
struct Place(AccountId);

impl FromRequestParts<Arc<Page>> for Place {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, page: &Arc<Page>) -> Result<Self, Response> {
        let text = Path::<String>::from_request_parts(parts, page).await;
        let id = text.ok().and_then(|Path(text)| text.parse().ok());
        match (id, parts.extensions.get::<Visitor>()) {
            (Some(id), _) => Ok(Self(id)),
            (None, Some(visitor)) => Err(reply::not_found(visitor, "there is no such account")),
            (None, None) => Err(reply::foreign()),
        }
    }
}

impl Place {
    /// The address of its screen, or of one below that.
    fn path(self, rest: &str) -> String {
        format!("{PATH}/{}{rest}", self.0)
    }
}
