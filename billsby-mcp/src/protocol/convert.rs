//! From this crate's types to the MCP library's.

use std::sync::Arc;

use rmcp::model::{CallToolResult, ContentBlock, JsonObject, Tool, ToolAnnotations};
use serde_json::Value;

use crate::tool::{Answer, Entry, Report};

pub(super) fn tool(entry: &Entry) -> Tool {
    let tool = entry.tool();
    let hints = tool.effect.hints();
    Tool::new(tool.name, tool.description, input_schema(entry))
        .with_title(tool.title)
        .with_annotations(ToolAnnotations::from_raw(
            Some(tool.title.to_owned()),
            Some(hints.read_only),
            Some(hints.destructive),
            Some(hints.idempotent),
            Some(hints.open_world),
        ))
}

fn input_schema(entry: &Entry) -> Arc<JsonObject> {
    // The catalogue serves objects only.
    Arc::new(
        entry
            .input_schema()
            .as_object()
            .cloned()
            .unwrap_or_default(),
    )
}

pub(super) fn answer(answer: Answer) -> CallToolResult {
    let texts = [
        Some(answer.text().to_owned()),
        answer.note().map(str::to_owned),
    ];
    let mut result = CallToolResult::structured(answer.into_object());
    result.content = texts
        .into_iter()
        .flatten()
        .map(ContentBlock::text)
        .collect();
    result
}

pub(super) fn report(report: &Report) -> CallToolResult {
    // A report is plain data; if it could not be written, its message still can.
    let value =
        serde_json::to_value(report).unwrap_or_else(|_| Value::from(report.message.as_str()));
    CallToolResult::structured_error(value)
}
