//! Keys that sign tokens, made anew in every run.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
    RSA_PSS_SHA256, RsaKeyPair, RsaPublicKeyComponents,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// A key of an issuer.
pub(super) struct SigningKey {
    pub(super) id: String,
    pair: Pair,
}

enum Pair {
    Rsa(Box<RsaKeyPair>),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

impl SigningKey {
    pub(super) fn rsa(id: &str) -> Self {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
        Self::of(id, Pair::Rsa(Box::new(pair)))
    }

    pub(super) fn ec(id: &str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
        Self::of(id, Pair::Ec(pair))
    }

    pub(super) fn ed(id: &str) -> Self {
        Self::of(id, Pair::Ed(Ed25519KeyPair::generate().expect("a key")))
    }

    fn of(id: &str, pair: Pair) -> Self {
        let id = id.to_owned();
        Self { id, pair }
    }

    /// The algorithm that the key is usually used with.
    pub(super) fn algorithm(&self) -> &'static str {
        match self.pair {
            Pair::Rsa(_) => "RS256",
            Pair::Ec(_) => "ES256",
            Pair::Ed(_) => "EdDSA",
        }
    }

    /// The public key as a key set has it.
    pub(super) fn jwk(&self) -> Value {
        match &self.pair {
            Pair::Rsa(pair) => {
                let key = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                let (n, e) = (encoded(&key.n), encoded(&key.e));
                json!({"kty": "RSA", "use": "sig", "kid": self.id, "n": n, "e": e})
            }
            Pair::Ec(pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                let (x, y) = (encoded(x), encoded(y));
                json!({"kty": "EC", "crv": "P-256", "alg": "ES256", "kid": self.id, "x": x, "y": y})
            }
            Pair::Ed(pair) => {
                let x = encoded(pair.public_key().as_ref());
                json!({"kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": self.id, "x": x})
            }
        }
    }

    /// A token with the usual head.
    pub(super) fn token(&self, claims: &Value) -> String {
        let head = json!({"typ": "at+jwt", "alg": self.algorithm(), "kid": self.id});
        self.token_with(&head, claims)
    }

    /// A token with any head, signed as the head says where the key can do that.
    pub(super) fn token_with(&self, head: &Value, claims: &Value) -> String {
        let text = unsigned(head, claims);
        let random = SystemRandom::new();
        let message = text.as_bytes();
        let signature = match &self.pair {
            Pair::Rsa(pair) => {
                let padding = match head["alg"].as_str() {
                    Some("PS256") => &RSA_PSS_SHA256,
                    _ => &RSA_PKCS1_SHA256,
                };
                let mut signature = vec![0; pair.public_modulus_len()];
                let signed = pair.sign(padding, &random, message, &mut signature);
                signed.expect("a signature");
                signature
            }
            Pair::Ec(pair) => {
                let signature = pair.sign(&random, message).expect("a signature");
                signature.as_ref().to_vec()
            }
            Pair::Ed(pair) => pair.sign(message).as_ref().to_vec(),
        };
        format!("{text}.{}", encoded(&signature))
    }
}

/// A token without its signature.
pub(super) fn unsigned(head: &Value, claims: &Value) -> String {
    let part = |value: &Value| encoded(value.to_string().as_bytes());
    format!("{}.{}", part(head), part(claims))
}

/// A token that is signed with a text as a shared secret.
pub(super) fn with_secret(secret: &[u8], head: &Value, claims: &Value) -> String {
    let text = unsigned(head, claims);
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    let signature = hmac::sign(&key, text.as_bytes());
    format!("{text}.{}", encoded(signature.as_ref()))
}

pub(super) fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
