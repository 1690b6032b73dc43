//! How many more calls may be made, from every form of answer.

use std::time::Duration;

use crate::mock::{Answer, Mock};
use crate::support::sdk;

const READ: &str = "Customer_getDetails";

#[tokio::test]
async fn a_success_tells_the_limit() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    let get = || client.customers().get(&sdk::key("8WER0F4J1R"));
    assert_eq!(get().send().await.expect("a customer").rate_limit(), None);

    let older = Answer::new(200, "application/json", "{}")
        .header("RateLimit-Limit", "100")
        .header("RateLimit-Remaining", "99")
        .header("RateLimit-Reset", "60");
    let newer = Answer::new(200, "application/json", "{}")
        .header("RateLimit-Policy", "\"default\";q=100;w=60")
        .header("RateLimit", "\"default\";r=99;t=60");
    for answer in [older, newer] {
        mock.answer_with(READ, answer);
        let response = get().send().await.expect("a customer");
        let limit = response.rate_limit().expect("a limit");
        assert_eq!((limit.limit, limit.remaining), (Some(100), Some(99)));
        assert_eq!(limit.reset, Some(Duration::from_secs(60)));
        assert!(
            response
                .headers()
                .any(|(name, _)| name.starts_with("ratelimit"))
        );
    }
}

#[tokio::test]
async fn a_refusal_tells_the_limit_and_the_wait() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    let answer = Answer::new(429, "", "")
        .header("ratelimit-limit", "100")
        .header("ratelimit-remaining", "0")
        .header("ratelimit-reset", "30");
    mock.answer_with(READ, answer.clone());
    mock.answer_with(READ, answer.header("retry-after", "31"));
    for seconds in [30, 31] {
        let call = client.customers().get(&sdk::key("8WER0F4J1R"));
        let error = call.send().await.expect_err("too many calls");
        assert!(error.is_rate_limited());
        let limit = error.rate_limit().expect("a limit");
        assert_eq!((limit.limit, limit.remaining), (Some(100), Some(0)));
        assert_eq!(limit.reset, Some(Duration::from_secs(30)));
        assert_eq!(error.retry_after(), Some(Duration::from_secs(seconds)));
        let wait = format!("wait {seconds} seconds");
        assert!(error.to_string().contains(&wait), "{error}");
    }
}
