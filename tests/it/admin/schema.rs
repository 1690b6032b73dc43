//! Holds answers against the document of the API.

use std::collections::HashMap;
use std::sync::Mutex;

use jsonschema::Validator;
use reqwest::Method;
use serde_json::{Value, json};

use super::Reply;

/// The document of the API.
pub(crate) struct Document {
    /// With objects that have no members but those that are described.
    strict: Value,
    value: Value,
    validators: Mutex<HashMap<String, Validator>>,
}

impl Document {
    pub(crate) fn new(value: Value) -> Self {
        let mut strict = value.clone();
        let schemas = strict["components"]["schemas"].as_object_mut();
        schemas.expect("schemas").values_mut().for_each(close);
        Self {
            strict,
            value,
            validators: Mutex::default(),
        }
    }

    pub(crate) fn value(&self) -> &Value {
        &self.value
    }

    /// Panics unless an answer is one that the document has. Where there is no operation, only a problem
    /// may be answered.
    #[track_caller]
    pub(crate) fn check(&self, method: &Method, path: &str, reply: &Reply) {
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(reply.header("access-control-allow-origin"), None, "{path}");
        let request_id = reply.header("x-request-id").expect("an id");
        let content_type = reply.header("content-type");
        if reply.status >= 400 {
            assert_eq!(content_type, Some("application/problem+json"), "{path}");
            assert_eq!(reply.body["status"], reply.status, "{path}");
            assert_eq!(reply.body["request_id"], request_id, "{path}");
            self.validate("#/components/schemas/Problem", &reply.body);
        }
        let method = method.as_str().to_lowercase();
        let Some((template, operation)) = self.operation(&method, path) else {
            assert!(
                matches!(reply.status, 401 | 403 | 404 | 405 | 429),
                "{method} {path}"
            );
            return;
        };
        let response = &operation["responses"][reply.status.to_string()];
        let what = format!("{method} {template} answers {}", reply.status);
        assert!(
            response.is_object(),
            "{what}, which is not documented: {:#}",
            reply.body
        );
        let content = response["content"].as_object();
        let Some((media_type, content)) = content.and_then(|content| content.iter().next()) else {
            assert_eq!(reply.body, Value::Null, "{what}");
            return;
        };
        assert_eq!(content_type, Some(media_type.as_str()), "{what}");
        let reference = content["schema"]["$ref"].as_str().expect("a reference");
        self.validate(reference, &reply.body);
    }

    fn operation(&self, method: &str, path: &str) -> Option<(&str, &Value)> {
        let paths = self.value["paths"].as_object()?;
        let matches = |template: &str| {
            let (parts, wanted) = (path.split('/'), template.split('/'));
            parts.clone().count() == wanted.clone().count()
                && parts
                    .zip(wanted)
                    .all(|(part, wanted)| wanted.starts_with('{') || part == wanted)
        };
        let found = paths.iter().filter(|(template, _)| matches(template));
        // The one with the fewest names for anything is the one that is meant.
        let (template, item) = found.min_by_key(|(template, _)| template.matches('{').count())?;
        Some((template, item.get(method)?))
    }

    #[track_caller]
    fn validate(&self, reference: &str, body: &Value) {
        let mut validators = self.validators.lock().expect("no panic inside");
        let validator = validators.entry(reference.to_owned()).or_insert_with(|| {
            let schema = json!({"$ref": reference, "components": self.strict["components"]});
            let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012);
            options
                .should_validate_formats(true)
                .build(&schema)
                .expect("a schema")
        });
        let errors: Vec<String> = validator
            .iter_errors(body)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        drop(validators);
        assert!(errors.is_empty(), "{reference}: {errors:#?} in {body:#}");
    }
}

/// Nothing may be answered that is not described.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.get("properties").is_some_and(Value::is_object)
                && !members.contains_key("additionalProperties")
            {
                members.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            members.values_mut().for_each(close);
        }
        Value::Array(values) => values.iter_mut().for_each(close),
        _ => {}
    }
}
