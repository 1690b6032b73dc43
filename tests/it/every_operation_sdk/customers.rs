//! Customers, their cards, and feature tags.

use billsby_sdk::Client;
use billsby_sdk::model::{
    AddFeatureTags, Address, AddressRequired, CardDetails, CardStatus, CustomerStatus, NewCard,
    NewCustomer, NewCustomerRequired, UpdateCustomer,
};

use super::TypedCall;
use crate::support::sdk::{MICROS, MILLIS, amount, key, minor, unix};

pub(super) const CALLS: &[(&str, TypedCall)] = &[
    ("Customer_listCustomers", |client| Box::pin(list(client))),
    ("Customer_createWithoutSubscription", |client| {
        Box::pin(create(client))
    }),
    ("Customer_getDetails", |client| Box::pin(get(client))),
    ("Customer_updateDetails", |client| Box::pin(update(client))),
    ("Customer_deleteById", |client| Box::pin(delete(client))),
    ("Customer_clearGdprData", |client| Box::pin(erase(client))),
    ("Invoice_getPaymentLogs", |client| {
        Box::pin(payment_logs(client))
    }),
    ("Customer_updatePaymentDetailsRequest", |client| {
        Box::pin(request_card_update(client))
    }),
    ("Customer_updatePaymentCardToken", |client| {
        Box::pin(update_card(client))
    }),
    ("Customer_getFeatureTags", |client| {
        Box::pin(tags_of_customer(client))
    }),
    ("Subscription_listTagsBySubscription", |client| {
        Box::pin(tags_of_subscription(client))
    }),
    ("Subscription_featureTagsSplit", |client| {
        Box::pin(tags_by_origin(client))
    }),
    ("Subscription_addFeatureTags", |client| {
        Box::pin(add_tags(client))
    }),
    ("Subscription_removeFeatureTag", |client| {
        Box::pin(remove_tag(client))
    }),
];

async fn list(client: &Client) -> String {
    let page = client
        .customers()
        .list()
        .page(2)
        .page_size(50)
        .search("ines.duarte+billing@example.com")
        .send()
        .await
        .unwrap();
    assert_eq!(page.current_page, Some(2));
    assert_eq!(page.page_count, Some(2));
    assert_eq!(page.page_size, Some(50));
    assert_eq!(page.row_count, Some(3));
    let [first, second, third] = &page.results[..] else {
        panic!("three customers: {page:?}");
    };

    assert_eq!(first.customer_unique_id, Some(key("8WER0F4J1R")));
    assert_eq!(first.first_name.as_deref(), Some("Ines"));
    assert_eq!(first.email.as_deref(), Some("ines.webb@example.com"));
    assert_eq!(unix(first.created_on.as_ref()), MILLIS);
    assert_eq!(first.status, Some(CustomerStatus::Active));
    assert_eq!(first.phone_number, None);
    assert_eq!(first.phone_number_dial_country, None);
    let address = first.billing_address.as_ref().unwrap();
    assert_eq!(address.address_line1.as_deref(), Some("2 Mill Lane"));
    assert_eq!(address.address_line2, None);
    assert_eq!(address.country.as_deref(), Some("United Kingdom"));

    assert_eq!(second.customer_unique_id, Some(key("6ZP37ULD4F")));
    assert_eq!(unix(second.created_on.as_ref()), MICROS);
    assert_eq!(second.status, Some(CustomerStatus::Inactive));
    assert_eq!(second.phone_number.as_deref(), Some("0612345678"));
    assert_eq!(second.phone_number_dial_code.as_deref(), Some("+33"));
    assert_eq!(second.phone_number_dial_country.as_deref(), Some("FRA"));
    assert_eq!(second.billing_address, None);

    // The names that the vendor's own page gives to the same values.
    assert_eq!(third.customer_id.as_deref(), Some("R5HN20PQ8V"));
    assert_eq!(third.phone_number_dial_country.as_deref(), Some("USA"));
    assert_eq!(unix(third.created_on.as_ref()), MILLIS);
    let status = third.status.as_ref().unwrap();
    assert!(matches!(status, CustomerStatus::Unknown(_)));
    assert_eq!(status.as_str(), "OnHold");
    format!("{page:?}")
}

async fn create(client: &Client) -> String {
    let card = CardDetails::new("Ines Duarte", "tok-5f2c9d7e1a", 9, 2029, "visa", "0042");
    let customer = NewCustomer::new(NewCustomerRequired {
        first_name: "Inês",
        last_name: "Duarte",
        email: "ines.duarte@example.com",
        address_line1: "14 Harbour Row",
        city: "Portland",
        state: "ME",
        post_code: "04101",
        country: "USA",
    })
    .address_line2("Flat 3")
    .card_details(card);
    let created = client.customers().create(&customer).send().await.unwrap();
    assert_eq!(created.customer_unique_id, Some(key("8WER0F4J1R")));
    format!("{created:?}")
}

async fn get(client: &Client) -> String {
    let id = key("8WER0F4J1R");
    let customer = client.customers().get(&id).send().await.unwrap();
    assert_eq!(customer.customer_unique_id, Some(id));
    assert_eq!(customer.company_currency.as_deref(), Some("USD"));
    assert_eq!(amount(customer.total_amount_paid.as_ref()), minor(4900));
    assert_eq!(
        amount(customer.average_amount_per_month.as_ref()),
        minor(1225)
    );
    assert_eq!(customer.card_status, Some(CardStatus::Valid));
    assert_eq!(customer.additional_email, None);
    assert_eq!(customer.phone_number_dial_country.as_deref(), Some("GBR"));
    assert_eq!(customer.phone_number.as_deref(), Some("07700900123"));
    assert_eq!(customer.is_marketing_consent_given, Some(false));
    assert_eq!(unix(customer.created_on.as_ref()), MILLIS);
    assert_eq!(customer.status, Some(CustomerStatus::Active));
    let address = customer.billing_address.as_ref().unwrap();
    assert_eq!(address.city.as_deref(), Some("Leeds"));
    assert_eq!(address.post_code.as_deref(), Some("LS1 4AP"));
    format!("{customer:?}")
}

async fn update(client: &Client) -> String {
    let address = Address::new(AddressRequired {
        address_line1: "2 Mill Lane",
        city: "Leeds",
        state: "West Yorkshire",
        post_code: "LS1 4AP",
        country: "GBR",
    })
    .address_line2("Unit B");
    let body = UpdateCustomer::new("Ines", "Duarte-Webb", "ines.webb@example.com", address)
        .phone_number_dial_country("GBR")
        .phone_number_dial_code("+44")
        .phone_number("07700900123");
    let customer = client
        .customers()
        .update(&key("8WER0F4J1R"), &body)
        .send()
        .await
        .unwrap();
    // Here the public id is called otherwise, and `customerId` is text of unclear meaning.
    assert_eq!(customer.unique_id, Some(key("8WER0F4J1R")));
    assert_eq!(customer.customer_id.as_deref(), Some("9QT4MZ"));
    assert_eq!(customer.last_name.as_deref(), Some("Duarte-Webb"));
    assert_eq!(unix(customer.created_on.as_ref()), MILLIS);
    assert_eq!(customer.status, None);
    format!("{customer:?}")
}

async fn delete(client: &Client) -> String {
    let customers = client.customers();
    let done = customers.delete(&key("6ZP37ULD4F")).send().await.unwrap();
    format!("{done:?}")
}

async fn erase(client: &Client) -> String {
    let id = key("6ZP37ULD4F");
    let customers = client.customers();
    let customer = customers.erase_personal_data(&id).send().await.unwrap();
    assert_eq!(customer.customer_unique_id, Some(id.clone()));
    assert_eq!(customer.unique_id, Some(id));
    assert_eq!(customer.first_name.as_deref(), Some("gdpr"));
    assert_eq!(customer.card_status, Some(CardStatus::Missing));
    assert_eq!(customer.status, Some(CustomerStatus::Inactive));
    assert_eq!(amount(customer.total_amount_paid.as_ref()), minor(4900));
    assert_eq!(customer.customer_tax_reg_number, None);
    format!("{customer:?}")
}

async fn payment_logs(client: &Client) -> String {
    let payments = client.payments();
    let logs = payments
        .logs(&key("8WER0F4J1R"), &key("8WER0F4J1R-1"))
        .send()
        .await
        .unwrap();
    let [first, second] = &logs[..] else {
        panic!("two entries: {logs:?}");
    };
    assert_eq!(first.payment_log_id, Some(9001));
    assert_eq!(first.gateway_id, Some(3));
    assert_eq!(first.gateway_name.as_deref(), Some("Test gateway"));
    assert_eq!(first.reference.as_deref(), Some("ref-20260302-1"));
    assert_eq!(first.payment_method.as_deref(), Some("Card"));
    assert_eq!(first.status.as_deref(), Some("Failed"));
    assert_eq!(unix(first.created_on.as_ref()), MILLIS);
    assert_eq!(second.reference, None);
    assert_eq!(second.status.as_deref(), Some("Paid"));
    assert_eq!(unix(second.created_on.as_ref()), MICROS);
    format!("{logs:?}")
}

async fn request_card_update(client: &Client) -> String {
    let id = key("8WER0F4J1R");
    let payments = client.payments();
    let done = payments.request_card_update(&id).send().await.unwrap();
    format!("{done:?}")
}

async fn update_card(client: &Client) -> String {
    let card = NewCard::new(
        "Ines Webb",
        "tok-77aa01bc34",
        1,
        2031,
        "american_express",
        "0005",
    );
    let id = key("8WER0F4J1R");
    let payments = client.payments();
    let done = payments.update_card(&id, &card).send().await.unwrap();
    format!("{done:?}")
}

async fn tags_of_customer(client: &Client) -> String {
    let id = key("8WER0F4J1R");
    let feature_tags = client.feature_tags();
    let tags = feature_tags.list_for_customer(&id).send().await.unwrap();
    assert_eq!(*tags, [key("api-access"), key("beta testers/2026")]);
    // Tags are no personal data; their `Debug` shows them.
    assert!(format!("{tags:?}").contains("beta testers/2026"));
    String::new()
}

async fn tags_of_subscription(client: &Client) -> String {
    let id = key("T3KD95NW0B");
    let feature_tags = client.feature_tags();
    let call = feature_tags.list_for_subscription(&id);
    let tags = call.send().await.unwrap();
    assert_eq!(*tags, [key("api-access"), key("sso")]);
    format!("{tags:?}")
}

async fn tags_by_origin(client: &Client) -> String {
    let id = key("T3KD95NW0B");
    let tags = client.feature_tags().split(&id).send().await.unwrap();
    assert_eq!(tags.plan_feature_tags, [key("sso")]);
    assert_eq!(tags.subscription_feature_tags, [key("api-access")]);
    format!("{tags:?}")
}

async fn add_tags(client: &Client) -> String {
    let body = AddFeatureTags::new(
        vec![key("T3KD95NW0B"), key("R8QX21LM7C")],
        vec![key("api-access"), key("beta testers/2026")],
    );
    let done = client.feature_tags().add(&body).send().await.unwrap();
    format!("{done:?}")
}

async fn remove_tag(client: &Client) -> String {
    let feature_tags = client.feature_tags();
    let call = feature_tags.remove(&key("beta testers/2026"), &key("T3KD95NW0B"));
    let done = call.send().await.unwrap();
    format!("{done:?}")
}
