//! Driver on this machine: chromedriver or geckodriver as a child process.

use std::{io, net::TcpListener, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

use super::{BrowserError, Engine};
use crate::language::{pick, tr};

/// Time limit for a driver to print its port.
const PATIENCE: Duration = Duration::from_secs(20);
/// Number of attempts to start a driver. chromedriver draws a port for IPv4 and ends if the same one is taken for IPv6;
/// a port that was free for geckodriver may be taken meanwhile.
const LAUNCHES: usize = 3;

/// Running driver. Dropping it kills the process.
#[derive(Debug)]
pub(super) struct Launched {
    pub(super) url: String,
    pub(super) process: Child,
}

impl Launched {
    /// Starts the driver of a browser.
    ///
    /// # Errors
    /// Fails if the driver is not installed, or does not print its port.
    pub(super) async fn new(engine: Engine) -> Result<Self, BrowserError> {
        let broken = |reason: &dyn std::fmt::Display| {
            let (driver, install) = (engine.driver(), engine.install());
            BrowserError::Unreachable(tr!(
                "{driver} не запускается: установите его ({install}) ({reason})",
                "{driver} does not start: install it ({install}) ({reason})"
            ))
        };
        for _ in 0..LAUNCHES {
            if let Some(launched) = started(engine).await.map_err(|error| broken(&error))? {
                return Ok(launched);
            }
        }
        Err(broken(&pick("он не назвал порт", "it named no port")))
    }
}

/// Starts a driver; `None` if it ended or printed no port in time.
async fn started(engine: Engine) -> io::Result<Option<Launched>> {
    let mut process = command(engine)?
        // Browsers take their language from this variable too.
        .env("LANGUAGE", "ru")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        // A process group of its own, so that Ctrl+C does not reach the driver: browsers are ended in order.
        .process_group(0)
        .spawn()?;
    let output = process.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let mut lines = BufReader::new(output).lines();
    let port = timeout(PATIENCE, port(engine, &mut lines)).await.ok().flatten();
    let Some(port) = port else { return Ok(None) };
    // Later output is read and dropped, so that the driver never blocks on a full pipe.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Ok(Some(Launched { url: format!("http://127.0.0.1:{port}"), process }))
}

fn command(engine: Engine) -> io::Result<Command> {
    let mut command = Command::new(engine.driver());
    match engine {
        Engine::Chromium => command.arg("--port=0"),
        // geckodriver refuses requests for another port than the given one, so a free port is chosen here.
        Engine::Firefox => {
            let free = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
            command.args(["--port", &free.to_string()])
        }
    };
    Ok(command)
}

/// Returns the port that a driver prints once it listens.
async fn port(engine: Engine, lines: &mut Lines<BufReader<ChildStdout>>) -> Option<String> {
    let mark = match engine {
        Engine::Chromium => "started successfully on port ",
        Engine::Firefox => "Listening on 127.0.0.1:",
    };
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some((_, port)) = line.split_once(mark) {
            return Some(port.trim_end_matches('.').to_owned());
        }
    }
    None
}
