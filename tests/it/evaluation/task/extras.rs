//! Tasks about add-ons, allowances, counters, feature tags and custom fields.

use serde_json::{Value, json};

use super::{MARY, Task};
use crate::evaluation::plan::{Step, Tell, step, with};
use crate::evaluation::state::{State, list};

pub(super) const TASKS: &[Task] = &[
    Task {
        name: "tell what an add-on costs",
        tags: &["add_ons"],
        plan: |_| {
            vec![
                step("get an add-on")
                    .about("add-on", with(&["Priority support"]))
                    .tell(Tell::One("flat fee price")),
            ]
        },
        done: |outcome| outcome.told(1500) && outcome.nothing_happened(),
        most_calls: None,
    },
    Task {
        name: "tell which add-ons a subscription has",
        tags: &["customers", "subscriptions", "add_ons"],
        plan: |_| vec![on_team("list the add-ons of a subscription").tell(Tell::Each("name"))],
        done: |outcome| {
            let taken = &outcome.after.subscription(MARY, "Team")["addons"];
            let names = list(taken).iter().map(|addon| {
                outcome.after.0["addons"][addon["addon_id"].to_string()]["name"].clone()
            });
            outcome.told_all(names) && outcome.nothing_happened()
        },
        most_calls: None,
    },
    Task {
        name: "tell how many units an allowance includes",
        tags: &["customers", "subscriptions", "allowances"],
        plan: |_| {
            vec![on_team("list the allowances of a subscription").tell(Tell::One("included units"))]
        },
        done: |outcome| outcome.told(1000) && outcome.nothing_happened(),
        most_calls: None,
    },
    Task {
        name: "count usage",
        tags: &["customers", "subscriptions", "allowances", "counters"],
        plan: |_| {
            vec![
                on_team("change a counter")
                    .about("allowance", with(&["API calls"]))
                    .fact("operation type", "increment")
                    .fact("value", 25),
            ]
        },
        done: |outcome| {
            let entries =
                |state: &State| list(&state.subscription(MARY, "Team")["counters"]).to_vec();
            let (before, after) = (entries(&outcome.before), entries(&outcome.after));
            after.len() == before.len() + 1
                && after
                    .last()
                    .is_some_and(|entry| entry["value"] == 25 && entry["operation"] == "Increment")
        },
        most_calls: None,
    },
    Task {
        name: "tell how much was used",
        tags: &["customers", "subscriptions", "allowances", "counters"],
        plan: |_| {
            vec![
                on_team("get the usage of a counter")
                    .about("allowance", with(&["API calls"]))
                    .tell(Tell::One("usage")),
            ]
        },
        done: |outcome| {
            let entries = &outcome.after.subscription(MARY, "Team")["counters"];
            let used = list(entries).iter().fold(0, |used, entry| {
                let value = entry["value"].as_i64().unwrap_or_default();
                match entry["operation"].as_str() {
                    Some("Increment") => used + value,
                    Some("Decrement") => used - value,
                    _ => value,
                }
            });
            outcome.told(used) && used > 0 && outcome.nothing_happened()
        },
        most_calls: None,
    },
    Task {
        name: "tag a subscription",
        tags: &["customers", "subscriptions", "feature_tags"],
        plan: |_| {
            vec![
                step("list a customer's subscriptions")
                    .about("customer", with(&[MARY]))
                    .about("subscription", with(&["Active", "Basic"])),
                step("add feature tags to subscriptions").fact("tag names", vec!["beta"]),
            ]
        },
        done: |outcome| tags(&outcome.after).contains(&json!("beta")) && outcome.effects.len() == 1,
        most_calls: None,
    },
    Task {
        name: "remove a tag from a subscription",
        tags: &["customers", "subscriptions", "feature_tags"],
        plan: |state| {
            let plan = with_own_tag(state).map(|subscription| state.plan_name(subscription));
            let plan = plan.and_then(Value::as_str).unwrap_or_default();
            vec![
                step("list a customer's subscriptions")
                    .about("customer", with(&[MARY]))
                    .about("subscription", with(&["Active", plan])),
                step("remove a feature tag from a subscription").fact("tag", "early-access"),
            ]
        },
        done: |outcome| {
            !tags(&outcome.after).contains(&json!("early-access"))
                && outcome.happened("feature_tag_removed") == 1
        },
        most_calls: None,
    },
    Task {
        name: "tell which tags a customer has",
        tags: &["customers", "feature_tags"],
        plan: |_| {
            vec![
                step("list the feature tags of a customer")
                    .about("customer", with(&[MARY]))
                    .tell(Tell::Words),
            ]
        },
        done: |outcome| {
            let told = outcome.told.as_ref().and_then(Value::as_array);
            told.is_some_and(|told| {
                told.contains(&json!("early-access")) && told.contains(&json!("newsletter"))
            })
        },
        most_calls: None,
    },
    Task {
        name: "create a custom field",
        tags: &["custom_fields"],
        plan: |_| {
            vec![
                step("create a custom field")
                    .fact("type", "dropdown field")
                    .fact("label", "Roast")
                    .fact("description", "How dark?")
                    .fact("compulsory", false)
                    .fact("options", "light,dark"),
            ]
        },
        done: |outcome| {
            let field = outcome.after.one("custom_fields", "label", "Roast");
            field["kind"] == 5 && outcome.happened("custom_field_created") == 1
        },
        most_calls: None,
    },
    Task {
        name: "make a custom field compulsory and keep the rest",
        tags: &["custom_fields"],
        plan: |_| {
            vec![
                step("list custom fields").about("custom field", with(&["Company size"])),
                step("update a custom field")
                    .unchanged("label")
                    .unchanged("description")
                    .fact("compulsory", true),
            ]
        },
        done: |outcome| {
            let mut expected = outcome
                .before
                .one("custom_fields", "label", "Company size")
                .clone();
            expected["compulsory"] = json!(true);
            *outcome.after.one("custom_fields", "label", "Company size") == expected
        },
        most_calls: None,
    },
    Task {
        name: "correct an answer to a custom field",
        tags: &["customers", "custom_fields"],
        plan: |_| {
            vec![
                step("list answers to custom fields")
                    .about("customer", with(&[MARY]))
                    .about("answer", with(&["Company size"])),
                step("change an answer to a custom field").fact("value", "75"),
            ]
        },
        done: |outcome| {
            let field = &outcome.after.one("custom_fields", "label", "Company size")["id"];
            let customer = &outcome.after.customer(MARY)["unique_id"];
            let mut answers = outcome.after.all("custom_field_responses");
            answers.any(|answer| {
                answer["field_id"] == *field
                    && answer["customer"] == *customer
                    && answer["value"] == "75"
            }) && outcome.effects.len() == 1
        },
        most_calls: None,
    },
];

/// A step about Mary's subscription to the product with the extras.
fn on_team(wish: &str) -> Step {
    step(wish)
        .about("customer", with(&[MARY]))
        .about("subscription", with(&["Active", "Team"]))
}

/// Mary's subscription that has a tag of its own.
fn with_own_tag(state: &State) -> Option<&Value> {
    let has = |subscription: &&Value| {
        list(&subscription["feature_tags"]).contains(&json!("early-access"))
    };
    state.of(MARY, "subscriptions").into_iter().find(has)
}

/// The own tags of all of Mary's subscriptions.
fn tags(state: &State) -> Vec<Value> {
    let subscriptions = state.of(MARY, "subscriptions").into_iter();
    subscriptions
        .flat_map(|subscription| list(&subscription["feature_tags"]))
        .cloned()
        .collect()
}
