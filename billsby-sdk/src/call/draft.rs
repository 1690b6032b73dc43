//! A call without the type of its operation, so that this code is compiled once.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::Descriptor;
use crate::client::Client;
use crate::error::{Cause, Error, Kind};
use crate::retry::{self, Limits};
use crate::transport::{Outgoing, Prepared, Received};
use crate::url::{self, Values};

/// Everything about a call but its operation.
#[derive(Clone)]
pub(crate) struct Draft {
    client: Client,
    pub(crate) path: Values,
    query: Values,
    body: Option<Written>,
    /// Members to add to the body.
    fields: Vec<(String, Written)>,
    /// How many members a body must have; fewer would change nothing.
    pub(super) least_fields: usize,
    pub(crate) limits: Limits,
}

/// A value as JSON, if it can be written so.
type Written = Result<Value, Arc<serde_json::Error>>;

impl Draft {
    pub(crate) fn new(client: &Client) -> Self {
        let company_domain = client.company_domain().as_str().to_owned();
        Self {
            client: client.clone(),
            path: vec![("companyDomain".into(), company_domain)],
            query: Values::new(),
            body: None,
            fields: Vec::new(),
            least_fields: 0,
            limits: client.limits(),
        }
    }

    pub(crate) fn set_path(&mut self, name: Cow<'static, str>, text: String) {
        set(&mut self.path, name, text);
    }

    pub(crate) fn set_query(&mut self, name: Cow<'static, str>, text: String) {
        set(&mut self.query, name, text);
    }

    pub(crate) fn add_query(&mut self, name: Cow<'static, str>, text: String) {
        self.query.push((name, text));
    }

    pub(super) fn query_text(&self, name: &str) -> Option<&str> {
        let parameter = self.query.iter().find(|(known, _)| known == name);
        parameter.map(|(_, text)| text.as_str())
    }

    pub(crate) fn set_body(&mut self, body: serde_json::Result<Value>) {
        self.body = Some(body.map_err(Arc::new));
    }

    pub(crate) fn set_body_without_nulls(&mut self, mut body: serde_json::Result<Value>) {
        if let Ok(body) = &mut body {
            drop_nulls(body);
        }
        self.set_body(body);
    }

    pub(crate) fn add_field(&mut self, name: String, value: serde_json::Result<Value>) {
        self.fields.push((name, value.map_err(Arc::new)));
    }

    pub(crate) async fn send(self, operation: &Descriptor) -> Result<Received, Error> {
        let client = self.client.clone();
        let limits = self.limits;
        let transport = client.transport();
        let request = self
            .into_outgoing(operation)
            .and_then(Prepared::new)
            .map_err(|kind| Error::unsendable(operation, kind))?;
        retry::send(transport, operation, &request, limits).await
    }

    pub(super) fn into_outgoing(self, operation: &Descriptor) -> Result<Outgoing, Kind> {
        let url = url::build(
            self.client.base_url(),
            operation.service,
            operation.path,
            &self.path,
            &self.query,
        )
        .map_err(|problem| unsendable(problem, None))?;
        Ok(Outgoing {
            method: operation.method,
            url,
            body: write(self.body, self.fields, self.least_fields)?,
        })
    }
}

fn set(values: &mut Values, name: Cow<'static, str>, text: String) {
    match values.iter_mut().find(|(known, _)| *known == name) {
        Some((_, value)) => *value = text,
        None => values.push((name, text)),
    }
}

fn write(
    body: Option<Written>,
    fields: Vec<(String, Written)>,
    least_fields: usize,
) -> Result<Option<Vec<u8>>, Kind> {
    let mut body = body.transpose().map_err(unwritable)?;
    if !fields.is_empty() {
        let body = body.get_or_insert_with(|| Map::new().into());
        let Value::Object(members) = body else {
            let problem = "the body is not an object, so no field can be added to it";
            return Err(unsendable(problem.to_owned(), None));
        };
        for (name, value) in fields {
            members.insert(name, value.map_err(unwritable)?);
        }
    }
    if let Some(Value::Object(members)) = &body
        && members.len() < least_fields
    {
        let set = members.len();
        let problem = format!("the body has {set} fields and needs at least {least_fields}");
        return Err(unsendable(problem, None));
    }
    let bytes = body.map(|body| serde_json::to_vec(&body)).transpose();
    bytes.map_err(|error| unwritable(Arc::new(error)))
}

fn unwritable(error: Arc<serde_json::Error>) -> Kind {
    let problem = "the body cannot be written as JSON".to_owned();
    unsendable(problem, Some(error.into()))
}

fn unsendable(problem: String, cause: Option<Cause>) -> Kind {
    Kind::Unsendable { problem, cause }
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(drop_nulls);
        }
        Value::Array(elements) => elements.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}
