use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::tool::{CompanyDomainMode, Names, Profile};

/// Everything that a server can be asked to serve.
fn all() -> ServerConfig {
    ServerConfig {
        methods: ["read", "write", "custom"].map(str::to_owned).into(),
        ..ServerConfig::default()
    }
}

fn only(tools: &[&str]) -> ServerConfig {
    ServerConfig {
        tools: tools.iter().map(|&tool| tool.to_owned()).collect(),
        ..all()
    }
}

fn catalogue(config: &ServerConfig) -> Catalogue {
    Catalogue::new(crate::tools(), "acme", &config.settings()).unwrap()
}

/// What is found of a server with this name, on a live account.
fn found(name: &str, config: &ServerConfig, change: impl FnOnce(&mut Offer<'_>)) -> Vec<Warning> {
    let catalogue = catalogue(config);
    let mut offer = Offer {
        name,
        environment: Environment::Live,
        config,
        takes_oauth: false,
        catalogue: &catalogue,
        listings: catalogue.listings(),
        tokens: 3_000,
    };
    change(&mut offer);
    find(&offer)
}

fn of(client: &str, detail: &str) -> Warning {
    Warning::for_client(client, detail)
}

#[test]
fn a_server_that_asks_for_nothing_is_warned_of_long_names_only() {
    let short = ServerConfig {
        names: Names::Short,
        ..ServerConfig::default()
    };
    assert_eq!(found("Billsby Finance Agent MCP", &short, |_| {}), []);
    let usual = found("Billsby", &ServerConfig::default(), |_| {});
    let expected = [
        of(
            "Claude Code",
            "may refuse tools whose names have more than 64 characters with mcp__billsby__ in front \
             (get_single_billsby_subscription_shipping_address_by_id): set names to short",
        ),
        of(
            "Cursor",
            "hides tools whose names have more than 60 characters with billsby: in front \
             (get_single_billsby_subscription_shipping_address_by_id): set names to short",
        ),
    ];
    assert_eq!(usual, expected);
    let cursor = ServerConfig {
        profile: Profile::Cursor,
        ..ServerConfig::default()
    };
    assert_eq!(found(&"long ".repeat(20), &cursor, |_| {}), []);
}

#[test]
fn an_open_server_with_effects_is_named() {
    let config = ServerConfig {
        names: Names::Short,
        ..only(&["list_customers", "update_customer"])
    };
    let open = Warning::for_all(
        "whoever learns the URL can change things at Billsby: require an API token or OAuth, or serve reads only",
    );
    assert_eq!(found("a", &config, |_| {}), [open]);
    assert_eq!(found("a", &config, |offer| offer.takes_oauth = true), []);
    let sandbox = |offer: &mut Offer<'_>| offer.environment = Environment::Sandbox;
    assert_eq!(found("a", &config, sandbox), []);
}

#[test]
fn clients_without_api_tokens_are_named() {
    let config = ServerConfig {
        require_api_token_auth: true,
        ..only(&["list_customers", "update_customer"])
    };
    let detail = "cannot send an API token: require OAuth for it, or no token";
    let expected = [of("ChatGPT", detail), of("Claude", detail)];
    assert_eq!(found("a", &config, |_| {}), expected);
    assert_eq!(found("a", &config, |offer| offer.takes_oauth = true), []);
}

#[test]
fn a_key_that_no_tool_gives_is_named() {
    let config = ServerConfig {
        names: Names::Short,
        ..only(&["get_customer", "customer_invoices", "get_invoice"])
    };
    let expected = [Warning::for_all(
        "get_customer and customer_invoices need customerUniqueId, and no tool here gives it: add list_customers, \
         or be ready to name it yourself",
    )];
    assert_eq!(found("a", &config, |_| {}), expected);
    let config = only(&["get_invoice"]);
    let expected = [Warning::for_all(
        "get_single_billsby_invoice_by_id needs invoiceNumber, and no tool here gives it: add \
         list_all_billsby_customer_invoices, or be ready to name it yourself",
    )];
    assert_eq!(found("a", &config, |_| {}), expected);
    // Each key comes from some tool.
    assert_eq!(keys::missing(&catalogue(&all()), &all()), []);
    let reads = ServerConfig::default();
    assert_eq!(keys::missing(&catalogue(&reads), &reads), []);
}

#[test]
fn too_many_tools_are_told_to_those_that_mind() {
    let clients = |count| -> Vec<Option<String>> {
        let found = too_many_tools(count).into_iter();
        found.map(|warning| warning.client).collect()
    };
    let of = |client: &str| Some(client.to_owned());
    assert_eq!(clients(40), []);
    assert_eq!(clients(41), [None]);
    assert_eq!(clients(81), [of("Cursor"), None]);
    assert_eq!(clients(129), [of("VS Code"), of("Cursor"), None]);
    assert_eq!(
        too_many_tools(90)[0].detail,
        "takes about 80 tools from all servers together, and here are 90: serve fewer, or set expose to discovery"
    );
    let config = ServerConfig {
        names: Names::Short,
        ..all()
    };
    let expected = Warning::for_all(
        "there are 58 tools, and models choose worse among more than 40: serve fewer, or set expose to discovery",
    );
    assert_eq!(
        found("a", &config, |offer| offer.takes_oauth = true),
        [expected]
    );
}

#[test]
fn too_many_tokens_are_told() {
    let config = only(&["list_customers"]);
    let expected = Warning::for_all(
        "the list of tools takes 20001 tokens of every conversation: serve fewer, or set expose to discovery",
    );
    assert_eq!(
        found("a", &config, |offer| offer.tokens = 20_001),
        [expected]
    );
    assert_eq!(found("a", &config, |offer| offer.tokens = 20_000), []);
    let long = ServerConfig {
        result_tokens: 30_000,
        ..config
    };
    let expected = of(
        "Claude Code",
        "cuts off results of more than 25000 tokens, and here they may take 30000: set result_tokens lower",
    );
    assert_eq!(found("a", &long, |_| {}), [expected]);
}

#[test]
fn schemas_of_another_profile_are_told_where_a_client_refuses_them() {
    let config = ServerConfig {
        profile: Profile::Openai,
        ..only(&["list_customers"])
    };
    let expected = of(
        "Gemini CLI",
        "may refuse list_all_billsby_customers as the profile openai describes them (there are several types at \
         /inputSchema/properties/page): set profile to gemini",
    );
    assert_eq!(found("a", &config, |_| {}), [expected]);
    let bound = ServerConfig {
        company_domain: CompanyDomainMode::Bound,
        ..only(&["list_add_ons"])
    };
    let expected = of(
        "Gemini CLI",
        "may refuse list_all_billsby_add_ons as the profile standard describes them (an object without properties \
         at /inputSchema): set profile to gemini",
    );
    assert_eq!(found("a", &bound, |_| {}), [expected]);
    for profile in [Profile::Gemini, Profile::Anthropic, Profile::Cursor] {
        let config = ServerConfig {
            profile,
            names: Names::Short,
            ..ServerConfig::default()
        };
        assert_eq!(found("a", &config, |_| {}), [], "{profile:?}");
    }
    let mut listing = catalogue(&config).listings()[0].clone();
    listing.input_schema = json!({"type": "object", "properties": {"a": {"type": "array"}}});
    let found = schemas::not_taken(Profile::Standard, &[listing]);
    let clients: BTreeSet<_> = found.iter().filter_map(|it| it.client.as_deref()).collect();
    assert_eq!(clients, BTreeSet::from(["ChatGPT", "Gemini CLI"]));
}

#[test]
fn of_many_names_some_are_told() {
    let names = ["a", "b", "c", "d", "e"];
    let some: Vec<String> = (0..=5).map(|count| some_of(&names[..count])).collect();
    let expected = [
        "",
        "a",
        "a and b",
        "a, b and c",
        "a, b, c and 1 more",
        "a, b, c and 2 more",
    ];
    assert_eq!(some, expected);
    let warning = serde_json::to_value(Warning::for_all("x")).unwrap();
    assert_eq!(warning, json!({"client": Value::Null, "detail": "x"}));
}
