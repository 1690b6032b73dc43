//! What the MCP server costs: calls through it in comparison with the same calls without it, in one
//! run on one machine.
//!
//! ```sh
//! cargo bench -p billsby-tests --bench mcp
//! ```
//!
//! A trivial upstream answers at once, so everything that the server does counts. Both clients take
//! turns in short rounds, and the median over the rounds' ratios is what the machine's other work
//! disturbs least. Linux only: CPU time and memory come from `/proc`.

#[path = "../../it/support/program.rs"]
mod program;

mod http;
mod load;
mod process;
mod stdio;
mod upstream;

use std::time::Duration;

use load::{Caller, Rate};
use process::Server;
use tokio::runtime::Runtime;
use upstream::Upstream;

const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_millis(700);
const STARTS: usize = 15;

fn main() {
    // Cargo runs benches as tests, too; there is nothing to check here.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let runtime = Runtime::new().expect("a runtime");
    let upstream = Upstream::start();
    runtime.block_on(async {
        starts(&upstream).await;
        println!("\n           in flight   direct/s  through/s   share   server CPU per call");
        through_stdio(&upstream).await;
        through_http(&upstream).await;
    });
}

async fn starts(upstream: &Upstream) {
    let mut stdio = Vec::new();
    let mut http = Vec::new();
    for _ in 0..STARTS {
        stdio.push(stdio::time_to_first_list(upstream).await);
        http.push(http::time_to_first_list(upstream).await);
    }
    println!(
        "start to first tools/list, median of {STARTS}: stdio {:.1} ms, HTTP {:.1} ms",
        1000.0 * median(stdio),
        1000.0 * median(http)
    );
}

async fn through_stdio(upstream: &Upstream) {
    for in_flight in [1, 16] {
        let (server, caller) = stdio::start(upstream, in_flight).await;
        compare("stdio", upstream, &server, &caller, in_flight).await;
    }
}

async fn through_http(upstream: &Upstream) {
    let (server, caller) = http::start(upstream).await;
    let at_start = server.resident_megabytes();
    for in_flight in [1, 16, 64] {
        compare("HTTP", upstream, &server, &caller, in_flight).await;
    }
    println!(
        "\nmemory of the HTTP server: {at_start:.1} MB at start, {:.1} MB after the load",
        server.resident_megabytes()
    );
}

/// Prints how many calls a second reach the upstream through a server, and without it.
async fn compare(
    name: &str,
    upstream: &Upstream,
    server: &Server,
    caller: &impl Caller,
    in_flight: usize,
) {
    let direct = upstream.direct();
    // Connections are made, and caches filled, before anything counts.
    load::run(&direct, in_flight, ROUND / 4).await;
    load::run(caller, in_flight, ROUND / 4).await;
    let mut rounds: Vec<(Rate, Rate)> = Vec::new();
    let mut processor_time = Duration::ZERO;
    for round in 0..ROUNDS {
        // Neither client always goes first.
        let mut without = Rate::default();
        if round % 2 == 0 {
            without = load::run(&direct, in_flight, ROUND).await;
        }
        let before = server.processor_time();
        let through = load::run(caller, in_flight, ROUND).await;
        processor_time += server.processor_time().saturating_sub(before);
        if round % 2 == 1 {
            without = load::run(&direct, in_flight, ROUND).await;
        }
        rounds.push((without, through));
    }
    let calls: u32 = rounds.iter().map(|(_, through)| through.calls).sum();
    println!(
        "{name:<10} {in_flight:>9} {:>10.0} {:>10.0} {:>6.1}% {:>18.3} ms",
        median(rounds.iter().map(|(direct, _)| direct.per_second())),
        median(rounds.iter().map(|(_, through)| through.per_second())),
        100.0
            * median(
                rounds
                    .iter()
                    .map(|(direct, through)| through.per_second() / direct.per_second())
            ),
        1000.0 * processor_time.as_secs_f64() / f64::from(calls),
    );
}

fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
