//! What screens say about the tools of a server.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Browser, Site, text};

/// The names of tools, and the tokens that they cost a model.
pub(crate) type Offer = (BTreeSet<String>, u64);

/// What the API says of a server with a configuration.
pub(crate) async fn expected(site: &Site, account: &str, config: &Value) -> Offer {
    let path = format!("/integrated-account/{account}/mcp/preview");
    let body = json!({"name": "Any", "config": config});
    let preview = site.call(Method::POST, &path, Some(&body)).await;
    let tools = preview["tools"].as_array().expect("a list").iter();
    let names = tools.map(|tool| text(tool, "name")).collect();
    (names, preview["tokens"].as_u64().expect("a number"))
}

/// Waits until the preview of the form shows this and nothing else.
pub(crate) async fn until_previewed(browser: &Browser, (names, tokens): &Offer) {
    let script = "const preview = document.querySelector('#tools-preview');
        const names = [...preview.querySelectorAll('#served-tools code')].map(name => name.textContent.trim());
        const shown = preview.textContent.replaceAll('\\u202f', '');
        return new RegExp(`(?<!\\\\d)${arguments[1]}(?!\\\\d)`).test(shown)
            && JSON.stringify(names.sort()) === JSON.stringify(arguments[0])";
    browser.until(script, &[json!(names), json!(tokens)]).await;
}

/// The names of the tools that a server serves.
pub(crate) async fn served(browser: &Browser) -> BTreeSet<String> {
    let names = browser.texts("#served-tools code").await;
    assert!(!names.is_empty(), "no tools are shown");
    names.into_iter().collect()
}
