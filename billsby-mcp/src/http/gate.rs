//! Who may use a server: whoever has an API token or an access token where one is asked for.
//!
//! What a client sends here stays here: calls of Billsby are made with the account's own key.

mod challenge;
mod strangers;

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Json, Response};
use serde_json::json;

use crate::oauth::{Accepted, Grant, Issuers, Refusal};
use crate::protocol::http::{Access, Refused};
use crate::record::{ServerId, ServerRecord};
use crate::registry::Credential;
use crate::secret::{TokenHash, TokenKind};
use challenge::Challenge;
use strangers::Strangers;

/// Where servers that ask for an access token say which issuers they trust; the path of the server comes behind it.
pub(super) const METADATA: &str = "/.well-known/oauth-protected-resource";
/// What stands for a server in that document: the name that the operator gave it is not for strangers.
const NAME: &str = "Billsby";
/// The longest bearer that is looked at, in bytes.
const LONGEST: usize = 16 * 1024;

/// What can be set for a gate.
#[derive(Debug, Default)]
pub struct GateOptions {
    /// The address below which clients find the servers, perhaps with a path, without a slash at its end:
    /// `https://mcp.example.com`.
    pub public_base: String,
    /// Whose access tokens are accepted.
    pub issuers: Option<Arc<Issuers>>,
    /// Whether every provisioned server asks for an access token, and takes nothing else for one.
    pub require_oauth_everywhere: bool,
}

/// Decides who may use a server.
#[derive(Debug, Default)]
pub struct Gate {
    options: GateOptions,
    strangers: Strangers,
}

/// Somebody who was let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admitted {
    /// What they may do.
    pub access: Access,
    /// What they have shown for it.
    pub credential: Credential,
}

/// What the head of a request says about who sends it.
enum Bearer<'a> {
    None,
    One(&'a str),
    /// More than one, in the URL, or no text.
    Unclear,
}

impl Gate {
    /// A gate.
    #[must_use]
    pub fn new(options: GateOptions) -> Self {
        Self {
            options,
            strangers: Strangers::default(),
        }
    }

    /// Whether a server asks for an access token of OAuth. Such a server is also found by its id.
    #[must_use]
    pub fn asks_for_oauth(&self, server: &ServerRecord) -> bool {
        server.config.require_oauth || self.options.require_oauth_everywhere
    }

    /// The address of a server that asks for an access token: the audience of such tokens.
    #[must_use]
    pub fn resource(&self, server: ServerId) -> String {
        format!("{}/mcp/{server}", self.options.public_base)
    }

    /// Lets a request to a server in, or says what it lacks. `opened` gives the hash of an API token that
    /// opens the server now.
    ///
    /// # Errors
    ///
    /// The answer for a request that is not let in.
    pub async fn admit(
        &self,
        server: &ServerRecord,
        headers: &HeaderMap,
        query: Option<&str>,
        opened: impl FnOnce(&str) -> Option<TokenHash> + Send,
    ) -> Result<Admitted, Response> {
        let asks_for_oauth = self.asks_for_oauth(server);
        if !asks_for_oauth && !server.config.require_api_token_auth {
            return Ok(Admitted {
                access: Access::All,
                credential: Credential::None,
            });
        }
        let challenge = self.challenge(server);
        let token = match bearer(headers, query) {
            Bearer::One(token) => token,
            Bearer::None => return Err(challenge.missing()),
            Bearer::Unclear => return Err(challenge.unclear()),
        };
        if token.starts_with(TokenKind::Api.prefix()) {
            let counts = server.config.require_api_token_auth
                && !self.options.require_oauth_everywhere
                && TokenKind::Api.fits(token);
            let hash = if counts { opened(token) } else { None };
            let hash = hash.ok_or_else(|| challenge.invalid())?;
            return Ok(Admitted {
                access: Access::All,
                credential: Credential::ApiToken(hash),
            });
        }
        let accepted = match &self.options.issuers {
            Some(issuers) if asks_for_oauth => {
                let checked = self.check(issuers, token, server.id).await;
                checked.map_err(|wait| Refused::too_often(wait).into_response())?
            }
            _ => Err(Refusal::Invalid),
        };
        let Accepted { grant, until } = match accepted {
            Ok(accepted) => accepted,
            Err(Refusal::Invalid) => return Err(challenge.invalid()),
            Err(Refusal::Unavailable) => return Err(challenge::unavailable()),
        };
        let access = match grant {
            Grant { write: true, .. } => Access::All,
            Grant { read: true, .. } => Access::Reads,
            Grant { .. } => return Err(challenge.insufficient_scope()),
        };
        Ok(Admitted {
            access,
            credential: Credential::AccessToken { until },
        })
    }

    /// Checks an access token for a server, unless too many that nobody knows come there: says how long to wait.
    async fn check(
        &self,
        issuers: &Issuers,
        token: &str,
        server: ServerId,
    ) -> Result<Result<Accepted, Refusal>, Duration> {
        self.strangers.may_try(token, server)?;
        let accepted = issuers.check(token, &self.resource(server)).await;
        match accepted {
            Ok(_) => self.strangers.remember(token, server),
            Err(Refusal::Invalid) => self.strangers.forget(token, server),
            Err(Refusal::Unavailable) => {}
        }
        Ok(accepted)
    }

    /// The answer for a bearer that was good when the request began.
    pub(super) fn not_accepted(&self, server: &ServerRecord) -> Response {
        self.challenge(server).invalid()
    }

    /// The server whose document is at this path behind [`METADATA`]. A proxy that serves this program below a path
    /// may pass that on or not.
    pub(super) fn described(&self, path: &str) -> Option<ServerId> {
        let (_, base) = self.base();
        let below = base.strip_prefix('/').and_then(|base| {
            let rest = path.strip_prefix(base)?;
            rest.strip_prefix('/')
        });
        let path = below.unwrap_or(path);
        path.strip_prefix("mcp/")?.parse().ok()
    }

    /// The address below which clients find the servers: scheme and host, and the path.
    fn base(&self) -> (&str, &str) {
        let base = self.options.public_base.as_str();
        let host = base.find("://").map_or(0, |at| at + "://".len());
        let end = base[host..].find('/').map_or(base.len(), |at| host + at);
        base.split_at(end)
    }

    /// The document that says whom a server trusts (RFC 9728); none if it does not ask for access tokens.
    #[must_use]
    pub fn metadata(&self, server: &ServerRecord) -> Option<Response> {
        if !self.asks_for_oauth(server) {
            return None;
        }
        let issuers = self.options.issuers.as_deref();
        let issuers: Vec<&str> = issuers.map(Issuers::names).unwrap_or_default();
        let document = json!({
            "resource": self.resource(server.id),
            "resource_name": NAME,
            "authorization_servers": issuers,
            "scopes_supported": ["read", "write"],
            "bearer_methods_supported": ["header"],
        });
        // Clients that run in a browser read it before they know anything else.
        let everybody = [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
        Some((everybody, Json(document)).into_response())
    }

    fn challenge(&self, server: &ServerRecord) -> Challenge {
        Challenge::new(self.metadata_url(server))
    }

    /// Where a server says whom it trusts, if it asks for access tokens: between its host and its path (RFC 9728).
    #[must_use]
    pub fn metadata_url(&self, server: &ServerRecord) -> Option<String> {
        let (host, path) = self.base();
        self.asks_for_oauth(server)
            .then(|| format!("{host}{METADATA}{path}/mcp/{}", server.id))
    }
}

fn bearer<'a>(headers: &'a HeaderMap, query: Option<&str>) -> Bearer<'a> {
    let in_query = |query: &str| {
        let mut names = query.split('&').map(|pair| pair.split('=').next());
        names.any(|name| name == Some("access_token"))
    };
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = match (values.next(), values.next()) {
        _ if query.is_some_and(in_query) => return Bearer::Unclear,
        (None, _) => return Bearer::None,
        (Some(_), Some(_)) => return Bearer::Unclear,
        (Some(value), None) => value,
    };
    let Ok(value) = value.to_str() else {
        return Bearer::Unclear;
    };
    match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
            let token = token.trim_matches(' ');
            if token.is_empty() || token.len() > LONGEST || token.contains([' ', ',']) {
                Bearer::Unclear
            } else {
                Bearer::One(token)
            }
        }
        _ => Bearer::None,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    /// What is read from these values of the header: a token, `-` for none, `?` for something unclear.
    fn read(values: &[&str], query: Option<&str>) -> String {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        }
        match bearer(&headers, query) {
            Bearer::One(token) => token.to_owned(),
            Bearer::None => "-".to_owned(),
            Bearer::Unclear => "?".to_owned(),
        }
    }

    #[test]
    fn there_is_one_bearer_or_none() {
        let long = format!("Bearer {}", "a".repeat(LONGEST + 1));
        for (values, query, expected) in [
            (&[] as &[&str], None, "-"),
            (&["Bearer abc"], None, "abc"),
            (&["bearer abc"], Some("a=b"), "abc"),
            (&["BEARER   abc "], None, "abc"),
            (&["Basic abc"], None, "-"),
            (&["Bearer"], None, "-"),
            (&["Bearerabc"], None, "-"),
            (&["Bearer "], None, "?"),
            (&["Bearer a b"], None, "?"),
            (&["Bearer a,Bearer b"], None, "?"),
            (&["Bearer a", "Bearer a"], None, "?"),
            (&["Bearer a", "Basic b"], None, "?"),
            (&["Bearer \u{e4}"], None, "?"),
            (&[&long], None, "?"),
            (&["Bearer a"], Some("access_token=a"), "?"),
            (&[], Some("x=1&access_token"), "?"),
        ] {
            assert_eq!(read(values, query), expected, "{values:?} {query:?}");
        }
    }
}
