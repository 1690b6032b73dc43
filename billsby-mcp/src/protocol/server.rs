//! The server as the MCP library sees it.

use std::sync::Arc;

use rmcp::handler::server::ServerHandler;
use rmcp::model::{
    CacheScope, CallToolRequestMethod, CallToolRequestParams, CallToolResponse, ConstString as _,
    CustomRequest, CustomResult, ErrorCode, ErrorData, Implementation, ListToolsResult,
    PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::{RequestContext, RoleServer};

use super::convert;
use crate::account::Account;

/// How long a client may keep the list of tools, in milliseconds. It changes with the program only.
const LIST_LIFETIME: u64 = 3_600_000;

const INSTRUCTIONS: &str = "Tools for one company's Billsby account. \
    Ids come from other tools' answers; each argument says from which. \
    Amounts are whole numbers of the currency's minor unit. \
    A failed call says in \"outcome\" whether it took effect: on \"unknown\" read the current state \
    before you do anything else, and never repeat the call unread.";

#[derive(Debug, Clone)]
pub(super) struct Server {
    account: Arc<Account>,
    tools: Arc<[Tool]>,
}

impl Server {
    pub(super) fn new(account: Arc<Account>) -> Self {
        let tools = account
            .catalogue()
            .entries()
            .iter()
            .map(convert::tool)
            .collect();
        Self { account, tools }
    }

    fn unknown_tool(&self, name: &str) -> ErrorData {
        let message = match self.account.catalogue().nearest(name) {
            Some(near) => format!("unknown tool; did you mean {near}?"),
            None => "unknown tool; tools/list names the tools of this server".to_owned(),
        };
        ErrorData::invalid_params(message, None)
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(
                Implementation::new("billsby-mcp", env!("CARGO_PKG_VERSION")).with_title("Billsby"),
            )
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        if request.is_some_and(|request| request.cursor.is_some()) {
            return Err(ErrorData::invalid_params(
                "unknown cursor; the list has a single page",
                None,
            ));
        }
        Ok(ListToolsResult::with_all_items(self.tools.to_vec())
            .with_ttl_ms(LIST_LIFETIME)
            .with_cache_scope(CacheScope::Private))
    }

    /// The library hands over as "custom" what it could not read as a request it knows.
    async fn on_custom_request(
        &self,
        request: CustomRequest,
        _: RequestContext<RoleServer>,
    ) -> Result<CustomResult, ErrorData> {
        Err(if request.method == CallToolRequestMethod::VALUE {
            ErrorData::invalid_params("the name must be text and the arguments an object", None)
        } else {
            ErrorData::new(ErrorCode::METHOD_NOT_FOUND, "unknown method", None)
        })
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(entry) = self.account.catalogue().find(&request.name) else {
            return Err(self.unknown_tool(&request.name));
        };
        let call = self
            .account
            .call(entry, request.arguments.unwrap_or_default());
        tokio::select! {
            // First, so that a call which was cancelled before it began is never sent.
            biased;
            // Nobody waits for this answer: the protocol drops it.
            () = context.ct.cancelled() => Err(ErrorData::internal_error("cancelled", None)),
            result = call => Ok(match result {
                Ok(answer) => convert::answer(answer),
                Err(report) => convert::report(&report),
            }
            .into()),
        }
    }
}
