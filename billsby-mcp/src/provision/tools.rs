//! What a server serves, or would serve.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::config::catalogue;
use super::warnings::{self, Offer};
use super::{ProvisionError, Provisioning, Warning};
use crate::record::{AccountId, AccountRecord, ServerConfig, ServerId};
use crate::tool::{
    Catalogue, CatalogueError, Discovery, Effect, Exposure, Listing, Settings, profile, tokens_of,
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
    /// What may go wrong with them, client by client.
    pub warnings: Vec<Warning>,
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
        let tools = self.tools(&owner, &record.name, &record.config);
        tools.map_err(|error| {
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
        let tools = self.tools(&owner, &draft.name, &draft.config);
        tools.map_err(|error| ProvisionError::Defect(error.to_string()))
    }

    fn tools(
        &self,
        owner: &AccountRecord,
        name: &str,
        config: &ServerConfig,
    ) -> Result<ServedTools, CatalogueError> {
        let settings = config.settings();
        let catalogue = catalogue(&owner.company_domain, &settings)?;
        let discovery = match settings.exposure {
            Exposure::All => None,
            Exposure::Discovery => Some(Discovery::new(&catalogue, &settings)?),
        };
        let listings = match &discovery {
            None => catalogue.listings(),
            Some(discovery) => discovery.listings(),
        };
        let tokens = listings.iter().map(tokens).sum();
        let warnings = warnings::find(&Offer {
            name,
            environment: owner.environment,
            config,
            takes_oauth: config.require_oauth || self.options().require_oauth,
            catalogue: &catalogue,
            listings,
            tokens,
        });
        Ok(ServedTools {
            tools: served(&catalogue),
            tokens,
            left_out: left_out(&catalogue, &settings),
            warnings,
        })
    }
}

/// The names of all tools that are not among these.
fn left_out(catalogue: &Catalogue, settings: &Settings) -> Vec<String> {
    let names = profile::names(settings);
    let is_served = |name: &str| catalogue.find(name).is_some();
    let left_out = crate::tools().filter(|tool| !is_served(tool.name));
    left_out.map(|tool| names.of(tool).to_owned()).collect()
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

/// What a model is shown of a tool.
fn tokens(listing: &Listing) -> u64 {
    let shown: Value = json!({
        "name": listing.name,
        "description": listing.description,
        "input_schema": listing.input_schema,
    });
    tokens_of(&shown) as u64
}
