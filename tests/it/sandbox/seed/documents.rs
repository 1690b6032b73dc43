//! Invoices, credit notes and what has been paid.

use serde_json::{Value, json};

use super::state::{State, list, number, time};

pub(super) fn check(state: &State) {
    for customer in state.customers() {
        numbers_count_up(state, customer);
        what_was_paid_is_the_sum(state, customer);
    }
    let invoices: usize = state
        .customers()
        .map(|found| list(&found["invoices"]).len())
        .sum();
    assert_eq!(invoices, state.things("invoices").count());
    for invoice in state.things("invoices") {
        amounts_add_up(state, invoice);
        attempts_explain_the_status(state, invoice);
        what_it_is_for_is_known(state, invoice);
    }
}

/// Invoices and credit notes share one counter, in the order of time.
fn numbers_count_up(state: &State, customer: &Value) {
    let invoices = state.named("invoices", &customer["invoices"]);
    let notes = state.named("credit_notes", &customer["credit_notes"]);
    let mut documents: Vec<_> = invoices.chain(notes).collect();
    for kind in ["invoices", "credit_notes"] {
        let times = state
            .named(kind, &customer[kind])
            .map(|found| time(&found["created_on"]));
        assert!(times.is_sorted(), "{kind} of {customer}");
    }
    documents.sort_by_key(|document| time(&document["created_on"]));
    let id = customer["unique_id"].as_str().expect("an id");
    for (count, document) in (1..).zip(&documents) {
        assert_eq!(document["number"], format!("{id}-{count}"));
    }
    assert_eq!(customer["documents"], documents.len());
    for document in documents {
        let created = time(&document["created_on"]);
        assert!(
            time(&customer["created_on"]) <= created && created <= state.now,
            "{document}"
        );
    }
}

fn what_was_paid_is_the_sum(state: &State, customer: &Value) {
    let invoices: Vec<_> = state.named("invoices", &customer["invoices"]).collect();
    let paid: i64 = invoices.iter().map(|invoice| earned(state, invoice)).sum();
    assert_eq!(customer["paid"], paid, "{customer}");
    for subscription in state.named("subscriptions", &customer["subscriptions"]) {
        let own = invoices
            .iter()
            .filter(|invoice| invoice["subscription"] == subscription["unique_id"]);
        let revenue: i64 = own.map(|invoice| earned(state, invoice)).sum();
        assert_eq!(subscription["revenue"], revenue, "{subscription}");
    }
}

/// What an invoice brought in, less what was paid back of it.
fn earned(state: &State, invoice: &Value) -> i64 {
    let is_paid = ["Paid", "PaidOffline"]
        .iter()
        .any(|status| invoice["status"] == *status);
    let notes = state.named("credit_notes", &invoice["credit_notes"]);
    let back: i64 = notes
        .filter(|note| note["status"] == "Paid")
        .map(|note| number(&note["amount"]))
        .sum();
    if is_paid {
        number(&invoice["amount"]) - back
    } else {
        -back
    }
}

fn amounts_add_up(state: &State, invoice: &Value) {
    let mut total = 0;
    for line in list(&invoice["lines"]) {
        let price =
            number(&line["units"]) * number(&line["unit_price"]) - number(&line["discount"]);
        assert_eq!(line["amount"], price);
        total += price;
    }
    assert_eq!(invoice["amount"], total, "{invoice}");
    assert!(total > 0, "{invoice}");
    let mut refunded = 0;
    for note in state.named("credit_notes", &invoice["credit_notes"]) {
        assert_eq!(note["invoice"], invoice["number"]);
        assert_eq!(note["currency"], invoice["currency"]);
        assert_eq!(invoice["status"], "Paid", "{note}");
        assert!(
            time(&invoice["created_on"]) <= time(&note["created_on"]),
            "{note}"
        );
        assert!(number(&note["amount"]) > 0, "{note}");
        refunded += number(&note["amount"]);
    }
    assert_eq!(invoice["refunded"], refunded);
    assert!(refunded <= total);
}

fn attempts_explain_the_status(state: &State, invoice: &Value) {
    let logs = list(&invoice["logs"]);
    let times: Vec<_> = logs.iter().map(|log| time(&log["at"])).collect();
    assert!(times.is_sorted());
    assert!(
        times
            .iter()
            .all(|at| time(&invoice["created_on"]) <= *at && *at <= state.now),
        "{invoice}"
    );
    let failed = logs
        .iter()
        .take_while(|log| log["status"] == "Failed")
        .count();
    let rest: Vec<_> = logs[failed..].iter().map(|log| &log["status"]).collect();
    match invoice["status"].as_str().expect("a status") {
        last @ ("Paid" | "Pending") => assert_eq!(rest, [last], "{invoice}"),
        _ => assert!(rest.is_empty(), "{invoice}"),
    }
}

fn what_it_is_for_is_known(state: &State, invoice: &Value) {
    let owner = invoice["number"]
        .as_str()
        .and_then(|number| number.split('-').next());
    match invoice["kind"].as_str().expect("a kind") {
        "Renewal" => {
            let subscription = state.thing("subscriptions", &invoice["subscription"]);
            assert_eq!(subscription["customer"], json!(owner));
            let product = state.thing("products", &subscription["product_id"]);
            assert_eq!(invoice["currency"], product["billing_currency"]);
            assert_eq!(invoice["period"][0], invoice["created_on"]);
        }
        kind => {
            assert_eq!(kind, "OneTimeCharge");
            assert!(invoice["subscription"].is_null() && invoice["period"].is_null());
        }
    }
}
