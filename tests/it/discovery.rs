//! A server whose tools are found by searching.

use serde_json::{Map, Value, json};

use crate::mock::{COMPANY_DOMAIN, Mock};
use crate::support::{Case, Server, ToolResult};

const DISCOVERY: [&str; 2] = ["--methods=read,write,custom", "--expose=discovery"];

async fn call(server: &mut Server, tool: &str, arguments: Value) -> ToolResult {
    let Value::Object(arguments) = arguments else {
        panic!("arguments are an object");
    };
    server.call(tool, &arguments).await
}

fn executor(case: &Case) -> &'static str {
    if case.effect == "read" {
        "call_read_tool"
    } else {
        "call_write_tool"
    }
}

/// The names that a server lists, with the hints that say what a client may approve unseen.
async fn listed(mock: &Mock, options: &[&str]) -> Vec<(String, bool, bool)> {
    let mut server = Server::start_with(mock, options).await;
    let tools = server.tools().await;
    server.close().await;
    let described = tools.iter().map(|tool| {
        let hints = &tool["annotations"];
        assert!(
            hints["title"].is_string() && tool["description"].is_string(),
            "{tool}"
        );
        for property in tool["inputSchema"]["properties"]
            .as_object()
            .expect("properties")
        {
            assert!(property.1["description"].is_string(), "{tool}");
        }
        (
            tool["name"].as_str().expect("a name").to_owned(),
            hints["readOnlyHint"].as_bool().expect("a hint"),
            hints["destructiveHint"].as_bool().expect("a hint"),
        )
    });
    described.collect()
}

#[tokio::test]
async fn four_tools_stand_for_all() {
    let mock = Mock::start().await;
    let tool = |name: &str, read: bool| (name.to_owned(), read, !read);
    let search = tool("search_tools", true);
    let describe = tool("describe_tool", true);
    let read = tool("call_read_tool", true);
    let write = tool("call_write_tool", false);
    assert_eq!(
        listed(&mock, &DISCOVERY).await,
        [
            search.clone(),
            describe.clone(),
            read.clone(),
            write.clone()
        ]
    );
    // What there is nothing to call with is not listed.
    assert_eq!(
        listed(&mock, &["--expose=discovery"]).await,
        [search.clone(), describe.clone(), read]
    );
    assert_eq!(
        listed(&mock, &["--expose=discovery", "--methods=write"]).await,
        [search, describe, write]
    );
}

#[tokio::test]
async fn a_tool_is_found_described_and_called() {
    let mock = Mock::start().await;
    let mut server = Server::start_with(&mock, &DISCOVERY).await;
    let case = Case::of("Invoice_createRefund");

    let found = call(
        &mut server,
        "search_tools",
        json!({"query": "refund an invoice"}),
    )
    .await;
    let first = &found.structured["tools"][0];
    assert_eq!(first["name"], case.tool);
    assert_eq!(first["effect"], "money");
    assert!(first["title"].is_string() && first["description"].is_string());
    let required = json!([
        "companyDomain",
        "customerUniqueId",
        "invoiceNumber",
        "amount"
    ]);
    assert_eq!(first["required"], required);

    let described = call(&mut server, "describe_tool", json!({"name": case.tool})).await;
    assert_eq!(described.structured["name"], case.tool);
    assert_eq!(described.structured["callWith"], "call_write_tool");
    let schema = &described.structured["inputSchema"];
    assert_eq!(schema["required"], required);
    let domain = &schema["properties"]["companyDomain"];
    assert_eq!(domain["enum"], json!([COMPANY_DOMAIN]));
    // Bounds cost a model tokens and teach it nothing.
    for bound in ["minimum", "maximum", "minLength", "maxLength", "x-billsby"] {
        assert!(!schema.to_string().contains(bound), "{bound}: {schema}");
    }
    let read = Case::of("Customer_getDetails").tool;
    let described_read = call(&mut server, "describe_tool", json!({"name": read})).await;
    let properties = &described_read.structured["inputSchema"]["properties"];
    assert_eq!(properties["detail"]["enum"], json!(["concise", "full"]));
    assert_eq!(properties["fields"]["type"], "array");
    mock.assert_untouched();

    let arguments = json!({"name": case.tool, "arguments": case.arguments});
    let called = call(&mut server, "call_write_tool", arguments).await;
    assert!(!called.is_error, "{}", called.structured);
    case.check(&mock.take_one());
    server.close().await;
}

/// Every tool, by both ways: the wrong one is refused before anything is sent.
#[tokio::test]
async fn reads_and_writes_have_ways_of_their_own() {
    let mock = Mock::start().await;
    let mut server = Server::start_with(&mock, &DISCOVERY).await;
    for case in Case::all() {
        let right = executor(&case);
        let arguments = json!({"name": case.tool, "arguments": case.arguments});
        for way in ["call_read_tool", "call_write_tool"] {
            let result = call(&mut server, way, arguments.clone()).await;
            if way == right {
                assert!(!result.is_error, "{}: {}", case.tool, result.structured);
                case.check(&mock.take_one());
            } else {
                assert_eq!(result.wrong_fields(), ["name"], "{}", case.tool);
                assert_eq!(result.text("outcome"), "not_sent");
                let message = result.text("message");
                assert!(message.contains(right), "{}: {message}", case.tool);
                mock.assert_untouched();
            }
        }
    }
    server.close().await;
}

#[tokio::test]
async fn arguments_may_be_text_and_wrong_ones_are_explained_as_ever() {
    let mock = Mock::start().await;
    let mut direct = Server::start(&mock).await;
    let mut server = Server::start_with(&mock, &DISCOVERY).await;
    for case in Case::all() {
        let way = executor(&case);
        let text = Value::Object(case.arguments.clone()).to_string();
        let arguments = json!({"name": case.tool, "arguments": text});
        let result = call(&mut server, way, arguments).await;
        assert!(!result.is_error, "{}: {}", case.tool, result.structured);
        case.check(&mock.take_one());

        let mut wrong = case.arguments.clone();
        wrong.insert("unheardOf".to_owned(), Value::Null);
        wrong.shift_remove(&case.required[0]);
        let expected = direct.call(&case.tool, &wrong).await;
        assert!(expected.is_error, "{}", case.tool);
        let arguments = json!({"name": case.tool, "arguments": wrong});
        let result = call(&mut server, way, arguments).await;
        assert_eq!(result.structured, expected.structured, "{}", case.tool);
        mock.assert_untouched();
    }
    server.close().await;
    direct.close().await;
}

#[tokio::test]
async fn what_is_not_there_is_not_called() {
    let mock = Mock::start().await;
    let options = ["--expose=discovery", "--names=short"];
    let mut server = Server::start_with(&mock, &options).await;
    for (name, told) in [
        ("get_custmer", "did you mean get_customer?"),
        (
            "refund_invoice",
            "refund_invoice is not among the tools of this server",
        ),
        ("weather", "search_tools finds tools"),
    ] {
        for (tool, arguments) in [
            ("describe_tool", json!({"name": name})),
            ("call_read_tool", json!({"name": name, "arguments": {}})),
        ] {
            let result = call(&mut server, tool, arguments).await;
            assert_eq!(result.wrong_fields(), ["name"], "{tool} {name}");
            assert!(
                result.text("message").contains(told),
                "{}",
                result.structured
            );
        }
    }
    // A client has approved the tools that are listed, and no others.
    for (name, told) in [
        (
            "get_customer",
            "get_customer is called through call_read_tool",
        ),
        ("call_write_tool", "not among the tools of this server"),
        ("search_tool", "did you mean search_tools?"),
    ] {
        let params = json!({"name": name, "arguments": Case::of("Customer_getDetails").arguments});
        let answer = server.request("tools/call", &params).await;
        assert_eq!(answer["error"]["code"], -32602, "{answer}");
        let message = answer["error"]["message"].as_str().expect("a message");
        assert!(message.contains(told), "{message}");
    }
    server.close().await;
    mock.assert_untouched();
}

#[tokio::test]
async fn a_search_can_be_narrowed() {
    let mock = Mock::start().await;
    let mut server = Server::start_with(&mock, &DISCOVERY).await;
    let found = |result: &ToolResult| -> Vec<Map<String, Value>> {
        let tools = result.structured["tools"].as_array().expect("tools");
        let objects = tools
            .iter()
            .map(|tool| tool.as_object().expect("an object"));
        objects.cloned().collect()
    };

    let query = json!({"query": "customer", "tag": "invoices", "effect": "read"});
    let narrow = call(&mut server, "search_tools", query).await;
    let names: Vec<_> = found(&narrow)
        .iter()
        .map(|tool| tool["name"].clone())
        .collect();
    assert!(
        names.contains(&json!("list_all_billsby_customer_invoices")),
        "{names:?}"
    );
    for case in Case::all()
        .iter()
        .filter(|case| names.contains(&json!(case.tool)))
    {
        assert_eq!(
            (&*case.tag, &*case.effect),
            ("invoices", "read"),
            "{}",
            case.tool
        );
    }

    let many = call(
        &mut server,
        "search_tools",
        json!({"query": "customer subscription invoice"}),
    )
    .await;
    assert_eq!(found(&many).len(), 10);

    let none = call(&mut server, "search_tools", json!({"query": "weather"})).await;
    assert!(!none.is_error && found(&none).is_empty());
    assert!(
        none.structured["tags"]
            .as_array()
            .expect("tags")
            .contains(&json!("invoices"))
    );

    let wrong = json!({"query": "customer", "tag": "invoice"});
    let wrong = call(&mut server, "search_tools", wrong).await;
    assert_eq!(wrong.wrong_fields(), ["tag"]);
    let nothing = call(&mut server, "search_tools", json!({})).await;
    assert_eq!(nothing.wrong_fields(), ["query"]);
    server.close().await;
    mock.assert_untouched();
}

#[tokio::test]
async fn a_bound_company_domain_is_not_described() {
    let mock = Mock::start().await;
    let options = [DISCOVERY[0], DISCOVERY[1], "--company-domain=bound"];
    let mut server = Server::start_with(&mock, &options).await;
    let mut case = Case::of("Customer_getDetails");
    let described = call(&mut server, "describe_tool", json!({"name": case.tool})).await;
    assert!(!described.structured.to_string().contains("companyDomain"));
    case.arguments.shift_remove("companyDomain");
    let arguments = json!({"name": case.tool, "arguments": case.arguments});
    let result = call(&mut server, "call_read_tool", arguments).await;
    assert!(!result.is_error, "{}", result.structured);
    case.check(&mock.take_one());
    server.close().await;
}
