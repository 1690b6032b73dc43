//! Products, plans and cycles.

use billsby_sdk::Client;
use billsby_sdk::key::{CustomFieldId, CycleId, PlanId, ProductId};
use billsby_sdk::model::{
    AddonPrice, AllowancePrice, BillingDateType, CountryLimitation, CountrySetting,
    CustomFieldType, CycleAddon, CycleAllowance, FrequencyType, NewCycle, NewCycles, NewPlan,
    NewProduct, PriceTier, PricingModelType, ProRateOption, ReorderPlans, UpdateCycle, UpdatePlan,
    UpdateProduct, Visibility,
};
use billsby_sdk::types::Amount;

use super::TypedCall;
use crate::support::sdk::{key, minor};

pub(super) const CALLS: &[(&str, TypedCall)] = &[
    ("Product_getDetails", |client| Box::pin(get(client))),
    ("Product_listProducts", |client| Box::pin(list(client))),
    ("Product_createNewProduct", |client| {
        Box::pin(create(client))
    }),
    ("Product_updateProduct", |client| Box::pin(update(client))),
    ("Product_listPlans", |client| Box::pin(list_plans(client))),
    ("Product_createPlan", |client| Box::pin(create_plan(client))),
    ("Product_updatePlanAndCycle", |client| {
        Box::pin(update_plan(client))
    }),
    ("Product_updatePlanOrder", |client| {
        Box::pin(reorder_plans(client))
    }),
    ("Product_createCycle", |client| {
        Box::pin(create_cycles(client))
    }),
];

async fn get(client: &Client) -> String {
    let id = ProductId::new(5);
    let product = client.products().get(id).send().await.unwrap();
    assert_eq!(product.product_id, Some(id));
    assert_eq!(product.name.as_deref(), Some("widget-cloud"));
    assert_eq!(product.visibility, Some(Visibility::Public));
    assert_eq!(product.billing_currency.as_deref(), Some("USD"));
    assert_eq!(product.type_of_product, Some(1));
    assert_eq!(product.has_plans, Some(true));
    assert_eq!(product.number_of_plans, Some(2));
    assert_eq!(product.is_marketing_consent_required, Some(true));
    assert_eq!(product.is_shipping_address_required, Some(false));
    assert_eq!(product.alert_email, None);
    let limitation = product.product_country_limitation.as_ref().unwrap();
    assert_eq!(limitation.is_any_country_allowed, Some(false));
    let setting = CountrySetting::new("GBR", 1);
    assert_eq!(limitation.country_settings, Some(vec![setting]));
    format!("{product:?}")
}

async fn list(client: &Client) -> String {
    let page = client
        .products()
        .list()
        .page(2)
        .page_size(50)
        .search("cloud")
        .visibility_type(Visibility::OffSale)
        .send()
        .await
        .unwrap();
    let [first, second] = &page.results[..] else {
        panic!("two products: {page:?}");
    };
    assert_eq!(first.product_id, Some(ProductId::new(5)));
    let [field] = &first.custom_fields[..] else {
        panic!("one custom field");
    };
    assert_eq!(field.custom_field_id, Some(CustomFieldId::new(31)));
    assert_eq!(field.r#type, Some(CustomFieldType::DropdownField));
    assert_eq!(field.compulsory, Some(true));
    let order = [CustomFieldId::new(31), CustomFieldId::new(32)];
    assert_eq!(first.ordered_custom_fields, order);
    assert_eq!(second.visibility, Some(Visibility::OffSale));
    // A list that is null.
    assert!(second.custom_fields.is_empty());
    assert!(second.ordered_custom_fields.is_empty());
    format!("{page:?}")
}

async fn create(client: &Client) -> String {
    let limitation = CountryLimitation::default()
        .is_any_country_allowed(true)
        .country_settings(vec![CountrySetting::new("USA", 1)]);
    let body = NewProduct::new("widget-post", "Widget Post", "USD", Visibility::Public)
        .description("Widgets by mail")
        .is_shipping_address_required(true)
        .is_shipping_address_validation_required(true)
        .is_billing_address_validation_required(false)
        .is_additional_email_required(false)
        .is_phone_number_required(true)
        .is_marketing_consent_required(false)
        .alert_email("post-alerts@example.com")
        .ordered_custom_fields(vec![CustomFieldId::new(31)])
        .type_of_product(1)
        .product_country_limitation(limitation);
    let product = client.products().create(&body).send().await.unwrap();
    assert_eq!(product.product_id, Some(ProductId::new(7)));
    assert_eq!(product.visibility, Some(Visibility::Public));
    assert_eq!(product.has_plans, Some(false));
    assert_eq!(product.description, None);
    assert!(product.product_country_limitation.is_none());
    format!("{product:?}")
}

async fn update(client: &Client) -> String {
    let setting = |country| CountrySetting::new(country, 1);
    let limitation = CountryLimitation::default()
        .is_any_country_allowed(false)
        .country_settings(vec![setting("GBR"), setting("IRL")]);
    let body = UpdateProduct::default()
        .name("widget-cloud")
        .visibility(Visibility::Internal)
        .billing_currency("GBP")
        .display_name("Widget Cloud")
        .description("Hosted widgets for small teams")
        .is_shipping_address_required(false)
        .is_shipping_address_validation_required(false)
        .is_billing_address_validation_required(true)
        .is_additional_email_required(true)
        .is_phone_number_required(false)
        .is_marketing_consent_required(true)
        .alert_email("billing-alerts@example.com")
        .ordered_custom_fields(vec![CustomFieldId::new(32), CustomFieldId::new(31)])
        .type_of_product(1)
        .product_country_limitation(limitation);
    let products = client.products();
    let call = products.update(ProductId::new(5), &body);
    let product = call.send().await.unwrap();
    assert_eq!(product.visibility, Some(Visibility::Internal));
    let template = product.billing_currency_template.as_deref();
    assert_eq!(template, Some("£X.XX"));
    format!("{product:?}")
}

async fn list_plans(client: &Client) -> String {
    let plans = client.plans().list(ProductId::new(5)).send().await.unwrap();
    let [first, second] = &plans[..] else {
        panic!("two plans: {plans:?}");
    };
    assert_eq!(first.plan_id, Some(PlanId::new(26)));
    assert_eq!(first.product_id, Some(ProductId::new(5)));
    assert_eq!(first.pricing_model_type, Some(PricingModelType::FlatFee));
    // A word here, digits as text below, a number for products: all the same.
    assert_eq!(first.visibility, Some(Visibility::Public));
    assert_eq!(first.feature_tags, ["sso"]);
    assert_eq!(first.has_active_subscription, Some(true));
    let [monthly, yearly] = &first.cycles[..] else {
        panic!("two cycles");
    };
    assert_eq!(monthly.cycle_id, Some(CycleId::new(217)));
    assert_eq!(monthly.plan_id, Some(PlanId::new(26)));
    let pricing = monthly.pricing_model.as_ref().unwrap();
    assert_eq!(pricing.pricing_model_id, Some(129));
    assert_eq!(pricing.frequency_type, Some(FrequencyType::Monthly));
    assert_eq!(pricing.free_trial, Some(14));
    let trial = pricing.free_trial_frequency_type.as_ref();
    assert_eq!(trial, Some(&FrequencyType::Daily));
    assert_eq!(pricing.setup_fee_price, minor(2500));
    let billing_date_type = pricing.billing_date_type.as_ref();
    assert_eq!(billing_date_type, Some(&BillingDateType::Anniversary));
    assert_eq!(pricing.pro_rate_option, Some(ProRateOption::DoNotProRate));
    assert_eq!(pricing.fixed_billing_date_day, None);
    assert_eq!(yearly.visibility, Some(Visibility::Hidden));

    assert_eq!(second.pricing_model_type, Some(PricingModelType::Tiered));
    assert_eq!(second.visibility, Some(Visibility::Internal));
    assert!(second.cycles.is_empty() && second.feature_tags.is_empty());
    format!("{plans:?}")
}

async fn create_plan(client: &Client) -> String {
    let model = PricingModelType::FlatFee;
    let body = NewPlan::new("team", "Team", model, Visibility::Public)
        .description("For teams up to ten")
        .feature_tags(vec!["api-access".to_owned(), "sso".to_owned()])
        .redirect_url("https://widgets.example.com/welcome")
        .alert_email("plan-alerts@example.com");
    let plans = client.plans();
    let call = plans.create(ProductId::new(5), &body);
    let plan = call.send().await.unwrap();
    assert_eq!(plan.plan_id, Some(PlanId::new(43)));
    assert_eq!(plan.visibility, Some(Visibility::Public));
    assert_eq!(plan.feature_tags, ["api-access", "sso"]);
    let [cycle] = &plan.cycles[..] else {
        panic!("one cycle");
    };
    assert_eq!(cycle.cycle_id, Some(CycleId::new(219)));
    assert_eq!(cycle.visibility, Some(Visibility::Public));
    let pricing = cycle.pricing_model.as_ref().unwrap();
    // The number for "none", which has no name.
    let term = pricing.contract_term_frequency_type.as_ref().unwrap();
    assert_eq!(term.number(), Some(0));
    format!("{plan:?}")
}

async fn update_plan(client: &Client) -> String {
    let price = Amount::from_minor_units;
    let cycle = UpdateCycle::new(CycleId::new(217))
        .frequency(3)
        .frequency_type(FrequencyType::Weekly)
        .price(price(5900))
        .free_trial(1)
        .free_trial_frequency_type(FrequencyType::Monthly)
        .setup_fee_price(price(0))
        .free_quantity(2)
        .billing_date_type(BillingDateType::FixedDayOfTheWeek)
        .fixed_billing_date_day(2)
        .pro_rate_option(ProRateOption::DoNotChargeUntilNextCycle)
        .visibility(Visibility::Public)
        .tiers(vec![
            PriceTier::new(1, price(5900)).finish(20),
            PriceTier::new(21, price(5500)),
        ]);
    let tags = ["api-access", "sso", "audit"].map(str::to_owned);
    let body = UpdatePlan::default()
        .name("team")
        .display_name("Team Plus")
        .description("For teams up to twenty")
        .feature_tags(tags.into())
        .visibility(Visibility::OffSale)
        .redirect_url("https://widgets.example.com/hello")
        .alert_email("plan-alerts@example.com")
        .cycles(vec![cycle]);
    let plans = client.plans();
    let call = plans.update(ProductId::new(5), PlanId::new(43), &body);
    let done = call.send().await.unwrap();
    format!("{done:?}")
}

async fn reorder_plans(client: &Client) -> String {
    let body = ReorderPlans::new([43, 26, 155].map(PlanId::new).into());
    let plans = client.plans();
    let call = plans.reorder(ProductId::new(5), &body);
    let done = call.send().await.unwrap();
    format!("{done:?}")
}

async fn create_cycles(client: &Client) -> String {
    let cycles = client.cycles();
    let call = cycles.create(ProductId::new(5), PlanId::new(43), &new_cycles());
    let created = call.send().await.unwrap();
    let [first, second] = &created[..] else {
        panic!("two cycles: {created:?}");
    };
    assert_eq!(first.cycle_id, Some(CycleId::new(220)));
    assert_eq!(second.cycle_id, Some(key("221")));
    let pricing = second.pricing_model.as_ref().unwrap();
    assert_eq!(pricing.frequency, Some(2));
    assert_eq!(pricing.frequency_type, Some(FrequencyType::Yearly));
    assert_eq!(pricing.fixed_billing_date_day, Some(28));
    let pro_rate_option = ProRateOption::ProRateBasedOnDaysRemaining;
    assert_eq!(pricing.pro_rate_option, Some(pro_rate_option));
    format!("{created:?}")
}

fn new_cycles() -> NewCycles {
    let price = Amount::from_minor_units;
    let monthly = NewCycle::new(
        1,
        FrequencyType::Monthly,
        price(4900),
        BillingDateType::Anniversary,
        Visibility::Public,
    )
    .free_trial(14)
    .free_trial_frequency_type(FrequencyType::Daily)
    .contract_term(1)
    .contract_term_frequency_type(FrequencyType::Yearly)
    .setup_fee_price(price(2500))
    .free_quantity(1)
    .pro_rate_option(ProRateOption::DoNotProRate);
    let yearly = NewCycle::new(
        2,
        FrequencyType::Yearly,
        price(0),
        BillingDateType::FixedDayEachMonth,
        Visibility::Hidden,
    )
    .fixed_billing_date_day(28)
    .fixed_billing_date_month(4)
    .pro_rate_option(ProRateOption::ProRateBasedOnDaysRemaining)
    .tiers(vec![
        PriceTier::new(1, price(1200)).finish(10),
        PriceTier::new(11, price(900)),
    ]);
    let addon_price = AddonPrice::default()
        .currency_iso3_code("USD")
        .frequency(1)
        .frequency_type(FrequencyType::Monthly)
        .flat_fee_price(price(500))
        .price_per_unit(price(150))
        .unit_tiers(vec![
            PriceTier::new(1, price(150)).finish(5),
            PriceTier::new(6, price(120)),
        ]);
    let addon = CycleAddon::new(key("12"))
        .is_forced(false)
        .addon_price_models(vec![addon_price]);
    let allowance_price = AllowancePrice::new("USD", 1, FrequencyType::Monthly)
        .included_units(1000)
        .price_per_unit(price(2))
        .unit_tiers(vec![PriceTier::new(1, price(2))]);
    let allowance = CycleAllowance::new(key("402"))
        .is_forced(true)
        .allowance_price_models(vec![allowance_price]);
    NewCycles::new(vec![monthly, yearly], vec![addon]).allowance_plan_input_model(vec![allowance])
}
