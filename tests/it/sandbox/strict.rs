//! What the sandbox refuses, and what it says.

use super::{Reply, Running, with_json};
use billsby_mcp::sandbox::API_KEY;
use serde_json::{Value, json};

/// A request and what must come of it: status and a part of the reason.
type Case = (&'static str, &'static str, u16, &'static str);

const PAGE: &str = "page=1&pageSize=10";

#[tokio::test]
async fn a_request_that_no_operation_takes_is_told_why() {
    let sandbox = Running::start().await;
    let cases: &[Case] = &[
        ("GET", "", 404, "the API is served below"),
        ("GET", "/", 404, "the path has an empty part"),
        (
            "GET",
            "/core/sandbox//products",
            404,
            "the path has an empty part",
        ),
        (
            "GET",
            "/core/sandbox/addons/",
            404,
            "the path has an empty part",
        ),
        (
            "GET",
            "/core/sandbox/nothing",
            404,
            "no operation has this path",
        ),
        (
            "GET",
            "/billing/sandbox/addons",
            404,
            "served below /api/v1/rest/core",
        ),
        (
            "GET",
            "/core/sandbox/subscriptions/A/addons",
            404,
            "served below /api/v1/rest/billing",
        ),
        ("GET", "/sandbox/addons", 404, "no operation has this path"),
        (
            "PATCH",
            "/core/sandbox/addons",
            405,
            "this path takes GET only",
        ),
        ("HEAD", "/core/sandbox/addons", 405, ""),
        (
            "OPTIONS",
            "/core/sandbox/customers",
            405,
            "this path takes GET, POST only",
        ),
        (
            "GET",
            "/core/sandbox/products/7/plans/orders",
            405,
            "takes PUT",
        ),
        ("GET", "/core/sandbox/addons/%zz", 400, "percent-encoded"),
        ("GET", "/core/sandbox/addons/%ff", 400, "percent-encoded"),
        ("GET", "/core/sandbox/customers/a%2Fb", 404, ""),
        (
            "GET",
            "/core/sandbox/addons/seven",
            400,
            "path `addonId` is not a whole number",
        ),
        (
            "GET",
            "/core/sandbox/addons/07",
            400,
            "path `addonId` is not a whole number",
        ),
        ("GET", "/core/acme/addons", 403, "company domain `sandbox`"),
    ];
    for (method, path, status, reason) in cases {
        let reply = Reply::to(sandbox.request(method, path)).await;
        assert_eq!(reply.status, *status, "{method} {path}: {}", reply.text);
        if *method != "HEAD" {
            let told = reply.reason();
            assert!(told.contains(reason), "{method} {path}: {told}");
        }
    }
    let reply = sandbox.core("DELETE", "/customers").await.expect(405);
    assert_eq!(reply.header("allow"), Some("GET, POST"));
}

#[tokio::test]
async fn the_longer_literal_of_two_paths_is_meant() {
    let sandbox = Running::start().await;
    let order = json!({"orderedPlanIds": []});
    let reply = sandbox
        .core_with("PUT", "/products/7/plans/orders", &order)
        .await;
    assert!(reply.reason().contains("orderedPlanIds"), "{}", reply.text);
    let tags = json!({"subscriptionUniqueIds": [], "tagNames": ["new"]});
    let reply = sandbox
        .core_with("POST", "/subscriptions/tags", &tags)
        .await;
    assert!(
        reply.reason().contains("subscriptionUniqueIds"),
        "{}",
        reply.text
    );
}

#[tokio::test]
async fn only_the_key_opens_the_sandbox() {
    let sandbox = Running::start().await;
    let path = "/api/v1/rest/core/sandbox/addons";
    let with = |keys: &[&str]| {
        keys.iter()
            .fold(sandbox.plain("GET", path), |request, key| {
                request.header("ApiKey", *key)
            })
    };
    for (keys, told) in [
        (&[][..], "missing"),
        (&["wrong"], "another value"),
        (&[API_KEY, API_KEY], "more than once"),
    ] {
        let reply = Reply::to(with(keys)).await.expect(401);
        assert!(reply.reason().contains(told), "{}", reply.reason());
    }
    Reply::to(with(&[API_KEY])).await.expect(200);
    let elsewhere = Reply::to(sandbox.plain("GET", "/")).await.expect(404);
    assert!(elsewhere.reason().contains("/api/v1/rest/core"));
}

#[tokio::test]
async fn a_query_is_as_the_document_wants_it() {
    let sandbox = Running::start().await;
    for (path, told) in [
        (
            "/customers",
            "query `page` is missing; query `pageSize` is missing",
        ),
        (
            "/customers?page=1&pageSize=0",
            "query `pageSize` is not a whole number from 1 to 100",
        ),
        (
            "/customers?page=1&pageSize=101",
            "query `pageSize` is not a whole number from 1 to 100",
        ),
        (
            "/customers?page=01&pageSize=1",
            "query `page` is not a whole number of at least 1",
        ),
        ("/customers?page=1.0&pageSize=1", "query `page` is not"),
        (
            "/customers?page=99999999999&pageSize=1",
            "query `page` is not",
        ),
        (
            "/customers?page=1&page=1&pageSize=1",
            "query `page` is there more than once",
        ),
        (
            "/customers?page=1&pageSize=1&limit=3",
            "query `limit` is unknown; the known ones are page, pageSize, search",
        ),
        (
            "/customers?page=1&pageSize=1&Search=a",
            "query `Search` is unknown",
        ),
        ("/customers?page=1&pageSize=1&search=%zz", "percent-encoded"),
        (
            "/companies/invoices?page=1&pageSize=1&isPaid=True",
            "query `isPaid` is not true or false",
        ),
        (
            "/companies/invoices?page=1&pageSize=1&isPaid",
            "query `isPaid` is not true or false",
        ),
        (
            "/products?page=1&pageSize=1&visibilityType=4",
            "query `visibilityType` is not one of [0, 1, 2, 3]",
        ),
        (
            "/customfieldResponses",
            "give customerUniqueId or productId",
        ),
        (
            "/customfieldResponses?customerUniqueId=",
            "query `customerUniqueId` is not a value",
        ),
        ("/addons?page=1", "query `page` is unknown; none is taken"),
    ] {
        let reply = sandbox.core("GET", path).await.expect(400);
        assert!(reply.reason().contains(told), "{path}: {}", reply.reason());
    }
    let time =
        "/counters/usage/sandbox/subscriptions/8WER0F4J1R/counters/AAAAAAAAAA?from=2026-01-01";
    let reply = Reply::to(sandbox.request("GET", time)).await.expect(400);
    assert!(
        reply
            .reason()
            .contains("query `from` is not a time with its zone")
    );
    sandbox
        .core("GET", &format!("/customers?{PAGE}&search="))
        .await
        .expect(200);
}

#[tokio::test]
async fn a_body_is_as_the_document_wants_it() {
    let sandbox = Running::start().await;
    let charge = |body: &str| {
        let path = "/core/sandbox/customers/8WER0F4J1R/invoices";
        let request = sandbox
            .request("POST", path)
            .header("content-type", "application/json");
        Reply::to(request.body(body.to_owned()))
    };
    for (body, told) in [
        ("", "invoices.charge needs a body"),
        ("{", "the body is not JSON: EOF"),
        ("[]", "body is a list"),
        ("null", "body is null"),
        (
            r#"{"amount": 1, "amount": 2, "currencyCode": "USD", "description": "x"}"#,
            "a name occurs twice",
        ),
        (
            r#"{"amount": 1}"#,
            "body /currencyCode is missing; body /description is missing",
        ),
        (
            r#"{"amount": "1", "currencyCode": "USD", "description": "x"}"#,
            "body /amount is text",
        ),
        (
            r#"{"amount": 1.0, "currencyCode": "USD", "description": "x"}"#,
            "body /amount is a number",
        ),
        (
            r#"{"amount": 9223372036854775808, "currencyCode": "USD", "description": "x"}"#,
            "body /amount",
        ),
        (
            r#"{"amount": null, "currencyCode": "USD", "description": "x"}"#,
            "body /amount is null",
        ),
        (
            r#"{"amount": 0, "currencyCode": "USD", "description": "x"}"#,
            "body /amount",
        ),
        (
            r#"{"amount": 1, "currencyCode": "usd", "description": "x"}"#,
            "body /currencyCode",
        ),
        (
            r#"{"amount": 1, "currencyCode": "USD", "description": "x", "Amount": 1, "a/b": 1}"#,
            "body /Amount is unknown; body /a~1b is unknown",
        ),
    ] {
        let reply = charge(body).await.expect(400);
        assert!(reply.reason().contains(told), "{body}: {}", reply.reason());
    }
    let right = r#"{"amount": 1, "currencyCode": "USD", "description": "x"}"#;
    charge(right).await.expect(404);
}

#[tokio::test]
async fn all_problems_are_told_at_once_and_no_value_is_repeated() {
    let sandbox = Running::start().await;
    let body = json!({
        "firstName": "Wilhelmina",
        "lastName": 7,
        "email": "wilhelmina@example.com",
        "city": ["Bergen"],
        "cardDetails": {"fullName": "Wilhelmina", "last4Digits": "42x2", "expiryMonth": 13},
        "nickname": "Mina",
    });
    let path = "/customers/8WER0F4J1R/refunds?a=1";
    assert_eq!(sandbox.core_with("POST", path, &body).await.status, 400);
    let reply = sandbox
        .core_with("POST", "/customers", &body)
        .await
        .expect(400);
    let told = reply.reason();
    for place in [
        "/lastName is a number",
        "/city is a list",
        "/addressLine1 is missing",
        "/country is missing",
        "/cardDetails/last4Digits",
        "/cardDetails/expiryMonth",
        "/cardDetails/paymentCardToken is missing",
        "/nickname is unknown",
    ] {
        assert!(told.contains(place), "{place}: {told}");
    }
    for value in ["Wilhelmina", "Bergen", "42x2", "Mina", "example.com"] {
        assert!(!told.contains(value), "{value}: {told}");
    }
}

#[tokio::test]
async fn only_json_of_a_reasonable_size_is_read() {
    let sandbox = Running::start().await;
    let path = "/core/sandbox/customers";
    let body = json!({"firstName": "A"}).to_string();
    for wrong in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=latin1",
    ] {
        let request = sandbox.request("POST", path).header("content-type", wrong);
        let reply = Reply::to(request.body(body.clone())).await.expect(415);
        assert!(reply.reason().contains("application/json"), "{wrong}");
    }
    Reply::to(sandbox.request("POST", path).body(body.clone()))
        .await
        .expect(415);
    for right in [
        "application/json",
        "Application/JSON; charset=UTF-8",
        "application/json; charset=\"utf-8\"",
    ] {
        let request = sandbox.request("POST", path).header("content-type", right);
        Reply::to(request.body(body.clone())).await.expect(400);
    }
    let packed = with_json(sandbox.request("POST", path), &Value::Null);
    let packed = Reply::to(packed.header("content-encoding", "gzip")).await;
    assert!(packed.expect(415).reason().contains("Content-Encoding"));
    let with_body = with_json(sandbox.request("GET", "/core/sandbox/addons"), &Value::Null);
    let reply = Reply::to(with_body).await.expect(400);
    assert!(reply.reason().contains("add_ons.list takes no body"));
    let large = with_json(sandbox.request("POST", path), &json!("x".repeat(1 << 20)));
    let reply = Reply::to(large).await.expect(413);
    assert!(reply.reason().contains("1048576 bytes"));
}

#[tokio::test]
async fn what_may_be_null_is_checked_as_exactly_as_everything_else() {
    let sandbox = Running::start().await;
    for (body, expected) in [
        (json!({}), "body: it has less than 1 property"),
        (
            json!({"productCountryLimitation": {"countrySettings": [{"note": 1}]}}),
            "body /productCountryLimitation/countrySettings/0/countryIso3 is missing; \
             body /productCountryLimitation/countrySettings/0/addressPermission is missing; \
             body /productCountryLimitation/countrySettings/0/note is unknown",
        ),
        (
            json!({"productCountryLimitation": {"isAnyCountryAllowed": "yes"}}),
            "body /productCountryLimitation/isAnyCountryAllowed is text: it is not of type \"boolean\"",
        ),
        (
            json!({"visibility": 9}),
            "body /visibility is not one of [0,1,2,3]",
        ),
    ] {
        let reply = sandbox.core_with("PUT", "/products/7", &body).await;
        let reason = reply.expect(400).reason();
        assert!(reason.contains(expected), "{body}: {reason}");
        assert!(!reason.contains("anyOf"), "{body}: {reason}");
    }
    let null = json!({"productCountryLimitation": {"countrySettings": null}});
    sandbox
        .core_with("PUT", "/products/7", &null)
        .await
        .expect(404);
}

#[tokio::test]
async fn a_long_or_foreign_name_is_told_in_header_and_body_alike() {
    let sandbox = Running::start().await;
    let name = "\u{fc}".repeat(500);
    let body = json!({ name: 1 });
    let reply = sandbox.core_with("PUT", "/products/7", &body).await;
    let reason = reply.expect(400).reason();
    assert!(
        reason.contains(&format!("/{} is unknown", "?".repeat(64))),
        "{reason}"
    );
}
