//! `billsby-mcp account`: the accounts whose tools are served.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use billsby_mcp::record::Environment;
use reqwest::Method;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::api::{Api, ApiError, ApiOptions};
use super::table::{Column, details, plain};
use super::{ENVIRONMENT, PageOptions};
use crate::command::CommandError;
use crate::command::environment::variable;
use crate::command::private_file::{self, Others};

const ACCOUNTS: &str = "integrated-account";
/// The variable that holds an API key of Billsby.
const API_KEY: &str = "BILLSBY_API_KEY";
const COLUMNS: [Column; 5] = [
    ("ID", "/id"),
    ("LABEL", "/label"),
    ("COMPANY", "/company_domain"),
    ("ENVIRONMENT", "/environment"),
    ("CREATED", "/created_at"),
];

/// What can be done with accounts.
#[derive(Debug, clap::Args)]
#[command(after_help = ENVIRONMENT)]
pub(crate) struct Options {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    api: ApiOptions,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Show all accounts, newest first
    List(PageOptions),
    /// Show an account, without its key
    Show {
        #[arg(value_name = "ACCOUNT")]
        id: String,
    },
    /// Add an account, with the API key from the environment, a file or standard input
    Create(Create),
    /// Change an account
    Update(Update),
    /// Ask Billsby whether the account's key works
    Verify {
        #[arg(value_name = "ACCOUNT")]
        id: String,
    },
    /// Delete an account with its key, and revoke its servers
    Delete {
        #[arg(value_name = "ACCOUNT")]
        id: String,
    },
}

#[derive(Debug, clap::Args)]
struct Create {
    /// The company domain: for widgets.billsby.com it is widgets; the sandbox needs none
    #[arg(long, value_name = "DOMAIN", env = "BILLSBY_COMPANY_DOMAIN")]
    company_domain: Option<String>,
    /// What people call the account
    #[arg(long, value_name = "TEXT")]
    label: Option<String>,
    /// What the account is for; sandbox is the invented company inside the server and needs no key
    #[arg(long, value_enum, default_value_t, value_name = "WHICH")]
    environment: Environment,
    /// Another address than Billsby's own, which the server has to allow
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// A file with the API key, or - for standard input, instead of the environment
    #[arg(long, value_name = "PATH")]
    api_key_file: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
struct Update {
    #[arg(value_name = "ACCOUNT")]
    id: String,
    /// What people call the account
    #[arg(long, value_name = "TEXT")]
    label: Option<String>,
    /// The company domain: for widgets.billsby.com it is widgets
    #[arg(long, value_name = "DOMAIN")]
    company_domain: Option<String>,
    /// What the account is for
    #[arg(long, value_enum, value_name = "WHICH")]
    environment: Option<Environment>,
    /// Another address than Billsby's own, which the server has to allow; "" for Billsby's own
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Replace the API key by the one in the environment
    #[arg(long, conflicts_with = "api_key_file")]
    new_api_key: bool,
    /// Replace the API key by the one in a file, or - for standard input
    #[arg(long, value_name = "PATH")]
    api_key_file: Option<PathBuf>,
}

/// Asks the server and shows its answer.
pub(crate) async fn run(options: &Options) -> Result<(), CommandError> {
    let api = options.api.client()?;
    match &options.command {
        Command::List(page) => {
            let answer = api.get(&[ACCOUNTS], &page.query()).await?;
            answer.show(|list| Ok(super::list(list, &COLUMNS)))?;
        }
        Command::Show { id } => {
            let answer = api.get(&[ACCOUNTS, id], &[]).await?;
            answer.show(|account| Ok(details(account)))?;
        }
        Command::Create(create) => {
            let body = create.body()?;
            let answer = api.create(&[ACCOUNTS], &body).await?;
            answer.show(|account| Ok(details(account)))?;
        }
        Command::Update(update) => update.run(&api).await?,
        Command::Verify { id } => verify(&api, id).await?,
        Command::Delete { id } => {
            let answer = api.change(Method::DELETE, &[ACCOUNTS, id], None).await?;
            answer.confirm(&format!(
                "{} is deleted, its servers are revoked",
                plain(id)
            ))?;
        }
    }
    Ok(())
}

impl Create {
    fn body(&self) -> Result<Value, ApiError> {
        let mut body = Map::new();
        let mut put = |name: &str, value: &str| body.insert(name.to_owned(), value.into());
        put("environment", self.environment.as_str());
        if self.environment == Environment::Sandbox {
            put("company_domain", billsby_mcp::sandbox::COMPANY_DOMAIN);
        } else {
            let domain = self.company_domain.as_ref().ok_or_else(|| {
                ApiError::Usage("--company-domain is missing, or BILLSBY_COMPANY_DOMAIN".to_owned())
            })?;
            put("company_domain", domain.trim());
            put("api_key", &api_key(self.api_key_file.as_deref())?);
        }
        for (name, value) in [("label", &self.label), ("base_url", &self.base_url)] {
            if let Some(value) = value {
                put(name, value);
            }
        }
        Ok(body.into())
    }
}

impl Update {
    async fn run(&self, api: &Api) -> Result<(), ApiError> {
        let mut body = Map::new();
        let environment = self.environment.map(Environment::as_str);
        for (name, value) in [
            ("label", self.label.as_deref()),
            ("company_domain", self.company_domain.as_deref()),
            ("environment", environment),
        ] {
            if let Some(value) = value {
                body.insert(name.to_owned(), value.into());
            }
        }
        if let Some(url) = &self.base_url {
            let url = (!url.is_empty()).then_some(url.as_str());
            body.insert("base_url".to_owned(), url.into());
        }
        if self.new_api_key || self.api_key_file.is_some() {
            let key = api_key(self.api_key_file.as_deref())?;
            body.insert("api_key".to_owned(), key.as_str().into());
        }
        if body.is_empty() {
            return Err(ApiError::Usage("nothing is to be changed".to_owned()));
        }
        let answer = api
            .change(Method::PATCH, &[ACCOUNTS, &self.id], Some(&body.into()))
            .await?;
        answer.show(|account| Ok(details(account)))
    }
}

/// Fails if the key does not work, so that scripts notice.
async fn verify(api: &Api, id: &str) -> Result<(), ApiError> {
    let path = [ACCOUNTS, id, "verify"];
    let answer = api.change(Method::POST, &path, None).await?;
    answer.show(|verdict| Ok(details(verdict)))?;
    let verdict: Value = answer.value()?;
    match verdict["ok"].as_bool() {
        Some(true) => Ok(()),
        _ => Err(ApiError::NotVerified),
    }
}

/// An API key from where it is kept, never from an argument, which others on the machine can read.
fn api_key(file: Option<&Path>) -> Result<Zeroizing<String>, ApiError> {
    match file {
        None => variable(API_KEY)?.ok_or_else(|| {
            ApiError::Usage(
                "the API key is missing: set BILLSBY_API_KEY, or give --api-key-file PATH, or - to read it from standard input"
                    .to_owned(),
            )
        }),
        Some(path) if path == Path::new("-") => {
            let mut text = Zeroizing::new(String::new());
            let read = io::stdin().lock().read_to_string(&mut text);
            read.map_err(|error| ApiError::Usage(format!("standard input cannot be read: {error}")))?;
            match text.trim() {
                "" => Err(ApiError::Usage("there is no API key on standard input".to_owned())),
                key => Ok(Zeroizing::new(key.to_owned())),
            }
        }
        Some(path) => Ok(private_file::read(path, "API key file", Others::Group)?),
    }
}
