//! One entry for each call, whatever becomes of it.

use std::time::Duration;

use billsby_mcp::activity::{Entry, Usage};
use billsby_mcp::record::ServerId;
use billsby_mcp::tool::Outcome;
use serde_json::{Value, json};

use super::{call, entries, kept};
use crate::mock::{Answer, Mock};
use crate::support::{Case, PATIENCE, Provisioned, modern};

const READ: &str = "Customer_getDetails";
const WRITE: &str = "Invoice_createRefund";

/// What an entry says about the end of its call.
fn end(entry: &Entry) -> (&str, bool, bool, Outcome, Option<u16>) {
    let Entry {
        tool,
        is_write,
        is_error,
        outcome,
        status,
        ..
    } = entry;
    (tool, *is_write, *is_error, *outcome, *status)
}

fn id(server: &Value) -> ServerId {
    let id = server["id"].as_str().expect("an id");
    id.parse().expect("an id")
}

#[tokio::test]
async fn every_outcome_is_kept_in_both_eras() {
    let mock = Mock::start().await;
    let site = Provisioned::start(&mock).await;
    let (account, server) = site.account_with_server().await;
    let client = site.client(&server);
    let session = client.in_session().await;
    let (read, write) = (Case::of(READ), Case::of(WRITE));
    let refusal = Answer::json(404, &json!({"message": "No such customer"}));
    for is_modern in [true, false] {
        for (operation, answer) in [
            (&read, None),
            (&write, None),
            (&read, Some(refusal.clone())),
            (&write, Some(Answer::json(500, &json!({"message": "odd"})))),
            (&write, Some(Answer::cut())),
        ] {
            if let Some(answer) = answer {
                mock.answer_with(&operation.operation, answer);
            }
            let arguments = json!(operation.arguments);
            let params = json!({"name": operation.tool, "arguments": arguments});
            let reply = if is_modern {
                call(&site, &client, &operation.tool, &arguments).await
            } else {
                site.pass(1_000);
                session.request("tools/call", &params).await
            };
            assert_eq!(reply.status, 200, "{}", reply.text);
        }
    }
    let entries = entries(&site).await;
    let expected = [
        (&*read.tool, false, false, Outcome::Done, None),
        (&*write.tool, true, false, Outcome::Done, None),
        (&*read.tool, false, true, Outcome::Rejected, Some(404)),
        (&*write.tool, true, true, Outcome::Unknown, Some(500)),
        (&*write.tool, true, true, Outcome::Unknown, None),
    ];
    let ends: Vec<_> = entries.iter().map(end).collect();
    assert_eq!(ends, [expected, expected].concat());
    for entry in &entries {
        assert_eq!(entry.server, Some(id(&server)));
        assert_eq!(
            entry.account.map(|id| id.to_string()),
            Some(account.clone())
        );
        let key = if entry.is_write {
            "invoiceNumber"
        } else {
            "customerUniqueId"
        };
        let case = if entry.is_write { &write } else { &read };
        assert_eq!(json!(entry.keys[key]), case.arguments[key]);
    }
    let usage = site.store.usage(&[id(&server)]).await.expect("the usage");
    let expected = Usage {
        last_used_at: entries.last().map(|entry| entry.at),
        calls: 10,
        errors: 6,
        writes: 6,
    };
    assert_eq!(usage, [(id(&server), expected)]);
}

#[tokio::test]
async fn what_calls_no_tool_is_not_kept_and_refused_arguments_are() {
    let mock = Mock::start().await;
    let site = Provisioned::start(&mock).await;
    let (_, server) = site.account_with_server().await;
    let client = site.client(&server);
    let tool = Case::of(READ).tool;
    let wrong = json!({"customerUniqueId": "6ZY37ULDEF", "canary": 1});
    call(&site, &client, &tool, &wrong).await;
    call(&site, &client, "no_such_tool", &json!({})).await;
    client.modern("tools/list", &json!({})).await;
    mock.assert_untouched();
    let entries = entries(&site).await;
    let ends: Vec<_> = entries.iter().map(end).collect();
    assert_eq!(ends, [(&*tool, false, true, Outcome::NotSent, None)]);
    // Nothing was touched.
    assert!(entries[0].keys.is_empty());
}

#[tokio::test]
async fn with_discovery_it_is_the_tool_that_ran() {
    let mock = Mock::start().await;
    let site = Provisioned::start(&mock).await;
    let account = site.account().await;
    let config = json!({"methods": ["read", "write", "custom"], "expose": "discovery"});
    let server = site
        .server(&account, &json!({"name": "a", "config": config}))
        .await;
    let client = site.client(&server);
    let (read, write) = (Case::of(READ), Case::of(WRITE));
    let indirect = |case: &Case| json!({"name": case.tool, "arguments": case.arguments});
    call(&site, &client, "search_tools", &json!({"query": "refund"})).await;
    call(
        &site,
        &client,
        "describe_tool",
        &json!({"name": write.tool}),
    )
    .await;
    call(&site, &client, "call_read_tool", &indirect(&read)).await;
    call(&site, &client, "call_write_tool", &indirect(&write)).await;
    // Through the wrong one, and by a name that is not listed: nothing runs.
    call(&site, &client, "call_read_tool", &indirect(&write)).await;
    call(&site, &client, &write.tool, &json!(write.arguments)).await;
    let entries = entries(&site).await;
    let ends: Vec<_> = entries.iter().map(end).collect();
    let expected = [
        (&*read.tool, false, false, Outcome::Done, None),
        (&*write.tool, true, false, Outcome::Done, None),
    ];
    assert_eq!(ends, expected);
}

#[tokio::test]
async fn a_call_that_its_client_gave_up_is_kept_as_well() {
    let mock = Mock::start().await;
    let site = Provisioned::start(&mock).await;
    let (_, server) = site.account_with_server().await;
    let (read, write) = (Case::of(READ), Case::of(WRITE));
    for case in [&read, &write] {
        let answer = Answer::json(200, &json!({})).after(Duration::from_secs(1));
        mock.answer_with(&case.operation, answer);
        let params = json!({"name": case.tool, "arguments": case.arguments});
        let client = site.client(&server);
        let call = client.modern("tools/call", &params);
        let arrived = async {
            while mock.recorded().is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::select! {
            reply = call => panic!("an answer: {reply:?}"),
            () = arrived => {}
        }
        mock.take_one();
    }
    let both = async {
        while kept(&site).await.len() < 2 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, both)
        .await
        .expect("two entries");
    let entries = kept(&site).await;
    let ends = |tool: &str| {
        let mut entries = entries.iter().filter(|entry| entry.tool == tool);
        entries.next().map(end)
    };
    // A read stops at once; nobody knows how it would have ended.
    let expected = (&*read.tool, false, true, Outcome::Unknown, None);
    assert_eq!(ends(&read.tool), Some(expected));
    // A write runs to its end.
    let expected = (&*write.tool, true, false, Outcome::Done, None);
    assert_eq!(ends(&write.tool), Some(expected));
}

#[tokio::test]
async fn clients_are_kept_by_the_names_they_give_themselves() {
    let mock = Mock::start().await;
    let site = Provisioned::start(&mock).await;
    let (_, server) = site.account_with_server().await;
    let client = site.client(&server);
    let case = Case::of(READ);
    let params = json!({"name": case.tool, "arguments": case.arguments});
    let long = "x".repeat(100);
    for (name, version) in [
        ("Claude", "1.2"),
        ("two\nlines\u{202e}", ""),
        (long.as_str(), long.as_str()),
    ] {
        site.pass(1_000);
        let mut request = modern("tools/call", &params);
        let info = json!({"name": name, "version": version});
        request["params"]["_meta"]["io.modelcontextprotocol/clientInfo"] = info;
        let client = client
            .with("mcp-protocol-version", crate::support::MODERN)
            .with("mcp-method", "tools/call")
            .with("mcp-name", &case.tool);
        let reply = client.post(request.to_string()).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
    }
    call(&site, &client, &case.tool, &json!(case.arguments)).await;
    let session = client.in_session().await;
    site.pass(1_000);
    session.request("tools/call", &params).await;

    let entries = entries(&site).await;
    let clients = entries.iter().map(|entry| {
        let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        (text(&entry.client_name), text(&entry.client_version))
    });
    let cut = "x".repeat(64);
    let expected = [
        ("Claude", "1.2"),
        ("twolines", "-"),
        (&cut, &cut),
        ("-", "-"),
        ("test", "0"),
    ];
    let expected = expected.map(|(name, version)| (name.to_owned(), version.to_owned()));
    assert_eq!(clients.collect::<Vec<_>>(), expected);
}
