//! Several URLs of one server keep to themselves.

use std::sync::Arc;
use std::time::Duration;

use billsby_mcp::account::Account;
use billsby_mcp::http::{self, Directory, Token};
use billsby_mcp::protocol::http::{Endpoint, HttpOptions};
use billsby_mcp::tool::Settings;
use reqwest::Method;
use serde_json::json;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::mock::Mock;
use crate::support::{HttpClient, sdk};

#[tokio::test]
async fn a_token_does_not_open_the_session_of_another() {
    let mock = Mock::start().await;
    let account = Account::new(sdk::client(&mock), &Settings::default());
    let account = Arc::new(account.expect("an account"));
    let shutdown = CancellationToken::new();
    let tokens = [(); 2].map(|()| Token::generate().expect("random numbers"));
    let endpoints = tokens.clone().map(|token| {
        let options = HttpOptions::default();
        let endpoint = Endpoint::new(Arc::clone(&account), &options, shutdown.clone());
        (token, Arc::new(endpoint))
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound listener");
    let directory = Directory::new(endpoints);
    let limit = Duration::from_secs(30);
    let serving = tokio::spawn(http::serve(listener, directory, shutdown.clone(), limit));

    let [first, second] =
        tokens.map(|token| HttpClient::new(&format!("http://{address}/mcp/{}", token.reveal())));
    let mine = first.in_session().await;
    let theirs = mine.at(&second.url);
    for reply in [
        theirs.request("tools/list", &json!({})).await,
        theirs
            .request("tools/call", &json!({"name": "x", "arguments": {}}))
            .await,
    ] {
        assert_eq!(reply.status, 404, "{}", reply.text);
        assert_eq!(reply.message()["error"]["code"], -32001);
    }
    assert_eq!(theirs.open(Method::GET).await.status(), 404);
    // Ending it there ends nothing here.
    theirs.open(Method::DELETE).await;
    let reply = mine.request("tools/list", &json!({})).await;
    assert_eq!(reply.status, 200, "{}", reply.text);

    shutdown.cancel();
    serving.await.expect("an end");
}
