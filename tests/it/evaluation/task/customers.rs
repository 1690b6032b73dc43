//! Tasks about customers, their cards and payments.

use serde_json::json;

use super::{CARLOS, LENA, MARY, NORA, OMAR, TOM, Task};
use crate::evaluation::plan::{Tell, latest, step, with};
use crate::evaluation::state::list;

pub(super) const TASKS: &[Task] = &[
    Task {
        name: "create a customer",
        tags: &["customers"],
        plan: |_| {
            vec![
                step("create a customer")
                    .fact("first name", "Ada")
                    .fact("last name", "Byron")
                    .fact("email", "ada.byron@example.com")
                    .fact("billing street", "12 St James's Square")
                    .fact("city", "London")
                    .fact("state", "London")
                    .fact("post code", "SW1Y 4JH")
                    .fact("country", "GBR"),
            ]
        },
        done: |outcome| {
            let customer = outcome.after.customer("ada.byron@example.com");
            customer["billing_address"]["postCode"] == "SW1Y 4JH"
                && outcome.happened("customer_created") == 1
        },
        most_calls: None,
    },
    Task {
        name: "correct a customer's last name and keep the rest",
        tags: &["customers"],
        plan: |_| {
            vec![
                step("update a customer")
                    .about("customer", with(&[MARY]))
                    .fact("last name", "Quinn-Abara"),
            ]
        },
        done: |outcome| {
            let mut expected = outcome.before.customer(MARY).clone();
            expected["last_name"] = json!("Quinn-Abara");
            *outcome.after.customer(MARY) == expected && outcome.happened("customer_updated") == 1
        },
        most_calls: None,
    },
    Task {
        name: "erase personal data",
        tags: &["customers"],
        plan: |_| vec![step("erase a customer's personal data").about("customer", with(&[NORA]))],
        done: |outcome| {
            let id = &outcome.before.customer(NORA)["unique_id"];
            let mut customers = outcome.after.all("customers");
            customers
                .any(|customer| customer["unique_id"] == *id && customer["last_name"] == "gdpr")
                && outcome.happened("personal_data_erased") == 1
        },
        most_calls: None,
    },
    Task {
        name: "delete a customer",
        tags: &["customers"],
        plan: |_| vec![step("delete a customer").about("customer", with(&[CARLOS]))],
        done: |outcome| {
            outcome
                .after
                .all("customers")
                .all(|customer| customer["email"] != CARLOS)
                && outcome.happened("customer_deleted") == 1
        },
        most_calls: None,
    },
    Task {
        name: "count all customers",
        tags: &["customers"],
        plan: |_| vec![step("list customers").tell(Tell::Count)],
        done: |outcome| {
            outcome.told(outcome.after.count("customers", |_| true)) && outcome.nothing_happened()
        },
        most_calls: None,
    },
    Task {
        name: "tell in which city a customer lives",
        tags: &["customers"],
        plan: |_| {
            vec![
                step("get a customer")
                    .about("customer", with(&[OMAR]))
                    .tell(Tell::One("city")),
            ]
        },
        done: |outcome| {
            outcome.told(outcome.after.customer(OMAR)["billing_address"]["city"].clone())
        },
        most_calls: None,
    },
    Task {
        name: "put a new card on file and collect the unpaid invoice",
        tags: &["customers", "payments", "invoices"],
        plan: |_| {
            vec![
                step("replace the card of a customer")
                    .about("customer", with(&[LENA]))
                    .fact("full name", "Lena Fischer")
                    .fact("payment card token", "tok_evaluation")
                    .fact("expiry month", 12)
                    .fact("expiry year", 2099)
                    .fact("card type", "visa")
                    .fact("last4 digits", "4242"),
                step("try again to collect an invoice").each("invoice", &["Unpaid"]),
            ]
        },
        done: |outcome| {
            let invoices = outcome.after.of(LENA, "invoices");
            outcome.after.customer(LENA)["card"]["last4"] == "4242"
                && invoices.iter().all(|invoice| invoice["status"] == "Paid")
                && outcome.happened("charged") == 1
        },
        most_calls: None,
    },
    Task {
        name: "ask for new payment details",
        tags: &["customers", "payments"],
        plan: |_| {
            vec![step("ask a customer for new payment details").about("customer", with(&[TOM]))]
        },
        done: |outcome| outcome.effects.len() == 1 && outcome.happened("email_sent") == 1,
        most_calls: None,
    },
    Task {
        name: "tell how the attempts to collect an invoice ended",
        tags: &["customers", "invoices", "payments"],
        plan: |_| {
            vec![
                step("list the payment attempts of an invoice")
                    .about("customer", with(&[OMAR]))
                    .about("invoice", latest(&["Unpaid"]))
                    .tell(Tell::Each("status")),
            ]
        },
        done: |outcome| {
            let invoices = outcome.after.of(OMAR, "invoices");
            let unpaid = invoices
                .iter()
                .rfind(|invoice| invoice["status"] == "Unpaid");
            let logs = unpaid.map_or(&[][..], |invoice| list(&invoice["logs"]));
            outcome.told_all(logs.iter().map(|log| log["status"].clone()))
                && outcome.nothing_happened()
        },
        most_calls: None,
    },
];
