//! What a client sent: a JSON-RPC message, or the error that it is answered with.

use rmcp::model::{
    ClientJsonRpcMessage, ClientRequest, CustomRequest, ErrorCode, ErrorData, JsonRpcMessage,
    RequestId, ServerJsonRpcMessage,
};
use serde::Deserialize;
use serde_json::{Map, Value};

/// The longest message that is read, in bytes.
pub(super) const LIMIT: usize = 1024 * 1024;

/// Something that is not a message of the protocol, with the error to answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal {
    /// The id of the request, where it can be read.
    id: Option<RequestId>,
    error: Box<ErrorData>,
}

impl Refusal {
    /// The refusal of a message longer than [`LIMIT`].
    pub(super) fn too_long() -> Self {
        Self::invalid("the message is longer than 1 MiB", None)
    }

    fn new(error: ErrorData, id: Option<RequestId>) -> Self {
        Self {
            id,
            error: Box::new(error),
        }
    }

    fn invalid(message: &'static str, id: Option<RequestId>) -> Self {
        Self::new(ErrorData::invalid_request(message, None), id)
    }

    /// The answer to send. It has no id when none can be read, as the protocol wants it.
    pub(super) fn into_answer(self) -> ServerJsonRpcMessage {
        ServerJsonRpcMessage::error(*self.error, self.id)
    }
}

/// Reads one message.
///
/// # Errors
///
/// The bytes are not a message of the protocol. The library on its own would stay silent, or call a
/// method with unusable parameters unknown.
pub(super) fn read(bytes: &[u8]) -> Result<ClientJsonRpcMessage, Refusal> {
    let message = serde_json::from_slice(bytes).map_err(|_| diagnose(bytes))?;
    let JsonRpcMessage::Request(request) = &message else {
        return Ok(message);
    };
    let error = match &request.request {
        ClientRequest::CustomRequest(custom) => unusable_parameters(custom),
        known => unusable_page(known.method(), bytes),
    };
    match error {
        Some(error) => Err(Refusal::new(error, Some(request.id.clone()))),
        None => Ok(message),
    }
}

/// The error of a request for a list whose parameters the library would take for none.
pub(super) fn unusable_page(method: &str, bytes: &[u8]) -> Option<ErrorData> {
    let is_list = matches!(
        method,
        "tools/list" | "prompts/list" | "resources/list" | "resources/templates/list"
    );
    let usable = !is_list || serde_json::from_slice::<List>(bytes).is_ok();
    (!usable).then(|| expected(method)).flatten()
}

/// As much of the request for a list as may be wrong.
#[derive(Deserialize)]
struct List {
    #[expect(dead_code, reason = "only its form matters")]
    params: Option<Page>,
}

#[derive(Deserialize)]
struct Page {
    #[expect(dead_code, reason = "only its form matters")]
    cursor: Option<String>,
}

/// The library hands over as "custom" what it could not read as a request it knows.
pub(super) fn unusable_parameters(request: &CustomRequest) -> Option<ErrorData> {
    expected(&request.method)
}

/// The error that says what the parameters of a method look like; none if there is no such method.
fn expected(method: &str) -> Option<ErrorData> {
    let expected = match method {
        "initialize" => "protocolVersion as text, capabilities and clientInfo as objects",
        "tools/call" => "name as text and arguments as an object",
        "prompts/get" => "name as text and arguments as an object of texts",
        "resources/read" => "uri as text",
        "completion/complete" => "ref and argument as objects, each with its fields",
        "server/discover"
        | "tools/list"
        | "prompts/list"
        | "resources/list"
        | "resources/templates/list" => "an object; cursor, if any, as text",
        _ => return None,
    };
    Some(ErrorData::invalid_params(
        format!("unusable parameters; expected {expected}"),
        None,
    ))
}

/// Says what is wrong with bytes that are not a message.
fn diagnose(bytes: &[u8]) -> Refusal {
    match serde_json::from_slice(bytes) {
        Err(_) => {
            let error = ErrorData::new(ErrorCode::PARSE_ERROR, "this is not JSON", None);
            Refusal::new(error, None)
        }
        Ok(Value::Array(_)) => Refusal::invalid(
            "batches are not supported; send one message at a time",
            None,
        ),
        Ok(Value::Object(message)) => diagnose_object(&message),
        Ok(_) => Refusal::invalid("a message is an object", None),
    }
}

fn diagnose_object(message: &Map<String, Value>) -> Refusal {
    let id = message.get("id").cloned();
    let readable_id: Option<RequestId> = id.clone().and_then(|id| serde_json::from_value(id).ok());
    if message.get("jsonrpc") != Some(&Value::from("2.0")) {
        return Refusal::invalid(r#"jsonrpc must be "2.0""#, readable_id);
    }
    if id.is_some() && readable_id.is_none() {
        return Refusal::invalid("the id must be text or a whole number", None);
    }
    match message.get("method") {
        Some(Value::String(_)) => Refusal::new(
            ErrorData::invalid_params("the parameters must be an object", None),
            readable_id,
        ),
        Some(_) => Refusal::invalid("the method must be text", readable_id),
        None => Refusal::invalid(
            "this is neither a request nor a notification nor an answer",
            readable_id,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The code and the id of the answer to bytes that cannot be used.
    fn refused(text: &str) -> (i32, Option<RequestId>) {
        let refusal = read(text.as_bytes()).expect_err(text);
        (refusal.error.code.0, refusal.id)
    }

    #[test]
    fn what_is_not_a_message_is_refused() {
        let id = |number: i64| Some(RequestId::Number(number));
        for (text, expected) in [
            ("{", (-32700, None)),
            ("hello", (-32700, None)),
            ("\u{fffd}", (-32700, None)),
            ("5", (-32600, None)),
            ("null", (-32600, None)),
            ("[]", (-32600, None)),
            (
                r#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#,
                (-32600, None),
            ),
            ("{}", (-32600, None)),
            (r#"{"id":1,"method":"ping"}"#, (-32600, id(1))),
            (
                r#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#,
                (-32600, id(1)),
            ),
            (
                r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#,
                (-32600, None),
            ),
            (
                r#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#,
                (-32600, None),
            ),
            (r#"{"jsonrpc":"2.0","id":2,"method":5}"#, (-32600, id(2))),
            (r#"{"jsonrpc":"2.0","id":2}"#, (-32600, id(2))),
            (
                r#"{"jsonrpc":"2.0","id":3,"method":"tools/call"}"#,
                (-32602, id(3)),
            ),
            (
                r#"{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":5}}"#,
                (-32602, id(3)),
            ),
            (
                r#"{"jsonrpc":"2.0","id":3,"method":"tools/call","params":["a"]}"#,
                (-32602, id(3)),
            ),
            (
                r#"{"jsonrpc":"2.0","id":4,"method":"initialize","params":{}}"#,
                (-32602, id(4)),
            ),
            (
                r#"{"jsonrpc":"2.0","id":5,"method":"prompts/get","params":{"name":"a","arguments":[]}}"#,
                (-32602, id(5)),
            ),
            (
                r#"{"jsonrpc":"2.0","id":6,"method":"resources/read","params":{}}"#,
                (-32602, id(6)),
            ),
            (
                r#"{"jsonrpc":"2.0","id":7,"method":"completion/complete","params":{}}"#,
                (-32602, id(7)),
            ),
            (
                r#"{"jsonrpc":"2.0","id":8,"method":"tools/list","params":{"cursor":1}}"#,
                (-32602, id(8)),
            ),
            (
                r#"{"jsonrpc":"2.0","id":9,"method":"no/such/method","params":[]}"#,
                (-32602, id(9)),
            ),
        ] {
            assert_eq!(refused(text), expected, "{text}");
        }
    }

    #[test]
    fn messages_are_read() {
        for text in [
            r#"{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"a"}}"#,
            r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#,
            r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":null}}"#,
            r#"{"jsonrpc":"2.0","id":1,"method":"no/such/method","params":{}}"#,
            r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
            r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{}}}"#,
            r#"{"jsonrpc":"2.0","id":1,"result":{}}"#,
        ] {
            assert!(read(text.as_bytes()).is_ok(), "{text}");
        }
    }

    #[test]
    fn an_error_without_an_id_has_none() {
        let answer = serde_json::to_value(Refusal::too_long().into_answer()).unwrap();
        assert!(answer.get("id").is_none(), "{answer}");
        assert_eq!(answer["error"]["code"], -32600);
    }
}
