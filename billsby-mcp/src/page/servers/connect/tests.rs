//! What the page says of connecting is what the gate does.

use super::*;

fn config(api_token: bool, oauth: bool) -> ServerConfig {
    ServerConfig {
        require_api_token_auth: api_token,
        require_oauth: oauth,
        ..ServerConfig::default()
    }
}

fn of(config: &ServerConfig, everywhere: bool) -> Access<'static> {
    let options = ProvisionOptions {
        require_oauth: everywhere,
        ..ProvisionOptions::default()
    };
    access(&options, config)
}

fn shown(client: Client, access: Access<'_>, is_here: bool) -> String {
    let connection = Connection {
        name: "finance",
        url: "https://mcp.example.com/mcp/mcp_1",
        access,
    };
    section(client, &connection, "/bin/b", is_here).into_string()
}

#[test]
fn either_token_will_do_unless_access_tokens_are_wanted_everywhere() {
    let (api, oauth) = (API_TOKEN, ACCESS_TOKEN);
    for (api_token, needs_oauth, everywhere, expected) in [
        (false, false, false, Access::Url),
        (true, false, false, Access::ApiToken { variable: api }),
        (false, true, false, Access::OAuth { variable: oauth }),
        (true, true, false, Access::Either { variable: TOKEN }),
        // API tokens open nothing then.
        (false, false, true, Access::OAuth { variable: oauth }),
        (true, false, true, Access::OAuth { variable: oauth }),
        (true, true, true, Access::OAuth { variable: oauth }),
    ] {
        assert_eq!(of(&config(api_token, needs_oauth), everywhere), expected);
    }
}

#[test]
fn where_either_will_do_both_are_shown_under_ids_of_their_own() {
    let variable = TOKEN;
    let either = Access::Either { variable };
    let cursor = shown(Client::Cursor, either, true);
    assert!(cursor.contains("sign in at your OAuth issuer"), "{cursor}");
    assert!(cursor.contains("Or with an API token"), "{cursor}");
    for id in ["\"connect-cursor\"", "\"connect-cursor-token\""] {
        assert_eq!(cursor.matches(&format!("code id={id}")).count(), 1);
    }
    let curl = shown(Client::Curl, either, true);
    assert!(curl.contains(variable), "{curl}");
    let desktop = shown(Client::ClaudeDesktop, either, true);
    assert!(desktop.contains("Claude (web) above"), "{desktop}");
    let url = shown(Client::Cursor, Access::Url, true);
    assert!(!url.contains("token") && !url.contains("issuer"), "{url}");
}

#[test]
fn a_bridge_on_another_machine_has_to_be_installed_there() {
    for client in Client::ALL {
        let elsewhere = shown(client, Access::Url, false).contains("has to be installed");
        assert_eq!(elsewhere, client.starts_program(), "{client:?}");
        assert!(!shown(client, Access::Url, true).contains("has to be installed"));
    }
}

#[test]
fn it_is_said_who_cannot_reach_an_address() {
    let said = |base: &str| reach(base).into_string();
    assert_eq!(said("https://mcp.example.com"), "");
    for base in [
        "http://127.0.0.1:8080",
        "https://localhost",
        "http://[::1]:80",
    ] {
        assert!(said(base).contains("this machine"), "{base}");
    }
    assert!(said("http://mcp.example.com").contains("HTTPS"));
}
