//! The ids that a call named.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::text;
use crate::KEYS;

/// The longest id that is kept, in characters. A longer one is left out: a part of it would be another id.
const LONGEST: usize = 128;

/// The ids among arguments that have passed their schema, wherever they are, by the names of the kinds.
/// Of several of a kind the first one is kept.
pub(crate) fn keys(arguments: &Map<String, Value>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    object(arguments, &mut found);
    found
}

fn object(members: &Map<String, Value>, found: &mut BTreeMap<String, String>) {
    for (name, member) in members {
        match member {
            Value::Object(members) => object(members, found),
            Value::Array(elements) => array(elements, found),
            _ if is_key(name) && !found.contains_key(name) => {
                found.extend(id(member).map(|id| (name.clone(), id)));
            }
            _ => {}
        }
    }
}

fn array(elements: &[Value], found: &mut BTreeMap<String, String>) {
    for element in elements {
        match element {
            Value::Object(members) => object(members, found),
            Value::Array(elements) => array(elements, found),
            _ => {}
        }
    }
}

fn is_key(name: &str) -> bool {
    static NAMES: LazyLock<Vec<&str>> = LazyLock::new(|| KEYS.iter().map(|key| key.name).collect());
    NAMES.contains(&name)
}

fn id(value: &Value) -> Option<String> {
    let id = match value {
        Value::String(id) => text::clean(id, LONGEST + 1)?,
        Value::Number(id) => id.to_string(),
        _ => return None,
    };
    (id.chars().count() <= LONGEST).then_some(id)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(arguments: &Value) -> Value {
        json!(keys(arguments.as_object().unwrap()))
    }

    #[test]
    fn only_ids_are_kept() {
        let arguments = json!({
            "customerUniqueId": "6ZY37ULDEF",
            "email": "someone@example.com",
            "planId": 26,
            "amount": 500,
            "invoiceNumber": null,
            "productId": true,
        });
        let expected = json!({"customerUniqueId": "6ZY37ULDEF", "planId": "26"});
        assert_eq!(found(&arguments), expected);
    }

    #[test]
    fn they_are_found_within_others_and_the_first_one_counts() {
        let arguments = json!({
            "units": [[{"cycleId": 1}], {"cycleId": 2, "note": "x"}],
            "address": {"subscriptionUniqueId": "Y7MX4G314L"},
        });
        let expected = json!({"cycleId": "1", "subscriptionUniqueId": "Y7MX4G314L"});
        assert_eq!(found(&arguments), expected);
    }

    #[test]
    fn what_cannot_be_shown_is_left_out() {
        let long = "A".repeat(LONGEST);
        for (id, kept) in [
            ("AB\u{7}\nC\u{202e}", Some("ABC")),
            ("", None),
            ("\u{0}", None),
            (&*long, Some(&*long)),
            (&format!("{long}A"), None),
        ] {
            let expected = kept.map_or(json!({}), |kept| json!({ "invoiceNumber": kept }));
            assert_eq!(found(&json!({ "invoiceNumber": id })), expected);
        }
    }
}
