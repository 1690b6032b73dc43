//! Integrated accounts.

use billsby_sdk::RateLimit;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::commit::{ATTEMPTS, Committed, overtaken};
use super::fields::Problems;
use super::{IdempotencyKey, List, Made, Paging, ProvisionError, Provisioning};
use crate::record::{AccountId, AccountRecord, Environment};
use crate::store::{Batch, Change};

/// What is needed for an account.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"company_domain": "widgets", "api_key": "the company's API key", "label": "Widgets Ltd"}))]
pub struct NewAccount {
    /// The company domain: `widgets` if the control panel is at `widgets.billsby.com`. Not needed for the
    /// sandbox.
    #[schema(max_length = 200, pattern = "^[A-Za-z0-9_-]+$")]
    pub company_domain: Option<String>,
    /// An API key of the company. It is kept sealed and never shown. The sandbox has none.
    #[schema(write_only, max_length = 200)]
    pub api_key: Option<String>,
    /// What people call the account; the company domain unless given.
    #[schema(min_length = 1, max_length = 100)]
    pub label: Option<String>,
    /// What the account is for; `live` unless given.
    pub environment: Option<Environment>,
    /// Another address than Billsby's own: one of those that the operator allows.
    pub base_url: Option<String>,
}

/// What is to be different; what is not named stays. `null` means the default.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"label": "Widgets Ltd"}))]
pub struct AccountChange {
    /// The company domain.
    #[schema(max_length = 200, pattern = "^[A-Za-z0-9_-]+$", nullable = false)]
    pub company_domain: Option<String>,
    /// Another API key of the company, in the place of the one there is.
    #[schema(write_only, max_length = 200, nullable = false)]
    pub api_key: Option<String>,
    /// What people call the account.
    #[schema(min_length = 1, max_length = 100)]
    pub label: Option<String>,
    /// `live` or `test`. An account cannot become one of the sandbox, nor cease to be one.
    pub environment: Option<Environment>,
    /// The address of Billsby.
    pub base_url: Option<String>,
}

/// An integrated account, without its API key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = IntegratedAccount)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// What people call it.
    pub label: String,
    /// The company.
    pub company_domain: String,
    /// What it is for.
    pub environment: Environment,
    /// Another address than Billsby's own.
    #[schema(required)]
    pub base_url: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Whether an account works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Verification {
    /// Whether Billsby answered a read with a list of customers.
    pub ok: bool,
    /// The status it answered with, if it refused.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub status: Option<u16>,
    /// What that means.
    pub detail: String,
}

impl Provisioning {
    /// Makes an account. Billsby is not asked; [`verify_account`](Self::verify_account) does that.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, or the store does not answer.
    pub async fn create_account(
        &self,
        body: &Value,
        key: Option<&IdempotencyKey>,
    ) -> Result<Made<Account>, ProvisionError> {
        let once = self.once("account", body, key);
        if let Some(made) = self.replay(once.as_ref()).await? {
            return Ok(made);
        }
        let draft = self.account_draft(body, None)?;
        for _ in 0..ATTEMPTS {
            let now = self.now();
            let id = AccountId::new(now)?;
            let record = AccountRecord {
                id,
                api_key: self.sealed(id, draft.api_key.as_deref())?,
                label: draft.label.clone(),
                company_domain: draft.company_domain.clone(),
                environment: draft.environment,
                base_url: draft.base_url.clone(),
                created_at: now,
                updated_at: now,
                deleted_at: None,
                generation: 0,
            };
            let answer = Account::from(&record);
            let batch = Batch {
                claim: self.claim(once.as_ref(), &answer)?,
                changes: vec![Change::Account(record)],
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

    /// Accounts, newest first.
    ///
    /// # Errors
    ///
    /// The page cannot be had, or the store does not answer.
    pub async fn accounts(&self, paging: &Paging) -> Result<List<Account>, ProvisionError> {
        let mut problems = Problems::default();
        let (page, limit) = paging.page(&mut problems);
        problems.finish()?;
        let records = self.store().accounts(page).await?;
        let id = |record: &AccountRecord| record.id.to_string();
        Ok(List::of(records, limit, id, |record| {
            Account::from(&record)
        }))
    }

    /// An account.
    ///
    /// # Errors
    ///
    /// There is none, or the store does not answer.
    pub async fn account(&self, id: AccountId) -> Result<Account, ProvisionError> {
        Ok(Account::from(&self.account_record(id).await?))
    }

    /// Changes an account by a JSON merge patch. Its servers go on with what is new.
    ///
    /// # Errors
    ///
    /// There is none, everything that is wrong with the change, or the store does not answer.
    pub async fn change_account(
        &self,
        id: AccountId,
        body: &Value,
    ) -> Result<Account, ProvisionError> {
        for _ in 0..ATTEMPTS {
            let old = self.account_record(id).await?;
            let draft = self.account_draft(body, Some(&old))?;
            let mut record = AccountRecord {
                label: draft.label,
                company_domain: draft.company_domain,
                environment: draft.environment,
                base_url: draft.base_url,
                ..old.clone()
            };
            if let Some(key) = &draft.api_key {
                record.api_key = self.sealed(id, Some(key))?;
            }
            if record == old {
                return Ok(Account::from(&old));
            }
            record.updated_at = self.now();
            let answer = Account::from(&record);
            if let Committed::Done = self.write(Change::Account(record)).await? {
                return Ok(answer);
            }
        }
        Err(overtaken())
    }

    /// Deletes an account: its servers are revoked and its API key is gone, in one commit.
    ///
    /// # Errors
    ///
    /// There is none, or the store does not answer.
    pub async fn delete_account(&self, id: AccountId) -> Result<(), ProvisionError> {
        for _ in 0..ATTEMPTS {
            let old = self.account_record(id).await?;
            let now = self.now();
            let record = AccountRecord {
                api_key: Vec::new(),
                updated_at: now,
                deleted_at: Some(now),
                ..old
            };
            let batch = Batch {
                changes: vec![Change::Account(record)],
                revoke_servers: Some((id, now)),
                ..Batch::default()
            };
            if let Committed::Done = self.commit(batch).await? {
                return Ok(());
            }
        }
        Err(overtaken())
    }

    /// Asks Billsby, by one read, whether the key and the domain of an account work.
    ///
    /// # Errors
    ///
    /// There is no such account, or the store does not answer. That Billsby refuses is an answer.
    pub async fn verify_account(&self, id: AccountId) -> Result<Verification, ProvisionError> {
        self.account_record(id).await?;
        Ok(self.verification(id).await.0)
    }

    /// What Billsby answers, with how many more calls it takes if it said so.
    pub(super) async fn verification(&self, id: AccountId) -> (Verification, Option<RateLimit>) {
        let client = match self.registry().client(id).await {
            Ok(client) => client,
            Err(error) => return (Verification::failed(None, error.to_string()), None),
        };
        match client.verify_with_rate_limit().await {
            Ok(limit) => (Verification::good(), limit),
            Err(error) => (Verification::of(&error), error.rate_limit()),
        }
    }

    pub(super) async fn account_record(
        &self,
        id: AccountId,
    ) -> Result<AccountRecord, ProvisionError> {
        let record = self.store().account(id).await?;
        let record = record
            .ok_or_else(|| ProvisionError::NotFound("there is no such account".to_owned()))?;
        match record.deleted_at {
            None => Ok(record),
            Some(at) => Err(ProvisionError::NotFound(format!(
                "the account was deleted at {at}, and its servers with it"
            ))),
        }
    }

    fn sealed(&self, id: AccountId, key: Option<&str>) -> Result<Vec<u8>, ProvisionError> {
        let Some(key) = key else {
            return Ok(Vec::new());
        };
        let keyring = self.registry().keyring();
        Ok(keyring.seal(key.as_bytes(), &id.to_string())?)
    }
}

impl Verification {
    fn good() -> Self {
        Self {
            ok: true,
            status: None,
            detail: "Billsby answers with customers of this company".to_owned(),
        }
    }

    fn failed(status: Option<u16>, detail: String) -> Self {
        Self {
            ok: false,
            status,
            detail,
        }
    }

    /// What Billsby's refusal means, without what it wrote: that may hold anything.
    fn of(error: &billsby_sdk::Error) -> Self {
        let status = error.status();
        let detail = if error.is_unauthorized() {
            "Billsby refuses the API key: look whether key and company domain belong together"
        } else if error.is_not_found() {
            "Billsby does not know the company domain: look whether key and company domain belong together"
        } else if error.is_rate_limited() {
            "Billsby takes no more requests for now; nothing is known of the account"
        } else if error.is_timeout() {
            "Billsby did not answer in time; nothing is known of the account"
        } else if error.is_connect() {
            "Billsby cannot be reached; nothing is known of the account"
        } else if status.is_some() {
            "Billsby answered with an error; nothing is known of the account"
        } else {
            "what answered is not Billsby; nothing is known of the account"
        };
        Self::failed(status, detail.to_owned())
    }
}

impl From<&AccountRecord> for Account {
    fn from(record: &AccountRecord) -> Self {
        Self {
            id: record.id,
            label: record.label.clone(),
            company_domain: record.company_domain.clone(),
            environment: record.environment,
            base_url: record.base_url.clone(),
            created_at: record.created_at,
            updated_at: record.updated_at,
        }
    }
}
