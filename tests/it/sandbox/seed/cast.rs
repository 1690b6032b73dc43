//! Those who are there in every sandbox.

use serde_json::{Value, json};

use super::state::{State, list, number, time};
use crate::sandbox::standing;
use billsby_mcp::sandbox::Options;

/// First and last name; statuses of the subscriptions and of the invoices; the card.
type Member = (
    (&'static str, &'static str),
    &'static [&'static str],
    &'static [&'static str],
    Option<&'static str>,
);

const CAST: &[Member] = &[
    (
        ("Dana", "Whitfield"),
        &["Active"],
        &["Paid", "Paid", "Paid", "Paid"],
        Some("4242"),
    ),
    (
        ("Omar", "Haddad"),
        &["Active"],
        &["Paid", "Paid", "Paid", "Unpaid", "Unpaid"],
        Some("4242"),
    ),
    (
        ("Lena", "Fischer"),
        &["Suspended"],
        &["Paid", "Paid", "Unpaid"],
        Some("0002"),
    ),
    (("Priya", "Natarajan"), &["InTrial"], &[], Some("4242")),
    (
        ("Tom", "Okafor"),
        &["Suspended"],
        &["Paid", "Unpaid"],
        Some("1111"),
    ),
    (
        ("Ines", "Webb"),
        &["Paused"],
        &["Paid", "Paid", "Paid"],
        Some("4242"),
    ),
    (
        ("Ben", "Archer"),
        &["Active"],
        &["Paid", "Paid", "Pending"],
        Some("3220"),
    ),
    (
        ("Yuki", "Tanaka"),
        &["Active"],
        &["Paid", "Paid"],
        Some("0002"),
    ),
    (("Carlos", "Mendes"), &[], &[], None),
    (("Sofia", "Rossi"), &[], &[], Some("4242")),
    (
        ("Nora", "Lind"),
        &["Cancelled"],
        &["PaidOffline", "WrittenOff"],
        Some("4242"),
    ),
    (
        ("gdpr", "gdpr"),
        &["Cancelled"],
        &["Paid", "Paid", "Paid"],
        Some("4242"),
    ),
    (
        ("Grace", "Muller"),
        &["Active"],
        &["Paid", "Paid"],
        Some("4242"),
    ),
];

#[tokio::test]
async fn everybody_is_there_with_their_history() {
    for customers in [0, 120, 1000] {
        let state = State::of(Options {
            customers,
            ..standing()
        })
        .await;
        for ((first, last), subscriptions, invoices, card) in CAST {
            let customer = state.customer(first, last);
            assert_eq!(
                statuses(&state, customer, "subscriptions"),
                json!(subscriptions),
                "{first}"
            );
            assert_eq!(
                statuses(&state, customer, "invoices"),
                json!(invoices),
                "{first}"
            );
            assert_eq!(customer["card"]["last4"], json!(card), "{first}");
        }
    }
}

fn statuses(state: &State, customer: &Value, kind: &str) -> Value {
    let found = state.named(kind, &customer[kind]);
    found.map(|found| found["status"].clone()).collect()
}

#[tokio::test]
async fn emails_follow_names_and_belong_to_one() {
    let state = State::of(Options {
        customers: 2000,
        ..standing()
    })
    .await;
    for ((first, last), ..) in CAST.iter().filter(|((first, _), ..)| *first != "gdpr") {
        let email = format!("{first}.{last}@example.com").to_lowercase();
        assert_eq!(state.customer(first, last)["email"], email);
    }
    let mut emails: Vec<_> = state
        .customers()
        .map(|found| found["email"].as_str())
        .collect();
    let count = emails.len();
    emails.sort_unstable();
    emails.dedup();
    assert_eq!(emails.len(), count);
}

#[tokio::test]
async fn dana_renewed_yesterday_and_can_have_it_all_back() {
    for start in ["2026-03-02T08:00:00Z", "2026-03-31T00:00:00Z"] {
        let start = Some(start.parse().expect("a time"));
        let state = State::of(Options {
            start,
            ..standing()
        })
        .await;
        let dana = state.customer("Dana", "Whitfield");
        let latest = state
            .named("invoices", &dana["invoices"])
            .last()
            .expect("an invoice");
        let day = |at: jiff::Timestamp| at.to_zoned(jiff::tz::TimeZone::UTC).date();
        let issued = day(time(&latest["created_on"]));
        assert_eq!(issued.tomorrow().ok(), Some(day(state.now)));
        assert_eq!(
            (number(&latest["amount"]), number(&latest["refunded"])),
            (4900, 0)
        );
    }
}

#[tokio::test]
async fn open_invoices_were_tried_unless_the_card_had_expired() {
    let state = State::of(standing()).await;
    for (first, last, attempts) in [
        ("Omar", "Haddad", 1),
        ("Lena", "Fischer", 1),
        ("Tom", "Okafor", 0),
    ] {
        let customer = state.customer(first, last);
        let invoices = state.named("invoices", &customer["invoices"]);
        for open in invoices.filter(|invoice| invoice["status"] == "Unpaid") {
            assert_eq!(list(&open["logs"]).len(), attempts, "{open}");
        }
    }
}

#[tokio::test]
async fn mary_has_two_subscriptions_with_everything() {
    let state = State::of(standing()).await;
    let mary = state.customer("Mary", "Quinn");
    let all: Vec<_> = state
        .named("subscriptions", &mary["subscriptions"])
        .collect();
    let plans = all
        .iter()
        .map(|found| &state.thing("plans", &found["plan_id"])["name"]);
    let plans: Vec<_> = plans
        .zip(all.iter().map(|found| &found["status"]))
        .collect();
    let expected = [
        ("Pro", "Cancelled"),
        ("Basic", "Active"),
        ("Team", "Active"),
    ];
    assert_eq!(
        plans,
        expected
            .map(|(plan, status)| (json!(plan), json!(status)))
            .each_ref()
            .map(|(plan, status)| (plan, status))
    );
    let (basic, team) = (all[1], all[2]);
    assert_eq!(basic["feature_tags"], json!(["early-access"]));
    assert!(basic["shipping_address"].is_object());
    assert_eq!(team["units"], 4);
    assert_eq!(list(&team["addons"]).len(), 2);
    let used: i64 = list(&team["counters"])
        .iter()
        .map(|entry| number(&entry["value"]))
        .sum();
    assert_eq!(used, 640);
    let answers = state.things("custom_field_responses");
    assert_eq!(
        answers
            .filter(|answer| answer["customer"] == mary["unique_id"])
            .count(),
        3
    );
}

#[tokio::test]
async fn credit_notes_of_yuki_and_grace() {
    let state = State::of(standing()).await;
    for (first, last, amount, status) in [
        ("Yuki", "Tanaka", 5000, "Failed"),
        ("Grace", "Muller", 19_900, "Paid"),
    ] {
        let customer = state.customer(first, last);
        let notes: Vec<_> = state
            .named("credit_notes", &customer["credit_notes"])
            .collect();
        assert_eq!(
            (&notes[0]["amount"], &notes[0]["status"]),
            (&json!(amount), &json!(status))
        );
        assert_eq!(notes.len(), 1);
    }
    let grace = state.customer("Grace", "Muller");
    let id = &list(&grace["subscriptions"])[0];
    let next = &state.thing("subscriptions", id)["next"];
    assert_eq!(state.thing("plans", &next["plan_id"])["name"], "Pro");
}

#[tokio::test]
async fn omar_and_mary_are_not_on_the_first_page() {
    let state = State::of(Options::default()).await;
    let first_page: Vec<_> = state
        .customers()
        .take(100)
        .map(|found| &found["first_name"])
        .collect();
    for name in ["Omar", "Mary"] {
        assert!(!first_page.contains(&&json!(name)), "{name}");
    }
}
