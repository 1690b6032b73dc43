//! The tools of the conformance suite.

use std::time::Duration;

use rmcp::model::*;
use rmcp::service::{RequestContext, RoleServer};
use serde_json::{Value, json};

use super::{Change, Fixture, IMAGE, SOUND, ask, build, rounds, unknown};

/// Tools without arguments.
const PLAIN: &[&str] = &[
    "test_simple_text",
    "test_image_content",
    "test_audio_content",
    "test_embedded_resource",
    "test_multiple_content_types",
    "test_tool_with_logging",
    "test_logging_tool",
    "test_error_handling",
    "test_tool_with_progress",
    "test_reconnection",
    "test_missing_capability",
    "test_streaming_elicitation",
    "test_trigger_tool_change",
    "test_trigger_prompt_change",
    "test_elicitation_sep1034_defaults",
    "test_elicitation_sep1330_enums",
    "test_input_required_result_elicitation",
    "test_input_required_result_sampling",
    "test_input_required_result_list_roots",
    "test_input_required_result_request_state",
    "test_input_required_result_multiple_inputs",
    "test_input_required_result_multi_round",
    "test_input_required_result_tampered_state",
    "test_input_required_result_capabilities",
];

pub(super) fn list() -> Vec<Tool> {
    let nothing = json!({"type": "object", "properties": {}});
    let text = |name: &str| json!({"type": "object", "properties": {name: {"type": "string"}}, "required": [name]});
    let plain = PLAIN.iter().map(|name| tool(name, &nothing));
    plain
        .chain([
            tool("test_sampling", &text("prompt")),
            tool("test_elicitation", &text("message")),
            tool(
                "test_custom_header",
                &json!({
                    "type": "object",
                    "properties": {"region": {"type": "string", "x-mcp-header": "Region"}},
                    "required": ["region"],
                }),
            ),
            tool("json_schema_2020_12_tool", &every_keyword()),
        ])
        .collect()
}

fn tool(name: &str, schema: &Value) -> Tool {
    build(json!({"name": name, "description": "A tool of the suite.", "inputSchema": schema}))
}

/// One of every keyword that must reach the client.
fn every_keyword() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "$defs": {"address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
        }},
        "properties": {
            "name": {"type": "string"},
            "address": {"$ref": "#/$defs/address"},
            "contactMethod": {"type": "string", "enum": ["phone", "email"]},
            "phone": {"type": "string"},
            "email": {"type": "string"},
        },
        "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
        "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
        "then": {"required": ["phone"]},
        "else": {"required": ["email"]},
        "additionalProperties": false,
    })
}

pub(super) async fn call(
    fixture: &Fixture,
    request: &CallToolRequestParams,
    context: &RequestContext<RoleServer>,
) -> Result<CallToolResponse, ErrorData> {
    if request.name.starts_with("test_input_required_result_") {
        return rounds::call(fixture, request, context);
    }
    let blocks = match &*request.name {
        "test_simple_text" => {
            json!([text("This is a simple text response for testing.")])
        }
        "test_image_content" => json!([image()]),
        "test_audio_content" => {
            json!([{"type": "audio", "data": SOUND, "mimeType": "audio/wav"}])
        }
        "test_embedded_resource" => json!([{"type": "resource", "resource": {
            "uri": "test://embedded-resource",
            "mimeType": "text/plain",
            "text": "This is an embedded resource content.",
        }}]),
        "test_multiple_content_types" => json!([
            text("Multiple content types test:"),
            image(),
            {"type": "resource", "resource": {
                "uri": "test://mixed-content-resource",
                "mimeType": "application/json",
                "text": r#"{"test":"data","value":123}"#,
            }},
        ]),
        "test_error_handling" => {
            let message = "This tool intentionally returns an error for testing";
            let blocks = build(json!([text(message)]));
            return Ok(CallToolResult::error(blocks).into());
        }
        "test_tool_with_logging" | "test_logging_tool" => {
            log(context).await;
            json!([text("logged")])
        }
        "test_tool_with_progress" => {
            progress(context).await;
            json!([text("made progress")])
        }
        "test_trigger_tool_change" => {
            let _ = fixture.changes.send(Change::Tools);
            json!([text("changed")])
        }
        "test_trigger_prompt_change" => {
            let _ = fixture.changes.send(Change::Prompts);
            json!([text("changed")])
        }
        "test_missing_capability" => {
            ask::require_sampling(context)?;
            json!([text("the client can sample")])
        }
        "test_reconnection"
        | "test_streaming_elicitation"
        | "test_custom_header"
        | "json_schema_2020_12_tool" => json!([text("done")]),
        "test_sampling" => json!([text(&ask::sampling(request, context).await?)]),
        name if name.starts_with("test_elicitation") => {
            json!([text(&ask::elicitation(request, context).await?)])
        }
        _ => return Err(unknown("tool")),
    };
    Ok(CallToolResult::success(build(blocks)).into())
}

pub(super) fn text(text: &str) -> Value {
    json!({"type": "text", "text": text})
}

fn image() -> Value {
    json!({"type": "image", "data": IMAGE, "mimeType": "image/png"})
}

/// Logs three times, unless the client of the newer protocol did not ask for it.
async fn log(context: &RequestContext<RoleServer>) {
    if context.protocol_version() >= Some(ProtocolVersion::V_2026_07_28) {
        return;
    }
    for message in [
        "Tool execution started",
        "Tool processing data",
        "Tool execution completed",
    ] {
        let parameters = build(json!({"level": "info", "data": message}));
        #[expect(deprecated, reason = "older clients know it")]
        let _ = context.peer.notify_logging_message(parameters).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn progress(context: &RequestContext<RoleServer>) {
    let Some(token) = context.meta.get_progress_token() else {
        return;
    };
    for done in [0.0, 50.0, 100.0] {
        let progress = ProgressNotificationParam::new(token.clone(), done).with_total(100.0);
        let _ = context.peer.notify_progress(progress).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
