//! Where secrets are shown: once, to whoever made them.

use reqwest::Method;

use crate::support::{Reply, Stage, Visitor, attribute, text};

#[tokio::test]
async fn no_screen_shows_a_key_or_a_token() {
    let stage = Stage::set().await;
    let visitor = Visitor::signed_in(&stage.site).await;
    let mut replies = Vec::new();
    let exports = ["jsonl", "csv"].map(|kind| ("export", format!("/ui/activity/export.{kind}")));
    for (_, path) in stage.screens().into_iter().chain(exports) {
        replies.push((path.clone(), visitor.get(&path).await));
    }
    for path in [
        format!("/ui/accounts/{}/check", stage.remote),
        "/ui/health/check".to_owned(),
    ] {
        replies.push((path.clone(), visitor.post(&path, &[]).await));
    }
    // Something is wrong with this form, so it is shown again with what was typed.
    let fields = [
        ("label", "Again"),
        ("environment", "nowhere"),
        ("company_domain", "a b"),
        ("api_key", "typed-key-77120934"),
    ];
    let again = visitor.post("/ui/accounts", &fields).await;
    assert!(!again.text.contains("typed-key-77120934"), "{}", again.text);
    replies.push(("/ui/accounts".to_owned(), again));
    for (path, reply) in &replies {
        for secret in &stage.secrets {
            assert!(!reply.text.contains(secret), "{secret} at {path}");
            let headers = format!("{:?}", reply.headers);
            assert!(
                !headers.contains(secret),
                "{secret} in the headers of {path}"
            );
        }
    }
    let log = stage.site.log();
    for secret in &stage.secrets {
        assert!(!log.contains(secret), "{secret} in the log");
    }
}

#[tokio::test]
async fn the_secret_of_a_url_is_shown_by_the_answer_that_makes_it_and_never_again() {
    let stage = Stage::set().await;
    let site = &stage.site;
    let visitor = Visitor::signed_in(site).await;
    let form = visitor
        .get(&format!("/ui/servers/new?account={}", stage.account))
        .await;
    let key = attribute(&form.text, "name=\"key\"", "value").expect("a key");
    let fields = [
        ("account", stage.account.as_str()),
        ("name", "Shown once"),
        ("preset", "support"),
        ("expires", "never"),
        ("key", &key),
        ("do", "create"),
    ];
    let made = visitor.post("/ui/servers/new", &fields).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.header("cache-control"), "no-store");
    let secret = secret(&made, &site.base);

    let path = format!("/integrated-account/{}/mcp", stage.account);
    let servers = site.list(&path).await;
    // Whoever reloads the page sends the form again.
    let again = visitor.post("/ui/servers/new", &fields).await;
    assert_eq!(site.list(&path).await, servers, "a reload makes no server");
    if again.status == 201 {
        assert!(again.text.contains(&secret), "the same server");
    }

    let id = servers.iter().find(|server| server["name"] == "Shown once");
    let id = text(id.expect("the new server"), "id");
    let own = format!("/ui/servers/{}/{id}", stage.account);
    let screens = stage.screens().into_iter().map(|(_, path)| path);
    for path in screens.chain([own.clone(), format!("{own}/edit"), format!("{own}/rotate")]) {
        let shown = visitor.get(&path).await;
        assert!(!shown.text.contains(&secret), "{path}");
    }

    let rotated = visitor
        .post(&format!("{own}/rotate"), &[("overlap", "0")])
        .await;
    assert!(
        matches!(rotated.status, 200 | 201),
        "{}: {}",
        rotated.status,
        rotated.text
    );
    assert!(!rotated.text.contains(&secret), "the old one");
    let new = self::secret(&rotated, &site.base);
    assert_ne!(new, secret);
    assert!(!visitor.get(&own).await.text.contains(&new));
    for (secret, status) in [(&secret, 404), (&new, 400)] {
        let url = Visitor::new(site).request(Method::POST, &format!("/mcp/{secret}"));
        let reply = Reply::of(url).await.status;
        assert_eq!(reply == 404, status == 404, "{reply}");
    }
}

#[tokio::test]
async fn an_api_token_is_shown_by_the_answer_that_makes_it_and_never_again() {
    let stage = Stage::set().await;
    let visitor = Visitor::signed_in(&stage.site).await;
    let path = stage.server_path();
    let made = visitor
        .post(&format!("{path}/tokens"), &[("name", "Night job")])
        .await;
    assert!(
        matches!(made.status, 200 | 201),
        "{}: {}",
        made.status,
        made.text
    );
    let (_, rest) = made.text.split_once("bmcp_api_").expect("a token");
    let secret: String = rest.chars().take_while(|&c| is_secret(c)).collect();
    assert!(secret.len() > 30, "{secret}");
    let shown = visitor.get(&path).await.text;
    assert!(shown.contains("Night job") && !shown.contains(&secret));
}

/// The secret of the only URL on a page.
fn secret(reply: &Reply, base: &str) -> String {
    let (_, rest) = reply
        .text
        .split_once(&format!("{base}/mcp/"))
        .expect("a URL");
    rest.chars().take_while(|&c| is_secret(c)).collect()
}

/// Whether a secret may have this letter.
fn is_secret(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}
