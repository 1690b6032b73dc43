//! What a server serves, or would serve.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::config::catalogue;
use super::{ProvisionError, Provisioning};
use crate::record::{AccountId, ServerConfig, ServerId};
use crate::tool::{
    Catalogue, CatalogueError, Discovery, Effect, Exposure, Listing, profile, tokens_of,
};

/// The tools of a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ServedTools {
    /// Those that can be called.
    pub tools: Vec<ServedTool>,
    /// What a model is shown when it lists the tools, in estimated tokens. With `expose: discovery` that is
    /// less than the tools take together.
    pub tokens: u64,
    /// The names of those that are left out.
    pub left_out: Vec<String>,
}

/// A tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ServedTool {
    /// The name under which it is listed.
    #[schema(example = "list_all_billsby_customers")]
    pub name: String,
    /// A few words for people.
    pub title: String,
    /// What a call does.
    pub effect: Effect,
    /// Its group.
    #[schema(example = "customers")]
    pub tag: String,
    /// What its name, description and input schema take, in estimated tokens.
    pub tokens: u64,
}

impl Provisioning {
    /// What a server serves.
    ///
    /// # Errors
    ///
    /// There is no such server, its tools can no longer be had, or the store does not answer.
    pub async fn server_tools(
        &self,
        account: AccountId,
        id: ServerId,
    ) -> Result<ServedTools, ProvisionError> {
        let owner = self.account_record(account).await?;
        let record = self.server_record(account, id).await?;
        tools(&owner.company_domain, &record.config).map_err(|error| {
            ProvisionError::Conflict(format!(
                "the server cannot serve what was asked of it: {error}"
            ))
        })
    }

    /// What a server would serve. Takes what [`create_server`](Self::create_server) takes, and makes
    /// nothing.
    ///
    /// # Errors
    ///
    /// As for making it.
    pub async fn preview_server(
        &self,
        account: AccountId,
        body: &Value,
    ) -> Result<ServedTools, ProvisionError> {
        let owner = self.account_record(account).await?;
        let draft = self.server_draft(body, None)?;
        tools(&owner.company_domain, &draft.config)
            .map_err(|error| ProvisionError::Defect(error.to_string()))
    }
}

fn tools(company_domain: &str, config: &ServerConfig) -> Result<ServedTools, CatalogueError> {
    let settings = config.settings();
    let catalogue = catalogue(company_domain, &settings)?;
    let tokens = match settings.exposure {
        Exposure::All => total(catalogue.listings()),
        Exposure::Discovery => total(Discovery::new(&catalogue, &settings)?.listings()),
    };
    let names = profile::names(&settings);
    let is_served = |name: &str| catalogue.find(name).is_some();
    let left_out = crate::tools().filter(|tool| !is_served(tool.name));
    Ok(ServedTools {
        tools: served(&catalogue),
        tokens,
        left_out: left_out.map(|tool| names.of(tool).to_owned()).collect(),
    })
}

fn served(catalogue: &Catalogue) -> Vec<ServedTool> {
    let both = catalogue.entries().iter().zip(catalogue.listings());
    let tools = both.map(|(entry, listing)| ServedTool {
        name: entry.listed_name().to_owned(),
        title: listing.title.to_owned(),
        effect: entry.tool().effect,
        tag: entry.tool().tag.to_owned(),
        tokens: tokens(listing),
    });
    tools.collect()
}

fn total(listings: &[Listing]) -> u64 {
    listings.iter().map(tokens).sum()
}

/// What a model is shown of a tool.
fn tokens(listing: &Listing) -> u64 {
    let shown: Value = json!({
        "name": listing.name,
        "description": listing.description,
        "input_schema": listing.input_schema,
    });
    tokens_of(&shown) as u64
}
