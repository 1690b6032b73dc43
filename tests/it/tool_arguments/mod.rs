//! Arguments that a tool must not send: it says what is wrong with which, and asks the API nothing.

mod inside;

use serde_json::{Map, Value, json};

use crate::mock::Mock;
use crate::support::{Case, Server, ToolResult};

/// A server, and the promise that nothing reaches the API.
struct Refusals {
    mock: Mock,
    server: Server,
    count: usize,
}

impl Refusals {
    async fn start() -> Self {
        let mock = Mock::start().await;
        let server = Server::start(&mock).await;
        Self {
            mock,
            server,
            count: 0,
        }
    }

    /// Calls a tool, which must refuse one of its arguments.
    async fn refused(
        &mut self,
        case: &Case,
        arguments: &Map<String, Value>,
        field: &str,
    ) -> String {
        let result = self.server.call(&case.tool, arguments).await;
        self.count += 1;
        check(&result, &case.tool, arguments, field);
        self.mock.assert_untouched();
        result.text("message").to_owned()
    }

    async fn end(self, at_least: usize) {
        self.server.close().await;
        self.mock.assert_untouched();
        assert!(self.count >= at_least, "{} refusals", self.count);
    }
}

#[track_caller]
fn check(result: &ToolResult, tool: &str, arguments: &Map<String, Value>, field: &str) {
    let report = &result.structured;
    let sent = Value::from(arguments.clone());
    assert!(result.is_error, "{tool} took {sent}");
    assert_eq!(result.text("outcome"), "not_sent", "{tool}: {report}");
    assert_eq!(report["retryable"], false, "{tool}: {report}");
    let fields = result.wrong_fields();
    assert!(
        fields.contains(&field),
        "{tool}: {field} of {sent}: {report}"
    );
    assert!(report.get("status").is_none(), "{report}");
}

#[tokio::test]
async fn a_missing_argument_is_named() {
    let mut refusals = Refusals::start().await;
    for case in Case::all() {
        for name in &case.required {
            if matches!(name.as_str(), "page" | "pageSize") {
                continue;
            }
            let mut arguments = case.arguments.clone();
            arguments.remove(name);
            let message = refusals.refused(&case, &arguments, name).await;
            assert!(message.contains("missing"), "{message}");
            arguments.insert(name.clone(), Value::Null);
            refusals.refused(&case, &arguments, name).await;
        }
    }
    refusals.end(300).await;
}

#[tokio::test]
async fn an_unknown_argument_is_named() {
    let mut refusals = Refusals::start().await;
    for case in Case::all() {
        for name in ["id", "dryRun", "customer_unique_id", "companyDomain "] {
            let mut arguments = case.arguments.clone();
            arguments.insert(name.to_owned(), json!("8WER0F4J1R"));
            refusals.refused(&case, &arguments, name).await;
        }
        // The names on the wire are not those of the arguments.
        for (name, value) in &case.arguments {
            let wire_name = case.wire_name(name);
            if wire_name != name {
                let mut arguments = case.arguments.clone();
                arguments.insert(wire_name.to_owned(), value.clone());
                refusals.refused(&case, &arguments, wire_name).await;
            }
        }
    }
    refusals.end(4 * 58 + 3).await;
}

/// Values of every other JSON type.
fn other_types(value: &Value) -> Vec<Value> {
    let text = match value {
        // Text in place of an object is read if it holds one.
        Value::Object(_) => json!("[]"),
        Value::Array(_) => json!("{}"),
        _ => json!("yes"),
    };
    [
        json!(true),
        json!(7),
        json!(1.5),
        text,
        json!([]),
        json!({}),
    ]
    .into_iter()
    .filter(|other| match (value, other) {
        (Value::Number(_), Value::Number(number)) => number.is_f64(),
        _ => std::mem::discriminant(value) != std::mem::discriminant(other),
    })
    .collect()
}

#[tokio::test]
async fn a_value_of_another_type_is_refused() {
    let mut refusals = Refusals::start().await;
    for case in Case::all() {
        for (name, value) in &case.arguments {
            for other in other_types(value) {
                let mut arguments = case.arguments.clone();
                arguments.insert(name.clone(), other);
                refusals.refused(&case, &arguments, name).await;
            }
        }
    }
    refusals.end(1000).await;
}

#[tokio::test]
async fn another_company_is_refused() {
    let mut refusals = Refusals::start().await;
    for case in Case::all() {
        if case.operation == "Invoice_details" {
            continue;
        }
        for domain in ["gadgets", "Widgets", "widgets ", "", "widgets/../gadgets"] {
            let mut arguments = case.arguments.clone();
            arguments.insert("companyDomain".to_owned(), json!(domain));
            refusals.refused(&case, &arguments, "companyDomain").await;
        }
    }
    refusals.end(57 * 5).await;
}

#[tokio::test]
async fn values_outside_their_range_are_refused() {
    let table = [
        ("Customer_listCustomers", "page", json!(0)),
        ("Customer_listCustomers", "pageSize", json!(0)),
        ("Customer_listCustomers", "pageSize", json!(101)),
        ("Subscription_getEventLogs", "page", json!(-1)),
        ("Product_listProducts", "visibilityType", json!("secret")),
        ("Product_listProducts", "visibilityType", json!("3")),
        ("Subscription_changePlan", "planChangeType", json!("later")),
        ("Subscription_changePlan", "planChangeType", json!("2")),
        ("Subscription_changePlan", "units", json!(0)),
        ("Subscription_updateCounter", "operationType", json!("Add")),
        ("CustomField_createNewField", "type", json!("dropdown")),
        ("Product_createPlan", "pricingModel", json!("free")),
        ("Invoice_createRefund", "amount", json!(0)),
        ("Invoice_createRefund", "amount", json!(-250)),
        ("Invoice_createRefund", "amount", json!(2.5)),
        ("Invoice_createRefund", "amount", json!("2.50")),
        ("Invoice_createOneTimeCharge", "amount", json!(0)),
        ("Invoice_createOneTimeCharge", "currencyCode", json!("usd")),
        ("Invoice_createOneTimeCharge", "currencyCode", json!("US")),
        ("Customer_createWithoutSubscription", "country", json!("UK")),
        (
            "Customer_createWithoutSubscription",
            "country",
            json!("gbr"),
        ),
        ("Customer_updatePaymentCardToken", "expiryMonth", json!(13)),
        ("Customer_updatePaymentCardToken", "expiryMonth", json!(0)),
        (
            "Subscription_updateRenewalDate",
            "newRenewalDate",
            json!("tomorrow"),
        ),
        (
            "Subscription_updateRenewalDate",
            "newRenewalDate",
            json!("2027-01-15"),
        ),
        (
            "Subscription_updateRenewalDate",
            "newRenewalDate",
            json!("2027-01-15T09:30:00"),
        ),
        ("Subscription_getCountersValue", "from", json!("2026-10-01")),
        ("Subscription_addFeatureTags", "tagNames", json!([])),
        (
            "Subscription_addFeatureTags",
            "subscriptionUniqueIds",
            json!([]),
        ),
        ("Product_updatePlanOrder", "orderedPlanIds", json!([])),
    ];
    let count = table.len();
    let mut refusals = Refusals::start().await;
    for (operation, name, value) in table {
        let case = Case::of(operation);
        let mut arguments = case.arguments.clone();
        arguments.insert(name.to_owned(), value);
        refusals.refused(&case, &arguments, name).await;
    }
    refusals.end(count).await;
}

/// An update that changes nothing would still be sent, as a request that nobody has described.
#[tokio::test]
async fn an_update_without_a_change_is_refused() {
    let mut refusals = Refusals::start().await;
    for operation in [
        "Product_updateProduct",
        "Product_updatePlanAndCycle",
        "CustomField_updateField",
    ] {
        let mut case = Case::of(operation);
        let required = case.required.clone();
        case.arguments.retain(|name, _| required.contains(name));
        let message = refusals.refused(&case, &case.arguments, "arguments").await;
        // It says what could be changed.
        assert!(message.contains("description"), "{message}");
    }
    refusals.end(3).await;
}

/// To JSON Schema `2.0` is an integer, and models write it.
#[tokio::test]
async fn whole_numbers_may_have_a_decimal_point() {
    let mock = Mock::start().await;
    let mut server = Server::start(&mock).await;
    for case in Case::all() {
        let mut arguments = case.arguments.clone();
        for value in arguments.values_mut() {
            if let Some(number) = value.as_i64().and_then(|n| i32::try_from(n).ok()) {
                *value = json!(f64::from(number));
            }
        }
        let result = server.call(&case.tool, &arguments).await;
        assert!(!result.is_error, "{}: {}", case.tool, result.structured);
        case.check(&mock.take_one());
    }
    server.close().await;
}
