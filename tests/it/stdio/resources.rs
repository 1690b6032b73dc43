//! The guide to keys and the catalogue of tools.

use serde_json::{Value, json};

use super::{ALL_TOOLS, Wire, names};
use crate::mock::{COMPANY_DOMAIN, Mock};

#[tokio::test]
async fn the_guide_explains_every_key_with_the_tools_that_are_served() {
    let mock = Mock::start().await;
    let (mut wire, _) = Wire::session(&mock, &["--names=short"]).await;
    let guide = read(&mut wire, "billsby://guide/keys").await;
    assert_eq!(guide["mimeType"], "text/markdown");
    let text = guide["text"].as_str().expect("text");
    for key in billsby_mcp::KEYS {
        assert!(
            text.contains(&format!("\n## {}\n", key.name)),
            "{}",
            key.name
        );
        assert!(text.contains(&format!("`{}`", key.example)), "{}", key.name);
    }
    assert!(
        text.contains("`customer_subs` as `subscriptionId`"),
        "{text}"
    );
    assert!(text.contains(&format!("`{COMPANY_DOMAIN}`")));
    wire.end().await;

    let (mut wire, _) = Wire::session(&mock, &["--tags=products"]).await;
    let guide = read(&mut wire, "billsby://guide/keys").await;
    let text = guide["text"].as_str().expect("text");
    assert!(text.contains("No tool of this server gives it."), "{text}");
    wire.end().await;
}

#[tokio::test]
async fn the_catalogue_has_every_tool_of_the_list() {
    let mock = Mock::start().await;
    let (mut wire, _) = Wire::session(&mock, &[ALL_TOOLS]).await;
    let listed = wire.result("tools/list", &json!({})).await;
    let catalogue = read(&mut wire, "billsby://tools").await;
    let text = catalogue["text"].as_str().expect("text");
    for tool in listed["tools"].as_array().expect("tools") {
        let name = tool["name"].as_str().expect("a name");
        assert!(text.contains(&format!("\n- `{name}` (")), "{name}");
        let one = read(&mut wire, &format!("billsby://tools/{name}")).await;
        assert_eq!(one["mimeType"], "application/json");
        let one: Value = serde_json::from_str(one["text"].as_str().expect("text")).expect("JSON");
        for field in ["name", "description", "inputSchema", "outputSchema"] {
            assert_eq!(one[field], tool[field], "{field} of {name}");
        }
        assert_eq!(one["title"], tool["annotations"]["title"], "{name}");
    }
    wire.end().await;
}

#[tokio::test]
async fn lists_and_completions_lead_to_what_is_there() {
    let mock = Mock::start().await;
    let (mut wire, _) = Wire::session(&mock, &["--names=short", "--expose=discovery"]).await;
    let resources = wire.result("resources/list", &json!({})).await;
    assert_eq!(names(&resources["resources"]), ["keys", "tools"]);
    for resource in resources["resources"].as_array().expect("a list") {
        let uri = resource["uri"].as_str().expect("text");
        assert_eq!(read(&mut wire, uri).await["uri"], uri);
    }
    let templates = wire.result("resources/templates/list", &json!({})).await;
    let template = &templates["resourceTemplates"][0]["uriTemplate"];
    let params = json!({
        "ref": {"type": "ref/resource", "uri": template},
        "argument": {"name": "name", "value": "get_inv"},
    });
    let completed = wire.result("completion/complete", &params).await;
    assert_eq!(completed["completion"]["values"], json!(["get_invoice"]));
    let one = read(&mut wire, "billsby://tools/get_invoice").await;
    assert!(
        one["text"]
            .as_str()
            .is_some_and(|text| text.contains("invoiceNumber"))
    );
    wire.end().await;
}

#[tokio::test]
async fn an_address_with_nothing_at_it_is_an_error() {
    let mock = Mock::start().await;
    let (mut wire, _) = Wire::session(&mock, &[]).await;
    for uri in [
        "billsby://nothing",
        "billsby://tools/",
        "billsby://tools/refund_invoice",
        "billsby://tools/../guide/keys",
        "file:///etc/passwd",
    ] {
        let code = wire.error("resources/read", &json!({"uri": uri})).await;
        assert_eq!(code, -32002, "{uri}");
    }
    wire.end().await;
}

async fn read(wire: &mut Wire, uri: &str) -> Value {
    let mut result = wire.result("resources/read", &json!({"uri": uri})).await;
    result["contents"][0].take()
}
