//! An MCP client over HTTP: all that an agent gets to see, and what that costs.

use serde_json::{Map, Value, json};

use super::tokens;
use crate::support::HttpClient;

/// A client of one URL that has read what the server says about itself.
#[derive(Debug, Clone)]
pub(crate) struct McpClient {
    http: HttpClient,
    pub(crate) tools: Vec<Value>,
    /// What a model is shown before its first call, in tokens.
    pub(crate) tokens: usize,
}

/// The result of a call, as a model sees it.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) is_error: bool,
    /// The first text, which is JSON.
    pub(crate) value: Value,
    /// All texts.
    pub(crate) text: String,
}

impl McpClient {
    /// Asks the server who it is and which tools it has.
    pub(crate) async fn new(http: HttpClient) -> Self {
        let mut client = Self {
            http,
            tools: Vec::new(),
            tokens: 0,
        };
        let about = client.ask("server/discover", &json!({})).await;
        let instructions = about["instructions"].as_str().expect("text");
        let mut listed = client.ask("tools/list", &json!({})).await;
        match listed["tools"].take() {
            Value::Array(tools) => client.tools = tools,
            other => panic!("no list of tools: {other}"),
        }
        client.tokens =
            tokens::count(instructions) + tokens::count(&shown(&client.tools).to_string());
        client
    }

    /// Calls a tool. A name that the server does not know is an error like any other.
    pub(crate) async fn call(&self, tool: &str, arguments: &Map<String, Value>) -> Seen {
        let params = json!({"name": tool, "arguments": arguments});
        let reply = self.http.modern("tools/call", &params).await;
        let message = reply.message();
        if let Some(error) = message.get("error") {
            return Seen {
                is_error: true,
                value: error.clone(),
                text: error.to_string(),
            };
        }
        let result = &message["result"];
        let content = result["content"].as_array().expect("content");
        let texts = content.iter().filter_map(|part| part["text"].as_str());
        let texts: Vec<&str> = texts.collect();
        let first = texts.first().copied().unwrap_or_default();
        Seen {
            is_error: result["isError"] == true,
            value: serde_json::from_str(first).unwrap_or(Value::Null),
            text: texts.join("\n"),
        }
    }

    async fn ask(&self, method: &str, params: &Value) -> Value {
        let reply = self.http.modern(method, params).await;
        let mut message = reply.message();
        assert!(message.get("error").is_none(), "{method}: {message}");
        message["result"].take()
    }
}

/// What a model is shown of tools.
fn shown(tools: &[Value]) -> Value {
    let shown = tools.iter().map(|tool| {
        json!({
            "name": tool["name"],
            "description": tool["description"],
            "inputSchema": tool["inputSchema"],
        })
    });
    shown.collect()
}
