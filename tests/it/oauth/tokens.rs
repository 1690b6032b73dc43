//! Which access tokens are accepted.

use billsby_mcp::oauth::{Grant, Refusal};
use serde_json::{Value, json};

use super::issuer::Issuer;
use super::key::{SigningKey, encoded, unsigned, with_secret};
use super::{AUDIENCE, Checker, NOW, claims};

const ALL: Grant = Grant {
    read: true,
    write: true,
};

#[tokio::test]
async fn tokens_of_every_usual_kind_of_key_are_accepted() {
    let keys = [
        SigningKey::rsa("r"),
        SigningKey::ec("e"),
        SigningKey::ed("d"),
    ];
    let issuer = Issuer::start(&keys.each_ref()).await;
    let checker = Checker::of(&issuer);
    for key in &keys {
        let token = key.token(&claims(&issuer));
        assert_eq!(checker.check(&token).await, Ok(ALL), "{}", key.algorithm());
        for kind in ["JWT", "application/at+jwt"] {
            let head = json!({"typ": kind, "alg": key.algorithm(), "kid": key.id});
            let token = key.token_with(&head, &claims(&issuer));
            assert_eq!(checker.check(&token).await, Ok(ALL), "{kind}");
        }
    }
    let head = json!({"typ": "JWT", "alg": "PS256", "kid": "r"});
    let token = keys[0].token_with(&head, &claims(&issuer));
    assert_eq!(checker.check(&token).await, Ok(ALL));
}

#[tokio::test]
async fn a_token_is_for_one_server_of_one_issuer_for_a_time() {
    let key = SigningKey::ec("a");
    let issuer = Issuer::start(&[&key]).await;
    let checker = Checker::of(&issuer);
    for (name, value) in [
        ("aud", json!("https://mcp.example.com/mcp/another")),
        ("aud", json!("https://api.example.com")),
        ("aud", json!([])),
        ("aud", Value::Null),
        ("iss", json!("https://another.example.com")),
        ("iss", json!(format!("{}/", issuer.url))),
        ("iss", json!([issuer.url])),
        ("exp", json!(NOW - 31)),
        ("exp", Value::Null),
        ("nbf", json!(NOW + 31)),
    ] {
        let mut claims = claims(&issuer);
        claims[name] = value;
        let token = key.token(&claims);
        assert_eq!(
            checker.check(&token).await,
            Err(Refusal::Invalid),
            "{claims}"
        );
    }
    let mut several = claims(&issuer);
    several["aud"] = json!(["https://api.example.com", AUDIENCE]);
    assert_eq!(checker.check(&key.token(&several)).await, Ok(ALL));

    let token = key.token(&claims(&issuer));
    assert_eq!(checker.check(&token).await, Ok(ALL));
    // Its time passes.
    checker.at(NOW + 61 + 30);
    assert_eq!(checker.check(&token).await, Err(Refusal::Invalid));
    checker.at(NOW);
    assert_eq!(checker.check(&token).await, Ok(ALL));
}

#[tokio::test]
async fn only_a_signature_by_a_fitting_key_counts() {
    let (rsa, ec) = (SigningKey::rsa("r"), SigningKey::ec("e"));
    let issuer = Issuer::start(&[&rsa, &ec]).await;
    let checker = Checker::of(&issuer);
    let claims = claims(&issuer);
    let head = |algorithm: &str, id: &str| json!({"typ": "JWT", "alg": algorithm, "kid": id});
    let public = rsa.jwk();
    let modulus = public["n"].as_str().expect("a modulus").to_owned();
    let forged = SigningKey::rsa("r");
    let good = rsa.token(&claims);
    let (text, signature) = good.rsplit_once('.').expect("a signature");
    let mut changed = claims.clone();
    changed["sub"] = json!("somebody else");
    let changed = unsigned(&head("RS256", "r"), &changed);
    let mut own_key = head("RS256", "x");
    own_key["jwk"] = forged.jwk();
    let mut elsewhere = head("RS256", "x");
    elsewhere["jku"] = json!("http://127.0.0.1:1/keys");
    let mut extended = head("RS256", "r");
    extended["crit"] = json!(["exp"]);
    for (what, token) in [
        (
            "none",
            format!("{}.", unsigned(&head("none", "r"), &claims)),
        ),
        (
            "None",
            format!("{}.", unsigned(&head("None", "r"), &claims)),
        ),
        ("no signature", format!("{text}.")),
        ("two parts", text.to_owned()),
        ("four parts", format!("{good}.{signature}")),
        ("not a token", "x.y.z".to_owned()),
        ("changed claims", format!("{changed}.{signature}")),
        (
            "modulus as a secret",
            with_secret(modulus.as_bytes(), &head("HS256", "r"), &claims),
        ),
        (
            "public key as a secret",
            with_secret(public.to_string().as_bytes(), &head("HS256", "r"), &claims),
        ),
        (
            "nothing as a secret",
            with_secret(b"", &head("HS256", "r"), &claims),
        ),
        ("another key of the same name", forged.token(&claims)),
        ("a key of its own", forged.token_with(&own_key, &claims)),
        ("keys elsewhere", forged.token_with(&elsewhere, &claims)),
        (
            "a key of another kind",
            ec.token_with(&head("RS256", "r"), &claims),
        ),
        (
            "an algorithm of another kind",
            rsa.token_with(&head("ES256", "r"), &claims),
        ),
        (
            "another key's name",
            rsa.token_with(&head("ES256", "e"), &claims),
        ),
        (
            "an unknown key",
            rsa.token_with(&head("RS256", "x"), &claims),
        ),
        ("an extension", rsa.token_with(&extended, &claims)),
        (
            "an ID token's head",
            rsa.token_with(&json!({"alg": "RS256", "kid": "r"}), &claims),
        ),
        (
            "a logout token",
            rsa.token_with(
                &json!({"alg": "RS256", "kid": "r", "typ": "logout+jwt"}),
                &claims,
            ),
        ),
        ("claims that are no object", rsa.token(&json!([claims]))),
        (
            "bytes",
            format!("{}.{}.{}", encoded(&[0xff]), encoded(&[0]), encoded(&[1])),
        ),
    ] {
        assert_eq!(checker.check(&token).await, Err(Refusal::Invalid), "{what}");
    }
    assert_eq!(checker.check(&good).await, Ok(ALL));
}

#[tokio::test]
async fn a_key_does_only_what_it_is_for() {
    let key = SigningKey::rsa("a");
    let issuer = Issuer::start(&[&key]).await;
    for (name, value, accepted) in [
        ("use", json!("enc"), false),
        ("key_ops", json!(["sign"]), false),
        ("key_ops", json!(["verify"]), true),
        ("alg", json!("RS512"), false),
        ("alg", json!("RSA-OAEP"), false),
        ("alg", json!("RS256"), true),
        ("kty", json!("oct"), false),
    ] {
        let mut jwk = key.jwk();
        jwk[name] = value;
        // Another one, so that the set is never without a key.
        let other = SigningKey::ec("b").jwk();
        let set = json!({"keys": [jwk, {"kty": "strange"}, 5, other]});
        issuer.answers(super::issuer::KEYS, super::issuer::Answer::Json(set));
        let checker = Checker::of(&issuer);
        let outcome = checker.check(&key.token(&claims(&issuer))).await;
        assert_eq!(outcome.is_ok(), accepted, "{jwk}", jwk = jwk[name]);
    }
}

#[tokio::test]
async fn names_of_keys_may_be_shared_or_missing() {
    let (rsa, other, ec) = (
        SigningKey::rsa("a"),
        SigningKey::rsa("a"),
        SigningKey::ec("a"),
    );
    let issuer = Issuer::start(&[&rsa, &ec, &other]).await;
    let checker = Checker::of(&issuer);
    for key in [&rsa, &other, &ec] {
        let token = key.token(&claims(&issuer));
        assert_eq!(checker.check(&token).await, Ok(ALL));
    }
    // Without a name there must be no choice.
    for (key, expected) in [(&ec, Ok(ALL)), (&rsa, Err(Refusal::Invalid))] {
        let head = json!({"typ": "JWT", "alg": key.algorithm()});
        let token = key.token_with(&head, &claims(&issuer));
        assert_eq!(checker.check(&token).await, expected);
    }
}

#[tokio::test]
async fn issuers_do_not_vouch_for_each_other() {
    let (mine, theirs) = (SigningKey::ec("a"), SigningKey::ec("a"));
    let (first, second) = (
        Issuer::start(&[&mine]).await,
        Issuer::start(&[&theirs]).await,
    );
    let checker = Checker::of_all(&[&first, &second]);
    for (issuer, key, expected) in [
        (&first, &mine, Ok(ALL)),
        (&second, &theirs, Ok(ALL)),
        (&first, &theirs, Err(Refusal::Invalid)),
        (&second, &mine, Err(Refusal::Invalid)),
    ] {
        let token = key.token(&claims(issuer));
        assert_eq!(checker.check(&token).await, expected);
    }
}
