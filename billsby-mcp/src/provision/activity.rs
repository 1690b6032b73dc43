//! What servers were used for.

use std::collections::BTreeMap;

use billsby_sdk::Outcome;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fields::Problems;
use super::{ActivityFilter, List, OutcomeWord, Paging, ProvisionError, Provisioning};
use crate::activity::Entry;
use crate::record::{AccountId, ActivityId, ServerId};
use crate::store::{ActivityQuery, Page};

/// One call of a tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ToolCall)]
pub struct Call {
    /// Its id.
    pub id: ActivityId,
    /// When it began.
    pub at: Timestamp,
    /// The server; none for the one that the program was started with.
    #[schema(required)]
    pub server_id: Option<ServerId>,
    /// The account; none likewise.
    #[schema(required)]
    pub account_id: Option<AccountId>,
    /// Who called, as far as it said so.
    pub client: CallingClient,
    /// The tool's name in the inventory.
    pub tool: String,
    /// Whether the tool can change anything.
    pub is_write: bool,
    /// Whether the client got an error.
    pub is_error: bool,
    /// What became of the call at Billsby.
    pub outcome: OutcomeWord,
    /// The status that Billsby answered with, if it failed with one.
    #[schema(required)]
    pub status: Option<u16>,
    /// How long it took, in milliseconds.
    pub milliseconds: u32,
    /// The ids that the call named.
    pub keys: BTreeMap<String, String>,
}

/// What a client calls itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CallingClient {
    /// Its name.
    #[schema(required)]
    pub name: Option<String>,
    /// Its version.
    #[schema(required)]
    pub version: Option<String>,
}

impl Provisioning {
    /// Calls, newest first.
    ///
    /// # Errors
    ///
    /// The page cannot be had, or the store does not answer.
    pub async fn activity(
        &self,
        filter: &ActivityFilter,
        paging: &Paging,
    ) -> Result<List<Call>, ProvisionError> {
        let mut problems = Problems::default();
        let (page, limit) = paging.page(&mut problems);
        let query = filter.query(page, &mut problems);
        problems.finish()?;
        let entries = self.store().activity(query).await?;
        let id = |entry: &Entry| entry.id.to_string();
        Ok(List::of(entries, limit, id, Call::from))
    }
}

impl ActivityFilter {
    /// The same as a question for the store.
    pub(super) fn query(&self, page: Page<ActivityId>, problems: &mut Problems) -> ActivityQuery {
        if let (Some(from), Some(until)) = (self.from, self.until)
            && until <= from
        {
            problems.add("?until", "is not after from");
        }
        ActivityQuery {
            server: self.server_id,
            account: self.account_id,
            tool: self.tool.as_deref().map(inventory_name),
            outcome: self.outcome.map(Outcome::from),
            is_error: self.is_error,
            customer: self.customer.clone(),
            invoice: self.invoice.clone(),
            from: self.from,
            until: self.until,
            page,
        }
    }
}

/// A tool that is gone is still in the activity, under the name it had.
fn inventory_name(name: &str) -> String {
    let mut tools = crate::tools();
    let found = tools.find(|tool| tool.names().any(|known| known == name));
    found.map_or(name, |tool| tool.name).to_owned()
}

impl From<Entry> for Call {
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.id,
            at: entry.at,
            server_id: entry.server,
            account_id: entry.account,
            client: CallingClient {
                name: entry.client_name,
                version: entry.client_version,
            },
            tool: entry.tool,
            is_write: entry.is_write,
            is_error: entry.is_error,
            outcome: entry.outcome.into(),
            status: entry.status,
            milliseconds: entry.milliseconds,
            keys: entry.keys,
        }
    }
}

impl From<Outcome> for OutcomeWord {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::NotSent => Self::NotSent,
            Outcome::Rejected => Self::Rejected,
            Outcome::Done => Self::Done,
            Outcome::Unknown => Self::Unknown,
        }
    }
}

impl From<OutcomeWord> for Outcome {
    fn from(outcome: OutcomeWord) -> Self {
        match outcome {
            OutcomeWord::NotSent => Self::NotSent,
            OutcomeWord::Rejected => Self::Rejected,
            OutcomeWord::Done => Self::Done,
            OutcomeWord::Unknown => Self::Unknown,
        }
    }
}
