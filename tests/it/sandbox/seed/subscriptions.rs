//! Subscriptions, their periods and what happened to them.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde_json::Value;

use super::state::{State, list, number, time};

pub(super) fn check(state: &State) {
    let mut known = 0;
    for customer in state.customers() {
        known += list(&customer["subscriptions"]).len();
        begin_one_after_the_other(state, customer);
        one_runs_in_a_product(state, customer);
    }
    assert_eq!(known, state.subscriptions().count());
    for subscription in state.subscriptions() {
        is_of_the_catalogue(state, subscription);
        is_billed_next_by_its_cycle(state, subscription);
        periods_follow_one_another(state, subscription);
        its_history_is_told(state, subscription);
        its_units_are_counted(state, subscription);
    }
}

fn begin_one_after_the_other(state: &State, customer: &Value) {
    let mut before = time(&customer["created_on"]);
    for subscription in state.named("subscriptions", &customer["subscriptions"]) {
        assert_eq!(subscription["customer"], customer["unique_id"]);
        let began = time(&subscription["created_on"]);
        assert!(before <= began, "{subscription}");
        before = began;
    }
    assert!(before <= state.now);
}

fn one_runs_in_a_product(state: &State, customer: &Value) {
    let mut products = BTreeSet::new();
    for subscription in state.named("subscriptions", &customer["subscriptions"]) {
        if subscription["status"] != "Cancelled" {
            let is_first = products.insert(number(&subscription["product_id"]));
            assert!(is_first, "two run in one product: {customer}");
        }
    }
}

fn is_of_the_catalogue(state: &State, subscription: &Value) {
    let plan = state.thing("plans", &subscription["plan_id"]);
    assert_eq!(plan["product_id"], subscription["product_id"]);
    assert!(
        cycle(plan, &subscription["cycle_id"]).is_some(),
        "{subscription}"
    );
    assert!(number(&subscription["units"]) > 0);
    let offers = |kind: &str, id: &Value| list(&plan[kind]).iter().any(|offer| offer["id"] == *id);
    for addon in list(&subscription["addons"]) {
        assert!(offers("addons", &addon["addon_id"]), "{subscription}");
        assert!(number(&addon["quantity"]) > 0);
    }
    for allowance in list(&subscription["allowances"]) {
        assert!(offers("allowances", allowance), "{subscription}");
    }
    let next = &subscription["next"];
    if !next.is_null() {
        let plan = state.thing("plans", &next["plan_id"]);
        assert_eq!(plan["product_id"], subscription["product_id"]);
        assert!(cycle(plan, &next["cycle_id"]).is_some(), "{next}");
    }
}

fn cycle<'a>(plan: &'a Value, id: &Value) -> Option<&'a Value> {
    list(&plan["cycles"])
        .iter()
        .find(|cycle| cycle["id"] == *id)
}

fn is_billed_next_by_its_cycle(state: &State, subscription: &Value) {
    let plan = state.thing("plans", &subscription["plan_id"]);
    let cycle = cycle(plan, &subscription["cycle_id"]).expect("a cycle of the plan");
    let start = time(&subscription["period_start"]);
    assert!(time(&subscription["created_on"]) <= start && start <= state.now);
    let next = &subscription["next_billing"];
    match subscription["status"].as_str().expect("a status") {
        "Active" => assert_eq!(time(next), later(start, &cycle["period"]), "{subscription}"),
        "InTrial" => {
            assert_eq!(subscription["created_on"], subscription["period_start"]);
            assert_eq!(
                time(next),
                later(start, &cycle["free_trial"]),
                "{subscription}"
            );
        }
        "Paused" => {}
        _ => assert!(next.is_null(), "{subscription}"),
    }
    assert!(next.is_null() || state.now < time(next), "{subscription}");
    // Where a trial or a pause ends, a new period begins.
    let day = |at: Timestamp| i64::from(at.to_zoned(TimeZone::UTC).day());
    let billing_day = number(&subscription["billing_day"]);
    let is_moved = ["InTrial", "Paused"]
        .iter()
        .any(|status| subscription["status"] == *status);
    let expected = if is_moved {
        day(time(next))
    } else {
        day(start)
    };
    assert_eq!(billing_day, expected, "{subscription}");
}

/// The time a period after another, in UTC.
fn later(start: Timestamp, period: &Value) -> Timestamp {
    let count = number(&period["count"]);
    let span = match period["unit"].as_str().expect("a unit") {
        "Daily" => Span::new().days(count),
        "Monthly" => Span::new().months(count),
        "Yearly" => Span::new().years(count),
        other => panic!("nothing is billed {other}"),
    };
    (start.to_zoned(TimeZone::UTC) + span).timestamp()
}

/// Every period was billed, from the first one to the present one.
fn periods_follow_one_another(state: &State, subscription: &Value) {
    let customer = state.thing("customers", &subscription["customer"]);
    let invoices = state.named("invoices", &customer["invoices"]);
    let own = invoices.filter(|invoice| invoice["subscription"] == subscription["unique_id"]);
    let periods: Vec<_> = own.map(|invoice| &invoice["period"]).collect();
    if subscription["status"] == "InTrial" {
        assert!(periods.is_empty(), "{subscription}");
        return;
    }
    assert!(
        periods.windows(2).all(|pair| pair[0][1] == pair[1][0]),
        "{periods:?}"
    );
    assert!(
        periods
            .iter()
            .all(|period| time(&period[0]) < time(&period[1]))
    );
    let (first, last) = (
        periods.first().expect("a bill"),
        periods.last().expect("a bill"),
    );
    assert_eq!(first[0], subscription["created_on"]);
    assert_eq!(last[0], subscription["period_start"]);
    if subscription["status"] == "Active" {
        assert_eq!(last[1], subscription["next_billing"]);
    }
}

fn its_history_is_told(state: &State, subscription: &Value) {
    let events = list(&subscription["events"]);
    assert_eq!(events[0]["kind"], "SubscriptionCreated");
    assert_eq!(events[0]["at"], subscription["created_on"]);
    let times: Vec<_> = events.iter().map(|event| time(&event["at"])).collect();
    assert!(times.is_sorted(), "{subscription}");
    assert!(times.iter().all(|at| *at <= state.now));
    assert!(events.iter().all(|event| event["data"].is_object()));
    let last = &events[events.len() - 1]["kind"];
    match subscription["status"].as_str() {
        Some("Paused") => assert_eq!(*last, "RenewalDateChanged"),
        Some(status @ ("Suspended" | "Cancelled")) => {
            assert_eq!(*last, format!("Subscription{status}"));
        }
        _ => assert!(last != "SubscriptionCancelled", "{subscription}"),
    }
}

fn its_units_are_counted(state: &State, subscription: &Value) {
    let allowances = list(&subscription["allowances"]);
    for entry in list(&subscription["counters"]) {
        let is_taken =
            |id: &Value| state.thing("allowances", id)["counter_id"] == entry["counter_id"];
        assert!(allowances.iter().any(is_taken), "{subscription}");
        let (at, counted) = (time(&entry["at"]), time(&entry["counted_at"]));
        assert!(time(&subscription["created_on"]) <= at && at <= counted && counted <= state.now);
    }
}
