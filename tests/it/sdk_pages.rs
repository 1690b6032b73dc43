//! Streams over paged lists: what is asked for, and when a stream ends.

use std::pin::pin;

use billsby_sdk::{Client, Error};
use futures_util::TryStreamExt;
use serde_json::json;

use crate::mock::{Answer, Mock, Recorded};
use crate::support::sdk;

const LIST: &str = "Customer_listCustomers";

/// A page of customers with these ids that calls itself page `current` of `count`.
fn page(ids: &[&str], current: u32, count: u32) -> Answer {
    let results: Vec<_> = ids
        .iter()
        .map(|id| json!({"customerUniqueId": id}))
        .collect();
    let body = json!({
        "currentPage": current, "pageCount": count, "pageSize": 2, "rowCount": results.len(), "results": results,
    });
    Answer::json(200, &body)
}

/// The ids that a stream with pages of two gives for these answers, and the page numbers asked for.
async fn stream(
    answers: impl IntoIterator<Item = Answer>,
) -> (Result<Vec<String>, Error>, Vec<String>) {
    let mock = Mock::start().await;
    for answer in answers {
        mock.answer_with(LIST, answer);
    }
    let ids = collect(&sdk::client(&mock)).await;
    let asked = mock.take_all().iter().map(asked_for).collect();
    (ids, asked)
}

fn asked_for(request: &Recorded) -> String {
    let query: Vec<String> = request
        .query()
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    query.join("&")
}

async fn collect(client: &Client) -> Result<Vec<String>, Error> {
    let customers = client.customers().list().page_size(2).into_stream();
    customers
        .map_ok(|customer| customer.customer_unique_id.expect("an id").to_string())
        .try_collect()
        .await
}

fn pages(numbers: &[u32]) -> Vec<String> {
    numbers
        .iter()
        .map(|number| format!("page={number}&pageSize=2"))
        .collect()
}

#[tokio::test]
async fn three_pages_are_one_stream() {
    let (ids, asked) = stream([
        page(&["A1", "A2"], 1, 3),
        page(&["A3", "A4"], 2, 3),
        page(&["A5"], 3, 3),
    ])
    .await;
    assert_eq!(ids.expect("a list"), ["A1", "A2", "A3", "A4", "A5"]);
    assert_eq!(asked, pages(&[1, 2, 3]));
}

#[tokio::test]
async fn an_empty_page_ends_the_stream() {
    let (ids, asked) = stream([page(&["A1", "A2"], 1, 9), page(&[], 2, 9)]).await;
    assert_eq!(ids.expect("a list"), ["A1", "A2"]);
    assert_eq!(asked, pages(&[1, 2]));
}

#[tokio::test]
async fn a_short_page_ends_the_stream() {
    let (ids, asked) = stream([page(&["A1"], 1, 9)]).await;
    assert_eq!(ids.expect("a list"), ["A1"]);
    assert_eq!(asked, pages(&[1]));
}

#[tokio::test]
async fn a_count_that_shrinks_ends_the_stream() {
    let (ids, asked) = stream([page(&["A1", "A2"], 1, 5), page(&["A3", "A4"], 2, 2)]).await;
    assert_eq!(ids.expect("a list"), ["A1", "A2", "A3", "A4"]);
    assert_eq!(asked, pages(&[1, 2]));
}

#[tokio::test]
async fn a_server_that_repeats_a_page_ends_the_stream() {
    // Its last page for every number behind it, with a count that cannot be right.
    let (ids, asked) = stream([
        page(&["A1", "A2"], 1, 99),
        page(&["A3", "A4"], 2, 99),
        page(&["A3", "A4"], 2, 99),
    ])
    .await;
    assert_eq!(ids.expect("a list"), ["A1", "A2", "A3", "A4"]);
    assert_eq!(asked, pages(&[1, 2, 3]));
}

#[tokio::test]
async fn an_error_ends_the_stream() {
    let mock = Mock::start().await;
    mock.answer_with(LIST, page(&["A1", "A2"], 1, 3));
    mock.answer_with(LIST, Answer::new(400, "text/plain", "no"));
    let client = sdk::client(&mock);
    let mut customers = pin!(client.customers().list().page_size(2).into_stream());
    for id in ["A1", "A2"] {
        let customer = customers
            .try_next()
            .await
            .expect("an entry")
            .expect("one more");
        assert_eq!(customer.customer_unique_id.expect("an id").as_str(), id);
    }
    assert_eq!(
        customers
            .try_next()
            .await
            .map(drop)
            .expect_err("an error")
            .status(),
        Some(400)
    );
    assert!(
        customers
            .try_next()
            .await
            .expect("no second error")
            .is_none()
    );
    assert_eq!(mock.take_all().len(), 2);
}

#[tokio::test]
async fn the_next_page_waits_until_it_is_wanted() {
    let mock = Mock::start().await;
    mock.answer_with(LIST, page(&["A1", "A2"], 1, 3));
    let client = sdk::client(&mock);
    let mut customers = pin!(client.customers().list().page_size(2).into_stream());
    mock.assert_untouched();
    customers.try_next().await.expect("an entry");
    customers.try_next().await.expect("an entry");
    assert_eq!(mock.take_all().len(), 1);
}

#[tokio::test]
async fn a_stream_starts_at_the_page_that_was_set() {
    let mock = Mock::start().await;
    mock.answer_with(LIST, page(&["A5"], 3, 3));
    let client = sdk::client(&mock);
    let customers = client.customers().list().page(3).page_size(2).into_stream();
    let customers: Vec<_> = customers.try_collect().await.expect("a list");
    assert_eq!(customers.len(), 1);
    assert_eq!(asked_for(&mock.take_one()), "page=3&pageSize=2");
}

#[tokio::test]
async fn pages_are_never_larger_than_the_api_allows() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    client
        .customers()
        .list()
        .page(0)
        .page_size(5_000)
        .send()
        .await
        .expect("a page");
    assert_eq!(asked_for(&mock.take_one()), "page=1&pageSize=100");
}
