//! Requests that must have their effect once, however often they arrive.

use std::str::FromStr;

use jiff::SignedDuration;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{ProvisionError, Provisioning};
use crate::store::Claim;

/// The header that a key comes in, and where a key is wrong.
pub const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
/// How long the answer to a request is kept for its repetitions.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// The most characters of a key.
const LONGEST: usize = 255;

/// What a request is known by, so that its repetitions are recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

/// Something that was made, now or by an earlier request with the same key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made<T> {
    /// What the answer is.
    pub answer: T,
    /// Whether an earlier request has made it.
    pub is_replay: bool,
}

impl<T> Made<T> {
    pub(super) const fn new(answer: T) -> Self {
        Self {
            answer,
            is_replay: false,
        }
    }
}

impl FromStr for IdempotencyKey {
    type Err = ProvisionError;

    fn from_str(text: &str) -> Result<Self, ProvisionError> {
        let fits = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        if fits && (1..=LONGEST).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ProvisionError::one(
                IDEMPOTENCY_KEY,
                format!("expected 1 to {LONGEST} printable ASCII characters"),
            ))
        }
    }
}

/// A request with a key, before it has been answered.
pub(super) struct Once {
    key: [u8; 32],
    request: [u8; 32],
}

impl Provisioning {
    /// Prepares a request of a kind with a key.
    pub(super) fn once(
        &self,
        kind: &str,
        body: &Value,
        key: Option<&IdempotencyKey>,
    ) -> Option<Once> {
        let key = key?;
        let keyring = self.registry().keyring();
        let mut sorted = body.clone();
        sorted.sort_all_objects();
        Some(Once {
            key: *keyring.hash(&format!("key {kind} {}", key.0)).as_bytes(),
            request: *keyring.hash(&format!("request {kind} {sorted}")).as_bytes(),
        })
    }

    /// The answer that an earlier request with the same key got.
    pub(super) async fn replay<T: DeserializeOwned>(
        &self,
        once: Option<&Once>,
    ) -> Result<Option<Made<T>>, ProvisionError> {
        let Some(once) = once else { return Ok(None) };
        match self.store().claimed(&once.key, self.now()).await? {
            Some(claim) => self.answer_of(once, &claim).map(Some),
            None => Ok(None),
        }
    }

    /// The answer that a claim led to, if it is of the same request.
    pub(super) fn answer_of<T: DeserializeOwned>(
        &self,
        once: &Once,
        claim: &Claim,
    ) -> Result<Made<T>, ProvisionError> {
        if claim.request != once.request {
            return Err(ProvisionError::one(
                IDEMPOTENCY_KEY,
                "was used for another request within the last 24 hours; use a new one",
            ));
        }
        let unreadable = || {
            ProvisionError::Conflict(
                "an earlier request with this Idempotency-Key was done, and its answer can no longer be \
                 read because the store got new keys; look at the list, and rotate what you need"
                    .to_owned(),
            )
        };
        let keyring = self.registry().keyring();
        let answer = keyring.open(&claim.answer, &context(&claim.key));
        let answer = answer.map_err(|_| unreadable())?;
        Ok(Made {
            answer: serde_json::from_slice(&answer).map_err(|_| unreadable())?,
            is_replay: true,
        })
    }

    /// The claim of a request with the answer that it gets.
    pub(super) fn claim<T: Serialize>(
        &self,
        once: Option<&Once>,
        answer: &T,
    ) -> Result<Option<Claim>, ProvisionError> {
        let Some(once) = once else { return Ok(None) };
        let answer = serde_json::to_vec(answer)
            .map_err(|error| ProvisionError::Defect(format!("no JSON: {error}")))?;
        let keyring = self.registry().keyring();
        Ok(Some(Claim {
            key: once.key,
            request: once.request,
            answer: keyring.seal(&answer, &context(&once.key))?,
            until: self
                .now()
                .saturating_add(KEPT)
                .unwrap_or(jiff::Timestamp::MAX),
        }))
    }
}

/// The place of a sealed answer.
fn context(key: &[u8; 32]) -> String {
    use std::fmt::Write as _;
    key.iter().fold("answer ".to_owned(), |mut text, byte| {
        // Writing to a text never fails.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
