//! The requests of sessions that are running: the MCP library would mistake a second one with the same
//! id for the first.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::{HeaderMap, HeaderValue};
use rmcp::model::RequestId;

const SESSION: &str = "mcp-session-id";

/// A session, as the client names it, and the id of a request in it.
type Key = (HeaderValue, RequestId);

/// The requests that are running.
#[derive(Debug, Clone, Default)]
pub(super) struct InFlight(Arc<Mutex<HashSet<Key>>>);

/// A request that is running, until this is dropped.
#[derive(Debug)]
pub(super) struct Running {
    all: InFlight,
    key: Key,
}

/// A request with this id is running.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Taken;

impl InFlight {
    /// Notes a request. There is nothing to note outside a session, where nothing can be mistaken.
    pub(super) fn begin(
        &self,
        headers: &HeaderMap,
        id: &RequestId,
    ) -> Result<Option<Running>, Taken> {
        let Some(session) = headers.get(SESSION) else {
            return Ok(None);
        };
        let key = (session.clone(), id.clone());
        if !self.change(|keys| keys.insert(key.clone())) {
            return Err(Taken);
        }
        let all = self.clone();
        Ok(Some(Running { all, key }))
    }

    fn change<T>(&self, change: impl FnOnce(&mut HashSet<Key>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.all.change(|keys| keys.remove(&self.key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(name: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(SESSION.parse().unwrap(), HeaderValue::from_static(name))])
    }

    #[test]
    fn an_id_is_taken_until_its_request_has_ended() {
        let all = InFlight::default();
        let id = RequestId::Number(1);
        let first = all.begin(&session("a"), &id).unwrap();
        assert!(first.is_some());
        assert_eq!(all.begin(&session("a"), &id).unwrap_err(), Taken);
        assert!(all.begin(&session("b"), &id).is_ok());
        let text = RequestId::String("1".into());
        assert!(all.begin(&session("a"), &text).is_ok());
        drop(first);
        assert!(all.begin(&session("a"), &id).is_ok());
    }

    #[test]
    fn without_a_session_nothing_is_taken() {
        let all = InFlight::default();
        let id = RequestId::Number(1);
        let none = HeaderMap::new();
        let first = all.begin(&none, &id).unwrap();
        assert!(first.is_none() && all.begin(&none, &id).is_ok());
    }
}
