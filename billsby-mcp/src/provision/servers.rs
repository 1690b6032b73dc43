//! Provisioned servers.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::commit::{ATTEMPTS, Committed, overtaken};
use super::config::{self, REQUIRE_API_TOKEN, REQUIRE_OAUTH};
use super::fields::{Fields, Problems};
use super::{
    IdempotencyKey, List, Made, Paging, ProvisionError, Provisioning, ServerFilter, Shown,
};
use crate::activity::Usage;
use crate::record::{AccountId, ServerConfig, ServerId, ServerRecord, State, UrlToken};
use crate::secret::{SecretToken, TokenKind};
use crate::store::{Batch, Change};

const FIELDS: [&str; 5] = [
    "name",
    "config",
    "expires_at",
    REQUIRE_API_TOKEN,
    REQUIRE_OAUTH,
];

/// What is needed for a server.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Billsby Finance Agent MCP",
    "config": {"methods": ["read", "write", "custom"], "tags": ["invoices", "subscriptions"]},
    "expires_at": "2027-12-31T23:59:59Z"
}))]
pub struct NewServer {
    /// What people call it.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// Which tools it serves, how, and to whom: the reads of all groups unless something else is said.
    #[serde(default)]
    pub config: ServerConfig,
    /// From when on it answers nothing, at least 60 seconds ahead; never, unless given.
    pub expires_at: Option<Timestamp>,
    /// The same as in `config`.
    pub require_api_token_auth: Option<bool>,
    /// The same as in `config`.
    pub require_oauth: Option<bool>,
}

/// What is to be different; what is not named stays. Within `config` too, where `null` means the default.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"config": {"methods": ["read"]}, "expires_at": null}))]
pub struct ServerChange {
    /// What people call it.
    #[schema(min_length = 1, max_length = 100, nullable = false)]
    pub name: Option<String>,
    /// Which tools it serves, how, and to whom.
    pub config: Option<ServerConfig>,
    /// From when on it answers nothing; `null`: never.
    pub expires_at: Option<Timestamp>,
    /// The same as in `config`.
    pub require_api_token_auth: Option<bool>,
    /// The same as in `config`.
    pub require_oauth: Option<bool>,
}

/// A server. Its secret is in the answer to the request that made it, and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = McpServer)]
pub struct Server {
    /// Its id.
    pub id: ServerId,
    /// The account whose tools it serves.
    pub integrated_account_id: AccountId,
    /// What people call it.
    pub name: String,
    /// Which tools it serves, how, and to whom.
    pub config: ServerConfig,
    /// From when on it answers nothing.
    #[schema(required)]
    pub expires_at: Option<Timestamp>,
    /// Where clients reach it. Only servers that require OAuth, whose URL holds no secret, still have it
    /// in later answers.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(value_type = String, required = false)]
    pub url: Option<Shown>,
    /// The secret in its URL: only in the answers that made it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(value_type = String, required = false)]
    pub token: Option<Shown>,
    /// The last characters of the secret, to tell it from others.
    #[schema(required)]
    pub token_hint: Option<String>,
    /// How it stands.
    pub state: State,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was revoked.
    #[schema(required)]
    pub revoked_at: Option<Timestamp>,
    /// Until when the secret before works as well, if it still does.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub previous_token_valid_until: Option<Timestamp>,
    /// What it was used for.
    pub usage: ServerUsage,
}

/// What a server was used for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ServerUsage {
    /// When it was called last.
    #[schema(required)]
    pub last_used_at: Option<Timestamp>,
    /// Calls of tools.
    pub calls: u64,
    /// Those that gave an error.
    pub errors: u64,
    /// Those of tools that can change something.
    pub writes: u64,
}

/// What a request asks of a server.
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) config: ServerConfig,
    pub(super) expires_at: Option<Timestamp>,
}

impl Provisioning {
    /// Makes a server and gives its secret.
    ///
    /// # Errors
    ///
    /// There is no such account, everything that is wrong, or the store does not answer.
    pub async fn create_server(
        &self,
        account: AccountId,
        body: &Value,
        key: Option<&IdempotencyKey>,
    ) -> Result<Made<Server>, ProvisionError> {
        let once = self.once(&format!("server of {account}"), body, key);
        if let Some(made) = self.replay(once.as_ref()).await? {
            return Ok(made);
        }
        for _ in 0..ATTEMPTS {
            let owner = self.account_record(account).await?;
            let draft = self.server_draft(body, None)?;
            let now = self.now();
            let token = SecretToken::generate(TokenKind::Server)?;
            let record = ServerRecord {
                id: ServerId::new(now)?,
                account,
                name: draft.name,
                config: draft.config,
                token: Some(self.url_token(&token)),
                old_token: None,
                created_at: now,
                updated_at: now,
                expires_at: draft.expires_at,
                revoked_at: None,
                generation: 0,
            };
            let answer = self.server_view(&record, ServerUsage::default(), Some(&token));
            let batch = Batch {
                claim: self.claim(once.as_ref(), &answer)?,
                unchanged: vec![(account, owner.generation)],
                changes: vec![Change::Server(Box::new(record))],
                ..Batch::default()
            };
            match self.commit(batch).await? {
                Committed::Done => return Ok(Made::new(answer)),
                Committed::Before(claim) => {
                    if let Some(once) = &once {
                        return self.answer_of(once, &claim);
                    }
                }
                Committed::Overtaken => {}
            }
        }
        Err(overtaken())
    }

    /// Servers of an account, newest first, also those that have ended.
    ///
    /// # Errors
    ///
    /// There is no such account, the page cannot be had, or the store does not answer.
    pub async fn servers(
        &self,
        account: AccountId,
        filter: &ServerFilter,
        paging: &Paging,
    ) -> Result<List<Server>, ProvisionError> {
        self.all_servers(Some(account), filter, paging).await
    }

    /// A server, also one that has ended.
    ///
    /// # Errors
    ///
    /// There is none, or the store does not answer.
    pub async fn server(&self, account: AccountId, id: ServerId) -> Result<Server, ProvisionError> {
        let record = self.server_record(account, id).await?;
        self.shown(&record).await
    }

    /// Revokes a server. One that is revoked already stays as it is.
    ///
    /// # Errors
    ///
    /// There is none, or the store does not answer.
    pub async fn revoke_server(
        &self,
        account: AccountId,
        id: ServerId,
    ) -> Result<(), ProvisionError> {
        for _ in 0..ATTEMPTS {
            let mut record = self.server_record(account, id).await?;
            if record.revoked_at.is_some() {
                return Ok(());
            }
            let now = self.now();
            record.revoked_at = Some(now);
            record.updated_at = now;
            let change = Change::Server(Box::new(record));
            if let Committed::Done = self.write(change).await? {
                return Ok(());
            }
        }
        Err(overtaken())
    }

    pub(super) async fn server_record(
        &self,
        account: AccountId,
        id: ServerId,
    ) -> Result<ServerRecord, ProvisionError> {
        self.account_record(account).await?;
        let record = self.store().server(id).await?;
        let record = record.filter(|record| record.account == account);
        record.ok_or_else(|| ProvisionError::NotFound("the account has no such server".to_owned()))
    }

    /// What a body asks for, over what there is.
    pub(super) fn server_draft(
        &self,
        body: &Value,
        old: Option<&ServerRecord>,
    ) -> Result<Draft, ProvisionError> {
        let mut problems = Problems::default();
        let found = &mut problems;
        let Some(fields) = Fields::of(body, "", &FIELDS, found) else {
            return Err(problems.finish().err().unwrap_or_else(overtaken));
        };
        if old.is_none() || fields.has("name") {
            fields.required("name", "what people call the server", found);
        }
        let name = fields.name("name", found);
        let config = old.map(|old| &old.config);
        let config = config::read(&fields, config, self.options().has_issuers, found);
        let expires_at = fields.end("expires_at", self.now(), found);
        problems.finish()?;
        let kept = |name: &str| old.filter(|_| !fields.has(name));
        Ok(Draft {
            name: name
                .or_else(|| old.map(|old| old.name.clone()))
                .unwrap_or_default(),
            config,
            expires_at: expires_at.or_else(|| kept("expires_at").and_then(|old| old.expires_at)),
        })
    }

    pub(super) fn url_token(&self, token: &SecretToken) -> UrlToken {
        UrlToken {
            hash: self.registry().keyring().hash(token.reveal()),
            hint: token.hint(),
        }
    }

    /// A server as it is shown, with what it was used for.
    pub(super) async fn shown(&self, record: &ServerRecord) -> Result<Server, ProvisionError> {
        let usage = self.store().usage(&[record.id]).await;
        // Its change may have been made: that must not become an error because of a count.
        let usage = usage.unwrap_or_default().pop().map(|(_, usage)| usage);
        Ok(self.server_view(record, usage.unwrap_or_default().into(), None))
    }

    pub(super) fn server_view(
        &self,
        record: &ServerRecord,
        usage: ServerUsage,
        token: Option<&SecretToken>,
    ) -> Server {
        let base = &self.options().public_base;
        let now = self.now();
        let url = if record.config.require_oauth || self.options().require_oauth {
            Some(format!("{base}/mcp/{}", record.id))
        } else {
            token.map(|token| format!("{base}/mcp/{}", token.reveal()))
        };
        let old_end = record.old_token.as_ref().map(|old| old.valid_until);
        Server {
            id: record.id,
            integrated_account_id: record.account,
            name: record.name.clone(),
            config: record.config.clone(),
            expires_at: record.expires_at,
            url: url.map(Shown),
            token: token.map(|token| Shown(token.reveal().to_owned())),
            token_hint: record.token.as_ref().map(|token| token.hint.clone()),
            state: record.state(now),
            created_at: record.created_at,
            updated_at: record.updated_at,
            revoked_at: record.revoked_at,
            previous_token_valid_until: old_end.filter(|end| *end > now),
            usage,
        }
    }
}

impl From<Usage> for ServerUsage {
    fn from(usage: Usage) -> Self {
        Self {
            last_used_at: usage.last_used_at,
            calls: usage.calls,
            errors: usage.errors,
            writes: usage.writes,
        }
    }
}

pub(super) fn revoked(at: Timestamp) -> ProvisionError {
    ProvisionError::Conflict(format!(
        "the server was revoked at {at} and cannot be used again; make a new one"
    ))
}
