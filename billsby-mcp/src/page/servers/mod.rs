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
use axum::response::Redirect;
use axum::routing::get;

use super::Page;
use asked::Place;

/// Where the list is, and below it all that belongs to servers.
const PATH: &str = "/ui/servers";

pub(super) fn routes() -> Router<Arc<Page>> {
    // Where only forms are read, anything else leads to the screen with the form.
    let back = || get(async |place: Place| Redirect::to(&place.path("")));
    let one = |rest: &str| format!("{PATH}/{{account}}/{{id}}{rest}");
    Router::new()
        .route(PATH, get(list::show))
        .route("/ui/servers/new", get(create::show).post(create::create))
        .route(
            "/ui/servers/preview",
            get(async || Redirect::to("/ui/servers/new")).post(create::preview),
        )
        .route(&one(""), get(detail::show))
        .route(&one("/edit"), get(edit::show).post(edit::change))
        .route(&one("/expiry"), back().post(change::expiry))
        .route(&one("/rotate"), get(rotate::ask).post(rotate::rotate))
        .route(&one("/revoke"), get(change::ask).post(change::revoke))
        .route(&one("/tokens"), back().post(tokens::create))
        .route(
            "/ui/tokens/{id}/revoke",
            get(tokens::ask).post(tokens::revoke),
        )
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::extract::Extension;
    use axum::http::{Method, Request, StatusCode, header};
    use axum::response::Response;
    use hyper::service::Service as _;
    use hyper_util::service::TowerToHyperService;
    use serde_json::json;

    use super::scene::{Scene, got, place};
    use super::*;

    /// What the whole page answers to somebody who is signed in, next to a route of somebody else.
    async fn answered(scene: &Scene, method: Method, path: &str) -> Response {
        let asked = scene.asked(Method::GET, "", None).await;
        let page = crate::page::routes()
            .layer(Extension(asked.visitor))
            .with_state(asked.page);
        let site = Router::new()
            .route("/healthz", get(async || "alive"))
            .merge(page);
        let request = Request::builder().method(method).uri(path);
        let request = request.body(Body::empty()).unwrap();
        TowerToHyperService::new(site).call(request).await.unwrap()
    }

    #[tokio::test]
    async fn where_only_forms_are_read_anything_else_leads_to_their_screen() {
        let scene = Scene::start().await;
        let server = scene.server(&json!({"name": "Desk"})).await;
        let server = place(&server).path("");
        let account = format!("/ui/accounts/{}", scene.account);
        for (path, screen) in [
            ("/ui/", PATH),
            ("/ui/sign-out", PATH),
            ("/ui/health/check", "/ui/health"),
            ("/ui/accounts/sandbox", "/ui/accounts"),
            (&format!("{account}/check"), &account),
            ("/ui/servers/preview", "/ui/servers/new"),
            (&format!("{server}/expiry"), &server),
            (&format!("{server}/tokens"), &server),
        ] {
            let response = answered(&scene, Method::GET, path).await;
            assert_eq!(response.status(), StatusCode::SEE_OTHER, "{path}");
            let to = response.headers().get(header::LOCATION).unwrap();
            assert_eq!(to, screen, "{path}");
        }
    }

    #[tokio::test]
    async fn other_methods_get_a_screen_of_this_page_only() {
        let scene = Scene::start().await;
        for path in ["/", "/ui/servers", "/ui/health/check", "/ui/x"] {
            let response = answered(&scene, Method::DELETE, path).await;
            assert!(response.headers().contains_key(header::ALLOW), "{path}");
            let (status, html) = got(response).await;
            assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
            assert!(html.contains("<h1>"), "{path}: {html}");
        }
        let response = answered(&scene, Method::DELETE, "/healthz").await;
        let (status, html) = got(response).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(html, "");
    }
}
