//! The server as the MCP library sees it.

use std::sync::Arc;

use rmcp::handler::server::ServerHandler;
use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CallToolResult, CompleteRequestParams,
    CompleteResult, CustomRequest, CustomResult, ErrorCode, ErrorData, GetPromptRequestParams,
    GetPromptResponse, Implementation, ListPromptsResult, ListResourceTemplatesResult,
    ListResourcesResult, ListToolsResult, PaginatedRequestParams, ReadResourceRequestParams,
    ReadResourceResponse, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::{RequestContext, RoleServer};

use super::http::RateLimitSlot;
use super::progress::Progress;
use super::scene::Scene;
use super::{completion, convert, instructions, message, prompt, resource};
use crate::account::Account;

/// How long a client may keep a list or a resource, in milliseconds. They change with the program only.
const LIFETIME: u64 = 3_600_000;

/// One account's server. Cheap to clone: every session has one of its own.
#[derive(Debug, Clone)]
pub(super) struct Server {
    account: Arc<Account>,
    tools: Arc<[Tool]>,
    config: Arc<ServerConfig>,
}

impl Server {
    pub(super) fn new(account: Arc<Account>) -> Self {
        Self {
            tools: account.listings().iter().map(convert::tool).collect(),
            config: Arc::new(config(&account)),
            account,
        }
    }

    fn scene(&self) -> Scene<'_> {
        Scene::new(&self.account)
    }

    async fn call(
        &self,
        request: CallToolRequestParams,
        context: &RequestContext<RoleServer>,
    ) -> Result<CallToolResult, ErrorData> {
        let arguments = request.arguments.unwrap_or_default();
        match self.account.call(&request.name, arguments).await {
            Ok(Ok(answer)) => Ok(convert::answer(answer)),
            Ok(Err(report)) => {
                if let Some(limit) = report.rate_limit {
                    RateLimitSlot::fill(context, limit);
                }
                Ok(convert::report(&report))
            }
            Err(unknown) => Err(ErrorData::invalid_params(unknown.to_string(), None)),
        }
    }
}

fn config(account: &Account) -> ServerConfig {
    let capabilities = ServerCapabilities::builder()
        .enable_tools()
        .enable_prompts()
        .enable_resources()
        .enable_completions()
        .build();
    ServerConfig::new(capabilities)
        .with_server_info(
            Implementation::new("billsby-mcp", env!("CARGO_PKG_VERSION")).with_title("Billsby"),
        )
        .with_instructions(instructions::write(Scene::new(account)))
}

/// Every list has a single page.
fn first_page(request: Option<PaginatedRequestParams>) -> Result<(), ErrorData> {
    match request.and_then(|request| request.cursor) {
        None => Ok(()),
        Some(_) => Err(ErrorData::invalid_params(
            "unknown cursor; the list has a single page",
            None,
        )),
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::clone(&self.config)
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        first_page(request)?;
        Ok(ListToolsResult::with_all_items(self.tools.to_vec())
            .with_ttl_ms(LIFETIME)
            .with_cache_scope(CacheScope::Private))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let cancelled = context.ct.clone();
        let call = async {
            let progress = Progress::begin(&context).await;
            let result = self.call(request, &context).await;
            progress.end().await;
            result
        };
        tokio::select! {
            // First, so that a call which was cancelled before it began is never sent.
            biased;
            // Nobody waits for this answer: the protocol drops it.
            () = cancelled.cancelled() => Err(ErrorData::internal_error("cancelled", None)),
            result = call => result.map(Into::into),
        }
    }

    async fn list_prompts(
        &self,
        request: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        first_page(request)?;
        Ok(
            ListPromptsResult::with_all_items(prompt::list(self.scene()))
                .with_ttl_ms(LIFETIME)
                .with_cache_scope(CacheScope::Private),
        )
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        prompt::get(self.scene(), &request).map(Into::into)
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        first_page(request)?;
        Ok(ListResourcesResult::with_all_items(resource::list())
            .with_ttl_ms(LIFETIME)
            .with_cache_scope(CacheScope::Private))
    }

    async fn list_resource_templates(
        &self,
        request: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        first_page(request)?;
        Ok(
            ListResourceTemplatesResult::with_all_items(resource::templates())
                .with_ttl_ms(LIFETIME)
                .with_cache_scope(CacheScope::Private),
        )
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let found = resource::read(self.scene(), &request.uri)?;
        Ok(found
            .with_ttl_ms(LIFETIME)
            .with_cache_scope(CacheScope::Private)
            .into())
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        completion::complete(self.scene(), &request).map(CompleteResult::new)
    }

    async fn on_custom_request(
        &self,
        request: CustomRequest,
        _: RequestContext<RoleServer>,
    ) -> Result<CustomResult, ErrorData> {
        // Without the method's name: the library logs errors, and a client may write anything there.
        Err(message::unusable_parameters(&request)
            .unwrap_or_else(|| ErrorData::new(ErrorCode::METHOD_NOT_FOUND, "unknown method", None)))
    }
}
