//! The comparison speaks of the client and of the tools as they are generated.

use std::collections::BTreeMap;

use serde_json::Value;

use super::BASE;
use crate::diff::{argument, method, read, rust_type};
use crate::document::Source;
use crate::ir::{Api, Constructor};

fn generated() -> (Api, BTreeMap<String, String>) {
    let source = Source {
        name: "a.yaml",
        text: BASE,
    };
    let generation = crate::generate(source, &[]);
    let api = read(source).expect("a document without mistakes");
    (api, generation.files.expect("generated files"))
}

/// All generated text below a folder, as one line of words.
fn words(files: &BTreeMap<String, String>, folder: &str) -> String {
    let texts = files.iter().filter(|(path, _)| path.starts_with(folder));
    let texts: Vec<&str> = texts.map(|(_, text)| text.as_str()).collect();
    texts
        .join("\n")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn fields_have_the_types_that_are_compared() {
    let (api, files) = generated();
    let models = words(&files, "billsby-sdk/src/generated/model/");
    for structure in &api.structs {
        let start = format!("pub struct {} {{", structure.name);
        let (_, body) = models.split_once(&start).expect("every struct");
        let (body, _) = body.split_once(" }").expect("an end");
        for field in &structure.fields {
            let ty = rust_type::field_type(&api, structure, field);
            let declaration = format!("pub {}: {ty},", field.ident);
            assert!(body.contains(&declaration), "{declaration} in {body}");
        }
    }
}

#[test]
fn methods_take_the_arguments_that_are_compared() {
    let (api, files) = generated();
    let resources = words(&files, "billsby-sdk/src/generated/resource/");
    for operation in api.operations() {
        let start = format!("pub fn {}( &self, ", operation.method);
        let one_line = format!("pub fn {}(&self, ", operation.method);
        let (_, rest) = resources
            .split_once(&start)
            .or_else(|| resources.split_once(&one_line))
            .expect("every method");
        let (signature, _) = rest.split_once(')').expect("an end");
        let idents: Vec<&str> = signature
            .split(',')
            .filter_map(|argument| argument.split_once(':'))
            .map(|(ident, _)| ident.trim())
            .collect();
        let inputs = method::inputs(operation);
        assert_eq!(method::names_in_order(&inputs), idents);
    }
}

#[test]
fn a_constructor_takes_its_arguments_by_name_where_the_comparison_says() {
    for (ty, count) in [("string", 4), ("string", 5), ("integer", 7), ("integer", 8)] {
        let names: Vec<String> = (1..=count).map(|n| format!("f{n}")).collect();
        let fields: Vec<String> = names
            .iter()
            .map(|n| format!("{n}: {{type: {ty}}}"))
            .collect();
        let document = BASE
            .replace(
                "required: [weight]",
                &format!("required: [{}]", names.join(", ")),
            )
            .replace(
                "        weight: {type: number, description: Its weight}\n",
                &format!("        {}\n", fields.join("\n        ")),
            );
        let source = Source {
            name: "a.yaml",
            text: &document,
        };
        let api = read(source).expect("a document without mistakes");
        let mut structs = api.structs.iter();
        let part = structs.find(|structure| structure.name == "Part");
        let is_named = part.expect("the struct").constructor() == Some(Constructor::Named);
        let files = crate::generate(source, &[]).files.expect("generated files");
        let models = words(&files, "billsby-sdk/src/generated/model/");
        let (_, part) = models.split_once("impl Part {").expect("a constructor");
        let (_, signature) = part.split_once("pub fn new(").expect("a constructor");
        let has_struct = signature.starts_with("required: PartRequired");
        assert_eq!(has_struct, is_named, "{count} of type {ty}");
        assert_eq!(models.contains("pub struct PartRequired"), is_named);
        assert_eq!(is_named, [5, 8].contains(&count), "{count} of type {ty}");
    }
}

#[test]
fn tools_take_the_arguments_that_are_compared() {
    let (api, files) = generated();
    for operation in api.operations() {
        let path = format!(
            "billsby-mcp/src/generated/schema/{}.json",
            operation.tool.short_name
        );
        let schema: Value = serde_json::from_str(&files[&path]).expect("a schema");
        let properties = schema["properties"].as_object().expect("an object");
        let required = schema["required"].as_array().expect("a list");
        let inputs = argument::inputs(&api, operation);
        assert_eq!(properties.len(), inputs.len());
        for input in inputs {
            assert!(properties.contains_key(input.name), "{}", input.name);
            let is_required = required.contains(&Value::from(input.name));
            assert_eq!(is_required, input.required, "{}", input.name);
        }
    }
}
