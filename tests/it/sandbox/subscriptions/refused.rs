//! Orders that cannot be carried out.

use serde_json::{Value, json};

use crate::sandbox::shop::{PAYS, Shop, joining};

#[tokio::test]
async fn a_trial_or_a_term_ends_before_the_calendar_does() {
    let shop = Shop::open().await;
    for (name, what) in [
        ("freeTrial", "free trial"),
        ("contractTerm", "contract term"),
    ] {
        let unit = format!("{name}FrequencyType");
        let endless = json!({name: 2_147_483_647, unit: 4});
        let (_, cycle) = shop.add_cycle("Pro", 1000, endless).await;
        let reason = format!("the {what} of the cycle would end beyond the calendar");
        let body = joining(cycle, PAYS);
        shop.refuses("POST", "/subscriptions", &body, (400, &reason))
            .await;
    }
}

#[tokio::test]
async fn an_order_selects_what_is_for_sale() {
    let shop = Shop::open().await;
    let (_, pro) = shop.cycle("Pro", "Monthly").await;
    let (_, team) = shop.cycle("Team", "Monthly").await;
    let (_, classic) = shop.cycle("Classic", "Monthly").await;
    let seats = shop.id_of("addons", "Extra seats").await;
    let calls = shop.id_of("allowances", "API calls").await;
    for (cycle, field, value, reason) in [
        (999_999, "Units", json!(1), "/cycleId is the id of no cycle"),
        (seats, "Units", json!(1), "/cycleId is the id of no cycle"),
        (classic, "Units", json!(1), "off sale"),
        (
            pro,
            "couponCodes",
            json!([{"planId": 1, "couponCode": "SPRING"}]),
            "no coupon",
        ),
        (
            pro,
            "addOns",
            json!([{"addOnId": seats}]),
            "/addOns/0/addOnId is no add-on of the plan",
        ),
        (
            team,
            "addOns",
            json!([{"addOnId": seats}, {"addOnId": calls}]),
            "/addOns/1/addOnId",
        ),
        (
            team,
            "addOns",
            json!([{"addOnId": seats}, {"addOnId": seats}]),
            "there twice",
        ),
        (
            team,
            "addOns",
            json!([{"addOnId": seats, "quantity": 0}]),
            "/addOns/0/quantity",
        ),
        (
            pro,
            "allowances",
            json!([calls]),
            "/allowances/0 is no allowance of the plan",
        ),
        (
            team,
            "allowances",
            json!([calls, calls]),
            "/allowances/1 is there twice",
        ),
        (team, "Units", json!(10_000_000_000_i64), "cannot be billed"),
        (team, "Units", json!(i64::MAX), "cannot be billed"),
    ] {
        let mut body = joining(cycle, PAYS);
        body[field] = value;
        shop.refuses("POST", "/subscriptions", &body, (400, reason))
            .await;
    }
    assert_eq!(shop.sandbox.count("charge_declined").await, 0);
}

#[tokio::test]
async fn compulsory_questions_are_answered_and_answers_kept() {
    let shop = Shop::open().await;
    let (_, cycle) = shop.cycle("Pro", "Monthly").await;
    let field = json!({
        "type": 4, "label": "Cups a day", "description": "On average", "compulsory": true,
    });
    shop.sandbox
        .core_with("POST", "/customfields", &field)
        .await
        .expect(200);
    let fields = shop.get("/customfields").await;
    let mut fields = fields.as_array().unwrap().iter();
    let cups =
        fields.find(|field| field["label"] == "Cups a day").unwrap()["customFieldId"].clone();
    let product = shop.id_of("products", "Coffee Club").await;
    let path = format!("/products/{product}");
    let asked = json!({"orderedCustomFields": [cups]});
    shop.sandbox
        .core_with("PUT", &path, &asked)
        .await
        .expect(200);

    let mut body = joining(cycle, PAYS);
    let refused = |body: &Value, reason: &'static str| {
        let body = body.clone();
        let shop = &shop;
        async move {
            shop.refuses("POST", "/subscriptions", &body, (400, reason))
                .await;
        }
    };
    refused(&body, "no answers to compulsory custom fields").await;
    body["customFieldResponse"] = json!([{"customFieldId": 999_999, "value": "3"}]);
    refused(&body, "/customFieldResponse/0/customFieldId").await;
    body["customFieldResponse"] = json!([{"customFieldId": cups, "value": "many"}]);
    refused(&body, "/customFieldResponse/0/value").await;
    let answer = json!({"customFieldId": cups, "value": "3"});
    body["customFieldResponse"] = json!([answer, answer]);
    refused(&body, "/customFieldResponse/1/customFieldId is there twice").await;

    body["customFieldResponse"] = json!([answer]);
    let member = shop.join_with(&body).await;
    let path = format!("/customfieldResponses?customerUniqueId={}", member.customer);
    let answers = shop.get(&path).await;
    assert_eq!(answers.as_array().unwrap().len(), 1);
    assert_eq!(answers[0]["value"], "3");
}

#[tokio::test]
async fn a_change_of_plan_fits_together() {
    let shop = Shop::open().await;
    let pro = shop.cycle("Pro", "Monthly").await;
    let basic = shop.cycle("Basic", "Monthly").await;
    let team = shop.cycle("Team", "Monthly").await;
    let seats = shop.id_of("addons", "Extra seats").await;
    let member = shop.join(pro.1, PAYS).await;
    let other = shop.join(pro.1, PAYS).await;
    let path = format!("/subscriptions/{}/plan", member.subscription);
    let body = |customer: &str, plan: i64, cycle: i64| json!({"customerUniqueId": customer, "planId": plan, "cycleId": cycle});
    let mine = member.customer.as_str();
    let mut with_addon = body(mine, basic.0, basic.1);
    with_addon["addOns"] = json!([{"addOnId": seats}]);
    for (body, status, reason) in [
        (
            body(&other.customer, basic.0, basic.1),
            404,
            "does not belong",
        ),
        (body("nonsense", basic.0, basic.1), 404, "does not belong"),
        (
            body(mine, 999_999, basic.1),
            400,
            "/planId is the id of no plan",
        ),
        (
            body(mine, basic.1, basic.0),
            400,
            "/planId is the id of no plan",
        ),
        (
            body(mine, basic.0, pro.1),
            400,
            "/cycleId is no cycle of the plan",
        ),
        (body(mine, team.0, team.1), 400, "another product"),
        (with_addon, 400, "/addOns/0/addOnId"),
    ] {
        shop.refuses("PUT", &path, &body, (status, reason)).await;
    }
    let unknown = body(mine, basic.0, basic.1);
    shop.refuses(
        "PUT",
        "/subscriptions/8WER0F4J1R/plan",
        &unknown,
        (404, "no subscription"),
    )
    .await;

    let cancel = format!(
        "/subscriptions/{}?customerUniqueId={mine}",
        member.subscription
    );
    shop.sandbox.core("DELETE", &cancel).await.expect(200);
    shop.refuses(
        "PUT",
        &path,
        &body(mine, basic.0, basic.1),
        (400, "Cancelled"),
    )
    .await;
}

#[tokio::test]
async fn a_renewal_is_moved_into_the_future_only() {
    let shop = Shop::open().await;
    let (_, cycle) = shop.cycle("Pro", "Monthly").await;
    let member = shop.join(cycle, PAYS).await;
    let lena = shop.sandbox.customer("lena.fischer@example.com").await;
    let suspended = shop.last_invoice(&lena).await;
    let suspended = suspended["subscriptions"][0]["subscriptionUniqueId"]
        .as_str()
        .unwrap();
    let body = |at: &str| json!({"newRenewalDate": at});
    let path = |id: &str| format!("/subscriptions/{id}/renewaldate");
    for (id, at, status, reason) in [
        (
            member.subscription.as_str(),
            "2026-03-02T08:00:00Z",
            400,
            "not in the future",
        ),
        (
            member.subscription.as_str(),
            "2020-01-01T00:00:00Z",
            400,
            "not in the future",
        ),
        (
            suspended,
            "2026-05-01T00:00:00Z",
            400,
            "Suspended: pay its invoice or change its plan",
        ),
        ("8WER0F4J1R", "2026-05-01T00:00:00Z", 404, "no subscription"),
    ] {
        shop.refuses("PUT", &path(id), &body(at), (status, reason))
            .await;
    }
}
