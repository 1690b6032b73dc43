//! What tests of these screens begin with: a store in memory with an account of the sandbox, and somebody who is
//! signed in.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRequestParts as _;
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use axum::response::Response;
use http_body_util::BodyExt as _;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::asked::{Asked, Place};
use crate::clock::Clock;
use crate::http::attempts::Attempts;
use crate::page::Page;
use crate::page::form::Form;
use crate::page::session::Sessions;
use crate::page::visitor::Visitor;
use crate::protocol::http::HttpOptions;
use crate::provision::{AdminToken, ProvisionOptions, Provisioning, Server, unlock};
use crate::record::AccountId;
use crate::registry::{GRACE, Registry, RegistryOptions};
use crate::sandbox;
use crate::secret::MasterKey;
use crate::store::{self, Lock, StoreUrl};

pub(super) struct Scene {
    page: Arc<Page>,
    clock: Clock,
    pub(super) account: AccountId,
    cookie: String,
    stop: CancellationToken,
}

impl Scene {
    /// At noon of 2026-11-22.
    pub(super) async fn start() -> Self {
        let store = store::open(&StoreUrl::Memory, Lock::Shared).await.unwrap();
        let clock = Clock::standing("2026-11-22T12:00:00Z".parse().unwrap());
        let stop = CancellationToken::new();
        let sandbox = sandbox::Host::lazy(sandbox::Options::default(), stop.clone());
        let options = RegistryOptions {
            clock: clock.clone(),
            http: HttpOptions::default(),
            timeout: Duration::from_secs(10),
            grace: GRACE,
            allowed_base_urls: vec![sandbox.base_url().await.unwrap()],
            sandbox: Arc::new(sandbox),
            recorder: None,
            token_store: None,
            shutdown: stop.clone(),
        };
        let keyring = unlock(&*store, &MasterKey::generate().unwrap()).await;
        let keyring = keyring.unwrap();
        let token = Some("an-admin-token-that-is-long-enough".to_owned());
        let token = AdminToken::establish(&*store, &keyring, token).await;
        let token = token.unwrap().0;
        let registry = Registry::open(store, keyring, options).await.unwrap();
        let options = ProvisionOptions {
            public_base: "https://mcp.example.com".to_owned(),
            ..ProvisionOptions::default()
        };
        let provisioning = Arc::new(Provisioning::new(registry, options));
        let account = json!({"environment": "sandbox"});
        let account = provisioning.create_account(&account, None).await.unwrap();
        let sessions = Sessions::new(token.clone());
        let cookie = sessions.begin(clock.now(), false).unwrap().unwrap();
        let cookie = cookie.to_str().unwrap().split(';').next().unwrap();
        Self {
            cookie: cookie.to_owned(),
            page: Arc::new(Page {
                provisioning,
                token,
                sessions,
                attempts: Attempts::default(),
                program: "billsby-mcp".to_owned(),
            }),
            clock,
            account: account.answer.id,
            stop,
        }
    }

    pub(super) fn provisioning(&self) -> &Provisioning {
        &self.page.provisioning
    }

    pub(super) fn wait(&self, seconds: i64) {
        let now = self.clock.now();
        self.clock.set(now + SignedDuration::from_secs(seconds));
    }

    /// What a browser in a zone posts, or asks for.
    pub(super) async fn asked(&self, method: Method, form: &str, zone: Option<&str>) -> Asked {
        let zone = zone.map_or(String::new(), |zone| format!("; zone={zone}"));
        let cookie = HeaderValue::from_str(&format!("{}{zone}", self.cookie)).unwrap();
        let headers = HeaderMap::from_iter([(header::COOKIE, cookie)]);
        let now = self.clock.now();
        let session = self.page.sessions.of(&headers, now, false).unwrap();
        let csrf = self.page.sessions.csrf(&session);
        let request = Request::builder().method(method).uri("/ui/servers/new");
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        let visitor = Visitor::new(session, csrf, &headers, now);
        parts.extensions.insert(visitor);
        parts.extensions.insert(Form::parse(form.as_bytes()));
        let asked = Asked::from_request_parts(&mut parts, &self.page).await;
        asked.ok().unwrap()
    }

    pub(super) async fn post(&self, form: &str) -> Asked {
        self.asked(Method::POST, form, None).await
    }

    pub(super) async fn server(&self, body: &Value) -> Server {
        let made = self.provisioning();
        let made = made.create_server(self.account, body, None).await;
        made.unwrap().answer
    }

    /// The server as it is now.
    pub(super) async fn now(&self, server: &Server) -> Server {
        let now = self.provisioning().server(self.account, server.id).await;
        now.unwrap()
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

pub(super) fn place(server: &Server) -> Place {
    Place {
        account: server.integrated_account_id,
        id: server.id,
    }
}

/// What a browser gets.
pub(super) async fn got(response: Response) -> (StatusCode, String) {
    let (head, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (head.status, String::from_utf8(body.to_vec()).unwrap())
}

/// What the form on a screen would send, if nobody touched it.
pub(super) fn form(html: &str) -> Vec<(String, String)> {
    let attribute = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        let (value, _) = rest.split_once('"')?;
        let value = value.replace("&quot;", "\"").replace("&lt;", "<");
        Some(value.replace("&gt;", ">").replace("&amp;", "&"))
    };
    let (_, html) = html.split_once("<form class=\"beside\"").expect("a form");
    let (html, _) = html.split_once("</form>").expect("its end");
    let (mut pairs, mut list) = (Vec::new(), String::new());
    for tag in html.split('<') {
        let tag = tag.split_once('>').map_or(tag, |(tag, _)| tag);
        let is_set = |flag: &str| tag.ends_with(&format!(" {flag}"));
        if tag.starts_with("select") {
            list = attribute(tag, "name").unwrap();
        } else if tag.starts_with("option") && is_set("selected") {
            pairs.push((list.clone(), attribute(tag, "value").unwrap()));
        } else if tag.starts_with("input") {
            let kind = attribute(tag, "type").unwrap();
            let is_box = matches!(kind.as_str(), "checkbox" | "radio");
            if !is_box || tag.split(' ').any(|word| word == "checked") {
                let value = attribute(tag, "value").unwrap_or_default();
                pairs.push((attribute(tag, "name").unwrap(), value));
            }
        }
    }
    pairs
}

/// A form with some fields as somebody sets them. A field without a value is not sent.
pub(super) fn filled(pairs: &[(String, String)], fields: &[(&str, &str)]) -> String {
    let mut encoder = form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs {
        if !fields.iter().any(|(known, _)| known == name) {
            encoder.append_pair(name, value);
        }
    }
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
        encoder.append_pair(name, value);
    }
    encoder.finish()
}
