//! A call being prepared, and what the generated code says about each operation.

mod draft;

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::error::Error;
use crate::response::Response;
use crate::retry::RetryPolicy;
use crate::types::Timestamp;
pub(crate) use draft::Draft;

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
#[derive(Clone, Copy)]
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
///
/// What the API understands and its document does not mention can be sent as well:
///
/// ```no_run
/// # async fn example(client: billsby_sdk::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// let page = client
///     .customers()
///     .list()
///     .search("quinn")
///     .with_query("includeArchived", true)
///     .with_deadline(Duration::from_secs(5))
///     .send()
///     .await?;
/// # Ok(())
/// # }
/// ```
///
/// For calls that the document does not mention, see [`Client::request`].
#[must_use = "a call does nothing until it is sent"]
pub struct Call<O> {
    draft: Draft,
    operation: PhantomData<fn() -> O>,
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
        self.draft.set_path(name.into(), value.to_text());
        self
    }

    /// Adds a parameter to the query, or replaces it.
    pub(crate) fn query_value(mut self, name: &'static str, value: impl ToText) -> Self {
        self.draft.set_query(name.into(), value.to_text());
        self
    }

    /// Sends a body. Members that are `null` are left out.
    pub(crate) fn json_body(mut self, body: &impl Serialize) -> Self {
        let body = serde_json::to_value(body);
        self.draft.set_body_without_nulls(body);
        self
    }

    /// Refuses to send a body with fewer fields, those of [`Call::with_body_field`] included.
    pub(crate) fn least_fields(mut self, count: usize) -> Self {
        self.draft.least_fields = count;
        self
    }

    /// Gives this call its own time limit for each attempt, in place of
    /// [`ClientBuilder::attempt_timeout`](crate::ClientBuilder::attempt_timeout).
    pub fn with_attempt_timeout(mut self, timeout: Duration) -> Self {
        self.draft.limits.attempt_timeout = timeout;
        self
    }

    /// Gives this call its own time limit for all attempts and the waits between them, in place of
    /// [`ClientBuilder::deadline`](crate::ClientBuilder::deadline).
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.draft.limits.deadline = Some(deadline);
        self
    }

    /// Gives this call its own retry policy, in place of
    /// [`ClientBuilder::retry`](crate::ClientBuilder::retry). No policy sends a call twice that
    /// changes something.
    pub fn with_retry(mut self, policy: RetryPolicy) -> Self {
        self.draft.limits.retry = policy;
        self
    }

    /// Adds a parameter to the query that the API's document does not mention, or replaces one of
    /// that name. The name is the one on the wire.
    pub fn with_query(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        let name: String = name.into();
        self.draft.set_query(name.into(), value.to_string());
        self
    }

    /// Adds a field to the body that the API's document does not mention, or replaces one of that
    /// name. The name is the one on the wire; `null` is sent as `null`. A call without a body gets
    /// one.
    pub fn with_body_field(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        let value = serde_json::to_value(value);
        self.draft.add_field(name.into(), value);
        self
    }

    /// Sends the call and waits for the answer. It is tried again only where that is safe, see
    /// [`RetryPolicy`]. Must run on a Tokio runtime.
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

impl<O> Call<O> {
    /// A query parameter that is a number.
    pub(crate) fn number(&self, name: &str) -> Option<u32> {
        self.draft.query_text(name)?.parse().ok()
    }
}

impl<O> Clone for Call<O> {
    fn clone(&self) -> Self {
        Self {
            draft: self.draft.clone(),
            operation: PhantomData,
        }
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
