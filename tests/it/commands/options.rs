//! What `serve` needs of its options, and which of them go together.

use serde_json::json;

use super::Home;
use crate::mock::{API_KEY, COMPANY_DOMAIN, Mock};
use crate::support::{HttpClient, HttpServer};

const ACCOUNT: [(&str, &str); 2] = [
    ("BILLSBY_API_KEY", API_KEY),
    ("BILLSBY_COMPANY_DOMAIN", COMPANY_DOMAIN),
];

#[tokio::test]
async fn without_a_store_there_is_an_account_and_no_admin_api() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &["--store=none"]).await;
    let client = HttpClient::new(&server.page("/status"));
    let reply = client.open(reqwest::Method::GET).await;
    assert_eq!(reply.status().as_u16(), 404);
    let client = HttpClient::new(&server.url);
    assert_eq!(client.modern("tools/list", &json!({})).await.status, 200);
    server.stop().await;
    let home = Home::new();
    let said = home.refused(&["--store=none"], &[]).await;
    assert!(said.contains("BILLSBY_API_KEY is missing"), "{said}");
    assert!(!home.data().exists());
}

#[tokio::test]
async fn half_an_account_is_none() {
    let home = Home::new();
    let said = home.refused(&[], &ACCOUNT[..1]).await;
    assert!(said.contains("BILLSBY_COMPANY_DOMAIN is missing"), "{said}");
    let said = home.refused(&[], &ACCOUNT[1..]).await;
    assert!(said.contains("BILLSBY_API_KEY is missing"), "{said}");
    assert!(!home.data().exists());
}

#[tokio::test]
async fn options_that_do_not_go_together_are_explained() {
    let home = Home::new();
    for (option, expected) in [
        (
            "--token-store=redis://127.0.0.1:1",
            "--token-store is for provisioned",
        ),
        (
            "--master-key-file=a",
            "--master-key-file is for provisioned",
        ),
        (
            "--allow-base-url=https://a.example",
            "--allow-base-url is for provisioned",
        ),
        (
            "--oauth-issuer=https://a.example",
            "--oauth-issuer is for provisioned",
        ),
        ("--require-oauth", "--require-oauth is for provisioned"),
    ] {
        let said = home.refused(&["--store=none", option], &ACCOUNT).await;
        assert!(said.contains(expected), "{option}: {said}");
    }
    for (arguments, expected) in [
        (
            &["--require-oauth"][..],
            "--require-oauth needs --oauth-issuer",
        ),
        (&["--store=mysql://me:hunter2@a"], "--store: not a store"),
        (&["--store=sqlite:"], "--store: not a SQLite store"),
        (&["--token-store=http://me:hunter2@a"], "--token-store: "),
        (
            &["--allow-base-url=a.example"],
            "--allow-base-url: address 1 cannot be used",
        ),
        (
            &["--allow-base-url=https://a.example,https://me:hunter2@a.example"],
            "--allow-base-url: address 2 cannot be used",
        ),
        (
            &["--token-file=a"],
            "--token-file is for the URL of an account",
        ),
        (
            &["--methods=read"],
            "--methods is for the URL of an account",
        ),
        (
            &["--tags=invoices", "--timeout=30"],
            "--tags is for the URL of an account",
        ),
        (&["--activity-days=0"], "--activity-days"),
        (&["--offline-grace=0"], "--offline-grace"),
    ] {
        let said = home.refused(arguments, &[]).await;
        assert!(said.contains(expected), "{arguments:?}: {said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
    assert!(!home.data().exists());
}

#[tokio::test]
async fn without_a_home_a_store_has_to_be_named() {
    let home = Home::new();
    let said = home.refused(&[], &[("HOME", "relative")]).await;
    assert!(said.contains("--store sqlite:PATH"), "{said}");
    let file = format!(
        "--store=sqlite:{}",
        home.path().join("here.sqlite3").display()
    );
    let mut command = home.command(&["serve", "--listen=127.0.0.1:0", &file]);
    command.env("HOME", "relative");
    super::Serving::start(command).await.stop().await;
    assert!(home.path().join("here.sqlite3").is_file());
    assert!(home.path().join("master.key").is_file());
}

#[tokio::test]
async fn a_store_that_cannot_be_opened_is_named() {
    let home = Home::new();
    let said = home
        .refused(&["--store=sqlite:/dev/null/folder/a"], &[])
        .await;
    assert!(said.contains("/dev/null/folder"), "{said}");
}

#[tokio::test]
async fn a_mistyped_path_does_not_become_a_new_store() {
    let home = Home::new();
    for path in ["dta/billsby/store.db", "./a/b/c/store.db"] {
        let option = format!("--store=sqlite:{path}");
        let said = home.refused(&[&option], &[]).await;
        assert!(said.contains("is not there"), "{said}");
    }
    let entries = std::fs::read_dir(home.path()).expect("a folder");
    assert_eq!(entries.count(), 0);
    // The last folder alone is made.
    let server = home.serve(&["--store=sqlite:data/store.db"]).await;
    server.stop().await;
    assert!(home.path().join("data/store.db").is_file());
}

#[tokio::test]
async fn what_there_is_is_told_once() {
    let home = Home::new();
    let said = home.refused(&["--tags=zzz"], &ACCOUNT).await;
    let (_, tags) = said.split_once("the tags are ").expect(&said);
    let mut tags: Vec<&str> = tags.trim().split(", ").collect();
    assert!(tags.contains(&"subscriptions"), "{said}");
    let count = tags.len();
    tags.sort_unstable();
    tags.dedup();
    assert_eq!(tags.len(), count, "{said}");
}
