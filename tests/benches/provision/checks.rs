//! What it takes to find out whether a token opens a server that is in use.

use std::hint::black_box;
use std::time::Instant;

use billsby_mcp::registry::Found;
use billsby_mcp::secret::{SecretToken, TokenKind};
use billsby_mcp::store::StoreUrl;

use crate::fill::{Filled, usual};
use crate::median;

const SERVERS: usize = 1_000;
const ROUNDS: usize = 11;
const CHECKS: u32 = 20_000;

pub(crate) async fn run() {
    let filled = Filled::open(&StoreUrl::Memory, None).await;
    let tokens = filled.servers(SERVERS, usual).await;
    let bearer = filled.api_token().await;
    let registry = filled.registry().await;
    let good = tokens[SERVERS / 2].as_str();
    let Found::Server(live) = registry.find(good).await else {
        panic!("a server");
    };
    let unknown = SecretToken::generate(TokenKind::Server).expect("random numbers");
    let mut misspelt = good.to_owned();
    misspelt.replace_range(
        6..7,
        if misspelt.as_bytes()[6] == b'x' {
            "y"
        } else {
            "x"
        },
    );

    let mut rounds = [const { Vec::new() }; 4];
    for _ in 0..ROUNDS {
        for (at, token) in [good, unknown.reveal(), &misspelt].into_iter().enumerate() {
            let start = Instant::now();
            for _ in 0..CHECKS {
                black_box(registry.find(black_box(token)).await);
            }
            rounds[at].push(microseconds(start));
        }
        let start = Instant::now();
        for _ in 0..CHECKS {
            black_box(registry.opens(black_box(&bearer), live.record.id));
        }
        rounds[3].push(microseconds(start));
    }
    println!("one of {SERVERS} servers, median of {ROUNDS} rounds of {CHECKS} checks");
    let names = [
        "a good token",
        "an unknown one",
        "a misspelt one",
        "an API token as well",
    ];
    for (name, times) in names.into_iter().zip(rounds) {
        println!("{name:<24} {:>8.2} µs", median(times));
    }
}

fn microseconds(start: Instant) -> f64 {
    1e6 * start.elapsed().as_secs_f64() / f64::from(CHECKS)
}
