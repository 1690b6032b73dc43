//! Whatever a tool answers conforms to what is said of its answers, because clients refuse a result that
//! does not, also after the call took effect.

use billsby_mcp::account::Account;
use billsby_mcp::tool::{Answer, Listing, OutputSchemas, Settings};
use serde_json::{Value, json};

use super::listings;
use crate::mock::Mock;
use crate::support::{Case, all_tools, sdk};

fn with(output_schemas: OutputSchemas) -> Settings {
    Settings {
        output_schemas,
        ..all_tools()
    }
}

fn check(listing: &Listing, result: &Value) {
    let schema = listing.output_schema.as_ref().expect("a schema");
    let errors: Vec<String> = jsonschema::draft202012::new(schema)
        .expect("a valid schema")
        .iter_errors(result)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(errors, [""; 0], "{}: {result}", listing.name);
}

#[tokio::test]
async fn documented_answers_conform_at_every_level() {
    for level in [OutputSchemas::Compact, OutputSchemas::Full] {
        let mock = Mock::start().await;
        let settings = with(level);
        let account = Account::new(sdk::client(&mock), &settings).expect("an account");
        let listings = listings(&settings);
        for case in Case::all() {
            let listing = listings.iter().find(|listing| listing.name == case.tool);
            let listing = listing.expect("a listing");
            let reply = account.call(&case.tool, case.arguments.clone()).await;
            let answer = reply.expect("a tool").expect("an answer");
            check(listing, &answer.into_object());
        }
    }
}

/// Bodies that no document foresees.
fn odd_bodies() -> Vec<Vec<u8>> {
    let bodies = [
        "",
        "Success",
        "\"success\"",
        "<p>Done</p>",
        "null",
        "true",
        "17",
        "[]",
        "{}",
        "[null, 1, \"x\", {}]",
        r#"{"result": {"result": []}}"#,
        r#"{"results": "none", "currentPage": {}, "customerUniqueId": 7, "cycles": false}"#,
        r#"{"addons": [null, {"id": "17"}], "allowances": {"id": 1}, "result": null}"#,
    ];
    bodies.map(|body| body.as_bytes().to_vec()).to_vec()
}

#[test]
fn odd_answers_conform_too() {
    for listing in listings(&with(OutputSchemas::Full)) {
        for body in odd_bodies() {
            check(&listing, &Answer::from_body(&body).into_object());
        }
    }
}

/// No answer can be at odds with schemas that are made of these words.
#[test]
fn nothing_in_a_schema_of_results_forbids_anything() {
    fn inspect(schema: &Value, place: &str) {
        for (keyword, value) in schema.as_object().expect("an object") {
            match keyword.as_str() {
                "description" => assert!(value.is_string(), "{place}"),
                "properties" => {
                    for (name, property) in value.as_object().expect("properties") {
                        inspect(property, &format!("{place}.{name}"));
                    }
                }
                "items" => inspect(value, &format!("{place}[]")),
                other => panic!("{place}: {other}"),
            }
        }
    }
    for listing in listings(&with(OutputSchemas::Full)) {
        let mut schema = listing.output_schema.expect("a schema");
        let root = schema.as_object_mut().expect("an object");
        assert_eq!(root.shift_remove("type"), Some(json!("object")));
        inspect(&schema, listing.name);
    }
}

/// What is documented is described, and keys have the names of the arguments that take them.
#[test]
fn documented_fields_are_described() {
    let listings = listings(&with(OutputSchemas::Full));
    let schema = |name: &str| {
        let listing = listings.iter().find(|listing| listing.name == name);
        listing
            .and_then(|listing| listing.output_schema.clone())
            .expect("a schema")
    };
    let customers = schema("list_all_billsby_customers");
    let row = &customers["properties"]["results"]["items"]["properties"];
    let text = row["billingAddress"]["properties"]["city"]["description"].as_str();
    assert!(text.is_some(), "{row}");
    let subscriptions = schema("list_all_billsby_customer_subscriptions");
    let row = &subscriptions["properties"]["result"]["items"]["properties"];
    assert!(
        row["subscriptionUniqueId"]["description"].is_string(),
        "{row}"
    );
}
