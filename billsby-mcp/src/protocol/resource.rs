//! Resources: the guide to keys and the catalogue of tools.

use std::fmt::Write as _;

use rmcp::model::{ErrorData, ReadResourceResult, Resource, ResourceContents, ResourceTemplate};
use serde_json::{Value, json};

use super::scene::Scene;
use crate::tool::{Effect, Key, Listing};

const KEYS: &str = "billsby://guide/keys";
const TOOLS: &str = "billsby://tools";
const TOOL: &str = "billsby://tools/{name}";
const MARKDOWN: &str = "text/markdown";
const JSON: &str = "application/json";

pub(super) fn list() -> Vec<Resource> {
    vec![
        Resource::new(KEYS, "keys")
            .with_title("Guide to keys")
            .with_description("Every kind of id: what it is, where it comes from, what it is not.")
            .with_mime_type(MARKDOWN),
        Resource::new(TOOLS, "tools")
            .with_title("Catalogue of tools")
            .with_description("The tools of this server, by group, with what a call does.")
            .with_mime_type(MARKDOWN),
    ]
}

pub(super) fn templates() -> Vec<ResourceTemplate> {
    vec![
        ResourceTemplate::new(TOOL, "tool")
            .with_title("One tool")
            .with_description("A tool with the schemas of its arguments and of its result.")
            .with_mime_type(JSON),
    ]
}

/// What is at an address.
///
/// # Errors
///
/// Nothing is there.
pub(super) fn read(scene: Scene<'_>, uri: &str) -> Result<ReadResourceResult, ErrorData> {
    let (text, mime_type) = match uri {
        KEYS => (keys(scene), MARKDOWN),
        TOOLS => (tools(scene), MARKDOWN),
        _ => {
            let prefix = format!("{TOOLS}/");
            let listing = uri
                .strip_prefix(&prefix)
                .and_then(|name| scene.listing(name));
            (tool(listing.ok_or_else(unknown)?), JSON)
        }
    };
    let contents = ResourceContents::text(text, uri).with_mime_type(mime_type);
    Ok(ReadResourceResult::new(vec![contents]))
}

/// The values that a part of an address can have.
///
/// # Errors
///
/// There is no such template, or it has no such part.
pub(super) fn values<'a>(
    scene: Scene<'a>,
    template: &str,
    part: &str,
) -> Result<Vec<&'a str>, ErrorData> {
    match (template, part) {
        (TOOL, "name") => Ok(scene.listings().iter().map(|tool| tool.name).collect()),
        _ => Err(ErrorData::invalid_params(
            "unknown template or part; resources/templates/list names those there are",
            None,
        )),
    }
}

fn unknown() -> ErrorData {
    let message = "there is nothing at this address; resources/list names what there is";
    ErrorData::resource_not_found(message, None)
}

fn keys(scene: Scene<'_>) -> String {
    let mut text = String::from(
        "# Keys\n\nEvery id is of one kind. Take it from the answer of a tool that gives it and pass \
         it to arguments of its name; ids of different kinds never fit one another.\n",
    );
    if let Some(domain) = scene.company_domain() {
        let _ = write!(
            text,
            "\nThe company domain of this account is `{domain}`.\n"
        );
    }
    for key in crate::KEYS {
        text.push_str(&section(scene, key));
    }
    text
}

fn section(scene: Scene<'_>, key: &Key) -> String {
    let mut text = format!(
        "\n## {}\n\n{} ({}, such as `{}`).",
        key.name,
        key.description,
        key.form.as_str(),
        key.example
    );
    let sources = key.sources.iter().filter_map(|source| {
        let tool = scene.tool(source.operation)?;
        Some(format!("{tool} as `{}`", source.property))
    });
    let sources: Vec<String> = sources.collect();
    if !sources.is_empty() {
        let _ = write!(text, " Given by {}.", sources.join(", "));
    } else if !key.sources.is_empty() {
        text.push_str(" No tool of this server gives it.");
    }
    if let Some(not) = key.not {
        let _ = write!(text, " Not {not}.");
    }
    text.push('\n');
    text
}

fn tools(scene: Scene<'_>) -> String {
    let mut text = String::from("# Tools\n");
    let mut group = "";
    for (tool, listing) in scene.tools() {
        if tool.tag != group {
            group = tool.tag;
            let _ = write!(text, "\n## {}\n\n", group.replace('_', " "));
        }
        let _ = writeln!(
            text,
            "- `{}` ({}): {}. {}",
            listing.name,
            effect(tool.effect),
            listing.title,
            listing.description
        );
    }
    text
}

fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Read => "only reads",
        Effect::Write => "changes data",
        Effect::Money => "moves money",
        Effect::Message => "writes to the customer",
        Effect::Irreversible => "cannot be undone",
        Effect::Accumulates => "adds up when repeated",
    }
}

fn tool(listing: &Listing) -> String {
    let mut value = json!({
        "name": listing.name,
        "title": listing.title,
        "description": listing.description,
        "annotations": {
            "readOnlyHint": listing.hints.read_only,
            "destructiveHint": listing.hints.destructive,
            "idempotentHint": listing.hints.idempotent,
            "openWorldHint": listing.hints.open_world,
        },
        "inputSchema": listing.input_schema,
    });
    if let (Some(schema), Value::Object(value)) = (&listing.output_schema, &mut value) {
        value.insert("outputSchema".to_owned(), schema.clone());
    }
    format!("{value:#}")
}
