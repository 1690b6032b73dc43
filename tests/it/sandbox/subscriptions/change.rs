//! Changes of plan, at once and on renewal.

use serde_json::{Value, json};

use crate::sandbox::shop::{DECLINES, PAYS, PENDS, Shop, number, text};

#[tokio::test]
async fn unused_time_that_was_credited_is_not_refunded_again() {
    let shop = Shop::open().await;
    let basic = shop.cycle("Basic", "Monthly").await;
    let dana = shop.sandbox.customer("dana.whitfield@example.com").await;
    let old = shop.last_invoice(&dana).await;
    let old = text(&old["invoiceNumber"]);
    let list = shop.get(&format!("/customers/{dana}/subscriptions")).await;
    let member = crate::sandbox::shop::Member {
        customer: dana.clone(),
        subscription: text(&list[0]["subscriptionId"]),
    };

    let reply = shop
        .change_plan(&member, basic, json!({"issueRefund": true}))
        .await;
    assert_eq!(reply.expect(200).text, "success");
    let credited = number(&shop.credit_notes(&dana).await[0]["amount"]);
    // It renewed a day ago.
    assert!((4600..4900).contains(&credited), "{credited}");
    let left = number(&shop.invoice(&old).await["refundableAmount"]);
    assert_eq!(left, 4900 - credited);
    let latest = shop.last_invoice(&dana).await;
    assert_eq!(latest["amount"], "1900");

    let refunds = format!("/customers/{dana}/refunds");
    let full = json!({"invoiceNumber": old, "amount": 4900});
    let reason = format!("the refundable amount of the invoice, {left} minor units");
    shop.refuses("POST", &refunds, &full, (400, &reason)).await;
    let reply = shop.refund(&dana, &old, left).await.expect(200);
    assert_eq!(reply.json()["amount"], 0);

    let effects = shop.effects(&dana).await;
    let paid_out = effects.iter().filter(|effect| effect["kind"] == "paid_out");
    assert_eq!(
        paid_out
            .map(|effect| number(&effect["amount"]))
            .sum::<i64>(),
        4900
    );
    let kinds: Vec<String> = effects.iter().map(|effect| text(&effect["kind"])).collect();
    let expected = [
        "plan_changed",
        "credit_note_created",
        "paid_out",
        "invoice_created",
        "charged",
        "credit_note_created",
        "paid_out",
    ];
    assert_eq!(kinds, expected);
}

#[tokio::test]
async fn a_period_is_credited_once_whatever_becomes_of_newer_invoices() {
    let shop = Shop::open().await;
    let (pro, basic) = (
        shop.cycle("Pro", "Monthly").await,
        shop.cycle("Basic", "Monthly").await,
    );
    let member = shop.join(pro.1, PAYS).await;
    shop.advance("PT372H").await;
    shop.set_card(&member.customer, PENDS).await;
    let refund = json!({"issueRefund": true});
    for plan in [basic, pro, basic] {
        let reply = shop.change_plan(&member, plan, refund.clone()).await;
        reply.expect(200);
    }
    let notes = shop.credit_notes(&member.customer).await;
    let amounts: Vec<i64> = notes.iter().map(|note| number(&note["amount"])).collect();
    assert_eq!(amounts, [2450]);

    // Nor is what an older invoice paid for, after a change without a credit.
    let other = shop.join(pro.1, PAYS).await;
    shop.set_card(&other.customer, PENDS).await;
    shop.change_plan(&other, basic, json!({})).await.expect(200);
    shop.change_plan(&other, pro, refund).await.expect(200);
    assert!(shop.credit_notes(&other.customer).await.is_empty());
}

#[tokio::test]
async fn what_was_paid_for_the_time_is_credited() {
    let shop = Shop::open().await;
    let enterprise = shop.cycle("Enterprise", "Yearly").await;
    let fee = json!({"setupFeePrice": 5000});
    let (plan, cycle) = shop.add_cycle("Pro", 1000, fee).await;
    let member = shop.join(cycle, PAYS).await;
    assert_eq!(shop.last_invoice(&member.customer).await["amount"], "6000");
    let product = shop.id_of("products", "Coffee Club").await;
    let path = format!("/products/{product}/plans/{plan}");
    let cheaper = json!({"cycles": [{"cycleId": cycle, "price": 1}]});
    let reply = shop.sandbox.core_with("PUT", &path, &cheaper).await;
    reply.expect(200);

    // Half of a March.
    shop.advance("PT372H").await;
    let refund = json!({"issueRefund": true});
    let reply = shop.change_plan(&member, enterprise, refund).await;
    reply.expect(200);
    // Half of the old price, and nothing of the fee.
    let notes = shop.credit_notes(&member.customer).await;
    assert_eq!(notes[0]["amount"], "500");
}

#[tokio::test]
async fn a_change_on_renewal_credits_nothing() {
    let shop = Shop::open().await;
    let (_, pro) = shop.cycle("Pro", "Monthly").await;
    let basic = shop.cycle("Basic", "Monthly").await;
    let member = shop.join(pro, PAYS).await;
    let body = json!({
        "customerUniqueId": member.customer, "planId": basic.0, "cycleId": basic.1,
        "planChangeType": 2, "issueRefund": true,
    });
    let path = format!("/subscriptions/{}/plan", member.subscription);
    let reason = "issueRefund goes with an immediate change only";
    shop.refuses("PUT", &path, &body, (400, reason)).await;
}

#[tokio::test]
async fn another_cycle_begins_on_renewal_as_a_first_one() {
    let shop = Shop::open().await;
    let (_, pro) = shop.cycle("Pro", "Monthly").await;
    let member = shop.join(pro, PAYS).await;
    let fixed = json!({
        "billingDateType": 2, "fixedBillingDateDay": 28, "proRateOption": 3,
        "setupFeePrice": 700,
    });
    let fixed = shop.add_cycle("Basic", 3000, fixed).await;
    let on_renewal = json!({"planChangeType": 2});
    let reply = shop.change_plan(&member, fixed, on_renewal.clone()).await;
    reply.expect(200);
    // From the 2nd of April to the 28th: 26 of 31 days.
    let found = shop.subscription(&member.subscription).await;
    assert_eq!(found["nextBillingAmount"], 2516);
    shop.advance("P31D").await;
    assert_eq!(shop.last_invoice(&member.customer).await["amount"], "2516");
    let found = shop.subscription(&member.subscription).await;
    assert_eq!(found["nextBillingDate"], "2026-04-28T00:00:00.000000");
    assert_eq!(found["nextBillingAmount"], 3000);

    let weekly = json!({"frequencyType": 2, "billingDateType": 3, "fixedBillingDateDay": 1});
    let weekly = shop.add_cycle("Basic", 700, weekly).await;
    let reply = shop.change_plan(&member, weekly, on_renewal).await;
    reply.expect(200);
    shop.advance("P26D").await;
    // The Monday after the 28th of April.
    let found = shop.subscription(&member.subscription).await;
    assert_eq!(found["nextBillingDate"], "2026-05-04T00:00:00.000000");
}

#[tokio::test]
async fn half_of_the_time_is_worth_half_of_the_price() {
    let shop = Shop::open().await;
    let (_, pro) = shop.cycle("Pro", "Monthly").await;
    let enterprise = shop.cycle("Enterprise", "Yearly").await;
    let member = shop.join(pro, PAYS).await;
    let old = text(&shop.last_invoice(&member.customer).await["invoiceNumber"]);
    shop.refund(&member.customer, &old, 3000).await.expect(200);
    // Half of a March.
    shop.advance("PT372H").await;
    let reply = shop
        .change_plan(&member, enterprise, json!({"issueRefund": true}))
        .await;
    reply.expect(200);
    // 2450 were left of the time, but only 1900 of the money.
    assert_eq!(
        shop.credit_notes(&member.customer).await[1]["amount"],
        "1900"
    );
    assert_eq!(shop.invoice(&old).await["refundableAmount"], "0");

    let other = shop.join(pro, PAYS).await;
    shop.advance("PT372H").await;
    let reply = shop
        .change_plan(&other, enterprise, json!({"issueRefund": true}))
        .await;
    reply.expect(200);
    let credited = number(&shop.credit_notes(&other.customer).await[0]["amount"]);
    // From the 17th of March to the 17th of April, half of 31 days.
    assert_eq!(credited, 2450);
    let found = shop.subscription(&other.subscription).await;
    assert_eq!(found["nextBillingDate"], "2027-04-02T08:00:00.000000");
    assert_eq!(found["planName"], "Enterprise");
}

#[tokio::test]
async fn without_issue_refund_nothing_is_credited() {
    let shop = Shop::open().await;
    let (_, pro) = shop.cycle("Pro", "Monthly").await;
    let basic = shop.cycle("Basic", "Monthly").await;
    let member = shop.join(pro, PAYS).await;
    shop.change_plan(&member, basic, json!({}))
        .await
        .expect(200);
    assert!(shop.credit_notes(&member.customer).await.is_empty());
    let amounts: Vec<i64> = shop
        .invoices(&member.customer)
        .await
        .iter()
        .map(|found| number(&found["amount"]))
        .collect();
    assert_eq!(amounts, [4900, 1900]);
    assert_eq!(
        shop.subscription(&member.subscription).await["totalRevenue"],
        6800
    );
}

#[tokio::test]
async fn a_change_on_renewal_waits_and_is_shown() {
    let shop = Shop::open().await;
    let (_, pro) = shop.cycle("Pro", "Monthly").await;
    let basic = shop.cycle("Basic", "Monthly").await;
    let yearly = shop.cycle("Enterprise", "Yearly").await;
    let member = shop.join(pro, PAYS).await;
    let on_renewal = json!({"planChangeType": 2, "units": 2});
    shop.change_plan(&member, yearly, json!({"planChangeType": 2}))
        .await
        .expect(200);
    shop.change_plan(&member, basic, on_renewal)
        .await
        .expect(200);
    let found = shop.subscription(&member.subscription).await;
    assert_eq!(found["planName"], "Pro");
    assert_eq!(found["planIdNext"], basic.0);
    assert_eq!(found["cycleIdNext"], basic.1);
    assert_eq!(found["unitsNext"], 2);
    assert_eq!(found["nextBillingAmount"], 1900);
    assert!(found["nextPlanPricingModel"].is_object());
    assert!(shop.credit_notes(&member.customer).await.is_empty());
    assert_eq!(shop.invoices(&member.customer).await.len(), 1);

    shop.advance("P31D").await;
    let found = shop.subscription(&member.subscription).await;
    assert_eq!(found["planName"], "Basic");
    assert_eq!(found["units"], 2);
    assert_eq!(found["planIdNext"], Value::Null);
    assert_eq!(shop.last_invoice(&member.customer).await["amount"], "1900");
    let kinds = shop.kinds(&member.customer).await;
    let expected = [
        "plan_change_scheduled",
        "plan_change_scheduled",
        "plan_changed",
        "invoice_created",
        "charged",
        "subscription_renewed",
    ];
    assert_eq!(kinds[4..], expected);
}

#[tokio::test]
async fn a_declined_card_changes_no_plan_and_pays_nothing_back() {
    let shop = Shop::open().await;
    let (_, pro) = shop.cycle("Pro", "Monthly").await;
    let basic = shop.cycle("Basic", "Monthly").await;
    let member = shop.join(pro, PAYS).await;
    shop.set_card(&member.customer, DECLINES).await;
    let body = json!({
        "customerUniqueId": member.customer, "planId": basic.0, "cycleId": basic.1,
        "issueRefund": true,
    });
    let path = format!("/subscriptions/{}/plan", member.subscription);
    shop.refuses("PUT", &path, &body, (400, "the card was declined"))
        .await;
    assert_eq!(
        shop.kinds(&member.customer).await.pop().unwrap(),
        "charge_declined"
    );
}

#[tokio::test]
async fn a_trial_ends_with_an_immediate_change() {
    let shop = Shop::open().await;
    let (_, trial) = shop.trial().await;
    let basic = shop.cycle("Basic", "Monthly").await;
    let member = shop.join(trial, PAYS).await;
    shop.change_plan(&member, basic, json!({"planChangeType": 1}))
        .await
        .expect(200);
    assert_eq!(
        shop.subscription(&member.subscription).await["status"],
        "Active"
    );
    assert_eq!(shop.last_invoice(&member.customer).await["amount"], "1900");
}

#[tokio::test]
async fn extras_that_are_not_named_are_dropped() {
    let shop = Shop::open().await;
    let team = shop.cycle("Team", "Monthly").await;
    let seats = shop.id_of("addons", "Extra seats").await;
    let calls = shop.id_of("allowances", "API calls").await;
    let mut body = crate::sandbox::shop::joining(team.1, PAYS);
    body["addOns"] = json!([{"addOnId": seats, "quantity": 2}]);
    body["allowances"] = json!([calls]);
    let member = shop.join_with(&body).await;
    let again = json!({"units": 3, "addOns": [{"addOnId": seats, "quantity": 5}]});
    shop.change_plan(&member, team, again).await.expect(200);
    assert_eq!(shop.last_invoice(&member.customer).await["amount"], "4600");
    let state = shop.state().await;
    let found = &state["subscriptions"][&member.subscription];
    assert_eq!(found["addons"], json!([{"addon_id": seats, "quantity": 5}]));
    assert_eq!(found["allowances"], json!([]));
}

#[tokio::test]
async fn a_suspended_subscription_changes_at_once_or_not_at_all() {
    let shop = Shop::open().await;
    let basic = shop.cycle("Basic", "Monthly").await;
    let (_, pro) = shop.cycle("Pro", "Monthly").await;
    let member = shop.join(pro, PAYS).await;
    shop.set_card(&member.customer, DECLINES).await;
    shop.advance("P31D").await;
    shop.set_card(&member.customer, PAYS).await;

    let path = format!("/subscriptions/{}/plan", member.subscription);
    let body = json!({
        "customerUniqueId": member.customer, "planId": basic.0, "cycleId": basic.1,
        "planChangeType": 2,
    });
    shop.refuses("PUT", &path, &body, (400, "no renewal to wait for"))
        .await;
    shop.change_plan(&member, basic, json!({"issueRefund": true}))
        .await
        .expect(200);
    assert_eq!(
        shop.subscription(&member.subscription).await["status"],
        "Active"
    );
    assert!(
        shop.credit_notes(&member.customer).await.is_empty(),
        "nothing was paid in advance"
    );
    let statuses: Vec<String> = shop
        .invoices(&member.customer)
        .await
        .iter()
        .map(|found| text(&found["status"]))
        .collect();
    assert_eq!(statuses, ["Paid", "Unpaid", "Paid"]);
}
