//! What may go wrong with what a server serves: what clients do not take, and what models cannot do with it.

mod keys;
mod names;
mod schemas;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::record::{Environment, ServerConfig};
use crate::tool::{Catalogue, Listing};

/// How many tools clients take from all servers together, the largest number first.
const MOST_TOOLS: [(usize, &str); 2] = [(128, "VS Code"), (80, "Cursor")];
/// Among more tools than these, models choose worse.
const MANY_TOOLS: usize = 40;
/// More tokens than these leave little of what a model can keep in mind.
const MANY_TOKENS: u64 = 20_000;
/// Claude Code cuts off results that take more tokens.
const CLAUDE_CODE_RESULT: u32 = 25_000;
/// Clients to which nobody can tell a token.
const WITHOUT_API_TOKENS: [&str; 2] = ["ChatGPT", "Claude"];

/// Something that may go wrong with what a server serves, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ServerWarning)]
pub struct Warning {
    /// The client that it is about; every client, if there is none.
    #[schema(required, example = "Cursor")]
    pub client: Option<String>,
    /// What may go wrong, and what to do.
    pub detail: String,
}

/// What a server serves, and to whom.
pub(super) struct Offer<'a> {
    /// What people call the server.
    pub(super) name: &'a str,
    /// The kind of its account.
    pub(super) environment: Environment,
    /// How it is set.
    pub(super) config: &'a ServerConfig,
    /// Whether an access token of OAuth opens it.
    pub(super) takes_oauth: bool,
    /// The tools that can be called.
    pub(super) catalogue: &'a Catalogue,
    /// What clients are shown.
    pub(super) listings: &'a [Listing],
    /// What that takes, in estimated tokens.
    pub(super) tokens: u64,
}

impl Warning {
    fn for_client(client: &str, detail: impl Into<String>) -> Self {
        Self {
            client: Some(client.to_owned()),
            detail: detail.into(),
        }
    }

    fn for_all(detail: impl Into<String>) -> Self {
        Self {
            client: None,
            detail: detail.into(),
        }
    }
}

/// Everything that may go wrong, what is worst first.
pub(super) fn find(offer: &Offer<'_>) -> Vec<Warning> {
    let mut found = Vec::new();
    found.extend(is_open(offer));
    found.extend(needs_api_token(offer));
    found.extend(keys::missing(offer.catalogue, offer.config));
    found.extend(names::too_long(offer.name, offer.listings));
    found.extend(schemas::not_taken(offer.config.profile, offer.listings));
    found.extend(too_many_tools(offer.listings.len()));
    found.extend(too_many_tokens(offer.tokens));
    found.extend(too_long_results(offer.config));
    found
}

/// Nothing but the URL stands before tools that change something.
fn is_open(offer: &Offer<'_>) -> Option<Warning> {
    let asks = offer.takes_oauth || offer.config.require_api_token_auth;
    let entries = offer.catalogue.entries();
    let has_effect = entries.iter().any(|entry| !entry.tool().effect.is_read());
    let is_real = offer.environment != Environment::Sandbox;
    (has_effect && is_real && !asks).then(|| {
        Warning::for_all(
            "whoever learns the URL can change things at Billsby: require an API token or OAuth, or serve reads only",
        )
    })
}

/// Nobody can tell some clients a token.
fn needs_api_token(offer: &Offer<'_>) -> Vec<Warning> {
    if !offer.config.require_api_token_auth || offer.takes_oauth {
        return Vec::new();
    }
    let warning = |client: &str| {
        let detail = "cannot send an API token: require OAuth for it, or no token";
        Warning::for_client(client, detail)
    };
    WITHOUT_API_TOKENS.into_iter().map(warning).collect()
}

fn too_many_tools(count: usize) -> Vec<Warning> {
    let less = "serve fewer, or set expose to discovery";
    let exceeded = MOST_TOOLS.into_iter().filter(|(most, _)| count > *most);
    let mut found: Vec<Warning> = exceeded
        .map(|(most, client)| {
            let detail = format!(
                "takes about {most} tools from all servers together, and here are {count}: {less}"
            );
            Warning::for_client(client, detail)
        })
        .collect();
    if count > MANY_TOOLS {
        found.push(Warning::for_all(format!(
            "there are {count} tools, and models choose worse among more than {MANY_TOOLS}: {less}"
        )));
    }
    found
}

fn too_many_tokens(tokens: u64) -> Option<Warning> {
    (tokens > MANY_TOKENS).then(|| {
        Warning::for_all(format!(
            "the list of tools takes {tokens} tokens of every conversation: serve fewer, or set expose to discovery"
        ))
    })
}

fn too_long_results(config: &ServerConfig) -> Option<Warning> {
    let most = config.result_tokens;
    (most > CLAUDE_CODE_RESULT).then(|| {
        let detail = format!(
            "cuts off results of more than {CLAUDE_CODE_RESULT} tokens, and here they may take {most}: set result_tokens lower"
        );
        Warning::for_client("Claude Code", detail)
    })
}

/// A few of many names: `a, b and 3 more`.
fn some_of(names: &[&str]) -> String {
    const SHOWN: usize = 3;
    match names {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [all @ .., last] if all.len() < SHOWN => format!("{} and {last}", all.join(", ")),
        many => {
            let (shown, rest) = many.split_at(SHOWN);
            format!("{} and {} more", shown.join(", "), rest.len())
        }
    }
}
