//! Through the tools.

use billsby_mcp::account::Account;
use billsby_mcp::tool::Outcome;
use serde_json::{Value, json};

use super::{is_refused, path_with, text_parameters, very_long_values};
use crate::hostile::{self, label};
use crate::mock::Mock;
use crate::support::{Case, Server, all_tools, sdk};

fn account(mock: &Mock) -> Account {
    Account::new(sdk::client(mock), &all_tools()).expect("an account")
}

/// What a tool refuses as a key: what the SDK refuses, and what is longer than any key.
fn is_refused_here(value: &str) -> bool {
    is_refused(value) || value.chars().count() > 255
}

/// A case with another text for one of its arguments, and the request that must come of it.
fn with(case: &Case, argument: &str, value: &str) -> Case {
    let mut changed = case.clone();
    changed.arguments[argument] = json!(value);
    let wire_name = case.wire_name(argument);
    if text_parameters(&case.operation).contains(&argument) {
        changed.wire.path = path_with(case, argument, value);
    }
    for (name, text) in &mut changed.wire.query {
        if name == wire_name {
            value.clone_into(text);
        }
    }
    let body = changed.wire.body.as_mut();
    if let Some(member) = body.and_then(|body| body.get_mut(wire_name)) {
        *member = json!(value);
    }
    changed
}

/// Calls a tool inside this process. The call must send exactly what the case says, or be refused
/// before anything is sent; gives whether it was sent.
async fn is_sent(account: &Account, mock: &Mock, case: &Case, what: &str) -> bool {
    let reply = account.call(&case.tool, case.arguments.clone()).await;
    match reply.expect("the tool") {
        Ok(_) => {
            let sent = mock.take_one();
            let differences = case.differences(&sent);
            assert!(differences.is_empty(), "{what}: {differences:?}");
            true
        }
        Err(report) => {
            assert_eq!(report.outcome, Outcome::NotSent, "{what}: {report:?}");
            assert!(report.message.len() < 2100, "{what}");
            mock.assert_untouched();
            false
        }
    }
}

#[tokio::test]
async fn an_id_stays_in_its_segment() {
    let mock = Mock::start().await;
    let account = account(&mock);
    let values = hostile::values();
    for case in Case::all() {
        for parameter in text_parameters(&case.operation) {
            for value in &values {
                let what = format!("{} {parameter} {}", case.tool, label(value));
                let changed = with(&case, parameter, value);
                let sent = is_sent(&account, &mock, &changed, &what).await;
                assert_eq!(sent, !is_refused_here(value), "{what}");
            }
        }
    }
}

/// Keys outside the path, which are checked in the same way.
const OTHER_KEYS: [(&str, &str); 5] = [
    ("Subscription_cancelSubscription", "customerUniqueId"),
    ("Subscription_removeFeatureTag", "subscriptionUniqueId"),
    ("CustomField_getResponse", "customerUniqueId"),
    ("Subscription_changePlan", "customerUniqueId"),
    ("Invoice_createRefund", "invoiceNumber"),
];

#[tokio::test]
async fn an_id_in_a_query_or_a_body_stays_there() {
    let mock = Mock::start().await;
    let account = account(&mock);
    for (operation, argument) in OTHER_KEYS {
        let case = Case::of(operation);
        for value in hostile::values() {
            let what = format!("{} {argument} {}", case.tool, label(&value));
            let changed = with(&case, argument, &value);
            let sent = is_sent(&account, &mock, &changed, &what).await;
            assert_eq!(sent, !is_refused_here(&value), "{what}");
        }
    }
}

/// Text of a fixed form: words, dates, countries, currencies, card digits.
fn has_a_form(argument: &str) -> bool {
    matches!(
        argument,
        "companyDomain"
            | "visibility"
            | "visibilityType"
            | "planChangeType"
            | "operationType"
            | "type"
            | "pricingModel"
            | "country"
            | "currencyCode"
            | "billingCurrency"
            | "phoneNumberDialCountry"
            | "from"
            | "to"
            | "newRenewalDate"
            | "last4Digits"
    )
}

#[tokio::test]
async fn every_other_text_is_sent_as_it_is() {
    let mock = Mock::start().await;
    let account = account(&mock);
    // Some of each kind; the ids have had them all.
    let values: Vec<String> = hostile::values().into_iter().step_by(3).collect();
    let mut places = 0;
    for case in Case::all() {
        let in_path = text_parameters(&case.operation);
        for (argument, value) in &case.arguments {
            let key = in_path.contains(&argument.as_str())
                || OTHER_KEYS.contains(&(&case.operation, argument));
            if !value.is_string() || key || has_a_form(argument) {
                continue;
            }
            places += 1;
            for value in &values {
                let what = format!("{} {argument} {}", case.tool, label(value));
                let changed = with(&case, argument, value);
                assert!(is_sent(&account, &mock, &changed, &what).await, "{what}");
            }
        }
    }
    assert!(places > 50, "{places}");
}

#[tokio::test]
async fn text_of_a_fixed_form_is_never_sent_in_another() {
    let mock = Mock::start().await;
    let account = account(&mock);
    let values: Vec<String> = hostile::values().into_iter().step_by(3).collect();
    for case in Case::all() {
        for (argument, value) in &case.arguments {
            // What the API takes as a dial country is known from samples only, and an address is the same in
            // answers, where its country is free text.
            let loose = argument == "phoneNumberDialCountry"
                || case.operation == "Subscription_updateShippingAddress";
            if !value.is_string() || !has_a_form(argument) || loose {
                continue;
            }
            for value in &values {
                let what = format!("{} {argument} {}", case.tool, label(value));
                let changed = with(&case, argument, value);
                let right = argument == "companyDomain" && value == "widgets";
                let sent = is_sent(&account, &mock, &changed, &what).await;
                assert_eq!(sent, right, "{what}");
            }
        }
    }
}

#[tokio::test]
async fn a_very_long_id_is_sent_whole_or_not_at_all() {
    let mock = Mock::start().await;
    let account = account(&mock);
    let case = Case::of("Customer_deleteById");
    for value in very_long_values() {
        let changed = with(&case, "customerUniqueId", &value);
        is_sent(&account, &mock, &changed, &label(&value)).await;
    }
}

/// One tool for each kind of key, through the program and its pipes.
#[tokio::test]
async fn an_id_survives_the_protocol() {
    let mock = Mock::start().await;
    let mut server = Server::start(&mock).await;
    for (operation, parameter) in [
        ("Customer_deleteById", "customerUniqueId"),
        ("Subscription_removeFeatureTag", "tagname"),
        ("Invoice_details", "invoiceNumber"),
    ] {
        let case = Case::of(operation);
        for value in hostile::values() {
            let what = format!("{} {}", case.tool, label(&value));
            let changed = with(&case, parameter, &value);
            let result = server.call(&changed.tool, &changed.arguments).await;
            assert_eq!(result.is_error, is_refused_here(&value), "{what}");
            if result.is_error {
                assert_eq!(result.text("outcome"), "not_sent", "{what}");
                let fields = result.structured["problems"][0]["field"].clone();
                assert_eq!(fields, Value::from(parameter), "{what}");
                mock.assert_untouched();
            } else {
                let differences = changed.differences(&mock.take_one());
                assert!(differences.is_empty(), "{what}: {differences:?}");
            }
        }
    }
    server.close().await;
}
