//! The wish that the program end: SIGTERM, or SIGINT from a terminal.

use std::io;

use tokio_util::sync::CancellationToken;

/// The status of a program that was asked to end twice.
const IMPATIENT: i32 = 130;

/// A token that the first signal cancels: what is running may finish. The second one ends the program,
/// whatever is running.
///
/// # Errors
///
/// The system does not let the program listen for signals.
pub(crate) fn requested() -> io::Result<CancellationToken> {
    let mut signals = Signals::listen()?;
    let shutdown = CancellationToken::new();
    let asked = shutdown.clone();
    tokio::spawn(async move {
        signals.next().await;
        tracing::info!("asked to end; waiting for the calls that are running");
        asked.cancel();
        signals.next().await;
        std::process::exit(IMPATIENT);
    });
    Ok(shutdown)
}

#[cfg(unix)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// From here on the program no longer dies of them.
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(windows)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn listen() -> io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn next(&mut self) {
        self.0.recv().await;
    }
}
