//! What happens when the clock moves.

use serde_json::{Value, json};

use super::shop::{DECLINES, Member, PAYS, PENDS, Shop, number, text};

#[tokio::test]
async fn renewals_happen_when_they_were_due() {
    let shop = Shop::open().await;
    let (_, pro) = shop.cycle("Pro", "Monthly").await;
    let member = shop.join(pro, PAYS).await;
    shop.advance("P92D").await;

    let effects = shop.effects(&member.customer).await;
    let renewed: Vec<&Value> = effects
        .iter()
        .filter(|effect| effect["kind"] == "subscription_renewed")
        .collect();
    let at: Vec<&str> = renewed
        .iter()
        .map(|effect| effect["at"].as_str().unwrap())
        .collect();
    let expected = [
        "2026-04-02T08:00:00Z",
        "2026-05-02T08:00:00Z",
        "2026-06-02T08:00:00Z",
    ];
    assert_eq!(at, expected);
    assert!(
        renewed
            .iter()
            .all(|effect| effect["operation"] == "renewal")
    );
    let invoices = shop.invoices(&member.customer).await;
    assert_eq!(invoices.len(), 4);
    assert_eq!(invoices[2]["createdOn"], "2026-05-02T08:00:00.000Z");
    assert!(invoices.iter().all(|invoice| invoice["status"] == "Paid"));
    let found = shop.subscription(&member.subscription).await;
    assert_eq!(found["nextBillingDate"], "2026-07-02T08:00:00.000000");
    assert_eq!(found["totalRevenue"], 4 * 4900);
}

#[tokio::test]
async fn nothing_happens_a_moment_too_early() {
    let shop = Shop::open().await;
    let (_, pro) = shop.cycle("Pro", "Monthly").await;
    let member = shop.join(pro, PAYS).await;
    shop.advance("PT743H59M59S").await;
    assert_eq!(shop.invoices(&member.customer).await.len(), 1);
    shop.advance("PT1S").await;
    assert_eq!(shop.invoices(&member.customer).await.len(), 2);
}

#[tokio::test]
async fn effects_of_renewals_are_in_the_order_of_time() {
    let shop = Shop::open().await;
    shop.advance("P70D").await;
    let report = shop
        .sandbox
        .admin("GET", "/effects?operation=renewal")
        .await;
    let effects = report["effects"].as_array().unwrap();
    let at: Vec<i64> = effects
        .iter()
        .map(|effect| {
            text(&effect["at"])
                .parse::<jiff::Timestamp>()
                .unwrap()
                .as_microsecond()
        })
        .collect();
    assert!(at.len() > 200, "{}", at.len());
    assert!(at.is_sorted());
}

#[tokio::test]
async fn a_declined_renewal_suspends_until_it_is_paid() {
    let shop = Shop::open().await;
    let (_, pro) = shop.cycle("Pro", "Monthly").await;
    let member = shop.join(pro, PAYS).await;
    shop.set_card(&member.customer, DECLINES).await;
    shop.advance("P75D").await;
    let found = shop.subscription(&member.subscription).await;
    assert_eq!(found["status"], "Suspended");
    assert_eq!(found["nextBillingDate"], Value::Null);
    let invoices = shop.invoices(&member.customer).await;
    assert_eq!(invoices.len(), 2, "a suspended subscription is not billed");
    assert_eq!(invoices[1]["status"], "Unpaid");
    let kinds = shop.kinds(&member.customer).await;
    assert_eq!(
        kinds[4..],
        ["card_changed", "invoice_created", "charge_declined"]
    );

    shop.set_card(&member.customer, PAYS).await;
    let number = text(&invoices[1]["invoiceNumber"]);
    shop.put(&format!("/invoices/{number}/Payment"))
        .await
        .expect(200);
    let found = shop.subscription(&member.subscription).await;
    assert_eq!(found["status"], "Active");
    // The months in which it was suspended are not billed.
    assert_eq!(found["nextBillingDate"], "2026-06-02T08:00:00.000000");
    shop.advance("P30D").await;
    assert_eq!(shop.invoices(&member.customer).await.len(), 3);
}

#[tokio::test]
async fn a_pending_renewal_leaves_the_subscription_active() {
    let shop = Shop::open().await;
    let (_, pro) = shop.cycle("Pro", "Monthly").await;
    let member = shop.join(pro, PENDS).await;
    shop.advance("P31D").await;
    assert_eq!(
        shop.subscription(&member.subscription).await["status"],
        "Active"
    );
    let invoices = shop.invoices(&member.customer).await;
    assert!(
        invoices
            .iter()
            .all(|invoice| invoice["status"] == "Pending")
    );
    assert_eq!(invoices.len(), 2);
}

#[tokio::test]
async fn a_pause_ends_with_a_bill() {
    let shop = Shop::open().await;
    let (_, pro) = shop.cycle("Pro", "Monthly").await;
    let member = shop.join(pro, PAYS).await;
    let pause = shop
        .set_renewal(&member.subscription, "2026-07-15T00:00:00Z", true)
        .await;
    assert_eq!(pause.expect(200).json(), json!({}));
    shop.advance("P60D").await;
    assert_eq!(
        shop.subscription(&member.subscription).await["status"],
        "Paused"
    );
    assert_eq!(shop.invoices(&member.customer).await.len(), 1);

    shop.advance("P90D").await;
    let found = shop.subscription(&member.subscription).await;
    assert_eq!(found["status"], "Active");
    assert_eq!(found["nextBillingDate"], "2026-08-15T00:00:00.000000");
    assert_eq!(shop.invoices(&member.customer).await.len(), 2);
    let kinds = shop.kinds(&member.customer).await;
    assert!(kinds.contains(&"renewal_date_changed".to_owned()));
}

#[tokio::test]
async fn a_pause_can_be_ended_early() {
    let shop = Shop::open().await;
    let (_, pro) = shop.cycle("Pro", "Monthly").await;
    let member = shop.join(pro, PAYS).await;
    let id = &member.subscription;
    shop.set_renewal(id, "2026-07-15T00:00:00Z", true)
        .await
        .expect(200);
    shop.set_renewal(id, "2026-03-10T00:00:00Z", false)
        .await
        .expect(200);
    assert_eq!(shop.subscription(id).await["status"], "Active");
    shop.advance("P8D").await;
    assert_eq!(shop.invoices(&member.customer).await.len(), 2);
}

#[tokio::test]
async fn a_paused_trial_is_a_trial_again() {
    let shop = Shop::open().await;
    let (_, trial) = shop.trial().await;
    let member = shop.join(trial, PAYS).await;
    let id = &member.subscription;
    for (pauses, status) in [(true, "Paused"), (false, "InTrial")] {
        shop.set_renewal(id, "2026-04-15T00:00:00Z", pauses)
            .await
            .expect(200);
        assert_eq!(shop.subscription(id).await["status"], status);
    }
    assert!(shop.invoices(&member.customer).await.is_empty());
    shop.advance("P44D").await;
    assert_eq!(shop.subscription(id).await["status"], "Active");
    assert_eq!(shop.last_invoice(&member.customer).await["amount"], "4900");
}

#[tokio::test]
async fn the_day_of_the_month_comes_back_after_a_short_one() {
    let shop = Shop::open().await;
    let (_, pro) = shop.cycle("Pro", "Monthly").await;
    let member = shop.join(pro, PAYS).await;
    let id = &member.subscription;
    shop.set_renewal(id, "2026-03-31T10:00:00Z", false)
        .await
        .expect(200);
    let mut dates = Vec::new();
    for _ in 0..4 {
        dates.push(text(&shop.subscription(id).await["nextBillingDate"]));
        shop.advance("P31D").await;
    }
    let days: Vec<&str> = dates.iter().map(|date| &date[..10]).collect();
    assert_eq!(
        days,
        ["2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"]
    );
}

/// A member of Team with two seats and metered calls.
async fn metered(shop: &Shop) -> (Member, String) {
    let (_, team) = shop.cycle("Team", "Monthly").await;
    let calls = shop.id_of("allowances", "API calls").await;
    let mut body = super::shop::joining(team, PAYS);
    body["Units"] = json!(2);
    body["allowances"] = json!([calls]);
    let member = shop.join_with(&body).await;
    let counter = shop.get(&format!("/allowances/{calls}")).await;
    (member, text(&counter["counter"]["counterId"]))
}

#[tokio::test]
async fn usage_beyond_an_allowance_is_billed_at_renewal() {
    let shop = Shop::open().await;
    let (member, counter) = metered(&shop).await;
    assert_eq!(shop.last_invoice(&member.customer).await["amount"], "1400");
    let path = format!(
        "/counters/operations/sandbox/subscriptions/{}/counters/{counter}",
        member.subscription
    );
    let count = |value: i64| {
        let body = json!({"operationType": "Increment", "value": value});
        super::with_json(shop.sandbox.request("POST", &path), &body)
    };
    for value in [900, 350] {
        super::Reply::to(count(value)).await.expect(200);
    }
    shop.advance("P31D").await;
    let invoice = shop.last_invoice(&member.customer).await;
    let items = invoice["subscriptions"][0]["subscriptionItems"]
        .as_array()
        .unwrap();
    let over = items.last().unwrap();
    assert_eq!(
        (number(&over["units"]), number(&over["amount"])),
        (250, 250)
    );
    assert_eq!(invoice["amount"], "1650");

    // What was used before counts no more.
    shop.advance("P30D").await;
    assert_eq!(shop.last_invoice(&member.customer).await["amount"], "1400");

    // A bill beyond all bounds is not written.
    for _ in 0..2 {
        super::Reply::to(count(1_000_000_000_000)).await.expect(200);
    }
    let invoices = shop.invoices(&member.customer).await.len();
    shop.advance("P31D").await;
    assert_eq!(shop.invoices(&member.customer).await.len(), invoices);
    assert_eq!(
        shop.subscription(&member.subscription).await["status"],
        "Suspended"
    );
}

#[tokio::test]
async fn a_fixed_day_a_setup_fee_and_tiers_are_billed() {
    let shop = Shop::open().await;
    let product = shop.id_of("products", "Roast Desk").await;
    let plan = json!({
        "name": "Pool", "displayName": "Pool", "pricingModel": 4, "visibility": 0,
    });
    let plans = format!("/products/{product}/plans");
    let plan = shop
        .sandbox
        .core_with("POST", &plans, &plan)
        .await
        .expect(200)
        .json();
    let plan = number(&plan["planId"]);
    let cycle = json!({
        "cyclesInputModel": [{
            "frequency": 1, "frequencyType": 3, "price": 0, "billingDateType": 2,
            "fixedBillingDateDay": 12, "visibility": 0, "proRateOption": 3, "freeQuantity": 2,
            "setupFeePrice": 5000,
            "tiers": [
                {"start": 1, "finish": 10, "price": 100}, {"start": 11, "price": 50},
            ],
        }],
        "addonPlanInputModels": [],
    });
    let cycles = format!("{plans}/{plan}/cycles");
    let cycle = shop
        .sandbox
        .core_with("POST", &cycles, &cycle)
        .await
        .expect(200)
        .json();
    let mut body = super::shop::joining(number(&cycle[0]["cycleId"]), PAYS);
    body["Units"] = json!(22);
    let member = shop.join_with(&body).await;

    // 1500 for a whole month, of which 10 of 28 days are billed, and the fee in full.
    let invoice = shop.last_invoice(&member.customer).await;
    assert_eq!(invoice["amount"], (357 + 179 + 5000).to_string());
    let factor = invoice["prorationFactor"].as_f64().unwrap();
    assert!((factor - 10.0 / 28.0).abs() < 1e-9);
    assert_eq!(invoice["prorationAdjustment"], "-$9.64");
    let found = shop.subscription(&member.subscription).await;
    assert_eq!(found["nextBillingDate"], "2026-03-12T00:00:00.000000");
    assert_eq!(found["nextBillingAmount"], 1500);

    shop.advance("P10D").await;
    assert_eq!(shop.last_invoice(&member.customer).await["amount"], "1500");
    let found = shop.subscription(&member.subscription).await;
    assert_eq!(found["nextBillingDate"], "2026-04-12T00:00:00.000000");
}

#[tokio::test]
async fn a_deleted_customer_is_not_billed() {
    let shop = Shop::open().await;
    let (_, pro) = shop.cycle("Pro", "Monthly").await;
    let member = shop.join(pro, PAYS).await;
    let path = format!("/customers/{}", member.customer);
    shop.sandbox.core("DELETE", &path).await.expect(200);
    shop.advance("P70D").await;
    let kinds = shop.kinds(&member.customer).await;
    assert_eq!(kinds[4..], ["subscription_cancelled", "customer_deleted"]);
    let number = format!("{}-1", member.customer);
    assert_eq!(shop.invoice(&number).await["status"], "Paid");
    let pay = format!("/invoices/{number}/Payment");
    shop.refuses("PUT", &pay, &Value::Null, (400, "this one is Paid"))
        .await;
}
