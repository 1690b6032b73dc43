//! Which sessions count.

use crate::support::{ADMIN_TOKEN, Site, Visitor};

#[tokio::test]
async fn signing_out_ends_the_session_for_whoever_kept_its_cookie() {
    let site = Site::start().await;
    let visitor = Visitor::signed_in(&site).await;
    let other = Visitor::signed_in(&site).await;
    let reply = visitor.post("/ui/sign-out", &[]).await;
    assert_eq!(reply.status, 303);
    assert!(reply.header("location").starts_with("/ui/sign-in"));
    let cookie = reply.header("set-cookie");
    assert!(cookie.contains("Max-Age=0"), "{cookie}");
    assert_eq!(
        visitor.get("/ui/servers").await.status,
        303,
        "its cookie is kept"
    );
    let reply = visitor.post("/ui/accounts/sandbox", &[]).await;
    assert!(matches!(reply.status, 303 | 403), "{}", reply.status);
    assert_eq!(site.list("/integrated-account").await.len(), 0);
    assert_eq!(
        other.get("/ui/servers").await.status,
        200,
        "another session goes on"
    );
}

#[tokio::test]
async fn a_cookie_that_was_changed_opens_nothing() {
    let site = Site::start().await;
    let visitor = Visitor::signed_in(&site).await;
    let cookie = visitor.cookie.clone().expect("a cookie");
    let (name, value) = cookie.split_once('=').expect("a name");
    let mut changed = vec![String::new(), "null".to_owned(), value.repeat(2)];
    for (at, letter) in value.char_indices() {
        let other = if letter == '1' { "2" } else { "1" };
        let mut text = value.to_owned();
        text.replace_range(at..=at, other);
        changed.push(text);
        changed.push(value[..at].to_owned());
    }
    // The last letter of base64 may have bits that mean nothing.
    let last = changed.len() - 2;
    changed.remove(last);
    for value in changed {
        let visitor = Visitor::with_cookie(&site, Some(format!("{name}={value}")));
        let reply = visitor.get("/ui/servers").await;
        assert_eq!(reply.status, 303, "{value} for {cookie}");
    }
    assert_eq!(visitor.get("/ui/servers").await.status, 200);
}

#[tokio::test]
async fn a_session_of_another_server_opens_nothing() {
    let (one, other) = tokio::join!(Site::start(), Site::start());
    let visitor = Visitor::signed_in(&one).await;
    let stranger = Visitor::with_cookie(&other, visitor.cookie);
    assert_eq!(stranger.get("/ui/servers").await.status, 303);
}

#[tokio::test]
async fn a_session_lives_through_a_restart_and_ends_with_the_admin_token() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = format!(
        "--store=sqlite:{}",
        folder.path().join("store.db").display()
    );
    let first = Site::with(ADMIN_TOKEN, &[&store]).await;
    let cookie = Visitor::signed_in(&first).await.cookie;
    drop(first);
    let other_token = "another-0123456789abcdefghijklmnopqrstuvwxyz";
    for (token, status) in [(ADMIN_TOKEN, 200), (other_token, 303)] {
        let site = Site::with(token, &[&store]).await;
        let visitor = Visitor::with_cookie(&site, cookie.clone());
        assert_eq!(visitor.get("/ui/servers").await.status, status, "{token}");
    }
}
