//! Making a server.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};

use super::asked::{Asked, Place};
use super::draft::Draft;
use super::end::{self, End};
use super::form::{self, Purpose, Shown};
use super::made;
use super::preview;
use crate::page::form::{Wrong, new_key};
use crate::provision::{
    Account, IDEMPOTENCY_KEY, IdempotencyKey, Made, Paging, Problem, ProvisionError, Server,
};
use crate::record::AccountId;

const TITLE: &str = "New server";

/// What came of sending the form.
enum Outcome {
    Made(Box<Made<Server>>),
    Refused(Wrong),
    /// Its key cannot make this server, and the form gets another one.
    Rekeyed(&'static str),
}

/// When somebody went back to a form that has made a server.
const USED: &str = "This form has made a server before, and was changed since. Send it once more to make another one.";
/// When a form does not say what makes it have its effect once.
const KEYLESS: &str = "This form has lost the key by which it makes one server and not two. Look whether there is one, and send it \
     once more if there is none.";

/// The empty form, or one that is filled like a server or with a preset.
pub(super) async fn show(asked: Asked) -> Response {
    asked.answer(shown(&asked).await)
}

async fn shown(asked: &Asked) -> Result<Response, ProvisionError> {
    let accounts = asked.accounts().await?;
    if accounts.is_empty() {
        return Ok(asked.screen(StatusCode::OK, TITLE, &form::no_account()));
    }
    let mut draft = match asked.form.get("from") {
        None => Draft::new(asked.visitor.now),
        Some(from) => {
            let place = from
                .split_once('/')
                .and_then(|(account, id)| Place::parse(account, id));
            let none = || ProvisionError::NotFound("there is no such server to copy".to_owned());
            let place = place.ok_or_else(none)?;
            let server = asked.provisioning().server(place.account, place.id).await?;
            Draft::like(&server, &asked.visitor)
        }
    };
    draft.choose(&asked.form);
    let only = accounts.first().filter(|_| accounts.len() == 1);
    let chosen = asked.form.read("account").or(draft.account);
    draft.account = chosen.or(only.map(|account| account.id));
    draft.forget_unknown(&accounts);
    screen(asked, &draft, &accounts, None, &new_key()?).await
}

/// Looks at the form, or makes the server.
pub(super) async fn create(asked: Asked) -> Response {
    let asked = end::in_zone_of_form(asked);
    asked.answer(created(&asked).await)
}

async fn created(asked: &Asked) -> Result<Response, ProvisionError> {
    let accounts = asked.accounts().await?;
    if accounts.is_empty() {
        return Ok(asked.screen(StatusCode::CONFLICT, TITLE, &form::no_account()));
    }
    let now = asked.visitor.now;
    let mut draft = Draft::of_form(&asked.form, End::never(), now);
    draft.forget_unknown(&accounts);
    let key = asked.form.get("key");
    let key = key.and_then(|key| Some((key, key.parse::<IdempotencyKey>().ok()?)));
    let is_order = asked.form.is("do", "create");
    let outcome = match &key {
        Some((_, key)) if is_order => Some(make(asked, &draft, &accounts, key).await?),
        None if is_order => Some(Outcome::Rekeyed(KEYLESS)),
        _ => None,
    };
    let key = key.map(|(text, _)| text.to_owned());
    let (refused, key) = match outcome {
        None => (None, key),
        Some(Outcome::Made(made)) => return Ok(made::show(asked, &made).await),
        Some(Outcome::Refused(wrong)) => (Some(wrong), key),
        Some(Outcome::Rekeyed(why)) => (Some(one("", why)), None),
    };
    draft.look_again(&asked.form, now);
    let key = key.map_or_else(new_key, Ok)?;
    screen(asked, &draft, &accounts, refused, &key).await
}

fn one(pointer: &str, detail: &str) -> Wrong {
    Wrong(vec![Problem {
        pointer: pointer.to_owned(),
        detail: detail.to_owned(),
    }])
}

/// Makes the server, or says everything that is wrong.
async fn make(
    asked: &Asked,
    draft: &Draft,
    accounts: &[Account],
    key: &IdempotencyKey,
) -> Result<Outcome, ProvisionError> {
    let provisioning = asked.provisioning();
    let (body, mut wrong) = draft.body(&asked.visitor.zone);
    let refused = match draft.account.filter(|_| wrong.is_empty()) {
        Some(account) => match provisioning.create_server(account, &body, Some(key)).await {
            Ok(made) => return Ok(Outcome::Made(Box::new(made))),
            Err(error) => Wrong::of(error)?,
        },
        // All that is wrong is said at once.
        None => match accounts.first() {
            Some(any) => match provisioning.preview_server(any.id, &body).await {
                Ok(_) => Wrong::default(),
                Err(error) => Wrong::of(error)?,
            },
            None => Wrong::default(),
        },
    };
    if refused.at(IDEMPOTENCY_KEY).next().is_some() {
        return Ok(Outcome::Rekeyed(USED));
    }
    wrong.0.extend(refused.0);
    if draft.account.is_none() {
        let missing = one("/account", "choose the account whose tools are served");
        wrong.0.extend(missing.0);
    }
    wrong
        .0
        .sort_by_key(|problem| form::position(&problem.pointer));
    Ok(Outcome::Refused(wrong))
}

/// What the form comes to, for the script.
pub(super) async fn preview(asked: Asked) -> Response {
    let asked = end::in_zone_of_form(asked);
    let aside = previewed(&asked).await.unwrap_or_else(|error| {
        if matches!(error, ProvisionError::Store(_) | ProvisionError::Defect(_)) {
            tracing::error!(%error, "a preview could not be shown");
        }
        html! { div.notice.bad { p { (error.to_string()) "." } p { "Change something to try again." } } }
    });
    aside.into_response()
}

async fn previewed(asked: &Asked) -> Result<Markup, ProvisionError> {
    let provisioning = asked.provisioning();
    let mut draft = Draft::of_form(&asked.form, End::never(), asked.visitor.now);
    draft.from = asked.visitor.now;
    let chosen = match draft.account {
        None => None,
        Some(id) => match provisioning.account(id).await {
            Ok(account) => Some(account),
            Err(ProvisionError::NotFound(_)) => None,
            Err(error) => return Err(error),
        },
    };
    draft.account = chosen.as_ref().map(|account| account.id);
    let any = match draft.account {
        Some(id) => id,
        None => first_account(asked).await?,
    };
    Ok(aside(asked, &draft, chosen.as_ref(), any).await?.0)
}

/// An account to look with where none is chosen yet.
async fn first_account(asked: &Asked) -> Result<AccountId, ProvisionError> {
    let paging = Paging {
        limit: Some(1),
        cursor: None,
    };
    let accounts = asked.provisioning().accounts(&paging).await?.result;
    let none = "there is no account any more; connect one first";
    let first = accounts.first().map(|account| account.id);
    first.ok_or_else(|| ProvisionError::Conflict(none.to_owned()))
}

/// The aside, and what is wrong according to it. `any` is an account to look with if none is chosen.
pub(super) async fn aside(
    asked: &Asked,
    draft: &Draft,
    chosen: Option<&Account>,
    any: AccountId,
) -> Result<(Markup, Wrong), ProvisionError> {
    let account = chosen.map_or(any, |account| account.id);
    let preview = preview::look(asked, draft, account).await?;
    let shown = preview::show(asked, draft, chosen, &preview);
    Ok((shown, preview.wrong))
}

/// The form. `refused` is why nothing was made, if something should have been.
async fn screen(
    asked: &Asked,
    draft: &Draft,
    accounts: &[Account],
    refused: Option<Wrong>,
    key: &str,
) -> Result<Response, ProvisionError> {
    let is_chosen = |account: &&Account| Some(account.id) == draft.account;
    let chosen = accounts.iter().find(is_chosen);
    let Some(any) = chosen.or(accounts.first()) else {
        return Ok(asked.screen(StatusCode::CONFLICT, TITLE, &form::no_account()));
    };
    let (preview, looked) = aside(asked, draft, chosen, any.id).await?;
    let (status, wrong) = match &refused {
        Some(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        None => (StatusCode::OK, &looked),
    };
    let shown = Shown {
        visitor: &asked.visitor,
        draft,
        wrong,
        notice: None,
        purpose: Purpose::Make { accounts, key },
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
    use super::super::{change, rotate};
    use super::*;

    const CREATE: (&str, &str) = ("do", "create");
    const BERLIN: Option<&str> = Some("Europe%2FBerlin");

    async fn opened(scene: &Scene, query: &str, zone: Option<&str>) -> Vec<(String, String)> {
        let asked = scene.asked(Method::GET, query, zone).await;
        let (status, html) = got(show(asked).await).await;
        assert_eq!(status, StatusCode::OK);
        form(&html)
    }

    async fn sent(scene: &Scene, form: &str, zone: Option<&str>) -> (StatusCode, String) {
        got(create(scene.asked(Method::POST, form, zone).await).await).await
    }

    async fn servers(scene: &Scene) -> Vec<Server> {
        let (filter, paging) = Default::default();
        let list = scene.provisioning();
        let list = list.servers(scene.account, &filter, &paging).await;
        list.unwrap().result
    }

    async fn end_of(scene: &Scene, form: &str, zone: Option<&str>) -> String {
        let (status, html) = sent(scene, form, zone).await;
        assert_eq!(status, StatusCode::CREATED, "{html}");
        let made = servers(scene).await.remove(0);
        made.expires_at.unwrap().to_string()
    }

    const END: [(&str, &str); 3] = [
        ("name", "Desk"),
        ("expires", "on"),
        ("expires_on", "2026-12-31T23:59"),
    ];

    #[tokio::test]
    async fn a_time_stays_in_the_zone_in_which_its_form_was_opened() {
        let scene = Scene::start().await;
        // Before the script said anything, it is UTC.
        let typed = filled(&opened(&scene, "", None).await, &END);
        let looked = format!("{typed}&do=preview");
        let (status, html) = sent(&scene, &looked, BERLIN).await;
        assert_eq!(status, StatusCode::OK);
        assert!(
            html.contains("2026-12-31 23:59") && html.contains("In UTC."),
            "{html}"
        );
        let asked = scene.asked(Method::POST, &typed, BERLIN).await;
        let (_, aside) = got(preview(asked).await).await;
        assert!(aside.contains("2026-12-31 23:59"), "{aside}");
        let order = filled(&form(&html), &[CREATE]);
        let end = end_of(&scene, &order, BERLIN).await;
        assert_eq!(end, "2026-12-31T23:59:00Z");

        // The cookie goes, or is another one.
        for (opened_in, zone, end) in [
            (BERLIN, None, "2026-12-31T22:59:00Z"),
            (Some("America%2FNew_York"), BERLIN, "2027-01-01T04:59:00Z"),
        ] {
            let typed = filled(&opened(&scene, "", opened_in).await, &END);
            let (_, html) = sent(&scene, &format!("{typed}&do=preview"), zone).await;
            let order = filled(&form(&html), &[CREATE]);
            scene.wait(1);
            assert_eq!(end_of(&scene, &order, zone).await, end);
        }
    }

    #[tokio::test]
    async fn a_clone_ends_when_its_original_does_also_in_a_doubled_hour() {
        let scene = Scene::start().await;
        let end = "2027-10-31T01:30:00Z";
        let server = scene
            .server(&json!({"name": "Desk", "expires_at": end}))
            .await;
        scene.wait(1);
        let from = format!("from={}/{}", scene.account, server.id);
        let clone = filled(&opened(&scene, &from, BERLIN).await, &[CREATE]);
        assert_eq!(end_of(&scene, &clone, BERLIN).await, end);
    }

    #[tokio::test]
    async fn a_server_is_made_once_so_not_without_a_key() {
        let scene = Scene::start().await;
        let opened = opened(&scene, "", None).await;
        for key in ["", "schlüssel"] {
            let keyless = filled(&opened, &[("name", "Desk"), ("key", key), CREATE]);
            let (status, html) = sent(&scene, &keyless, None).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(html.contains("lost the key"), "{html}");
            assert!(servers(&scene).await.is_empty());
            let new = filled(&form(&html), &[("do", "preview")]);
            assert!(new.contains("key=page-"), "{new}");
        }
    }

    #[tokio::test]
    async fn what_is_no_word_is_refused() {
        let scene = Scene::start().await;
        let opened = opened(&scene, "", None).await;
        for (name, word) in [("names", "shrot"), ("preset", "suport")] {
            let odd = filled(&opened, &[("name", "Desk"), (name, word), CREATE]);
            let (status, html) = sent(&scene, &odd, None).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{html}");
            assert!(html.contains("expected one of"), "{html}");
        }
        assert!(servers(&scene).await.is_empty());
    }

    fn shows_url(html: &str) -> bool {
        html.contains("server-url") || html.contains("mcp.example.com/mcp/")
    }

    #[tokio::test]
    async fn a_form_that_arrives_again_shows_its_url_only_while_that_is_the_present_one() {
        let scene = Scene::start().await;
        let order = filled(&opened(&scene, "", None).await, &[("name", "Desk"), CREATE]);
        let first = sent(&scene, &order, None).await;
        assert_eq!(first.0, StatusCode::CREATED);
        scene.wait(600);
        let again = sent(&scene, &order, None).await;
        assert_eq!(again.0, StatusCode::CREATED);
        assert!(shows_url(&again.1) && servers(&scene).await.len() == 1);

        let server = servers(&scene).await.remove(0);
        let rotation = "overlap=0&key=page-1";
        let rotate = async |form: &str| {
            let asked = scene.post(form).await;
            got(rotate::rotate(place(&server), asked).await).await
        };
        let (status, html) = rotate(rotation).await;
        assert!(status == StatusCode::OK && shows_url(&html), "{html}");
        let (status, html) = sent(&scene, &order, None).await;
        assert_eq!(status, StatusCode::CONFLICT);
        assert!(
            html.contains("replaced since") && !shows_url(&html),
            "{html}"
        );
        let (_, html) = rotate(rotation).await;
        assert!(shows_url(&html), "{html}");

        let (status, html) = rotate("overlap=0&key=schl%C3%BCssel").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(html.contains("lost the key"), "{html}");
        rotate("overlap=0&key=page-2").await;
        let (status, html) = rotate(rotation).await;
        assert_eq!(status, StatusCode::CONFLICT);
        assert!(!shows_url(&html), "{html}");
        change::revoke(place(&server), scene.post("").await).await;
        for (status, html) in [sent(&scene, &order, None).await, rotate(rotation).await] {
            assert_eq!(status, StatusCode::CONFLICT);
            assert!(html.contains("was revoked") && !shows_url(&html), "{html}");
        }
    }
}
