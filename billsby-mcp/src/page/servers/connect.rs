//! How each client is told of a server: shown where its URL is known.

use axum::http::Uri;
use clap::ValueEnum as _;
use maud::{Markup, html};

use super::asked::Asked;
use crate::connect::{Access, Client, Connection, Install, short_name};
use crate::page::part;
use crate::provision::{ProvisionOptions, Server};
use crate::record::ServerConfig;

/// The variable that holds the API token, where a client starts.
const API_TOKEN: &str = "BILLSBY_MCP_API_TOKEN";
/// The one that holds an access token, for clients in which nobody can sign in.
const ACCESS_TOKEN: &str = "BILLSBY_MCP_ACCESS_TOKEN";
/// The one that holds either.
const TOKEN: &str = "BILLSBY_MCP_TOKEN";
/// What starts this program where it is installed as usual.
const INSTALLED: &str = "billsby-mcp";

/// The URL, to be copied.
pub(super) fn url(asked: &Asked, server: &Server, url: &str) -> Markup {
    html! {
        h2 { "Its URL" }
        @if is_secret(asked, server) {
            div.notice.care {
                p {
                    strong { "Copy it now: it is shown once." }
                    " The URL is a secret. Whoever has it can call these tools"
                    @if takes_api_tokens(asked.provisioning().options(), &server.config) { " with an API token" }
                    ", so keep it like a password; if it gets lost, rotate the server for another one."
                }
            }
        } @else {
            p { "It is no secret: " (who(access_to(asked, server))) "." }
        }
        (part::copy("server-url", "Server URL", url))
        (reach(&asked.provisioning().options().public_base))
    }
}

/// Whether the URL of a server is a secret.
pub(super) fn is_secret(asked: &Asked, server: &Server) -> bool {
    !asks_for_oauth(asked.provisioning().options(), &server.config)
}

/// Whether access tokens of an OAuth issuer open a server, which then has its id in the URL.
pub(super) fn asks_for_oauth(options: &ProvisionOptions, config: &ServerConfig) -> bool {
    config.require_oauth || options.require_oauth
}

/// Whether API tokens open a server, and nothing less does.
pub(super) fn takes_api_tokens(options: &ProvisionOptions, config: &ServerConfig) -> bool {
    config.require_api_token_auth && !options.require_oauth
}

/// What a server asks of its clients, as the gate judges it.
pub(super) fn access(options: &ProvisionOptions, config: &ServerConfig) -> Access<'static> {
    let ways = (
        asks_for_oauth(options, config),
        takes_api_tokens(options, config),
    );
    match ways {
        (false, false) => Access::Url,
        (false, true) => Access::ApiToken {
            variable: API_TOKEN,
        },
        (true, false) => Access::OAuth {
            variable: ACCESS_TOKEN,
        },
        (true, true) => Access::Either { variable: TOKEN },
    }
}

fn access_to(asked: &Asked, server: &Server) -> Access<'static> {
    access(asked.provisioning().options(), &server.config)
}

/// Who may call a server.
pub(super) fn who(access: Access<'_>) -> &'static str {
    match access {
        Access::Url => "whoever has its URL can call it",
        Access::ApiToken { .. } => "whoever has its URL and an API token can call it",
        Access::OAuth { .. } => "whoever signs in at your OAuth issuer can call it",
        Access::Either { .. } => {
            "whoever signs in at your OAuth issuer, or has an API token, can call it"
        }
    }
}

/// A section for each client.
pub(super) fn configurations(asked: &Asked, server: &Server, url: &str) -> Markup {
    let name = short_name(&server.name);
    let connection = Connection {
        name: &name,
        url,
        access: access_to(asked, server),
    };
    let is_here = is_here(&asked.provisioning().options().public_base);
    // Where this program is on another machine, nobody knows.
    let program = if is_here {
        &asked.page.program
    } else {
        INSTALLED
    };
    html! {
        h2 { "Connect a client" }
        (needs(&connection))
        @for client in Client::ALL { (section(client, &connection, program, is_here)) }
    }
}

/// What clients need besides the URL.
fn needs(connection: &Connection<'_>) -> Markup {
    html! {
        @match connection.access {
            Access::Url => {}
            Access::ApiToken { variable } => p {
                "The server wants an API token besides its URL. Where a configuration names " code { (variable) }
                ", put the token into that environment variable; VS Code asks for it."
            },
            Access::OAuth { variable } => p {
                "The server wants an access token of your OAuth issuer. Some clients send people there to sign in. \
                 For others, put one into the environment variable " code { (variable) } ": it has to name "
                code { (connection.url) } " as its audience, and be replaced before it runs out."
            },
            Access::Either { variable } => p {
                "The server takes either an access token of your OAuth issuer or an API token. Some clients send people \
                 to the issuer to sign in. For others, put one of the two into the environment variable "
                code { (variable) } ": an access token has to name " code { (connection.url) }
                " as its audience, and runs out."
            },
        }
    }
}

fn section(client: Client, connection: &Connection<'_>, program: &str, is_here: bool) -> Markup {
    let word = client.to_possible_value();
    let word = word.as_ref().map_or("client", |word| word.get_name());
    let ways = connection.access.ways(client);
    html! {
        details #{ "client-" (word) } {
            summary { (client.title()) }
            @if client.starts_program() && !is_here {
                p.hint {
                    "It starts " code { (program) } ", which has to be installed on the machine of the client; \
                     if it is not found there, put its whole path."
                }
            }
            @for (index, access) in ways.iter().enumerate() {
                @if let Some(hint) = hint(client, *access, index > 0) { p { (hint) } }
                (way(client, &Connection { access: *access, ..*connection }, program, index > 0))
            }
        }
    }
}

/// What a client does to be let in, where that is not plain.
fn hint(client: Client, access: Access<'_>, is_other: bool) -> Option<&'static str> {
    match access {
        Access::OAuth { .. } | Access::Either { .. } if client == Client::ClaudeDesktop => Some(
            "Claude (web) above needs no token, and is there in Claude Desktop as well. With a token instead:",
        ),
        // Their steps say it.
        _ if !client.sends_tokens() => None,
        Access::OAuth { .. } if client.signs_in() => {
            Some("It opens a browser in which people sign in at your OAuth issuer.")
        }
        Access::ApiToken { .. } if is_other => Some("Or with an API token:"),
        _ => None,
    }
}

/// A configuration. `is_other` if the client has another one for the same server.
fn way(client: Client, connection: &Connection<'_>, program: &str, is_other: bool) -> Markup {
    let word = client.to_possible_value();
    let word = word.as_ref().map_or("client", |word| word.get_name());
    let (id, with) = if is_other {
        (format!("{word}-token"), " with an API token")
    } else {
        (word.to_owned(), "")
    };
    let title = client.title();
    html! {
        @match client.install(connection) {
            Some(Install::Link(link)) => {
                p { a.button href=(link) { "Add to " (title) } }
                p.hint { "Or put this into its configuration:" }
            }
            Some(Install::Command(command)) => {
                p.hint { "Run this:" }
                (part::copy(&format!("install-{id}"), &format!("Command for {title}{with}"), &command))
                p.hint { "Or put this into its configuration:" }
            }
            None => {}
        }
        @if let Some(place) = client.place() { p.hint { "In " (place) } }
        (part::copy(
            &format!("connect-{id}"),
            &format!("Configuration for {title}{with}"),
            &client.configuration(connection, program),
        ))
    }
}

/// Who cannot reach the server at its address.
fn reach(public_base: &str) -> Markup {
    let problem = if is_here(public_base) {
        "Only clients on this machine reach this address."
    } else if public_base.starts_with("https://") {
        return html! {};
    } else {
        "This address has no HTTPS: what goes there can be read on its way."
    };
    html! {
        div.notice.care {
            p {
                strong { (problem) }
                " ChatGPT and Claude in the browser call from the internet and need https://. Serve behind a proxy or \
                  a tunnel, and say so with --public-url https://YOUR-HOST."
            }
        }
    }
}

/// Whether only clients on this machine reach an address.
fn is_here(public_base: &str) -> bool {
    let uri: Option<Uri> = public_base.parse().ok();
    let host = uri.as_ref().and_then(Uri::host).unwrap_or_default();
    let name = host.trim_matches(['[', ']']);
    let address = name.parse::<std::net::IpAddr>();
    address.is_ok_and(|address| address.is_loopback() || address.is_unspecified())
        || name == "localhost"
        || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests;
