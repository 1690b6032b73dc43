//! The form in which a client wants its reply.

use axum::http::{HeaderMap, HeaderValue, header};

use super::refusal::Refused;

const JSON: &str = "application/json";
const EVENTS: &str = "text/event-stream";

/// What a reply to a POST looks like where the protocol leaves the choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// One JSON document, unless there is something to tell before the result.
    Json,
    /// A stream of events.
    Events,
}

/// Checks the headers that say what is sent and what is understood, and leaves in `Accept` what the
/// MCP library asks for: it does not know wildcards.
pub(super) fn negotiate(headers: &mut HeaderMap) -> Result<Style, Refused> {
    if !is_json(headers) {
        return Err(Refused::content_type());
    }
    let json = quality(headers, JSON);
    let events = quality(headers, EVENTS);
    // A session answers with events whatever was asked, and so does progress.
    if events == 0 {
        return Err(Refused::accept());
    }
    headers.insert(
        header::ACCEPT,
        HeaderValue::from_static("application/json, text/event-stream"),
    );
    Ok(if events > json {
        Style::Events
    } else {
        Style::Json
    })
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE) else {
        return false;
    };
    let Ok(text) = value.to_str() else {
        return false;
    };
    let media_type = text.split(';').next().unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case(JSON)
}

/// How much a client wants a media type, in thousandths; without the header it takes everything.
/// The range that names the type most exactly decides.
fn quality(headers: &HeaderMap, wanted: &str) -> u16 {
    if !headers.contains_key(header::ACCEPT) {
        return 1000;
    }
    let group = wanted.split('/').next().unwrap_or_default();
    let lines = headers.get_all(header::ACCEPT).iter();
    let ranges = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','));
    let matches = ranges.filter_map(|range| {
        let (name, parameters) = range.split_once(';').unwrap_or((range, ""));
        let name = name.trim();
        let exactness = if name.eq_ignore_ascii_case(wanted) {
            2
        } else if name
            .strip_suffix("/*")
            .is_some_and(|name| name.eq_ignore_ascii_case(group))
        {
            1
        } else if name == "*/*" {
            0
        } else {
            return None;
        };
        Some((exactness, thousandths(parameters)))
    });
    matches.max().map_or(0, |(_, quality)| quality)
}

/// The weight among a media range's parameters; one that cannot be read is ignored.
fn thousandths(parameters: &str) -> u16 {
    let weight = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then(|| value.trim())
    });
    let weight: Option<f32> = weight.and_then(|text| text.parse().ok());
    match weight {
        Some(weight) if (0.0..1.0).contains(&weight) => {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "below 1"
            )]
            let thousandths = (weight * 1000.0).ceil() as u16;
            thousandths
        }
        _ => 1000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style(accept: Option<&str>) -> Option<Style> {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        if let Some(accept) = accept {
            headers.insert(header::ACCEPT, HeaderValue::from_str(accept).unwrap());
        }
        negotiate(&mut headers).ok()
    }

    #[test]
    fn the_client_chooses() {
        for (accept, expected) in [
            (None, Some(Style::Json)),
            (Some("*/*"), Some(Style::Json)),
            (
                Some("application/json, text/event-stream"),
                Some(Style::Json),
            ),
            (Some("text/*, application/json"), Some(Style::Json)),
            (
                Some("TEXT/event-stream;q=0.9,Application/JSON"),
                Some(Style::Json),
            ),
            (Some("text/event-stream"), Some(Style::Events)),
            (
                Some("text/event-stream, application/json;q=0.5"),
                Some(Style::Events),
            ),
            (Some("text/event-stream, */*;q=0.1"), Some(Style::Events)),
            (Some("application/json"), None),
            (Some("text/html"), None),
            (Some("application/json, text/event-stream;q=0"), None),
            (Some("*/*, text/event-stream;q=0.000"), None),
        ] {
            assert_eq!(style(accept), expected, "{accept:?}");
        }
    }

    #[test]
    fn only_json_is_read() {
        for (content_type, expected) in [
            (Some("application/json"), true),
            (Some("Application/Json; charset=utf-8"), true),
            (Some("text/plain"), false),
            (Some("application/json-seq"), false),
            (None, false),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(content_type) = content_type {
                headers.insert(
                    header::CONTENT_TYPE,
                    HeaderValue::from_str(content_type).unwrap(),
                );
            }
            assert_eq!(
                negotiate(&mut headers).is_ok(),
                expected,
                "{content_type:?}"
            );
        }
    }
}
