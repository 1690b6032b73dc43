//! Kills in the middle of everything: nothing acknowledged is lost, nothing half-made is served.

use std::time::Duration;

use futures_util::future::join_all;
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::admin::Admin;
use super::process::{Process, Setup};
use super::worker::Worker;
use crate::support::services::{self, Postgres, Stop};

/// The variable for more cycles than the tests usually do.
const CYCLES: &str = "BILLSBY_KILL_CYCLES";
const USUAL: u32 = 200;
/// Cycles where every one takes long.
const FEW: u32 = 20;
const WORKERS: u64 = 4;
/// The longest that the workers are left alone, in milliseconds: in `SQLite`, and over a connection.
const LIFE: u64 = 60;
const LONG_LIFE: u64 = 250;

/// What is killed.
enum Victim<'a> {
    Program,
    Database(&'a Postgres),
}

#[tokio::test]
async fn killing_the_program_loses_nothing_in_sqlite() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let setup = Setup::sqlite(folder.path());
    endure("SQLite", &setup, &Victim::Program, cycles(USUAL), LIFE).await;
}

#[tokio::test]
async fn killing_the_program_loses_nothing_in_postgres() {
    let Some(database) = services::database("killing_the_program_loses_nothing_in_postgres") else {
        return;
    };
    let setup = Setup::new(&database.url());
    endure(
        "PostgreSQL",
        &setup,
        &Victim::Program,
        cycles(FEW),
        LONG_LIFE,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killing_postgres_loses_nothing() {
    let Some(postgres) = Postgres::start("killing_postgres_loses_nothing") else {
        return;
    };
    let setup = Setup::new(&postgres.url());
    let victim = Victim::Database(&postgres);
    endure(
        "PostgreSQL killed itself",
        &setup,
        &victim,
        cycles(FEW / 2),
        LONG_LIFE,
    )
    .await;
}

fn cycles(usual: u32) -> u32 {
    let wanted = std::env::var(CYCLES)
        .ok()
        .and_then(|text| text.parse().ok());
    wanted.map_or(usual, |wanted: u32| (wanted * usual / USUAL).max(5))
}

async fn endure(name: &str, setup: &Setup, victim: &Victim<'_>, cycles: u32, longest: u64) {
    let admin = setup.admin();
    let mut process = setup.start().await;
    let account = admin.account().await;
    let mut workers: Vec<_> = (1..=WORKERS)
        .map(|number| Worker::new(&account, number))
        .collect();
    let mut random = Pcg64::seed_from_u64(7);
    for _ in 0..cycles {
        let life = Duration::from_millis(random.random_range(0..=longest));
        let stop = CancellationToken::new();
        let work = join_all(workers.iter_mut().map(|worker| worker.work(&admin, &stop)));
        let strike = async {
            let next = strike(setup, victim, process, life).await;
            stop.cancel();
            next
        };
        let (doubts, next) = tokio::join!(work, strike);
        process = next;
        settled(&admin).await;
        join_all(workers.iter_mut().zip(doubts).map(async |(worker, doubt)| {
            if let Some(doubt) = doubt {
                worker.settle(&admin, doubt).await;
            }
            worker.verify_some(&admin).await;
        }))
        .await;
    }
    report(name, cycles, &workers);
    for worker in &workers {
        worker.verify_all(&admin).await;
    }
    let shown = admin
        .all(&format!("/integrated-account/{account}/mcp"))
        .await;
    let known: usize = workers.iter().map(|worker| worker.servers.len()).sum();
    assert_eq!(shown.len(), known, "there are servers that nobody made");
    assert!(!process.log().contains("panicked"), "{}", process.log());
}

/// Kills after a while, and starts again what was killed.
async fn strike(setup: &Setup, victim: &Victim<'_>, process: Process, life: Duration) -> Process {
    sleep(life).await;
    match victim {
        Victim::Program => {
            process.kill().await;
            setup.start().await
        }
        Victim::Database(postgres) => {
            tokio::task::block_in_place(|| postgres.stop(Stop::Killed));
            // For so long everybody notices.
            sleep(Duration::from_millis(300)).await;
            tokio::task::block_in_place(|| postgres.restart());
            process
        }
    }
}

/// Waits until the program has its store again, and knows what became of changes that nobody acknowledged.
async fn settled(admin: &Admin) {
    while admin.get("/integrated-account").await.is_err() {
        sleep(Duration::from_millis(20)).await;
    }
    let answered = Instant::now();
    loop {
        let since = answered.elapsed().as_millis();
        let status = admin.get("/status").await.expect("the status");
        let heard = status["store"]["heard_milliseconds_ago"].as_u64();
        if u128::from(heard.expect("a number")) < since {
            return;
        }
        sleep(Duration::from_millis(20)).await;
    }
}

fn report(name: &str, kills: u32, workers: &[Worker]) {
    let sum = |of: fn(&Worker) -> u32| workers.iter().map(of).sum::<u32>();
    let acknowledged = sum(|worker| worker.acknowledged);
    println!(
        "{name}: {kills} kills, {acknowledged} changes acknowledged, {} unanswered, of which {} had happened",
        sum(|worker| worker.unanswered),
        sum(|worker| worker.happened)
    );
    assert!(acknowledged > kills, "hardly anything was done");
}
