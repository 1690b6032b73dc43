//! Everything works without the script, but for the live preview and copying.

use serde_json::json;

use crate::support::{Browser, Site, text};

#[tokio::test]
async fn without_script_servers_are_made_found_changed_and_revoked() {
    let test = "without_script_servers_are_made_found_changed_and_revoked";
    let site = Site::start().await;
    let account = site.account("Sandbox").await;
    let other = json!({"methods": ["read"]});
    site.server(&account, "Another one", &other).await;
    let Some(browser) = Browser::open(test, &site).await else {
        return;
    };
    browser.scripts(false).await;
    browser.go("/ui/sign-in").await;
    browser.fill("token", site.token).await;
    browser.submit("form:has([name=token])").await;
    browser.until_at("/ui/servers").await;

    browser
        .go(&format!("/ui/servers/new?account={account}"))
        .await;
    browser.fill("name", "By hand").await;
    browser.tick("preset", "refunds").await;
    browser.choose("expires", "7d").await;
    browser.click("main button[name=do][value=create]").await;
    browser
        .until("return !!document.querySelector('#server-url')", &[])
        .await;
    assert_eq!(
        browser.count("[data-copy]:not([hidden])").await,
        0,
        "no button without effect"
    );
    let path = format!("/integrated-account/{account}/mcp");
    let servers = site.list(&path).await;
    let made = servers.iter().find(|server| server["name"] == "By hand");
    let made = made.expect("the new server");
    assert!(made["expires_at"].is_string(), "{made}");

    browser.go("/ui/servers").await;
    browser.fill("name", "By h").await;
    browser.submit("form[method=get]").await;
    browser
        .until("return location.search.includes('name=By')", &[])
        .await;
    let found = browser.texts("main th[scope=row] a").await;
    assert!(found.iter().any(|name| name == "By hand"), "{found:?}");
    assert!(!found.iter().any(|name| name == "Another one"), "{found:?}");

    let server = format!("/ui/servers/{account}/{}", text(made, "id"));
    browser.go(&format!("{server}/edit")).await;
    browser.fill("name", "By both hands").await;
    browser.click("main button[name=do][value=create]").await;
    browser.until_at(&server).await;
    browser.until_shown("h1", "By both hands").await;

    browser.click("main a[href$='/revoke']").await;
    browser.until_at(&format!("{server}/revoke")).await;
    browser.submit("form[action$='/revoke']").await;
    browser.until_shown("main [role=status]", "revoked").await;
    let state = site
        .call(
            reqwest::Method::GET,
            &format!("{path}/{}", text(made, "id")),
            None,
        )
        .await;
    assert_eq!(state["state"], "revoked");
    browser.end().await;
}
