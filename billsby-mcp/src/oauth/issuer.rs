//! One issuer with its keys, as they were fetched last.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use reqwest::Client;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::claims::{Accepted, Claims};
use super::keys::Keys;
use super::{IssuerOptions, IssuerUrl, Refusal, discovery, fetch, refused};
use crate::clock::Clock;

/// How long keys are used without asking again.
const LIFETIME: SignedDuration = SignedDuration::from_mins(10);
/// How long they are used while the issuer does not answer, from when they were fetched.
const LAST_RESORT: SignedDuration = SignedDuration::from_hours(1);
/// How long to wait at least before asking again, because a key is unknown or the issuer did not answer.
const PAUSE: SignedDuration = SignedDuration::from_secs(30);
/// The same while there are no keys at all.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(5);

/// One issuer.
pub(super) struct Issuer {
    url: IssuerUrl,
    client: Client,
    clock: Clock,
    known: RwLock<Known>,
    /// Held while the issuer is asked: once at a time.
    asking: Arc<Mutex<()>>,
}

/// What is known of an issuer.
#[derive(Clone, Default)]
struct Known {
    keys: Option<(Arc<Keys>, Timestamp)>,
    /// When it was last heard, or given up.
    asked: Option<Timestamp>,
}

impl Issuer {
    pub(super) fn new(url: IssuerUrl, options: &IssuerOptions) -> Result<Self, reqwest::Error> {
        Ok(Self {
            client: fetch::client(&url, options.timeout)?,
            url,
            clock: options.clock.clone(),
            known: RwLock::default(),
            asking: Arc::default(),
        })
    }

    pub(super) fn name(&self) -> &str {
        self.url.as_str()
    }

    /// What a token of this issuer allows at the server with this address.
    pub(super) async fn check(
        self: &Arc<Self>,
        token: &str,
        audience: &str,
    ) -> Result<Accepted, Refusal> {
        let header = header(token).map_err(refused)?;
        let keys = self.keys(header.kid.as_deref()).await?;
        let claims = keys
            .fitting(&header)
            .into_iter()
            .find_map(|key| signed(token, key, header.alg))
            .ok_or_else(|| refused("not signed by the issuer it names, or not readable"))?;
        // Whole milliseconds of this era are exact.
        #[expect(clippy::cast_precision_loss, reason = "far less than 2^52")]
        let now = self.clock.now().as_millisecond() as f64 / 1_000.0;
        let grant = claims.grant(self.name(), audience, now).map_err(refused)?;
        Ok(Accepted {
            grant,
            until: claims.until(),
        })
    }

    /// The keys, fetched anew if they are old or if none is called `id`. Whoever can be answered with what is known
    /// does not wait for that.
    async fn keys(self: &Arc<Self>, id: Option<&str>) -> Result<Arc<Keys>, Refusal> {
        if self.is_due(id) && self.knows(id) {
            let (issuer, id) = (Arc::clone(self), id.map(str::to_owned));
            if let Ok(asking) = Arc::clone(&self.asking).try_lock_owned() {
                tokio::spawn(async move { issuer.ask(id.as_deref(), asking).await });
            }
        } else if self.is_due(id) {
            let issuer = Arc::clone(self);
            let id = id.map(str::to_owned);
            // It goes on if this request is given up, so that the next one finds what it leads to. Whoever comes
            // in the meantime waits for the same answer.
            let asked = tokio::spawn(async move {
                let asking = Arc::clone(&issuer.asking).lock_owned().await;
                issuer.ask(id.as_deref(), asking).await;
            });
            // It fails only if it panicked, and then nothing new is known.
            let _ = asked.await;
        }
        self.usable().ok_or(Refusal::Unavailable)
    }

    /// The keys that were fetched last, unless that is too long ago.
    fn usable(&self) -> Option<Arc<Keys>> {
        let (keys, at) = self.known().keys?;
        (!has_passed(LAST_RESORT, at, self.clock.now())).then_some(keys)
    }

    /// Whether a token that names this key can be checked with what is known.
    fn knows(&self, id: Option<&str>) -> bool {
        let keys = self.usable();
        keys.is_some_and(|keys| id.is_none_or(|id| keys.knows(id)))
    }

    /// Whether it is time to ask the issuer.
    fn is_due(&self, id: Option<&str>) -> bool {
        let (known, now) = (self.known(), self.clock.now());
        let (wanted, pause) = match &known.keys {
            None => (true, FIRST_PAUSE),
            Some((keys, at)) => {
                let is_unknown = id.is_some_and(|id| !keys.knows(id));
                (is_unknown || has_passed(LIFETIME, *at, now), PAUSE)
            }
        };
        wanted && known.asked.is_none_or(|at| has_passed(pause, at, now))
    }

    /// Asks the issuer, unless somebody has just done so. Whoever asks holds the lock.
    async fn ask(&self, id: Option<&str>, _asking: OwnedMutexGuard<()>) {
        if !self.is_due(id) {
            return;
        }
        let found = discovery::keys(&self.client, &self.url).await;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        known.asked = Some(now);
        match found {
            Ok(keys) => known.keys = Some((Arc::new(keys), now)),
            Err(error) => {
                tracing::warn!(issuer = %self.url, %error, "the keys of an OAuth issuer cannot be fetched");
            }
        }
    }

    fn known(&self) -> Known {
        // It is whole between any two of its lines.
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.clone()
    }
}

/// Whether so much time has passed since then. A clock that was set back counts as if it had.
fn has_passed(span: SignedDuration, since: Timestamp, now: Timestamp) -> bool {
    let passed = now.duration_since(since);
    passed >= span || passed.is_negative()
}

/// The head of a token: which key, which algorithm, and that it is an access token at all.
fn header(token: &str) -> Result<Header, &'static str> {
    let header = decode_header(token).map_err(|_| "not an access token")?;
    let kind = header.typ.as_deref().unwrap_or_default();
    let is_access_token = ["at+jwt", "application/at+jwt", "JWT"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(kind));
    if !is_access_token {
        return Err("not an access token");
    }
    // It would have to be understood, and no extension is.
    if header.crit.is_some() {
        return Err("made for somebody who knows more");
    }
    Ok(header)
}

/// What a token says, if it was signed with this key.
fn signed(token: &str, key: &DecodingKey, algorithm: Algorithm) -> Option<Claims> {
    let mut validation = Validation::new(algorithm);
    // These are compared with what this program knows and with its own clock.
    validation.required_spec_claims.clear();
    (validation.validate_exp, validation.validate_aud) = (false, false);
    let decoded = decode::<Claims>(token, key, &validation).ok()?;
    Some(decoded.claims)
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issuer")
            .field("url", &self.url.as_str())
            .finish_non_exhaustive()
    }
}
