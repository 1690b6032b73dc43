//! The company that a sandbox begins with: everything in it adds up.

mod cast;
mod documents;
mod state;
mod subscriptions;

use billsby_mcp::sandbox::Options;
use serde_json::Value;

use super::{Running, standing};
use state::State;

#[tokio::test]
async fn the_default_company_adds_up() {
    let state = State::of(Options::default()).await;
    assert_eq!(state.customers().count(), 134);
    check(&state);
    every_status_occurs(&state);
}

#[tokio::test]
async fn companies_of_other_seeds_and_days_add_up() {
    // Ends of months, a leap day, and the first second of a year.
    let starts = [
        "2026-03-31T23:59:59Z",
        "2028-02-29T12:00:00Z",
        "2027-01-01T00:00:00Z",
        "2026-04-28T00:00:01Z",
    ];
    for (seed, start) in (2..).zip(starts) {
        let start = Some(start.parse().expect("a time"));
        let options = Options {
            seed,
            start,
            customers: 400,
            ..Options::default()
        };
        check(&State::of(options).await);
    }
}

#[tokio::test]
async fn a_large_company_adds_up() {
    let state = State::of(Options {
        customers: 5000,
        ..standing()
    })
    .await;
    assert_eq!(state.customers().count(), 5014);
    check(&state);
    every_status_occurs(&state);
}

#[tokio::test]
async fn without_a_crowd_there_is_the_cast() {
    let state = State::of(Options {
        customers: 0,
        ..standing()
    })
    .await;
    assert_eq!(state.customers().count(), 14);
    check(&state);
}

#[tokio::test]
async fn the_same_seed_makes_the_same_company() {
    let (one, same) = (Running::start().await, Running::start().await);
    let text = one.admin("GET", "/state").await;
    assert!(text == same.admin("GET", "/state").await);
    let other = Running::with(Options {
        seed: 2,
        ..standing()
    })
    .await;
    assert!(text != other.admin("GET", "/state").await);
}

/// What depends on the seed alone: ids, numbers and statuses.
fn timeless(state: &State) -> Vec<String> {
    let kinds = ["customers", "subscriptions", "invoices", "credit_notes"];
    let things = kinds.into_iter().flat_map(|kind| {
        let things = state.all()[kind].as_object().expect("things by their ids");
        let things = things.iter();
        things
            .map(move |(name, thing)| format!("{kind} {name} {} {}", thing["id"], thing["status"]))
    });
    things.collect()
}

#[tokio::test]
async fn another_day_changes_nothing_but_times() {
    let starts = [
        "2026-03-02T08:00:00Z",
        "2026-03-31T23:59:59.999999Z",
        "2026-04-01T00:00:00.5Z",
        "2026-05-30T12:00:00Z",
        "2026-11-22T21:18:51.123456789Z",
        "2027-01-01T00:00:00Z",
        "2028-02-29T12:00:00Z",
        "2028-03-01T12:00:00Z",
        "2031-07-31T06:30:00Z",
    ];
    let mut first = None;
    for start in starts {
        let options = Options {
            seed: 3,
            start: Some(start.parse().expect("a time")),
            customers: 1500,
            ..Options::default()
        };
        let found = timeless(&State::of(options).await);
        let first = first.get_or_insert_with(|| found.clone());
        let different = first.iter().zip(&found).find(|(one, other)| one != other);
        assert!(different.is_none(), "{start}: {different:?}");
        assert_eq!(first.len(), found.len(), "{start}");
    }
}

fn check(state: &State) {
    no_two_things_share_an_id(state);
    customers_are_in_the_order_in_which_they_came(state);
    documents::check(state);
    subscriptions::check(state);
}

fn no_two_things_share_an_id(state: &State) {
    let mut ids = Vec::new();
    collect_ids(state.all(), &mut ids);
    let count = ids.len();
    ids.sort_unstable();
    assert_eq!(ids.last(), state.all()["last_id"].as_i64().as_ref());
    ids.dedup();
    assert_eq!(ids.len(), count, "two things share an id");
}

/// Every value of the properties that give a thing its integer id.
fn collect_ids(value: &Value, ids: &mut Vec<i64>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect_ids(item, ids)),
        Value::Object(properties) => {
            // An offer has the id of what is offered, and nothing besides.
            let is_offer = properties.contains_key("is_forced");
            for (name, value) in properties {
                match name.as_str() {
                    "id" | "pricing_model_id" if !is_offer => ids.extend(value.as_i64()),
                    _ => collect_ids(value, ids),
                }
            }
        }
        _ => {}
    }
}

fn customers_are_in_the_order_in_which_they_came(state: &State) {
    let came: Vec<_> = state
        .customers()
        .map(|found| state::time(&found["created_on"]))
        .collect();
    assert!(came.is_sorted());
    assert!(came.last().is_some_and(|last| *last <= state.now));
    // Times that could be mistaken for whole seconds would hide what a reader loses of them.
    assert!(came.iter().any(|came| came.subsec_microsecond() != 0));
}

fn every_status_occurs(state: &State) {
    let has = |things: &str, status: &str| {
        let found = state.things(things).any(|thing| thing["status"] == status);
        assert!(found, "no {things} are {status}");
    };
    for status in ["Active", "InTrial", "Suspended", "Paused", "Cancelled"] {
        has("subscriptions", status);
    }
    for status in ["Paid", "Unpaid", "Pending", "PaidOffline", "WrittenOff"] {
        has("invoices", status);
    }
    for status in ["Pending", "Paid", "Failed"] {
        has("credit_notes", status);
    }
    let has_failed = |invoice: &Value| {
        let mut logs = invoice["logs"].as_array().into_iter().flatten();
        invoice["status"] == "Unpaid" && logs.any(|log| log["status"] == "Failed")
    };
    assert!(state.things("invoices").any(has_failed));
}
