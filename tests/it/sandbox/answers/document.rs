//! What `openapi/billsby.yaml` says of operations and their answers, read without any code of the
//! sandbox.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::mock::{self, Answer};

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/billsby.yaml");
    let text = fs::read_to_string(path).expect("the document");
    let mut document = yaml_serde::from_str(&text).expect("YAML");
    to_json_schema(&mut document);
    document
});

/// An operation of the document.
pub(super) struct Operation {
    pub(super) id: &'static str,
    pub(super) method: String,
    /// Behind the base path, with names in braces.
    pub(super) template: String,
    responses: &'static Value,
}

/// All operations.
pub(super) fn operations() -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, item) in object(&DOCUMENT["paths"]) {
        let server = item.get("servers").unwrap_or(&DOCUMENT["servers"]);
        let server = server[0]["url"].as_str().expect("an address");
        let (_, prefix) = server.rsplit_once('/').expect("a prefix");
        for (method, operation) in object(item) {
            if let Some(id) = operation["operationId"].as_str() {
                operations.push(Operation {
                    id,
                    method: method.to_uppercase(),
                    template: format!("/{prefix}{path}"),
                    responses: &operation["responses"],
                });
            }
        }
    }
    operations
}

impl Operation {
    /// Whether the answer only says that the call took effect.
    pub(super) fn is_just_accepted(&self) -> bool {
        self.responses["200"]["$ref"] == "#/components/responses/Accepted"
    }

    /// The content types that the answer may have.
    pub(super) fn content_types(&self) -> Vec<&'static str> {
        let content = object(&self.responses["200"]["content"]);
        content.keys().map(String::as_str).collect()
    }

    /// What the mock answers, as written down from the API's own documentation.
    pub(super) fn example(&self) -> &'static Answer {
        let segments: Vec<String> = self.template[1..].split('/').map(str::to_owned).collect();
        let (prefix, path) = segments.split_first().expect("a prefix");
        let is_it = |one: &&mock::operation::Operation| {
            one.method == self.method && one.prefix == *prefix && one.matches(path)
        };
        let found = mock::operation::all().iter().filter(is_it);
        &found
            .max_by_key(|one| one.literals())
            .expect("an operation of the mock")
            .answer
    }

    /// Checks answers. A property that is not documented is an error, too.
    pub(super) fn validator(&self) -> Validator {
        let schema = &self.responses["200"]["content"]["application/json"]["schema"];
        let schema = json!({"allOf": [schema], "components": DOCUMENT["components"]});
        jsonschema::options()
            .with_draft(jsonschema::Draft::Draft202012)
            .should_validate_formats(true)
            .with_format("billsby-timestamp", is_timestamp)
            .build(&schema)
            .expect("a schema")
    }
}

#[track_caller]
fn object(value: &Value) -> &serde_json::Map<String, Value> {
    value
        .as_object()
        .unwrap_or_else(|| panic!("not an object: {value}"))
}

/// Rewrites what `OpenAPI` 3.0 says in its own way, in all schemas.
fn to_json_schema(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(to_json_schema),
        Value::Object(members) => {
            members.values_mut().for_each(to_json_schema);
            if members.get("type") == Some(&json!("object")) && members.contains_key("properties") {
                members.insert("additionalProperties".to_owned(), json!(false));
            }
            if members.get("x-billsby-type") == Some(&json!("timestamp")) {
                members.insert("format".to_owned(), json!("billsby-timestamp"));
            }
            if members.remove("nullable") == Some(json!(true)) {
                let schema = Value::Object(std::mem::take(members));
                *value = json!({"anyOf": [schema, {"type": "null"}]});
            }
        }
        _ => {}
    }
}

/// Whether a text is a time in one of the three shapes.
fn is_timestamp(text: &str) -> bool {
    let (digits, zone) = match text.strip_suffix('Z').or(text.strip_suffix("+00:00")) {
        Some(digits) => (digits, true),
        None => (text, false),
    };
    let decimals = digits
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len());
    decimals == if zone { 3 } else { 6 } && digits.parse::<jiff::civil::DateTime>().is_ok()
}
