//! Conditions on which a server stops.

use std::io;

use tokio::signal::unix::{SignalKind, signal};

/// Completes when a signal asks to stop, or, if `until_stdin_closes`, when standard input is closed. Signals are
/// handled from the call on, so that one sent right after the ready line is not missed.
pub(crate) fn stop(until_stdin_closes: bool) -> impl Future<Output = ()> + Send + 'static {
    let signals = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
    let asked = async {
        match signals {
            (Ok(mut terminate), Ok(mut interrupt)) => {
                tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
            }
            _ => std::future::pending().await,
        }
    };
    let orphaned = async move {
        if !until_stdin_closes {
            return std::future::pending().await;
        }
        let (closed, told) = tokio::sync::oneshot::channel();
        // The separate thread waits for input without holding up the end of the program.
        std::thread::spawn(move || {
            let _ = io::copy(&mut io::stdin(), &mut io::sink());
            let _ = closed.send(());
        });
        let _ = told.await;
    };
    async {
        tokio::select! { () = asked => {}, () = orphaned => {} }
    }
}
