use std::error::Error as _;
use std::net::TcpListener;
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use super::loopback::{Loopback, answer};
use super::{KEPT_BODY, Outgoing, Prepared, Transport, normalise_base_url};
use crate::call::{AnswerForm, Call, Effect, Method, Operation};
use crate::client::{ApiKey, Client, ClientBuilder};
use crate::error::{Error, Outcome};
use crate::response::Response;
use crate::retry::RetryPolicy;

const KEY: &str = "widgets_0123456789abcdef";

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Thing {
    thing_count: Option<i64>,
}
redacted_debug!(Thing);

macro_rules! operation {
    ($name:ident, $answer:ty, $form:ident, $method:ident, $effect:ident) => {
        enum $name {}

        impl Operation for $name {
            type Answer = $answer;
            const ID: &'static str = concat!("things.", stringify!($name));
            const METHOD: Method = Method::$method;
            const SERVICE: &'static str = "core";
            const PATH: &'static str = "/{companyDomain}/things/{thing}";
            const EFFECT: Effect = Effect::$effect;
            const ANSWER: AnswerForm = AnswerForm::$form;
        }
    };
}

operation!(Look, Thing, Json, Get, Read);
operation!(Make, Thing, Json, Post, Write);
operation!(Finish, (), Word, Put, Write);

fn builder(base_url: &str) -> ClientBuilder {
    Client::builder(KEY, "widgets".parse().unwrap())
        .base_url(base_url)
        .user_agent("tests")
        // The server takes one connection.
        .retry(RetryPolicy::off())
}

fn call<O: Operation>(base_url: &str) -> Call<O> {
    let client = builder(base_url).build().unwrap();
    Call::new(&client).path_value("thing", "a/b c")
}

async fn send<O: Operation>(answer: impl Into<Vec<u8>>) -> Result<Response<O::Answer>, Error> {
    let server = Loopback::answering(answer);
    let result = call::<O>(&server.base_url).send().await;
    server.request();
    result
}

/// The texts of an error and of everything behind it.
fn chain(error: &Error) -> String {
    let mut texts = vec![format!("{error} [{}]", error.outcome())];
    let mut source = error.source();
    while let Some(error) = source {
        texts.push(error.to_string());
        source = error.source();
    }
    texts.join("\n")
}

#[tokio::test]
async fn a_read_on_the_wire() {
    let server = Loopback::answering(answer("200 OK", "application/json", "{}"));
    call::<Look>(&server.base_url)
        .query_value("search", "Ann & Bob")
        .send()
        .await
        .unwrap();
    insta::assert_snapshot!(server.request(), @r"
    GET /rest/core/widgets/things/a%2Fb%20c?search=Ann%20%26%20Bob HTTP/1.1
    apikey: widgets_0123456789abcdef
    accept: application/json, text/plain, */*
    user-agent: tests
    host: HOST
    ");
}

#[tokio::test]
async fn writes_on_the_wire() {
    let server = Loopback::answering(answer("201 Created", "application/json", "{}"));
    call::<Make>(&server.base_url)
        .json_body(&json!({"name": "é", "none": null}))
        .send()
        .await
        .unwrap();
    insta::assert_snapshot!(server.request(), @r#"
    POST /rest/core/widgets/things/a%2Fb%20c HTTP/1.1
    apikey: widgets_0123456789abcdef
    accept: application/json, text/plain, */*
    content-type: application/json
    user-agent: tests
    host: HOST
    content-length: 13

    {"name":"é"}
    "#);

    let server = Loopback::answering(answer("200 OK", "text/plain", "success\n"));
    call::<Finish>(&server.base_url).send().await.unwrap();
    insta::assert_snapshot!(server.request(), @r"
    PUT /rest/core/widgets/things/a%2Fb%20c HTTP/1.1
    apikey: widgets_0123456789abcdef
    accept: application/json, text/plain, */*
    content-length: 0
    user-agent: tests
    host: HOST
    ");
}

#[tokio::test]
async fn json_is_read_whatever_it_is_called() {
    let text = answer(
        "200 OK",
        "text/plain",
        "\u{feff}{\"thingCount\": \"3\", \"more\": 1}\n",
    );
    let response = send::<Look>(text).await.unwrap();
    assert_eq!(response.thing_count, Some(3));
    assert_eq!(response.status(), 200);
    assert_eq!(response.header("Content-Type"), Some("text/plain"));
    assert_eq!(response.json(), Some(json!({"thingCount": "3", "more": 1})));
    assert!(response.text().contains("more"));
    insta::assert_snapshot!(format!("{response:?}"), @"Response { status: 200, value: Thing { .. }, .. }");
    assert_eq!(response.into_inner().thing_count, Some(3));
}

#[tokio::test]
async fn any_success_will_do_for_a_word() {
    for text in [
        "HTTP/1.1 204 No Content\r\n\r\n".to_owned(),
        answer("200 OK", "application/json", "Success\n"),
        answer("202 Accepted", "text/html", "<p>fine</p>"),
        answer("200 OK", "application/json", "{}"),
    ] {
        let response = send::<Finish>(text).await.unwrap();
        assert!((200..300).contains(&response.status()));
        assert_eq!(response.json().is_some(), response.body() == b"{}");
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let location = elsewhere.local_addr().unwrap();
    for status in ["302 Found", "307 Temporary Redirect"] {
        let text = format!(
            "HTTP/1.1 {status}\r\nlocation: http://{location}/\r\ncontent-length: 0\r\n\r\n"
        );
        let error = send::<Make>(text).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert!(error.header("location").is_some());
        assert!(elsewhere.accept().is_err());
    }
}

#[tokio::test]
async fn an_html_failure_has_no_message() {
    let text = answer(
        "500 Internal Server Error",
        "text/html",
        "<html>Oops</html>",
    );
    let error = send::<Make>(text).await.unwrap_err();
    assert_eq!(error.status(), Some(500));
    assert_eq!(error.message(), None);
    assert_eq!(error.body(), b"<html>Oops</html>");
    assert_eq!(error.outcome(), Outcome::Unknown);
}

#[tokio::test]
async fn a_refusal_is_explained() {
    let text = answer(
        "400 Bad Request",
        "application/json",
        r#"{"Message": "No."}"#,
    );
    let error = send::<Make>(text).await.unwrap_err();
    assert_eq!(error.message().as_deref(), Some("No."));
    assert_eq!(error.outcome(), Outcome::Rejected);
}

#[tokio::test]
async fn a_long_failure_is_cut() {
    let body = "x".repeat(KEPT_BODY + 5000);
    let text = answer("502 Bad Gateway", "text/plain", &body);
    let error = send::<Look>(text).await.unwrap_err();
    assert_eq!(error.body().len(), KEPT_BODY);
    assert!(error.is_body_truncated());
    assert_eq!(error.outcome(), Outcome::Rejected);
}

#[tokio::test]
async fn a_success_that_cannot_be_read_is_still_done() {
    let body = r#"{"thingCount": "secret"}"#;
    let error = send::<Make>(answer("201 Created", "application/json", body))
        .await
        .unwrap_err();
    insta::assert_snapshot!(chain(&error), @r"
    things.Make: the call succeeded (status 201), but its answer does not have the expected form at `$.thingCount`; do not repeat it; Error::body() has it as it came [done]
    expected a whole number, found text
    ");
    assert_eq!(error.body(), body.as_bytes());
    assert!(error.is_decode());

    for body in ["<html>", "", "Success"] {
        let error = send::<Make>(answer("200 OK", "application/json", body))
            .await
            .unwrap_err();
        assert!(error.is_decode(), "{error}");
        assert_eq!(error.outcome(), Outcome::Done);
    }
}

#[tokio::test]
async fn a_success_that_is_cut_off_is_still_done() {
    let text = "HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{\"thingCount\": ";
    let error = send::<Make>(text).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Done);
    assert!(error.is_body_truncated());
    assert!(!chain(&error).contains("things/"), "{}", chain(&error));
}

#[tokio::test]
async fn without_a_connection_nothing_is_sent() {
    let unused = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", unused.local_addr().unwrap());
    drop(unused);
    let error = call::<Make>(&base_url).send().await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert_eq!((error.status(), error.body()), (None, &[][..]));
    assert!(error.source().is_some());
    assert!(!chain(&error).contains("things/"), "{}", chain(&error));
}

#[tokio::test]
async fn without_an_answer_the_outcome_is_unknown() {
    let server = Loopback::silent();
    let error = call::<Make>(&server.base_url)
        .with_attempt_timeout(Duration::from_millis(300))
        .send()
        .await
        .unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(error.outcome(), Outcome::Unknown);

    let error = send::<Make>("").await.unwrap_err();
    assert!(!error.is_timeout());
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(!chain(&error).contains("things/"), "{}", chain(&error));
}

#[test]
fn the_key_is_never_shown() {
    let transport = Transport::new(&ApiKey::new(KEY), "tests", Duration::from_secs(1)).unwrap();
    let call = |url: &str| Outgoing {
        method: Method::Get,
        url: url.to_owned(),
        body: None,
    };
    let prepared = Prepared::new(call("http://host/a")).ok().unwrap();
    let request = transport.request(&prepared);
    assert!(request.headers()["apikey"].is_sensitive());
    assert!(!format!("{request:?}").contains(KEY));

    let builder = builder("http://host");
    let client = builder.clone().build().unwrap();
    insta::assert_snapshot!(format!("{builder:?}\n{client:?}"), @r#"
    ClientBuilder { api_key: ApiKey(..), company_domain: CompanyDomain("widgets"), base_url: "http://host", user_agent: "tests", connect_timeout: 10s, connections: None, limits: Limits { attempt_timeout: 30s, deadline: None, retry: RetryPolicy { attempts: 1, base_delay: 500ms, max_delay: 8s } } }
    Client { company_domain: CompanyDomain("widgets"), base_url: "http://host", .. }
    "#);

    // What would be tidied up on the way is refused.
    for url in [
        "http://host/a/../b",
        "http://host/%2e%2e/b",
        "http://host/a b",
    ] {
        assert!(Prepared::new(call(url)).is_err(), "{url}");
    }
}

#[test]
fn shared_connections_carry_the_key_of_whoever_uses_them() {
    let transport = Transport::new(&ApiKey::new(KEY), "tests", Duration::from_secs(1)).unwrap();
    let other = transport.with_key(&ApiKey::new("another-key")).unwrap();
    let key = |transport: &Transport| {
        let call = Outgoing {
            method: Method::Get,
            url: "http://host/a".to_owned(),
            body: None,
        };
        let request = transport.request(&Prepared::new(call).ok().unwrap());
        let key = &request.headers()["apikey"];
        assert!(key.is_sensitive());
        key.to_str().unwrap().to_owned()
    };
    assert_eq!([key(&transport), key(&other)], [KEY, "another-key"]);
    assert!(transport.with_key(&ApiKey::new("")).is_err());
}

#[test]
fn unusable_settings_are_refused() {
    let key = |key: &str| {
        let builder = Client::builder(key, "widgets".parse().unwrap());
        builder.base_url("http://host").build().unwrap_err()
    };
    let problems = [
        key(""),
        key("widgets_01\n"),
        builder("widgets").build().unwrap_err(),
        builder("ftp://host").build().unwrap_err(),
        builder("http://me:secret@host").build().unwrap_err(),
        builder("http://host?a=1").build().unwrap_err(),
        builder("http://host").user_agent("\n").build().unwrap_err(),
    ];
    let texts = problems.map(|error| {
        assert_eq!(
            (error.outcome(), error.operation()),
            (Outcome::NotSent, None)
        );
        error.to_string()
    });
    insta::assert_snapshot!(texts.join("\n"), @r"
    the client cannot be built: the API key is empty
    the client cannot be built: the API key has characters that no key has; is there a line break in it?
    the client cannot be built: the base URL is not a URL (relative URL without a base)
    the client cannot be built: the base URL must begin with https:// or http://
    the client cannot be built: the base URL must not contain a user name or a password
    the client cannot be built: the base URL must not contain `?` or `#`
    the client cannot be built: the user agent has characters that a header cannot have
    ");
}

#[test]
fn base_urls_lose_their_last_slash() {
    let normal = |url| normalise_base_url(url).unwrap();
    assert_eq!(normal("HTTP://Host:80/rest//"), "http://host/rest");
    assert_eq!(normal("http://host"), "http://host");
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[test]
fn the_usual_client_speaks_https() {
    let client = Client::new(KEY, "widgets".parse().unwrap()).unwrap();
    assert_eq!(client.base_url(), "https://public.billsby.com/api/v1/rest");
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
#[test]
fn https_needs_tls() {
    let problem = normalise_base_url("https://host").unwrap_err();
    insta::assert_snapshot!(problem, @"this build cannot use https; enable the feature `rustls` or `native-tls` of billsby-sdk");
}
