//! A subscription in full, with what is due next.

use serde_json::{Value, json};

use super::rows;
use crate::sandbox::billing::{Terms, due_quote, recurring};
use crate::sandbox::company::{Company, Currency, Cycle, Subscription};
use crate::sandbox::operation::pricing_view::{pricing_model, visibility_name};
use crate::sandbox::operation::row::joined;
use crate::sandbox::wire::{displayed, without_zone};

pub(super) fn view(company: &Company, subscription: &Subscription) -> Value {
    joined([
        identity(company, subscription),
        catalogue(company, subscription),
        present(company, subscription),
        next(company, subscription),
    ])
}

fn identity(company: &Company, subscription: &Subscription) -> Value {
    let customer = company.customers.get(&subscription.customer);
    let name = customer.map(|customer| format!("{} {}", customer.first_name, customer.last_name));
    json!({
        "subscriptionId": subscription.id,
        "subscriptionUniqueId": subscription.unique_id,
        "customerId": customer.map(|customer| customer.id),
        "customerUniqueId": subscription.customer,
        "customerFullname": name,
        "customerEmail": customer.map(|customer| &customer.email),
    })
}

fn catalogue(company: &Company, subscription: &Subscription) -> Value {
    let product = company.products.get(&subscription.product_id);
    let plan = company.plans.get(&subscription.plan_id);
    json!({
        "productId": subscription.product_id,
        "productName": product.map(|product| &product.name),
        "productVisibility": product.map(|product| visibility_name(product.visibility)),
        "isBillingAddressValidationRequired":
            product.map(|product| product.is_billing_address_validation_required),
        "isShippingAddressRequired": product.map(|product| product.is_shipping_address_required),
        "isShippingAddressValidationRequired":
            product.map(|product| product.is_shipping_address_validation_required),
        "planId": subscription.plan_id,
        "planName": plan.map(|plan| &plan.name),
        "visibility": plan.map(|plan| visibility_name(plan.visibility)),
        "cycleId": subscription.cycle_id,
        "planPricingModel": pricing(company, &subscription.terms()),
    })
}

fn present(company: &Company, subscription: &Subscription) -> Value {
    let currency = currency(company, subscription);
    json!({
        "status": rows::status(subscription.status),
        "units": subscription.units,
        "createdOn": without_zone(subscription.created_on),
        "contractMinimumTermEnd": subscription.contract_end.map(without_zone),
        "companyCurrency": Currency::USD,
        "currency": currency,
        "totalRevenue": subscription.revenue,
        "totalRevenueFormatted": displayed(subscription.revenue, currency),
    })
}

/// What is billed next. Without a change that waits, the ids of the next plan and cycle are null.
fn next(company: &Company, subscription: &Subscription) -> Value {
    let currency = currency(company, subscription);
    let waiting = subscription.next.as_ref();
    let terms = waiting.cloned().unwrap_or_else(|| subscription.terms());
    let due = subscription.next_billing;
    let quote = due.and_then(|at| due_quote(company, subscription, &terms, at).ok());
    let amount = quote.map(|quote| quote.amount);
    let later = due.and_then(|_| recurring(company, &terms).ok());
    json!({
        "planIdNext": waiting.map(|next| next.plan_id),
        "cycleIdNext": waiting.map(|next| next.cycle_id),
        "unitsNext": waiting.map(|next| next.units),
        "nextPlanPricingModel": waiting.and_then(|next| pricing(company, next)),
        "nextBillingDate": subscription.next_billing.map(without_zone),
        "nextBillingAmount": amount,
        "nextBillingAmountFormatted": amount.map(|amount| displayed(amount, currency)),
        "nextCycleRecurringBillingAmount": later.map(|amount| displayed(amount, currency)),
    })
}

fn pricing(company: &Company, terms: &Terms) -> Option<Value> {
    let plan = company.plans.get(&terms.plan_id)?;
    let mut cycles = plan.cycles.iter();
    let cycle: &Cycle = cycles.find(|cycle| cycle.id == terms.cycle_id)?;
    let product = company.products.get(&plan.product_id)?;
    Some(pricing_model(cycle, product.billing_currency, true))
}

fn currency(company: &Company, subscription: &Subscription) -> Currency {
    let product = company.products.get(&subscription.product_id);
    product.map_or(Currency::USD, |product| product.billing_currency)
}
