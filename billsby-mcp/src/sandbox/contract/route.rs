//! The operations of the document, ready to be recognised.

use std::borrow::Cow;
use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::Value;

use super::document::{self, Written};
use super::parameter::Parameter;
use super::schema;
use crate::sandbox::operation::{self, Operation};

/// An operation of the document.
#[derive(Debug)]
pub(crate) struct Route {
    /// The operation's id, such as `invoices.refund`.
    pub(crate) id: &'static str,
    pub(crate) method: String,
    /// What it does.
    pub(crate) behaviour: Operation,
    pub(super) prefix: &'static str,
    pub(super) path: Vec<Segment>,
    pub(super) query: Vec<Parameter>,
    pub(super) body: Option<Body>,
}

/// A part of a path.
#[derive(Debug)]
pub(super) enum Segment {
    Literal(&'static str),
    Value(Parameter),
}

/// What an operation wants as its body. The validator is made for the first request, not at the start.
#[derive(Debug)]
pub(super) struct Body {
    schema: &'static Value,
    validator: OnceLock<Validator>,
}

impl Route {
    pub(super) fn new(written: Written) -> Self {
        let Written {
            method,
            prefix,
            path,
            operation: written,
        } = written;
        let parameters = written.get("parameters").and_then(Value::as_array);
        let of = |place: &'static str| {
            let all = parameters.into_iter().flatten();
            all.filter(move |parameter| parameter["in"] == place)
        };
        let segment = |text: &'static str| match text.strip_prefix('{') {
            None => Segment::Literal(text),
            Some(name) => {
                let name = name.trim_end_matches('}');
                let written = of("path").find(|parameter| parameter["name"] == name);
                Segment::Value(Parameter::new(written.expect("a parameter for each value")))
            }
        };
        let id = document::text(&written["operationId"]);
        Self {
            id,
            method,
            behaviour: operation::find(id).expect("a behaviour for each operation"),
            prefix,
            path: path.split('/').skip(1).map(segment).collect(),
            query: of("query").map(Parameter::new).collect(),
            body: written.get("requestBody").map(Body::new),
        }
    }

    /// Whether a path has this form, whatever its values are.
    pub(super) fn matches(&self, segments: &[Cow<'_, str>]) -> bool {
        self.path.len() == segments.len()
            && self
                .path
                .iter()
                .zip(segments)
                .all(|(known, segment)| match known {
                    Segment::Literal(literal) => literal == segment,
                    Segment::Value(_) => true,
                })
    }

    /// Where the path is fixed, from the left: of two forms that fit, the larger one is meant.
    pub(super) fn precedence(&self) -> impl Iterator<Item = bool> {
        let parts = self.path.iter();
        parts.map(|segment| matches!(segment, Segment::Literal(_)))
    }
}

impl Body {
    fn new(written: &'static Value) -> Self {
        Self {
            schema: &written["content"]["application/json"]["schema"],
            validator: OnceLock::new(),
        }
    }

    pub(super) fn validator(&self) -> &Validator {
        self.validator
            .get_or_init(|| schema::validator(self.schema))
    }
}
