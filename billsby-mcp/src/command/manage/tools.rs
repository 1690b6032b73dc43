//! The tools of a server, as options.

use billsby_mcp::tool::{CompanyDomainMode, Exposure, Names, OutputSchemas, Profile};
use serde::Serialize;
use serde_json::{Map, Value};

/// Which tools a server serves, how, and to whom. What is not given stays as it is, or gets its default.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Tools")]
pub(super) struct ConfigOptions {
    /// What the tools may do: read, write, custom, or the exact names of methods [default: read]
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    methods: Option<Vec<String>>,
    /// Only the tools of these groups, such as invoices,customers
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    tags: Option<Vec<String>>,
    /// Only these tools, by any of their names
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    tools: Option<Vec<String>>,
    /// All but these tools, by any of their names
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    exclude_tools: Option<Vec<String>>,
    /// Also serve tools whose effect nobody has reviewed yet
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    include_unreviewed: Option<bool>,
    /// Under which names tools are listed
    #[arg(long, value_enum, value_name = "WHICH")]
    names: Option<Names>,
    /// Whether all tools are listed, or found by searching
    #[arg(long, value_enum, value_name = "HOW")]
    expose: Option<Exposure>,
    /// Whether a call has to name the company domain
    #[arg(long, value_enum, value_name = "MODE")]
    company_domain: Option<CompanyDomainMode>,
    /// The client for which the schemas are written
    #[arg(long, value_enum, value_name = "CLIENT")]
    profile: Option<Profile>,
    /// How much of an answer is described beforehand
    #[arg(long, value_enum, value_name = "HOW_MUCH")]
    output_schemas: Option<OutputSchemas>,
    /// The most that one result may take, in estimated tokens
    #[arg(long, value_name = "TOKENS")]
    result_tokens: Option<u32>,
    /// Whether clients have to send an API token (token create) beside knowing the URL
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    require_api_token_auth: Option<bool>,
    /// Whether clients have to send an access token of one of the server's OAuth issuers
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    require_oauth: Option<bool>,
}

impl ConfigOptions {
    /// What was given. An empty list is null: the default.
    pub(super) fn given(&self) -> Map<String, Value> {
        let mut given = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                given.insert(name.to_owned(), value);
            }
        };
        put("methods", self.methods.as_deref().map(list));
        put("tags", self.tags.as_deref().map(list));
        put("tools", self.tools.as_deref().map(list));
        put("exclude_tools", self.exclude_tools.as_deref().map(list));
        put(
            "include_unreviewed",
            self.include_unreviewed.map(Value::from),
        );
        put("names", self.names.map(word));
        put("expose", self.expose.map(word));
        put("company_domain", self.company_domain.map(word));
        put("profile", self.profile.map(word));
        put("output_schemas", self.output_schemas.map(word));
        put("result_tokens", self.result_tokens.map(Value::from));
        put(
            "require_api_token_auth",
            self.require_api_token_auth.map(Value::from),
        );
        put("require_oauth", self.require_oauth.map(Value::from));
        given
    }
}

fn list(words: &[String]) -> Value {
    let words = words.iter().map(|word| word.trim());
    let words: Vec<Value> = words
        .filter(|word| !word.is_empty())
        .map(Value::from)
        .collect();
    if words.is_empty() {
        Value::Null
    } else {
        words.into()
    }
}

fn word(choice: impl Serialize) -> Value {
    // A choice is a word, and that is always JSON.
    serde_json::to_value(choice).expect("a word")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::Parser as _;
    use serde_json::json;

    use super::*;

    #[derive(clap::Parser)]
    struct Program {
        #[command(flatten)]
        config: ConfigOptions,
    }

    #[test]
    fn only_what_is_given_is_sent() {
        let given = |arguments: &[&str]| {
            let arguments = ["program"].iter().chain(arguments);
            Value::from(Program::try_parse_from(arguments).unwrap().config.given())
        };
        assert_eq!(given(&[]), json!({}));
        let all = given(&[
            "--methods=read, write",
            "--tags=",
            "--tools=get_invoice",
            "--exclude-tools=refund_invoice",
            "--include-unreviewed=false",
            "--names=short",
            "--expose=discovery",
            "--company-domain=bound",
            "--profile=openai",
            "--output-schemas=none",
            "--result-tokens=500",
            "--require-api-token-auth",
            "--require-oauth=false",
        ]);
        let expected = json!({
            "methods": ["read", "write"],
            "tags": null,
            "tools": ["get_invoice"],
            "exclude_tools": ["refund_invoice"],
            "include_unreviewed": false,
            "names": "short",
            "expose": "discovery",
            "company_domain": "bound",
            "profile": "openai",
            "output_schemas": "none",
            "result_tokens": 500,
            "require_api_token_auth": true,
            "require_oauth": false,
        });
        assert_eq!(all, expected);
        // Whatever can be set has an option.
        let config = billsby_mcp::record::ServerConfig::default();
        let config = serde_json::to_value(config).unwrap();
        let names = |value: &Value| -> BTreeSet<String> {
            value.as_object().unwrap().keys().cloned().collect()
        };
        assert_eq!(names(&all), names(&config));
    }
}
