//! Who may see the page and change anything through it.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use http_body_util::{BodyExt as _, Limited};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use subtle::ConstantTimeEq as _;

use super::form::Form;
use super::visitor::Visitor;
use super::{Page, asset, reply};
use crate::protocol::http::is_host_allowed;

/// The largest form, in bytes.
const LIMIT: usize = 256 * 1024;
/// The screen that needs no session.
const SIGN_IN: &str = "/ui/sign-in";
/// Nothing comes from elsewhere, nothing stands in the HTML itself, and nobody may put the page into a frame.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const HEADERS: [(HeaderName, &str); 8] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Not "no-referrer": the browser would not say where a form comes from.
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=()",
    ),
    (header::VARY, "Cookie"),
];

/// Lets a request pass that comes to a name of this server from this page itself, in a session. What was posted
/// goes on as a [`Form`], whoever sent it as a [`Visitor`].
pub(super) async fn guard(State(page): State<Arc<Page>>, request: Request, next: Next) -> Response {
    let mut response = match admitted(&page, request).await {
        Ok(request) => next.run(request).await,
        Err(refusal) => refusal,
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

async fn admitted(page: &Page, request: Request) -> Result<Request, Response> {
    let (mut parts, body) = request.into_parts();
    let host = host(&parts.headers, &parts.uri).unwrap_or_default();
    // A page of another site may have its own name lead to this machine.
    if !is_host_allowed(&host, &page.provisioning.options().allowed_hosts) {
        return Err(reply::wrong_host());
    }
    if parts.uri.path().starts_with(asset::PATH) {
        return Ok(Request::from_parts(parts, body));
    }
    let is_post = parts.method == Method::POST;
    let is_sign_in = parts.uri.path() == SIGN_IN;
    if is_post && !is_own(&parts.headers, &host) {
        return Err(reply::foreign());
    }
    let now = page.provisioning.now();
    let session = page.sessions.of(&parts.headers, now, is_secure(page));
    let visitor = session.map(|session| {
        let csrf = page.sessions.csrf(&session);
        Visitor::new(session, csrf, &parts.headers, now)
    });
    if visitor.is_none() && !is_sign_in {
        return Err(to_sign_in(&parts));
    }
    let form = if is_post {
        posted(body, visitor.as_ref().filter(|_| !is_sign_in)).await?
    } else {
        Form::parse(parts.uri.query().unwrap_or_default().as_bytes())
    };
    parts.extensions.insert(form);
    if let Some(visitor) = visitor {
        parts.extensions.insert(visitor);
    }
    Ok(Request::from_parts(parts, Body::empty()))
}

/// Reads a form, which has to be one of the visitor's session. Whoever signs in has none yet, or an old one.
async fn posted(body: Body, visitor: Option<&Visitor>) -> Result<Form, Response> {
    let bytes = Limited::new(body, LIMIT).collect().await;
    let form = Form::parse(&bytes.map_err(|_| reply::unreadable())?.to_bytes());
    let is_of_session = visitor.is_none_or(|visitor| {
        let sent = form.get("csrf").unwrap_or_default();
        sent.as_bytes().ct_eq(visitor.csrf.as_bytes()).into()
    });
    // A key that cannot be read would make a form that has its effect once have it every time.
    let has_odd_key = form.has("key") && form.key().is_none();
    if is_of_session && !has_odd_key {
        Ok(form)
    } else {
        Err(reply::foreign())
    }
}

fn host(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    let host = uri.authority().map(Authority::as_str);
    let host = host.or_else(|| headers.get(header::HOST)?.to_str().ok())?;
    Some(host.to_owned())
}

/// Whether a form was sent by a page of this host, as far as the browser says. Whoever is no browser says nothing,
/// and has no session that a browser could lend.
fn is_own(headers: &HeaderMap, host: &str) -> bool {
    let text = |name: &str| headers.get(name).map(HeaderValue::to_str);
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, Ok("same-origin" | "none")),
        (None, Some(origin)) => origin.is_ok_and(|origin| {
            let Some((scheme, name)) = origin.split_once("://") else {
                return false;
            };
            // A browser leaves the usual port out, a proxy may add it.
            let usual = if scheme == "https" { ":443" } else { ":80" };
            let bare = |name: &str| {
                name.strip_suffix(usual)
                    .unwrap_or(name)
                    .to_ascii_lowercase()
            };
            bare(name) == bare(host)
        }),
        (None, None) => true,
    }
}

/// Where somebody without a session signs in, and then comes back: to the screen that was asked for, or to the
/// one with the form that is not read any more.
fn to_sign_in(parts: &Parts) -> Response {
    let (screen, ended) = if parts.method == Method::POST {
        let from = parts.headers.get(header::REFERER);
        let from = from.and_then(|from| from.to_str().ok()?.parse::<Uri>().ok());
        (from.unwrap_or_default(), "&ended=1")
    } else {
        (parts.uri.clone(), "")
    };
    let screen = screen
        .path_and_query()
        .map_or("/", |screen| screen.as_str());
    let next = utf8_percent_encode(screen, NON_ALPHANUMERIC);
    Redirect::to(&format!("{SIGN_IN}?next={next}{ended}")).into_response()
}

/// Where to go after signing in: only to a screen of this page.
pub(super) fn next(form: &Form) -> &str {
    let is_screen = |next: &&str| {
        next.starts_with("/ui/")
            && !next.starts_with(SIGN_IN)
            && next
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && byte != b'\\')
    };
    form.get("next").filter(is_screen).unwrap_or(super::HOME)
}

/// Whether the page is reached by HTTPS, so that its cookie need not go any other way.
pub(super) fn is_secure(page: &Page) -> bool {
    page.provisioning
        .options()
        .public_base
        .starts_with("https://")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = pairs.iter().map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        pairs.collect()
    }

    #[test]
    fn only_this_page_posts() {
        let is_own = |pairs: &[(&'static str, &'static str)]| {
            is_own(&headers(pairs), "mcp.example.com:8080")
        };
        for own in [
            &[
                ("sec-fetch-site", "same-origin"),
                ("origin", "https://mcp.example.com:8080"),
            ][..],
            &[("origin", "https://MCP.example.com:8080")],
            &[],
        ] {
            assert!(is_own(own), "{own:?}");
        }
        for foreign in [
            &[("sec-fetch-site", "cross-site")][..],
            &[
                ("sec-fetch-site", "same-site"),
                ("origin", "https://mcp.example.com:8080"),
            ],
            &[("origin", "https://mcp.example.com")],
            &[("origin", "https://mcp.example.com:8080.evil.example")],
            &[("origin", "null")],
        ] {
            assert!(!is_own(foreign), "{foreign:?}");
        }
    }

    #[test]
    fn signing_in_leads_to_a_screen_of_this_page_only() {
        let next = |query: &str| next(&Form::parse(query.as_bytes())).to_owned();
        assert_eq!(
            next("next=%2Fui%2Factivity%3Ftool%3Dx"),
            "/ui/activity?tool=x"
        );
        for elsewhere in [
            "",
            "next=",
            "next=//evil.example",
            "next=/ui/sign-in",
            "next=/ui/%5C%0D%0Ax",
            "next=https://evil.example/ui/",
        ] {
            assert_eq!(next(elsewhere), super::super::HOME, "{elsewhere}");
        }
    }
}
