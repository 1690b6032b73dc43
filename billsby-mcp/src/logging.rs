//! Logs, on standard error only: standard output belongs to the protocol.

use tracing::{Level, Metadata};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::{FilterExt as _, filter_fn};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

const DEFAULT_FILTER: &str = "info,rmcp=warn";

/// Starts logging. `RUST_LOG` replaces the default filter, within limits: see [`is_discreet`].
pub(crate) fn start() {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_filter(filter.and(filter_fn(is_discreet)));
    tracing_subscriber::registry().with(lines).init();
}

/// Whether an event can be trusted not to show what was sent or received.
///
/// The libraries below us write whole messages and requests when asked for details, so no filter
/// setting can ask them.
fn is_discreet(event: &Metadata<'_>) -> bool {
    event.target().starts_with("billsby") || *event.level() <= Level::WARN
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn libraries_cannot_be_made_to_tell() {
        let written = Written::default();
        let writer = written.clone();
        let lines = tracing_subscriber::fmt::layer()
            .with_writer(move || writer.clone())
            .with_filter(EnvFilter::new("trace").and(filter_fn(is_discreet)));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), || {
            tracing::debug!(target: "rmcp::service", "a whole message");
            tracing::info!(target: "reqwest::connect", "an address");
            tracing::warn!(target: "rmcp::service", "a warning");
            tracing::debug!(target: "billsby_mcp::account", "one of ours");
        });
        let written = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        assert!(
            !written.contains("a whole message") && !written.contains("an address"),
            "{written}"
        );
        assert!(
            written.contains("a warning") && written.contains("one of ours"),
            "{written}"
        );
    }
}
