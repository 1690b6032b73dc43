use super::*;
use crate::activity::Entry;
use crate::provision::scene::Scene;
use crate::record::ActivityId;

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn a_span_ends_with_the_step_of_now() {
    let now = time("2026-11-22T12:34:56.789Z");
    for (lately, from, until, steps) in [
        (
            Lately::Hour,
            "2026-11-22T11:35:00Z",
            "2026-11-22T12:35:00Z",
            60,
        ),
        (
            Lately::Day,
            "2026-11-21T13:00:00Z",
            "2026-11-22T13:00:00Z",
            48,
        ),
        (
            Lately::Week,
            "2026-11-15T15:00:00Z",
            "2026-11-22T15:00:00Z",
            56,
        ),
        (
            Lately::Month,
            "2026-10-24T00:00:00Z",
            "2026-11-23T00:00:00Z",
            60,
        ),
        (
            Lately::Quarter,
            "2026-08-25T00:00:00Z",
            "2026-11-23T00:00:00Z",
            90,
        ),
    ] {
        let span = Span::lately(now, lately);
        assert_eq!(
            (span.from, span.until),
            (time(from), time(until)),
            "{lately}"
        );
        assert_eq!(span.steps(), Ok(steps), "{lately}");
        assert_eq!(lately.as_str().parse(), Ok(lately));
    }
    // A call of this very moment belongs to it.
    let span = Span::lately(time("2026-11-22T12:00:00Z"), Lately::Hour);
    assert_eq!(span.until, time("2026-11-22T12:01:00Z"));
    assert!("2h".parse::<Lately>().is_err());
}

#[tokio::test]
async fn gaps_are_filled_and_filters_make_it_shorter() {
    let scene = Scene::start().await;
    let provisioning = &scene.provisioning;
    let entry = |at: &str, milliseconds| Entry {
        id: ActivityId::new(time(at)).unwrap(),
        at: time(at),
        server: None,
        account: None,
        client_name: None,
        client_version: None,
        tool: "list_all_billsby_customers".to_owned(),
        is_write: true,
        is_error: milliseconds > 50,
        outcome: billsby_sdk::Outcome::Done,
        status: None,
        milliseconds,
        keys: std::collections::BTreeMap::new(),
    };
    let entries = vec![
        entry("2026-11-22T11:00:59.999Z", 9),
        entry("2026-11-22T11:01:00Z", 7),
        entry("2026-11-22T11:58:30Z", 60),
        entry("2026-11-22T11:58:59Z", 8),
        entry("2026-11-22T12:00:00Z", 6),
    ];
    provisioning.store().record(entries).await.unwrap();
    let span = Span::lately(provisioning.now(), Lately::Hour);
    let filter = ActivityFilter::default();
    let timeline = provisioning.timeline(&filter, span).await.unwrap();
    assert_eq!((timeline.from, timeline.until), (span.from, span.until));
    assert_eq!(timeline.step_seconds, 60);
    assert_eq!(timeline.points.len(), 60);
    let counts: Vec<(usize, u64)> = (0..)
        .zip(&timeline.points)
        .filter(|(_, point)| point.calls > 0)
        .map(|(index, point)| (index, point.calls))
        .collect();
    assert_eq!(counts, [(0, 1), (57, 2), (59, 1)]);
    let expected = TimelinePoint {
        at: time("2026-11-22T11:58:00Z"),
        calls: 2,
        errors: 1,
        writes: 2,
        p50: Some(8),
        p95: Some(60),
    };
    assert_eq!(timeline.points[57], expected);
    let empty = TimelinePoint::without_calls(time("2026-11-22T11:02:00Z"));
    assert_eq!(timeline.points[1], empty);

    let filter = ActivityFilter {
        tool: Some("list_customers".to_owned()),
        from: Some(time("2026-11-22T11:58:40Z")),
        until: Some(time("2026-11-22T11:59:50Z")),
        ..ActivityFilter::default()
    };
    let timeline = provisioning.timeline(&filter, span).await.unwrap();
    let calls: Vec<u64> = timeline.points.iter().map(|point| point.calls).collect();
    assert_eq!(calls, [1, 0]);
    assert_eq!(timeline.points[0].at, time("2026-11-22T11:58:40Z"));
    let earlier = ActivityFilter {
        until: Some(time("2026-11-01T00:00:00Z")),
        ..ActivityFilter::default()
    };
    let timeline = provisioning.timeline(&earlier, span).await.unwrap();
    assert_eq!(timeline.points, []);
}

#[tokio::test]
async fn what_cannot_be_had_is_refused() {
    let scene = Scene::start().await;
    let span = Span::lately(scene.clock.now(), Lately::Hour);
    let day = SignedDuration::from_hours(24);
    for wrong in [
        Span {
            step: SignedDuration::ZERO,
            ..span
        },
        Span {
            step: SignedDuration::from_millis(1_500),
            ..span
        },
        Span {
            from: span.until - 1_001 * day,
            step: day,
            ..span
        },
    ] {
        let filter = ActivityFilter::default();
        let refused = scene.provisioning.timeline(&filter, wrong).await;
        assert!(
            refused.unwrap_err().to_string().contains("?span"),
            "{wrong:?}"
        );
    }
    let turned = ActivityFilter {
        from: Some(span.until),
        until: Some(span.from),
        ..ActivityFilter::default()
    };
    let refused = scene.provisioning.timeline(&turned, span).await;
    assert!(refused.unwrap_err().to_string().contains("?until"));
}
