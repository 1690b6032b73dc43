//! Tasks about products, plans and cycles.

use serde_json::json;

use super::Task;
use crate::evaluation::plan::{Tell, step, with};

pub(super) const TASKS: &[Task] = &[
    Task {
        name: "create a product",
        tags: &["products"],
        plan: |_| {
            vec![
                step("create a product")
                    .fact("name", "Tea Club")
                    .fact("display name", "The Tea Club")
                    .fact("billing currency", "GBP")
                    .fact("visibility", "hidden"),
            ]
        },
        done: |outcome| {
            let product = outcome.after.one("products", "name", "Tea Club");
            product["visibility"] == 1
                && product["billing_currency"] == "GBP"
                && outcome.happened("product_created") == 1
        },
        most_calls: None,
    },
    Task {
        name: "rename a product and keep the rest",
        tags: &["products"],
        plan: |_| {
            vec![
                step("update a product")
                    .about("product", with(&["Coffee Club"]))
                    .fact("display name", "The Coffee Club"),
            ]
        },
        done: |outcome| {
            let mut expected = outcome
                .before
                .one("products", "name", "Coffee Club")
                .clone();
            expected["display_name"] = json!("The Coffee Club");
            *outcome.after.one("products", "name", "Coffee Club") == expected
                && outcome.effects.len() == 1
        },
        most_calls: None,
    },
    Task {
        name: "tell the currency of a product",
        tags: &["products"],
        plan: |_| {
            vec![
                step("get a product")
                    .about("product", with(&["Legacy Box"]))
                    .tell(Tell::One("billing currency")),
            ]
        },
        done: |outcome| outcome.told("GBP") && outcome.nothing_happened(),
        most_calls: None,
    },
    Task {
        name: "create a plan",
        tags: &["products", "plans"],
        plan: |_| {
            vec![
                step("create a plan")
                    .about("product", with(&["Coffee Club"]))
                    .fact("name", "Student")
                    .fact("display name", "For students")
                    .fact("pricing model", "flat fee")
                    .fact("visibility", "internal")
                    .fact("feature tags", vec!["newsletter"]),
            ]
        },
        done: |outcome| {
            let plan = outcome.after.plan("Student");
            plan["visibility"] == 2
                && plan["pricing_model"] == 1
                && plan["feature_tags"] == json!(["newsletter"])
        },
        most_calls: None,
    },
    Task {
        name: "put the plans of a product in another order",
        tags: &["products", "plans"],
        plan: |_| {
            vec![
                step("reorder the plans of a product")
                    .about("product", with(&["Coffee Club"]))
                    .fact("ordered plan ids", vec!["Enterprise", "Pro", "Basic"]),
            ]
        },
        done: |outcome| {
            let product = outcome.after.one("products", "name", "Coffee Club");
            let ids =
                ["Enterprise", "Pro", "Basic"].map(|name| outcome.after.plan(name)["id"].clone());
            product["plans"] == json!(ids)
        },
        most_calls: None,
    },
    Task {
        name: "describe a plan and keep the rest",
        tags: &["products", "plans"],
        plan: |_| {
            vec![
                step("update a plan and its cycles")
                    .about("product", with(&["Coffee Club"]))
                    .about("plan", with(&["Basic"]))
                    .fact("description", "One bag a month"),
            ]
        },
        done: |outcome| {
            let mut expected = outcome.before.plan("Basic").clone();
            expected["description"] = json!("One bag a month");
            *outcome.after.plan("Basic") == expected
        },
        most_calls: None,
    },
    Task {
        name: "sell a plan by the week",
        tags: &["products", "plans", "cycles"],
        plan: |_| {
            vec![
                step("create cycles for a plan")
                    .about("product", with(&["Coffee Club"]))
                    .about("plan", with(&["Basic"]))
                    .fact(
                        "cycles input model",
                        json!([{
                            "frequency": 1,
                            "frequency type": "weekly",
                            "price": 600,
                            "billing date type": "anniversary",
                            "visibility": "public",
                        }]),
                    )
                    .fact("addon plan input models", json!([])),
            ]
        },
        done: |outcome| {
            outcome.after.cycle("Basic", "Weekly")["price"] == 600
                && outcome.happened("cycle_created") == 1
        },
        most_calls: None,
    },
];
