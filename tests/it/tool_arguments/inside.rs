//! What is inside objects and lists.

use serde_json::{Value, json};

use super::{Refusals, check};
use crate::mock::Mock;
use crate::support::{Case, Server};

/// The places of all objects inside some arguments, as JSON pointers and as fields of a report.
fn objects_inside(at: &str, field: &str, value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            if !at.is_empty() {
                found.push((at.to_owned(), field.to_owned()));
            }
            for (name, member) in members {
                let inner = format!("{field}.{name}");
                let inner = inner.trim_start_matches('.');
                objects_inside(&format!("{at}/{name}"), inner, member, found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let inner = format!("{field}[{index}]");
                objects_inside(&format!("{at}/{index}"), &inner, item, found);
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn what_is_wrong_deep_inside_is_found_there() {
    let mut refusals = Refusals::start().await;
    for case in Case::all() {
        let whole = Value::from(case.arguments.clone());
        let mut places = Vec::new();
        objects_inside("", "", &whole, &mut places);
        for (pointer, field) in places {
            let mut changed = whole.clone();
            let object = changed.pointer_mut(&pointer).and_then(Value::as_object_mut);
            let object = object.expect("an object");
            object.insert("surprise".to_owned(), json!(1));
            let arguments = changed.as_object().expect("an object");
            let field = format!("{field}.surprise");
            refusals.refused(&case, arguments, &field).await;
        }
    }
    refusals.end(30).await;
}

/// What is left after taking something away is either refused or taken by the API; no tool sends what
/// the API certainly refuses.
#[tokio::test]
async fn what_is_missing_deep_inside_is_found_before_the_api_does() {
    let mock = Mock::start().await;
    let mut server = Server::start(&mock).await;
    let (mut refused, mut taken) = (0, 0);
    for case in Case::all() {
        let whole = Value::from(case.arguments.clone());
        let mut places = Vec::new();
        objects_inside("", "", &whole, &mut places);
        for (pointer, field) in places {
            let object = whole.pointer(&pointer).and_then(Value::as_object);
            for name in object.expect("an object").keys() {
                let mut changed = whole.clone();
                let object = changed.pointer_mut(&pointer).and_then(Value::as_object_mut);
                object.expect("an object").remove(name);
                let arguments = changed.as_object().expect("an object");
                let result = server.call(&case.tool, arguments).await;
                if result.is_error {
                    check(&result, &case.tool, arguments, &format!("{field}.{name}"));
                    mock.assert_untouched();
                    refused += 1;
                } else {
                    mock.take_one();
                    taken += 1;
                }
            }
        }
    }
    assert!(
        refused > 80 && taken > 40,
        "{refused} refused, {taken} taken"
    );
    server.close().await;
}

#[tokio::test]
async fn objects_and_lists_may_come_as_json_text() {
    let mock = Mock::start().await;
    let mut server = Server::start(&mock).await;
    let mut count = 0;
    for case in Case::all() {
        for (name, value) in &case.arguments {
            if !(value.is_object() || value.is_array()) {
                continue;
            }
            let mut arguments = case.arguments.clone();
            arguments.insert(name.clone(), json!(value.to_string()));
            let result = server.call(&case.tool, &arguments).await;
            assert!(!result.is_error, "{name}: {}", result.structured);
            case.check(&mock.take_one());
            count += 1;
        }
    }
    assert!(count >= 20, "{count}");
    server.close().await;
}

/// Requests and answers share one type of address. In answers the country is free text.
#[tokio::test]
async fn every_address_wants_its_country_in_three_letters() {
    let places = [
        ("Customer_updateDetails", "/billingAddress/country"),
        ("Subscription_updateShippingAddress", "/country"),
        (
            "Customer_addSubscriptionToExistingCustomer",
            "/address/country",
        ),
        (
            "Customer_addSubscriptionToExistingCustomer",
            "/shippingAddress/country",
        ),
        (
            "Customer_createNewCustomerAndSubscription",
            "/address/country",
        ),
        (
            "Customer_createNewCustomerAndSubscription",
            "/shippingAddress/country",
        ),
    ];
    let mut refusals = Refusals::start().await;
    for (operation, pointer) in places {
        let case = Case::of(operation);
        for country in ["", "UK", "gbr", "United Kingdom"] {
            let mut changed = Value::from(case.arguments.clone());
            *changed.pointer_mut(pointer).expect("a country") = json!(country);
            let arguments = changed.as_object().expect("an object");
            let field = pointer[1..].replace('/', ".");
            refusals.refused(&case, arguments, &field).await;
        }
    }
    refusals.end(24).await;
}
