//! What the API answered.

use billsby_sdk::{Error, Response};
use serde_json::{Value, json};

use super::Failure;

/// The body of a successful answer, as the API sent it.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    body: Value,
    text: String,
    note: Option<&'static str>,
}

impl Answer {
    /// Takes a body: JSON where it is JSON, else text.
    #[must_use]
    pub fn from_body(body: &[u8]) -> Self {
        let raw = String::from_utf8_lossy(without_mark(body)).into_owned();
        let (body, text) = match parse(body) {
            Some(object @ Value::Object(_)) => (object, raw),
            Some(other) => (other, format!(r#"{{"result":{}}}"#, raw.trim())),
            None => {
                let body = Value::String(raw);
                let text = json!({ "result": body }).to_string();
                (body, text)
            }
        };
        Self {
            body,
            text,
            note: None,
        }
    }

    /// The same as [`Answer::into_object`] as text, with every number spelled as the API spelled it:
    /// a JSON value cannot hold all of them.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Adds a sentence about the answer that the API did not send.
    #[must_use]
    pub fn with_note(mut self, note: &'static str) -> Self {
        self.note = Some(note);
        self
    }

    /// What the API sent.
    #[must_use]
    pub fn body(&self) -> &Value {
        &self.body
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
        match self.body {
            object @ Value::Object(_) => object,
            other => json!({ "result": other }),
        }
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
            Ok(Answer::from_body(error.body()).with_note(UNEXPECTED_SHAPE))
        }
        Err(error) => Err(Failure::from(&error)),
    }
}

const UNEXPECTED_SHAPE: &str = "The call succeeded. Its answer does not have the documented shape; \
    it is passed on as the API sent it.";

#[cfg(test)]
mod tests {
    use super::*;

    fn object(body: &str) -> String {
        Answer::from_body(body.as_bytes()).into_object().to_string()
    }

    #[test]
    fn objects_stay_as_they_are() {
        let body = r#"{"b":1,"a":{"unknownToUs":[null]},"amount":12.50}"#;
        assert_eq!(
            object(body),
            r#"{"b":1,"a":{"unknownToUs":[null]},"amount":12.5}"#
        );
    }

    #[test]
    fn everything_else_is_wrapped() {
        assert_eq!(object("[1,2]"), r#"{"result":[1,2]}"#);
        assert_eq!(object("true"), r#"{"result":true}"#);
        assert_eq!(object("\"done\""), r#"{"result":"done"}"#);
        assert_eq!(object("Success"), r#"{"result":"Success"}"#);
        assert_eq!(object(""), r#"{"result":""}"#);
    }

    #[test]
    fn large_integers_keep_every_digit() {
        assert_eq!(
            object("[9007199254740993]"),
            r#"{"result":[9007199254740993]}"#
        );
    }

    #[test]
    fn the_text_keeps_the_spelling_of_numbers() {
        let text = |body: &str| Answer::from_body(body.as_bytes()).text().to_owned();
        let body = r#"{"amount":12.50,"id":123456789012345678901234567890}"#;
        assert_eq!(text(body), body);
        assert_eq!(text("[1.10]\n"), r#"{"result":[1.10]}"#);
        assert_eq!(text("Success"), r#"{"result":"Success"}"#);
        assert_eq!(text("\u{feff}true"), r#"{"result":true}"#);
    }
}
