//! The options that every server has: which tools it serves, and how.

use std::time::Duration;

use billsby_mcp::account::Account;
use billsby_mcp::protocol::LONGEST_CALL;
use billsby_mcp::tool::{
    CompanyDomainMode, Exposure, Filter, Names, OutputSchemas, Profile, Settings,
};
use billsby_sdk::{Client, RetryPolicy};

use super::{CommandError, Environment};

/// The methods of a server of an account.
const READS: [&str; 1] = ["read"];
/// The methods of a server of the sandbox, where nothing real can happen.
const ALL: [&str; 3] = ["read", "write", "custom"];

/// Which tools are served, and how.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Tools")]
pub(crate) struct ToolOptions {
    /// What the tools may do: read, write, custom, or the exact names of methods
    ///
    /// read: everything that changes nothing. write: what creates, updates or deletes, and the request that
    /// e-mails a customer although it looks like a read. custom: refunds, plan changes, payment attempts and
    /// the like. Exact names are those of the SDK: refund, or invoices.refund. A tool is served when it
    /// passes this filter and all others. With read alone no tool has any effect.
    ///
    /// [default: read; with --sandbox everything]
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        env = "BILLSBY_MCP_METHODS"
    )]
    methods: Option<Vec<String>>,

    /// Only the tools of these groups, such as invoices,customers
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        env = "BILLSBY_MCP_TAGS"
    )]
    tags: Vec<String>,

    /// Only these tools, by any of the names that TOOLS.md lists
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        env = "BILLSBY_MCP_TOOLS"
    )]
    tools: Vec<String>,

    /// All but these tools, by any of the names that TOOLS.md lists
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        env = "BILLSBY_MCP_EXCLUDE_TOOLS"
    )]
    exclude_tools: Vec<String>,

    /// Also serve tools whose effect nobody has reviewed yet
    #[arg(
        long,
        value_parser = clap::builder::BoolishValueParser::new(),
        env = "BILLSBY_MCP_INCLUDE_UNREVIEWED"
    )]
    include_unreviewed: bool,

    /// Under which names tools are listed; all names of a tool can be called
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "WHICH",
        env = "BILLSBY_MCP_NAMES"
    )]
    names: Names,

    /// Whether all tools are listed, or found by searching
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "HOW",
        env = "BILLSBY_MCP_EXPOSE"
    )]
    expose: Exposure,

    /// Whether a call has to name the company domain
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "MODE",
        env = "BILLSBY_MCP_COMPANY_DOMAIN"
    )]
    company_domain: CompanyDomainMode,

    /// The client for which the schemas are written
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "CLIENT",
        env = "BILLSBY_MCP_PROFILE"
    )]
    profile: Profile,

    /// How much of an answer is described beforehand
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "HOW_MUCH",
        env = "BILLSBY_MCP_OUTPUT_SCHEMAS"
    )]
    output_schemas: OutputSchemas,

    /// The most that one result may take, in estimated tokens; longer lists are cut between their entries
    #[arg(
        long,
        value_name = "TOKENS",
        default_value_t = Settings::default().result_tokens,
        value_parser = clap::value_parser!(u32).range(500..=1_000_000),
        env = "BILLSBY_MCP_RESULT_TOKENS"
    )]
    result_tokens: u32,

    /// How long a call of Billsby may take, in seconds
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 25,
        value_parser = clap::value_parser!(u16).range(1..=LONGEST_CALL.as_secs().cast_signed()),
        env = "BILLSBY_MCP_TIMEOUT"
    )]
    timeout: u16,
}

impl ToolOptions {
    /// How long a call of Billsby may take.
    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout.into())
    }

    /// The first option that was given and has an effect on the tools of one account only.
    pub(crate) fn given(&self) -> Option<&'static str> {
        let usual = Settings::default();
        let all = [
            ("--methods", self.methods.is_some()),
            ("--tags", !self.tags.is_empty()),
            ("--tools", !self.tools.is_empty()),
            ("--exclude-tools", !self.exclude_tools.is_empty()),
            ("--include-unreviewed", self.include_unreviewed),
            ("--names", self.names != usual.names),
            ("--expose", self.expose != usual.exposure),
            (
                "--company-domain",
                self.company_domain != usual.company_domain,
            ),
            ("--profile", self.profile != usual.profile),
            (
                "--output-schemas",
                self.output_schemas != usual.output_schemas,
            ),
            ("--result-tokens", self.result_tokens != usual.result_tokens),
        ];
        let (name, _) = all.into_iter().find(|(_, is_given)| *is_given)?;
        Some(name)
    }

    /// The same as settings.
    pub(crate) fn settings(&self, is_sandbox: bool) -> Settings {
        let methods = match &self.methods {
            Some(methods) => trimmed(methods),
            None if is_sandbox => ALL.map(str::to_owned).to_vec(),
            None => READS.map(str::to_owned).to_vec(),
        };
        Settings {
            filter: Filter {
                methods,
                tags: trimmed(&self.tags),
                tools: trimmed(&self.tools),
                exclude_tools: trimmed(&self.exclude_tools),
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

/// A list in quotation marks may have spaces behind its commas.
fn trimmed(values: &[String]) -> Vec<String> {
    values.iter().map(|value| value.trim().to_owned()).collect()
}

/// The account of the environment or of the sandbox, with the tools of the command line.
pub(crate) fn account(
    environment: &Environment,
    options: &ToolOptions,
    is_sandbox: bool,
) -> Result<Account, CommandError> {
    let timeout = options.timeout();
    let company_domain = environment.company_domain.parse()?;
    let client = Client::builder(environment.api_key.as_str(), company_domain)
        .base_url(&environment.base_url)
        .attempt_timeout(timeout)
        .deadline(timeout)
        // Whether to try again is for the caller to decide, who sees what the API asked for.
        .retry(RetryPolicy::off())
        .build()?;
    Ok(Account::new(client, &options.settings(is_sandbox))?)
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[derive(Debug, clap::Parser)]
    struct Command {
        #[command(flatten)]
        tools: ToolOptions,
    }

    fn settings(arguments: &[&str]) -> Settings {
        let arguments = ["program"].iter().chain(arguments);
        let command = Command::try_parse_from(arguments).unwrap();
        command.tools.settings(false)
    }

    #[test]
    fn without_options_the_settings_are_the_default() {
        assert_eq!(settings(&[]), Settings::default());
    }

    #[test]
    fn in_the_sandbox_everything_is_served_unless_something_else_is_asked_for() {
        let methods = |arguments: &[&str]| {
            let command = Command::try_parse_from(arguments).unwrap();
            command.tools.settings(true).filter.methods
        };
        assert_eq!(methods(&["program"]), ALL);
        assert_eq!(methods(&["program", "--methods=read"]), READS);
    }

    #[test]
    fn every_option_is_read() {
        let everything = settings(&[
            "--methods=write, custom",
            "--tags=invoices",
            "--tools=refund_invoice,get_invoice",
            "--exclude-tools=get_invoice",
            "--include-unreviewed",
            "--names=short",
            "--expose=discovery",
            "--company-domain=bound",
            "--profile=openai",
            "--output-schemas=none",
            "--result-tokens=500",
        ]);
        let owned = |words: &[&str]| {
            words
                .iter()
                .map(|&word| word.to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            everything,
            Settings {
                filter: Filter {
                    methods: owned(&["write", "custom"]),
                    tags: owned(&["invoices"]),
                    tools: owned(&["refund_invoice", "get_invoice"]),
                    exclude_tools: owned(&["get_invoice"]),
                    include_unreviewed: true,
                },
                names: Names::Short,
                exposure: Exposure::Discovery,
                company_domain: CompanyDomainMode::Bound,
                profile: Profile::Openai,
                output_schemas: OutputSchemas::None,
                result_tokens: 500,
            }
        );
    }

    #[test]
    fn what_is_given_is_named() {
        let given = |arguments: &[&str]| {
            let arguments = ["program"].iter().chain(arguments);
            Command::try_parse_from(arguments).unwrap().tools.given()
        };
        assert_eq!(given(&[]), None);
        assert_eq!(given(&["--timeout=30"]), None, "every server has it");
        for (option, name) in [
            ("--methods=read", "--methods"),
            ("--tags=invoices", "--tags"),
            ("--tools=get_invoice", "--tools"),
            ("--exclude-tools=get_invoice", "--exclude-tools"),
            ("--include-unreviewed", "--include-unreviewed"),
            ("--names=short", "--names"),
            ("--expose=discovery", "--expose"),
            ("--company-domain=bound", "--company-domain"),
            ("--profile=openai", "--profile"),
            ("--output-schemas=none", "--output-schemas"),
            ("--result-tokens=500", "--result-tokens"),
        ] {
            assert_eq!(given(&[option]), Some(name));
        }
    }

    #[test]
    fn words_and_numbers_out_of_range_are_refused() {
        for wrong in [
            "--names=long",
            "--profile=claude",
            "--timeout=0",
            "--result-tokens=1",
        ] {
            assert!(
                Command::try_parse_from(["program", wrong]).is_err(),
                "{wrong}"
            );
        }
    }
}
