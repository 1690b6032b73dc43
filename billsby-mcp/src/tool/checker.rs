//! Checking the arguments of a call.

use jsonschema::Validator;
use serde_json::{Map, Value};

use super::{Problem, problem, schema};

/// A schema, ready to have arguments held against it.
#[derive(Debug)]
pub(crate) struct Checker {
    schema: Value,
    validator: Validator,
}

impl Checker {
    /// Compiles a schema; else says what is wrong with it.
    pub(crate) fn new(schema: Value) -> Result<Self, String> {
        let validator = jsonschema::draft202012::options()
            .should_validate_formats(true)
            .offline()
            .build(&schema)
            .map_err(|error| error.to_string())?;
        Ok(Self { schema, validator })
    }

    pub(crate) fn schema(&self) -> &Value {
        &self.schema
    }

    /// The arguments in the form that the schema wants; else everything that is wrong with them, at once.
    pub(crate) fn check(
        &self,
        arguments: Map<String, Value>,
    ) -> Result<Map<String, Value>, Vec<Problem>> {
        let mut arguments = Value::Object(arguments);
        schema::normalise(&self.schema, &mut arguments);
        let problems = problem::find(&self.validator, &self.schema, &arguments);
        match arguments {
            Value::Object(arguments) if problems.is_empty() => Ok(arguments),
            _ => Err(problems),
        }
    }
}
