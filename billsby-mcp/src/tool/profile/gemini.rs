//! Gemini takes a part of `OpenAPI`'s schemas: few keywords, one type each, words for enumerations.

use serde_json::{Map, Value};

use crate::tool::schema::each_child;

/// What may stand in a schema; all else makes Gemini refuse the whole list.
pub(super) const KEYWORDS: [&str; 8] = [
    "type",
    "nullable",
    "format",
    "description",
    "enum",
    "properties",
    "required",
    "items",
];

pub(super) fn adapt(schema: &mut Value) {
    let Value::Object(members) = schema else {
        return;
    };
    single_type(members);
    members.retain(|keyword, value| {
        KEYWORDS.contains(&keyword.as_str()) && (keyword != "enum" || is_words(value))
    });
    each_child(members, &mut adapt);
}

/// Of several types the first that is not `null` stays.
fn single_type(members: &mut Map<String, Value>) {
    let Some(Value::Array(types)) = members.get("type") else {
        return;
    };
    let nullable = types.iter().any(|name| name == "null");
    let first = types.iter().find(|name| *name != "null").cloned();
    if let Some(first) = first {
        members.insert("type".to_owned(), first);
    }
    if nullable {
        members.insert("nullable".to_owned(), Value::Bool(true));
    }
}

fn is_words(value: &Value) -> bool {
    let words = value.as_array();
    words.is_some_and(|words| words.iter().all(Value::is_string))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_gemini_does_not_know_is_left_out() {
        let mut schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": {
                "size": {"type": ["integer", "null"], "default": 1, "enum": [1, 2]},
                "tags": {"type": "array", "items": {"type": "string", "const": "a"}},
                "word": {"type": "string", "enum": ["a", "b"]},
            },
            "required": ["tags"],
            "additionalProperties": false,
        });
        adapt(&mut schema);
        assert_eq!(
            schema,
            json!({
                "type": "object",
                "properties": {
                    "size": {"type": "integer", "nullable": true},
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "word": {"type": "string", "enum": ["a", "b"]},
                },
                "required": ["tags"],
            })
        );
    }
}
