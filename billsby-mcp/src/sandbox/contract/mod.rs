//! Holds requests against the document `openapi/billsby.yaml`, with nothing generated from it.
//!
//! A request is recognised by [`find`] and checked by [`Found::check`]; what comes of it is a
//! [`Call`] that an operation can rely on.

mod body;
mod document;
mod find;
mod parameter;
mod percent;
mod query;
mod route;
mod schema;

use serde_json::Value;

use super::operation::Call;
use super::wire::Refusal;

pub(crate) use document::document_version;
pub(crate) use find::{Found, Refused, find, find_operation};
pub(crate) use query::shown;
pub(crate) use route::Route;

/// The decoded pairs of a query, in its order.
pub(crate) fn query_pairs(query: Option<&str>) -> Result<Vec<(String, String)>, Refusal> {
    query.map_or(Ok(Vec::new()), query::pairs)
}

impl Found {
    /// The request as an operation can rely on it; else everything that is wrong with it.
    pub(crate) fn check(
        self,
        query: Vec<(String, String)>,
        content_type: Option<&str>,
        body: &[u8],
    ) -> Result<Call<'static>, Refusal> {
        let Self { route, values } = self;
        let mut problems = Vec::new();
        for (parameter, value) in &values {
            if let Some(wanted) = parameter.wanted(value) {
                problems.push(format!("path `{}` is not {wanted}", parameter.name));
            }
        }
        problems.extend(query::problems(&query, &route.query));
        let body = check_body(route, content_type, body, &mut problems)?;
        if !problems.is_empty() {
            return Err(Refusal::bad_request(problems.join("; ")));
        }
        let values = values.into_iter();
        let path = values.map(|(parameter, value)| (parameter.name, value));
        Ok(Call {
            path: path.collect(),
            query,
            body,
        })
    }
}

fn check_body(
    route: &Route,
    content_type: Option<&str>,
    text: &[u8],
    problems: &mut Vec<String>,
) -> Result<Value, Refusal> {
    let Some(known) = &route.body else {
        if !text.is_empty() {
            problems.push(format!("{} takes no body", route.id));
        }
        return Ok(Value::Null);
    };
    if text.is_empty() {
        problems.push(format!("{} needs a body", route.id));
        return Ok(Value::Null);
    }
    if !content_type.is_some_and(is_json) {
        return Err(Refusal {
            status: 415,
            reason: "the header Content-Type is not application/json".to_owned(),
        });
    }
    match crate::json::parse(text).map_err(|error| error.to_string()) {
        Ok(body) => {
            problems.extend(body::problems(known.validator(), &body));
            Ok(body)
        }
        Err(error) => {
            problems.push(format!("the body is not JSON: {error}"));
            Ok(Value::Null)
        }
    }
}

/// Whether a content type is JSON in UTF-8.
fn is_json(content_type: &str) -> bool {
    let (name, parameter) = content_type.split_once(';').unwrap_or((content_type, ""));
    // As a text in quotation marks it means the same.
    let parameter = parameter.trim().replace('"', "");
    name.trim_end().eq_ignore_ascii_case("application/json")
        && (parameter.is_empty() || parameter.eq_ignore_ascii_case("charset=utf-8"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::find;
    use crate::sandbox::operation;

    #[test]
    fn every_operation_of_the_document_has_a_behaviour_and_the_other_way_round() {
        let written: BTreeSet<&str> = find::routes().iter().map(|route| route.id).collect();
        let behaviours: Vec<&str> = operation::ids().collect();
        assert_eq!(behaviours.iter().copied().collect::<BTreeSet<_>>(), written);
        assert_eq!(behaviours.len(), written.len(), "an id has two behaviours");
    }

    #[test]
    fn every_schema_of_a_body_can_be_used() {
        let bodies = find::routes()
            .iter()
            .filter_map(|route| route.body.as_ref());
        // It panics if the schema is wrong.
        let count = bodies.map(super::route::Body::validator).count();
        assert_eq!(count, 21);
    }
}
