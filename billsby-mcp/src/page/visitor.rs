//! Who looks at the page, and how times are shown there.

use std::fmt;

use axum::http::HeaderMap;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::session::Session;

/// The cookie with the name of the viewer's time zone, which the script sets.
const ZONE: &str = "zone";

/// Somebody who is signed in.
#[derive(Clone)]
pub(super) struct Visitor {
    pub(super) session: Session,
    /// What every form of this session has to hold.
    pub(super) csrf: String,
    pub(super) zone: TimeZone,
    /// The time by which everything is judged.
    pub(super) now: Timestamp,
}

impl Visitor {
    pub(super) fn new(session: Session, csrf: String, headers: &HeaderMap, now: Timestamp) -> Self {
        Self {
            session,
            csrf,
            zone: zone(headers),
            now,
        }
    }
}

impl fmt::Debug for Visitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Visitor(…)")
    }
}

/// The zone that the viewer's browser named, or UTC.
fn zone(headers: &HeaderMap) -> TimeZone {
    let zone = cookies(headers, ZONE).find_map(|name| zone_named(&name));
    zone.unwrap_or(TimeZone::UTC)
}

/// The zone with a name, if there is one.
pub(super) fn zone_named(name: &str) -> Option<TimeZone> {
    // The names of the database have nothing else; a path must not get that far.
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+');
    let is_name = (1..=64).contains(&name.len()) && name.chars().all(fits);
    TimeZone::get(Some(name).filter(|_| is_name)?).ok()
}

/// The values of all cookies with a name: another program of this host may have set one as well.
pub(super) fn cookies(headers: &HeaderMap, name: &str) -> impl Iterator<Item = String> {
    let lines = headers.get_all(axum::http::header::COOKIE).into_iter();
    let lines = lines.filter_map(|line| line.to_str().ok());
    let cookies =
        lines.flat_map(|line| cookie::Cookie::split_parse_encoded(line).filter_map(Result::ok));
    let found = cookies.filter(move |cookie| cookie.name() == name);
    found.map(|cookie| cookie.value().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_one_of_the_database() {
        let named = |name| zone_named(name).is_some();
        for name in [
            "Europe/Berlin",
            "UTC",
            "Etc/GMT+5",
            "America/Port-au-Prince",
        ] {
            assert!(named(name), "{name}");
        }
        for name in [
            "",
            "Europe/Atlantis",
            "../../etc/passwd",
            "Europe/Berlin\0",
            &"x".repeat(99),
        ] {
            assert!(!named(name), "{name}");
        }
    }
}
