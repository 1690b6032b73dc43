//! What a call shows of an answer: fields, detail, pages, ids, and what does not fit.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::mock::{Answer, Mock, Recorded};
use crate::support::{Case, Server};

const LIST: &str = "Customer_listCustomers";

/// The arguments of the operation's case with these besides.
fn arguments(case: &Case, more: &Value) -> Map<String, Value> {
    let mut arguments = case.arguments.clone();
    arguments.extend(more.as_object().expect("an object").clone());
    arguments
}

/// Calls the operation's tool with these arguments besides; gives the result and what was sent.
async fn call(
    mock: &Mock,
    server: &mut Server,
    operation: &str,
    more: &Value,
) -> (Value, Recorded) {
    let case = Case::of(operation);
    let result = server.call(&case.tool, &arguments(&case, more)).await;
    assert!(!result.is_error, "{}", result.structured);
    (result.structured, mock.take_one())
}

fn customer(index: usize) -> Value {
    json!({
        "customerUniqueId": format!("C{index:09}"), "firstName": "Ines", "lastName": "Webb",
        "email": format!("customer{index}@example.com"), "status": "Active", "phoneNumber": null,
        "createdOn": "2026-03-02T08:15:30.250417",
        "billingAddress": {"addressLine1": "2 Mill Lane", "city": "Leeds", "country": "GBR"},
    })
}

/// A page of a company that has so many customers.
fn page(total: usize, number: usize, size: usize) -> Answer {
    let from = (number - 1) * size;
    let results: Vec<Value> = (from..total.min(from + size)).map(customer).collect();
    Answer::json(
        200,
        &json!({
            "currentPage": number, "pageCount": total.div_ceil(size), "pageSize": size,
            "rowCount": results.len(), "results": results,
        }),
    )
}

#[tokio::test]
async fn fields_choose_what_is_shown_and_are_not_sent() {
    let mock = Mock::start().await;
    let mut server = Server::start(&mock).await;
    let more = json!({"fields": ["results.email", "results.billingAddress.city"]});
    let (shown, sent) = call(&mock, &mut server, LIST, &more).await;
    // The request is the same as without.
    Case::of(LIST).check(&sent);
    assert_eq!(
        shown,
        json!({
            "currentPage": 2, "pageCount": 2, "pageSize": 50, "rowCount": 3,
            "results": [
                {"customerUniqueId": "8WER0F4J1R", "email": "ines.webb@example.com",
                 "billingAddress": {"city": "Leeds"}},
                {"customerUniqueId": "6ZP37ULD4F", "email": "tomas.ohara@example.org",
                 "billingAddress": null},
                {"email": "aiko@example.net", "billingAddress": {"city": "Leeds"}},
            ],
        })
    );
    server.close().await;
}

#[tokio::test]
async fn a_field_that_is_not_there_is_answered_with_the_nearest() {
    let mock = Mock::start().await;
    let mut server = Server::start(&mock).await;
    let more = json!({"fields": ["e_mail", "customerUniqueId"]});
    let (shown, _) = call(&mock, &mut server, "Customer_getDetails", &more).await;
    assert_eq!(
        shown,
        json!({
            "customerUniqueId": "8WER0F4J1R",
            "_mcp": {"notes": ["No field e_mail; nearest: email."]},
        })
    );
    server.close().await;
}

#[tokio::test]
async fn concise_is_short_and_full_is_everything() {
    let mock = Mock::start().await;
    let mut server = Server::start(&mock).await;
    let operation = "Customer_getDetails";
    let (usual, _) = call(&mock, &mut server, operation, &json!({})).await;
    let (full, _) = call(&mock, &mut server, operation, &json!({"detail": "full"})).await;
    assert_eq!(usual, full);
    let (concise, sent) = call(&mock, &mut server, operation, &json!({"detail": "concise"})).await;
    Case::of(operation).check(&sent);
    assert_eq!(concise["customerUniqueId"], full["customerUniqueId"]);
    assert_eq!(concise["_mcp"]["omitted"], json!(["billingAddress"]));
    for (name, value) in concise.as_object().expect("an object") {
        if name != "_mcp" {
            assert_eq!(Some(value), full.get(name), "{name}");
            assert!(!value.is_null() && !value.is_object(), "{name}");
        }
    }
    server.close().await;
}

#[tokio::test]
async fn a_write_has_neither() {
    let mock = Mock::start().await;
    let mut server = Server::start(&mock).await;
    let case = Case::of("Customer_createWithoutSubscription");
    for more in [json!({"fields": ["email"]}), json!({"detail": "concise"})] {
        let result = server.call(&case.tool, &arguments(&case, &more)).await;
        assert!(result.is_error);
        assert_eq!(result.text("outcome"), "not_sent");
    }
    server.close().await;
    mock.assert_untouched();
}

/// Does what the results say until they say no more, and sees everything.
#[tokio::test]
async fn the_advice_of_a_list_leads_through_all_of_it() {
    const TOTAL: usize = 230;
    let mock = Mock::start().await;
    let options = ["--result-tokens=1500"];
    let mut server = Server::start_with(&mock, &options).await;
    let mut next = json!({"page": 1, "pageSize": 100, "detail": "full"});
    let mut seen = BTreeSet::new();
    let mut calls = 0;
    loop {
        let number = |name: &str| usize::try_from(next[name].as_u64().expect(name)).expect(name);
        mock.answer_with(LIST, page(TOTAL, number("page"), number("pageSize")));
        let (shown, sent) = call(&mock, &mut server, LIST, &next).await;
        let sent = sent.query();
        for name in ["page", "pageSize"] {
            assert!(
                sent.contains(&(name.to_owned(), next[name].to_string())),
                "{sent:?}"
            );
        }
        let entries = shown["results"].as_array().expect("entries");
        for entry in entries {
            let id = entry["customerUniqueId"].as_str().expect("an id");
            let index: usize = id[1..].parse().expect("a number");
            assert_eq!(entry, &customer(index));
            // In order, and nothing in between.
            assert!(index <= seen.len(), "{index} behind {}", seen.len());
            seen.insert(index);
        }
        calls += 1;
        assert!(calls < 40, "{next}");
        match &shown["_mcp"]["nextPage"] {
            Value::Null => break,
            page => next = page.clone(),
        }
        next["detail"] = json!("full");
    }
    assert_eq!(seen.len(), TOTAL);
    assert!(calls > 10, "{calls} calls did not need to cut");
    server.close().await;
}

#[tokio::test]
async fn the_last_page_has_no_next_one() {
    let mock = Mock::start().await;
    let mut server = Server::start(&mock).await;
    for (number, next) in [
        (1, json!({"nextPage": {"page": 2, "pageSize": 10}})),
        (2, json!({"nextPage": {"page": 3, "pageSize": 10}})),
        (3, Value::Null),
    ] {
        mock.answer_with(LIST, page(25, number, 10));
        let more = json!({"page": number, "pageSize": 10});
        let (shown, _) = call(&mock, &mut server, LIST, &more).await;
        assert_eq!(shown["_mcp"], next, "page {number}");
    }
    server.close().await;
}

/// 100 customers do not fit; without their addresses they do.
#[tokio::test]
async fn what_does_not_fit_is_first_shown_concisely() {
    let mock = Mock::start().await;
    let mut server = Server::start(&mock).await;
    mock.answer_with(LIST, page(100, 1, 100));
    let more = json!({"page": 1, "pageSize": 100});
    let (shown, _) = call(&mock, &mut server, LIST, &more).await;
    assert_eq!(shown["results"].as_array().expect("entries").len(), 100);
    assert_eq!(shown["_mcp"]["omitted"], json!(["results.billingAddress"]));
    server.close().await;
}

/// An id goes from one tool to the next under the name that the next one has for it.
#[tokio::test]
async fn ids_can_be_passed_on_by_name() {
    let mock = Mock::start().await;
    let mut server = Server::start(&mock).await;
    let operation = "Customer_getSubscriptionsByUniqueId";
    let (shown, _) = call(&mock, &mut server, operation, &json!({})).await;
    let entry = &shown["result"][0];
    assert_eq!(entry["subscriptionUniqueId"], entry["subscriptionId"]);
    let case = Case::of("Subscription_getDetails");
    let next = json!({"subscriptionUniqueId": entry["subscriptionUniqueId"]});
    let (_, sent) = call(&mock, &mut server, &case.operation, &next).await;
    case.check(&sent);
    server.close().await;
}

/// What customers typed arrives whole, and whoever looks at the text sees what is hidden in it.
#[tokio::test]
async fn hidden_characters_are_passed_on_and_can_be_seen() {
    let mock = Mock::start().await;
    let mut server = Server::start(&mock).await;
    let case = Case::of("Customer_getDetails");
    let name = "Ines\u{200b}\u{202e}bbeW\u{e0041}";
    let body = json!({"customerUniqueId": "8WER0F4J1R", "firstName": name});
    mock.answer_with(&case.operation, Answer::json(200, &body));
    let params = json!({"name": case.tool, "arguments": case.arguments});
    let answer = server.request("tools/call", &params).await;
    assert_eq!(answer["result"]["structuredContent"]["firstName"], name);
    let text = answer["result"]["content"][0]["text"]
        .as_str()
        .expect("text");
    assert!(text.contains(r"Ines\u200b\u202ebbeW\udb40\udc41"), "{text}");
    server.close().await;
}

#[tokio::test]
async fn numbers_keep_their_spelling_in_the_text() {
    let mock = Mock::start().await;
    let mut server = Server::start(&mock).await;
    let case = Case::of("Customer_getDetails");
    let body = r#"{"customerUniqueId": "8WER0F4J1R", "totalAmountPaid": 12.50}"#;
    mock.answer_with(&case.operation, Answer::new(200, "application/json", body));
    let params = json!({"name": case.tool, "arguments": case.arguments});
    let answer = server.request("tools/call", &params).await;
    assert_eq!(answer["result"]["content"][0]["text"], body);
    server.close().await;
}
