//! What the commands say when something is wrong, and how they end then.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::super::{Home, ended};
use super::Operator;
use crate::mock::API_KEY;

#[tokio::test]
async fn every_problem_has_a_line_with_its_option() {
    let operator = Operator::start().await;
    operator.account().await;
    let wrong = [
        "server",
        "create",
        "--name= ",
        "--methods=raed",
        "--tags=invoice",
        "--expires=10s",
    ];
    let ended = operator.run(&wrong, "").await;
    assert_eq!(ended.status, Some(2), "{}", ended.stderr);
    assert_eq!(ended.stdout, "");
    for option in ["--name", "--methods", "--tags", "--expires"] {
        let start = format!("billsby-mcp: {option}: ");
        let mut lines = ended.stderr.lines();
        assert!(
            lines.any(|line| line.starts_with(&start)),
            "{}",
            ended.stderr
        );
    }
    operator.server.stop().await;
}

#[tokio::test]
async fn the_status_says_who_has_to_act() {
    let operator = Operator::start().await;
    let account = operator.account().await;
    let account = super::id(&account);
    for (arguments, status, expected) in [
        (&["account", "show", "acc_1"][..], 1, "(404"),
        (
            &["account", "update", account],
            2,
            "nothing is to be changed",
        ),
        (&["account", "create"], 2, "BILLSBY_COMPANY_DOMAIN"),
        (
            &[
                "account",
                "create",
                "--company-domain=a",
                "--base-url=http://127.0.0.1:9",
            ],
            2,
            "--base-url: ",
        ),
        (&["account", "list", "--cursor=nonsense"], 2, "--cursor: "),
        (&["account", "list", "--limit=0"], 2, "--limit"),
        (&["server", "create"], 2, "--name"),
        (
            &["server", "create", "--name=a", "--expires=soon"],
            2,
            "7d, 12h",
        ),
        (
            &["server", "update", "mcp_1"],
            2,
            "nothing is to be changed",
        ),
        (&["token", "revoke", "tok_1"], 1, "(404"),
        (&["token", "inspect"], 2, "no token on standard input"),
        (&["server", "rotate", "mcp_1"], 1, "(404"),
    ] {
        let ended = operator.run(arguments, "").await;
        assert_eq!(
            ended.status,
            Some(status),
            "{arguments:?}: {}",
            ended.stderr
        );
        assert!(
            ended.stderr.contains(expected),
            "{arguments:?}: {}",
            ended.stderr
        );
        assert_eq!(ended.stdout, "", "{arguments:?}");
    }
    operator.server.stop().await;
}

#[tokio::test]
async fn a_wrong_or_missing_admin_token() {
    let operator = Operator::start().await;
    let list = |token: Option<&str>, file: Option<&str>| {
        let mut command = operator.home.command(&["account", "list"]);
        command.env("BILLSBY_MCP_API", operator.server.api());
        command.envs(token.map(|token| ("BILLSBY_MCP_ADMIN_TOKEN", token)));
        command.args(file.map(|file| format!("--admin-token-file={file}")));
        ended(command, "")
    };
    let missing = list(None, None).await;
    assert_eq!(missing.status, Some(2));
    assert!(
        missing.stderr.contains("--admin-token-file"),
        "{}",
        missing.stderr
    );
    let wrong = list(Some("wrong-token"), None).await;
    assert_eq!(wrong.status, Some(1));
    assert!(wrong.stderr.contains("(401"), "{}", wrong.stderr);
    assert!(!wrong.stderr.contains("wrong-token"), "{}", wrong.stderr);
    let odd = list(Some("wrong\ntoken"), None).await;
    assert_eq!(odd.status, Some(2), "{}", odd.stderr);

    let file = operator.home.path().join("admin");
    std::fs::write(&file, format!("{}\n", operator.token)).expect("a file");
    let mode = |mode| {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
        std::fs::set_permissions(&file, mode).expect("a mode");
    };
    mode(0o644);
    let exposed = list(None, file.to_str()).await;
    assert_eq!(exposed.status, Some(2));
    assert!(exposed.stderr.contains("chmod 600"), "{}", exposed.stderr);
    mode(0o600);
    list(None, file.to_str()).await.good();
    operator.server.stop().await;
}

/// What a command says to a server that is not what it should be.
async fn told_by(api: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let home = Home::new();
    let mut command = home.command(&["account", "create", "--company-domain=a"]);
    command
        .args(arguments)
        .env("BILLSBY_MCP_API", api)
        .env("BILLSBY_MCP_ADMIN_TOKEN", "admin-token")
        .env("BILLSBY_API_KEY", API_KEY);
    let ended = ended(command, "").await;
    assert!(!ended.stderr.contains(API_KEY), "{}", ended.stderr);
    assert!(!ended.stderr.contains("admin-token "), "{}", ended.stderr);
    (ended.status, ended.stderr)
}

#[tokio::test]
async fn an_address_must_keep_the_token() {
    for (api, expected) in [
        ("http://mcp.example.com", "--allow-http"),
        ("mcp.example.com", "not an address"),
        ("https://me:pass@mcp.example.com", "user name"),
    ] {
        let (status, said) = told_by(api, &[]).await;
        assert_eq!(status, Some(2), "{said}");
        assert!(
            said.contains("--api: ") && said.contains(expected),
            "{said}"
        );
    }
    let (status, said) = told_by("http://127.0.0.1:1", &[]).await;
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("no answer from the server"), "{said}");
}

/// Answers connections with these replies, one after the other; gives the requests.
async fn stub(replies: Vec<&'static str>) -> (String, tokio::task::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound listener");
    let requests = tokio::spawn(async move {
        let mut requests = Vec::new();
        for reply in replies {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let mut request = vec![0; 64 * 1024];
            let length = stream.read(&mut request).await.expect("a request");
            requests.push(String::from_utf8_lossy(&request[..length]).into_owned());
            stream.write_all(reply.as_bytes()).await.expect("a reader");
        }
        requests
    });
    (format!("http://{address}"), requests)
}

#[tokio::test]
async fn a_broken_connection_is_tried_again_under_the_same_key() {
    let made = "HTTP/1.1 201 \r\ncontent-type: application/json\r\ncontent-length: 11\r\nconnection: close\r\n\r\n{\"id\":\"a1\"}";
    let broken = "HTTP/1.1 201 \r\ncontent-length: 10\r\n\r\n{";
    let (api, requests) = stub(vec![broken, made]).await;
    let (status, said) = told_by(&api, &[]).await;
    assert_eq!(status, Some(0), "{said}");
    let requests = requests.await.expect("two requests");
    let key = |request: &str| {
        let mut lines = request.lines();
        let line = lines.find(|line| line.starts_with("idempotency-key: "));
        line.expect("a key").to_owned()
    };
    assert_eq!(key(&requests[0]), key(&requests[1]));
    let body = |request: &str| {
        request
            .split_once("\r\n\r\n")
            .map(|(_, body)| body.to_owned())
    };
    assert_eq!(body(&requests[0]), body(&requests[1]));

    // It is tried again once.
    let (api, requests) = stub(vec!["", ""]).await;
    let (status, said) = told_by(&api, &[]).await;
    assert_eq!(status, Some(1), "{said}");
    requests.await.expect("two requests");
}

#[tokio::test]
async fn what_is_not_the_admin_api_is_recognised() {
    for reply in [
        "HTTP/1.1 200 \r\ncontent-length: 6\r\nconnection: close\r\n\r\n<html>",
        "HTTP/1.1 404 \r\ncontent-length: 6\r\nconnection: close\r\n\r\n<html>",
        "HTTP/1.1 302 \r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    ] {
        let (api, _) = stub(vec![reply]).await;
        let (status, said) = told_by(&api, &[]).await;
        assert_eq!(status, Some(1), "{said}");
        assert!(said.contains("is --api the address"), "{said}");
    }
}
