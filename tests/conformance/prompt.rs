//! The prompts of the conformance suite.

use rmcp::model::*;
use serde_json::{Value, json};

use super::tool::text;
use super::{IMAGE, build, rounds, unknown};

pub(super) fn list() -> Vec<Prompt> {
    let prompts: [(&str, &[&str]); 5] = [
        ("test_simple_prompt", &[]),
        ("test_prompt_with_arguments", &["arg1", "arg2"]),
        ("test_prompt_with_embedded_resource", &["resourceUri"]),
        ("test_prompt_with_image", &[]),
        ("test_input_required_result_prompt", &[]),
    ];
    let prompts = prompts.iter().map(|(name, arguments)| {
        let arguments = arguments.iter().map(|argument| {
            PromptArgument::new(*argument)
                .with_description("An argument.")
                .with_required(true)
        });
        Prompt::new(
            *name,
            Some("A prompt of the suite."),
            Some(arguments.collect()),
        )
    });
    prompts.collect()
}

pub(super) fn get(request: &GetPromptRequestParams) -> Result<GetPromptResponse, ErrorData> {
    let argument = |name: &str| {
        let arguments = request.arguments.as_ref();
        let value = arguments.and_then(|arguments| arguments.get(name)?.as_str());
        value.unwrap_or_default().to_owned()
    };
    let contents = match request.name.as_str() {
        "test_simple_prompt" => vec![text("This is a simple prompt for testing.")],
        "test_prompt_with_arguments" => vec![text(&format!(
            "Prompt with arguments: arg1='{}', arg2='{}'",
            argument("arg1"),
            argument("arg2")
        ))],
        "test_prompt_with_embedded_resource" => vec![
            json!({"type": "resource", "resource": {
                "uri": argument("resourceUri"),
                "mimeType": "text/plain",
                "text": "Embedded resource content for testing.",
            }}),
            text("Please process the embedded resource above."),
        ],
        "test_prompt_with_image" => vec![
            json!({"type": "image", "data": IMAGE, "mimeType": "image/png"}),
            text("Please analyze the image above."),
        ],
        "test_input_required_result_prompt" => {
            let answers = request.input_responses.as_ref();
            let Some(answer) = answers.and_then(|answers| answers.get("user_context")) else {
                let message = "What context should the prompt use?";
                let question = rounds::form(message, "context", "string");
                return Ok(rounds::ask([("user_context", question)], None).into());
            };
            vec![text(&format!("Context: {}", answer["content"]["context"]))]
        }
        _ => return Err(unknown("prompt")),
    };
    let messages: Vec<Value> = contents
        .into_iter()
        .map(|content| json!({"role": "user", "content": content}))
        .collect();
    Ok(GetPromptResult::new(build(json!(messages))).into())
}
