//! Customers of the sandbox and their cards.

use billsby_mcp::sandbox::Options;
use serde_json::{Value, json};

use super::{Running, standing};

const CUSTOMERS: &str = "/core/sandbox/customers";
/// The id of nobody.
const NOBODY: &str = "0000000000";

fn nobody() -> String {
    format!("{CUSTOMERS}/{NOBODY}")
}

/// Mary Quinn, as an update sends her without a phone.
fn profile() -> Value {
    json!({
        "firstName": "Mary",
        "lastName": "Quinn-Smith",
        "email": "mary.quinn@example.com",
        "billingAddress": {
            "addressLine1": "2 New Street",
            "city": "York",
            "state": "North Yorkshire",
            "postCode": "YO1 8AA",
            "country": "GBR",
        },
    })
}

fn card(last4: &str) -> Value {
    json!({
        "fullName": "Mary Quinn",
        "paymentCardtoken": "tok_new",
        "expiryMonth": 11,
        "expiryYear": 2031,
        "cardType": "visa",
        "last4Digits": last4,
    })
}

#[tokio::test]
async fn pages_hold_every_customer_once() {
    let sandbox = Running::start().await;
    let count = sandbox.state().await["customers"]
        .as_object()
        .expect("customers")
        .len();
    let mut seen = Vec::new();
    for number in 1.. {
        let page = sandbox
            .read(&format!("/customers?page={number}&pageSize=50"))
            .await;
        let rows = page["results"].as_array().expect("rows");
        assert_eq!(page["currentPage"], number);
        assert_eq!(page["pageSize"], 50);
        assert_eq!(page["pageCount"], count.div_ceil(50));
        assert_eq!(page["rowCount"], rows.len());
        if rows.is_empty() {
            break;
        }
        seen.extend(rows.iter().map(|row| row["customerUniqueId"].to_string()));
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), count);
}

#[tokio::test]
async fn the_search_finds_names_and_addresses_in_any_case() {
    let sandbox = Running::start().await;
    for search in ["mary%20qui", "MARY.QUINN@", "quinn"] {
        let page = sandbox
            .read(&format!("/customers?page=1&pageSize=10&search={search}"))
            .await;
        let found = &page["results"][0];
        assert_eq!(found["email"], "mary.quinn@example.com", "{search}");
        assert_eq!(found["status"], "Active");
        assert_eq!(page["rowCount"], 1, "{search}");
    }
    let page = sandbox
        .read("/customers?page=1&pageSize=10&search=no%20such%20name")
        .await;
    assert_eq!(
        page,
        json!({
            "currentPage": 1, "pageCount": 0, "pageSize": 10, "rowCount": 0, "results": [],
        })
    );
}

#[tokio::test]
async fn a_customer_is_shown_with_status_card_and_totals() {
    let sandbox = Running::start().await;
    let id = sandbox.customer("dana.whitfield@example.com").await;
    let dana = sandbox.read(&format!("/customers/{id}")).await;
    assert_eq!(dana["customerUniqueId"], id);
    assert_eq!(dana["status"], "Active");
    assert_eq!(dana["cardStatus"], "Valid");
    assert_eq!(dana["totalAmountPaid"], (4 * 4900).to_string());
    assert_eq!(dana["companyCurrency"], "USD");
    assert!(dana["createdOn"].as_str().expect("a time").ends_with('Z'));

    let id = sandbox.customer("carlos.mendes@example.com").await;
    let carlos = sandbox.read(&format!("/customers/{id}")).await;
    assert_eq!(carlos["status"], "Inactive");
    assert_eq!(carlos["cardStatus"], "Missing");
    assert_eq!(carlos["totalAmountPaid"], "0");
    assert_eq!(carlos["averageAmountPerMonth"], "0");

    let read = ("GET", nobody(), Value::Null);
    sandbox
        .refuses((read.0, &read.1, &read.2), 404, "no customer has")
        .await;
}

#[tokio::test]
async fn the_average_is_over_whole_months() {
    let sandbox = Running::start().await;
    let id = sandbox.customer("dana.whitfield@example.com").await;
    let path = format!("/customers/{id}");
    // Came 420 days ago: 13 months.
    assert_eq!(
        sandbox.read(&path).await["averageAmountPerMonth"],
        (4 * 4900 / 13).to_string()
    );
}

#[tokio::test]
async fn creating_twice_makes_two_customers() {
    let sandbox = Running::start().await;
    let body = json!({
        "firstName": "Nils", "lastName": "Berg", "email": "nils.berg@example.com",
        "addressLine1": "Storgata 1", "city": "Oslo", "state": "Oslo", "postCode": "0155", "country": "NOR",
        "cardDetails": {
            "fullName": "Nils Berg", "paymentCardToken": "tok_1", "expiryMonth": 2, "expiryYear": 2030,
            "cardType": "visa", "last4Digits": "4242",
        },
    });
    let first = sandbox.answer("POST", CUSTOMERS, &body).await;
    let second = sandbox.answer("POST", CUSTOMERS, &body).await;
    assert_ne!(first, second);
    let created = ("customer_created".to_owned(), "customers.create".to_owned());
    assert_eq!(sandbox.effects(0).await, [created.clone(), created]);

    let id = first["customerUniqueId"].as_str().expect("an id");
    let nils = sandbox.read(&format!("/customers/{id}")).await;
    assert_eq!(nils["firstName"], "Nils");
    assert_eq!(nils["cardStatus"], "Valid");
    assert_eq!(nils["status"], "Inactive");
    assert_eq!(nils["createdOn"], "2026-03-02T08:00:00.000Z");
    assert_eq!(
        nils["billingAddress"],
        json!({
            "addressLine1": "Storgata 1", "city": "Oslo", "state": "Oslo", "postCode": "0155", "country": "NOR",
        })
    );
}

#[tokio::test]
async fn an_update_replaces_the_whole_profile() {
    let sandbox = Running::start().await;
    let id = sandbox.customer("mary.quinn@example.com").await;
    let path = format!("{CUSTOMERS}/{id}");
    let mut body = profile();
    body["phoneNumber"] = "1134960000".into();
    body["phoneNumberDialCode"] = "+44".into();
    body["phoneNumberDialCountry"] = "GBR".into();
    body["billingAddress"]["addressLine2"] = "Flat 3".into();
    sandbox.answer("PUT", &path, &body).await;
    let mary = sandbox.answer("GET", &path, &Value::Null).await;
    assert_eq!(mary["phoneNumber"], "1134960000");
    assert_eq!(mary["billingAddress"]["addressLine2"], "Flat 3");

    let answer = sandbox.answer("PUT", &path, &profile()).await;
    assert_eq!(answer["uniqueId"], id);
    assert!(answer["customerId"].is_string());
    assert!(answer.get("customerUniqueId").is_none());
    let mary = sandbox.answer("GET", &path, &Value::Null).await;
    assert_eq!(mary["lastName"], "Quinn-Smith");
    for gone in [
        "phoneNumber",
        "phoneNumberDialCode",
        "phoneNumberDialCountry",
    ] {
        assert_eq!(mary[gone], Value::Null, "{gone}");
    }
    assert_eq!(mary["billingAddress"], profile()["billingAddress"]);
    assert_eq!(sandbox.count("customer_updated").await, 2);

    sandbox
        .refuses(("PUT", &nobody(), &profile()), 404, "no customer has")
        .await;
}

#[tokio::test]
async fn deleting_ends_subscriptions_and_keeps_the_books() {
    let sandbox = Running::start().await;
    let id = sandbox.customer("mary.quinn@example.com").await;
    let before = sandbox.state().await;
    let path = format!("{CUSTOMERS}/{id}");
    sandbox
        .changes("DELETE", &path, &Value::Null, "Success")
        .await;

    let ended = (
        "subscription_cancelled".to_owned(),
        "customers.delete".to_owned(),
    );
    let deleted = ("customer_deleted".to_owned(), "customers.delete".to_owned());
    assert_eq!(sandbox.effects(0).await, [ended.clone(), ended, deleted]);
    let after = sandbox.state().await;
    assert_eq!(before["invoices"], after["invoices"]);
    assert!(after["customers"].get(&id).is_none());
    let subscriptions = after["subscriptions"].as_object().expect("subscriptions");
    let hers: Vec<&Value> = subscriptions
        .values()
        .filter(|found| found["customer"] == id)
        .collect();
    assert_eq!(hers.len(), 3);
    for subscription in hers {
        assert_eq!(subscription["status"], "Cancelled");
        assert_eq!(subscription["next_billing"], Value::Null);
    }
    let page = sandbox
        .read("/customers?page=1&pageSize=10&search=quinn")
        .await;
    assert_eq!(page["rowCount"], 0);
    for method in ["GET", "DELETE"] {
        sandbox
            .refuses((method, &path, &Value::Null), 404, "no customer has")
            .await;
    }
    let answers = format!("/core/sandbox/customfieldResponses?customerUniqueId={id}");
    sandbox
        .refuses(("GET", &answers, &Value::Null), 404, "no customer has")
        .await;
}

#[tokio::test]
async fn erasing_leaves_amounts_and_no_personal_data() {
    let sandbox = Running::start().await;
    let id = sandbox.customer("mary.quinn@example.com").await;
    let path = format!("{CUSTOMERS}/{id}");
    let before = sandbox.answer("GET", &path, &Value::Null).await;
    let erased = sandbox
        .answer("PUT", &format!("{path}/gdprcleanup"), &Value::Null)
        .await;
    for name in ["uniqueId", "customerUniqueId"] {
        assert_eq!(erased[name], id);
    }
    for name in ["firstName", "lastName", "email"] {
        assert_eq!(erased[name], "gdpr");
    }
    for name in ["totalAmountPaid", "status", "createdOn"] {
        assert_eq!(erased[name], before[name]);
    }
    let state = sandbox.state().await;
    assert_eq!(state["customers"][&id]["card"]["full_name"], "gdpr");
    let text = state.to_string();
    for personal in [
        "Quinn",
        "Canal Wharf",
        "1 High Street",
        "Leave it with the neighbour",
    ] {
        assert!(!text.contains(personal), "{personal}");
    }
    assert_eq!(sandbox.count("personal_data_erased").await, 1);

    let path = format!("{}/gdprcleanup", nobody());
    sandbox
        .refuses(("PUT", &path, &Value::Null), 404, "no customer has")
        .await;
}

#[tokio::test]
async fn erasing_leaves_nothing_that_was_typed() {
    let sandbox = Running::start().await;
    let id = sandbox.customer("mary.quinn@example.com").await;
    let basic = sandbox
        .subscription("mary.quinn@example.com", "Basic")
        .await;
    let path = format!("{CUSTOMERS}/{id}");
    let tags = json!({"subscriptionUniqueIds": [basic], "tagNames": ["typed one", "typed two"]});
    let mut card = card("4242");
    card["fullName"] = "typed name".into();
    card["paymentCardtoken"] = "typed token".into();
    card["cardType"] = "typed type".into();
    let charge = json!({"currencyCode": "USD", "amount": 100, "description": "typed words"});
    let requests = [
        ("POST", "/core/sandbox/subscriptions/tags".to_owned(), tags),
        ("PUT", format!("{path}/paymentCard"), card),
        ("POST", format!("{path}/invoices"), charge),
        (
            "DELETE",
            format!("/core/sandbox/subscriptions/tags/typed%20two?subsId={basic}"),
            Value::Null,
        ),
    ];
    for (method, path, body) in &requests {
        sandbox.send(method, path, body).await.expect(200);
    }
    assert!(sandbox.state().await.to_string().contains("typed two"));
    sandbox
        .answer("PUT", &format!("{path}/gdprcleanup"), &Value::Null)
        .await;
    let state = sandbox.state().await;
    assert!(!state.to_string().contains("typed"));
    assert_eq!(
        state["subscriptions"][&basic]["feature_tags"],
        json!(["gdpr"])
    );
    // It still tells what the card does.
    assert_eq!(state["customers"][&id]["card"]["last4"], "4242");
}

#[tokio::test]
async fn a_new_card_replaces_the_old_one() {
    let sandbox = Running::start().await;
    let id = sandbox.customer("mary.quinn@example.com").await;
    let path = format!("{CUSTOMERS}/{id}/paymentCard");
    sandbox
        .changes("PUT", &path, &card("0002"), "Success")
        .await;
    let kept = &sandbox.state().await["customers"][&id]["card"];
    assert_eq!(kept["last4"], "0002");
    assert_eq!(kept["token"], "tok_new");
    let changed = ("card_changed".to_owned(), "payments.update_card".to_owned());
    assert_eq!(sandbox.effects(0).await, [changed]);

    let path = format!("{}/paymentCard", nobody());
    sandbox
        .refuses(("PUT", &path, &card("0002")), 404, "no customer has")
        .await;
}

#[tokio::test]
async fn every_request_for_a_card_sends_an_email() {
    let sandbox = Running::start().await;
    let id = sandbox.customer("mary.quinn@example.com").await;
    let path = format!("{CUSTOMERS}/{id}/paymentdetailsrequest");
    for sent in 1..=2 {
        sandbox
            .changes("GET", &path, &Value::Null, "Success\n")
            .await;
        assert_eq!(sandbox.count("email_sent").await, sent);
    }
    let path = format!("{}/paymentdetailsrequest", nobody());
    sandbox
        .refuses(("GET", &path, &Value::Null), 404, "no customer has")
        .await;
}

#[tokio::test]
async fn a_large_company_has_its_last_page() {
    let options = Options {
        customers: 3_000,
        ..standing()
    };
    let sandbox = Running::with(options).await;
    let page = sandbox.read("/customers?page=1&pageSize=100").await;
    let last = page["pageCount"].as_u64().expect("a number");
    assert!(last > 30, "{last}");
    let page = sandbox
        .read(&format!("/customers?page={last}&pageSize=100"))
        .await;
    assert_ne!(page["rowCount"], 0);
}
