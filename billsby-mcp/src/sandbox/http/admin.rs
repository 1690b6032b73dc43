//! The paths below `/__sandbox/`: what happened, what time it is, which faults there are.

use hyper::body::Incoming;
use hyper::header::{HOST, HeaderValue, ORIGIN};
use hyper::http::request::Parts;
use hyper::{Request, Response};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::payload::Payload;
use super::receive::receive;
use super::rule::{Faults, Settings};
use super::{ADMIN_PATH, Cut, Site, effects, problem, reply};
use crate::sandbox::company::Company;
use crate::sandbox::contract::{self, Refused};
use crate::sandbox::wire::Refusal;
use crate::sandbox::{Shared, billing, snapshot};

/// The furthest that the clock is moved at once.
const FURTHEST: SignedDuration = SignedDuration::from_hours(24 * 3660);
/// The most periods that are billed at once: each of them leaves an invoice in memory.
const MOST_PERIODS: u64 = 200_000;

/// Every path with its methods.
const PATHS: [(&str, &str); 6] = [
    ("/effects", "GET"),
    ("/reset", "POST"),
    ("/clock", "GET, POST"),
    ("/state", "GET"),
    ("/snapshot", "POST"),
    ("/faults", "GET, PUT, DELETE"),
];

/// How far to move the clock.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance: Value,
}

/// Answers a request.
pub(super) async fn handle(
    site: &Site,
    request: Request<Incoming>,
) -> Result<Response<Payload>, Cut> {
    let (head, body) = request.into_parts();
    let body = receive(body).await?;
    if let Err(refusal) = check_caller(site, &head) {
        return Ok(reply::refusal(&refusal));
    }
    let body = match body {
        Ok(body) => body,
        Err(refusal) => return Ok(reply::refusal(&refusal)),
    };
    let shared = site.shared.clone();
    // A large company takes a while to be written or made.
    let handled = tokio::task::spawn_blocking(move || run(&shared, &head, &body)).await;
    handled.map_err(|_| Cut)
}

/// Keeps web pages out, which can reach every server that the machine they are shown on can reach.
fn check_caller(site: &Site, head: &Parts) -> Result<(), Refusal> {
    let refuse = |reason: &str| {
        let (status, reason) = (403, reason.to_owned());
        Err(Refusal { status, reason })
    };
    if head.headers.contains_key(ORIGIN) {
        return refuse("web pages may not use these paths: the header Origin is there");
    }
    if !site.is_local {
        // Others reach it by names that nobody here knows.
        return Ok(());
    }
    let host = head.headers.get(HOST).map(HeaderValue::to_str);
    match host {
        Some(Ok(host)) if is_loopback(host) => Ok(()),
        _ => refuse("the header Host names another machine"),
    }
}

fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || address
            .parse()
            .is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

fn run(shared: &Shared, head: &Parts, body: &[u8]) -> Response<Payload> {
    let path = head.uri.path().strip_prefix(ADMIN_PATH).unwrap_or_default();
    let Some((path, allow)) = PATHS.iter().find(|(known, _)| *known == path) else {
        let known: Vec<&str> = PATHS.iter().map(|(path, _)| *path).collect();
        let known = known.join(", ");
        let reason = format!("below {ADMIN_PATH} there are {known}");
        return reply::refusal(&Refusal::not_found(reason));
    };
    let done = match (head.method.as_str(), *path) {
        ("GET", "/effects") => effects(shared, head),
        ("POST", "/reset") => Ok(reset(shared)),
        ("GET", "/clock") => Ok(clock(shared)),
        ("POST", "/clock") => advance(shared, body),
        ("GET", "/state") => Ok(state(shared)),
        ("POST", "/snapshot") => write_snapshot(shared),
        ("GET", "/faults") => Ok(reply::json(&shared.faults().settings())),
        ("PUT", "/faults") => set_faults(shared, body),
        ("DELETE", "/faults") => Ok(clear_faults(shared)),
        _ => return reply::refused(&Refused::wrong_method(allow)),
    };
    done.unwrap_or_else(|refusal| reply::refusal(&refusal))
}

fn effects(shared: &Shared, head: &Parts) -> Result<Response<Payload>, Refusal> {
    let wanted = effects::Wanted::read(&contract::query_pairs(head.uri.query())?)?;
    let mut world = shared.world();
    billing::run_due(&mut world);
    Ok(reply::json(&wanted.report(world.journal.effects())))
}

/// Everything as it was at the start, without faults, and with an empty journal.
fn reset(shared: &Shared) -> Response<Payload> {
    let world = shared.start.world();
    *shared.world() = world;
    *shared.faults() = Faults::default();
    reply::json(&json!({}))
}

fn clock(shared: &Shared) -> Response<Payload> {
    reply::json(&json!({"now": shared.world().now()}))
}

fn advance(shared: &Shared, body: &[u8]) -> Result<Response<Payload>, Refusal> {
    let Advance { advance } = read(body)?;
    let mut world = shared.world();
    let by = duration(&advance, world.now())
        .filter(|by| (SignedDuration::ZERO..=FURTHEST).contains(by))
        .ok_or_else(|| {
            Refusal::bad_request(
                "advance is a number of seconds or a duration such as P30D, forward and at most 3660 days",
            )
        })?;
    let until = world.now().saturating_add(by).unwrap_or(Timestamp::MAX);
    let periods = periods_until(&world.company, until);
    if periods > MOST_PERIODS {
        return Err(Refusal::bad_request(format!(
            "about {periods} periods would be billed on the way, and at most {MOST_PERIODS} are at once: \
             move the clock in smaller steps"
        )));
    }
    world.clock.advance(by);
    billing::run_due(&mut world);
    Ok(reply::json(&json!({"now": world.now()})))
}

/// About how many periods come due until a time, if everybody pays and nobody changes anything.
fn periods_until(company: &Company, until: Timestamp) -> u64 {
    let due = company.due.iter().take_while(|(at, _)| *at <= until);
    due.map(|(at, id)| {
        let subscription = company.subscriptions.get(id);
        let cycle = subscription.and_then(|found| company.cycle(found.cycle_id));
        let days = cycle.map_or(i64::MAX, |(_, cycle)| cycle.period.days());
        let periods = until.duration_since(*at).as_hours() / 24 / days.max(1);
        1 + u64::try_from(periods).unwrap_or_default()
    })
    .sum()
}

/// A number of seconds, or a duration as ISO 8601 writes it: months are as long as the next ones are.
fn duration(written: &Value, now: Timestamp) -> Option<SignedDuration> {
    match written {
        Value::Number(seconds) => Some(SignedDuration::from_secs(seconds.as_i64()?)),
        Value::String(text) => {
            let span: Span = text.parse().ok()?;
            span.to_duration(&now.to_zoned(TimeZone::UTC)).ok()
        }
        _ => None,
    }
}

fn state(shared: &Shared) -> Response<Payload> {
    let mut world = shared.world();
    billing::run_due(&mut world);
    reply::json(&world.company)
}

fn write_snapshot(shared: &Shared) -> Result<Response<Payload>, Refusal> {
    let Some(path) = &shared.snapshot else {
        return Err(Refusal::bad_request(
            "the sandbox was started without a snapshot file",
        ));
    };
    let text = snapshot::text(&shared.world());
    snapshot::write(path, &text).map_err(|error| Refusal {
        status: 500,
        reason: error.to_string(),
    })?;
    Ok(reply::json(&json!({"bytes": text.len()})))
}

fn set_faults(shared: &Shared, body: &[u8]) -> Result<Response<Payload>, Refusal> {
    let settings: Settings = read(body)?;
    let faults = Faults::try_new(settings).map_err(Refusal::bad_request)?;
    let settings = faults.settings();
    *shared.faults() = faults;
    Ok(reply::json(&settings))
}

fn clear_faults(shared: &Shared) -> Response<Payload> {
    *shared.faults() = Faults::default();
    reply::json(&shared.faults().settings())
}

/// Reads a body that is JSON of this form.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| {
        let problem = problem::of(&error);
        Refusal::bad_request(format!("the body is not as it should be: {problem}"))
    })
}
