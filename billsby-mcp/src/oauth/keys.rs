//! The keys of an issuer.

use std::fmt;

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Header};
use serde::Deserialize;
use serde_json::Value;

use super::discovery::DiscoveryError;

/// How many keys of an issuer are looked at.
const MOST: usize = 100;
/// How many keys one token is tried with. Issuers should not give two keys one name, and some do.
const TRIES: usize = 4;

/// The keys of an issuer that can be used.
pub(super) struct Keys(Vec<Key>);

struct Key {
    id: Option<String>,
    /// What it may be used with: what its kind allows, and nothing but what it says itself.
    algorithms: Vec<Algorithm>,
    public: DecodingKey,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}

impl Keys {
    /// Reads a JSON Web Key Set; keys of kinds that are not known, or that are for something else, are left out.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, DiscoveryError> {
        let set: KeySet = serde_json::from_slice(bytes).map_err(|_| DiscoveryError::KeySet)?;
        let keys = set.keys.into_iter().take(MOST);
        let keys: Vec<Key> = keys.filter_map(Key::read).collect();
        if keys.is_empty() {
            return Err(DiscoveryError::NoKey);
        }
        Ok(Self(keys))
    }

    /// Whether there is a key of this name.
    pub(super) fn knows(&self, id: &str) -> bool {
        self.0.iter().any(|key| key.id.as_deref() == Some(id))
    }

    /// The keys that a token may have been signed with. One that names none is only accepted where there
    /// is no choice.
    pub(super) fn fitting(&self, header: &Header) -> Vec<&DecodingKey> {
        let algorithm = header.alg;
        let fits = |key: &&Key| key.algorithms.contains(&algorithm);
        let fitting = self.0.iter().filter(fits);
        if let Some(id) = &header.kid {
            let named = fitting.filter(|key| key.id.as_ref() == Some(id));
            return named.map(|key| &key.public).take(TRIES).collect();
        }
        match fitting.collect::<Vec<_>>().as_slice() {
            [only] => vec![&only.public],
            _ => Vec::new(),
        }
    }
}

impl Key {
    fn read(value: Value) -> Option<Self> {
        let jwk: Jwk = serde_json::from_value(value).ok()?;
        let common = &jwk.common;
        let use_ = common.public_key_use.as_ref();
        let operations = common.key_operations.as_ref();
        let is_for_signatures = use_.is_none_or(|use_| *use_ == PublicKeyUse::Signature)
            && operations.is_none_or(|operations| operations.contains(&KeyOperations::Verify));
        if !is_for_signatures {
            return None;
        }
        let mut algorithms = algorithms(&jwk.algorithm).to_vec();
        if let Some(only) = common.key_algorithm {
            algorithms.retain(|algorithm| only == (*algorithm).into());
        }
        if algorithms.is_empty() {
            return None;
        }
        Some(Self {
            public: DecodingKey::from_jwk(&jwk).ok()?,
            id: jwk.common.key_id,
            algorithms,
        })
    }
}

/// The algorithms that are accepted with a kind of key. None of them works with a shared secret: a public key must
/// never be taken for one.
fn algorithms(parameters: &AlgorithmParameters) -> &'static [Algorithm] {
    use Algorithm::{ES256, ES384, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};
    match parameters {
        AlgorithmParameters::RSA(_) => &[RS256, RS384, RS512, PS256, PS384, PS512],
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => &[ES256],
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P384 => &[ES384],
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => &[EdDSA],
        _ => &[],
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys")
            .field("count", &self.0.len())
            .finish()
    }
}
