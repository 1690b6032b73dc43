//! The screen after a server was made: the only one with its URL.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::asked::{Asked, Place};
use super::{connect, tokens, tools};
use crate::page::part;
use crate::provision::{ApiToken, Made, ProvisionError, Server};
use crate::record::State;
use crate::store::StoreError;

/// A server with the URL that a form made. The form may arrive again, long after.
pub(super) struct Present {
    pub(super) server: Server,
    pub(super) url: String,
    /// Whether the server is as it was then, because nobody knows how it is now.
    pub(super) is_unsure: bool,
}

/// Why the URL that a form made is not to be used any more.
pub(super) enum Over {
    Replaced(Box<Server>),
    Ended(Box<Server>),
    /// It went with its account.
    Removed,
}

impl Present {
    /// What has become of what was made, as far as that can be read.
    pub(super) async fn of(asked: &Asked, made: &Made<Server>) -> Result<Self, Over> {
        let answer = &made.answer;
        let (account, id) = (answer.integrated_account_id, answer.id);
        match asked.provisioning().server(account, id).await {
            Ok(now) => Self::now(answer, now),
            Err(ProvisionError::NotFound(_)) => Err(Over::Removed),
            // It was made: that must not become an error because of what could be read after.
            Err(error) => {
                tracing::warn!(%error, "a URL was made, and its server cannot be read now");
                Ok(Self {
                    url: url_of(answer),
                    server: answer.clone(),
                    is_unsure: made.is_replay,
                })
            }
        }
    }

    fn now(made: &Server, now: Server) -> Result<Self, Over> {
        if now.state != State::Active {
            return Err(Over::Ended(Box::new(now)));
        }
        // A URL that is still shown later holds no secret.
        let url = now.url.as_ref().map(|url| url.0.clone());
        let secret = made.token.as_ref().map(|token| token.0.as_str());
        let made_url = url_of(made);
        let is_present = secret.is_some_and(|secret| made_url.ends_with(secret))
            && made.token_hint == now.token_hint;
        match url.or_else(|| is_present.then_some(made_url)) {
            Some(url) => Ok(Self {
                server: now,
                url,
                is_unsure: false,
            }),
            None => Err(Over::Replaced(Box::new(now))),
        }
    }

    /// What is said where nobody knows how the server is now.
    pub(super) fn care(&self) -> Markup {
        html! {
            @if self.is_unsure {
                p.notice.care {
                    "This form was sent before. The store does not say how the server is now: this is how it was then."
                }
            }
        }
    }
}

fn url_of(made: &Server) -> String {
    let url = made.url.as_ref();
    url.map(|url| url.0.clone()).unwrap_or_default()
}

/// What is shown of a server that was just made, or of one that was made by the same form before.
pub(super) async fn show(asked: &Asked, made: &Made<Server>) -> Response {
    let shown = match Present::of(asked, made).await {
        Ok(shown) => shown,
        Err(over) => return no_longer(asked, &over),
    };
    let options = asked.provisioning().options();
    let token = if connect::takes_api_tokens(options, &made.answer.config) {
        Some(tokens::first(asked, &made.answer).await)
    } else {
        None
    };
    present(asked, &shown, token).await
}

async fn present(
    asked: &Asked,
    shown: &Present,
    token: Option<Result<ApiToken, ProvisionError>>,
) -> Response {
    let Present { server, url, .. } = shown;
    let place = place(server);
    let provisioning = asked.provisioning();
    let account = provisioning.account(place.account).await.ok();
    let offer = provisioning.server_tools(place.account, place.id).await;
    let body = html! {
        p {
            (part::text(&server.name)) " serves tools "
            @if let Some(account) = &account {
                "of " (part::text(&account.label)) " " (part::environment(account.environment)) " "
            }
            @match server.expires_at {
                Some(end) => { "until " (part::time(&asked.visitor, end)) "." }
                None => "until you revoke it.",
            }
            " It is " (part::state(server.state)) "."
        }
        (shown.care())
        (connect::url(asked, server, url))
        @if let Some(token) = token { (first_token(&token)) }
        div.actions {
            a.button href=(place.path("")) { "Open this server" }
            a href="/ui/servers/new" { "Make another one" }
        }
        (connect::configurations(asked, server, url))
        h2 { "What it serves" }
        @match &offer {
            Ok(offer) => (tools::show(offer, &server.config, account.map(|account| account.environment))),
            Err(error) => p { "That cannot be shown now: " (error.to_string()) "." },
        }
    };
    asked.screen(StatusCode::CREATED, "Server created", &body)
}

/// What is shown once a URL that a form made is not the one to be used.
pub(super) fn no_longer(asked: &Asked, over: &Over) -> Response {
    let visitor = &asked.visitor;
    let body = html! {
        @match over {
            Over::Replaced(server) => {
                p.notice.care {
                    "The URL that this form made for " (part::text(&server.name))
                    " was replaced since, and opens nothing any more or soon will not. The server was last changed " (part::time(visitor, server.updated_at)) "."
                }
                p { "If the present URL is lost, rotate the server for another one." }
                div.actions { a.button href=(place(server).path("")) { "Open this server" } }
            }
            Over::Ended(server) => {
                p.notice.care {
                    "The server of this form, " (part::text(&server.name)) ", "
                    @match (server.revoked_at, server.expires_at) {
                        (Some(at), _) => { "was revoked " (part::time(visitor, at)) }
                        (None, Some(at)) => { "expired " (part::time(visitor, at)) }
                        (None, None) => "has ended",
                    }
                    ", and its URL opens nothing."
                }
                div.actions { a.button href=(place(server).path("")) { "Open this server" } }
            }
            Over::Removed => {
                p.notice.care { "The server of this form went with its account." }
                div.actions { a.button href=(super::PATH) { "All servers" } }
            }
        }
    };
    asked.screen(StatusCode::CONFLICT, "This form was sent before", &body)
}

fn place(server: &Server) -> Place {
    Place {
        account: server.integrated_account_id,
        id: server.id,
    }
}

fn first_token(token: &Result<ApiToken, ProvisionError>) -> Markup {
    html! {
        @match token {
            Ok(token) => (tokens::secret(token)),
            Err(error) => {
                h2 { "Its API token" }
                div.notice.bad {
                    p {
                        strong {
                            "The server was made, and its API token "
                            @if is_unknown(error) { "may have been: " } @else { "was not: " }
                        }
                        (error.to_string()) "."
                    }
                    p { "Load this page again: that makes what is missing, once, and shows it. Or make one on the server's own page." }
                }
            }
        }
    }
}

fn is_unknown(error: &ProvisionError) -> bool {
    matches!(error, ProvisionError::Store(StoreError::Unknown(_)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::scene::Scene;
    use super::*;
    use crate::provision::Shown;

    /// Which URL is shown of what was made, now that the server is like this.
    fn shown(made: &Server, now: Server) -> Option<String> {
        Present::now(made, now).ok().map(|present| present.url)
    }

    #[tokio::test]
    async fn a_url_is_shown_as_long_as_it_is_the_present_one() {
        let scene = Scene::start().await;
        let made = scene.server(&json!({"name": "Desk"})).await;
        let now = scene.now(&made).await;
        assert_eq!(shown(&made, now.clone()), Some(url_of(&made)));
        let replaced = Server {
            token_hint: Some("else".to_owned()),
            ..now.clone()
        };
        assert_eq!(shown(&made, replaced.clone()), None);
        // A URL without a secret stays through a rotation, and comes with OAuth.
        let open = Some(Shown("https://mcp.example.com/mcp/id".to_owned()));
        let with_oauth = |server: Server| Server {
            url: open.clone(),
            ..server
        };
        let url = open.as_ref().map(|url| url.0.clone());
        assert_eq!(shown(&with_oauth(made.clone()), with_oauth(replaced)), url);
        assert_eq!(shown(&made, with_oauth(now.clone())), url);
        // Without OAuth it opens nothing any more.
        assert_eq!(shown(&with_oauth(made.clone()), now.clone()), None);
        let expired = Server {
            state: State::Expired,
            ..now
        };
        assert_eq!(shown(&made, expired), None);
    }
}
