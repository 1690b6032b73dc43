//! How the keys of an issuer are found, kept and renewed.

use billsby_mcp::oauth::Refusal;
use futures_util::FutureExt as _;
use serde_json::json;

use super::issuer::{Answer, Issuer, KEYS, METADATA, key_set};
use super::key::SigningKey;
use super::{Checker, LONG, NOW, SHORT, claims};

/// Longer than the pause between two questions about an unknown key.
const PAUSE: i64 = 31;
/// Longer than keys are used without asking.
const LIFETIME: i64 = 601;
/// Longer than they are used when nobody answers.
const LAST_RESORT: i64 = 3_601;

/// A token that outlives the test.
fn token(key: &SigningKey, issuer: &Issuer) -> String {
    let mut claims = claims(issuer);
    claims["exp"] = json!(NOW + 100_000);
    key.token(&claims)
}

#[tokio::test]
async fn metadata_is_found_where_issuers_have_it() {
    let key = SigningKey::ec("a");
    for (path, place) in [
        ("", "/.well-known/oauth-authorization-server"),
        ("", "/.well-known/openid-configuration"),
        ("/tenant", "/.well-known/oauth-authorization-server/tenant"),
        ("/tenant", "/.well-known/openid-configuration/tenant"),
        ("/tenant", "/tenant/.well-known/openid-configuration"),
    ] {
        let issuer = Issuer::below(path, &[&key]).await;
        issuer.answers(&format!("{METADATA}{path}"), Answer::Status(404));
        issuer.answers(place, Answer::Json(issuer.metadata()));
        let checker = Checker::of(&issuer);
        assert!(
            checker.check(&token(&key, &issuer)).await.is_ok(),
            "{place}"
        );
        assert_eq!(issuer.asked(KEYS), 1);
    }
}

#[tokio::test]
async fn nothing_is_asked_for_tokens_of_nobody() {
    let key = SigningKey::ec("a");
    let issuer = Issuer::start(&[&key]).await;
    let checker = Checker::of(&issuer);
    let mut foreign = claims(&issuer);
    foreign["iss"] = json!("https://another.example.com");
    for token in ["", "x", "a.b.c", &key.token(&foreign)] {
        assert_eq!(checker.check(token).await, Err(Refusal::Invalid));
    }
    assert_eq!(issuer.asked(METADATA), 0);
}

#[tokio::test]
async fn keys_are_fetched_once_for_all() {
    let key = SigningKey::ec("a");
    let issuer = Issuer::start(&[&key]).await;
    let checker = Checker::of(&issuer);
    let token = token(&key, &issuer);
    let checks = (0..16).map(|_| checker.check(&token));
    let outcome = futures_util::future::join_all(checks).await;
    assert!(outcome.iter().all(Result::is_ok), "{outcome:?}");
    assert_eq!((issuer.asked(METADATA), issuer.asked(KEYS)), (1, 1));
    // And again once they are old.
    checker.at(NOW + LIFETIME - 2);
    assert!(checker.check(&token).await.is_ok());
    assert_eq!(issuer.asked(KEYS), 1);
    checker.at(NOW + LIFETIME);
    assert!(checker.check(&token).await.is_ok());
    issuer.until_asked(KEYS, 2).await;
}

/// Good tokens do not have to wait for an issuer that has become slow.
#[tokio::test]
async fn nobody_waits_for_keys_that_are_known() {
    let (key, new) = (SigningKey::ec("a"), SigningKey::ec("new"));
    let issuer = Issuer::start(&[&key]).await;
    // It waits for longer than the test does.
    let checker = Checker::with_timeout(&[&issuer], 10 * LONG);
    let token = token(&key, &issuer);
    assert!(checker.check(&token).await.is_ok());
    issuer.answers(METADATA, Answer::Never);
    checker.at(NOW + LIFETIME);
    let outcome = async {
        for _ in 0..3 {
            assert!(checker.check(&token).await.is_ok());
        }
    };
    tokio::time::timeout(LONG, outcome)
        .await
        .expect("an answer");
    issuer.until_asked(METADATA, 2).await;
    // Only a key that nobody knows is waited for.
    let unknown = self::token(&new, &issuer);
    let waited = tokio::time::timeout(SHORT, checker.check(&unknown)).await;
    assert!(waited.is_err(), "{waited:?}");
}

#[tokio::test]
async fn a_new_key_is_found_and_an_old_one_forgotten() {
    let (old, new) = (SigningKey::ec("old"), SigningKey::ed("new"));
    let issuer = Issuer::start(&[&old]).await;
    let checker = Checker::of(&issuer);
    let (before, after) = (token(&old, &issuer), token(&new, &issuer));
    assert!(checker.check(&before).await.is_ok());
    issuer.has(&[&new]);
    // Whoever invents names of keys does not make this program ask again and again.
    for _ in 0..3 {
        assert_eq!(checker.check(&after).await, Err(Refusal::Invalid));
    }
    assert_eq!(issuer.asked(KEYS), 1);
    checker.at(NOW + PAUSE);
    assert!(checker.check(&after).await.is_ok());
    assert_eq!(checker.check(&before).await, Err(Refusal::Invalid));
    assert_eq!(issuer.asked(KEYS), 2);
    for _ in 0..3 {
        let unknown = token(&SigningKey::ec("unknown"), &issuer);
        assert_eq!(checker.check(&unknown).await, Err(Refusal::Invalid));
    }
    assert_eq!(issuer.asked(KEYS), 2);
}

#[tokio::test]
async fn known_keys_outlast_an_outage_but_not_for_ever() {
    let key = SigningKey::ec("a");
    let issuer = Issuer::start(&[&key]).await;
    let checker = Checker::of(&issuer);
    let token = token(&key, &issuer);
    assert!(checker.check(&token).await.is_ok());
    issuer.answers(KEYS, Answer::Status(503));
    for time in [LIFETIME, LIFETIME + PAUSE, LAST_RESORT - 2] {
        checker.at(NOW + time);
        assert!(checker.check(&token).await.is_ok(), "{time}");
    }
    checker.at(NOW + LAST_RESORT + PAUSE);
    assert_eq!(checker.check(&token).await, Err(Refusal::Unavailable));
    issuer.has(&[&key]);
    checker.at(NOW + LAST_RESORT + 2 * PAUSE);
    assert!(checker.check(&token).await.is_ok());
}

#[tokio::test]
async fn what_cannot_be_used_is_not() {
    let key = SigningKey::ec("a");
    let issuer = Issuer::start(&[&key]).await;
    let metadata = issuer.metadata();
    let elsewhere = Issuer::start(&[&key]).await;
    let with = |name: &str, value: &str| {
        let mut metadata = metadata.clone();
        metadata[name] = json!(value);
        Answer::Json(metadata)
    };
    let good = key_set(&[&key]);
    let never = Answer::Never;
    for (what, path, answer) in [
        (
            "another issuer's metadata",
            METADATA,
            with("issuer", &elsewhere.url),
        ),
        (
            "nearly its own name",
            METADATA,
            with("issuer", &format!("{}/", issuer.url)),
        ),
        (
            "keys beyond this machine",
            METADATA,
            with("jwks_uri", "http://issuer.invalid/keys"),
        ),
        (
            "keys in a file",
            METADATA,
            with("jwks_uri", "file:///etc/hostname"),
        ),
        ("keys nowhere", METADATA, with("jwks_uri", "keys")),
        (
            "metadata without keys",
            METADATA,
            Answer::Json(json!({"issuer": issuer.url})),
        ),
        (
            "metadata elsewhere",
            METADATA,
            Answer::Redirect(elsewhere.at(METADATA)),
        ),
        ("metadata never", METADATA, never.clone()),
        ("keys elsewhere", KEYS, Answer::Redirect(elsewhere.at(KEYS))),
        (
            "garbage",
            KEYS,
            Answer::Text("<html>sign in</html>".to_owned()),
        ),
        ("no keys", KEYS, Answer::Json(json!({"keys": []}))),
        (
            "keys of no kind",
            KEYS,
            Answer::Json(json!({"keys": [{"kty": "oct", "k": "c2VjcmV0"}]})),
        ),
        ("no key set", KEYS, Answer::Json(json!([]))),
        ("an error with keys", KEYS, Answer::Status(500)),
        (
            "a huge answer",
            KEYS,
            Answer::Padded(good.clone(), 300 * 1024),
        ),
        ("keys never", KEYS, never),
    ] {
        issuer.answers(METADATA, Answer::Json(metadata.clone()));
        issuer.has(&[&key]);
        issuer.answers(path, answer);
        let checker = Checker::with_timeout(&[&issuer], SHORT);
        let outcome = checker.check(&token(&key, &issuer)).await;
        assert_eq!(outcome, Err(Refusal::Unavailable), "{what}");
    }
    assert_eq!((elsewhere.asked(METADATA), elsewhere.asked(KEYS)), (0, 0));
    issuer.answers(METADATA, Answer::Json(metadata));
    issuer.answers(KEYS, Answer::Padded(good, 100 * 1024));
    let checker = Checker::of(&issuer);
    assert!(checker.check(&token(&key, &issuer)).await.is_ok());
}

#[tokio::test]
async fn one_that_was_down_at_first_is_asked_again_soon() {
    let key = SigningKey::ec("a");
    let issuer = Issuer::start(&[&key]).await;
    issuer.answers(METADATA, Answer::Status(502));
    let checker = Checker::of(&issuer);
    let token = token(&key, &issuer);
    assert_eq!(checker.check(&token).await, Err(Refusal::Unavailable));
    issuer.answers(METADATA, Answer::Json(issuer.metadata()));
    assert_eq!(checker.check(&token).await, Err(Refusal::Unavailable));
    checker.at(NOW + 5);
    assert!(checker.check(&token).await.is_ok());
}

#[tokio::test]
async fn a_request_that_is_given_up_does_not_stop_the_question() {
    let key = SigningKey::ec("a");
    let issuer = Issuer::start(&[&key]).await;
    let checker = Checker::of(&issuer);
    let token = token(&key, &issuer);
    // It has begun to ask, and goes no further.
    assert!(checker.check(&token).now_or_never().is_none());
    assert!(checker.check(&token).await.is_ok());
    assert_eq!(issuer.asked(KEYS), 1);
}
