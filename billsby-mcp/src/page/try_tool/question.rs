//! Which tool is to be tried on which account.

use maud::{Markup, html};

use super::PATH;
use crate::page::asked::Asked;
use crate::page::form::Wrong;
use crate::page::part::{self, Choice, Field};
use crate::provision::{Account, ProvisionError, Provisioning, TriableTool};
use crate::record::{AccountId, Environment};

/// What was chosen, and what can be.
pub(super) struct Question {
    accounts: Vec<Account>,
    tools: Vec<TriableTool>,
    /// The account, once both are chosen.
    pub(super) account: Option<Account>,
    /// The tool, likewise.
    pub(super) tool: Option<TriableTool>,
    /// Whether this tool can be tried on this account.
    pub(super) is_possible: bool,
}

impl Question {
    /// Reads `account` and `tool`, which may be any of the tool's names.
    pub(super) async fn read(asked: &Asked) -> Result<Self, ProvisionError> {
        let (provisioning, form) = (asked.provisioning(), &asked.form);
        let accounts = asked.accounts().await?;
        // On the sandbox every tool can be tried.
        let mut tools = provisioning.triable(Environment::Sandbox);
        let account = match form.get("account") {
            Some(id) => Some(account(provisioning, id).await?),
            None => None,
        };
        let wanted = form.get("tool").map(inventory_name).transpose()?;
        let mut is_possible = false;
        if let Some(account) = &account {
            let possible = provisioning.triable(account.environment);
            // What is shown is what the account's own check will hold the arguments against.
            for tool in &mut tools {
                if let Some(own) = possible.iter().find(|own| own.name == tool.name) {
                    tool.clone_from(own);
                }
            }
            is_possible = possible.iter().any(|tool| wanted == Some(&*tool.name));
        }
        let tool = tools.iter().find(|tool| wanted == Some(&*tool.name));
        Ok(Self {
            tool: tool.cloned(),
            accounts,
            tools,
            account,
            is_possible,
        })
    }

    /// The form that asks.
    pub(super) fn show(&self) -> Markup {
        if self.accounts.is_empty() {
            return html! {
                p.notice {
                    "A tool is tried on an account, and there is none yet. "
                    a href="/ui/accounts" { "Connect an account or make a sandbox" } "."
                }
            };
        }
        let wrong = Wrong::default();
        let field = Field {
            name: "account",
            label: "Account",
            hint: "On a sandbox account every tool can be tried, on others those that only read.",
            pointer: "",
            wrong: &wrong,
        };
        html! {
            form #question method="get" action=(PATH) {
                (part::choose(&field, &self.account_choices()))
                (self.tool_choice())
                div.actions { button.quiet type="submit" { "Show" } }
            }
        }
    }

    /// Unless one was chosen, it is one on which nothing real can happen.
    fn account_choices(&self) -> Vec<Choice> {
        let is_sandbox = |account: &&Account| account.environment == Environment::Sandbox;
        let chosen = self.account.as_ref();
        let chosen = chosen.or_else(|| self.accounts.iter().find(is_sandbox));
        let chosen = chosen.map(|account| account.id);
        let choices = self.accounts.iter().map(|account| {
            let environment = match account.environment {
                Environment::Live => "live: real customers",
                Environment::Test => "test company",
                Environment::Sandbox => "sandbox: nothing real",
            };
            let label = format!("{} ({environment})", account.label);
            Choice::new(account.id.to_string(), label, chosen == Some(account.id))
        });
        choices.collect()
    }

    fn tool_choice(&self) -> Markup {
        let mut tags: Vec<&str> = Vec::new();
        for tool in &self.tools {
            if !tags.contains(&tool.tag.as_str()) {
                tags.push(&tool.tag);
            }
        }
        let chosen = self.tool.as_ref().map(|tool| tool.name.as_str());
        html! {
            div.field {
                label for="tool" { "Tool" }
                select #tool name="tool" required {
                    option value="" { "Choose a tool" }
                    @for tag in tags {
                        optgroup label=(tag.replace('_', " ")) {
                            @for tool in self.tools.iter().filter(|tool| tool.tag == tag) {
                                option value=(tool.name) selected[chosen == Some(&*tool.name)] {
                                    (tool.title) " (" (part::effect_word(tool.effect)) "): " (tool.name)
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

async fn account(provisioning: &Provisioning, id: &str) -> Result<Account, ProvisionError> {
    let id: Result<AccountId, _> = id.parse();
    let unknown = |_| ProvisionError::NotFound("there is no such account".to_owned());
    provisioning.account(id.map_err(unknown)?).await
}

fn inventory_name(name: &str) -> Result<&'static str, ProvisionError> {
    let mut tools = crate::tools();
    let found = tools.find(|tool| tool.names().any(|known| known == name));
    let unknown = || ProvisionError::NotFound("there is no such tool".to_owned());
    found.map(|tool| tool.name).ok_or_else(unknown)
}
