//! A client of the Model Context Protocol that others wrote.

use std::collections::BTreeSet;

use rmcp::model::{
    CallToolRequestParams, CallToolResult, ClientCapabilities, Implementation,
    InitializeRequestParams,
};
use rmcp::service::{RoleClient, RunningService, ServiceExt as _};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use serde_json::Value;

/// An open session.
pub(crate) struct Agent(RunningService<RoleClient, InitializeRequestParams>);

impl Agent {
    /// Opens a session at a URL, or says why that cannot be.
    pub(crate) async fn connect(url: &str, name: &str, version: &str) -> Result<Self, String> {
        let http = reqwest::Client::builder().no_proxy().build();
        let transport = StreamableHttpClientTransport::with_client(
            http.expect("a client"),
            StreamableHttpClientTransportConfig::with_uri(url),
        );
        let itself = Implementation::new(name, version);
        let hello = InitializeRequestParams::new(ClientCapabilities::default(), itself);
        let service = hello.serve(transport).await;
        service.map(Self).map_err(|error| error.to_string())
    }

    /// The names of all tools.
    pub(crate) async fn tools(&self) -> BTreeSet<String> {
        let tools = self.0.list_all_tools().await.expect("a list of tools");
        tools
            .into_iter()
            .map(|tool| tool.name.into_owned())
            .collect()
    }

    /// Calls a tool.
    pub(crate) async fn call(
        &self,
        tool: &str,
        arguments: &Value,
    ) -> Result<CallToolResult, String> {
        let arguments = arguments.as_object().expect("an object").clone();
        let params = CallToolRequestParams::new(tool.to_owned()).with_arguments(arguments);
        let result = self.0.call_tool(params).await;
        result.map_err(|error| error.to_string())
    }

    /// Ends the session.
    pub(crate) async fn end(self) {
        self.0.cancel().await.expect("an end");
    }
}
