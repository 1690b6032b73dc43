//! Subscriptions and their event logs.

use billsby_sdk::Client;
use billsby_sdk::key::{AllowanceId, CustomFieldId, CycleId, PlanId, ProductId};
use billsby_sdk::model::{
    AddonSelection, Address, AddressRequired, BillingDateType, CardDetails, ChangePlan, CouponCode,
    CustomFieldAnswer, FrequencyType, NewCustomerWithSubscription, NewRenewalDate, NewSubscription,
    PlanChangeType, ProRateOption, SubscriptionStatus, Visibility,
};
use serde_json::json;

use super::TypedCall;
use crate::support::sdk::{MICROS, MILLIS, amount, key, minor, unix};

pub(super) const CALLS: &[(&str, TypedCall)] = &[
    ("Subscription_listSubscriptions", |client| {
        Box::pin(list(client))
    }),
    ("Customer_getSubscriptionsByUniqueId", |client| {
        Box::pin(list_for_customer(client))
    }),
    ("Subscription_getDetails", |client| Box::pin(get(client))),
    ("Customer_createNewCustomerAndSubscription", |client| {
        Box::pin(create(client))
    }),
    ("Customer_addSubscriptionToExistingCustomer", |client| {
        Box::pin(add_to_customer(client))
    }),
    ("Subscription_changePlan", |client| {
        Box::pin(change_plan(client))
    }),
    ("Subscription_cancelSubscription", |client| {
        Box::pin(cancel(client))
    }),
    ("Subscription_updateRenewalDate", |client| {
        Box::pin(update_renewal_date(client))
    }),
    ("Subscription_getShippingAddress", |client| {
        Box::pin(shipping_address(client))
    }),
    ("Subscription_updateShippingAddress", |client| {
        Box::pin(update_shipping_address(client))
    }),
    ("Subscription_getEventLogs", |client| {
        Box::pin(event_logs(client))
    }),
];

async fn list(client: &Client) -> String {
    let page = client
        .subscriptions()
        .list()
        .page(2)
        .page_size(50)
        .order_by_descending("createdOn")
        .is_active(true)
        .is_in_free_trial(false)
        .product_name("Widget Cloud")
        .plan_name("Team & Co")
        .send()
        .await
        .unwrap();
    assert_eq!(page.row_count, Some(2));
    let [first, second] = &page.results[..] else {
        panic!("two subscriptions: {page:?}");
    };
    assert_eq!(first.subscription_unique_id, Some(key("T3KD95NW0B")));
    assert_eq!(first.subscription_id, Some(114));
    assert_eq!(first.customer_unique_id, Some(key("8WER0F4J1R")));
    assert_eq!(first.customer_id, Some(243));
    // Text here, numbers in the entry below.
    assert_eq!(first.plan_id, Some(PlanId::new(26)));
    assert_eq!(first.product_id, Some(ProductId::new(5)));
    assert_eq!(first.status, Some(SubscriptionStatus::Active));
    assert_eq!(first.is_in_free_trial, Some(false));
    assert_eq!(unix(first.created_on.as_ref()), MILLIS);
    assert_eq!(second.plan_id, Some(PlanId::new(155)));
    assert_eq!(second.product_id, Some(ProductId::new(7)));
    assert_eq!(second.status, Some(SubscriptionStatus::InTrial));
    assert_eq!(second.customer_email, None);
    assert_eq!(unix(second.created_on.as_ref()), MICROS);
    format!("{page:?}")
}

async fn list_for_customer(client: &Client) -> String {
    let id = key("8WER0F4J1R");
    let subscriptions = client.subscriptions();
    let list = subscriptions.list_for_customer(&id).send().await.unwrap();
    let [first, second] = &list[..] else {
        panic!("two subscriptions: {list:?}");
    };
    // What other answers call `subscriptionUniqueId`; its type says so.
    assert_eq!(first.subscription_id, Some(key("T3KD95NW0B")));
    assert_eq!(first.product_id, Some(ProductId::new(5)));
    assert_eq!(first.plan_id, Some(PlanId::new(26)));
    assert_eq!(amount(first.revenue.as_ref()), minor(4900));
    assert_eq!(unix(first.next_billing.as_ref()), MICROS);
    assert_eq!(unix(first.created_on.as_ref()), MILLIS);
    assert_eq!(first.units, Some(4));
    assert_eq!(second.status, Some(SubscriptionStatus::Cancelled));
    assert_eq!(amount(second.revenue.as_ref()), minor(0));
    assert_eq!(second.next_billing, None);
    assert_eq!(unix(second.created_on.as_ref()), MILLIS);
    format!("{list:?}")
}

async fn get(client: &Client) -> String {
    let id = key("T3KD95NW0B");
    let subscription = client.subscriptions().get(&id).send().await.unwrap();
    assert_eq!(subscription.subscription_unique_id, Some(id));
    assert_eq!(subscription.subscription_id, Some(114));
    assert_eq!(subscription.customer_unique_id, Some(key("8WER0F4J1R")));
    assert_eq!(subscription.plan_id, Some(PlanId::new(26)));
    assert_eq!(subscription.cycle_id, Some(CycleId::new(217)));
    assert_eq!(subscription.cycle_id_next, None);
    assert_eq!(subscription.contract_minimum_term_end, None);
    assert_eq!(subscription.status, Some(SubscriptionStatus::Active));
    assert_eq!(subscription.visibility, Some(Visibility::Public));
    assert_eq!(subscription.product_visibility, Some(Visibility::Public));
    assert_eq!(subscription.next_billing_amount, minor(4000));
    assert_eq!(subscription.total_revenue, minor(1446));
    let formatted = subscription.total_revenue_formatted.as_deref();
    assert_eq!(formatted, Some("$14.46"));
    assert_eq!(unix(subscription.created_on.as_ref()), MICROS);
    let next = unix(subscription.next_billing_date.as_ref());
    assert_eq!(next, Some((1_775_117_730, 250_417_000)));
    assert_eq!(
        (subscription.units, subscription.units_next),
        (Some(4), None)
    );
    assert!(subscription.next_plan_pricing_model.is_none());

    // Names, where plans have numbers.
    let pricing = subscription.plan_pricing_model.as_ref().unwrap();
    assert_eq!(pricing.frequency_type, Some(FrequencyType::Monthly));
    let billing_date_type = BillingDateType::FixedDayEachMonth;
    assert_eq!(pricing.billing_date_type, Some(billing_date_type));
    let pro_rate_option = ProRateOption::ProRateBasedOnDaysRemaining;
    assert_eq!(pricing.pro_rate_option, Some(pro_rate_option));
    let term = pricing.contract_term_frequency_type.as_ref().unwrap();
    assert_eq!(term.as_str(), "Unassigned");
    assert_eq!(pricing.setup_fee_price, None);
    let [first, last] = &pricing.tiers[..] else {
        panic!("two tiers");
    };
    assert_eq!((first.start, first.finish), (Some(1), Some(10)));
    assert_eq!((last.start, last.finish), (Some(11), None));
    assert_eq!(last.price, minor(900));
    format!("{subscription:?}")
}

async fn create(client: &Client) -> String {
    let address = Address::new(AddressRequired {
        address_line1: "9 Rue des Lilas",
        city: "Lyon",
        state: "Rhône",
        post_code: "69003",
        country: "FRA",
    })
    .address_line2("2e étage");
    let shipping = Address::new(AddressRequired {
        address_line1: "Quai 4",
        city: "Lyon",
        state: "Rhône",
        post_code: "69007",
        country: "FRA",
    });
    let card = CardDetails::new("Tomas O'Hara", "tok-3b81d04c6f", 12, 2028, "master", "4444");
    let body = NewCustomerWithSubscription::new(
        "Tomás",
        "O'Hara",
        "tomas.ohara@example.org",
        CycleId::new(217),
        3,
        address,
        card,
    )
    .shipping_address(shipping)
    .additional_email("compta@example.org")
    .phone_number_dial_country("FRA")
    .phone_number_dial_code("+33")
    .phone_number("0612345678")
    .marketing_consent(true)
    .custom_field_response(vec![CustomFieldAnswer::new(
        CustomFieldId::new(31),
        "Green",
    )])
    .add_ons(vec![AddonSelection::new(key("12")).quantity(1)])
    .allowances(vec![AllowanceId::new(402)])
    .coupon_codes(vec![CouponCode::new(PlanId::new(26), "WELCOME")]);
    let created = client.subscriptions().create(&body).send().await.unwrap();
    assert_eq!(created.customer_unique_id, Some(key("6ZP37ULD4F")));
    assert_eq!(created.subscription_unique_id, Some(key("R8QX21LM7C")));
    format!("{created:?}")
}

async fn add_to_customer(client: &Client) -> String {
    let address = Address::new(AddressRequired {
        address_line1: "2 Mill Lane",
        city: "Leeds",
        state: "West Yorkshire",
        post_code: "LS1 4AP",
        country: "GBR",
    });
    let shipping = Address::new(AddressRequired {
        address_line1: "Dock 7",
        city: "Leeds",
        state: "West Yorkshire",
        post_code: "LS11 5PS",
        country: "GBR",
    })
    .address_line2("Canal Wharf");
    let body = NewSubscription::new(CycleId::new(217))
        .units(4)
        .address(address)
        .shipping_address(shipping)
        .additional_email("accounts@example.com")
        .phone_number_dial_country("GBR")
        .phone_number_dial_code("+44")
        .phone_number("07700900123")
        .marketing_consent(false)
        .tax_reg_number("GB000000000")
        .ip_address("203.0.113.24")
        .custom_field_response(vec![
            CustomFieldAnswer::new(CustomFieldId::new(31), "Blue"),
            CustomFieldAnswer::new(CustomFieldId::new(32), "2026-12-01"),
        ])
        .add_ons(vec![
            AddonSelection::new(key("12")).quantity(2),
            AddonSelection::new(key("13")),
        ])
        .allowances(vec![AllowanceId::new(402), AllowanceId::new(403)])
        .coupon_codes(vec![CouponCode::new(PlanId::new(26), "AUTUMN26")]);
    let subscriptions = client.subscriptions();
    let call = subscriptions.add_to_customer(&key("8WER0F4J1R"), &body);
    let created = call.send().await.unwrap();
    assert_eq!(created.customer_unique_id, Some(key("8WER0F4J1R")));
    assert_eq!(created.subscription_unique_id, Some(key("T3KD95NW0B")));
    format!("{created:?}")
}

async fn change_plan(client: &Client) -> String {
    let body = ChangePlan::new(key("8WER0F4J1R"), PlanId::new(43), CycleId::new(218))
        .plan_change_type(PlanChangeType::OnRenewal)
        .units(5)
        .add_ons(vec![AddonSelection::new(key("12")).quantity(2)])
        .allowances(vec![AllowanceId::new(402)])
        .issue_refund(false);
    let subscriptions = client.subscriptions();
    let call = subscriptions.change_plan(&key("T3KD95NW0B"), &body);
    let done = call.send().await.unwrap();
    format!("{done:?}")
}

async fn cancel(client: &Client) -> String {
    let subscriptions = client.subscriptions();
    let call = subscriptions.cancel(&key("T3KD95NW0B"), &key("8WER0F4J1R"));
    let done = call.send().await.unwrap();
    format!("{done:?}")
}

async fn update_renewal_date(client: &Client) -> String {
    let body = NewRenewalDate::new(key("2027-01-15T09:30:00Z")).pause_subscription(true);
    let subscriptions = client.subscriptions();
    let call = subscriptions.update_renewal_date(&key("T3KD95NW0B"), &body);
    let done = call.send().await.unwrap();
    format!("{done:?}")
}

async fn shipping_address(client: &Client) -> String {
    let id = key("T3KD95NW0B");
    let subscriptions = client.subscriptions();
    let address = subscriptions.shipping_address(&id).send().await.unwrap();
    assert_eq!(address.address_line1.as_deref(), Some("2 Mill Lane"));
    assert_eq!(address.address_line2.as_deref(), Some("Dock 7"));
    assert_eq!(address.state.as_deref(), Some("West Yorkshire"));
    assert_eq!(address.country.as_deref(), Some("United Kingdom"));
    format!("{address:?}")
}

async fn update_shipping_address(client: &Client) -> String {
    let address = Address::new(AddressRequired {
        address_line1: "500 Pine St",
        city: "Austin",
        state: "TX",
        post_code: "78701",
        country: "USA",
    })
    .address_line2("Suite 210");
    let subscriptions = client.subscriptions();
    let call = subscriptions.update_shipping_address(&key("T3KD95NW0B"), &address);
    let done = call.send().await.unwrap();
    format!("{done:?}")
}

async fn event_logs(client: &Client) -> String {
    let id = key("T3KD95NW0B");
    let subscriptions = client.subscriptions();
    let call = subscriptions.event_logs(&id).page(2).page_size(50);
    let page = call.send().await.unwrap();
    let [first, second, third] = &page.results[..] else {
        panic!("three events: {page:?}");
    };
    assert_eq!(first.subscription_event_log_id, Some(501));
    assert_eq!(first.r#type.as_deref(), Some("PlanChanged"));
    // Free form, its nulls included.
    let data = json!({
        "from": {"planId": 26}, "to": {"planId": 43}, "by": null, "tries": [1, "two", true],
    });
    assert_eq!(first.event_data, Some(data));
    assert_eq!(unix(first.created_on.as_ref()), MILLIS);
    assert_eq!(second.event_data, Some(json!({})));
    assert_eq!(unix(second.created_on.as_ref()), MICROS);
    assert_eq!(third.event_data, None);
    assert_eq!(unix(third.created_on.as_ref()), MILLIS);
    format!("{page:?}")
}
