//! The connection: made when it is needed, given up at the first sign of trouble.
//!
//! The library's connection manager keeps a connection on which answers no longer come, and never tries
//! again after a server has refused it once, be it only for still loading its data.

use std::time::{Duration, Instant};

use ::redis::aio::MultiplexedConnection;
use ::redis::{AsyncConnectionConfig, Client, ErrorKind, RedisError, RedisResult};
use tokio::sync::Mutex;

use super::TokenStoreUrl;
use crate::store::StoreError;

/// How long a connection may take, and an answer. Whoever waits has a store to ask instead.
pub(super) const LIMIT: Duration = Duration::from_millis(500);
/// For how long nobody waits again once there was no answer.
const REST: Duration = Duration::from_secs(1);

/// A server that may come and go.
pub(super) struct Link {
    client: Client,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    connection: Option<MultiplexedConnection>,
    /// Why there was none, and until when nobody tries again.
    trouble: Option<(StoreError, Instant)>,
}

impl Link {
    /// A link that is not connected yet.
    pub(super) fn new(url: &TokenStoreUrl) -> Result<Self, StoreError> {
        let client = Client::open(url.info()).map_err(|error| reason(&error))?;
        Ok(Self {
            client,
            state: Mutex::default(),
        })
    }

    pub(super) fn client(&self) -> Client {
        self.client.clone()
    }

    /// The connection, which all callers share.
    pub(super) async fn connection(&self) -> Result<MultiplexedConnection, StoreError> {
        let mut state = self.state.lock().await;
        if let Some(connection) = &state.connection {
            return Ok(connection.clone());
        }
        if let Some((trouble, until)) = &state.trouble
            && Instant::now() < *until
        {
            return Err(trouble.clone());
        }
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(LIMIT))
            .set_response_timeout(Some(LIMIT));
        let connected = self
            .client
            .get_multiplexed_async_connection_with_config(&config);
        match connected.await {
            Ok(connection) => {
                *state = State {
                    connection: Some(connection.clone()),
                    trouble: None,
                };
                Ok(connection)
            }
            Err(error) => Err(state.give_up(&error)),
        }
    }

    /// What came of a command. After anything but an answer the connection is not used again.
    pub(super) async fn settled<T>(&self, result: RedisResult<T>) -> Result<T, StoreError> {
        match result {
            Ok(value) => Ok(value),
            Err(error) if matches!(error.kind(), ErrorKind::Server(_) | ErrorKind::Extension) => {
                Err(reason(&error))
            }
            Err(error) => Err(self.state.lock().await.give_up(&error)),
        }
    }
}

impl State {
    fn give_up(&mut self, error: &RedisError) -> StoreError {
        let reason = reason(error);
        *self = Self {
            connection: None,
            trouble: Some((reason.clone(), Instant::now() + REST)),
        };
        reason
    }
}

/// The reason in words of our own: the library's may contain addresses and what was sent.
fn reason(error: &RedisError) -> StoreError {
    let code = error.code().unwrap_or_default();
    if error.kind() == ErrorKind::AuthenticationFailed || ["NOAUTH", "WRONGPASS"].contains(&code) {
        return StoreError::Unusable("the token store refuses the user or the password".to_owned());
    }
    match code {
        "READONLY" => StoreError::ReadOnly,
        "OOM" => StoreError::Full,
        "" if error.is_timeout() => {
            StoreError::Unreachable("the token store does not answer in time".to_owned())
        }
        "" => StoreError::Unreachable("there is no connection to the token store".to_owned()),
        code => StoreError::Unusable(format!("the token store answers {code}")),
    }
}
