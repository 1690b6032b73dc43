//! Add-ons, allowances and custom fields of the sandbox.

use serde_json::{Value, json};

use crate::sandbox::Running;

const FIELDS: &str = "/core/sandbox/customfields";

#[tokio::test]
async fn extras_are_listed_and_shown_with_names_for_enumerations() {
    let sandbox = Running::start().await;
    let addons = sandbox.read("/addons").await;
    assert_eq!(addons.as_array().map(Vec::len), Some(2));
    assert_eq!(addons[1]["name"], "Extra seats");
    assert_eq!(addons[1]["hasActiveLinkedPlans"], true);
    let seats = sandbox
        .read(&format!("/addons/{}", addons[1]["addonId"]))
        .await;
    assert_eq!(seats["pricingModelType"], "PerUnit");
    assert_eq!(seats["priceModels"][0]["frequencyType"], "Monthly");
    assert_eq!(seats["priceModels"][0]["perUnitPriceFormatted"], "$5");
    assert_eq!(seats["plans"].as_array().map(Vec::len), Some(2));

    let allowances = sandbox.read("/allowances").await;
    let calls = sandbox
        .read(&format!("/allowances/{}", allowances[0]["allowanceId"]))
        .await;
    assert_eq!(calls["counter"]["counterName"], "api-calls");
    assert_eq!(calls["priceModels"][0]["includedUnits"], 1000);
    assert_eq!(calls["plans"][0]["forceAllowance"], false);

    for kind in ["addons", "allowances"] {
        let path = format!("/core/sandbox/{kind}/999999");
        sandbox
            .refuses(("GET", &path, &Value::Null), 404, "no a")
            .await;
    }
}

#[tokio::test]
async fn a_new_field_is_found_by_listing() {
    let sandbox = Running::start().await;
    let field = json!({"type": 5, "label": "Roast", "description": "Which?", "compulsory": true,
        "options": "light, dark"});
    sandbox.changes("POST", FIELDS, &field, "success").await;
    let reply = sandbox.send("GET", FIELDS, &Value::Null).await.expect(200);
    assert_eq!(
        reply.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    let listed = reply.json();
    let listed = listed
        .as_array()
        .and_then(|fields| fields.last())
        .expect("a field");
    for (name, value) in field.as_object().expect("an object") {
        assert_eq!(&listed[name], value, "{name}");
    }
    let effects = sandbox.effects_in_full(0).await;
    assert_eq!(effects[0]["kind"], "custom_field_created");
    assert_eq!(effects[0]["id"], listed["customFieldId"]);

    let path = format!("{FIELDS}/{}", listed["customFieldId"]);
    sandbox
        .changes("PUT", &path, &json!({"label": "Roast level"}), "success")
        .await;
    let fields = sandbox.send("GET", FIELDS, &Value::Null).await.json();
    let changed = fields
        .as_array()
        .and_then(|fields| fields.last())
        .expect("a field");
    assert_eq!(changed["label"], "Roast level");
    assert_eq!(changed["options"], "light, dark");
    assert_eq!(sandbox.count("custom_field_updated").await, 1);
}

#[tokio::test]
async fn a_dropdown_needs_options() {
    let sandbox = Running::start().await;
    let mut field =
        json!({"type": 5, "label": "Roast", "description": "Which?", "compulsory": true});
    sandbox
        .refuses(("POST", FIELDS, &field), 400, "/options")
        .await;
    field["options"] = " , ".into();
    sandbox
        .refuses(("POST", FIELDS, &field), 400, "/options")
        .await;

    let fields = sandbox.send("GET", FIELDS, &Value::Null).await.json();
    let fields = fields.as_array().expect("fields");
    let dropdown = fields
        .iter()
        .find(|field| field["type"] == 5)
        .expect("a dropdown");
    let path = format!("{FIELDS}/{}", dropdown["customFieldId"]);
    let empty = json!({"label": "Other", "options": ""});
    sandbox
        .refuses(("PUT", &path, &empty), 400, "/options")
        .await;
    let path = format!("{FIELDS}/999999");
    sandbox
        .refuses(
            ("PUT", &path, &json!({"label": "Other"})),
            404,
            "no field has",
        )
        .await;
}
