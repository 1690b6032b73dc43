//! Products of the sandbox.

use serde_json::{Value, json};

use super::PRODUCTS;
use crate::sandbox::Running;

fn new_product() -> Value {
    json!({"name": "Tea Club", "displayName": "The Tea Club", "billingCurrency": "EUR", "visibility": 1})
}

#[tokio::test]
async fn a_product_is_created_changed_and_found() {
    let sandbox = Running::start().await;
    let mut body = new_product();
    let limitation = json!({
        "isAnyCountryAllowed": false,
        "countrySettings": [{"countryIso3": "FRA", "addressPermission": 1}],
    });
    body["productCountryLimitation"] = limitation.clone();
    body["isPhoneNumberRequired"] = true.into();
    let created = sandbox.answer("POST", PRODUCTS, &body).await;
    assert_eq!(created["name"], "Tea Club");
    assert_eq!(created["visibility"], 1);
    assert_eq!(created["isPhoneNumberRequired"], true);
    assert_eq!(created["hasPlans"], false);
    assert_eq!(created["productCountryLimitation"], limitation);

    // Only what is given changes.
    let path = format!("{PRODUCTS}/{}", created["productId"]);
    let changed = sandbox
        .answer("PUT", &path, &json!({"displayName": "Tea"}))
        .await;
    let mut expected = created.clone();
    expected["displayName"] = "Tea".into();
    assert_eq!(changed, expected);
    assert_eq!(sandbox.answer("GET", &path, &Value::Null).await, expected);

    let page = sandbox
        .read("/products?page=1&pageSize=10&search=TEA")
        .await;
    assert_eq!(page["rowCount"], 1);
    let listed = &page["results"][0];
    assert_eq!(listed["productId"], created["productId"]);
    assert_eq!(listed["customFields"], json!([]));
    assert!(listed.get("productCountryLimitation").is_none());

    let kinds = sandbox.effects_in_full(0).await;
    let kinds: Vec<_> = kinds
        .iter()
        .map(|effect| (&effect["kind"], &effect["id"]))
        .collect();
    let id = &created["productId"];
    assert_eq!(
        kinds,
        [
            (&json!("product_created"), id),
            (&json!("product_updated"), id)
        ]
    );
}

#[tokio::test]
async fn products_are_filtered_by_visibility() {
    let sandbox = Running::start().await;
    let page = sandbox
        .read("/products?page=1&pageSize=10&visibilityType=3")
        .await;
    assert_eq!(page["rowCount"], 1);
    assert_eq!(page["results"][0]["name"], "Legacy Box");
    assert_eq!(page["results"][0]["billingCurrency"], "GBP");
}

#[tokio::test]
async fn a_list_of_products_has_their_fields() {
    let sandbox = Running::start().await;
    let page = sandbox.read("/products?page=1&pageSize=1").await;
    assert_eq!(page["pageCount"], 3);
    let product = &page["results"][0];
    let ordered = product["orderedCustomFields"].as_array().expect("ids");
    let fields = product["customFields"].as_array().expect("fields");
    assert_eq!(ordered.len(), 2);
    let ids: Vec<&Value> = fields.iter().map(|field| &field["customFieldId"]).collect();
    assert_eq!(ids, ordered.iter().collect::<Vec<_>>());
}

#[tokio::test]
async fn a_product_that_cannot_be_is_refused() {
    let sandbox = Running::start().await;
    let mut body = new_product();
    body["orderedCustomFields"] = json!([0]);
    let create = ("POST", PRODUCTS, &body);
    sandbox
        .refuses(create, 400, "/orderedCustomFields/0 ")
        .await;

    let id = sandbox.id_of("products", "Coffee Club").await;
    let path = format!("{PRODUCTS}/{id}");
    let currency = json!({"billingCurrency": "EUR", "name": "Other"});
    sandbox
        .refuses(("PUT", &path, &currency), 400, "/billingCurrency")
        .await;
    sandbox
        .answer("PUT", &path, &json!({"billingCurrency": "USD"}))
        .await;

    let name = json!({"name": "Other"});
    for (method, body) in [("GET", &Value::Null), ("PUT", &name)] {
        let path = format!("{PRODUCTS}/999999");
        sandbox
            .refuses((method, &path, body), 404, "no product has")
            .await;
    }
}
