//! `billsby-mcp server`: URLs that serve some of an account's tools.

use billsby_mcp::record::State;
use reqwest::Method;
use serde_json::{Map, Value, json};

use super::api::{Answer, Api, ApiError, ApiOptions};
use super::expiry::Expiry;
use super::table::{Column, details, list as table, plain};
use super::tools::ConfigOptions;
use super::{ENVIRONMENT, PageOptions};
use crate::command::CommandError;

const ACCOUNTS: &str = "integrated-account";
const COLUMNS: [Column; 8] = [
    ("ID", "/id"),
    ("NAME", "/name"),
    ("STATE", "/state"),
    ("METHODS", "/config/methods"),
    ("TAGS", "/config/tags"),
    ("EXPIRES", "/expires_at"),
    ("CALLS", "/usage/calls"),
    ("LAST USED", "/usage/last_used_at"),
];
const TOOL_COLUMNS: [Column; 4] = [
    ("NAME", "/name"),
    ("EFFECT", "/effect"),
    ("TAG", "/tag"),
    ("TOKENS", "/tokens"),
];

/// What can be done with servers.
#[derive(Debug, clap::Args)]
#[command(after_help = ENVIRONMENT)]
pub(crate) struct Options {
    #[command(subcommand)]
    command: Command,
    /// The account of the server; it can be left out where there is only one
    #[arg(
        long,
        value_name = "ACCOUNT",
        env = "BILLSBY_MCP_ACCOUNT",
        global = true
    )]
    account: Option<String>,
    #[command(flatten)]
    api: ApiOptions,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Show an account's servers, newest first
    List(List),
    /// Show a server, without its URL: that was shown when it was made
    Show(One),
    /// Make a server and show its URL, once
    Create(Create),
    /// Change a server; its URL stays
    Update(Update),
    /// Give a server a new URL and show it, once
    Rotate(Rotate),
    /// End a server for good
    Revoke(One),
    /// Show which tools a server serves, and what they cost a model in tokens
    Tools(One),
}

#[derive(Debug, clap::Args)]
struct One {
    #[arg(value_name = "SERVER")]
    id: String,
}

#[derive(Debug, clap::Args)]
struct List {
    /// Only those that stand like this
    #[arg(long, value_enum, value_name = "STATE")]
    state: Option<State>,
    /// Only those whose name contains this
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    #[command(flatten)]
    page: PageOptions,
}

#[derive(Debug, clap::Args)]
struct Create {
    /// What people call the server
    #[arg(long, value_name = "TEXT")]
    name: String,
    /// When it ends: a time such as 2027-01-31T00:00:00Z, or how long from now, such as 7d or 12h
    #[arg(long, value_name = "WHEN")]
    expires: Option<Expiry>,
    /// Only show which tools it would serve
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    config: ConfigOptions,
}

#[derive(Debug, clap::Args)]
struct Update {
    #[arg(value_name = "SERVER")]
    id: String,
    /// What people call the server
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// When it ends: a time such as 2027-01-31T00:00:00Z, or how long from now, such as 7d or 12h
    #[arg(long, value_name = "WHEN")]
    expires: Option<Expiry>,
    /// Let it serve until somebody revokes it
    #[arg(long, conflicts_with = "expires")]
    no_expiry: bool,
    #[command(flatten)]
    config: ConfigOptions,
}

#[derive(Debug, clap::Args)]
struct Rotate {
    #[arg(value_name = "SERVER")]
    id: String,
    /// How many seconds the old URL works besides [default: 3600]
    #[arg(long, value_name = "SECONDS")]
    overlap: Option<u32>,
}

/// Asks the server and shows its answer.
pub(crate) async fn run(options: &Options) -> Result<(), CommandError> {
    let api = options.api.client()?;
    let account = match &options.account {
        Some(account) => account.clone(),
        None => only_account(&api).await?,
    };
    Ok(options.command.run(&api, &account).await?)
}

/// The account that is meant where none was named.
async fn only_account(api: &Api) -> Result<String, ApiError> {
    let two = [("limit", "2".to_owned())];
    let list: Value = api.get(&[ACCOUNTS], &two).await?.value()?;
    match list["result"].as_array().map(Vec::as_slice) {
        Some([account]) => Ok(account["id"].as_str().unwrap_or_default().to_owned()),
        Some([]) => Err(ApiError::Usage(
            "there is no account yet: add one with account create".to_owned(),
        )),
        _ => Err(ApiError::Usage(
            "there are several accounts: choose one with --account (account list shows them)"
                .to_owned(),
        )),
    }
}

impl Command {
    async fn run(&self, api: &Api, account: &str) -> Result<(), ApiError> {
        let servers = [ACCOUNTS, account, "mcp"];
        let one = |id| [ACCOUNTS, account, "mcp", id];
        match self {
            Self::List(list) => {
                let answer = api.get(&servers, &list.query()).await?;
                answer.show(|list| Ok(super::list(list, &COLUMNS)))
            }
            Self::Show(One { id }) => {
                let answer = api.get(&one(id), &[]).await?;
                answer.show(|server| Ok(details(server)))
            }
            Self::Create(create) => create.run(api, account).await,
            Self::Update(update) => {
                let body = update.body()?;
                let path = one(&update.id);
                let answer = api.change(Method::PATCH, &path, Some(&body)).await?;
                answer.show(|server| Ok(details(server)))
            }
            Self::Rotate(Rotate { id, overlap }) => {
                let path = [ACCOUNTS, account, "mcp", id, "rotate"];
                let body = match overlap {
                    Some(seconds) => json!({"overlap_seconds": seconds}),
                    None => json!({}),
                };
                let answer = api.create(&path, &body).await?;
                show_url(&answer)
            }
            Self::Revoke(One { id }) => {
                let answer = api.change(Method::DELETE, &one(id), None).await?;
                answer.confirm(&format!("{} is revoked", plain(id)))
            }
            Self::Tools(One { id }) => {
                let path = [ACCOUNTS, account, "mcp", id, "tools"];
                api.get(&path, &[]).await?.show(|list| Ok(tools(list)))
            }
        }
    }
}

impl List {
    fn query(&self) -> Vec<(&'static str, String)> {
        let state = self.state.map(|state| ("state", state.as_str().to_owned()));
        let name = self.name.clone().map(|name| ("name", name));
        let page = self.page.query().into_iter();
        page.chain(state).chain(name).collect()
    }
}

impl Create {
    async fn run(&self, api: &Api, account: &str) -> Result<(), ApiError> {
        let body = self.body();
        if self.dry_run {
            let path = [ACCOUNTS, account, "mcp", "preview"];
            let answer = api.change(Method::POST, &path, Some(&body)).await?;
            return answer.show(|list| Ok(tools(list)));
        }
        show_url(&api.create(&[ACCOUNTS, account, "mcp"], &body).await?)
    }

    fn body(&self) -> Value {
        let mut config = self.config.given();
        config.retain(|_, value| !value.is_null());
        let mut body = json!({"name": self.name, "config": config});
        if let Some(expires) = &self.expires {
            body["expires_at"] = expires.to_string().into();
        }
        body
    }
}

impl Update {
    fn body(&self) -> Result<Value, ApiError> {
        let mut body = Map::new();
        if let Some(name) = &self.name {
            body.insert("name".to_owned(), name.as_str().into());
        }
        let expires = self.expires.map(|expires| expires.to_string());
        if self.no_expiry || expires.is_some() {
            body.insert("expires_at".to_owned(), expires.into());
        }
        let config = self.config.given();
        if !config.is_empty() {
            body.insert("config".to_owned(), config.into());
        }
        if body.is_empty() {
            return Err(ApiError::Usage("nothing is to be changed".to_owned()));
        }
        Ok(body.into())
    }
}

/// A server with its new URL, and what to do with it.
fn show_url(answer: &Answer) -> Result<(), ApiError> {
    answer.show(|server| Ok(details(server)))?;
    answer.remark(
        "The URL is shown once. Tell a client:\n  \
         BILLSBY_MCP_URL='(the URL)' billsby-mcp config --client cursor",
    );
    Ok(())
}

fn tools(list: &Value) -> String {
    let of = |name: &str| list[name].as_array().cloned().unwrap_or_default();
    let tools = of("tools");
    let mut text = table(&tools, &TOOL_COLUMNS);
    let count = tools.len();
    let tokens = &list["tokens"];
    text = format!("{text}\n\n{count} tools, about {tokens} tokens");
    let left_out = of("left_out").len();
    if left_out > 0 {
        text = format!("{text}; {left_out} are left out (--json names them)");
    }
    text
}
