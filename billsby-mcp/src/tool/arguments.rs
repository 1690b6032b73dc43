//! The arguments of one call.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Failure, Problem};

/// The arguments of one call, checked against the tool's schema and without `companyDomain`.
///
/// A tool takes the values of its path and query one by one; what is left is the body.
pub struct Arguments {
    values: Map<String, Value>,
}

impl Arguments {
    /// Wraps arguments that have been checked already.
    #[must_use]
    pub fn new(values: Map<String, Value>) -> Self {
        Self { values }
    }

    /// All of them, before a tool has taken any.
    pub(crate) fn values(&self) -> &Map<String, Value> {
        &self.values
    }

    /// Takes a value that has to be there.
    ///
    /// # Errors
    ///
    /// The value is missing or cannot be read as a `T`. Nothing has been sent then.
    pub fn take<T: DeserializeOwned>(&mut self, field: &str) -> Result<T, Failure> {
        match self.values.shift_remove(field) {
            Some(value) => read(field, value),
            None => Err(invalid(field, "missing".to_owned())),
        }
    }

    /// Takes a value that may be left out.
    ///
    /// # Errors
    ///
    /// The value is there and cannot be read as a `T`. Nothing has been sent then.
    pub fn take_optional<T: DeserializeOwned>(
        &mut self,
        field: &str,
    ) -> Result<Option<T>, Failure> {
        self.values
            .shift_remove(field)
            .map(|value| read(field, value))
            .transpose()
    }

    /// Takes everything that is left as the body of the request.
    ///
    /// # Errors
    ///
    /// What is left cannot be read as a `T`. Nothing has been sent then.
    pub fn body<T: DeserializeOwned>(&mut self) -> Result<T, Failure> {
        read("", Value::Object(std::mem::take(&mut self.values)))
    }

    /// Takes everything that is left as the body of the request; no body when nothing is left.
    ///
    /// # Errors
    ///
    /// What is left cannot be read as a `T`. Nothing has been sent then.
    pub fn optional_body<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Failure> {
        if self.values.is_empty() {
            return Ok(None);
        }
        self.body().map(Some)
    }
}

impl fmt::Debug for Arguments {
    /// Names only: the values are customers' data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

fn read<T: DeserializeOwned>(field: &str, value: Value) -> Result<T, Failure> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let inner = error.path().to_string();
        let path = match (field, inner.as_str()) {
            ("", ".") => "arguments".to_owned(),
            ("", inner) => inner.to_owned(),
            (field, ".") => field.to_owned(),
            (field, inner) => format!("{field}.{inner}"),
        };
        invalid(&path, error.into_inner().to_string())
    })
}

fn invalid(field: &str, problem: String) -> Failure {
    Failure::invalid_arguments(vec![Problem {
        field: field.to_owned(),
        problem,
    }])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn arguments(value: &Value) -> Arguments {
        Arguments::new(value.as_object().unwrap().clone())
    }

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Body {
        amount: u32,
        tags: Vec<String>,
    }

    #[test]
    fn takes_one_by_one_and_the_rest_as_body() {
        let mut arguments = arguments(&json!({"id": "A", "page": 2, "amount": 5, "tags": ["a"]}));
        assert_eq!(arguments.take::<String>("id").unwrap(), "A");
        assert_eq!(arguments.take_optional::<u32>("page").unwrap(), Some(2));
        assert_eq!(arguments.take_optional::<u32>("pageSize").unwrap(), None);
        assert_eq!(
            arguments.body::<Body>().unwrap(),
            Body {
                amount: 5,
                tags: vec!["a".to_owned()]
            }
        );
        assert_eq!(arguments.optional_body::<Body>().unwrap(), None);
    }

    #[test]
    fn names_the_field_that_cannot_be_read() {
        let mut missing = arguments(&json!({}));
        assert_eq!(
            missing.take::<String>("id").unwrap_err().problems()[0].field,
            "id"
        );
        let mut wrong = arguments(&json!({"page": -1, "amount": 1, "tags": ["a", 2]}));
        let failure = wrong.take_optional::<u32>("page").unwrap_err();
        assert_eq!(failure.problems()[0].field, "page");
        let failure = wrong.body::<Body>().unwrap_err();
        assert_eq!(failure.problems()[0].field, "tags[1]");
    }

    #[test]
    fn debug_shows_no_values() {
        let arguments = arguments(&json!({"email": "someone@example.com"}));
        assert_eq!(format!("{arguments:?}"), r#"{"email"}"#);
    }
}
