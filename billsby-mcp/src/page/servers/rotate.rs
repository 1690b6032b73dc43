//! Another URL for a server.

use axum::http::StatusCode;
use axum::response::Response;
use maud::html;
use serde_json::json;

use super::asked::{Asked, Place};
use super::connect;
use super::made::{self, Present};
use crate::page::form::{Wrong, new_key};
use crate::page::part::{self, Choice, Field};
use crate::provision::{Problem, ProvisionError};
use crate::record::State;

/// For how many seconds the old URL may work as well. The last is the most there can be.
const OVERLAPS: [(u32, &str, &str); 5] = [
    (0, "Not at all", "For a URL that got into wrong hands."),
    (600, "10 minutes", ""),
    (3_600, "1 hour", ""),
    (86_400, "1 day", ""),
    (
        604_800,
        "7 days",
        "For clients that somebody has to change by hand.",
    ),
];
const USUAL: u32 = 3_600;

/// Asks how long the old URL works.
pub(super) async fn ask(place: Place, asked: Asked) -> Response {
    asked.answer(question(place, &asked, StatusCode::OK, USUAL, &Wrong::default()).await)
}

async fn question(
    place: Place,
    asked: &Asked,
    status: StatusCode,
    chosen: u32,
    wrong: &Wrong,
) -> Result<Response, ProvisionError> {
    let server = asked.provisioning().server(place.account, place.id).await?;
    let choices = OVERLAPS.map(|(seconds, label, hint)| Choice {
        value: seconds.to_string(),
        label: label.to_owned(),
        hint: hint.to_owned(),
        is_chosen: seconds == chosen,
    });
    let field = Field {
        name: "overlap",
        label: "How long the present URL goes on working",
        hint: "",
        pointer: "/overlap_seconds",
        wrong,
    };
    let body = html! {
        (part::problems(wrong))
        @if server.state == State::Active {
            p {
                (part::text(&server.name)) " gets another URL, which is shown once. Its tools, its end and its API tokens stay."
            }
            @if !connect::is_secret(asked, &server) {
                p.notice { "Clients of this server sign in, and its URL holds no secret: it stays the same." }
            }
            form method="post" action=(place.path("/rotate")) {
                (part::csrf(&asked.visitor))
                input type="hidden" name="key" value=(new_key()?);
                (part::radios(&field, &choices))
                div.actions {
                    button type="submit" { "Make another URL" }
                    a href=(place.path("")) { "Back" }
                }
            }
        } @else {
            p { (part::text(&server.name)) " is " (server.state.as_str()) ": there is no URL to be replaced." }
            @if server.state == State::Expired { p { "Give it another end first." } }
            div.actions { a href=(place.path("")) { "Back" } }
        }
    };
    Ok(asked.screen(status, "Another URL", &body))
}

/// Makes it, and shows it once.
pub(super) async fn rotate(place: Place, asked: Asked) -> Response {
    asked.answer(rotated(place, &asked).await)
}

async fn rotated(place: Place, asked: &Asked) -> Result<Response, ProvisionError> {
    let typed = asked.form.get("overlap").unwrap_or_default();
    let overlap = typed.parse::<u32>();
    let body = match overlap {
        Ok(seconds) => json!({"overlap_seconds": seconds}),
        // It is refused with the bounds.
        Err(_) => json!({"overlap_seconds": typed}),
    };
    let Ok(key) = asked.form.get("key").map(str::parse).transpose() else {
        let wrong = keyless();
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return question(place, asked, status, overlap.unwrap_or(USUAL), &wrong).await;
    };
    let made = asked
        .provisioning()
        .rotate_server(place.account, place.id, &body, key.as_ref());
    let made = match made.await {
        Ok(made) => made,
        Err(error) => {
            let wrong = Wrong::of(error)?;
            let chosen = overlap.unwrap_or(USUAL);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return question(place, asked, status, chosen, &wrong).await;
        }
    };
    Ok(match Present::of(asked, &made).await {
        Ok(shown) => present(place, asked, &shown),
        Err(over) => made::no_longer(asked, &over),
    })
}

/// When the key of a form is none. Without it, a second arrival would end the URL that the first one made.
fn keyless() -> Wrong {
    let detail = "This form has lost the key by which it has its effect once. Look whether there is another URL, and \
                  send it again if there is none.";
    Wrong(vec![Problem {
        pointer: String::new(),
        detail: detail.to_owned(),
    }])
}

fn present(place: Place, asked: &Asked, shown: &Present) -> Response {
    let Present { server, url, .. } = shown;
    let body = html! {
        p {
            (part::text(&server.name)) " has another URL. "
            @match server.previous_token_valid_until {
                Some(end) => {
                    "The one before works until " (part::time(&asked.visitor, end)) " ("
                    (part::until(&asked.visitor, end)) ")."
                }
                None => "The one before opens nothing any more.",
            }
        }
        (shown.care())
        (connect::url(asked, server, url))
        div.actions { a.button href=(place.path("")) { "Open this server" } }
        (connect::configurations(asked, server, url))
    };
    asked.screen(StatusCode::OK, "The server has another URL", &body)
}
