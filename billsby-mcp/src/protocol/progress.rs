//! Progress of a call, for clients that ask for it.

use rmcp::model::{ProgressNotificationParam, ProgressToken};
use rmcp::service::{Peer, RequestContext, RoleServer};

/// The progress of one call: it has begun, it has ended. What happens in between is one request to
/// Billsby, of which nothing is known while it runs.
pub(super) struct Progress {
    asked: Option<(ProgressToken, Peer<RoleServer>)>,
}

impl Progress {
    /// Says that a call of a tool has begun. An early byte also keeps proxies from closing the
    /// connection.
    pub(super) async fn begin(context: &RequestContext<RoleServer>) -> Self {
        let token = context.meta.get_progress_token();
        let progress = Self {
            asked: token.map(|token| (token, context.peer.clone())),
        };
        progress.tell(0.0, "calling Billsby").await;
        progress
    }

    /// Says that the call has ended, well or not.
    pub(super) async fn end(self) {
        self.tell(1.0, "the call has ended").await;
    }

    async fn tell(&self, done: f64, message: &str) {
        if let Some((token, peer)) = &self.asked {
            let progress = ProgressNotificationParam::new(token.clone(), done)
                .with_total(1.0)
                .with_message(message);
            // A client that does not listen any more still gets its answer.
            let _ = peer.notify_progress(progress).await;
        }
    }
}
