//! Lists that are longer than a page.

use std::collections::BTreeSet;

use serde_json::json;

use crate::support::{Browser, Site};

#[tokio::test]
async fn a_long_list_is_shown_page_by_page_without_gaps() {
    let test = "a_long_list_is_shown_page_by_page_without_gaps";
    let site = Site::start().await;
    let account = site.account("Sandbox").await;
    let mut made = BTreeSet::new();
    for number in 1..=60 {
        let name = format!("Server {number:02}");
        site.server(&account, &name, &json!({})).await;
        made.insert(name);
    }
    let Some(browser) = Browser::signed_in(test, &site).await else {
        return;
    };
    let mut shown = BTreeSet::new();
    let mut pages = 0;
    loop {
        pages += 1;
        let names = browser.texts("main th[scope=row] a").await;
        let names: Vec<_> = names
            .into_iter()
            .filter(|name| name.starts_with("Server"))
            .collect();
        assert!(!names.is_empty(), "page {pages}");
        for name in names {
            assert!(shown.insert(name.clone()), "{name} is on two pages");
        }
        if browser.count("main a[rel=next]").await == 0 {
            break;
        }
        let before = browser.path().await;
        browser.click("main a[rel=next]").await;
        browser
            .until(
                "return location.pathname + location.search !== arguments[0]",
                &[json!(before)],
            )
            .await;
    }
    assert!(pages > 1);
    assert_eq!(shown, made);
    let newest = "main nav.pager a:not([rel=next])";
    browser.click(newest).await;
    browser
        .until(
            "return !new URLSearchParams(location.search).has('cursor')",
            &[],
        )
        .await;
    browser.until_shown("main a", "Server 60").await;

    browser.go("/ui/servers?name=Server 1").await;
    let found = browser.texts("main th[scope=row] a").await;
    let found = found
        .iter()
        .filter(|name| name.starts_with("Server 1"))
        .count();
    assert_eq!(found, 10);
    browser.end().await;
}
