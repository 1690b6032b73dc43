//! Subscriptions: list, create, change, cancel.

mod change;
mod refused;

use serde_json::{Value, json};

use super::shop::{DECLINES, PAYS, PENDS, Shop, joining, number, text};

#[tokio::test]
async fn a_new_customer_is_billed_at_once() {
    let shop = Shop::open().await;
    let (plan, cycle) = shop.cycle("Pro", "Monthly").await;
    let mut body = joining(cycle, PAYS);
    body["additionalEmail"] = json!("books@example.com");
    body["phoneNumber"] = json!("2079460000");
    body["marketingConsent"] = json!(true);
    body["shippingAddress"] = body["address"].clone();
    let member = shop.join_with(&body).await;

    let kinds = shop.kinds(&member.customer).await;
    let expected = [
        "customer_created",
        "subscription_created",
        "invoice_created",
        "charged",
    ];
    assert_eq!(kinds, expected);
    let found = shop.subscription(&member.subscription).await;
    for (field, value) in [
        ("status", json!("Active")),
        ("planId", json!(plan)),
        ("cycleId", json!(cycle)),
        ("units", json!(1)),
        ("customerUniqueId", json!(member.customer)),
        ("customerFullname", json!("Alma Reyes")),
        ("createdOn", json!("2026-03-02T08:00:00.000000")),
        ("nextBillingDate", json!("2026-04-02T08:00:00.000000")),
        ("nextBillingAmount", json!(4900)),
        ("nextBillingAmountFormatted", json!("$49")),
        ("totalRevenue", json!(4900)),
        ("planIdNext", Value::Null),
        ("cycleIdNext", Value::Null),
        ("unitsNext", Value::Null),
    ] {
        assert_eq!(found[field], value, "{field}");
    }
    assert_eq!(found["planPricingModel"]["frequencyType"], "Monthly");
    assert_eq!(found.as_object().unwrap().len(), 33);

    let invoice = shop.last_invoice(&member.customer).await;
    assert_eq!(invoice["invoiceType"], "Renewal");
    assert_eq!(invoice["amount"], "4900");
    let billed = &invoice["subscriptions"][0];
    assert_eq!(billed["subscriptionUniqueId"], member.subscription.as_str());
    assert_eq!(billed["billingPeriodEnd"], "2026-04-02T08:00:00.000000");

    let customer = shop.get(&format!("/customers/{}", member.customer)).await;
    assert_eq!(customer["additionalEmail"], "books@example.com");
    assert_eq!(customer["phoneNumber"], "2079460000");
    assert_eq!(customer["isMarketingConsentGiven"], true);
    let shipping = format!("/subscriptions/{}/shippingAddress", member.subscription);
    assert_eq!(shop.get(&shipping).await["city"], "Bath");
}

#[tokio::test]
async fn the_list_of_a_customer_writes_ids_and_numbers_in_its_own_way() {
    let shop = Shop::open().await;
    let (plan, cycle) = shop.cycle("Pro", "Monthly").await;
    let member = shop.join(cycle, PAYS).await;
    let list = shop
        .get(&format!("/customers/{}/subscriptions", member.customer))
        .await;
    assert_eq!(
        list,
        json!([{
            "subscriptionId": member.subscription,
            "status": "Active",
            "productId": shop.id_of("products", "Coffee Club").await,
            "productName": "Coffee Club",
            "planId": plan,
            "planName": "Pro",
            "units": 1,
            "revenue": "4900",
            "currency": "USD",
            "nextBilling": "2026-04-02T08:00:00.000Z",
            "createdOn": "2026-03-02T08:00:00.000Z",
        }])
    );
}

#[tokio::test]
async fn extras_are_billed_by_their_price_models() {
    let shop = Shop::open().await;
    let (_, cycle) = shop.cycle("Team", "Monthly").await;
    let support = shop.id_of("addons", "Priority support").await;
    let seats = shop.id_of("addons", "Extra seats").await;
    let calls = shop.id_of("allowances", "API calls").await;
    let mut body = joining(cycle, PAYS);
    body["Units"] = json!(4);
    body["addOns"] = json!([{"addOnId": support}, {"addOnId": seats, "quantity": 3}]);
    body["allowances"] = json!([calls]);
    let member = shop.join_with(&body).await;
    let invoice = shop.last_invoice(&member.customer).await;
    let items = invoice["subscriptions"][0]["subscriptionItems"]
        .as_array()
        .unwrap();
    let items: Vec<_> = items
        .iter()
        .map(|item| {
            (
                number(&item["units"]),
                number(&item["unitPrice"]),
                number(&item["amount"]),
            )
        })
        .collect();
    assert_eq!(items, [(4, 700, 2800), (1, 1500, 1500), (3, 500, 1500)]);
    assert_eq!(invoice["amount"], "5800");
}

#[tokio::test]
async fn a_declined_card_creates_nothing() {
    let shop = Shop::open().await;
    let (_, cycle) = shop.cycle("Pro", "Monthly").await;
    let body = joining(cycle, DECLINES);
    shop.refuses(
        "POST",
        "/subscriptions",
        &body,
        (400, "the card was declined"),
    )
    .await;
    assert_eq!(shop.sandbox.count("charge_declined").await, 1);
    assert_eq!(shop.sandbox.count("customer_created").await, 0);
}

#[tokio::test]
async fn a_pending_payment_starts_the_subscription() {
    let shop = Shop::open().await;
    let (_, cycle) = shop.cycle("Pro", "Monthly").await;
    let member = shop.join(cycle, PENDS).await;
    assert_eq!(
        shop.last_invoice(&member.customer).await["status"],
        "Pending"
    );
    assert_eq!(
        shop.subscription(&member.subscription).await["status"],
        "Active"
    );
    assert_eq!(
        shop.kinds(&member.customer).await.pop().unwrap(),
        "charge_pending"
    );
}

#[tokio::test]
async fn a_free_trial_is_billed_when_it_ends() {
    let shop = Shop::open().await;
    let (_, cycle) = shop.trial().await;
    let member = shop.join(cycle, PAYS).await;
    assert!(shop.invoices(&member.customer).await.is_empty());
    let found = shop.subscription(&member.subscription).await;
    assert_eq!(found["status"], "InTrial");
    assert_eq!(found["nextBillingDate"], "2026-03-16T08:00:00.000000");
    assert_eq!(found["nextBillingAmount"], 4900);

    shop.advance("P14D").await;
    let found = shop.subscription(&member.subscription).await;
    assert_eq!(found["status"], "Active");
    assert_eq!(found["nextBillingDate"], "2026-04-16T08:00:00.000000");
    assert_eq!(shop.last_invoice(&member.customer).await["amount"], "4900");
}

#[tokio::test]
async fn a_known_customer_subscribes_once_in_each_product() {
    let shop = Shop::open().await;
    let sofia = shop.sandbox.customer("sofia.rossi@example.com").await;
    let carlos = shop.sandbox.customer("carlos.mendes@example.com").await;
    let (_, basic) = shop.cycle("Basic", "Monthly").await;
    let (_, pro) = shop.cycle("Pro", "Yearly").await;
    let (_, team) = shop.cycle("Team", "Yearly").await;
    let path = format!("/customers/{sofia}/subscriptions");
    let body = json!({"cycleId": basic, "taxRegNumber": "IT01234567890"});
    let created = shop
        .sandbox
        .core_with("POST", &path, &body)
        .await
        .expect(200)
        .json();
    assert_eq!(created["customerUniqueId"], sofia.as_str());
    let kinds = shop.kinds(&sofia).await;
    let expected = [
        "customer_updated",
        "subscription_created",
        "invoice_created",
        "charged",
    ];
    assert_eq!(kinds, expected);

    let again = json!({"cycleId": pro});
    shop.refuses(
        "POST",
        &path,
        &again,
        (400, "already has a subscription in this product"),
    )
    .await;
    let other = json!({"cycleId": team, "units": 2});
    shop.sandbox
        .core_with("POST", &path, &other)
        .await
        .expect(200);
    assert_eq!(shop.last_invoice(&sofia).await["amount"], "14000");

    let path = format!("/customers/{carlos}/subscriptions");
    shop.refuses("POST", &path, &json!({"cycleId": basic}), (400, "no card"))
        .await;
    shop.set_card(&carlos, DECLINES).await;
    shop.refuses("POST", &path, &json!({"cycleId": basic}), (400, "declined"))
        .await;
}

#[tokio::test]
async fn a_cancelled_subscription_stays_so() {
    let shop = Shop::open().await;
    let (_, cycle) = shop.cycle("Basic", "Monthly").await;
    let member = shop.join(cycle, PAYS).await;
    let other = shop.join(cycle, PAYS).await;
    let path = |customer: &str| {
        format!(
            "/subscriptions/{}?customerUniqueId={customer}",
            member.subscription
        )
    };
    let wrong = path(&other.customer);
    shop.refuses("DELETE", &wrong, &Value::Null, (404, "does not belong"))
        .await;
    let reply = shop
        .sandbox
        .core("DELETE", &path(&member.customer))
        .await
        .expect(200);
    assert_eq!(reply.text, "success");
    shop.refuses(
        "DELETE",
        &path(&member.customer),
        &Value::Null,
        (400, "final"),
    )
    .await;

    shop.advance("P60D").await;
    let found = shop.subscription(&member.subscription).await;
    assert_eq!(found["status"], "Cancelled");
    assert_eq!(found["nextBillingDate"], Value::Null);
    assert_eq!(shop.invoices(&member.customer).await.len(), 1);
    assert_eq!(
        shop.kinds(&member.customer).await.pop().unwrap(),
        "subscription_cancelled"
    );
    let logs = format!(
        "/subscriptions/{}/logs?page=1&pageSize=10",
        member.subscription
    );
    let logs = shop.get(&logs).await;
    let types: Vec<String> = logs["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|log| text(&log["type"]))
        .collect();
    assert!(
        types.contains(&"SubscriptionCancelled".to_owned()),
        "{types:?}"
    );
}

#[tokio::test]
async fn the_list_is_filtered_by_status_and_names() {
    let shop = Shop::open().await;
    let list = "/subscriptions?page=1&pageSize=100&";
    for (filter, field, value) in [
        ("isActive=true", "status", json!("Active")),
        ("isInFreeTrial=true", "isInFreeTrial", json!(true)),
        (
            "productName=roast%20desk",
            "productName",
            json!("Roast Desk"),
        ),
        ("planName=Enterprise", "planName", json!("Enterprise")),
    ] {
        let page = shop.get(&format!("{list}{filter}")).await;
        let rows = page["results"].as_array().unwrap();
        assert!(!rows.is_empty(), "{filter}");
        assert!(rows.iter().all(|row| row[field] == value), "{filter}");
    }
    let rows = shop.get(&format!("{list}isActive=false")).await;
    let rows = rows["results"].as_array().unwrap();
    assert!(!rows.is_empty() && rows.iter().all(|row| row["status"] != "Active"));
    let none = shop
        .get(&format!("{list}planName=Pro&productName=Roast%20Desk"))
        .await;
    assert_eq!(none["pageCount"], 0);

    let page = shop.get("/subscriptions?page=1&pageSize=1").await;
    let row = &page["results"][0];
    assert!(row["planId"].is_string() && row["productId"].is_string());
    assert!(row["subscriptionId"].is_number());
}
