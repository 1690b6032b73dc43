//! Lines that are not messages of the protocol.

use serde_json::{Value, json};

use super::{Wire, hello, request};
use crate::mock::Mock;

#[tokio::test]
async fn what_cannot_be_used_is_answered_and_the_session_goes_on() {
    let mock = Mock::start().await;
    let (mut wire, _) = Wire::session(&mock, &[]).await;
    for (line, code, id) in [
        ("hello", -32700, Value::Null),
        (r#"{"jsonrpc":"2.0","#, -32700, Value::Null),
        ("[]", -32600, Value::Null),
        (
            r#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#,
            -32600,
            Value::Null,
        ),
        ("7", -32600, Value::Null),
        (r#"{"id":1,"method":"ping"}"#, -32600, json!(1)),
        (
            r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#,
            -32600,
            Value::Null,
        ),
        (
            r#"{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":5}}"#,
            -32602,
            json!("a"),
        ),
        (
            r#"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"list_customers","arguments":[]}}"#,
            -32602,
            json!(2),
        ),
        (
            r#"{"jsonrpc":"2.0","id":3,"method":"tools/list","params":{"cursor":3}}"#,
            -32602,
            json!(3),
        ),
        (
            r#"{"jsonrpc":"2.0","id":4,"method":"tools/list","params":{"cursor":"x"}}"#,
            -32602,
            json!(4),
        ),
        (
            r#"{"jsonrpc":"2.0","id":5,"method":"no/such/method"}"#,
            -32601,
            json!(5),
        ),
        (
            r#"{"jsonrpc":"2.0","id":6,"method":"logging/setLevel","params":{"level":"info"}}"#,
            -32601,
            json!(6),
        ),
    ] {
        wire.send_text(&format!("{line}\n")).await;
        let answer = wire.receive().await;
        assert_eq!(answer["error"]["code"], code, "{line}: {answer}");
        assert_eq!(answer["id"], id, "{line}: {answer}");
        assert_eq!(
            answer.get("id").is_some(),
            !id.is_null(),
            "{line}: {answer}"
        );
    }
    wire.result("ping", &json!({})).await;
    wire.end().await;
    mock.assert_untouched();
}

#[tokio::test]
async fn a_line_may_be_one_mebibyte_long_and_no_longer() {
    let mock = Mock::start().await;
    let (mut wire, _) = Wire::session(&mock, &[]).await;
    let ping = request("long", "ping", &json!({})).to_string();
    let fill = " ".repeat((1 << 20) - ping.len());
    wire.send_text(&format!("{ping}{fill}\n")).await;
    assert_eq!(wire.receive().await["id"], "long");
    wire.send_text(&format!("{ping}{fill} \n")).await;
    let answer = wire.receive().await;
    assert_eq!(answer["error"]["code"], -32600, "{answer}");
    wire.result("ping", &json!({})).await;
    wire.end().await;
}

#[tokio::test]
async fn empty_lines_and_windows_line_ends_do_no_harm() {
    let mock = Mock::start().await;
    let (mut wire, _) = Wire::session(&mock, &[]).await;
    let ping = request("a", "ping", &json!({}));
    wire.send_text(&format!("\n\r\n  \n{ping}\r\n")).await;
    assert_eq!(wire.receive().await["id"], "a");
    wire.end().await;
}

#[tokio::test]
async fn a_client_that_begins_badly_may_try_again() {
    let mock = Mock::start().await;
    let mut wire = Wire::start(&mock, &[]);
    wire.send_text("GET / HTTP/1.1\n").await;
    assert_eq!(wire.receive().await["error"]["code"], -32700);
    assert_eq!(wire.error("initialize", &json!({})).await, -32602);
    assert_eq!(wire.error("tools/list", &json!({})).await, -32602);
    let of_the_future = json!({"_meta": {
        "io.modelcontextprotocol/protocolVersion": "2099-01-01",
        "io.modelcontextprotocol/clientCapabilities": {},
    }});
    assert_eq!(wire.error("tools/list", &of_the_future).await, -32022);
    // Neither a notification nor an answer begins anything.
    wire.send(
        &json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}),
    )
    .await;
    wire.send(&json!({"jsonrpc": "2.0", "id": 1, "result": {}}))
        .await;
    let greeting = wire.result("initialize", &hello("2025-06-18")).await;
    assert_eq!(greeting["protocolVersion"], "2025-06-18");
    wire.end().await;
}
