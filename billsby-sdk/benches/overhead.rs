//! What a call through the SDK costs in comparison with `reqwest` and `serde_json` alone.
//!
//! ```sh
//! cargo bench -p billsby-sdk --bench overhead
//! ```
//!
//! A server in the same thread answers at once, so everything that the clients do counts. First come
//! the ratios: batches of both clients take turns, and the median over all pairs of batches is
//! what the machine's other work disturbs least. Then come the times of single calls.

use std::io;
use std::time::{Duration, Instant};

use billsby_sdk::key::CustomerUniqueId;
use billsby_sdk::model::Customer;
use billsby_sdk::{Client, Page};
use divan::{Bencher, black_box};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

const PAIRS: usize = 201;
const CALLS_PER_BATCH: u32 = 40;

fn main() {
    let bench = Bench::new();
    print_ratio("customers.get", || bench.raw_get(), || bench.sdk_get());
    print_ratio("customers.list", || bench.raw_list(), || bench.sdk_list());
    divan::main();
}

#[divan::bench]
fn get_raw(bencher: Bencher<'_, '_>) {
    let bench = Bench::new();
    bencher.bench_local(|| bench.raw_get());
}

#[divan::bench]
fn get_sdk(bencher: Bencher<'_, '_>) {
    let bench = Bench::new();
    bencher.bench_local(|| bench.sdk_get());
}

#[divan::bench]
fn list_raw(bencher: Bencher<'_, '_>) {
    let bench = Bench::new();
    bencher.bench_local(|| bench.raw_list());
}

#[divan::bench]
fn list_sdk(bencher: Bencher<'_, '_>) {
    let bench = Bench::new();
    bencher.bench_local(|| bench.sdk_list());
}

/// A server and both clients.
struct Bench {
    runtime: Runtime,
    base_url: String,
    raw: reqwest::Client,
    sdk: Client,
    id: CustomerUniqueId,
}

impl Bench {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let base_url = serve(&runtime);
        let domain = "widgets".parse().unwrap();
        Self {
            runtime,
            // Like the SDK, it takes a proxy from the environment and says who it is.
            raw: reqwest::Client::builder()
                .user_agent("overhead")
                .build()
                .unwrap(),
            sdk: Client::builder("key", domain)
                .base_url(&base_url)
                .user_agent("overhead")
                .build()
                .unwrap(),
            base_url,
            id: "8WER0F4J1R".parse().unwrap(),
        }
    }

    fn raw_get(&self) {
        let url = format!("{}/core/widgets/customers/{}", self.base_url, self.id);
        black_box(self.raw_call::<Customer>(&url));
    }

    fn sdk_get(&self) {
        let call = self.sdk.customers().get(&self.id).send();
        black_box(self.runtime.block_on(call).unwrap());
    }

    fn raw_list(&self) {
        let url = format!(
            "{}/core/widgets/customers?page=1&pageSize=100",
            self.base_url
        );
        black_box(self.raw_call::<Page<Customer>>(&url));
    }

    fn sdk_list(&self) {
        let call = self.sdk.customers().list().send();
        black_box(self.runtime.block_on(call).unwrap());
    }

    /// What a program without the SDK would do at the least: it has a time limit, too.
    fn raw_call<T: DeserializeOwned>(&self, url: &str) -> T {
        self.runtime.block_on(async {
            let request = self
                .raw
                .get(url)
                .header("ApiKey", "key")
                .header("Accept", "application/json")
                .timeout(Duration::from_secs(30));
            let answer = request.send().await.unwrap().error_for_status().unwrap();
            serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
        })
    }
}

fn print_ratio(name: &str, raw: impl Fn(), sdk: impl Fn()) {
    // Connections are made, and caches filled, before anything counts.
    batch(&raw);
    batch(&sdk);
    let pairs: Vec<(f64, f64)> = (0..PAIRS)
        .map(|pair| {
            // Neither client always goes first.
            if pair % 2 == 0 {
                let raw = batch(&raw);
                (raw, batch(&sdk))
            } else {
                let sdk = batch(&sdk);
                (batch(&raw), sdk)
            }
        })
        .collect();
    let ratio = median(pairs.iter().map(|(raw, sdk)| sdk / raw));
    let [raw, sdk] = [
        median(pairs.iter().map(|(raw, _)| *raw)),
        median(pairs.iter().map(|(_, sdk)| *sdk)),
    ];
    println!(
        "{name}: SDK / raw = {ratio:.3}, median of {PAIRS} pairs of batches ({raw:.1} µs and {sdk:.1} µs per call)"
    );
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Microseconds per call of a batch.
fn batch(call: impl Fn()) -> f64 {
    let start = Instant::now();
    for _ in 0..CALLS_PER_BATCH {
        call();
    }
    start.elapsed().as_secs_f64() * 1e6 / f64::from(CALLS_PER_BATCH)
}

/// Starts a server in the runtime of the clients, and gives its address. On a thread of its own, how
/// the system places threads would count for more than what the clients do.
fn serve(runtime: &Runtime) -> String {
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let one = answer(&customer());
    let page = answer(&json!({
        "currentPage": 1, "pageCount": 1, "pageSize": 100, "rowCount": 100,
        "results": vec![customer(); 100],
    }));
    runtime.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            stream.set_nodelay(true).unwrap();
            let (one, page) = (one.clone(), page.clone());
            tokio::spawn(async move { answer_all(stream, &one, &page).await });
        }
    });
    base_url
}

/// Answers the requests of a connection until the client closes it.
async fn answer_all(stream: TcpStream, one: &[u8], page: &[u8]) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut head = String::new();
    loop {
        head.clear();
        while !head.ends_with("\r\n\r\n") {
            if stream.read_line(&mut head).await? == 0 {
                return Ok(());
            }
        }
        let answer = if head.contains('?') { page } else { one };
        stream.get_mut().write_all(answer).await?;
    }
}

fn answer(body: &Value) -> Vec<u8> {
    let body = body.to_string();
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

fn customer() -> Value {
    json!({
        "customerUniqueId": "8WER0F4J1R",
        "firstName": "Mary",
        "lastName": "Quinn",
        "email": "mary.quinn@example.com",
        "createdOn": "2026-01-02T03:04:05",
        "status": "Active",
        "billingAddress": {
            "addressLine1": "1 High Street",
            "city": "Leeds",
            "state": "West Yorkshire",
            "postCode": "LS1 1AA",
            "country": "GBR",
        },
        "phoneNumber": "7700900000",
        "phoneNumberDialCode": "44",
        "companyCurrency": "GBP",
        "totalAmountPaid": 120_000,
        "averageAmountPerMonth": 10_000,
        "isMarketingConsentGiven": false,
    })
}
