//! Texts of users, clients and addresses that try to be more than texts.

use serde_json::{Value, json};

use crate::support::{Agent, Browser, GET_CUSTOMER, Site, Visitor, text};

/// What would set `window.hit` or change the page if it were more than a text.
const HOSTILE: [&str; 9] = [
    "<script>window.hit=1</script>",
    "\"><img src=x onerror=window.hit=1>",
    "'><svg/onload=window.hit=1>",
    "javascript:window.hit=1//",
    "</title></textarea></script><svg onload=window.hit=1>",
    "{{constructor.constructor('window.hit=1')()}}${window.hit=1}",
    "<a href=javascript:window.hit=1>link</a>",
    "&lt;b&gt; &amp; <b class=hit>bold</b>",
    "שלום <!-- <style>*{display:none}</style>",
];

/// Nothing ran on the page, and nothing of a text has become a part of it.
async fn assert_harmless(browser: &Browser, path: &str) {
    let script =
        "const parts = '[onload], [onerror], .hit, main img, style, a[href^=\"javascript:\" i]';
        return [window.hit ?? null, document.querySelectorAll(parts).length]";
    let found = browser.run(script, &[]).await;
    assert_eq!(found, json!([null, 0]), "{path}");
    browser.assert_quiet().await;
}

/// A text is on the page, as a text or as what stands in a field.
async fn assert_literal(browser: &Browser, path: &str, text: &str) {
    let script = "const fields = [...document.querySelectorAll('input, textarea, option')];
        return document.body.textContent.includes(arguments[0])
            || fields.some(field => field.value === arguments[0])";
    let is_there = browser.run(script, &[json!(text)]).await;
    assert_eq!(is_there, true, "{text} is not on {path}");
}

/// An account, a server, a token, a client and a call that are all named like this; gives the paths of the
/// account's and the server's screens.
async fn plant(site: &Site, visitor: &Visitor<'_>, hostile: &str) -> [String; 2] {
    let account = site.account("to be renamed").await;
    let own = format!("/ui/accounts/{account}");
    let renamed = visitor.post(&own, &[("label", hostile)]).await;
    assert_eq!(renamed.status, 303, "{hostile}: {}", renamed.text);
    let fields = [
        ("account", account.as_str()),
        ("name", hostile),
        ("preset", "support"),
        ("expires", "never"),
        ("key", &account),
        ("do", "create"),
    ];
    let made = visitor.post("/ui/servers/new", &fields).await;
    assert_eq!(made.status, 201, "{hostile}: {}", made.text);
    let (_, rest) = made
        .text
        .split_once(&format!("{}/mcp/", site.base))
        .expect("a URL");
    let secret = rest
        .split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-'))
        .next();
    let url = format!("{}/mcp/{}", site.base, secret.expect("a secret"));
    let server = site
        .list(&format!("/integrated-account/{account}/mcp"))
        .await
        .remove(0);
    let server = format!("/ui/servers/{account}/{}", text(&server, "id"));
    let token = visitor
        .post(&format!("{server}/tokens"), &[("name", hostile)])
        .await;
    assert!(token.status < 300, "{hostile}: {}", token.text);

    let agent = Agent::connect(&url, hostile, hostile)
        .await
        .expect("a session");
    let arguments: Value = json!({"companyDomain": "sandbox", "customerUniqueId": hostile});
    // What the sandbox says of such an id does not matter: the call is in the activity.
    let _ = agent.call(GET_CUSTOMER, &arguments).await;
    agent.end().await;
    [own, server]
}

#[tokio::test]
async fn hostile_names_are_shown_as_the_texts_they_are() {
    let test = "hostile_names_are_shown_as_the_texts_they_are";
    let site = Site::start().await;
    let Some(browser) = Browser::signed_in(test, &site).await else {
        return;
    };
    let visitor = Visitor::signed_in(&site).await;
    let mut planted = Vec::new();
    for hostile in HOSTILE {
        planted.push((hostile, plant(&site, &visitor, hostile).await));
    }
    site.until_recorded(HOSTILE.len()).await;
    for path in [
        "/ui/accounts",
        "/ui/servers",
        "/ui/servers/new",
        "/ui/activity",
        "/ui/try",
        "/ui/health",
    ] {
        browser.go(path).await;
        if path == "/ui/health" {
            browser.submit("form[action='/ui/health/check']").await;
            browser.until_at("/ui/health/check").await;
        }
        assert_harmless(&browser, path).await;
        for hostile in HOSTILE {
            assert_literal(&browser, path, hostile).await;
        }
    }
    for (hostile, [account, server]) in planted {
        let of = server.trim_start_matches("/ui/servers/");
        for path in [
            account.clone(),
            format!("{account}/remove"),
            server.clone(),
            format!("{server}/edit"),
            format!("{server}/rotate"),
            format!("{server}/revoke"),
            format!("/ui/servers/new?from={of}"),
        ] {
            browser.go(&path).await;
            assert_harmless(&browser, &path).await;
            assert_literal(&browser, &path, hostile).await;
        }
    }
    browser.end().await;
}

#[tokio::test]
async fn hostile_addresses_are_harmless() {
    let test = "hostile_addresses_are_harmless";
    let site = Site::start().await;
    let account = site.account("Sandbox").await;
    let Some(browser) = Browser::signed_in(test, &site).await else {
        return;
    };
    for hostile in HOSTILE {
        let encoded: String = form_urlencoded::byte_serialize(hostile.as_bytes()).collect();
        let t = encoded.replace('+', "%20");
        for path in [
            format!("/ui/{t}"),
            format!("/ui/servers/{t}/{t}"),
            format!("/ui/accounts/{t}"),
            format!("/ui/servers?account={t}&state={t}&cursor={t}&done={t}"),
            format!("/ui/servers/new?account={t}&preset={t}&from={t}"),
            format!("/ui/accounts?cursor={t}&done={t}&account={t}"),
            format!(
                "/ui/activity?server_id={t}&account_id={t}&outcome={t}&from={t}&until={t}&cursor={t}&span={t}"
            ),
            format!("/ui/try?account={account}&tool={t}"),
            format!("/ui/try?account={t}&tool={t}"),
            format!("/ui/sign-in?next={t}"),
        ] {
            browser.go(&path).await;
            assert_harmless(&browser, &path).await;
        }
        for path in [
            format!("/ui/servers?name={t}"),
            format!("/ui/activity?customer={t}"),
            format!("/ui/activity?invoice={t}"),
            format!("/ui/activity?tool={t}"),
        ] {
            browser.go(&path).await;
            assert_harmless(&browser, &path).await;
            assert_literal(&browser, &path, hostile).await;
        }
    }
    browser.end().await;
}

#[tokio::test]
async fn signs_that_turn_the_text_around_them_are_refused_or_left_out() {
    let site = Site::start().await;
    let visitor = Visitor::signed_in(&site).await;
    let account = site.account("Sandbox").await;
    let turned = "abc\u{202e}gpj.exe";
    let renamed = visitor
        .post(&format!("/ui/accounts/{account}"), &[("label", turned)])
        .await;
    assert_eq!(renamed.status, 422);
    assert!(renamed.text.contains("id=\"problems\""), "{}", renamed.text);
    let server = site
        .server(&account, "Any", &json!({"methods": ["read"]}))
        .await;
    let url = text(&server, "url");
    let agent = Agent::connect(&url, turned, "1\u{2066}")
        .await
        .expect("a session");
    let arguments = json!({"companyDomain": "sandbox", "customerUniqueId": turned});
    let _ = agent.call(GET_CUSTOMER, &arguments).await;
    agent.end().await;
    site.until_recorded(1).await;
    let activity = visitor.get("/ui/activity").await.text;
    assert!(activity.contains("abcgpj.exe"), "{activity}");
    assert!(!activity.contains(['\u{202e}', '\u{2066}']));
}
