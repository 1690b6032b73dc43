//! What the gate of a server lets in, and what it tells whom it does not.

use std::sync::Arc;

use billsby_mcp::http::{Gate, GateOptions};
use billsby_mcp::protocol::http::Access;
use billsby_mcp::record::{AccountId, ServerConfig, ServerId, ServerRecord};
use billsby_mcp::secret::{SecretToken, TokenKind};
use http_body_util::BodyExt as _;
use hyper::header::{AUTHORIZATION, HeaderMap, HeaderValue, WWW_AUTHENTICATE};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::issuer::{Answer, Issuer, METADATA};
use super::key::SigningKey;
use super::{Checker, NOW, SHORT, claims, second};

const BASE: &str = "https://mcp.example.com";

/// A gate with one server and the API token that opens it.
struct Entrance {
    gate: Gate,
    server: ServerRecord,
    api_token: String,
}

/// What came of a request: the access it has, or the answer.
type Admitted = Result<Access, Refused>;

#[derive(Debug, PartialEq)]
struct Refused {
    status: u16,
    challenge: Option<String>,
    message: String,
}

impl Entrance {
    fn new(checker: Option<Checker>, require_api_token_auth: bool, require_oauth: bool) -> Self {
        let options = GateOptions {
            public_base: BASE.to_owned(),
            issuers: checker.map(|checker| Arc::new(checker.issuers)),
            require_oauth_everywhere: false,
        };
        Self::with(options, require_api_token_auth, require_oauth)
    }

    fn with(options: GateOptions, require_api_token_auth: bool, require_oauth: bool) -> Self {
        let now = second(NOW);
        let config = ServerConfig {
            require_api_token_auth,
            require_oauth,
            ..ServerConfig::default()
        };
        let api_token = SecretToken::generate(TokenKind::Api).expect("random numbers");
        Self {
            gate: Gate::new(options),
            server: server(now, config),
            api_token: api_token.reveal().to_owned(),
        }
    }

    async fn admit(&self, values: &[&str], query: Option<&str>) -> Admitted {
        let mut headers = HeaderMap::new();
        for value in values {
            let value = HeaderValue::from_str(value).expect("a header's value");
            headers.append(AUTHORIZATION, value);
        }
        let opened = |token: &str| (token == self.api_token).then(|| [1; 32].into());
        let admitted = self.gate.admit(&self.server, &headers, query, opened).await;
        match admitted {
            Ok(admitted) => Ok(admitted.access),
            Err(response) => {
                let (parts, body) = response.into_parts();
                let bytes = body.collect().await.expect("a body").to_bytes();
                let body: Value = serde_json::from_slice(&bytes).expect("JSON");
                assert_eq!(body["jsonrpc"], "2.0");
                let is_busy = parts.status.as_u16() == 429;
                let code = if is_busy { -32000 } else { -32600 };
                assert_eq!(body["error"]["code"], code);
                let challenge = parts.headers.get(WWW_AUTHENTICATE);
                let challenge = challenge.map(|value| value.to_str().expect("text").to_owned());
                Err(Refused {
                    status: parts.status.as_u16(),
                    challenge,
                    message: body["error"]["message"].as_str().expect("text").to_owned(),
                })
            }
        }
    }

    async fn admit_one(&self, token: &str) -> Admitted {
        self.admit(&[&format!("Bearer {token}")], None).await
    }

    /// The audience of its tokens.
    fn resource(&self) -> String {
        format!("{BASE}/mcp/{}", self.server.id)
    }

    /// The rest of its challenge behind the realm and the error.
    fn metadata(&self) -> String {
        let place = "/.well-known/oauth-protected-resource/mcp";
        format!(
            r#"resource_metadata="{BASE}{place}/{}", scope="read write""#,
            self.server.id
        )
    }
}

fn server(now: Timestamp, config: ServerConfig) -> ServerRecord {
    ServerRecord {
        id: ServerId::new(now).expect("random numbers"),
        account: AccountId::new(now).expect("random numbers"),
        name: "Support".to_owned(),
        config,
        token: None,
        old_token: None,
        created_at: now,
        updated_at: now,
        expires_at: None,
        revoked_at: None,
        generation: 1,
    }
}

#[track_caller]
fn status(admitted: &Admitted) -> u16 {
    admitted.as_ref().expect_err("a refusal").status
}

#[tokio::test]
async fn a_server_that_asks_for_nothing_is_open() {
    let entrance = Entrance::new(None, false, false);
    for values in [
        &[] as &[&str],
        &["Bearer whatever"],
        &["Basic a", "Basic b"],
    ] {
        assert_eq!(entrance.admit(values, None).await, Ok(Access::All));
    }
    assert!(entrance.gate.metadata(&entrance.server).is_none());
}

#[tokio::test]
async fn an_api_token_opens_what_asks_for_one() {
    let entrance = Entrance::new(None, true, false);
    let token = &entrance.api_token;
    for value in [format!("Bearer {token}"), format!("bEARER  {token}")] {
        assert_eq!(entrance.admit(&[&value], None).await, Ok(Access::All));
    }
    let missing = entrance.admit(&[], None).await.expect_err("a refusal");
    assert_eq!(missing.status, 401);
    assert_eq!(
        missing.challenge.as_deref(),
        Some(r#"Bearer realm="billsby-mcp""#)
    );
    let invalid = r#"Bearer realm="billsby-mcp", error="invalid_token", error_description="the bearer token is not accepted""#;
    let other = SecretToken::generate(TokenKind::Api).expect("random numbers");
    let of_url = SecretToken::generate(TokenKind::Server).expect("random numbers");
    let cut = &token[..token.len() - 1];
    for wrong in [
        other.reveal(),
        of_url.reveal(),
        cut,
        "bmcp_api_",
        "a.b.c",
        "x",
    ] {
        let refused = entrance.admit_one(wrong).await.expect_err("a refusal");
        assert_eq!(
            (refused.status, refused.challenge.as_deref()),
            (401, Some(invalid))
        );
        assert!(!refused.message.contains(wrong), "{refused:?}");
    }
}

#[tokio::test]
async fn a_bearer_is_in_one_header_and_nowhere_else() {
    let entrance = Entrance::new(None, true, false);
    let good = format!("Bearer {}", entrance.api_token);
    let in_query = format!("access_token={}", entrance.api_token);
    for (values, query) in [
        (&[good.as_str(), good.as_str()] as &[&str], None),
        (&[&good, "Basic a"], None),
        (&[&good], Some(in_query.as_str())),
        (&[], Some(in_query.as_str())),
    ] {
        let refused = entrance.admit(values, query).await;
        assert_eq!(status(&refused), 400, "{values:?}");
        let challenge = refused
            .expect_err("a refusal")
            .challenge
            .expect("a challenge");
        assert!(
            challenge.contains(r#"error="invalid_request""#),
            "{challenge}"
        );
        assert!(!challenge.contains(&entrance.api_token));
    }
    assert_eq!(entrance.admit(&[&good], Some("a=b")).await, Ok(Access::All));
}

#[tokio::test]
async fn scopes_say_what_an_access_token_may_do() {
    let key = SigningKey::ec("a");
    let issuer = Issuer::start(&[&key]).await;
    let entrance = Entrance::new(Some(Checker::of(&issuer)), false, true);
    let token = |scope: &str| {
        let mut claims = claims(&issuer);
        claims["aud"] = json!(entrance.resource());
        claims["scope"] = json!(scope);
        key.token(&claims)
    };
    for (scope, access) in [
        ("read", Access::Reads),
        ("read write", Access::All),
        ("write", Access::All),
        ("openid read", Access::Reads),
    ] {
        assert_eq!(
            entrance.admit_one(&token(scope)).await,
            Ok(access),
            "{scope}"
        );
    }
    for scope in ["", "openid", "admin", "reads"] {
        let refused = entrance
            .admit_one(&token(scope))
            .await
            .expect_err("a refusal");
        let expected = format!(
            r#"Bearer realm="billsby-mcp", error="insufficient_scope", error_description="the access token allows neither read nor write", {}"#,
            entrance.metadata()
        );
        assert_eq!(
            (refused.status, refused.challenge),
            (403, Some(expected)),
            "{scope}"
        );
    }
    // A token for this issuer's other servers is none for this one.
    let refused = entrance.admit_one(&key.token(&claims(&issuer))).await;
    assert_eq!(status(&refused), 401);
    let refused = entrance.admit(&[], None).await.expect_err("a refusal");
    let expected = format!(r#"Bearer realm="billsby-mcp", {}"#, entrance.metadata());
    assert_eq!((refused.status, refused.challenge), (401, Some(expected)));
    // An API token is not enough where only an access token is asked for.
    assert_eq!(status(&entrance.admit_one(&entrance.api_token).await), 401);
}

#[tokio::test]
async fn either_kind_passes_where_both_are_asked_for() {
    let key = SigningKey::ed("a");
    let issuer = Issuer::start(&[&key]).await;
    let entrance = Entrance::new(Some(Checker::of(&issuer)), true, true);
    let mut claims = claims(&issuer);
    claims["aud"] = json!([entrance.resource()]);
    claims["scope"] = json!("read");
    assert_eq!(
        entrance.admit_one(&key.token(&claims)).await,
        Ok(Access::Reads)
    );
    assert_eq!(
        entrance.admit_one(&entrance.api_token).await,
        Ok(Access::All)
    );
    let other = SecretToken::generate(TokenKind::Api).expect("random numbers");
    assert_eq!(status(&entrance.admit_one(other.reveal()).await), 401);
    assert_eq!(status(&entrance.admit(&[], None).await), 401);
}

#[tokio::test]
async fn while_the_issuer_is_down_nobody_is_told_that_a_token_is_wrong() {
    let key = SigningKey::ec("a");
    let issuer = Issuer::start(&[&key]).await;
    issuer.answers(METADATA, Answer::Status(503));
    let checker = Checker::with_timeout(&[&issuer], SHORT);
    let entrance = Entrance::new(Some(checker), true, true);
    let refused = entrance.admit_one(&key.token(&claims(&issuer))).await;
    let refused = refused.expect_err("a refusal");
    assert_eq!((refused.status, refused.challenge), (503, None));
    assert_eq!(
        entrance.admit_one(&entrance.api_token).await,
        Ok(Access::All)
    );
}

#[tokio::test]
async fn without_issuers_no_access_token_opens_anything() {
    let key = SigningKey::ec("a");
    let issuer = Issuer::start(&[&key]).await;
    let entrance = Entrance::new(None, false, true);
    let refused = entrance.admit_one(&key.token(&claims(&issuer))).await;
    assert_eq!(status(&refused), 401);
}

#[tokio::test]
async fn all_servers_can_be_made_to_ask() {
    let key = SigningKey::ec("a");
    let issuer = Issuer::start(&[&key]).await;
    let options = GateOptions {
        public_base: BASE.to_owned(),
        issuers: Some(Arc::new(Checker::of(&issuer).issuers)),
        require_oauth_everywhere: true,
    };
    let entrance = Entrance::with(options, true, false);
    assert!(entrance.gate.asks_for_oauth(&entrance.server));
    assert_eq!(status(&entrance.admit(&[], None).await), 401);
    // Then an API token is none, whatever is set for the server.
    assert_eq!(status(&entrance.admit_one(&entrance.api_token).await), 401);
    let mut claims = claims(&issuer);
    claims["aud"] = json!(entrance.resource());
    assert_eq!(
        entrance.admit_one(&key.token(&claims)).await,
        Ok(Access::All)
    );
}

#[tokio::test]
async fn strangers_cannot_have_tokens_checked_without_end() {
    let (key, other) = (SigningKey::ec("a"), SigningKey::ec("a"));
    let issuer = Issuer::start(&[&key]).await;
    let entrance = Entrance::new(Some(Checker::of(&issuer)), true, true);
    let mut claims = claims(&issuer);
    claims["aud"] = json!(entrance.resource());
    let good = key.token(&claims);
    assert_eq!(entrance.admit_one(&good).await, Ok(Access::All));
    let forged = other.token(&claims);
    let refused = async {
        loop {
            let refused = status(&entrance.admit_one(&forged).await);
            if refused != 401 {
                return refused;
            }
        }
    };
    assert_eq!(refused.await, 429);
    // Whoever was let in before is not in their way, nor are API tokens.
    for token in [&good, &entrance.api_token] {
        assert_eq!(entrance.admit_one(token).await, Ok(Access::All));
    }
}

/// The well-known part is between the host and the path.
#[tokio::test]
async fn the_document_of_a_server_below_a_path_is_where_clients_look_for_it() {
    let issuer = Issuer::start(&[]).await;
    let options = |base: &str| GateOptions {
        public_base: base.to_owned(),
        issuers: Some(Arc::new(Checker::of(&issuer).issuers)),
        require_oauth_everywhere: false,
    };
    for (base, place) in [
        (
            BASE,
            "https://mcp.example.com/.well-known/oauth-protected-resource/mcp",
        ),
        (
            "https://example.com/a/b",
            "https://example.com/.well-known/oauth-protected-resource/a/b/mcp",
        ),
    ] {
        let entrance = Entrance::with(options(base), false, true);
        let id = entrance.server.id;
        assert_eq!(entrance.gate.resource(id), format!("{base}/mcp/{id}"));
        let url = entrance.gate.metadata_url(&entrance.server);
        assert_eq!(url, Some(format!("{place}/{id}")));
    }
}

#[tokio::test]
async fn a_server_says_whom_it_trusts() {
    let issuer = Issuer::start(&[]).await;
    let entrance = Entrance::new(Some(Checker::of(&issuer)), false, true);
    let document = entrance
        .gate
        .metadata(&entrance.server)
        .expect("a document");
    assert_eq!(document.status(), 200);
    assert_eq!(document.headers()["access-control-allow-origin"], "*");
    assert_eq!(document.headers()["content-type"], "application/json");
    let bytes = document
        .into_body()
        .collect()
        .await
        .expect("a body")
        .to_bytes();
    let document: Value = serde_json::from_slice(&bytes).expect("JSON");
    let expected = json!({
        "resource": entrance.resource(),
        "resource_name": "Billsby",
        "authorization_servers": [issuer.url],
        "scopes_supported": ["read", "write"],
        "bearer_methods_supported": ["header"],
    });
    assert_eq!(document, expected);
}
