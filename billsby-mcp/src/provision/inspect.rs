//! Why a token does or does not work.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::fields::{Fields, Problems};
use super::{ApiToken, ProvisionError, Provisioning, Server};
use crate::record::{ApiTokenRecord, ServerId, ServerRecord, State};
use crate::secret::{TokenHash, TokenKind};
use crate::store::Page;

/// How many API tokens are read at a time.
const PAGE: u32 = 1_000;
/// The most characters of what may be asked about: a whole URL fits.
const LONGEST: usize = 4_096;

/// Which token is asked about.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenQuestion {
    /// A token, or the URL of a server.
    #[schema(write_only)]
    pub token: String,
}

/// What a token is, and why it does or does not work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Inspected {
    /// What it is for.
    pub kind: TokenUse,
    /// Whether it opens something now.
    pub works: bool,
    /// Why it does or does not.
    pub detail: String,
    /// The server that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub server: Option<Server>,
    /// The API token that it is.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub api_token: Option<ApiToken>,
}

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TokenUse {
    /// The secret in the URL of a server, or its id.
    Server,
    /// Sent to servers that require it.
    Api,
    /// Opens this API.
    Admin,
    /// None of them.
    Unknown,
}

impl Provisioning {
    /// Says what a token is.
    ///
    /// # Errors
    ///
    /// The question is wrong, or the store does not answer.
    pub async fn inspect_token(&self, body: &Value) -> Result<Inspected, ProvisionError> {
        let mut problems = Problems::default();
        let text = Fields::of(body, "", &["token"], &mut problems).and_then(|fields| {
            fields.required("token", "a token, or the URL of a server", &mut problems);
            let text = fields.text("token", &mut problems)?;
            if text.is_empty() || text.len() > LONGEST {
                problems.add("/token", format!("expected 1 to {LONGEST} characters"));
            }
            Some(text)
        });
        problems.finish()?;
        let text = text.unwrap_or_default();
        let token = match text.rsplit_once("/mcp/") {
            Some((_, rest)) => rest.split(['/', '?', '#']).next().unwrap_or_default(),
            None => text,
        };
        if let Ok(id) = token.parse::<ServerId>() {
            return self.inspect_id(id).await;
        }
        let hash = self.registry().keyring().hash(token);
        if TokenKind::Server.fits(token) {
            return self.inspect_server(hash).await;
        }
        if TokenKind::Api.fits(token) {
            return self.inspect_api(hash).await;
        }
        Ok(if TokenKind::Admin.fits(token) {
            let detail = "has the form of an admin token: those open this API, and no server";
            Inspected::nothing(TokenUse::Admin, detail)
        } else if looks_like_a_token(token) {
            let detail = "begins like a token of this program, but is not complete: its checksum is \
                wrong; look whether all of it was copied";
            Inspected::nothing(TokenUse::Unknown, detail)
        } else {
            Inspected::nothing(TokenUse::Unknown, "is no token that this program has made")
        })
    }

    async fn inspect_server(&self, hash: TokenHash) -> Result<Inspected, ProvisionError> {
        let Some(record) = self.store().server_by_token(hash).await? else {
            let detail =
                "belongs to no server: it was made elsewhere, or was replaced or ended long ago";
            return Ok(Inspected::nothing(TokenUse::Server, detail));
        };
        let now = self.now();
        let is_current = record
            .token
            .as_ref()
            .is_some_and(|token| token.hash == hash);
        let old_end = record.old_token.as_ref().map(|old| old.valid_until);
        let works = record.is_open_to(&hash, now);
        let detail = match (why_ended(&record, now), old_end) {
            (Some(reason), _) => reason,
            (None, _) if is_current => "opens the server".to_owned(),
            (None, Some(end)) if works => format!("was replaced, and opens the server until {end}"),
            (None, Some(end)) => format!("was replaced, and opened the server until {end}"),
            (None, None) => "was replaced".to_owned(),
        };
        self.inspected(record, works, detail).await
    }

    async fn inspect_id(&self, id: ServerId) -> Result<Inspected, ProvisionError> {
        let Some(record) = self.store().server(id).await? else {
            return Ok(Inspected::nothing(
                TokenUse::Server,
                "is the id of no server",
            ));
        };
        let reason = why_ended(&record, self.now());
        let works = reason.is_none() && self.asks_for_oauth(&record);
        let detail = match reason {
            Some(reason) => reason,
            None if works => "opens the server together with an access token".to_owned(),
            None => "is an id: the server is reached by the secret in its URL".to_owned(),
        };
        self.inspected(record, works, detail).await
    }

    async fn inspected(
        &self,
        record: ServerRecord,
        works: bool,
        detail: String,
    ) -> Result<Inspected, ProvisionError> {
        let mut needs = Vec::new();
        if record.config.require_api_token_auth && !self.options().require_oauth {
            needs.push("an API token");
        }
        if self.asks_for_oauth(&record) {
            needs.push("an access token");
        }
        let detail = if works && !needs.is_empty() {
            format!("{detail}; a request also needs {}", needs.join(" or "))
        } else {
            detail
        };
        Ok(Inspected {
            works,
            detail,
            server: Some(self.shown(&record).await?),
            ..Inspected::nothing(TokenUse::Server, "")
        })
    }

    fn asks_for_oauth(&self, record: &ServerRecord) -> bool {
        record.config.require_oauth || self.options().require_oauth
    }

    async fn inspect_api(&self, hash: TokenHash) -> Result<Inspected, ProvisionError> {
        let Some(record) = self.api_token_by_hash(hash).await? else {
            let detail = "opens nothing: it was revoked, or made elsewhere";
            return Ok(Inspected::nothing(TokenUse::Api, detail));
        };
        let works = record.state(self.now()) == State::Active;
        let detail = match (record.expires_at, record.server) {
            (Some(end), _) if !works => format!("expired at {end}"),
            (_, Some(server)) => format!("opens {server}, if that requires an API token"),
            (_, None) => "opens every server that requires an API token".to_owned(),
        };
        Ok(Inspected {
            works,
            detail,
            api_token: Some(self.api_token_view(&record)),
            ..Inspected::nothing(TokenUse::Api, "")
        })
    }

    /// Nobody looks API tokens up in the store but whoever asks here, so it has no way to find one.
    async fn api_token_by_hash(
        &self,
        hash: TokenHash,
    ) -> Result<Option<ApiTokenRecord>, ProvisionError> {
        let mut after = None;
        loop {
            let page = Page { after, limit: PAGE };
            let tokens = self.store().api_tokens(page).await?;
            let Some(last) = tokens.last() else {
                return Ok(None);
            };
            after = Some(last.id);
            if let Some(found) = tokens.into_iter().find(|token| token.hash == Some(hash)) {
                return Ok(Some(found));
            }
        }
    }
}

impl Inspected {
    fn nothing(kind: TokenUse, detail: &str) -> Self {
        Self {
            kind,
            works: false,
            detail: detail.to_owned(),
            server: None,
            api_token: None,
        }
    }
}

fn why_ended(record: &ServerRecord, now: jiff::Timestamp) -> Option<String> {
    match (record.state(now), record.revoked_at, record.expires_at) {
        (State::Revoked, Some(at), _) => Some(format!("the server was revoked at {at}")),
        (State::Expired, _, Some(end)) => Some(format!("the server expired at {end}")),
        _ => None,
    }
}

fn looks_like_a_token(text: &str) -> bool {
    text.starts_with(TokenKind::Server.prefix())
}
