//! Extras, answers, history and shipping address of the sandbox's subscriptions.

use serde_json::{Value, json};

use super::{MARY, NOTHING, TAGS};
use crate::sandbox::Running;

#[tokio::test]
async fn a_subscription_shows_its_extras() {
    let sandbox = Running::start().await;
    let subscription = sandbox.subscription(MARY, "Team").await;
    let path = format!("/billing/sandbox/subscriptions/{subscription}");
    let addons = sandbox
        .answer("GET", &format!("{path}/addons"), &Value::Null)
        .await;
    let addons = addons["addons"].as_array().expect("add-ons");
    assert_eq!(addons.len(), 2);
    assert_eq!(
        addons[1],
        json!({
            "id": sandbox.id_of("addons", "Extra seats").await,
            "name": "Extra seats",
            "isForced": false,
            "status": "Active",
            "quantity": 3,
            "quantityNext": null,
            "nextUpdate": null,
        })
    );
    let allowances = sandbox
        .answer("GET", &format!("{path}/allowances"), &Value::Null)
        .await;
    assert_eq!(
        allowances,
        json!({"allowances": [{
            "id": sandbox.id_of("allowances", "API calls").await,
            "name": "API calls",
            "isForced": false,
            "status": "Active",
            "usage": 640,
            "includedUnits": 1000,
        }]})
    );
    for part in ["addons", "allowances"] {
        let path = format!("/billing/sandbox/subscriptions/{NOTHING}/{part}");
        sandbox
            .refuses(("GET", &path, &Value::Null), 404, "no subscription has")
            .await;
    }
}

#[tokio::test]
async fn add_ons_show_what_waits_for_the_renewal() {
    let sandbox = Running::start().await;
    let subscription = sandbox.subscription(MARY, "Team").await;
    let seats = sandbox.id_of("addons", "Extra seats").await;
    let state = sandbox.state().await;
    let now = &state["subscriptions"][&subscription];
    let change = json!({
        "customerUniqueId": now["customer"],
        "planId": now["plan_id"],
        "cycleId": now["cycle_id"],
        "planChangeType": 2,
        "units": 4,
        "addOns": [{"addOnId": seats, "quantity": 5}],
    });
    let path = format!("/core/sandbox/subscriptions/{subscription}/plan");
    sandbox.changes("PUT", &path, &change, "success").await;

    let path = format!("/billing/sandbox/subscriptions/{subscription}/addons");
    let addons = sandbox.answer("GET", &path, &Value::Null).await;
    for (place, (quantity, next)) in [(1, 0), (3, 5)].into_iter().enumerate() {
        let addon = &addons["addons"][place];
        assert_eq!(addon["quantity"], quantity);
        assert_eq!(addon["quantityNext"], next);
        assert!(addon["nextUpdate"].is_string());
    }
}

#[tokio::test]
async fn answers_are_found_by_customer_and_product() {
    let sandbox = Running::start().await;
    let mary = sandbox.customer(MARY).await;
    let desk = sandbox.id_of("products", "Roast Desk").await;
    let path = "/customfieldResponses";
    let hers = sandbox
        .read(&format!("{path}?customerUniqueId={mary}"))
        .await;
    assert_eq!(hers.as_array().map(Vec::len), Some(3));
    let both = sandbox
        .read(&format!("{path}?customerUniqueId={mary}&productId={desk}"))
        .await;
    assert_eq!(both.as_array().map(Vec::len), Some(1));
    assert_eq!(both[0]["value"], "12");
    assert_eq!(both[0]["customField"]["label"], "Company size");
    let all = sandbox.read(&format!("{path}?productId={desk}")).await;
    assert!(all.as_array().expect("answers").contains(&both[0]));

    let path = format!("/core/sandbox{path}");
    for (query, status, reason) in [
        ("", 400, "give customerUniqueId or productId"),
        ("?customerUniqueId=0000000000", 404, "no customer has"),
        ("?productId=999999", 404, "no product has"),
    ] {
        let path = format!("{path}{query}");
        sandbox
            .refuses(("GET", &path, &Value::Null), status, reason)
            .await;
    }
}

#[tokio::test]
async fn an_answer_must_suit_its_field() {
    let sandbox = Running::start().await;
    let mary = sandbox.customer(MARY).await;
    let answers = sandbox
        .read(&format!("/customfieldResponses?customerUniqueId={mary}"))
        .await;
    let answers = answers.as_array().expect("answers");
    let path = |label: &str| {
        let found = answers
            .iter()
            .find(|answer| answer["customField"]["label"] == label);
        let id = &found.expect("an answer")["customFieldResponseId"];
        format!("/core/sandbox/customfieldResponses/{id}")
    };
    for (label, wrong, reason, right) in [
        ("Company size", "twelve", "/value is not a number", "13"),
        (
            "How did you hear about us",
            "TV",
            "/value is not one of the options",
            "Advert",
        ),
    ] {
        let path = path(label);
        sandbox
            .refuses(("PUT", &path, &json!({"value": wrong})), 400, reason)
            .await;
        let answer = sandbox.answer("PUT", &path, &json!({"value": right})).await;
        assert_eq!(answer.as_array().map(Vec::len), Some(1));
        assert_eq!(answer[0]["value"], right);
        assert_eq!(answer[0]["customField"]["label"], label);
    }
    let effects = sandbox.effects_in_full(0).await;
    assert_eq!(effects.len(), 2);
    assert_eq!(effects[0]["kind"], "custom_field_answered");
    assert_eq!(effects[0]["customerUniqueId"], mary);

    let path = "/core/sandbox/customfieldResponses/999999";
    sandbox
        .refuses(("PUT", path, &json!({"value": "1"})), 404, "no answer has")
        .await;
}

#[tokio::test]
async fn a_shipping_address_is_replaced_as_a_whole() {
    let sandbox = Running::start().await;
    let basic = sandbox.subscription(MARY, "Basic").await;
    let path = format!("/core/sandbox/subscriptions/{basic}/shippingAddress");
    let mut address = json!({
        "addressLine1": "8 Quay", "addressLine2": "Shed", "city": "Hull", "state": "East Riding",
        "postCode": "HU1 1AA", "country": "GBR",
    });
    sandbox.changes("PUT", &path, &address, "success").await;
    assert_eq!(sandbox.answer("GET", &path, &Value::Null).await, address);
    address
        .as_object_mut()
        .expect("an object")
        .remove("addressLine2");
    sandbox.changes("PUT", &path, &address, "success").await;
    assert_eq!(sandbox.answer("GET", &path, &Value::Null).await, address);
    let effects = sandbox.effects_in_full(0).await;
    assert_eq!(effects.len(), 2);
    assert_eq!(effects[0]["kind"], "shipping_address_changed");
    assert_eq!(effects[0]["subscriptionUniqueId"], basic);

    let team = sandbox.subscription(MARY, "Team").await;
    let none = format!("/core/sandbox/subscriptions/{team}/shippingAddress");
    let reason = "the subscription has no shipping address";
    sandbox
        .refuses(("GET", &none, &Value::Null), 404, reason)
        .await;
    let nowhere = format!("/core/sandbox/subscriptions/{NOTHING}/shippingAddress");
    sandbox
        .refuses(("PUT", &nowhere, &address), 404, "no subscription has")
        .await;
}

#[tokio::test]
async fn the_history_of_a_subscription_has_pages() {
    let sandbox = Running::start().await;
    let basic = sandbox.subscription(MARY, "Basic").await;
    let path = format!("/subscriptions/{basic}/logs");
    let count = sandbox.read(&format!("{path}?page=1&pageSize=100")).await["rowCount"].as_u64();
    let body = json!({"subscriptionUniqueIds": [basic], "tagNames": ["vip"]});
    sandbox.changes("POST", TAGS, &body, "Success\n").await;

    let last = count.expect("a number") + 1;
    let page = sandbox
        .read(&format!("{path}?page={last}&pageSize=1"))
        .await;
    assert_eq!(page["pageCount"], last);
    let event = &page["results"][0];
    assert_eq!(event["type"], "FeatureTagAdded");
    assert_eq!(event["eventData"], json!({"tagName": "vip"}));
    assert_eq!(event["createdOn"], "2026-03-02T08:00:00.000000");

    let path = format!("/core/sandbox/subscriptions/{NOTHING}/logs?page=1&pageSize=1");
    sandbox
        .refuses(("GET", &path, &Value::Null), 404, "no subscription has")
        .await;
}
