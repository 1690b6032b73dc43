//! A way to a server that can be cut off without anybody being told.

use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Hands bytes on, unless it is told not to.
pub(super) struct Line {
    port: u16,
    flows: Arc<watch::Sender<bool>>,
}

impl Line {
    /// A way to a port of this machine.
    pub(super) async fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let line = Self {
            port: listener.local_addr().unwrap().port(),
            flows: Arc::new(watch::Sender::new(true)),
        };
        let flows = Arc::clone(&line.flows);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let Ok(far) = TcpStream::connect(("127.0.0.1", port)).await else {
                    continue;
                };
                let ((near_read, near_write), (far_read, far_write)) =
                    (near.into_split(), far.into_split());
                tokio::spawn(hand_on(near_read, far_write, flows.subscribe()));
                tokio::spawn(hand_on(far_read, near_write, flows.subscribe()));
            }
        });
        line
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Lets everything through, or nothing.
    pub(super) fn set(&self, flows: bool) {
        self.flows.send_replace(flows);
    }
}

async fn hand_on(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut flows: watch::Receiver<bool>,
) {
    let mut bytes = vec![0; 65_536];
    while let Ok(length @ 1..) = from.read(&mut bytes).await {
        if flows.wait_for(|flows| *flows).await.is_err() {
            return;
        }
        if to.write_all(&bytes[..length]).await.is_err() {
            return;
        }
    }
}
