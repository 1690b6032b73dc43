//! Strict mode of `OpenAI`: objects are closed and every property is required, so that one which may be
//! left out has to be `null`.

use serde_json::{Map, Value, json};

use crate::tool::schema::each_child;

pub(super) fn adapt(schema: &mut Value) {
    let Value::Object(members) = schema else {
        return;
    };
    each_child(members, &mut adapt);
    if members.get("type") == Some(&json!("object")) {
        close(members);
    }
}

fn close(members: &mut Map<String, Value>) {
    let required: Vec<Value> = match members.get("required") {
        Some(Value::Array(names)) => names.clone(),
        _ => Vec::new(),
    };
    let mut all = Vec::new();
    if let Some(Value::Object(properties)) = members.get_mut("properties") {
        for (name, property) in properties.iter_mut() {
            let name = Value::from(name.as_str());
            if !required.contains(&name)
                && let Value::Object(property) = property
            {
                allow_null(property);
            }
            all.push(name);
        }
    }
    members.insert("required".to_owned(), Value::Array(all));
    members.insert("additionalProperties".to_owned(), Value::Bool(false));
}

fn allow_null(schema: &mut Map<String, Value>) {
    if let Some(kind @ Value::String(_)) = schema.get_mut("type") {
        *kind = json!([kind.take(), "null"]);
    }
    if let Some(Value::Array(words)) = schema.get_mut("enum") {
        words.push(Value::Null);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_required_and_what_was_optional_may_be_null() {
        let mut schema = json!({
            "type": "object",
            "properties": {
                "id": {"type": "string"},
                "when": {"type": "string", "enum": ["now"]},
                "address": {"type": "object", "properties": {"line": {"type": "string"}}},
            },
            "required": ["id"],
            "additionalProperties": false,
        });
        adapt(&mut schema);
        assert_eq!(
            schema,
            json!({
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "when": {"type": ["string", "null"], "enum": ["now", null]},
                    "address": {
                        "type": ["object", "null"],
                        "properties": {"line": {"type": ["string", "null"]}},
                        "required": ["line"],
                        "additionalProperties": false,
                    },
                },
                "required": ["id", "when", "address"],
                "additionalProperties": false,
            })
        );
    }
}
