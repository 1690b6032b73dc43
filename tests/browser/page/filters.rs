//! What is chosen in the form of a server, and what the preview says of it.

use serde_json::{Value, json};

use crate::support::{Browser, Site};
use crate::tools::{expected, until_previewed};

/// A choice in the form.
enum Step {
    Preset(&'static str),
    Tick(&'static str, &'static str),
    Untick(&'static str, &'static str),
}

use Step::{Preset, Tick, Untick};

/// Choices, one after the other, and the configuration that each leads to.
fn steps() -> Vec<(Vec<Step>, Value)> {
    let all = ["read", "write", "custom"];
    let supported = ["customers", "subscriptions", "invoices", "payments"];
    vec![
        (
            vec![Preset("support")],
            json!({"methods": ["read"], "tags": supported}),
        ),
        (vec![Preset("everything")], json!({"methods": all})),
        (
            vec![
                Preset("custom"),
                Tick("methods", "read"),
                Untick("methods", "write"),
                Untick("methods", "custom"),
                Tick("tags", "customers"),
            ],
            json!({"methods": ["read"], "tags": ["customers"]}),
        ),
        (
            vec![Tick("methods", "write"), Tick("tags", "products")],
            json!({"methods": ["read", "write"], "tags": ["customers", "products"]}),
        ),
        (
            vec![Tick("exclude_tools", "create_a_billsby_customer")],
            json!({
                "methods": ["read", "write"], "tags": ["customers", "products"],
                "exclude_tools": ["create_a_billsby_customer"],
            }),
        ),
        (
            vec![
                Untick("exclude_tools", "create_a_billsby_customer"),
                Untick("tags", "customers"),
                Untick("tags", "products"),
                Tick("tools", "list_all_billsby_customers"),
                Tick("tools", "create_a_billsby_product"),
            ],
            json!({"methods": ["read", "write"], "tools": ["list_all_billsby_customers", "create_a_billsby_product"]}),
        ),
    ]
}

async fn choose(browser: &Browser, steps: &[Step]) {
    for step in steps {
        match step {
            Preset(value) => browser.tick("preset", value).await,
            Tick(name, value) => browser.tick(name, value).await,
            Untick(name, value) => browser.untick(name, value).await,
        }
    }
}

#[tokio::test]
async fn the_preview_follows_every_choice_at_once() {
    let test = "the_preview_follows_every_choice_at_once";
    let site = Site::start().await;
    let account = site.account("Sandbox").await;
    let Some(browser) = Browser::signed_in(test, &site).await else {
        return;
    };
    browser
        .go(&format!("/ui/servers/new?account={account}"))
        .await;
    browser.unfold().await;
    let mut known = Vec::new();
    for (steps, config) in steps() {
        choose(&browser, &steps).await;
        let expected = expected(&site, &account, &config).await;
        until_previewed(&browser, &expected).await;
        assert!(!known.contains(&expected), "each choice makes a difference");
        known.push(expected);
    }
    assert_eq!(
        browser.path().await,
        format!("/ui/servers/new?account={account}")
    );
    browser.end().await;
}

#[tokio::test]
async fn without_script_a_button_shows_the_same_preview() {
    let test = "without_script_a_button_shows_the_same_preview";
    let site = Site::start().await;
    let account = site.account("Sandbox").await;
    let Some(browser) = Browser::signed_in(test, &site).await else {
        return;
    };
    browser.scripts(false).await;
    browser
        .go(&format!("/ui/servers/new?account={account}"))
        .await;
    browser.fill("name", "Typed before").await;
    for (steps, config) in steps() {
        browser.unfold().await;
        choose(&browser, &steps).await;
        browser.click("main button[name=do][value=preview]").await;
        until_previewed(&browser, &expected(&site, &account, &config).await).await;
        assert_eq!(browser.text("main [name=name]").await, "Typed before");
    }
    assert_eq!(
        site.list(&format!("/integrated-account/{account}/mcp"))
            .await
            .len(),
        0
    );
    browser.end().await;
}

#[tokio::test]
async fn what_is_wrong_with_a_choice_is_said_at_once() {
    let test = "what_is_wrong_with_a_choice_is_said_at_once";
    let site = Site::start().await;
    let account = site.account("Sandbox").await;
    let Some(browser) = Browser::signed_in(test, &site).await else {
        return;
    };
    browser
        .go(&format!("/ui/servers/new?account={account}"))
        .await;
    browser.unfold().await;
    let nothing_left = [
        Preset("custom"),
        Tick("methods", "read"),
        Untick("methods", "write"),
        Untick("methods", "custom"),
        Tick("tools", "create_a_billsby_customer"),
    ];
    choose(&browser, &nothing_left).await;
    browser
        .until_shown("#tools-preview", "create_a_billsby_customer")
        .await;
    browser.fill("name", "Nothing left").await;
    browser.click("main button[name=do][value=create]").await;
    browser
        .until("return !!document.querySelector('#problems')", &[])
        .await;
    let script = "return document.activeElement.id === 'problems'";
    browser.until(script, &[]).await;
    assert_eq!(
        browser.text("main [name=name]").await,
        "Nothing left",
        "what was typed stays"
    );
    assert_eq!(
        site.list(&format!("/integrated-account/{account}/mcp"))
            .await
            .len(),
        0
    );
    browser.end().await;
}
