//! Provisioned servers with a gate, as clients meet them.

use std::io::Write;
use std::sync::{Arc, Mutex};

use billsby_mcp::clock::Clock;
use billsby_mcp::oauth::{IssuerOptions, Issuers};
use reqwest::Method;
use serde_json::{Value, json};

use super::issuer::Issuer;
use super::key::SigningKey;
use super::{LONG, NOW, claims};
use crate::mock::{Answer, Mock};
use crate::registry::late::Withheld;
use crate::registry::until_ended;
use crate::support::{Case, HttpClient, HttpReply, Provisioned, Setup};

const READ: &str = "Customer_getDetails";
const WRITE: &str = "Invoice_createRefund";

/// An issuer, and a site that trusts it.
struct Scene {
    mock: Mock,
    key: SigningKey,
    issuer: Issuer,
    site: Provisioned,
    account: String,
}

impl Scene {
    async fn new() -> Self {
        let mock = Mock::start().await;
        let key = SigningKey::ec("a");
        let issuer = Issuer::start(&[&key]).await;
        let mut setup = Setup::new(&mock).await;
        setup.issuers = Some(issuers(&issuer, &setup.clock));
        let site = setup.start().await;
        let account = site.account().await;
        Self {
            mock,
            key,
            issuer,
            site,
            account,
        }
    }

    /// A server of all tools with more in its configuration.
    async fn server(&self, more: &[(&str, Value)]) -> Value {
        let mut config = json!({"methods": ["read", "write", "custom"]});
        for (name, value) in more {
            config[name] = value.clone();
        }
        let body = json!({"name": "Support", "config": config});
        self.site.server(&self.account, &body).await
    }

    /// The same where it asks for access tokens; gives its id.
    async fn with_oauth(&self, more: &[(&str, Value)]) -> String {
        let more = [more, &[("require_oauth", json!(true))]].concat();
        let server = self.server(&more).await;
        server["id"].as_str().expect("an id").to_owned()
    }

    fn url(&self, id: &str) -> String {
        format!("{}/mcp/{id}", self.site.base)
    }

    /// A token for a server with a scope.
    fn token(&self, id: &str, scope: &str) -> String {
        let mut claims = claims(&self.issuer);
        claims["aud"] = json!(self.url(id));
        claims["scope"] = json!(scope);
        self.key.token(&claims)
    }

    /// A client of a server with such a token.
    fn client(&self, id: &str, scope: &str) -> HttpClient {
        bearing(&HttpClient::new(&self.url(id)), &self.token(id, scope))
    }

    async fn api_token(&self, body: &Value) -> (String, String) {
        let (status, body) = self.site.call(Method::POST, "/api-token", Some(body)).await;
        assert_eq!(status, 201, "{body}");
        let text = |name: &str| body[name].as_str().expect("text").to_owned();
        (text("id"), text("token"))
    }
}

fn issuers(issuer: &Issuer, clock: &Clock) -> Arc<Issuers> {
    let options = IssuerOptions {
        issuers: vec![issuer.url.parse().expect("an address")],
        clock: clock.clone(),
        timeout: LONG,
    };
    Arc::new(Issuers::new(&options).expect("issuers"))
}

fn bearing(client: &HttpClient, token: &str) -> HttpClient {
    client.with("authorization", &format!("Bearer {token}"))
}

async fn list(client: &HttpClient) -> HttpReply {
    client.modern("tools/list", &json!({})).await
}

fn params(case: &Case) -> Value {
    json!({"name": case.tool, "arguments": case.arguments})
}

async fn document(scene: &Scene, id: &str) -> (u16, String) {
    let place = "/.well-known/oauth-protected-resource/mcp";
    let url = format!("{}{place}/{id}", scene.site.base);
    let reply = HttpClient::new(&url).open(Method::GET).await;
    (reply.status().as_u16(), reply.text().await.expect("a body"))
}

#[tokio::test]
async fn a_client_finds_its_way_from_the_url_to_a_call() {
    let scene = Scene::new().await;
    let id = scene.with_oauth(&[]).await;
    let refused = list(&HttpClient::new(&scene.url(&id))).await;
    assert_eq!(refused.status, 401, "{}", refused.text);
    let challenge = refused.header("www-authenticate").expect("a challenge");
    let place = format!(
        "{}/.well-known/oauth-protected-resource/mcp/{id}",
        scene.site.base
    );
    assert!(
        challenge.contains(&format!(r#"resource_metadata="{place}""#)),
        "{challenge}"
    );
    let (status, text) = document(&scene, &id).await;
    assert_eq!(status, 200, "{text}");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(document["resource"], scene.url(&id));
    assert_eq!(document["authorization_servers"], json!([scene.issuer.url]));

    let client = scene.client(&id, "read write");
    let case = Case::of(WRITE);
    let reply = client.modern("tools/call", &params(&case)).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let sent = scene.mock.take_one();
    case.check(&sent);
    // The account's own key went there, and nothing of the client's.
    let token = scene.token(&id, "read write");
    let signature = token.rsplit('.').next().expect("a signature");
    assert_eq!(sent.header("authorization"), None);
    assert!(!format!("{sent:?}").contains(signature));
}

#[tokio::test]
async fn whoever_may_read_lists_and_reads_and_changes_nothing() {
    let scene = Scene::new().await;
    let id = scene.with_oauth(&[]).await;
    let discovery = scene.with_oauth(&[("expose", json!("discovery"))]).await;
    let (read, write) = (Case::of(READ), Case::of(WRITE));
    let client = scene.client(&id, "read");
    assert_eq!(list(&client).await.status, 200);
    let reply = client.modern("tools/call", &params(&read)).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    read.check(&scene.mock.take_one());

    let indirect = json!({"name": "call_write_tool", "arguments": params(&write)});
    let session = client.in_session().await;
    let reader = scene.client(&discovery, "read");
    for refused in [
        client.modern("tools/call", &params(&write)).await,
        session.request("tools/call", &params(&write)).await,
        reader.modern("tools/call", &indirect).await,
        reader
            .in_session()
            .await
            .request("tools/call", &indirect)
            .await,
    ] {
        assert_eq!(refused.status, 403, "{}", refused.text);
        let challenge = refused.header("www-authenticate").expect("a challenge");
        assert!(
            challenge.contains(r#"error="insufficient_scope""#),
            "{challenge}"
        );
        assert!(challenge.contains(r#"resource_metadata=""#), "{challenge}");
    }
    // Nor through the tool that only calls reads.
    let crossed = json!({"name": "call_read_tool", "arguments": params(&write)});
    let reply = reader.modern("tools/call", &crossed).await;
    assert_eq!(reply.message()["result"]["isError"], true, "{}", reply.text);
    scene.mock.assert_untouched();

    let indirect_read = json!({"name": "call_read_tool", "arguments": params(&read)});
    let reply = reader.modern("tools/call", &indirect_read).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    read.check(&scene.mock.take_one());
    let none = list(&scene.client(&id, "openid")).await;
    assert_eq!(none.status, 403, "{}", none.text);
}

#[tokio::test]
async fn a_token_ends_in_the_middle_of_a_session() {
    let scene = Scene::new().await;
    let id = scene.with_oauth(&[]).await;
    let session = scene.client(&id, "read").in_session().await;
    assert_eq!(session.request("tools/list", &json!({})).await.status, 200);
    scene.site.pass((61 + 31) * 1_000);
    let reply = session.request("tools/list", &json!({})).await;
    assert_eq!(reply.status, 401, "{}", reply.text);
    let mut later = claims(&scene.issuer);
    later["aud"] = json!(scene.url(&id));
    later["exp"] = json!(NOW + 600);
    let renewed = bearing(&session, &scene.key.token(&later));
    assert_eq!(renewed.request("tools/list", &json!({})).await.status, 200);
    // A session is not a bearer.
    let without = session.without("authorization");
    assert_eq!(without.request("tools/list", &json!({})).await.status, 401);
}

#[tokio::test]
async fn what_began_with_a_token_ends_with_it() {
    let scene = Scene::new().await;
    let id = scene.with_oauth(&[]).await;
    let token = scene.token(&id, "read write");
    let session = scene.client(&id, "read write").in_session().await;
    let mut stream = session.open(Method::GET).await;
    assert_eq!(stream.status(), 200);
    let withheld = Withheld::begin(&scene.url(&id), Some(&token)).await;
    scene.site.pass((61 + 31) * 1_000);
    until_ended(&mut stream).await;
    assert_eq!(withheld.end().await, 401);
    scene.mock.assert_untouched();
}

/// The operator's switch for all servers: the secret of a URL, or an API token, is never enough.
#[tokio::test]
async fn all_servers_can_ask_for_an_access_token() {
    let mock = Mock::start().await;
    let key = SigningKey::ec("a");
    let issuer = Issuer::start(&[&key]).await;
    let mut setup = Setup::new(&mock).await;
    setup.issuers = Some(issuers(&issuer, &setup.clock));
    setup.require_oauth_everywhere = true;
    let site = setup.start().await;
    let account = site.account().await;
    let scene = Scene {
        mock,
        key,
        issuer,
        site,
        account,
    };
    let server = scene
        .server(&[("require_api_token_auth", json!(true))])
        .await;
    let id = server["id"].as_str().expect("an id");
    assert_eq!(server["url"], scene.url(id));
    let (_, api_token) = scene.api_token(&json!({"name": "a"})).await;
    let client = scene.site.client(&server);
    assert_eq!(list(&client).await.status, 401);
    assert_eq!(list(&bearing(&client, &api_token)).await.status, 401);
    assert_eq!(list(&scene.client(id, "read")).await.status, 200);
}

/// It says nothing that the operator has written, and only to whoever names this server.
#[tokio::test]
async fn the_document_of_a_server_is_for_everybody() {
    let scene = Scene::new().await;
    let id = scene.with_oauth(&[]).await;
    let (status, text) = document(&scene, &id).await;
    assert_eq!(status, 200, "{text}");
    assert!(!text.contains("Support"), "{text}");
    let in_use = scene.site.registry.status().in_use;
    assert_eq!(in_use, 0, "nothing is made ready for strangers");
    let place = format!(
        "{}/.well-known/oauth-protected-resource/mcp/{id}",
        scene.site.base
    );
    let rebound = HttpClient::new(&place).with("host", "attacker.example.com");
    assert_eq!(rebound.open(Method::GET).await.status(), 403);
}

#[tokio::test]
async fn a_token_for_one_server_opens_no_other() {
    let scene = Scene::new().await;
    let (first, second) = (scene.with_oauth(&[]).await, scene.with_oauth(&[]).await);
    let client = scene.client(&first, "read write");
    assert_eq!(list(&client).await.status, 200);
    assert_eq!(list(&client.at(&scene.url(&second))).await.status, 401);
}

#[tokio::test]
async fn the_secret_of_a_url_is_not_enough_where_an_access_token_is_asked_for() {
    let scene = Scene::new().await;
    let server = scene.server(&[("require_oauth", json!(true))]).await;
    let id = server["id"].as_str().expect("an id");
    let client = scene.site.client(&server);
    assert_eq!(list(&client).await.status, 401);
    let client = bearing(&client, &scene.token(id, "read"));
    assert_eq!(list(&client).await.status, 200);
}

#[tokio::test]
async fn strangers_see_no_difference_between_what_ended_and_what_never_was() {
    let scene = Scene::new().await;
    let plain = scene.server(&[]).await;
    let plain = plain["id"].as_str().expect("an id").to_owned();
    let ended = scene.with_oauth(&[]).await;
    let path = format!("/integrated-account/{}/mcp/{ended}", scene.account);
    let (status, _) = scene.site.call(Method::DELETE, &path, None).await;
    assert_eq!(status, 204);
    let expiring = scene.with_oauth(&[]).await;
    let path = format!("/integrated-account/{}/mcp/{expiring}", scene.account);
    let soon = json!({"expires_at": "2026-11-22T12:10:00Z"});
    let (status, body) = scene.site.call(Method::PATCH, &path, Some(&soon)).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(document(&scene, &expiring).await.0, 200);
    scene.site.pass(600_000);
    let never = "mcp_01kavqxt0000000000000000aa";
    let nothing = document(&scene, never).await;
    assert_eq!(nothing.0, 404);
    for id in [&plain, &ended, &expiring, "x", "mcp_"] {
        assert_eq!(document(&scene, id).await, nothing, "{id}");
        let reply = list(&HttpClient::new(&scene.url(id))).await;
        assert_eq!((reply.status, reply.text), nothing, "{id}");
    }
}

#[tokio::test]
async fn api_tokens_open_their_servers_until_they_are_revoked() {
    let scene = Scene::new().await;
    let asks = [("require_api_token_auth", json!(true))];
    let (first, second) = (scene.server(&asks).await, scene.server(&asks).await);
    let only = json!({"name": "one", "server_id": first["id"]});
    let (_, one) = scene.api_token(&only).await;
    let (id, all) = scene.api_token(&json!({"name": "all"})).await;
    let brief = json!({"name": "brief", "expires_at": "2026-11-22T12:10:00Z"});
    let (_, brief) = scene.api_token(&brief).await;
    for (token, expected) in [(&one, [200, 401]), (&all, [200, 200]), (&brief, [200, 200])] {
        for (server, expected) in [&first, &second].into_iter().zip(expected) {
            let client = bearing(&scene.site.client(server), token);
            assert_eq!(list(&client).await.status, expected);
        }
    }
    assert_eq!(list(&scene.site.client(&first)).await.status, 401);
    // The id of a server that asks for no access token is no URL.
    let by_id = HttpClient::new(&scene.url(first["id"].as_str().expect("an id")));
    assert_eq!(list(&bearing(&by_id, &all)).await.status, 404);

    let session = bearing(&scene.site.client(&first), &all).in_session().await;
    assert_eq!(session.request("tools/list", &json!({})).await.status, 200);
    let path = format!("/api-token/{id}");
    let (status, _) = scene.site.call(Method::DELETE, &path, None).await;
    assert_eq!(status, 204);
    assert_eq!(session.request("tools/list", &json!({})).await.status, 401);
    let brief = bearing(&scene.site.client(&first), &brief);
    assert_eq!(list(&brief).await.status, 200);
    scene.site.pass(600_000);
    assert_eq!(list(&brief).await.status, 401);
    scene.mock.assert_untouched();
}

/// Everything that is logged on this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("a log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn nothing_of_a_bearer_is_logged_or_answered() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _default = tracing::subscriber::set_default(subscriber);
    let scene = Scene::new().await;
    let both = [("require_api_token_auth", json!(true))];
    let id = scene.with_oauth(&both).await;
    let (_, api_token) = scene.api_token(&json!({"name": "a"})).await;
    let mut over = claims(&scene.issuer);
    (over["aud"], over["exp"]) = (json!(scene.url(&id)), json!(1));
    over["sub"] = json!("canary-subject");
    let answer = Answer::json(400, &json!({"message": "no"}));
    scene.mock.answer_with(WRITE, answer);
    let tokens = [
        scene.token(&id, "read write"),
        scene.token(&id, "openid"),
        scene.key.token(&over),
        api_token.clone(),
        format!("{}x", &api_token[..api_token.len() - 1]),
    ];
    let write = params(&Case::of(WRITE));
    for token in &tokens {
        let client = bearing(&HttpClient::new(&scene.url(&id)), token);
        for reply in [
            list(&client).await,
            client.modern("tools/call", &write).await,
        ] {
            let headers = format!("{:?}", reply.headers);
            for text in [&reply.text, &headers] {
                assert!(!text.contains(token) && !text.contains("canary"), "{text}");
            }
        }
    }
    let log = String::from_utf8(log.0.lock().expect("a log").clone()).expect("UTF-8");
    assert!(log.contains("access token refused"), "{log}");
    for token in &tokens {
        for part in token.split('.') {
            assert!(!log.contains(part), "{part}");
        }
    }
    assert!(!log.contains("canary"));
}
