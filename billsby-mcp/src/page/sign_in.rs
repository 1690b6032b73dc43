//! Signing in with the admin token, and out.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::{Markup, html};

use super::asked::Asked;
use super::form::Form;
use super::visitor::Visitor;
use super::{Page, guard, reply, shell};
use crate::http::Peer;

/// Where one signs in.
const PATH: &str = "/ui/sign-in";

/// The form. Whoever has a session needs none.
pub(super) async fn show(
    State(page): State<Arc<Page>>,
    visitor: Option<Extension<Visitor>>,
    headers: HeaderMap,
    Extension(query): Extension<Form>,
) -> Response {
    let next = guard::next(&query);
    if visitor.is_some() {
        return Redirect::to(next).into_response();
    }
    let base = &page.provisioning.options().public_base;
    let note = match (query.has("started"), query.has("ended")) {
        (true, _) => not_kept(base, next),
        (false, true) => ended(),
        (false, false) if is_by_link(&headers, &query) => go_on(next),
        (false, false) => html! {},
    };
    screen(next, &note, None).into_response()
}

/// Looks at the token.
pub(super) async fn enter(
    State(page): State<Arc<Page>>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    Extension(form): Extension<Form>,
) -> Response {
    let next = guard::next(&form);
    let now = page.provisioning.now();
    let Some(token) = form.get("token") else {
        return refused(next, &Refusal::Missing);
    };
    // As for the API, the right one passes however many wrong ones came before.
    if !page.token.is(token) {
        let peer = peer.map(|Extension(peer)| peer);
        let address = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
        if let Err(seconds) = page.attempts.may_try(address, now) {
            return refused(next, &Refusal::TooOften(seconds));
        }
        page.attempts.note(address, now);
        tracing::warn!(%address, "a wrong admin token");
        return refused(next, &Refusal::Wrong);
    }
    let is_secure = guard::is_secure(&page);
    let to = if is_secure && is_plain(&headers) {
        by_way_of_here(next)
    } else {
        next.to_owned()
    };
    match page.sessions.begin(now, is_secure) {
        Ok(Some(cookie)) => ([(header::SET_COOKIE, cookie)], Redirect::to(&to)).into_response(),
        Ok(None) => refused(next, &Refusal::Defect),
        Err(error) => {
            tracing::error!(%error, "the system has no random numbers");
            refused(next, &Refusal::Defect)
        }
    }
}

/// Ends the session.
pub(super) async fn leave(asked: Asked) -> Response {
    let (page, visitor) = (&asked.page, &asked.visitor);
    let secure = guard::is_secure(page);
    let cookie = page.sessions.end(&visitor.session, visitor.now, secure);
    let cookie = cookie.map(|cookie| [(header::SET_COOKIE, cookie)]);
    let mut response = Redirect::to(PATH).into_response();
    for (name, value) in cookie.into_iter().flatten() {
        response.headers_mut().insert(name, value);
    }
    response
}

/// Whether the form was not sent by HTTPS, as far as the browser says. Most browsers then drop a cookie that is to go
/// by HTTPS only.
fn is_plain(headers: &HeaderMap) -> bool {
    let origin = headers.get(header::ORIGIN);
    origin.is_some_and(|origin| origin.as_bytes().starts_with(b"http://"))
}

/// Leads on from here if the browser has kept the session, and otherwise says that it has not.
fn by_way_of_here(next: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("started", "1").append_pair("next", next);
    format!("{PATH}?{}", query.finish())
}

/// Whether somebody may have come by a link of another site: no browser shows the session then.
fn is_by_link(headers: &HeaderMap, query: &Form) -> bool {
    let site = headers.get("sec-fetch-site");
    query.has("next") && site.is_none_or(|site| site == "cross-site")
}

fn not_kept(base: &str, next: &str) -> Markup {
    html! {
        div.notice.bad role="alert" {
            p {
                "Your browser did not keep the session: this page is set up for https (" code { "--public-url" }
                "). Open it by that address: " a href={ (base) (next) } { (base) } "."
            }
        }
    }
}

fn ended() -> Markup {
    html! {
        p.notice.care role="alert" {
            "Your session is over. What you sent was not done: look, then do it again."
        }
    }
}

fn go_on(next: &str) -> Markup {
    html! { p.notice { "Already signed in? " a href=(next) { "Go on" } } }
}

/// Why somebody was not let in.
enum Refusal {
    Missing,
    Wrong,
    /// For so many seconds.
    TooOften(u32),
    Defect,
}

impl Refusal {
    const fn status(&self) -> StatusCode {
        match self {
            Self::Missing | Self::Wrong => StatusCode::UNAUTHORIZED,
            Self::TooOften(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Defect => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Missing => "Enter the admin token.".to_owned(),
            Self::Wrong => {
                "This is not the admin token. Look whether all of it was copied.".to_owned()
            }
            Self::TooOften(seconds) => format!(
                "This is not the admin token, and too many wrong ones came from your address. Try again in \
                 {seconds} seconds; the right one is accepted at once."
            ),
            Self::Defect => "The session could not be made. The server's log says more.".to_owned(),
        }
    }
}

fn refused(next: &str, refusal: &Refusal) -> Response {
    let screen = screen(next, &html! {}, Some(refusal));
    let mut response = reply::with_status(refusal.status(), screen);
    if let Refusal::TooOften(seconds) = refusal {
        let seconds = HeaderValue::from(*seconds);
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    response
}

fn screen(next: &str, note: &Markup, refusal: Option<&Refusal>) -> Markup {
    let described = if refusal.is_some() {
        "problems token-hint"
    } else {
        "token-hint"
    };
    let body = html! {
        div.narrow {
            (note)
            @if let Some(refusal) = refusal {
                p #problems.notice.bad role="alert" { (refusal.text()) }
            }
            form method="post" action=(PATH) {
                input type="hidden" name="next" value=(next);
                div.field {
                    label for="token" { "Admin token" }
                    input #token type="password" name="token" required autofocus spellcheck="false"
                        autocomplete="current-password" aria-describedby=(described)
                        aria-invalid=[refusal.map(|_| "true")];
                }
                div.actions { button type="submit" { "Sign in" } }
            }
            (help())
        }
    };
    shell::bare("Sign in", &body)
}

/// Where the token is.
fn help() -> Markup {
    html! {
        div #token-hint.hint {
            p {
                "It was printed once, when the server started for the first time. If the server was started with "
                code { "BILLSBY_MCP_ADMIN_TOKEN" } ", it is what that was set to."
            }
            p {
                "Lost? Start the server again with " code { "BILLSBY_MCP_ADMIN_TOKEN" }
                " set to a new one of at least 32 random characters."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_by_here_keeps_where_one_wanted_to() {
        let next = "/ui/activity?tool=a%20b&span=7d";
        let to = by_way_of_here(next);
        let (path, query) = to.split_once('?').unwrap();
        let query = Form::parse(query.as_bytes());
        assert_eq!(path, PATH);
        assert!(query.has("started"));
        assert_eq!(guard::next(&query), next);
    }

    #[test]
    fn only_who_may_have_come_by_a_link_is_told_to_go_on() {
        let by_link = |site: Option<&'static str>, query: &str| {
            let mut headers = HeaderMap::new();
            if let Some(site) = site {
                headers.insert("sec-fetch-site", HeaderValue::from_static(site));
            }
            is_by_link(&headers, &Form::parse(query.as_bytes()))
        };
        assert!(by_link(Some("cross-site"), "next=%2Fui%2Factivity"));
        assert!(by_link(None, "next=%2Fui%2Factivity"));
        assert!(!by_link(Some("none"), "next=%2Fui%2Factivity"));
        assert!(!by_link(Some("cross-site"), ""));
    }
}
