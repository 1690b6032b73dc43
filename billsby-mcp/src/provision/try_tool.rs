//! Trying a tool of an account, without a server.

use std::fmt;
use std::sync::LazyLock;
use std::time::Instant;

use serde::Serialize;
use serde_json::{Map, Value};

use super::{ProvisionError, Provisioning};
use crate::account::Caller;
use crate::record::{AccountId, Environment};
use crate::tool::{
    Answer, Catalogue, CompanyDomainMode, Effect, Entry, Filter, Group, Listing, Report, Settings,
    Tool, tokens_of,
};

/// What the activity calls whoever tries a tool.
const CALLER: &str = "billsby-mcp page";

/// A tool that can be tried.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TriableTool {
    /// Its name in the inventory.
    pub name: String,
    /// A few words for people.
    pub title: String,
    /// What a model has to know before it calls.
    pub description: String,
    /// What a call does.
    pub effect: Effect,
    /// Its group.
    pub tag: String,
    /// JSON Schema of the arguments, complete and without the company domain, which the account fills in.
    pub input_schema: Value,
}

/// What came of a try.
#[derive(Clone, PartialEq, Serialize)]
pub struct Tried {
    /// What a model would read.
    pub text: String,
    /// The same as JSON.
    pub body: Option<Value>,
    /// Whether that says what went wrong.
    pub is_error: bool,
    /// How long it took.
    pub milliseconds: u32,
    /// What it would take of a model's attention, in estimated tokens.
    pub tokens: u64,
}

/// Tools that only read, and all tools.
static TRIABLE: LazyLock<[Vec<TriableTool>; 2]> =
    LazyLock::new(|| [false, true].map(|is_sandbox| list(&settings(is_sandbox))));

impl Provisioning {
    /// The tools that can be tried on accounts of a kind: those that only read, and on the sandbox all.
    #[must_use]
    pub fn triable(&self, environment: Environment) -> Vec<TriableTool> {
        let is_sandbox = environment == Environment::Sandbox;
        TRIABLE[usize::from(is_sandbox)].clone()
    }

    /// Calls a tool by any of its names, as a model would. The call is in the activity, without a server.
    ///
    /// # Errors
    ///
    /// There is no such account or tool, the tool must not be tried on this account, or the account or the store
    /// cannot be used: nothing was sent then. A call that failed, also because of its arguments, is no error here.
    pub async fn try_tool(
        &self,
        account: AccountId,
        tool: &str,
        arguments: Map<String, Value>,
    ) -> Result<Tried, ProvisionError> {
        let record = self.account_record(account).await?;
        let is_sandbox = record.environment == Environment::Sandbox;
        let tool = find(tool)?;
        if !is_sandbox {
            must_be_harmless(tool)?;
        }
        let tools = self.registry().tools(account, settings(is_sandbox)).await;
        let tools = tools.map_err(|error| ProvisionError::Conflict(error.to_string()))?;
        let caller = Caller {
            name: Some(CALLER.to_owned()),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        };
        let start = Instant::now();
        let reply = tools.call_from(&caller, tool.name, arguments).await;
        let milliseconds = u32::try_from(start.elapsed().as_millis()).unwrap_or(u32::MAX);
        match reply {
            Ok(Ok(answer)) => Ok(Tried::answered(answer, milliseconds)),
            Ok(Err(report)) => Tried::failed(&report, milliseconds),
            Err(unknown) => Err(ProvisionError::Conflict(unknown.to_string())),
        }
    }
}

impl Tried {
    fn answered(answer: Answer, milliseconds: u32) -> Self {
        let texts: Vec<&str> = answer.texts().collect();
        let text = texts.join("\n");
        let note = answer.note().map_or(0, |note| tokens_of(&note.into()));
        let body = answer.into_object();
        Self {
            text,
            is_error: false,
            milliseconds,
            tokens: (tokens_of(&body) + note) as u64,
            body: Some(body),
        }
    }

    fn failed(report: &Report, milliseconds: u32) -> Result<Self, ProvisionError> {
        let body = serde_json::to_value(report)
            .map_err(|error| ProvisionError::Defect(format!("no JSON: {error}")))?;
        Ok(Self {
            text: body.to_string(),
            is_error: true,
            milliseconds,
            tokens: tokens_of(&body) as u64,
            body: Some(body),
        })
    }
}

impl fmt::Debug for Tried {
    /// Without what Billsby answered.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tried")
            .field("is_error", &self.is_error)
            .field("milliseconds", &self.milliseconds)
            .field("tokens", &self.tokens)
            .finish_non_exhaustive()
    }
}

/// The tool of a name. What the account may not do is told as such, so the whole inventory is looked at.
fn find(name: &str) -> Result<&'static Tool, ProvisionError> {
    let mut tools = crate::tools();
    let found = tools.find(|tool| tool.names().any(|known| known == name));
    found.ok_or_else(|| ProvisionError::NotFound("there is no such tool".to_owned()))
}

/// On an account with customers nothing is done by trying it.
fn must_be_harmless(tool: &Tool) -> Result<(), ProvisionError> {
    let reason = if !tool.effect.is_read() {
        "can change something"
    } else if !tool.reviewed {
        "has not been reviewed"
    } else {
        return Ok(());
    };
    Err(ProvisionError::Conflict(format!(
        "{} {reason}, so it can be tried on a sandbox account only; nothing was sent",
        tool.name
    )))
}

/// Every tool that may be tried, under the names of the inventory. The account fills in the company domain.
fn settings(is_sandbox: bool) -> Settings {
    let groups = if is_sandbox {
        &[Group::Read, Group::Write, Group::Custom][..]
    } else {
        &[Group::Read]
    };
    let methods = groups.iter().map(|group| group.as_str().to_owned());
    Settings {
        filter: Filter {
            methods: methods.collect(),
            include_unreviewed: is_sandbox,
            ..Filter::default()
        },
        company_domain: CompanyDomainMode::Bound,
        ..Settings::default()
    }
}

fn list(settings: &Settings) -> Vec<TriableTool> {
    // Tests look whether it can be made.
    let Ok(catalogue) = Catalogue::new(crate::tools(), "", settings) else {
        return Vec::new();
    };
    let tool = |(entry, listing): (&Entry, &Listing)| TriableTool {
        name: listing.name.to_owned(),
        title: listing.title.to_owned(),
        description: listing.description.clone(),
        effect: entry.tool().effect,
        tag: entry.tool().tag.to_owned(),
        input_schema: match catalogue.accepted(entry) {
            Ok(schema) => schema.clone(),
            Err(_) => listing.input_schema.clone(),
        },
    };
    let both = catalogue.entries().iter().zip(catalogue.listings());
    both.map(tool).collect()
}

#[cfg(test)]
mod tests;
