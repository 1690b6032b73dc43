//! Products.

use serde::Deserialize;
use serde_json::{Value, json};

use super::page::page;
use super::{Call, Operation, custom_fields, set};
use crate::sandbox::company::{Company, Currency, Product};
use crate::sandbox::journal::{About, EffectKind};
use crate::sandbox::wire::{Answer, Refusal};
use crate::sandbox::world::World;

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("products.list", list),
    ("products.create", create),
    ("products.get", get),
    ("products.update", update),
];

/// The body of both changes. What a new product needs is there, because the document requires it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Settings {
    name: Option<String>,
    display_name: Option<String>,
    description: Option<String>,
    billing_currency: Option<Currency>,
    visibility: Option<i64>,
    alert_email: Option<String>,
    is_additional_email_required: Option<bool>,
    is_billing_address_validation_required: Option<bool>,
    is_marketing_consent_required: Option<bool>,
    is_phone_number_required: Option<bool>,
    is_shipping_address_required: Option<bool>,
    is_shipping_address_validation_required: Option<bool>,
    ordered_custom_fields: Option<Vec<i64>>,
    product_country_limitation: Option<Value>,
    type_of_product: Option<i64>,
}

impl Settings {
    fn check(&self, company: &Company) -> Result<(), Refusal> {
        let mut fields = self.ordered_custom_fields.iter().flatten();
        match fields.position(|id| !company.custom_fields.contains_key(id)) {
            Some(place) => Err(Refusal::bad_request(format!(
                "/orderedCustomFields/{place} is no customFieldId"
            ))),
            None => Ok(()),
        }
    }

    /// Writes what is given over what is there.
    fn apply(self, product: &mut Product) {
        set(&mut product.name, self.name);
        set(&mut product.display_name, self.display_name);
        set(&mut product.billing_currency, self.billing_currency);
        set(&mut product.visibility, self.visibility);
        set(
            &mut product.is_additional_email_required,
            self.is_additional_email_required,
        );
        set(
            &mut product.is_billing_address_validation_required,
            self.is_billing_address_validation_required,
        );
        set(
            &mut product.is_marketing_consent_required,
            self.is_marketing_consent_required,
        );
        set(
            &mut product.is_phone_number_required,
            self.is_phone_number_required,
        );
        set(
            &mut product.is_shipping_address_required,
            self.is_shipping_address_required,
        );
        set(
            &mut product.is_shipping_address_validation_required,
            self.is_shipping_address_validation_required,
        );
        set(
            &mut product.ordered_custom_fields,
            self.ordered_custom_fields,
        );
        set(&mut product.type_of_product, self.type_of_product);
        product.description = self.description.or(product.description.take());
        product.alert_email = self.alert_email.or(product.alert_email.take());
        let limitation = product.country_limitation.take();
        product.country_limitation = self.product_country_limitation.or(limitation);
    }
}

fn list(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let company = &world.company;
    let search = call.query("search").unwrap_or_default().to_lowercase();
    let visibility = call
        .query("visibilityType")
        .and_then(|text| text.parse().ok());
    let products = company.products.values().filter(|product| {
        let is_visible = visibility.is_none_or(|wanted: i64| product.visibility == wanted);
        let mut names = [&product.name, &product.display_name].into_iter();
        is_visible && names.any(|name| name.to_lowercase().contains(&search))
    });
    let products: Vec<&Product> = products.collect();
    let view = |product| listed(company, product);
    Ok(page(call, products.len(), products.into_iter(), view))
}

fn get(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let product = find(&world.company, call)?;
    Ok(Answer::json(&complete(product)))
}

fn create(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let settings: Settings = call.body();
    settings.check(&world.company)?;
    let id = world.company.next_id();
    let mut product = blank(id);
    settings.apply(&mut product);
    let answer = Answer::json(&complete(&product));
    world.company.products.insert(id, product);
    world.note(EffectKind::ProductCreated, About::id(id));
    Ok(answer)
}

/// A product before its settings are applied.
fn blank(id: i64) -> Product {
    Product {
        id,
        name: String::new(),
        display_name: String::new(),
        description: None,
        billing_currency: Currency::USD,
        visibility: 0,
        alert_email: None,
        is_additional_email_required: false,
        is_billing_address_validation_required: false,
        is_marketing_consent_required: false,
        is_phone_number_required: false,
        is_shipping_address_required: false,
        is_shipping_address_validation_required: false,
        type_of_product: 1,
        ordered_custom_fields: Vec::new(),
        country_limitation: None,
        plans: Vec::new(),
    }
}

/// Changes only what is given.
fn update(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let settings: Settings = call.body();
    let product = find(&world.company, call)?;
    let id = product.id;
    let changes_currency = settings
        .billing_currency
        .is_some_and(|currency| currency != product.billing_currency);
    if changes_currency && !product.plans.is_empty() {
        let reason = "/billingCurrency: the product has plans with prices in another currency";
        return Err(Refusal::bad_request(reason));
    }
    settings.check(&world.company)?;
    let product = &mut world.company.products[&id];
    settings.apply(product);
    let answer = Answer::json(&complete(product));
    world.note(EffectKind::ProductUpdated, About::id(id));
    Ok(answer)
}

/// The product whose id is in the path.
pub(super) fn find<'c>(company: &'c Company, call: &Call<'_>) -> Result<&'c Product, Refusal> {
    let id: Option<i64> = call.path("productId");
    let found = id.and_then(|id| company.products.get(&id));
    found.ok_or_else(|| Refusal::not_found("no product has this productId"))
}

/// Alone: with its countries, without its custom fields.
fn complete(product: &Product) -> Value {
    let mut view = common(product);
    view["productCountryLimitation"] = json!(product.country_limitation);
    view
}

/// In a list: with its custom fields, without its countries.
fn listed(company: &Company, product: &Product) -> Value {
    let ids = product.ordered_custom_fields.iter();
    let fields = ids.filter_map(|id| company.custom_fields.get(id));
    let mut view = common(product);
    view["customFields"] = fields.map(custom_fields::view).collect();
    view["orderedCustomFields"] = json!(product.ordered_custom_fields);
    view
}

fn common(product: &Product) -> Value {
    json!({
        "productId": product.id,
        "name": product.name,
        "visibility": product.visibility,
        "billingCurrency": product.billing_currency,
        "billingCurrencyTemplate": currency_template(product.billing_currency),
        "displayName": product.display_name,
        "description": product.description,
        "typeOfProduct": product.type_of_product,
        "hasPlans": !product.plans.is_empty(),
        "isShippingAddressRequired": product.is_shipping_address_required,
        "isShippingAddressValidationRequired": product.is_shipping_address_validation_required,
        "isBillingAddressValidationRequired": product.is_billing_address_validation_required,
        "isAdditionalEmailRequired": product.is_additional_email_required,
        "isPhoneNumberRequired": product.is_phone_number_required,
        "isMarketingConsentRequired": product.is_marketing_consent_required,
        "numberOfPlans": product.plans.len(),
        "alertEmail": product.alert_email,
    })
}

fn currency_template(currency: Currency) -> String {
    match currency.as_str() {
        "USD" => "$X.XX".to_owned(),
        "GBP" => "£X.XX".to_owned(),
        "EUR" => "€X.XX".to_owned(),
        other => format!("X.XX {other}"),
    }
}
