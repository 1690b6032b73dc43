//! Tasks about invoices and credit notes.

use super::{DANA, GRACE, LENA, TOM, Task, YUKI};
use crate::evaluation::plan::{Tell, latest, step, with};

pub(super) const TASKS: &[Task] = &[
    Task {
        name: "record that an invoice was paid offline",
        tags: &["customers", "invoices"],
        plan: |_| {
            vec![
                step("record that an invoice was paid offline")
                    .about("customer", with(&[TOM]))
                    .about("invoice", latest(&["Unpaid"])),
            ]
        },
        done: |outcome| {
            let invoices = outcome.after.of(TOM, "invoices");
            invoices
                .iter()
                .any(|invoice| invoice["status"] == "PaidOffline")
                && outcome.happened("invoice_paid_offline") == 1
        },
        most_calls: None,
    },
    Task {
        name: "write off what will not be paid",
        tags: &["customers", "invoices"],
        plan: |_| {
            vec![
                step("write off an invoice")
                    .about("customer", with(&[LENA]))
                    .each("invoice", &["Unpaid"]),
            ]
        },
        done: |outcome| {
            let invoices = outcome.after.of(LENA, "invoices");
            invoices.iter().all(|invoice| invoice["status"] != "Unpaid")
                && outcome.happened("invoice_written_off") == 1
        },
        most_calls: None,
    },
    Task {
        name: "count the paid invoices",
        tags: &["invoices"],
        plan: |_| {
            vec![
                step("list invoices")
                    .fact("is paid", true)
                    .tell(Tell::Count),
            ]
        },
        done: |outcome| {
            let number = outcome
                .after
                .count("invoices", |invoice| invoice["status"] == "Paid");
            outcome.told(number) && outcome.nothing_happened()
        },
        most_calls: None,
    },
    Task {
        name: "tell how much of a charge can be refunded",
        tags: &["customers", "invoices"],
        plan: |_| {
            vec![
                step("list a customer's invoices")
                    .about("customer", with(&[YUKI]))
                    .about("invoice", with(&["25000"]))
                    .tell(Tell::One("refundable amount")),
            ]
        },
        done: |outcome| outcome.told(20_000) && outcome.nothing_happened(),
        most_calls: None,
    },
    Task {
        name: "tell what an invoice was for",
        tags: &["customers", "invoices"],
        plan: |_| {
            vec![
                step("get an invoice")
                    .about("customer", with(&[DANA]))
                    .about("invoice", latest(&["Paid"]))
                    .tell(Tell::One("plan name")),
            ]
        },
        done: |outcome| outcome.told("Pro") && outcome.nothing_happened(),
        most_calls: None,
    },
    Task {
        name: "tell what stands on the latest invoice",
        tags: &["customers", "invoices"],
        plan: |_| {
            vec![
                step("get an invoice")
                    .about("customer", with(&[GRACE]))
                    .about("invoice", latest(&[]))
                    .tell(Tell::One("description")),
            ]
        },
        done: |outcome| {
            let invoices = outcome.after.of(GRACE, "invoices");
            invoices
                .last()
                .is_some_and(|invoice| outcome.told(invoice["lines"][0]["description"].clone()))
        },
        most_calls: None,
    },
    Task {
        name: "refund a part of an invoice",
        tags: &["customers", "invoices"],
        plan: |_| {
            vec![
                step("refund an invoice")
                    .about("customer", with(&[DANA]))
                    .about("invoice", latest(&["Paid"]))
                    .fact("amount", 1000),
            ]
        },
        done: |outcome| {
            let invoices = outcome.after.of(DANA, "invoices");
            invoices
                .last()
                .is_some_and(|invoice| invoice["refunded"] == 1000)
                && outcome.amount("paid_out") == 1000
        },
        most_calls: None,
    },
    Task {
        name: "put a new card on file and pay a failed refund out",
        tags: &["customers", "payments", "credit_notes"],
        plan: |_| {
            vec![
                step("replace the card of a customer")
                    .about("customer", with(&[YUKI]))
                    .fact("full name", "Yuki Tanaka")
                    .fact("payment card token", "tok_evaluation")
                    .fact("expiry month", 12)
                    .fact("expiry year", 2099)
                    .fact("card type", "visa")
                    .fact("last4 digits", "4242"),
                step("list a customer's credit notes").about("credit note", with(&["Failed"])),
                step("try again to pay out a credit note"),
            ]
        },
        done: |outcome| {
            let notes = outcome.after.of(YUKI, "credit_notes");
            notes.iter().all(|note| note["status"] == "Paid") && outcome.amount("paid_out") == 5000
        },
        most_calls: None,
    },
    Task {
        name: "count the refunds that failed",
        tags: &["credit_notes"],
        plan: |_| {
            vec![
                step("list credit notes")
                    .fact("is failed", true)
                    .tell(Tell::Count),
            ]
        },
        done: |outcome| {
            let number = outcome
                .after
                .count("credit_notes", |note| note["status"] == "Failed");
            outcome.told(number) && outcome.nothing_happened()
        },
        most_calls: None,
    },
    Task {
        name: "tell what became of a customer's refunds",
        tags: &["customers", "credit_notes"],
        plan: |_| {
            vec![
                step("list a customer's credit notes")
                    .about("customer", with(&[GRACE]))
                    .tell(Tell::Each("status")),
            ]
        },
        done: |outcome| {
            let notes = outcome.after.of(GRACE, "credit_notes");
            outcome.told_all(notes.iter().map(|note| note["status"].clone()))
                && outcome.nothing_happened()
        },
        most_calls: None,
    },
];
