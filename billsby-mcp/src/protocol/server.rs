//! The server as the MCP library sees it.

use std::sync::Arc;

use rmcp::handler::server::ServerHandler;
use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CallToolResult, CompleteRequestParams,
    CompleteResult, CustomRequest, CustomResult, ErrorCode, ErrorData, GetPromptRequestParams,
    GetPromptResponse, Implementation, ListPromptsResult, ListResourceTemplatesResult,
    ListResourcesResult, ListToolsResult, PaginatedRequestParams, ReadResourceRequestParams,
    ReadResourceResponse, ServerCapabilities, ServerConfig,
};
use rmcp::service::{RequestContext, RoleServer};

use super::http::{Access, RateLimitSlot};
use super::progress::Progress;
use super::scene::Scene;
use super::{completion, convert, instructions, message, prompt, resource};
use crate::account::{Account, Caller};

/// How long a client may keep a list or a resource, in milliseconds. They change with the program only.
const LIFETIME: u64 = 3_600_000;

/// One account's server. Cheap to clone: every session has one of its own.
#[derive(Debug, Clone)]
pub(super) struct Server {
    account: Arc<Account>,
    config: Arc<ServerConfig>,
}

impl Server {
    pub(super) fn new(account: Arc<Account>) -> Self {
        Self {
            config: Arc::new(config(&account)),
            account,
        }
    }

    async fn call(
        &self,
        request: CallToolRequestParams,
        context: &RequestContext<RoleServer>,
    ) -> Result<CallToolResult, ErrorData> {
        if Access::of(context) == Access::Reads && self.account.tools().has_effect(&request.name) {
            let text = "this access is for reading only; nothing was sent";
            return Err(ErrorData::invalid_request(text, None));
        }
        let arguments = request.arguments.unwrap_or_default();
        let caller = caller(context);
        let call = self.account.call_from(&caller, &request.name, arguments);
        match call.await {
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

/// What the client calls itself, at the beginning of its session or with this request.
fn caller(context: &RequestContext<RoleServer>) -> Caller {
    match context.client_info() {
        // The library's own name stands for that of a client which has not said any.
        Some(client) if client != Implementation::default() => Caller {
            name: Some(client.name),
            version: Some(client.version),
        },
        _ => Caller::default(),
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
        .with_instructions(instructions::write(Scene::new(&account.tools())))
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
        let tools = self.account.tools();
        let tools = tools.listings().iter().map(convert::tool).collect();
        Ok(ListToolsResult::with_all_items(tools)
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
            ListPromptsResult::with_all_items(prompt::list(Scene::new(&self.account.tools())))
                .with_ttl_ms(LIFETIME)
                .with_cache_scope(CacheScope::Private),
        )
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        prompt::get(Scene::new(&self.account.tools()), &request).map(Into::into)
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
        let found = resource::read(Scene::new(&self.account.tools()), &request.uri)?;
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
        completion::complete(Scene::new(&self.account.tools()), &request).map(CompleteResult::new)
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
