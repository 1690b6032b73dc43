//! Everything that can go wrong at Billsby or on the way, as a client of the server meets it.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use crate::mock::{Answer, Mock};
use crate::support::{Case, Server, ToolResult};

/// An operation that only reads, and one that moves money.
const READ: &str = "Customer_getDetails";
const WRITE: &str = "Invoice_createRefund";
const JSON: &str = "application/json";

/// The result of the operation's tool when the API answers this. The request is sent once.
async fn result(mock: &Mock, server: &mut Server, operation: &str, answer: Answer) -> ToolResult {
    mock.answer_with(operation, answer);
    let case = Case::of(operation);
    let result = server.call(&case.tool, &case.arguments).await;
    case.check(&mock.take_one());
    result
}

fn page(status: u16, title: &str) -> Answer {
    let page = format!(
        "<html>\r\n<head><title>{title}</title><style>p {{ color: red }}</style></head>\r\n\
         <body>\r\n<center><h1>{title}</h1></center>\r\n<script>alert('<b>')</script>\
         <hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    );
    Answer::new(status, "text/html", page)
}

fn says(status: u16, message: &str) -> Answer {
    Answer::json(status, &json!({ "message": message }))
}

/// What goes wrong, by name.
fn faults() -> Vec<(&'static str, Answer)> {
    vec![
        ("400 with a message", says(400, "amount is too large")),
        (
            "400 with markup and hidden characters",
            says(
                400,
                "<b>amount</b> is\u{200b} too\u{202e}\nlarge &amp; <script>x()</script>odd",
            ),
        ),
        ("400 without a body", Answer::new(400, "", "")),
        ("401", says(401, "Access denied")),
        ("403 as a page", page(403, "403 Forbidden")),
        ("404", says(404, "No such customer")),
        ("409", says(409, "The invoice has been refunded")),
        (
            "422",
            Answer::json(
                422,
                &json!({"errors": {"amount": ["must be positive", "is required"]}}),
            ),
        ),
        (
            "429 with everything",
            says(429, "Slow down")
                .header("Retry-After", "7")
                .header("RateLimit-Limit", "100")
                .header("RateLimit-Remaining", "0")
                .header("RateLimit-Reset", "6"),
        ),
        ("429 with nothing", Answer::new(429, "", "")),
        (
            "429 in the newer form",
            Answer::new(429, "", "")
                .header("RateLimit", "\"default\";r=0;t=30")
                .header("RateLimit-Policy", "\"default\";q=60;w=60"),
        ),
        ("500 with a message", says(500, "Something went wrong")),
        (
            "500 with broken JSON",
            Answer::new(500, JSON, "{\"message\": \"Some"),
        ),
        ("502 as a page", page(502, "502 Bad Gateway")),
        ("503", Answer::new(503, "", "").header("Retry-After", "120")),
        (
            "504 as text",
            Answer::new(504, "text/plain", "upstream timed out"),
        ),
        (
            "redirect",
            Answer::new(302, "", "").header("Location", "https://login.example/"),
        ),
        ("cut off before the answer", Answer::cut()),
        (
            "cut off within the answer",
            Answer::json(200, &json!({"customerUniqueId": "8WER0F4J1R"})).cut_short(5),
        ),
    ]
}

#[tokio::test]
async fn every_fault_is_reported_with_what_to_do_next() {
    let mock = Mock::start().await;
    let mut server = Server::start(&mock).await;
    let mut reports = String::new();
    for (name, answer) in faults() {
        let _ = writeln!(reports, "# {name}");
        let read = result(&mock, &mut server, READ, answer.clone()).await;
        let write = result(&mock, &mut server, WRITE, answer).await;
        for (kind, result) in [("read", read), ("write", write)] {
            assert!(result.is_error, "{name}: {}", result.structured);
            assert_eq!(result.notes, [""; 0], "{name}");
            let report = serde_json::to_string_pretty(&result.structured).expect("JSON");
            let _ = writeln!(reports, "{kind} {report}");
        }
    }
    server.close().await;
    insta::assert_snapshot!(reports);
}

/// A call that took effect has succeeded, also if nobody can read its answer; a read has not.
#[tokio::test]
async fn a_success_that_is_no_json_is_one_for_writes_only() {
    let mock = Mock::start().await;
    let mut server = Server::start(&mock).await;
    for body in ["<html>log in</html>", "{\"customerUniqueId\": \"8WE"] {
        let answer = || Answer::new(200, JSON, body);
        let write = result(&mock, &mut server, WRITE, answer()).await;
        assert!(!write.is_error);
        assert_eq!(write.structured, json!({ "result": body }));
        let note = "The call succeeded. Its answer does not have the documented shape.";
        assert_eq!(write.notes, [note]);

        let read = result(&mock, &mut server, READ, answer()).await;
        assert!(read.is_error, "{}", read.structured);
        assert_eq!(read.structured["status"], 200);
        assert_eq!(read.structured["outcome"], "done");
        assert_eq!(read.structured["retryable"], true);
        assert!(
            !read.structured.to_string().contains("<html>"),
            "{}",
            read.structured
        );
    }
    server.close().await;
}

#[tokio::test]
async fn a_slow_answer_is_given_up_after_the_time_limit() {
    let mock = Mock::start().await;
    let options = ["--methods=read,write,custom", "--timeout=1"];
    let mut server = Server::start_with(&mock, &options).await;
    let late = || Answer::json(200, &json!({})).after(Duration::from_secs(60));
    let read = result(&mock, &mut server, READ, late()).await;
    assert!(read.is_error);
    assert_eq!(
        read.structured,
        json!({
            "message": "no answer came in time", "outcome": "unknown", "retryable": true,
            "next": "Nothing has changed. Call again later; ask for less at once if you can.",
        })
    );
    let write = result(&mock, &mut server, WRITE, late()).await;
    assert!(write.is_error);
    assert_eq!(
        write.structured,
        json!({
            "message": "no answer came in time", "outcome": "unknown", "retryable": false,
            "next": "The call may have taken effect. Do not repeat it: read the current state first, \
                     and if that does not settle it, tell the user.",
        })
    );
    server.close().await;
}

#[tokio::test]
async fn a_redirect_leads_nowhere() {
    let mock = Mock::start().await;
    let elsewhere = Mock::start().await;
    let mut server = Server::start(&mock).await;
    for status in [301, 302, 303, 307, 308] {
        for operation in [READ, WRITE] {
            let target = format!("{}{}", elsewhere.url(), Case::of(operation).wire.path);
            let redirect = Answer::new(status, "", "").header("Location", &target);
            let result = result(&mock, &mut server, operation, redirect).await;
            assert!(result.is_error);
            let message = format!(
                "Billsby answered with a redirect (status {status}), which is never followed"
            );
            assert_eq!(result.text("message"), message);
            assert!(!result.structured.to_string().contains(&target));
        }
    }
    server.close().await;
    elsewhere.assert_untouched();
}

/// 10 MB of a refusal are no more than a refusal.
#[tokio::test]
async fn a_huge_refusal_is_a_short_report() {
    let mock = Mock::start().await;
    let mut server = Server::start(&mock).await;
    let long = "No invoice of this number. ".repeat(400_000);
    for body in [
        json!({ "message": long }).to_string(),
        format!("<html><p>{long}</p></html>"),
        long,
    ] {
        for operation in [READ, WRITE] {
            let refusal = Answer::new(400, JSON, body.as_str());
            let result = result(&mock, &mut server, operation, refusal).await;
            assert!(result.is_error);
            assert_eq!(result.structured["status"], 400);
            assert_eq!(result.text("outcome"), "rejected");
            assert_eq!(result.structured["retryable"], false);
            assert_eq!(result.structured.get("answer"), None);
            assert!(result.structured.to_string().len() < 3_000);
        }
    }
    server.close().await;
}

/// 10 MB of an answer are cut to what a model can hold, and the call is still a success.
#[tokio::test]
async fn a_huge_answer_is_cut_to_size() {
    let mock = Mock::start().await;
    let mut server = Server::start(&mock).await;
    let entry =
        json!({"invoiceNumber": "8WER0F4J1R-1", "status": "Paid", "text": "x".repeat(1_000)});
    let list: Value = vec![entry; 10_000].into();
    let case = Case::of("Invoice_getCustomerInvoices");
    mock.answer_with(&case.operation, Answer::json(200, &list));
    let result = server.call(&case.tool, &case.arguments).await;
    assert!(!result.is_error);
    let shown = result.structured["result"]
        .as_array()
        .expect("a list")
        .len();
    assert!(shown > 10, "{shown}");
    assert_eq!(
        result.structured["_mcp"]["cut"],
        json!([{"path": "result", "shown": shown, "of": 10_000, "rest": format!("result[{shown}:]")}])
    );
    assert!(result.structured.to_string().len() < 48_000);
    server.close().await;
}
