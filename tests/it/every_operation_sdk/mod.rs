//! Every operation as a typed call of the SDK: the request is judged by the table, the answer field by
//! field.
//!
//! The calls are written by hand, the way a caller of the SDK would, so that this also shows whether
//! the generated names can be used.

mod customers;
mod extras;
mod invoices;
mod products;
mod subscriptions;

use std::collections::BTreeSet;
use std::pin::Pin;

use billsby_sdk::Client;

use crate::mock::{API_KEY, Mock};
use crate::support::{Case, sdk};

/// Makes the call that the table describes and checks the typed answer; gives what `Debug` shows of it.
pub(crate) type TypedCall =
    for<'a> fn(&'a Client) -> Pin<Box<dyn Future<Output = String> + Send + 'a>>;

/// The typed calls by the operation's id in the table.
pub(crate) fn calls() -> impl Iterator<Item = (&'static str, TypedCall)> {
    [
        customers::CALLS,
        subscriptions::CALLS,
        invoices::CALLS,
        products::CALLS,
        extras::CALLS,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// The typed call of one operation.
pub(crate) fn call(operation: &str) -> TypedCall {
    let mut calls = calls();
    let found = calls.find(|(known, _)| *known == operation);
    found.expect("a typed call of the operation").1
}

#[test]
fn there_is_a_typed_call_of_each_of_the_58_operations() {
    let all: Vec<&str> = calls().map(|(operation, _)| operation).collect();
    assert_eq!(all.len(), 58);
    let typed: BTreeSet<&str> = all.into_iter().collect();
    let cases = Case::all();
    let table: BTreeSet<&str> = cases.iter().map(|case| case.operation.as_str()).collect();
    assert_eq!(typed, table);
}

/// Makes some calls, each of which must send exactly the one request that the table expects.
async fn judge(calls: &[(&str, TypedCall)]) {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    for (operation, call) in calls {
        call(&client).await;
        let sent = mock.take_one();
        assert_eq!(sent.operation.as_deref(), Some(*operation));
        Case::of(operation).check(&sent);
        assert_eq!(sent.header("apikey"), Some(API_KEY), "{operation}");
    }
}

#[tokio::test]
async fn customers_payments_and_feature_tags() {
    judge(customers::CALLS).await;
}

#[tokio::test]
async fn subscriptions_and_event_logs() {
    judge(subscriptions::CALLS).await;
}

#[tokio::test]
async fn invoices_and_credit_notes() {
    judge(invoices::CALLS).await;
}

#[tokio::test]
async fn products_plans_and_cycles() {
    judge(products::CALLS).await;
}

#[tokio::test]
async fn add_ons_allowances_counters_and_custom_fields() {
    judge(extras::CALLS).await;
}

/// Paging has defaults, since the API refuses a list without them.
#[tokio::test]
async fn a_list_that_says_nothing_about_paging_gets_the_first_full_page() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    let id = sdk::key("T3KD95NW0B");
    client.customers().list().send().await.unwrap();
    client.subscriptions().list().send().await.unwrap();
    client.subscriptions().event_logs(&id).send().await.unwrap();
    client.invoices().list().send().await.unwrap();
    client.credit_notes().list().send().await.unwrap();
    client.products().list().send().await.unwrap();
    let all = mock.take_all();
    assert_eq!(all.len(), 6);
    for sent in all {
        assert_eq!(sent.refusal, None, "{}", sent.target);
        let expected = [("page", "1"), ("pageSize", "100")];
        assert_eq!(
            sent.query(),
            expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }
}
