//! What has just been done with servers: said where the address says so, and it is true.

use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};

use super::asked::Asked;
use super::connect;
use crate::page::shell::Notice;
use crate::provision::{ProvisionError, ProvisionOptions, Server};
use crate::record::{ApiTokenId, ServerConfig, State};

/// The name under which an address tells which API token was revoked.
pub(super) const REVOKED: &str = "revoked";
/// How long ago a change may be of which nothing else is left to see.
const LATELY: SignedDuration = SignedDuration::from_secs(120);

/// What to say of a server whose settings were changed.
pub(super) fn of_change(
    options: &ProvisionOptions,
    before: &ServerConfig,
    after: &ServerConfig,
) -> Notice {
    let asked = |config| connect::asks_for_oauth(options, config);
    if asked(before) == asked(after) {
        Notice::ServerChanged
    } else {
        Notice::AccessChanged
    }
}

/// What was done with a server.
pub(super) async fn of_server(
    asked: &Asked,
    server: &Server,
) -> Result<Option<Markup>, ProvisionError> {
    let Some(notice) = asked.form.read::<Notice>("done") else {
        return Ok(None);
    };
    if notice == Notice::TokenRevoked {
        return of_token(asked).await;
    }
    let is_true = agrees(notice, server, asked.visitor.now);
    Ok(is_true.then(|| match notice {
        // It is below.
        Notice::AccessChanged if !connect::is_secret(asked, server) => html! {
            p.notice.good role="status" {
                "The server is changed, and how clients reach it: they need the URL that is shown here now."
            }
        },
        notice => notice.show(),
    }))
}

/// That an API token was revoked.
pub(super) async fn of_token(asked: &Asked) -> Result<Option<Markup>, ProvisionError> {
    let notice = asked.form.read::<Notice>("done");
    let id = asked.form.read::<ApiTokenId>(REVOKED);
    let Some((Notice::TokenRevoked, id)) = notice.zip(id) else {
        return Ok(None);
    };
    match asked.provisioning().api_token(id).await {
        Ok(token) if token.state == State::Revoked => Ok(Some(Notice::TokenRevoked.show())),
        Ok(_) | Err(ProvisionError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a server is as if that had just been done.
fn agrees(notice: Notice, server: &Server, now: Timestamp) -> bool {
    match notice {
        Notice::ServerRevoked => server.state == State::Revoked,
        Notice::ServerChanged | Notice::AccessChanged | Notice::ExpiryChanged => {
            let is_lately = now.duration_since(server.updated_at) < LATELY;
            is_lately && server.revoked_at.is_none() && server.updated_at > server.created_at
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn server(state: &str, updated_at: &str) -> Server {
        let revoked_at = (state == "revoked").then_some(updated_at);
        let server = json!({
            "id": "mcp_01k9000000e000000000000000",
            "integrated_account_id": "acc_01k9000000e000000000000000",
            "name": "Finance",
            "config": {},
            "expires_at": null,
            "token_hint": null,
            "state": state,
            "created_at": "2026-11-22T12:00:00Z",
            "updated_at": updated_at,
            "revoked_at": revoked_at,
            "usage": {"last_used_at": null, "calls": 0, "errors": 0, "writes": 0},
        });
        serde_json::from_value(server).unwrap()
    }

    #[test]
    fn an_address_alone_makes_nothing_true() {
        let now = "2026-11-22T13:00:00Z".parse().unwrap();
        let said = |notice: Notice, server: &Server| agrees(notice, server, now);
        let changed = server("active", "2026-11-22T12:59:59Z");
        let old = server("active", "2026-11-22T12:50:00Z");
        let revoked = server("revoked", "2026-11-22T12:59:59Z");
        for notice in [
            Notice::ServerChanged,
            Notice::AccessChanged,
            Notice::ExpiryChanged,
        ] {
            assert!(said(notice, &changed), "{notice:?}");
            assert!(!said(notice, &old), "{notice:?}");
            assert!(!said(notice, &revoked), "{notice:?}");
        }
        assert!(said(Notice::ServerRevoked, &revoked));
        assert!(!said(Notice::ServerRevoked, &changed));
        assert!(!said(Notice::AccountRemoved, &revoked));
        assert!(!said(Notice::TokenRevoked, &revoked));
    }
    #[test]
    fn oauth_switched_on_or_off_is_another_url() {
        let plain = ServerConfig::default();
        let oauth = ServerConfig {
            require_oauth: true,
            ..ServerConfig::default()
        };
        let api_token = ServerConfig {
            require_api_token_auth: true,
            ..ServerConfig::default()
        };
        let usual = ProvisionOptions::default();
        let everywhere = ProvisionOptions {
            require_oauth: true,
            ..ProvisionOptions::default()
        };
        for (options, before, after, expected) in [
            (&usual, &plain, &oauth, Notice::AccessChanged),
            (&usual, &oauth, &plain, Notice::AccessChanged),
            (&usual, &plain, &api_token, Notice::ServerChanged),
            (&usual, &oauth, &oauth, Notice::ServerChanged),
            (&everywhere, &plain, &oauth, Notice::ServerChanged),
        ] {
            assert_eq!(of_change(options, before, after), expected);
        }
    }
}
