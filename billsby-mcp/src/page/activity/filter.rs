//! Which calls are asked for.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::page::form::{Form, Wrong};
use crate::page::part;
use crate::provision::{ActivityFilter, Lately, Paging, Problem, ProvisionError, Query, Span};

/// What an address of the screen, or of a file of it, may say.
const KNOWN: [&str; 12] = [
    "span",
    "server_id",
    "account_id",
    "tool",
    "outcome",
    "is_error",
    "customer",
    "invoice",
    "from",
    "until",
    "cursor",
    "limit",
];
/// The most steps of a span between two times, and how many seconds a step may have.
const MOST_STEPS: i64 = 90;
const STEPS: [i64; 10] = [
    60, 300, 600, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 604_800,
];

/// What is asked for.
#[derive(Debug)]
pub(super) struct Wanted {
    /// Which calls; from a certain time on, always.
    pub(super) filter: ActivityFilter,
    /// The time that the charts show.
    pub(super) span: Span,
    pub(super) paging: Paging,
}

impl Wanted {
    /// Reads the address of the screen. What a link from elsewhere may add is passed over.
    pub(super) fn of_screen(
        form: &Form,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<Self, ProvisionError> {
        let pairs = form.pairs().iter();
        let known = pairs.filter(|(name, _)| KNOWN.contains(&name.as_str()));
        Self::read(form, known.cloned().collect(), zone, now)
    }

    /// Reads the address of a file: with a filter that is misspelt it would have too many calls.
    pub(super) fn of_file(
        form: &Form,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<Self, ProvisionError> {
        Self::read(form, form.pairs().to_vec(), zone, now)
    }

    /// Times are in the viewer's zone, or have their own.
    fn read(
        form: &Form,
        mut pairs: Vec<(String, String)>,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<Self, ProvisionError> {
        let mut problems = Vec::new();
        for (name, value) in &mut pairs {
            *value = value.trim().to_owned();
            if matches!(name.as_str(), "from" | "until") {
                match time(value, zone) {
                    Ok(time) => *value = time,
                    Err(detail) => {
                        let pointer = format!("?{name}");
                        problems.push(Problem { pointer, detail });
                        value.clear();
                    }
                }
            }
        }
        let mut query = Query::new(&pairs, &KNOWN);
        let mut filter = query.activity();
        let paging = query.paging();
        add(query.finish(), &mut problems)?;
        let lately = match form.get("span").map(str::parse) {
            None => Lately::default(),
            Some(Ok(lately)) => lately,
            Some(Err(error)) => {
                add(Err(error), &mut problems)?;
                Lately::default()
            }
        };
        if !problems.is_empty() {
            return Err(ProvisionError::Invalid(problems));
        }
        let end = filter.until.unwrap_or(now);
        let span = match filter.from {
            Some(from) => between(from, end),
            None => Span::lately(end, lately),
        };
        filter.from = Some(span.from);
        Ok(Self {
            filter,
            span,
            paging,
        })
    }
}

/// Keeps what is wrong with the address; any other error stays one.
fn add(
    result: Result<(), ProvisionError>,
    problems: &mut Vec<Problem>,
) -> Result<(), ProvisionError> {
    if let Err(error) = result {
        problems.extend(Wrong::of(error)?.0);
    }
    Ok(())
}

/// A time as the query of the API has it.
fn time(text: &str, zone: &TimeZone) -> Result<String, String> {
    if text.is_empty() || text.parse::<Timestamp>().is_ok() {
        return Ok(text.to_owned());
    }
    part::read_local(text, zone).map(|at| at.to_string())
}

/// The span between two times, in steps of a usual length.
fn between(from: Timestamp, until: Timestamp) -> Span {
    let seconds = until.duration_since(from).as_secs();
    let fits = |step: &i64| *step * MOST_STEPS >= seconds;
    let day = SignedDuration::from_hours(24).as_secs();
    let step = STEPS.into_iter().find(fits);
    let step = step.unwrap_or((seconds / MOST_STEPS / day + 1) * day);
    Span {
        from,
        until,
        step: SignedDuration::from_secs(step),
    }
}

/// An address with the same filter from its first page on, and with another value of one name if that is given.
pub(super) fn address(path: &str, form: &Form, other: Option<(&str, &str)>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form.pairs() {
        let value = value.trim();
        let is_kept = KNOWN.contains(&name.as_str())
            && !matches!(name.as_str(), "cursor" | "limit")
            && other.is_none_or(|(other, _)| other != name);
        if is_kept && !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    if let Some((name, value)) = other {
        query.append_pair(name, value);
    }
    format!("{path}?{}", query.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-23T14:05:00Z";

    fn wanted(query: &str) -> Result<Wanted, ProvisionError> {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        Wanted::of_screen(&Form::parse(query.as_bytes()), &zone, NOW.parse().unwrap())
    }

    fn wrong(error: ProvisionError) -> Vec<String> {
        let wrong = Wrong::of(error).unwrap().0.into_iter();
        let mut wrong: Vec<String> = wrong.map(|problem| problem.pointer).collect();
        wrong.sort_unstable();
        wrong
    }

    #[test]
    fn without_a_word_it_is_the_last_day() {
        let wanted = wanted("server_id=&tool=&from=&until=").unwrap();
        let day = Span::lately(NOW.parse().unwrap(), Lately::Day);
        assert_eq!(wanted.span, day);
        assert_eq!(wanted.filter.from, Some(day.from));
        assert_eq!(wanted.filter.until, None);
    }

    #[test]
    fn times_are_in_the_viewers_zone_unless_they_have_one() {
        let wanted = wanted("from=2026-11-01T00%3A00&until=2026-11-02T00%3A00%3A00Z").unwrap();
        assert_eq!(
            wanted.filter.from,
            Some("2026-10-31T23:00:00Z".parse().unwrap())
        );
        assert_eq!(
            wanted.filter.until,
            Some("2026-11-02T00:00:00Z".parse().unwrap())
        );
        assert_eq!(wanted.span.from, wanted.filter.from.unwrap());
        assert_eq!(wanted.span.until, wanted.filter.until.unwrap());
        assert_eq!(wanted.span.step, SignedDuration::from_mins(30));
    }

    #[test]
    fn a_span_has_few_steps_however_long_it_is() {
        for (from, until) in [
            ("2026-11-23T14:00:00Z", "2026-11-23T14:00:01Z"),
            ("2026-01-01T00:00:00Z", "2026-11-23T14:00:00Z"),
            ("-000500-01-01T00:00:00Z", "2026-11-23T14:00:00Z"),
            ("2026-11-23T14:00:00Z", "2026-11-23T13:00:00Z"),
        ] {
            let span = between(from.parse().unwrap(), until.parse().unwrap());
            let length = span.until.duration_since(span.from).as_secs();
            let step = span.step.as_secs();
            assert!(step >= 60 && length <= step * MOST_STEPS, "{from}");
        }
    }

    #[test]
    fn everything_that_is_wrong_is_told() {
        let query = "from=2026-03-29T02%3A30&until=soon&span=2h&outcome=good&is_error=maybe";
        let expected = ["?from", "?is_error", "?outcome", "?span", "?until"];
        assert_eq!(wrong(wanted(query).unwrap_err()), expected);
    }

    #[test]
    fn only_a_file_minds_what_it_does_not_know() {
        let query = "tool=get_invoice&utm_source=mail&done=made";
        assert_eq!(
            wanted(query).unwrap().filter.tool.as_deref(),
            Some("get_invoice")
        );
        let form = Form::parse(query.as_bytes());
        let file = Wanted::of_file(&form, &TimeZone::UTC, NOW.parse().unwrap());
        assert_eq!(wrong(file.unwrap_err()), ["?done", "?utm_source"]);
    }

    #[test]
    fn an_address_keeps_the_filter() {
        let form = Form::parse(b"span=7d&tool=a+b&customer=&from=2026-11-01T00%3A00&cursor=c&x=y");
        assert_eq!(
            address("/p", &form, None),
            "/p?span=7d&tool=a+b&from=2026-11-01T00%3A00"
        );
        assert_eq!(
            address("/p", &form, Some(("tool", "c&d"))),
            "/p?span=7d&from=2026-11-01T00%3A00&tool=c%26d"
        );
    }
}
