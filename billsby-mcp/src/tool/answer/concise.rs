//! The short form of an answer.

use serde_json::{Map, Value};

use super::keys;
use super::remarks::{Names, join};

/// Makes an answer short. The rule is the same for all answers:
///
/// * The answer and the entries of its lists keep their plain values, and their lists of plain values.
/// * What is nested more deeply keeps its identity keys only; without any, it is left out.
/// * What is null or empty is left out, but for the answer's own lists.
///
/// Gives the paths of what was left out although it was not empty.
pub(super) fn shorten(body: &mut Value, root: &str, omitted: &mut Names) {
    match body {
        Value::Array(items) => shorten_entries(items, root, omitted),
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                if let Value::Array(items) = member {
                    shorten_entries(items, &join(root, name), omitted);
                }
            }
            members.retain(|name, member| match member {
                Value::Array(_) => true,
                Value::Object(_) => keep_keys(member, &join(root, name), omitted),
                plain => !is_empty(plain),
            });
        }
        _ => {}
    }
}

fn shorten_entries(items: &mut Vec<Value>, path: &str, omitted: &mut Names) {
    items.retain_mut(|item| match item {
        Value::Object(members) => {
            shorten_entry(members, path, omitted);
            true
        }
        Value::Array(_) => keep_keys(item, path, omitted),
        plain => !is_empty(plain),
    });
}

fn shorten_entry(members: &mut Map<String, Value>, path: &str, omitted: &mut Names) {
    members.retain(|name, member| match member {
        Value::Array(items) if !items.iter().any(is_nested) => {
            items.retain(|item| !is_empty(item));
            !items.is_empty()
        }
        Value::Array(_) | Value::Object(_) => keep_keys(member, &join(path, name), omitted),
        plain => !is_empty(plain),
    });
}

/// Reduces something nested to its keys. Says whether there are any.
fn keep_keys(value: &mut Value, path: &str, omitted: &mut Names) -> bool {
    if is_empty(value) {
        return false;
    }
    let (kept, lost) = reduce(value);
    if lost {
        omitted.add(path.to_owned());
    }
    kept
}

/// Whether something is kept, and whether something is lost.
fn reduce(value: &mut Value) -> (bool, bool) {
    let mut lost = false;
    let kept = match value {
        Value::Array(items) => {
            items.retain_mut(|item| keep(item, false, &mut lost));
            !items.is_empty()
        }
        Value::Object(members) => {
            members.retain(|name, member| keep(member, keys::is_key(name), &mut lost));
            !members.is_empty()
        }
        _ => false,
    };
    (kept, lost)
}

fn keep(value: &mut Value, is_key: bool, lost: &mut bool) -> bool {
    if is_nested(value) {
        let (kept, inner) = reduce(value);
        *lost |= inner;
        kept
    } else {
        let kept = is_key && !is_empty(value);
        *lost |= !kept && !is_empty(value);
        kept
    }
}

fn is_nested(value: &Value) -> bool {
    matches!(value, Value::Array(_) | Value::Object(_))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn shortened(mut body: Value, expected: &Value, left_out: &[&str]) {
        let mut omitted = Names::default();
        shorten(&mut body, "", &mut omitted);
        assert_eq!(&body, expected);
        let mut names = Names::default();
        for name in left_out {
            names.add((*name).to_owned());
        }
        assert_eq!(omitted, names);
    }

    #[test]
    fn a_page_keeps_the_plain_values_of_its_entries() {
        shortened(
            json!({
                "currentPage": 1, "results": [
                    {"customerUniqueId": "8WER0F4J1R", "email": "", "phone": null, "units": 0, "paid": false,
                     "billingAddress": {"city": "Leeds"}, "tags": ["a", "", "b"], "notes": []},
                    null,
                    {"billingAddress": {"city": null}},
                ],
            }),
            &json!({
                "currentPage": 1,
                "results": [
                    {"customerUniqueId": "8WER0F4J1R", "units": 0, "paid": false, "tags": ["a", "b"]},
                    {},
                ],
            }),
            &["results.billingAddress"],
        );
    }

    #[test]
    fn ids_are_kept_however_deep_they_are() {
        shortened(
            json!([{
                "planId": 26, "cycles": [
                    {"cycleId": 217, "price": 100, "pricingModel": {"tiers": [{"start": 1}]}},
                    {"cycleId": 218, "price": 200},
                ],
                "counter": {"inner": {"counterId": "M6JYJRPV4Q", "unit": "calls"}, "more": {}},
            }]),
            &json!([{
                "planId": 26, "cycles": [{"cycleId": 217}, {"cycleId": 218}],
                "counter": {"inner": {"counterId": "M6JYJRPV4Q"}},
            }]),
            &["cycles", "counter"],
        );
    }

    #[test]
    fn an_object_keeps_its_plain_values_and_those_of_its_lists() {
        shortened(
            json!({
                "status": "Paid", "footer": " ", "taxes": [], "branding": {"logo": "x"}, "address": {},
                "subscriptions": [{"planName": "Team", "items": [{"amount": 900}]}],
                "tags": ["a", null],
            }),
            &json!({
                "status": "Paid", "taxes": [], "subscriptions": [{"planName": "Team"}], "tags": ["a"],
            }),
            &["subscriptions.items", "branding"],
        );
    }

    #[test]
    fn what_is_plain_already_stays() {
        for body in [
            json!("Success"),
            json!(true),
            json!(["pro-plan", "water"]),
            json!({}),
        ] {
            shortened(body.clone(), &body, &[]);
        }
    }
}
