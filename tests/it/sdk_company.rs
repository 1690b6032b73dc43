//! Several companies with one key, and the check of key and company.

use billsby_sdk::Error;

use crate::mock::{API_KEY, Answer, COMPANY_DOMAIN, Mock};
use crate::sdk_server::{Fault, FaultyServer, answer};
use crate::support::sdk;

const LIST: &str = "Customer_listCustomers";

#[tokio::test]
async fn a_client_for_another_company_asks_for_that_one() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    let gadgets = client.for_company(sdk::key("gadgets"));
    assert_eq!(gadgets.company_domain().as_str(), "gadgets");
    assert_eq!(gadgets.base_url(), client.base_url());
    let error = gadgets.customers().list().send().await;
    // The mock knows one company only.
    assert!(error.expect_err("an error").is_not_found());
    let sent = mock.take_all().remove(0);
    assert!(sent.path().starts_with("/core/gadgets/customers"));
    assert_eq!(sent.header("apikey"), Some(API_KEY));

    let back = gadgets.for_company(sdk::key(COMPANY_DOMAIN));
    back.customers().list().send().await.expect("a page");
    client.customers().list().send().await.expect("a page");
}

#[tokio::test]
async fn companies_share_connections() {
    let page = answer("200 OK", "application/json", "{}");
    let server = FaultyServer::start(Fault::Answer(page)).await;
    let client = server.client();
    for domain in ["widgets", "gadgets", "gizmos"] {
        let client = client.for_company(sdk::key(domain));
        client.customers().list().send().await.expect("a page");
    }
    assert_eq!((server.connections(), server.requests()), (1, 3));
}

async fn verify(mock: &Mock, answer: Answer) -> Error {
    mock.answer_with(LIST, answer);
    let result = sdk::client(mock).verify().await;
    mock.take_one();
    result.expect_err("a refusal")
}

#[tokio::test]
async fn a_key_and_a_company_can_be_verified() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    client.verify().await.expect("the right key");
    let sent = mock.take_one();
    assert_eq!(
        (sent.method.as_str(), sent.path()),
        ("GET", "/core/widgets/customers")
    );
    let query = [("page", "1"), ("pageSize", "10")];
    assert_eq!(
        sent.query(),
        query.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );

    for status in [401, 403] {
        let error = verify(&mock, Answer::new(status, "", "")).await;
        assert!(error.is_unauthorized() && !error.is_not_found());
        assert_eq!(error.operation(), Some("client.verify"));
    }
    let error = verify(&mock, Answer::new(404, "", "")).await;
    assert!(error.is_not_found() && !error.is_unauthorized());

    // Neither a failure nor the page of somebody else says anything about key or company.
    for answer in [
        Answer::new(500, "", ""),
        Answer::new(200, "text/html", "<html>Please log in</html>"),
        Answer::new(204, "", ""),
        Answer::new(302, "", "").header("location", "/login"),
    ] {
        let error = verify(&mock, answer).await;
        assert!(!error.is_unauthorized() && !error.is_not_found());
    }
}

#[tokio::test]
async fn verifying_tells_how_many_more_calls_may_be_made() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    let verify = async || client.verify_with_rate_limit().await;
    assert_eq!(verify().await.expect("the right key"), None);
    let with_limit = |status, body| {
        Answer::new(status, "application/json", body)
            .header("RateLimit-Limit", "100")
            .header("RateLimit-Remaining", "99")
    };
    mock.answer_with(LIST, with_limit(200, "{}"));
    let limit = verify().await.expect("the right key").expect("a limit");
    assert_eq!((limit.limit, limit.remaining), (Some(100), Some(99)));
    mock.answer_with(LIST, with_limit(401, ""));
    let error = verify().await.expect_err("a refusal");
    let limit = error.rate_limit().expect("a limit");
    assert_eq!(limit.remaining, Some(99));
}
