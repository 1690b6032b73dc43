//! Somebody who speaks to the page without a browser, and can therefore say what no browser would.

use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};

use super::Site;
use super::html::attribute;

/// A session, or the attempt to have one.
#[derive(Debug)]
pub(crate) struct Visitor<'a> {
    site: &'a Site,
    /// The cookie as it goes out, if there is one.
    pub(crate) cookie: Option<String>,
    /// What forms of the session hold.
    pub(crate) csrf: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl<'a> Visitor<'a> {
    /// Somebody who has not signed in.
    pub(crate) fn new(site: &'a Site) -> Self {
        Self::with_cookie(site, None)
    }

    /// Somebody who brings a cookie.
    pub(crate) fn with_cookie(site: &'a Site, cookie: Option<String>) -> Self {
        Self {
            site,
            cookie,
            csrf: String::new(),
        }
    }

    /// Somebody who has.
    pub(crate) async fn signed_in(site: &'a Site) -> Self {
        let nobody = Self::new(site);
        let reply = nobody.post("/ui/sign-in", &[("token", site.token)]).await;
        assert_eq!(reply.status, 303, "{}", reply.text);
        let cookie = reply.header("set-cookie").split(';').next();
        let mut visitor = Self {
            cookie: cookie.map(str::to_owned),
            ..nobody
        };
        let page = visitor.get("/ui/servers").await;
        assert_eq!(page.status, 200, "{}", page.text);
        let csrf = attribute(&page.text, "name=\"csrf\"", "value");
        visitor.csrf = csrf.expect("a form with a token");
        visitor
    }

    /// A request with the session's cookie, not sent yet.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.site.base);
        let request = self.site.http.request(method, url);
        match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        }
    }

    /// Opens a screen.
    pub(crate) async fn get(&self, path: &str) -> Reply {
        Reply::of(self.request(Method::GET, path)).await
    }

    /// Posts a form as a browser would, with the token of the session.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let mut fields = fields.to_vec();
        fields.push(("csrf", &self.csrf));
        Reply::of(self.form(path, &fields)).await
    }

    /// The same with these fields and no others, not sent yet.
    pub(crate) fn form(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let mut form = form_urlencoded::Serializer::new(String::new());
        let body = form.extend_pairs(fields).finish();
        self.request(Method::POST, path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
    }
}

impl Reply {
    /// Sends a request and reads the whole reply.
    pub(crate) async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.expect("a reply");
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await.expect("a text"),
        }
    }

    /// A header as text; empty if it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().expect("a plain header"))
    }
}
