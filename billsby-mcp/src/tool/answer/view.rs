//! What a caller wants to see of an answer.

use serde_json::{Map, Value};

/// What a caller wants to see of an answer: the arguments of a read that are not sent, and the ones
/// that say which page was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct View {
    /// Dotted paths of what to show, as in `results.billingAddress.city`; everything when there are none.
    pub fields: Option<Vec<String>>,
    /// How much to show; when nobody says, everything that fits.
    pub detail: Option<Detail>,
    /// The page that is asked for, counted from 1.
    pub page: Option<usize>,
    /// How many entries a page is to have.
    pub page_size: Option<usize>,
}

/// How much of an answer to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Plain values and ids.
    Concise,
    /// Everything.
    Full,
}

/// The argument that names what to show.
pub(crate) const FIELDS: &str = "fields";
/// The argument that says how much to show.
pub(crate) const DETAIL: &str = "detail";

impl View {
    /// Some models write one text with commas where a list of names belongs. A list in JSON is left to be
    /// unwrapped like every other one.
    pub(crate) fn split_names(arguments: &mut Map<String, Value>) {
        if let Some(Value::String(text)) = arguments.get(FIELDS)
            && !text.trim_start().starts_with('[')
        {
            let names: Value = text.split(',').map(str::trim).collect();
            arguments.insert(FIELDS.to_owned(), names);
        }
    }

    /// Takes what is not sent out of the arguments of a call, which have passed the tool's schema.
    pub fn take(arguments: &mut Map<String, Value>) -> Self {
        let fields = arguments.shift_remove(FIELDS).map(|value| names(&value));
        let detail = arguments.shift_remove(DETAIL);
        Self {
            fields: fields.filter(|fields| !fields.is_empty()),
            detail: match detail.as_ref().and_then(Value::as_str) {
                Some("concise") => Some(Detail::Concise),
                Some("full") => Some(Detail::Full),
                _ => None,
            },
            page: arguments.get("page").and_then(super::page::number),
            page_size: arguments.get("pageSize").and_then(super::page::number),
        }
    }
}

fn names(value: &Value) -> Vec<String> {
    let items = value.as_array().into_iter().flatten();
    let names = items.filter_map(Value::as_str).map(str::trim);
    names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn take(arguments: Value) -> (View, Value) {
        let Value::Object(mut arguments) = arguments else {
            panic!("arguments are an object");
        };
        let view = View::take(&mut arguments);
        (view, Value::Object(arguments))
    }

    #[test]
    fn takes_what_is_not_sent_and_leaves_the_rest() {
        let (view, left) = take(json!({
            "page": 2, "fields": ["email", " a.b "], "pageSize": "50", "detail": "concise", "search": "x",
        }));
        assert_eq!(view.fields.unwrap(), ["email", "a.b"]);
        assert_eq!(view.detail, Some(Detail::Concise));
        assert_eq!((view.page, view.page_size), (Some(2), Some(50)));
        assert_eq!(left, json!({"page": 2, "pageSize": "50", "search": "x"}));
    }

    #[test]
    fn what_is_null_or_empty_is_not_said() {
        for fields in [json!(null), json!([]), json!(["", " "])] {
            let (view, left) = take(json!({"fields": fields, "detail": null}));
            assert_eq!(view, View::default());
            assert_eq!(left, json!({}));
        }
        assert_eq!(take(json!({})).0, View::default());
    }

    #[test]
    fn one_text_may_name_several_fields() {
        for (given, split) in [
            (
                json!("email, results.status"),
                json!(["email", "results.status"]),
            ),
            (json!(""), json!([""])),
            (json!("[\"a\", \"b\"]"), json!("[\"a\", \"b\"]")),
            (json!(["a,b"]), json!(["a,b"])),
            (json!(5), json!(5)),
        ] {
            let mut arguments = Map::from_iter([(FIELDS.to_owned(), given)]);
            View::split_names(&mut arguments);
            assert_eq!(arguments[FIELDS], split);
        }
    }
}
