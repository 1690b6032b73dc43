//! From this crate's types to the MCP library's.

use std::sync::Arc;

use rmcp::model::{CallToolResult, ContentBlock, JsonObject, Tool, ToolAnnotations};
use serde_json::Value;

use crate::tool::{Answer, Listing, Report};

pub(super) fn tool(listing: &Listing) -> Tool {
    let hints = listing.hints;
    let mut tool = Tool::new(
        listing.name,
        listing.description.clone(),
        object(&listing.input_schema),
    )
    // One title, where clients of every age look for it; a second one would double what it costs.
    .with_annotations(ToolAnnotations::from_raw(
        Some(listing.title.to_owned()),
        Some(hints.read_only),
        Some(hints.destructive),
        Some(hints.idempotent),
        Some(hints.open_world),
    ));
    if let Some(schema) = &listing.output_schema {
        tool = tool.with_raw_output_schema(object(schema));
    }
    tool
}

fn object(schema: &Value) -> Arc<JsonObject> {
    // Listings have objects only.
    Arc::new(schema.as_object().cloned().unwrap_or_default())
}

pub(super) fn answer(answer: Answer) -> CallToolResult {
    let content = answer.texts().map(ContentBlock::text).collect();
    let mut result = CallToolResult::structured(answer.into_object());
    result.content = content;
    result
}

pub(super) fn report(report: &Report) -> CallToolResult {
    // A report is plain data; if it could not be written, its message still can.
    let value =
        serde_json::to_value(report).unwrap_or_else(|_| Value::from(report.message.as_str()));
    CallToolResult::structured_error(value)
}
