//! Calls that the API's document does not mention.

use std::fmt;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use crate::call::{AnswerForm, Descriptor, Draft, Effect, Method};
use crate::client::Client;
use crate::error::{Error, Kind};
use crate::response::Response;
use crate::retry::RetryPolicy;
use crate::url;

/// A call that the API's document does not mention, from [`Client::request`]. It has the key, the
/// time limits, the retries and the errors of all other calls; the answer is JSON without a type.
///
/// ```no_run
/// # async fn example(client: billsby_sdk::Client) -> Result<(), billsby_sdk::Error> {
/// use billsby_sdk::Method;
/// use serde_json::json;
///
/// let coupon = client
///     .request(Method::Get, "core", "/{companyDomain}/coupons/{couponCode}")
///     .path_value("couponCode", "SPRING/26")
///     .query("expand", "plans")
///     .send()
///     .await?;
/// println!("{}", coupon["discount"]);
///
/// client
///     .request(Method::Post, "core", "/{companyDomain}/coupons")
///     .body(&json!({"couponCode": "SUMMER26", "discount": 10}))
///     .send()
///     .await?;
/// # Ok(())
/// # }
/// ```
///
/// For one more parameter of a documented call, see [`Call`](crate::Call).
#[must_use = "a call does nothing until it is sent"]
pub struct RawCall {
    operation: Descriptor,
    draft: Draft,
}

impl RawCall {
    pub(crate) fn new(
        client: &Client,
        method: Method,
        service: &'static str,
        path: &'static str,
    ) -> Self {
        let operation = Descriptor {
            id: path,
            method,
            service,
            path,
            effect: match method {
                Method::Get => Effect::Read,
                _ => Effect::Write,
            },
            answer: AnswerForm::Json,
        };
        Self {
            operation,
            draft: Draft::new(client),
        }
    }

    /// Puts a value in the place of a name of the path. It fills one segment, whatever characters
    /// are in it; a name without a value, a value without a place, and a value that is
    /// empty, `.` or `..` are refused before anything is sent.
    pub fn path_value(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.draft.set_path(name.into(), value.to_string());
        self
    }

    /// Adds a parameter to the query, also if there is one of that name already.
    pub fn query(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        let name: String = name.into();
        self.draft.add_query(name.into(), value.to_string());
        self
    }

    /// Sends a JSON body, as it is.
    pub fn body(mut self, body: &impl Serialize) -> Self {
        self.draft.set_body(serde_json::to_value(body));
        self
    }

    /// Says whether the call changes anything, and with that whether it may be sent again when it
    /// fails. Unless said, a GET only reads and everything else changes something. Be sure before
    /// you say [`Effect::Read`], and say [`Effect::Write`] for a GET that sends a message.
    pub fn with_effect(mut self, effect: Effect) -> Self {
        self.operation.effect = effect;
        self
    }

    /// Gives this call its own time limit for each attempt.
    pub fn with_attempt_timeout(mut self, timeout: Duration) -> Self {
        self.draft.limits.attempt_timeout = timeout;
        self
    }

    /// Gives this call its own time limit for all attempts and the waits between them.
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.draft.limits.deadline = Some(deadline);
        self
    }

    /// Gives this call its own retry policy.
    pub fn with_retry(mut self, policy: RetryPolicy) -> Self {
        self.draft.limits.retry = policy;
        self
    }

    /// Sends the call and waits for the answer: its JSON, or its text if it is not JSON, or `null`
    /// if it is empty. Must run on a Tokio runtime.
    ///
    /// # Errors
    ///
    /// When no success comes back. [`Error::outcome`] says whether the call took effect, and
    /// [`Error::operation`] has the path without its values.
    pub async fn send(self) -> Result<Response<Value>, Error> {
        let Self { operation, draft } = self;
        url::check(operation.service, operation.path, &draft.path).map_err(|problem| {
            let cause = None;
            Error::unsendable(&operation, Kind::Unsendable { problem, cause })
        })?;
        let received = draft.send(&operation).await?;
        Ok(Response::raw(received))
    }
}

impl fmt::Debug for RawCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawCall")
            .field("method", &self.operation.method)
            .field("path", &self.operation.path)
            .finish_non_exhaustive()
    }
}
