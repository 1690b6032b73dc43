//! What is said when a database cannot be had, and what never is.

use billsby_mcp::store::{Lock, StoreError, StoreUrl, open};

use crate::support::services::{POSTGRES_PASSWORD, database};

async fn refusal(url: &str) -> String {
    let parsed: StoreUrl = url.parse().unwrap();
    assert!(!format!("{parsed} {parsed:?}").contains(POSTGRES_PASSWORD));
    let error = open(&parsed, Lock::Shared).await.err().expect("refused");
    assert!(
        matches!(error, StoreError::Unreachable(_) | StoreError::Unusable(_)),
        "{error:?}"
    );
    let text = format!("{error} {error:?}");
    assert!(
        !text.contains(POSTGRES_PASSWORD) && !text.contains("wrong-one"),
        "{text}"
    );
    error.to_string()
}

#[tokio::test]
async fn what_is_wrong_is_said_without_the_password() {
    let Some(database) = database("what_is_wrong_is_said_without_the_password") else {
        return;
    };
    let url = database.url();
    let nobody = format!("postgres://me:{POSTGRES_PASSWORD}@127.0.0.1:1/data");
    for (url, expected) in [
        (nobody, "refused"),
        (
            url.replace(POSTGRES_PASSWORD, "wrong-one"),
            "password authentication failed",
        ),
        (format!("{url}_of_nobody"), "does not exist"),
        (format!("{url}?sslmode=verify-full"), "TLS"),
        (
            format!("{url}?sslmode=require&sslrootcert=/dev/null"),
            "certificates",
        ),
    ] {
        let text = refusal(&url).await;
        assert!(text.contains(expected), "{text}");
    }
}
