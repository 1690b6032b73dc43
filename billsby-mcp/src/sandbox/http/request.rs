//! A request for the API, from its head to its reply.

use std::time::Duration;

use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Request, Response};

use super::fault::{Fault, Outcome};
use super::payload::Payload;
use super::receive::receive;
use super::{Cut, Site, reply};
use crate::sandbox::contract::{self, Found, Refused};
use crate::sandbox::wire::{Answer, Refusal};
use crate::sandbox::{API_KEY, COMPANY_DOMAIN, Shared, billing};

const KEY: HeaderName = HeaderName::from_static("apikey");
/// Asks for a fault, as the query of the same meaning does.
const FAULT_HEADER: HeaderName = HeaderName::from_static("x-sandbox-fault");
const FAULT_QUERY: &str = "sandbox-fault";

/// What is known of a request before anything has been done for it.
struct Intent {
    found: Result<Found, Refused>,
    query: Vec<(String, String)>,
    fault: Option<Fault>,
}

/// Answers a request, or lets happen to it what a fault wants. A limit comes before everything else.
pub(super) async fn handle(
    site: &Site,
    request: Request<Incoming>,
) -> Result<Response<Payload>, Cut> {
    let (head, body) = request.into_parts();
    let body = receive(body).await?;
    if let Some(response) = site.shared.faults().over_limit() {
        return Ok(response);
    }
    let mut intent = match Intent::of(&site.shared, &head) {
        Ok(intent) => intent,
        Err(refusal) => return Ok(reply::refused(&refusal.into())),
    };
    let fault = intent.fault.take();
    if let Some(Fault::Delay { milliseconds }) = fault {
        wait(site, Duration::from_millis(milliseconds.into())).await?;
    }
    let outcome = if let Some(outcome) = fault.as_ref().and_then(Fault::instead) {
        outcome
    } else {
        let answer = intent.run(&site.shared, &head.headers, body);
        let response = answer.map_or_else(|refused| reply::refused(&refused), reply::answer);
        match fault {
            Some(fault) => fault.harm(response),
            None => Outcome::Reply(response),
        }
    };
    match outcome {
        Outcome::Reply(response) => Ok(response),
        Outcome::Cut => Err(Cut),
        Outcome::Hang => {
            site.stop.cancelled().await;
            Err(Cut)
        }
    }
}

impl Intent {
    /// Which operation and which fault a request is meant for.
    fn of(shared: &Shared, head: &Parts) -> Result<Self, Refusal> {
        let mut query = contract::query_pairs(head.uri.query())?;
        let wanted = query.iter().position(|(name, _)| name == FAULT_QUERY);
        let wanted = wanted.map(|index| query.remove(index).1);
        let header = head.headers.get(FAULT_HEADER).map(HeaderValue::as_bytes);
        let header = header.map(|value| String::from_utf8_lossy(value).into_owned());
        let explicit = wanted.or(header).as_deref().map(Fault::parse).transpose()?;
        let method = head.method.as_str();
        let found = contract::find(method, head.uri.path());
        let route = found.as_ref().ok().map(|found| found.route);
        let fault = explicit.or_else(|| shared.faults().next(route, method));
        Ok(Self {
            found,
            query,
            fault,
        })
    }

    /// Does what the request asks for.
    fn run(
        self,
        shared: &Shared,
        headers: &HeaderMap,
        body: Result<Bytes, Refusal>,
    ) -> Result<Answer, Refused> {
        let found = self.found?;
        check_access(headers, &found)?;
        let body = body?;
        check_encoding(headers, &body)?;
        let content_type = headers.get(CONTENT_TYPE).map(HeaderValue::to_str);
        let content_type = content_type.and_then(Result::ok);
        let route = found.route;
        let call = found.check(self.query, content_type, &body)?;
        let mut world = shared.world();
        billing::run_due(&mut world);
        world.cause = route.id;
        Ok((route.behaviour)(&mut world, &call)?)
    }
}

/// Bodies are taken as they are sent: a packed one would only be called something that is not JSON.
fn check_encoding(headers: &HeaderMap, body: &[u8]) -> Result<(), Refusal> {
    let mut encodings = headers.get_all(CONTENT_ENCODING).iter();
    if body.is_empty() || encodings.all(|encoding| encoding == "identity") {
        return Ok(());
    }
    Err(Refusal {
        status: 415,
        reason: "the header Content-Encoding is there, and no encoding is taken".to_owned(),
    })
}

/// Who may do something, and for which company.
fn check_access(headers: &HeaderMap, found: &Found) -> Result<(), Refusal> {
    let refuse = |status, reason: &str| {
        let reason = reason.to_owned();
        Err(Refusal { status, reason })
    };
    let mut keys = headers.get_all(KEY).iter();
    match (keys.next(), keys.next()) {
        (None, _) => return refuse(401, "the header ApiKey is missing"),
        (Some(_), Some(_)) => return refuse(401, "the header ApiKey is there more than once"),
        (Some(key), None) if key != API_KEY => {
            return refuse(
                401,
                "the header ApiKey has another value than the sandbox's key",
            );
        }
        (Some(_), None) => {}
    }
    match found.company_domain() {
        Some(domain) if domain != COMPANY_DOMAIN => refuse(
            403,
            "the key is for the company domain `sandbox`, and the path names another",
        ),
        _ => Ok(()),
    }
}

/// Waits, but not longer than the server runs.
async fn wait(site: &Site, time: Duration) -> Result<(), Cut> {
    tokio::select! {
        () = tokio::time::sleep(time) => Ok(()),
        () = site.stop.cancelled() => Err(Cut),
    }
}
