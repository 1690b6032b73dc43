//! A sandbox that begins when somebody needs it.

use std::net::SocketAddr;

use tokio::net::TcpListener;
use tokio::sync::{Mutex, OnceCell};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{BASE_PATH, Options, Sandbox, SandboxError};

/// The sandbox of this program: one company, however many accounts are for it.
#[derive(Debug)]
pub struct Host {
    /// How it begins; none if it runs already and somebody else ends it.
    begin: Option<(Options, CancellationToken)>,
    address: OnceCell<SocketAddr>,
    served: Mutex<Option<JoinHandle<Result<(), SandboxError>>>>,
}

impl Host {
    /// A sandbox that begins at its first use and serves until `stop` is cancelled.
    #[must_use]
    pub fn lazy(options: Options, stop: CancellationToken) -> Self {
        Self {
            begin: Some((options, stop)),
            address: OnceCell::new(),
            served: Mutex::default(),
        }
    }

    /// A sandbox that runs already.
    #[must_use]
    pub fn running(address: SocketAddr) -> Self {
        Self {
            begin: None,
            address: OnceCell::new_with(Some(address)),
            served: Mutex::default(),
        }
    }

    /// The address that all paths of the API are added to. The sandbox runs then.
    ///
    /// # Errors
    ///
    /// It cannot begin.
    pub async fn base_url(&self) -> Result<String, SandboxError> {
        let address = self.address.get_or_try_init(|| self.start()).await?;
        Ok(format!("http://{address}{BASE_PATH}"))
    }

    /// Waits until the sandbox has ended, if it ever began: see `stop` of [`lazy`](Self::lazy).
    ///
    /// # Errors
    ///
    /// Its snapshot cannot be written.
    pub async fn ended(&self) -> Result<(), SandboxError> {
        match self.served.lock().await.take() {
            // If it panicked there is nothing left that could be kept.
            Some(served) => served.await.unwrap_or(Ok(())),
            None => Ok(()),
        }
    }

    async fn start(&self) -> Result<SocketAddr, SandboxError> {
        let Some((options, stop)) = self.begin.clone() else {
            return Err(SandboxError::Listen(std::io::ErrorKind::NotFound.into()));
        };
        let sandbox = Sandbox::new(options)?;
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.map_err(SandboxError::Listen)?;
        let address = listener.local_addr().map_err(SandboxError::Listen)?;
        let served = tokio::spawn(async move { sandbox.serve(listener, stop).await });
        *self.served.lock().await = Some(served);
        tracing::info!(%address, "the sandbox begins");
        Ok(address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_begins_once_and_ends() {
        let stop = CancellationToken::new();
        let options = Options {
            customers: 1,
            ..Options::default()
        };
        let host = Host::lazy(options, stop.clone());
        assert!(host.served.lock().await.is_none());
        let (first, second) = tokio::join!(host.base_url(), host.base_url());
        assert_eq!(first.unwrap(), second.unwrap());
        let address = *host.address.get().unwrap();
        assert!(tokio::net::TcpStream::connect(address).await.is_ok());
        stop.cancel();
        host.ended().await.unwrap();
        assert!(tokio::net::TcpStream::connect(address).await.is_err());
    }
}
