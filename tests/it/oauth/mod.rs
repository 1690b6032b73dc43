//! Who may enter: API tokens, and access tokens of OAuth issuers.

mod discovery;
mod gate;
mod issuer;
mod key;
mod served;
mod tokens;

use std::time::Duration;

use billsby_mcp::clock::Clock;
use billsby_mcp::oauth::{Grant, IssuerOptions, Issuers, Refusal};
use jiff::Timestamp;
use serde_json::{Value, json};

use issuer::Issuer;

/// The server that tokens are for.
const AUDIENCE: &str = "https://mcp.example.com/mcp/mcp_01kavqxt0000000000000000aa";
/// When the tests take place, in seconds: 2026-11-22T12:00:00Z.
const NOW: i64 = 1_795_348_800;
/// How long an issuer may take that never answers.
const SHORT: Duration = Duration::from_millis(300);
/// The same for one that does.
const LONG: Duration = Duration::from_secs(30);

/// Checks tokens at a time of its own.
struct Checker {
    issuers: Issuers,
    clock: Clock,
}

impl Checker {
    fn of(issuer: &Issuer) -> Self {
        Self::of_all(&[issuer])
    }

    fn of_all(issuers: &[&Issuer]) -> Self {
        Self::with_timeout(issuers, LONG)
    }

    fn with_timeout(issuers: &[&Issuer], timeout: Duration) -> Self {
        let clock = Clock::standing(second(NOW));
        let urls = issuers.iter().map(|issuer| issuer.url.parse());
        let options = IssuerOptions {
            issuers: urls.collect::<Result<_, _>>().expect("addresses"),
            clock: clock.clone(),
            timeout,
        };
        Self {
            issuers: Issuers::new(&options).expect("issuers"),
            clock,
        }
    }

    async fn check(&self, token: &str) -> Result<Grant, Refusal> {
        let accepted = self.issuers.check(token, AUDIENCE).await;
        accepted.map(|accepted| accepted.grant)
    }

    /// Goes to a time.
    fn at(&self, time: i64) {
        self.clock.set(second(time));
    }
}

fn second(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("a time")
}

/// What a good token of an issuer says.
fn claims(issuer: &Issuer) -> Value {
    json!({
        "iss": issuer.url,
        "aud": AUDIENCE,
        "sub": "somebody",
        "exp": NOW + 61,
        "nbf": NOW,
        "scope": "read write",
    })
}
