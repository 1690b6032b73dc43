//! How a customer is shown: in lists, alone, and after a change.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit};
use serde::Serialize;

use super::running;
use crate::sandbox::company::{Address, Company, Currency, Customer};
use crate::sandbox::id::UniqueId;
use crate::sandbox::wire;

/// In the list of customers.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Listed<'a> {
    customer_unique_id: UniqueId,
    first_name: &'a str,
    last_name: &'a str,
    email: &'a str,
    created_on: String,
    status: &'static str,
    phone_number: Option<&'a str>,
    phone_number_dial_code: Option<&'a str>,
    phone_number_dial_country: Option<&'a str>,
    billing_address: &'a Address,
}

/// After an update: without the usual name of the id, and without status and totals.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Updated<'a> {
    #[serde(flatten)]
    profile: Profile<'a>,
    customer_id: String,
    unique_id: UniqueId,
}

/// Alone.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Complete<'a> {
    #[serde(flatten)]
    profile: Profile<'a>,
    customer_unique_id: UniqueId,
    status: &'static str,
    card_status: &'static str,
    company_currency: Currency,
    total_amount_paid: String,
    average_amount_per_month: String,
}

/// After personal data was erased: the id under both its names.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Erased<'a> {
    #[serde(flatten)]
    complete: Complete<'a>,
    unique_id: UniqueId,
    customer_tax_reg_number: Option<&'a str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Profile<'a> {
    first_name: &'a str,
    last_name: &'a str,
    billing_address: &'a Address,
    email: &'a str,
    additional_email: Option<&'a str>,
    phone_number_dial_country: Option<&'a str>,
    phone_number_dial_code: Option<&'a str>,
    phone_number: Option<&'a str>,
    is_marketing_consent_given: bool,
    created_on: String,
}

pub(super) fn listed<'a>(company: &Company, customer: &'a Customer) -> Listed<'a> {
    let [number, dial_code, country] = phone(customer);
    Listed {
        customer_unique_id: customer.unique_id,
        first_name: &customer.first_name,
        last_name: &customer.last_name,
        email: &customer.email,
        created_on: wire::with_z(customer.created_on),
        status: status(company, customer),
        phone_number: number,
        phone_number_dial_code: dial_code,
        phone_number_dial_country: country,
        billing_address: &customer.billing_address,
    }
}

pub(super) fn updated(customer: &Customer) -> Updated<'_> {
    Updated {
        profile: profile(customer),
        customer_id: customer.id.to_string(),
        unique_id: customer.unique_id,
    }
}

pub(super) fn complete<'a>(
    company: &Company,
    customer: &'a Customer,
    now: Timestamp,
) -> Complete<'a> {
    let per_month = customer.paid / months_since(customer.created_on, now).max(1);
    Complete {
        profile: profile(customer),
        customer_unique_id: customer.unique_id,
        status: status(company, customer),
        card_status: match customer.card {
            Some(_) => "Valid",
            None => "Missing",
        },
        company_currency: Currency::USD,
        total_amount_paid: customer.paid.to_string(),
        average_amount_per_month: per_month.to_string(),
    }
}

pub(super) fn erased<'a>(company: &Company, customer: &'a Customer, now: Timestamp) -> Erased<'a> {
    Erased {
        complete: complete(company, customer, now),
        unique_id: customer.unique_id,
        customer_tax_reg_number: customer.tax_reg_number.as_deref(),
    }
}

fn profile(customer: &Customer) -> Profile<'_> {
    let [number, dial_code, country] = phone(customer);
    Profile {
        first_name: &customer.first_name,
        last_name: &customer.last_name,
        billing_address: &customer.billing_address,
        email: &customer.email,
        additional_email: customer.additional_email.as_deref(),
        phone_number_dial_country: country,
        phone_number_dial_code: dial_code,
        phone_number: number,
        is_marketing_consent_given: customer.marketing_consent,
        created_on: wire::with_z(customer.created_on),
    }
}

/// Number, dial code and country.
fn phone(customer: &Customer) -> [Option<&str>; 3] {
    let Some(phone) = &customer.phone else {
        return [None; 3];
    };
    [&phone.number, &phone.dial_code, &phone.country].map(|part| part.as_deref())
}

fn status(company: &Company, customer: &Customer) -> &'static str {
    if running(company, customer).next().is_some() {
        "Active"
    } else {
        "Inactive"
    }
}

/// Whole months.
fn months_since(start: Timestamp, now: Timestamp) -> i64 {
    let (start, now) = (start.to_zoned(TimeZone::UTC), now.to_zoned(TimeZone::UTC));
    start
        .until((Unit::Month, &now))
        .map_or(0, |span| span.get_months().into())
}
