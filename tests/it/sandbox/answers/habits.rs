//! The odd habits of the API, which a client has to live with. Words as answers, and JSON that says it
//! is text, are compared with the documented examples.

use serde_json::{Value, json};

use super::cases::Ids;
use crate::sandbox::Running;

#[tokio::test]
async fn times_have_three_shapes() {
    let sandbox = Running::start().await;
    let ids = Ids::of(&sandbox).await;
    let (mary, team) = (ids.customer("Mary"), ids.subscription("Mary", "Team"));
    let invoice = ids.newest("invoices", "Mary");
    let page = "page=1&pageSize=100";
    let core = |path: String| format!("/core/sandbox{path}");
    let z = [
        core(format!("/customers?{page}")),
        core(format!("/customers/{mary}")),
        core(format!("/customers/{mary}/subscriptions")),
        core(format!("/customers/{mary}/invoices")),
        core(format!("/customers/{mary}/invoices/{invoice}/paymentlogs")),
        core(format!("/companies/invoices?{page}")),
    ];
    let no_zone = [
        core(format!("/subscriptions/{team}")),
        core(format!("/subscriptions?{page}")),
        core(format!("/subscriptions/{team}/logs?{page}")),
        format!("/core/invoices/{invoice}"),
    ];
    let offset = [
        core(format!("/companies/creditnotes?{page}")),
        core(format!("/customers/{}/creditNotes", ids.customer("Grace"))),
        format!(
            "/counters/usage/sandbox/subscriptions/{team}/counters/{}",
            ids.counter()
        ),
    ];
    let shapes = [
        (z.as_slice(), "Z", 24),
        (&no_zone, "", 26),
        (&offset, "+00:00", 29),
    ];
    for (paths, end, length) in shapes {
        for path in paths {
            let answer = sandbox.answer("GET", path, &Value::Null).await;
            let mut times = Vec::new();
            collect_times(&answer, &mut times);
            assert!(!times.is_empty(), "{path}");
            let has_shape = |time: &&str| time.ends_with(end) && time.len() == length;
            assert!(times.iter().all(has_shape), "{path}: {times:?}");
        }
    }
}

fn collect_times<'a>(value: &'a Value, times: &mut Vec<&'a str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect_times(item, times)),
        Value::Object(members) => members
            .values()
            .for_each(|member| collect_times(member, times)),
        Value::String(text) if text.get(10..11) == Some("T") && text.starts_with("20") => {
            times.push(text);
        }
        _ => {}
    }
}

#[tokio::test]
async fn some_numbers_are_texts_in_some_answers() {
    let sandbox = Running::start().await;
    let ids = Ids::of(&sandbox).await;
    let mary = ids.customer("Mary");
    let invoice = sandbox
        .answer(
            "GET",
            &format!("/core/invoices/{}", ids.newest("invoices", "Mary")),
            &Value::Null,
        )
        .await;
    let customer = sandbox.read(&format!("/customers/{mary}")).await;
    let taken = sandbox
        .read(&format!("/customers/{mary}/subscriptions"))
        .await;
    let notes = sandbox
        .read("/companies/creditnotes?page=1&pageSize=1")
        .await;
    let own_notes = sandbox
        .read(&format!("/customers/{}/creditNotes", ids.customer("Grace")))
        .await;
    let subscriptions = sandbox.read("/subscriptions?page=1&pageSize=1").await;
    let item = &invoice["subscriptions"][0]["subscriptionItems"][0];
    let texts = [
        (
            &customer,
            ["totalAmountPaid", "averageAmountPerMonth"].as_slice(),
        ),
        (&taken[0], &["revenue"]),
        (&notes["results"][0], &["amount"]),
        (&own_notes[0], &["amount"]),
        (&subscriptions["results"][0], &["planId", "productId"]),
        (
            &invoice,
            &[
                "invoiceId",
                "amount",
                "subTotal",
                "taxTotal",
                "refundableAmount",
            ],
        ),
        (item, &["units", "unitPrice", "discounts", "amount"]),
    ];
    for (answer, names) in texts {
        for name in names {
            let text = answer[name]
                .as_str()
                .unwrap_or_else(|| panic!("{name} of {answer}"));
            assert!(text.parse::<i64>().is_ok(), "{name}: {text}");
        }
    }
    // The same amount is a number in the lists of invoices.
    let listed = sandbox.read(&format!("/customers/{mary}/invoices")).await;
    let listed = listed.as_array().expect("a list").iter();
    let amounts: Vec<_> = listed
        .filter(|one| one["invoiceNumber"] == invoice["invoiceNumber"])
        .collect();
    assert_eq!(
        amounts[0]["amount"].to_string(),
        invoice["amount"].as_str().expect("a text")
    );
}

#[tokio::test]
async fn a_subscription_id_has_two_meanings() {
    let sandbox = Running::start().await;
    let ids = Ids::of(&sandbox).await;
    let team = ids.subscription("Mary", "Team");
    let taken = sandbox
        .read(&format!(
            "/customers/{}/subscriptions",
            ids.customer("Mary")
        ))
        .await;
    let taken = taken.as_array().expect("a list");
    assert!(taken.iter().any(|one| one["subscriptionId"] == json!(team)));
    let details = sandbox.read(&format!("/subscriptions/{team}")).await;
    assert_eq!(details["subscriptionUniqueId"], json!(team));
    assert!(details["subscriptionId"].is_i64());
    // The integer opens nothing.
    let path = format!("/core/sandbox/subscriptions/{}", details["subscriptionId"]);
    sandbox.send("GET", &path, &Value::Null).await.expect(404);
}

#[tokio::test]
async fn enumerations_are_numbers_in_the_catalogue_and_names_elsewhere() {
    let sandbox = Running::start().await;
    let ids = Ids::of(&sandbox).await;
    let product = ids.named("products", "Roast Desk");
    let plans = sandbox.read(&format!("/products/{product}/plans")).await;
    assert_eq!(plans[0]["cycles"][0]["pricingModel"]["frequencyType"], 3);
    assert_eq!(plans[0]["pricingModelType"], 2);
    let team = sandbox
        .read(&format!(
            "/subscriptions/{}",
            ids.subscription("Mary", "Team")
        ))
        .await;
    assert_eq!(team["planPricingModel"]["frequencyType"], "Monthly");
    assert_eq!(team["planPricingModel"]["billingDateType"], "Anniversary");
    let seats = sandbox
        .read(&format!("/addons/{}", ids.named("addons", "Extra seats")))
        .await;
    assert_eq!(seats["pricingModelType"], "PerUnit");
    assert_eq!(seats["priceModels"][0]["frequencyType"], "Monthly");
}

#[tokio::test]
async fn an_updated_customer_has_its_ids_under_other_names() {
    let sandbox = Running::start().await;
    let sofia = Ids::of(&sandbox).await.customer("Sofia");
    let address = sandbox.read(&format!("/customers/{sofia}")).await["billingAddress"].clone();
    let mut profile = json!({"firstName": "Sofia", "lastName": "Rossi", "email": "s@example.org"});
    profile["billingAddress"] = address;
    let reply = sandbox
        .core_with("PUT", &format!("/customers/{sofia}"), &profile)
        .await;
    let updated = reply.expect(200).json();
    assert_eq!(updated["uniqueId"], json!(sofia));
    assert!(updated["customerId"].is_string());
    assert!(updated.get("customerUniqueId").is_none());
    let erased = sandbox
        .core("PUT", &format!("/customers/{sofia}/gdprcleanup"))
        .await;
    let erased = erased.expect(200).json();
    assert_eq!(
        (&erased["uniqueId"], &erased["customerUniqueId"]),
        (&json!(sofia), &json!(sofia))
    );
}
