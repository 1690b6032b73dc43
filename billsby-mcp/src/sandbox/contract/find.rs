//! Which operation a request is.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::document;
use super::parameter::Parameter;
use super::percent;
use super::route::{Route, Segment};
use crate::sandbox::BASE_PATH;
use crate::sandbox::wire::Refusal;

static ROUTES: LazyLock<Vec<Route>> =
    LazyLock::new(|| document::operations().map(Route::new).collect());

/// An operation, and the values of the path that it was found by.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) route: &'static Route,
    pub(super) values: Vec<(&'static Parameter, String)>,
}

/// Why a request is not handled.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) refusal: Refusal,
    /// With status 405, the methods that the path does take.
    pub(crate) allow: Option<String>,
}

impl Found {
    /// The company that the path names; the path of one operation names none.
    pub(crate) fn company_domain(&self) -> Option<&str> {
        let mut values = self.values.iter();
        let (_, domain) = values.find(|(parameter, _)| parameter.name == "companyDomain")?;
        Some(domain)
    }
}

/// The operation that has a method and a path, which begins with the base path.
pub(crate) fn find(method: &str, path: &str) -> Result<Found, Refused> {
    let segments = segments(path)?;
    let (prefix, segments) = segments.split_first().expect("a path has a part");
    let fitting = || ROUTES.iter().filter(|route| route.matches(segments));
    let here = || fitting().filter(|route| route.prefix == prefix);
    let found = here().filter(|route| route.method == method);
    let Some(route) = found.max_by(|one, other| one.precedence().cmp(other.precedence())) else {
        if here().next().is_some() {
            let allow: Vec<&str> = here().map(|route| route.method.as_str()).collect();
            return Err(Refused::wrong_method(&allow.join(", ")));
        }
        return Err(match fitting().next() {
            Some(route) => not_found(&format!(
                "this path is served below {BASE_PATH}/{}, and nowhere else",
                route.prefix
            )),
            None => not_found("no operation has this path"),
        });
    };
    let values = route.path.iter().zip(segments);
    let values = values.filter_map(|(known, segment)| match known {
        Segment::Literal(_) => None,
        Segment::Value(parameter) => Some((parameter, segment.clone().into_owned())),
    });
    Ok(Found {
        route,
        values: values.collect(),
    })
}

/// The operation that has an id.
pub(crate) fn find_operation(id: &str) -> Option<&'static Route> {
    ROUTES.iter().find(|route| route.id == id)
}

/// Every operation of the document.
#[cfg(test)]
pub(crate) fn routes() -> &'static [Route] {
    &ROUTES
}

/// The decoded parts of a path behind the base path. An encoded slash stays in its part.
fn segments(path: &str) -> Result<Vec<Cow<'_, str>>, Refused> {
    let Some(path) = path
        .strip_prefix(BASE_PATH)
        .filter(|rest| rest.starts_with('/'))
    else {
        return Err(not_found(&format!(
            "the API is served below {BASE_PATH}/core, {BASE_PATH}/billing and {BASE_PATH}/counters"
        )));
    };
    let parts = path[1..].split('/');
    parts
        .map(|part| {
            let Some(part) = percent::decode(part) else {
                return Err(bad_path("is not percent-encoded UTF-8 text throughout"));
            };
            match &*part {
                "" => Err(not_found("the path has an empty part")),
                // URL libraries and proxies take these away, encoded or not.
                "." | ".." => Err(bad_path("has a part that is a dot or two")),
                _ => Ok(part),
            }
        })
        .collect()
}

fn not_found(reason: &str) -> Refused {
    Refusal::not_found(reason).into()
}

fn bad_path(what: &str) -> Refused {
    Refusal::bad_request(format!("the path {what}")).into()
}

impl Refused {
    /// The path takes other methods.
    pub(crate) fn wrong_method(allow: &str) -> Self {
        Self {
            refusal: Refusal {
                status: 405,
                reason: format!("this path takes {allow} only"),
            },
            allow: Some(allow.to_owned()),
        }
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self {
            refusal,
            allow: None,
        }
    }
}
