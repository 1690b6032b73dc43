//! From an empty server to a call of a tool, and back to nothing.

use serde_json::json;

use crate::support::{Agent, Browser, LIST_CUSTOMERS, PATIENCE, Site, text};
use crate::tools::{expected, served, until_previewed};

#[tokio::test]
async fn a_url_is_made_used_and_taken_back() {
    let test = "a_url_is_made_used_and_taken_back";
    let site = Site::start().await;
    let Some(browser) = Browser::open(test, &site).await else {
        return;
    };
    browser.go("/").await;
    browser.until_at("/ui/sign-in").await;
    browser.fill("token", site.token).await;
    browser.submit("form:has([name=token])").await;
    browser.until_at("/ui/servers").await;

    browser.click("nav a[href='/ui/accounts']").await;
    browser.until_at("/ui/accounts").await;
    browser.submit("form[action='/ui/accounts/sandbox']").await;
    browser.until_shown("main", "SANDBOX").await;
    let accounts = site.list("/integrated-account").await;
    assert_eq!(accounts.len(), 1);

    browser.click("main a[href^='/ui/servers/new']").await;
    browser.until_at("/ui/servers/new").await;
    browser.fill("name", "Support desk").await;
    browser.tick("preset", "support").await;
    let account = text(&accounts[0], "id");
    let support = json!({
        "methods": ["read"],
        "tags": ["customers", "subscriptions", "invoices", "payments"],
    });
    let promised = expected(&site, &account, &support).await;
    until_previewed(&browser, &promised).await;
    let (promised, _) = promised;
    browser.click("main button[name=do][value=create]").await;
    browser
        .until("return !!document.querySelector('#server-url')", &[])
        .await;
    let url = browser.text("#server-url").await;
    assert!(
        url.starts_with(&format!("{}/mcp/bmcp_", site.base)),
        "{url}"
    );
    assert_eq!(copied(&browser, &site).await, url);
    assert_eq!(served(&browser).await, promised);

    let agent = Agent::connect(&url, "desk-agent", "2.5")
        .await
        .expect("a session");
    assert_eq!(agent.tools().await, promised);
    let result = agent
        .call(LIST_CUSTOMERS, &json!({"companyDomain": "sandbox"}))
        .await
        .expect("a result");
    assert_ne!(result.is_error, Some(true), "{result:?}");

    site.until_recorded(1).await;
    browser.click("nav a[href='/ui/activity']").await;
    browser.until_at("/ui/activity").await;
    browser.until_shown("main", LIST_CUSTOMERS).await;
    browser.until_shown("main", "desk-agent").await;

    browser.go("/ui/servers").await;
    browser.click("main th[scope=row] a").await;
    browser.until_shown("h1", "Support desk").await;
    assert_eq!(served(&browser).await, promised);
    browser.click("main a[href$='/revoke']").await;
    browser.until_shown("main", "Support desk").await;
    browser.submit("form[action$='/revoke']").await;
    browser.until_shown("main [role=status]", "revoked").await;

    let again = Agent::connect(&url, "desk-agent", "2.5").await;
    assert!(again.is_err(), "a revoked URL opens nothing");
    let call = tokio::time::timeout(
        PATIENCE,
        agent.call(LIST_CUSTOMERS, &json!({"companyDomain": "sandbox"})),
    )
    .await;
    assert!(
        call.expect("an answer").is_err(),
        "a session ends with its URL"
    );
    browser.end().await;
}

/// What the button beside the URL has put into the clipboard.
async fn copied(browser: &Browser, site: &Site) -> String {
    let permissions = json!({
        "origin": site.base,
        "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"],
    });
    browser
        .command("Browser.grantPermissions", permissions)
        .await;
    browser.click("[data-copy=server-url]").await;
    browser
        .until_shown("[data-copy=server-url]", "Copied")
        .await;
    let script = "const done = arguments[0];
        navigator.clipboard.readText().then(done, error => done(String(error)))";
    let text = browser.run_async(script, &[]).await;
    text.as_str().expect("a text").to_owned()
}
