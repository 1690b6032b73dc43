//! `billsby-mcp stdio`: one account, of the environment or the sandbox, over standard input and output.

use std::sync::Arc;

use billsby_mcp::protocol;

use super::{CommandError, ENVIRONMENT, SandboxOptions, ToolOptions, account};
use crate::shutdown;

/// What can be set on the command line.
#[derive(Debug, clap::Args)]
#[command(after_help = ENVIRONMENT)]
pub(crate) struct Options {
    #[command(flatten)]
    sandbox: SandboxOptions,
    #[command(flatten)]
    tools: ToolOptions,
}

/// Serves until the client closes its end.
pub(crate) async fn run(options: &Options) -> Result<(), CommandError> {
    let shutdown = shutdown::requested().map_err(CommandError::Runtime)?;
    let (environment, sandbox) = options.sandbox.account(&shutdown).await?;
    let account = account(&environment, &options.tools, sandbox.is_some())?;
    tracing::info!(
        company_domain = environment.company_domain,
        tools = account.tools().catalogue().entries().len(),
        "serving over standard input and output"
    );
    let served = protocol::serve_stdio(Arc::new(account), shutdown).await;
    let ended = match sandbox {
        Some(sandbox) => sandbox.end().await,
        None => Ok(()),
    };
    // What went wrong first is told.
    served?;
    ended
}
