//! What each client is told of a server follows from what the server asks for.

use super::*;

const URL: &str = "https://mcp.example.com/mcp/mcp_1";

fn told(client: Client, access: Access<'_>) -> String {
    let connection = Connection {
        name: "finance",
        url: URL,
        access,
    };
    let install = client.install(&connection);
    let install = install.map_or_else(String::new, |install| match install {
        Install::Command(command) => command,
        Install::Link(_) => String::new(),
    });
    format!("{}\n{install}", client.configuration(&connection, "/bin/b"))
}

#[test]
fn nothing_but_the_url_needs_no_header() {
    for client in Client::ALL {
        let told = told(client, Access::Url);
        assert!(
            !told.contains("Authorization") && !told.contains("BEARER"),
            "{told}"
        );
        assert!(!told.contains("bearer"), "{told}");
    }
    for client in [Client::Chatgpt, Client::ClaudeWeb] {
        assert!(told(client, Access::Url).contains("the secret is in the URL"));
    }
}

#[test]
fn people_sign_in_where_the_client_leads_them_to_the_issuer() {
    let variable = "ACCESS";
    for access in [Access::OAuth { variable }, Access::Either { variable }] {
        for client in Client::ALL {
            let told = told(client, access);
            let is_sent = told.contains(variable);
            assert_eq!(is_sent, !client.signs_in(), "{told}");
            assert!(!told.contains("the secret is in the URL"), "{told}");
            assert!(!told.contains("API token"), "{told}");
        }
        let steps = told(Client::Chatgpt, access);
        assert!(steps.contains("Authentication: OAuth"), "{steps}");
        let steps = told(Client::ClaudeWeb, access);
        assert!(steps.contains("OAuth client"), "{steps}");
        for client in [Client::Chatgpt, Client::ClaudeWeb] {
            assert!(told(client, access).contains("sign in at your issuer"));
        }
    }
}

#[test]
fn a_token_is_named_wherever_one_can_be_sent() {
    let variable = "TOKEN";
    for client in Client::ALL {
        let told = told(client, Access::ApiToken { variable });
        assert_eq!(told.contains(variable), client.sends_tokens(), "{told}");
        let is_refused = told.contains("cannot send an API token");
        assert_eq!(is_refused, !client.sends_tokens(), "{told}");
    }
}

#[test]
fn where_either_will_do_both_ways_are_told() {
    let variable = "TOKEN";
    let (oauth, token) = (Access::OAuth { variable }, Access::ApiToken { variable });
    let either = Access::Either { variable };
    assert_eq!(either.ways(Client::Chatgpt), [oauth]);
    assert_eq!(either.ways(Client::ClaudeWeb), [oauth]);
    assert_eq!(either.ways(Client::Cursor), [oauth, token]);
    assert_eq!(either.ways(Client::ClaudeCode), [oauth, token]);
    assert_eq!(either.ways(Client::Curl), [either]);
    assert_eq!(either.ways(Client::Gemini), [either]);
    assert_eq!(oauth.ways(Client::Cursor), [oauth]);
    assert_eq!(Access::Url.ways(Client::Cursor), [Access::Url]);
}
