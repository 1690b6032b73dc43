//! Questions to the client of an older protocol while a call runs.

use rmcp::model::*;
use rmcp::service::{RequestContext, RoleServer, ServiceError};
use serde_json::{Value, json};

use super::build;

pub(super) fn require_sampling(context: &RequestContext<RoleServer>) -> Result<(), ErrorData> {
    let capabilities = context.client_capabilities().unwrap_or_default();
    if serde_json::to_value(capabilities).is_ok_and(|value| value["sampling"].is_object()) {
        return Ok(());
    }
    let required = build(json!({"sampling": {}}));
    Err(ErrorData::missing_required_client_capability(required))
}

#[expect(deprecated, reason = "older clients know it")]
pub(super) async fn sampling(
    request: &CallToolRequestParams,
    context: &RequestContext<RoleServer>,
) -> Result<String, ErrorData> {
    require_sampling(context)?;
    let prompt = argument(request, "prompt");
    let question = json!({
        "messages": [{"role": "user", "content": {"type": "text", "text": prompt}}],
        "maxTokens": 100,
    });
    let answer = context.peer.create_message(build(question)).await;
    let answer = serde_json::to_value(answer.map_err(failed)?).expect("JSON");
    Ok(format!("LLM response: {}", answer["content"]))
}

pub(super) async fn elicitation(
    request: &CallToolRequestParams,
    context: &RequestContext<RoleServer>,
) -> Result<String, ErrorData> {
    let (message, schema) = match &*request.name {
        "test_elicitation_sep1034_defaults" => ("Defaults".to_owned(), defaults()),
        "test_elicitation_sep1330_enums" => ("Choices".to_owned(), choices()),
        _ => (argument(request, "message"), user()),
    };
    let question = json!({"mode": "form", "message": message, "requestedSchema": schema});
    let answer = context.peer.create_elicitation(build(question)).await;
    let answer = serde_json::to_value(answer.map_err(failed)?).expect("JSON");
    Ok(format!(
        "Elicitation completed: action={}, content={}",
        answer["action"].as_str().unwrap_or_default(),
        answer["content"]
    ))
}

fn argument(request: &CallToolRequestParams, name: &str) -> String {
    let arguments = request.arguments.as_ref();
    let value = arguments.and_then(|arguments| arguments.get(name)?.as_str());
    value.unwrap_or_default().to_owned()
}

fn failed(error: ServiceError) -> ErrorData {
    match error {
        ServiceError::McpError(error) => error,
        other => ErrorData::internal_error(other.to_string(), None),
    }
}

fn user() -> Value {
    json!({
        "type": "object",
        "properties": {
            "username": {"type": "string", "description": "User's response"},
            "email": {"type": "string", "description": "User's email address"},
        },
        "required": ["username", "email"],
    })
}

fn defaults() -> Value {
    json!({"type": "object", "properties": {
        "name": {"type": "string", "default": "John Doe"},
        "age": {"type": "integer", "default": 30},
        "score": {"type": "number", "default": 95.5},
        "status": {
            "type": "string",
            "enum": ["active", "inactive", "pending"],
            "default": "active",
        },
        "verified": {"type": "boolean", "default": true},
    }})
}

fn choices() -> Value {
    let plain = ["option1", "option2", "option3"];
    let titled = json!([
        {"const": "value1", "title": "First Option"},
        {"const": "value2", "title": "Second Option"},
        {"const": "value3", "title": "Third Option"},
    ]);
    json!({"type": "object", "properties": {
        "untitledSingle": {"type": "string", "enum": plain},
        "titledSingle": {"type": "string", "oneOf": titled},
        "legacyEnum": {
            "type": "string",
            "enum": ["opt1", "opt2", "opt3"],
            "enumNames": ["Option One", "Option Two", "Option Three"],
        },
        "untitledMulti": {"type": "array", "items": {"type": "string", "enum": plain}},
        "titledMulti": {"type": "array", "items": {"anyOf": titled}},
    }})
}
