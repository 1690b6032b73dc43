//! The keys that a store is used with.

use std::fmt;
use std::sync::Arc;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{MasterKey, TokenHash};

/// What a sealed text begins with, so that another way of sealing can be told from this one.
const VERSION: u8 = 1;
const NONCE: usize = 24;
/// What the master key is used for; another use would get another key.
const WRAPPING: &[u8] = b"billsby-mcp keyring";
/// The context of a wrapped keyring.
const KEYRING: &str = "keyring";

type Key = Zeroizing<[u8; 32]>;

/// A key that seals and one that hashes.
#[derive(Clone)]
pub struct Keyring {
    sealing: Key,
    hashing: Key,
    /// What it was opened from.
    wrapped: Option<Arc<[u8]>>,
}

/// What was sealed cannot be opened: it was changed, moved, or sealed with another key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sealed secret cannot be opened: it has been changed, or sealed with another key")]
pub struct Unreadable;

/// The store was made with another master key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this master key does not open this store: it was made with another one")]
pub struct WrongMasterKey;

impl Keyring {
    /// New keys.
    ///
    /// # Errors
    ///
    /// The system has no random numbers.
    pub fn generate() -> Result<Self, getrandom::Error> {
        Ok(Self {
            sealing: key()?,
            hashing: key()?,
            wrapped: None,
        })
    }

    /// The same with a new key for sealing. Hashes cannot be made again, so their key stays.
    ///
    /// # Errors
    ///
    /// The system has no random numbers.
    pub fn with_new_sealing_key(&self) -> Result<Self, getrandom::Error> {
        Ok(Self {
            sealing: key()?,
            hashing: self.hashing.clone(),
            wrapped: None,
        })
    }

    /// Opens a wrapped keyring.
    ///
    /// # Errors
    ///
    /// It was wrapped with another master key.
    pub fn unwrap(wrapped: &[u8], master: &MasterKey) -> Result<Self, WrongMasterKey> {
        let bytes = open(&wrapping_key(master), wrapped, KEYRING).map_err(|_| WrongMasterKey)?;
        let (sealing, hashing) = bytes.split_first_chunk().ok_or(WrongMasterKey)?;
        Ok(Self {
            sealing: Zeroizing::new(*sealing),
            hashing: Zeroizing::new(hashing.try_into().map_err(|_| WrongMasterKey)?),
            wrapped: Some(wrapped.into()),
        })
    }

    /// The form that it was [unwrapped](Self::unwrap) from: what a store has as long as these are its keys.
    #[must_use]
    pub fn wrapped(&self) -> Option<&[u8]> {
        self.wrapped.as_deref()
    }

    /// The keyring in the form in which a store keeps it.
    ///
    /// # Errors
    ///
    /// The system has no random numbers.
    pub fn wrap(&self, master: &MasterKey) -> Result<Vec<u8>, getrandom::Error> {
        let bytes = Zeroizing::new([*self.sealing, *self.hashing].concat());
        close(&wrapping_key(master), &bytes, KEYRING)
    }

    /// Seals a secret. It can only be opened with the same context, so that nobody can put it
    /// elsewhere.
    ///
    /// # Errors
    ///
    /// The system has no random numbers.
    pub fn seal(&self, secret: &[u8], context: &str) -> Result<Vec<u8>, getrandom::Error> {
        close(&self.sealing, secret, context)
    }

    /// Opens a sealed secret.
    ///
    /// # Errors
    ///
    /// It has been changed, moved, or sealed with another key.
    pub fn open(&self, sealed: &[u8], context: &str) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
        open(&self.sealing, sealed, context)
    }

    /// The hash under which a token is kept.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "a key of any length will do")]
    pub fn hash(&self, token: &str) -> TokenHash {
        let mut mac = Hmac::<Sha256>::new_from_slice(&*self.hashing).expect("a key");
        mac.update(token.as_bytes());
        <[u8; 32]>::from(mac.finalize().into_bytes()).into()
    }
}

fn key() -> Result<Key, getrandom::Error> {
    let mut key = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *key)?;
    Ok(key)
}

fn wrapping_key(master: &MasterKey) -> Key {
    let mut key = Zeroizing::new([0; 32]);
    let derived = Hkdf::<Sha256>::new(None, master.bytes());
    // It only fails for keys that are far longer.
    derived.expand(WRAPPING, &mut *key).expect("a short key");
    key
}

fn close(key: &Key, secret: &[u8], context: &str) -> Result<Vec<u8>, getrandom::Error> {
    let mut nonce = [0; NONCE];
    getrandom::fill(&mut nonce)?;
    let payload = Payload {
        msg: secret,
        aad: context.as_bytes(),
    };
    let cipher = XChaCha20Poly1305::new((&**key).into());
    // It only fails for secrets of many gigabytes.
    let sealed = cipher
        .encrypt(&XNonce::from(nonce), payload)
        .expect("a short secret");
    Ok([&[VERSION], &nonce[..], &sealed].concat())
}

fn open(key: &Key, sealed: &[u8], context: &str) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
    let (&VERSION, rest) = sealed.split_first().ok_or(Unreadable)? else {
        return Err(Unreadable);
    };
    let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or(Unreadable)?;
    let payload = Payload {
        msg: sealed,
        aad: context.as_bytes(),
    };
    let cipher = XChaCha20Poly1305::new((&**key).into());
    let opened = cipher.decrypt(&XNonce::from(*nonce), payload);
    opened.map(Zeroizing::new).map_err(|_| Unreadable)
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keyring(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_in_its_place_only() {
        let keyring = Keyring::generate().unwrap();
        let sealed = keyring.seal(b"acme_key", "acc_1").unwrap();
        assert_eq!(
            keyring.open(&sealed, "acc_1").unwrap().as_slice(),
            b"acme_key"
        );
        assert_eq!(keyring.open(&sealed, "acc_2").err(), Some(Unreadable));
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert_eq!(
                keyring.open(&changed, "acc_1").err(),
                Some(Unreadable),
                "at {index}"
            );
            assert_eq!(
                keyring.open(&sealed[..index], "acc_1").err(),
                Some(Unreadable)
            );
        }
        assert_ne!(sealed, keyring.seal(b"acme_key", "acc_1").unwrap());
    }

    #[test]
    fn another_master_key_opens_nothing() {
        let (master, other) = (
            MasterKey::generate().unwrap(),
            MasterKey::generate().unwrap(),
        );
        let keyring = Keyring::generate().unwrap();
        let wrapped = keyring.wrap(&master).unwrap();
        let unwrapped = Keyring::unwrap(&wrapped, &master).unwrap();
        assert_eq!(unwrapped.hash("token"), keyring.hash("token"));
        assert_eq!(
            Keyring::unwrap(&wrapped, &other).err(),
            Some(WrongMasterKey)
        );
    }

    #[test]
    fn a_new_sealing_key_leaves_hashes_as_they_are() {
        let keyring = Keyring::generate().unwrap();
        let renewed = keyring.with_new_sealing_key().unwrap();
        assert_eq!(keyring.hash("token"), renewed.hash("token"));
        let sealed = keyring.seal(b"acme_key", "acc_1").unwrap();
        assert_eq!(renewed.open(&sealed, "acc_1").err(), Some(Unreadable));
        let other = Keyring::generate().unwrap();
        assert_ne!(keyring.hash("token"), other.hash("token"));
    }
}
