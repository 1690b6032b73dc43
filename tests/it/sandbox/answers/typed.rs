//! The SDK, pointed at the sandbox: it reads every answer, and what is odd about it means the right
//! thing.

use billsby_mcp::sandbox::{API_KEY, COMPANY_DOMAIN};
use billsby_sdk::model::{InvoiceStatus, SubscriptionStatus};
use billsby_sdk::types::Amount;
use billsby_sdk::{Client, RetryPolicy};

use super::cases::Ids;
use crate::sandbox::Running;
use crate::support::sdk::{amount, key, minor, unix};

fn client(sandbox: &Running) -> Client {
    Client::builder(API_KEY, key(COMPANY_DOMAIN))
        .base_url(sandbox.base_url())
        .retry(RetryPolicy::off())
        .build()
        .expect("a client")
}

#[tokio::test]
async fn customers_and_their_documents() {
    let sandbox = Running::start().await;
    let (client, ids) = (client(&sandbox), Ids::of(&sandbox).await);
    let mary = key(&ids.customer("Mary"));
    let page = client
        .customers()
        .list()
        .page(1)
        .page_size(100)
        .send()
        .await
        .expect("a page");
    assert_eq!((page.page_count, page.row_count), (Some(2), Some(100)));
    let rows = &page.results;
    assert!(
        rows.iter()
            .all(|row| row.customer_unique_id.is_some() && unix(row.created_on.as_ref()).is_some())
    );

    let customer = client
        .customers()
        .get(&mary)
        .send()
        .await
        .expect("a customer");
    assert!(unix(customer.created_on.as_ref()).is_some());
    // Pro once, Basic three times, Team twice: 4900 + 3 * 1900 + 2 * (4 * 700 + 1500 + 3 * 500)
    assert_eq!(amount(customer.total_amount_paid.as_ref()), minor(22_200));
    let taken = client
        .subscriptions()
        .list_for_customer(&mary)
        .send()
        .await
        .expect("subscriptions");
    let revenue: i64 = taken
        .iter()
        .filter_map(|one| amount(one.revenue.as_ref()))
        .map(Amount::minor_units)
        .sum();
    assert_eq!(revenue, 22_200);

    let invoices = client
        .invoices()
        .list_for_customer(&mary)
        .send()
        .await
        .expect("invoices");
    assert_eq!(invoices.len(), 6);
    assert!(
        invoices
            .iter()
            .all(|one| one.status == Some(InvoiceStatus::Paid))
    );
    let number = invoices[0].invoice_number.as_ref().expect("a number");
    let invoice = client
        .invoices()
        .get(number)
        .send()
        .await
        .expect("an invoice");
    assert_eq!(amount(invoice.amount.as_ref()), invoices[0].amount);
    assert!(unix(invoice.created_on.as_ref()).is_some());
    let logs = client
        .payments()
        .logs(&mary, number)
        .send()
        .await
        .expect("logs");
    assert!(unix(logs[0].created_on.as_ref()).is_some());
}

#[tokio::test]
async fn subscriptions_and_what_hangs_on_them() {
    let sandbox = Running::start().await;
    let (client, ids) = (client(&sandbox), Ids::of(&sandbox).await);
    let mary = key(&ids.customer("Mary"));
    let (team, basic) = (
        key(&ids.subscription("Mary", "Team")),
        key(&ids.subscription("Mary", "Basic")),
    );
    let found = client
        .subscriptions()
        .get(&team)
        .send()
        .await
        .expect("a subscription");
    assert_eq!(found.status, Some(SubscriptionStatus::Active));
    assert_eq!(found.next_billing_amount, minor(4 * 700 + 1500 + 3 * 500));
    assert!(unix(found.next_billing_date.as_ref()) > unix(found.created_on.as_ref()));
    let page = client
        .subscriptions()
        .list()
        .page(1)
        .page_size(100)
        .send()
        .await
        .expect("a page");
    let rows = &page.results;
    assert!(
        rows.iter()
            .all(|row| row.plan_id.is_some() && row.product_id.is_some())
    );

    let logs = client
        .subscriptions()
        .event_logs(&team)
        .page(1)
        .page_size(10)
        .send()
        .await
        .expect("logs");
    let log = &logs.results[0];
    assert!(unix(log.created_on.as_ref()).is_some());
    let address = client
        .subscriptions()
        .shipping_address(&basic)
        .send()
        .await
        .expect("an address");
    assert_eq!(address.post_code.as_deref(), Some("LS11 5PS"));

    let addons = client
        .add_ons()
        .list_for_subscription(&team)
        .send()
        .await
        .expect("add-ons");
    assert_eq!(addons.addons.len(), 2);
    let allowances = client
        .allowances()
        .list_for_subscription(&team)
        .send()
        .await
        .expect("allowances");
    let allowance = &allowances.allowances[0];
    assert_eq!(
        (allowance.included_units, allowance.usage),
        (Some(1000), Some(640))
    );
    let counter = client
        .counters()
        .get(&team, &key(&ids.counter()))
        .send()
        .await
        .expect("a value");
    assert_eq!(counter.usage, Some(640));
    assert!(unix(counter.timestamp.as_ref()).is_some());

    let tags = client
        .feature_tags()
        .list_for_customer(&mary)
        .send()
        .await
        .expect("tags");
    assert!(
        tags.iter().any(|tag| tag.as_str() == "early-access")
            && tags.iter().any(|tag| tag.as_str() == "planner")
    );
    let tags = client
        .feature_tags()
        .list_for_subscription(&basic)
        .send()
        .await
        .expect("tags");
    assert_eq!(tags.len(), 2);
    let split = client
        .feature_tags()
        .split(&basic)
        .send()
        .await
        .expect("tags");
    assert_eq!(split.subscription_feature_tags, [key("early-access")]);
}

#[tokio::test]
async fn invoices_and_credit_notes() {
    let sandbox = Running::start().await;
    let (client, ids) = (client(&sandbox), Ids::of(&sandbox).await);
    let page = client
        .invoices()
        .list()
        .page(1)
        .page_size(100)
        .send()
        .await
        .expect("a page");
    let rows = &page.results;
    assert!(
        rows.iter()
            .all(|row| row.amount.is_some() && unix(row.created_on.as_ref()).is_some())
    );
    let page = client
        .credit_notes()
        .list()
        .page(1)
        .page_size(100)
        .send()
        .await
        .expect("a page");
    let rows = &page.results;
    assert!(rows.iter().all(
        |row| amount(row.amount.as_ref()).is_some() && unix(row.created_on.as_ref()).is_some()
    ));
    let grace = key(&ids.customer("Grace"));
    let notes = client
        .credit_notes()
        .list_for_customer(&grace)
        .send()
        .await
        .expect("notes");
    assert_eq!(amount(notes[0].amount.as_ref()), minor(19_900));
    assert!(unix(notes[0].created_on.as_ref()).is_some());
}

#[tokio::test]
async fn the_catalogue_and_answers_to_its_questions() {
    let sandbox = Running::start().await;
    let (client, ids) = (client(&sandbox), Ids::of(&sandbox).await);
    let page = client
        .products()
        .list()
        .page(1)
        .page_size(100)
        .send()
        .await
        .expect("a page");
    assert_eq!(page.results.len(), 3);
    let id = key(&ids.named("products", "Coffee Club").to_string());
    let product = client.products().get(id).send().await.expect("a product");
    assert_eq!(product.name.as_deref(), Some("Coffee Club"));
    let plans = client.plans().list(id).send().await.expect("plans");
    let cycles: Vec<_> = plans.iter().map(|plan| plan.cycles.len()).collect();
    assert_eq!(cycles, [2, 3, 2]);

    assert_eq!(
        client.add_ons().list().send().await.expect("add-ons").len(),
        2
    );
    let id = key(&ids.named("addons", "Extra seats").to_string());
    let addon = client.add_ons().get(id).send().await.expect("an add-on");
    assert_eq!(addon.price_models[0].per_unit_price, minor(500));
    assert_eq!(
        client
            .allowances()
            .list()
            .send()
            .await
            .expect("allowances")
            .len(),
        1
    );
    let id = key(&ids.named("allowances", "API calls").to_string());
    let allowance = client
        .allowances()
        .get(id)
        .send()
        .await
        .expect("an allowance");
    assert!(
        allowance
            .counter
            .as_ref()
            .is_some_and(|counter| counter.counter_id.is_some())
    );

    assert_eq!(
        client
            .custom_fields()
            .list()
            .send()
            .await
            .expect("fields")
            .len(),
        3
    );
    let mary = key(&ids.customer("Mary"));
    let answers = client
        .custom_fields()
        .responses()
        .customer_unique_id(&mary)
        .send()
        .await
        .expect("answers");
    assert_eq!(answers.len(), 3);
    assert!(
        answers
            .iter()
            .all(|answer| answer.custom_field_response_id.is_some())
    );
}
