//! What can be set for a server.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::tool::{CompanyDomainMode, Exposure, Filter, Names, OutputSchemas, Profile, Settings};

/// Which tools a server serves, how, and to whom.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ServerConfig {
    /// What the tools may do: `read`, `write`, `custom`, or the exact names of methods.
    pub methods: Vec<String>,
    /// Only the tools of these groups; none: of all groups.
    pub tags: Vec<String>,
    /// Only these tools, by any of their names; none: all tools.
    pub tools: Vec<String>,
    /// All but these tools, by any of their names.
    pub exclude_tools: Vec<String>,
    /// Whether tools whose effect nobody has reviewed may be served.
    pub include_unreviewed: bool,
    /// Under which names tools are listed.
    pub names: Names,
    /// Which client the schemas are written for.
    pub profile: Profile,
    /// Whether a call has to name the company domain.
    pub company_domain: CompanyDomainMode,
    /// Whether all tools are listed, or found by searching.
    pub expose: Exposure,
    /// How much of an answer is described beforehand.
    pub output_schemas: OutputSchemas,
    /// The most that one result may take, in estimated tokens.
    #[schema(minimum = 500, maximum = 1_000_000)]
    pub result_tokens: u32,
    /// Whether clients have to send an API token beside knowing the URL.
    pub require_api_token_auth: bool,
    /// Whether clients have to send an access token of one of the operator's OAuth issuers.
    pub require_oauth: bool,
}

impl Default for ServerConfig {
    fn default() -> Self {
        let settings = Settings::default();
        Self {
            methods: settings.filter.methods,
            tags: settings.filter.tags,
            tools: settings.filter.tools,
            exclude_tools: settings.filter.exclude_tools,
            include_unreviewed: settings.filter.include_unreviewed,
            names: settings.names,
            profile: settings.profile,
            company_domain: settings.company_domain,
            expose: settings.exposure,
            output_schemas: settings.output_schemas,
            result_tokens: settings.result_tokens,
            require_api_token_auth: false,
            require_oauth: false,
        }
    }
}

impl ServerConfig {
    /// The part that chooses and shows tools.
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings {
            filter: Filter {
                methods: self.methods.clone(),
                tags: self.tags.clone(),
                tools: self.tools.clone(),
                exclude_tools: self.exclude_tools.clone(),
                include_unreviewed: self.include_unreviewed,
            },
            names: self.names,
            exposure: self.expose,
            company_domain: self.company_domain,
            profile: self.profile,
            output_schemas: self.output_schemas,
            result_tokens: self.result_tokens,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_asked_for_means_reads_only() {
        let config: ServerConfig = serde_json::from_value(json!({})).unwrap();
        assert_eq!(config, ServerConfig::default());
        assert_eq!(config.settings(), Settings::default());
        assert_eq!(config.methods, ["read"]);
    }

    #[test]
    fn a_misspelt_field_is_refused() {
        let misspelt = json!({"exclude": []});
        assert!(serde_json::from_value::<ServerConfig>(misspelt).is_err());
    }
}
