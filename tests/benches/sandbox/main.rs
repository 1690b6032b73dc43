//! What the sandbox costs: reads from it in comparison with a trivial server that answers the same
//! number of bytes, in one run on one machine.
//!
//! ```sh
//! cargo bench -p billsby-tests --bench sandbox
//! ```
//!
//! Both servers get the same requests over the same number of connections, and take turns in short
//! rounds; the median over the rounds' ratios is what the machine's other work disturbs least. Linux
//! only: memory comes from `/proc`.

#[path = "../../it/support/program.rs"]
mod program;

#[path = "../mcp/load.rs"]
mod load;

mod connection;
mod process;
mod trivial;

use std::time::Duration;

use billsby_mcp::sandbox::COMPANY_DOMAIN;
use connection::Connections;
use load::Rate;
use process::Process;
use tokio::runtime::Runtime;
use trivial::Trivial;

const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_millis(700);
const STARTS: usize = 5;
const CONNECTIONS: usize = 16;
const CUSTOMERS: [u32; 2] = [120, 100_000];

fn main() {
    // Cargo runs benches as tests, too; there is nothing to check here.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let runtime = Runtime::new().expect("a runtime");
    runtime.block_on(async {
        println!("customers                 read    bytes  trivial/s  sandbox/s  ratio");
        for customers in CUSTOMERS {
            reads(customers).await;
        }
        starts(CUSTOMERS[1]).await;
    });
}

async fn reads(customers: u32) {
    let (sandbox, _) = Process::start(customers).await;
    let list = |page: u32| format!("/core/{COMPANY_DOMAIN}/customers?page={page}&pageSize=100");
    let page = list(1 + customers / 250);
    let id = sandbox.first_customer(&page).await;
    let reads = [
        (
            "one customer",
            format!("/core/{COMPANY_DOMAIN}/customers/{id}"),
        ),
        ("page of 100", page),
    ];
    for (name, path) in reads {
        let answer = sandbox.read(&path).await;
        let trivial = Trivial::start(answer.clone());
        let from_trivial = Connections::open(trivial.address, &path, &answer, CONNECTIONS).await;
        let from_sandbox = Connections::open(sandbox.address, &path, &answer, CONNECTIONS).await;
        let rounds = compare(&from_trivial, &from_sandbox).await;
        let per_second = |pick: fn(&(Rate, Rate)) -> Rate| {
            median(rounds.iter().map(|round| pick(round).per_second()))
        };
        println!(
            "{customers:>9} {name:>20} {:>8} {:>10.0} {:>10.0} {:>6.2}",
            answer.len(),
            per_second(|round| round.0),
            per_second(|round| round.1),
            median(
                rounds
                    .iter()
                    .map(|(trivial, sandbox)| sandbox.per_second() / trivial.per_second())
            ),
        );
    }
    println!(
        "{customers:>9} {:>20} {:.0} MB",
        "memory after load",
        sandbox.resident_megabytes()
    );
}

async fn compare(trivial: &Connections, sandbox: &Connections) -> Vec<(Rate, Rate)> {
    load::run(trivial, CONNECTIONS, ROUND / 4).await;
    load::run(sandbox, CONNECTIONS, ROUND / 4).await;
    let mut rounds = Vec::new();
    for round in 0..ROUNDS {
        // Neither server always goes first.
        let mut without = Rate::default();
        if round % 2 == 0 {
            without = load::run(trivial, CONNECTIONS, ROUND).await;
        }
        let with = load::run(sandbox, CONNECTIONS, ROUND).await;
        if round % 2 == 1 {
            without = load::run(trivial, CONNECTIONS, ROUND).await;
        }
        rounds.push((without, with));
    }
    rounds
}

async fn starts(customers: u32) {
    let mut seconds = Vec::new();
    let mut megabytes = 0.0_f64;
    for _ in 0..STARTS {
        let (sandbox, first_answer) = Process::start(customers).await;
        seconds.push(first_answer.as_secs_f64());
        megabytes = megabytes.max(sandbox.resident_megabytes());
    }
    println!(
        "\nstart to first answer with {customers} customers, median of {STARTS}: {:.2} s; memory {megabytes:.0} MB",
        median(seconds)
    );
}

fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
