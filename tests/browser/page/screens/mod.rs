//! Every screen, narrow and wide, light and dark: what people see, kept as pictures in `target/page`, and what is
//! wrong with it for those who see, hear or use it otherwise.

mod axe;
mod survey;

use crate::support::{Browser, Site, Stage};
use survey::Survey;

#[tokio::test]
async fn every_screen_fits_a_phone_and_is_open_to_everybody() {
    let test = "every_screen_fits_a_phone_and_is_open_to_everybody";
    every_screen(test, 360, 740).await;
}

#[tokio::test]
async fn every_screen_fits_a_desk_and_is_open_to_everybody() {
    let test = "every_screen_fits_a_desk_and_is_open_to_everybody";
    every_screen(test, 1280, 900).await;
}

async fn every_screen(test: &str, width: u32, height: u32) {
    let Some(axe) = axe::source(test) else {
        return;
    };
    let site = Site::start().await;
    let Some(browser) = Browser::open(test, &site).await else {
        return;
    };
    let mut survey = Survey::begin(browser, axe, width, height).await;
    with_nothing(&mut survey, &site).await;
    let stage = Stage::set().await;
    survey.browser.move_to(&stage.site).await;
    for (name, path) in stage.screens() {
        survey.visit(name, &path).await;
    }
    answers(&mut survey, &stage).await;
    survey.end().await;
}

/// The screens of a server in which there is nothing yet.
async fn with_nothing(survey: &mut Survey, site: &Site) {
    survey.visit("sign-in", "/ui/sign-in").await;
    survey.browser.fill("token", "not-the-token").await;
    survey.browser.submit("form:has([name=token])").await;
    survey
        .browser
        .until("return !!document.querySelector('#problems')", &[])
        .await;
    survey.look("sign-in-wrong").await;
    survey.browser.move_to(site).await;
    for (name, path) in [
        ("servers-empty", "/ui/servers"),
        ("accounts-empty", "/ui/accounts"),
        ("server-new-empty", "/ui/servers/new"),
        ("activity-empty", "/ui/activity"),
        ("try-empty", "/ui/try"),
        ("health-empty", "/ui/health"),
        ("not-found", "/ui/nothing"),
    ] {
        survey.visit(name, path).await;
    }
}

/// The screens that answer a form.
async fn answers(survey: &mut Survey, stage: &Stage) {
    let server = stage.server_path();
    survey
        .browser
        .go(&format!("/ui/accounts/{}", stage.remote))
        .await;
    survey
        .press("form[action$='/check'] button", "main [role=status]")
        .await;
    survey.look("account-checked").await;

    survey.browser.go("/ui/health").await;
    survey
        .press(
            "form[action='/ui/health/check'] button",
            "main table, main [role=status]",
        )
        .await;
    survey.look("health-checked").await;

    survey
        .browser
        .go(&format!("/ui/servers/new?account={}", stage.account))
        .await;
    survey.browser.unfold().await;
    survey.look("server-new-unfolded").await;
    survey.browser.fill("result_tokens", "1").await;
    survey.browser.fill("name", "Wrong").await;
    survey
        .press("main button[name=do][value=create]", "#problems")
        .await;
    survey.look("server-new-problems").await;

    survey
        .browser
        .go(&format!("/ui/servers/new?account={}", stage.account))
        .await;
    survey.browser.fill("name", "Finance agent").await;
    survey
        .press("main button[name=do][value=create]", "#server-url")
        .await;
    survey.look("server-created").await;

    survey.browser.go(&format!("{server}/rotate")).await;
    survey
        .press("form[action$='/rotate'] button[type=submit]", "#server-url")
        .await;
    survey.look("server-rotated").await;

    survey.browser.go(&server).await;
    survey.browser.unfold().await;
    survey
        .browser
        .element("form[action$='/tokens'] [name=name]")
        .await
        .send_keys("Night job")
        .await
        .expect("a field");
    survey
        .press("form[action$='/tokens'] button[type=submit]", "[data-copy]")
        .await;
    survey.look("api-token-made").await;

    let tool = format!(
        "/ui/try?account={}&tool=list_all_billsby_customers",
        stage.account
    );
    survey.visit("try-tool", &tool).await;
    survey
        .press("form#arguments button[type=submit]", "#result")
        .await;
    survey.look("try-result").await;

    survey
        .visit(
            "activity-filtered",
            "/ui/activity?span=7d&is_error=true&tool=get_customer",
        )
        .await;
    survey
        .visit("activity-nothing-found", "/ui/activity?customer=NOBODY")
        .await;
    survey
        .visit("activity-wrong", "/ui/activity?from=yesterday")
        .await;
}
