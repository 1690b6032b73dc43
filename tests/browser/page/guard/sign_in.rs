//! Signing in.

use crate::support::{ADMIN_TOKEN, Reply, Site, Visitor, attribute};

#[tokio::test]
async fn wrong_tokens_are_slowed_and_the_right_one_still_passes() {
    let site = Site::start().await;
    let nobody = Visitor::new(&site);
    let guess = "guess-0123456789abcdefghijklmnopqrstuvwxyz";
    for tries in 0..10 {
        let reply = nobody.post("/ui/sign-in", &[("token", guess)]).await;
        assert_eq!(reply.status, 401, "{tries}: {}", reply.text);
        assert_eq!(reply.header("set-cookie"), "");
        assert!(reply.text.contains("role=\"alert\""), "{}", reply.text);
        assert!(
            !reply.text.contains(guess),
            "what was typed is not shown again"
        );
    }
    let slowed = nobody.post("/ui/sign-in", &[("token", guess)]).await;
    assert_eq!(slowed.status, 429);
    let seconds: u32 = slowed.header("retry-after").parse().expect("seconds");
    assert!((1..=60).contains(&seconds), "{seconds}");
    let right = nobody.post("/ui/sign-in", &[("token", site.token)]).await;
    assert_eq!(right.status, 303, "{}", right.text);
}

#[tokio::test]
async fn no_token_or_a_part_of_it_opens_nothing() {
    let site = Site::start().await;
    let nobody = Visitor::new(&site);
    let (start, upper) = (
        &site.token[..site.token.len() - 1],
        site.token.to_uppercase(),
    );
    for fields in [
        &[][..],
        &[("token", "")],
        &[("token", start)],
        &[("token", &upper)],
    ] {
        let reply = nobody.post("/ui/sign-in", fields).await;
        assert_eq!(reply.status, 401, "{fields:?}");
        assert_eq!(reply.header("set-cookie"), "", "{fields:?}");
    }
    let in_query = format!("/ui/sign-in?token={}", site.token);
    let reply = nobody.get(&in_query).await;
    assert_eq!(reply.header("set-cookie"), "");
    assert!(!reply.text.contains(site.token));
}

#[tokio::test]
async fn a_page_of_another_site_cannot_sign_anybody_in() {
    let site = Site::start().await;
    let nobody = Visitor::new(&site);
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let form = nobody.form("/ui/sign-in", &[("token", site.token)]);
        let reply = Reply::of(form.header(name, value)).await;
        assert_eq!(reply.status, 403, "{name}");
        assert_eq!(reply.header("set-cookie"), "", "{name}");
    }
}

#[tokio::test]
async fn signing_in_leads_to_where_one_wanted_to_and_never_elsewhere() {
    let site = Site::start().await;
    let nobody = Visitor::new(&site);
    let wanted = "/ui/activity?span=7d&tool=a%20b";
    let asked = nobody.get(wanted).await;
    let form = nobody.get(asked.header("location")).await;
    let next = attribute(&form.text, "name=\"next\"", "value").expect("a hidden field");
    assert_eq!(next, wanted);
    for (next, expected) in [
        (wanted, wanted),
        ("", "/ui/servers"),
        ("https://evil.example/", "/ui/servers"),
        ("//evil.example/", "/ui/servers"),
        ("/\\evil.example/", "/ui/servers"),
        ("/ui/\\..\\..//evil.example", "/ui/servers"),
        ("/ui/../x\r\nset-cookie: a=b", "/ui/servers"),
        ("javascript:alert(1)", "/ui/servers"),
        ("/mcp/secret", "/ui/servers"),
        ("/ui/sign-in?next=/ui/sign-in", "/ui/servers"),
    ] {
        let reply = nobody
            .post("/ui/sign-in", &[("token", site.token), ("next", next)])
            .await;
        assert_eq!(reply.status, 303, "{next}");
        assert_eq!(reply.header("location"), expected, "{next}");
    }
}

#[tokio::test]
async fn the_cookie_is_for_this_page_alone() {
    let site = Site::start().await;
    let nobody = Visitor::new(&site);
    let reply = nobody.post("/ui/sign-in", &[("token", site.token)]).await;
    let cookie = reply.header("set-cookie");
    for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(
            cookie.split("; ").any(|known| known == part),
            "{part} in {cookie}"
        );
    }
    assert!(
        !cookie.contains("Domain") && !cookie.contains("Secure"),
        "{cookie}"
    );
    assert!(!cookie.contains(site.token));

    let public = ["--store=memory", "--public-url=https://mcp.example.com"];
    let site = Site::with(ADMIN_TOKEN, &public).await;
    let nobody = Visitor::new(&site);
    let form = nobody.form("/ui/sign-in", &[("token", site.token)]);
    let reply = Reply::of(form.header("host", "mcp.example.com")).await;
    let cookie = reply.header("set-cookie");
    assert!(cookie.starts_with("__Host-"), "{cookie}");
    assert!(cookie.split("; ").any(|part| part == "Secure"), "{cookie}");
}
