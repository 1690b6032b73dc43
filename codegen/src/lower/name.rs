//! From the document's names to Rust's. Nothing is made unique by a suffix: a collision is the author's to resolve.

use heck::{ToSnakeCase, ToUpperCamelCase};

/// Type names that generated code uses for something else.
const TAKEN_TYPES: &[&str] = &[
    "Amount",
    "AmountOrText",
    "Box",
    "Call",
    "Client",
    "Default",
    "Deserialize",
    "Err",
    "Into",
    "None",
    "Ok",
    "Option",
    "Page",
    "Result",
    "Self",
    "Serialize",
    "Some",
    "String",
    "Timestamp",
    "Value",
    "Vec",
];

/// Type names that the files of the calls use beside those.
const TAKEN_BY_CALLS: &[&str] = &["AnswerForm", "Effect", "Method", "Operation"];

/// Variables and functions of generated calls and tools.
const TAKEN_VARIABLES: &[&str] = &["answer", "arguments", "body", "call", "client"];

/// What the client itself does; a resource is one more method beside these.
const TAKEN_BY_CLIENT: &[&str] = &[
    "base_url",
    "builder",
    "clone",
    "company_domain",
    "for_company",
    "limits",
    "new",
    "request",
    "transport",
    "verify",
];

/// Names that a generated call, constructor or setter already has.
const TAKEN_METHODS: &[&str] = &[
    "new",
    "send",
    "path_value",
    "query_value",
    "json_body",
    "least_fields",
    "into_stream",
];

/// `snake_case` identifier, or nothing if the name has no letter to start with.
pub(super) fn ident(name: &str) -> Option<String> {
    let ident = name.to_snake_case();
    is_usable(&ident, &["self", "super", "crate", "_"]).then_some(ident)
}

/// `UpperCamelCase` identifier, or nothing if the name has no letter to start with or is taken.
pub(super) fn type_name(name: &str) -> Option<String> {
    let name = name.to_upper_camel_case();
    is_usable(&name, TAKEN_TYPES).then_some(name)
}

/// Whether an optional input of this name can have a setter.
pub(super) fn is_free_setter(ident: &str) -> bool {
    !TAKEN_METHODS.contains(&ident) && !ident.starts_with("with_")
}

/// Whether a parameter of this name can be a variable of generated code.
pub(super) fn is_free_variable(ident: &str) -> bool {
    !TAKEN_VARIABLES.contains(&ident)
}

/// Whether a resource can have this name, which is also that of a type and of a file.
pub(super) fn is_free_group(name: &str) -> bool {
    name != "mod" && !TAKEN_BY_CLIENT.contains(&name) && is_free_type(&name.to_upper_camel_case())
}

/// Whether an operation can have this method name, which is also that of a type and of a function.
pub(super) fn is_free_method(method: &str) -> bool {
    method != "answer" && is_free_type(&method.to_upper_camel_case())
}

fn is_free_type(name: &str) -> bool {
    is_usable(name, TAKEN_TYPES) && !TAKEN_BY_CALLS.contains(&name)
}

fn is_usable(ident: &str, taken: &[&str]) -> bool {
    let starts_well = ident.starts_with(|c: char| c.is_ascii_alphabetic());
    starts_well
        && ident.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !taken.contains(&ident)
}

/// Resource and method of an operation.
///
/// `customers.list` names both. Without a dot they are derived: `Customer_listAll` is split at the underscore, any
/// other id is a method of the first tag's resource, and a missing id is made of the HTTP method and the path.
pub(super) fn resource_and_method(
    id: Option<&str>,
    tag: Option<&str>,
    http: &str,
    path: &str,
) -> (String, String) {
    let literals = || {
        path.split('/')
            .filter(|segment| !segment.is_empty() && !segment.starts_with('{'))
    };
    let resource_from = |name: Option<&str>| {
        let name = name
            .map(ToSnakeCase::to_snake_case)
            .filter(|name| !name.is_empty());
        name.unwrap_or_else(|| "api".to_owned())
    };
    let group = || resource_from(tag.or_else(|| literals().next()));
    let Some(id) = id else {
        let words: Vec<&str> = std::iter::once(http).chain(literals()).collect();
        return (group(), words.join("_").to_snake_case());
    };
    match id.split_once('.').or_else(|| id.split_once('_')) {
        Some((resource, method)) => (resource.to_snake_case(), method.to_snake_case()),
        None => (group(), id.to_snake_case()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_snake_case_and_never_empty() {
        assert_eq!(ident("last4Digits").as_deref(), Some("last4_digits"));
        assert_eq!(
            ident("is MarketingConsentRequired").as_deref(),
            Some("is_marketing_consent_required")
        );
        for name in ["", "4th", "…", "self"] {
            assert_eq!(ident(name), None, "{name}");
        }
    }

    #[test]
    fn operations_are_named_by_rule() {
        let named =
            |id, tag| resource_and_method(id, tag, "get", "/{companyDomain}/customers/{id}/notes");
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(
            named(Some("credit_notes.list"), None),
            pair("credit_notes", "list")
        );
        assert_eq!(
            named(Some("Customer_listAll"), None),
            pair("customer", "list_all")
        );
        assert_eq!(
            named(Some("listNotes"), Some("Notes")),
            pair("notes", "list_notes")
        );
        assert_eq!(
            named(Some("listNotes"), None),
            pair("customers", "list_notes")
        );
        assert_eq!(named(None, None), pair("customers", "get_customers_notes"));
    }
}
