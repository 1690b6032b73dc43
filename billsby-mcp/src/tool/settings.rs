//! How an account's tools are chosen and shown.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Tool;

/// How an account's tools are chosen and shown. The default is what a user gets who asks for nothing:
/// all tools that only read, under their listed names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Which tools there are.
    pub filter: Filter,
    /// Under which names they are listed.
    pub names: Names,
    /// Whether they are listed, or found by searching.
    pub exposure: Exposure,
    /// Whether a call has to name the company domain.
    pub company_domain: CompanyDomainMode,
    /// Which client the schemas are written for.
    pub profile: Profile,
    /// How much of an answer is described beforehand.
    pub output_schemas: OutputSchemas,
    /// The most that one result may take, in estimated tokens.
    pub result_tokens: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            filter: Filter::default(),
            names: Names::default(),
            exposure: Exposure::default(),
            company_domain: CompanyDomainMode::default(),
            profile: Profile::default(),
            output_schemas: OutputSchemas::default(),
            result_tokens: RESULT_TOKENS,
        }
    }
}

/// What one result takes at most unless somebody says otherwise, in estimated tokens.
const RESULT_TOKENS: u32 = 8_000;

/// Which tools there are. A tool has to pass every part.
///
/// Without tags, or without tools, that part lets everything pass. There is no such meaning for methods:
/// whoever wants tools that change something has to say so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// What the tools may do, by [`Group`](super::Group) or by the exact name of a method: `refund` or
    /// `invoices.refund`.
    pub methods: Vec<String>,
    /// Groups of tools: `invoices`.
    pub tags: Vec<String>,
    /// Tools by any of their names.
    pub tools: Vec<String>,
    /// Tools to leave out, by any of their names.
    pub exclude_tools: Vec<String>,
    /// Whether tools whose effect nobody has reviewed may pass.
    pub include_unreviewed: bool,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            methods: vec!["read".to_owned()],
            tags: Vec::new(),
            tools: Vec::new(),
            exclude_tools: Vec::new(),
            include_unreviewed: false,
        }
    }
}

/// Under which names tools are listed. Every name of a tool can be called, whichever is listed.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, ValueEnum, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Names {
    /// The names of the inventory: `list_all_billsby_customers`
    #[default]
    Inventory,
    /// At most 21 characters, for clients that limit the length of names: `list_customers`
    Short,
}

impl Names {
    /// The name under which a tool is listed.
    #[must_use]
    pub const fn of(self, tool: &Tool) -> &'static str {
        match self {
            Self::Inventory => tool.name,
            Self::Short => tool.short_name,
        }
    }
}

/// Whether the tools are listed, or found by searching.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, ValueEnum, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Exposure {
    /// Every tool is listed
    #[default]
    All,
    /// Listed are a search, a description and two tools that call the others: one reads, one writes
    Discovery,
}

/// Whether a call has to name the company domain.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, ValueEnum, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum CompanyDomainMode {
    /// Tools require companyDomain and accept the account's own domain only
    #[default]
    Explicit,
    /// Tools have no companyDomain; the server fills it in
    Bound,
}

/// Which client the schemas are written for.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, ValueEnum, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Plain JSON Schema 2020-12
    #[default]
    Standard,
    /// What `OpenAI`'s models accept in strict mode
    #[value(help = "What OpenAI's models accept in strict mode")]
    Openai,
    /// What Gemini accepts
    Gemini,
    /// What Anthropic's models accept
    Anthropic,
    /// What Cursor accepts: always with short names
    Cursor,
}

/// How much of an answer is described beforehand.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, ValueEnum, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum OutputSchemas {
    /// Nothing
    None,
    /// That a result is an object, which is what older clients want to know
    #[default]
    Compact,
    /// Everything that the API documents
    Full,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_asked_for_means_reads_only() {
        let settings: Settings = serde_json::from_value(json!({})).unwrap();
        assert_eq!(settings, Settings::default());
        assert_eq!(settings.filter.methods, ["read"]);
        assert_eq!(settings.result_tokens, 8_000);
        assert!(!settings.filter.include_unreviewed);
    }

    #[test]
    fn a_word_that_is_not_known_is_refused() {
        for wrong in [
            json!({"names": "long"}),
            json!({"filter": {"methods_": []}}),
        ] {
            assert!(
                serde_json::from_value::<Settings>(wrong.clone()).is_err(),
                "{wrong}"
            );
        }
    }
}
