//! Everything that is wrong with a request is said at once, and where.

use serde_json::{Value, json};

use super::World;
use super::api::text;

#[tokio::test]
async fn every_problem_of_a_server_is_told_at_once() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    let body = json!({
        "name": "a\u{202e}b",
        "nmae": "a",
        "config": {
            "methods": ["read", "wirte", ""],
            "tags": ["invoice"],
            "tools": ["no_such_tool"],
            "exclude_tools": "all",
            "names": "long",
            "profile": 5,
            "result_tokens": 10,
            "require_oauth": true,
            "include_unreviewed": "yes",
            "methodes": [],
            "a/b": 1,
        },
        "require_oauth": false,
        "expires_at": "2026-11-22T12:00:59Z",
    });
    let path = format!("{account}/mcp");
    let refused = world.api.post(&path, &body).await.is(422);
    let mut problems: Vec<(&str, &str)> = refused["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|error| (text(&error["pointer"]), text(&error["detail"])))
        .collect();
    problems.sort_unstable();
    let expected = [
        ("/config/a~1b", "no such field"),
        ("/config/exclude_tools", "list of texts, not a text"),
        ("/config/include_unreviewed", "true or false"),
        ("/config/methodes", "did you mean methods?"),
        ("/config/methods/1", "did you mean write?"),
        ("/config/methods/2", "blank"),
        ("/config/names", "inventory, short"),
        ("/config/profile", "not a number"),
        ("/config/result_tokens", "from 500 to 1000000"),
        ("/config/tags/0", "did you mean invoices?"),
        ("/config/tools/0", "no tool"),
        ("/expires_at", "less than 60 seconds"),
        ("/name", "U+202E"),
        ("/nmae", "did you mean name?"),
        ("/require_oauth", "contradicts /config/require_oauth"),
    ];
    let pointers: Vec<&str> = problems.iter().map(|(pointer, _)| *pointer).collect();
    assert_eq!(
        pointers,
        expected.map(|(pointer, _)| pointer),
        "{refused:#}"
    );
    for ((pointer, detail), (_, expected)) in problems.iter().zip(expected) {
        assert!(detail.contains(expected), "{pointer}: {detail}");
    }
    let list = world.api.get(&path).await.is(200);
    assert_eq!(list["result"], json!([]));
}

#[tokio::test]
async fn single_problems_of_a_server_are_explained() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    let path = format!("{account}/mcp");
    for (body, pointer, expected) in [
        (json!([]), "", "an object, not a list"),
        (json!({}), "/name", "missing"),
        (json!({"name": "  "}), "/name", "blank"),
        (json!({"name": "x".repeat(101)}), "/name", "101 characters"),
        (json!({"name": "a", "config": []}), "/config", "an object"),
        (
            json!({"name": "a", "config": {"methods": []}}),
            "/config/methods",
            "at least one",
        ),
        (
            json!({"name": "a", "config": {"methods": ["refund"], "tags": ["plans"]}}),
            "/config",
            "no tool is left",
        ),
        (
            json!({"name": "a", "expires_at": "2020-01-01T00:00:00Z"}),
            "/expires_at",
            "in the past",
        ),
        (
            json!({"name": "a", "expires_at": "2027-01-01T00:00:00"}),
            "/expires_at",
            "offset",
        ),
        (
            json!({"name": "a", "expires_at": 1}),
            "/expires_at",
            "not a number",
        ),
        (
            json!({"name": "a", "require_oauth": true}),
            "/config/require_oauth",
            "no OAuth issuer",
        ),
    ] {
        let said = world.api.post(&path, &body).await.said_of(pointer);
        assert!(said.contains(expected), "{pointer}: {said}");
    }
    let just = json!({"name": "x".repeat(100), "expires_at": world.after(60).to_string()});
    world.api.post(&path, &just).await.is(201);
}

#[tokio::test]
async fn every_problem_of_an_account_is_told_at_once() {
    let world = World::start().await;
    let path = "/integrated-account";
    let wrong = world.api.post(path, &json!({})).await.wrong();
    assert_eq!(wrong, ["/company_domain", "/api_key"]);
    for (field, value, expected) in [
        (
            "company_domain",
            json!("https://widgets.billsby.com"),
            "whole address",
        ),
        (
            "company_domain",
            json!("widgets.billsby.com"),
            "whole address",
        ),
        ("company_domain", json!("wid gets"), "not a company domain"),
        ("company_domain", json!(""), "blank"),
        ("company_domain", json!(null), "missing"),
        ("api_key", json!(" "), "blank"),
        ("api_key", json!("a\nb"), "line break"),
        ("api_key", json!("schlüssel"), "characters"),
        ("api_key", json!(17), "a text, not a number"),
        ("label", json!("a\u{200b}b"), "U+200B"),
        ("environment", json!("prod"), "live, test, sandbox"),
        (
            "base_url",
            json!("https://evil.example/rest"),
            "none of the addresses",
        ),
        (
            "base_url",
            json!(format!("{}/more", world.mock.url())),
            "none of the addresses",
        ),
        ("base_url", json!("ftp://a"), "expected an address"),
        (
            "base_url",
            json!("https://a:b@public.billsby.com/api/v1/rest"),
            "without user",
        ),
        ("colour", json!(1), "no such field"),
    ] {
        let mut body = json!({"company_domain": "widgets", "api_key": "k"});
        body[field] = value.clone();
        let said = world
            .api
            .post(path, &body)
            .await
            .said_of(&format!("/{field}"));
        assert!(said.contains(expected), "{field} {value}: {said}");
    }
    // The same address in another form, and Billsby's own.
    for url in [
        format!("{}/", world.mock.url()),
        "https://PUBLIC.billsby.com/api/v1/rest".to_owned(),
    ] {
        let body = json!({"company_domain": "widgets", "api_key": " k\n", "base_url": url});
        world.api.post(path, &body).await.is(201);
    }
    let nothing = World::with(super::world::memory().await, |options| {
        options.allowed_base_urls.clear();
    });
    let body =
        json!({"company_domain": "widgets", "api_key": "k", "base_url": "https://a.example"});
    let said = nothing
        .await
        .api
        .post(path, &body)
        .await
        .said_of("/base_url");
    assert!(said.contains("allows no other address"), "{said}");
}

#[tokio::test]
async fn queries_are_checked_too() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    let api = &world.api;
    for (path, expected) in [
        ("/integrated-account?limit=0".to_owned(), "?limit"),
        ("/integrated-account?limit=101".to_owned(), "?limit"),
        ("/integrated-account?limit=ten".to_owned(), "?limit"),
        ("/integrated-account?cursor=mcp_1".to_owned(), "?cursor"),
        ("/integrated-account?limit=1&limit=2".to_owned(), "?limit"),
        ("/api-token?page=2".to_owned(), "?page"),
        (format!("{account}/mcp?state=ended"), "?state"),
        ("/activity?outcome=fine".to_owned(), "?outcome"),
        ("/activity?from=yesterday".to_owned(), "?from"),
        ("/activity?is_error=maybe".to_owned(), "?is_error"),
        ("/activity?server_id=1".to_owned(), "?server_id"),
    ] {
        assert_eq!(api.get(&path).await.wrong(), [expected], "{path}");
    }
    let said = api
        .get(&format!("{account}/mcp?stat=active"))
        .await
        .said_of("?stat");
    assert!(said.contains("did you mean state?"), "{said}");
    api.get("/integrated-account?limit=%ff").await.is(400);
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_not_shown() {
    let world = World::start().await;
    let post = |content_type: &str, body: &str| {
        let request = world
            .api
            .request(reqwest::Method::POST, "/integrated-account");
        request
            .header("content-type", content_type)
            .body(body.to_owned())
    };
    let broken = "{\n  \"api_key\": \"canary-1\", canary";
    let reply = world
        .api
        .send(post("application/json", broken))
        .await
        .is(400);
    assert!(
        text(&reply["detail"]).contains("line 2, column"),
        "{reply:#}"
    );
    assert!(!reply.to_string().contains("canary"), "{reply:#}");
    world.api.send(post("application/json", "")).await.is(400);
    world
        .api
        .send(post("application/json; charset=utf-8", "{}"))
        .await
        .is(422);
    for content_type in ["text/plain", "application/x-www-form-urlencoded", ""] {
        world.api.send(post(content_type, "{}")).await.is(415);
    }
    let long = Value::from("x".repeat(64 * 1024)).to_string();
    world
        .api
        .send(post("application/json", &long))
        .await
        .is(413);
    let deep = "[".repeat(10_000);
    world
        .api
        .send(post("application/json", &deep))
        .await
        .is(400);
}
