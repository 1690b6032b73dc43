//! Messages to the client, one on each line.

use std::sync::Arc;

use serde::Serialize;
use serde::de::IgnoredAny;
use tokio::io::{AsyncWriteExt as _, Stdout};
use tokio::sync::Mutex;

/// Standard output, shared by everything that has something to say.
#[derive(Debug, Clone)]
pub(super) struct Output(Arc<Mutex<Stdout>>);

impl Default for Output {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(tokio::io::stdout())))
    }
}

impl Output {
    /// Writes a message of the bridge's own.
    pub(super) async fn write(&self, message: &impl Serialize) {
        if let Ok(line) = serde_json::to_vec(message) {
            self.line(line).await;
        }
    }

    /// Passes on a message as it came. False if it is not JSON: then nothing is written.
    pub(super) async fn relay(&self, message: &[u8]) -> bool {
        if serde_json::from_slice::<IgnoredAny>(message).is_err() {
            return false;
        }
        // Between the parts of a document a line end means nothing, and inside one there is none.
        let one_line = message.iter().map(|byte| {
            if matches!(byte, b'\n' | b'\r') {
                b' '
            } else {
                *byte
            }
        });
        self.line(one_line.collect()).await;
        true
    }

    async fn line(&self, mut line: Vec<u8>) {
        line.push(b'\n');
        let mut output = self.0.lock().await;
        // If nobody reads any more, standard input has ended as well.
        let written = output.write_all(&line).await;
        if written.is_err() || output.flush().await.is_err() {
            tracing::debug!("the client does not read");
        }
    }
}
