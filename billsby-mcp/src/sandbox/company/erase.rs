//! Erasure of personal data.

use serde_json::json;

use super::{Address, Company, Customer, InvoiceKind, Subscription};
use crate::sandbox::id::UniqueId;

/// What stands where personal data was.
const ERASED: &str = "gdpr";

impl Company {
    /// Overwrites every text that somebody typed about a customer, wherever it is kept. Amounts and
    /// documents stay.
    pub(crate) fn erase(&mut self, id: UniqueId) {
        let Some(customer) = self.customers.get_mut(&id) else {
            return;
        };
        erase_customer(customer);
        for subscription in &customer.subscriptions {
            if let Some(subscription) = self.subscriptions.get_mut(subscription) {
                erase_subscription(subscription);
            }
        }
        for number in &customer.invoices {
            let invoice = self.invoices.get_mut(number);
            let charge = invoice.filter(|found| found.kind == InvoiceKind::OneTimeCharge);
            for line in charge.into_iter().flat_map(|charge| &mut charge.lines) {
                erase(&mut line.description);
            }
        }
        let answers = self.custom_field_responses.values_mut();
        for answer in answers.filter(|answer| answer.customer == id) {
            erase(&mut answer.value);
        }
    }
}

/// The last four digits stay, because they decide what the card does.
fn erase_customer(customer: &mut Customer) {
    erase(&mut customer.first_name);
    erase(&mut customer.last_name);
    erase(&mut customer.email);
    erase_if_there(&mut customer.additional_email);
    erase_if_there(&mut customer.tax_reg_number);
    erase_address(&mut customer.billing_address);
    if let Some(phone) = &mut customer.phone {
        erase_if_there(&mut phone.country);
        erase_if_there(&mut phone.dial_code);
        erase_if_there(&mut phone.number);
    }
    if let Some(card) = &mut customer.card {
        erase(&mut card.full_name);
        erase(&mut card.token);
        erase(&mut card.card_type);
    }
}

fn erase_subscription(subscription: &mut Subscription) {
    if let Some(address) = &mut subscription.shipping_address {
        erase_address(address);
    }
    subscription.feature_tags.iter_mut().for_each(erase);
    // A tag is there only once.
    subscription.feature_tags.dedup();
    let events = subscription.events.iter_mut();
    // Of all events, only those of tags hold what somebody typed.
    for event in events.filter(|event| event.kind.starts_with("FeatureTag")) {
        event.data = json!({ "tagName": ERASED }).into();
    }
}

fn erase_address(address: &mut Address) {
    erase(&mut address.address_line1);
    erase_if_there(&mut address.address_line2);
    erase(&mut address.city);
    erase(&mut address.state);
    erase(&mut address.post_code);
    erase(&mut address.country);
}

fn erase_if_there(text: &mut Option<String>) {
    if let Some(text) = text {
        erase(text);
    }
}

fn erase(text: &mut String) {
    ERASED.clone_into(text);
}
