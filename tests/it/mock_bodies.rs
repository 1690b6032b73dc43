//! The mock looks at every place in a body.

use serde_json::{Value, json};

use crate::mock::Mock;
use crate::support::{Case, Outgoing};

/// The JSON pointers of a value and of everything in it.
fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                pointers(member, format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
    found.push(at);
}

/// All cases with a body, with every place in it.
fn bodies() -> Vec<(Case, Value, Vec<String>)> {
    let cases = Case::all().into_iter().filter_map(|case| {
        let body = case.wire.body.clone()?;
        let mut found = Vec::new();
        pointers(&body, String::new(), &mut found);
        Some((case, body, found))
    });
    cases.collect()
}

fn with_body(case: &Case, body: &Value) -> Outgoing {
    Outgoing::of(case).without_header("content-type").json(body)
}

fn replace(body: &Value, pointer: &str, value: Value) -> Value {
    let mut body = body.clone();
    *body.pointer_mut(pointer).expect("a place in the body") = value;
    body
}

#[tokio::test]
async fn refuses_unknown_properties_at_every_depth() {
    let mock = Mock::start().await;
    for (case, body, places) in bodies() {
        for place in places {
            let mut wrong = body.clone();
            let Some(Value::Object(members)) = wrong.pointer_mut(&place) else {
                continue;
            };
            members.insert("unheardOf".to_owned(), json!(1));
            let reason = with_body(&case, &wrong)
                .refused(&mock, &case.operation)
                .await;
            assert!(reason.contains("unheardOf` is not a known"), "{reason}");
        }
    }
}

#[tokio::test]
async fn refuses_mistyped_values_at_every_depth() {
    let mock = Mock::start().await;
    for (case, body, places) in bodies() {
        for place in places {
            let value = body.pointer(&place).expect("a place in the body");
            let mut others = match value {
                Value::Null => vec![],
                Value::Bool(_) => vec![json!("true"), json!(1)],
                Value::Number(number) => vec![json!(number.to_string()), json!(1.5), json!(true)],
                Value::String(_) => vec![json!(7), json!(false), json!(["text"])],
                Value::Array(_) => vec![json!({}), json!("1,2"), json!(1)],
                Value::Object(_) => vec![json!([]), json!("{}"), json!([value])],
            };
            if !place.ends_with("/finish") {
                others.push(Value::Null);
            }
            for other in others {
                let wrong = replace(&body, &place, other);
                let what = format!("{} {place}", case.operation);
                with_body(&case, &wrong).refused(&mock, &what).await;
            }
        }
    }
}

#[tokio::test]
async fn wants_what_is_required_inside_objects() {
    let mock = Mock::start().await;
    let address = &["addressLine1", "city", "state", "country", "postCode"][..];
    let card = &[
        "fullName",
        "paymentCardToken",
        "expiryMonth",
        "expiryYear",
        "cardType",
        "last4Digits",
    ][..];
    let add = "Customer_addSubscriptionToExistingCustomer";
    let create = "Customer_createNewCustomerAndSubscription";
    let cycle = "Product_createCycle";
    let cycle_fields = &[
        "frequency",
        "frequencyType",
        "price",
        "billingDateType",
        "visibility",
    ][..];
    let allowance = "/allowancePlanInputModel/0";
    let price = format!("{allowance}/allowancePriceModels/0");
    let table = [
        ("Customer_updateDetails", "/billingAddress", address),
        ("Customer_createWithoutSubscription", "/cardDetails", card),
        (add, "/address", address),
        (add, "/shippingAddress", address),
        (add, "/addOns/0", &["addOnId"]),
        (add, "/couponCodes/0", &["planId", "couponCode"]),
        (add, "/customFieldResponse/0", &["customFieldId", "value"]),
        (create, "/address", address),
        (create, "/shippingAddress", address),
        (create, "/cardDetails", card),
        (create, "/addOns/0", &["addOnId"]),
        ("Subscription_changePlan", "/addOns/0", &["addOnId"]),
        (cycle, "/cyclesInputModel/0", cycle_fields),
        (cycle, "/cyclesInputModel/1/tiers/0", &["start", "price"]),
        (cycle, "/addonPlanInputModels/0", &["addonId"]),
        (cycle, allowance, &["allowanceId"]),
        (
            cycle,
            &price,
            &["currencyIso3Code", "frequency", "frequencyType"],
        ),
        ("Product_updatePlanAndCycle", "/cycles/0", &["cycleId"]),
    ];
    for (operation, place, names) in table {
        let case = Case::of(operation);
        let body = case.wire.body.clone().expect("a body");
        for name in names {
            let mut less = body.clone();
            let object = less.pointer_mut(place).and_then(Value::as_object_mut);
            let removed = object.expect("an object").remove(*name);
            assert!(removed.is_some(), "{operation} {place}/{name}");
            let reason = with_body(&case, &less).refused(&mock, operation).await;
            assert!(reason.contains(&format!("{name}` is missing")), "{reason}");
        }
    }
}

#[tokio::test]
async fn refuses_values_outside_their_range() {
    let mock = Mock::start().await;
    let cycle = "Product_createCycle";
    let table = [
        ("Subscription_changePlan", "/planChangeType", json!([0, 3])),
        ("Subscription_changePlan", "/units", json!([0, -1])),
        ("Subscription_changePlan", "/planId", json!([0])),
        ("Subscription_changePlan", "/addOns/0/quantity", json!([-1])),
        (
            "Customer_createNewCustomerAndSubscription",
            "/Units",
            json!([0]),
        ),
        ("Invoice_createRefund", "/amount", json!([0, -250, 2.5])),
        (
            "Invoice_createOneTimeCharge",
            "/amount",
            json!([0, -1, 1e30]),
        ),
        (
            "Invoice_createOneTimeCharge",
            "/currencyCode",
            json!(["usd", "US", "$"]),
        ),
        ("Product_createNewProduct", "/visibility", json!([-1, 4])),
        (
            "Product_createNewProduct",
            "/billingCurrency",
            json!(["", "dollar"]),
        ),
        ("Product_createPlan", "/pricingModel", json!([0, 7])),
        (cycle, "/cyclesInputModel/0/frequencyType", json!([0, 5])),
        (
            cycle,
            "/cyclesInputModel/0/freeTrialFrequencyType",
            json!([-1, 5]),
        ),
        (cycle, "/cyclesInputModel/0/billingDateType", json!([0, 4])),
        (cycle, "/cyclesInputModel/0/proRateOption", json!([0, 4])),
        (
            cycle,
            "/cyclesInputModel/1/fixedBillingDateDay",
            json!([0, 29]),
        ),
        (
            cycle,
            "/cyclesInputModel/1/fixedBillingDateMonth",
            json!([0, 13]),
        ),
        ("CustomField_createNewField", "/type", json!([-1, 6])),
        (
            "Subscription_updateCounter",
            "/operationType",
            json!(["increment", "Add", ""]),
        ),
        (
            "Customer_updatePaymentCardToken",
            "/expiryMonth",
            json!([0, 13]),
        ),
        (
            "Customer_updatePaymentCardToken",
            "/expiryYear",
            json!([29]),
        ),
        (
            "Customer_updatePaymentCardToken",
            "/last4Digits",
            json!(["42", "00420", "x042"]),
        ),
        (
            "Subscription_updateShippingAddress",
            "/country",
            json!(["England", "US", "usa"]),
        ),
        (
            "Subscription_updateRenewalDate",
            "/newRenewalDate",
            json!([
                "2027-01-15",
                "2027-01-15T09:30:00",
                "2027-01-15 09:30:00Z",
                "15/01/2027",
                "é"
            ]),
        ),
    ];
    for (operation, place, values) in table {
        let case = Case::of(operation);
        let body = case.wire.body.clone().expect("a body");
        for value in values.as_array().expect("a list") {
            let wrong = replace(&body, place, value.clone());
            let what = format!("{operation} {place} {value}");
            with_body(&case, &wrong).refused(&mock, &what).await;
        }
    }
    let renewal = Case::of("Subscription_updateRenewalDate");
    for date in ["2027-01-15T09:30:00.5+01:00", "2027-01-15T09:30:00.000000Z"] {
        let body = json!({ "newRenewalDate": date });
        with_body(&renewal, &body).accepted(&mock).await;
    }
}

#[tokio::test]
async fn refuses_the_names_that_are_right_elsewhere() {
    let mock = Mock::start().await;
    let table = [
        (
            "Customer_createNewCustomerAndSubscription",
            "Units",
            "units",
        ),
        (
            "Customer_addSubscriptionToExistingCustomer",
            "addOnId",
            "addonId",
        ),
        (
            "Customer_updatePaymentCardToken",
            "paymentCardtoken",
            "paymentCardToken",
        ),
        ("Customer_updateDetails", "billingAddress", "address"),
        ("Product_updateProduct", "description", "decription"),
        (
            "Product_updateProduct",
            "isMarketingConsentRequired",
            "is MarketingConsentRequired",
        ),
        (
            "Product_updateProduct",
            "productCountryLimitation",
            "productCountryLimitations",
        ),
        ("Product_createCycle", "addonId", "addOnId"),
        ("Product_createCycle", "pricePerUnit", "perUnitPrice"),
    ];
    for (operation, right, wrong) in table {
        let case = Case::of(operation);
        let body = case.wire.body.clone().expect("a body").to_string();
        let renamed = body.replace(&format!("\"{right}\""), &format!("\"{wrong}\""));
        assert_ne!(body, renamed, "{operation}");
        let reason = Outgoing::of(&case)
            .body(renamed)
            .refused(&mock, operation)
            .await;
        assert!(
            reason.contains(&format!("{wrong}` is not a known")),
            "{reason}"
        );
    }
}
