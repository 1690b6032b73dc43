//! Times are those of whoever looks.

use serde_json::json;

use crate::support::{Browser, Stage};

/// Every time on the screen: what it is, and how it is shown.
async fn times(browser: &Browser) -> Vec<(String, String)> {
    let script = "return [...document.querySelectorAll('main time')].map(time =>
        [time.dateTime, time.textContent.trim()])";
    let times = browser.run(script, &[]).await;
    serde_json::from_value(times).expect("pairs of texts")
}

/// What the browser itself makes of a time.
async fn local(browser: &Browser, at: &str, zone: &str) -> String {
    let script = "const parts = new Intl.DateTimeFormat('sv-SE', {
            timeZone: arguments[1], dateStyle: 'short', timeStyle: 'short'
        }).format(new Date(arguments[0]));
        return parts.replace('T', ' ')";
    let text = browser.run(script, &[json!(at), json!(zone)]).await;
    text.as_str().expect("a text").to_owned()
}

#[tokio::test]
async fn times_are_in_the_zone_of_the_browser() {
    let test = "times_are_in_the_zone_of_the_browser";
    let stage = Stage::set().await;
    let Some(browser) = Browser::signed_in(test, &stage.site).await else {
        return;
    };
    for zone in ["Europe/Berlin", "America/St_Johns", "UTC"] {
        let parameters = json!({"timezoneId": zone});
        browser
            .command("Emulation.setTimezoneOverride", parameters)
            .await;
        // The first page tells the server the zone, the next one shows it.
        browser.go("/ui/health").await;
        for path in [
            "/ui/accounts".to_owned(),
            stage.server_path(),
            "/ui/activity?span=24h".to_owned(),
        ] {
            browser.go(&path).await;
            let footer = browser.text("footer").await;
            assert!(footer.contains(zone), "{zone} in {footer}");
            let times = times(&browser).await;
            assert!(!times.is_empty(), "{path}");
            for (at, shown) in times {
                let expected = local(&browser, &at, zone).await;
                assert!(
                    shown.starts_with(&expected),
                    "{at} in {zone}: {shown}, not {expected}"
                );
            }
        }
    }
    browser.end().await;
}
