//! Tasks about subscriptions and what happened to them.

use serde_json::json;

use super::{DANA, GRACE, LENA, MARY, PRIYA, SOFIA, Task, YUKI};
use crate::evaluation::plan::{Tell, step, with};

pub(super) const TASKS: &[Task] = &[
    Task {
        name: "cancel a subscription in its trial",
        tags: &["customers", "subscriptions"],
        plan: |_| {
            vec![
                step("cancel a subscription")
                    .about("customer", with(&[PRIYA]))
                    .about("subscription", with(&["InTrial"])),
            ]
        },
        done: |outcome| {
            let subscriptions = outcome.after.of(PRIYA, "subscriptions");
            subscriptions
                .iter()
                .all(|subscription| subscription["status"] == "Cancelled")
                && outcome.happened("subscription_cancelled") == 1
        },
        most_calls: None,
    },
    Task {
        name: "pause a subscription until a day",
        tags: &["customers", "subscriptions"],
        plan: |_| {
            vec![
                step("change the next renewal date")
                    .about("customer", with(&[DANA]))
                    .about("subscription", with(&["Active"]))
                    .fact("new renewal date", "2027-06-01T00:00:00Z")
                    .fact("pause subscription", true),
            ]
        },
        done: |outcome| {
            let subscription = outcome.after.subscription(DANA, "Pro");
            subscription["status"] == "Paused"
                && subscription["next_billing"] == "2027-06-01T00:00:00Z"
        },
        most_calls: None,
    },
    Task {
        name: "send the deliveries to another address",
        tags: &["customers", "subscriptions"],
        plan: |_| {
            vec![
                step("replace the shipping address of a subscription")
                    .about("customer", with(&[MARY]))
                    .about("subscription", with(&["Active", "Basic"]))
                    .fact("street", "5 Harbour Lane")
                    .fact("city", "Galway")
                    .fact("state", "Galway")
                    .fact("post code", "H91 ABCD")
                    .fact("country", "IRL"),
            ]
        },
        done: |outcome| {
            outcome.after.subscription(MARY, "Basic")["shipping_address"]["city"] == "Galway"
        },
        most_calls: None,
    },
    Task {
        name: "tell where the deliveries go",
        tags: &["customers", "subscriptions"],
        plan: |_| {
            vec![
                step("get the shipping address of a subscription")
                    .about("customer", with(&[MARY]))
                    .about("subscription", with(&["Active", "Basic"]))
                    .tell(Tell::One("post code")),
            ]
        },
        done: |outcome| {
            let address = &outcome.after.subscription(MARY, "Basic")["shipping_address"];
            outcome.told(address["postCode"].clone())
        },
        most_calls: None,
    },
    Task {
        name: "give an existing customer a subscription",
        tags: &["customers", "subscriptions", "products", "plans"],
        plan: |_| {
            vec![
                step("add a subscription to an existing customer")
                    .about("customer", with(&[SOFIA]))
                    .about("product", with(&["Coffee Club"]))
                    .about("cycle", with(&["Basic", "monthly"])),
            ]
        },
        done: |outcome| {
            let subscription = outcome.after.subscription(SOFIA, "Basic");
            subscription["status"] == "Active"
                && outcome.happened("subscription_created") == 1
                && outcome.amount("charged") == 1900
        },
        most_calls: None,
    },
    Task {
        name: "create a customer with a subscription",
        tags: &["customers", "subscriptions", "products", "plans"],
        plan: |_| {
            vec![
                step("create a customer with a subscription")
                    .about("product", with(&["Coffee Club"]))
                    .about("cycle", with(&["Pro", "yearly"]))
                    .fact("first name", "Ada")
                    .fact("last name", "Byron")
                    .fact("email", "ada.byron@example.com")
                    .fact("units", 1)
                    .fact("street", "12 St James's Square")
                    .fact("city", "London")
                    .fact("state", "London")
                    .fact("post code", "SW1Y 4JH")
                    .fact("country", "GBR")
                    .fact("on the card", "Ada Byron")
                    .fact("payment card token", "tok_evaluation")
                    .fact("expiry month", 12)
                    .fact("expiry year", 2099)
                    .fact("card type", "visa")
                    .fact("last4 digits", "4242"),
            ]
        },
        done: |outcome| {
            let subscription = outcome.after.subscription("ada.byron@example.com", "Pro");
            subscription["cycle_id"] == outcome.after.cycle("Pro", "Yearly")["id"]
                && outcome.amount("charged") == 49_000
        },
        most_calls: None,
    },
    Task {
        name: "tell the status of a subscription",
        tags: &["customers", "subscriptions"],
        plan: |_| {
            vec![
                step("get a subscription")
                    .about("customer", with(&[LENA]))
                    .about("subscription", with(&[]))
                    .tell(Tell::One("status")),
            ]
        },
        done: |outcome| outcome.told("Suspended") && outcome.nothing_happened(),
        most_calls: None,
    },
    Task {
        name: "tell to which plan a subscription changes at its renewal",
        tags: &["customers", "subscriptions", "plans"],
        plan: |_| {
            vec![
                step("get a subscription")
                    .about("customer", with(&[GRACE]))
                    .about("subscription", with(&["Enterprise"]))
                    .tell(Tell::One("plan id next")),
            ]
        },
        done: |outcome| {
            outcome.told(outcome.after.plan("Pro")["id"].clone()) && outcome.nothing_happened()
        },
        most_calls: None,
    },
    Task {
        name: "change the plan at the renewal",
        tags: &["customers", "subscriptions", "plans"],
        plan: |_| {
            vec![
                step("list a customer's subscriptions")
                    .about("customer", with(&[YUKI]))
                    .about("subscription", with(&["Basic"])),
                step("change the plan of a subscription")
                    .about("plan", with(&["Pro"]))
                    .about("cycle", with(&["Pro", "yearly"]))
                    .fact("plan change type", "on renewal"),
            ]
        },
        done: |outcome| {
            let subscription = outcome.after.subscription(YUKI, "Basic");
            subscription["next"]["plan_id"] == outcome.after.plan("Pro")["id"]
                && outcome.happened("charged") == 0
        },
        most_calls: None,
    },
    Task {
        name: "change the plan and keep units, add-ons and allowances",
        tags: &[
            "customers",
            "subscriptions",
            "plans",
            "add_ons",
            "allowances",
        ],
        plan: |_| {
            vec![
                step("list a customer's subscriptions")
                    .about("customer", with(&[MARY]))
                    .about("subscription", with(&["Active", "Team"])),
                step("change the plan of a subscription")
                    .about("plan", with(&["Starter"]))
                    .about("cycle", with(&["Starter", "monthly"]))
                    .unchanged("units")
                    .unchanged("add ons")
                    .unchanged("allowances"),
            ]
        },
        done: |outcome| {
            let (before, after) = (
                outcome.before.subscription(MARY, "Team"),
                outcome.after.subscription(MARY, "Starter"),
            );
            ["unique_id", "units", "addons", "allowances"]
                .iter()
                .all(|name| before[name] == after[name])
        },
        most_calls: None,
    },
    Task {
        name: "count the subscriptions in their trial",
        tags: &["subscriptions"],
        plan: |_| {
            vec![
                step("list subscriptions")
                    .rows(&["InTrial"])
                    .tell(Tell::Count),
            ]
        },
        done: |outcome| {
            let number = outcome.after.count("subscriptions", |subscription| {
                subscription["status"] == "InTrial"
            });
            outcome.told(number) && outcome.nothing_happened()
        },
        most_calls: None,
    },
    Task {
        name: "count what happened to a subscription",
        tags: &["customers", "subscriptions", "event_logs"],
        plan: |_| {
            vec![
                step("list a customer's subscriptions")
                    .about("customer", with(&[MARY]))
                    .about("subscription", with(&["Cancelled"])),
                step("list the events of a subscription").tell(Tell::Count),
            ]
        },
        done: |outcome| {
            let subscriptions = outcome.after.of(MARY, "subscriptions");
            let cancelled = subscriptions
                .iter()
                .find(|subscription| subscription["status"] == "Cancelled");
            let events = cancelled.and_then(|subscription| subscription["events"].as_array());
            events.is_some_and(|events| outcome.told(json!(events.len())))
                && outcome.nothing_happened()
        },
        most_calls: None,
    },
];
