//! Prompts: jobs that people choose by name, written out as steps for a model.

mod text;

use rmcp::model::{
    ErrorData, GetPromptRequestParams, GetPromptResult, JsonObject, Prompt, PromptArgument,
    PromptMessage, Role,
};
use serde_json::Value;

use super::scene::Scene;

/// The longest value of an argument, in characters.
const LONGEST_VALUE: usize = 200;

/// A job.
struct Script {
    name: &'static str,
    title: &'static str,
    description: &'static str,
    arguments: &'static [Argument],
    /// The operations without which the job cannot be done.
    needs: &'static [&'static str],
    write: fn(Scene<'_>, &Values<'_>) -> String,
}

struct Argument {
    name: &'static str,
    description: &'static str,
    required: bool,
    /// The only values there are; any text if there are none.
    values: &'static [&'static str],
}

/// What somebody filled in.
struct Values<'a>(&'a JsonObject);

impl Values<'_> {
    /// A value in quotes, with nothing in it that could end them.
    fn quoted(&self, name: &str) -> String {
        Value::from(self.get(name).unwrap_or_default()).to_string()
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }
}

const CUSTOMER: Argument = Argument {
    name: "customer",
    description: "Name, e-mail address or customerUniqueId of the customer",
    required: true,
    values: &[],
};

const SCRIPTS: &[Script] = &[
    Script {
        name: "downgrade_and_refund",
        title: "Downgrade a customer and refund the latest invoice",
        description: "Moves a subscription to another plan and refunds the invoice before it, once.",
        arguments: &[
            CUSTOMER,
            Argument {
                name: "plan",
                description: "Name of the plan to move to, such as Basic",
                required: true,
                values: &[],
            },
            Argument {
                name: "when",
                description: "When the plan changes: immediate or on_renewal. Asked for if left out",
                required: false,
                values: &["immediate", "on_renewal"],
            },
        ],
        needs: &[
            "customers.list",
            "subscriptions.list_for_customer",
            "plans.list",
            "invoices.list_for_customer",
            "subscriptions.change_plan",
            "invoices.refund",
        ],
        write: text::downgrade_and_refund,
    },
    Script {
        name: "reattempt_failed_invoices",
        title: "Try again to collect a customer's failed invoices",
        description: "Finds a customer's unpaid invoices and charges the card on file once for each.",
        arguments: &[CUSTOMER],
        needs: &[
            "customers.list",
            "invoices.list_for_customer",
            "invoices.reattempt_payment",
        ],
        write: text::reattempt_failed_invoices,
    },
    Script {
        name: "find_customer",
        title: "Find a customer",
        description: "Finds a customer and says what they are subscribed to.",
        arguments: &[Argument {
            name: "who",
            description: "What is known: a name, part of it, or an e-mail address",
            required: true,
            values: &[],
        }],
        needs: &["customers.list"],
        write: text::find_customer,
    },
    Script {
        name: "explain_invoice",
        title: "Explain an invoice",
        description: "Says what an invoice is for, what became of it and what can be refunded.",
        arguments: &[Argument {
            name: "invoice",
            description: "Invoice number, such as 8WER0F4J1R-1",
            required: true,
            values: &[],
        }],
        needs: &["invoices.get"],
        write: text::explain_invoice,
    },
];

/// The prompts whose tools are served.
pub(super) fn list(scene: Scene<'_>) -> Vec<Prompt> {
    available(scene).map(describe).collect()
}

/// A prompt, filled in.
///
/// # Errors
///
/// There is no such prompt here, or its arguments cannot be used.
pub(super) fn get(
    scene: Scene<'_>,
    request: &GetPromptRequestParams,
) -> Result<GetPromptResult, ErrorData> {
    let script = find(scene, &request.name)?;
    let none = JsonObject::new();
    let given = request.arguments.as_ref().unwrap_or(&none);
    check(script, given)?;
    let text = (script.write)(scene, &Values(given));
    let message = PromptMessage::new_text(Role::User, text);
    Ok(GetPromptResult::new(vec![message]).with_description(script.description))
}

/// The values that an argument of a prompt can have; empty if it takes any text.
///
/// # Errors
///
/// There is no such prompt here, or it has no such argument.
pub(super) fn values(
    scene: Scene<'_>,
    prompt: &str,
    argument: &str,
) -> Result<&'static [&'static str], ErrorData> {
    let script = find(scene, prompt)?;
    let found = script.arguments.iter().find(|known| known.name == argument);
    found
        .map(|argument| argument.values)
        .ok_or_else(|| unknown_argument(script))
}

fn available(scene: Scene<'_>) -> impl Iterator<Item = &'static Script> + use<'_> {
    SCRIPTS
        .iter()
        .filter(move |script| scene.has_all(script.needs))
}

fn find(scene: Scene<'_>, name: &str) -> Result<&'static Script, ErrorData> {
    available(scene)
        .find(|script| script.name == name)
        .ok_or_else(|| {
            ErrorData::invalid_params("unknown prompt; prompts/list names those there are", None)
        })
}

fn describe(script: &Script) -> Prompt {
    let arguments = script.arguments.iter().map(|argument| {
        PromptArgument::new(argument.name)
            .with_description(argument.description)
            .with_required(argument.required)
    });
    Prompt::new(
        script.name,
        Some(script.description),
        Some(arguments.collect()),
    )
    .with_title(script.title)
}

fn check(script: &Script, given: &JsonObject) -> Result<(), ErrorData> {
    if given
        .keys()
        .any(|name| !script.arguments.iter().any(|known| known.name == name))
    {
        return Err(unknown_argument(script));
    }
    for argument in script.arguments {
        let refused = |expected: &str| {
            let message = format!("argument {}: {expected}", argument.name);
            Err(ErrorData::invalid_params(message, None))
        };
        match given.get(argument.name) {
            None if argument.required => return refused("is required"),
            None => {}
            Some(Value::String(value)) => {
                if value.chars().count() > LONGEST_VALUE {
                    return refused("at most 200 characters");
                }
                if argument.required && value.trim().is_empty() {
                    return refused("must not be empty");
                }
                if !argument.values.is_empty() && !argument.values.contains(&value.as_str()) {
                    return refused(&format!("expected {}", argument.values.join(" or ")));
                }
            }
            Some(_) => return refused("must be text"),
        }
    }
    Ok(())
}

fn unknown_argument(script: &Script) -> ErrorData {
    let known: Vec<&str> = script.arguments.iter().map(|known| known.name).collect();
    let message = format!(
        "unknown argument; {} takes {}",
        script.name,
        known.join(", ")
    );
    ErrorData::invalid_params(message, None)
}
