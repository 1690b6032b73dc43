//! The database goes away: what runs goes on for a while, what would change something fails cleanly.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::admin::{Admin, Failure, Reply, text};
use super::process::Setup;
use crate::support::services::{POSTGRES_PASSWORD, Postgres, Stop};

/// Far more than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);
const GRACE: u64 = 5;

#[tokio::test]
async fn without_its_database_a_program_goes_on_for_the_grace() {
    let Some(postgres) = Postgres::start("without_its_database_a_program_goes_on_for_the_grace")
    else {
        return;
    };
    let setup = Setup::new(&postgres.url()).with(format!("--offline-grace={GRACE}"));
    let process = setup.start().await;
    let admin = setup.admin();
    let account = admin.account().await;
    let made = admin
        .create(&account, &json!({"name": "used"}), None)
        .await
        .expect("a server");
    let unused = admin
        .create(&account, &json!({"name": "unused"}), None)
        .await
        .expect("a server");
    let (token, unused) = (text(&made, "token"), text(&unused, "token"));
    assert!(admin.opens(&token).await);

    postgres.stop(Stop::Killed);
    let gone = Instant::now();
    assert!(admin.opens(&token).await, "it does not go on");
    assert!(
        admin.opens(&unused).await,
        "one that nobody has used yet does not begin"
    );
    let path = format!("/integrated-account/{account}/mcp/{}", text(&made, "id"));
    for reply in [
        admin
            .create(&account, &json!({"name": "lost"}), Some("key"))
            .await,
        admin.patch(&path, &json!({"name": "other"})).await,
        admin
            .post(&format!("{path}/rotate"), &json!({}), None)
            .await,
        admin.delete(&path).await,
        admin.get(&path).await,
    ] {
        let problem = unavailable(reply);
        assert!(
            !problem.to_string().contains(POSTGRES_PASSWORD),
            "{problem}"
        );
    }
    assert!(
        admin.opens(&token).await,
        "a refused change has changed something"
    );

    // Once nobody can say any more, nobody says anything.
    until(&admin, &token, 503).await;
    println!(
        "served from memory for {:.1} s of {GRACE} s",
        gone.elapsed().as_secs_f64()
    );
    assert_eq!(admin.knock(&unused).await, 503);

    postgres.restart();
    until(&admin, &token, 400).await;
    let all = admin
        .all(&format!("/integrated-account/{account}/mcp"))
        .await;
    let names: Vec<_> = all.iter().map(|server| text(server, "name")).collect();
    assert_eq!(names, ["unused", "used"], "what was refused has happened");
    let made = admin
        .create(&account, &json!({"name": "lost"}), Some("key"))
        .await;
    assert!(admin.opens(&text(&made.expect("a server"), "token")).await);
    let log = process.log();
    assert!(
        !log.contains(POSTGRES_PASSWORD) && !log.contains("panicked"),
        "{log}"
    );
}

/// Waits until a URL answers with a status.
async fn until(admin: &Admin, token: &str, status: u16) {
    let began = Instant::now();
    while admin.knock(token).await != status {
        assert!(began.elapsed() < PATIENCE, "never {status}");
        sleep(Duration::from_millis(50)).await;
    }
}

/// The problem of an answer that the store is not there.
#[track_caller]
fn unavailable(reply: Reply) -> Value {
    match reply {
        Err(Failure::Refused(503, problem)) => {
            assert_eq!(problem["status"], 503, "{problem}");
            assert!(
                problem["title"].is_string() && problem["request_id"].is_string(),
                "{problem}"
            );
            problem
        }
        other => panic!("{other:?}"),
    }
}
