//! The paths below `/__sandbox/`.

use billsby_mcp::sandbox::Options;
use serde_json::{Value, json};

use super::{Reply, Running, standing, with_json};

async fn create(sandbox: &Running, email: &str) -> String {
    let body = json!({
        "firstName": "Ada",
        "lastName": "Byron",
        "email": email,
        "addressLine1": "1 Main Street",
        "city": "Springfield",
        "state": "IL",
        "postCode": "62701",
        "country": "USA",
    });
    let reply = sandbox.core_with("POST", "/customers", &body).await;
    let id = reply.expect(200).json()["customerUniqueId"].clone();
    id.as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn effects_are_counted_and_chosen() {
    let sandbox = Running::start().await;
    let none = sandbox.admin("GET", "/effects").await;
    assert_eq!(none, json!({"counts": {}, "effects": []}));
    let ada = create(&sandbox, "ada@example.com").await;
    create(&sandbox, "eve@example.com").await;
    let path = format!("/customers/{ada}");
    sandbox.core("DELETE", &path).await.expect(200);

    let all = sandbox.admin("GET", "/effects").await;
    assert_eq!(all["counts"]["customer_created"], 2);
    assert_eq!(all["counts"]["customer_deleted"], 1);
    let first = &all["effects"][0];
    assert_eq!(first["number"], 1);
    assert_eq!(first["kind"], "customer_created");
    assert_eq!(first["operation"], "customers.create");
    assert_eq!(first["customerUniqueId"], ada);
    assert_eq!(first["at"], "2026-03-02T08:00:00Z");
    assert!(!all.to_string().contains("example.com"));

    let of_ada = format!("/effects?customerUniqueId={ada}&kind=customer_created");
    for (path, count) in [
        ("/effects?kind=customer_deleted", 1),
        ("/effects?operation=customers.create", 2),
        ("/effects?since=2", 1),
        ("/effects?since=900", 0),
        (of_ada.as_str(), 1),
    ] {
        let some = sandbox.admin("GET", path).await;
        assert_eq!(some["effects"].as_array().unwrap().len(), count, "{path}");
    }
    for path in [
        "?kind=exploded",
        "?since=-1",
        "?customer=1",
        "?customerUniqueId=ada",
        "?kind=charged&kind=email_sent",
    ] {
        let path = format!("/__sandbox/effects{path}");
        Reply::to(sandbox.plain("GET", &path)).await.expect(400);
    }
}

#[tokio::test]
async fn a_reset_brings_everything_back() {
    let sandbox = Running::start().await;
    let before = sandbox.admin("GET", "/state").await;
    create(&sandbox, "ada@example.com").await;
    sandbox
        .admin_with("POST", "/clock", &json!({"advance": "P1Y"}))
        .await;
    let rules = json!({"rules": [{"fault": {"kind": "cut_before"}}]});
    sandbox.admin_with("PUT", "/faults", &rules).await;
    assert_ne!(sandbox.admin("GET", "/state").await, before);

    sandbox.admin("POST", "/reset").await;
    assert_eq!(sandbox.admin("GET", "/state").await, before);
    assert_eq!(sandbox.admin("GET", "/effects").await["effects"], json!([]));
    assert_eq!(
        sandbox.admin("GET", "/clock").await["now"],
        "2026-03-02T08:00:00Z"
    );
    sandbox.core("GET", "/addons").await.expect(200);
}

#[tokio::test]
async fn the_clock_moves_forward_as_far_as_it_is_told() {
    let sandbox = Running::start().await;
    for (by, now) in [
        (json!(90), "2026-03-02T08:01:30Z"),
        (json!("P30D"), "2026-04-01T08:01:30Z"),
        (json!("P1M"), "2026-05-01T08:01:30Z"),
        (json!("PT1H30M"), "2026-05-01T09:31:30Z"),
        (json!(0), "2026-05-01T09:31:30Z"),
    ] {
        let moved = sandbox
            .admin_with("POST", "/clock", &json!({"advance": by}))
            .await;
        assert_eq!(moved["now"], now, "{by}");
    }
    assert!(sandbox.count("subscription_renewed").await > 0);
    for wrong in [
        json!(-1),
        json!("-P1D"),
        json!("P20Y"),
        json!("soon"),
        json!(1.5),
        Value::Null,
    ] {
        let request = sandbox.plain("POST", "/__sandbox/clock");
        let reply = Reply::to(with_json(request, &json!({"advance": wrong}))).await;
        assert!(reply.expect(400).reason().contains("P30D"), "{wrong}");
    }
    let now = sandbox.admin("GET", "/clock").await;
    assert_eq!(now["now"], "2026-05-01T09:31:30Z");
}

#[tokio::test]
async fn a_running_clock_can_be_moved_too() {
    let running = Options {
        start: None,
        ..standing()
    };
    let sandbox = Running::with(running).await;
    let before: String = sandbox.admin("GET", "/clock").await["now"].to_string();
    let moved = sandbox
        .admin_with("POST", "/clock", &json!({"advance": "P400D"}))
        .await;
    let year = |now: &str| now.trim_matches('"')[..4].parse::<u32>().expect("a year");
    assert!(year(&moved["now"].to_string()) > year(&before));
}

#[tokio::test]
async fn the_same_seed_gives_the_same_company() {
    let state = async |options: Options| {
        let sandbox = Running::with(options).await;
        sandbox.admin("GET", "/state").await
    };
    let other = Options {
        seed: 99,
        ..standing()
    };
    let usual = state(standing()).await;
    assert_eq!(usual, state(standing()).await);
    assert_ne!(usual, state(other).await);
}

#[tokio::test]
async fn other_paths_and_methods_are_refused() {
    let sandbox = Running::start().await;
    for (method, path, status, told) in [
        ("GET", "/__sandbox", 404, "/effects"),
        ("GET", "/__sandbox/", 404, "/effects"),
        ("GET", "/__sandbox/nothing", 404, "/effects"),
        ("GET", "/__sandbox/effects/", 404, "/effects"),
        ("GET", "/__sandboxes", 404, "/api/v1/rest/core"),
        ("GET", "/__sandbox/reset", 405, "takes POST only"),
        ("DELETE", "/__sandbox/clock", 405, "takes GET, POST only"),
        (
            "POST",
            "/__sandbox/snapshot",
            400,
            "without a snapshot file",
        ),
        ("POST", "/__sandbox/clock", 400, "the body"),
    ] {
        let reply = Reply::to(sandbox.plain(method, path)).await;
        let reply = reply.expect(status);
        assert!(
            reply.reason().contains(told),
            "{method} {path}: {}",
            reply.reason()
        );
        assert_eq!(
            reply.header("allow").is_some(),
            status == 405,
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn the_clock_is_not_moved_over_more_bills_than_there_is_room_for() {
    let options = Options {
        customers: 3000,
        ..standing()
    };
    let sandbox = Running::with(options).await;
    let request = sandbox.plain("POST", "/__sandbox/clock");
    let reply = Reply::to(with_json(request, &json!({"advance": "P3660D"}))).await;
    let reason = reply.expect(400).reason();
    assert!(reason.contains("at most 200000 are at once"), "{reason}");
    assert_eq!(sandbox.count("invoice_created").await, 0);
    let now = sandbox.admin("GET", "/clock").await;
    assert_eq!(now["now"], "2026-03-02T08:00:00Z");
    let steps = json!({"advance": "P1M"});
    sandbox.admin_with("POST", "/clock", &steps).await;
    assert!(sandbox.count("invoice_created").await > 0);
}

/// A sandbox that other machines can reach is not guarded by its name, but by that no page may call it.
#[tokio::test]
async fn web_pages_are_kept_out_of_a_sandbox_for_other_machines_too() {
    let sandbox = Running::at(standing(), "0.0.0.0:0").await;
    let request = |name: &str, value: &str| {
        let request = sandbox.plain("POST", "/__sandbox/reset");
        Reply::to(request.header(name, value))
    };
    let reply = request("origin", "http://evil.example").await.expect(403);
    assert!(reply.reason().contains("Origin"), "{}", reply.reason());
    request("host", "sandbox.internal").await.expect(200);
}

#[tokio::test]
async fn web_pages_are_kept_out() {
    let sandbox = Running::start().await;
    let port = sandbox.origin.rsplit(':').next().expect("a port");
    for (name, value) in [
        ("origin", "http://evil.example"),
        ("origin", sandbox.origin.as_str()),
        ("host", "evil.example"),
        ("host", "127.0.0.1.evil.example"),
    ] {
        let request = sandbox
            .plain("POST", "/__sandbox/reset")
            .header(name, value);
        let reply = Reply::to(request).await;
        assert!(
            reply.expect(403).reason().contains("header"),
            "{name}: {value}"
        );
    }
    for host in [
        "localhost",
        &format!("localhost:{port}"),
        "127.0.0.1",
        "[::1]:80",
    ] {
        let request = sandbox
            .plain("POST", "/__sandbox/reset")
            .header("host", host);
        Reply::to(request).await.expect(200);
    }
}
