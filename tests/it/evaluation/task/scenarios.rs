//! Whole stories of a support desk, and the calls that matter most.

use super::{DANA, MARY, OMAR, SOFIA, Task};
use crate::evaluation::plan::{Tell, latest, step, with};
use crate::evaluation::state::Outcome;

pub(super) const TASKS: &[Task] = &[
    Task {
        name: "downgrade to Basic and refund the renewal",
        tags: &["customers", "subscriptions", "plans", "invoices"],
        plan: |_| {
            vec![
                step("list a customer's invoices")
                    .about("customer", with(&[DANA]))
                    .about("invoice", latest(&[])),
                step("list a customer's subscriptions").about("subscription", with(&["Pro"])),
                step("change the plan of a subscription")
                    .about("plan", with(&["Basic"]))
                    .about("cycle", with(&["Basic", "monthly"])),
                step("refund an invoice").everything("amount"),
            ]
        },
        done: |outcome| {
            is_on_basic(outcome)
                && refunded(outcome) == 4900
                && outcome.amount("paid_out") == 4900
                && outcome.happened("credit_note_created") == 1
        },
        most_calls: Some(6),
    },
    Task {
        name: "downgrade to Basic with credit, refund what is left",
        tags: &["customers", "subscriptions", "plans", "invoices"],
        plan: |_| {
            vec![
                step("list a customer's subscriptions")
                    .about("customer", with(&[DANA]))
                    .about("subscription", with(&["Pro"])),
                step("change the plan of a subscription")
                    .about("plan", with(&["Basic"]))
                    .about("cycle", with(&["Basic", "monthly"]))
                    .fact("issue refund", true),
                step("list a customer's invoices").about("invoice", latest(&["4900"])),
                step("refund an invoice").everything("amount"),
            ]
        },
        // Together never more than was paid.
        done: |outcome| {
            is_on_basic(outcome)
                && refunded(outcome) == 4900
                && outcome.amount("paid_out") == 4900
                && outcome.happened("credit_note_created") == 2
        },
        most_calls: Some(6),
    },
    Task {
        name: "collect all failed invoices",
        tags: &["customers", "invoices"],
        plan: |_| {
            vec![
                step("try again to collect an invoice")
                    .about("customer", with(&[OMAR]))
                    .each("invoice", &["Unpaid"]),
            ]
        },
        done: |outcome| {
            let invoices = outcome.after.of(OMAR, "invoices");
            invoices.iter().all(|invoice| invoice["status"] == "Paid")
                && outcome.happened("charged") == 2
        },
        // Four, and one for each invoice.
        most_calls: Some(4 + 2),
    },
    Task {
        name: "tell which plans a customer has",
        tags: &["customers", "subscriptions"],
        plan: |_| {
            vec![
                step("list a customer's subscriptions")
                    .about("customer", with(&[MARY]))
                    .tell(Tell::Each("plan name")),
            ]
        },
        done: |outcome| {
            let subscriptions = outcome.after.of(MARY, "subscriptions");
            let plans = subscriptions
                .iter()
                .map(|subscription| outcome.after.plan_name(subscription).clone());
            outcome.told_all(plans) && outcome.nothing_happened()
        },
        most_calls: None,
    },
    Task {
        name: "refund the latest invoice entirely",
        tags: &["customers", "invoices"],
        plan: |_| {
            vec![
                step("refund an invoice")
                    .about("customer", with(&[DANA]))
                    .about("invoice", latest(&["Paid"]))
                    .everything("amount"),
            ]
        },
        done: |outcome| {
            refunded(outcome) == 4900 && outcome.effects.len() == 2 + outcome.happened("email_sent")
        },
        most_calls: None,
    },
    Task {
        name: "upgrade to Enterprise, billed yearly",
        tags: &["customers", "subscriptions", "plans"],
        plan: |_| {
            vec![
                step("list a customer's subscriptions")
                    .about("customer", with(&[DANA]))
                    .about("subscription", with(&["Active"])),
                step("change the plan of a subscription")
                    .about("plan", with(&["Enterprise"]))
                    .about("cycle", with(&["Enterprise", "yearly"])),
            ]
        },
        done: |outcome| {
            let subscription = outcome.after.subscription(DANA, "Enterprise");
            subscription["cycle_id"] == outcome.after.cycle("Enterprise", "Yearly")["id"]
                && outcome.amount("charged") == 199_000
        },
        most_calls: None,
    },
    Task {
        name: "charge a setup fee of $500",
        tags: &["customers", "invoices"],
        plan: |_| {
            vec![
                step("charge a customer once")
                    .about("customer", with(&[SOFIA]))
                    .fact("amount", 50_000)
                    .fact("currency code", "USD")
                    .fact("description", "Setup fee"),
            ]
        },
        done: |outcome| {
            let invoices = outcome.after.of(SOFIA, "invoices");
            outcome.amount("charged") == 50_000
                && outcome.happened("charged") == 1
                && invoices
                    .last()
                    .is_some_and(|invoice| invoice["amount"] == 50_000)
        },
        most_calls: None,
    },
];

/// What was refunded of the invoice that was Dana's latest.
fn refunded(outcome: &Outcome) -> i64 {
    let before = outcome.before.of(DANA, "invoices");
    let number = before.last().and_then(|invoice| invoice["number"].as_str());
    let now = number.and_then(|number| outcome.after.0["invoices"][number]["refunded"].as_i64());
    now.unwrap_or_default()
}

fn is_on_basic(outcome: &Outcome) -> bool {
    let subscription = outcome.after.subscription(DANA, "Basic");
    subscription["cycle_id"] == outcome.after.cycle("Basic", "Monthly")["id"]
}
