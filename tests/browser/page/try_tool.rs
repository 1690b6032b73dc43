//! Tools that are tried by hand.

use serde_json::json;

use crate::support::{Browser, GET_CUSTOMER, Site, Stage, Visitor};

const CREATE_CUSTOMER: &str = "create_a_billsby_customer";

#[tokio::test]
async fn a_tool_is_tried_with_a_form_made_for_it() {
    let test = "a_tool_is_tried_with_a_form_made_for_it";
    let site = Site::start().await;
    site.account("Sandbox").await;
    let Some(browser) = Browser::signed_in(test, &site).await else {
        return;
    };
    let hostile = "<script>window.hit=1</script>";
    browser.go("/ui/try").await;
    browser.choose("tool", CREATE_CUSTOMER).await;
    browser.submit("form#question").await;
    browser.until_shown("h2", "Create a customer").await;
    for (name, value) in [
        ("/firstName", hostile),
        ("/lastName", "Miller"),
        ("/email", "miller@example.com"),
        ("/addressLine1", "1 Main Street"),
        ("/city", "Springfield"),
        ("/state", "Illinois"),
        ("/postCode", "62701"),
        ("/country", "USA"),
    ] {
        browser.fill(name, value).await;
    }
    browser.submit("form#arguments").await;
    browser.until_shown("#result", "customerUniqueId").await;
    site.until_recorded(1).await;
    let call = site.list("/activity").await.remove(0);
    assert_eq!(call["client"]["name"], "billsby-mcp page", "{call}");
    assert_eq!(call["outcome"], "done", "{call}");
    let made = call["keys"]["customerUniqueId"].as_str();

    browser.go("/ui/try").await;
    browser.choose("tool", "list_all_billsby_customers").await;
    browser.submit("form#question").await;
    browser.until_shown("h2", "List customers").await;
    browser.fill("/search", "Miller").await;
    browser.submit("form#arguments").await;
    browser.until_shown("#result", hostile).await;
    let hit = browser.run("return window.hit ?? null", &[]).await;
    assert_eq!(hit, json!(null), "{made:?}");

    // What is missing is said where it is missing.
    browser.choose("tool", GET_CUSTOMER).await;
    browser.submit("form#question").await;
    browser.until_shown("h2", "Get a customer").await;
    let script = "document.querySelector('form#arguments').noValidate = true";
    browser.run(script, &[]).await;
    browser.submit("form#arguments").await;
    let wrong =
        "return document.querySelectorAll('form#arguments [aria-invalid=true]').length === 1";
    browser.until(wrong, &[]).await;
    browser.end().await;
}

#[tokio::test]
async fn what_changes_something_is_tried_on_sandbox_accounts_only() {
    let stage = Stage::set().await;
    let visitor = Visitor::signed_in(&stage.site).await;
    let before = stage.site.list("/activity").await;
    let fields = [
        ("account", stage.remote.as_str()),
        ("tool", CREATE_CUSTOMER),
        ("/firstName", "Real"),
        ("/lastName", "Customer"),
        ("/email", "real@example.com"),
    ];
    let reply = visitor.post("/ui/try", &fields).await;
    assert!(matches!(reply.status, 409 | 422), "{}", reply.status);
    assert_eq!(
        stage.site.list("/activity").await,
        before,
        "nothing was called"
    );
    let path = format!("/ui/try?account={}&tool={CREATE_CUSTOMER}", stage.remote);
    let form = visitor.get(&path).await;
    assert!(
        !form.text.contains("id=\"arguments\""),
        "there is no button for it"
    );
}
