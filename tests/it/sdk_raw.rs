//! Calls and parameters that the document does not mention.

use billsby_sdk::{Client, Effect, Method, Outcome, RawCall};
use serde_json::{Value, json};

use crate::mock::{API_KEY, Answer, Mock, Recorded};
use crate::sdk_server::{Fault, FaultyServer, answer};
use crate::support::{Case, sdk};

const READ: &str = "Customer_getDetails";
const CUSTOMER: &str = "/{companyDomain}/customers/{customerUniqueId}";

fn customer(client: &Client, method: Method) -> RawCall {
    let call = client.request(method, "core", CUSTOMER);
    call.path_value("customerUniqueId", "8WER0F4J1R")
}

/// The only request; the mock does not know what it asks for.
fn take_unknown(mock: &Mock) -> Recorded {
    let mut sent = mock.take_all();
    assert_eq!(sent.len(), 1, "{sent:?}");
    sent.remove(0)
}

#[tokio::test]
async fn a_raw_call_is_the_same_on_the_wire() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    let response = customer(&client, Method::Get)
        .send()
        .await
        .expect("a customer");
    let raw = mock.take_one();
    let typed = client.customers().get(&sdk::key("8WER0F4J1R"));
    let typed = typed.send().await.expect("a customer");
    let sent = mock.take_one();
    assert_eq!((raw.target, raw.headers), (sent.target, sent.headers));
    assert_eq!(Some(&*response), typed.json().as_ref());
    let id = typed.customer_unique_id.as_ref().expect("a key");
    assert_eq!(response["customerUniqueId"], id.as_str());
    assert_eq!((response.status(), response.body()), (200, typed.body()));

    let case = Case::of("Invoice_createOneTimeCharge");
    let call = client.request(
        Method::Post,
        "core",
        "/{companyDomain}/customers/{id}/invoices",
    );
    let call = call.path_value("id", "8WER0F4J1R");
    let body = case.wire.body.as_ref().expect("a body");
    call.body(body).send().await.expect("a charge");
    assert_eq!(mock.take_one().json().as_ref(), Some(body));
}

#[tokio::test]
async fn values_stay_where_they_are_put() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    let call = client.request(Method::Put, "", "/v2.0/{companyDomain}/coupons/{code}/x");
    let call = call.path_value("code", "a/../b?c=d#e%2e é");
    let call = call.query("id", 1).query("id", 2).query("a b", "c&d=é");
    let call = call.body(&json!({"none": null}));
    let error = call.send().await.expect_err("unknown to the mock");
    assert_eq!(
        error.operation(),
        Some("/v2.0/{companyDomain}/coupons/{code}/x")
    );
    let sent = take_unknown(&mock);
    assert_eq!(sent.method, "PUT");
    let path = "/v2.0/widgets/coupons/a%2F..%2Fb%3Fc%3Dd%23e%252e%20%C3%A9/x";
    assert_eq!(sent.path(), path);
    assert!(sent.target.ends_with("?id=1&id=2&a%20b=c%26d%3D%C3%A9"));
    assert_eq!(sent.json(), Some(json!({"none": null})));
    assert_eq!(sent.header("apikey"), Some(API_KEY));
}

#[tokio::test]
async fn what_would_go_elsewhere_is_refused() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    let get = |service, path| client.request(Method::Get, service, path);
    for call in [
        get("core", "customers"),
        get("core", "//evil.example/x"),
        get("core", "/../admin"),
        get("core", "/%2e%2e/admin"),
        get("core", "/{companyDomain}/customers?page=1"),
        get("core", "/{companyDomain}/x#y"),
        get("../admin", "/x"),
        get("core", "/{coupon}"),
        get("core", "/{coupon}").path_value("coupon", ""),
        get("core", "/{coupon}").path_value("coupon", ".."),
        get("core", "/x").path_value("coupon", "SPRING"),
    ] {
        let shown = format!("{call:?}");
        let error = call.send().await.expect_err(&shown);
        assert_eq!(error.outcome(), Outcome::NotSent, "{shown}");
        assert_eq!(error.attempts(), 0);
        assert!(!format!("{shown} {error:?}").contains("SPRING"));
    }
    mock.assert_untouched();
}

#[tokio::test]
async fn any_answer_of_a_success_will_do() {
    for (body, value) in [
        (r#"{"a": [1]}"#, json!({"a": [1]})),
        ("\u{feff}[]", json!([])),
        ("Success", json!("Success")),
        ("<html>", json!("<html>")),
        (" \n", Value::Null),
        ("", Value::Null),
    ] {
        let whole = answer("200 OK", "text/plain", body);
        let server = FaultyServer::start(Fault::Answer(whole)).await;
        let response = customer(&server.client(), Method::Get).send().await;
        let response = response.expect("a success");
        assert_eq!(*response, value, "{body}");
        assert_eq!(response.body(), body.as_bytes());
    }
}

#[tokio::test]
async fn only_what_reads_is_sent_again() {
    let busy = answer("503 Service Unavailable", "text/html", "<html>");
    for (method, effect, attempts) in [
        (Method::Get, None, 3),
        (Method::Post, None, 1),
        (Method::Put, None, 1),
        (Method::Delete, None, 1),
        (Method::Patch, None, 1),
        (Method::Get, Some(Effect::Write), 1),
        (Method::Post, Some(Effect::Read), 3),
    ] {
        let server = FaultyServer::start(Fault::Answer(busy.clone())).await;
        let mut call = customer(&server.client(), method);
        if let Some(effect) = effect {
            call = call.with_effect(effect);
        }
        let error = call.send().await.expect_err("busy");
        assert_eq!(error.attempts(), attempts, "{method:?} {effect:?}");
        assert_eq!(server.requests(), attempts as usize);
        let unknown = error.outcome() == Outcome::Unknown;
        assert_eq!(unknown, attempts == 1, "{method:?} {effect:?}");
    }
}

#[tokio::test]
async fn errors_are_those_of_all_calls() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    let refusal = json!({"message": "No such customer"});
    mock.answer_with(READ, Answer::json(404, &refusal));
    let error = customer(&client, Method::Get)
        .send()
        .await
        .expect_err("a refusal");
    assert!(error.is_not_found());
    assert_eq!(error.message().as_deref(), Some("No such customer"));
    assert!(!error.to_string().contains("8WER0F4J1R"), "{error}");
}

#[tokio::test]
async fn documented_calls_take_undocumented_parts() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    let call = client.customers().list().page_size(5);
    let call = call
        .with_query("pageSize", 7)
        .with_query("include archived", true);
    // The mock is strict and refuses it; what counts is what was sent.
    call.send().await.expect_err("unknown to the mock");
    let sent = take_unknown(&mock);
    assert!(
        sent.target
            .ends_with("?page=1&pageSize=7&include%20archived=true")
    );

    let case = Case::of("Invoice_createOneTimeCharge");
    let mut body = case.wire.body.expect("a body");
    let charge = serde_json::from_value(body.clone()).expect("a charge");
    let call = client.invoices().charge(&sdk::key("8WER0F4J1R"), &charge);
    let call = call
        .with_body_field("taxes", [1.5])
        .with_body_field("memo", Value::Null);
    call.send().await.expect_err("unknown to the mock");
    body["taxes"] = json!([1.5]);
    body["memo"] = Value::Null;
    assert_eq!(take_unknown(&mock).json(), Some(body));
}
