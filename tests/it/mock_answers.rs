//! The mock answers what the API is documented to answer, unless it is told otherwise.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::mock::{API_KEY, Answer, BASE_PATH, Mock, operation};
use crate::support::{Case, Outgoing};

/// The operations that answer with a word that is not JSON.
const WORD_ANSWERS: [(&str, &str); 17] = [
    ("Customer_deleteById", "Success"),
    ("Customer_updatePaymentDetailsRequest", "Success\n"),
    ("Customer_updatePaymentCardToken", "Success"),
    ("Subscription_cancelSubscription", "success"),
    ("Subscription_updateShippingAddress", "success"),
    ("Subscription_addFeatureTags", "Success\n"),
    ("Subscription_changePlan", "success"),
    ("Subscription_removeFeatureTag", "Success\n"),
    ("Invoice_reattemptPayment", "success"),
    ("Invoice_markAsPaidOffline", "success"),
    ("Invoice_markWrittenOff", "success"),
    ("Creditnote_reattemptPayment", "success"),
    ("Product_updatePlanAndCycle", "success"),
    ("Product_updatePlanOrder", "success"),
    ("Subscription_updateCounter", "success"),
    ("CustomField_createNewField", "success"),
    ("CustomField_updateField", "success"),
];
/// The operations that send JSON under another name.
const PLAIN_ANSWERS: [&str; 3] = [
    "Invoice_createOneTimeCharge",
    "Invoice_createRefund",
    "CustomField_list",
];

#[tokio::test]
async fn answers_every_operation_as_documented() {
    let mock = Mock::start().await;
    for case in Case::all() {
        let id = case.operation.as_str();
        let reply = Outgoing::of(&case).send(&mock).await;
        assert_eq!(reply.status, 200);
        let plain = PLAIN_ANSWERS.contains(&id);
        let content_type = if plain {
            "text/plain"
        } else {
            "application/json"
        };
        assert_eq!(reply.header("content-type"), Some(content_type), "{id}");
        assert_eq!(reply.text(), operation::find(id).answer.text());
        let json = serde_json::from_slice::<Value>(&reply.body);
        match WORD_ANSWERS.iter().find(|(word, _)| *word == id) {
            Some((_, word)) => assert_eq!(reply.text(), *word, "{id}"),
            None => assert!(json.is_ok(), "{id} answers no JSON"),
        }
    }
}

/// Every object has a property that no document knows, so that nothing can rely on knowing all.
#[test]
fn fixtures_hold_what_clients_must_bear() {
    fn visit(id: &str, at: &str, value: &Value, texts: &mut Vec<String>, nulls: &mut usize) {
        match value {
            Value::Object(members) => {
                let marked = members.contains_key("notInDocument");
                assert!(marked, "{id}: {at} has no unknown property");
                for (name, member) in members {
                    // Free-form in the API.
                    if !matches!(name.as_str(), "eventData" | "taxes") {
                        visit(id, &format!("{at}.{name}"), member, texts, nulls);
                    }
                }
            }
            Value::Array(items) => items
                .iter()
                .for_each(|item| visit(id, &format!("{at}[]"), item, texts, nulls)),
            Value::String(text) => texts.push(text.clone()),
            Value::Null => *nulls += 1,
            _ => {}
        }
    }
    let (mut texts, mut nulls) = (Vec::new(), 0);
    for operation in operation::all() {
        if let Ok(answer) = serde_json::from_slice::<Value>(&operation.answer.body)
            && answer != json!({})
        {
            visit(&operation.id, "answer", &answer, &mut texts, &mut nulls);
        }
    }
    assert!(nulls > 20, "{nulls}");
    for timestamp in [
        "2026-03-02T08:15:30.250Z",
        "2026-03-02T08:15:30.250417",
        "2026-03-02T08:15:30.250+00:00",
    ] {
        assert!(texts.iter().any(|text| text == timestamp), "{timestamp}");
    }
}

#[test]
fn no_fixture_is_left_over() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/answers");
    let mut files = 0;
    for entry in std::fs::read_dir(folder).expect("the folder of answers") {
        let name = entry.expect("an entry").file_name();
        let id = name.to_str().and_then(|name| name.strip_suffix(".json"));
        // Panics when there is no such operation.
        operation::find(id.expect("a JSON file"));
        files += 1;
    }
    assert_eq!(files, 58 - WORD_ANSWERS.len());
}

#[tokio::test]
async fn an_answer_can_be_chosen_for_the_next_call() {
    let mock = Mock::start().await;
    let delete = Outgoing::of(&Case::of("Customer_deleteById"));
    mock.answer_with("Customer_deleteById", Answer::new(201, "", ""));
    mock.answer_with(
        "Customer_deleteById",
        Answer::json(429, &json!({"message": "slow down"})).header("retry-after", "7"),
    );
    // Neither another operation nor a wrong request uses an answer up.
    Outgoing::of(&Case::of("Customer_getDetails"))
        .send(&mock)
        .await;
    delete.clone().without_header("ApiKey").send(&mock).await;

    let first = delete.send(&mock).await;
    assert_eq!((first.status, first.text().as_str()), (201, ""));
    assert_eq!(first.header("content-type"), None);
    let second = delete.send(&mock).await;
    assert_eq!(second.status, 429);
    assert_eq!(second.header("retry-after"), Some("7"));
    assert_eq!(second.text(), r#"{"message":"slow down"}"#);
    assert_eq!(delete.send(&mock).await.text(), "Success");
    assert_eq!(mock.recorded().len(), 5);
}

#[tokio::test]
async fn an_answer_can_be_late_or_missing() {
    let mock = Mock::start().await;
    let charge = Outgoing::of(&Case::of("Invoice_createOneTimeCharge"));
    mock.answer_with("Invoice_createOneTimeCharge", Answer::cut());
    assert!(charge.try_send(&mock).await.is_none());
    // It did arrive.
    let recorded = mock.take_one();
    assert_eq!(recorded.header("APIKEY"), Some(API_KEY));

    let late = Answer::json(200, &json!(true)).after(Duration::from_millis(50));
    mock.answer_with("Invoice_createOneTimeCharge", late);
    let start = std::time::Instant::now();
    assert_eq!(charge.send(&mock).await.text(), "true");
    assert!(start.elapsed() >= Duration::from_millis(50));
}

#[tokio::test]
async fn an_answer_can_break_off() {
    let mock = Mock::start().await;
    let get = Outgoing::of(&Case::of("Customer_getDetails"));
    let short = Answer::json(200, &json!({"a": 1})).cut_short(3);
    mock.answer_with("Customer_getDetails", short);
    let reply = get.send(&mock).await;
    assert_eq!(reply.header("content-length"), Some("7"));
    assert_eq!(reply.text(), r#"{"a""#);
}

#[tokio::test]
async fn a_connection_serves_many_requests() {
    let mock = Mock::start().await;
    let mut stream = TcpStream::connect(mock.address()).await.expect("connects");
    let path = "/core/widgets/customers/8WER0F4J1R";
    let head = format!("HTTP/1.1\r\nHost: x\r\nApiKey: {API_KEY}\r\n");
    let two = format!(
        "PUT {BASE_PATH}/core/widgets/subscriptions/tags {head}\r\n\
         DELETE {BASE_PATH}{path} {head}Connection: close\r\n\r\n"
    );
    stream.write_all(two.as_bytes()).await.expect("writes");
    let mut answers = String::new();
    stream.read_to_string(&mut answers).await.expect("reads");
    assert!(answers.starts_with("HTTP/1.1 405 "), "{answers}");
    assert!(answers.ends_with("\r\n\r\nSuccess"), "{answers}");
    assert_eq!(mock.take_all().len(), 2);
}

#[tokio::test]
async fn a_message_that_is_not_http_is_refused() {
    let mock = Mock::start().await;
    let host = "Host: x\r\n";
    let messages = [
        format!("GET / HTTP/1.0\r\n{host}\r\n"),
        format!("GET /a b HTTP/1.1\r\n{host}\r\n"),
        format!("GET /\r\n{host}\r\n"),
        format!("GET / HTTP/1.1\n{host}\n"),
        "GET / HTTP/1.1\r\nno colon\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nHost : x\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nContent-Length: many\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".to_owned(),
    ];
    for message in messages {
        let mut stream = TcpStream::connect(mock.address()).await.expect("connects");
        stream.write_all(message.as_bytes()).await.expect("writes");
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        assert!(answer.starts_with(b"HTTP/1.1 400 "), "{message:?}");
        assert!(mock.take_all()[0].refusal.is_some(), "{message:?}");
    }
}

#[tokio::test]
async fn a_dropped_mock_listens_no_longer() {
    let mock = Mock::start().await;
    let address = mock.address();
    assert_eq!(mock.url(), format!("http://{address}{BASE_PATH}"));
    drop(mock);
    for _ in 0..100 {
        if TcpStream::connect(address).await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{address} still accepts connections");
}

#[tokio::test]
#[should_panic(expected = "was refused: query `page` is missing")]
async fn a_refused_request_is_no_single_request() {
    let mock = Mock::start().await;
    Outgoing::new("GET", "/core/widgets/customers")
        .send(&mock)
        .await;
    mock.take_one();
}

#[tokio::test]
async fn a_wrong_request_is_described_in_full() {
    let mock = Mock::start().await;
    let case = Case::of("Subscription_changePlan");
    let mut other = case.clone();
    other.wire.path = "/core/widgets/subscriptions/R8QX21LM7C/plan".to_owned();
    other.wire.body = Some(json!({
        "planId": 43, "cycleId": 217, "customerUniqueId": "8WER0F4J1R", "planChangeType": 1,
        "addOns": [{"addOnId": 12, "quantity": 3}], "allowances": [], "issueRefund": false,
    }));
    Outgoing::of(&other).send(&mock).await;
    let lines = case.differences(&mock.take_one());
    let expected = [
        "path: expected /core/widgets/subscriptions/T3KD95NW0B/plan, \
         sent /core/widgets/subscriptions/R8QX21LM7C/plan",
        "body.cycleId: expected 218, sent 217",
        "body.planChangeType: expected 2, sent 1",
        "body.units: expected 5, not sent",
        "body.addOns[0].quantity: expected 2, sent 3",
        "body.allowances: expected [402], sent []",
    ];
    assert_eq!(lines, expected);

    let list = Case::of("Subscription_getEventLogs");
    let path = "/core/widgets/subscriptions/T3KD95NW0B/logs?page=1&pageSize=50";
    Outgoing::new("GET", path).send(&mock).await;
    let expected = [
        "query page=\"2\": expected, not sent",
        "query page=\"1\": not expected, sent",
    ];
    assert_eq!(list.differences(&mock.take_one()), expected);
}
