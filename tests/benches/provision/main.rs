//! What provisioned servers cost: the check of a token, a call through a provisioned URL beside one through
//! a fixed one, memory, and starts with very many records.
//!
//! ```sh
//! cargo bench -p billsby-tests --bench provision
//! BILLSBY_BENCH_POSTGRES=postgres://… cargo bench -p billsby-tests --bench provision
//! ```
//!
//! The database that is named must be empty; without one only `SQLite` is measured. Linux only: memory comes
//! from `/proc`.

#[path = "../mcp/load.rs"]
mod load;
#[path = "../mcp/upstream.rs"]
#[expect(dead_code, reason = "nothing is called without a server here")]
mod upstream;

mod calls;
mod checks;
mod fill;
mod many;
mod memory;

use tokio::runtime::Runtime;

fn main() {
    // Cargo runs benches as tests, too; there is nothing to check here.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let runtime = Runtime::new().expect("a runtime");
    runtime.block_on(async {
        checks::run().await;
        calls::run().await;
        memory::run().await;
        many::run().await;
    });
}

fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    percentile(values, 50)
}

/// The value below which so many of a hundred lie.
fn percentile(values: impl IntoIterator<Item = f64>, percent: usize) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values[values.len() * percent / 100]
}

/// The memory of this process, in megabytes.
fn resident_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let mut lines = status.lines();
    let line = lines.find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line
        .expect("the resident set")
        .trim()
        .trim_end_matches(" kB");
    kilobytes.parse::<f64>().expect("a number") / 1024.0
}
