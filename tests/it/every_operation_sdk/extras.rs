//! Add-ons, allowances, counters and custom fields.

use billsby_sdk::Client;
use billsby_sdk::key::{
    AddonId, AllowanceId, CustomFieldId, CustomFieldResponseId, PlanId, ProductId,
};
use billsby_sdk::model::{
    CounterOperation, CustomFieldType, FrequencyType, NewCustomField, PricingModelType,
    UpdateCounter, UpdateCustomField, UpdateCustomFieldResponse,
};

use super::TypedCall;
use crate::support::sdk::{MILLIS, key, minor, unix};

pub(super) const CALLS: &[(&str, TypedCall)] = &[
    ("Addon_listAvailableAddons", |client| {
        Box::pin(list_add_ons(client))
    }),
    ("Addon_getDetails", |client| Box::pin(get_add_on(client))),
    ("Addon_getAddonList", |client| {
        Box::pin(add_ons_of_subscription(client))
    }),
    ("Allowance_getList", |client| {
        Box::pin(list_allowances(client))
    }),
    ("Allowance_getDetails", |client| {
        Box::pin(get_allowance(client))
    }),
    ("Allowance_getSpecificSubscriptionAllowances", |client| {
        Box::pin(allowances_of_subscription(client))
    }),
    ("Subscription_getCountersValue", |client| {
        Box::pin(get_counter(client))
    }),
    ("Subscription_updateCounter", |client| {
        Box::pin(update_counter(client))
    }),
    ("CustomField_list", |client| {
        Box::pin(list_custom_fields(client))
    }),
    ("CustomField_createNewField", |client| {
        Box::pin(create_custom_field(client))
    }),
    ("CustomField_updateField", |client| {
        Box::pin(update_custom_field(client))
    }),
    ("CustomField_getResponse", |client| {
        Box::pin(list_responses(client))
    }),
    ("Customer_updateCustomFieldResponse", |client| {
        Box::pin(update_response(client))
    }),
];

async fn list_add_ons(client: &Client) -> String {
    let list = client.add_ons().list().send().await.unwrap();
    let [first, second] = &list[..] else {
        panic!("two add-ons: {list:?}");
    };
    assert_eq!(first.addon_id, Some(AddonId::new(12)));
    assert_eq!(first.name.as_deref(), Some("extra-seats"));
    assert_eq!(first.has_active_linked_plans, Some(true));
    assert_eq!(second.addon_id, Some(AddonId::new(13)));
    assert_eq!(second.description, None);
    format!("{list:?}")
}

async fn get_add_on(client: &Client) -> String {
    let id = AddonId::new(12);
    let add_on = client.add_ons().get(id).send().await.unwrap();
    assert_eq!(add_on.addon_id, Some(id));
    // By name, where plans have a number.
    assert_eq!(add_on.pricing_model_type, Some(PricingModelType::PerUnit));
    assert_eq!(add_on.feature_tags, ["seats"]);
    assert_eq!(add_on.single_unit_name.as_deref(), Some("seat"));
    let [plan] = &add_on.plans[..] else {
        panic!("one plan");
    };
    assert_eq!(plan.plan_id, Some(PlanId::new(26)));
    assert_eq!(plan.force_addon, Some(false));
    let [price] = &add_on.price_models[..] else {
        panic!("one price");
    };
    assert_eq!(price.frequency_type, Some(FrequencyType::Monthly));
    assert_eq!(price.flat_fee_price, minor(1000));
    assert_eq!(price.per_unit_price, minor(150));
    let formatted = price.per_unit_price_formatted.as_deref();
    assert_eq!(formatted, Some("$1.50"));
    let [first, last] = &price.tiers[..] else {
        panic!("two tiers");
    };
    assert_eq!((first.start, first.finish), (Some(1), Some(5)));
    assert_eq!((last.finish, last.price), (None, minor(120)));
    format!("{add_on:?}")
}

async fn add_ons_of_subscription(client: &Client) -> String {
    let id = key("T3KD95NW0B");
    let add_ons = client.add_ons();
    let answer = add_ons.list_for_subscription(&id).send().await.unwrap();
    let [first, second] = &answer.addons[..] else {
        panic!("two add-ons: {answer:?}");
    };
    assert_eq!(first.id, Some(AddonId::new(12)));
    assert_eq!((first.quantity, first.quantity_next), (Some(2), None));
    assert_eq!(first.status.as_deref(), Some("Active"));
    assert_eq!(unix(first.next_update.as_ref()), MILLIS);
    assert_eq!(second.is_forced, Some(true));
    assert_eq!(second.next_update, None);
    format!("{answer:?}")
}

async fn list_allowances(client: &Client) -> String {
    let list = client.allowances().list().send().await.unwrap();
    let [only] = &list[..] else {
        panic!("one allowance: {list:?}");
    };
    assert_eq!(only.allowance_id, Some(AllowanceId::new(402)));
    assert_eq!(only.name.as_deref(), Some("api-calls"));
    format!("{list:?}")
}

async fn get_allowance(client: &Client) -> String {
    let id = AllowanceId::new(402);
    let allowance = client.allowances().get(id).send().await.unwrap();
    assert_eq!(allowance.allowance_id, Some(id));
    let counter = allowance.counter.as_ref().unwrap();
    assert_eq!(counter.counter_id, Some(key("api-calls")));
    assert_eq!(allowance.pricing_model_type, Some(PricingModelType::Volume));
    assert!(allowance.feature_tags.is_empty());
    assert_eq!(allowance.plans[0].force_allowance, Some(true));
    let price = &allowance.price_models[0];
    assert_eq!(price.included_units, Some(1000));
    assert_eq!(price.currency.as_deref(), Some("USD"));
    assert_eq!(price.tiers[0].price, minor(150));
    format!("{allowance:?}")
}

async fn allowances_of_subscription(client: &Client) -> String {
    let id = key("T3KD95NW0B");
    let allowances = client.allowances();
    let answer = allowances.list_for_subscription(&id).send().await.unwrap();
    let [only] = &answer.allowances[..] else {
        panic!("one allowance: {answer:?}");
    };
    assert_eq!(only.id, Some(AllowanceId::new(402)));
    assert_eq!((only.usage, only.included_units), (Some(2), Some(1000)));
    assert_eq!(only.is_forced, Some(true));
    format!("{answer:?}")
}

async fn get_counter(client: &Client) -> String {
    let counters = client.counters();
    let value = counters
        .get(&key("T3KD95NW0B"), &key("api-calls"))
        .from(&key("2026-10-01T00:00:00Z"))
        .to(&key("2026-10-31T23:59:59Z"))
        .send()
        .await
        .unwrap();
    assert_eq!(value.usage, Some(2));
    assert_eq!(unix(value.timestamp.as_ref()), MILLIS);
    format!("{value:?}")
}

async fn update_counter(client: &Client) -> String {
    let body = UpdateCounter::new(CounterOperation::Increment, 25);
    let counters = client.counters();
    let call = counters.update(&key("T3KD95NW0B"), &key("api-calls"), &body);
    let done = call.send().await.unwrap();
    format!("{done:?}")
}

async fn list_custom_fields(client: &Client) -> String {
    let list = client.custom_fields().list().send().await.unwrap();
    let [first, second] = &list[..] else {
        panic!("two fields: {list:?}");
    };
    assert_eq!(first.custom_field_id, Some(CustomFieldId::new(31)));
    assert_eq!(first.r#type, Some(CustomFieldType::DropdownField));
    assert_eq!(first.options.as_deref(), Some("Blue,Green,Red"));
    assert_eq!(second.r#type, Some(CustomFieldType::DatePickerField));
    assert_eq!((&second.options, second.compulsory), (&None, Some(false)));
    format!("{list:?}")
}

async fn create_custom_field(client: &Client) -> String {
    let kind = CustomFieldType::DropdownField;
    let body = NewCustomField::new(kind, "Colour", "Colour of the first widget", true)
        .options("Blue,Green,Red");
    let done = client.custom_fields().create(&body).send().await.unwrap();
    format!("{done:?}")
}

async fn update_custom_field(client: &Client) -> String {
    let body = UpdateCustomField::default()
        .label("Favourite colour")
        .description("Asked at sign-up")
        .options("Blue,Green")
        .compulsory(false);
    let custom_fields = client.custom_fields();
    let call = custom_fields.update(CustomFieldId::new(31), &body);
    let done = call.send().await.unwrap();
    format!("{done:?}")
}

async fn list_responses(client: &Client) -> String {
    let list = client
        .custom_fields()
        .responses()
        .product_id(ProductId::new(5))
        .customer_unique_id(&key("8WER0F4J1R"))
        .send()
        .await
        .unwrap();
    let [first, second] = &list[..] else {
        panic!("two answers: {list:?}");
    };
    let id = first.custom_field_response_id;
    assert_eq!(id, Some(CustomFieldResponseId::new(77)));
    assert_eq!(first.value.as_deref(), Some("Blue"));
    let field = first.custom_field.as_ref().unwrap();
    assert_eq!(field.custom_field_id, Some(CustomFieldId::new(31)));
    assert_eq!(field.label.as_deref(), Some("Colour"));
    assert_eq!(second.value, None);
    format!("{list:?}")
}

async fn update_response(client: &Client) -> String {
    let body = UpdateCustomFieldResponse::new("Green");
    let custom_fields = client.custom_fields();
    let call = custom_fields.update_response(CustomFieldResponseId::new(77), &body);
    let list = call.send().await.unwrap();
    let [only] = &list[..] else {
        panic!("one answer: {list:?}");
    };
    assert_eq!(only.value.as_deref(), Some("Green"));
    format!("{list:?}")
}
