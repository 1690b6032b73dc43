//! Through the SDK.

use std::collections::BTreeSet;
use std::pin::Pin;

use billsby_sdk::model::{
    AddFeatureTags, Address, AddressRequired, ChangePlan, CounterOperation, NewCard,
    NewRenewalDate, NewSubscription, OneTimeCharge, Refund, UpdateCounter, UpdateCustomer,
};
use billsby_sdk::types::Amount;
use billsby_sdk::{Call, Client, Error, InvalidKey, Operation, Outcome};

use super::{is_refused, path_with, text_parameters, very_long_values};
use crate::hostile::{self, label};
use crate::mock::{Mock, Recorded, percent};
use crate::support::{Case, sdk};

type Sending = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;
/// Prepares a call with a text for one of its keys.
type Prepare = fn(&Client, &str) -> Result<Sending, InvalidKey>;

#[expect(
    clippy::unnecessary_wraps,
    reason = "the last step of a function that can fail"
)]
fn sending<O>(call: Call<O>) -> Result<Sending, InvalidKey>
where
    O: Operation<Answer: Send> + 'static,
{
    Ok(Box::pin(async move { call.send().await.map(drop) }))
}

/// Every text parameter of every path. The other keys are those of the table.
#[rustfmt::skip]
const CALLS: &[(&str, &str, Prepare)] = &[
    ("Customer_getDetails", "customerUniqueId", |c, text| sending(c.customers().get(&text.parse()?))),
    ("Customer_updateDetails", "customerUniqueId", |c, text| sending(c.customers().update(&text.parse()?, &update()))),
    ("Customer_deleteById", "customerUniqueId", |c, text| sending(c.customers().delete(&text.parse()?))),
    ("Customer_clearGdprData", "customerUniqueId", |c, text| sending(c.customers().erase_personal_data(&text.parse()?))),
    ("Customer_getSubscriptionsByUniqueId", "customerUniqueId", |c, text| sending(c.subscriptions().list_for_customer(&text.parse()?))),
    ("Customer_addSubscriptionToExistingCustomer", "customerUniqueId", |c, text| {
        let body = NewSubscription::new(sdk::key("217"));
        sending(c.subscriptions().add_to_customer(&text.parse()?, &body))
    }),
    ("Customer_getFeatureTags", "customerUniqueId", |c, text| sending(c.feature_tags().list_for_customer(&text.parse()?))),
    ("Invoice_getPaymentLogs", "customerUniqueId", |c, text| sending(c.payments().logs(&text.parse()?, &sdk::key("8WER0F4J1R-1")))),
    ("Invoice_getPaymentLogs", "invoiceNumber", |c, text| sending(c.payments().logs(&sdk::key("8WER0F4J1R"), &text.parse()?))),
    ("Customer_updatePaymentDetailsRequest", "customerUniqueId", |c, text| sending(c.payments().request_card_update(&text.parse()?))),
    ("Customer_updatePaymentCardToken", "customerUniqueId", |c, text| {
        let card = NewCard::new("I Webb", "tok-77aa01bc34", 1, 2031, "visa", "0005");
        sending(c.payments().update_card(&text.parse()?, &card))
    }),
    ("Invoice_createOneTimeCharge", "customerUniqueId", |c, text| {
        let body = OneTimeCharge::new(Amount::from(50_000), "USD", "Training");
        sending(c.invoices().charge(&text.parse()?, &body))
    }),
    ("Invoice_getCustomerInvoices", "customerUniqueId", |c, text| sending(c.invoices().list_for_customer(&text.parse()?))),
    ("Invoice_createRefund", "customerUniqueId", |c, text| {
        let body = Refund::new(sdk::key("8WER0F4J1R-1"), Amount::from(250));
        sending(c.invoices().refund(&text.parse()?, &body))
    }),
    ("Customer_getCreditNotes", "customerUniqueId", |c, text| sending(c.credit_notes().list_for_customer(&text.parse()?))),
    ("Invoice_details", "invoiceNumber", |c, text| sending(c.invoices().get(&text.parse()?))),
    ("Invoice_reattemptPayment", "invoiceNumber", |c, text| sending(c.invoices().reattempt_payment(&text.parse()?))),
    ("Invoice_markAsPaidOffline", "invoiceNumber", |c, text| sending(c.invoices().mark_paid_offline(&text.parse()?))),
    ("Invoice_markWrittenOff", "invoiceNumber", |c, text| sending(c.invoices().write_off(&text.parse()?))),
    ("Creditnote_reattemptPayment", "creditNoteNumber", |c, text| sending(c.credit_notes().reattempt_payment(&text.parse()?))),
    ("Subscription_getDetails", "subscriptionUniqueId", |c, text| sending(c.subscriptions().get(&text.parse()?))),
    ("Subscription_cancelSubscription", "subscriptionUniqueId", |c, text| sending(c.subscriptions().cancel(&text.parse()?, &sdk::key("8WER0F4J1R")))),
    ("Subscription_getShippingAddress", "subscriptionUniqueId", |c, text| sending(c.subscriptions().shipping_address(&text.parse()?))),
    ("Subscription_updateShippingAddress", "subscriptionUniqueId", |c, text| sending(c.subscriptions().update_shipping_address(&text.parse()?, &address()))),
    ("Subscription_listTagsBySubscription", "subscriptionUniqueId", |c, text| sending(c.feature_tags().list_for_subscription(&text.parse()?))),
    ("Subscription_featureTagsSplit", "subscriptionUniqueId", |c, text| sending(c.feature_tags().split(&text.parse()?))),
    ("Subscription_getEventLogs", "subscriptionUniqueId", |c, text| sending(c.subscriptions().event_logs(&text.parse()?).page(2).page_size(50))),
    ("Subscription_changePlan", "subscriptionUniqueId", |c, text| {
        let body = ChangePlan::new(sdk::key("8WER0F4J1R"), sdk::key("43"), sdk::key("218"));
        sending(c.subscriptions().change_plan(&text.parse()?, &body))
    }),
    ("Subscription_updateRenewalDate", "subscriptionUniqueId", |c, text| {
        let body = NewRenewalDate::new(sdk::key("2027-01-15T09:30:00Z"));
        sending(c.subscriptions().update_renewal_date(&text.parse()?, &body))
    }),
    ("Subscription_removeFeatureTag", "tagname", |c, text| sending(c.feature_tags().remove(&text.parse()?, &sdk::key("T3KD95NW0B")))),
    ("Subscription_getCountersValue", "subscriptionUniqueId", |c, text| sending(c.counters().get(&text.parse()?, &sdk::key("api-calls")))),
    ("Subscription_getCountersValue", "counterId", |c, text| sending(c.counters().get(&sdk::key("T3KD95NW0B"), &text.parse()?))),
    ("Subscription_updateCounter", "subscriptionUniqueId", |c, text| sending(c.counters().update(&text.parse()?, &sdk::key("api-calls"), &increment()))),
    ("Subscription_updateCounter", "counterId", |c, text| sending(c.counters().update(&sdk::key("T3KD95NW0B"), &text.parse()?, &increment()))),
    ("Addon_getAddonList", "subscriptionUniqueId", |c, text| sending(c.add_ons().list_for_subscription(&text.parse()?))),
    ("Allowance_getSpecificSubscriptionAllowances", "subscriptionUniqueId", |c, text| sending(c.allowances().list_for_subscription(&text.parse()?))),
];

fn address() -> Address {
    Address::new(AddressRequired {
        address_line1: "500 Pine St",
        city: "Austin",
        state: "TX",
        post_code: "78701",
        country: "USA",
    })
}

fn update() -> UpdateCustomer {
    UpdateCustomer::new("Ines", "Webb", "ines.webb@example.com", address())
}

fn increment() -> UpdateCounter {
    UpdateCounter::new(CounterOperation::Increment, 25)
}

#[test]
fn every_text_in_every_path_has_its_call() {
    let called: BTreeSet<(&str, &str)> = CALLS.iter().map(|(o, p, _)| (*o, *p)).collect();
    let cases = Case::all();
    let places: BTreeSet<(&str, &str)> = cases
        .iter()
        .flat_map(|case| {
            let operation = case.operation.as_str();
            let parameters = text_parameters(operation).into_iter();
            parameters.map(move |parameter| (operation, parameter))
        })
        .collect();
    assert_eq!(called, places);
}

/// Asserts that only the path differs from a request with a usual id.
fn assert_only_the_path_differs(sent: &Recorded, usual: &Recorded, path: &str, what: &str) {
    assert_eq!(sent.refusal, None, "{what}");
    assert_eq!(sent.path(), path, "{what}");
    assert_eq!(sent.operation, usual.operation, "{what}");
    assert_eq!(sent.method, usual.method, "{what}");
    assert_eq!(sent.query(), usual.query(), "{what}");
    assert_eq!(sent.headers, usual.headers, "{what}");
    assert_eq!(sent.body, usual.body, "{what}");
}

#[tokio::test]
async fn a_key_stays_in_its_segment() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    let values = hostile::values();
    for (operation, parameter, prepare) in CALLS {
        let case = Case::of(operation);
        let usual = case.arguments[*parameter].as_str().expect("text");
        let call = prepare(&client, usual).expect("a usual id");
        call.await.expect("success");
        let usual = mock.take_one();
        for value in &values {
            let what = format!("{operation} {parameter} {}", label(value));
            let Ok(call) = prepare(&client, value) else {
                assert!(is_refused(value), "{what} is refused");
                mock.assert_untouched();
                continue;
            };
            assert!(!is_refused(value), "{what} is not refused");
            call.await.unwrap_or_else(|error| panic!("{what}: {error}"));
            let sent = mock.take_one();
            let path = path_with(&case, parameter, value);
            assert_only_the_path_differs(&sent, &usual, &path, &what);
            assert_eq!(sent.path_value(parameter), Some(value.as_str()), "{what}");
        }
    }
}

#[tokio::test]
async fn a_very_long_key_is_sent_whole_or_not_at_all() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    let case = Case::of("Customer_deleteById");
    for value in very_long_values() {
        let what = label(&value);
        let id = sdk::key(&value);
        match client.customers().delete(&id).send().await {
            Ok(_) => {
                let path = path_with(&case, "customerUniqueId", &value);
                assert_eq!(mock.take_one().path(), path, "{what}");
            }
            Err(error) => {
                assert_eq!(error.outcome(), Outcome::NotSent, "{what}: {error:?}");
                assert!(error.to_string().len() < 300, "{what}");
                mock.assert_untouched();
            }
        }
    }
}

/// The company's domain is text in a path as well, though it is set once.
#[tokio::test]
async fn a_company_domain_stays_in_its_segment() {
    let mock = Mock::start().await;
    for value in hostile::values() {
        let what = label(&value);
        let Ok(domain) = value.parse() else {
            assert!(is_refused(&value), "{what} is refused");
            continue;
        };
        let builder = Client::builder(crate::mock::API_KEY, domain).base_url(mock.url());
        let client = builder.build().expect("a client");
        let error = client.add_ons().list().send().await;
        // The mock knows one company only, and has seen which one was asked for.
        if value != "widgets" {
            assert_eq!(error.expect_err("an error").status(), Some(404), "{what}");
        }
        let all = mock.take_all();
        let [sent] = &all[..] else {
            panic!("{what}: {all:?}");
        };
        let path = format!("/core/{}/addons", percent::encode(&value));
        assert_eq!(sent.path(), path, "{what}");
        assert!(!sent.target.contains('?'), "{what}");
    }
}

#[tokio::test]
async fn a_text_in_the_query_stays_there() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    for value in hostile::values() {
        let what = label(&value);
        let call = client.customers().list().search(&value);
        call.send().await.expect("success");
        let sent = mock.take_one();
        let encoded = percent::encode(&value);
        let query = format!("?page=1&pageSize=100&search={encoded}");
        assert!(sent.target.ends_with(&query), "{what}: {}", sent.target);
        assert_eq!(sent.path(), "/core/widgets/customers", "{what}");

        let Ok(id) = value.parse() else {
            continue;
        };
        let call = client.subscriptions().cancel(&sdk::key("T3KD95NW0B"), &id);
        call.send().await.expect("success");
        let sent = mock.take_one();
        let path = "/core/widgets/subscriptions/T3KD95NW0B";
        let target = format!("{path}?customerUniqueId={encoded}");
        assert!(sent.target.ends_with(&target), "{what}: {}", sent.target);
        assert_eq!(sent.path(), path, "{what}");
    }
}

#[tokio::test]
async fn a_text_in_the_body_stays_there() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    for value in hostile::values() {
        let what = label(&value);
        let address = address().address_line2(&value);
        let body = UpdateCustomer::new(&value, "Webb", "ines.webb@example.com", address);
        let id = sdk::key("8WER0F4J1R");
        let call = client.customers().update(&id, &body);
        call.send().await.expect("success");
        let sent = mock.take_one();
        assert_eq!(sent.path(), "/core/widgets/customers/8WER0F4J1R", "{what}");
        let body = sent.json().expect("a body");
        assert_eq!(body["firstName"], value.as_str(), "{what}");
        assert_eq!(
            body["billingAddress"]["addressLine2"],
            value.as_str(),
            "{what}"
        );
        assert_eq!(
            body.as_object().map(serde_json::Map::len),
            Some(4),
            "{what}"
        );

        let Ok(tag) = value.parse() else {
            continue;
        };
        let body = AddFeatureTags::new(vec![sdk::key("T3KD95NW0B")], vec![tag]);
        let call = client.feature_tags().add(&body);
        call.send().await.expect("success");
        let body = mock.take_one().json().expect("a body");
        assert_eq!(body["tagNames"], serde_json::json!([value]), "{what}");
    }
}
