//! What a handler is asked: by whom, and with which form or query.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::http::{Method, Uri};
use axum::response::Response;
use maud::Markup;

use super::form::Form;
use super::visitor::Visitor;
use super::{Page, reply, shell};
use crate::provision::{Account, Paging, ProvisionError, Provisioning};
use crate::store::StoreError;

/// How many accounts a list to choose from has at most, in pages of 100.
const MOST_PAGES: usize = 10;

/// A request that has passed the guard.
pub(super) struct Asked {
    pub(super) page: Arc<Page>,
    pub(super) visitor: Visitor,
    pub(super) form: Form,
    address: Uri,
    /// Whether something was to be done, rather than shown.
    is_order: bool,
}

impl FromRequestParts<Arc<Page>> for Asked {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, page: &Arc<Page>) -> Result<Self, Response> {
        let visitor = parts.extensions.get::<Visitor>().cloned();
        let form = parts.extensions.get::<Form>().cloned();
        Ok(Self {
            page: Arc::clone(page),
            // The guard lets nobody pass without.
            visitor: visitor.ok_or_else(reply::foreign)?,
            form: form.unwrap_or_default(),
            address: parts.uri.clone(),
            is_order: parts.method == Method::POST,
        })
    }
}

impl Asked {
    pub(super) fn provisioning(&self) -> &Provisioning {
        &self.page.provisioning
    }

    /// The screen at this address.
    pub(super) fn screen(&self, status: StatusCode, title: &str, body: &Markup) -> Response {
        let screen = shell::screen(&self.visitor, title, self.address.path(), body);
        reply::with_status(status, screen)
    }

    /// What came of the work, or why nothing did.
    pub(super) fn answer(&self, result: Result<Response, ProvisionError>) -> Response {
        result.unwrap_or_else(|error| match &error {
            ProvisionError::Store(StoreError::Unknown(_)) if self.form.key().is_some() => {
                tracing::error!(%error, "nobody knows whether a form had its effect");
                reply::unknown_once(&self.visitor)
            }
            error if self.is_order => reply::failed(&self.visitor, error),
            error => reply::not_shown(&self.visitor, error, &self.address),
        })
    }

    /// The accounts to choose from, newest first.
    pub(super) async fn accounts(&self) -> Result<Vec<Account>, ProvisionError> {
        let mut accounts = Vec::new();
        let mut cursor = None;
        for _ in 0..MOST_PAGES {
            let limit = Some(100);
            let list = self
                .provisioning()
                .accounts(&Paging { limit, cursor })
                .await?;
            accounts.extend(list.result);
            cursor = list.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        Ok(accounts)
    }
}
