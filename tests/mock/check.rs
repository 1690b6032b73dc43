//! Decides which operation a request is, or what is wrong with it.

use serde_json::Value;

use super::http::RawRequest;
use super::operation::{self, Operation, Segment};
use super::percent;
use super::{API_KEY, BASE_PATH, COMPANY_DOMAIN};

/// A request that the API would take.
#[derive(Debug)]
pub(crate) struct Accepted {
    pub(crate) operation: &'static Operation,
    /// Path values by the name in the template, decoded.
    pub(crate) path_values: Vec<(String, String)>,
}

/// Why a request is not taken.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) reason: String,
}

fn refuse<T>(status: u16, reason: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal {
        status,
        reason: reason.into(),
    })
}

/// Checks everything there is to check about a request.
pub(crate) fn check(request: &RawRequest) -> Result<Accepted, Refusal> {
    if let Some(problem) = &request.malformed {
        return refuse(400, problem);
    }
    check_key(request)?;
    let (path, query) = match request.target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (request.target.as_str(), None),
    };
    let accepted = find_operation(&request.method, path)?;
    check_query(accepted.operation, query)?;
    check_body(accepted.operation, request)?;
    Ok(accepted)
}

fn check_key(request: &RawRequest) -> Result<(), Refusal> {
    match request.header_values("ApiKey")[..] {
        [API_KEY] => Ok(()),
        [] => refuse(401, "the header `ApiKey` is missing"),
        [_] => refuse(401, "the header `ApiKey` has another value than the key"),
        _ => refuse(401, "the header `ApiKey` is there more than once"),
    }
}

fn find_operation(method: &str, path: &str) -> Result<Accepted, Refusal> {
    let Some(path) = path.strip_prefix(BASE_PATH) else {
        return refuse(404, format!("`{path}` is not below `{BASE_PATH}`"));
    };
    let mut segments = path_segments(path)?;
    let prefix = segments.remove(0);
    let fitting: Vec<&Operation> = operation::all()
        .iter()
        .filter(|operation| operation.matches(&segments))
        .collect();
    let mut candidates: Vec<&Operation> = fitting
        .iter()
        .copied()
        .filter(|operation| operation.prefix == prefix)
        .collect();
    if candidates.is_empty() {
        return match fitting.first() {
            Some(other) => refuse(
                404,
                format!(
                    "`{path}` is served below `{}`, not `{prefix}`",
                    other.prefix
                ),
            ),
            None => refuse(404, format!("no operation has the path `{path}`")),
        };
    }
    let methods: Vec<String> = candidates.iter().map(|o| o.method.clone()).collect();
    candidates.retain(|operation| operation.method == method);
    let Some(operation) = candidates.into_iter().max_by_key(|o| o.literals()) else {
        return refuse(
            405,
            format!("`{path}` takes {}, not {method}", methods.join(", ")),
        );
    };
    let path_values = path_values(operation, segments)?;
    Ok(Accepted {
        operation,
        path_values,
    })
}

fn path_segments(path: &str) -> Result<Vec<String>, Refusal> {
    let Some(path) = path.strip_prefix('/') else {
        return refuse(404, "there is nothing below the base path");
    };
    path.split('/')
        .map(
            |segment| match percent::decode(segment, percent::is_unreserved) {
                Err(problem) => refuse(400, format!("path segment `{segment}`: {problem}")),
                Ok(text) if text.is_empty() => refuse(404, "the path has an empty segment"),
                // Proxies and URL libraries take these away, encoded or not.
                Ok(text) if matches!(text.as_str(), "." | "..") => {
                    refuse(400, format!("path segment `{segment}` is a dot segment"))
                }
                Ok(text) => Ok(text),
            },
        )
        .collect()
}

fn path_values(
    operation: &Operation,
    segments: Vec<String>,
) -> Result<Vec<(String, String)>, Refusal> {
    let mut values = Vec::new();
    for (template, text) in operation.path.iter().zip(segments) {
        let Segment::Value { name, shape } = template else {
            continue;
        };
        if !shape.accepts_text(&text) {
            let wanted = shape.describe();
            return refuse(400, format!("path `{name}` is `{text}`, not {wanted}"));
        }
        if name == "companyDomain" && text != COMPANY_DOMAIN {
            return refuse(404, format!("no company has the domain `{text}`"));
        }
        values.push((name.clone(), text));
    }
    Ok(values)
}

/// What may stand in a query unencoded. `+` is legal in URLs but means a blank to half of the world's
/// servers, `;` separates pairs for some; both must be encoded.
fn is_query_byte(byte: u8) -> bool {
    percent::is_unreserved(byte) || b"!$'()*,:@/?".contains(&byte)
}

/// The decoded name and value pairs of a query.
pub(crate) fn query_pairs(query: &str) -> Result<Vec<(String, String)>, String> {
    query
        .split('&')
        .map(|pair| {
            let Some((name, value)) = pair.split_once('=') else {
                return Err(format!("query: `{pair}` is not `name=value`"));
            };
            let decode = |text: &str| {
                percent::decode(text, is_query_byte)
                    .map_err(|problem| format!("query: in `{pair}`, {problem}"))
            };
            Ok((decode(name)?, decode(value)?))
        })
        .collect()
}

fn check_query(operation: &Operation, query: Option<&str>) -> Result<(), Refusal> {
    let pairs = match query.map(query_pairs).transpose() {
        Ok(pairs) => pairs.unwrap_or_default(),
        Err(problem) => return refuse(400, problem),
    };
    let mut problems = Vec::new();
    for (index, (name, value)) in pairs.iter().enumerate() {
        let Some(field) = operation.query.iter().find(|field| field.name == *name) else {
            problems.push(format!("query `{name}` is not a known parameter"));
            continue;
        };
        if pairs[..index].iter().any(|(earlier, _)| earlier == name) {
            problems.push(format!("query `{name}` is there more than once"));
        }
        if !field.shape.accepts_text(value) {
            let wanted = field.shape.describe();
            problems.push(format!("query `{name}` is `{value}`, not {wanted}"));
        }
    }
    for field in operation.query.iter().filter(|field| field.required) {
        if !pairs.iter().any(|(name, _)| *name == field.name) {
            problems.push(format!("query `{}` is missing", field.name));
        }
    }
    if operation.query_needs_one && pairs.is_empty() {
        let names: Vec<&str> = operation.query.iter().map(|f| f.name.as_str()).collect();
        problems.push(format!("query needs one of {}", names.join(", ")));
    }
    report(&problems)
}

fn check_body(operation: &Operation, request: &RawRequest) -> Result<(), Refusal> {
    let content_types = request.header_values("content-type");
    let Some(shape) = &operation.body else {
        if !request.body.is_empty() {
            return refuse(400, format!("{} takes no body", operation.id));
        }
        if !content_types.is_empty() {
            return refuse(400, "there is a content type but no body");
        }
        return Ok(());
    };
    if request.body.is_empty() {
        return refuse(400, format!("{} needs a body", operation.id));
    }
    if content_types[..] != ["application/json"] {
        return refuse(
            415,
            format!("the content type is {content_types:?}, not application/json"),
        );
    }
    let body: Value = match serde_json::from_slice(&request.body) {
        Ok(body) => body,
        Err(error) => return refuse(400, format!("the body is not JSON: {error}")),
    };
    let mut problems = Vec::new();
    shape.check("body", &body, &mut problems);
    if body.as_object().is_some_and(serde_json::Map::is_empty) {
        problems.push("`body` has no property, which changes nothing".to_owned());
    }
    report(&problems)
}

fn report(problems: &[String]) -> Result<(), Refusal> {
    if problems.is_empty() {
        Ok(())
    } else {
        refuse(400, problems.join("; "))
    }
}
