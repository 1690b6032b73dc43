//! The web page for whoever runs the server: the same work as the admin API, as screens.
//!
//! A request passes the guard first: host, origin, session, and that a form is one of this page. Then its
//! form or query is read, [`Provisioning`] does the work, and a screen shows what came of it. All HTML is made
//! here, by a template language that escapes whatever it is given; the only script is one file, and everything
//! but the live preview works without it.

mod accounts;
mod activity;
mod asked;
mod asset;
mod form;
mod guard;
mod health;
mod part;
mod reply;
mod servers;
mod session;
mod shell;
mod sign_in;
mod try_tool;
mod visitor;

use std::sync::Arc;

use axum::Router;
use axum::extract::Extension;
use axum::middleware;
use axum::response::{Redirect, Response};
use axum::routing::get;

use crate::http::attempts::Attempts;
use crate::provision::{AdminToken, Provisioning};
use session::Sessions;
use visitor::Visitor;

/// What the screens share.
struct Page {
    provisioning: Arc<Provisioning>,
    token: AdminToken,
    sessions: Sessions,
    attempts: Attempts,
    /// What clients on this machine are told to start as a bridge.
    program: String,
}

/// Where one lands.
const HOME: &str = "/ui/servers";

/// The routes of the page. They have no fallback, so that they can be merged with others. `program` is what a
/// client on this machine starts as a bridge.
pub fn router(provisioning: Arc<Provisioning>, token: AdminToken, program: String) -> Router {
    let page = Arc::new(Page {
        sessions: Sessions::new(token.clone()),
        provisioning,
        token,
        attempts: Attempts::default(),
        program,
    });
    routes()
        .layer(middleware::from_fn_with_state(
            Arc::clone(&page),
            guard::guard,
        ))
        .with_state(page)
}

/// A reload of what a form gave may come as a plain request: where only forms are read, that leads to their screen.
fn routes() -> Router<Arc<Page>> {
    let home = || get(async || Redirect::to(HOME));
    Router::new()
        .route("/", home())
        .route("/ui", home())
        .route("/ui/", home())
        .route("/ui/sign-in", get(sign_in::show).post(sign_in::enter))
        .route("/ui/sign-out", home().post(sign_in::leave))
        .route("/ui/assets/{name}", get(asset::serve))
        .merge(accounts::routes())
        .merge(servers::routes())
        .merge(activity::routes())
        .merge(try_tool::routes())
        .merge(health::routes())
        .route("/ui/{*rest}", get(nothing))
        // Of these routes only, so that this holds for none that they are merged with.
        .method_not_allowed_fallback(other_method)
}

async fn nothing(Extension(visitor): Extension<Visitor>) -> Response {
    reply::not_found(&visitor, "there is nothing at this address")
}

async fn other_method(visitor: Option<Extension<Visitor>>) -> Response {
    reply::wrong_method(visitor.as_deref())
}
