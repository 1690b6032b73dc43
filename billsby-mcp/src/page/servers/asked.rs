//! What a handler is asked, and of which server.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::response::Response;

pub(super) use crate::page::asked::Asked;
use crate::page::visitor::Visitor;
use crate::page::{Page, reply};
use crate::record::{AccountId, ServerId};

/// The server in an address.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) account: AccountId,
    pub(super) id: ServerId,
}

impl FromRequestParts<Arc<Page>> for Place {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, page: &Arc<Page>) -> Result<Self, Response> {
        let ids = Path::<(String, String)>::from_request_parts(parts, page).await;
        let place = ids
            .ok()
            .and_then(|Path((account, id))| Self::parse(&account, &id));
        match (place, parts.extensions.get::<Visitor>()) {
            (Some(place), _) => Ok(place),
            (None, Some(visitor)) => Err(reply::not_found(visitor, "there is no such server")),
            (None, None) => Err(reply::foreign()),
        }
    }
}

impl Place {
    /// The server of an account, by their ids.
    pub(super) fn parse(account: &str, id: &str) -> Option<Self> {
        Some(Self {
            account: account.parse().ok()?,
            id: id.parse().ok()?,
        })
    }

    /// The address of its screen, or of one below that.
    pub(super) fn path(self, rest: &str) -> String {
        format!("{}/{}/{}{rest}", super::PATH, self.account, self.id)
    }
}
