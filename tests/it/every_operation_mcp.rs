//! Every operation as an MCP tool, through the program itself: what it lists, what it sends, what it
//! gives back.

use std::collections::{BTreeMap, BTreeSet};

use billsby_mcp::tool::{Class, Effect};
use serde_json::{Map, Value, json};

use crate::mock::{API_KEY, COMPANY_DOMAIN, Mock, operation};
use crate::support::{Case, Server, additions};

/// What the mock answers to an operation, as a tool passes it on.
fn documented(operation: &str) -> Value {
    let answer = &operation::find(operation).answer;
    match serde_json::from_slice(&answer.body) {
        Ok(object @ Value::Object(_)) => object,
        Ok(other) => json!({"result": other}),
        Err(_) => json!({"result": answer.text()}),
    }
}

/// The ids that a result has under a second name, because tools take them by that name.
fn ids_added(operation: &str) -> &'static [&'static str] {
    match operation {
        "Customer_getSubscriptionsByUniqueId" => &[
            "result[0].subscriptionUniqueId",
            "result[1].subscriptionUniqueId",
        ],
        "Customer_updateDetails" => &["customerUniqueId"],
        "Customer_getCreditNotes" => &["result[0].creditNoteNumber"],
        "Creditnote_list" => &["results[0].creditNoteNumber", "results[1].creditNoteNumber"],
        "Addon_getAddonList" => &["addons[0].addonId", "addons[1].addonId"],
        "Allowance_getSpecificSubscriptionAllowances" => &["allowances[0].allowanceId"],
        _ => &[],
    }
}

#[tokio::test]
async fn every_tool_sends_its_request_and_passes_the_whole_answer_on() {
    let mock = Mock::start().await;
    let mut server = Server::start(&mock).await;
    for case in Case::all() {
        let result = server.call(&case.tool, &case.arguments).await;
        assert!(!result.is_error, "{}: {}", case.tool, result.structured);
        let sent = mock.take_one();
        assert_eq!(sent.operation.as_ref(), Some(&case.operation));
        case.check(&sent);
        assert_eq!(sent.header("apikey"), Some(API_KEY));
        let added = additions(&documented(&case.operation), &result.structured);
        assert_eq!(added, ids_added(&case.operation), "{}", case.tool);
        assert_eq!(result.notes, [""; 0], "{}", case.tool);
    }
    server.close().await;
    mock.assert_untouched();
}

#[tokio::test]
async fn nothing_is_lost_that_no_document_knows() {
    let mock = Mock::start().await;
    let mut server = Server::start(&mock).await;
    let case = Case::of("Customer_getDetails");
    let result = server.call(&case.tool, &case.arguments).await;
    assert_eq!(result.structured["notInDocument"], "kept");
    let address = &result.structured["billingAddress"];
    assert_eq!(address["notInDocument"], "kept");
    // An absent value is still told from one that is null.
    assert_eq!(result.structured.get("additionalEmail"), Some(&Value::Null));
    server.close().await;
}

#[tokio::test]
async fn short_names_and_aliases_call_the_same_tools() {
    let mock = Mock::start().await;
    let mut server = Server::start(&mock).await;
    for case in Case::all() {
        let tool = tool(&case);
        for name in [tool.short_name].iter().chain(tool.aliases) {
            let result = server.call(name, &case.arguments).await;
            assert!(!result.is_error, "{name}: {}", result.structured);
            case.check(&mock.take_one());
        }
    }
    server.close().await;
}

/// Whatever may be left out is not sent, in no form.
#[tokio::test]
async fn the_required_arguments_alone_send_nothing_else() {
    let mock = Mock::start().await;
    let mut server = Server::start(&mock).await;
    for mut case in Case::all() {
        // Without a filter nobody knows what the answers to custom fields are, and an update without a
        // change is none.
        let less_makes_no_sense = [
            "CustomField_getResponse",
            "Product_updateProduct",
            "Product_updatePlanAndCycle",
            "CustomField_updateField",
        ];
        if less_makes_no_sense.contains(&case.operation.as_str()) {
            continue;
        }
        let needed: BTreeSet<String> = needed(&case);
        case.arguments.retain(|name, _| needed.contains(name));
        let on_wire: BTreeSet<&str> = needed.iter().map(|name| case.wire_name(name)).collect();
        let mut wire = case.wire.clone();
        for (name, value) in &mut wire.query {
            // Paging is not asked for and always sent.
            match name.as_str() {
                "page" => "1".clone_into(value),
                "pageSize" => "100".clone_into(value),
                _ => {}
            }
        }
        wire.query.retain(|(name, _)| {
            matches!(name.as_str(), "page" | "pageSize") || on_wire.contains(name.as_str())
        });
        if let Some(body) = wire.body.as_mut().and_then(Value::as_object_mut) {
            body.retain(|name, _| on_wire.contains(name.as_str()));
        }
        case.wire = wire;
        let result = server.call(&case.tool, &case.arguments).await;
        assert!(!result.is_error, "{}: {}", case.tool, result.structured);
        case.check(&mock.take_one());
    }
    server.close().await;
}

#[tokio::test]
async fn the_server_introduces_itself() {
    let mock = Mock::start().await;
    let server = Server::start(&mock).await;
    assert_eq!(server.greeting["protocolVersion"], "2025-06-18");
    assert_eq!(server.greeting["serverInfo"]["name"], "billsby-mcp");
    assert!(server.greeting["capabilities"]["tools"].is_object());
    assert!(server.greeting["instructions"].is_string());
    server.close().await;
    // Neither listing nor starting asks the API for anything.
    mock.assert_untouched();
}

/// The tool that a case names, as the program knows it.
fn tool(case: &Case) -> &'static billsby_mcp::tool::Tool {
    let found = billsby_mcp::tools().find(|tool| tool.name == case.tool);
    found.unwrap_or_else(|| panic!("there is no tool {}", case.tool))
}

/// The arguments that a tool must ask for: paging has defaults.
fn needed(case: &Case) -> BTreeSet<String> {
    let names = case.required.iter().cloned();
    names
        .filter(|name| !matches!(name.as_str(), "page" | "pageSize"))
        // Nobody knows what the API makes of a plan that says neither how it is called nor who is offered it,
        // so the tool asks for more than the API is known to need.
        .chain(
            (case.operation == "Product_createPlan")
                .then(|| ["displayName", "visibility"].map(str::to_owned))
                .into_iter()
                .flatten(),
        )
        .collect()
}

/// What neither charges nor changes what is there already.
const ADDITIVE: [&str; 6] = [
    "Customer_createWithoutSubscription",
    "CustomField_createNewField",
    "Product_createNewProduct",
    "Product_createPlan",
    "Product_createCycle",
    "Subscription_addFeatureTags",
];

/// A replacement of the whole, and an overwriting with the same words.
const IDEMPOTENT: [&str; 2] = ["Customer_updateDetails", "Customer_clearGdprData"];

#[tokio::test]
async fn lists_58_tools_as_the_inventory_wants_them() {
    let mock = Mock::start().await;
    let mut server = Server::start(&mock).await;
    let tools = server.tools().await;
    server.close().await;
    let by_name: BTreeMap<&str, &Value> = tools
        .iter()
        .map(|tool| (tool["name"].as_str().expect("a name"), tool))
        .collect();
    assert_eq!(tools.len(), 58);
    assert_eq!(by_name.len(), 58, "two tools have the same name");

    let mut titles = BTreeSet::new();
    for case in Case::all() {
        let name = case.tool.as_str();
        let tool = by_name
            .get(name)
            .expect("every tool of the table is listed");
        let hints = &tool["annotations"];
        let title = hints["title"].as_str().expect("a title");
        assert!(titles.insert(title), "two tools have the title {title}");
        assert!(!title.is_empty() && title.chars().count() <= 60, "{title}");
        let description = tool["description"].as_str().expect("a description");
        assert!(description.len() > 10, "{name}: {description}");
        assert!(name.len() <= 64, "{name}");

        let read = case.effect == "read";
        let destructive = !read && !ADDITIVE.contains(&case.operation.as_str());
        let idempotent = read || IDEMPOTENT.contains(&case.operation.as_str());
        assert_eq!(hints["readOnlyHint"], read, "{name}");
        assert_eq!(hints["destructiveHint"], destructive, "{name}");
        assert_eq!(hints["idempotentHint"], idempotent, "{name}");
        assert_eq!(hints["openWorldHint"], true, "{name}");
        check_input_schema(&case, &tool["inputSchema"]);
    }
}

fn check_input_schema(case: &Case, schema: &Value) {
    let name = &case.tool;
    assert_eq!(schema["type"], "object", "{name}");
    assert_eq!(schema["additionalProperties"], false, "{name}");
    for keyword in ["$ref", "$defs", "allOf", "anyOf", "oneOf"] {
        let found = format!("\"{keyword}\"");
        assert!(!schema.to_string().contains(&found), "{name}: {keyword}");
    }
    let properties = schema["properties"].as_object().expect("properties");
    match properties.get("companyDomain") {
        None => assert_eq!(case.operation, "Invoice_details"),
        Some(domain) => {
            assert_ne!(case.operation, "Invoice_details");
            assert_eq!(domain["enum"], json!([COMPANY_DOMAIN]), "{name}");
        }
    }
    let required: BTreeSet<String> = schema["required"]
        .as_array()
        .expect("what is required")
        .iter()
        .map(|name| name.as_str().expect("a name").to_owned())
        .collect();
    assert_eq!(required, needed(case), "{name}");
    for argument in case.arguments.keys() {
        assert!(properties.contains_key(argument), "{name}: {argument}");
        assert_ne!(argument, "id", "an id of what?");
    }
    for argument in &required {
        let described = properties[argument]["description"]
            .as_str()
            .is_some_and(|text| text.len() > 2);
        assert!(described, "{name}: {argument} is not described");
    }
}

#[test]
fn the_tools_are_classed_as_the_table_says() {
    let mut names = BTreeSet::new();
    for case in Case::all() {
        let tool = tool(&case);
        let class = match tool.class {
            Class::Read => "read",
            Class::Write => "write",
            Class::Custom => "custom",
        };
        let effect = match tool.effect {
            Effect::Read => "read",
            Effect::Write => "write",
            Effect::Money => "money",
            Effect::Message => "message",
            Effect::Irreversible => "irreversible",
            Effect::Accumulates => "accumulates",
        };
        let name = tool.name;
        assert_eq!((class, effect), (&*case.class, &*case.effect), "{name}");
        assert_eq!(tool.tag, case.tag, "{name}");
        assert_eq!(tool.aliases, case.aliases, "{name}");
        assert!(tool.reviewed, "{name}");
        let short = tool.short_name;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        assert!(short.len() <= 21 && short.chars().all(plain), "{short}");
        for name in tool.names() {
            assert!(names.insert(name), "two tools are called {name}");
        }
    }
    assert_eq!(billsby_mcp::tools().count(), 58);
}

#[tokio::test]
async fn no_tool_is_called_that_is_not_there() {
    let mock = Mock::start().await;
    let mut server = Server::start(&mock).await;
    for name in [
        "",
        "refund",
        "billsby_refund_everything",
        "../tools",
        "Refund_Invoice",
    ] {
        let params = json!({"name": name, "arguments": Map::new()});
        let answer = server.request("tools/call", &params).await;
        assert_eq!(answer["error"]["code"], -32602, "{answer}");
    }
    server.close().await;
    mock.assert_untouched();
}
