//! `billsby-mcp token`: tokens for servers that require one beside their URL.

use std::io::{self, Read as _};

use reqwest::Method;
use serde_json::json;
use zeroize::Zeroizing;

use super::api::{ApiError, ApiOptions};
use super::expiry::Expiry;
use super::table::{Column, details, plain};
use super::{ENVIRONMENT, PageOptions};
use crate::command::CommandError;

const TOKENS: &str = "api-token";
const COLUMNS: [Column; 6] = [
    ("ID", "/id"),
    ("NAME", "/name"),
    ("SERVER", "/server_id"),
    ("STATE", "/state"),
    ("ENDS IN", "/token_hint"),
    ("EXPIRES", "/expires_at"),
];

/// What can be done with tokens.
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
    /// Show API tokens, newest first, without those that were revoked
    List(PageOptions),
    /// Make an API token and show it, once
    Create(Create),
    /// End an API token for good
    Revoke {
        #[arg(value_name = "TOKEN_ID")]
        id: String,
    },
    /// Read a token or URL from standard input and say what it is, and why it does or does not work
    Inspect,
}

#[derive(Debug, clap::Args)]
struct Create {
    /// What people call the token
    #[arg(long, value_name = "TEXT")]
    name: String,
    /// The only server it opens; without it, every server that requires a token
    #[arg(long, value_name = "SERVER")]
    server: Option<String>,
    /// When it ends: a time such as 2027-01-31T00:00:00Z, or how long from now, such as 7d or 12h
    #[arg(long, value_name = "WHEN")]
    expires: Option<Expiry>,
}

/// Asks the server and shows its answer.
pub(crate) async fn run(options: &Options) -> Result<(), CommandError> {
    let api = options.api.client()?;
    match &options.command {
        Command::List(page) => {
            let answer = api.get(&[TOKENS], &page.query()).await?;
            answer.show(|list| Ok(super::list(list, &COLUMNS)))?;
        }
        Command::Create(create) => {
            let mut body = json!({"name": create.name});
            if let Some(server) = &create.server {
                body["server_id"] = server.as_str().into();
            }
            if let Some(expires) = &create.expires {
                body["expires_at"] = expires.to_string().into();
            }
            let answer = api.create(&[TOKENS], &body).await?;
            answer.show(|token| Ok(details(token)))?;
            answer.remark("The token is shown once.");
        }
        Command::Revoke { id } => {
            let answer = api.change(Method::DELETE, &[TOKENS, id], None).await?;
            answer.confirm(&format!("{} is revoked", plain(id)))?;
        }
        Command::Inspect => {
            let body = json!({"token": *token_of_input()?});
            let answer = api.change(Method::POST, &["token", "inspect"], Some(&body));
            answer.await?.show(|verdict| Ok(details(verdict)))?;
        }
    }
    Ok(())
}

/// A token, or the one in a URL.
fn token_of_input() -> Result<Zeroizing<String>, ApiError> {
    let mut text = Zeroizing::new(String::new());
    let read = io::stdin().lock().read_to_string(&mut text);
    read.map_err(|error| ApiError::Usage(format!("standard input cannot be read: {error}")))?;
    match text.trim().rsplit('/').next() {
        None | Some("") => Err(ApiError::Usage(
            "there is no token on standard input".to_owned(),
        )),
        Some(token) => Ok(Zeroizing::new(token.to_owned())),
    }
}
