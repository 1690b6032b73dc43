//! What is said of API tokens is what they do.

use axum::http::Method;
use serde_json::from_value;

use super::super::scene::{Scene, got, place};
use super::*;

const SERVER: &str = "mcp_01k9000000e000000000000000";

fn token(state: &str, server: Option<&str>) -> ApiToken {
    let token = json!({
        "id": "tok_01k9000000e000000000000000",
        "name": "Night job",
        "server_id": server,
        "token_hint": "abcd",
        "state": state,
        "created_at": "2026-11-22T12:00:00Z",
        "expires_at": null,
        "revoked_at": null,
    });
    from_value(token).unwrap()
}

fn lacking(access: Access<'_>, states: &[&str], is_cut: bool) -> String {
    let tokens = states.iter().map(|state| token(state, None)).collect();
    lack(access, &Tokens { tokens, is_cut }).into_string()
}

#[test]
fn tokens_that_have_ended_let_nobody_in() {
    let variable = "TOKEN";
    let api_token = Access::ApiToken { variable };
    for states in [&[] as &[&str], &["expired"], &["expired", "revoked"]] {
        assert!(lacking(api_token, states, false).contains("nobody can call"));
        let either = lacking(Access::Either { variable }, states, false);
        assert!(either.contains("only who signs in"), "{either}");
        assert_eq!(lacking(Access::Url, states, false), "");
        assert_eq!(lacking(Access::OAuth { variable }, states, false), "");
        assert_eq!(lacking(api_token, states, true), "");
    }
    assert_eq!(lacking(api_token, &["expired", "active"], false), "");
}

#[test]
fn it_is_said_what_a_revoked_token_closes() {
    let every = opened(&token("active", None), None).into_string();
    assert!(every.contains("every server"), "{every}");
    let one = opened(&token("active", Some(SERVER)), None).into_string();
    assert!(one.contains(SERVER) && !one.contains("every"), "{one}");
}

#[test]
fn tokens_are_offered_only_where_they_are_taken() {
    let variable = "TOKEN";
    let said = |access| use_of(access).into_string();
    assert!(said(Access::ApiToken { variable }).contains("besides knowing the URL"));
    let either = said(Access::Either { variable });
    assert!(!either.contains("besides"), "{either}");
    for access in [Access::Url, Access::OAuth { variable }] {
        assert!(said(access).contains("does not take any"));
    }
}

#[tokio::test]
async fn a_token_is_revoked_after_a_question() {
    let scene = Scene::start().await;
    let config = json!({"name": "Desk", "require_api_token_auth": true});
    let server = scene.server(&config).await;
    let body = json!({"name": "Night job", "server_id": server.id});
    let made = scene.provisioning().create_api_token(&body, None).await;
    let token = made.unwrap().answer;
    let from = format!("server={}/{}", server.integrated_account_id, server.id);
    let id = || Path(token.id.to_string());

    let asked = scene.asked(Method::GET, &from, None).await;
    let (status, html) = got(ask(id(), asked).await).await;
    assert_eq!(status, StatusCode::OK);
    for part in ["Night job", "one server, <bdi>Desk", &from[7..]] {
        assert!(html.contains(part), "{part}: {html}");
    }
    let state = async || {
        scene
            .provisioning()
            .api_token(token.id)
            .await
            .unwrap()
            .state
    };
    assert_eq!(state().await, State::Active);

    let revoked = revoke(id(), scene.post(&from).await).await;
    let target = revoked.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(state().await, State::Revoked);
    let (path, query) = target.split_once('?').unwrap();
    assert_eq!(path, place(&server).path(""));
    let asked = scene.asked(Method::GET, query, None).await;
    let (_, html) = got(detail::show(place(&server), asked).await).await;
    assert!(html.contains("The API token is revoked"), "{html}");

    let asked = scene.asked(Method::GET, "", None).await;
    let (_, html) = got(ask(id(), asked).await).await;
    assert!(html.contains("already") && !html.contains("form method=\"post\" action=\"/ui/tokens"));
    let unknown = ask(Path("x".to_owned()), scene.post("").await).await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
}
