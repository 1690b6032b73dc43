//! Cycles of the sandbox, and the extras that come with them.

use serde_json::{Value, json};

use super::{PRODUCTS, plan_path};
use crate::sandbox::Running;

fn new_cycle() -> Value {
    json!({
        "frequency": 3, "frequencyType": 3, "price": 5000, "billingDateType": 1, "visibility": 0,
        "freeTrial": 7, "freeTrialFrequencyType": 1, "setupFeePrice": 250,
    })
}

/// A body of new cycles; without add-ons and allowances.
fn cycles(cycles: &Value) -> Value {
    json!({"cyclesInputModel": cycles, "addonPlanInputModels": []})
}

#[tokio::test]
async fn new_cycles_are_answered_and_listed() {
    let sandbox = Running::start().await;
    let path = plan_path(&sandbox, "Coffee Club", "Basic").await;
    let body = cycles(&json!([new_cycle(), new_cycle()]));
    let created = sandbox
        .answer("POST", &format!("{path}/cycles"), &body)
        .await;
    let created = created.as_array().expect("cycles");
    assert_eq!(created.len(), 2);
    let model = &created[0]["pricingModel"];
    assert_eq!(
        (&model["frequency"], &model["frequencyType"]),
        (&json!(3), &json!(3))
    );
    assert_eq!(model["setupFeePriceFormatted"], "$2.50");
    assert_eq!(model["proRateOption"], 1);
    let effects = sandbox.effects_in_full(0).await;
    let ids: Vec<_> = effects
        .iter()
        .map(|effect| (&effect["kind"], &effect["id"]))
        .collect();
    let kind = json!("cycle_created");
    assert_eq!(
        ids,
        [
            (&kind, &created[0]["cycleId"]),
            (&kind, &created[1]["cycleId"])
        ]
    );

    let product = sandbox.id_of("products", "Coffee Club").await;
    let plans = sandbox.read(&format!("/products/{product}/plans")).await;
    let listed = plans[0]["cycles"].as_array().expect("cycles");
    assert_eq!(
        listed.last().expect("a cycle")["cycleId"],
        created[1]["cycleId"]
    );
}

#[tokio::test]
async fn new_cycles_bring_prices_of_extras() {
    let sandbox = Running::start().await;
    let path = plan_path(&sandbox, "Coffee Club", "Basic").await;
    let support = sandbox.id_of("addons", "Priority support").await;
    let calls = sandbox.id_of("allowances", "API calls").await;
    let mut body = cycles(&json!([new_cycle()]));
    body["addonPlanInputModels"] = json!([
        {"addonId": support, "isForced": true, "addonPriceModels": [{"flatFeePrice": 900}]},
    ]);
    body["allowancePlanInputModel"] = json!([
        {"allowanceId": calls, "allowancePriceModels": [
            {"currencyIso3Code": "USD", "frequency": 1, "frequencyType": 3, "includedUnits": 50},
        ]},
    ]);
    sandbox
        .answer("POST", &format!("{path}/cycles"), &body)
        .await;

    let support = sandbox.read(&format!("/addons/{support}")).await;
    let plans = support["plans"].as_array().expect("plans");
    let basic = plans
        .iter()
        .find(|plan| plan["planName"] == "Basic")
        .expect("the plan");
    assert_eq!(basic["forceAddon"], true);
    assert_eq!(basic["productName"], "Coffee Club");
    // Without a currency and a period of its own, the price has those of the product and the cycle.
    let prices = support["priceModels"].as_array().expect("prices");
    let price = prices.last().expect("a price");
    assert_eq!(price["flatFeePriceFormatted"], "$9");
    assert_eq!(
        (&price["frequency"], &price["frequencyType"]),
        (&json!(3), &json!("Monthly"))
    );

    // A price for the same currency and period is replaced.
    let calls = sandbox.read(&format!("/allowances/{calls}")).await;
    let prices = calls["priceModels"].as_array().expect("prices");
    assert_eq!(prices.len(), 2);
    assert_eq!(prices[1]["includedUnits"], 50);
}

#[tokio::test]
async fn a_cycle_that_cannot_be_is_refused() {
    let sandbox = Running::start().await;
    let path = plan_path(&sandbox, "Coffee Club", "Basic").await + "/cycles";
    let with = |name: &str, value: Value| {
        let mut cycle = new_cycle();
        cycle[name] = value;
        cycles(&json!([new_cycle(), cycle]))
    };
    let wrong = [
        ("frequency", json!(0), "frequency is not positive"),
        ("frequency", json!(-1), "frequency is negative"),
        ("price", json!(-1), "price is negative"),
        ("setupFeePrice", json!(-1), "setupFeePrice is negative"),
        ("freeTrial", json!(-1), "freeTrial is negative"),
        ("contractTerm", json!(12), "contractTerm needs"),
        ("billingDateType", json!(2), "fixedBillingDateDay is needed"),
        (
            "tiers",
            json!([{"start": 1, "price": 10}]),
            "tiers are not for",
        ),
        (
            "tiers",
            json!([{"start": 2, "price": 10}]),
            "tiers/0/start is not 1",
        ),
    ];
    for (name, value, reason) in wrong {
        let reason = format!("/cyclesInputModel/1/{reason}");
        sandbox
            .refuses(("POST", &path, &with(name, value)), 400, &reason)
            .await;
    }
    // A fixed day of the month is none of a week, and the other way round.
    for (kind, frequency) in [(2, 2), (2, 1), (3, 3), (3, 1)] {
        let mut cycle = new_cycle();
        cycle["billingDateType"] = kind.into();
        cycle["frequencyType"] = frequency.into();
        cycle["fixedBillingDateDay"] = 5.into();
        let body = cycles(&json!([cycle]));
        let reason = "/cyclesInputModel/0/billingDateType has no meaning";
        sandbox.refuses(("POST", &path, &body), 400, reason).await;
    }
    sandbox
        .refuses(
            ("POST", &path, &cycles(&json!([]))),
            400,
            "/cyclesInputModel is empty",
        )
        .await;

    let mut body = cycles(&json!([new_cycle()]));
    body["addonPlanInputModels"] = json!([{"addonId": 999_999}]);
    sandbox
        .refuses(
            ("POST", &path, &body),
            400,
            "/addonPlanInputModels/0/addonId ",
        )
        .await;
    let mut body = cycles(&json!([new_cycle()]));
    body["allowancePlanInputModel"] = json!([{"allowanceId": 999_999}]);
    sandbox
        .refuses(
            ("POST", &path, &body),
            400,
            "/allowancePlanInputModel/0/allowanceId ",
        )
        .await;
}

#[tokio::test]
async fn tiers_are_needed_where_the_plan_prices_by_them() {
    let sandbox = Running::start().await;
    let product = sandbox.id_of("products", "Roast Desk").await;
    let plans = format!("{PRODUCTS}/{product}/plans");
    let plan = json!({"name": "Chain", "displayName": "Chain", "pricingModel": 4, "visibility": 0});
    let plan = sandbox.answer("POST", &plans, &plan).await;
    let path = format!("{plans}/{}/cycles", plan["planId"]);
    let mut cycle = new_cycle();
    let body = cycles(&json!([cycle]));
    sandbox
        .refuses(
            ("POST", &path, &body),
            400,
            "/cyclesInputModel/0/tiers are needed",
        )
        .await;
    cycle["tiers"] = json!([
        {"start": 1, "finish": 10, "price": 500},
        {"start": 12, "price": 400},
    ]);
    let body = cycles(&json!([cycle]));
    sandbox
        .refuses(
            ("POST", &path, &body),
            400,
            "/cyclesInputModel/0/tiers/1/start ",
        )
        .await;
    cycle["tiers"][1]["start"] = 11.into();
    sandbox
        .answer("POST", &path, &cycles(&json!([cycle])))
        .await;
}
