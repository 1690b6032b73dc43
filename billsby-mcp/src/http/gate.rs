//! Who may use a server: whoever has an API token or an access token where one is asked for.
//!
//! What a client sends here stays here: calls of Billsby are made with the account's own key.

mod challenge;

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Json, Response};
use serde_json::json;

use crate::oauth::{Grant, Issuers, Refusal};
use crate::protocol::http::Access;
use crate::record::{ServerId, ServerRecord};
use crate::secret::TokenKind;
use challenge::Challenge;

/// Where servers that ask for an access token say which issuers they trust; the server's id comes behind it.
pub(super) const METADATA: &str = "/.well-known/oauth-protected-resource/mcp/";
/// The longest bearer that is looked at, in bytes.
const LONGEST: usize = 16 * 1024;

/// What can be set for a gate.
#[derive(Debug, Default)]
pub struct GateOptions {
    /// The address below which clients find the servers, without a slash at its end: `https://mcp.example.com`.
    pub public_base: String,
    /// Whose access tokens are accepted.
    pub issuers: Option<Arc<Issuers>>,
    /// Whether every provisioned server asks for an access token.
    pub require_oauth_everywhere: bool,
}

/// Decides who may use a server.
#[derive(Debug, Default)]
pub struct Gate {
    options: GateOptions,
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
        Self { options }
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

    /// Lets a request to a server in, or says what it lacks. `is_open_to` says whether an API token opens the
    /// server now.
    ///
    /// # Errors
    ///
    /// The answer for a request that is not let in.
    pub async fn admit(
        &self,
        server: &ServerRecord,
        headers: &HeaderMap,
        query: Option<&str>,
        is_open_to: impl FnOnce(&str) -> bool + Send,
    ) -> Result<Access, Response> {
        let asks_for_oauth = self.asks_for_oauth(server);
        if !asks_for_oauth && !server.config.require_api_token_auth {
            return Ok(Access::All);
        }
        let challenge = self.challenge(server);
        let token = match bearer(headers, query) {
            Bearer::One(token) => token,
            Bearer::None => return Err(challenge.missing()),
            Bearer::Unclear => return Err(challenge.unclear()),
        };
        if token.starts_with(TokenKind::Api.prefix()) {
            let may_pass = server.config.require_api_token_auth
                && TokenKind::Api.fits(token)
                && is_open_to(token);
            return if may_pass {
                Ok(Access::All)
            } else {
                Err(challenge.invalid())
            };
        }
        let granted = match &self.options.issuers {
            Some(issuers) if asks_for_oauth => {
                issuers.check(token, &self.resource(server.id)).await
            }
            _ => Err(Refusal::Invalid),
        };
        match granted {
            Ok(Grant { write: true, .. }) => Ok(Access::All),
            Ok(Grant { read: true, .. }) => Ok(Access::Reads),
            Ok(_) => Err(challenge.insufficient_scope()),
            Err(Refusal::Invalid) => Err(challenge.invalid()),
            Err(Refusal::Unavailable) => Err(challenge::unavailable()),
        }
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
            "resource_name": server.name,
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

    /// Where a server says whom it trusts, if it asks for access tokens.
    pub(super) fn metadata_url(&self, server: &ServerRecord) -> Option<String> {
        self.asks_for_oauth(server)
            .then(|| format!("{}{METADATA}{}", self.options.public_base, server.id))
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
