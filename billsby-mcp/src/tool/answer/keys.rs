//! Identity keys in answers.

use serde_json::{Map, Value};

/// Whether a member of this name is a key that another call can need. The API varies the case of
/// letters.
pub(super) fn is_key(name: &str) -> bool {
    crate::KEYS
        .iter()
        .any(|key| key.name.eq_ignore_ascii_case(name))
}

/// Puts a key also under the name that the next tool expects, right behind the API's own. What is there
/// already stays as it is. In the path, `*` stands for every entry of a list. Says whether anything was
/// added.
pub(super) fn add(body: &mut Value, path: &[&str], argument: &str) -> bool {
    match path {
        [parents @ .., name] => add_below(body, parents, name, argument),
        [] => false,
    }
}

fn add_below(value: &mut Value, parents: &[&str], name: &str, argument: &str) -> bool {
    match (parents, value) {
        (["*", rest @ ..], Value::Array(items)) => {
            let mut added = false;
            for item in items {
                added |= add_below(item, rest, name, argument);
            }
            added
        }
        ([parent, rest @ ..], Value::Object(members)) => members
            .get_mut(*parent)
            .is_some_and(|member| add_below(member, rest, name, argument)),
        ([], Value::Object(members)) => add_beside(members, name, argument),
        _ => false,
    }
}

fn add_beside(members: &mut Map<String, Value>, name: &str, argument: &str) -> bool {
    if members.contains_key(argument) {
        return false;
    }
    let Some(position) = members.keys().position(|known| known == name) else {
        return false;
    };
    let value = members[name].clone();
    if !matches!(value, Value::String(_) | Value::Number(_)) {
        return false;
    }
    members.shift_insert(position + 1, argument.to_owned(), value);
    true
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn add_in_page(body: &mut Value) -> bool {
        let path = ["results", "*", "subscriptionId"];
        add(body, &path, "subscriptionUniqueId")
    }

    #[test]
    fn stands_right_behind_the_original() {
        let mut body = json!({"results": [{"a": 1, "subscriptionId": "T3KD95NW0B", "b": 2}], "subscriptionId": 7});
        assert!(add_in_page(&mut body));
        assert_eq!(
            body.to_string(),
            r#"{"results":[{"a":1,"subscriptionId":"T3KD95NW0B","subscriptionUniqueId":"T3KD95NW0B","b":2}],"subscriptionId":7}"#
        );
    }

    #[test]
    fn lists_may_be_the_answer_itself() {
        let mut body = json!([{"id": 12}, null, {"name": "x"}, {"id": 13}]);
        assert!(add(&mut body, &["*", "id"], "addonId"));
        let expected =
            json!([{"id": 12, "addonId": 12}, null, {"name": "x"}, {"id": 13, "addonId": 13}]);
        assert_eq!(body, expected);
    }

    #[test]
    fn nothing_is_overwritten_or_made_up() {
        for body in [
            json!({"results": [{"subscriptionId": 114, "subscriptionUniqueId": "T3KD95NW0B"}]}),
            json!({"results": [{"subscriptionId": 114, "subscriptionUniqueId": null}]}),
            json!({"results": [{"subscriptionId": null}, {"subscriptionId": {"a": 1}}, {}]}),
            json!({"results": {"subscriptionId": 1}}),
            json!({"results": null}),
            json!([{"subscriptionId": 1}]),
            json!("Success"),
        ] {
            let mut shown = body.clone();
            assert!(!add_in_page(&mut shown), "{body}");
            assert_eq!(shown, body);
        }
    }

    #[test]
    fn keys_are_told_from_other_numbers_and_ids() {
        for name in [
            "customerUniqueId",
            "subscriptionUniqueID",
            "addOnId",
            "cycleId",
            "invoiceNumber",
        ] {
            assert!(is_key(name), "{name}");
        }
        for name in [
            "id",
            "customerId",
            "subscriptionId",
            "phoneNumber",
            "invoiceId",
            "email",
            "",
        ] {
            assert!(!is_key(name), "{name}");
        }
    }
}
