//! No secret is an argument, and none is shown where the program speaks of itself.

use super::{Home, ended};

const SECRETS: [(&str, &str); 9] = [
    ("BILLSBY_MCP_STORE", "postgres://me:canary-store@a/b"),
    ("BILLSBY_MCP_TOKEN_STORE", "redis://me:canary-token-store@a"),
    ("BILLSBY_MCP_ADMIN_TOKEN", "canary-admin-token"),
    ("BILLSBY_MCP_MASTER_KEY", "canary-master-key"),
    ("BILLSBY_MCP_URL", "https://a.example/mcp/canary-url"),
    ("BILLSBY_MCP_BEARER", "canary-bearer"),
    ("BILLSBY_API_KEY", "canary-api-key"),
    ("BILLSBY_MCP_ALLOW_BASE_URLS", "https://me:canary@a.example"),
    ("BILLSBY_MCP_REQUIRE_OAUTH", "false"),
];

#[tokio::test]
async fn help_shows_no_secret_of_the_environment() {
    let home = Home::new();
    for arguments in [
        &["serve"][..],
        &["rekey"],
        &["config"],
        &["bridge"],
        &["account"],
        &["account", "create"],
        &["account", "update"],
        &["server"],
        &["server", "create"],
        &["token"],
        &["token", "create"],
    ] {
        for help in ["--help", "-h"] {
            let mut command = home.command(arguments);
            command.arg(help).envs(SECRETS);
            let text = ended(command, "").await.good();
            assert!(!text.contains("canary"), "{arguments:?}: {text}");
        }
    }
}

/// Others on the machine can list arguments.
#[tokio::test]
async fn no_secret_can_be_an_argument() {
    let home = Home::new();
    for arguments in [
        &["account", "create", "--api-key=canary"][..],
        &["account", "update", "acc_1", "--api-key=canary"],
        &["account", "list", "--admin-token=canary"],
        &["serve", "--admin-token=canary"],
        &["serve", "--master-key=canary"],
        &["token", "inspect", "canary"],
        &["rekey", "--master-key=canary"],
    ] {
        let ended = ended(home.command(arguments), "").await;
        assert_eq!(ended.status, Some(2), "{arguments:?}: {}", ended.stderr);
        assert_eq!(ended.stdout, "");
    }
}

#[tokio::test]
async fn a_store_that_cannot_be_read_is_not_shown() {
    let home = Home::new();
    for (name, value) in [
        ("BILLSBY_MCP_STORE", "mysql://me:canary@a/b"),
        ("BILLSBY_MCP_STORE", "postgres://me:canary@a:port/b"),
        ("BILLSBY_MCP_TOKEN_STORE", "redis://me:canary@a:port"),
    ] {
        let said = home.refused(&[], &[(name, value)]).await;
        assert!(!said.contains("canary"), "{said}");
    }
    let store = ["--store=postgres://me:canary@a:port/b"];
    let said = home.refused(&store, &[]).await;
    assert!(!said.contains("canary"), "{said}");
}
