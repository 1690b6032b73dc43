//! With nothing but a keyboard.

use thirtyfour::Key;

use crate::support::{Browser, Site};

/// Where the keyboard is: the text or the name of the element.
async fn focus(browser: &Browser) -> String {
    let script = "const at = document.activeElement;
        return at.name || at.textContent.trim() || at.id || at.tagName";
    let at = browser.run(script, &[]).await;
    at.as_str().expect("a text").to_owned()
}

/// Presses the tabulator until the keyboard is there. What is passed must be visible and must show that the
/// keyboard is at it.
async fn tab_to(browser: &Browser, css: &str) {
    let script = "return document.activeElement.matches(arguments[0])";
    for _ in 0..150 {
        browser.press(Key::Tab).await;
        let is_there = browser.run(script, &[css.into()]).await;
        // A field of a time marks the part of it at which the keyboard is.
        let shows = "const at = document.activeElement, style = getComputedStyle(at);
            const box = at.getBoundingClientRect();
            return at === document.body || at.type === 'datetime-local'
                || (style.outlineStyle !== 'none' && box.width > 0 && box.height > 0)";
        let shows = browser.run(shows, &[]).await;
        assert_eq!(
            shows,
            true,
            "the keyboard is not seen at {}",
            focus(browser).await
        );
        if is_there == true {
            return;
        }
    }
    panic!(
        "{css} is not reached; the keyboard is at {}",
        focus(browser).await
    );
}

#[tokio::test]
async fn everything_can_be_reached_and_done_with_a_keyboard() {
    let test = "everything_can_be_reached_and_done_with_a_keyboard";
    let site = Site::start().await;
    site.account("Sandbox").await;
    let Some(browser) = Browser::open(test, &site).await else {
        return;
    };
    browser.go("/ui/sign-in").await;
    assert_eq!(focus(&browser).await, "token", "one can type at once");
    browser.types(site.token).await;
    browser.press(Key::Enter).await;
    browser.until_at("/ui/servers").await;

    browser.press(Key::Tab).await;
    assert!(
        focus(&browser).await.starts_with("Skip"),
        "{}",
        focus(&browser).await
    );
    browser.press(Key::Enter).await;
    let script = "return document.activeElement.id === 'main'";
    browser.until(script, &[]).await;

    browser.go("/ui/servers").await;
    tab_to(&browser, "main a[href^='/ui/servers/new']").await;
    browser.press(Key::Enter).await;
    browser.until_at("/ui/servers/new").await;
    tab_to(&browser, "main [name=name]").await;
    browser.types("By keyboard").await;
    tab_to(&browser, "main button[name=do][value=create]").await;
    browser.press(Key::Enter).await;
    browser
        .until("return !!document.querySelector('#server-url')", &[])
        .await;
    tab_to(&browser, "[data-copy=server-url]").await;
    let servers = site.list("/integrated-account").await;
    assert_eq!(servers.len(), 1);
    browser.end().await;
}
