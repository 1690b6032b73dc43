//! An invoice in full: amounts as text, the customer, the card, and what its page shows of the seller.

use serde_json::{Value, json};

use super::rows;
use crate::sandbox::COMPANY_DOMAIN;
use crate::sandbox::company::{Company, Customer, Invoice, InvoiceKind};
use crate::sandbox::operation::row::joined;
use crate::sandbox::wire::{self, as_text};

/// Where all payments of the sandbox go through.
pub(in crate::sandbox::operation) const GATEWAY: &str = "Sandbox Gateway";

const SELLER: &str = "Sandbox Coffee Ltd";

pub(super) fn view(company: &Company, invoice: &Invoice) -> Value {
    let customer = company.customers.get(&invoice.customer());
    joined([
        amounts(invoice),
        json!({ "subscriptions": subscriptions(company, invoice) }),
        buyer(invoice, customer),
        card(customer),
        seller(),
        footer(),
        page(),
    ])
}

fn amounts(invoice: &Invoice) -> Value {
    let discount: i64 = invoice.lines.iter().map(|line| line.discount).sum();
    let adjustment = invoice
        .proration
        .map(|_| wire::displayed(-discount, invoice.currency));
    json!({
        "invoiceId": as_text(invoice.id),
        "invoiceNumber": invoice.number,
        "invoiceType": match invoice.kind {
            InvoiceKind::Renewal => "Renewal",
            InvoiceKind::OneTimeCharge => "OneTimeCharge",
        },
        "createdOn": wire::without_zone(invoice.created_on),
        "status": rows::status(invoice.status),
        "currency": invoice.currency,
        "amount": as_text(invoice.amount),
        "formattedAmount": wire::displayed(invoice.amount, invoice.currency),
        "subTotal": as_text(invoice.amount - invoice.tax),
        "taxTotal": as_text(invoice.tax),
        "taxes": [],
        "refundableAmount": as_text(invoice.refundable()),
        "prorationFactor": invoice.proration,
        "prorationAdjustment": adjustment,
    })
}

/// What is billed. The items of a one-time charge belong to no subscription.
fn subscriptions(company: &Company, invoice: &Invoice) -> Value {
    let items = invoice.lines.iter().map(|line| {
        json!({
            "description": line.description,
            "units": as_text(line.units),
            "unitPrice": as_text(line.unit_price),
            "discounts": as_text(line.discount),
            "amount": as_text(line.amount),
        })
    });
    let subscription = invoice
        .subscription
        .and_then(|id| company.subscriptions.get(&id));
    let plan = subscription.and_then(|found| company.plans.get(&found.plan_id));
    json!([{
        "subscriptionUniqueId": invoice.subscription,
        "planName": plan.map(|plan| &plan.name),
        "billingPeriodStart": invoice.period.map(|(start, _)| wire::without_zone(start)),
        "billingPeriodEnd": invoice.period.map(|(_, end)| wire::without_zone(end)),
        "subscriptionItems": items.collect::<Vec<_>>(),
    }])
}

/// The customer; only the id if they were deleted.
fn buyer(invoice: &Invoice, customer: Option<&Customer>) -> Value {
    let address = customer.map(|customer| &customer.billing_address);
    json!({
        "customerUniqueId": invoice.customer(),
        "customerFirstName": customer.map(|customer| &customer.first_name),
        "customerLastName": customer.map(|customer| &customer.last_name),
        "customerEmail": customer.map(|customer| &customer.email),
        "addressLine1": address.map(|address| &address.address_line1),
        "addressLine2": address.and_then(|address| address.address_line2.as_ref()),
        "addressCity": address.map(|address| &address.city),
        "addressState": address.map(|address| &address.state),
        "addressPostCode": address.map(|address| &address.post_code),
        "addressCountry": address.map(|address| country_name(&address.country)),
        "addressCountryCode": address.map(|address| &address.country),
    })
}

/// The card on file, with a month and a year of two digits each.
fn card(customer: Option<&Customer>) -> Value {
    let card = customer.and_then(|customer| customer.card.as_ref());
    json!({
        "cardType": card.map(|card| &card.card_type),
        "cardLast4Digits": card.map(|card| &card.last4),
        "cardExpiryMonth": card.map(|card| format!("{:02}", card.expiry_month)),
        "cardExpiryYear": card.map(|card| format!("{:02}", card.expiry_year % 100)),
    })
}

fn seller() -> Value {
    json!({
        "companyDomain": COMPANY_DOMAIN,
        "companyName": SELLER,
        "companyEmail": "billing@sandbox.example",
        "companyAddressLine1": "1 Roastery Lane",
        "companyAddressLine2": "Unit 4",
        "companyCity": "London",
        "companyState": "Greater London",
        "companyPostCode": "E1 6AN",
        "companyCountry": "United Kingdom",
        "companyPhoneNumber": "2079460000",
        "companyPhoneNumberDialCode": "44",
        "companyPhoneNumberDialCountry": "GBR",
        "companyTaxNumber": "GB000000000",
    })
}

fn footer() -> Value {
    json!({
        "footerCompanyName": SELLER,
        "footerEmailAddress": "billing@sandbox.example",
        "footerAddressLine1": "1 Roastery Lane",
        "footerAddressLine2": "Unit 4",
        "footerAddressCity": "London",
        "footerAddressState": "Greater London",
        "footerAddressPostCode": "E1 6AN",
        "footerAddressCountryISO3": "GBR",
        "footerPhoneNumber": "2079460000",
        "footerPhoneNumberDialCode": "44",
        "footerPhoneNumberDialCountry": "GBR",
    })
}

/// Looks, help and advertisement.
fn page() -> Value {
    json!({
        "brandingLogo": "https://sandbox.example/logo.png",
        "brandingLogoBackgroundColor": "#ffffff",
        "brandingHighlightColor": "#6f4e37",
        "isAdvertEnabled": "false",
        "advertImageUrl": null,
        "advertLinkToUrl": null,
        "supportUrl": "https://sandbox.example/help",
        "supportContactHeading": "Questions about this invoice?",
        "supportContactContent": "Write to us and we will answer within a day.",
        "supportContactSupportUrl": "https://sandbox.example/help",
        "supportContactSupportUrlButtonText": "Get help",
    })
}

/// A country as it is displayed; its code if the sandbox has no name for it.
fn country_name(code: &str) -> &str {
    match code {
        "AUS" => "Australia",
        "AUT" => "Austria",
        "BEL" => "Belgium",
        "BRA" => "Brazil",
        "CAN" => "Canada",
        "CHE" => "Switzerland",
        "DEU" => "Germany",
        "DNK" => "Denmark",
        "ESP" => "Spain",
        "FIN" => "Finland",
        "FRA" => "France",
        "GBR" => "United Kingdom",
        "IND" => "India",
        "IRL" => "Ireland",
        "ITA" => "Italy",
        "JPN" => "Japan",
        "MEX" => "Mexico",
        "NLD" => "Netherlands",
        "NOR" => "Norway",
        "NZL" => "New Zealand",
        "POL" => "Poland",
        "PRT" => "Portugal",
        "SWE" => "Sweden",
        "USA" => "United States",
        other => other,
    }
}
