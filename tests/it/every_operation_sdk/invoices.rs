//! Invoices and credit notes.

use billsby_sdk::Client;
use billsby_sdk::model::{CreditNoteStatus, InvoiceStatus, InvoiceType, OneTimeCharge, Refund};
use billsby_sdk::types::Amount;
use serde_json::json;

use super::TypedCall;
use crate::support::sdk::{MICROS, MILLIS, amount, key, minor, unix};

pub(super) const CALLS: &[(&str, TypedCall)] = &[
    ("Invoice_details", |client| Box::pin(get(client))),
    ("Invoice_listCompanyInvoices", |client| {
        Box::pin(list(client))
    }),
    ("Invoice_getCustomerInvoices", |client| {
        Box::pin(list_for_customer(client))
    }),
    ("Invoice_createOneTimeCharge", |client| {
        Box::pin(charge(client))
    }),
    ("Invoice_createRefund", |client| Box::pin(refund(client))),
    ("Invoice_reattemptPayment", |client| {
        Box::pin(reattempt(client))
    }),
    ("Invoice_markAsPaidOffline", |client| {
        Box::pin(mark_paid_offline(client))
    }),
    ("Invoice_markWrittenOff", |client| {
        Box::pin(write_off(client))
    }),
    ("Creditnote_list", |client| {
        Box::pin(list_credit_notes(client))
    }),
    ("Customer_getCreditNotes", |client| {
        Box::pin(credit_notes_of_customer(client))
    }),
    ("Creditnote_reattemptPayment", |client| {
        Box::pin(reattempt_credit_note(client))
    }),
];

async fn get(client: &Client) -> String {
    let number = key("8WER0F4J1R-1");
    let invoice = client.invoices().get(&number).send().await.unwrap();
    assert_eq!(invoice.invoice_number, Some(number));
    assert_eq!(invoice.customer_unique_id, Some(key("8WER0F4J1R")));
    assert_eq!(invoice.company_domain, Some(key("widgets")));
    assert_eq!(unix(invoice.created_on.as_ref()), MILLIS);
    assert_eq!(invoice.status, Some(InvoiceStatus::Paid));
    assert_eq!(invoice.invoice_type, Some(InvoiceType::Renewal));
    // Numbers as text, throughout this answer.
    assert_eq!(invoice.invoice_id, Some(0));
    assert_eq!(amount(invoice.amount.as_ref()), minor(1000));
    assert_eq!(amount(invoice.sub_total.as_ref()), minor(900));
    assert_eq!(amount(invoice.tax_total.as_ref()), minor(100));
    assert_eq!(amount(invoice.refundable_amount.as_ref()), minor(750));
    assert_eq!(invoice.formatted_amount.as_deref(), Some("$10.00"));
    assert_eq!(invoice.proration_adjustment.as_deref(), Some("$0"));
    assert_eq!(invoice.proration_factor, Some(0.5));
    assert_eq!(invoice.is_advert_enabled, Some(true));
    assert_eq!(invoice.currency.as_deref(), Some("usd"));
    assert_eq!(invoice.taxes, [json!({"name": "VAT", "rate": "20"})]);
    // Text that looks like numbers stays text.
    assert_eq!(invoice.card_last4_digits.as_deref(), Some("0042"));
    assert_eq!(invoice.card_expiry_month.as_deref(), Some("09"));
    assert_eq!(invoice.address_line1.as_deref(), Some("2 Mill Lane"));
    assert_eq!(invoice.address_line2, None);
    assert_eq!(invoice.footer_address_line2.as_deref(), Some(""));
    let iso3 = invoice.footer_address_country_iso3.as_deref();
    assert_eq!(iso3, Some("GBR"));
    let button = invoice.support_contact_support_url_button_text.as_deref();
    assert_eq!(button, Some("Help"));
    assert_eq!(invoice.advert_image_url, None);

    let [subscription] = &invoice.subscriptions[..] else {
        panic!("one subscription");
    };
    assert_eq!(subscription.subscription_unique_id, Some(key("T3KD95NW0B")));
    assert_eq!(unix(subscription.billing_period_start.as_ref()), MICROS);
    assert_eq!(unix(subscription.billing_period_end.as_ref()), MILLIS);
    let [item] = &subscription.subscription_items[..] else {
        panic!("one item");
    };
    assert_eq!(item.description.as_deref(), Some("Team, monthly"));
    assert_eq!(item.units, Some(4));
    assert_eq!(amount(item.unit_price.as_ref()), minor(225));
    assert_eq!(amount(item.discounts.as_ref()), minor(0));
    assert_eq!(amount(item.amount.as_ref()), minor(900));
    format!("{invoice:?}")
}

async fn list(client: &Client) -> String {
    let page = client
        .invoices()
        .list()
        .page(2)
        .page_size(50)
        .query("Webb")
        .order_by("createdOn")
        .is_pending(false)
        .is_paid(false)
        .is_unpaid(true)
        .is_paid_offline(false)
        .is_written_off(true)
        .send()
        .await
        .unwrap();
    assert_eq!(page.page_count, Some(2));
    let [first, second] = &page.results[..] else {
        panic!("two invoices: {page:?}");
    };
    assert_eq!(first.invoice_number, Some(key("8WER0F4J1R-1")));
    assert_eq!(first.customer_unique_id, Some(key("8WER0F4J1R")));
    assert_eq!((first.invoice_id, first.customer_id), (Some(0), Some(243)));
    assert_eq!(first.customer_full_name.as_deref(), Some("Ines Webb"));
    assert_eq!(first.amount, minor(1000));
    assert_eq!(first.formatted_amount.as_deref(), Some("$10"));
    assert_eq!(first.status, Some(InvoiceStatus::Paid));
    assert_eq!(unix(first.created_on.as_ref()), MILLIS);
    assert_eq!(first.refundable_amount, None);
    assert_eq!(second.amount, minor(3010));
    assert_eq!(second.customer_full_name, None);
    assert_eq!(second.status, Some(InvoiceStatus::Pending));
    assert_eq!(unix(second.created_on.as_ref()), MICROS);
    format!("{page:?}")
}

async fn list_for_customer(client: &Client) -> String {
    let id = key("8WER0F4J1R");
    let invoices = client.invoices();
    let list = invoices.list_for_customer(&id).send().await.unwrap();
    let [first, second] = &list[..] else {
        panic!("two invoices: {list:?}");
    };
    assert_eq!(first.invoice_number, Some(key("8WER0F4J1R-1")));
    assert_eq!(first.amount, minor(1000));
    assert_eq!(first.refundable_amount, minor(750));
    assert_eq!(first.linked_transactions_count, Some(1));
    assert_eq!(unix(first.created_on.as_ref()), MILLIS);
    assert_eq!(second.refundable_amount, minor(0));
    assert_eq!(second.status, Some(InvoiceStatus::Unpaid));
    assert_eq!(second.currency.as_deref(), Some("usd"));
    format!("{list:?}")
}

async fn charge(client: &Client) -> String {
    let amount = Amount::from_minor_units(50_000);
    let body = OneTimeCharge::new(amount, "USD", "On-site training, 2 days");
    let invoices = client.invoices();
    let call = invoices.charge(&key("8WER0F4J1R"), &body);
    let charged = call.send().await.unwrap();
    assert!(*charged);
    format!("{charged:?}")
}

async fn refund(client: &Client) -> String {
    let body = Refund::new(key("8WER0F4J1R-1"), Amount::from_minor_units(250));
    let invoices = client.invoices();
    let call = invoices.refund(&key("8WER0F4J1R"), &body);
    let refunded = call.send().await.unwrap();
    assert_eq!(refunded.invoice_number, Some(key("8WER0F4J1R-1")));
    // What is left, not what was refunded.
    assert_eq!(refunded.refundable_amount, minor(750));
    format!("{refunded:?}")
}

async fn reattempt(client: &Client) -> String {
    let number = key("8WER0F4J1R-2");
    let invoices = client.invoices();
    let done = invoices.reattempt_payment(&number).send().await.unwrap();
    format!("{done:?}")
}

async fn mark_paid_offline(client: &Client) -> String {
    let number = key("8WER0F4J1R-2");
    let invoices = client.invoices();
    let done = invoices.mark_paid_offline(&number).send().await.unwrap();
    format!("{done:?}")
}

async fn write_off(client: &Client) -> String {
    let number = key("8WER0F4J1R-2");
    let done = client.invoices().write_off(&number).send().await.unwrap();
    format!("{done:?}")
}

async fn list_credit_notes(client: &Client) -> String {
    let page = client
        .credit_notes()
        .list()
        .page(2)
        .page_size(50)
        .query("8WER0F4J1R")
        .order_by_descending("createdOn")
        .is_pending(true)
        .is_paid(false)
        .is_failed(true)
        .send()
        .await
        .unwrap();
    let [first, second] = &page.results[..] else {
        panic!("two credit notes: {page:?}");
    };
    assert_eq!(first.credit_note_unique_id, Some(key("8WER0F4J1R-3")));
    assert_eq!(first.credit_note_id, Some(61));
    assert_eq!(first.customer_unique_id, Some(key("8WER0F4J1R")));
    assert_eq!(first.status, Some(CreditNoteStatus::Failed));
    assert_eq!(unix(first.created_on.as_ref()), MILLIS);
    // Text in one entry, a number in the other.
    assert_eq!(amount(first.amount.as_ref()), minor(1000));
    assert_eq!(amount(second.amount.as_ref()), minor(2999));
    assert_eq!(second.status, Some(CreditNoteStatus::Pending));
    assert_eq!(second.customer_last_name.as_deref(), Some("O'Hara"));
    assert_eq!(unix(second.created_on.as_ref()), MILLIS);
    format!("{page:?}")
}

async fn credit_notes_of_customer(client: &Client) -> String {
    let id = key("8WER0F4J1R");
    let credit_notes = client.credit_notes();
    let list = credit_notes.list_for_customer(&id).send().await.unwrap();
    let [only] = &list[..] else {
        panic!("one credit note: {list:?}");
    };
    // Called an invoice's number here, and typed as what it is.
    assert_eq!(only.invoice_number, Some(key("8WER0F4J1R-3")));
    assert_eq!(amount(only.amount.as_ref()), minor(1000));
    assert_eq!(only.status, Some(CreditNoteStatus::Paid));
    assert_eq!(only.linked_transactions_count, Some(1));
    let gateway = only.payment_gateway_display_name.as_deref();
    assert_eq!(gateway, Some("Test gateway"));
    assert_eq!(unix(only.created_on.as_ref()), MICROS);
    format!("{list:?}")
}

async fn reattempt_credit_note(client: &Client) -> String {
    let number = key("8WER0F4J1R-3");
    let credit_notes = client.credit_notes();
    let call = credit_notes.reattempt_payment(&number);
    let done = call.send().await.unwrap();
    format!("{done:?}")
}
