//! When a server is to end, as a form says it.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::asked::Asked;
use crate::page::form::{Form, Wrong};
use crate::page::part::{self, Choice, Field};
use crate::page::visitor::{Visitor, zone_named};

const NEVER: &str = "never";
const KEEP: &str = "keep";
const ON: &str = "on";
/// How long from now, in hours.
const SPANS: [(&str, i64, &str); 5] = [
    ("1h", 1, "in 1 hour"),
    ("1d", 24, "in 1 day"),
    ("7d", 7 * 24, "in 7 days"),
    ("30d", 30 * 24, "in 30 days"),
    ("90d", 90 * 24, "in 90 days"),
];
/// Where the end is in the body.
pub(super) const POINTER: &str = "/expires_at";

/// When something is to end, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct End {
    word: String,
    on: String,
    /// The exact end that the typed time shows, as long as nobody types another: clocks show some times twice.
    exact: Option<Timestamp>,
    /// Whether the time was typed in a zone that is not known here.
    is_elsewhere: bool,
}

/// The same request, with its times in the zone in which its form showed them: the viewer's may have become
/// another since. The form stays in its zone until it is opened anew.
pub(super) fn in_zone_of_form(mut asked: Asked) -> Asked {
    if let Some(zone) = asked.form.get("zone").and_then(zone_named) {
        asked.visitor.zone = zone;
    }
    asked
}

/// What that means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// As it is.
    Kept,
    Never,
    At(Timestamp),
}

impl When {
    /// The end of a server.
    pub(super) fn of(end: Option<Timestamp>) -> Self {
        end.map_or(Self::Never, Self::At)
    }
}

impl End {
    pub(super) fn never() -> Self {
        Self::of_word(NEVER)
    }

    pub(super) fn kept() -> Self {
        Self::of_word(KEEP)
    }

    /// For another server, what one has: as long as that lies ahead. What had an end does not get none.
    pub(super) fn like(end: Option<Timestamp>, visitor: &Visitor) -> Self {
        match end {
            None => Self::never(),
            Some(at) if at > visitor.now => Self {
                on: part::write_local(at, &visitor.zone),
                exact: Some(at),
                ..Self::of_word(ON)
            },
            Some(_) => Self::of_word("7d"),
        }
    }

    fn of_word(word: &str) -> Self {
        Self {
            word: word.to_owned(),
            on: String::new(),
            exact: None,
            is_elsewhere: false,
        }
    }

    /// What a form says; what it does not say is as `usual`.
    pub(super) fn of_form(form: &Form, usual: Self) -> Self {
        let zone = form.get("zone");
        Self {
            word: form.get("expires").map_or(usual.word, str::to_owned),
            on: form.get("expires_on").unwrap_or_default().to_owned(),
            exact: form.read("expires_at"),
            is_elsewhere: zone.is_some_and(|zone| zone_named(zone).is_none()),
        }
    }

    /// What it means, counted from a time, in the zone in which it was typed.
    pub(super) fn when(&self, from: Timestamp, zone: &TimeZone) -> Result<When, String> {
        if self.word == ON {
            if self.on.is_empty() {
                return Err("say at what time the server ends, or choose another end".to_owned());
            }
            if self.is_elsewhere {
                return Err(
                    "its zone is not known here: look whether the time is right now".to_owned(),
                );
            }
            let typed = part::read_local(&self.on, zone)?;
            return Ok(When::At(self.exact_in(zone, typed).unwrap_or(typed)));
        }
        // Whoever typed a time wants an end: a server that never ends must not come of it.
        if !self.on.is_empty() {
            return Err(
                "a time is given: choose \"at the time below\", or clear the time".to_owned(),
            );
        }
        match self.word.as_str() {
            NEVER => Ok(When::Never),
            KEEP => Ok(When::Kept),
            word => {
                let span = SPANS.iter().find(|(known, ..)| *known == word);
                let (_, hours, _) = span.ok_or("choose when the server ends")?;
                // The form says in whole seconds from when on it counts.
                let end = Timestamp::from_second(from.as_second() + hours * 3_600);
                end.map(When::At).map_err(|_| "is out of range".to_owned())
            }
        }
    }

    /// The exact end, if what was typed is what is shown of it.
    fn exact_in(&self, zone: &TimeZone, typed: Timestamp) -> Option<Timestamp> {
        let shown = |at: Timestamp| part::read_local(&part::write_local(at, zone), zone);
        self.exact.filter(|at| shown(*at) == Ok(typed))
    }

    /// The controls of a form whose spans count from when it is sent. `present` is the end that there is, if it can
    /// be kept.
    pub(super) fn fields(&self, visitor: &Visitor, present: Option<When>, wrong: &Wrong) -> Markup {
        let hint = "From then on its URL opens nothing. A span counts from when you set it.";
        self.controls(visitor, present, wrong, hint)
    }

    /// Those of a form whose spans count from when it was shown.
    pub(super) fn fields_since_shown(
        &self,
        visitor: &Visitor,
        present: Option<When>,
        wrong: &Wrong,
    ) -> Markup {
        let hint = "From then on its URL opens nothing. A span counts from when this form or its preview was last shown.";
        self.controls(visitor, present, wrong, hint)
    }

    fn controls(
        &self,
        visitor: &Visitor,
        present: Option<When>,
        wrong: &Wrong,
        hint: &str,
    ) -> Markup {
        let zone = visitor.zone.iana_name().unwrap_or("UTC");
        let is_on = self.word == ON;
        let place = |is_here: bool| if is_here { POINTER } else { "" };
        let field = Field {
            name: "expires",
            label: "Ends",
            hint,
            pointer: place(!is_on),
            wrong,
        };
        let time = Field {
            name: "expires_on",
            label: "Time of the end",
            hint: &format!(
                "Only with \"at the time below\". In {}.",
                part::zone_name(visitor)
            ),
            pointer: place(is_on),
            wrong,
        };
        html! {
            (part::choose(&field, &self.choices(visitor, present)))
            div.only-on { (time.input("datetime-local", &self.on)) }
            @if let Some(exact) = self.exact { input type="hidden" name="expires_at" value=(exact); }
            input type="hidden" name="zone" value=(zone);
        }
    }

    fn choices(&self, visitor: &Visitor, present: Option<When>) -> Vec<Choice> {
        let choice = |value: &str, label: String| Choice {
            is_chosen: value == self.word,
            value: value.to_owned(),
            label,
            hint: String::new(),
        };
        let kept = present.map(|present| {
            let end = match present {
                When::At(at) => part::until(visitor, at),
                When::Kept | When::Never => "never".to_owned(),
            };
            choice(KEEP, format!("as it is: {end}"))
        });
        let spans = SPANS.map(|(word, _, label)| choice(word, label.to_owned()));
        kept.into_iter()
            .chain([choice(NEVER, "never".to_owned())])
            .chain(spans)
            .chain([choice(ON, "at the time below".to_owned())])
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn when(form: &str) -> Result<When, String> {
        let form = Form::parse(form.as_bytes());
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        End::of_form(&form, End::never()).when(now, &berlin)
    }

    fn at(text: &str) -> When {
        When::At(text.parse().unwrap())
    }

    #[test]
    fn an_end_is_a_span_or_a_time_of_the_zone() {
        assert_eq!(when(""), Ok(When::Never));
        assert_eq!(when("expires=keep"), Ok(When::Kept));
        assert_eq!(when("expires=1h"), Ok(at("2026-11-22T13:00:00Z")));
        assert_eq!(when("expires=90d"), Ok(at("2027-02-20T12:00:00Z")));
        let winter = when("expires=on&expires_on=2026-12-31T23%3A59");
        assert_eq!(winter, Ok(at("2026-12-31T22:59:00Z")));
        let summer = when("expires=on&expires_on=2027-07-01T00%3A00");
        assert_eq!(summer, Ok(at("2027-06-30T22:00:00Z")));
    }

    #[test]
    fn a_copied_end_stays_exact_until_another_is_typed() {
        let exact = "expires=on&expires_at=2026-10-25T01%3A30%3A07.5Z&expires_on=";
        // The clocks show 02:30:07 twice; half a second is not shown at all.
        let kept = when(&format!("{exact}2026-10-25T02%3A30%3A07"));
        assert_eq!(kept, Ok(at("2026-10-25T01:30:07.5Z")));
        let other = when(&format!("{exact}2026-10-25T02%3A31"));
        assert_eq!(other, Ok(at("2026-10-25T00:31:00Z")));
        // Whoever chooses something else means that.
        let span = when("expires=1h&expires_at=2026-10-25T01%3A30%3A07.5Z");
        assert_eq!(span, Ok(at("2026-11-22T13:00:00Z")));
    }

    #[test]
    fn a_time_of_a_zone_that_is_not_known_is_asked_back() {
        let time = "expires=on&expires_on=2026-12-31T23%3A59&zone=";
        assert!(when(&format!("{time}Europe%2FBerlin")).is_ok());
        for zone in ["Mars%2FOlympus", "..%2F..%2Fetc%2Fpasswd"] {
            let error = when(&format!("{time}{zone}")).unwrap_err();
            assert!(error.contains("zone"), "{error}");
            assert_eq!(when(&format!("expires=never&zone={zone}")), Ok(When::Never));
        }
    }

    #[test]
    fn what_is_not_clear_is_asked_back() {
        for wrong in [
            "expires=on",
            "expires=on&expires_on=tomorrow",
            // The clocks go from 02:00 to 03:00.
            "expires=on&expires_on=2027-03-28T02%3A30",
            "expires=2h",
            // The time would be lost, and the server would never end.
            "expires=never&expires_on=2026-12-31T23%3A59",
            "expires_on=2026-12-31T23%3A59",
        ] {
            assert!(when(wrong).is_err(), "{wrong}");
        }
    }
}
