//! The tools of one account, looked up by any of their names.

use std::collections::HashMap;

use jsonschema::Validator;
use serde_json::{Map, Value};

use super::nearest::nearest;
use super::schema::{self, COMPANY_DOMAIN};
use super::{Arguments, Failure, Tool, problem};

/// The tools of one account. Built once, because compiling the schemas costs milliseconds.
#[derive(Debug)]
pub struct Catalogue {
    entries: Vec<Entry>,
    names: HashMap<&'static str, usize>,
}

/// A tool with its input schema for one account.
#[derive(Debug)]
pub struct Entry {
    tool: &'static Tool,
    input_schema: Value,
    validator: Validator,
}

/// A tool table that cannot be served: the generated files are damaged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// A schema is not one that can be served.
    #[error("the input schema of {tool} cannot be used: {reason}")]
    Schema {
        /// The listed name of the tool.
        tool: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// Two tools answer to the same name.
    #[error("{first} and {second} are both called {name}")]
    Name {
        /// The name in question.
        name: &'static str,
        /// The listed name of one tool.
        first: &'static str,
        /// The listed name of the other tool.
        second: &'static str,
    },
}

impl Catalogue {
    /// Prepares the tools for the account of `company_domain`, in the order in which they come.
    ///
    /// # Errors
    ///
    /// A schema cannot be used, or a name is taken twice.
    pub fn new(
        tools: impl IntoIterator<Item = &'static Tool>,
        company_domain: &str,
    ) -> Result<Self, CatalogueError> {
        let entries = tools
            .into_iter()
            .map(|tool| Entry::new(tool, company_domain))
            .collect::<Result<Vec<_>, _>>()?;
        let mut names = HashMap::new();
        for (index, entry) in entries.iter().enumerate() {
            for name in entry.tool.names() {
                if let Some(first) = names.insert(name, index) {
                    return Err(CatalogueError::Name {
                        name,
                        first: entries[first].tool.name,
                        second: entry.tool.name,
                    });
                }
            }
        }
        Ok(Self { entries, names })
    }

    /// The tools, in the order in which they are listed.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The tool that answers to a name: its listed one, its short one or an alias.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Entry> {
        self.names.get(name).map(|index| &self.entries[*index])
    }

    /// The listed name of the tool that was most probably meant, if any is near.
    #[must_use]
    pub fn nearest(&self, name: &str) -> Option<&'static str> {
        // In the order of the table, so that the same question always gets the same answer.
        let names = self.entries.iter().flat_map(|entry| entry.tool.names());
        let name = nearest(name, names)?;
        self.find(name).map(|entry| entry.tool.name)
    }
}

impl Entry {
    fn new(tool: &'static Tool, company_domain: &str) -> Result<Self, CatalogueError> {
        let unusable = |reason: String| CatalogueError::Schema {
            tool: tool.name,
            reason,
        };
        let input_schema =
            schema::for_account(tool.input_schema, company_domain).map_err(unusable)?;
        let validator = jsonschema::draft202012::options()
            .should_validate_formats(true)
            .offline()
            .build(&input_schema)
            .map_err(|error| unusable(error.to_string()))?;
        Ok(Self {
            tool,
            input_schema,
            validator,
        })
    }

    /// The tool itself.
    #[must_use]
    pub fn tool(&self) -> &'static Tool {
        self.tool
    }

    /// JSON Schema of the arguments; `companyDomain` allows the account's own domain only.
    #[must_use]
    pub fn input_schema(&self) -> &Value {
        &self.input_schema
    }

    /// Checks the arguments of a call.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with them, at once. Nothing has been sent then.
    pub fn check(&self, arguments: Map<String, Value>) -> Result<Arguments, Failure> {
        let mut arguments = Value::Object(arguments);
        schema::normalise(&self.input_schema, &mut arguments);
        let problems = problem::find(&self.validator, &self.input_schema, &arguments);
        match arguments {
            Value::Object(mut values) if problems.is_empty() => {
                // The client fills it in from the account.
                values.shift_remove(COMPANY_DOMAIN);
                Ok(Arguments::new(values))
            }
            _ => Err(Failure::invalid_arguments(problems)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tool::{Answer, Class, Effect};

    const REFUND: Tool = Tool {
        name: "billsby_invoices_refund_invoice",
        short_name: "refund_invoice",
        aliases: &["give_money_back"],
        title: "Refund an invoice",
        description: "",
        operation: "invoices.refund",
        tag: "invoices",
        class: Class::Custom,
        effect: Effect::Money,
        reviewed: true,
        input_schema: r#"{"type": "object", "additionalProperties": false,
            "required": ["companyDomain", "amount"],
            "properties": {"companyDomain": {"type": "string"}, "amount": {"type": "integer"}}}"#,
        call: |_, _| Box::pin(async { Ok(Answer::from_body(b"true")) }),
    };
    static REFUND_TOOL: Tool = REFUND;
    static SAME_SHORT_NAME: Tool = Tool {
        name: "another",
        aliases: &[],
        ..REFUND
    };
    static BROKEN: Tool = Tool {
        input_schema: r#"{"type": "strnig"}"#,
        ..REFUND
    };

    fn catalogue() -> Catalogue {
        Catalogue::new([&REFUND_TOOL], "acme").unwrap()
    }

    fn check(arguments: &Value) -> Result<Arguments, Failure> {
        catalogue().entries()[0].check(arguments.as_object().unwrap().clone())
    }

    #[test]
    fn answers_to_every_name() {
        let catalogue = catalogue();
        for name in [
            "billsby_invoices_refund_invoice",
            "refund_invoice",
            "give_money_back",
        ] {
            assert_eq!(
                catalogue.find(name).unwrap().tool().operation,
                "invoices.refund"
            );
        }
        assert!(catalogue.find("refund").is_none());
        assert_eq!(catalogue.nearest("refund_invoices"), Some(REFUND.name));
        assert_eq!(catalogue.nearest("weather"), None);
    }

    #[test]
    fn the_schema_names_the_account() {
        let catalogue = catalogue();
        let schema = catalogue.entries()[0].input_schema();
        assert_eq!(
            schema["properties"]["companyDomain"],
            json!({"type": "string", "enum": ["acme"]})
        );
    }

    #[test]
    fn the_company_domain_is_checked_and_removed() {
        let arguments = check(&json!({"companyDomain": "acme", "amount": 5.0})).unwrap();
        assert_eq!(format!("{arguments:?}"), r#"{"amount"}"#);
        for wrong in [
            json!({"companyDomain": "other", "amount": 5}),
            json!({"amount": 5}),
        ] {
            let failure = check(&wrong).unwrap_err();
            assert_eq!(failure.problems()[0].field, "companyDomain");
            assert!(failure.problems()[0].problem.contains(r#"expected "acme""#));
        }
    }

    #[test]
    fn a_damaged_table_is_refused() {
        assert_eq!(
            Catalogue::new([&REFUND_TOOL, &SAME_SHORT_NAME], "acme").unwrap_err(),
            CatalogueError::Name {
                name: "refund_invoice",
                first: REFUND.name,
                second: "another"
            }
        );
        assert!(matches!(
            Catalogue::new([&BROKEN], "acme").unwrap_err(),
            CatalogueError::Schema { .. }
        ));
    }
}
