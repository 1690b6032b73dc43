//! What every answer tells browsers to keep out.

use crate::support::{Reply, Site, Stage, Visitor};

/// The sources that each directive of a policy allows.
fn policy(reply: &Reply) -> Vec<(&str, Vec<&str>)> {
    let directives = reply.header("content-security-policy").split(';');
    let words = directives.map(|directive| directive.split_whitespace());
    words
        .filter_map(|mut words| Some((words.next()?, words.collect())))
        .collect()
}

fn assert_closed(reply: &Reply, path: &str) {
    let policy = policy(reply);
    let allowed = |name| {
        let found = policy.iter().find(|(known, _)| *known == name);
        found.map(|(_, sources)| sources.as_slice())
    };
    let closed: [&str; 1] = ["'none'"];
    assert_eq!(allowed("default-src"), Some(&closed[..]), "{path}");
    assert_eq!(allowed("frame-ancestors"), Some(&closed[..]), "{path}");
    assert_eq!(allowed("base-uri"), Some(&closed[..]), "{path}");
    assert!(allowed("form-action").is_some(), "{path}");
    for (directive, sources) in &policy {
        for source in sources {
            assert!(
                matches!(*source, "'none'" | "'self'"),
                "{path}: {directive} {source}"
            );
        }
    }
    for (name, value) in [
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(reply.header(name), value, "{path}");
    }
    assert_eq!(reply.header("access-control-allow-origin"), "", "{path}");
}

/// Everything between `<` and `>`.
fn tags(html: &str) -> impl Iterator<Item = &str> {
    let tags = html.split('<').skip(1);
    tags.filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag))
}

fn assert_nothing_inline(reply: &Reply, path: &str) {
    for tag in tags(&reply.text) {
        let name = tag.split([' ', '/']).next().unwrap_or_default();
        assert!(
            name != "style" && name != "base" && name != "iframe",
            "{path}: <{tag}>"
        );
        assert!(
            name != "script" || tag.contains(" src=\"/ui/assets/"),
            "{path}: <{tag}>"
        );
        for attribute in tag
            .split(' ')
            .skip(1)
            .filter_map(|part| part.split_once("=\""))
        {
            let (name, value) = attribute;
            assert!(
                name != "style" && !name.starts_with("on"),
                "{path}: <{tag}>"
            );
            let value = value.trim_start().to_ascii_lowercase();
            assert!(!value.starts_with("javascript:"), "{path}: <{tag}>");
        }
    }
}

#[tokio::test]
async fn every_answer_is_closed_to_frames_scripts_and_caches() {
    let stage = Stage::set().await;
    let visitor = Visitor::signed_in(&stage.site).await;
    let nobody = Visitor::new(&stage.site);
    let mut replies = Vec::new();
    for (_, path) in stage.screens() {
        let reply = visitor.get(&path).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text);
        replies.push((path, reply));
    }
    for (path, status) in [
        ("/ui/nothing", 404),
        ("/ui/servers/acc_nothing/mcp_nothing", 404),
        ("/ui/accounts/nothing", 404),
    ] {
        let reply = visitor.get(path).await;
        assert_eq!(reply.status, status, "{path}");
        replies.push((path.to_owned(), reply));
    }
    replies.push(("/ui/sign-in".to_owned(), nobody.get("/ui/sign-in").await));
    let wrong = nobody.post("/ui/sign-in", &[("token", "wrong")]).await;
    replies.push(("a wrong token".to_owned(), wrong));
    let forged = Reply::of(visitor.form("/ui/accounts/sandbox", &[])).await;
    replies.push(("a forged form".to_owned(), forged));
    for (path, reply) in &replies {
        assert_closed(reply, path);
        assert_nothing_inline(reply, path);
        assert_eq!(reply.header("cache-control"), "no-store", "{path}");
        assert_eq!(
            reply.header("content-type"),
            "text/html; charset=utf-8",
            "{path}"
        );
    }
}

#[tokio::test]
async fn exports_are_files_and_no_pages() {
    let stage = Stage::set().await;
    let visitor = Visitor::signed_in(&stage.site).await;
    for (kind, media_type) in [("csv", "text/csv"), ("jsonl", "application/x-ndjson")] {
        let path = format!("/ui/activity/export.{kind}?span=24h");
        let reply = visitor.get(&path).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        assert_closed(&reply, &path);
        assert!(
            reply.header("content-type").starts_with(media_type),
            "{path}"
        );
        assert!(
            reply
                .header("content-disposition")
                .starts_with("attachment;"),
            "{path}"
        );
        assert_eq!(reply.header("cache-control"), "no-store", "{path}");
        assert!(reply.text.contains("desk-client"), "{}", reply.text);
    }
}

#[tokio::test]
async fn assets_may_be_kept_forever_because_their_address_changes_with_them() {
    let site = Site::start().await;
    let nobody = Visitor::new(&site);
    let page = nobody.get("/ui/sign-in").await;
    let addresses = page
        .text
        .split('"')
        .filter(|part| part.starts_with("/ui/assets/"));
    let addresses: Vec<&str> = addresses.collect();
    for (name, media_type) in [
        ("style.css", "text/css"),
        ("page.js", "text/javascript"),
        ("icon.svg", "image/svg+xml"),
    ] {
        let start = format!("/ui/assets/{name}?v=");
        let found = addresses.iter().find(|address| address.starts_with(&start));
        let address = found.unwrap_or_else(|| panic!("{name} in {addresses:?}"));
        let reply = nobody.get(address).await;
        assert_eq!(reply.status, 200, "{address}");
        assert_closed(&reply, address);
        assert!(
            reply.header("content-type").starts_with(media_type),
            "{address}"
        );
        assert!(
            reply.header("cache-control").contains("immutable"),
            "{address}"
        );
    }
    for path in [
        "/ui/assets/nothing.js",
        "/ui/assets/../mod.rs",
        "/ui/assets/%2e%2e%2fmod.rs",
    ] {
        assert_ne!(nobody.get(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn another_name_of_this_machine_opens_nothing() {
    let site = Site::start().await;
    let visitor = Visitor::signed_in(&site).await;
    for host in [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example:80",
    ] {
        for path in ["/", "/ui/servers", "/ui/sign-in", "/ui/assets/page.js"] {
            let request = visitor.request(reqwest::Method::GET, path);
            let reply = Reply::of(request.header("host", host)).await;
            assert!(
                matches!(reply.status, 403 | 421),
                "{host}{path}: {}",
                reply.status
            );
            assert_closed(&reply, path);
        }
        let request = visitor.form("/ui/sign-in", &[("token", site.token)]);
        let reply = Reply::of(request.header("host", host)).await;
        assert!(
            matches!(reply.status, 403 | 421),
            "{host}: {}",
            reply.status
        );
        assert_eq!(reply.header("set-cookie"), "", "{host}");
    }
}
