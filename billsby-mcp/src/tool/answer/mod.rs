//! What the API answered, and what a call shows of it.

mod concise;
mod cost;
mod fields;
mod fit;
mod keys;
mod page;
mod present;
mod remarks;
#[cfg(test)]
mod tests;
mod view;
mod written;

use billsby_sdk::{Error, Response};
use serde_json::{Value, json};

use super::Failure;

pub use view::{Detail, View};

/// How many tokens a value takes as JSON, estimated.
pub(crate) fn tokens_of(value: &Value) -> usize {
    cost::of(value).div_ceil(cost::PARTS)
}

/// The member that holds a body which is no object.
const WRAPPER: &str = "result";

/// The body of a successful answer: as the API sent it, or as one call [shows](Answer::present) it.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The body, in a wrapper unless it is an object.
    object: Value,
    wrapped: bool,
    text: String,
    note: Option<&'static str>,
    /// What a call makes of it that wanted to read something.
    unread: Option<Box<Failure>>,
}

impl Answer {
    /// Takes a body: JSON where it is JSON, else text.
    #[must_use]
    pub fn from_body(body: &[u8]) -> Self {
        let raw = String::from_utf8_lossy(without_mark(body));
        let (object, wrapped, text) = match parse(body) {
            Some(object @ Value::Object(_)) => (object, false, written::visible(&raw)),
            Some(other) => {
                let text = format!(r#"{{"{WRAPPER}":{}}}"#, written::visible(raw.trim()));
                (json!({ WRAPPER: other }), true, text)
            }
            None => {
                let object = json!({ WRAPPER: raw });
                let text = written::text(&object);
                (object, true, text)
            }
        };
        Self {
            object,
            wrapped,
            text,
            note: None,
            unread: None,
        }
    }

    /// What a read makes of the answer: a page for people or half a text in place of data is a failure.
    /// For anything else the call has taken effect, whatever the answer looks like.
    ///
    /// # Errors
    ///
    /// The answer is neither JSON nor empty.
    pub(crate) fn of_read(self) -> Result<Self, Failure> {
        match self.unread {
            Some(failure) => Err(*failure),
            None => Ok(self),
        }
    }

    /// The same as [`Answer::into_object`] as text. Characters that nobody can see are spelled as escapes.
    ///
    /// As long as nothing is added or left out, every number is spelled as the API spelled it: a JSON
    /// value cannot hold all of them. Otherwise whole numbers of up to 64 bits keep every digit, and
    /// others are rounded to 17 digits.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What a client shows that knows texts only: [`Answer::text`], then the note if there is one.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        [Some(self.text()), self.note()].into_iter().flatten()
    }

    /// Adds a sentence about the answer that the API did not send.
    #[must_use]
    pub fn with_note(mut self, note: &'static str) -> Self {
        self.note = Some(note);
        self
    }

    /// What the API sent, or what is shown of it.
    #[must_use]
    pub fn body(&self) -> &Value {
        if self.wrapped {
            &self.object[WRAPPER]
        } else {
            &self.object
        }
    }

    fn body_mut(&mut self) -> &mut Value {
        if self.wrapped {
            &mut self.object[WRAPPER]
        } else {
            &mut self.object
        }
    }

    /// A sentence about the answer that the API did not send.
    #[must_use]
    pub fn note(&self) -> Option<&'static str> {
        self.note
    }

    /// The body as a JSON object, which is all that older clients accept: objects as they are,
    /// everything else as `{"result": …}`.
    #[must_use]
    pub fn into_object(self) -> Value {
        self.object
    }
}

/// Reads a body as JSON, whatever its content type says; a byte order mark is passed over.
pub(super) fn parse(body: &[u8]) -> Option<Value> {
    serde_json::from_slice(without_mark(body)).ok()
}

fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// What a generated tool makes of an answer of the SDK.
///
/// A success whose body the SDK could not read is still a success, and is passed on: the model can
/// read what a type cannot, and nobody may believe that a refund failed because its answer was odd.
///
/// # Errors
///
/// Everything else that the SDK reports.
pub fn answer<T>(result: Result<Response<T>, Error>) -> Result<Answer, Failure> {
    match result {
        Ok(response) => Ok(Answer::from_body(response.body())),
        Err(error) if error.is_decode() => {
            let mut answer = Answer::from_body(error.body()).with_note(UNEXPECTED_SHAPE);
            let is_nothing = error.body().trim_ascii().is_empty();
            if !is_nothing && parse(error.body()).is_none() {
                answer.unread = Some(Box::new(Failure::from(&error)));
            }
            Ok(answer)
        }
        Err(error) => Err(Failure::from(&error)),
    }
}

const UNEXPECTED_SHAPE: &str = "The call succeeded. Its answer does not have the documented shape.";
