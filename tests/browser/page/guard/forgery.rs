//! Forms of other pages, and of nobody.

use crate::support::{Reply, Stage, Visitor};

#[tokio::test]
async fn a_form_of_another_page_changes_nothing() {
    let stage = Stage::set().await;
    let visitor = Visitor::signed_in(&stage.site).await;
    let other = Visitor::signed_in(&stage.site).await;
    assert_ne!(visitor.csrf, other.csrf);
    let before = stage.state().await;
    let (own, others) = (visitor.csrf.as_str(), other.csrf.as_str());
    let host = stage.site.base.as_str();
    let short = &own[..own.len() - 1];
    let wrong_tokens = [None, Some(""), Some("wrong"), Some(short), Some(others)];
    let foreign_places = [
        vec![("origin", "https://evil.example")],
        vec![("origin", "http://127.0.0.1:1")],
        vec![("origin", "null")],
        vec![("origin", host), ("sec-fetch-site", "cross-site")],
        vec![("origin", host), ("sec-fetch-site", "same-site")],
        vec![("sec-fetch-site", "anything")],
    ];
    let no_token = wrong_tokens.map(|token| (token, Vec::new()));
    let elsewhere = foreign_places.map(|headers| (Some(own), headers));
    let forgeries: Vec<_> = no_token.into_iter().chain(elsewhere).collect();
    for (path, fields) in stage.forms() {
        for (token, headers) in &forgeries {
            let mut fields = fields.clone();
            fields.extend(token.map(|token| ("csrf", token)));
            let mut request = visitor.form(&path, &fields);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let reply = Reply::of(request).await;
            let what = format!("{token:?} {headers:?} at {path}");
            assert_eq!(reply.status, 403, "{what}: {}", reply.text);
            assert_eq!(reply.header("set-cookie"), "", "{what}");
        }
    }
    assert_eq!(stage.state().await, before);
    assert_eq!(
        visitor.get("/ui/servers").await.status,
        200,
        "still signed in"
    );
}

#[tokio::test]
async fn the_same_forms_of_the_page_itself_are_taken() {
    let stage = Stage::set().await;
    let visitor = Visitor::signed_in(&stage.site).await;
    let own = [
        ("origin", stage.site.base.as_str()),
        ("sec-fetch-site", "same-origin"),
    ];
    // Removing the account takes away what other forms are about.
    let (last, first): (Vec<_>, Vec<_>) = stage
        .forms()
        .into_iter()
        .partition(|(path, _)| path.ends_with("/remove") || path.ends_with("/sign-out"));
    for (path, mut fields) in first.into_iter().chain(last) {
        fields.push(("csrf", &visitor.csrf));
        let mut request = visitor.form(&path, &fields);
        for (name, value) in own {
            request = request.header(name, value);
        }
        let reply = Reply::of(request).await;
        let is_taken = matches!(reply.status, 200 | 201 | 303 | 409 | 422);
        assert!(is_taken, "{path}: {} {}", reply.status, reply.text);
    }
    let accounts = stage.site.list("/integrated-account").await;
    assert!(
        !accounts
            .iter()
            .any(|account| account["id"] == *stage.account)
    );
    assert_eq!(visitor.get("/ui/servers").await.status, 303, "signed out");
}

#[tokio::test]
async fn a_form_that_is_far_too_large_is_refused() {
    let stage = Stage::set().await;
    let visitor = Visitor::signed_in(&stage.site).await;
    let large = "a".repeat(1024 * 1024);
    let reply = visitor.post("/ui/accounts", &[("label", &large)]).await;
    assert_eq!(reply.status, 413, "{}", reply.text);
}

#[tokio::test]
async fn a_form_without_a_session_changes_nothing_and_no_screen_is_shown() {
    let stage = Stage::set().await;
    let nobody = Visitor::new(&stage.site);
    let known = Visitor::signed_in(&stage.site).await;
    let before = stage.state().await;
    for (path, fields) in stage.forms() {
        let mut fields = fields;
        fields.push(("csrf", &known.csrf));
        let reply = Reply::of(nobody.form(&path, &fields)).await;
        assert!(
            matches!(reply.status, 303 | 403),
            "{path}: {}",
            reply.status
        );
    }
    assert_eq!(stage.state().await, before);
    let export = "/ui/activity/export";
    let rest = [
        format!("{export}.jsonl"),
        format!("{export}.csv"),
        "/ui/nothing".to_owned(),
    ];
    for path in stage
        .screens()
        .into_iter()
        .map(|(_, path)| path)
        .chain(rest)
    {
        let reply = nobody.get(&path).await;
        assert_eq!(reply.status, 303, "{path}");
        let location = reply.header("location");
        assert!(
            location.starts_with("/ui/sign-in?next=%2Fui"),
            "{path}: {location}"
        );
        assert!(!reply.text.contains("Support desk"), "{path}");
    }
    assert_eq!(nobody.get("/").await.status, 303);
}

#[tokio::test]
async fn what_opens_the_page_does_not_open_the_api_nor_the_other_way_round() {
    let stage = Stage::set().await;
    let visitor = Visitor::signed_in(&stage.site).await;
    assert_eq!(visitor.get("/status").await.status, 401);
    let nobody = Visitor::new(&stage.site);
    let bearer = nobody.request(reqwest::Method::GET, "/ui/servers");
    let reply = Reply::of(bearer.bearer_auth(stage.site.token)).await;
    assert_eq!(reply.status, 303);
}

#[tokio::test]
async fn reading_changes_nothing() {
    let stage = Stage::set().await;
    let visitor = Visitor::signed_in(&stage.site).await;
    let before = stage.state().await;
    let posted = stage.forms().into_iter().map(|(path, _)| path);
    let opened = stage.screens().into_iter().map(|(_, path)| path);
    for path in posted.chain(opened) {
        let reply = visitor.get(&path).await;
        assert!(
            matches!(reply.status, 200 | 303 | 404),
            "{path}: {}",
            reply.status
        );
    }
    assert_eq!(stage.state().await, before);
    assert_eq!(
        visitor.get("/ui/servers").await.status,
        200,
        "still signed in"
    );
}
