//! Sessions: what a browser holds instead of the admin token.
//!
//! A session is a signed cookie, so every replica knows it, and it ends with the admin token it came from. That
//! somebody signed out is remembered by the process that heard it.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use axum::http::{HeaderMap, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cookie::{Cookie, SameSite};
use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq as _;

use super::visitor::cookies;
use crate::provision::AdminToken;

/// How long a session lasts.
const LIFE: SignedDuration = SignedDuration::from_hours(12);
/// The cookie's name. Behind HTTPS the prefix lets no other host of the domain set it.
const NAME: &str = "billsby_session";
const SECURE_NAME: &str = "__Host-billsby_session";

/// A session.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Session {
    id: String,
    end: Timestamp,
}

/// Makes and knows sessions.
pub(super) struct Sessions {
    token: AdminToken,
    /// Those that were ended before their time, with that time.
    ended: Mutex<HashMap<String, Timestamp>>,
}

impl Sessions {
    pub(super) fn new(token: AdminToken) -> Self {
        Self {
            token,
            ended: Mutex::default(),
        }
    }

    /// A new session, as the header that gives it to the browser.
    pub(super) fn begin(
        &self,
        now: Timestamp,
        is_secure: bool,
    ) -> Result<Option<HeaderValue>, getrandom::Error> {
        let mut id = [0; 16];
        getrandom::fill(&mut id)?;
        let session = Session {
            id: URL_SAFE_NO_PAD.encode(id),
            end: now.saturating_add(LIFE).unwrap_or(now),
        };
        let text = session.text();
        let value = format!("{text}.{}", self.token.mark(&text));
        Ok(header(&value, LIFE.as_secs(), is_secure))
    }

    /// The session of a request, if it has one that counts.
    pub(super) fn of(
        &self,
        headers: &HeaderMap,
        now: Timestamp,
        is_secure: bool,
    ) -> Option<Session> {
        cookies(headers, name(is_secure)).find_map(|value| {
            let (text, mark) = value.rsplit_once('.')?;
            let is_signed: bool = self
                .token
                .mark(text)
                .as_bytes()
                .ct_eq(mark.as_bytes())
                .into();
            let session = Session::parse(text).filter(|_| is_signed)?;
            let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
            (session.end > now && !ended.contains_key(&session.id)).then_some(session)
        })
    }

    /// What every form of a session has to hold.
    pub(super) fn csrf(&self, session: &Session) -> String {
        self.token.mark(&format!("form {}", session.text()))
    }

    /// Ends a session, and gives the header that makes the browser forget it.
    pub(super) fn end(
        &self,
        session: &Session,
        now: Timestamp,
        is_secure: bool,
    ) -> Option<HeaderValue> {
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.retain(|_, end| *end > now);
        ended.insert(session.id.clone(), session.end);
        header("", 0, is_secure)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session(…)")
    }
}

impl Session {
    fn text(&self) -> String {
        format!("{}.{}", self.id, self.end.as_second())
    }

    fn parse(text: &str) -> Option<Self> {
        let (id, end) = text.split_once('.')?;
        Some(Self {
            id: id.to_owned(),
            end: Timestamp::from_second(end.parse().ok()?).ok()?,
        })
    }
}

const fn name(is_secure: bool) -> &'static str {
    if is_secure { SECURE_NAME } else { NAME }
}

fn header(value: &str, seconds: i64, is_secure: bool) -> Option<HeaderValue> {
    let cookie = Cookie::build((name(is_secure), value))
        .path("/")
        .http_only(true)
        .secure(is_secure)
        .same_site(SameSite::Strict)
        .max_age(cookie::time::Duration::seconds(seconds));
    HeaderValue::from_str(&cookie.to_string()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Keyring;
    use crate::store::{Lock, StoreUrl, open};

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    async fn sessions(token: &str) -> Sessions {
        let store = open(&StoreUrl::Memory, Lock::Shared).await.unwrap();
        let keyring = Keyring::unwrap(&wrapped(), &master()).unwrap();
        let token = AdminToken::establish(&*store, &keyring, Some(token.to_owned()));
        Sessions::new(token.await.unwrap().0)
    }

    fn master() -> crate::secret::MasterKey {
        static KEY: std::sync::OnceLock<String> = std::sync::OnceLock::new();
        let key = KEY.get_or_init(|| {
            let key = crate::secret::MasterKey::generate().unwrap();
            key.reveal().to_string()
        });
        key.parse().unwrap()
    }

    fn wrapped() -> Vec<u8> {
        static WRAPPED: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
        let wrapped = WRAPPED.get_or_init(|| Keyring::generate().unwrap().wrap(&master()).unwrap());
        wrapped.clone()
    }

    /// What a browser sends once it was given a cookie.
    fn sent(given: &HeaderValue) -> HeaderMap {
        let text = given.to_str().unwrap();
        let (pair, _) = text.split_once(';').unwrap();
        with(pair)
    }

    fn with(pair: &str) -> HeaderMap {
        let value = HeaderValue::from_str(pair).unwrap();
        HeaderMap::from_iter([(axum::http::header::COOKIE, value)])
    }

    fn after(hours: i64) -> Timestamp {
        NOW + SignedDuration::from_hours(hours)
    }

    #[tokio::test]
    async fn a_session_counts_until_its_end_on_every_replica() {
        let one = sessions("an-admin-token-that-is-long-enough").await;
        let other = sessions("an-admin-token-that-is-long-enough").await;
        let given = one.begin(NOW, false).unwrap().unwrap();
        let headers = sent(&given);
        let session = other.of(&headers, after(11), false).unwrap();
        assert_eq!(one.csrf(&session), other.csrf(&session));
        assert_eq!(other.of(&headers, after(12), false), None);
    }

    #[tokio::test]
    async fn a_session_ends_with_its_admin_token() {
        let before = sessions("an-admin-token-that-is-long-enough").await;
        let now = sessions("another-token-that-is-long-enough").await;
        let given = before.begin(NOW, false).unwrap().unwrap();
        assert_eq!(now.of(&sent(&given), NOW, false), None);
    }

    #[tokio::test]
    async fn who_signed_out_is_out() {
        let sessions = sessions("an-admin-token-that-is-long-enough").await;
        let given = sessions.begin(NOW, false).unwrap().unwrap();
        let others = sessions.begin(NOW, false).unwrap().unwrap();
        let session = sessions.of(&sent(&given), NOW, false).unwrap();
        let forgotten = sessions.end(&session, NOW, false).unwrap();
        assert!(forgotten.to_str().unwrap().contains("Max-Age=0"));
        assert_eq!(sessions.of(&sent(&given), NOW, false), None);
        assert!(sessions.of(&sent(&others), NOW, false).is_some());
    }

    #[tokio::test]
    async fn nothing_of_a_session_can_be_changed() {
        let sessions = sessions("an-admin-token-that-is-long-enough").await;
        let given = sessions.begin(NOW, false).unwrap().unwrap();
        let whole = given.to_str().unwrap().split(';').next().unwrap();
        let longer = whole.replacen(".432", ".999", 1);
        assert_ne!(longer, whole);
        for pair in [
            &longer,
            &whole[..whole.len() - 1],
            "billsby_session=",
            "billsby_session=..",
        ] {
            assert_eq!(sessions.of(&with(pair), NOW, false), None, "{pair}");
        }
    }

    #[tokio::test]
    async fn behind_https_no_other_host_can_set_the_cookie() {
        let sessions = sessions("an-admin-token-that-is-long-enough").await;
        let given = sessions.begin(NOW, true).unwrap().unwrap();
        let text = given.to_str().unwrap();
        assert!(text.starts_with("__Host-billsby_session="), "{text}");
        for part in [
            "HttpOnly",
            "SameSite=Strict",
            "Secure",
            "Path=/",
            "Max-Age=43200",
        ] {
            assert!(text.contains(part), "{text}");
        }
        assert!(sessions.of(&sent(&given), NOW, true).is_some());
        let plain = text.replacen("__Host-", "", 1);
        let plain = HeaderValue::from_str(&plain).unwrap();
        assert_eq!(sessions.of(&sent(&plain), NOW, true), None);
    }

    #[tokio::test]
    async fn a_cookie_that_another_program_set_does_no_harm() {
        let sessions = sessions("an-admin-token-that-is-long-enough").await;
        let given = sessions.begin(NOW, false).unwrap().unwrap();
        let pair = given.to_str().unwrap().split(';').next().unwrap();
        let both = format!("billsby_session=junk; {pair}");
        assert!(sessions.of(&with(&both), NOW, false).is_some());
    }
}
