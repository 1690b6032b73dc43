//! Changing a server.

use axum::http::StatusCode;
use axum::response::Response;

use super::asked::{Asked, Place};
use super::create;
use super::draft::Draft;
use super::end::{self, End};
use super::form::{self, Purpose, Shown};
use super::meanwhile::{self, Seen};
use super::notice;
use crate::page::form::Wrong;
use crate::page::reply;
use crate::page::shell::Notice;
use crate::provision::{ProvisionError, Server};

const TITLE: &str = "Change a server";

/// The form with what somebody wants of a server.
struct Sheet {
    server: Server,
    draft: Draft,
    /// How the server was when the form was opened.
    seen: Seen,
}

/// Why the form is shown.
enum Why {
    /// Somebody wants to see it.
    Looked,
    /// Something is wrong with it.
    Refused(Wrong),
    /// The server is no longer what was seen.
    Overtaken,
}

/// What came of sending the form.
enum Outcome {
    Changed(Notice),
    Refused(Wrong),
    Overtaken,
}

/// The form, as the server is.
pub(super) async fn show(place: Place, asked: Asked) -> Response {
    let result = async {
        let server = asked.provisioning().server(place.account, place.id).await?;
        let sheet = Sheet {
            draft: Draft::of_server(&server, asked.visitor.now),
            seen: Seen::now(&server),
            server,
        };
        screen(place, &asked, &sheet, Why::Looked).await
    };
    asked.answer(result.await)
}

/// Looks at the form, or changes the server.
pub(super) async fn change(place: Place, asked: Asked) -> Response {
    let asked = end::in_zone_of_form(asked);
    asked.answer(changed(place, &asked).await)
}

async fn changed(place: Place, asked: &Asked) -> Result<Response, ProvisionError> {
    let provisioning = asked.provisioning();
    let mut sheet = Sheet {
        server: provisioning.server(place.account, place.id).await?,
        draft: Draft::of_form(&asked.form, End::kept(), asked.visitor.now),
        seen: Seen::of_form(&asked.form),
    };
    sheet.draft.account = Some(place.account);
    if !asked.form.is("do", "create") {
        sheet.draft.look_again(&asked.form, asked.visitor.now);
        return screen(place, asked, &sheet, Why::Looked).await;
    }
    let why = match set(asked, &sheet).await? {
        Outcome::Changed(notice) => return Ok(reply::done(&place.path(""), notice)),
        Outcome::Refused(wrong) => Why::Refused(wrong),
        Outcome::Overtaken => Why::Overtaken,
    };
    sheet.draft.from = asked.visitor.now;
    if let Why::Overtaken = why {
        sheet.server = provisioning.server(place.account, place.id).await?;
    }
    screen(place, asked, &sheet, why).await
}

/// Changes the server, or says why not.
async fn set(asked: &Asked, sheet: &Sheet) -> Result<Outcome, ProvisionError> {
    let server = &sheet.server;
    if !sheet.seen.is_present(server) {
        return Ok(Outcome::Overtaken);
    }
    let provisioning = asked.provisioning();
    let (body, mut wrong) = sheet.draft.body(&asked.visitor.zone);
    let refused = if wrong.is_empty() {
        let patch = meanwhile::patch(&body, server);
        match provisioning.change_server_as_seen(server, &patch).await {
            Ok(None) => return Ok(Outcome::Overtaken),
            Ok(Some(changed)) => {
                let options = provisioning.options();
                let notice = notice::of_change(options, &server.config, &changed.config);
                return Ok(Outcome::Changed(notice));
            }
            Err(error) => Some(error),
        }
    } else {
        // All that is wrong is said at once.
        let account = server.integrated_account_id;
        provisioning.preview_server(account, &body).await.err()
    };
    if let Some(error) = refused {
        wrong.0.extend(Wrong::of(error)?.0);
    }
    wrong
        .0
        .sort_by_key(|problem| form::position(&problem.pointer));
    Ok(Outcome::Refused(wrong))
}

/// The form.
async fn screen(
    place: Place,
    asked: &Asked,
    sheet: &Sheet,
    why: Why,
) -> Result<Response, ProvisionError> {
    let (server, draft) = (&sheet.server, &sheet.draft);
    if server.revoked_at.is_some() {
        let reason = "the server was revoked and cannot be changed; clone it instead".to_owned();
        return Err(ProvisionError::Conflict(reason));
    }
    let account = asked.provisioning().account(place.account).await?;
    let (preview, looked) = create::aside(asked, draft, Some(&account), account.id).await?;
    let (visitor, action) = (&asked.visitor, place.path("/edit"));
    let (mut seen, mut notice) = (sheet.seen.clone(), None);
    let (status, wrong) = match why {
        Why::Looked => (StatusCode::OK, looked),
        Why::Refused(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Why::Overtaken => {
            let wanted = draft.body(&visitor.zone).0;
            notice = Some(seen.notice(visitor, server, &wanted, &action));
            // Whoever sends it again knows now.
            seen = Seen::now(server);
            (StatusCode::CONFLICT, looked)
        }
    };
    let shown = Shown {
        visitor,
        draft,
        wrong: &wrong,
        notice,
        purpose: Purpose::Change {
            action: &action,
            account: place.account,
            end: server.expires_at,
            seen: &seen,
        },
        has_issuers: asked.provisioning().options().has_issuers,
        preview,
    };
    Ok(asked.screen(status, TITLE, &form::show(&shown)))
}

#[cfg(test)]
mod tests {
    use axum::http::Method;
    use serde_json::json;

    use super::super::scene::{Scene, filled, form, got, place};
    use super::*;

    const SAVE: (&str, &str) = ("do", "create");

    /// A server that may write, and its form as somebody opened it.
    async fn opened() -> (Scene, Server, Vec<(String, String)>) {
        let scene = Scene::start().await;
        let body = json!({"name": "Desk", "config": {"methods": ["write", "read"]}});
        let server = scene.server(&body).await;
        let asked = scene.asked(Method::GET, "", None).await;
        let (status, html) = got(show(place(&server), asked).await).await;
        assert_eq!(status, StatusCode::OK);
        scene.wait(60);
        (scene, server, form(&html))
    }

    async fn sent(scene: &Scene, server: &Server, form: &str) -> (StatusCode, String) {
        got(change(place(server), scene.post(form).await).await).await
    }

    #[tokio::test]
    async fn a_stale_form_undoes_nothing_until_it_is_sent_again() {
        let (scene, server, opened) = opened().await;
        let restricted = json!({"config": {"methods": ["read"]}});
        let provisioning = scene.provisioning();
        let changed = provisioning.change_server(scene.account, server.id, &restricted);
        changed.await.unwrap();

        let typed = filled(&opened, &[("name", "Front desk"), SAVE]);
        let (status, html) = sent(&scene, &server, &typed).await;
        assert_eq!(status, StatusCode::CONFLICT);
        for part in [
            "changed while this form was open",
            "What they may do",
            "Front desk",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
        let now = scene.now(&server).await;
        assert_eq!((now.name.as_str(), now.config.methods.len()), ("Desk", 1));

        let again = filled(&form(&html), &[SAVE]);
        let (status, html) = sent(&scene, &server, &again).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{html}");
        let now = scene.now(&server).await;
        assert_eq!(
            (now.name.as_str(), now.config.methods.len()),
            ("Front desk", 2)
        );
    }

    #[tokio::test]
    async fn looking_at_a_stale_form_does_not_make_it_a_new_one() {
        let (scene, server, opened) = opened().await;
        let shorter = json!({"expires_at": "2026-11-23T12:00:00Z"});
        let provisioning = scene.provisioning();
        let changed = provisioning.change_server(scene.account, server.id, &shorter);
        changed.await.unwrap();
        let looked = filled(&opened, &[("do", "preview")]);
        let (status, html) = sent(&scene, &server, &looked).await;
        assert_eq!(status, StatusCode::OK);
        let typed = filled(&form(&html), &[("expires", "never"), SAVE]);
        let (status, html) = sent(&scene, &server, &typed).await;
        assert_eq!(status, StatusCode::CONFLICT);
        assert!(html.contains("2026-11-23 12:00"), "{html}");
        assert!(scene.now(&server).await.expires_at.is_some());
    }

    #[tokio::test]
    async fn what_the_form_cannot_undo_does_not_stop_it() {
        let (scene, server, opened) = opened().await;
        let (provisioning, usual) = (scene.provisioning(), json!({}));
        let rotated = provisioning.rotate_server(scene.account, server.id, &usual, None);
        rotated.await.unwrap();
        let typed = filled(&opened, &[("name", "Front desk"), SAVE]);
        let (status, _) = sent(&scene, &server, &typed).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let now = scene.now(&server).await;
        // The rest is as it was, in its own order.
        assert_eq!(now.config, server.config);
        assert_eq!(now.name, "Front desk");
    }

    #[tokio::test]
    async fn a_form_that_does_not_say_what_was_seen_is_asked_back() {
        let (scene, server, opened) = opened().await;
        let blind = [("seen", ""), ("updated_at", ""), ("name", "x"), SAVE];
        let (status, _) = sent(&scene, &server, &filled(&opened, &blind)).await;
        assert_eq!(status, StatusCode::CONFLICT);
        let at = [("seen", ""), ("name", "x"), SAVE];
        let (status, _) = sent(&scene, &server, &filled(&opened, &at)).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
    }

    #[tokio::test]
    async fn whoever_is_quicker_is_not_overwritten() {
        let (scene, seen, _) = opened().await;
        let (provisioning, patch) = (scene.provisioning(), json!({"name": "Late"}));
        let restricted = json!({"require_api_token_auth": true});
        let changed = provisioning.change_server(scene.account, seen.id, &restricted);
        let present = changed.await.unwrap();
        let late = provisioning.change_server_as_seen(&seen, &patch).await;
        assert_eq!(late.unwrap(), None);
        let now = provisioning.change_server_as_seen(&present, &patch).await;
        assert_eq!(now.unwrap().unwrap().name, "Late");
    }
}
