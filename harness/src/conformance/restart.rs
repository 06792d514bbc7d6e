//! Restarts a client by the command in its description.

use std::{process::Stdio, time::Duration};

use tokio::{
    net::TcpStream,
    process::Command,
    time::{Instant, timeout},
};

use super::stand::{Stand, Worlds};

/// Time limit for the command.
const COMMAND: Duration = Duration::from_mins(2);
/// Time limit for the client to listen again.
const LISTENING: Duration = Duration::from_secs(30);
/// Pause between two attempts to connect.
const PAUSE: Duration = Duration::from_millis(100);

/// Restarts the client if its description has a command; returns whether it was restarted and listens again.
pub(super) async fn restart(stand: &Stand) -> bool {
    let (Some((program, args)), Worlds::One(_)) = (stand.client.restart.split_first(), &stand.worlds) else {
        return false;
    };
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true);
    matches!(timeout(COMMAND, command.status()).await, Ok(Ok(status)) if status.success()) && listens(stand).await
}

/// Waits until a server listens at the client's address.
async fn listens(stand: &Stand) -> bool {
    let Ok(url) = stand.client.at("main", "") else { return false };
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else { return false };
    let until = Instant::now() + LISTENING;
    while Instant::now() < until {
        if TcpStream::connect((host, port)).await.is_ok() {
            return true;
        }
        pause().await;
    }
    false
}

#[expect(clippy::disallowed_methods, reason = "a client starts in its own time")]
async fn pause() {
    tokio::time::sleep(PAUSE).await;
}
