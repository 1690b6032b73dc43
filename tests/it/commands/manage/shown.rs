//! What the commands show: tables for people, and the API's own answers.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Operator, id};
use crate::mock::{API_KEY, Mock};
use crate::support::HttpClient;

const END: &str = "2099-12-31T23:59:59Z";

/// A text with the same words in every run. What is replaced keeps its length, so that columns stay.
fn stable(text: &str, operator: &Operator) -> String {
    let is_of_word = |c: char| c.is_ascii_alphanumeric() || "_-:.+".contains(c);
    let text = text
        .replace(&operator.mock.url(), "BILLSBY")
        .replace(operator.server.api(), "SERVER");
    let mut stable = String::new();
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let end = rest.find(|c| !is_of_word(c)).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        stable.push_str(&stable_word(word));
        let end = behind.find(is_of_word).unwrap_or(behind.len());
        let (between, next) = behind.split_at(end);
        stable.push_str(between);
        rest = next;
    }
    stable
}

fn stable_word(word: &str) -> String {
    if word == END {
        return word.to_owned();
    }
    if word.parse::<Timestamp>().is_ok() {
        return "TIME".to_owned();
    }
    for prefix in ["bmcp_api_", "bmcp_", "acc_", "mcp_", "tok_"] {
        if let Some(rest) = word.strip_prefix(prefix)
            && rest.len() >= 26
        {
            return format!("{prefix}{}", "0".repeat(rest.len()));
        }
    }
    word.to_owned()
}

/// Without the last characters of a token, which differ each time.
fn without_hint(text: &str, of: &Value) -> String {
    text.replace(of["token_hint"].as_str().expect("a hint"), "HINT")
}

#[tokio::test]
async fn accounts() {
    let operator = Operator::start().await;
    let empty = operator.told(&["account", "list"]).await;
    insta::assert_snapshot!("no_accounts", stable(&empty, &operator));
    let account = operator.account().await;
    let account = id(&account);
    for (name, arguments) in [
        ("account_list", &["account", "list"][..]),
        ("account_list_json", &["account", "list", "--json"]),
        ("account_show", &["account", "show", account]),
        (
            "account_update",
            &[
                "account",
                "update",
                account,
                "--label=Widgets",
                "--environment=test",
            ],
        ),
        ("account_verify", &["account", "verify", account]),
        ("account_delete", &["account", "delete", account]),
    ] {
        let text = operator.told(arguments).await;
        assert!(!text.contains(API_KEY), "{text}");
        insta::assert_snapshot!(name, stable(&text, &operator));
    }
    let gone = operator.run(&["account", "show", account], "").await;
    assert_eq!(gone.status, Some(1), "{}", gone.stderr);
    assert!(gone.stderr.contains("was deleted"), "{}", gone.stderr);
    operator.server.stop().await;
}

#[tokio::test]
async fn servers() {
    let operator = Operator::start().await;
    operator.account().await;
    let created = operator
        .run(
            &[
                "server",
                "create",
                "--name=Finance Agent",
                "--methods=read,write,custom",
                "--tags=invoices, subscriptions",
                "--exclude-tools=refund_invoice",
                "--names=short",
                "--expires",
                END,
            ],
            "",
        )
        .await;
    assert!(created.stderr.contains("shown once"), "{}", created.stderr);
    let text = created.good();
    let list = operator.json(&["server", "list"]).await;
    let server = list["result"][0].clone();
    insta::assert_snapshot!(
        "server_create",
        without_hint(&stable(&text, &operator), &server)
    );
    let server = id(&server).to_owned();
    for (name, arguments) in [
        (
            "server_list",
            &["server", "list", "--state=active", "--name=finance"][..],
        ),
        ("server_tools", &["server", "tools", &server]),
        (
            "server_update",
            &[
                "server",
                "update",
                &server,
                "--tags=",
                "--methods=read",
                "--no-expiry",
                "--require-api-token-auth",
            ],
        ),
        (
            "server_rotate",
            &["server", "rotate", &server, "--overlap=10"],
        ),
        ("server_show", &["server", "show", &server]),
        ("server_revoke", &["server", "revoke", &server]),
        ("server_list_revoked", &["server", "list"]),
    ] {
        let text = operator.told(arguments).await;
        let now = operator.json(&["server", "show", &server]).await;
        insta::assert_snapshot!(name, without_hint(&stable(&text, &operator), &now));
    }
    operator.server.stop().await;
}

#[tokio::test]
async fn tokens() {
    let operator = Operator::start().await;
    operator.account().await;
    let server = operator.json(&["server", "create", "--name=One"]).await;
    let only = format!("--server={}", id(&server));
    let text = operator
        .told(&["token", "create", "--name=Agent", &only, "--expires", END])
        .await;
    let list = operator.json(&["token", "list"]).await;
    let token = list["result"][0].clone();
    insta::assert_snapshot!(
        "token_create",
        without_hint(&stable(&text, &operator), &token)
    );
    let secret = text.lines().find_map(|line| line.strip_prefix("token  "));
    let secret = secret.expect("a token").trim();
    let text = operator.told(&["token", "list"]).await;
    insta::assert_snapshot!(
        "token_list",
        without_hint(&stable(&text, &operator), &token)
    );
    let text = operator.run(&["token", "inspect"], secret).await.good();
    insta::assert_snapshot!(
        "token_inspect",
        without_hint(&stable(&text, &operator), &token)
    );
    let text = operator.told(&["token", "revoke", id(&token)]).await;
    insta::assert_snapshot!("token_revoke", stable(&text, &operator));
    // The token in a URL is looked at as well.
    let url = server["url"].as_str().expect("a URL");
    let verdict = operator.run(&["token", "inspect", "--json"], url).await;
    assert_eq!(verdict.json()["works"], true);
    operator.server.stop().await;
}

#[tokio::test]
async fn a_dry_run_makes_nothing() {
    let operator = Operator::start().await;
    operator.account().await;
    let preview = [
        "server",
        "create",
        "--name=a",
        "--dry-run",
        "--tags=products",
    ];
    let text = operator.told(&preview).await;
    assert!(text.contains(" tools, about "), "{text}");
    let list = operator.json(&["server", "list"]).await;
    assert_eq!(list["result"], json!([]));
    operator.server.stop().await;
}

#[tokio::test]
async fn what_is_made_can_be_used_until_it_is_revoked() {
    let operator = Operator::start().await;
    operator.account().await;
    let server = operator
        .json(&["server", "create", "--name=a", "--expires=7d"])
        .await;
    let client = HttpClient::new(server["url"].as_str().expect("a URL"));
    assert_eq!(client.modern("tools/list", &json!({})).await.status, 200);
    operator.told(&["server", "revoke", id(&server)]).await;
    assert_eq!(client.modern("tools/list", &json!({})).await.status, 404);
    operator.server.stop().await;
}

#[tokio::test]
async fn a_list_is_read_in_pages() {
    let operator = Operator::start().await;
    operator.account().await;
    for name in ["--name=a", "--name=b", "--name=c"] {
        operator.told(&["server", "create", name]).await;
    }
    let page = operator.told(&["server", "list", "--limit=2"]).await;
    let (table, more) = page.split_once("\n\nMore: ").expect("more");
    assert_eq!(table.lines().count(), 3, "{page}");
    let (option, cursor) = more.trim().split_once(' ').expect("an option");
    let rest = operator.told(&["server", "list", option, cursor]).await;
    assert!(rest.contains(" a ") && !rest.contains("More:"), "{rest}");
    operator.server.stop().await;
}

/// With `--json` nothing else is printed, so that it can be passed on.
#[tokio::test]
async fn json_is_what_the_api_answered() {
    let operator = Operator::start().await;
    let account = operator.account().await;
    let url = format!(
        "{}/integrated-account/{}",
        operator.server.api(),
        id(&account)
    );
    let http = reqwest::Client::builder().no_proxy().build();
    let request = http.expect("a client").get(url);
    let answer = request.bearer_auth(&operator.token).send().await;
    let answer = answer.expect("an answer").text().await.expect("a text");
    let told = operator
        .run(&["account", "show", id(&account), "--json"], "")
        .await;
    assert_eq!(told.stderr, "");
    assert_eq!(told.good().trim_end(), answer);
    let made = operator
        .run(&["server", "create", "--name=a", "--json"], "")
        .await;
    assert_eq!(made.stderr, "");
    operator.server.stop().await;
}

#[tokio::test]
async fn a_key_comes_from_a_file_or_standard_input_too() {
    let operator = Operator::start().await;
    let account = operator.account().await;
    let account = id(&account).to_owned();
    let file = operator.home.path().join("key");
    std::fs::write(&file, "another-key").expect("a file");
    let option = format!("--api-key-file={}", file.display());
    let exposed = operator
        .run(&["account", "update", &account, &option], "")
        .await;
    assert_eq!(exposed.status, Some(2));
    assert!(exposed.stderr.contains("chmod 600"), "{}", exposed.stderr);
    let only_mine = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&file, only_mine).expect("a mode");
    operator
        .told(&["account", "update", &account, &option])
        .await;
    // The mock knows one key only.
    let refused = operator.run(&["account", "verify", &account], "").await;
    assert_eq!(refused.status, Some(1), "{}", refused.stderr);
    let update = ["account", "update", &account, "--api-key-file=-"];
    operator.run(&update, API_KEY).await.good();
    operator.told(&["account", "verify", &account]).await;
    operator
        .told(&["account", "update", &account, "--new-api-key"])
        .await;
    operator.told(&["account", "verify", &account]).await;
    let log = operator.server.stop().await;
    assert!(
        !log.contains(API_KEY) && !log.contains("another-key"),
        "{log}"
    );
}

#[tokio::test]
async fn where_there_are_several_accounts_one_is_named() {
    let operator = Operator::start().await;
    let none = operator.run(&["server", "list"], "").await;
    assert_eq!(none.status, Some(2));
    assert!(none.stderr.contains("no account yet"), "{}", none.stderr);
    let first = operator.account().await;
    operator
        .json(&["account", "create", "--environment=sandbox"])
        .await;
    let several = operator.run(&["server", "list"], "").await;
    assert_eq!(several.status, Some(2));
    assert!(several.stderr.contains("--account"), "{}", several.stderr);
    operator
        .told(&["server", "list", "--account", id(&first)])
        .await;
    operator.server.stop().await;
}

/// The mock is not asked by anything that only manages.
#[tokio::test]
async fn only_verifying_calls_billsby() {
    let operator = Operator::start().await;
    let account = operator.account().await;
    operator.json(&["server", "create", "--name=a"]).await;
    let mock: &Mock = &operator.mock;
    assert_eq!(mock.recorded().len(), 0);
    operator.told(&["account", "verify", id(&account)]).await;
    assert_eq!(mock.recorded().len(), 1);
    operator.server.stop().await;
}
