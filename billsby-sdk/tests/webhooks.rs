//! Webhooks in the shapes that Billsby sends: names in `PascalCase`, thin, loosely typed.

use std::error::Error;

use billsby_sdk::webhook::{Delivery, Event, Secret};
use serde_json::{Value, json};

const ID: &str = "6f2c1f4e-8b1d-4a57-9a53-0d3f1f0a7c11";

fn parse(body: &Value) -> Delivery {
    Delivery::parse(body.to_string().as_bytes()).unwrap()
}

/// What is wrong with a body, and why, in one line.
fn problem(body: &str) -> String {
    let error = Delivery::parse(body.as_bytes()).unwrap_err();
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

#[test]
fn customer_events() {
    for kind in ["CustomerCreated", "CustomerUpdated", "CustomerDeleted"] {
        let delivery = parse(&json!({
            "Type": kind, "Id": ID,
            "CustomerUniqueId": "8WER0F4J1R", "Email": "mo@example.com",
            "FirstName": "Mo", "LastName": "Okafor",
            "SubscriptionIds": ["Y7MX4G314L", "M6JYJRPV4Q"],
        }));
        assert_eq!(delivery.id.as_deref(), Some(ID));
        assert_eq!(delivery.event.kind(), kind);
        let (Event::CustomerCreated(customer)
        | Event::CustomerUpdated(customer)
        | Event::CustomerDeleted(customer)) = delivery.event
        else {
            panic!("{kind} became {:?}", delivery.event);
        };
        assert_eq!(customer.customer_unique_id.unwrap().as_str(), "8WER0F4J1R");
        assert_eq!(customer.email.unwrap(), "mo@example.com");
        assert_eq!(customer.first_name.unwrap(), "Mo");
        assert_eq!(customer.last_name.unwrap(), "Okafor");
        let subscriptions: Vec<&str> = customer
            .subscription_ids
            .iter()
            .map(AsRef::as_ref)
            .collect();
        assert_eq!(subscriptions, ["Y7MX4G314L", "M6JYJRPV4Q"]);
    }
}

#[test]
fn subscription_events() {
    let mut body = json!({
        "Type": "SubscriptionCreated", "Id": ID,
        "SubscriptionUniqueId": "Y7MX4G314L", "CustomerUniqueId": "8WER0F4J1R",
        "SubscriptionStatus": "InTrial",
        "BillsbyProductId": 5, "BillsbyPlanId": 26, "BillsbyCycleId": 28, "Units": 3,
    });
    let Event::SubscriptionCreated(created) = parse(&body).event else {
        panic!("not created");
    };
    assert_eq!(
        created.subscription_unique_id.unwrap().as_str(),
        "Y7MX4G314L"
    );
    assert_eq!(created.customer_unique_id.unwrap().as_str(), "8WER0F4J1R");
    assert_eq!(created.status.unwrap().as_str(), "InTrial");
    assert_eq!(created.product_id.unwrap().get(), 5);
    assert_eq!(created.plan_id.unwrap().get(), 26);
    assert_eq!(created.cycle_id.unwrap().get(), 28);
    assert_eq!(created.units, Some(3));
    assert_eq!(created.next_billing_date, None);

    body["Type"] = "SubscriptionUpdated".into();
    body["NextBillingDate"] = "2026-06-22T10:17:42.018276".into();
    let Event::SubscriptionUpdated(updated) = parse(&body).event else {
        panic!("not updated");
    };
    assert_eq!(
        updated.next_billing_date.unwrap().unix_time(),
        Some((1_782_123_462, 18_276_000))
    );
}

#[test]
fn invoice_events() {
    let delivery = parse(&json!({
        "Type": "InvoiceCreated", "Id": ID, "InvoiceNumber": "8WER0F4J1R-3",
        "InvoiceAmount": 1450, "CurrencyCode": "USD", "InvoiceStatus": "Pending",
        "Url": "https://app.billsby.com/invoice/8WER0F4J1R-3",
    }));
    let Event::InvoiceCreated(invoice) = delivery.event else {
        panic!("no invoice");
    };
    assert_eq!(invoice.invoice_number.unwrap().as_str(), "8WER0F4J1R-3");
    assert_eq!(
        invoice.amount.unwrap().in_currency("USD").to_string(),
        "14.50 USD"
    );
    assert_eq!(invoice.currency_code.unwrap(), "USD");
    assert_eq!(invoice.status.unwrap().as_str(), "Pending");
    assert_eq!(
        invoice.url.unwrap(),
        "https://app.billsby.com/invoice/8WER0F4J1R-3"
    );
}

#[test]
fn credit_note_events() {
    let mut body = json!({
        "Type": "CreditNoteCreated", "Id": ID, "InvoiceNumber": "8WER0F4J1R-4",
        "CustomerId": 243, "CustomerUniqueId": "8WER0F4J1R", "CurrencyCode": "GBP",
        "Amount": 2999, "Status": "Pending",
        "Url": "https://app.billsby.com/invoice/8WER0F4J1R-4",
    });
    let Event::CreditNoteCreated(note) = parse(&body).event else {
        panic!("not created");
    };
    assert_eq!(note.credit_note_number.unwrap().as_str(), "8WER0F4J1R-4");
    assert_eq!(note.customer_id, Some(243));
    assert_eq!(note.customer_unique_id.unwrap().as_str(), "8WER0F4J1R");
    assert_eq!(note.amount.unwrap().minor_units(), 2999);
    assert_eq!(note.status.unwrap().as_str(), "Pending");

    body["Type"] = "CreditNoteUpdated".into();
    body["Status"] = "Paid".into();
    body.as_object_mut().unwrap().remove("CustomerUniqueId");
    let Event::CreditNoteUpdated(note) = parse(&body).event else {
        panic!("not updated");
    };
    assert_eq!(note.status.unwrap().as_str(), "Paid");
    assert_eq!(note.customer_unique_id, None);
    assert_eq!(note.currency_code.unwrap(), "GBP");
}

#[test]
fn unknown_types_are_kept_with_their_content() {
    let body = json!({"Type": "InvoicePaid", "Id": ID, "InvoiceAmount": "12.50", "New": null});
    let delivery = parse(&body);
    assert_eq!(delivery.event.kind(), "InvoicePaid");
    assert!(matches!(&delivery.event, Event::Other { kind, .. } if kind == "InvoicePaid"));
    assert_eq!(delivery.id.as_deref(), Some(ID));
    assert_eq!(delivery.raw, body);
}

#[test]
fn the_test_button_sends_nothing() {
    for body in ["", " \r\n", "\u{feff}", "null", "{}"] {
        let delivery = Delivery::parse(body.as_bytes()).unwrap();
        assert_eq!(delivery.event, Event::Test, "{body:?}");
        assert_eq!(delivery.event.kind(), "Test");
        assert_eq!(delivery.id, None);
    }
}

#[test]
fn loose_forms_and_new_fields_are_no_trouble() {
    let body = json!({
        "Type": "SubscriptionUpdated", "Id": ID,
        "SubscriptionUniqueId": "Y7MX4G314L", "CustomerUniqueId": null,
        "SubscriptionStatus": "Paused",
        "BillsbyProductId": "5", "BillsbyPlanId": "26", "BillsbyCycleId": "", "Units": "3",
        "NextBillingDate": "soon", "Somewhere": {"Deep": [1, "two"]},
    });
    let delivery = parse(&body);
    let Event::SubscriptionUpdated(subscription) = &delivery.event else {
        panic!("not updated");
    };
    assert_eq!(subscription.customer_unique_id, None);
    assert_eq!(subscription.status.as_ref().unwrap().as_str(), "Paused");
    assert_eq!(subscription.product_id.unwrap().get(), 5);
    assert_eq!(subscription.plan_id.unwrap().get(), 26);
    assert_eq!(subscription.cycle_id, None);
    assert_eq!(subscription.units, Some(3));
    let date = subscription.next_billing_date.as_ref().unwrap();
    assert_eq!((date.as_str(), date.unix_time()), ("soon", None));
    assert_eq!(delivery.raw, body, "the raw body is untouched");

    let bare = parse(&json!({"Type": "InvoiceCreated", "Id": "", "InvoiceAmount": "1450"}));
    assert_eq!(bare.id, None);
    let Event::InvoiceCreated(invoice) = bare.event else {
        panic!("no invoice");
    };
    assert_eq!(invoice.amount.unwrap().minor_units(), 1450);
    assert_eq!(invoice.invoice_number, None);

    let marked = "\u{feff}{\"Type\": \"CustomerDeleted\", \"SubscriptionIds\": null}";
    let event = Delivery::parse(marked.as_bytes()).unwrap().event;
    assert!(
        matches!(event, Event::CustomerDeleted(customer) if customer.subscription_ids.is_empty())
    );
}

#[test]
fn what_is_no_event_says_where_and_never_what() {
    let problems = [
        "<html>mo@example.com</html>",
        r#"{"Type": "CustomerCreated", "Email": "mo@example.com""#,
        r#"{"Id": "mo@example.com"}"#,
        r#"{"Type": " ", "Id": "mo@example.com"}"#,
        r#""mo@example.com""#,
        r#"["mo@example.com"]"#,
        r#"{"Type": ["mo@example.com"]}"#,
        r#"{"Type": "InvoiceCreated", "InvoiceAmount": "$14.50"}"#,
        r#"{"Type": "InvoiceCreated", "InvoiceAmount": 14.5}"#,
        r#"{"Type": "SubscriptionCreated", "BillsbyPlanId": "mo@example.com"}"#,
    ]
    .map(problem);
    insta::assert_snapshot!(problems.join("\n"), @r"
    the body of the webhook is not JSON: expected value at line 1 column 1
    the body of the webhook is not JSON: EOF while parsing an object at line 1 column 53
    the body of the webhook has no `Type`
    the body of the webhook has no `Type`
    the body of the webhook does not have the expected form at `$`: expected an object, found text
    the body of the webhook does not have the expected form at `$`: expected an object, found a list
    the body of the webhook does not have the expected form at `$.Type`: expected text, found a list
    the body of the webhook does not have the expected form at `$.InvoiceAmount`: expected a whole number of minor units, found other text
    the body of the webhook does not have the expected form at `$.InvoiceAmount`: expected a whole number of minor units, found decimal number
    the body of the webhook does not have the expected form at `$.BillsbyPlanId`: expected a whole number, found other text
    ");
}

#[test]
fn bytes_that_are_no_text_are_an_error() {
    let error = Delivery::parse(b"{\"Type\": \"\xff\"}").unwrap_err();
    insta::assert_snapshot!(error, @"the body of the webhook is not JSON");
}

#[test]
fn debug_shows_no_personal_data() {
    let delivery = parse(&json!({
        "Type": "CustomerCreated", "Id": ID, "CustomerUniqueId": "8WER0F4J1R",
        "Email": "mo@example.com", "FirstName": "Mo", "LastName": "Okafor",
    }));
    insta::assert_snapshot!(format!("{delivery:?}"), @r#"Delivery { id: Some("6f2c1f4e-8b1d-4a57-9a53-0d3f1f0a7c11"), event: CustomerCreated(CustomerEvent { .. }), .. }"#);
    let other = parse(&json!({"Type": "Moved", "Email": "mo@example.com"}));
    insta::assert_snapshot!(format!("{other:?}"), @r#"Delivery { id: None, event: Other { kind: "Moved" }, .. }"#);
}

#[test]
fn the_secret_is_compared_exactly() {
    let secret = Secret::new(" s3cret\n").unwrap();
    assert!(secret.matches(Some("s3cret")));
    assert!(secret.matches(Some(b"s3cret".as_slice())));
    assert!(secret.matches(Some(" s3cret ".to_owned())));
    for wrong in [
        "",
        " ",
        "s3cre",
        "s3crets",
        "S3cret",
        "t3cret",
        "s3cret,s3cret",
    ] {
        assert!(!secret.matches(Some(wrong)), "{wrong:?}");
    }
    assert!(!secret.matches(None::<&str>));
    assert!(!secret.matches(Some([0xff_u8; 6])));
}

#[test]
fn an_empty_secret_is_refused() {
    assert!(Secret::new("").is_err() && Secret::new("\n").is_err());
    let error = Secret::new(" ").unwrap_err();
    insta::assert_snapshot!(error, @"the webhook secret must not be empty");
}

#[test]
fn the_header_can_be_renamed_and_the_secret_is_never_shown() {
    let secret = Secret::new("s3cret").unwrap();
    assert_eq!(secret.header_name(), Secret::HEADER_NAME);
    let renamed = secret.with_header_name("x-billsby-secret");
    assert_eq!(renamed.header_name(), "x-billsby-secret");
    assert!(renamed.matches(Some("s3cret")));
    insta::assert_snapshot!(format!("{renamed:?}"), @r#"Secret { header_name: "x-billsby-secret", .. }"#);
}

#[test]
fn events_travel_between_threads() {
    fn travels<T: Send + Sync + 'static>() {}
    travels::<Delivery>();
    travels::<Secret>();
    travels::<billsby_sdk::webhook::InvalidBody>();
}
