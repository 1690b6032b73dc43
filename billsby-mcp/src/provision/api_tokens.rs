//! Tokens for servers that want one beside their URL.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::commit::{ATTEMPTS, Committed, overtaken};
use super::fields::{Fields, Problems};
use super::{IdempotencyKey, List, Made, Paging, ProvisionError, Provisioning, Shown};
use crate::record::{ApiTokenId, ApiTokenRecord, ServerId, State};
use crate::secret::{SecretToken, TokenKind};
use crate::store::{Batch, Change};

const FIELDS: [&str; 3] = ["name", "server_id", "expires_at"];

/// What is needed for an API token.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Finance team"}))]
pub struct NewApiToken {
    /// What people call it.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// The only server it opens; every server that requires a token, unless given.
    pub server_id: Option<ServerId>,
    /// From when on it opens nothing, at least 60 seconds ahead; never, unless given.
    pub expires_at: Option<Timestamp>,
}

/// An API token. The token itself is in the answer to the request that made it, and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApiToken {
    /// Its id.
    pub id: ApiTokenId,
    /// What people call it.
    pub name: String,
    /// The only server it opens; none: every server that requires a token.
    #[schema(required)]
    pub server_id: Option<ServerId>,
    /// The token itself: only in the answer that made it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(value_type = String, required = false)]
    pub token: Option<Shown>,
    /// Its last characters, to tell it from others.
    pub token_hint: String,
    /// How it stands.
    pub state: State,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it opens nothing.
    #[schema(required)]
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    #[schema(required)]
    pub revoked_at: Option<Timestamp>,
}

impl Provisioning {
    /// Makes an API token and gives it.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, or the store does not answer.
    pub async fn create_api_token(
        &self,
        body: &Value,
        key: Option<&IdempotencyKey>,
    ) -> Result<Made<ApiToken>, ProvisionError> {
        let once = self.once("API token", body, key);
        if let Some(made) = self.replay(once.as_ref()).await? {
            return Ok(made);
        }
        let new = self.new_api_token(body).await?;
        for _ in 0..ATTEMPTS {
            let (now, token) = (self.now(), SecretToken::generate(TokenKind::Api)?);
            let record = ApiTokenRecord {
                id: ApiTokenId::new(now)?,
                name: new.name.clone(),
                hash: Some(self.registry().keyring().hash(token.reveal())),
                hint: token.hint(),
                server: new.server_id,
                created_at: now,
                expires_at: new.expires_at,
                revoked_at: None,
                generation: 0,
            };
            let answer = ApiToken {
                token: Some(Shown(token.reveal().to_owned())),
                ..self.api_token_view(&record)
            };
            let batch = Batch {
                claim: self.claim(once.as_ref(), &answer)?,
                changes: vec![Change::ApiToken(record)],
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

    /// API tokens, newest first, without those that were revoked.
    ///
    /// # Errors
    ///
    /// The page cannot be had, or the store does not answer.
    pub async fn api_tokens(&self, paging: &Paging) -> Result<List<ApiToken>, ProvisionError> {
        let mut problems = Problems::default();
        let (page, limit) = paging.page(&mut problems);
        problems.finish()?;
        let records = self.store().api_tokens(page).await?;
        let id = |record: &ApiTokenRecord| record.id.to_string();
        Ok(List::of(records, limit, id, |record| {
            self.api_token_view(&record)
        }))
    }

    /// An API token, also one that has ended.
    ///
    /// # Errors
    ///
    /// There is none, or the store does not answer.
    pub async fn api_token(&self, id: ApiTokenId) -> Result<ApiToken, ProvisionError> {
        Ok(self.api_token_view(&self.api_token_record(id).await?))
    }

    /// Revokes an API token. One that is revoked already stays as it is.
    ///
    /// # Errors
    ///
    /// There is none, or the store does not answer.
    pub async fn revoke_api_token(&self, id: ApiTokenId) -> Result<(), ProvisionError> {
        for _ in 0..ATTEMPTS {
            let mut record = self.api_token_record(id).await?;
            if record.revoked_at.is_some() {
                return Ok(());
            }
            record.revoked_at = Some(self.now());
            if let Committed::Done = self.write(Change::ApiToken(record)).await? {
                return Ok(());
            }
        }
        Err(overtaken())
    }

    async fn api_token_record(&self, id: ApiTokenId) -> Result<ApiTokenRecord, ProvisionError> {
        let record = self.store().api_token(id).await?;
        record.ok_or_else(|| ProvisionError::NotFound("there is no such API token".to_owned()))
    }

    async fn new_api_token(&self, body: &Value) -> Result<NewApiToken, ProvisionError> {
        let mut problems = Problems::default();
        let found = &mut problems;
        let Some(fields) = Fields::of(body, "", &FIELDS, found) else {
            return Err(problems.finish().err().unwrap_or_else(overtaken));
        };
        fields.required("name", "what people call the token", found);
        let name = fields.name("name", found);
        let expires_at = fields.end("expires_at", self.now(), found);
        let server_id = match fields.text("server_id", found) {
            None => None,
            Some(text) => match self.live_server(text).await? {
                Ok(id) => Some(id),
                Err(problem) => {
                    found.add(fields.at("server_id"), problem);
                    None
                }
            },
        };
        problems.finish()?;
        Ok(NewApiToken {
            name: name.unwrap_or_default(),
            server_id,
            expires_at,
        })
    }

    /// The server with an id, if a token for it makes sense.
    async fn live_server(&self, text: &str) -> Result<Result<ServerId, String>, ProvisionError> {
        let Ok(id) = text.parse::<ServerId>() else {
            return Ok(Err("is not the id of a server".to_owned()));
        };
        Ok(match self.store().server(id).await? {
            None => Err("there is no such server".to_owned()),
            Some(record) => match record.revoked_at {
                Some(at) => Err(format!("the server was revoked at {at}")),
                None => Ok(id),
            },
        })
    }

    pub(super) fn api_token_view(&self, record: &ApiTokenRecord) -> ApiToken {
        ApiToken {
            id: record.id,
            name: record.name.clone(),
            server_id: record.server,
            token: None,
            token_hint: record.hint.clone(),
            state: record.state(self.now()),
            created_at: record.created_at,
            expires_at: record.expires_at,
            revoked_at: record.revoked_at,
        }
    }
}
