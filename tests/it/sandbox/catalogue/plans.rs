//! Plans of the sandbox.

use serde_json::{Value, json};

use super::{PRODUCTS, plan_path};
use crate::sandbox::Running;

#[tokio::test]
async fn plans_are_listed_in_order_without_prices() {
    let sandbox = Running::start().await;
    let id = sandbox.id_of("products", "Coffee Club").await;
    let plans = sandbox.read(&format!("/products/{id}/plans")).await;
    let plans = plans.as_array().expect("plans");
    let names: Vec<&Value> = plans.iter().map(|plan| &plan["name"]).collect();
    assert_eq!(names, ["Basic", "Pro", "Enterprise"]);
    let pro = &plans[1];
    assert_eq!(pro["productId"], id);
    assert_eq!(pro["pricingModelType"], 1);
    assert_eq!(pro["featureTags"], json!(["newsletter", "tastings"]));
    assert_eq!(pro["hasActiveSubscription"], true);
    let cycle = &pro["cycles"][2];
    assert_eq!(cycle["planId"], pro["planId"]);
    let model = &cycle["pricingModel"];
    assert_eq!(
        (&model["frequency"], &model["frequencyType"]),
        (&json!(1), &json!(3))
    );
    assert_eq!(
        (&model["freeTrial"], &model["freeTrialFrequencyType"]),
        (&json!(14), &json!(1))
    );
    for absent in ["price", "tiers", "contractTerm", "freeQuantity"] {
        assert!(model.get(absent).is_none(), "{absent}");
    }
    let path = format!("{PRODUCTS}/999999/plans");
    sandbox
        .refuses(("GET", &path, &Value::Null), 404, "no product has")
        .await;
}

#[tokio::test]
async fn a_plan_is_created_last_and_without_cycles() {
    let sandbox = Running::start().await;
    let id = sandbox.id_of("products", "Roast Desk").await;
    let path = format!("{PRODUCTS}/{id}/plans");
    let body = json!({
        "name": "Chain", "displayName": "Chain", "pricingModel": 4, "visibility": 2, "featureTags": ["maps"],
    });
    let created = sandbox.answer("POST", &path, &body).await;
    assert_eq!(created["cycles"], json!([]));
    assert_eq!(created["hasActiveSubscription"], false);
    assert_eq!(created["featureTags"], json!(["maps"]));
    let plans = sandbox.answer("GET", &path, &Value::Null).await;
    assert_eq!(plans.as_array().expect("plans").last(), Some(&created));
    assert_eq!(sandbox.count("plan_created").await, 1);

    let path = format!("{PRODUCTS}/999999/plans");
    sandbox
        .refuses(("POST", &path, &body), 404, "no product has")
        .await;
}

#[tokio::test]
async fn an_order_names_every_plan_of_the_product_once() {
    let sandbox = Running::start().await;
    let id = sandbox.id_of("products", "Coffee Club").await;
    let path = format!("{PRODUCTS}/{id}/plans/orders");
    let basic = sandbox.id_of("plans", "Basic").await;
    let pro = sandbox.id_of("plans", "Pro").await;
    let enterprise = sandbox.id_of("plans", "Enterprise").await;
    let team = sandbox.id_of("plans", "Team").await;

    let order = |ids: &[i64]| json!({"orderedPlanIds": ids});
    for wrong in [
        &[basic, pro][..],
        &[basic, pro, enterprise, enterprise],
        &[basic, pro, pro],
        &[basic, pro, team],
        &[basic, pro, enterprise, team],
    ] {
        sandbox
            .refuses(("PUT", &path, &order(wrong)), 400, "/orderedPlanIds ")
            .await;
    }
    let right = order(&[enterprise, basic, pro]);
    sandbox.changes("PUT", &path, &right, "success").await;
    let plans = sandbox.read(&format!("/products/{id}/plans")).await;
    assert_eq!(plans[0]["name"], "Enterprise");
    assert_eq!(sandbox.count("plans_reordered").await, 1);

    let path = format!("{PRODUCTS}/999999/plans/orders");
    sandbox
        .refuses(("PUT", &path, &right), 404, "no product has")
        .await;
}

#[tokio::test]
async fn an_update_of_a_plan_changes_only_what_is_given() {
    let sandbox = Running::start().await;
    let path = plan_path(&sandbox, "Coffee Club", "Pro").await;
    let id = sandbox.id_of("plans", "Pro").await;
    let before = sandbox.state().await["plans"][id.to_string()].clone();
    let body = json!({
        "description": "More beans.",
        "cycles": [{"cycleId": before["cycles"][1]["id"], "price": 50_000, "frequency": 2}],
    });
    sandbox.changes("PUT", &path, &body, "success").await;
    let mut expected = before.clone();
    expected["description"] = "More beans.".into();
    expected["cycles"][1]["price"] = 50_000.into();
    expected["cycles"][1]["period"]["count"] = 2.into();
    assert_eq!(sandbox.state().await["plans"][id.to_string()], expected);
    let effects = sandbox.effects_in_full(0).await;
    assert_eq!(effects.len(), 1);
    assert_eq!(
        (&effects[0]["kind"], &effects[0]["id"]),
        (&json!("plan_updated"), &json!(id))
    );
}

#[tokio::test]
async fn an_update_of_a_plan_is_all_or_nothing() {
    let sandbox = Running::start().await;
    let path = plan_path(&sandbox, "Coffee Club", "Pro").await;
    let state = sandbox.state().await;
    let first_cycle = |plan: i64| state["plans"][plan.to_string()]["cycles"][0]["id"].clone();
    let own = first_cycle(sandbox.id_of("plans", "Pro").await);
    let other = first_cycle(sandbox.id_of("plans", "Basic").await);
    let with =
        |cycle: Value| json!({"name": "Renamed", "cycles": [{"cycleId": own, "price": 1}, cycle]});

    let stranger = with(json!({"cycleId": other, "price": 1}));
    sandbox
        .refuses(("PUT", &path, &stranger), 400, "/cycles/1/cycleId ")
        .await;
    let negative = with(json!({"cycleId": own, "price": -1}));
    sandbox
        .refuses(("PUT", &path, &negative), 400, "/cycles/1/price ")
        .await;
    let tiers = with(json!({"cycleId": own, "tiers": [{"start": 1, "price": 5}]}));
    sandbox
        .refuses(("PUT", &path, &tiers), 400, "/cycles/1/tiers ")
        .await;

    let name = json!({"name": "Renamed"});
    let desk = sandbox.id_of("products", "Roast Desk").await;
    let pro = sandbox.id_of("plans", "Pro").await;
    let elsewhere = format!("{PRODUCTS}/{desk}/plans/{pro}");
    sandbox
        .refuses(("PUT", &elsewhere, &name), 404, "the plan with this planId")
        .await;
    let nowhere = format!("{PRODUCTS}/{desk}/plans/999999");
    sandbox
        .refuses(("PUT", &nowhere, &name), 404, "no plan has")
        .await;
}
