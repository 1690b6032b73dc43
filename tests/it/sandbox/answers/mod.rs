//! All operations through HTTP: answers are what the document of the API says, and have the API's odd
//! habits.

mod cases;
mod document;
mod habits;
mod typed;

use std::collections::BTreeSet;

use serde_json::Value;

use super::Running;
use cases::{Ids, cases};
use document::{Operation, operations};

#[tokio::test]
async fn every_operation_answers_as_documented() {
    let sandbox = Running::start().await;
    let ids = Ids::of(&sandbox).await;
    let operations = operations();
    let mut answered = BTreeSet::new();
    for case in cases(&ids) {
        let operation = operations.iter().find(|one| one.id == case.operation);
        let operation = operation.expect("an operation of the document");
        let reply = case
            .send(&sandbox, &operation.method, &operation.template)
            .await;
        assert_eq!(reply.status, 200, "{}: {}", case.operation, reply.text);
        if !operation.is_just_accepted() {
            let content_type = reply.header("content-type").expect("a content type");
            let (media_type, _) = content_type.split_once(';').expect("a character set");
            assert!(
                operation.content_types().contains(&media_type),
                "{}",
                case.operation
            );
            is_as_documented(operation, &reply.json());
        }
        answered.insert(case.operation);
        sandbox.admin("POST", "/reset").await;
    }
    assert_eq!(answered, operations.iter().map(|one| one.id).collect());
    assert_eq!(answered.len(), 58);
}

#[track_caller]
fn is_as_documented(operation: &Operation, answer: &Value) {
    let validator = operation.validator();
    let errors: Vec<_> = validator
        .iter_errors(answer)
        .map(|error| format!("{} at {}", error, error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{}: {errors:#?}", operation.id);
}

/// What is in the documented examples and need not be in an answer: an address may have one line only,
/// what an event tells is free, and a phone's country has the name that it has elsewhere.
const NOT_NEEDED: [&str; 4] = [
    "notInDocument",
    "addressLine2",
    "eventData",
    "phoneNumberDialCodeCountry",
];

#[tokio::test]
async fn no_property_of_the_documented_examples_is_missing() {
    let sandbox = Running::start().await;
    let ids = Ids::of(&sandbox).await;
    let operations = operations();
    let mut missing = BTreeSet::new();
    for case in cases(&ids) {
        let operation = operations.iter().find(|one| one.id == case.operation);
        let operation = operation.expect("an operation of the document");
        let reply = case
            .send(&sandbox, &operation.method, &operation.template)
            .await;
        let example = operation.example();
        match serde_json::from_slice(&example.body) {
            Ok(example) => lacks(&example, &reply.json(), operation.id, &mut missing),
            Err(_) => assert_eq!(reply.text, example.text(), "{}", operation.id),
        }
        let content_type = reply.header("content-type").expect("a content type");
        let (_, expected) = example
            .headers
            .iter()
            .find(|(name, _)| name == "content-type")
            .expect("a type");
        // What follows is a character set.
        let media_type = |text: &str| text.split(';').next().map(str::to_owned);
        assert_eq!(
            media_type(content_type),
            media_type(expected),
            "{}",
            operation.id
        );
        sandbox.admin("POST", "/reset").await;
    }
    assert_eq!(missing, BTreeSet::new());
}

/// The properties of an example that an answer lacks; not those of what is null or empty.
fn lacks(example: &Value, answer: &Value, path: &str, names: &mut BTreeSet<String>) {
    match (example, answer) {
        (Value::Array(examples), Value::Array(items)) => {
            for (example, item) in examples
                .iter()
                .take(1)
                .flat_map(|one| items.iter().map(move |item| (one, item)))
            {
                lacks(example, item, path, names);
            }
        }
        (Value::Object(example), Value::Object(members)) => {
            for (name, example) in example
                .iter()
                .filter(|(name, _)| !NOT_NEEDED.contains(&name.as_str()))
            {
                let path = format!("{path}/{name}");
                match members.get(name) {
                    Some(value) => lacks(example, value, &path, names),
                    None => drop(names.insert(path)),
                }
            }
        }
        _ => {}
    }
}
