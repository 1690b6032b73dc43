//! The arguments that a filled form gives. What is left empty is not given.

use std::str::FromStr as _;

use serde_json::{Map, Number, Value};

use super::schema::{Input, Kind, Scalar, may_be_empty};
use crate::page::form::{Form, Wrong};
use crate::provision::Problem;

/// Reads a form. What cannot be what it should be is told; anything else is for the tool's own check.
pub(super) fn arguments(inputs: &[Input<'_>], form: &Form) -> Result<Map<String, Value>, Wrong> {
    let mut wrong = Wrong::default();
    let arguments = object(inputs, true, form, &mut wrong);
    if wrong.is_empty() {
        Ok(arguments)
    } else {
        Err(wrong)
    }
}

/// The members of an object; `is_there` says whether it is there even if nothing of it was filled in.
fn object(
    inputs: &[Input<'_>],
    is_there: bool,
    form: &Form,
    wrong: &mut Wrong,
) -> Map<String, Value> {
    let mut members = Map::new();
    for input in inputs {
        match value(input, is_there && input.is_required, form, wrong) {
            Ok(Some(value)) => {
                members.insert(input.name.to_owned(), value);
            }
            Ok(None) => {}
            Err(detail) => {
                let pointer = input.pointer.clone();
                wrong.0.push(Problem { pointer, detail });
            }
        }
    }
    members
}

fn value(
    input: &Input<'_>,
    must_be_there: bool,
    form: &Form,
    wrong: &mut Wrong,
) -> Result<Option<Value>, String> {
    if let Kind::Group(inputs) = &input.kind {
        let members = object(inputs, must_be_there, form, wrong);
        let is_there = must_be_there || !members.is_empty();
        return Ok(is_there.then_some(Value::Object(members)));
    }
    let Some(text) = form.get(&input.pointer) else {
        let is_empty_list = must_be_there && may_be_empty(input.schema);
        return Ok(is_empty_list.then(|| Value::Array(Vec::new())));
    };
    let value = match &input.kind {
        Kind::Text | Kind::Date | Kind::Group(_) => Value::from(text),
        Kind::Whole => scalar(Scalar::Whole, text)?,
        Kind::Number => scalar(Scalar::Number, text)?,
        Kind::Flag => Value::Bool(text.parse().map_err(|_| "choose yes or no")?),
        Kind::Word(words) => word(words, text)?,
        Kind::Lines(kind) => {
            let lines = text.lines().map(str::trim);
            let lines = lines.filter(|line| !line.is_empty());
            lines
                .map(|line| scalar(*kind, line))
                .collect::<Result<Value, String>>()?
        }
        Kind::Json => serde_json::from_str(text).map_err(|error| format!("is no JSON: {error}"))?,
    };
    Ok(Some(value))
}

fn scalar(kind: Scalar, text: &str) -> Result<Value, String> {
    match kind {
        Scalar::Text => Ok(Value::from(text)),
        Scalar::Whole => {
            let whole: Result<i64, _> = text.parse();
            whole
                .map(Value::from)
                .map_err(|_| format!("\"{text}\" is no whole number, such as 12"))
        }
        Scalar::Number => {
            let number = Number::from_str(text);
            number
                .map(Value::from)
                .map_err(|_| format!("\"{text}\" is no number, such as 12.5"))
        }
    }
}

fn word(words: &[Value], text: &str) -> Result<Value, String> {
    let found = words.iter().find(|word| written(word) == text);
    found
        .cloned()
        .ok_or_else(|| "choose one of the list".to_owned())
}

/// How a word stands in a form.
pub(super) fn written(word: &Value) -> String {
    match word {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::schema::{example, inputs};
    use super::*;
    use crate::tool::{Catalogue, CompanyDomainMode, Filter, Settings};

    /// A form that says what a value says.
    fn filled(inputs: &[Input<'_>], value: &Value) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        for input in inputs {
            let Some(value) = value.get(input.name) else {
                continue;
            };
            let text = match &input.kind {
                Kind::Group(inputs) => {
                    pairs.extend(filled(inputs, value));
                    continue;
                }
                Kind::Lines(_) => {
                    let lines = value.as_array().unwrap().iter().map(written);
                    lines.collect::<Vec<_>>().join("\r\n")
                }
                Kind::Json => value.to_string(),
                _ => written(value),
            };
            pairs.push((input.pointer.clone(), text));
        }
        pairs
    }

    fn form(pairs: &[(String, String)]) -> Form {
        let mut encoder = form_urlencoded::Serializer::new(String::new());
        encoder.extend_pairs(pairs);
        Form::parse(encoder.finish().as_bytes())
    }

    fn everything(company_domain: CompanyDomainMode) -> Catalogue {
        let settings = Settings {
            filter: Filter {
                methods: ["read", "write", "custom"].map(str::to_owned).into(),
                include_unreviewed: true,
                ..Filter::default()
            },
            company_domain,
            ..Settings::default()
        };
        Catalogue::new(crate::tools(), "acme", &settings).unwrap()
    }

    #[test]
    fn a_form_of_every_tool_gives_arguments_that_the_tool_accepts() {
        for mode in [CompanyDomainMode::Bound, CompanyDomainMode::Explicit] {
            let catalogue = everything(mode);
            assert_eq!(catalogue.entries().len(), crate::tools().count());
            for entry in catalogue.entries() {
                let name = entry.tool().name;
                let schema = catalogue.accepted(entry).unwrap();
                let inputs = inputs(schema);
                let example = example(schema);
                let form = form(&filled(&inputs, &example));
                let arguments = arguments(&inputs, &form).unwrap();
                assert_eq!(Value::Object(arguments), example, "{name}");
                let validator = jsonschema::draft202012::options()
                    .should_validate_formats(true)
                    .build(schema)
                    .unwrap();
                let wrong: Vec<String> = validator
                    .iter_errors(&example)
                    .map(|error| error.to_string())
                    .collect();
                assert!(wrong.is_empty(), "{name}: {wrong:?}");
            }
        }
    }

    #[test]
    fn what_is_empty_is_not_given() {
        let inner = json!({"type": "object", "required": ["list", "one"], "properties": {
            "c": {"type": "integer"},
            "list": {"type": "array", "items": {"type": "object"}},
            "one": {"type": "array", "items": {"type": "object"}, "minItems": 1},
        }});
        let schema = json!({"type": "object", "required": ["must"], "properties": {
            "a": {"type": "string"},
            "b": {"type": "array", "items": {"type": "string"}},
            "may": inner,
            "must": inner,
        }});
        let pairs = [
            ("/a", " "),
            ("/b", "\r\n \n"),
            ("/may/c", ""),
            ("/must/c", ""),
        ];
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let arguments = arguments(&inputs(&schema), &form(&pairs)).unwrap();
        assert_eq!(Value::Object(arguments), json!({"must": {"list": []}}));
    }

    #[test]
    fn everything_that_cannot_be_read_is_told_where_it_is() {
        let schema = json!({"type": "object", "properties": {
            "whole": {"type": "integer"},
            "number": {"type": "number"},
            "flag": {"type": "boolean"},
            "word": {"enum": ["a"]},
            "lines": {"type": "array", "items": {"type": "integer"}},
            "group": {"type": "object", "properties": {"json": {"type": "object"}}},
        }});
        let pairs = [
            ("/whole", "1.5"),
            ("/number", "1,5"),
            ("/flag", "maybe"),
            ("/word", "b"),
            ("/lines", "1\nx"),
            ("/group/json", "{"),
        ];
        let names = pairs.map(|(name, _)| name);
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let wrong = arguments(&inputs(&schema), &form(&pairs)).unwrap_err();
        let pointers: Vec<&str> = wrong.0.iter().map(|one| one.pointer.as_str()).collect();
        assert_eq!(pointers, names);
    }
}
