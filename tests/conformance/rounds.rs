//! Calls of the newer protocol that need several rounds: each answer asks for more until all is known.

use rmcp::model::*;
use rmcp::service::{RequestContext, RoleServer};
use serde_json::{Value, json};

use super::{Fixture, build, tool::text, unknown};

pub(super) fn call(
    fixture: &Fixture,
    request: &CallToolRequestParams,
    context: &RequestContext<RoleServer>,
) -> Result<CallToolResponse, ErrorData> {
    let answers = Answers(request.input_responses.as_ref());
    let seal = |state: &str| Some(fixture.states.seal(state.as_bytes()));
    let state = match &request.request_state {
        Some(sealed) => Some(fixture.states.open(sealed).map_err(|_| {
            ErrorData::invalid_params("the request state is not what it was", None)
        })?),
        None => None,
    };
    let name = request
        .name
        .trim_start_matches("test_input_required_result_");
    match name {
        "elicitation" => Ok(match answers.form("user_name", "name") {
            Some(name) => complete(&format!("Hello, {name}!")),
            None => more([("user_name", name_form("What is your name?"))], None),
        }),
        "sampling" => Ok(match answers.get("capital_question") {
            Some(answer) => complete(&answer["content"].to_string()),
            None => more(
                [("capital_question", sample("What is the capital of France?"))],
                None,
            ),
        }),
        "list_roots" => Ok(match answers.get("client_roots") {
            Some(answer) => complete(&answer["roots"].to_string()),
            None => more([("client_roots", roots())], None),
        }),
        "request_state" | "tampered_state" => Ok(match (answers.get("confirm"), state) {
            (Some(_), Some(_)) => complete("state-ok"),
            _ => more(
                [("confirm", form("Please confirm", "ok", "boolean"))],
                seal("confirm"),
            ),
        }),
        "multiple_inputs" => {
            let all = ["user_name", "greeting", "client_roots"];
            Ok(
                if state.is_some() && all.iter().all(|key| answers.get(key).is_some()) {
                    complete("all there")
                } else {
                    let questions = [
                        ("user_name", name_form("What is your name?")),
                        ("greeting", sample("Generate a greeting")),
                        ("client_roots", roots()),
                    ];
                    more(questions, seal("multiple"))
                },
            )
        }
        "multi_round" => Ok(match state.as_deref() {
            Some(b"2") if answers.get("step2").is_some() => complete("both steps are done"),
            Some(_) if answers.get("step1").is_some() => {
                let question = form("Step 2: What is your favorite color?", "color", "string");
                more([("step2", question)], seal("2"))
            }
            _ => more(
                [("step1", name_form("Step 1: What is your name?"))],
                seal("1"),
            ),
        }),
        "capabilities" => Ok(ask_for_declared(context)),
        _ => Err(unknown("tool")),
    }
}

/// What the client sent to earlier questions.
struct Answers<'a>(Option<&'a InputResponses>);

impl Answers<'_> {
    fn get(&self, key: &str) -> Option<&Value> {
        self.0?.get(key).filter(|answer| answer.is_object())
    }

    fn form(&self, key: &str, field: &str) -> Option<&str> {
        self.get(key)?["content"][field].as_str()
    }
}

/// Asks only for what the client can do.
fn ask_for_declared(context: &RequestContext<RoleServer>) -> CallToolResponse {
    let declared = serde_json::to_value(context.client_capabilities()).expect("JSON");
    let questions = [
        ("elicitation", "user_name", name_form("What is your name?")),
        ("sampling", "greeting", sample("Generate a greeting")),
        ("roots", "client_roots", roots()),
    ];
    let possible: Vec<(&str, Value)> = questions
        .into_iter()
        .filter(|(capability, ..)| declared[capability].is_object())
        .map(|(_, key, question)| (key, question))
        .collect();
    more(possible, None)
}

fn complete(message: &str) -> CallToolResponse {
    CallToolResult::success(build(json!([text(message)]))).into()
}

fn more<'a>(
    questions: impl IntoIterator<Item = (&'a str, Value)>,
    state: Option<String>,
) -> CallToolResponse {
    ask(questions, state).into()
}

/// A result that asks for more.
pub(super) fn ask<'a>(
    questions: impl IntoIterator<Item = (&'a str, Value)>,
    state: Option<String>,
) -> InputRequiredResult {
    let questions = questions
        .into_iter()
        .map(|(key, question)| (key.to_owned(), build(question)))
        .collect();
    InputRequiredResult::new(Some(questions), state)
}

pub(super) fn form(message: &str, field: &str, kind: &str) -> Value {
    json!({"method": "elicitation/create", "params": {
        "mode": "form",
        "message": message,
        "requestedSchema": {
            "type": "object",
            "properties": {field: {"type": kind}},
            "required": [field],
        },
    }})
}

fn name_form(message: &str) -> Value {
    form(message, "name", "string")
}

fn sample(prompt: &str) -> Value {
    json!({"method": "sampling/createMessage", "params": {
        "messages": [{"role": "user", "content": text(prompt)}],
        "maxTokens": 100,
    }})
}

fn roots() -> Value {
    json!({"method": "roots/list", "params": {}})
}
