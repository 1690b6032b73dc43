//! A call being prepared, and what the generated code says about each operation.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::client::Client;
use crate::error::{Error, Kind};
use crate::response::Response;
use crate::transport::{Attempt, Received};
use crate::types::Timestamp;
use crate::url::{self, Values};

/// The HTTP method of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// GET
    Get,
    /// POST
    Post,
    /// PUT
    Put,
    /// DELETE
    Delete,
    /// PATCH
    Patch,
}

/// Whether an operation changes anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// It only reads, and can be repeated.
    Read,
    /// It changes something, charges a card or writes to a customer, whatever its HTTP method.
    Write,
}

/// What a successful answer looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AnswerForm {
    /// JSON, whatever the content type says.
    Json,
    /// A word or nothing: any success will do, and its body means nothing.
    Word,
}

/// What is known about an operation of the API. The crate itself implements this.
pub trait Operation {
    /// The typed form of a successful answer.
    type Answer: DeserializeOwned;
    /// The name of the operation, such as `customers.list`.
    const ID: &'static str;
    /// Its HTTP method.
    const METHOD: Method;
    /// The part of the API that serves it, first segment of its path; empty if there is only one.
    const SERVICE: &'static str;
    /// Its path, with names in braces where values go.
    const PATH: &'static str;
    /// Whether it changes anything.
    const EFFECT: Effect;
    /// What a successful answer looks like.
    const ANSWER: AnswerForm;
}

/// The constants of an [`Operation`] as a value, so that the code using them is compiled once.
pub(crate) struct Descriptor {
    pub(crate) id: &'static str,
    pub(crate) method: Method,
    pub(crate) service: &'static str,
    pub(crate) path: &'static str,
    pub(crate) effect: Effect,
    pub(crate) answer: AnswerForm,
}

impl Descriptor {
    const fn of<O: Operation>() -> Self {
        Self {
            id: O::ID,
            method: O::METHOD,
            service: O::SERVICE,
            path: O::PATH,
            effect: O::EFFECT,
            answer: O::ANSWER,
        }
    }
}

/// A call that is ready to be sent. Optional arguments are set with its methods, each of which
/// replaces an earlier value; those that begin with `with_` are about the call, the others go to
/// the API.
#[must_use = "a call does nothing until it is sent"]
pub struct Call<O> {
    draft: Draft,
    operation: PhantomData<fn() -> O>,
}

/// Everything about a call but the type of its operation.
struct Draft {
    client: Client,
    path: Values,
    query: Values,
    body: Option<serde_json::Result<Value>>,
    timeout: Option<Duration>,
}

impl<O: Operation> Call<O> {
    pub(crate) fn new(client: &Client) -> Self {
        Self {
            draft: Draft::new(client),
            operation: PhantomData,
        }
    }

    /// Fills in a name of the path.
    pub(crate) fn path_value(mut self, name: &'static str, value: impl ToText) -> Self {
        set(&mut self.draft.path, name, value.to_text());
        self
    }

    /// Adds a parameter to the query, or replaces it.
    pub(crate) fn query_value(mut self, name: &'static str, value: impl ToText) -> Self {
        set(&mut self.draft.query, name, value.to_text());
        self
    }

    /// Sends a body. Members that are `null` are left out.
    pub(crate) fn json_body(mut self, body: &impl Serialize) -> Self {
        self.draft.body = Some(serde_json::to_value(body));
        self
    }

    /// Gives this call its own time limit, from connecting to the last byte of the answer.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.draft.timeout = Some(timeout);
        self
    }

    /// Sends the call, once, and waits for the answer. Must run on a Tokio runtime.
    ///
    /// # Errors
    ///
    /// When no success comes back, or one that cannot be read. [`Error::outcome`] says whether the
    /// call took effect.
    pub async fn send(self) -> Result<Response<O::Answer>, Error> {
        let operation = const { &Descriptor::of::<O>() };
        let received = self.draft.send(operation).await?;
        Response::read(operation, received)
    }
}

impl Draft {
    fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
            path: vec![("companyDomain", client.company_domain().to_string())],
            query: Values::new(),
            body: None,
            timeout: None,
        }
    }

    async fn send(self, operation: &Descriptor) -> Result<Received, Error> {
        let client = self.client.clone();
        let attempt = self
            .into_attempt(operation)
            .map_err(|kind| Error::new(operation, kind))?;
        client
            .transport()
            .send(attempt)
            .await
            .map_err(|kind| Error::new(operation, kind))
    }

    fn into_attempt(self, operation: &Descriptor) -> Result<Attempt, Kind> {
        let url = url::build(
            self.client.base_url(),
            operation.service,
            operation.path,
            &self.path,
            &self.query,
        )
        .map_err(|problem| Kind::Unsendable {
            problem,
            cause: None,
        })?;
        let body = self.body.map(write).transpose();
        Ok(Attempt {
            method: operation.method,
            url,
            body: body.map_err(|error| Kind::Unsendable {
                problem: "the body cannot be written as JSON".to_owned(),
                cause: Some(error.into()),
            })?,
            timeout: self.timeout.unwrap_or(self.client.timeout()),
        })
    }
}

fn set(values: &mut Values, name: &'static str, text: String) {
    match values.iter_mut().find(|(known, _)| *known == name) {
        Some((_, value)) => *value = text,
        None => values.push((name, text)),
    }
}

fn write(body: serde_json::Result<Value>) -> serde_json::Result<Vec<u8>> {
    let mut body = body?;
    drop_nulls(&mut body);
    serde_json::to_vec(&body)
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

impl<O: Operation> fmt::Debug for Call<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &O::ID)
            .finish_non_exhaustive()
    }
}

/// Conversion into the text that goes into a path or a query.
pub(crate) trait ToText {
    fn to_text(self) -> String;
}

impl ToText for String {
    fn to_text(self) -> String {
        self
    }
}

impl ToText for &Timestamp {
    fn to_text(self) -> String {
        self.as_str().to_owned()
    }
}

macro_rules! to_text_by_display {
    ($($type:ty),+) => {
        $(
            impl ToText for $type {
                fn to_text(self) -> String {
                    self.to_string()
                }
            }
        )+
    };
}

to_text_by_display!(&str, bool, u32, i64, f64, Timestamp);

#[cfg(test)]
mod tests;
