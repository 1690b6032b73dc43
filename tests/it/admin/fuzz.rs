//! Bodies of every kind: they are refused or done, and the server stays well.

use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64;
use serde_json::{Map, Value, json};

use super::World;
use super::api::text;

/// How many bodies each operation gets.
const BODIES: usize = 150;

const NAMES: [&str; 24] = [
    "name",
    "config",
    "expires_at",
    "require_api_token_auth",
    "require_oauth",
    "methods",
    "tags",
    "tools",
    "exclude_tools",
    "names",
    "profile",
    "company_domain",
    "expose",
    "output_schemas",
    "result_tokens",
    "api_key",
    "label",
    "environment",
    "base_url",
    "overlap_seconds",
    "server_id",
    "token",
    "",
    "a/b~\u{0}",
];

const TEXTS: [&str; 16] = [
    "",
    " ",
    "read",
    "write",
    "invoices",
    "live",
    "sandbox",
    "bound",
    "2027-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999999Z",
    "-009999-01-01T00:00:00Z",
    "\u{0}",
    "\u{202e}",
    "widgets",
    "https://[::1",
    "💥",
];

fn value(random: &mut Pcg64, depth: u8) -> Value {
    match random.random_range(0..if depth == 0 { 6 } else { 10_u8 }) {
        0 => Value::Null,
        1 => json!(random.random::<bool>()),
        2 => json!(random.random::<i64>()),
        3 => json!(random.random::<f64>() * 1e18),
        4 => json!(TEXTS[random.random_range(0..TEXTS.len())].repeat(random.random_range(1..9))),
        5 => json!(TEXTS[random.random_range(0..TEXTS.len())]),
        6 => (0..random.random_range(0..4))
            .map(|_| value(random, depth - 1))
            .collect(),
        _ => object(random, depth - 1),
    }
}

fn object(random: &mut Pcg64, depth: u8) -> Value {
    let members = (0..random.random_range(0..8)).map(|_| {
        let name = NAMES[random.random_range(0..NAMES.len())].to_owned();
        (name, value(random, depth))
    });
    Value::Object(members.collect::<Map<_, _>>())
}

#[tokio::test]
async fn no_body_breaks_the_server() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    let (server, _) = world.api.server(&account, &json!({"name": "a"})).await;
    let mut random = Pcg64::seed_from_u64(11);
    let mut done = 0;
    for _ in 0..BODIES {
        let body = if random.random_ratio(1, 10) {
            value(&mut random, 3)
        } else {
            let mut body = object(&mut random, 3);
            // So that some get past the first problem.
            if random.random_ratio(1, 2) {
                body["name"] = json!("a");
            }
            body
        };
        for path in [
            "/integrated-account".to_owned(),
            format!("{account}/mcp"),
            format!("{account}/mcp/preview"),
            format!("{server}/rotate"),
            "/api-token".to_owned(),
            "/token/inspect".to_owned(),
        ] {
            let reply = world.api.post(&path, &body).await;
            assert!(reply.status < 500, "{path} {body}: {:#}", reply.body);
            done += u32::from(reply.status < 300);
        }
        for path in [&account, &server] {
            let reply = world.api.patch(path, &body).await;
            assert!(reply.status < 500, "{path} {body}: {:#}", reply.body);
        }
    }
    assert!(done > 0, "none of them got through");
    let page = world
        .api
        .get(&format!("{account}/mcp?limit=1"))
        .await
        .is(200);
    assert!(!text(&page["result"][0]["id"]).is_empty());
}
